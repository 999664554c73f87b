using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Links that are there and links that are missing in one evaluation, against networks built anew with and without their arcs.</summary>
public sealed class OpenLinksTests
{
    [Fact]
    public void Every_set_of_missing_and_open_links_gives_what_Dijkstra_finds_in_the_network_built_anew()
    {
        var (open, shortened) = (0, 0);
        foreach (var world in Enumerable.Range(0, 1500).Select(AddedWorld.WithOpenLinks))
        {
            var mixed = world.Mixed;
            Assert.Equal(world.Links, mixed.LinkCount);
            open += world.Open.Count;
            if (mixed.Portals.Count < world.At.Count + world.Open.SelectMany(o => new[] { world.Network.TailOf(o.Arc), world.Network.Heads[o.Arc] }).Distinct().Count()) shortened++;
            for (var set = 0; set < 1 << world.Links; set++)
                Assert.True(mixed.TimesMs((ulong)set).SelectMany(r => r).SequenceEqual(world.Oracle(set).SelectMany(r => r)), $"set {set:b}, {world}");
        }
        Assert.True(open > 1000 && shortened > 100, $"{open} open arcs, {shortened} worlds with fewer portals");
    }

    [Fact]
    public void Gains_beside_what_is_there_are_those_of_the_networks_built_anew()
    {
        foreach (var world in Enumerable.Range(0, 300).Select(AddedWorld.WithOpenLinks))
        {
            if (world.Open.Count == 0 || !world.Sources.Any(s => world.Targets.Any(t => s != t))) continue;
            var (k, horizon, there) = (world.Links, world.World.Seed % 2 == 0 ? 40 : 40_000, world.Open.Aggregate(0, (set, o) => set | 1 << o.Link));
            var random = new Random(world.World.Seed);
            double[][] trips = [.. world.Sources.Select(_ => world.Targets.Select(_ => (double)random.Next(1, 9)).ToArray())];
            var gains = new LinkGains(world.Mixed, PairWeights.Demand(trips), horizon);
            double Mean(int set)
            {
                var (sum, weight, times) = (0.0, 0.0, world.Oracle(set));
                for (var s = 0; s < trips.Length; s++)
                    for (var t = 0; t < trips[s].Length; t++)
                        if (world.Sources[s] != world.Targets[t]) (sum, weight) = (sum + trips[s][t] * Math.Min(times[s][t], horizon), weight + trips[s][t]);
                return 1000 * sum / weight;
            }
            var (beside, standalone, lastIn) = (gains.Beside((ulong)there), gains.Standalone(), gains.LastIn());
            for (var i = 0; i < k; i++)
            {
                Assert.True(Math.Abs(beside[i] - (Mean(there & ~(1 << i)) - Mean(there | 1 << i))) <= 2, world.ToString());
                Assert.Equal(gains.SavedMicroseconds(1UL << i), standalone[i]);
                Assert.Equal(gains.MeanMicroseconds((1UL << k) - 1 & ~(1UL << i)) - gains.MeanMicroseconds((1UL << k) - 1), lastIn[i]);
                for (var j = 0; j < k; j++) Assert.Equal(gains.Synergy(i, j), gains.Synergies()[i][j]);
            }
            Assert.Equal(gains.SavedMicroseconds((1UL << k) - 1), gains.Shares().Sum());
            var sequence = gains.Sequence((ulong)there);
            Assert.True(sequence.Select(s => s.Link).Order().SequenceEqual(Enumerable.Range(0, k).Where(i => (there >> i & 1) == 0)), world.ToString());
        }
    }

    [Fact]
    public void Each_open_link_closed_alone_is_the_network_built_without_it()
    {
        foreach (var world in Enumerable.Range(0, 400).Select(AddedWorld.WithOpenLinks))
        {
            var metric = world.Metric;
            var links = world.Open.GroupBy(o => o.Link).OrderBy(g => g.Key).ToList();
            var there = links.Aggregate(0, (set, link) => set | 1 << link.Key);
            foreach (var (link, times) in links.Zip(Closures.TimesMs(metric, [.. links.Select(l => l.Select(o => o.Arc).ToList())], world.Sources, world.Targets)))
                Assert.True(times.SelectMany(r => r).SequenceEqual(world.Oracle(there & ~(1 << link.Key), 0).SelectMany(r => r)), $"link {link.Key}, {world}");
            Assert.Equal(world.Network.TravelTimesMs, metric.TravelTimesMs);
        }
    }

    //   0 ══ 1 ══ 2 ══ 3 ══ 4     10 ms each, both ways; an open link 1 ══ 2 ══ 3, and a missing one from the middle of 1 ══ 2 to 4 (portal 5 ms along, 6 ms)
    [Fact]
    public void A_missing_link_may_begin_on_an_open_one()
    {
        var network = Network.Build(5, [0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], [10, 10, 10, 10, 10, 10, 10, 10]);
        var metric = new HierarchyMetric(new(network, [0, 1, 2, 3, 4]), network);
        var mixed = Additions.Of(metric, [Portal.On(network, (2, 5), (3, 5)), Portal.At(4)], [new(0, 0, 1, 6), new(0, 1, 0, 6)], [new(1, 2), new(1, 3), new(1, 4), new(1, 5)], [0, 4], [0, 4]);
        Assert.Equal(4, mixed.Portals.Count);   // the two given, 1 and 3; nothing else leads to 2
        Assert.Equal(Network.Unreachable, mixed.TimesMs(0b00)[0][1]);
        Assert.Equal(Network.Unreachable, mixed.TimesMs(0b01)[0][1]);   // it begins on what is closed
        Assert.Equal(40, mixed.TimesMs(0b10)[0][1]);
        Assert.Equal([21, 0], [mixed.TimesMs(0b11)[1][0], mixed.TimesMs(0b11)[1][1]]);
        var gains = new LinkGains(mixed, PairWeights.Equal(2, 2), 100);
        Assert.Equal([0, 60_000], gains.Standalone());
        Assert.Equal([19_000, 79_000], gains.LastIn());
        Assert.Equal([9_500, 69_500], gains.Shares());
        Assert.Equal([(1, 60_000), (0, 19_000)], gains.Sequence());
    }

    [Fact]
    public void What_is_no_open_arc_is_refused_with_its_number()
    {
        var network = Network.Build(2, [0, 1], [1, 0], [10, Network.Unreachable]);
        var metric = new HierarchyMetric(new(network, [0, 1]), network);
        string Refused(params OpenArc[] open) => Assert.Throws<ArgumentException>(() => Additions.Of(metric, [], [], open, [0], [1])).Message;
        Assert.StartsWith("Arc 2 of link 0", Refused(new OpenArc(0, 2)), StringComparison.Ordinal);
        Assert.StartsWith("Arc 1 of link 0", Refused(new OpenArc(0, 1)), StringComparison.Ordinal);   // closed
        Assert.StartsWith("Arc 0 of link 1", Refused(new OpenArc(0, 0), new OpenArc(1, 0)), StringComparison.Ordinal);
        Assert.Contains("links are 0 … 63", Refused(new OpenArc(64, 0)), StringComparison.Ordinal);
    }
}
