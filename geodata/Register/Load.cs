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
        await Database.Execute(connection, Write.OneAtATime, cancel);

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

    /// <summary>The assumptions of a register and their sources, where there are none yet: what a region that has no register of its own reckons with.</summary>
    public static async Task Assumptions(NpgsqlDataSource db, string folder, CancellationToken cancel = default)
    {
        const string areThere = "select exists (select from assumption)";
        await using var connection = await db.OpenConnectionAsync(cancel);
        if (await Database.Scalar<bool>(connection, areThere, cancel)) return;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, Write.OneAtATime, cancel);
        if (await Database.Scalar<bool>(connection, areThere, cancel)) return;   // somebody else was first
        var (source, assumption) = (Tables.Single(t => t.Name == "source"), Tables.Single(t => t.Name == "assumption"));
        var rows = Read(folder, assumption);
        var sources = rows.Select(r => r.Cells["sourceId"]?.ToString()).ToHashSet();
        await Store(connection, transaction, source, [.. Read(folder, source).Where(r => sources.Contains(r.Cells["id"]?.ToString()))], cancel);
        await Store(connection, transaction, assumption, rows, cancel);
        await transaction.CommitAsync(cancel);
    }

    private const string NothingChanged = "The register was not loaded, nothing was changed:\n";

    private static List<RegisterRow> Read(string folder, Table table) =>
        table.File.EndsWith(".geojson", StringComparison.Ordinal) ? RegisterFiles.GeoJson(folder, table.File) : RegisterFiles.Csv(folder, table.File);

    /// <summary>A row that is no longer in its file goes; an attestation stays, and its going is refused. What people wrote was never in a file, and stays.</summary>
    private static async Task<int> RemoveWhatLeft(NpgsqlConnection connection, Table table, List<RegisterRow> rows, CancellationToken cancel)
    {
        var keys = new JsonArray([.. rows.Select(r => new JsonObject(table.Key.Select(k => KeyValuePair.Create(k, r.Cells[CamelCase(k)]?.DeepClone()))))]);
        string Key(string row) => $"({string.Join(", ", table.Key.Select(k => $"{row}.{k}"))}, true)";
        var left = $"{table.Name} t where not exists (select from jsonb_populate_recordset(null::{table.Name}, $1::jsonb) n where {Key("n")} is not distinct from {Key("t")}){(Write.Tables.Contains(table.Name) ? $" and not {WrittenByPeople(table.Name, "t")}" : "")}";
        if (table.Name != "attestation")
        {
            try { return await Database.Execute(connection, $"delete from {left}", cancel, keys.ToJsonString()); }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation) { throw new InputException($"{NothingChanged}{table.File}: a row is no longer there, but others rest on it: {e.Detail} Put it back."); }
        }
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
            problems.AddRange(Refusal.OfShape(row.Place, cells, columns).Select(p => p.ToString()));
            if (table.Key.All(cells.ContainsKey) && !keys.Add(string.Join('\n', table.Key.Select(k => cells[k]?.ToString()))))
                problems.Add($"{row.Place}: field {string.Join(", ", table.Key.Select(CamelCase))} repeats an earlier row.");
            if (table.Name == "link" && (positionSources is not JsonArray named || !named.All(s => s is JsonValue v && v.TryGetValue<string>(out var id) && Refusal.Slug().IsMatch(id))))
                problems.Add($"{row.Place}: field positionSources is no list of source ids.");
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
                var isLost = e.SqlState.StartsWith("XX", StringComparison.Ordinal);   // PostGIS's own errors: Npgsql gives the connection up, and the transaction with it
                if (!isLost) await transaction.RollbackAsync("row", cancel);
                problems.Add((await Refusal.Of(e, row.Place, table.Name, cells, connection, cancel)).ToString());
                if (isLost) break;
            }
        }
        return problems.Count == 0 ? changed : throw new InputException(NothingChanged + string.Join('\n', problems));
    }

    private static string WrittenByPeople(string table, string row) => $"exists (select from audit p where p.table_name = '{table}' and p.row_id = {row}.id)";

    /// <summary>
    /// A row is inserted, or brought to what the file says; an attestation is final, and one that reads otherwise is refused by its trigger.
    /// A source or target that people wrote or amended stays as they left it: else the next release would undo their work.
    /// </summary>
    private static async Task<int> Upsert(NpgsqlConnection connection, Table table, string[] columns, JsonObject cells, CancellationToken cancel)
    {
        var list = string.Join(", ", columns);
        var values = columns.Except(table.Key).ToArray();
        var onConflict = values.Length == 0
            ? "do nothing"
            : $"do update set {string.Join(", ", values.Select(c => $"{c} = excluded.{c}"))} " +
              $"where ({string.Join(", ", values.Select(c => $"{table.Name}.{c}"))}) is distinct from ({string.Join(", ", values.Select(c => $"excluded.{c}"))})" +
              (table.Name is "source" or "target" ? $" and not {WrittenByPeople(table.Name, table.Name)}" : "");
        return await Database.Execute(connection,
            $"insert into {table.Name} ({list}) select {list} from jsonb_populate_record(null::{table.Name}, $1::jsonb) on conflict ({(table.Name == "design_value" ? "id" : string.Join(", ", table.Key))}) {onConflict}",
            cancel, cells.ToJsonString());
    }

    /// <summary>The columns that a writer gives; the others follow from them.</summary>
    internal static async Task<string[]> WritableColumns(NpgsqlConnection connection, string table, CancellationToken cancel) =>
        (await Database.Scalar<string[]>(connection,
            "select array_agg(attname::text order by attnum) from pg_attribute where attrelid = $1::regclass and attnum > 0 and attgenerated = '' and attname <> 'recorded_at'", cancel, table))!;

    internal static string SnakeCase(string camel) => Capital().Replace(camel, m => "_" + m.Value.ToLowerInvariant());
    internal static string CamelCase(string snake) => Underscored().Replace(snake, m => m.Groups[1].Value.ToUpperInvariant());

    [GeneratedRegex("[A-Z]")] private static partial Regex Capital();
    [GeneratedRegex("_([a-z])")] private static partial Regex Underscored();
}
