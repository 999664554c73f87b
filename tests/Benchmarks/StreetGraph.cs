using Jietong.Geodata.Imports.Osm;

namespace Jietong.Benchmarks;

/// <summary>A bridge for cars: a way of OpenStreetMap with the tag "bridge".</summary>
/// <param name="Name">Its name, reference or number.</param>
/// <param name="Line">Longitudes and latitudes.</param>
/// <param name="Arcs">Of the graph, in the order in which it is built.</param>
internal sealed record Bridge(string Name, List<(double X, double Y)> Line, List<int> Arcs);

/// <summary>
/// Streets for cars of a file of OpenStreetMap: junctions where ways end or meet, arcs between them, times by length and class of road. Enough to measure
/// on: turn restrictions, barriers and signed speeds are left out.
/// </summary>
internal static class StreetGraph
{
    private const double MetresPerDegree = 111_195;

    private static readonly Dictionary<string, int> KmPerHour = new()
    {
        ["motorway"] = 110, ["trunk"] = 90, ["primary"] = 60, ["secondary"] = 50, ["tertiary"] = 45, ["unclassified"] = 40, ["residential"] = 30, ["living_street"] = 15, ["service"] = 20, ["road"] = 30,
        ["motorway_link"] = 60, ["trunk_link"] = 50, ["primary_link"] = 40, ["secondary_link"] = 40, ["tertiary_link"] = 40,
    };

    public static BenchmarkGraph Read(string path)
    {
        var (ways, at) = Ways(path);
        var (met, numbers, positions) = (new HashSet<long>(), new Dictionary<long, int>(), new List<(double X, double Y)>());
        foreach (var way in ways)
        {
            foreach (var node in way.Nodes)
                if (!met.Add(node)) Number(node);
            Number(way.Nodes[0]);
            Number(way.Nodes[^1]);
        }

        var graph = new BenchmarkGraph(Path.GetFileName(path).Split('.')[0], numbers.Count) { Positions = positions };
        foreach (var way in ways)
        {
            var (first, metresPerMs, tail, metres) = (graph.Tails.Count, KmPerHour[way.Tags["highway"]!] / 3600.0, numbers[way.Nodes[0]], 0.0);
            var (there, back) = Directions(way.Tags);
            for (var i = 1; i < way.Nodes.Length; i++)
            {
                metres += Metres(at[way.Nodes[i - 1]], at[way.Nodes[i]]);
                if (!numbers.TryGetValue(way.Nodes[i], out var head)) continue;
                if (there) graph.Add(tail, head, (int)Math.Round(metres / metresPerMs));
                if (back) graph.Add(head, tail, (int)Math.Round(metres / metresPerMs));
                (tail, metres) = (head, 0);
            }
            if (way.Tags.Is("bridge"))
                graph.Bridges.Add(new(way.Tags["name"] ?? way.Tags["ref"] ?? $"way {way.Id}", [.. way.Nodes.Select(node => at[node])], [.. Enumerable.Range(first, graph.Tails.Count - first)]));
        }
        return graph;

        void Number(long node)
        {
            if (!numbers.TryAdd(node, numbers.Count)) return;
            var (longitude, latitude) = at[node];
            positions.Add((longitude * Math.Cos(latitude * Math.PI / 180), latitude));
        }
    }

    /// <summary>Ways for cars, in the order of the file, along the nodes that it has.</summary>
    private static (List<OsmWay> Ways, Dictionary<long, (double X, double Y)> At) Ways(string path)
    {
        try
        {
            using var file = new PbfFile(path, (_, _) => { }, default);
            var ways = file.Read<object>(ways: way => way.Tags.Has("highway") && IsForCars(way) ? way : null).Cast<OsmWay>().ToList();
            var wanted = ways.SelectMany(way => way.Nodes).ToHashSet();
            var at = file.Read<object>(nodes: node => wanted.Contains(node.Id) ? node : null).Cast<OsmNode>().ToDictionary(node => node.Id, node => (node.Longitude, node.Latitude));
            return (ways.Select(way => way with { Nodes = [.. way.Nodes.Where(at.ContainsKey)] }).Where(way => way.Nodes.Length > 1).ToList(), at);
        }
        catch (OsmFault e) { throw new InvalidDataException($"{path}: {e.Place}: {e.Message}", e); }
    }

    private static bool IsForCars(OsmWay way) => KmPerHour.ContainsKey(way.Tags["highway"]!) && !way.Tags.Has("area")
        && (way.Tags["motor_vehicle"] ?? way.Tags["access"]) is not ("no" or "private");

    private static (bool There, bool Back) Directions(OsmTags tags) => tags["oneway"] switch
    {
        "yes" or "true" or "1" => (true, false),
        "-1" or "reverse" => (false, true),
        "no" => (true, true),
        _ => (true, tags["highway"] != "motorway" && tags["junction"] != "roundabout"),
    };

    private static double Metres((double X, double Y) a, (double X, double Y) b) =>
        MetresPerDegree * double.Hypot((b.X - a.X) * Math.Cos((a.Y + b.Y) * Math.PI / 360), b.Y - a.Y);
}
