namespace Jietong.Geodata.Query;

/// <summary>In which order rows come, and which of them: the part of the writer that knows pages.</summary>
public sealed partial class SqlWriter
{
    private void WritePage(Query query, string row)
    {
        var scope = new Scope(query.Layer, row, query);
        if (query.WithTies)
        {
            sql.Append($" order by {Key(query.OrderBy[0], scope)} fetch first ({Parameter((long)query.Limit!)}) rows with ties");
            return;
        }
        var keys = SortKeys(query).Select(key => Key(key, scope) + (key.Descending ? " desc nulls last" : ComesWithoutNulls(key, query) ? "" : " nulls first")).ToList();
        if (keys.Count > 0) sql.Append(" order by ").AppendJoin(", ", keys);
        if (query.Limit is { } limit) sql.Append($" limit {Parameter((long)limit)}");
        if (query.Offset > 0) sql.Append($" offset {Parameter((long)query.Offset)}");
    }

    /// <summary>
    /// The nearest few in two steps: as many as are wanted by the distance alone, an order that the spatial index has, and with them all that are as far as the last;
    /// then these in the whole order. PostgreSQL before 17 does not use an index for the first key of several.
    /// </summary>
    private static Query NearestInTwoSteps(Query query)
    {
        if (query.WithTies || query.Limit is not > 0 || query.OrderBy is not [{ By: Distance, Descending: false } nearest, ..] || !ComesWithoutNulls(nearest, query)) return query;
        var few = query with { Select = [], Expand = [], WithPosition = false, WithTies = true, Offset = 0, Limit = (int)Math.Min(int.MaxValue, (long)query.Limit + query.Offset) };
        return Extended.Of(few) with { Select = query.Select, Expand = query.Expand, WithPosition = query.WithPosition, Offset = query.Offset, Limit = query.Limit };
    }

    /// <summary>A constant orders nothing.</summary>
    private static IEnumerable<Order> SortKeys(Query query) => query.OrderBy.Where(o => o.By is not Literal).Concat(query.Layer.Keys.Select(key => new Order(new ColumnValue(key))));

    /// <summary>Nearest first goes by the index: its order is that of distances on the sphere, which differ from those on the spheroid by less than 0.6 %.</summary>
    private string Key(Order order, Scope scope) => order is { Descending: false, By: Distance d } && ComesWithoutNulls(order, scope.Query) ? $"({Geography(d.Left, scope)} <-> {Geography(d.Right, scope)})" : Sql(order.By, scope);

    /// <summary>Whether the key is a column that is never null, or a distance of what the filter requires to be there. Then the order is one that an index may have.</summary>
    private static bool ComesWithoutNulls(Order order, Query query) => order.By switch
    {
        ColumnValue { Of: null } column => !query.Layer.Column(column.Name).Nullable,
        Distance { Left: ColumnValue { Of: null } column, Right: GeometryLiteral } => IsRequired(query, column),
        Distance { Left: GeometryLiteral, Right: ColumnValue { Of: null } column } => IsRequired(query, column),
        _ => false,
    };

    private static bool IsRequired(Query query, ColumnValue column) => Requires(query.Filter, column) || (query.Of is Extended { Rows: var rows } && IsRequired(rows, column));

    private static bool Requires(Expression? filter, ColumnValue column) => filter switch
    {
        And and => Requires(and.Left, column) || Requires(and.Right, column),
        Not { Operand: IsNull { Operand: ColumnValue there } } => there == column,
        Compare { Operator: Comparison.Less or Comparison.LessOrEqual, Left: Distance d } => d.Left == column || d.Right == column,
        Spatial s => s.Left == column || s.Right == column,
        _ => false,
    };

    /// <summary>
    /// Rows behind a position in the order a, b, key: a further on, or a the same and b further on, or both the same and the key further on.
    /// Nulls come first going up and last going down.
    /// </summary>
    private string Follows(Query query, IReadOnlyList<object?> position, Scope scope)
    {
        var keys = SortKeys(query).ToList();
        if (position.Count != keys.Count) throw new InputException("The position of the page does not fit the order of the rows.");
        var (alternatives, same) = (new List<string>(), "");
        foreach (var (key, value) in keys.Zip(position))
        {
            var (column, at) = (Key(key, scope), value is null ? null : Parameter(value));
            var further = (key.Descending, at) switch { (false, null) => $"{column} is not null", (true, null) => "false", (false, _) => $"{column} > {at}", _ => $"({column} < {at} or {column} is null)" };
            alternatives.Add($"({same}{further})");
            same += at is null ? $"{column} is null and " : $"{column} = {at} and ";
        }
        return $"({string.Join(" or ", alternatives)})";
    }
}
