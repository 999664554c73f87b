using System.Globalization;
using System.Runtime.InteropServices;

namespace Jietong.Routing;

/// <summary>A call of a trip at a stop, in milliseconds after midnight of the service day; past midnight they go on above 24 h.</summary>
/// <param name="Stop">0 … stops − 1.</param>
/// <param name="ArrivalMs">0 … 2^29.</param>
/// <param name="DepartureMs">No earlier than the arrival.</param>
/// <param name="PickUp">Whether one may board; never at the last call.</param>
/// <param name="DropOff">Whether one may alight; never at the first call.</param>
public readonly record struct TripCall(int Stop, int ArrivalMs, int DepartureMs, bool PickUp = true, bool DropOff = true);

/// <summary>Collects trips, footpaths and change times for a <see cref="Timetable"/>, and refuses what cannot be.</summary>
public sealed class TimetableBuilder
{
    private readonly int stopCount, serviceCount;
    private readonly List<TripRow> trips = [];
    private readonly List<int> stops = [], arrivals = [], departures = [];
    private readonly List<(int From, int To, int Ms)> footpaths = [];
    private readonly int[] changeMs;
    private int number;

    /// <param name="stopCount">Stops are 0 … stopCount − 1.</param>
    /// <param name="serviceCount">Services, each running on days of its own, are 0 … serviceCount − 1.</param>
    public TimetableBuilder(int stopCount, int serviceCount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stopCount);
        ArgumentOutOfRangeException.ThrowIfNegative(serviceCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stopCount, Timetable.MostStops);
        (this.stopCount, this.serviceCount, changeMs) = (stopCount, serviceCount, new int[stopCount]);
    }

    /// <summary>A trip that runs once on each day of its service.</summary>
    /// <returns>Its number: trips count from 0 in the order in which they were added.</returns>
    /// <exception cref="ArgumentException">It has less than two calls, an unknown stop or service, or its times go back or are out of range; the message names trip and call.</exception>
    public int AddTrip(int service, ReadOnlySpan<TripCall> calls)
    {
        Check(service, calls);
        Add(service, calls, 0);
        return number++;
    }

    /// <summary>
    /// A trip that runs every so often: departures from the first stop at <paramref name="fromMs"/> + <paramref name="phaseMs"/>, and then each headway later, before
    /// <paramref name="toMs"/>. They are expanded into trips that share one number. Where only the headway is promised and not the minutes, the phase is unknown:
    /// a departure window averages over the first wait; for the waits after it, sample timetables with phases by chance.
    /// </summary>
    /// <param name="service">On whose days.</param>
    /// <param name="calls">The pattern; only differences of its times count.</param>
    /// <param name="fromMs">0 … 2^29.</param>
    /// <param name="toMs">Above <paramref name="fromMs"/>; excluded.</param>
    /// <param name="headwayMs">1 s or more.</param>
    /// <param name="phaseMs">0 … headway − 1.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="ArgumentException">As for <see cref="AddTrip"/>, or the frequency is out of range, or its last trip ends after 2^29 ms.</exception>
    public int AddFrequency(int service, ReadOnlySpan<TripCall> calls, int fromMs, int toMs, int headwayMs, int phaseMs = 0)
    {
        Check(service, calls);
        if (fromMs < 0 || toMs <= fromMs || toMs > Network.Unreachable || headwayMs < 1000 || phaseMs < 0 || phaseMs >= headwayMs)
            throw new ArgumentException($"Trip {number} runs from {Clock(fromMs)} to {Clock(toMs)} every {headwayMs} ms with a phase of {phaseMs}: from before to, headways of 1000 ms or more, and phases of less than the headway are allowed.");
        var (first, runs) = (calls[0].DepartureMs, calls[^1].DepartureMs - (long)calls[0].DepartureMs);
        var last = fromMs + phaseMs + (toMs - 1 - fromMs - phaseMs) / headwayMs * (long)headwayMs;
        if (fromMs + phaseMs < toMs && last + runs > Network.Unreachable) throw new ArgumentException($"Trip {number} leaves last at {Clock((int)last)} and ends after {Clock(Network.Unreachable)}, the latest time allowed.");
        if (fromMs + phaseMs < first - calls[0].ArrivalMs) throw new ArgumentException($"Trip {number} arrives at its first call before midnight of its service day.");
        for (var at = fromMs + phaseMs; at < toMs; at += headwayMs) Add(service, calls, at - first);
        return number++;
    }

    /// <summary>A walk between two stops, from alighting at one to boarding at the other. The last that is added for a pair counts.</summary>
    /// <exception cref="ArgumentException">A stop is unknown, they are the same, or the time is below 0 or 2^29 or more.</exception>
    public void AddFootpath(int from, int to, int timeMs)
    {
        if ((uint)from >= stopCount || (uint)to >= stopCount || from == to || timeMs is < 0 or >= Network.Unreachable)
            throw new ArgumentException($"A footpath from stop {from} to {to} in {timeMs} ms: between two of 0 … {stopCount - 1} in 0 … {Network.Unreachable - 1} ms are allowed. What a change at one stop takes is set by {nameof(SetChange)}.");
        footpaths.Add((from, to, timeMs));
    }

    /// <summary>Walks between stops as footpaths; those from a stop to itself are left out.</summary>
    public void AddFootpaths(Walks betweenStops)
    {
        betweenStops.MustLead("foot", stopCount, stopCount);
        for (var from = 0; from < stopCount; from++)
            foreach (var (to, ms) in betweenStops.From(from))
                if (to != from) AddFootpath(from, to, ms);
    }

    /// <summary>The least time between alighting and boarding at one stop; 0 where it is not set.</summary>
    /// <exception cref="ArgumentException">The stop is unknown, or the time is below 0 or 2^29 or more.</exception>
    public void SetChange(int stop, int timeMs) =>
        changeMs[(uint)stop < stopCount && timeMs is >= 0 and < Network.Unreachable ? stop : throw new ArgumentException($"A change of {timeMs} ms at stop {stop}: stops 0 … {stopCount - 1}, and 0 … {Network.Unreachable - 1} ms are allowed.")] = timeMs;

    /// <summary>Trips of equal calls become routes; one that overtakes another goes to a route of its own.</summary>
    public Timetable Build() => new(serviceCount, number, TimetableRoutes.Of(CollectionsMarshal.AsSpan(trips), CollectionsMarshal.AsSpan(stops), CollectionsMarshal.AsSpan(arrivals), CollectionsMarshal.AsSpan(departures)), Walks.Of(stopCount, stopCount, footpaths), [.. changeMs]);

    private void Add(int service, ReadOnlySpan<TripCall> calls, int shiftMs)
    {
        trips.Add(new(number, service, stops.Count, calls.Length));
        for (var i = 0; i < calls.Length; i++)
        {
            stops.Add(Timetable.Call(calls[i].Stop, calls[i].PickUp && i < calls.Length - 1, calls[i].DropOff && i > 0));
            arrivals.Add(calls[i].ArrivalMs + shiftMs);
            departures.Add(calls[i].DepartureMs + shiftMs);
        }
    }

    private void Check(int service, ReadOnlySpan<TripCall> calls)
    {
        if ((uint)service >= serviceCount) throw new ArgumentException($"Trip {number} belongs to service {service}: 0 … {serviceCount - 1} are there.");
        if (calls.Length < 2) throw new ArgumentException($"Trip {number} has {calls.Length} calls: a trip needs two or more.");
        for (var i = 0; i < calls.Length; i++)
        {
            var (stop, arrival, departure, _, _) = calls[i];
            var what = (uint)stop >= stopCount ? $"stop {stop} is unknown: 0 … {stopCount - 1} are there"
                : arrival < 0 || departure < 0 ? $"a time is before midnight of the service day ({arrival} and {departure} ms)"
                : arrival > Network.Unreachable || departure > Network.Unreachable ? $"a time is after {Clock(Network.Unreachable)} ({arrival} and {departure} ms)"
                : arrival > departure ? $"it arrives at {Clock(arrival)}, after it departs at {Clock(departure)}"
                : i > 0 && arrival < calls[i - 1].DepartureMs ? $"it arrives at {Clock(arrival)}, before it departs from the call before at {Clock(calls[i - 1].DepartureMs)}"
                : null;
            if (what is not null) throw new ArgumentException($"Trip {number}, call {i + 1} of {calls.Length} (stop {stop}): {what}.");
        }
    }

    private static string Clock(int ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 3_600_000:00}:{ms / 60_000 % 60:00}:{ms % 60_000 / 1000.0:00.###}");
}
