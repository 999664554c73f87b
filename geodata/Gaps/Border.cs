using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Jietong.Geodata.Gaps;

/// <summary>The line across which roads may be missing.</summary>
/// <param name="Name">As it was asked for, and what it is.</param>
/// <param name="Lines">WKB of a multilinestring, WGS 84.</param>
/// <param name="Encloses">It goes round an area, so that whatever crosses it twice is on the same side again.</param>
public sealed record Border(string Name, byte[] Lines, bool Encloses)
{
    private const long MostBytes = 64 << 20;
    private const int MostNames = 12;

    // Kinds of map_line that keep roads apart; what runs underground does not.
    private static readonly Dictionary<string, string> Kinds = new() { ["railway"] = "kind = 'railway' and class <> 'subway'", ["waterway"] = "kind = 'waterway'" };

    private const string AsLines = "select ST_AsBinary(ST_Multi(ST_CollectionExtract(ST_Union(case when ST_Dimension(g) = 2 then ST_Boundary(g) else g end), 2))), coalesce(array_agg(distinct name collate \"C\") filter (where name <> ''), '{}'), bool_or(ST_Dimension(g) = 2) from";

    /// <summary>The border that somebody names.</summary>
    /// <param name="db">The region.</param>
    /// <param name="asked">railway, waterway, a file of GeoJSON or WKT, DATASET:ID, an adcode, or the name of a jurisdiction; null: all boundaries of provinces and their like.</param>
    /// <param name="cancel">Ends the search.</param>
    /// <exception cref="InputException">It is none of them, or holds no line.</exception>
    public static async Task<Border> Find(NpgsqlDataSource db, string? asked, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        if (asked is null)
            return await First(connection, asked ?? "provinces", true, cancel, ($"{AsLines} (select geom g, name from map_line where kind = 'boundary' and admin_level <= 4) b", []))
                ?? throw new InputException($"The data hold no boundary of a province or its like (admin_level up to 4): name a border with --border. {Names}");
        if (Kinds.TryGetValue(asked, out var kind))
            return await First(connection, asked, false, cancel, ($"{AsLines} (select geom g, null name from map_line where {kind}) b", [])) ?? throw new InputException($"The data hold no {asked}: import a street file of OpenStreetMap that has them, or name another border. {Names}");
        if (File.Exists(asked)) return await OfFile(connection, asked, cancel);
        if (asked.Split(':', 2) is [var dataset, var id])
            return await First(connection, asked, false, cancel, ($"{AsLines} (select geom g, name from map_line where dataset_id = $1 and id = $2) b", [dataset, id]), ($"{AsLines} (select geom g, null name from feature where dataset_id = $1 and id = $2) b", [dataset, id]))
                ?? throw new InputException($"--border: there is no line {id} in the dataset {dataset}, nor a feature with a line or an area. {Names}", notFound: true);
        return await First(connection, asked, true, cancel,
            ($"{AsLines} (select geom g, name from map_line where kind = 'boundary' and adcode = $1) b", [asked]), ($"{AsLines} (select geom g, name from map_line where kind = 'boundary' and $1 in (name, name_en)) b", [asked]),
            ($"{AsLines} (select m.geom g, m.name from map_line m join jurisdiction j using (adcode) where m.kind = 'boundary' and $1 in (j.name_zh, j.name_en)) b", [asked]))
            ?? throw new InputException($"--border: the data hold no boundary of \"{InputException.Short(asked, 80)}\", and there is no such file. {Names}", notFound: true);
    }

    private const string Names = "A border is a jurisdiction (adcode or name of a boundary in the data), a file of GeoJSON or WKT, DATASET:ID, railway or waterway.";

    private static async Task<Border?> First(NpgsqlConnection connection, string name, bool encloses, CancellationToken cancel, params (string Sql, object[] Values)[] questions)
    {
        foreach (var (sql, values) in questions)
        {
            await using var command = Database.Command(connection, $"with found (lines, name, area) as ({sql}) select * from found where not ST_IsEmpty(ST_GeomFromWKB(lines))", values);
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (await row.ReadAsync(cancel)) return new(Told(name, row.GetFieldValue<string[]>(1)), row.GetFieldValue<byte[]>(0), encloses || row.GetBoolean(2));
        }
        return null;
    }

