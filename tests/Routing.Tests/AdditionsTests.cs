using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Added links by portals, against networks in which arcs are split at the portals and the links are arcs like any others.</summary>
public sealed class AdditionsTests
{
    private static IEnumerable<AddedWorld> Cases => Enumerable.Range(0, 400).Select(AddedWorld.Of);

    [Fact]
    public void Every_set_of_links_gives_what_Dijkstra_finds_with_them_in_the_network()
    {
        foreach (var world in Cases)
        {
            var additions = world.Added;
            Assert.Equal(world.Links, additions.LinkCount);
            for (var set = 0; set < 1 << world.Links; set++)
                Assert.True(additions.TimesMs((ulong)set).SelectMany(r => r).SequenceEqual(world.Oracle(set).SelectMany(r => r)), $"set {set:b}, {world}");
        }
    }

    [Fact]
    public void Nothing_added_changes_nothing_and_one_more_link_makes_nobody_slower()
    {
        foreach (var world in Cases)
        {
            var additions = world.Added;
            Assert.True(additions.TimesMs(0).SelectMany(r => r).SequenceEqual(world.Sources.SelectMany(s => world.Targets.Select(t => Dijkstra.TravelTimesFrom(world.Network, s)[t]))), world.ToString());
            var all = additions.TimesMs((1UL << world.Links) - 1).SelectMany(r => r).ToList();
            for (var set = 0; set < 1 << world.Links; set++)
                Assert.True(additions.TimesMs((ulong)set).SelectMany(r => r).Zip(all).All(p => p.First >= p.Second), $"set {set:b}, {world}");
        }
    }

