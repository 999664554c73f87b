namespace Jietong.Routing;

/// <summary>
/// How much can be reached from each origin (可达性): measures over a matrix of times t(i,j) in milliseconds by [origin][destination] and opportunities O(j) at the destinations:
/// people, jobs, beds, or 1 each. A pair of <see cref="Network.Unreachable"/> counts as not there. A place that is origin and destination counts for itself, with its own time.
/// </summary>
/// <remarks>Every sum runs over the destinations in their order, whatever the number of threads: the same input gives the same result.</remarks>
public static class Accessibility
{
    /// <summary>Cumulative opportunities (累积机会): A(i) = Σ O(j) over t(i,j) ≤ T (Wachs and Kumagai 1973, "Physical accessibility as a social indicator", Socio-Economic Planning Sciences 7(5), 437–456).</summary>
    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="opportunities">One for each destination, 0 or more.</param>
    /// <param name="withinMs">T, included, 0 … 2^29 − 1.</param>
    /// <returns>In the unit of the opportunities, 0 … their sum; 0 where nothing is within T.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a time, an opportunity or T is out of range; the message names it.</exception>
    public static double[] Cumulative(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities, int withinMs)
    {
        if (withinMs is < 0 or >= Network.Unreachable) throw new ArgumentException($"Opportunities within {withinMs} ms: 0 … {Network.Unreachable - 1} are allowed.");
        return OpportunityMatrix.Sums(timesMs, opportunities, ms => ms <= withinMs ? 1 : 0);
    }

    /// <summary>Gravity, or potential, with exponential impedance: A(i) = Σ O(j) · e^(−β·t(i,j)), t in minutes (Hansen 1959, "How accessibility shapes land use", Journal of the American Institute of Planners 25(2), 73–76; the exponential form by Wilson 1971, "A family of spatial interaction models", Environment and Planning 3(1), 1–32).</summary>
    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="opportunities">One for each destination, 0 or more.</param>
    /// <param name="betaPerMinute">β, per minute, 0 or more; 0 counts all that can be reached, 0.05 halves every 14 minutes.</param>
    /// <returns>In the unit of the opportunities, 0 … their sum; 0 where nothing can be reached.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a time, an opportunity or β is out of range; the message names it.</exception>
    public static double[] ExponentialGravity(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities, double betaPerMinute)
    {
        if (!(betaPerMinute >= 0 && double.IsFinite(betaPerMinute))) throw new ArgumentException($"β is {betaPerMinute} per minute: 0 or more is allowed.");
        return OpportunityMatrix.Sums(timesMs, opportunities, ms => Math.Exp(-betaPerMinute * ms / OpportunityMatrix.MinuteMs));
    }

    /// <summary>Gravity with power impedance: A(i) = Σ O(j) · max(t(i,j), t₀)^(−α), t in minutes (Hansen 1959, as above).</summary>
    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="opportunities">One for each destination, 0 or more.</param>
    /// <param name="alpha">α, without unit, 0 or more.</param>
    /// <param name="leastMs">t₀, above 0: shorter times count as this, since at 0 the impedance has no value. It decides what near places are worth; a minute is usual.</param>
    /// <returns>Opportunities · minutes^(−α), 0 or more; 0 where nothing can be reached.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a time, an opportunity, α or t₀ is out of range; the message names it.</exception>
    public static double[] PowerGravity(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities, double alpha, int leastMs)
    {
        if (!(alpha >= 0 && double.IsFinite(alpha)) || leastMs is < 1 or >= Network.Unreachable) throw new ArgumentException($"α is {alpha} and the least time {leastMs} ms: α of 0 or more, and 1 … {Network.Unreachable - 1} ms are allowed.");
        return OpportunityMatrix.Sums(timesMs, opportunities, ms => Math.Pow(Math.Max(ms, leastMs) / OpportunityMatrix.MinuteMs, -alpha));
    }

