using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>Arcs to measure on, the same on every machine.</summary>
internal sealed record BenchmarkGraph(string Name, int JunctionCount, List<int> Tails, List<int> Heads, List<int> TimesMs, List<int> WaitsMs)
{
    public BenchmarkGraph(string name, int junctionCount) : this(name, junctionCount, [], [], [], []) { }

    /// <summary>Of the junctions, in a plane; null where the file has none.</summary>
    public IReadOnlyList<(double X, double Y)>? Positions { get; init; }

    public List<Bridge> Bridges { get; } = [];

    public Network Network() => Jietong.Routing.Network.Build(JunctionCount, Tails, Heads, TimesMs);

    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Name}, {JunctionCount:N0} junctions, {Tails.Count:N0} arcs");

    public void Add(int tail, int head, int timeMs, int waitMs = 0)
    {
        Tails.Add(tail);
        Heads.Add(head);
        TimesMs.Add(timeMs);
        WaitsMs.Add(waitMs);
    }

    /// <summary>A square grid of streets, 500 × 500 junctions; each street takes 1 … 60 s, the same both ways.</summary>
    public static BenchmarkGraph Grid()
    {
        const int Side = 500;
        var (graph, random) = (new BenchmarkGraph("grid", Side * Side), new Random(1));
        for (var at = 0; at < Side * Side; at++)
            foreach (var (isStreet, next) in new[] { (at % Side < Side - 1, at + 1), (at / Side < Side - 1, at + Side) })
            {
                if (!isStreet) continue;
                var timeMs = random.Next(1_000, 60_001);
                graph.Add(at, next, timeMs);
                graph.Add(next, at, timeMs);
            }
        return graph;
    }

    /// <summary>
    /// 20 × 10 stations on a torus, lines both ways along every row and column. A station is a street junction and four platforms, one for each direction:
    /// 4 arcs to board (waited for), 4 to alight, 4 to ride on and 8 to walk to the stations around.
    /// </summary>
    public static BenchmarkGraph Transit()
    {
        const int Columns = 20, Rows = 10;
        var (graph, random) = (new BenchmarkGraph("transit", 5 * Columns * Rows), new Random(2));
        int Station(int x, int y) => 5 * ((y + Rows) % Rows * Columns + (x + Columns) % Columns);
        var headwaysMs = Enumerable.Range(0, 2 * (Columns + Rows)).Select(_ => random.Next(240_000, 1_800_001)).ToList();
        (int X, int Y)[] directions = [(1, 0), (-1, 0), (0, 1), (0, -1)];
        for (var y = 0; y < Rows; y++)
            for (var x = 0; x < Columns; x++)
            {
                var station = Station(x, y);
                for (var d = 0; d < 4; d++)
                {
                    var platform = station + 1 + d;
                    var line = d < 2 ? 2 * y + d : 2 * (Rows + x) + d - 2;
                    graph.Add(station, platform, 0, headwaysMs[line] / 2);
                    graph.Add(platform, station, 0);
                    graph.Add(platform, Station(x + directions[d].X, y + directions[d].Y) + 1 + d, random.Next(60_000, 180_001));
                }
                for (var around = 0; around < 9; around++)
                    if (around != 4) graph.Add(station, Station(x + around % 3 - 1, y + around / 3 - 1), random.Next(480_000, 1_200_001));
            }
        return graph;
    }

    /// <summary>
    /// A file of the ninth DIMACS challenge: <c>p sp JUNCTIONS ARCS</c>, <c>a TAIL HEAD LENGTH</c>, junctions from 1; lengths count as milliseconds.
    /// Or a file of OpenStreetMap (<see cref="StreetGraph"/>). Or one without lengths, <c>p tw JUNCTIONS EDGES</c>, <c>END END</c>: each edge both ways, with a made-up length of 100 … 9,999 that its ends decide.
    /// </summary>
    /// <exception cref="FormatException">It is no such file; the message names the line.</exception>
    public static BenchmarkGraph Read(string file)
    {
        if (file.EndsWith(".pbf", StringComparison.Ordinal)) return StreetGraph.Read(file);
        var graph = new BenchmarkGraph("", 0);
        var (arcs, number, isBare) = (-1, 0, false);
        foreach (var line in LinesOf(file))
        {
            number++;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is [] or ["c", ..]) continue;
            var numbers = words.Select(w => int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1).ToArray();
            if (words is ["p", "sp" or "tw", _, _] && arcs < 0 && numbers is [_, _, >= 1, >= 0])
            {
                isBare = words[1] == "tw";
                (graph, arcs) = (new(Path.GetFileName(file).Split(".gr")[0] + (isBare ? " with synthetic weights" : ""), numbers[2]), isBare ? 2 * numbers[3] : numbers[3]);
            }
            else if (isBare && numbers is [>= 1, >= 1] && numbers[0] <= graph.JunctionCount && numbers[1] <= graph.JunctionCount)
            {
                var length = 100 + (int)((uint)(Math.Min(numbers[0], numbers[1]) * 73_856_093 ^ Math.Max(numbers[0], numbers[1]) * 19_349_663) % 9_900);
                graph.Add(numbers[0] - 1, numbers[1] - 1, length);
                graph.Add(numbers[1] - 1, numbers[0] - 1, length);
            }
            else if (words is ["a", _, _, _] && numbers is [_, >= 1, >= 1, >= 0] && numbers[1] <= graph.JunctionCount && numbers[2] <= graph.JunctionCount)
                graph.Add(numbers[1] - 1, numbers[2] - 1, numbers[3]);
            else throw new FormatException($"{file}, line {number}: \"{line}\" is neither \"p sp JUNCTIONS ARCS\" (or \"p tw …\") nor an arc between its junctions.");
        }
        return graph.Tails.Count == arcs ? graph : throw new FormatException($"{file} has {graph.Tails.Count} arcs and announces {arcs}.");
    }

    private static IEnumerable<string> LinesOf(string file)
    {
        if (!file.EndsWith(".xz", StringComparison.Ordinal)) return File.ReadLines(file);
        return Unpacked();

        IEnumerable<string> Unpacked()
        {
            using var xz = Process.Start(new ProcessStartInfo("xz", ["-dc", "--", file]) { RedirectStandardOutput = true })!;
            while (xz.StandardOutput.ReadLine() is { } line) yield return line;
            xz.WaitForExit();
            if (xz.ExitCode != 0) throw new IOException($"xz could not unpack {file}.");
        }
    }

    /// <summary>For peers: the numbers of junctions and arcs, then tails, heads, times and waits, four bytes each.</summary>
    public void Write(string file)
    {
        using var stream = File.Create(file);
        foreach (var list in new List<int>[] { [JunctionCount, Tails.Count], Tails, Heads, TimesMs, WaitsMs })
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(list)));
    }
}
