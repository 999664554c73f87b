namespace Jietong.Routing;

/// <summary>What all measures of accessibility share: that times and opportunities fit, and sums over destinations.</summary>
internal static class OpportunityMatrix
{
    public const double MinuteMs = 60_000;

    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="opportunities">One for each destination.</param>
    /// <param name="worth">What an opportunity that far counts.</param>
    public static double[] Sums(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities, Func<int, double> worth)
    {
        Check(timesMs, opportunities);
        var (sums, amounts) = (new double[timesMs.Count], opportunities.ToArray());
        for (var i = 0; i < sums.Length; i++)
            for (var (j, row) = (0, timesMs[i]); j < row.Length; j++)
                if (row[j] < Network.Unreachable && amounts[j] > 0) sums[i] += amounts[j] * worth(row[j]);
        return sums;
    }

    /// <exception cref="ArgumentException">Sizes differ, or a time or an amount is out of range.</exception>
    public static void Check(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities)
    {
        CheckAmounts("opportunities at destination", opportunities);
        for (var i = 0; i < timesMs.Count; i++)
        {
            if (timesMs[i].Length != opportunities.Count) throw new ArgumentException($"Origin {i} has {timesMs[i].Length} times for {opportunities.Count} destinations: each needs one.");
            if (timesMs[i].AsSpan().IndexOfAnyExceptInRange(0, Network.Unreachable) is >= 0 and var j)
                throw new ArgumentException($"From origin {i} to destination {j} it takes {timesMs[i][j]} ms: 0 … {Network.Unreachable} are allowed.");
        }
    }

    public static void CheckAmounts(string what, IReadOnlyList<double> amounts)
    {
        for (var i = 0; i < amounts.Count; i++)
            if (!(amounts[i] >= 0 && double.IsFinite(amounts[i]))) throw new ArgumentException($"{amounts[i]} {what} {i}: 0 or more is allowed.");
    }
}
