using System.Globalization;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>RAPTOR against a connection scan, and matrices of optimal strategies against one strategy for each destination; answers are compared first; processor time of one thread, the best of some rounds.</summary>
internal static class PublicTransportBenchmark
{
    private const int Places = 1000, MorningMs = 8 * 3_600_000;
    private const int MostRides = 14;   // the peer counts none: so many that no more would be sooner anywhere
    private static readonly DepartureWindow Hour = new(MorningMs, MorningMs + 3_600_000);

    public static void Run(Action<string, string, string, (double Ours, double Peer)> report)
    {
        ByTimetable(report);
        OnHeadways(report);
    }

    private static void Must(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException($"{what} differs from the peer's answer. Nothing more is timed.");
    }

    private static void ByTimetable(Action<string, string, string, (double Ours, double Peer)> report)
    {
        var (city, random) = (new Metropolis(), new Random(9));
        var day = city.Timetable.On([0]);
        var (raptor, scan) = (new Raptor(day, MostRides), new ConnectionScan(city.Trips, city.Footpaths, [.. Enumerable.Repeat(Metropolis.ChangeMs, Metropolis.Stops)]));
        int[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Metropolis.Stops))];
        var (sources, few) = (Draw(Places), Draw(20));
        foreach (var source in few)
        {
            raptor.Run([(source, 0)], MorningMs);
            var peer = scan.From(source, MorningMs);
            for (var stop = 0; stop < peer.Length; stop++) Must(raptor.AlightMs(stop, MostRides) == peer[stop], $"The arrival from {source} at {stop}");
        }
        report("timetable, one departure to all stops", city.Size, "connection scan", Each(few, source => raptor.Run([(source, 0)], MorningMs), source => scan.From(source, MorningMs)));

        var egress = Walks.At(Draw(Places), Metropolis.Stops).Transposed();
        int[][][] Matrix(int[] some) => PublicTransportMatrix.Between(day, Walks.At(some, Metropolis.Stops), egress, Hour, [5, 50, 95], mostRides: MostRides);
        var found = Matrix(few[..3]);
        for (var i = 0; i < 3; i++)
        {
            var times = Scans(scan, egress, few[i]);
            for (var target = 0; target < Places; target++) Must(times[target][2] == found[0][i][target] && times[target][29] == found[1][i][target] && times[target][56] == found[2][i][target], $"The window from {few[i]} to target {target}");
        }
        var oursMs = Timing.Best(() => Matrix(few)) / few.Length;
        report($"timetable, {Hour.Count} departures × {Places:N0} targets, 3 percentiles", city.Size, $"connection scan, {Hour.Count} times", (oursMs, Timing.Best(() => Scans(scan, egress, few[0]), 3)));
        var whole = Timing.Best(() => Matrix(sources), 1);
        report($"timetable, {Places:N0} × {Places:N0}, {Hour.Count} departures", city.Size, $"connection scan, {Hour.Count} times (scaled from 1 source)", (whole, Places * Timing.Best(() => Scans(scan, egress, few[1]), 3)));
    }

    private static (double Ours, double Peer) Each(int[] some, Action<int> ours, Action<int> peer) =>
        (Timing.Best(() => { foreach (var one in some) ours(one); }) / some.Length, Timing.Best(() => { foreach (var one in some) peer(one); }) / some.Length);

    /// <summary>The times of all departures by target, sorted.</summary>
    private static int[][] Scans(ConnectionScan scan, Walks egress, int source)
    {
        int[][] times = [.. Enumerable.Range(0, egress.ToCount).Select(_ => new int[Hour.Count])];
        for (var departure = 0; departure < Hour.Count; departure++)
        {
            var at = Hour.FromMs + departure * Hour.StepMs;
            var alightings = scan.From(source, at);
            for (var stop = 0; stop < egress.FromCount; stop++)
                foreach (var (target, ms) in egress.From(stop)) times[target][departure] = alightings[stop] == Network.Unreachable ? Network.Unreachable : alightings[stop] + ms - at;
        }
        foreach (var row in times) Array.Sort(row);
        return times;
    }

    private static void OnHeadways(Action<string, string, string, (double Ours, double Peer)> report)
    {
        var (network, waitsMs, stations) = Metropolis.Headways();
        var (strategies, random) = (new OptimalStrategies(network, waitsMs), new Random(10));
        random.Shuffle(stations);
        var (origins, destinations) = (stations[..Places], stations[^Places..]);
        var matrix = strategies.Between(origins, destinations);
        var peer = new PlainStrategies(network, waitsMs);
        for (var to = 0; to < Places; to += 50)
        {
            var (expected, plain) = (strategies.To(destinations[to]).ExpectedMs, peer.To(destinations[to]));
            for (var from = 0; from < Places; from++)
                Must(matrix[from][to] == expected[origins[from]] && Math.Abs(matrix[from][to] - plain[origins[from]]) < 50, $"The strategy from {origins[from]} to {destinations[to]}");
        }
        var size = string.Create(CultureInfo.InvariantCulture, $"metropolis, {network.JunctionCount:N0} junctions, {network.ArcCount:N0} arcs");
        var ours = Timing.Best(() => strategies.Between(origins, destinations));
        var some = destinations[..50];
        var scale = (double)Places / some.Length;
        report($"optimal strategies, {Places:N0} × {Places:N0}", size, $"one strategy for each destination (scaled from {some.Length})", (ours, scale * Timing.Best(() => { foreach (var to in some) strategies.To(to); })));
        report($"optimal strategies, {Places:N0} × {Places:N0}", size, $"Spiess and Florian as written, in C# (scaled from {some.Length})", (ours, scale * Timing.Best(() => { foreach (var to in some) peer.To(to); })));
    }
}
