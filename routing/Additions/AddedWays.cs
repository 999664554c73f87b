using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>Times with a set of links, row by row.</summary>
internal sealed class AddedWays(Additions additions, PortalWays ways)
{
    private readonly uint[] leaving = new uint[ways.Rows is [var row, ..] ? row.Length : 0];   // when each used portal can be left
    private readonly (uint Time, uint[] Added)[] helping = new (uint, uint[])[ways.Used.Length];   // those left sooner than without links, and the times from there

    /// <param name="source">By its position among the sources.</param>
    /// <param name="scratch">As long as there are targets.</param>
    /// <returns>The times to all targets: <paramref name="scratch"/>, or the row without links where none helps.</returns>
    public ReadOnlySpan<uint> Row(int source, uint[] scratch)
    {
        var (without, toPortal, count) = (additions.Without[source], additions.ToPortal[source], 0);
        var seen = Leave(toPortal);
        for (var e = 0; e < ways.Used.Length; e++)   // where a portal is got to no sooner than without links, nothing beyond it is
            if (leaving[e] is var left && left != toPortal[ways.Used[e]]) helping[count++] = (left, additions.FromPortal[ways.Used[e]]);
        var i = 0;
        for (; count > 0 && i <= without.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
        {
            var best = Vector512.LoadUnsafe(ref without[0], (nuint)i);
            foreach (var (time, added) in helping.AsSpan(0, count))
                best = Vector512.Min(best, Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(added), (nuint)i) + Vector512.Create(time));
            best.StoreUnsafe(ref scratch[0], (nuint)i);
            seen |= best;
        }
        for (; count > 0 && i < without.Length; i++)
        {
            scratch[i] = without[i];
            foreach (var (time, added) in helping.AsSpan(0, count)) scratch[i] = Math.Min(scratch[i], added[i] + time);
            seen |= Vector512.Create(scratch[i]);
        }
        Check(seen);
        return count > 0 ? scratch : without;
    }

    private Vector512<uint> Leave(uint[] toPortal)
    {
        var seen = Vector512<uint>.Zero;
        Array.Fill(leaving, Ms.Never);
        for (var begin = 0; begin < ways.Used.Length; begin++)
        {
            var reached = Vector512.Create(toPortal[ways.Used[begin]]);
            for (var i = 0; i < leaving.Length; i += Vector512<uint>.Count)
                Vector512.Min(Vector512.LoadUnsafe(ref leaving[0], (nuint)i), Vector512.LoadUnsafe(ref ways.Rows[begin][0], (nuint)i) + reached).StoreUnsafe(ref leaving[0], (nuint)i);
        }
        for (var i = 0; i < leaving.Length; i += Vector512<uint>.Count) seen |= Vector512.LoadUnsafe(ref leaving[0], (nuint)i);
        return seen;
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
