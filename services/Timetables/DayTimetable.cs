using Jietong.Geodata;
using Jietong.Routing;

namespace Jietong.Services.Timetables;

/// <summary>The feeds of a region as a timetable of one day: stops as in <see cref="TimetableRows.Stops"/>, trips of the day and those of the day before that still run after midnight.</summary>
internal static class DayTimetable
{
    /// <summary>What a change takes beyond the walk.</summary>
    public const int ChangeMs = 60_000;

    private const int Today = 0, Both = 1, Yesterday = 2, Never = Network.Unreachable - 1;

    /// <param name="rows">The feeds.</param>
    /// <param name="betweenStops">How one walks from stop to stop, without what a change takes.</param>
    /// <param name="runs">Whether a route runs; null: all do.</param>
    public static ServiceDay Of(TimetableRows rows, Walks betweenStops, Func<int, bool>? runs = null)
    {
        var builder = new TimetableBuilder(rows.Stops.Count, 3);
        var frequencies = rows.Frequencies.ToLookup(f => f.Trip);
        for (var (first, next) = (0, 0); first < rows.Calls.Count; first = next)
        {
            var number = rows.Calls[first].Trip;
            while (next < rows.Calls.Count && rows.Calls[next].Trip == number) next++;
            var trip = rows.Trips[number];
            if (next - first < 2 || runs?.Invoke(trip.Route) == false) continue;
            var calls = Enumerable.Range(first, next - first).Select(i => rows.Calls[i]).Select((c, i) => new TripCall(c.Stop, 1000 * (i == 0 ? c.DepartureSeconds : c.ArrivalSeconds), 1000 * c.DepartureSeconds, c.PickUp, c.DropOff)).ToArray();
            var service = !trip.Today ? Yesterday : trip.Yesterday ? Both : Today;
            if (!frequencies.Contains(number)) builder.AddTrip(service, calls);
            foreach (var f in frequencies[number])
                builder.AddFrequency(service, calls, 1000 * f.StartSeconds, 1000 * f.EndSeconds, 1000 * f.HeadwaySeconds, f.Exact ? 0 : Phase(rows.Feeds[rows.Routes[trip.Route].Feed].Dataset, trip.Id, f));
        }
        AddChanges(builder, rows, betweenStops);
        return builder.Build().On([Today, Both], [Both, Yesterday]);
    }

    /// <summary>Where only the headway is promised, some minute of it: by chance, and the same each time.</summary>
    private static int Phase(string dataset, string trip, FeedFrequencyRow frequency)
    {
        var hash = 2166136261u;   // FNV-1a
        foreach (var c in $"{dataset}\n{trip}\n{frequency.StartSeconds}") hash = (hash ^ c) * 16777619u;
        return 1000 * (int)(hash % (uint)frequency.HeadwaySeconds);
    }

    /// <summary>Changes on foot, but where transfers.txt has another time or forbids them. A rule for stations holds for their stops that have none of their own.</summary>
    private static void AddChanges(TimetableBuilder builder, TimetableRows rows, Walks betweenStops)
    {
        var rules = Rules(rows);
        for (var stop = 0; stop < rows.Stops.Count; stop++)
        {
            builder.SetChange(stop, rules.TryGetValue((stop, stop), out var atStop) ? atStop ?? Never : ChangeMs);
            foreach (var (to, ms) in betweenStops.From(stop))
                if (to != stop && !rules.ContainsKey((stop, to))) builder.AddFootpath(stop, to, ms + ChangeMs);
        }
        foreach (var ((from, to), ms) in rules)
            if (from != to && ms is { } time) builder.AddFootpath(from, to, time);
    }

    /// <summary>By pair of stops the time a change needs; null where none is possible.</summary>
    private static Dictionary<(int From, int To), int?> Rules(TimetableRows rows)
    {
        var byId = rows.Stops.Select((s, i) => ((s.Feed, s.Id), i)).ToDictionary(s => s.Item1, s => s.i);
        var byParent = rows.Stops.Select((s, i) => (s.Feed, s.Parent, i)).Where(s => s.Parent is not null).ToLookup(s => (s.Feed, s.Parent!), s => s.i);
        var rules = new Dictionary<(int, int), int?>();
        foreach (var rule in rows.Transfers.Where(t => !t.Possible || t.Seconds is not null).Select(t => (Transfer: t, From: Of(t.Feed, t.From), To: Of(t.Feed, t.To))).OrderByDescending(t => (t.From.IsStation ? 1 : 0) + (t.To.IsStation ? 1 : 0)))
            foreach (var from in rule.From.Stops)
                foreach (var to in rule.To.Stops) rules[(from, to)] = rule.Transfer.Possible ? 1000 * rule.Transfer.Seconds : null;
        return rules;

        (bool IsStation, IEnumerable<int> Stops) Of(int feed, string id) => byId.TryGetValue((feed, id), out var stop) ? (false, [stop]) : (true, byParent[(feed, id)]);
    }
}
