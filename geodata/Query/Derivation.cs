using System.Text;

namespace Jietong.Geodata.Query;

/// <summary>Rows made of the rows of a question.</summary>
public abstract record Derivation(Query Rows);

/// <summary>Each row with more columns.</summary>
public sealed record Extended(Query Rows, IReadOnlyList<Computed> Columns) : Derivation(Rows)
{
    /// <summary>The question of the extended rows: it still has every column and relation of the others, and their order.</summary>
    public static Query Of(Query rows, params Computed[] columns) => new Query(rows.Layer with { Columns = [.. rows.Layer.Columns, .. columns.Select(c => c.Made() with { Parts = SqlWriter.PartsOf(c.Value, rows) })], Where = null })
    {
        Of = new Extended(rows, columns), OrderBy = rows.OrderBy, AsOf = rows.AsOf, KnownBy = rows.KnownBy, Since = rows.Since, TimeLimit = rows.TimeLimit,
    };
}

/// <summary>One row for each combination of the keys' values, or a single one where there are no keys.</summary>
public sealed record Grouped(Query Rows, IReadOnlyList<Computed> Keys, IReadOnlyList<Aggregate> Aggregates) : Derivation(Rows)
{
    /// <summary>The question of the groups: it has the keys and the aggregates for columns, and no relations.</summary>
    public static Query Of(Query rows, IReadOnlyList<Computed> keys, IReadOnlyList<Aggregate> aggregates) => new Query(rows.Layer with
    {
        Columns = [.. keys.Select(k => k.Made()), .. aggregates.Select(a => new Computed(a.Column, a.Value!).Made())], Keys = [.. keys.Select(k => k.Column.Name)], Relations = [], Where = null,
    })
    {
        Of = new Grouped(rows, keys, aggregates), AsOf = rows.AsOf, KnownBy = rows.KnownBy, Since = rows.Since, TimeLimit = rows.TimeLimit,
    };
}

/// <summary>A column that is computed from the row. Its name is an identifier of letters, digits, underscores and slashes, at most <see cref="LongestName"/> bytes.</summary>
/// <exception cref="InputException">The name is none.</exception>
public sealed record Computed(Column Column, Expression Value)
{
    public const int LongestName = 60;   // PostgreSQL cuts names at 63 bytes

    /// <summary>In SQL its name begins with ~, which no column of a table does.</summary>
    internal Column Made() => Column with { Sql = $"{{t}}.{SqlName}" };

    internal string SqlName => IsName(Column.Name) ? $"\"~{Column.Name}\""
        : throw new InputException($"\"{Column.Name}\" cannot be a name here: write letters, digits and underscores, at most {LongestName} bytes in UTF-8.");

    private static bool IsName(string name) => Encoding.UTF8.GetByteCount(name) <= LongestName && name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '/');
}

public enum AggregateMethod { Sum, Min, Max, Average, Count, CountDistinct }

/// <summary>A value of a group; <see cref="AggregateMethod.Count"/> counts its rows and takes no value.</summary>
public sealed record Aggregate(Column Column, AggregateMethod Method, Expression? Value);
