namespace Jietong.Routing;

/// <summary>
/// When public transport calls where: stops 0 … n−1, trips of services, footpaths between stops, and what a change at a stop takes. Immutable; a
/// <see cref="TimetableBuilder"/> makes it. Which services run is a metric: <see cref="On"/> a day, without anything being built anew.
/// </summary>
/// <remarks>
/// Footpaths are walked as they are given, at most one between two rides: they need not be closed, and where only A–B and B–C are given nobody walks from A to C.
/// Memory: 8 bytes for each call of a trip, 8 for each trip, 8 for each footpath.
/// </remarks>
public sealed class Timetable
{
    internal const int MostStops = 1 << 29, CanPickUp = 1, CanDropOff = 2;

    internal Timetable(int serviceCount, int tripCount, TimetableRoutes routes, Walks footpaths, int[] changeMs) =>
        (ServiceCount, TripCount, Routes, Footpaths, ChangeMs) = (serviceCount, tripCount, routes, footpaths, changeMs);

    public int StopCount => ChangeMs.Length;
    public int ServiceCount { get; }

    /// <summary>As many as were added; one that runs every so often counts once.</summary>
    public int TripCount { get; }

    /// <summary>Calls of all trips, each time that they run in a day.</summary>
    public int CallCount => Routes.ArrivalsMs.Length;

    /// <summary>Trips with the same calls are one route; those that are overtaken are of several.</summary>
    public int RouteCount => Routes.FirstCall.Length - 1;

    /// <summary>Where one walks to between two rides.</summary>
    public Walks Footpaths { get; }

    internal TimetableRoutes Routes { get; }
    internal int[] ChangeMs { get; }

    /// <summary>The stops of a route in the order in which its trips call there.</summary>
    public IEnumerable<int> StopsOf(int route) => Routes.Calls[Routes.FirstCall[route]..Routes.FirstCall[route + 1]].Select(call => call >> 2);

    /// <summary>What runs on a day.</summary>
    /// <param name="services">Those of the day.</param>
    /// <param name="before">Those of the day before, whose trips still run after midnight; none where they are not to count.</param>
    /// <exception cref="ArgumentOutOfRangeException">A service is unknown.</exception>
    public ServiceDay On(IEnumerable<int> services, IEnumerable<int>? before = null) => new(this, Chosen(services), before is null ? null : Chosen(before));

    private bool[] Chosen(IEnumerable<int> services)
    {
        var chosen = new bool[ServiceCount];
        foreach (var service in services)
            chosen[(uint)service < chosen.Length ? service : throw new ArgumentOutOfRangeException(nameof(services), service, $"Services are 0 … {ServiceCount - 1}.")] = true;
        return chosen;
    }

    internal static int Call(int stop, bool pickUp, bool dropOff) => stop << 2 | (pickUp ? CanPickUp : 0) | (dropOff ? CanDropOff : 0);
}
