using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>
/// One-to-all Dijkstra against igraph and SciPy; hierarchies and gains against our Dijkstra and pgRouting; optimal strategies against our Dijkstra without waits and against plain Python;
/// public transport by <see cref="PublicTransportBenchmark"/>.
/// Answers are compared before anything is timed; loading is not timed. Milliseconds are processor time; the ratio is the peer's time ÷ ours: above 1, we are faster.
/// </summary>
internal static class RoutingBenchmark
{
    private const double LeastRatioToIgraph = 1.5;   // below it, a ratio against our own Dijkstra says nothing
    private const double RoundingMs = 10;            // ours rounds to whole milliseconds at every junction

    private sealed record Line(string Name, string Size, double OursMs, string Peer, double PeerMs, double Ratio);

    /// <returns>The exit code: 1 where a peer is missing or our Dijkstra is too slow to be compared with.</returns>
    public static int Run(string[] args)
    {
        var (options, files, flags) = (new Dictionary<string, string>(), new List<string>(), new HashSet<string>());
        for (var i = 0; i < args.Length; i++)
            if (args[i] is "--without-peers" or "--only-pairs") flags.Add(args[i]);
            else if (args[i] is "--graph" && i + 1 < args.Length) files.Add(args[++i]);
            else if (args[i] is "--json" or "--pairs" && i + 1 < args.Length) options[args[i]] = args[++i];
            else throw new ArgumentException($"{args[i]}: there are --graph FILE (several may be given), --pairs FILE, --only-pairs, --json FILE and --without-peers.");
        var pairs = options.GetValueOrDefault("--pairs");
        if (pairs is null ? flags.Contains("--only-pairs") : files.Count > 1) throw new ArgumentException("Pairs are junctions of one graph: give --pairs FILE and one --graph FILE.");
        if (flags.Contains("--only-pairs"))
        {
            PairAnswers.Write(pairs!, files.Count == 0 ? BenchmarkGraph.Grid() : BenchmarkGraph.Read(files[0]));
            return 0;
        }

        Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
        var (lines, missing, isVoid, figures) = (new List<Line>(), 0, false, new List<(string Name, HierarchyFigures Of)>());
        void Report(string name, BenchmarkGraph graph, string peer, (double Ours, double Peer) ms) => ReportOf(name, graph.Size, peer, ms);
        void ReportOf(string name, string size, string peer, (double Ours, double Peer) ms)
        {
            lines.Add(new(name, size, Math.Round(ms.Ours, 6), peer, Math.Round(ms.Peer, 6), Math.Round(ms.Peer / ms.Ours, 2)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40}  {size}   ours {Digits(ms.Ours)} ms   {peer} {Digits(ms.Peer)} ms   ratio {ms.Peer / ms.Ours:0.00}"));
        }
        void Missing(string name, BenchmarkGraph graph, string why)
        {
            missing++;
            Console.WriteLine($"{name,-40}  {graph.Size}   {why}");
        }
        void Against(string name, BenchmarkGraph graph, string script, string package, Func<Peer, (double Ours, double Peer)> measure)
        {
            using var peer = Peer.Start(script, graph);
            if (peer is not null) Report(name, graph, peer.Name, measure(peer));
            else Missing(name, graph, $"peer not installed: apt-get install {package}");
        }

        foreach (var streets in files.Count == 0 ? [BenchmarkGraph.Grid()] : files.Select(BenchmarkGraph.Read))
        {
            var before = lines.Count;
            foreach (var library in new[] { "igraph", "scipy" })
                Against("Dijkstra", streets, library, $"python3-{library}", peer => DijkstraAgainst(peer, streets));
            var libraries = lines.Skip(before).ToList();
            if (libraries.Exists(l => l.Peer.StartsWith("igraph", StringComparison.Ordinal) && l.Ratio < LeastRatioToIgraph))
            {
                isVoid = true;
                Console.WriteLine($"Void: our Dijkstra is less than {LeastRatioToIgraph} times as fast as igraph's, so that no ratio against it counts.");
            }
            void Fact(string name, string fact) => Console.WriteLine($"{name,-40}  {streets.Size}   {fact}");
            figures.Add((streets.Name, HierarchyBenchmark.Run(streets, libraries.Select(l => (l.Peer, l.PeerMs)).ToList(), (name, peer, ms) => Report(name, streets, peer, ms), Fact, why => Missing("pgRouting", streets, why), pairs)));
        }
        foreach (var (name, larger) in figures.Where(f => f.Of.Junctions > figures[0].Of.Junctions))
            Console.WriteLine($"{"growth per junction",-40}  {name} against {figures[0].Name}   {Growth(figures[0].Of, larger)}");

        var transit = BenchmarkGraph.Transit();
        Report("optimal strategies", transit, "our Dijkstra without waits", StrategiesAgainstDijkstra(transit));
        Against("optimal strategies", transit, "strategies", "python3", peer => StrategiesAgainst(peer, transit));
        PublicTransportBenchmark.Run(ReportOf);

        if (options.TryGetValue("--json", out var json)) File.WriteAllLines(json, lines.Select(l => JsonSerializer.Serialize(l, JsonSerializerOptions.Web)));
        return isVoid || missing > 0 && !flags.Contains("--without-peers") ? 1 : 0;
    }

    private static string Digits(double ms) => ms.ToString(ms < 0.1 ? "0.00000" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds for each junction, of the larger graph over the other's.</summary>
    private static string Growth(HierarchyFigures graph, HierarchyFigures larger)
    {
        double Of(Func<HierarchyFigures, double> ms) => ms(larger) / larger.Junctions / (ms(graph) / graph.Junctions);
        return string.Create(CultureInfo.InvariantCulture, $"order {Of(f => f.OrderMs):0.00}, customisation {Of(f => f.CustomisationMs):0.00}, sweep {Of(f => f.SweepMs):0.00}");
    }

    /// <summary>The peer is asked for one source at a time and for all at once; what suits it better counts.</summary>
    private static (double Ours, double Peer) DijkstraAgainst(Peer peer, BenchmarkGraph graph)
    {
        var (network, random) = (graph.Network(), new Random(20));
        var sources = Enumerable.Range(0, 20).Select(_ => random.Next(graph.JunctionCount)).ToList();
        foreach (var source in sources)
            MustAgree(Dijkstra.TravelTimesFrom(network, source).Select(t => t == Network.Unreachable ? double.PositiveInfinity : t), peer.Answer(source), 0);
        double Ours(int[] some) => Timing.Milliseconds(() => { foreach (var source in some) Dijkstra.TravelTimesFrom(network, source); }) / some.Length;
        return new[] { 1, sources.Count }.Select(atOnce => Timing.InTurn(sources.Chunk(atOnce), Ours, some => peer.Solve(some))).MinBy(ms => ms.Peer);
    }

    private static (double Ours, double Peer) StrategiesAgainstDijkstra(BenchmarkGraph graph)
    {
        var network = graph.Network();
        var (waiting, withoutWaits) = (new OptimalStrategies(network, graph.WaitsMs), new OptimalStrategies(network, new int[network.ArcCount]));
        var junctions = Enumerable.Range(0, graph.JunctionCount).ToList();
        var shortest = junctions.Select(source => Dijkstra.TravelTimesFrom(network, source)).ToList();
        foreach (var to in junctions)
            MustAgree(withoutWaits.To(to).ExpectedMs, [.. junctions.Select(from => shortest[from][to])], 0);
        foreach (var to in junctions) waiting.To(to);   // compiled before it is timed
        return Timing.InTurn(junctions, to => Timing.Milliseconds(() => waiting.To(to)), from => Timing.Milliseconds(() => Dijkstra.TravelTimesFrom(network, from)));
    }

    private static (double Ours, double Peer) StrategiesAgainst(Peer peer, BenchmarkGraph graph)
    {
        var strategies = new OptimalStrategies(graph.Network(), graph.WaitsMs);
        var destinations = Enumerable.Range(0, graph.JunctionCount).ToList();
        foreach (var to in destinations) MustAgree(strategies.To(to).ExpectedMs, peer.Answer(to), RoundingMs);
        return Timing.InTurn(destinations.Where(d => d % 9 == 0), to => Timing.Milliseconds(() => strategies.To(to)), to => peer.Solve(to));
    }

    private static void MustAgree(IEnumerable<double> ours, double[] peer, double toleranceMs)
    {
        var mine = ours.ToList();
        for (var v = 0; v < Math.Max(mine.Count, peer.Length); v++)
            if (mine[v] != peer[v] && !(Math.Abs(mine[v] - peer[v]) <= toleranceMs))
                throw new InvalidOperationException($"Junction {v}: ours takes {mine[v]} ms, the peer {peer[v]}. Nothing is timed.");
    }
}
