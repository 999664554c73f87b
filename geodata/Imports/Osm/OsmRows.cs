using System.Text.Json;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>What was made of a file, as rows of the tables of streets.</summary>
internal sealed class OsmRows
{
    private const int MostListed = 10;
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ImportContext context;
    private readonly OsmKept kept;
    private readonly OsmNodes nodes;
    private readonly StreetNetwork network;
    private readonly StreetTurns turns;
    private readonly StreetIslands islands;
    private readonly Dictionary<int, OsmBarrier> barriers;
    private readonly int[] ends;

    public OsmRows(ImportContext context, OsmKept kept)
    {
        (this.context, this.kept, nodes) = (context, kept, kept.Nodes);
        barriers = kept.Barriers.ToDictionary(b => b.Number, b => b.Barrier!);
        network = new(nodes, kept.Roads, barriers.Keys.Concat(StreetTurns.Where(kept.Relations, kept.Ways, nodes)));
        turns = new(kept.Relations, network, nodes);
        islands = new(nodes, network.Streets, node => barriers.TryGetValue(node, out var barrier) && barrier.Bars == Modes.All);
        ends = new int[nodes.Count];
        foreach (var street in network.Streets)
        {
            ends[street.From]++;
            ends[street.To]++;
        }
        foreach (var street in network.Streets)
            if (Slowest(street) > LongestMs) context.Problems.Add(context.File.Name, $"way {street.WayIds[0]}", "", null, $"the street from node {nodes.Id(street.From)} to node {nodes.Id(street.To)} is {street.Metres / 1000:N0} km long and takes more than {LongestMs / 3_600_000} hours.", "Look whether its nodes are where they should be.");
    }

    /// <summary>What a search can add up: 2^29 ms.</summary>
    private const double LongestMs = (1 << 29) - 1;

    private static double Slowest(Street street)
    {
        var slowest = float.PositiveInfinity;
        foreach (var speeds in (ReadOnlySpan<Speeds>)[street.Road.Car, street.Road.Cycle, street.Road.Foot])
            slowest = Math.Min(slowest, Math.Min(speeds.Forward > 0 ? speeds.Forward : slowest, speeds.Backward > 0 ? speeds.Backward : slowest));
        return street.Metres * 3600 / slowest;
    }

    private static int? Ms(double metres, float kmh) => kmh > 0 ? (int)Math.Round(metres * 3600 / kmh) : null;

    public async Task Stage()
    {
        if (context.Problems.Count > 0) return;
        var staging = context.Staging;
        var inOrder = Task.Run(() => network.Streets.OrderBy(s => s.Id, StringComparer.Ordinal).ToArray());   // of their keys: so indexes are made faster
        await staging.Copy("street_junction", ["id", "geom", "island", "bars"], rows =>
        {
            foreach (var node in Enumerable.Range(0, nodes.Count).Where(n => ends[n] > 0).OrderBy(nodes.Id))
                rows.Next().Long(nodes.Id(node)).Geometry(Point(nodes.At(node))).Integer(islands.Of[node]).Texts(barriers.TryGetValue(node, out var barrier) ? barrier.Bars.Words() : []);
        });
        var streets = await inOrder;
        await staging.Copy("street", ["id", "way_ids", "from_junction", "to_junction", "name", "name_en", "ref", "class", "length_metres", "speed_kmh", "speed_basis", "car_forward_ms", "car_backward_ms", "cycle_forward_ms", "cycle_backward_ms",
            "foot_forward_ms", "foot_backward_ms", "bridge", "tunnel", "level", "max_width_metres", "barred_by", "island", "geom"], rows =>
        {
            foreach (var street in streets)
            {
                var (road, metres) = (street.Road, street.Metres);
                rows.Next().Text(street.Id).Longs(street.WayIds).Long(nodes.Id(street.From)).Long(nodes.Id(street.To)).Text(road.Name).Text(road.NameEn).Text(road.Ref).Text(road.Class).Number(metres).Real(road.SpeedKmh).Text(road.SpeedBasis)
                    .Integer(Ms(metres, road.Car.Forward)).Integer(Ms(metres, road.Car.Backward)).Integer(Ms(metres, road.Cycle.Forward)).Integer(Ms(metres, road.Cycle.Backward)).Integer(Ms(metres, road.Foot.Forward)).Integer(Ms(metres, road.Foot.Backward))
                    .Bool(road.Bridge).Bool(road.Tunnel).Small(road.Level).Real(road.MaxWidthMetres).Text(road.BarredBy).Integer(Island(street)).Geometry(Ewkb.OfLine(Line(street.Nodes)));
            }
        });
        await staging.Copy("street_turn", ["id", "kind", "streets", "directions", "modes", "restriction"], rows =>
        {
            foreach (var turn in turns.Turns) rows.Next().Text(turn.Id).Text(turn.IsOnly ? "only" : "no").Texts(turn.Streets).Text(turn.Directions).Texts(turn.Modes.Words()).Text(turn.Words);
        });
        await staging.Copy("street_barrier", ["id", "kind", "bars", "max_width_metres", "tags", "geom"], rows =>
        {
            foreach (var node in kept.Barriers.Where(b => ends[b.Number] > 0).OrderBy(b => b.Id))
                rows.Next().Long(node.Id).Text(node.Barrier!.Kind).Texts(node.Barrier.Bars.Words()).Real(node.Barrier.MaxWidthMetres).Json(Tags(node.Tags)).Geometry(Point(node.At));
        });
        await StageMap();
        Report();
    }

