using Jietong.Routing;
using Jietong.Services.Gains;
using Jietong.Services.Model;
using Jietong.Services.Reports;
using Jietong.Services.Streets;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What holds on any streets: one-ways, barred turns and junctions, links attached and recognised. A failure names the seed.</summary>
public sealed class StreetModelPropertyTests
{
    private const int Worlds = 40, Side = 5;

    /// <summary>A grid of streets 2 km wide with holes, one-ways and barred turns; the boundary along x = 0, which some streets cross; places anywhere beside streets; links at the boundary.</summary>
    private static (ModelInput Input, StreetWorld Streets) World(int seed)
    {
        var random = new Random(seed);
        var (streets, world) = (new StreetWorld().Boundary(4, (0, -50), (0, 50)), new ModelWorld());
        double X(int column) => 2 * column - 5;   // columns at -5, -3, -1, 1, 3, 5
        for (var row = 0; row < Side; row++)
            for (var column = 0; column <= Side; column++)
            {
                if (column < Side && (column == 2 ? random.Next(4) == 0 : random.Next(10) > 0)) streets.Street($"h{column}-{row}", [(X(column), 2 * row), (X(column + 1), 2 * row)], $"横{row}", oneWay: random.Next(6) == 0);
                if (row < Side - 1 && random.Next(10) > 0) streets.Street($"v{column}-{row}", [(X(column), 2 * row), (X(column), 2 * row + 2)], $"纵{column}", random.Next(3) == 0 ? "residential" : "tertiary", oneWay: random.Next(6) == 0);
            }
        for (var i = 0; i < 12; i++)
        {
            var (column, row) = (random.Next(Side), random.Next(Side - 1));
            streets.NoTurn("++", $"h{column}-{row}", $"v{column + 1}-{row}").NoTurn("++", $"v{column}-{row}", $"h{column}-{row + 1}");
        }
        if (random.Next(2) == 0) streets.Barred(X(random.Next(Side + 1)), 2 * random.Next(Side));
        for (var i = 0; i < 8; i++) world.Place($"p{i}", Math.Round(10 * random.NextDouble() - 5, 3), Math.Round(8 * random.NextDouble(), 3));
        world.Link("one", y: 2 * random.Next(Side), radius: 1.2, state: random.Next(2) == 0 ? "open" : "not_open").Link("two", y: 2 * random.Next(Side), radius: 1.2);
        var crossing = random.Next(Side);
        world.Link("shown", y: 2 * crossing, radius: 0.5, state: random.Next(2) == 0 ? "open" : "not_open").Link("far", y: 30, radius: 0.1);
        return (streets.Course("shown", $"横{crossing}", $"横{crossing}").Of(world), streets);
    }

    private static void InEveryWorld(Action<TravelModel, StreetWorld> holds)
    {
        for (var seed = 1; seed <= Worlds; seed++)
        {
            var (input, streets) = World(seed);
            try { holds(new(input, Mode.Car), streets); }
            catch (Exception e) { Assert.Fail($"World({seed}): {e.Message}"); }
        }
    }

    private static IEnumerable<HashSet<string>> Sets(TravelModel model)
    {
        string[] links = [.. model.Topology.Works.Values.Where(w => w.IsEvaluated).Select(w => w.Link.Id)];
        return Enumerable.Range(0, 1 << links.Length).Select(set => links.Where((_, i) => (set >> i & 1) == 1).ToHashSet());
    }

    private static int[][] Times(TravelModel model, IReadOnlySet<string> links) => model.TimesMs(model.MetricOf(new(model.Input.Assumptions), links));

    [Fact]
    public void The_worlds_are_worth_asking()
    {
        var (attached, recognised, refused, helped) = (0, 0, 0, 0);
        InEveryWorld((model, _) =>
        {
            var works = model.Topology.Works.Values.ToList();
            (attached, recognised, refused) = (attached + works.Count(w => w is { IsEvaluated: true, InData: false }), recognised + works.Count(w => w.InData), refused + works.Count(w => !w.IsEvaluated));
            var (without, with) = (Times(model, new HashSet<string>()), Times(model, Sets(model).Last()));
            helped += without.Zip(with).Sum(r => r.First.Zip(r.Second).Count(t => t.Second < t.First));
        });
        Assert.True(attached > 30 && recognised > 5 && refused > 30 && helped > 200, $"{attached} attached, {recognised} recognised, {refused} refused, {helped} pairs helped");
    }

