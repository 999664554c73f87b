namespace Jietong.Routing;

/// <summary>Departures at equal steps: <paramref name="FromMs"/>, one step later, and so on, before <paramref name="ToMs"/>.</summary>
/// <param name="FromMs">After midnight of the service day, 0 … 2^29 − 1.</param>
/// <param name="ToMs">Above <paramref name="FromMs"/>; excluded.</param>
/// <param name="StepMs">1 or more; a minute unless said.</param>
public readonly record struct DepartureWindow(int FromMs, int ToMs, int StepMs = 60_000)
{
    /// <summary>How many departures there are.</summary>
    public int Count => (int)(((long)ToMs - FromMs + StepMs - 1) / StepMs);

    /// <summary>One departure.</summary>
    public static DepartureWindow At(int departureMs) => new(departureMs, departureMs + 1);

    internal void Check()
    {
        if (FromMs is < 0 or >= Network.Unreachable || ToMs <= FromMs || ToMs > Network.Unreachable || StepMs < 1)
            throw new ArgumentException($"Departures from {FromMs} ms to {ToMs} every {StepMs}: from 0 on, from before to, to at most {Network.Unreachable}, and steps of 1 or more are allowed.");
    }
}
