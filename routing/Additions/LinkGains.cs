using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>
/// What each of several added links brings, alone, after all others, with each other, and as its share of what all bring: mean travel times over all
/// pairs of a source and a target, each pair weighted by the product of their weights and its time capped at a horizon, which "no path" counts as.
/// Pairs of a junction with itself are left out. Shares are an attribution within the model, not a cause in the world.
/// </summary>
/// <remarks>Means are whole microseconds, so that differences and shares add up exactly, and the same on every processor.</remarks>
public sealed class LinkGains
{
    private readonly Additions additions;
    private readonly double[] sourceWeights, targetWeights, sumsWithout;
    private readonly double weight;
    private readonly uint horizonMs;
    private readonly Dictionary<ulong, long> known = [];

    /// <param name="additions">The links.</param>
    /// <param name="sourceWeights">One for each source, 0 or more: people, jobs, demand, or all equal.</param>
    /// <param name="targetWeights">One for each target.</param>
    /// <param name="horizonMs">1 … 2^29 − 1.</param>
    /// <exception cref="ArgumentException">There is not one weight for each, one is negative or no number, all pairs weigh nothing, or the horizon is out of range.</exception>
    public LinkGains(Additions additions, IReadOnlyList<double> sourceWeights, IReadOnlyList<double> targetWeights, int horizonMs)
    {
        if (sourceWeights.Count != additions.Sources.Count || targetWeights.Count != additions.Targets.Count)
            throw new ArgumentException($"{sourceWeights.Count} and {targetWeights.Count} weights for {additions.Sources.Count} sources and {additions.Targets.Count} targets: each needs one.");
        foreach (var w in sourceWeights.Concat(targetWeights))
            if (!(w >= 0 && double.IsFinite(w))) throw new ArgumentException($"A weight of {w}: 0 or more is allowed.");
        if (horizonMs is < 1 or >= Network.Unreachable) throw new ArgumentException($"A horizon of {horizonMs} ms: 1 … {Network.Unreachable - 1} are allowed.");
        (this.additions, this.sourceWeights, this.targetWeights, this.horizonMs) = (additions, [.. sourceWeights], [.. targetWeights], (uint)horizonMs);
        var weightAt = additions.Targets.Select((junction, t) => (junction, t)).ToLookup(j => j.junction, j => targetWeights[j.t]);
        var allTargets = targetWeights.Sum();
        weight = additions.Sources.Select((junction, s) => sourceWeights[s] * (allTargets - weightAt[junction].Sum())).Sum();
        if (!(weight > 0)) throw new ArgumentException("No pair of two junctions weighs anything.");
        sumsWithout = [.. additions.Without.Select(row => Sum(row))];
    }

    /// <summary>The mean with some links, in microseconds. Each set is evaluated once.</summary>
    /// <param name="links">Link i is bit i.</param>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public long MeanMicroseconds(ulong links)
    {
        if (known.TryGetValue(links, out var mean)) return mean;
        var (by, scratch, sum) = (new AddedWays(additions, additions.Between(links)), new uint[additions.Targets.Count], 0.0);
        for (var s = 0; s < sumsWithout.Length; s++)
            sum += sourceWeights[s] * (by.Row(s, scratch) is var row && row == additions.Without[s] ? sumsWithout[s] : Sum(row));
        return known[links] = (long)Math.Round(1000 * sum / weight);
    }

    /// <summary>What some links save together, in microseconds.</summary>
    public long SavedMicroseconds(ulong links) => MeanMicroseconds(0) - MeanMicroseconds(links);

    /// <summary>What each saves if nothing else is added.</summary>
    public long[] Standalone() => [.. Links.Select(i => SavedMicroseconds(1UL << i))];

    /// <summary>What each saves when all others are there.</summary>
    public long[] LastIn() => [.. Links.Select(i => MeanMicroseconds(All & ~(1UL << i)) - MeanMicroseconds(All))];

    /// <summary>What two links save together beyond what each saves alone: above 0 they complete each other, below they replace each other.</summary>
    public long Synergy(int one, int other) => one == other ? 0 : SavedMicroseconds(1UL << one | 1UL << other) - SavedMicroseconds(1UL << one) - SavedMicroseconds(1UL << other);

    /// <summary>Shapley values: they sum exactly to what all links save.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="Routing.Shares.MostExact"/> links.</exception>
    public long[] Shares() => Routing.Shares.OfWhole(additions.LinkCount, [.. Enumerable.Range(0, additions.LinkCount > Routing.Shares.MostExact ? 0 : 1 << additions.LinkCount).Select(set => SavedMicroseconds((ulong)set))]);

    /// <summary>Shapley values estimated from some orders, each with its standard error; they too sum exactly.</summary>
    public (long[] Shares, double[] StandardErrors) SampledShares(int orders, int seed = 1) => Routing.Shares.Sampled(additions.LinkCount, SavedMicroseconds, orders, seed);

    /// <summary>Which link next, given those before: always the one that saves most then, ties by number; and what it saves then.</summary>
    public IReadOnlyList<(int Link, long SavedMicroseconds)> Sequence()
    {
        var (sequence, chosen) = (new List<(int, long)>(), 0UL);
        while (sequence.Count < additions.LinkCount)
        {
            var next = Links.Where(i => (chosen >> i & 1) == 0).MinBy(i => MeanMicroseconds(chosen | 1UL << i));
            sequence.Add((next, MeanMicroseconds(chosen) - MeanMicroseconds(chosen | 1UL << next)));
            chosen |= 1UL << next;
        }
        return sequence;
    }

    private IEnumerable<int> Links => Enumerable.Range(0, additions.LinkCount);

    private ulong All => additions.LinkCount == Additions.MostLinks ? ulong.MaxValue : (1UL << additions.LinkCount) - 1;

    /// <summary>Weighted and capped. Always in eight sums, whatever the processor has, so that rounding is the same everywhere.</summary>
    private double Sum(ReadOnlySpan<uint> timesMs)
    {
        var (sums, horizon, i) = (Vector512<double>.Zero, Vector256.Create(horizonMs), 0);
        for (; i <= timesMs.Length - 8; i += 8)
        {
            var (low, high) = Vector256.Widen(Vector256.Min(Vector256.LoadUnsafe(in timesMs[0], (nuint)i), horizon).AsInt32());
            sums += Vector512.Create(Vector256.ConvertToDouble(low), Vector256.ConvertToDouble(high)) * Vector512.LoadUnsafe(ref targetWeights[0], (nuint)i);
        }
        var sum = 0.0;
        for (var lane = 0; lane < 8; lane++) sum += sums[lane];
        for (; i < timesMs.Length; i++) sum += Math.Min(timesMs[i], horizonMs) * targetWeights[i];
        return sum;
    }
}
