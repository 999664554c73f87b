namespace Jietong.Routing.Tests;

/// <summary>A random world with portals, missing links and links that are there; and as one network, in which arcs are split at the portals and links are arcs like any others.</summary>
internal sealed record AddedWorld(RandomWorld World, Network Network, List<List<(int Arc, int FromTailMs)>> On, List<int?> At, List<AddedArc> Arcs, int[] Sources, int[] Targets)
{
    /// <summary>Arcs of links that are there, numbered on from the missing ones.</summary>
    public List<OpenArc> Open { get; private init; } = [];

    public int Links => Math.Max(Arcs.Max(a => a.Link), Open.Select(o => o.Link).DefaultIfEmpty(-1).Max()) + 1;

    public HierarchyMetric Metric => new(new(Network, NestedDissection.Order(Network)), Network);

    public Additions Mixed => Additions.Of(Metric, Portals, Arcs, Open, Sources, Targets);

    public Additions Added => new(PerfectMetric.Of(Metric), Portals, Arcs, Sources, Targets);

    private List<Portal> Portals => [.. At.Zip(On, (junction, on) => junction is { } v ? Portal.At(v) : Portal.On(Network, on))];

    public static AddedWorld Of(int seed)
    {
        var (world, random) = (RandomWorld.Of(seed, seed % 2 == 0 ? 1 : 1000, 14, 30), new Random(-seed - 1));
        var network = world.Network;
        var open = Enumerable.Range(0, network.ArcCount).Where(a => network.TravelTimesMs[a] != Network.Unreachable).ToList();
        var (at, on) = (new List<int?>(), new List<List<(int, int)>>());
        for (var portal = random.Next(2, 8); portal > 0; portal--)
        {
            var atJunction = open.Count == 0 || random.Next(3) == 0;
            at.Add(atJunction ? random.Next(world.Junctions) : null);
            on.Add(atJunction ? [] : Place(open[random.Next(open.Count)]));
        }
        var links = random.Next(1, 5);
        List<AddedArc> arcs = [.. Enumerable.Range(0, links + random.Next(4)).Select(i => new AddedArc(i % links, random.Next(at.Count), random.Next(at.Count), random.Next(seed % 2 == 0 ? 12 : 12_000)))];
        int[] Draw() => [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(world.Junctions))];
        int TailOf(int arc) => Enumerable.Range(0, world.Junctions).First(v => arc < network.FirstArc[v + 1]);

        // As far along the street one way as the other.
        List<(int, int)> Place(int arc)
        {
            var (share, tail) = (random.NextDouble(), TailOf(arc));
            var backs = open.Where(a => network.Heads[a] == tail && TailOf(a) == network.Heads[arc] && a != arc && tail != network.Heads[arc]).ToList();
            var (there, back) = (network.TravelTimesMs[arc], backs.Count == 0 ? -1 : backs[random.Next(backs.Count)]);
            return back < 0 || random.Next(3) == 0 ? [(arc, (int)(share * there))] : [(arc, (int)(share * there)), (back, network.TravelTimesMs[back] - (int)(share * network.TravelTimesMs[back]))];
        }
        return new(world, network, on, at, arcs, Draw(), Draw());
    }

    /// <summary>The same with up to three links of up to five arcs that are there, and few sources and targets.</summary>
    public static AddedWorld WithOpenLinks(int seed)
    {
        var (world, random) = (Of(seed), new Random(-7 * seed - 1));
        var arcs = Enumerable.Range(0, world.Network.ArcCount).Where(a => world.Network.TravelTimesMs[a] != Network.Unreachable).ToArray();
        random.Shuffle(arcs);
        var open = random.Next(4);
        return world with
        {
            Open = [.. arcs.Take(open * random.Next(1, 6)).Select((arc, i) => new OpenArc(world.Links + i % open, arc))],
            Sources = [.. world.Sources.Take(3)], Targets = [.. world.Targets.Take(3)],
        };
    }

    /// <summary>Arcs split, links in place: the whole as one network. A portal where a link joins is one junction, through which ways on its street lead.</summary>
    public Network Whole(int links, int joining)
    {
        var used = Arcs.Where(a => (joining >> a.Link & 1) != 0).SelectMany(a => new[] { a.From, a.To }).ToHashSet();
        foreach (var (_, arc) in Open.Where(o => (joining >> o.Link & 1) != 0)) used.UnionWith(Enumerable.Range(0, On.Count).Where(p => On[p].Exists(o => o.Arc == arc)));
        var (n, tails, heads, times) = (World.Junctions, new List<int>(), new List<int>(), new List<int>());
        void Add(int tail, int head, int timeMs)
        {
            tails.Add(tail);
            heads.Add(head);
            times.Add(timeMs);
        }
        for (var (tail, arc) = (0, 0); arc < Network.ArcCount; arc++)
        {
            while (arc >= Network.FirstArc[tail + 1]) tail++;
            if (Open.Exists(o => o.Arc == arc && (links >> o.Link & 1) == 0)) continue;
            Add(tail, Network.Heads[arc], Network.TravelTimesMs[arc]);
            var stops = On.SelectMany((on, portal) => on.Where(o => o.Arc == arc && used.Contains(portal)).Select(o => (o.FromTailMs, portal))).ToList();
            foreach (var (fromTailMs, portal) in stops)
            {
                Add(tail, n + portal, fromTailMs);
                Add(n + portal, Network.Heads[arc], Network.TravelTimesMs[arc] - fromTailMs);
                foreach (var (further, other) in stops.Where(s => s.FromTailMs >= fromTailMs)) Add(n + portal, n + other, further - fromTailMs);
            }
        }
        for (var portal = 0; portal < At.Count; portal++)
            if (At[portal] is { } v)
            {
                Add(v, n + portal, 0);
                Add(n + portal, v, 0);
            }
        foreach (var arc in Arcs.Where(a => (links >> a.Link & 1) != 0)) Add(n + arc.From, n + arc.To, arc.TimeMs);
        return Routing.Network.Build(n + At.Count, tails, heads, times);
    }

    public int[][] Oracle(int links) => Oracle(links, links);

    /// <param name="links">That can be travelled.</param>
    /// <param name="joining">At whose portals one can turn.</param>
    public int[][] Oracle(int links, int joining) => Whole(links, joining) is var whole ? [.. Sources.Select(s => Dijkstra.TravelTimesFrom(whole, s) is var row ? Targets.Select(t => row[t]).ToArray() : [])] : [];

    public override string ToString() => $"portals {string.Join(' ', At.Zip(On, (v, on) => v is null ? $"[{string.Join(',', on)}]" : $"{v}"))}, {string.Join(' ', Arcs)}, {string.Join(' ', Open)}, {World}";
}