    private async Task StageMap()
    {
        await context.Staging.Copy("map_line", ["id", "kind", "class", "name", "name_en", "admin_level", "adcode", "geom"], rows =>
        {
            void Row(string id, MapLine line, IEnumerable<int[]> ways)
            {
                if (Lines(ways) is { } geometry) rows.Next().Text(id).Text(line.Kind).Text(line.Class).Text(line.Name).Text(line.NameEn).Small(line.AdminLevel).Text(line.Adcode).Geometry(geometry);
            }
            foreach (var way in kept.Ways.Values.Where(w => w.Line is not null).OrderBy(w => w.Id)) Row($"w{way.Id}", way.Line!, [way.Nodes]);
            foreach (var relation in kept.Relations)
                if (MapLine.Of(relation.Tags, isRelation: true) is { } line) Row($"r{relation.Id}", line, Ways(relation.Members.Where(m => m.Kind == OsmKind.Way).Select(m => m.Id)));
        });
        await context.Staging.Copy("map_route", ["id", "kind", "ref", "name", "name_en", "operator", "from_stop", "to_stop", "stop_ids", "geom"], rows =>
        {
            foreach (var relation in kept.Relations.Where(r => MapRoute.IsOne(r.Tags)))
                rows.Next().Text($"r{relation.Id}").Text(relation.Tags["route"]).Text(relation.Tags["ref"]).Text(relation.Tags["name"]).Text(relation.Tags["name:en"]).Text(relation.Tags["operator"]).Text(relation.Tags["from"]).Text(relation.Tags["to"])
                    .Texts(MapRoute.Stops(relation)).Geometry(Lines(Ways(MapRoute.Ways(relation))));
        });
        await context.Staging.Copy("map_stop", ["id", "kind", "name", "name_en", "ref", "modes", "geom"], rows =>
        {
            void Row(string id, MapStop stop, (double, double) at) => rows.Next().Text(id).Text(stop.Kind).Text(stop.Name).Text(stop.NameEn).Text(stop.Ref).Texts(stop.Modes).Geometry(Point(at));
            foreach (var node in kept.Stops.OrderBy(s => s.Id)) Row($"n{node.Id}", node.Stop!, node.At);
            foreach (var way in kept.Ways.Values.Where(w => w.Stop is not null).OrderBy(w => w.Id))
                if (way.Nodes.Where(nodes.IsThere).Select(nodes.At).ToList() is { Count: > 0 } at)
                    Row($"w{way.Id}", way.Stop!, ((at.Min(p => p.Longitude) + at.Max(p => p.Longitude)) / 2, (at.Min(p => p.Latitude) + at.Max(p => p.Latitude)) / 2));
        });
    }

