namespace Jietong.Routing;

/// <summary>A pair that some links make faster.</summary>
/// <param name="Source">By its position among the sources.</param>
/// <param name="Target">By its position among the targets.</param>
/// <param name="BeforeMs">Without links; <see cref="Network.Unreachable"/> where no path leads.</param>
/// <param name="AfterMs">With them.</param>
public readonly record struct HelpedPair(int Source, int Target, int BeforeMs, int AfterMs)
{
    /// <summary>The pairs that save most, without shares for all of them: <see cref="PairShares.Of"/> then tells why. Ties by position. Memory: 24 bytes for each wanted.</summary>
    /// <param name="additions">The links.</param>
    /// <param name="links">Those that are added: link i is bit i.</param>
    /// <param name="top">How many pairs at most.</param>
    /// <param name="horizonMs">Longer times, and none, count as this.</param>
    /// <param name="weights">What a pair saves counts so many times; null: each pair alike.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static IReadOnlyList<HelpedPair> Most(Additions additions, ulong links, int top, int horizonMs, PairWeights? weights = null, CancellationToken cancellation = default)
    {
        var (ways, scratch, best) = (new AddedWays(additions, additions.Between(links)), new uint[additions.Width], new PriorityQueue<HelpedPair, (double Saved, int Source, int Target)>());
        for (var source = 0; source < additions.Sources.Count; source++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (without, with) = (additions.Without[source], ways.Row(source, scratch));
            for (var place = 0; place < additions.ByPlace.Length; place++)
            {
                if (without[place] == with[place] || with[place] >= (uint)horizonMs) continue;
                var target = additions.ByPlace[place];
                var saved = (weights?.Of(source, target) ?? 1) * (Math.Min(without[place], (uint)horizonMs) - with[place]);
                if (saved == 0 || best.Count == top && best.TryPeek(out _, out var least) && saved < least.Saved) continue;
                best.Enqueue(new(source, target, Ms.Of(without[place]), Ms.Of(with[place])), (saved, -source, -target));
                if (best.Count > top) best.Dequeue();
            }
        }
        return [.. best.UnorderedItems.OrderByDescending(pair => pair.Priority).Select(pair => pair.Element)];
    }
}
