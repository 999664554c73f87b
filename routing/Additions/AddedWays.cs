using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>Times with a set of links, source by source. Remembers what it found for the last source: one instance for each thread.</summary>
internal sealed class AddedWays(Additions additions, PortalWays ways)
{
    private readonly uint[] leaving = new uint[ways.Rows is [var row, ..] ? row.Length : 0];   // when each used portal can be left
    private readonly (uint Time, uint[] Onward)[] helping = new (uint, uint[])[ways.Used.Length];   // those that make some target faster, and the times from there
    private int leftFrom = -1;

    /// <summary>The times to all targets, by place.</summary>
    /// <param name="source">By its position among the sources.</param>
    /// <param name="scratch">As wide as a row.</param>
    /// <returns><paramref name="scratch"/>, or the row without links where none helps.</returns>
    public uint[] Row(int source, uint[] scratch)
    {
        var (without, toPortal, times, seen) = (additions.Without[source], additions.ToPortal[source], Leave(source), Vector512<uint>.Zero);
        var count = 0;
        for (var e = 0; e < ways.Used.Length; e++)   // where a portal is got to no sooner than without links, nothing beyond it is
            if (times[e] < toPortal[ways.Used[e]]) helping[count++] = (times[e], additions.FromPortal[ways.Used[e]]);
        if (count == 0) return without;
        for (var place = 0; place < without.Length; place += Additions.Block) seen |= Least(count, without, place, scratch, place);
        Check(seen);
        return scratch;
    }

    /// <summary>The times to one block of targets, from their times without links.</summary>
    /// <param name="source">By its position among the sources.</param>
    /// <param name="without">By place; no less than what is asked for.</param>
    /// <param name="place">The first of the block.</param>
    /// <param name="slack">By portal: left at this time or later, it makes none of the block faster.</param>
    /// <param name="scratch">Gets the times, from its beginning on.</param>
    public void Times(int source, uint[] without, int place, ReadOnlySpan<uint> slack, uint[] scratch)
    {
        var (times, count) = (Leave(source), 0);
        for (var e = 0; e < ways.Used.Length; e++)
            if (times[e] < slack[ways.Used[e]]) helping[count++] = (times[e], additions.FromPortal[ways.Used[e]]);
        Least(count, without, place, scratch, 0);
    }

    private Vector512<uint> Least(int count, uint[] without, int place, uint[] scratch, int to)
    {
        var seen = Vector512<uint>.Zero;
        for (var end = place + Additions.Block; place < end; place += Vector512<uint>.Count, to += Vector512<uint>.Count)
        {
            var best = Vector512.LoadUnsafe(ref without[0], (nuint)place);
            foreach (var (time, onward) in helping.AsSpan(0, count))
                best = Vector512.Min(best, Vector512.LoadUnsafe(ref onward[0], (nuint)place) + Vector512.Create(time));
            best.StoreUnsafe(ref scratch[0], (nuint)to);
            seen |= best;
        }
        return seen;
    }

    /// <summary>When each of the used portals can be left, by their positions in <see cref="PortalWays.Used"/>.</summary>
    /// <exception cref="OverflowException">The way to one takes 2^29 ms or more.</exception>
    public uint[] Leave(int source)
    {
        if (leftFrom == source) return leaving;
        var (toPortal, seen) = (additions.ToPortal[source], Vector512<uint>.Zero);
        Array.Fill(leaving, Ms.Never);
        for (var begin = 0; begin < ways.Used.Length; begin++)
        {
            var reached = Vector512.Create(toPortal[ways.Used[begin]]);
            for (var i = 0; i < leaving.Length; i += Vector512<uint>.Count)
                Vector512.Min(Vector512.LoadUnsafe(ref leaving[0], (nuint)i), Vector512.LoadUnsafe(ref ways.Rows[begin][0], (nuint)i) + reached).StoreUnsafe(ref leaving[0], (nuint)i);
        }
        for (var i = 0; i < leaving.Length; i += Vector512<uint>.Count) seen |= Vector512.LoadUnsafe(ref leaving[0], (nuint)i);
        Check(seen);
        leftFrom = source;
        return leaving;
    }

    /// <summary>One pair.</summary>
    public uint Time(int source, int target)
    {
        var (best, times, place) = (additions.Without[source][additions.Places[target]], Leave(source), additions.Places[target]);
        for (var e = 0; e < ways.Used.Length; e++) best = Math.Min(best, times[e] + additions.FromPortal[ways.Used[e]][place]);
        Ms.Check(best);
        return best;
    }

    /// <summary>The links on the fastest way of a pair: none where links make it no faster.</summary>
    public ulong Links(int source, int target)
    {
        var (place, toPortal) = (additions.Places[target], additions.ToPortal[source]);
        var (best, links) = (additions.Without[source][place], 0UL);
        foreach (var begin in ways.Used)
            foreach (var end in ways.Used)
            {
                var reached = toPortal[begin] + ways.Time(begin, end);
                if (reached < Ms.Never && reached + additions.FromPortal[end][place] is var time && time < best) (best, links) = (time, ways.Links(begin, end));
            }
        return links;
    }

    private static void Check(Vector512<uint> seen)
    {
        if (!Vector512.EqualsAll(seen & Vector512.Create(Ms.TooLong), Vector512<uint>.Zero)) Ms.Check(Ms.TooLong);
    }
}
