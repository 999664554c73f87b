using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>Added links: all standalone and last-in gains and exact shares, against the matrix of each set of links computed anew (8 by chance, compared, and scaled to all).</summary>
internal static class GainsBenchmark
{
    private const int Links = 10, Samples = 8;

    /// <param name="network">Without links.</param>
    /// <param name="order">Its order.</param>
    /// <param name="searches">On it.</param>
    /// <param name="sources">Junctions.</param>
    /// <param name="targets">Junctions.</param>
    /// <param name="random">The links.</param>
    /// <param name="treeMs">What a tree of our Dijkstra takes.</param>
    /// <param name="report">A case.</param>
    /// <param name="fact">A figure without a peer.</param>
    public static void Run(Network network, int[] order, Searches searches, int[] sources, int[] targets, Random random, double treeMs, Action<string, string, (double, double)> report, Action<string, string> fact)
    {
        int[] ends = [.. Enumerable.Range(0, 2 * Links).Select(_ => random.Next(network.JunctionCount))];
        var arcs = Enumerable.Range(0, Links).SelectMany(link =>
        {
            var timeMs = Math.Min(Network.Unreachable - 1, Dijkstra.TravelTimeMs(network, ends[2 * link], ends[2 * link + 1])) / 3;
            return new AddedArc[] { new(link, 2 * link, 2 * link + 1, timeMs), new(link, 2 * link + 1, 2 * link, timeMs) };
        }).ToList();
        Additions additions = null!;
        var ours = Timing.Best(() =>
        {
            additions = new(searches, [.. ends.Select(Portal.At)], arcs, sources, targets);
            var gains = new LinkGains(additions, PairWeights.Equal(sources.Length, targets.Length), Network.Unreachable - 1);
            gains.Standalone();
            gains.LastIn();
            gains.Shares();
        });
        var matricesMs = MatrixMs(network, order, arcs, ends, additions, sources, targets, random);
        var name = $"gains and shares of {Links} links";
        report(name, $"our matrix anew for each of {1 << Links:N0} sets (scaled from {Samples})", (ours, matricesMs * (1 << Links)));
        report(name, $"our Dijkstra, {sources.Length:N0} trees for each of {1 << Links:N0} sets (scaled)", (ours, (double)sources.Length * (1 << Links) * treeMs));

        IReadOnlyList<HelpedPair> top = [];
        var topMs = Timing.Best(() => top = HelpedPair.Most(additions, (1 << Links) - 1, 1000, Network.Unreachable - 1));
        var whyMs = Timing.Best(() => _ = PairShares.Of(additions, top.Select(p => (p.Source, p.Target)).Order(), Network.Unreachable - 1).Count());
        fact("most helped 1,000 pairs", FormattableString.Invariant($"ours {topMs:0} ms, and {whyMs:0} ms for the links and shares of each"));
    }

    /// <summary>Mean milliseconds for one set, from times to matrix. The network holds all links as arcs, closed at first: a set of them is a metric.</summary>
    private static double MatrixMs(Network network, int[] order, List<AddedArc> arcs, int[] ends, Additions additions, int[] sources, int[] targets, Random random)
    {
        List<int> tails = [], heads = [], timesMs = [];
        for (var tail = 0; tail < network.JunctionCount; tail++)
            for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
            {
                tails.Add(tail);
                heads.Add(network.Heads[arc]);
                timesMs.Add(network.TravelTimesMs[arc]);
            }
        var without = timesMs.Count;
        foreach (var arc in arcs)
        {
            tails.Add(ends[arc.From]);
            heads.Add(ends[arc.To]);
            timesMs.Add(Network.Unreachable);
        }
        var whole = Network.Build(network.JunctionCount, tails, heads, timesMs);
        var hierarchy = new Hierarchy(whole, order);
        var matricesMs = 0.0;
        for (var sample = 0; sample < Samples; sample++)
        {
            var set = random.Next(1 << Links);
            for (var i = 0; i < arcs.Count; i++) timesMs[without + i] = (set >> arcs[i].Link & 1) != 0 ? arcs[i].TimeMs : Network.Unreachable;
            var with = whole.WithTravelTimes(timesMs);
            int[][] matrix = [];
            matricesMs += Timing.Milliseconds(() => matrix = TravelTimeMatrix.Between(new HierarchyMetric(hierarchy, with).Searches(), sources, targets));
            var (tree, rows) = (Dijkstra.TravelTimesFrom(with, sources[sample]), additions.TimesMs((ulong)set));
            HierarchyBenchmark.Must(targets.Select((t, at) => tree[t] == rows[sample][at]).All(same => same), $"The set of links {set:b} from {sources[sample]}");
            HierarchyBenchmark.Must(rows.Zip(matrix).All(r => r.First.SequenceEqual(r.Second)), $"The set of links {set:b}");
        }
        return matricesMs / Samples;
    }
}
