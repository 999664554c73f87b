using Jietong.Geodata;

namespace Jietong.Services.Model;

/// <summary>
/// The network for cars. Roads that a source shows; on each side of the province line, connectors between neighbouring places and road
/// ends; across it, only roads that cross, and links.
/// <code>
///   place ┄┄ place ┄┄ ● ━━━━ road ━━━━ ● ┄┄ place        ┄ connector, one side only
///             ┊       ┆                                   ┆ province line
///             └┄┄┄ →(link)→ ┄┄┄ place                     a link leads from one side to the other, never back to its own
/// </code>
/// </summary>
internal static class CarTopology
{
    private static readonly Dictionary<string, (string Speed, string Factor)> Classes = new()
    {
        ["motorway"] = ("design-speed-motorway", "operating-factor-motorway"), ["class1"] = ("design-speed-class-1", "operating-factor-class-1"),
        ["class2"] = ("design-speed-class-2", "operating-factor-class-2"), ["class3"] = ("design-speed-class-3", "operating-factor-class-3-4"),
        ["class4"] = ("design-speed-class-4", "operating-factor-class-3-4"), ["urban_expressway"] = ("design-speed-urban-expressway", "operating-factor-urban-expressway"),
        ["urban_trunk"] = ("design-speed-urban-trunk", "operating-factor-urban-street"), ["urban_secondary"] = ("design-speed-urban-secondary", "operating-factor-urban-street"),
        ["urban_branch"] = ("design-speed-urban-branch", "operating-factor-urban-street"),
    };

    public static Topology Build(ModelInput input)
    {
        var topology = new Topology();
        var sites = new Dictionary<Zone, List<int>> { [Zone.Shanghai] = [], [Zone.Outer] = [] };
        var kerbs = new Dictionary<string, int>();
        foreach (var place in input.PlacesInNetwork())
        {
            var junction = new Junction(place.NameZh, place.NameEn, place.Longitude!.Value, place.Latitude!.Value);
            var (door, kerb) = (topology.AddJunction(junction), topology.AddJunction(junction));
            topology.PlaceJunctions.Add(door);
            topology.AddBothWays(new(door, kerb, new("car", "取车、停车", "to and from the car"), i => i["car-access-minutes"] / 2));
            sites[Zones.Of(place.Adcode)].Add(kerb);
            kerbs[place.Id] = kerb;
        }
        AddRoads(input, topology, sites);
        foreach (var side in sites.Values)
            foreach (var (from, to) in topology.NeighboursAmong(side))
                topology.AddBothWays(Connector(topology, from, to));
        foreach (var link in input.Links.Where(l => l.Kind is "road" or "unspecified")) topology.Works[link.Id] = Join(input, topology, link, sites, kerbs);
        return topology;
    }

    private static ModelArc Connector(Topology topology, int from, int to)
    {
        var metres = topology.Metres(from, to);
        return new(from, to, new("connector", "接驳道路（示意）", "roads unknown (sketch)"), i => ConnectorMinutes(i, metres), metres);
    }

    internal static double ConnectorMinutes(Inputs i, double metres) => metres * i["detour-factor-connector"] / 1000 / i["connector-speed-car"] * 60;

