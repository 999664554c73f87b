using Xunit;

namespace Jietong.Routing.Tests;

public sealed class ConnectivityTests
{
    //   0 ═══ 1 ─── 2        0═1 two-way, 1▶2 one-way, 2▶3▶4▶2 a ring, 4═5 two roads, 6 an island with a loop
    //              ╱ ╲
    //             3 ─ 4 ══ 5     6
    private static readonly Network Drawn = Network.Build(7, [0, 1, 1, 2, 3, 4, 4, 4, 5, 6], [1, 0, 2, 3, 4, 2, 5, 5, 4, 6], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

    [Fact]
    public void Tells_what_a_drawn_world_hangs_by()
    {
        var found = Connectivity.Of(Drawn);
        Assert.Equal(3, found.StrongComponentCount);   // 0 1, 2 3 4 5, 6
        Assert.Equal([0, 0, 0, 0, 0, 0, 1], found.WeakComponentOf);
        Assert.Equal(2, found.WeakComponentCount);
        Assert.Equal([(0, 1), (1, 2)], found.Bridges.Select(a => (Math.Min(TailOf(Drawn, a), Drawn.Heads[a]), Math.Max(TailOf(Drawn, a), Drawn.Heads[a]))).Order());
        Assert.Equal([1, 2, 4], found.ArticulationPoints);
        Assert.Equal(7, found.Roads);   // 0-1, 1-2, three of the ring, 4-5 twice
        Assert.Equal(7 / 7.0, found.Beta);
        Assert.Equal((7 - 7 + 2) / (14 - 10.0), found.Alpha);
        Assert.Equal(7 / (21 - 12.0), found.Gamma);
    }

    [Fact]
    public void A_closed_arc_is_not_there()
    {
        var found = Connectivity.Of(Drawn.WithTravelTimes([1, 1, Network.Unreachable, 1, 1, 1, 1, 1, 1, 1]));   // 1▶2
        Assert.Equal(3, found.WeakComponentCount);
        Assert.Single(found.Bridges);
        Assert.Equal([4], found.ArticulationPoints);
    }

    [Fact]
    public void Agrees_on_random_worlds_with_taking_everything_out_in_turn()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var world = RandomWorld.Of(seed, 1, 12, seed % 2 == 0 ? 14 : 30);
            if (seed % 3 == 0) world = world.BothWays;
            var (network, why) = (world.Network, world.ToString());
            var found = Connectivity.Of(network);
            var reached = Enumerable.Range(0, world.Junctions).Select(s => Dijkstra.TravelTimesFrom(network, s)).ToList();
            for (var s = 0; s < world.Junctions; s++)
                for (var t = 0; t < world.Junctions; t++)
                {
                    var (there, back) = (reached[s][t] != Network.Unreachable, reached[t][s] != Network.Unreachable);
                    Assert.True((found.StrongComponentOf[s] == found.StrongComponentOf[t]) == (there && back), why);
                    Assert.True(!there || found.StrongComponentOf[s] >= found.StrongComponentOf[t], why);
                }
            (int A, int B)[] open = [.. Enumerable.Range(0, world.Tails.Length).Where(a => world.TimesMs[a] != Network.Unreachable && world.Tails[a] != world.Heads[a]).Select(a => (world.Tails[a], world.Heads[a]))];
            Assert.True(Parts(world.Junctions, open, -1) == found.WeakComponentCount && found.WeakComponentOf.Distinct().Count() == found.WeakComponentCount, why);
            Assert.True(open.All(r => found.WeakComponentOf[r.A] == found.WeakComponentOf[r.B]), why);

            var roads = open.GroupBy(r => (Math.Min(r.A, r.B), Math.Max(r.A, r.B))).Select(g => (Ends: g.Key, Count: Math.Max(g.Count(r => r.A < r.B), g.Count(r => r.A > r.B)))).ToList();
            Assert.True(roads.Sum(r => r.Count) == found.Roads, why);
            var bridges = roads.Where(r => r.Count == 1 && Parts(world.Junctions, open.Where(o => (Math.Min(o.A, o.B), Math.Max(o.A, o.B)) != r.Ends), -1) > found.WeakComponentCount).Select(r => r.Ends).Order();
            Assert.True(bridges.SequenceEqual(found.Bridges.Select(a => (Math.Min(TailOf(network, a), network.Heads[a]), Math.Max(TailOf(network, a), network.Heads[a]))).Order()), why);
            Assert.True(found.Bridges.All(a => network.TravelTimesMs[a] != Network.Unreachable), why);
            var points = Enumerable.Range(0, world.Junctions).Where(v => Parts(world.Junctions, open.Where(r => r.A != v && r.B != v), v) > found.WeakComponentCount);
            Assert.True(points.SequenceEqual(found.ArticulationPoints), why);
        }
    }

    /// <summary>How many parts there are, by spreading labels until nothing changes; one junction left out.</summary>
    private static int Parts(int junctions, IEnumerable<(int A, int B)> roads, int without)
    {
        var (labels, list) = (Enumerable.Range(0, junctions).ToArray(), roads.ToList());
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (a, b) in list)
                if (labels[a] != labels[b]) (labels[a], labels[b], changed) = (Math.Min(labels[a], labels[b]), Math.Min(labels[a], labels[b]), true);
        }
        return labels.Where((_, v) => v != without).Distinct().Count();
    }

    private static int TailOf(Network network, int arc) => Enumerable.Range(0, network.JunctionCount).First(v => network.FirstArc[v] <= arc && arc < network.FirstArc[v + 1]);

    [Fact]
    public void A_road_of_a_million_junctions_does_not_exhaust_the_stack()
    {
        const int Length = 1_000_000;
        var found = Connectivity.Of(Network.Build(Length, [.. Enumerable.Range(0, Length - 1)], [.. Enumerable.Range(1, Length - 1)], new int[Length - 1]));
        Assert.Equal((Length, 1, Length - 1, Length - 2), (found.StrongComponentCount, found.WeakComponentCount, found.Bridges.Count, found.ArticulationPoints.Count));
    }

    [Fact]
    public void Nothing_has_no_indices()
    {
        var found = Connectivity.Of(Network.Build(0, [], [], []));
        Assert.Equal((0, 0, null, null, null), (found.StrongComponentCount, found.WeakComponentCount, found.Alpha, found.Beta, found.Gamma));
    }
}
