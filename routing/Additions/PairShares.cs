namespace Jietong.Routing;

/// <summary>Why a pair became faster: which links its way takes with all of them there, and how many of the milliseconds each link brings.</summary>
/// <param name="BeforeMs">Without links; <see cref="Network.Unreachable"/> where no path leads.</param>
/// <param name="AfterMs">With all of them.</param>
/// <param name="OnTheWay">Links on the fastest way then, ascending; none where no link makes it faster.</param>
/// <param name="SharesMs">Shapley values of the saving, one for each link, times capped at the horizon: they sum exactly to what is saved below it.</param>
public sealed record PairShares(int BeforeMs, int AfterMs, IReadOnlyList<int> OnTheWay, IReadOnlyList<long> SharesMs)
{
    /// <summary>Of several pairs: every set of links is prepared once for all of them.</summary>
    /// <param name="additions">At most <see cref="Shares.MostExact"/> links.</param>
    /// <param name="pairs">By their positions among the sources and the targets.</param>
    /// <param name="horizonMs">1 … 2^29 − 1: longer times, and none, count as this.</param>
    /// <exception cref="ArgumentException">There are too many links, or the horizon is out of range.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static IEnumerable<PairShares> Of(Additions additions, IEnumerable<(int Source, int Target)> pairs, int horizonMs)
    {
        if (additions.LinkCount > Shares.MostExact) throw new ArgumentException($"{additions.LinkCount} links: at most {Shares.MostExact} share exactly.");
        if (horizonMs is < 1 or >= Network.Unreachable) throw new ArgumentException($"A horizon of {horizonMs} ms: 1 … {Network.Unreachable - 1} are allowed.");
        AddedWays[] sets = [.. Enumerable.Range(0, 1 << additions.LinkCount).Select(set => new AddedWays(additions, additions.Between((ulong)set)))];
        return pairs.Select(pair =>
        {
            var (before, (after, links)) = (additions.Without[pair.Source][pair.Target], sets[^1].Pair(pair.Source, pair.Target));
            return new PairShares(Ms.Of(before), Ms.Of(after), [.. Enumerable.Range(0, additions.LinkCount).Where(i => (links >> i & 1) != 0)],
                Shares.OfWhole(additions.LinkCount, [.. sets.Select(set => -(long)Math.Min(set.Pair(pair.Source, pair.Target).Time, (uint)horizonMs))]));
        });
    }
}
