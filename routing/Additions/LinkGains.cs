namespace Jietong.Routing;

/// <summary>
/// What each of several links brings: alone, after all others, beside any set of them, with each other, and as its share of what all bring. Mean travel
/// times over all pairs of a source and a target, each pair weighted and its time capped at a horizon, which "no path" counts as. Pairs of a junction with
/// itself are left out. Shares are an attribution within the model, not a cause in the world.
/// </summary>
/// <remarks>
/// Means are whole microseconds, so that differences and shares add up exactly, and the same on every processor, whichever sets are asked for together.
/// Each set is evaluated once. Memory: 8 bytes for each weight, and while sets are evaluated, for each of up to 1,024 at once 16 for each pair of portals. Not safe for use by several threads.
/// </remarks>
public sealed class LinkGains
{
    private readonly int count;
    private readonly Func<ulong[], IProgress<double>?, CancellationToken, IEnumerable<long>> means;
    private readonly Dictionary<ulong, long> known = [];

    /// <summary>Where times do not add up along a path, as by public transport: every set is evaluated by itself.</summary>
    /// <param name="links">How many, 0 … <see cref="Additions.MostLinks"/>.</param>
    /// <param name="meanMicroseconds">The mean with a set of them, of which link i is bit i; it is asked once for each set.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more links.</exception>
    public LinkGains(int links, Func<ulong, long> meanMicroseconds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)links, (uint)Additions.MostLinks, nameof(links));
        (count, means) = (links, OneByOne);

        IEnumerable<long> OneByOne(ulong[] sets, IProgress<double>? progress, CancellationToken cancellation)
        {
            for (var i = 0; i < sets.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return meanMicroseconds(sets[i]);
                progress?.Report((i + 1.0) / sets.Length);
            }
        }
    }

    /// <summary>Where they do: all sets from one preparation.</summary>
    /// <param name="additions">The links.</param>
    /// <param name="weights">Of the same sources and targets.</param>
    /// <param name="horizonMs">1 … 2^29 − 1.</param>
    /// <exception cref="ArgumentException">There is not one weight for each pair, all pairs weigh nothing, or the horizon is out of range.</exception>
    public LinkGains(Additions additions, PairWeights weights, int horizonMs)
    {
        var (sources, targets) = (additions.Sources, additions.Targets);
        if ((weights.Sources, weights.Targets) != (sources.Count, targets.Count))
            throw new ArgumentException($"{weights.Sources} × {weights.Targets} weights for {sources.Count} sources and {targets.Count} targets: each pair needs one.");
        if (horizonMs is < 1 or >= Network.Unreachable) throw new ArgumentException($"A horizon of {horizonMs} ms: 1 … {Network.Unreachable - 1} are allowed.");
        var weight = 0.0;
        for (var s = 0; s < sources.Count; s++)
            for (var t = 0; t < targets.Count; t++)
                if (sources[s] != targets[t]) weight += weights.Of(s, t);
        if (!(weight > 0)) throw new ArgumentException("No pair of two junctions weighs anything.");
        var sums = new SetSums(additions, weights, (uint)horizonMs);
        (count, means) = (additions.LinkCount, (sets, progress, cancellation) => sums.Of(sets, progress, cancellation).Select(sum => (long)Math.Round(1000 * sum / weight)));
    }

    /// <summary>Evaluates sets together, in one pass, which is much faster than one after another; what is asked of them later is there already.</summary>
    /// <param name="sets">Link i is bit i.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Ends the evaluation; nothing of it is kept.</param>
    /// <exception cref="OverflowException">With all links, the way to one takes 2^29 ms or more.</exception>
    public void Evaluate(IEnumerable<ulong> sets, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ulong[] wanted = [.. sets.Distinct().Where(set => !known.ContainsKey(set)).Order()];
        foreach (var (set, mean) in wanted.Zip([.. means(wanted, progress, cancellation)])) known[set] = mean;
    }

    /// <summary>The mean with some links, in microseconds.</summary>
    /// <param name="links">Link i is bit i.</param>
    /// <exception cref="OverflowException">As for <see cref="Evaluate"/>.</exception>
    public long MeanMicroseconds(ulong links)
    {
        if (!known.ContainsKey(links)) Evaluate([links]);
        return known[links];
    }

    /// <summary>What some links save together, in microseconds.</summary>
    public long SavedMicroseconds(ulong links) => MeanMicroseconds(0) - MeanMicroseconds(links);

    /// <summary>What each saves if nothing else is there.</summary>
    public long[] Standalone() => Beside(0);

    /// <summary>What each saves when all others are there.</summary>
    public long[] LastIn() => Beside(All);

    /// <summary>
    /// What each saves beside some that are there: a missing one if it were added, one of them by not being closed (the counterfactual closure). With the
    /// links that are open today, that is each link's gain today.
    /// </summary>
    /// <param name="there">Link i is bit i.</param>
    public long[] Beside(ulong there)
    {
        Evaluate(Links.SelectMany(i => new[] { there | 1UL << i, there & ~(1UL << i) }));
        return [.. Links.Select(i => MeanMicroseconds(there & ~(1UL << i)) - MeanMicroseconds(there | 1UL << i))];
    }

    /// <summary>What two links save together beyond what each saves alone: above 0 they complete each other, below they replace each other.</summary>
    public long Synergy(int one, int other)
    {
        if (one == other) return 0;
        Evaluate([0, 1UL << one, 1UL << other, 1UL << one | 1UL << other]);
        return SavedMicroseconds(1UL << one | 1UL << other) - SavedMicroseconds(1UL << one) - SavedMicroseconds(1UL << other);
    }

    /// <summary>The same of all pairs, by [one][other].</summary>
    public long[][] Synergies(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        Evaluate(Links.SelectMany(i => Links.Select(j => 1UL << i | 1UL << j)).Append(0UL), progress, cancellation);
        return [.. Links.Select(i => Links.Select(j => Synergy(i, j)).ToArray())];
    }

    /// <summary>Shapley values: they sum exactly to what all links save.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="Routing.Shares.MostExact"/> links.</exception>
    public long[] Shares(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var sets = Enumerable.Range(0, count > Routing.Shares.MostExact ? 0 : 1 << count).Select(set => (ulong)set).ToList();
        Evaluate(sets, progress, cancellation);
        return Routing.Shares.Of(count, [.. sets.Select(SavedMicroseconds)]);
    }

    /// <summary>Shapley values estimated from some orders, each with its standard error; they too sum exactly.</summary>
    /// <param name="orders">As for <see cref="Routing.Shares.Sampled"/>.</param>
    /// <param name="seed">Likewise.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Ends the evaluation.</param>
    public (long[] Shares, double[] StandardErrors) SampledShares(int orders, int seed = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var sets = new List<ulong>();   // which sets occur depends on the seed alone: asked first, they are evaluated together
        Routing.Shares.Sampled(count, set => { sets.Add(set); return 0; }, orders, seed);
        Evaluate(sets.Append(0UL), progress, cancellation);
        return Routing.Shares.Sampled(count, SavedMicroseconds, orders, seed);
    }

    /// <summary>Which link next, given those before: always the one that saves most then, ties by number; and what it saves then.</summary>
    /// <param name="there">Links that are there from the start: link i is bit i.</param>
    /// <param name="progress">Is told the share of links that have their place, 0 … 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyList<(int Link, long SavedMicroseconds)> Sequence(ulong there = 0, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (sequence, chosen) = (new List<(int, long)>(), there);
        while ((chosen & All) != All)
        {
            var candidates = Links.Where(i => (chosen >> i & 1) == 0).ToList();
            Evaluate(candidates.Select(i => chosen | 1UL << i).Append(chosen), null, cancellation);
            var next = candidates.MinBy(i => MeanMicroseconds(chosen | 1UL << i));
            sequence.Add((next, MeanMicroseconds(chosen) - MeanMicroseconds(chosen | 1UL << next)));
            chosen |= 1UL << next;
            progress?.Report((double)sequence.Count / (sequence.Count + candidates.Count - 1));
        }
        return sequence;
    }

    private IEnumerable<int> Links => Enumerable.Range(0, count);

    /// <summary>The set of all links, for questions about sets.</summary>
    public ulong All => Additions.AllOf(count);
}
