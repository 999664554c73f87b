using System.Globalization;
using System.Text;

namespace Jietong.Geodata.Query;

/// <summary>SQL text with <c>$1…</c> for its parameters, and the columns that it returns.</summary>
public sealed record SqlStatement(string Text, IReadOnlyList<object> Parameters, IReadOnlyList<Column> Columns);

/// <summary>Turns a <see cref="Query"/> into one statement. The only place where SQL meets a value, and every value becomes a parameter.</summary>
public sealed partial class SqlWriter
{
    private readonly StringBuilder sql = new();
    private readonly List<object> parameters = [];
    private int rows, subqueries;

    private SqlWriter() { }

    /// <summary>The rows that the query asks for. Geometry comes as GeoJSON (RFC 7946, 7 decimals), expanded rows as JSON.</summary>
    public static SqlStatement Select(Query query)
    {
        var writer = new SqlWriter();
        var columns = writer.WriteSelect(query, linkedBy: null);
        return new(writer.sql.ToString(), writer.parameters, columns);
    }

    /// <summary>How many rows the filter leaves, whatever the page.</summary>
    public static SqlStatement Count(Query query)
    {
        var writer = new SqlWriter();
        writer.sql.Append("select count(*)");
        writer.WriteFrom(query, linkedBy: null);
        return new(writer.sql.ToString(), writer.parameters, [new("count", ColumnType.Integer, "数量", "Count")]);
    }

    /// <summary>The box around the geometries of the rows: an array of west, south, east, north, or null.</summary>
    public static SqlStatement Extent(Query query)
    {
        var writer = new SqlWriter();
        writer.sql.Append($"select case when e is not null then array[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] end from (select ST_Extent({query.Layer.Geometry!.SqlFor("t0")}) as e");
        writer.WriteFrom(query, linkedBy: null);
        writer.sql.Append(") box");
        return new(writer.sql.ToString(), writer.parameters, []);
    }

    private List<Column> WriteSelect(Query query, string? linkedBy)
    {
        var row = $"t{rows}";
        var columns = Wanted(query);
        sql.Append("select ");
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0) sql.Append(", ");
            var value = columns[i].SqlFor(row);
            sql.Append(columns[i].Type == ColumnType.Geometry ? $"ST_AsGeoJSON({value}, 7)::json" : value).Append($" as \"{columns[i].Name}\"");
        }
        foreach (var expand in query.Expand)
        {
            sql.Append(columns.Count > 0 ? ", " : "");
            WriteExpand(expand, row, query);
            columns.Add(new(expand.Relation.Name, ColumnType.Json, expand.Relation.Name, expand.Relation.Name));
        }
        if (query.WithPosition)
            foreach (var (i, key) in SortKeys(query).Index()) sql.Append($"{(i + columns.Count > 0 ? ", " : "")}{Sql(key.By, new(query.Layer, row, query))} as \"@{i}\"");
        WriteFrom(query, linkedBy);
        WriteOrder(query, row);
        if (query.Limit is { } limit) sql.Append($" limit {Parameter((long)limit)}");
        if (query.Offset > 0) sql.Append($" offset {Parameter((long)query.Offset)}");
        return columns;
    }

    private static List<Column> Wanted(Query query) =>
        query.Select.Count == 0 ? [.. query.Layer.Columns] : [.. query.Select.Select(query.Layer.Column)];

    private void WriteExpand(Expand expand, string row, Query outer)
    {
        var relation = expand.Relation;
        sql.Append(relation.Many ? "(select coalesce(json_agg(e), '[]') from (" : "(select to_json(e) from (");
        rows++;
        var target = expand.Query.Layer.Column(relation.TargetColumn).SqlFor($"t{rows}");
        var link = $"{target} = {outer.Layer.Column(relation.Column).SqlFor(row)}";
        WriteSelect(expand.Query with { AsOf = outer.AsOf, KnownBy = outer.KnownBy }, link);
        rows--;
        sql.Append($") e) as \"{relation.Name}\"");
    }

    private void WriteFrom(Query query, string? linkedBy)
    {
        var row = $"t{rows}";
        sql.Append($" from {Rows(query.Layer, query)} {row}");
        var conditions = new List<string>();
        if (linkedBy is not null) conditions.Add(linkedBy);
        if (query.Layer.Where is { } where) conditions.Add(where.Replace("{t}", row, StringComparison.Ordinal));
        if (query.Filter is { } filter) conditions.Add(Sql(filter, new(query.Layer, row, query)));
        if (query.After is { } position) conditions.Add(Follows(query, position, new(query.Layer, row, query)));
        if (conditions.Count > 0) sql.Append(" where ").AppendJoin(" and ", conditions);
    }

    /// <summary>A table, or the function of the days that the layer depends on.</summary>
    private string Rows(Layer layer, Query query)
    {
        DateOnly[] days = layer.Time switch
        {
            TimeArguments.None => [],
            TimeArguments.KnownBy => [query.KnownBy],
            TimeArguments.AsOfAndKnownBy => [query.AsOf, query.KnownBy],
            _ => [query.Since ?? query.AsOf, query.AsOf, query.KnownBy],
        };
        return days.Length == 0 ? layer.From : $"{layer.From}({string.Join(", ", days.Select(day => Parameter(day)))})";
    }

    private void WriteOrder(Query query, string row)
    {
        sql.Append(" order by ");
        foreach (var order in query.OrderBy)
            sql.Append($"{Sql(order.By, new(query.Layer, row, query))}{(order.Descending ? " desc nulls last" : " nulls first")}, ");
        sql.Append(query.Layer.Column(query.Layer.Key).SqlFor(row));
    }

    private static IEnumerable<Order> SortKeys(Query query) => query.OrderBy.Append(new(new ColumnValue(query.Layer.Key)));

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
            var (column, at) = (Sql(key.By, scope), value is null ? null : Parameter(value));
            var further = (key.Descending, at) switch { (false, null) => $"{column} is not null", (true, null) => "false", (false, _) => $"{column} > {at}", _ => $"({column} < {at} or {column} is null)" };
            alternatives.Add($"({same}{further})");
            same += at is null ? $"{column} is null and " : $"{column} = {at} and ";
        }
        return $"({string.Join(" or ", alternatives)})";
    }
}