    [Fact]
    public void Means_and_shares_are_those_of_the_matrices()
    {
        foreach (var world in Cases)
        {
            var (random, horizon) = (new Random(world.World.Seed), world.World.Seed % 2 == 0 ? 40 : 40_000);
            double[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(1, 5))];
            var (from, to) = (Weights(world.Sources.Length), Weights(world.Targets.Length));
            if (!world.Sources.Any(s => world.Targets.Any(t => s != t))) continue;
            var gains = new LinkGains(world.Added, PairWeights.Product(from, to), horizon);
            double Mean(int set)
            {
                var (sum, weight, times) = (0.0, 0.0, world.Oracle(set));
                for (var s = 0; s < from.Length; s++)
                    for (var t = 0; t < to.Length; t++)
                        if (world.Sources[s] != world.Targets[t]) (sum, weight) = (sum + from[s] * to[t] * Math.Min(times[s][t], horizon), weight + from[s] * to[t]);
                return sum / weight;
            }
            var (k, all, why) = (world.Links, (1 << world.Links) - 1, world.ToString());
            double[] means = [.. Enumerable.Range(0, all + 1).Select(Mean)];
            bool Near(double microseconds, double ms) => Math.Abs(microseconds - 1000 * ms) <= 3;   // each is rounded
            for (var set = 0; set <= all; set++) Assert.True(Near(gains.MeanMicroseconds((ulong)set), means[set]), why);
            Assert.True(Enumerable.Range(0, k).All(i => Near(gains.Standalone()[i], means[0] - means[1 << i]) && Near(gains.LastIn()[i], means[all & ~(1 << i)] - means[all])), why);
            if (k > 1) Assert.True(Near(gains.Synergy(0, 1), means[1] + means[2] - means[0] - means[3]), why);
            var shares = gains.Shares();
            Assert.True(shares.Sum() == gains.SavedMicroseconds((ulong)all), why);
            Assert.True(shares.Zip(Shares.Of(k, [.. means.Select(m => -(long)Math.Round(1000 * m))])).All(s => Math.Abs(s.First - s.Second) <= 3), why);
            var sequence = gains.Sequence();
            Assert.True(sequence.Sum(s => s.SavedMicroseconds) == gains.SavedMicroseconds((ulong)all) && sequence.Select(s => s.Link).Order().SequenceEqual(Enumerable.Range(0, k)), why);
            Assert.True(sequence[0].SavedMicroseconds == gains.Standalone().Max(), why);
        }
    }

    [Fact]
    public void A_pairs_shares_sum_to_what_it_saves_and_the_links_on_its_way_bring_it_all()
    {
        foreach (var world in Cases.Take(150))
        {
            var (additions, horizon) = (world.Added, world.World.Seed % 2 == 0 ? 30 : 30_000);
            var (before, after) = (world.Oracle(0), world.Oracle((1 << world.Links) - 1));
            var pairs = Enumerable.Range(0, world.Sources.Length).SelectMany(s => Enumerable.Range(0, world.Targets.Length).Select(t => (s, t))).Where(p => (p.s + p.t) % 7 == 0).ToList();
            foreach (var ((s, t), found) in pairs.Zip(PairShares.Of(additions, pairs, horizon)))
            {
                var why = $"from {world.Sources[s]} to {world.Targets[t]}, {world}";
                Assert.True((found.BeforeMs, found.AfterMs) == (before[s][t], after[s][t]), why);
                Assert.True(found.SharesMs.Sum() == Math.Min(before[s][t], horizon) - Math.Min(after[s][t], horizon), why);
                Assert.True(found.OnTheWay.Count == 0 == (before[s][t] == after[s][t]), why);
                Assert.True(world.Oracle(found.OnTheWay.Sum(i => 1 << i), (1 << world.Links) - 1)[s][t] == after[s][t], why);
            }
        }
    }

    //   0 ──10── 1 ──10── 2      two-way; a link 0↔2 of 8 ms from the middle of 0─1 (5 along) to junction 2
    [Fact]
    public void A_link_from_the_middle_of_a_street_in_a_drawn_world()
    {
        var network = Network.Build(3, [0, 1, 1, 2], [1, 0, 2, 1], [10, 10, 10, 10]);   // slots: 0▶1, 1▶0, 1▶2, 2▶1
        var additions = new Additions(new HierarchyMetric(new(network, [0, 1, 2]), network).Searches(), [Portal.On(network, (0, 5), (1, 5)), Portal.At(2)], [new(0, 0, 1, 8), new(0, 1, 0, 8)], [0, 1, 2], [0, 1, 2]);
        Assert.Equal([0, 10, 20], additions.TimesMs(0)[0]);
        Assert.Equal([0, 10, 13], additions.TimesMs(1)[0]);   // 5 + 8
        Assert.Equal([10, 0, 10], additions.TimesMs(1)[1]);   // 5 + 8 is no help
        Assert.Equal([13, 10, 0], additions.TimesMs(1)[2]);
        var gains = new LinkGains(additions, PairWeights.Equal(3, 3), 1000);
        Assert.Equal(13_333, gains.MeanMicroseconds(0));
        Assert.Equal(11_000, gains.MeanMicroseconds(1));
        Assert.Equal([2_333], gains.Shares());
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_place()
    {
        var network = Network.Build(2, [0, 1], [1, 0], [10, Network.Unreachable]);
        var searches = new HierarchyMetric(new(network, [0, 1]), network).Searches();
        string Refused(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
        Assert.StartsWith("A portal 11 ms along arc 0", Refused(() => Portal.On(network, (0, 11))), StringComparison.Ordinal);
        Assert.StartsWith("A portal 0 ms along arc 1", Refused(() => Portal.On(network, (1, 0))), StringComparison.Ordinal);
        var parallel = Network.Build(2, [0, 0, 1], [1, 1, 0], [10, 10, 10]);
        Assert.StartsWith("A portal on 2 arcs, 0 to 1, 0 to 1", Refused(() => Portal.On(parallel, (0, 1), (1, 9))), StringComparison.Ordinal);
        Assert.StartsWith("A portal on 0 arcs", Refused(() => Portal.On(network)), StringComparison.Ordinal);
        Assert.Contains("links are 0 … 63", Refused(() => new Additions(searches, [Portal.At(0)], [new(64, 0, 0, 1)], [0], [1])), StringComparison.Ordinal);
        Assert.Contains("portals 0 … 0", Refused(() => new Additions(searches, [Portal.At(0)], [new(0, 0, 1, 1)], [0], [1])), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Additions(searches, [Portal.At(2)], [new(0, 0, 0, 1)], [0], [1]));
        var additions = new Additions(searches, [Portal.At(0), Portal.At(1)], [new(0, 1, 0, Network.Unreachable - 1)], [0, 1], [0, 1]);
        Assert.StartsWith("2 × 1 weights", Refused(() => new LinkGains(additions, PairWeights.Product([1, 1], [1]), 5)), StringComparison.Ordinal);
        Assert.StartsWith("A weight of -1", Refused(() => PairWeights.Product([1, -1], [1, 1])), StringComparison.Ordinal);
        Assert.StartsWith("Rows of 1 and 2 weights", Refused(() => PairWeights.Demand([[1], [1, 2]])), StringComparison.Ordinal);
        Assert.StartsWith("A horizon of 0 ms", Refused(() => new LinkGains(additions, PairWeights.Equal(2, 2), 0)), StringComparison.Ordinal);
        Assert.StartsWith("No pair", Refused(() => new LinkGains(additions, PairWeights.Product([1, 0], [1, 0]), 5)), StringComparison.Ordinal);
        Assert.Equal(Network.Unreachable - 1, additions.TimesMs(1)[1][0]);
    }

    //   0 ──▶ 1    2 ──▶ 3    4     links 1▶2 and 3▶4 of a third of the limit each: one is a time, both are too long
    [Fact]
    public void A_way_that_becomes_too_long_is_refused_and_not_taken_for_none()
    {
        const int Third = Network.Unreachable / 3 + 2;
        var network = Network.Build(5, [0, 2], [1, 3], [Third / 2, Third / 2]);
        var additions = new Additions(new HierarchyMetric(new(network, [0, 1, 2, 3, 4]), network).Searches(), [Portal.At(1), Portal.At(2), Portal.At(3), Portal.At(4)], [new(0, 0, 1, Third), new(1, 2, 3, Third)], [0, 2], [3, 4]);
        Assert.Equal([Third / 2 + Third + Third / 2, Network.Unreachable], additions.TimesMs(1)[0]);
        Assert.Equal([Third / 2, Third / 2 + Third], additions.TimesMs(2)[1]);
        Assert.Throws<OverflowException>(() => additions.TimesMs(3));
        Assert.Throws<OverflowException>(() => new LinkGains(additions, PairWeights.Equal(2, 2), 1000).Shares());
    }
}
