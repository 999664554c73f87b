namespace Jietong.Routing;

/// <summary>
/// The trips of a timetable that run on one day, in milliseconds after its midnight; trips of the day before that are still under way stand there 24 h earlier, on routes of
/// their own. Made in one pass over the timetable. Memory: 8 bytes for each call that is made on the day. Immutable; threads may share it.
/// </summary>
public sealed class ServiceDay
{
    private const int DayMs = 86_400_000;

    internal ServiceDay(Timetable timetable, bool[] services, bool[]? before)
    {
        Timetable = timetable;
        var all = timetable.Routes;
        List<int> firstCall = [0], calls = [], firstTrip = [0], numbers = [], firstTime = [0], arrivals = [], departures = [], routeOf = [];
        foreach (var (running, shiftMs) in new[] { (services, 0), (before, DayMs) })
        {
            if (running is null) continue;
            for (var route = 0; route < timetable.RouteCount; route++)
            {
                var length = all.FirstCall[route + 1] - all.FirstCall[route];
                for (var trip = all.FirstTrip[route]; trip < all.FirstTrip[route + 1]; trip++)
                {
                    var from = all.FirstTime[route] + (trip - all.FirstTrip[route]) * length;
                    if (!running[all.Services[trip]] || all.ArrivalsMs[from + length - 1] < shiftMs) continue;
                    numbers.Add(all.Numbers[trip]);
                    arrivals.AddRange(all.ArrivalsMs.AsSpan(from, length));
                    departures.AddRange(all.DeparturesMs.AsSpan(from, length));
                }
                if (numbers.Count == firstTrip[^1]) continue;
                calls.AddRange(all.Calls.AsSpan(all.FirstCall[route], length));
                firstCall.Add(calls.Count);
                firstTrip.Add(numbers.Count);
                if (shiftMs > 0)
                    for (var i = firstTime[^1]; i < arrivals.Count; i++) (arrivals[i], departures[i]) = (arrivals[i] - shiftMs, departures[i] - shiftMs);
                firstTime.Add(arrivals.Count);
                routeOf.Add(route);
            }
        }
        (FirstCall, Calls, FirstTrip, Numbers, FirstTime, ArrivalsMs, DeparturesMs, RouteOf) = ([.. firstCall], [.. calls], [.. firstTrip], [.. numbers], [.. firstTime], [.. arrivals], [.. departures], [.. routeOf]);
        (FirstBoarding, Boardings) = PickUps();
    }

    public Timetable Timetable { get; }

    /// <summary>How often a trip runs on the day, all together.</summary>
    public int TripCount => Numbers.Length;

    // As in TimetableRoutes, of what runs.
    internal int[] FirstCall { get; }
    internal int[] Calls { get; }
    internal int[] FirstTrip { get; }
    internal int[] Numbers { get; }
    internal int[] FirstTime { get; }
    internal int[] ArrivalsMs { get; }
    internal int[] DeparturesMs { get; }
    internal int[] RouteOf { get; }   // the timetable's number of each

    // Where one boards at stop s: Boardings[FirstBoarding[s]] …
    internal int[] FirstBoarding { get; }
    internal (int Route, int Position)[] Boardings { get; }

    private (int[], (int Route, int Position)[]) PickUps()
    {
        var first = new int[Timetable.StopCount + 1];
        foreach (var call in Calls)
            if ((call & Timetable.CanPickUp) != 0) first[(call >> 2) + 1]++;
        for (var stop = 0; stop < Timetable.StopCount; stop++) first[stop + 1] += first[stop];
        var (next, boardings) = ((int[])first.Clone(), new (int, int)[first[^1]]);
        for (var route = 0; route < RouteOf.Length; route++)
            for (var call = FirstCall[route]; call < FirstCall[route + 1]; call++)
                if ((Calls[call] & Timetable.CanPickUp) != 0) boardings[next[Calls[call] >> 2]++] = (route, call - FirstCall[route]);
        return (first, boardings);
    }
}
