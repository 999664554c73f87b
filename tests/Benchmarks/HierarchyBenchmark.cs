using System.Globalization;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>What is compared between graphs: milliseconds.</summary>
internal sealed record HierarchyFigures(int Junctions, double OrderMs, double CustomisationMs, double SweepMs);

/// <summary>
/// Every question to a hierarchy against our own Dijkstra on the same network: answers are compared first, on sampled trees and pairs; processor
/// time, the best of five rounds, the order once. Where the graph has no positions, the order is searched for without.
/// </summary>
internal static class HierarchyBenchmark
{
    private const int Places = 1000, ClosedArcs = 400, Pairs = 300, PeersSources = 50, PeersTrees = 3;
    private const string Tree = "our Dijkstra, one tree";

    public static HierarchyFigures Run(BenchmarkGraph graph, IReadOnlyList<(string Name, double TreeMs)> libraries, Action<string, string, (double Ours, double Peer)> report, Action<string, string> fact, Action<string> missing, string? pairsFile)
    {
        var (network, random) = (graph.Network(), new Random(6));
        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(network.JunctionCount))];
        var (some, sources, targets) = (Draw(Sweep.Lanes), Draw(Places), Draw(Places));
        var treeMs = Timing.Best(() => { foreach (var source in some) Dijkstra.TravelTimesFrom(network, source); }) / some.Length;

        int[] order = [];
        var orderMs = Timing.Milliseconds(() => order = NestedDissection.Order(network, graph.Positions));
        Hierarchy hierarchy = null!;
        var topologyMs = Timing.Best(() => hierarchy = new(network, order));
        fact("order and topology", Invariant($"ours {orderMs + topologyMs:0} ms, {hierarchy.ArcCount:N0} upward arcs, height {hierarchy.Height}"));
        fact("loaded from its file", Invariant($"ours {LoadMs(hierarchy):0} ms"));

        HierarchyMetric metric = null!;
        var customisationMs = Timing.Best(() => metric = new(hierarchy, network));
        report("basic customisation, all arcs", Tree, (customisationMs, treeMs));
        Searches perfect = null!;
        report("perfect customisation besides", Tree, (Timing.Best(() => perfect = PerfectMetric.Of(metric)), treeMs));
        if (pairsFile is not null) PairAnswers.Write(pairsFile, new(perfect), network.JunctionCount);
        report($"one arc closed, mean of {ClosedArcs}", Tree, (ClosureMs(metric, network, [.. Enumerable.Range(0, ClosedArcs).Select(_ => random.Next(network.ArcCount))]), treeMs));

        var sweep = Sweep.FromSources(perfect);
        var back = Sweep.ToTargets(perfect);
        MustAgree(network, perfect, some, sweep, back);
        var sweepMs = Timing.Best(() => sweep.Run(some)) / some.Length;
        report("one to all, per tree, 16 at once", Tree, (sweepMs, treeMs));
        report("all to one, per tree, 16 at once", Tree, (Timing.Best(() => back.Run(some)) / some.Length, treeMs));
        foreach (var (name, libraryMs) in libraries) report("one to all, per tree, 16 at once", name, (sweepMs, libraryMs));
        int[][] matrix = [];
        var matrixMs = Timing.Best(() => matrix = TravelTimeMatrix.Between(perfect, sources, targets));
        report($"matrix of {Places:N0} × {Places:N0}", $"our Dijkstra, {Places:N0} trees (scaled from {some.Length})", (matrixMs, Places * treeMs));

        PointToPointAgainstDijkstra(network, perfect, [.. Draw(Pairs).Zip(Draw(Pairs))], report);
        GainsBenchmark.Run(network, order, perfect, sources, targets, random, treeMs, report, fact);
        report("bridges and components", Tree, (Timing.Best(() => Connectivity.Of(network)), treeMs));
        if (graph.Bridges.Count > 0) BridgesBenchmark.Run(graph, metric, fact);
        AgainstPgRouting(graph, network, some, sources, targets, matrix, (sweepMs, matrixMs), report, missing);
        return new(network.JunctionCount, orderMs, customisationMs, sweepMs);
    }

    /// <summary>Whole trees, and a matrix of fewer sources, by the pair. The peer runs in the database, so what counts of it is the wall clock of a statement.</summary>
    private static void AgainstPgRouting(BenchmarkGraph graph, Network network, int[] some, int[] sources, int[] targets, int[][] matrix, (double SweepMs, double MatrixMs) ours, Action<string, string, (double, double)> report, Action<string> missing)
    {
        using var peer = PgRouting.Start(graph, out var why);
        if (peer is null)
        {
            missing(why);
            return;
        }
        var tree = Dijkstra.TravelTimesFrom(network, some[0]);
        Must(peer.Tree(some[0], tree.Length).Zip(tree).All(t => t.First == (t.Second == Network.Unreachable ? double.PositiveInfinity : t.Second)), "pgRouting's tree");
        report("one to all, per tree, 16 at once", $"{peer.Name} pgr_drivingDistance (wall clock of a statement, median of {PeersTrees})", (ours.SweepMs, Timing.Median(some.Take(PeersTrees).Select(peer.TreeMs))));
        var (times, ms) = peer.Matrix(sources.Take(PeersSources), targets);
        for (var s = 0; s < PeersSources; s++)
            for (var t = 0; t < targets.Length; t++)
                Must(sources[s] == targets[t] || matrix[s][t] == (times.TryGetValue((sources[s], targets[t]), out var time) ? time : Network.Unreachable), "pgRouting's matrix");
        report("matrix, per pair", $"{peer.Name} pgr_dijkstraCost, {PeersSources} × {Places:N0} (wall clock of the statement)", (ours.MatrixMs / Places / Places, ms / PeersSources / Places));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    internal static void Must(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"{what} differs from Dijkstra's answer. Nothing more is timed.");
    }

    private static double LoadMs(Hierarchy hierarchy)
    {
        var folder = Directory.CreateTempSubdirectory("jietong-benchmark-").FullName;
        try
        {
            HierarchyFile.Write(folder, hierarchy);
            return Timing.Best(() => _ = HierarchyFile.Read(folder, hierarchy.Network) ?? throw new InvalidDataException($"What was saved in {folder} cannot be read."));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>All are closed one after another, which is timed, and then reopened.</summary>
    private static double ClosureMs(HierarchyMetric metric, Network network, int[] arcs) => Enumerable.Range(0, Timing.Rounds).Min(_ =>
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
        var stoppedMs = Timing.Best(() => { foreach (var (from, to) in pairs.Take(60)) Dijkstra.TravelTimeMs(network, from, to); }) / 60;
        double Each(Action<int, int> question) => Timing.Best(() => { for (var i = 0; i < 10 * pairs.Length; i++) question(pairs[i % pairs.Length].From, pairs[(i + i / pairs.Length) % pairs.Length].To); }) / (10 * pairs.Length);
        report("point to point, time", "our Dijkstra stopped at the target", (Each((from, to) => ask.TravelTimeMs(from, to)), stoppedMs));
        report("point to point, path", "our Dijkstra stopped at the target", (Each((from, to) => ask.Path(from, to)), stoppedMs));
    }
}
