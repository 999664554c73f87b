using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Minimum cuts, against every way to part the junctions of small worlds in two.</summary>
public sealed class MinimumCutTests
{
    [Fact]
    public void Is_the_least_of_all_cuts_nearest_to_either_side()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (world, random) = (RandomWorld.Of(seed, 1, 8, seed % 3 == 0 ? 40 : 18), new Random(seed));
            var (network, n, why) = (world.Network, world.Junctions, world.ToString());
            if (n < 2) continue;
            var places = Enumerable.Range(0, n).ToArray();
            random.Shuffle(places);
            var (sources, targets) = (places[..random.Next(1, n)], Array.Empty<int>());
            targets = places[sources.Length..][..random.Next(1, n - sources.Length + 1)];
            int[]? capacities = seed % 2 == 0 ? null : [.. Enumerable.Range(0, network.ArcCount).Select(_ => random.Next(6))];
            int Capacity(int arc) => network.TravelTimesMs[arc] == Network.Unreachable ? 0 : capacities?[arc] ?? 1;
            var arcs = Enumerable.Range(0, network.ArcCount).Select(a => (Arc: a, Tail: SimplePaths.TailOf(network, a), Head: network.Heads[a])).ToList();

            var (best, common, any) = (long.MaxValue, 0, 0);
            for (var set = 0; set < 1 << n; set++)
            {
                bool Before(int v) => (set >> v & 1) != 0;
                if (!sources.All(Before) || targets.Any(Before)) continue;
                var capacity = arcs.Where(a => Before(a.Tail) && !Before(a.Head)).Sum(a => (long)Capacity(a.Arc));
                if (capacity < best) (best, common, any) = (capacity, set, set);
                else if (capacity == best) (common, any) = (common & set, any | set);
            }
            var found = MinimumCut.Between(network, sources, targets, capacities);
            Assert.True(found.Capacity == best, why);
            foreach (var (cut, set) in new[] { (found.NearSource, common), (found.NearTarget, any) })
            {
                Assert.True(cut.BeforeCut.Select((before, v) => before ? 1 << v : 0).Sum() == set, why);
                Assert.True(cut.Arcs.SequenceEqual(arcs.Where(a => cut.BeforeCut[a.Tail] && !cut.BeforeCut[a.Head] && Capacity(a.Arc) > 0).Select(a => a.Arc)), why);
                var closed = network.WithTravelTimes([.. Enumerable.Range(0, network.ArcCount).OrderBy(a => network.InputArcs[a]).Select(a => cut.Arcs.Contains(a) || Capacity(a) == 0 ? Network.Unreachable : network.TravelTimesMs[a])]);
                Assert.True(sources.All(s => targets.All(t => Dijkstra.TravelTimesFrom(closed, s)[t] == Network.Unreachable)), why);
            }
        }
    }

    //   0 ═ 1 ─ 2 ═ 3    twice two roads and one between; wide: 1▶2 carries 9
    [Fact]
    public void Of_a_drawn_world()
    {
        var network = Network.Build(4, [0, 0, 1, 2, 2], [1, 1, 2, 3, 3], [1, 1, 1, 1, 1]);
        var cut = MinimumCut.Between(network, [0], [3]);
        Assert.Equal(1, cut.Capacity);
        Assert.Equal([2], cut.NearSource.Arcs);
        Assert.Equal([true, true, false, false], cut.NearTarget.BeforeCut);
        var wide = MinimumCut.Between(network, [0], [3], [1, 1, 9, 1, 1]);
        Assert.Equal(2, wide.Capacity);
        Assert.Equal([0, 1], wide.NearSource.Arcs);
        Assert.Equal([3, 4], wide.NearTarget.Arcs);
        Assert.Equal(4L * int.MaxValue, MinimumCut.Between(Network.Build(2, [0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, 1]), [0], [1], [.. Enumerable.Repeat(int.MaxValue, 4)]).Capacity);
        Assert.Equal(0, MinimumCut.Between(network, [3], [0]).Capacity);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_place()
    {
        var network = Network.Build(2, [0], [1], [1]);
        string Refused(int[] sources, int[] targets, int[]? capacities = null) => Assert.Throws<ArgumentException>(() => MinimumCut.Between(network, sources, targets, capacities)).Message;
        Assert.StartsWith("Junction 1 is a source and a target", Refused([0, 1], [1]), StringComparison.Ordinal);
        Assert.StartsWith("1 sources and 0 targets", Refused([0], []), StringComparison.Ordinal);
        Assert.StartsWith("2 capacities for 1 arcs", Refused([0], [1], [1, 2]), StringComparison.Ordinal);
        Assert.StartsWith("arc 0 carries -1", Refused([0], [1], [-1]), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => MinimumCut.Between(network, [0], [2]));
    }
}
