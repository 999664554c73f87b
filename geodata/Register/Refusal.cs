using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;

namespace Jietong.Geodata.Register;

/// <summary>Why a row is not stored.</summary>
public enum RefusalKind { Wrong, Conflict, Stale, NotThere }

/// <summary>One thing that is wrong with one row.</summary>
/// <param name="Place">Where the row stands, as its writer finds it; empty where there is only one.</param>
/// <param name="Field">The field, by its name in the register files.</param>
/// <param name="Message">What is wrong with it, and the way out.</param>
/// <param name="Kind">Whether the row is wrong by itself, or by what is stored.</param>
public sealed record RowProblem(string Place, string Field, string Message, RefusalKind Kind = RefusalKind.Wrong)
{
    public override string ToString() => $"{(Place == "" ? "" : Place + ": ")}field {Field}{(Message.StartsWith("is ", StringComparison.Ordinal) ? "" : ":")} {Message}";
}

/// <summary>Finds out which field of a row is wrong and says so in its writer's words.</summary>
internal static partial class Refusal
{
    /// <summary>What shows without asking the database: fields that the table has not, and values that no column takes.</summary>
    internal static IEnumerable<RowProblem> OfShape(string place, JsonObject cells, string[] columns)
    {
        foreach (var (name, value) in cells)
        {
            var field = Load.CamelCase(name);
            if (!columns.Contains(name)) yield return new(place, field, $"is unknown; known are {string.Join(", ", columns.Select(Load.CamelCase))}.");
            else if (value is JsonObject && name != "geom") yield return new(place, field, "is no text and no number.");
            else if (value is JsonValue text && text.TryGetValue<string>(out var written) && written.Contains('\0', StringComparison.Ordinal)) yield return new(place, field, "holds the character U+0000, which no text can hold.");
        }
    }

    /// <summary>What the database complains of; an error of PostGIS itself (XX) has ended the connection, which then cannot be asked for the rule.</summary>
    internal static async Task<RowProblem> Of(PostgresException e, string place, string table, JsonObject cells, NpgsqlConnection connection, CancellationToken cancel)
    {
        var more = e.SqlState switch
        {
            ['X', 'X', ..] or PostgresErrorCodes.NotNullViolation => "",
            PostgresErrorCodes.CheckViolation => await Rule(connection, e, cancel),
            _ => " " + e.Detail,
        };
        if (e.SqlState == PostgresErrorCodes.ForeignKeyViolation && Missing().Match(e.Detail ?? "") is { Success: true } missing)
            return new(place, FieldOf(e, table, cells), $"there is no {missing.Groups["table"].Value.Replace('_', ' ')} \"{missing.Groups["key"].Value}\".");
        var field = FieldOf(e, table, cells);
        if (field == ConstraintOf(e, table) && e.SqlState == PostgresErrorCodes.CheckViolation) field = await FieldsUnder(connection, table, e.ConstraintName!, cancel) ?? field;
        return new(place, field, e.MessageText + more);
    }

    /// <summary>The columns that a check compares, where its name is not made of theirs.</summary>
    private static async Task<string?> FieldsUnder(NpgsqlConnection connection, string table, string constraint, CancellationToken cancel) =>
        await Database.Scalar<string[]>(connection, "select array_agg(attname::text order by attnum) from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey) " +
            "where c.conname = $1 and c.conrelid = $2::regclass", cancel, constraint, table) is { } columns ? string.Join(", ", columns.Select(Load.CamelCase)) : null;