    private void Report()
    {
        var (figures, streets) = (context.Figures, network.Streets);
        int Arcs(Func<OsmRoad, Speeds> mode) => streets.Sum(s => (mode(s.Road).Forward > 0 ? 1 : 0) + (mode(s.Road).Backward > 0 ? 1 : 0));
        figures["nodes"] = kept.NodesRead;
        figures["ways"] = kept.WaysRead;
        figures["relations"] = kept.RelationsRead;
        figures["roads"] = kept.Roads.Count;
        figures["roadsNotBuilt"] = kept.Planned;
        figures["roadsWithConditions"] = kept.Conditional;
        figures["waysCutAtMissingNodes"] = network.CutWays;
        figures["waysWithoutNodes"] = network.LostWays;
        figures["junctionsBeforeJoining"] = network.JunctionsBefore;
        figures["junctions"] = ends.Count(e => e > 0);
        figures["piecesBeforeJoining"] = network.Pieces.Count;
        figures["streets"] = streets.Count;
        figures["carArcs"] = Arcs(r => r.Car);
        figures["cycleArcs"] = Arcs(r => r.Cycle);
        figures["footArcs"] = Arcs(r => r.Foot);
        figures["islands"] = islands.Sizes.Length;
        figures["junctionsOfLargestIsland"] = islands.Sizes.FirstOrDefault();
        figures["junctionsOfNextIslands"] = islands.Sizes.Skip(1).Take(MostListed).ToArray();
        figures["turns"] = turns.Resolved;
        figures["turnsUnresolved"] = turns.Unresolved.Sum(u => u.Value.Count);
        figures["barriers"] = kept.Barriers.Count;
        figures["deadEnds"] = DeadEnds();
        if (network.CutWays > 0) context.Notes.Add(new($"{network.CutWays} 条道路缺少节点，已在缺处截断。", $"{network.CutWays} roads were cut where the file lacks their nodes."));
        if (network.LostWays > 0) context.Notes.Add(new($"{network.LostWays} 条道路没有两个相连的节点，未收。", $"Of {network.LostWays} roads the file has no two nodes in a row: they are left out."));
        if (kept.Conditional > 0) context.Notes.Add(new($"{kept.Conditional} 条道路另有分时段或分车种的规定（…:conditional），未计入，按其平常规定读取。", $"{kept.Conditional} roads have other rules for some hours or vehicles (…:conditional), which are not heeded: they are read as what usually holds."));
        foreach (var (why, ids) in turns.Unresolved)
        {
            var (en, zh) = (why[..why.LastIndexOf(' ')], why[(why.LastIndexOf(' ') + 1)..]);
            context.Notes.Add(new($"{ids.Count} 条转向限制未用：{zh}。", $"{ids.Count} turn restrictions are not heeded, {en}: relations {string.Join(", ", ids.Take(MostListed))}{(ids.Count > MostListed ? " …" : "")}."));
        }
    }

    /// <summary>Junctions at which just one street for cars ends.</summary>
    private int DeadEnds()
    {
        var cars = new int[nodes.Count];
        foreach (var street in network.Streets)
            if (street.Road.Car.Any)
            {
                cars[street.From]++;
                cars[street.To]++;
            }
        return cars.Count(c => c == 1);
    }

    private int Island(Street street) => islands.Of[barriers.TryGetValue(street.From, out var barrier) && barrier.Bars == Modes.All ? street.To : street.From];

    private IEnumerable<int[]> Ways(IEnumerable<long> ids) => ids.Select(id => kept.Ways.GetValueOrDefault(id)?.Nodes).OfType<int[]>();

    /// <summary>Lines along the nodes that are there; null where there are none.</summary>
    private byte[]? Lines(IEnumerable<int[]> ways)
    {
        var lines = new List<IReadOnlyList<(double, double)>>();
        foreach (var way in ways)
            for (var (from, i) = (0, 0); i <= way.Length; i++)
            {
                if (i < way.Length && nodes.IsThere(way[i])) continue;
                if (i - from > 1) lines.Add(Line(way[from..i]));
                from = i + 1;
            }
        return lines.Count == 0 ? null : Ewkb.OfLines(lines);
    }

    private (double, double)[] Line(int[] along) => Array.ConvertAll(along, nodes.At);
    private static byte[] Point((double Longitude, double Latitude) at) => Ewkb.OfPoint(at.Longitude, at.Latitude);
    private static string Tags(OsmTags tags) => JsonSerializer.Serialize(tags.All.GroupBy(t => t.Key).ToDictionary(g => g.Key, g => g.First().Value), Json);
}
