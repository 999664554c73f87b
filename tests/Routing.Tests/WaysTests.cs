using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Is there a second way? Alternatives and ways that share nothing, against all simple ways of small worlds.</summary>
public sealed class WaysTests
{
    private const int Worlds = 4000;

    private static IEnumerable<(Network Network, int Source, int Target, string Why)> Random(int worlds)
    {
        for (var seed = 0; seed < worlds; seed++)
        {
            var (world, random) = (RandomWorld.Of(seed, seed % 2 == 0 ? 1 : 1000, seed % 4 == 0 ? 10 : 7, seed % 4 == 0 ? 36 : seed % 3 == 0 ? 24 : 16), new Random(seed));
            var (source, target) = (random.Next(world.Junctions), random.Next(world.Junctions));
            yield return (world.Network, source, target, $"from {source} to {target}, {world}");
        }
    }

    [Fact]
    public void Alternatives_are_all_simple_ways_in_order_of_their_times()
    {
        foreach (var (network, source, target, why) in Random(Worlds))
        {
            var all = SimplePaths.Between(network, source, target);
            int[] times = [.. all.Select(w => SimplePaths.TimeMs(network, w)).Order()];
            var known = all.Select(w => string.Join(' ', w)).ToHashSet();
            foreach (var most in new[] { 1, 2, 3, 7, 1000 })
            {
                var found = Alternatives.Between(network, source, target, most);
                Assert.True(found.Select(w => w.TimeMs).SequenceEqual(times.Take(most)), $"{most} {why}");
                Assert.True(found.All(w => known.Contains(string.Join(' ', w.Arcs)) && SimplePaths.TimeMs(network, w.Arcs) == w.TimeMs), why);
                Assert.True(found.Select(w => string.Join(' ', w.Arcs)).Distinct().Count() == found.Count, why);
            }
        }
    }

    [Fact]
    public void Ways_that_share_no_road_are_as_many_as_can_be_and_take_the_least_together()
    {
        foreach (var (network, source, target, why) in Random(Worlds))
        {
            if (source == target) continue;
            int Tail(int arc) => SimplePaths.TailOf(network, arc);
            Compare(network, source, target, false, why, ways =>
            {
                var arcs = ways.SelectMany(w => w.Arcs).ToList();
                return arcs.Distinct().Count() == arcs.Count && !arcs.Any(a => arcs.Any(b => Tail(a) == network.Heads[b] && Tail(b) == network.Heads[a]));
            });
            Assert.True(DisjointWays.Between(network, source, target).Count == MinimumCut.Between(network, [source], [target]).Capacity, why);
        }
    }

    [Fact]
    public void Ways_that_share_no_junction_likewise()
    {
        foreach (var (network, source, target, why) in Random(Worlds))
        {
            if (source == target) continue;
            IEnumerable<int> Between(IEnumerable<int> way) => way.SkipLast(1).Select(a => network.Heads[a]);
            Compare(network, source, target, true, why,
                ways => ways.SelectMany(w => Between(w.Arcs)).ToList() is var all && all.Distinct().Count() == all.Count && ways.SelectMany(w => w.Arcs).Distinct().Count() == ways.Sum(w => w.Arcs.Count));
        }
    }

    private static void Compare(Network network, int source, int target, bool ofJunctions, string why, Func<IReadOnlyList<Way>, bool> isDisjoint)
    {
        var ways = SimplePaths.Between(network, source, target);
        var known = ways.Select(w => string.Join(' ', w)).ToHashSet();
        // What each uses: arcs, and where asked for the junctions between.
        ulong Bits(IEnumerable<int> numbers) => numbers.Aggregate(0UL, (bits, number) => bits | 1UL << number);
        var uses = ways.Select(w => (Bits(w) | (ofJunctions ? Bits(w.SkipLast(1).Select(a => 40 + network.Heads[a])) : 0), SimplePaths.TimeMs(network, w))).ToList();
        for (var most = 1; most < 3 || ways.Count <= 60; most++)
        {
            var (found, least) = (DisjointWays.Between(network, source, target, most, ofJunctions), SimplePaths.Least(uses, most));
            Assert.True(found.Count == most == least is not null, $"{most} {why}");
            Assert.True(isDisjoint(found) && found.All(w => known.Contains(string.Join(' ', w.Arcs)) && SimplePaths.TimeMs(network, w.Arcs) == w.TimeMs), $"{most} {why}");
            Assert.True(found.Zip(found.Skip(1)).All(w => w.First.TimeMs <= w.Second.TimeMs), why);
            if (least is null) return;
            Assert.True(found.Sum(w => w.TimeMs) == least, $"{most} {why}");
        }
    }

