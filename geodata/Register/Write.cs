using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata.Register;

/// <summary>A row that somebody wants to add, or to amend.</summary>
/// <param name="Place">Where it stands in what its writer handed in; empty where it is the only one, else its own.</param>
/// <param name="Table"><c>attestation</c>, <c>target</c> or <c>source</c>.</param>
/// <param name="Cells">Texts, numbers and truths by the names of the register files. Without an id a new row gets one from its content.</param>
public sealed record RowChange(string Place, string Table, JsonObject Cells)
{
    /// <summary>The id of the row to amend; null for a new one.</summary>
    public string? Amends { get; init; }

    /// <summary>The versions that its writer has seen, one of which it must still have; null: whichever it has.</summary>
    public IReadOnlyList<string>? Seen { get; init; }

    /// <summary>What was found wrong while it was read: such a row is not stored, but looked through for more.</summary>
    public IReadOnlyList<RowProblem> Problems { get; init; } = [];
}

public enum Outcome { Added, AlreadyThere, Amended }

public sealed record WrittenRow(string Table, string Id, Outcome Outcome);

/// <summary>Where a link stood before the rows were written and after, today and as known today; null: not listed.</summary>
public sealed record LinkMove(string Id, string NameZh, string NameEn, string? StateBefore, string? StageBefore, string? StateAfter, string? StageAfter);

/// <summary>What was written, in the order of the changes; the links that they speak of; and the state of the data then.</summary>
public sealed record Written(IReadOnlyList<WrittenRow> Rows, IReadOnlyList<LinkMove> Links, DataVersion Version);

/// <summary>How rows are written by people: all of them in one transaction, or none, and on record with who did it.</summary>
public static partial class Write
{
    /// <summary>What people may write. Attestations are only added; sources and targets may be amended.</summary>
    internal static readonly string[] Tables = ["attestation", "target", "source"];

    /// <summary>Writers come one after another, so that none waits for a row of another who waits for it.</summary>
    internal const string OneAtATime = "select from data_version for update";

