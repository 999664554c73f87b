namespace Jietong.Routing;

/// <summary>Why a pair became faster: which links its way takes with all of them there, and how many of the milliseconds each link brings.</summary>
/// <param name="BeforeMs">Without links; <see cref="Network.Unreachable"/> where no path leads.</param>
/// <param name="AfterMs">With all of them.</param>
/// <param name="OnTheWay">Links on the fastest way then, ascending; none where no link makes it faster.</param>
/// <param name="SharesMs">Shapley values of the saving, one for each link, times capped at the horizon: they sum exactly to what is saved below it.</param>
public sealed record PairShares(int BeforeMs, int AfterMs, IReadOnlyList<int> OnTheWay, IReadOnlyList<long> SharesMs)
{
    private const int MostSets = 1024;

    /// <summary>
    /// Of several pairs, one after another as they are taken; those of one source should follow each other. Only links that can make a pair faster are
    /// looked at, whatever others there are. Memory: for each of up to 1,024 sets of links, 16 bytes for each pair of portals.
    /// </summary>
    /// <param name="additions">The links.</param>
    /// <param name="pairs">By their positions among the sources and the targets.</param>
    /// <param name="horizonMs">1 … 2^29 − 1: longer times, and none, count as this.</param>
    /// <exception cref="ArgumentException">More than <see cref="Shares.MostExact"/> links can matter to a pair, or the horizon is out of range.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static IEnumerable<PairShares> Of(Additions additions, IEnumerable<(int Source, int Target)> pairs, int horizonMs)
    {
        if (horizonMs is < 1 or >= Network.Unreachable) throw new ArgumentException($"A horizon of {horizonMs} ms: 1 … {Network.Unreachable - 1} are allowed.");
        return Each();

        IEnumerable<PairShares> Each()
        {
            var (relevance, ways, limit) = (new Relevance(additions), new Dictionary<ulong, AddedWays>(), new uint[1]);
            foreach (var (source, target) in pairs)
            {
                var before = additions.Without[source][additions.Places[target]];
                limit[0] = Math.Min(before, (uint)horizonMs);
                var relevant = LinksIn(relevance.Links(source, limit, additions.Places[target], out _));
                var (after, links) = relevance.Pair(source, target);
                if (relevant.Length > Shares.MostExact) throw new ArgumentException($"{relevant.Length} links can make the pair {source}, {target} faster: at most {Shares.MostExact} share exactly.");
                var values = new long[1 << relevant.Length];
                for (var set = 0; set < values.Length; set++) values[set] = -(long)Math.Min(limit[0], set == 0 ? before : WaysWith(Members(set, relevant)).Time(source, target));
                var shares = new long[additions.LinkCount];
                foreach (var (link, share) in relevant.Zip(Shares.Of(relevant.Length, values))) shares[link] = share;
                yield return new(Ms.Of(before), Ms.Of(after), LinksIn(links), shares);
            }

            AddedWays WaysWith(ulong set)
            {
                if (ways.TryGetValue(set, out var there)) return there;
                if (ways.Count == MostSets) ways.Clear();
                return ways[set] = new(additions, additions.Between(set));
            }
        }
    }

    private static int[] LinksIn(ulong links) => [.. Enumerable.Range(0, Additions.MostLinks).Where(i => (links >> i & 1) != 0)];

    private static ulong Members(int set, int[] links)
    {
        var members = 0UL;
        for (var i = 0; i < links.Length; i++) members |= (ulong)(set >> i & 1) << links[i];
        return members;
    }
}