    //   0 ──1──▶ 1 ──1──▶ 3     the fastest way 0▶1▶2▶3 takes 3 and shares with both others: the best pair leaves it out
    //    ╲4      │1      ╱
    //     ──▶ 2 ◀┘ ──1──▶3      0▶2 4, 1▶3 4
    [Fact]
    public void The_fastest_pair_may_do_without_the_fastest_way()
    {
        var network = Network.Build(4, [0, 0, 1, 1, 2], [1, 2, 2, 3, 3], [1, 4, 1, 4, 1]);   // 0▶1 0▶2 | 1▶2 1▶3 | 2▶3
        Assert.Equal([0, 2, 4], Alternatives.Between(network, 0, 3, 1)[0].Arcs);
        var pair = DisjointWays.Between(network, 0, 3, 2);
        Assert.Equal([5, 5], pair.Select(w => w.TimeMs));
        Assert.Equal([0, 1, 3, 4], pair.SelectMany(w => w.Arcs).Order());
        Assert.Equal([3, 5, 5], Alternatives.Between(network, 0, 3, 9).Select(w => w.TimeMs));
    }

    //   0 ──1──▶ 1 ──5──▶ 3     1 ⇄ 2 take no time: 0▶1▶2▶3, and then 0▶2▶1▶3 if a road could be shared by going there and back
    //    ╲5      ⇅0      ╱
    //     ──▶ 2 ─┘ ──1──▶3
    [Fact]
    public void One_way_along_a_road_and_one_back_share_it()
    {
        var network = Network.Build(4, [0, 0, 1, 1, 2, 2], [1, 2, 2, 3, 3, 1], [1, 5, 0, 5, 1, 0]);
        Assert.Equal(["0 3", "1 4"], DisjointWays.Between(network, 0, 3).Select(w => string.Join(' ', w.Arcs)));
    }

    [Fact]
    public void Alternatives_among_turns_keep_to_them()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var world = TurnWorld.Of(seed);
            var turned = new TurnedNetwork(world.Network, world.Turns);
            for (var t = 0; t < world.World.Junctions; t++)
            {
                var ways = Alternatives.Between(turned.Network, 0, turned.Arrival(t), 5);
                Assert.True((ways is [var best, ..] ? best.TimeMs : Network.Unreachable) == world.Oracle[0][t], $"to {t}, {world}");
                Assert.True(ways.All(w => world.TimeMs(turned.ArcsOf(w.Arcs)) == w.TimeMs) && ways.Select(w => string.Join(' ', turned.ArcsOf(w.Arcs))).Distinct().Count() == ways.Count, $"to {t}, {world}");
            }
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_too_long_is_not_taken_for_none()
    {
        const int Half = Network.Unreachable / 2;
        var network = Network.Build(4, [0, 1, 0], [1, 2, 2], [Half, Half, 5]);   // 3 an island
        Assert.Equal(5, DisjointWays.Between(network, 0, 2, 1)[0].TimeMs);
        Assert.Throws<OverflowException>(() => DisjointWays.Between(network, 0, 2));
        Assert.Throws<OverflowException>(() => Alternatives.Between(network, 0, 2, 2));
        Assert.Empty(Alternatives.Between(network, 0, 3, 2));
        Assert.Empty(DisjointWays.Between(network, 0, 3));
        Assert.Empty(Assert.Single(Alternatives.Between(network, 3, 3, 2)).Arcs);
        Assert.StartsWith("Both ends are junction 1", Assert.Throws<ArgumentException>(() => DisjointWays.Between(network, 1, 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("0 ways", Assert.Throws<ArgumentException>(() => DisjointWays.Between(network, 0, 1, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("0 ways", Assert.Throws<ArgumentException>(() => Alternatives.Between(network, 0, 1, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Alternatives.Between(network, 0, 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DisjointWays.Between(network, -1, 0));
    }
}