    /// <summary>Adds and amends. The same row again changes nothing, and is told from a new one.</summary>
    /// <param name="db">Where.</param>
    /// <param name="changes">What; a later one may rest on an earlier one.</param>
    /// <param name="who">On whose word it is recorded.</param>
    /// <param name="dryRun">Finds out what would be, and stores nothing.</param>
    /// <param name="cancel">Stops it; nothing is stored then.</param>
    /// <exception cref="RefusedRowsException">Rows are wrong or clash with what is stored: every problem of every row. Nothing is stored.</exception>
    public static async Task<Written> Apply(NpgsqlDataSource db, IReadOnlyList<RowChange> changes, string who, bool dryRun = false, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, OneAtATime, cancel);
        var version = await Version(connection, cancel);
        var links = changes.Select(c => c.Cells["linkId"]?.ToString().Trim()).OfType<string>().Distinct().ToArray();
        var before = await States(connection, links, cancel);
        var columns = new Dictionary<string, string[]>();
        var (rows, problems) = (new List<WrittenRow>(), new List<RowProblem>());
        foreach (var change in changes)
        {
            if (!columns.ContainsKey(change.Table)) columns[change.Table] = await Load.WritableColumns(connection, change.Table, cancel);
            if (await Put(connection, transaction, change, columns[change.Table], who, problems, cancel) is { } row) rows.Add(row);
        }
        if (problems.Count > 0) throw new RefusedRowsException(problems);
        var after = await States(connection, links, cancel);
        if (!dryRun)
        {
            version = await Version(connection, cancel);
            await transaction.CommitAsync(cancel);
        }
        return new(rows, [.. after.Select(a => new LinkMove(a.Id, a.NameZh, a.NameEn, before.FirstOrDefault(b => b.Id == a.Id)?.State, before.FirstOrDefault(b => b.Id == a.Id)?.Stage, a.State, a.Stage))], version);
    }

    /// <summary>One row, stored, or every problem with it.</summary>
    private static async Task<WrittenRow?> Put(NpgsqlConnection connection, NpgsqlTransaction transaction, RowChange change, string[] columns, string who, List<RowProblem> problems, CancellationToken cancel)
    {
        var (cells, isNew, mended) = (Tidy(change.Cells), change.Amends is null, new HashSet<string>());
        var wrong = change.Problems.Concat(Refusal.OfShape(change.Place, cells, columns)).ToList();
        problems.AddRange(wrong);
        foreach (var unknown in cells.Select(c => c.Key).Except(columns).ToList()) cells.Remove(unknown);   // names of cells become SQL below: only the table's own do
        await Refusal.Mend(connection, cells, columns, wrong.Select(p => p.Field), isNew, mended, cancel);
        while (true)
        {
            await transaction.SaveAsync("row", cancel);
            try
            {
                var told = mended.Count == 0 ? problems : [];   // of a row that was put right, clashes with others mean nothing
                var row = isNew ? await Add(connection, change, cells, columns, who, told, cancel) : await Amend(connection, change, cells, who, told, cancel);
                if (mended.Count == 0) await transaction.ReleaseAsync("row", cancel);
                else await transaction.RollbackAsync("row", cancel);
                return mended.Count == 0 ? row : null;
            }
            catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")   // the row is at fault: its data, or its integrity
            {
                await transaction.RollbackAsync("row", cancel);
                var problem = await Refusal.Of(e, change.Place, change.Table, cells, connection, cancel);
                problems.Add(problem);
                if (!await Refusal.Mend(connection, cells, columns, [problem.Field], isNew, mended, cancel)) return null;
            }
        }
    }

    /// <summary>The version of a stored row, which its next amendment has to name; null where there is no such row.</summary>
    public static async Task<string?> VersionOf(NpgsqlDataSource db, string table, string id, CancellationToken cancel = default)
    {
        await using var connection = await Database.OpenReader(db, cancel);
        return await Database.Scalar<string>(connection, $"select {RowVersion} from {Known(table)} t where id = $1", cancel, id);
    }

    /// <summary>The day from which a row is known: the last on which its source can have been published. Questions about earlier days do not find it.</summary>
    public static async Task<DateOnly> KnownFrom(NpgsqlDataSource db, string table, string id, CancellationToken cancel = default)
    {
        await using var connection = await Database.OpenReader(db, cancel);
        return await Database.Scalar<DateOnly>(connection, table == "source" ? "select published_latest from source where id = $1"
            : $"select s.published_latest from {Known(table)} t join source s on s.id = t.source_id where t.id = $1", cancel, id);
    }

    private const string RowVersion = "left(encode(sha256(convert_to(to_jsonb(t)::text, 'UTF8')), 'hex'), 24)";

    private static string Known(string table) => Tables.Contains(table) ? table : throw new ArgumentException($"{table} is not written by people", nameof(table));

    private static async Task<WrittenRow?> Add(NpgsqlConnection connection, RowChange change, JsonObject cells, string[] columns, string who, List<RowProblem> problems, CancellationToken cancel)
    {
        var table = Known(change.Table);
        if (cells["id"] is null) cells["id"] = IdOf(table, cells);
        if (table == "attestation" && cells["withdrawn"] is null) cells["withdrawn"] = false;
        var (id, json, list) = (cells["id"]!.ToString(), cells.ToJsonString(), string.Join(", ", cells.Select(c => c.Key)));
        if (await Database.Execute(connection, $"insert into {table} ({list}) select {list} from jsonb_populate_record(null::{table}, $1::jsonb) on conflict (id) do nothing", cancel, json) > 0)
        {
            await Record(connection, who, "insert", table, id, $"(select to_jsonb(t) from {table} t where id = $2)", cancel);
            return new(table, id, Outcome.Added);
        }
        var differing = await Database.Scalar<string[]>(connection, $"select array_remove(array[{string.Join(", ", columns.Select(c => $"case when t.{c} is distinct from n.{c} then '{c}' end"))}], null) " +
            $"from {table} t, jsonb_populate_record(null::{table}, $1::jsonb) n where t.id = n.id", cancel, json);
        if (differing is not { Length: > 0 }) return new(table, id, Outcome.AlreadyThere);
        problems.Add(new(change.Place, "id", $"\"{id}\" is there already and says otherwise in {string.Join(", ", differing.Select(Load.CamelCase))}. " +
            (table == "attestation" ? $"To correct it, add a row without this id that supersedes {id}." : "Amend that row, or choose another id."), RefusalKind.Conflict));
        return null;
    }

    private static async Task<WrittenRow?> Amend(NpgsqlConnection connection, RowChange change, JsonObject cells, string who, List<RowProblem> problems, CancellationToken cancel)
    {
        var (table, id) = (Known(change.Table), change.Amends!);
        if (table == "attestation") throw new ArgumentException("attestations are never amended", nameof(change));
        var version = await Database.Scalar<string>(connection, $"select {RowVersion} from {table} t where id = $1 for update", cancel, id);
        if (version is null) problems.Add(new(change.Place, "id", $"there is no {table} \"{id}\".", RefusalKind.NotThere));
        else if (change.Seen?.Contains(version) == false) problems.Add(new(change.Place, "id", $"the {table} \"{id}\" was amended by somebody meanwhile: read it again, and amend what it says now.", RefusalKind.Stale));
        else if (cells["id"] is { } renamed && renamed.ToString() != id) problems.Add(new(change.Place, "id", $"cannot be changed: others rest on \"{id}\"."));
        else
        {
            var values = cells.Select(c => c.Key).Where(c => c != "id").ToArray();
            if (values.Length == 0) return new(table, id, Outcome.Amended);
            var before = (await Database.Scalar<string>(connection, $"select to_jsonb(t)::text from {table} t where id = $1", cancel, id))!;
            var changed = await Database.Execute(connection, $"update {table} t set {string.Join(", ", values.Select(c => $"{c} = n.{c}"))} from jsonb_populate_record(null::{table}, $2::jsonb) n " +
                $"where t.id = $1 and ({string.Join(", ", values.Select(c => $"t.{c}"))}, 1) is distinct from ({string.Join(", ", values.Select(c => $"n.{c}"))}, 1)", cancel, id, cells.ToJsonString());
            if (changed > 0) await Record(connection, who, "update", table, id, $"jsonb_build_object('before', $4::jsonb, 'after', (select to_jsonb(t) from {table} t where id = $2))", cancel, before);
            return new(table, id, Outcome.Amended);
        }
        return null;
    }

    private static Task<int> Record(NpgsqlConnection connection, string who, string action, string table, string id, string content, CancellationToken cancel, params object[] more) =>
        Database.Execute(connection, $"insert into audit (who, action, table_name, row_id, content, data_version) select $1, '{action}', $3, $2, {content}, number from data_version", cancel, [who, id, table, .. more]);

    /// <summary>By the columns' names; blanks around texts are dropped, empty ones are null.</summary>
    private static JsonObject Tidy(JsonObject cells) => new(cells.Select(c => KeyValuePair.Create(Load.SnakeCase(c.Key),
        c.Value is JsonValue value && value.TryGetValue<string>(out var text) ? (text.Trim() is { Length: > 0 } trimmed ? JsonValue.Create(trimmed) : null) : c.Value?.DeepClone())));

    /// <summary>The same content has the same id, so that a row that is sent twice is stored once: what it is of, and a hash of all that it says.</summary>
    private static string IdOf(string table, JsonObject cells)
    {
        var content = string.Join('\n', cells.Where(c => c.Value is not null && c.Key != "id" && !(c.Key == "withdrawn" && c.Value.ToString() == "false")).Select(c => $"{c.Key}={c.Value}").Order(StringComparer.Ordinal));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{table}\n{content}")))[..10];
        var names = table == "source" ? new[] { cells["grade"], cells["published"] } : [cells["link_id"], cells["stage"]];
        return OtherThanSlug().Replace($"{string.Join('-', names.Select(n => n?.ToString()))}-{hash}".ToLowerInvariant(), "-").Trim('-');
    }

    private sealed record LinkState(string Id, string NameZh, string NameEn, string? State, string? Stage);

    private static async Task<List<LinkState>> States(NpgsqlConnection connection, string[] links, CancellationToken cancel)
    {
        var states = new List<LinkState>();
        if (links.Length == 0) return states;
        await using var command = Database.Command(connection, "select l.id, l.name_zh, l.name_en, s.state, s.stage from link l left join link_as_of() s on s.id = l.id where l.id = any ($1) order by l.id", [links]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) states.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        return states;
    }

    internal static async Task<DataVersion> Version(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select number, content_hash from data_version", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new(reader.GetInt64(0), reader.GetString(1));
    }

    [GeneratedRegex("[^a-z0-9]+")] private static partial Regex OtherThanSlug();
}
