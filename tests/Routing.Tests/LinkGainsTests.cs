using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Many links on a larger network than those drawn by chance: several blocks of targets, sets asked together and apart.</summary>
public sealed class LinkGainsTests
{
    private const int Horizon = 60_000;

    private static Additions Links(int count, int seed = 1, int timeMs = 1_500)
    {
        var ((network, positions), random) = (NestedDissectionTests.Grid(20), new Random(seed));
        int[] Draw(int many) => [.. Enumerable.Range(0, many).Select(_ => random.Next(network.JunctionCount))];
        var ends = Draw(2 * count);
        var arcs = Enumerable.Range(0, count).SelectMany(i => new AddedArc[] { new(i, 2 * i, 2 * i + 1, timeMs), new(i, 2 * i + 1, 2 * i, timeMs + 1_000) }).ToList();
        return new(PerfectMetric.Of(new(new(network, NestedDissection.Order(network, positions)), network)), [.. ends.Select(Portal.At)], arcs, Draw(30), Draw(150));
    }

    private static LinkGains Gains(Additions additions) => new(additions, PairWeights.Equal(30, 150), Horizon);

    [Fact]
    public void Every_mean_is_that_of_the_matrix_and_the_same_whichever_sets_are_asked_together()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var additions = Links(8, seed);
            var together = Gains(additions);
            together.Shares();
            var differentPairs = additions.Sources.Sum(s => additions.Targets.Count(t => t != s));
            for (var set = 0UL; set < 256; set += 5)
            {
                Assert.Equal(Gains(additions).MeanMicroseconds(set), together.MeanMicroseconds(set));
                var sum = additions.TimesMs(set).Sum(row => row.Sum(ms => (long)Math.Min(ms, Horizon)));
                Assert.Equal((long)Math.Round(1000.0 * sum / differentPairs), together.MeanMicroseconds(set));
            }
        }
    }

    [Fact]
    public void More_links_than_share_exactly_are_sampled_ordered_and_shared_pair_by_pair()
    {
        var additions = Links(20, timeMs: 14_000);
        var gains = Gains(additions);
        var all = (1UL << 20) - 1;
        Assert.StartsWith("20 additions", Assert.Throws<ArgumentException>(() => gains.Shares()).Message, StringComparison.Ordinal);
        var (shares, errors) = gains.SampledShares(30);
        Assert.Equal(gains.SavedMicroseconds(all), shares.Sum());
        Assert.All(errors, e => Assert.InRange(e, 0, gains.SavedMicroseconds(all)));
        var sequence = gains.Sequence();
        Assert.Equal(gains.SavedMicroseconds(all), sequence.Sum(s => s.SavedMicroseconds));
        var chosen = 0UL;
        foreach (var (link, saved) in sequence)
        {
            Assert.Equal(Enumerable.Range(0, 20).Where(i => (chosen >> i & 1) == 0).Max(i => gains.MeanMicroseconds(chosen) - gains.MeanMicroseconds(chosen | 1UL << i)), saved);
            chosen |= 1UL << link;
        }

        var (before, after, explained) = (additions.TimesMs(0), additions.TimesMs(all), 0);
        var pairs = Enumerable.Range(0, 30 * 150).Where(i => i % 11 == 0).Select(i => (i / 150, i % 150)).ToList();
        foreach (var ((s, t), found) in pairs.Zip(PairShares.Of(additions, pairs, Horizon)))
        {
            Assert.Equal((before[s][t], after[s][t]), (found.BeforeMs, found.AfterMs));
            Assert.Equal(before[s][t] - after[s][t], found.SharesMs.Sum());
            Assert.All(found.OnTheWay, link => Assert.True(found.SharesMs[link] > 0));
            if (found.OnTheWay.Count > 0) explained++;
        }
        Assert.True(explained > 50, $"{explained} pairs");
        Assert.Contains("links can make the pair 0, 0 faster", Assert.Throws<ArgumentException>(() => PairShares.Of(Links(40), [(0, 0)], Horizon).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_helped_pairs_are_those_of_the_matrices()
    {
        var additions = Links(6);
        var (before, after, random) = (additions.TimesMs(0), additions.TimesMs(0b101101), new Random(1));
        double[][] trips = [.. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 150).Select(_ => (double)random.Next(4)).ToArray())];
        foreach (var weights in new[] { null, trips })
        {
            double Saved(int s, int t) => (weights?[s][t] ?? 1) * (Math.Min(before[s][t], Horizon) - Math.Min(after[s][t], Horizon));
            var expected = Enumerable.Range(0, 30).SelectMany(s => Enumerable.Range(0, 150).Select(t => (s, t))).Where(p => Saved(p.s, p.t) > 0).OrderByDescending(p => Saved(p.s, p.t)).ThenBy(p => p.s).ThenBy(p => p.t).ToList();
            foreach (var top in new[] { 0, 1, 20, 10_000 })
                Assert.Equal(expected.Take(top).Select(p => new HelpedPair(p.s, p.t, before[p.s][p.t], after[p.s][p.t])), HelpedPair.Most(additions, 0b101101, top, Horizon, weights is null ? null : PairWeights.Demand(weights)));
        }
    }

    [Fact]
    public void Can_be_watched_and_ended()
    {
        var (additions, told) = (Links(11), new Told());
        Gains(additions).Shares(told);   // more sets than are evaluated at once
        Assert.Equal(told.Shares.Order(), told.Shares);
        Assert.Equal(1, told.Shares[^1], 9);
        Assert.True(told.Shares.Count >= 60);
        var ended = new CancellationToken(true);
        Assert.Throws<OperationCanceledException>(() => Gains(additions).Shares(null, ended));
        Assert.Throws<OperationCanceledException>(() => Gains(additions).Sequence(0, null, ended));
        Assert.Throws<OperationCanceledException>(() => Gains(additions).SampledShares(5, 1, null, ended));
        Assert.Throws<OperationCanceledException>(() => HelpedPair.Most(additions, 1, 5, Horizon, null, ended));
    }

    private sealed class Told : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }
}
