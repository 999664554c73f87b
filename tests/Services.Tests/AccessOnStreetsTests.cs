using Jietong.Geodata;
using Jietong.Routing;
using Jietong.Services.Accessibility;
using Jietong.Services.Timetables;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Accessibility where streets are imported: along a drawn street, and in Porto Alegre against a search that shares nothing with ours.</summary>
public sealed class AccessOnStreetsTests
{
    private static AccessRequest Request(string from, string departures, params (string Name, string Value)[] more) =>
        AccessRequest.Read(name => name == "from" ? from : name == "departures" ? departures : more.FirstOrDefault(m => m.Name == name).Value, null, "--");

    // One street of 10 minutes' walk from west to east, twenty back; cells a third and two thirds along it, 0.0001° (11.1 m, 8 s) north of it.
    [Fact]
    public async Task Walks_join_streets_where_they_are_nearest_and_follow_them()
    {
        await using var database = await TestDatabase.Create();
        await Geodata.Imports.Import.Run(database.Db, new([new FeedWorld().Zip()], "test"));
        await database.Execute("""
            insert into street_junction (dataset_id, id, geom, island) values ('s', 1, 'SRID=4326;POINT(121.00 31)', 0), ('s', 2, 'SRID=4326;POINT(121.03 31)', 0), ('s', 3, 'SRID=4326;POINT(121.00 31.02)', 1), ('s', 4, 'SRID=4326;POINT(121.03 31.02)', 1);
            insert into street (dataset_id, id, way_ids, from_junction, to_junction, class, length_metres, foot_forward_ms, foot_backward_ms, bridge, tunnel, level, island, geom) values
              ('s', 'x', '{1}', 1, 2, 'residential', 2865, 600000, 1200000, false, false, 0, 0, 'SRID=4326;LINESTRING(121.00 31, 121.03 31)'),
              ('s', 'oneway', '{2}', 3, 4, 'residential', 2865, 600000, null, false, false, 0, 1, 'SRID=4326;LINESTRING(121.00 31.02, 121.03 31.02)');
            insert into opportunity (dataset_id, id, geom, counts) select 'grid', id, ST_SetSRID(ST_MakePoint(x, y), 4326), '{"jobs":1}' from (values ('A', 121.01, 31.0001), ('B', 121.02, 31.0001), ('far', 121.02, 31.01), ('trap', 121.02, 31.0201)) v (id, x, y);
            insert into source (id, grade, title, title_en, published) values ('import-s', 'DATA', 's', 's', '2026');
            insert into dataset (id, layer, source_id, format, file_name, file_bytes, file_hash, content_hash, settings, figures) values ('s', 'streets', 'import-s', 'OSM PBF', 's', 1, repeat('0', 64), '', '{}', '{}');
            """);
        var request = Request("A", "08:00");
        var input = await AccessInput.Read(database.Db, request, default);
        int Seconds(string from, string to) => AccessAnswer.Of(request with { From = from }, input, null, default).Times!.Single(t => input.Cells[t.To].Id == to).Before[AccessAnswer.Median] is var ms && ms < Network.Unreachable ? (ms + 500) / 1000 : -1;
        Assert.Equal((200 + 16, 400 + 16), (Seconds("A", "B"), Seconds("B", "A")));
        Assert.Equal((-1, -1, 0), (Seconds("A", "far"), Seconds("A", "trap"), Seconds("A", "A")));
        Assert.False(input.Walking.IsSketch);
        Assert.Contains(AccessNotes.Of(AccessAnswer.Of(request, input, null, default)), n => n.En.StartsWith("2 cells and 3 stops have no street to walk on within 500 m", StringComparison.Ordinal));
    }

