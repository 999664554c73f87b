using System.Globalization;
using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>Distances of pairs that a file names, for comparison with any truth.</summary>
internal static class PairAnswers
{
    /// <summary>
    /// The file has the columns source,target by the graph's own numbers from 1. For each of its lines one stands on standard output, source,target,distance in the
    /// graph's own units, or "unreachable": the only lines there that begin with a digit.
    /// </summary>
    /// <exception cref="FormatException">A line is no pair of junctions; it is named.</exception>
    public static void Write(string file, PointToPoint ask, int junctions)
    {
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var words = line.Split(',', StringSplitOptions.TrimEntries);
            if (number == 1 && words is ["source", "target"] || line.Length == 0) continue;
            if (words.Length != 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var source) || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var target)
                || source < 1 || target < 1 || source > junctions || target > junctions)
                throw new FormatException($"{file}, line {number}: \"{line}\" is no pair of junctions, source,target, from 1 to {junctions}.");
            var time = ask.TravelTimeMs(source - 1, target - 1);
            Console.WriteLine(FormattableString.Invariant($"{source},{target},{(time == Network.Unreachable ? "unreachable" : time)}"));
        }
    }

    /// <summary>The pairs alone, nothing measured.</summary>
    public static void Write(string file, BenchmarkGraph graph)
    {
        var network = graph.Network();
        Write(file, new(PerfectMetric.Of(new(new(network, NestedDissection.Order(network, graph.Positions)), network))), network.JunctionCount);
    }
}
