namespace Jietong.Routing.Tests;

/// <summary>A small timetable by chance, the same for the same seed: trips that overtake, call twice at a stop, run after midnight or do not let board; footpaths that are not closed.</summary>
internal sealed record RandomTimetable(int Seed, int Stops, (int Service, TripCall[] Calls)[] Trips, (int From, int To, int Ms)[] Footpaths, int[] ChangeMs)
{
    public const int Services = 3, DayMs = 86_400_000;

    /// <param name="seed">Of the chance.</param>
    /// <param name="startMs">When the first trips run.</param>
    public static RandomTimetable Of(int seed, int startMs = 0)
    {
        var random = new Random(seed);
        var stops = random.Next(2, 8);
        var patterns = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Enumerable.Range(0, random.Next(2, 6)).Select(_ => (random.Next(stops), random.Next(6) > 0, random.Next(6) > 0)).ToArray()).ToArray();
        (int, TripCall[]) Trip()
        {
            var at = startMs + 1000 * random.Next(60);
            return (random.Next(Services), [.. patterns[random.Next(patterns.Length)].Select(call =>
            {
                var arrival = at + 1000 * random.Next(12);
                at = arrival + 1000 * random.Next(3);
                return new TripCall(call.Item1, arrival, at, call.Item2, call.Item3);
            })]);
        }
        return new(seed, stops, [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Trip())],
            [.. Enumerable.Range(0, random.Next(6)).Select(_ => (random.Next(stops), random.Next(stops), 1000 * random.Next(8))).Where(f => f.Item1 != f.Item2).DistinctBy(f => (f.Item1, f.Item2))],
            [.. Enumerable.Range(0, stops).Select(_ => 1000 * random.Next(4))]);
    }

    public Timetable Timetable
    {
        get
        {
            var builder = new TimetableBuilder(Stops, Services);
            foreach (var (service, calls) in Trips) builder.AddTrip(service, calls);
            foreach (var (from, to, ms) in Footpaths) builder.AddFootpath(from, to, ms);
            for (var stop = 0; stop < Stops; stop++) builder.SetChange(stop, ChangeMs[stop]);
            return builder.Build();
        }
    }

    /// <summary>What runs on a day, by definition: those of its services, and those of the day before, 24 h earlier.</summary>
    public RandomTimetable Running(int[] services, int[] before) => this with
    {
        Trips = [.. Trips.Where(t => services.Contains(t.Service)),
            .. Trips.Where(t => before.Contains(t.Service)).Select(t => (t.Service, t.Calls.Select(c => c with { ArrivalMs = c.ArrivalMs - DayMs, DepartureMs = c.DepartureMs - DayMs }).ToArray()))],
    };

    public override string ToString() => $"seed {Seed}, {Stops} stops, changes {string.Join(' ', ChangeMs)}, footpaths {string.Join(' ', Footpaths)}, trips {string.Join("; ", Trips.Select(t => $"{t.Service}: {string.Join(' ', t.Calls.Select(c => $"{c.Stop}@{c.ArrivalMs}-{c.DepartureMs}{(c.PickUp ? "" : "-p")}{(c.DropOff ? "" : "-d")}"))}"))}";

    /// <summary>
    /// The oracle: one junction for each event and number of rides, arcs as long as the time between, our Dijkstra on it. Knows no routes and no rounds.
    /// A vehicle that has left call i, or has arrived at it; a traveller who waits at a stop at the time of a departure; the alighted, at each stop.
    /// </summary>
    /// <returns>The earliest alighting by [rides][stop]; <see cref="Network.Unreachable"/>: never.</returns>
    public int[][] Alightings(IReadOnlyCollection<(int Stop, int Ms)> access, int departureMs, int mostRides)
    {
        var junctions = new Dictionary<(string What, int Rides, int A, int B), int>();
        var (tails, heads, times) = (new List<int>(), new List<int>(), new List<int>());
        int At(string what, int rides, int a, int b = 0) => junctions.TryGetValue((what, rides, a, b), out var j) ? j : junctions[(what, rides, a, b)] = junctions.Count;
        void Arc(int tail, int head, int ms)
        {
            tails.Add(tail);
            heads.Add(head);
            times.Add(ms);
        }
        var departures = Enumerable.Range(0, Stops).Select(stop => Trips.SelectMany(t => t.Calls[..^1].Where(c => c.Stop == stop && c.PickUp).Select(c => c.DepartureMs)).Distinct().Order().ToList()).ToList();
        void Wait(int from, int rides, int stop, int readyMs, int sinceMs)
        {
            var next = departures[stop].FindIndex(d => d >= readyMs);
            if (next >= 0) Arc(from, At("waits", rides, stop, departures[stop][next]), departures[stop][next] - sinceMs);
        }
        var source = At("source", 0, 0);
        foreach (var (stop, ms) in access) Wait(source, 0, stop, departureMs + ms, departureMs);
        for (var rides = 0; rides <= mostRides; rides++)
        {
            for (var stop = 0; stop < Stops; stop++)
                for (var i = 0; i + 1 < departures[stop].Count; i++)
                    Arc(At("waits", rides, stop, departures[stop][i]), At("waits", rides, stop, departures[stop][i + 1]), departures[stop][i + 1] - departures[stop][i]);
            for (var trip = 0; trip < Trips.Length; trip++)
                for (var (i, calls) = (0, Trips[trip].Calls); i < calls.Length; i++)
                {
                    var (stop, arrival, departure, pickUp, dropOff) = calls[i];
                    if (i + 1 < calls.Length && pickUp && rides < mostRides) Arc(At("waits", rides, stop, departure), At("left", rides + 1, trip, i), 0);
                    if (i == 0) continue;
                    Arc(At("left", rides, trip, i - 1), At("arrived", rides, trip, i), arrival - calls[i - 1].DepartureMs);
                    if (i + 1 < calls.Length) Arc(At("arrived", rides, trip, i), At("left", rides, trip, i), departure - arrival);
                    if (!dropOff) continue;
                    Arc(At("arrived", rides, trip, i), At("alighted", rides, stop), 0);
                    Wait(At("arrived", rides, trip, i), rides, stop, arrival + ChangeMs[stop], arrival);
                    foreach (var (_, to, ms) in Footpaths.Where(f => f.From == stop)) Wait(At("arrived", rides, trip, i), rides, to, arrival + ms, arrival);
                }
        }
        var found = Enumerable.Range(0, mostRides + 1).Select(r => Enumerable.Range(0, Stops).Select(s => At("alighted", r, s)).ToArray()).ToArray();
        var after = Dijkstra.TravelTimesFrom(Network.Build(junctions.Count, tails, heads, times), source);
        return [.. found.Select((row, r) => row.Select((_, s) => found[..(r + 1)].Min(to => after[to[s]]) is var ms && ms < Network.Unreachable ? departureMs + ms : Network.Unreachable).ToArray())];
    }
}
