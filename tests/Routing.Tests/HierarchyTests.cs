using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Every search on a hierarchy against Dijkstra, on random worlds with parallel arcs, loops, zero times, closed arcs, islands and one-ways.</summary>
public sealed class HierarchyTests
{
    private const int Worlds = 1500;

    /// <summary>Small worlds by turns with an order by nested dissection and, any order being right, one by chance.</summary>
    private static IEnumerable<(RandomWorld World, Network Network, Hierarchy Hierarchy)> Random(int worlds, int unitMs = 1)
    {
        for (var seed = 0; seed < worlds; seed++)
        {
            var world = RandomWorld.Of(seed, seed % 3 == 0 ? unitMs : 1000, seed % 10 == 0 ? 60 : 14, seed % 10 == 0 ? 150 : 40);
            var order = Enumerable.Range(0, world.Junctions).ToArray();
            if (seed % 2 == 0) new Random(seed).Shuffle(order);
            else order = NestedDissection.Order(world.Network);
            var network = world.Network;
            yield return (world, network, new(network, order));
        }
    }

    private static IEnumerable<Searches> Both(HierarchyMetric metric) => [metric.Searches(), PerfectMetric.Of(metric)];

    private static int[][] Oracle(Network network) => [.. Enumerable.Range(0, network.JunctionCount).Select(s => Dijkstra.TravelTimesFrom(network, s))];

    //        4             order 1, 0, 2, 3: taking 1 out joins 0 and 2
    //   0 ─────▶ 1        parallel arc 0▶1 (9), loop at 1, zero arc 1▶2, island 3
    //   │        │ 0
    //   └──6───▶ 2   3
    [Fact]
    public void Finds_the_way_in_a_drawn_world()
    {
        var network = Network.Build(4, [0, 0, 1, 1, 0], [1, 1, 1, 2, 2], [9, 4, 3, 0, 6]);
        var hierarchy = new Hierarchy(network, [1, 0, 2, 3]);
        Assert.Equal(3, hierarchy.ArcCount);
        Assert.Equal(3, hierarchy.Height);
        var ask = new PointToPoint(new HierarchyMetric(hierarchy, network).Searches());
        Assert.Equal(4, ask.TravelTimeMs(0, 2));
        Assert.Equal([1, 3], ask.Path(0, 2)!.Select(a => network.InputArcs[a]).Select(a => a == 4 ? -1 : a));
        Assert.Equal(Network.Unreachable, ask.TravelTimeMs(2, 0));
        Assert.Null(ask.Path(0, 3));
        Assert.Empty(ask.Path(3, 3)!);
    }

    [Fact]
    public void From_one_to_one_is_what_Dijkstra_finds_and_the_path_takes_as_long()
    {
        foreach (var (world, network, hierarchy) in Random(Worlds))
        {
            var oracle = Oracle(network);
            foreach (var ask in Both(new(hierarchy, network)).Select(s => new PointToPoint(s)))
                for (var s = 0; s < world.Junctions; s++)
                    for (var t = 0; t < world.Junctions; t++)
                    {
                        var (why, path) = ($"from {s} to {t}, {world}", ask.Path(s, t));
                        Assert.True(ask.TravelTimeMs(s, t) == oracle[s][t], why);
                        Assert.True(path is null == (oracle[s][t] == Network.Unreachable) && (s != t || path is []), why);
                        if (path is null) continue;
                        var (at, sum) = (s, 0);
                        foreach (var arc in path)
                        {
                            Assert.True(arc >= network.FirstArc[at] && arc < network.FirstArc[at + 1], $"arc {arc} does not leave {at}, {why}");
                            (at, sum) = (network.Heads[arc], sum + network.TravelTimesMs[arc]);
                        }
                        Assert.True((at, sum) == (t, oracle[s][t]), $"{sum} ms to {at}, {why}");
                    }
        }
    }

    [Fact]
    public void Sweeps_are_what_Dijkstra_finds_both_ways_with_any_number_of_lanes_at_once()
    {
        foreach (var (world, network, hierarchy) in Random(Worlds))
        {
            var (oracle, metric, n) = (Oracle(network), new HierarchyMetric(hierarchy, network), world.Junctions);
            foreach (var searches in Both(metric))
                foreach (var width in Enum.GetValues<LaneWidth>())
                {
                    var (from, to) = (Sweep.FromSources(searches, null, width), Sweep.ToTargets(searches, null, width));
                    for (var begin = 0; begin < n; begin += Sweep.Lanes)
                    {
                        var some = Enumerable.Range(begin, Math.Min(Sweep.Lanes, n - begin)).ToArray();
                        from.Run(some);
                        to.Run(some);
                        for (var lane = 0; lane < some.Length; lane++)
                            for (var v = 0; v < n; v++)
                                Assert.True(from.TimeMs(lane, v) == oracle[some[lane]][v] && to.TimeMs(lane, v) == oracle[v][some[lane]], $"{width}, {some[lane]} and {v}, {world}");
                    }
                }
        }
    }

