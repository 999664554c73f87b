using System.Globalization;
using System.Text;

namespace Jietong.Geodata.Query;

/// <summary>SQL text with <c>$1…</c> for its parameters, and the columns that it returns.</summary>
public sealed record SqlStatement(string Text, IReadOnlyList<object> Parameters, IReadOnlyList<Column> Columns);

/// <summary>Turns a <see cref="Query"/> into one statement. The only place where SQL meets a value, and every value becomes a parameter.</summary>
public sealed class SqlWriter
{
    private readonly StringBuilder sql = new();
    private readonly List<object> parameters = [];
    private int rows;

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
        sql.Append($" from {query.Layer.From}");
        DateOnly[] days = query.Layer.Time switch
        {
            TimeArguments.None => [],
            TimeArguments.KnownBy => [query.KnownBy],
            TimeArguments.AsOfAndKnownBy => [query.AsOf, query.KnownBy],
            _ => [query.Since ?? query.AsOf, query.AsOf, query.KnownBy],
        };
        if (days.Length > 0) sql.Append($"({string.Join(", ", days.Select(day => Parameter(day)))})");
        sql.Append($" {row}");
        var conditions = new List<string>();
        if (linkedBy is not null) conditions.Add(linkedBy);
        if (query.Layer.Where is { } where) conditions.Add(where.Replace("{t}", row, StringComparison.Ordinal));
        if (query.Filter is { } filter) conditions.Add(Sql(filter, query.Layer));
        if (conditions.Count > 0) sql.Append(" where ").AppendJoin(" and ", conditions);
    }

    private void WriteOrder(Query query, string row)
    {
        sql.Append(" order by ");
        foreach (var order in query.OrderBy)
            sql.Append($"{Sql(order.By, query.Layer)}{(order.Descending ? " desc nulls last" : " nulls first")}, ");
        sql.Append(query.Layer.Column(query.Layer.Key).SqlFor(row));
    }

    private string Sql(Expression expression, Layer layer) => expression switch
    {
        ColumnValue c => layer.Column(c.Name).SqlFor($"t{rows}"),
        Literal { Value: null } => "null",
        Literal l => Parameter(l.Value),
        GeometryLiteral g => $"ST_GeomFromEWKT({Parameter(g.Ewkt)})",
        And a => $"({Sql(a.Left, layer)} and {Sql(a.Right, layer)})",
        Or o => $"({Sql(o.Left, layer)} or {Sql(o.Right, layer)})",
        Not n => $"({Sql(n.Operand, layer)} is not true)",
        Compare { Operator: Comparison.Less or Comparison.LessOrEqual, Left: Distance d, Right: Literal { Value: double or long or int or decimal } metres } c => Within(d, metres, c.Operator, layer),
        Compare c => $"({Operand(c.Left, layer)} {OperatorOf(c)} {Operand(c.Right, layer)})",
        Arithmetic a => $"({Sql(a.Left, layer)} {"+-*/"[(int)a.Operation]} {Sql(a.Right, layer)})",
        Like l => Match(l, layer),
        In { Values.Count: 0 } => "false",
        In i => $"({Sql(i.Operand, layer)} = any({Parameter(ArrayOf(i.Values))}))",
        IsNull n => $"({Operand(n.Operand, layer)} is null)",
        Between b => $"({Sql(b.Operand, layer)} between {Sql(b.Low, layer)} and {Sql(b.High, layer)})",
        Spatial s => $"ST_Intersects({Sql(s.Left, layer)}, {Sql(s.Right, layer)})",
        Distance d => $"ST_Distance({Geography(d.Left, layer)}, {Geography(d.Right, layer)})",
        Length l => $"ST_Length({Geography(l.Geometry, layer)})",
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression.GetType().Name, "an expression that the writer does not know"),
    };

    /// <summary>A condition that is compared is true or false, never unknown.</summary>
    private string Operand(Expression e, Layer layer) =>
        e is Compare or And or Or or Not or Like or In or IsNull or Between or Spatial ? $"({Sql(e, layer)} is true)" : Sql(e, layer);

    /// <summary>Near by: ST_DWithin uses the index on <c>geography</c>; it includes the bound, so "less than" compares once more.</summary>
    private string Within(Distance d, Literal metres, Comparison comparison, Layer layer)
    {
        var (left, right) = (Geography(d.Left, layer), Geography(d.Right, layer));
        var bound = Parameter(Convert.ToDouble(metres.Value, CultureInfo.InvariantCulture));
        var within = $"ST_DWithin({left}, {right}, {bound})";
        return comparison == Comparison.LessOrEqual ? within : $"({within} and ST_Distance({left}, {right}) < {bound})";
    }

    private string Geography(Expression geometry, Layer layer) => $"({Sql(geometry, layer)})::geography";

    private string Match(Like like, Layer layer)
    {
        var isList = like.Text is ColumnValue c && layer.Column(c.Name).Type == ColumnType.TextList;
        var (text, part) = (isList ? "x" : Sql(like.Text, layer), Sql(like.Part, layer));
        var match = like.Match switch
        {
            TextMatch.StartsWith => $"starts_with({text}, {part})",
            TextMatch.EndsWith => $"right({text}, length({part})) = {part}",
            _ => $"strpos({text}, {part}) > 0",
        };
        return isList ? $"exists (select from unnest({Sql(like.Text, layer)}) x where {match})" : $"({match})";
    }

    private static string OperatorOf(Compare compare) => compare.Operator switch
    {
        Comparison.Equal when compare.Left is Literal { Value: not null } || compare.Right is Literal { Value: not null } => "=",   // as above, and uses indexes
        Comparison.Equal => "is not distinct from",
        Comparison.NotEqual => "is distinct from",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        _ => ">=",
    };

    /// <summary>One array parameter: of the element type where all agree, so that PostgreSQL compares like with like.</summary>
    private static Array ArrayOf(IReadOnlyList<object> values)
    {
        if (values.Any(v => v is string) && !values.All(v => v is string)) throw new InputException("A list of values mixes texts with others.");
        var type = values.All(v => v.GetType() == values[0].GetType()) ? values[0].GetType() : typeof(double);
        var array = Array.CreateInstance(type, values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(Convert.ChangeType(values[i], type, CultureInfo.InvariantCulture), i);
        return array;
    }

    private string Parameter(object? value)
    {
        parameters.Add(value!);
        return $"${parameters.Count}";
    }
}
