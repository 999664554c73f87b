namespace Jietong.Routing;

/// <summary>An arc of the network that belongs to a link which is there; a link may have many.</summary>
/// <param name="Link">Which link, 0 … k-1.</param>
/// <param name="Arc">By the network's own numbering; it belongs to no other link.</param>
public readonly record struct OpenArc(int Link, int Arc);

public sealed partial class Additions
{
    /// <summary>
    /// Links that are missing and links that are there, in one numbering, so that any set of both can be asked for: the base is the network with those that are there
    /// closed, by customisation, and their arcs are added back by portals at their ends. A set then says of each link whether it is there.
    /// </summary>
    /// <param name="metric">With all links that are there open; it is copied.</param>
    /// <param name="portals">Where missing links join, also on arcs of links that are there.</param>
    /// <param name="missing">The ways along the missing links.</param>
    /// <param name="open">The arcs of links that are there. Between junctions at which nothing else joins they count as one way, so a long road needs few portals.</param>
    /// <param name="sources">Junctions.</param>
    /// <param name="targets">Junctions.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    /// <exception cref="ArgumentException">As for the constructor; or an arc is none of the network, closed, or named twice.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static Additions Of(HierarchyMetric metric, IReadOnlyList<Portal> portals, IReadOnlyList<AddedArc> missing, IReadOnlyList<OpenArc> open, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (closed, arcs) = (metric.Copy(), new HashSet<int>());
        foreach (var (link, arc) in open)
            if ((uint)arc >= metric.TravelTimesMs.Count || metric.TravelTimesMs[arc] == Network.Unreachable || !arcs.Add(arc))
                throw new ArgumentException($"Arc {arc} of link {link}: arcs are 0 … {metric.TravelTimesMs.Count - 1}, open, and of one link.");
        closed.Set([.. arcs.Select(arc => (arc, Network.Unreachable))]);
        var added = new OpenLinks(closed, arcs, portals, missing);
        added.Add(metric, open);
        added.Shorten([.. sources, .. targets]);
        return new(PerfectMetric.Of(closed), added.Portals, added.Arcs, sources, targets, progress, cancellation)
        {
            LinkCount = missing.Select(a => a.Link).Concat(open.Select(o => o.Link)).DefaultIfEmpty(-1).Max() + 1,   // also where the last one leads nowhere
        };
    }
}