    [Fact]
    public void A_matrix_is_what_Dijkstra_finds_between_any_junctions()
    {
        foreach (var (world, network, hierarchy) in Random(Worlds))
        {
            var (random, searches) = (new Random(world.Seed), PerfectMetric.Of(new(hierarchy, network)));
            int[] Draw() => [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(world.Junctions))];
            var (sources, targets) = (Draw(), Draw());
            var matrix = TravelTimeMatrix.Between(searches, sources, targets);
            for (var s = 0; s < sources.Length; s++)
                Assert.True(matrix[s].SequenceEqual(targets.Select(t => Dijkstra.TravelTimesFrom(network, sources[s])[t])), $"from {sources[s]}, {world}");
            if (targets.Length == 0) continue;
            var to = Sweep.ToTargets(searches, sources);
            to.Run(targets[0]);
            foreach (var s in sources) Assert.True(to.TimeMs(0, s) == Dijkstra.TravelTimesFrom(network, s)[targets[0]], $"from {s} to {targets[0]}, {world}");
        }
    }

    [Fact]
    public void Changed_arcs_leave_what_a_new_metric_would_be()
    {
        foreach (var (world, network, hierarchy) in Random(Worlds))
        {
            var (random, metric, times) = (new Random(world.Seed), new HierarchyMetric(hierarchy, network), network.TravelTimesMs.ToArray());
            var live = new PointToPoint(metric.Searches());
            for (var round = 0; round < 12; round++)
            {
                var changes = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (Arc: random.Next(times.Length), TimeMs: random.Next(4) switch { 0 => Network.Unreachable, 1 => 0, _ => random.Next(1, 30) })).ToList();
                foreach (var (arc, timeMs) in changes) times[arc] = timeMs;
                metric.Set(changes);
                var fresh = network.WithTravelTimes([.. Enumerable.Range(0, times.Length).OrderBy(a => network.InputArcs[a]).Select(a => times[a])]);
                Assert.True(metric.Times.SequenceEqual(new HierarchyMetric(hierarchy, fresh).Times) && metric.TravelTimesMs.SequenceEqual(times), $"round {round}: {string.Join(' ', changes)} in {world}");
                var (s, t) = (random.Next(world.Junctions), random.Next(world.Junctions));
                Assert.True(live.TravelTimeMs(s, t) == Dijkstra.TravelTimesFrom(fresh, s)[t] && (live.Path(s, t)?.Sum(a => times[a]) ?? Network.Unreachable) == live.TravelTimeMs(s, t), $"round {round}, from {s} to {t}: {string.Join(' ', changes)} in {world}");
            }
        }
    }

    [Fact]
    public void A_closure_makes_no_pair_faster_and_its_reopening_brings_everything_back()
    {
        foreach (var (world, network, hierarchy) in Random(300))
        {
            var metric = new HierarchyMetric(hierarchy, network);
            var (original, oracle, arc) = (metric.Copy(), Oracle(network), new Random(world.Seed).Next(network.ArcCount));
            var all = Enumerable.Range(0, world.Junctions).ToList();
            metric.Set((arc, Network.Unreachable));
            var closed = TravelTimeMatrix.Between(metric.Searches(), all, all);
            Assert.True(all.All(s => all.All(t => closed[s][t] >= oracle[s][t])), $"arc {arc} closed, {world}");
            Assert.True(original.TravelTimesMs.SequenceEqual(network.TravelTimesMs), world.ToString());   // a copy stays
            metric.Set((arc, network.TravelTimesMs[arc]));
            Assert.True(metric.Times.SequenceEqual(original.Times), $"arc {arc} reopened, {world}");
        }
    }

    [Fact]
    public void Orders_and_networks_that_do_not_fit_are_refused()
    {
        var network = Network.Build(3, [0, 1], [1, 2], [1, 1]);
        Assert.StartsWith("An order of 2 for 3 junctions", Assert.Throws<ArgumentException>(() => new Hierarchy(network, [0, 1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Junction 0 stands at place 2", Assert.Throws<ArgumentException>(() => new Hierarchy(network, [0, 1, 0])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Junction 3 stands at place 1", Assert.Throws<ArgumentException>(() => new Hierarchy(network, [0, 3, 1])).Message, StringComparison.Ordinal);
        var hierarchy = new Hierarchy(network, [0, 1, 2]);
        Assert.StartsWith("The network is not the one", Assert.Throws<ArgumentException>(() => new HierarchyMetric(hierarchy, Network.Build(3, [0, 1], [1, 2], [1, 1]))).Message, StringComparison.Ordinal);
        var metric = new HierarchyMetric(hierarchy, network.WithTravelTimes([7, 8]));
        Assert.Equal(15, new PointToPoint(metric.Searches()).TravelTimeMs(0, 2));
        Assert.StartsWith("arc 2 shall take 1 ms", Assert.Throws<ArgumentException>(() => metric.Set((0, 1), (2, 1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("arc 0 shall take -1 ms", Assert.Throws<ArgumentException>(() => metric.Set((0, -1))).Message, StringComparison.Ordinal);
        Assert.Equal([7, 8], metric.TravelTimesMs);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PointToPoint(metric.Searches()).TravelTimeMs(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sweep.FromSources(metric.Searches()).Run(-1));
        Assert.Throws<ArgumentException>(() => Sweep.FromSources(metric.Searches()).Run(new int[17]));
        Assert.Throws<ArgumentException>(() => Sweep.FromSources(metric.Searches(), [2]).TimeMs(0, 0));
    }
}
