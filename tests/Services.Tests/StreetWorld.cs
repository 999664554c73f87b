using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Model;
using Jietong.Services.Streets;
using Jietong.Worlds;

namespace Jietong.Services.Tests;

/// <summary>
/// Streets drawn in kilometres as <see cref="ModelWorld"/> has them, as an import would store them. Where ends have the same position they are one junction. A kilometre takes a minute.
/// </summary>
internal sealed class StreetWorld
{
    private readonly Dictionary<(double, double), long> junctions = [];
    private readonly HashSet<long> barred = [];
    private readonly List<(StreetRow Row, StreetLineRow Line)> streets = [];
    private readonly List<StreetTurnRow> turns = [];
    private readonly List<BoundaryRow> boundaries = [];
    private readonly Dictionary<string, LinkCourse> courses = [];

    public IReadOnlyList<StreetTurnRow> Turns => turns;

    public StreetWorld Street(string id, (double X, double Y)[] points, string? name = null, string roadClass = "secondary", bool oneWay = false, bool built = false)
    {
        double[] line = [.. points.SelectMany(p => ModelWorld.At(p.X, p.Y))];
        var metres = 1000 * points.Zip(points.Skip(1), (a, b) => Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y))).Sum();
        var ms = (int)Math.Round(60 * metres);
        streets.Add((new(0, id, Junction(points[0]), Junction(points[^1]), ms, oneWay ? -1 : ms, (float)metres), new(name, null, null, roadClass, built, line)));
        return this;
    }

    public long Junction((double X, double Y) at) => junctions.TryGetValue(at, out var id) ? id : junctions[at] = junctions.Count + 1;

    public StreetWorld Barred(double x, double y)
    {
        barred.Add(Junction((x, y)));
        return this;
    }

    public StreetWorld NoTurn(string directions, params string[] ids)
    {
        turns.Add(new(0, false, ids, directions));
        return this;
    }

    public StreetWorld Boundary(int level, params (double X, double Y)[] points)
    {
        boundaries.Add(new(level, [.. points.SelectMany(p => ModelWorld.At(p.X, p.Y))]));
        return this;
    }

    /// <summary>What the register says of where a link of the world joins: the roads on its sides, and its line.</summary>
    public StreetWorld Course(string link, string? west = null, string? east = null, params (double X, double Y)[] line)
    {
        courses[link] = new(link, [$"路 {link}"], [west, east], line.Length == 0 ? null : [[.. line.Select(p => ModelWorld.At(p.X, p.Y))]]);
        return this;
    }

    private StreetRows Rows => new(new(1, "x"), ["drawn"], [.. junctions.OrderBy(j => j.Value).Select(j => new StreetJunctionRow(0, j.Value, ModelWorld.At(j.Key.Item1, j.Key.Item2)[0], ModelWorld.At(j.Key.Item1, j.Key.Item2)[1], barred.Contains(j.Value)))],
        [.. streets.Select(s => s.Row)], turns);

    public StreetMap Map => new(Rows, new(new(1, "x"), "drawn=x", [.. streets.Select(s => s.Line)], boundaries));

    /// <summary>A model's input on these streets.</summary>
    public ModelInput Of(ModelWorld world) => world.Input with
    {
        Streets = new([new("drawn", "drawn.osm", "x")], [.. world.Links.Where(l => l.Kind == "road").Select(l => courses.GetValueOrDefault(l.Id) ?? new(l.Id, [$"路 {l.Id}"], [null, null], null))]) { Map = Map },
    };

    /// <summary>The same as OpenStreetMap would have it: a speed sign of 60 km/h on each way.</summary>
    public byte[] Osm()
    {
        var (map, extra) = (new OsmWorld(), 1_000L);
        long Node(long id, double[] at)
        {
            if (map.Nodes.All(n => n.Id != id)) map.Nodes.Add(new(id, Math.Round(at[0], 7), Math.Round(at[1], 7), []));
            return id;
        }
        foreach (var (i, (row, line)) in streets.Index())
        {
            List<(string, string)> tags = [("highway", line.Class), ("maxspeed", "60")];
            if (line.Name is { } name) tags.Add(("name", name));
            if (row.BackwardMs < 0) tags.Add(("oneway", "yes"));
            map.Ways.Add(new(i + 1, [.. line.Line.Chunk(2).Select((at, n) => Node(n == 0 ? row.From : n == line.Line.Length / 2 - 1 ? row.To : extra++, at))], tags));
        }
        foreach (var (i, boundary) in boundaries.Index())
        {
            map.Ways.Add(new(500 + i, [.. boundary.Line.Chunk(2).Select(at => Node(extra++, at))], []));
            map.Relations.Add(new(i + 1, [('w', 500 + i, "outer")], [("type", "boundary"), ("boundary", "administrative"), ("admin_level", $"{boundary.Level}"), ("name", "省界")]));
        }
        return map.Xml();
    }

    /// <summary>Stores them as a dataset.</summary>
    public async Task Store(TestDatabase database, string dataset = "drawn", string hash = "x")
    {
        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        static string Text(string? value) => value is null ? "null" : $"'{value}'";
        static string Line(double[] line) => $"ST_GeomFromText('LINESTRING({string.Join(',', line.Chunk(2).Select(p => $"{Number(p[0])} {Number(p[1])}"))})', 4326)";
        var sql = new List<string>
        {
            $"insert into source (id, grade, title, title_en, published) values ('import-{dataset}', 'DATA', '图', 'Map', '2026')",
            $"insert into dataset (id, layer, source_id, format, file_name, file_bytes, file_hash, content_hash, settings, figures) values ('{dataset}', 'streets', 'import-{dataset}', 'OSM XML', '{dataset}.osm', 1, repeat('0', 64), '{hash}', '{{}}', '{{}}')",
        };
        sql.AddRange(Rows.Junctions.Select(j => $"insert into street_junction (dataset_id, id, geom, island, bars) values ('{dataset}', {j.Id}, ST_SetSRID(ST_MakePoint({Number(j.Longitude)}, {Number(j.Latitude)}), 4326), 0, '{{{(j.Bars ? "car" : "")}}}')"));
        sql.AddRange(streets.Select(s => $"insert into street (dataset_id, id, way_ids, from_junction, to_junction, name, class, length_metres, car_forward_ms, car_backward_ms, bridge, tunnel, level, island, geom) values ('{dataset}', '{s.Row.Id}', '{{1}}', {s.Row.From}, {s.Row.To}, " +
            $"{Text(s.Line.Name)}, '{s.Line.Class}', {Number(s.Row.Metres)}, {s.Row.ForwardMs}, {(s.Row.BackwardMs < 0 ? "null" : s.Row.BackwardMs)}, {(s.Line.IsBuilt ? "true" : "false")}, false, 0, 0, {Line(s.Line.Line)})"));
        sql.AddRange(boundaries.Select((b, i) => $"insert into map_line (dataset_id, id, kind, class, admin_level, geom) values ('{dataset}', 'w{i}', 'boundary', 'administrative', {b.Level}, ST_Multi({Line(b.Line)}))"));
        foreach (var statement in sql) await database.Execute(statement);
    }
}
