namespace Jietong.Geodata.Query;

/// <summary>In which order rows come, and which of them: the part of the writer that knows pages.</summary>
public sealed partial class SqlWriter
{
    private void WritePage(Query query, string row)
    {
        var scope = new Scope(query.Layer, row, query);
        var keys = SortKeys(query).Select(key => Key(key, scope) + (key.Descending ? " desc nulls last" : ComesWithoutNulls(key, query) ? "" : " nulls first")).ToList();
        if (keys.Count > 0) sql.Append(" order by ").AppendJoin(", ", keys);
        if (query.Limit is { } limit) sql.Append($" limit {Parameter((long)limit)}");
        if (query.Offset > 0) sql.Append($" offset {Parameter((long)query.Offset)}");
    }

    /// <summary>A constant orders nothing.</summary>
    private static IEnumerable<Order> SortKeys(Query query) => query.OrderBy.Where(o => o.By is not Literal).Concat(query.Layer.Keys.Select(key => new Order(new ColumnValue(key))));

    /// <summary>Nearest first goes by the index: its order is that of distances on the sphere, which differ from those on the spheroid by less than 0.6 %.</summary>
    private string Key(Order order, Scope scope) => order is { Descending: false, By: Distance d } && ComesWithoutNulls(order, scope.Query) ? $"({Geography(d.Left, scope)} <-> {Geography(d.Right, scope)})" : Sql(order.By, scope);

    /// <summary>Whether the key is a column that is never null, or a distance of what the filter requires to be there. Then the order is one that an index may have.</summary>
    private static bool ComesWithoutNulls(Order order, Query query) => order.By switch
    {
        ColumnValue { Of: null } column => !query.Layer.Column(column.Name).Nullable,
        Distance { Left: ColumnValue { Of: null } column, Right: GeometryLiteral } => Requires(query.Filter, column),
        Distance { Left: GeometryLiteral, Right: ColumnValue { Of: null } column } => Requires(query.Filter, column),
        _ => false,
    };

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