    /// <summary>All that it goes by, or the first of them and how many more.</summary>
    private static string Told(string asked, string[] names) => string.Join(' ', new[] { asked }.Concat(names is [] || names is [var only] && only == asked ? []
        : [string.Join("、", names.Take(MostNames)), .. names.Length > MostNames ? [$"等 {names.Length} 个 and {names.Length - MostNames} more"] : Array.Empty<string>()]));

    private static async Task<Border> OfFile(NpgsqlConnection connection, string path, CancellationToken cancel)
    {
        if (new FileInfo(path).Length > MostBytes) throw new InputException($"--border: {path} is larger than {MostBytes >> 20} MiB: import it as features, and name DATASET:ID.");
        string text;
        try { text = await File.ReadAllTextAsync(path, new UTF8Encoding(false, true), cancel); }
        catch (DecoderFallbackException) { throw new InputException($"--border: {path} is not UTF-8."); }
        try
        {
            var texts = text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n').StartsWith('{') ? Geometries(JsonNode.Parse(text)).ToArray() : null;
            var geometries = texts is null ? "(select ST_SetSRID(ST_GeomFromText($1), 4326) g, null::text name) b" : "(select ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(t)), 4326) g, null::text name from unnest($1) t) b";
            var found = await First(connection, Path.GetFileName(path), false, cancel, ($"{AsLines} {geometries} where abs(ST_XMin(g)) <= 180 and abs(ST_XMax(g)) <= 180 and abs(ST_YMin(g)) <= 90 and abs(ST_YMax(g)) <= 90", [texts is null ? text.Trim() : texts]));
            if (found is not null) return found;
            var farthest = await Database.Rows(connection, $"select coalesce(max(greatest(abs(ST_XMin(g)), abs(ST_XMax(g)))), 0), coalesce(max(greatest(abs(ST_YMin(g)), abs(ST_YMax(g)))), 0) from {geometries}", row => (X: row.GetDouble(0), Y: row.GetDouble(1)), cancel, texts is null ? text.Trim() : texts);
            throw new InputException($"--border: {path} " + farthest[0] switch
            {
                { X: > 180 } or { Y: > 180 } => "is not in degrees: it has numbers beyond 180, as metres are, or another reference system. Write longitudes and latitudes of WGS 84.",
                { X: <= 90, Y: > 90 } => "has latitude and longitude exchanged: the second number of a position is beyond 90. Write the longitude first.",
                { Y: > 90 } => "has latitudes beyond 90.",
                _ => "holds no line and no area.",
            });
        }
        catch (JsonException e) { throw new InputException($"--border: {path}{Place(e)}: no JSON: {e.Message.Split(" LineNumber:")[0]}"); }
        catch (PostgresException e) when (e.SqlState[..2] is "22" or "XX") { throw new InputException($"--border: {path} is neither GeoJSON nor WKT: {e.MessageText}"); }

        // The reader counts from 0, and in bytes.
        string Place(JsonException e)
        {
            if (e is not { LineNumber: { } line, BytePositionInLine: { } bytes } || text.Split('\n').ElementAtOrDefault((int)line) is not { } there) return "";
            var before = Encoding.UTF8.GetBytes(there);
            return $" line {line + 1}, character {Encoding.UTF8.GetCharCount(before, 0, (int)Math.Min(bytes, before.Length)) + 1}";
        }
    }

    private static IEnumerable<string> Geometries(JsonNode? node) => (node as JsonObject)?["type"]?.ToString() switch
    {
        "FeatureCollection" => (node["features"] as JsonArray ?? []).SelectMany(Geometries),
        "Feature" => Geometries(node["geometry"]),
        null => [],
        _ => [node.ToJsonString()],
    };
}
