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

    private double[][] Cut()
    {
        var n = line.Length / 2;
        double[][] all = [.. Enumerable.Range(0, n).Select(i => backward ? n - 1 - i : i).Select(i => new[] { line[2 * i], line[2 * i + 1] })];
        if (from == 0 && to == 1) return all;
        var along = new double[n];
        for (var i = 1; i < n; i++) along[i] = along[i - 1] + Model.Earth.Metres(all[i - 1][0], all[i - 1][1], all[i][0], all[i][1]);
        double[] At(double share)
        {
            var (metres, i) = (share * along[^1], 1);
            while (i < n - 1 && along[i] < metres) i++;
            var part = along[i] == along[i - 1] ? 0 : (metres - along[i - 1]) / (along[i] - along[i - 1]);
            return [all[i - 1][0] + part * (all[i][0] - all[i - 1][0]), all[i - 1][1] + part * (all[i][1] - all[i - 1][1])];
        }
        return [At(from), .. all.Where((_, i) => along[i] > from * along[^1] && along[i] < to * along[^1]), At(to)];
    }
}
