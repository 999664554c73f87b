using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Dead ends, bridges by length, detours.</summary>
public sealed class FractionsTests
{
    //   0 ═══ 1 ─── 2        0═1 two-way 100 m, 1▶2 200 m, 2▶3▶4▶2 a ring of 3 × 50 m, 4▶5 a dead end of 400 m, 6 an island with a loop
    //              ╱ ╲
    //             3 ─ 4 ─ 5     6
    [Fact]
    public void Of_a_drawn_world()
    {
        var network = Network.Build(7, [0, 1, 1, 2, 3, 4, 4, 6], [1, 0, 2, 3, 4, 2, 5, 6], [1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.Equal([0, 5], Connectivity.Of(network).DeadEnds);
        Assert.Equal(new(2 / 6.0, 2 / 6.0, 3 / 6.0), RoadFractions.Of(network));
        double[] lengths = [100, 100, 200, 50, 50, 50, 400, 999];
        Assert.Equal(new(2 / 6.0, 500 / 850.0, 700 / 850.0), RoadFractions.Of(network, lengths));
        Assert.Equal(new(null, null, null), RoadFractions.Of(Network.Build(2, [0], [1], [Network.Unreachable])));
        Assert.Equal(new(1, null, null), RoadFractions.Of(Network.Build(2, [0], [1], [1]), [0]));
        Assert.StartsWith("1 lengths for 8 arcs", Assert.Throws<ArgumentException>(() => RoadFractions.Of(network, [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("arc 7 is -1 long", Assert.Throws<ArgumentException>(() => RoadFractions.Of(network, [.. lengths[..7], -1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Agree_on_random_worlds_with_counting_roads_pair_by_pair()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var world = RandomWorld.Of(seed, 1, 12, seed % 2 == 0 ? 14 : 30);
            var (network, why) = (world.Network, world.ToString());
            // The same length for all arcs between two junctions: which of them a road goes by does not matter then.
            double Length(int a, int b) => 1 + Math.Min(a, b) * 13 % 7 + Math.Max(a, b) * 5 % 11;
            var arcs = Enumerable.Range(0, network.ArcCount).Select(a => (Tail: SimplePaths.TailOf(network, a), Head: network.Heads[a], Open: network.TravelTimesMs[a] != Network.Unreachable)).ToList();
            var roads = arcs.Where(a => a.Open && a.Tail != a.Head).GroupBy(a => (A: Math.Min(a.Tail, a.Head), B: Math.Max(a.Tail, a.Head)))
                .Select(g => (g.Key.A, g.Key.B, Count: Math.Max(g.Count(a => a.Tail < a.Head), g.Count(a => a.Tail > a.Head)))).ToList();
            int Degree(int v) => roads.Where(r => r.A == v || r.B == v).Sum(r => r.Count);
            var junctions = Enumerable.Range(0, world.Junctions).ToList();
            Assert.True(Connectivity.Of(network).DeadEnds.SequenceEqual(junctions.Where(v => Degree(v) == 1)), why);
            bool IsBridge((int A, int B, int Count) road) => Connectivity.Of(network).Bridges.Any(b => (Math.Min(arcs[b].Tail, arcs[b].Head), Math.Max(arcs[b].Tail, arcs[b].Head)) == (road.A, road.B));
            foreach (var (lengths, length) in new (double[]?, Func<int, int, double>)[] { (null, (_, _) => 1), ([.. arcs.Select(a => Length(a.Tail, a.Head))], Length) })
            {
                double? Share(Func<(int A, int B, int Count), bool> counts) => roads.Count == 0 ? null : roads.Where(counts).Sum(r => r.Count * length(r.A, r.B)) / roads.Sum(r => r.Count * length(r.A, r.B));
                var found = RoadFractions.Of(network, lengths);
                Assert.True(Near(found.DeadEndJunctions, roads.Count == 0 ? null : (double)junctions.Count(v => Degree(v) == 1) / junctions.Count(v => Degree(v) > 0)), why);
                Assert.True(Near(found.DeadEndRoads, Share(r => Degree(r.A) == 1 || Degree(r.B) == 1)) && Near(found.Bridges, Share(IsBridge)), why);
            }
        }

        static bool Near(double? one, double? other) => one is null == other is null && Math.Abs((one ?? 0) - (other ?? 0)) < 1e-12;
    }

    [Fact]
    public void Detours_of_pairs_and_of_all()
    {
        var detours = new Detours([[0, 300, Network.Unreachable], [150, 0, 100]], [[0, 200, 50], [100, 0, 100]]);
        Assert.Equal([null, 1.5, null, 1.5, null, 1], from f in new[] { 0, 1 } from t in new[] { 0, 1, 2 } select detours.Index(f, t));
        Assert.Equal(3, detours.Pairs);
        Assert.Equal(4 / 3.0, detours.Mean);
        Assert.Equal(550 / 400.0, detours.OfSums);
        var none = new Detours([[Network.Unreachable]], [[1]]);
        Assert.Equal((0, null, null), (none.Pairs, none.Mean, none.OfSums));
        Assert.StartsWith("From 0 to 0 the straight line is NaN", Assert.Throws<ArgumentException>(() => new Detours([[1]], [[double.NaN]])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Row 0 has 1 network distances and 2", Assert.Throws<ArgumentException>(() => new Detours([[1]], [[1, 2]])).Message, StringComparison.Ordinal);
        Assert.StartsWith("1 rows of network distances and 0", Assert.Throws<ArgumentException>(() => new Detours([[1]], [])).Message, StringComparison.Ordinal);
    }
}
