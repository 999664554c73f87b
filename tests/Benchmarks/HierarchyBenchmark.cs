using System.Globalization;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>
/// Every question to a hierarchy against our own Dijkstra on the same network: answers are compared first, on sampled trees and pairs; processor
/// time, the best of five rounds. The graph has no positions, so the order is searched for without.
/// </summary>
internal static class HierarchyBenchmark
{
    private const int Places = 1000, Links = 10, Closures = 400, Pairs = 300, Rounds = 5;
    private const string Tree = "our Dijkstra, one tree";

    public static void Run(BenchmarkGraph graph, IReadOnlyList<(string Name, double TreeMs)> libraries, Action<string, string, (double Ours, double Peer)> report, Action<string, string> fact, string? pairsFile)
    {
        var (network, random) = (graph.Network(), new Random(6));
        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(network.JunctionCount))];
        var (some, sources, targets) = (Draw(Sweep.Lanes), Draw(Places), Draw(Places));
        var treeMs = Best(() => { foreach (var source in some) Dijkstra.TravelTimesFrom(network, source); }) / some.Length;

        int[] order = [];
        var orderMs = Timing.Milliseconds(() => order = NestedDissection.Order(network));
        Hierarchy hierarchy = null!;
        var topologyMs = Best(() => hierarchy = new(network, order));
        fact("order and topology", Invariant($"ours {orderMs + topologyMs:0} ms, {hierarchy.ArcCount:N0} upward arcs, height {hierarchy.Height}"));
        fact("loaded from its file", Invariant($"ours {LoadMs(hierarchy):0} ms"));

        HierarchyMetric metric = null!;
        report("basic customisation, all arcs", Tree, (Best(() => metric = new(hierarchy, network)), treeMs));
        Searches perfect = null!;
        report("perfect customisation besides", Tree, (Best(() => perfect = PerfectMetric.Of(metric)), treeMs));
        report($"one arc closed, mean of {Closures}", Tree, (ClosureMs(metric, network, [.. Enumerable.Range(0, Closures).Select(_ => random.Next(network.ArcCount))]), treeMs));

        var sweep = Sweep.FromSources(perfect);
        var back = Sweep.ToTargets(perfect);
        MustAgree(network, perfect, some, sweep, back);
        var sweepMs = Best(() => sweep.Run(some)) / some.Length;
        report("one to all, per tree, 16 at once", Tree, (sweepMs, treeMs));
        report("all to one, per tree, 16 at once", Tree, (Best(() => back.Run(some)) / some.Length, treeMs));
        foreach (var (name, libraryMs) in libraries) report("one to all, per tree, 16 at once", name, (sweepMs, libraryMs));
        report($"{Places:N0} × {Places:N0} matrix", $"our Dijkstra, {Places:N0} trees (scaled from {some.Length})", (Best(() => TravelTimeMatrix.Between(perfect, sources, targets)), Places * treeMs));

        PointToPointAgainstDijkstra(network, perfect, [.. Draw(Pairs).Zip(Draw(Pairs))], report);
        GainsAgainstMatrices(network, order, perfect, sources, targets, random, treeMs, report);
        report("bridges and components", Tree, (Best(() => Connectivity.Of(network)), treeMs));
        fact("pgRouting", "not measured in this run");
        if (pairsFile is not null) Answer(pairsFile, new(perfect), network.JunctionCount);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Best(Action action) => Enumerable.Range(0, Rounds).Min(_ => Timing.Milliseconds(action));

    private static void Must(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"{what} differs from Dijkstra's answer. Nothing more is timed.");
    }

    private static double LoadMs(Hierarchy hierarchy)
    {
        var folder = Directory.CreateTempSubdirectory("jietong-benchmark-").FullName;
        try
        {
            HierarchyFile.Write(folder, hierarchy);
            return Best(() => _ = HierarchyFile.Read(folder, hierarchy.Network) ?? throw new InvalidDataException($"What was saved in {folder} cannot be read."));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>All are closed one after another, which is timed, and then reopened.</summary>
    private static double ClosureMs(HierarchyMetric metric, Network network, int[] arcs) => Enumerable.Range(0, Rounds).Min(_ =>
    {
        var ms = Timing.Milliseconds(() => { foreach (var arc in arcs) metric.Set((arc, Network.Unreachable)); });
        foreach (var arc in arcs) metric.Set((arc, network.TravelTimesMs[arc]));
        return ms / arcs.Length;
    });

    private static void MustAgree(Network network, Searches searches, int[] some, Sweep sweep, Sweep back)
    {
        sweep.Run(some);
        back.Run(some);
        var ask = new PointToPoint(searches);
        for (var lane = 0; lane < 4; lane++)
        {
            var tree = Dijkstra.TravelTimesFrom(network, some[lane]);
            for (var v = 0; v < tree.Length; v++) Must(sweep.TimeMs(lane, v) == tree[v], $"The sweep from {some[lane]} to {v}");
            for (var v = 0; v < tree.Length; v += 997)
            {
                Must(ask.TravelTimeMs(some[lane], v) == tree[v], $"The time from {some[lane]} to {v}");
                Must((ask.Path(some[lane], v)?.Sum(arc => network.TravelTimesMs[arc]) ?? Network.Unreachable) == tree[v], $"The path from {some[lane]} to {v}");
            }
            for (var other = 0; other < some.Length; other++) Must(back.TimeMs(other, some[lane]) == tree[some[other]], $"The sweep to {some[other]} from {some[lane]}");
        }
    }

    private static void PointToPointAgainstDijkstra(Network network, Searches searches, (int From, int To)[] pairs, Action<string, string, (double, double)> report)
    {
        var ask = new PointToPoint(searches);
        foreach (var (from, to) in pairs.Take(20)) Must(ask.TravelTimeMs(from, to) == Dijkstra.TravelTimeMs(network, from, to), $"The time from {from} to {to}");
        var stoppedMs = Best(() => { foreach (var (from, to) in pairs.Take(60)) Dijkstra.TravelTimeMs(network, from, to); }) / 60;
        double Each(Action<int, int> question) => Best(() => { for (var i = 0; i < 10 * pairs.Length; i++) question(pairs[i % pairs.Length].From, pairs[(i + i / pairs.Length) % pairs.Length].To); }) / (10 * pairs.Length);
        report("point to point, time", "our Dijkstra stopped at the target", (Each((from, to) => ask.TravelTimeMs(from, to)), stoppedMs));
        report("point to point, path", "our Dijkstra stopped at the target", (Each((from, to) => ask.Path(from, to)), stoppedMs));
    }

    /// <summary>All standalone and last-in gains and exact shares; the peers compute the matrix of each set of links anew (8 by chance, scaled to all).</summary>
    private static void GainsAgainstMatrices(Network network, int[] order, Searches searches, int[] sources, int[] targets, Random random, double treeMs, Action<string, string, (double, double)> report)
    {
        int[] ends = [.. Enumerable.Range(0, 2 * Links).Select(_ => random.Next(network.JunctionCount))];
        var arcs = Enumerable.Range(0, Links).SelectMany(link =>
        {
            var timeMs = Math.Min(Network.Unreachable - 1, Dijkstra.TravelTimeMs(network, ends[2 * link], ends[2 * link + 1])) / 3;
            return new AddedArc[] { new(link, 2 * link, 2 * link + 1, timeMs), new(link, 2 * link + 1, 2 * link, timeMs) };
        }).ToList();
        Additions additions = null!;
        var ours = Best(() =>
        {
            additions = new(searches, [.. ends.Select(Portal.At)], arcs, sources, targets);
            var gains = new LinkGains(additions, PairWeights.Equal(sources.Length, targets.Length), Network.Unreachable - 1);
            gains.Standalone();
            gains.LastIn();
            gains.Shares();
        });

        // The peer's network holds all links as arcs, closed at first: a set of them is a metric.
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
        for (var sample = 0; sample < 8; sample++)
        {
            var set = random.Next(1 << Links);
            for (var i = 0; i < arcs.Count; i++) timesMs[without + i] = (set >> arcs[i].Link & 1) != 0 ? arcs[i].TimeMs : Network.Unreachable;
            var with = whole.WithTravelTimes(timesMs);
            int[][] matrix = [];
            matricesMs += Timing.Milliseconds(() => matrix = TravelTimeMatrix.Between(new HierarchyMetric(hierarchy, with).Searches(), sources, targets));
            var (tree, rows) = (Dijkstra.TravelTimesFrom(with, sources[sample]), additions.TimesMs((ulong)set));
            Must(targets.Select((t, at) => tree[t] == rows[sample][at]).All(same => same), $"The set of links {set:b} from {sources[sample]}");
            Must(rows.Zip(matrix).All(r => r.First.SequenceEqual(r.Second)), $"The set of links {set:b}");
        }
        report($"{Links} links, all gains and shares", $"our matrix anew for each of {1 << Links:N0} sets (scaled from 8)", (ours, matricesMs / 8 * (1 << Links)));
        report($"{Links} links, all gains and shares", $"our Dijkstra, {Places:N0} trees for each of {1 << Links:N0} sets (scaled)", (ours, (double)Places * (1 << Links) * treeMs));
    }

    /// <summary>Columns source,target by the graph's own numbers from 1; the answers stand on standard output, in its own units.</summary>
    private static void Answer(string file, PointToPoint ask, int junctions)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var words = line.Split(',', StringSplitOptions.TrimEntries);
            if (number == 1 && words is ["source", "target"]) continue;
            if (words.Length != 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var source) || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var target)
                || source < 1 || target < 1 || source > junctions || target > junctions)
                throw new FormatException($"{file}, line {number}: \"{line}\" is no pair of junctions, source,target, from 1 to {junctions}.");
            var timeMs = ask.TravelTimeMs(source - 1, target - 1);
            Console.WriteLine(Invariant($"{source},{target},{(timeMs == Network.Unreachable ? "unreachable" : timeMs)}"));
        }
    }
}
