using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jietong.Geodata.Imports.Osm;
using Npgsql;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>
/// A bureau's road lines as nodes and ways, so that streets are made of them as of OpenStreetMap's. Vertices that coincide to a decimetre are one node;
/// its number comes from where it lies, and a way's from the feature's id, so that a newer file gives a street the same name as long as its id and ends stay.
/// </summary>
internal sealed class RoadLines : IOsmFile
{
    private const double JoinMetres = 0.1, CellDegrees = 6e-7;   // two vertices in one cell are nearer to each other than that
    private const int MostVertices = 30_000_000, MostListed = 10;
    private const long HighestWay = 1L << 53;   // what every program that reads JSON keeps whole

    private readonly List<OsmNode> nodes = [];
    private readonly List<OsmWay> ways = [];
    private readonly Dictionary<long, int> cells = [];
    private readonly Dictionary<long, string> numbered = [];   // ways: the ids they are of
    private readonly List<string> withoutLength = [];

    public DateTime? Timestamp => null;

    public int Passed { get; private set; }

    public static async Task Stage(ImportContext context, string word)
    {
        var lines = new RoadLines();
        await lines.Read(context, word);
        if (context.Problems.Count == 0 && lines.ways.Count == 0) context.Problems.Add(context.File.Name, "", "geometry", null, "no line of it has a length.", "Is it the right file, and in the right reference system?");
        if (context.Problems.Count > 0) return;
        await lines.Tell(context);
        try
        {
            await new Osm.OsmRows(context, OsmKept.Read(lines)).Stage();
        }
        catch (OsmFault e) { context.Problems.Add(context.File.Name, e.Place, e.Field, e.Value, e.Message, e.WayOut); }
    }

    private async Task Read(ImportContext context, string word)
    {
        await using var command = Database.Command(context.Connection, "select n, id, GeometryType(geom), case when GeometryType(geom) in ('LINESTRING', 'MULTILINESTRING') then ST_AsBinary(ST_Multi(geom), 'NDR') end, properties::text from brought order by n", []);
        await using var rows = await command.ExecuteReaderAsync(context.Cancel);
        while (await rows.ReadAsync(context.Cancel))
        {
            var (id, place) = (rows.GetString(1), $"{word} {rows.GetInt64(0).ToString(CultureInfo.InvariantCulture)}");
            if (rows.IsDBNull(3))
            {
                context.Problems.Add(context.File.Name, place, "geometry", rows.IsDBNull(2) ? null : rows.GetString(2), "is no line.", "Streets are made of lines: take other rows out, or import the file into features.");
                continue;
            }
            try
            {
                using var json = JsonDocument.Parse(rows.GetString(4));
                Add(id, place, RoadColumns.Of(json.RootElement), rows.GetFieldValue<byte[]>(3));
            }
            catch (BadValueException e) { context.Problems.Add(context.File.Name, place, e.Field, e.Value, e.Message, e.WayOut); }
            if (nodes.Count > MostVertices) throw new InputException($"{context.File.Name} has more than {MostVertices / 1_000_000} million vertices: divide it.");
        }
    }

    /// <summary>What of the file does not show in the streets.</summary>
    private async Task Tell(ImportContext context)
    {
        if (withoutLength.Count > 0)
        {
            var places = string.Join(", ", withoutLength.Take(MostListed)) + (withoutLength.Count > MostListed ? " …" : "");
            context.Notes.Add(new($"{withoutLength.Count} 条线没有长度（不足 0.1 米），未收：{places}。", $"Lines without length (less than 0.1 m) are left out, {withoutLength.Count} of them: {places}."));
        }
        var columns = await Database.Scalar<string[]>(context.Connection, "select array_agg(distinct key order by key) from brought, jsonb_object_keys(properties) key", context.Cancel) ?? [];
        if (RoadColumns.Unread(columns, context.Found["id"] as string) is { } note) context.Notes.Add(note);
    }

    /// <summary>The number of the way that a feature becomes: its id where that is a whole number, else one that is made of it, the same in every file.</summary>
    /// <param name="id">The feature's.</param>
    /// <param name="part">Of its lines, from 0; those behind the first have negative numbers.</param>
    private long Way(string id, int part)
    {
        long? whole = id[0] != '0' && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < HighestWay ? number : null;
        var way = part > 0 ? -Hash($"{id}/{part}") : whole ?? Hash(id);
        return numbered.TryAdd(way, id) ? way : throw new BadValueException("id", id, $"becomes the same number of a way, {way}, as id \"{numbered[way]}\".", "Change one of the two.");

        static long Hash(string text) => (long)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % (ulong)(HighestWay - 1)) + 1;
    }

    private void Add(string id, string place, OsmTags tags, byte[] lines)
    {
        int Integer(int at) => BinaryPrimitives.ReadInt32LittleEndian(lines.AsSpan(at));
        double Number(int at) => BinaryPrimitives.ReadDoubleLittleEndian(lines.AsSpan(at));
        var (at, before) = (9, ways.Count);
        for (var part = 0; part < Integer(5); part++)
        {
            var along = new List<long>();
            for (var (count, i) = (Integer(at + 5), 0); i < count; i++)
                if (NodeAt(Number(at + 9 + 16 * i), Number(at + 17 + 16 * i)) is var node && (along.Count == 0 || along[^1] != node)) along.Add(node);
            at += 9 + 16 * Integer(at + 5);
            if (along.Count > 1) ways.Add(new(Way(id, part), tags, [.. along]));
        }
        if (ways.Count == before) withoutLength.Add(place);
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