    /// <summary>
    /// The database tells the first problem of a row only. So that its writer hears of all at once, what was refused is put right, by
    /// whatever values do no harm, and the row tried again; it is never stored.
    /// </summary>
    /// <returns>False where there is nothing to put right, or it was put right before.</returns>
    internal static async Task<bool> Mend(NpgsqlConnection connection, JsonObject cells, string[] known, IEnumerable<string> fields, bool isNew, HashSet<string> mended, CancellationToken cancel)
    {
        var columns = fields.SelectMany(f => f.Split(", ")).Select(Load.SnakeCase).ToList();
        if (columns.Contains("basis")) columns.AddRange(["premises_zh", "premises_en"]);
        if (columns.Contains("link_id")) columns.AddRange(["side", "supersedes", "withdrawn"]);
        if (!columns.Aggregate(false, (any, column) => mended.Add(column) | any)) return false;
        foreach (var column in columns)
        {
            cells.Remove(column);
            if (!isNew || !known.Contains(column)) continue;
            if (Harmless.TryGetValue(column, out var value)) cells[column] = value;
            else if (column is "link_id" or "source_id") cells[column] = await Database.Scalar<string>(connection, column == "link_id" ? "select id from link limit 1" : "select id from source order by grade_rank limit 1", cancel);
        }
        return true;
    }

    private static readonly Dictionary<string, string> Harmless = new()
    {
        ["stage"] = "open", ["held_from"] = "2000", ["due"] = "2000", ["basis"] = "reported", ["grade"] = "GOV", ["published"] = "2000", ["place"] = "x", ["title"] = "x", ["title_en"] = "x",
    };

    /// <summary>The check that was broken, in its own words: they name the values that are allowed.</summary>
    private static async Task<string> Rule(NpgsqlConnection connection, PostgresException e, CancellationToken cancel)
    {
        var rule = await Database.Scalar<string>(connection, "select pg_get_constraintdef(oid) from pg_constraint where conname = $1 limit 1", cancel, e.ConstraintName ?? "");
        return rule is null ? "" : rule.Contains("stage_rank", StringComparison.Ordinal) ? $": write one of {string.Join(", ", Stages.All)}." : $": {rule.Replace("::text", "", StringComparison.Ordinal)}";
    }

    /// <summary>The field that the database complains of: it names a column, a constraint of one column, or quotes the value.</summary>
    private static string FieldOf(PostgresException e, string table, JsonObject cells)
    {
        if (e.ColumnName is { } column) return Load.CamelCase(column);
        var constraint = ConstraintOf(e, table);
        if (constraint == "position_source_source_id") return "positionSources";
        static bool Holds(string name, string part) => $"_{name}_".Contains($"_{part}_", StringComparison.Ordinal);
        var named = cells.Select(c => c.Key).Where(key => constraint is not null && Holds(constraint, key)).ToArray();
        if (named.Length > 0)   // link_id_side names linkId and side, not id
            return string.Join(", ", named.Where(key => !named.Any(longer => longer != key && Holds(longer, key))).Select(key => key == "geom" ? "geometry" : Load.CamelCase(key)));
        var quoted = cells.FirstOrDefault(c => c.Value is not null && e.MessageText.Contains($"\"{c.Value}\"", StringComparison.Ordinal)).Key;
        if (quoted is not null) return Load.CamelCase(quoted);
        if (e.DataTypeName == "slug") return Load.CamelCase(cells.FirstOrDefault(c => (c.Key.EndsWith("id", StringComparison.Ordinal) || c.Key == "supersedes") && c.Value is not null && !Slug().IsMatch(c.Value.ToString())).Key ?? "?");
        if (e.DataTypeName == "words") return Load.CamelCase(cells.FirstOrDefault(c => c.Value is JsonValue v && string.IsNullOrWhiteSpace(v.ToString())).Key ?? "?");
        return constraint is null && cells.ContainsKey("geom") ? "geometry" : constraint ?? "?";
    }

    private static string? ConstraintOf(PostgresException e, string table) => e.ConstraintName is { } name ? ConstraintEnding().Replace(name.Replace(table + "_", "", StringComparison.Ordinal), "") : null;

    [GeneratedRegex(@"=\((?<key>.*)\) is not present in table ""(?<table>\w+)""")] private static partial Regex Missing();
    [GeneratedRegex("_(check|fkey|key)$")] private static partial Regex ConstraintEnding();
    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")] internal static partial Regex Slug();
}