    /// <summary>Dijkstra over arcs as they are driven, on streets that never saw a topology: who has driven one street may turn into another unless that is barred.</summary>
    [Fact]
    public void Travel_times_are_those_of_a_search_by_streets()
    {
        var compared = 0;
        InEveryWorld((model, streets) =>
        {
            var oracle = new ByStreets(model.Input, streets);
            foreach (var links in Sets(model))
            {
                var times = Times(model, links);
                for (var s = 0; s < times.Length; s++)
                {
                    var expected = oracle.From(model.Places[s], links);
                    for (var t = 0; t < times.Length; t++)
                    {
                        if (s == t) continue;
                        var ms = expected.GetValueOrDefault(model.Places[t].Id, double.PositiveInfinity);
                        Assert.True(times[s][t] == Network.Unreachable ? double.IsInfinity(ms) : Math.Abs(times[s][t] - ms) <= 60, $"{string.Join(' ', links)}: {model.Places[s].Id}→{model.Places[t].Id} {times[s][t]} ms, {ms} by streets");   // each piece is rounded
                        compared++;
                    }
                }
            }
        });
        Assert.True(compared > 5000, $"{compared}");
    }

    [Fact]
    public void A_link_more_makes_no_pair_slower_and_a_street_less_none_faster() => InEveryWorld((model, _) =>
    {
        var sets = Sets(model).ToList();
        var all = sets.Select(s => Times(model, s)).ToList();
        foreach (var (fewer, i) in sets.Select((s, i) => (s, i)))
            foreach (var (more, j) in sets.Select((s, j) => (s, j)).Where(m => fewer.IsSubsetOf(m.s)))
                for (var s = 0; s < all[i].Length; s++)
                    for (var t = 0; t < all[i].Length; t++) Assert.True(all[j][s][t] <= all[i][s][t], $"{string.Join(' ', more)} against {string.Join(' ', fewer)}: {s}→{t}");
    });

    /// <summary>What all links together, valued by additions, agree with: each set evaluated by itself.</summary>
    [Fact]
    public void Additions_give_the_times_of_every_set() => InEveryWorld((model, _) =>
    {
        string[] links = [.. Sets(model).Last().Order(StringComparer.Ordinal)];
        if (links.Length == 0) return;
        var additions = model.AdditionsOf(new(model.Input.Assumptions), new HashSet<string>(), links);
        for (var set = 0UL; set < 1UL << links.Length; set++)
        {
            var (expected, times) = (Times(model, links.Where((_, i) => (set >> i & 1) != 0).ToHashSet()), additions.TimesMs(set));
            for (var s = 0; s < times.Length; s++)
                for (var t = 0; t < times.Length; t++)
                    if (s != t) Assert.Equal(expected[s][t], times[s][t]);
        }
    });

    [Fact]
    public void The_empty_patch_changes_nothing_and_ways_take_what_they_are_said_to() => InEveryWorld((model, _) =>
    {
        var input = model.Input;
        var report = Report.Of(new(input.AsOf, input.KnownBy, "car", "equal", [], [], []), input, "1-x");
        Assert.Equal((0, 0, 0, 0), (report.Results.Summary.PairsFaster, report.Results.Summary.PairsSlower, report.Results.Summary.PairsJoined, report.Results.Summary.PairsCut));
        Assert.Equal(report.ToJson(), Report.Of(report.Request, input, "1-x").ToJson());
        var links = Sets(model).Last();
        var metric = model.MetricOf(new(input.Assumptions), links);
        var times = model.TimesMs(metric);
        for (var s = 0; s < times.Length; s++)
            for (var t = 0; t < times.Length; t++)
            {
                if (s == t) continue;
                var route = model.RouteBetween(s, t, metric);
                Assert.Equal(times[s][t] == Network.Unreachable ? null : times[s][t], route is null ? null : (int?)Math.Round(route.Minutes * 60_000));
                Assert.Equal(route?.Minutes ?? 0, route?.Legs.Sum(l => l.Minutes) ?? 0, 1e-6);
                foreach (var link in links)
                    if (model.RouteVia(new HashSet<string> { link }, s, t, metric) is { } via)
                    {
                        Assert.Contains(link, via.Links.Keys);
                        Assert.True(via.Minutes * 60_000 >= times[s][t] - 0.5);
                    }
            }
    });

