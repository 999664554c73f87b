using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Jietong.Geodata.Imports.Osm;
using Npgsql;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>
/// A bureau's road lines as nodes and ways, so that streets are made of them as of OpenStreetMap's. Vertices that coincide to a decimetre are one node;
/// its number comes from where it lies, so that a newer file gives a street the same name as long as its ends stay.
/// </summary>
internal sealed class RoadLines : IOsmFile
{
    private const double JoinMetres = 0.1, CellDegrees = 6e-7;   // two vertices in one cell are nearer to each other than that
    private const int MostVertices = 30_000_000;

    private readonly List<OsmNode> nodes = [];
    private readonly List<OsmWay> ways = [];
    private readonly Dictionary<long, int> cells = [];

    public DateTime? Timestamp => null;

    public int Passed { get; private set; }

    public static async Task Stage(ImportContext context, string word)
    {
        var lines = new RoadLines();
        await lines.Read(context, word);
        if (context.Problems.Count > 0) return;
        try
        {
            await new Osm.OsmRows(context, OsmKept.Read(lines)).Stage();
        }
        catch (OsmFault e) { context.Problems.Add(context.File.Name, e.Place, e.Field, e.Value, e.Message, e.WayOut); }
    }

    private async Task Read(ImportContext context, string word)
    {
        await using var command = Database.Command(context.Connection, "select n, case when id ~ '^[1-9][0-9]{0,11}$' then id::bigint else n end as way, GeometryType(geom), case when GeometryType(geom) in ('LINESTRING', 'MULTILINESTRING') then ST_AsBinary(ST_Multi(geom), 'NDR') end, properties::text from brought order by n", []);
        await using var rows = await command.ExecuteReaderAsync(context.Cancel);
        var ids = new HashSet<long>();
        while (await rows.ReadAsync(context.Cancel))
        {
            var (number, id, place) = (rows.GetInt64(0), rows.GetInt64(1), $"{word} {rows.GetInt64(0).ToString(CultureInfo.InvariantCulture)}");
            if (rows.IsDBNull(3))
            {
                context.Problems.Add(context.File.Name, place, "geometry", rows.IsDBNull(2) ? null : rows.GetString(2), "is no line.", "Streets are made of lines: take other rows out, or import the file into features.");
                continue;
            }
            if (!ids.Add(id)) ids.Add(id = (1L << 40) + number);
            try
            {
                using var json = JsonDocument.Parse(rows.GetString(4));
                Add(id, RoadColumns.Of(json.RootElement), rows.GetFieldValue<byte[]>(3));
            }
            catch (BadValueException e) { context.Problems.Add(context.File.Name, place, e.Field, e.Value, e.Message, e.WayOut); }
            if (nodes.Count > MostVertices) throw new InputException($"{context.File.Name} has more than {MostVertices / 1_000_000} million vertices: divide it.");
        }
    }

    private void Add(long id, OsmTags tags, byte[] lines)
    {
        int Integer(int at) => BinaryPrimitives.ReadInt32LittleEndian(lines.AsSpan(at));
        double Number(int at) => BinaryPrimitives.ReadDoubleLittleEndian(lines.AsSpan(at));
        var at = 9;
        for (var part = 0; part < Integer(5); part++)
        {
            var along = new List<long>();
            for (var (count, i) = (Integer(at + 5), 0); i < count; i++)
                if (NodeAt(Number(at + 9 + 16 * i), Number(at + 17 + 16 * i)) is var node && (along.Count == 0 || along[^1] != node)) along.Add(node);
            at += 9 + 16 * Integer(at + 5);
            if (along.Count > 1) ways.Add(new(part == 0 ? id : -((id << 20) | (uint)part), tags, [.. along]));
        }
    }

    /// <summary>The number of the node there, an earlier one's where one is near enough.</summary>
    private long NodeAt(double longitude, double latitude)
    {
        var (column, row) = ((long)Math.Floor((longitude + 180) / CellDegrees), (long)Math.Floor((latitude + 90) / CellDegrees));
        var aside = (int)Math.Ceiling(JoinMetres / (111_320 * CellDegrees * Math.Max(Math.Cos(latitude * Math.PI / 180), 0.1)));
        for (var dx = -aside; dx <= aside; dx++)
            for (var dy = -2; dy <= 2; dy++)
                if (cells.TryGetValue(Cell(column + dx, row + dy), out var there) && Spheroid.Metres((nodes[there].Longitude, nodes[there].Latitude), (longitude, latitude)) <= JoinMetres) return nodes[there].Id;
        var cell = Cell(column, row);
        if (!cells.TryAdd(cell, nodes.Count)) return nodes[cells[cell]].Id;
        nodes.Add(new(-1 - cell, longitude, latitude, OsmTags.None));
        return -1 - cell;
    }

    private static long Cell(long column, long row) => (column << 29) | row;

    public IEnumerable<T> Read<T>(Func<OsmNode, T?>? nodes = null, Func<OsmWay, T?>? ways = null, Func<OsmRelation, T?>? relations = null) where T : class
    {
        Passed = (nodes is null ? 0 : this.nodes.Count) + (ways is null ? 0 : this.ways.Count);
        return [.. nodes is null ? [] : this.nodes.Select(nodes).OfType<T>(), .. ways is null ? [] : this.ways.Select(ways).OfType<T>()];
    }

    public void Dispose() { }
}
