using System.Globalization;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>
/// Porto: what if each bridge over the Douro were closed? Bridges are the ways for cars tagged "bridge", 150 m or longer, that cross a line drawn along the
/// river; those of one name are one bridge. Each is closed and reopened by customisation, on the metric of all streets.
/// </summary>
internal static class BridgesBenchmark
{
    private const int Places = 200;
    private const double LeastDegrees = 150 / 111_195.0;

    // From the sea upstream, in the middle of the water: longitude, latitude.
    private static readonly (double X, double Y)[] River =
        [(-8.680, 41.1465), (-8.6402, 41.1473), (-8.6225, 41.1452), (-8.6094, 41.1400), (-8.6017, 41.1410), (-8.5808, 41.1415), (-8.5660, 41.1390), (-8.5450, 41.1150), (-8.4866, 41.0727), (-8.4595, 41.0621), (-8.3600, 41.0500)];

    public static void Run(BenchmarkGraph graph, HierarchyMetric metric, Action<string, string> fact)
    {
        var network = metric.Hierarchy.Network;
        var arcOf = new int[network.ArcCount];
        for (var arc = 0; arc < arcOf.Length; arc++) arcOf[network.InputArcs[arc]] = arc;
        var bridges = graph.Bridges.Where(b => IsLong(b) && Crosses(b)).GroupBy(b => b.Name).Select(b => (Name: b.Key, Arcs: b.SelectMany(way => way.Arcs).Select(arc => arcOf[arc]).ToArray())).ToList();
        if (bridges.Count == 0) return;

        var random = new Random(7);
        int[] places = [.. Enumerable.Range(0, Places).Select(_ => random.Next(network.JunctionCount))];
        int[][] open = [];
        List<int[][]> closed = [];
        var ms = Timing.Best(() =>
        {
            open = TravelTimeMatrix.Between(metric.Searches(), places, places);
            closed = [.. Closures.TimesMs(metric, [.. bridges.Select(b => b.Arcs)], places, places)];
        });
        for (var bridge = 0; bridge < bridges.Count; bridge++) MustAgree(network, bridges[bridge].Arcs, places, closed[bridge]);
        fact($"closing {bridges.Count} bridges over the Douro", Invariant($"ours {ms:0} ms for all of them, {Places} × {Places} places each, and once with all open"));
        foreach (var ((name, arcs), times) in bridges.Zip(closed))
        {
            var gain = Gain.Of(Rows(open), Rows(times), [.. places.Select(_ => 1.0)]);
            fact($"  {name}", Invariant($"{arcs.Length} arcs; closed, trips take {-gain.MeanSavedMs / 1000:0.0} s longer in the mean of {gain.MeanBeforeMs / 60_000:0.0} min, {gain.Slower} of {gain.Compared} pairs do; {gain.Cut.Count} are cut off"));
        }
        Shares(metric, bridges, places, fact);
    }

    /// <summary>All sets of bridges from one preparation.</summary>
    private static void Shares(HierarchyMetric metric, List<(string Name, int[] Arcs)> bridges, int[] places, Action<string, string> fact)
    {
        LinkGains gains = null!;
        long[] shares = [];
        var ms = Timing.Best(() =>
        {
            gains = new(Additions.Of(metric, [], [], [.. bridges.SelectMany((b, link) => b.Arcs.Select(arc => new OpenArc(link, arc)))], places, places), PairWeights.Equal(Places, Places), 7_200_000);
            shares = gains.Shares();
        });
        fact("every set of them open or closed", Invariant($"ours {ms:0} ms; shares of what all save, no path counting as two hours: {string.Join(", ", bridges.Zip(shares).OrderByDescending(b => b.Second).Select(b => Invariant($"{b.First.Name} {b.Second / 1e6:0} s")))}"));
    }

    private static void MustAgree(Network network, int[] arcs, int[] places, int[][] times)
    {
        var timesMs = network.TravelTimesMs.ToArray();
        foreach (var arc in arcs) timesMs[arc] = Network.Unreachable;
        int[] byInput = new int[timesMs.Length];
        for (var arc = 0; arc < timesMs.Length; arc++) byInput[network.InputArcs[arc]] = timesMs[arc];
        var without = network.WithTravelTimes(byInput);
        for (var place = 0; place < 5; place++)
            if (Dijkstra.TravelTimesFrom(without, places[place]) is var tree && !places.Select(to => tree[to]).SequenceEqual(times[place]))
                throw new InvalidOperationException($"With a bridge closed, the times from {places[place]} differ from Dijkstra's.");
    }

    private static double[][] Rows(int[][] times) => [.. times.Select(row => row.Select(ms => ms == Network.Unreachable ? double.PositiveInfinity : ms).ToArray())];

    private static bool IsLong(Bridge bridge) => double.Hypot(bridge.Line[^1].X - bridge.Line[0].X, bridge.Line[^1].Y - bridge.Line[0].Y) > LeastDegrees;

    private static bool Crosses(Bridge bridge) => bridge.Line.Zip(bridge.Line.Skip(1)).Any(way => River.Zip(River.Skip(1)).Any(water =>
        Side(water.First, water.Second, way.First) * Side(water.First, water.Second, way.Second) < 0 && Side(way.First, way.Second, water.First) * Side(way.First, way.Second, water.Second) < 0));

    private static double Side((double X, double Y) from, (double X, double Y) to, (double X, double Y) point) => (to.X - from.X) * (point.Y - from.Y) - (to.Y - from.Y) * (point.X - from.X);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
