namespace Jietong.Geodata.Query;

/// <summary>Rows made of the rows of a question.</summary>
public abstract record Derivation(Query Rows)
{
    /// <summary>A question of what was made, on the days of the other; <paramref name="layer"/> describes it.</summary>
    private protected Query Question(Layer layer) => new(layer with { Where = null }) { Of = this, AsOf = Rows.AsOf, KnownBy = Rows.KnownBy, Since = Rows.Since, TimeLimit = Rows.TimeLimit };
}

/// <summary>Each row with more columns.</summary>
public sealed record Extended(Query Rows, IReadOnlyList<Computed> Columns) : Derivation(Rows)
{
    /// <summary>The question of the extended rows: it still has every column and relation of the others, and their order.</summary>
    /// <exception cref="InputException">A column's name is none.</exception>
    public static Query Of(Query rows, params Computed[] columns) => new Extended(rows, columns).Question(rows.Layer with
    {
        Columns = [.. rows.Layer.Columns, .. columns.Select(c => c.Column.Made() with { Parts = SqlWriter.PartsOf(c.Value, rows) })],
    }) with { OrderBy = rows.OrderBy };
}

/// <summary>One row for each combination of the keys' values, or a single one where there are no keys.</summary>
public sealed record Grouped(Query Rows, IReadOnlyList<Computed> Keys, IReadOnlyList<Aggregate> Aggregates) : Derivation(Rows)
{
    /// <summary>The question of the groups: it has the keys and the aggregates for columns, and no relations.</summary>
    /// <exception cref="InputException">A column's name is none.</exception>
    public static Query Of(Query rows, IReadOnlyList<Computed> keys, IReadOnlyList<Aggregate> aggregates) => new Grouped(rows, keys, aggregates).Question(rows.Layer with
    {
        Columns = [.. keys.Select(k => k.Column).Concat(aggregates.Select(a => a.Column)).Select(c => c.Made())], Keys = [.. keys.Select(k => k.Column.Name)], Relations = [],
    });
}

/// <summary>A column that is computed from the row.</summary>
public sealed record Computed(Column Column, Expression Value);

public enum AggregateMethod { Sum, Min, Max, Average, Count, CountDistinct }

/// <summary>A value of a group; <see cref="AggregateMethod.Count"/> counts its rows and takes no value.</summary>
public sealed record Aggregate(Column Column, AggregateMethod Method, Expression? Value);
