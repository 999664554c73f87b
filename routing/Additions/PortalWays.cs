using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>The fastest ways between portals with some links added (Floyd and Warshall 1962), and which links they use.</summary>
internal sealed class PortalWays
{
    private readonly int count;
    private readonly uint[] times;       // by [from · count + to]
    private readonly ulong[] links;      // used on the way

    /// <param name="count">How many portals.</param>
    /// <param name="between">Times without links, by [from · count + to].</param>
    /// <param name="added">The ways along the links.</param>
    public PortalWays(int count, uint[] between, IReadOnlyList<AddedArc> added)
    {
        (this.count, times, links) = (count, [.. between], new ulong[between.Length]);
        foreach (var arc in added)
            if ((uint)arc.TimeMs < times[arc.From * count + arc.To]) (times[arc.From * count + arc.To], links[arc.From * count + arc.To]) = ((uint)arc.TimeMs, 1UL << arc.Link);
        Used = [.. added.Select(a => a.From).Concat(added.Select(a => a.To)).Distinct().Order()];
        var seen = 0u;
        foreach (var over in Used)
            foreach (var from in Used)
            {
                if (times[from * count + over] is not (< Ms.Never and var first)) continue;
                foreach (var to in Used)
                    if (first + times[over * count + to] is var through && through < times[from * count + to])
                    {
                        (times[from * count + to], links[from * count + to]) = (through, links[from * count + over] | links[over * count + to]);
                        seen |= through;
                    }
            }
        Ms.Check(seen);
        var width = (Used.Length + Vector512<uint>.Count - 1) / Vector512<uint>.Count * Vector512<uint>.Count;
        Rows = [.. Used.Select(from => Enumerable.Range(0, width).Select(to => to < Used.Length ? times[from * count + Used[to]] : Ms.Never).ToArray())];
    }

    /// <summary>Portals where some link joins: what uses links gets to one of them first and leaves one of them last. The others are not there.</summary>
    public int[] Used { get; }

    /// <summary>The times from each used portal to all that are used, side by side, each row filled up with "never" to whole vectors.</summary>
    public uint[][] Rows { get; }

    /// <summary>Milliseconds between two that are used.</summary>
    public uint Time(int from, int to) => times[from * count + to];

    /// <summary>Those on the way; link i is bit i.</summary>
    public ulong Links(int from, int to) => links[from * count + to];
}