    private sealed class ByStreets
    {
        private readonly ModelInput input;
        private readonly StreetMap map;
        private readonly HashSet<(int, bool, int, bool)> barredTurns;
        private readonly IReadOnlyList<LinkOnStreets> links;

        public ByStreets(ModelInput input, StreetWorld streets)
        {
            (this.input, map, links) = (input, input.Streets!.Map!, LinksOnStreets.Of(input));
            int Index(string id) => map.Network.Rows.Streets.ToList().FindIndex(s => s.Id == id);
            barredTurns = [.. streets.Turns.Select(t => (Index(t.Streets[0]), t.Directions[0] == '-', Index(t.Streets[1]), t.Directions[1] == '-'))];
        }

        private int Ms(int street, bool backward) => backward ? map.Network.Rows.Streets[street].BackwardMs : map.Network.Rows.Streets[street].ForwardMs;

        private long End(int street, bool backward) => backward ? map.Network.Rows.Streets[street].From : map.Network.Rows.Streets[street].To;

        private bool IsBarred(long junction) => map.Network.Rows.Junctions.First(j => j.Id == junction).Bars;

        private StreetPosition? Foot(PlaceRow place)
        {
            var own = links.SelectMany(l => l.Streets).ToHashSet();
            List<StreetPosition> near = [.. map.Near(place.Longitude!.Value, place.Latitude!.Value, place.AccuracyMetres!.Value + 1000).Where(p => !own.Contains(p.Street))];
            return near.Count == 0 ? null : near.MinBy(p => (p.Metres, p.Street));
        }

        public Dictionary<string, double> From(PlaceRow source, HashSet<string> open)
        {
            var closed = links.Where(l => !open.Contains(l.Works.Link.Id)).SelectMany(l => l.Streets).ToHashSet();
            var found = new Dictionary<string, double>();
            if (Foot(source) is not { } start) return found;
            var targets = input.PlacesInNetwork().Where(p => p != source).Select(p => (p.Id, At: Foot(p))).Where(t => t.At is not null).ToList();
            // From one end of a link to the other, with what the way between them takes.
            var over = links.Where(l => open.Contains(l.Works.Link.Id) && l.Ends.Count > 0).SelectMany(l => l.Ends[0].A.SelectMany(a => l.Ends[0].B.SelectMany(b => new[] { (From: a, To: b, l.Works.Link), (From: b, To: a, l.Works.Link) }))).ToList();
            var queue = new PriorityQueue<(int Street, bool Backward, double From), double>();   // driving along a street from so far on
            var driven = new HashSet<(int, bool, double)>();
            void Leave(StreetPosition at, double ms)
            {
                foreach (var backward in new[] { false, true })
                    if (Ms(at.Street, backward) >= 0 && !closed.Contains(at.Street)) queue.Enqueue((at.Street, backward, backward ? 1 - at.Share : at.Share), ms);
            }
            Leave(start, 60_000);
            while (queue.TryDequeue(out var now, out var ms))
            {
                if (!driven.Add(now)) continue;
                double? To(StreetPosition at) => at.Street == now.Street && (now.Backward ? 1 - at.Share : at.Share) is var share && share >= now.From ? ms + (share - now.From) * Ms(now.Street, now.Backward) : null;
                foreach (var (id, at) in targets)
                    if (To(at!.Value) is { } arrived) found[id] = Math.Min(found.GetValueOrDefault(id, double.PositiveInfinity), arrived + 60_000);
                foreach (var (from, to, link) in over)
                    if (To(from) is { } there)
                        Leave(to, there + 60 * (Earth.Metres(from.Longitude, from.Latitude, link.Longitude!.Value, link.Latitude!.Value) + Earth.Metres(to.Longitude, to.Latitude, link.Longitude.Value, link.Latitude.Value)));
                var (end, at2) = (End(now.Street, now.Backward), ms + (1 - now.From) * Ms(now.Street, now.Backward));
                for (var next = 0; next < map.Network.Rows.Streets.Count; next++)
                    foreach (var backward in new[] { false, true })
                        if (End(next, !backward) == end && Ms(next, backward) >= 0 && !closed.Contains(next) && !barredTurns.Contains((now.Street, now.Backward, next, backward)) && (!IsBarred(end) || next == now.Street))
                            queue.Enqueue((next, backward, 0), at2);
            }
            return found;
        }
    }
}
