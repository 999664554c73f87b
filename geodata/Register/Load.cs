using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;

namespace Jietong.Geodata.Register;

/// <summary>Puts the register files into the database: all of them in one transaction, or nothing.</summary>
public static partial class Load
{
    private sealed record Table(string Name, string File, params string[] Key);

    /// <summary>In the order in which the rows refer to each other.</summary>
    private static readonly Table[] Tables =
    [
        new("source", "sources.csv", "id"), new("jurisdiction", "jurisdictions.csv", "adcode"), new("list", "lists.csv", "id"),
        new("link", "links.geojson", "id"), new("link_side", "sides.csv", "link_id", "side"),
        new("link_reference", "references.csv", "link_id", "list_id"),
        new("link_unit", "units.csv", "link_id", "role", "unit_zh", "source_id", "place"),
        new("design_value", "design_values.csv", "link_id", "side", "quantity", "value", "text", "source_id"), new("attestation", "attestations.csv", "id"),
        new("target", "targets.csv", "id"), new("claim", "claims.csv", "id"),
        new("place", "places.csv", "id"), new("county_population", "county_populations.csv", "adcode", "year", "source_id"),
        new("assumption", "assumptions.csv", "id"), new("transit_line", "lines.csv", "id"),
        new("line_section", "line_sections.csv", "line_id", "from_stop", "to_stop", "event"), new("stop", "stops.csv", "line_id", "seq"),
        new("road", "roads.geojson", "id"), new("run_time", "run_times.csv", "line_id", "from_stop", "to_stop"), new("service", "services.csv", "id"),
        new("transfer", "transfers.csv", "from_line_id", "from_stop", "to_line_id", "to_stop"),
    ];

    /// <summary>The register that ships with the program.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>Loads <paramref name="folder"/> unless these very files were loaded before.</summary>
    /// <returns>How many rows were new or changed; null when the files had been loaded.</returns>
    /// <exception cref="InputException">Rows are wrong: every problem of the first bad file, each with file, row or feature, and field. Nothing is stored.</exception>
    public static async Task<int?> Once(NpgsqlDataSource db, string folder, CancellationToken cancel = default)
    {
        var hash = RegisterFiles.HashOf(folder);
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, "lock table register_load in exclusive mode", cancel);
        if (await Database.Scalar<int>(connection, "select 1 from register_load where files_hash = $1 and loaded_at = (select max(loaded_at) from register_load)", cancel, hash) == 1) return null;