    /// <summary>
    /// Logsum: A(i) = ln(Σ O(j) · e^(−β·t(i,j))) ⁄ β, the expected best utility of a logit choice of a destination, in minutes saved (Ben-Akiva and Lerman 1979, "Disaggregate travel and
    /// mobility-choice models and measures of accessibility", in Behavioural Travel Modelling, 654–679). Differences have a meaning; the zero has none, and moves with the unit of the opportunities.
    /// </summary>
    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="opportunities">One for each destination, 0 or more.</param>
    /// <param name="betaPerMinute">β, the disutility of a minute, above 0.</param>
    /// <returns>Minutes, of any sign; −∞ where no opportunity can be reached.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a time, an opportunity or β is out of range; the message names it.</exception>
    public static double[] Logsum(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities, double betaPerMinute)
    {
        if (!(betaPerMinute > 0 && double.IsFinite(betaPerMinute))) throw new ArgumentException($"β is {betaPerMinute} per minute: above 0 is allowed.");
        OpportunityMatrix.Check(timesMs, opportunities);
        return [.. timesMs.Select(row =>
        {
            // Counted from the nearest, so that far ones do not all become 0: ln Σ O e^(−βt) = −β·t₀ + ln Σ O e^(−β(t−t₀)).
            var (nearest, sum) = (Network.Unreachable, 0.0);
            for (var j = 0; j < row.Length; j++)
                if (opportunities[j] > 0) nearest = Math.Min(nearest, row[j]);
            if (nearest == Network.Unreachable) return double.NegativeInfinity;
            for (var j = 0; j < row.Length; j++)
                if (row[j] < Network.Unreachable && opportunities[j] > 0) sum += opportunities[j] * Math.Exp(-betaPerMinute * (row[j] - nearest) / OpportunityMatrix.MinuteMs);
            return Math.Log(sum) / betaPerMinute - nearest / OpportunityMatrix.MinuteMs;
        })];
    }

    /// <summary>Dual access: the time to the n-th nearest opportunity, the least T with Σ O(j) over t(i,j) ≤ T of n or more (Cui and Levinson 2020, "Primal and dual access", Geographical Analysis 52(3), 452–474).</summary>
    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="opportunities">One for each destination, 0 or more.</param>
    /// <param name="count">n, above 0, in the unit of the opportunities.</param>
    /// <returns>Milliseconds; <see cref="Network.Unreachable"/> where fewer can be reached at all.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a time, an opportunity or n is out of range; the message names it.</exception>
    public static int[] Dual(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> opportunities, double count)
    {
        if (!(count > 0 && double.IsFinite(count))) throw new ArgumentException($"The time to the {count}-th opportunity: above 0 is allowed.");
        OpportunityMatrix.Check(timesMs, opportunities);
        var order = new long[opportunities.Count];   // by time, then by destination
        return [.. timesMs.Select(row =>
        {
            for (var j = 0; j < row.Length; j++) order[j] = ((long)row[j] << 32) | (uint)j;
            Array.Sort(order);
            var sum = 0.0;
            foreach (var next in order)
                if (next >> 32 == Network.Unreachable) break;
                else if ((sum += opportunities[(int)next]) >= count) return (int)(next >> 32);
            return Network.Unreachable;
        })];
    }

    /// <summary>Weighted mean travel time (加权平均旅行时间): T(i) = Σ t(i,j)·M(j) ⁄ Σ M(j) over the destinations that can be reached (Gutiérrez, González and Gómez 1996, "The European high-speed train network: predicted effects on accessibility patterns", Journal of Transport Geography 4(4), 227–238).</summary>
    /// <param name="timesMs">By [origin][destination].</param>
    /// <param name="masses">M, one for each destination, 0 or more.</param>
    /// <returns>For each origin, milliseconds, null where no mass can be reached; and which share of all mass can be, 0 … 1. Where the share differs, means cannot be compared: who reaches less may have the lower mean.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a time or a mass is out of range; the message names it.</exception>
    public static (double? MeanMs, double ReachedShare)[] WeightedMeanTime(IReadOnlyList<int[]> timesMs, IReadOnlyList<double> masses)
    {
        OpportunityMatrix.Check(timesMs, masses);
        var all = masses.Sum();
        return [.. timesMs.Select(row =>
        {
            var (sum, reached) = (0.0, 0.0);
            for (var j = 0; j < row.Length; j++)
                if (row[j] < Network.Unreachable) (sum, reached) = (sum + row[j] * masses[j], reached + masses[j]);
            return reached > 0 ? ((double?)sum / reached, reached / all) : (null, 0);
        })];
    }
}