    /// <summary>Roads are joined where they share a vertex; those that cross the province line end on its far side.</summary>
    private static void AddRoads(ModelInput input, Topology topology, Dictionary<Zone, List<int>> sites)
    {
        static (double, double) Key(double[] position) => (position[0], position[1]);
        var ends = input.Roads.SelectMany(r => new[] { Key(r.Coordinates[0]), Key(r.Coordinates[^1]) }).ToHashSet();
        var shared = input.Roads.SelectMany(r => r.Coordinates.Select(Key).Distinct()).GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key);
        var names = input.Roads.SelectMany(r => r.Coordinates.Select(c => (Key: Key(c), Road: r))).ToLookup(x => x.Key, x => x.Road);
        var junctions = new Dictionary<(double, double), int>();
        foreach (var at in ends.Union(shared))
        {
            var here = names[at].DistinctBy(r => r.NameZh).Take(2).ToList();
            junctions[at] = topology.AddJunction(new(string.Join("×", here.Select(r => r.NameZh)), string.Join(" × ", here.Select(r => r.NameEn)), at.Item1, at.Item2));
            var crossing = names[at].FirstOrDefault(r => r.CrossingAdcode is not null && Key(r.Coordinates[^1]) == at);
            sites[Zones.Of(crossing?.CrossingAdcode ?? names[at].First().Adcode)].Add(junctions[at]);
        }
        foreach (var road in input.Roads)
        {
            if (road.AssumedPresent) topology.AssumedPresent.Add(road.Id);
            if (road.LinkId is { } link && input.Links.All(l => l.Id != link)) topology.WorksOfUnlisted.Add(road.Id);
            var whole = Length(road.Coordinates, 0, road.Coordinates.Count - 1);
            var (speed, factor) = Classes[road.Class];
            var start = 0;
            for (var end = 1; end < road.Coordinates.Count; end++)
            {
                if (!junctions.TryGetValue(Key(road.Coordinates[end]), out var head)) continue;
                var metres = road.LengthMetres * Length(road.Coordinates, start, end) / whole;
                double Time(Inputs i) => metres / 1000 / (i[speed] * i[factor]) * 60;
                topology.AddBothWays(new(junctions[Key(road.Coordinates[start])], head, new("road", road.NameZh, road.NameEn, road.LinkId), Time, metres, LinkId: road.LinkId,
                    Narrow: road.Widens ? i => Time(i) / i["narrow-road-speed-factor"] : null, Shape: [.. road.Coordinates.Skip(start).Take(end - start + 1)]));
                start = end;
            }
        }
    }

    private static double Length(IReadOnlyList<double[]> line, int from, int to) =>
        Enumerable.Range(from, to - from).Sum(i => Earth.Metres(line[i][0], line[i][1], line[i + 1][0], line[i + 1][1]));

    private static LinkWorks Join(ModelInput input, Topology topology, LinkRow link, Dictionary<Zone, List<int>> sites, Dictionary<string, int> kerbs)
    {
        LinkWorks Not(string zh, string en) => new(link, link.AccuracyMetres ?? 0, false, ReasonZh: zh, ReasonEn: en);
        if (input.Roads.Where(r => r.LinkId == link.Id).ToList() is { Count: > 0 } works)
            return new(link, 0, true, $"路网中 {string.Join("、", works.Select(r => r.NameZh).Distinct())} {works.Sum(r => r.LengthMetres) / 1000:0.00} 千米{(link.Nature == "bottleneck" ? "，由窄变宽" : "")}",
                $"{works.Sum(r => r.LengthMetres) / 1000:0.00} km of {string.Join(", ", works.Select(r => r.NameEn).Distinct())} in the network data{(link.Nature == "bottleneck" ? ", widened" : "")}");
        if (link.Kind == "unspecified") return Not("来源未说明是哪种交通方式", "no source says which mode it would carry");
        if (link.Longitude is null) return Not("来源未给出位置", "no source gives a position");
        if (link.Nature == "bottleneck")
            return Not("拓宽工程须知线位，来源所示只是一个圆", "a widening needs its line; only a circle is known");
        if (Zones.Of(link.Sides[0].Adcode) == Zones.Of(link.Sides[1].Adcode))
            return Not("两端同在省界一侧，该侧只有示意接驳，无法区分新路", "both ends are on one side of the province line, where the base has sketched connectors only: a new road cannot be told from them");

        var ends = link.Sides.Select(side => Neighbours(input, topology, link, side, sites, kerbs)).ToList();
        foreach (var (from, to) in new[] { (ends[0], ends[1]), (ends[1], ends[0]) })
        {
            // A junction for each direction: from one side to the other, so that nobody uses the link to get about on his own side.
            var passage = topology.AddJunction(new(link.NameZh, link.NameEn, link.Longitude.Value, link.Latitude!.Value));
            foreach (var tail in from) topology.AddArc(Portal(topology, link, tail, passage, tail));
            foreach (var head in to) topology.AddArc(Portal(topology, link, passage, head, head));
        }
        string Names(int end, Func<Junction, string> name) => string.Join(", ", ends[end].Select(j => name(topology.Junctions[j])).Distinct());
        return new(link, link.AccuracyMetres!.Value, false, $"从所知圆心接到 {Names(0, j => j.NameZh)} 与 {Names(1, j => j.NameZh)}，圆半径 {link.AccuracyMetres:0} 米",
            $"from the middle of its circle of {link.AccuracyMetres:0} m to {Names(0, j => j.NameEn)} and {Names(1, j => j.NameEn)}");
    }

    private static ModelArc Portal(Topology topology, LinkRow link, int tail, int head, int end)
    {
        var at = topology.Junctions[end];
        double Metres(Inputs i) => i.PositionOf(link) is var p ? Earth.Metres(p.Longitude, p.Latitude, at.Longitude, at.Latitude) : 0;
        return new(tail, head, new("link", link.NameZh, link.NameEn, link.Id), i => ConnectorMinutes(i, Metres(i)), topology.Metres(tail, head), LinkId: link.Id);
    }

    /// <summary>Where the link's end joins: the neighbours that its position has on that side, and the town that the source names.</summary>
    private static List<int> Neighbours(ModelInput input, Topology topology, LinkRow link, SideRow side, Dictionary<Zone, List<int>> sites, Dictionary<string, int> kerbs)
    {
        var candidates = sites[Zones.Of(side.Adcode)];
        var near = Routing.GabrielGraph.NeighboursOf(Earth.ToPlane(link.Longitude!.Value, link.Latitude!.Value), [.. candidates.Select(topology.InPlane)]).Select(n => candidates[n]);
        var named = input.PlacesInNetwork().Where(p => side.Town is not null && p.Adcode == side.Adcode && p.NameZh.StartsWith(side.Town, StringComparison.Ordinal)).Select(p => kerbs[p.Id]);
        return [.. near.Union(named)];
    }
}
