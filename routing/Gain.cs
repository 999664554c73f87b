namespace Jietong.Routing;

/// <summary>One ordered pair of places, by their positions in the matrices, and its travel times; infinity where no path leads.</summary>
public readonly record struct PairTimes(int From, int To, double BeforeMs, double AfterMs)
{
    public double SavedMs => BeforeMs - AfterMs;
}

/// <summary>
/// What a change brings. With T the travel times before and after, and M the weight of a place, over the ordered pairs s ≠ t that can
/// be travelled before and after: mean = Σ T(s,t)·M(s)·M(t) ⁄ Σ M(s)·M(t) (weighted mean travel time, 加权平均旅行时间), gain = mean
/// before − mean after. Pairs joined or cut by the change are counted apart: no path is no number.
/// </summary>
/// <param name="MeanBeforeMs">Null where no pair can be compared.</param>
/// <param name="MeanAfterMs">Null where no pair can be compared.</param>
/// <param name="MeanSavedMs">The gain; exactly 0 where nothing changed, null where no pair can be compared.</param>
/// <param name="Compared">Pairs that can be travelled before and after.</param>
/// <param name="Faster">Of them, those that became faster.</param>
/// <param name="Slower">Of them, those that became slower.</param>
/// <param name="Joined">Pairs that can be travelled only after, the heaviest first.</param>
/// <param name="Cut">Pairs that can be travelled only before.</param>
/// <param name="MostHelped">The pairs that save most, each direction by itself; ties by position.</param>
public sealed record Gain(double? MeanBeforeMs, double? MeanAfterMs, double? MeanSavedMs, int Compared, int Faster, int Slower,
    IReadOnlyList<PairTimes> Joined, IReadOnlyList<PairTimes> Cut, IReadOnlyList<PairTimes> MostHelped)
{
    /// <summary>Compares two square matrices of travel times between the same places.</summary>
    /// <param name="before">Milliseconds by [from][to]; infinity: no path.</param>
    /// <param name="after">Likewise, of the same size.</param>
    /// <param name="weights">M for each place, 0 or more; a pair of weight 0 is left out altogether.</param>
    /// <param name="top">How many of the most helped pairs are wanted.</param>
    /// <exception cref="ArgumentException">Sizes differ, or a weight is negative or no number.</exception>
    public static Gain Of(IReadOnlyList<double[]> before, IReadOnlyList<double[]> after, IReadOnlyList<double> weights, int top = 10)
    {
        if (before.Count != after.Count || before.Count != weights.Count) throw new ArgumentException($"{before.Count} and {after.Count} places with {weights.Count} weights: they must be the same places.");
        if (before.Concat(after).FirstOrDefault(row => row.Length != weights.Count) is { } row) throw new ArgumentException($"a row has {row.Length} times for {weights.Count} places: every place needs one.");
        if (weights.FirstOrDefault(w => !(w >= 0 && double.IsFinite(w)), 0) is var bad && bad != 0) throw new ArgumentException($"a place weighs {bad}: 0 or more is allowed.");
        double weight = 0, sumBefore = 0, sumAfter = 0, saved = 0;
        int compared = 0, faster = 0, slower = 0;
        List<PairTimes> joined = [], cut = [], helped = [];
        for (var s = 0; s < before.Count; s++)
            for (var t = 0; t < before.Count; t++)
            {
                var w = weights[s] * weights[t];
                if (s == t || w == 0) continue;
                var pair = new PairTimes(s, t, before[s][t], after[s][t]);
                switch (double.IsFinite(pair.BeforeMs), double.IsFinite(pair.AfterMs))
                {
                    case (false, false): continue;
                    case (false, true): joined.Add(pair); continue;
                    case (true, false): cut.Add(pair); continue;
                }
                compared++;
                weight += w;
                sumBefore += w * pair.BeforeMs;
                sumAfter += w * pair.AfterMs;
                saved += w * pair.SavedMs;
                if (pair.SavedMs < 0) slower++;
                if (pair.SavedMs <= 0) continue;
                faster++;
                helped.Add(pair);
            }
        double? Mean(double sum) => compared == 0 ? null : sum / weight;
        return new(Mean(sumBefore), Mean(sumAfter), Mean(saved), compared, faster, slower,
            [.. joined.OrderByDescending(p => weights[p.From] * weights[p.To])], cut,
            [.. helped.OrderByDescending(p => p.SavedMs).Take(top)]);
    }
}
