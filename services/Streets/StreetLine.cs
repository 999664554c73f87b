using System.Collections;

namespace Jietong.Services.Streets;

/// <summary>Part of a street's line as it is driven, made when it is looked at: there are hundreds of thousands, and few are drawn.</summary>
internal sealed class StreetLine(double[] line, bool backward, double from, double to) : IReadOnlyList<double[]>
{
    private double[][]? positions;

    private double[][] Positions => positions ??= Cut();

    public int Count => Positions.Length;

    public double[] this[int index] => Positions[index];

    public IEnumerator<double[]> GetEnumerator() => ((IEnumerable<double[]>)Positions).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The street's own line.</summary>
    public double[] Line => line;

    /// <summary>Whether it is all of it.</summary>
    public bool IsWhole => from == 0 && to == 1;

    private double[][] Cut()
    {
        var n = line.Length / 2;
        double[][] all = [.. Enumerable.Range(0, n).Select(i => backward ? n - 1 - i : i).Select(i => new[] { line[2 * i], line[2 * i + 1] })];
        return IsWhole ? all : Part(all, from, to);
    }

    /// <summary>A line from one share of its length to another.</summary>
    public static double[][] Part(IReadOnlyList<double[]> line, double from, double to)
    {
        var (n, along) = (line.Count, new double[line.Count]);
        for (var i = 1; i < n; i++) along[i] = along[i - 1] + Model.Earth.Metres(line[i - 1][0], line[i - 1][1], line[i][0], line[i][1]);
        double[] At(double share)
        {
            var (metres, i) = (share * along[^1], 1);
            while (i < n - 1 && along[i] < metres) i++;
            var part = along[i] == along[i - 1] ? 0 : (metres - along[i - 1]) / (along[i] - along[i - 1]);
            return [line[i - 1][0] + part * (line[i][0] - line[i - 1][0]), line[i - 1][1] + part * (line[i][1] - line[i - 1][1])];
        }
        return [At(from), .. line.Where((_, i) => along[i] > from * along[^1] && along[i] < to * along[^1]), At(to)];
    }
}