    [SharedFact("networks/gtfs/poa_eptc.zip", "networks/gtfs/poa_trensurb.zip", "networks/osm/poa.osm.pbf", "networks/gtfs/poa_hexgrid.csv")]
    public async Task Times_in_Porto_Alegre_are_those_of_a_time_expanded_search()
    {
        await using var database = await TestDatabase.Create();
        await Geodata.Imports.Import.Run(database.Db, new([.. new[] { "networks/osm/poa.osm.pbf", "networks/gtfs/poa_eptc.zip", "networks/gtfs/poa_trensurb.zip", "networks/gtfs/poa_hexgrid.csv" }.Select(f => SharedFactAttribute.In(f))], "test") { Into = "opportunities" });
        var input = await AccessInput.Read(database.Db, Request("", "14:00"), default);
        Assert.Equal(new(2019, 4, 15), input.Timetable.Day);
        var oracle = new TimeExpanded(input);
        var random = new Random(1);
        var (pairs, arrivals) = (0, 0);
        for (var i = 0; i < 12; i++)
        {
            var (source, minute) = (random.Next(input.Cells.Count), 14 * 60 + random.Next(120));
            var request = Request(input.Cells[source].Id, AccessRequest.Clock(minute));
            var found = AccessAnswer.Of(request, input, null, default).Times!;
            var expected = oracle.MsFrom(request, source, minute * 60_000);
            for (var to = 0; to < input.Cells.Count; to++)
            {
                Assert.True(expected[to] == found[to].Before[AccessAnswer.Median], $"{input.Cells[source].Id} to {input.Cells[to].Id} at {AccessRequest.Clock(minute)}: {found[to].Before[AccessAnswer.Median]} is not {expected[to]}");
                (pairs, arrivals) = (pairs + 1, arrivals + (expected[to] < Network.Unreachable ? 1 : 0));
            }
        }
        Assert.True(pairs > 14_000 && arrivals > 4_000, $"{arrivals} of {pairs} pairs");
    }

    /// <summary>The oracle: Dijkstra's search over events, one for each call that a traveller may be on board at, and for each stop the time at which he is ready there. Knows no routes and no rounds; walks are given.</summary>
    private sealed class TimeExpanded(AccessInput input)
    {
        private readonly FeedCallRow[][] trips = [.. input.Timetable.Calls.Where(c => input.Timetable.Trips[c.Trip].Today).GroupBy(c => c.Trip).Select(t => t.ToArray())];

        public int[] MsFrom(AccessRequest request, int source, int departureMs)
        {
            int[] stops = [.. Enumerable.Range(0, input.StopCount)], cells = [.. Enumerable.Range(input.StopCount, input.Cells.Count)];
            var (most, walk) = (request.Minutes[^1] * 60_000, request.MaxWalkMinutes * 60_000);
            var egress = input.Walking.Between(cells, stops, walk, 1, default).Transposed();
            var between = input.Walking.Between(stops, stops, AccessRequest.MostWalkBetweenRides * 60_000, 2, default);
            var arrival = Enumerable.Repeat(Network.Unreachable, cells.Length).ToArray();
            foreach (var (to, ms) in input.Walking.Between([cells[source]], cells, most, 1, default).From(0)) arrival[to] = departureMs + ms;
            var boardings = trips.SelectMany((calls, trip) => calls.SkipLast(1).Select((c, i) => (c.Stop, Trip: trip, Call: i))).ToLookup(b => b.Stop);
            var (queue, ready, aboard) = (new PriorityQueue<(int Stop, int Trip, int Call), int>(), new HashSet<int>(), new HashSet<(int, int)>());
            foreach (var (stop, ms) in input.Walking.Between([cells[source]], stops, walk, 1, default).From(0)) queue.Enqueue((stop, -1, 0), departureMs + ms);
            while (queue.TryDequeue(out var at, out var now))
            {
                if (now > departureMs + most) break;
                if (at.Trip < 0)
                {
                    if (!ready.Add(at.Stop)) continue;
                    foreach (var (_, trip, call) in boardings[at.Stop])
                        if (trips[trip][call].DepartureSeconds * 1000 >= now) queue.Enqueue((-1, trip, call), trips[trip][call].DepartureSeconds * 1000);
                    continue;
                }
                if (!aboard.Add((at.Trip, at.Call)) || at.Call + 1 == trips[at.Trip].Length) continue;
                var next = trips[at.Trip][at.Call + 1];
                queue.Enqueue((-1, at.Trip, at.Call + 1), next.DepartureSeconds * 1000);
                var alighted = next.ArrivalSeconds * 1000;
                foreach (var (to, ms) in egress.From(next.Stop)) arrival[to] = Math.Min(arrival[to], alighted + ms);
                queue.Enqueue((next.Stop, -1, 0), alighted + DayTimetable.ChangeMs);
                foreach (var (to, ms) in between.From(next.Stop))
                    if (to != next.Stop) queue.Enqueue((to, -1, 0), alighted + ms + DayTimetable.ChangeMs);
            }
            return [.. arrival.Select(ms => ms - departureMs <= most ? ms - departureMs : Network.Unreachable)];
        }
    }
}