        var changed = 0;
        var files = Tables.ToDictionary(t => t, t => Read(folder, t));
        foreach (var table in Tables) changed += await Store(connection, transaction, table, files[table], cancel);
        foreach (var table in Tables.Reverse()) changed += await RemoveWhatLeft(connection, table, files[table], cancel);
        try { await Database.Execute(connection, "set constraints all immediate", cancel); }
        catch (PostgresException e) { throw new InputException($"{NothingChanged}{(e.ConstraintName == "link_has_two_sides" ? "sides.csv" : "links.geojson")}: {e.MessageText}."); }
        await Database.Execute(connection, "insert into register_load values ($1, clock_timestamp()) on conflict (files_hash) do update set loaded_at = excluded.loaded_at", cancel, hash);
        await transaction.CommitAsync(cancel);
        return changed;
    }

    private const string NothingChanged = "The register was not loaded, nothing was changed:\n";

    private static List<RegisterRow> Read(string folder, Table table) =>
        table.File.EndsWith(".geojson", StringComparison.Ordinal) ? RegisterFiles.GeoJson(folder, table.File) : RegisterFiles.Csv(folder, table.File);

    /// <summary>A row that is no longer in its file goes; an attestation stays, and its going is refused.</summary>
    private static async Task<int> RemoveWhatLeft(NpgsqlConnection connection, Table table, List<RegisterRow> rows, CancellationToken cancel)
    {
        var keys = new JsonArray([.. rows.Select(r => new JsonObject(table.Key.Select(k => KeyValuePair.Create(k, r.Cells[CamelCase(k)]?.DeepClone()))))]);
        string Key(string row) => $"({string.Join(", ", table.Key.Select(k => $"{row}.{k}"))}, true)";
        var left = $"{table.Name} t where not exists (select from jsonb_populate_recordset(null::{table.Name}, $1::jsonb) n where {Key("n")} is not distinct from {Key("t")})";
        if (table.Name != "attestation") return await Database.Execute(connection, $"delete from {left}", cancel, keys.ToJsonString());
        return await Database.Scalar<string>(connection, $"select t.id from {left} order by 1 limit 1", cancel, keys.ToJsonString()) is { } id
            ? throw new InputException($"{NothingChanged}{table.File}: attestation {id} is no longer there. It is final: put it back, and add one that supersedes it (withdrawn: true).")
            : 0;
    }

    private static async Task<int> Store(NpgsqlConnection connection, NpgsqlTransaction transaction, Table table, List<RegisterRow> rows, CancellationToken cancel)
    {
        var columns = await WritableColumns(connection, table.Name, cancel);
        var problems = new List<string>();
        var keys = new HashSet<string>();
        var changed = 0;
        foreach (var row in rows)
        {
            var before = problems.Count;
            var cells = new JsonObject(row.Cells.Select(c => KeyValuePair.Create(SnakeCase(c.Key), c.Value?.DeepClone())));
            cells.Remove("position_sources", out var positionSources);
            problems.AddRange(cells.Select(c => c.Key).Except(columns).Select(name =>
                $"{row.Place}: field {CamelCase(name)} is unknown; known are {string.Join(", ", columns.Select(CamelCase))}."));
            if (table.Key.All(cells.ContainsKey) && !keys.Add(string.Join('\n', table.Key.Select(k => cells[k]?.ToString()))))
                problems.Add($"{row.Place}: field {string.Join(", ", table.Key.Select(CamelCase))} repeats an earlier row.");
            if (table.Name == "link" && (positionSources is not JsonArray named || !named.All(s => s is JsonValue v && v.TryGetValue<string>(out var id) && Slug().IsMatch(id))))
                problems.Add($"{row.Place}: field positionSources is no list of source ids.");
            problems.AddRange(cells.Where(c => c.Value is JsonObject && c.Key != "geom").Select(c => $"{row.Place}: field {CamelCase(c.Key)} is no text and no number."));
            if (problems.Count > before) continue;
            await transaction.SaveAsync("row", cancel);
            try
            {
                changed += await Upsert(connection, table, [.. cells.Select(c => c.Key).Intersect(columns)], cells, cancel);
                if (table.Name == "link")
                    changed += await Database.Execute(connection, "delete from position_source where link_id = $1 and source_id <> all ($2)", cancel, cells["id"]!.ToString(), ((JsonArray)positionSources!).Select(s => s!.ToString()).ToArray());
                foreach (var source in positionSources as JsonArray ?? [])
                    await Database.Execute(connection, "insert into position_source values ($1, $2) on conflict do nothing", cancel, cells["id"]!.ToString(), source?.ToString() ?? "");
                await transaction.ReleaseAsync("row", cancel);
            }
            catch (PostgresException e)
            {
                var problem = $"{row.Place}: field {FieldOf(e, table.Name, cells)}: {e.MessageText}";
                if (e.SqlState.StartsWith("XX", StringComparison.Ordinal))   // PostGIS's own errors: Npgsql gives the connection up, and the transaction with it
                {
                    problems.Add(problem);
                    break;
                }
                await transaction.RollbackAsync("row", cancel);
                problems.Add(problem + (e.SqlState == PostgresErrorCodes.CheckViolation ? await Rule(connection, e, cancel) : e.SqlState == PostgresErrorCodes.NotNullViolation ? "" : " " + e.Detail));
            }
        }
        return problems.Count == 0 ? changed : throw new InputException(NothingChanged + string.Join('\n', problems));
    }

    /// <summary>The check that was broken, in its own words: they name the values that are allowed.</summary>
    private static async Task<string> Rule(NpgsqlConnection connection, PostgresException e, CancellationToken cancel)
    {
        var rule = await Database.Scalar<string>(connection, "select pg_get_constraintdef(oid) from pg_constraint where conname = $1 limit 1", cancel, e.ConstraintName ?? "");
        return rule is null ? "" : $": {rule.Replace("::text", "", StringComparison.Ordinal)}";
    }

    /// <summary>A row is inserted, or brought to what the file says; an attestation is final, and one that reads otherwise is refused by its trigger.</summary>
    private static async Task<int> Upsert(NpgsqlConnection connection, Table table, string[] columns, JsonObject cells, CancellationToken cancel)
    {
        var list = string.Join(", ", columns);
        var values = columns.Except(table.Key).ToArray();
        var onConflict = values.Length == 0
            ? "do nothing"
            : $"do update set {string.Join(", ", values.Select(c => $"{c} = excluded.{c}"))} " +
              $"where ({string.Join(", ", values.Select(c => $"{table.Name}.{c}"))}) is distinct from ({string.Join(", ", values.Select(c => $"excluded.{c}"))})";
        return await Database.Execute(connection,
            $"insert into {table.Name} ({list}) select {list} from jsonb_populate_record(null::{table.Name}, $1::jsonb) on conflict ({(table.Name == "design_value" ? "id" : string.Join(", ", table.Key))}) {onConflict}",
            cancel, cells.ToJsonString());
    }

    /// <summary>The field that the database complains of: it names a column, a constraint of one column, or quotes the value.</summary>
    private static string FieldOf(PostgresException e, string table, JsonObject cells)
    {
        if (e.ColumnName is { } column) return CamelCase(column);
        var constraint = e.ConstraintName is { } name ? ConstraintEnding().Replace(name.Replace(table + "_", "", StringComparison.Ordinal), "") : null;
        if (constraint == "position_source_source_id") return "positionSources";
        static bool Holds(string name, string part) => $"_{name}_".Contains($"_{part}_", StringComparison.Ordinal);
        var named = cells.Select(c => c.Key).Where(key => constraint is not null && Holds(constraint, key)).ToArray();
        if (named.Length > 0)   // link_id_side names linkId and side, not id
            return string.Join(", ", named.Where(key => !named.Any(longer => longer != key && Holds(longer, key))).Select(key => key == "geom" ? "geometry" : CamelCase(key)));
        var quoted = cells.FirstOrDefault(c => c.Value is not null && e.MessageText.Contains($"\"{c.Value}\"", StringComparison.Ordinal)).Key;
        if (quoted is not null) return CamelCase(quoted);
        if (e.DataTypeName == "slug") return CamelCase(cells.FirstOrDefault(c => (c.Key.EndsWith("id", StringComparison.Ordinal) || c.Key == "supersedes") && c.Value is not null && !Slug().IsMatch(c.Value.ToString())).Key ?? "?");
        if (e.DataTypeName == "words") return CamelCase(cells.FirstOrDefault(c => c.Value is JsonValue v && string.IsNullOrWhiteSpace(v.ToString())).Key ?? "?");
        return constraint is null && cells.ContainsKey("geom") ? "geometry" : constraint ?? "?";
    }

    private static async Task<string[]> WritableColumns(NpgsqlConnection connection, string table, CancellationToken cancel) =>
        (await Database.Scalar<string[]>(connection,
            "select array_agg(attname::text order by attnum) from pg_attribute where attrelid = $1::regclass and attnum > 0 and attgenerated = '' and attname <> 'recorded_at'", cancel, table))!;

    internal static string SnakeCase(string camel) => Capital().Replace(camel, m => "_" + m.Value.ToLowerInvariant());
    internal static string CamelCase(string snake) => Underscored().Replace(snake, m => m.Groups[1].Value.ToUpperInvariant());

    [GeneratedRegex("[A-Z]")] private static partial Regex Capital();
    [GeneratedRegex("_([a-z])")] private static partial Regex Underscored();
    [GeneratedRegex("_(check|fkey|key)$")] private static partial Regex ConstraintEnding();
    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")] private static partial Regex Slug();
}
