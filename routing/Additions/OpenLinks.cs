namespace Jietong.Routing;

/// <summary>Links that are closed in a metric, as links that are added to it.</summary>
internal sealed class OpenLinks
{
    private readonly HierarchyMetric closed;
    private readonly IReadOnlyList<Portal> given;
    private readonly Dictionary<int, int> at = [];   // the portal at a junction where a link's arc ends

    public OpenLinks(HierarchyMetric closed, IReadOnlySet<int> arcs, IReadOnlyList<Portal> portals, IReadOnlyList<AddedArc> missing) =>
        (this.closed, given, Portals, Arcs) = (closed, portals, [.. portals.Select(p => p.Off(arcs))], [.. missing]);

    public List<Portal> Portals { get; private set; }
    public List<AddedArc> Arcs { get; private set; }

    /// <summary>Each arc leads from its tail, by the portals on it, to its head.</summary>
    public void Add(HierarchyMetric metric, IReadOnlyList<OpenArc> open)
    {
        var on = given.SelectMany((portal, i) => portal.Positions.Select(p => (p.Arc, p.FromTailMs, Portal: i))).ToLookup(p => p.Arc);
        var network = closed.Hierarchy.Network;
        foreach (var (link, arc) in open)
        {
            var (last, passed) = (At(network.TailOf(arc)), 0);
            foreach (var (_, fromTailMs, portal) in on[arc].OrderBy(p => p.FromTailMs))
            {
                Arcs.Add(new(link, last, portal, fromTailMs - passed));
                if (fromTailMs == passed && last < given.Count) Arcs.Add(new(link, portal, last, 0));   // one place
                (last, passed) = (portal, fromTailMs);
            }
            Arcs.Add(new(link, last, At(network.Heads[arc]), metric.TravelTimesMs[arc] - passed));
        }

        int At(int junction)
        {
            if (at.TryGetValue(junction, out var portal)) return portal;
            Portals.Add(Portal.At(junction));
            return at[junction] = Portals.Count - 1;
        }
    }

    /// <summary>Takes out portals at junctions where nothing but one link leads, and nobody asks: what comes in goes on.</summary>
    /// <param name="asked">Junctions.</param>
    public void Shorten(HashSet<int> asked)
    {
        var network = closed.Hierarchy.Network;
        foreach (var junction in Portals.Take(given.Count).SelectMany(p => p.Reached.Concat(p.Left))) asked.Add(junction.Junction);
        for (var (tail, arc) = (0, 0); arc < network.ArcCount; arc++)
        {
            while (arc == network.FirstArcs[tail + 1]) tail++;
            if (closed.TravelTimesMs[arc] != Network.Unreachable) (_, _) = (asked.Add(tail), asked.Add(network.ArcHeads[arc]));
        }
        var taken = new HashSet<int>();
        foreach (var (_, portal) in at.Where(a => !asked.Contains(a.Key)))
        {
            List<AddedArc> into = [.. Arcs.Where(a => a.To == portal && a.From != portal)], onward = [.. Arcs.Where(a => a.From == portal && a.To != portal)];
            var through = into.SelectMany(a => onward.Where(b => b.To != a.From).Select(b => new AddedArc(a.Link, a.From, b.To, a.TimeMs + b.TimeMs))).ToList();
            if (into.Concat(onward).Select(a => a.Link).Distinct().Count() > 1 || through.Count > into.Count + onward.Count || through.Any(a => a.TimeMs >= Network.Unreachable)) continue;
            Arcs = [.. Arcs.Where(a => a.To != portal && a.From != portal), .. through];
            taken.Add(portal);
        }
        int[] kept = [.. Enumerable.Range(0, Portals.Count).Where(p => !taken.Contains(p))], now = new int[Portals.Count];
        for (var i = 0; i < kept.Length; i++) now[kept[i]] = i;
        (Portals, Arcs) = ([.. kept.Select(p => Portals[p])], [.. Arcs.Select(a => a with { From = now[a.From], To = now[a.To] })]);
    }
}
