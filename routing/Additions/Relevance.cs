using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>
/// Which links can make some pairs faster at all, whatever other links are there: those by which, with all links there, some way is faster than the
/// way without any. The others may be taken out of every set and nothing changes for these pairs, so that of 2^k sets few differ.
/// </summary>
/// <remarks>Memory: 4 bytes for each portal and target. Remembers the last source: one instance for each thread.</remarks>
internal sealed class Relevance
{
    private readonly Additions additions;
    private readonly PortalWays ways;
    private readonly AddedWays all;
    private readonly uint[] slack;       // by portal
    private readonly uint[][] onward;    // by [portal][place], with all links
    private readonly ulong[] turning;    // by portal: links that, by joining a street midway, let one turn there, for whatever other link
    private readonly uint[] leaving;     // by portal

    public Relevance(Additions additions)
    {
        var portals = additions.FromPortal.Length;
        (this.additions, ways, slack, leaving, onward, turning) = (additions, additions.Between(additions.All), new uint[portals], new uint[portals], new uint[portals][], new ulong[portals]);
        all = new(additions, ways);
        foreach (var (portal, link) in additions.Arcs.SelectMany(a => new[] { (a.From, a.Link), (a.To, a.Link) }))
            if (!IsOnTheWay(additions.Portals[portal])) turning[portal] |= 1UL << link;
        foreach (var from in ways.Used)
        {
            onward[from] = [.. additions.FromPortal[from]];
            foreach (var over in ways.Used)
                for (var (place, time, then) = (0, ways.Time(from, over), additions.FromPortal[over]); place < then.Length; place++)
                    onward[from][place] = Math.Min(onward[from][place], time + then[place]);
        }
    }

    /// <summary>The time and the links of the fastest way of a pair with all links.</summary>
    public (uint Time, ulong Links) Pair(int source, int target) => (all.Time(source, target), all.Links(source, target));

    /// <param name="source">By its position among the sources.</param>
    /// <param name="without">Of some targets side by side: the times that a way must beat.</param>
    /// <param name="place">Of the first of them.</param>
    /// <param name="slack">By portal: left at this time or later, with whatever links, it makes none of them faster.</param>
    /// <exception cref="OverflowException">With all links, the way to a portal takes 2^29 ms or more.</exception>
    public ulong Links(int source, ReadOnlySpan<uint> without, int place, out ReadOnlySpan<uint> slack)
    {
        var (times, links) = (all.Leave(source), 0UL);
        for (var e = 0; e < ways.Used.Length; e++)
        {
            var portal = ways.Used[e];
            (leaving[portal], this.slack[portal]) = (times[e], Slack(without, onward[portal].AsSpan(place, without.Length)));
            if (times[e] < this.slack[portal]) links |= turning[portal];
        }
        foreach (var arc in additions.Arcs)
            if (leaving[arc.From] + (uint)arc.TimeMs < this.slack[arc.To]) links |= 1UL << arc.Link;
        slack = this.slack;
        return links;
    }

    /// <summary>Whether whoever gets there by the network and goes on by it could as well pass without stopping.</summary>
    private static bool IsOnTheWay(Portal portal) => portal.Reached.Count == 0 || portal.Left.Count == 0
        || (portal.Reached.Count, portal.Left.Count) == (1, 1) && (portal.Positions.Count == 1 || portal.Reached[0] == portal.Left[0]);

    /// <summary>The most by which a time exceeds the time onward; 0 where none does.</summary>
    private static uint Slack(ReadOnlySpan<uint> times, ReadOnlySpan<uint> onward)
    {
        var (widest, most, i) = (Vector512<uint>.Zero, 0u, 0);
        for (; i <= times.Length - Vector512<uint>.Count; i += Vector512<uint>.Count)
            if (Vector512.LoadUnsafe(in onward[0], (nuint)i) is var then)
                widest = Vector512.Max(widest, Vector512.Max(Vector512.LoadUnsafe(in times[0], (nuint)i), then) - then);
        for (; i < times.Length; i++) most = Math.Max(most, Math.Max(times[i], onward[i]) - onward[i]);
        var narrow = Vector256.Max(widest.GetLower(), widest.GetUpper());
        for (var lane = 0; lane < Vector256<uint>.Count; lane++) most = Math.Max(most, narrow[lane]);
        return most;
    }
}
