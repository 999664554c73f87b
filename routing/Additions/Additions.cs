namespace Jietong.Routing;

/// <summary>
/// Travel times between some junctions with any of up to 64 added links, exactly, from one preparation: the times from all sources to the portals
/// of the links, from the portals to all targets, and between portals. With a set of links, a pair takes the least of what it takes without, and of
/// the way to a portal, from portal to portal by whatever is fastest, and on. Only where times along a path add up: not for public transport.
/// </summary>
/// <remarks>
/// Memory: 4 bytes for each pair of source and target, and for each of them and each portal; targets count in whole blocks of <see cref="Block"/>.
/// While it is prepared, 4 more for each pair. Safe for use by several threads.
/// </remarks>
public sealed partial class Additions
{
    public const int MostLinks = 64;

    /// <summary>Targets that lie near each other stand together in blocks of so many, since what helps one often helps all.</summary>
    internal const int Block = 64;

    private readonly uint[] between;   // by portals [from · P + to], without any link

    /// <param name="searches">Of the metric without the links; a perfect one is faster.</param>
    /// <param name="portals">Where links join.</param>
    /// <param name="arcs">The ways along them.</param>
    /// <param name="sources">Junctions.</param>
    /// <param name="targets">Junctions.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    /// <exception cref="ArgumentException">An arc names a link, a portal or a time out of range; a junction is none of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public Additions(Searches searches, IReadOnlyList<Portal> portals, IReadOnlyList<AddedArc> arcs, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IProgress<double>? progress = null, CancellationToken cancellation = default)
        : this(searches, portals, Checked(arcs, portals.Count), sources, targets, targets, progress, cancellation) { }

    /// <param name="searches">As above.</param>
    /// <param name="portals">As above.</param>
    /// <param name="arcs">As above.</param>
    /// <param name="sources">As above.</param>
    /// <param name="junctions">What the targets are called.</param>
    /// <param name="targets">For each, where the searches arrive at it.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellation">As above.</param>
    private Additions(Searches searches, IReadOnlyList<Portal> portals, IReadOnlyList<AddedArc> arcs, IReadOnlyList<int> sources, IReadOnlyList<int> junctions, IReadOnlyList<int> targets, IProgress<double>? progress, CancellationToken cancellation)
    {
        (Arcs, Sources, Targets, Portals) = ([.. arcs], [.. sources], [.. junctions], [.. portals]);
        LinkCount = arcs.Count == 0 ? 0 : arcs.Max(a => a.Link) + 1;
        ByPlace = [.. Enumerable.Range(0, targets.Count).OrderBy(t => searches.RankOf(targets[t]))];   // near by rank is near in the network
        (Places, Width) = (new int[targets.Count], (targets.Count + Block - 1) / Block * Block);
        for (var place = 0; place < ByPlace.Length; place++) Places[ByPlace[place]] = place;
        int[] ordered = [.. ByPlace.Select(t => targets[t])];
        Without = [.. TravelTimeMatrix.Between(searches, sources, ordered, progress, cancellation).Select(row => Filled(row.Select(Ms.From), 0))];

        int[] reached = [.. portals.SelectMany(p => p.Reached.Select(r => r.Junction)).Distinct()], left = [.. portals.SelectMany(p => p.Left.Select(l => l.Junction)).Distinct()];
        var (reachedAt, leftAt) = (PositionsOf(reached), PositionsOf(left));
        // To the few portals against the direction of travel: as many sweeps as for those, not as for the sources.
        var toReached = TravelTimeMatrix.To(searches, sources, reached, cancellation);
        var fromLeft = TravelTimeMatrix.Between(searches, left, [.. ordered, .. reached], null, cancellation);
        ToPortal = [.. Enumerable.Range(0, sources.Count).Select(s => portals.Select(p => Least(p.Reached, r => Sum(toReached[reachedAt[r.Junction]][s], r.Ms))).ToArray())];
        FromPortal = [.. portals.Select(p => Filled(Enumerable.Range(0, targets.Count).Select(place => Least(p.Left, l => Sum(fromLeft[leftAt[l.Junction]][place], l.Ms))), Ms.Never))];
        between = [.. portals.SelectMany(p => portals.Select(q => p == q ? 0 : Math.Min(p.AlongTo(q),
            Least(p.Left, l => Least(q.Reached, r => Sum(l.Ms, Sum(fromLeft[leftAt[l.Junction]][targets.Count + reachedAt[r.Junction]], r.Ms)))))))];
    }

    public IReadOnlyList<int> Sources { get; }
    public IReadOnlyList<int> Targets { get; }

    /// <summary>One more than the highest link of an arc.</summary>
    public int LinkCount { get; private init; }

    // Targets by place: in the order in which they lie, filled up to whole blocks with pairs that nothing can make faster.
    internal int[] ByPlace { get; }        // which target
    internal int[] Places { get; }         // where each
    internal int Width { get; }
    internal uint[][] Without { get; }     // by [source][place]
    internal uint[][] ToPortal { get; }    // by [source][portal]
    internal uint[][] FromPortal { get; }  // by [portal][place]
    internal IReadOnlyList<Portal> Portals { get; }
    internal IReadOnlyList<AddedArc> Arcs { get; }

    /// <summary>All links, as bits.</summary>
    internal ulong All => AllOf(LinkCount);

    internal static ulong AllOf(int links) => links == MostLinks ? ulong.MaxValue : (1UL << links) - 1;

    /// <summary>Milliseconds by [source][target] with some links; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <param name="links">Link i is bit i.</param>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public int[][] TimesMs(ulong links)
    {
        var (by, row) = (new AddedWays(this, Between(links)), new uint[Width]);
        return [.. Enumerable.Range(0, Sources.Count).Select(s => by.Row(s, row) is var times ? Places.Select(place => Ms.Of(times[place])).ToArray() : [])];
    }

    /// <summary>The fastest ways from portal to portal, and where links begin and end in them.</summary>
    internal PortalWays Between(ulong links) => new(Portals.Count, between, [.. Arcs.Where(a => (links >> a.Link & 1) != 0)]);

    private uint[] Filled(IEnumerable<uint> times, uint rest)
    {
        uint[] row = [.. times];
        Array.Resize(ref row, Width);
        row.AsSpan(Places.Length).Fill(rest);
        return row;
    }

    /// <summary>A portal on arcs that are closed has no ways to it at all.</summary>
    private static uint Least(IReadOnlyList<(int Junction, int Ms)> ways, Func<(int Junction, int Ms), uint> time) => ways.Select(time).DefaultIfEmpty(Ms.Never).Min();

    private static IReadOnlyList<AddedArc> Checked(IReadOnlyList<AddedArc> arcs, int portals)
    {
        foreach (var arc in arcs)
            if (arc.Link is < 0 or >= MostLinks || (uint)arc.From >= portals || (uint)arc.To >= portals || arc.TimeMs is < 0 or >= Network.Unreachable)
                throw new ArgumentException($"{arc}: links are 0 … {MostLinks - 1}, portals 0 … {portals - 1}, times 0 … {Network.Unreachable - 1} ms.");
        return arcs;
    }

    private static Dictionary<int, int> PositionsOf(int[] junctions) => junctions.Select((junction, i) => (junction, i)).ToDictionary(j => j.junction, j => j.i);

    private static uint Sum(int timeMs, int moreMs) => Sum((uint)moreMs, Ms.From(timeMs));

    private static uint Sum(int timeMs, uint more) => Sum((uint)timeMs, more);

    private static uint Sum(uint time, uint more)
    {
        var sum = Math.Min(time + more, Ms.Never);
        Ms.Check(sum);
        return sum;
    }
}
