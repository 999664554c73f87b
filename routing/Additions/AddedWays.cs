using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>Times with a set of links, row by row.</summary>
internal sealed class AddedWays(Additions additions, PortalWays ways)
{
    /// <param name="source">By its position among the sources.</param>
    /// <param name="scratch">As long as there are targets.</param>
    /// <returns>The times to all targets: <paramref name="scratch"/>, or the row without links where none helps.</returns>
    public ReadOnlySpan<uint> Row(int source, uint[] scratch)
    {
        var (without, toPortal, changed) = (additions.Without[source], additions.ToPortal[source], false);
        var seen = Vector512<uint>.Zero;
        foreach (var end in ways.Used)
        {
            // Where a portal is got to no sooner than without links, nothing beyond it is.
            var best = toPortal[end];
            foreach (var begin in ways.Used) best = Math.Min(best, toPortal[begin] + ways.Time(begin, end));
            Ms.Check(best);
            if (best == toPortal[end]) continue;
            var (from, added, i) = (changed ? scratch : without, additions.FromPortal[end], 0);
            var time = Vector512.Create(best);
            for (; i <= from.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
            {
                var faster = Vector512.Min(Vector512.LoadUnsafe(ref from[0], (nuint)i), Vector512.LoadUnsafe(ref added[0], (nuint)i) + time);
                faster.StoreUnsafe(ref scratch[0], (nuint)i);
                seen |= faster;
            }
            var rest = 0u;
            for (; i < from.Length; i++) rest |= scratch[i] = Math.Min(from[i], added[i] + best);
            seen |= Vector512.Create(rest);
            changed = true;
        }
        Check(seen);
        return changed ? scratch : without;
    }

    /// <summary>One pair, and the links on its fastest way: none where links make it no faster.</summary>
    public (uint Time, ulong Links) Pair(int source, int target)
    {
        var (best, links) = (additions.Without[source][target], 0UL);
        foreach (var begin in ways.Used)
            foreach (var end in ways.Used)
            {
                var reached = additions.ToPortal[source][begin] + ways.Time(begin, end);
                if (reached < Ms.Never && reached + additions.FromPortal[end][target] is var time && time < best) (best, links) = (time, ways.Links(begin, end));
            }
        Ms.Check(best);
        return (best, links);
    }

    private static void Check(Vector512<uint> seen)
    {
        if (!Vector512.EqualsAll(seen & Vector512.Create(Ms.TooLong), Vector512<uint>.Zero)) Ms.Check(Ms.TooLong);
    }
}
