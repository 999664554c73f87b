using System.Globalization;
using System.Text;

namespace Jietong.Geodata.Query;

/// <summary>SQL text with <c>$1…</c> for its parameters, and the columns that it returns.</summary>
public sealed record SqlStatement(string Text, IReadOnlyList<object> Parameters, IReadOnlyList<Column> Columns)
{
    /// <summary>Whether any row set in it depends on the day that is asked about, and on the day by which things were known.</summary>
    public bool DependsOnAsOf { get; init; }
    public bool DependsOnKnownBy { get; init; }

    /// <summary>The tables whose changes can change the answer; null where any may.</summary>
    public IReadOnlyCollection<string>? BuiltOn { get; init; }
}

/// <summary>Turns a <see cref="Query"/> into one statement. The only place where SQL meets a value, and every value becomes a parameter.</summary>
public sealed partial class SqlWriter
{
    private readonly StringBuilder sql = new();
    private readonly List<object> parameters = [];
    private int rows, subqueries, nodes, depth;
    private bool dependsOnAsOf, dependsOnKnownBy;
    private HashSet<string>? builtOn = [];

    private SqlWriter() { }

    /// <summary>The rows that the query asks for. Expanded rows come as JSON.</summary>
    public static SqlStatement Select(Query query)
    {
        var writer = new SqlWriter();
        var columns = writer.WriteSelect(query, linkedBy: null);
        return writer.Statement(columns);
    }

    private SqlStatement Statement(IReadOnlyList<Column> columns) => new(sql.ToString(), parameters, columns) { DependsOnAsOf = dependsOnAsOf, DependsOnKnownBy = dependsOnKnownBy, BuiltOn = builtOn };

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
        if (linkedBy is null) query = NearestInTwoSteps(query);
        var row = $"t{rows}";
        var columns = Wanted(query);
        sql.Append("select ");
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0) sql.Append(", ");
            var value = columns[i].SqlFor(row);
            sql.Append(columns[i].Type == ColumnType.Geometry ? GeometryOf(value, query) + (linkedBy is null ? "" : "::json") : columns[i].Flags.Count > 0 ? columns[i].JoinedSql(value) : value).Append($" as \"{columns[i].Name}\"");
            if (columns[i].Flags.Count > 0) columns[i] = columns[i] with { Type = ColumnType.Text };
        }
        foreach (var expand in query.Expand)
        {
            if (expand.CountAs is { } name)
            {
                sql.Append($"{(columns.Count > 0 ? ", " : "")}(select count(*)");
                Nested(() => WriteFrom(expand.Query.At(query), Link(expand, row, query)));
                sql.Append($") as \"{name}\"");
                columns.Add(new(name, ColumnType.Integer, name, name));
            }
            if (!expand.WithRows) continue;
            sql.Append(columns.Count > 0 ? ", " : "");
            WriteExpand(expand, row, query);
            columns.Add(new(expand.Relation.Name, ColumnType.Json, expand.Relation.Name, expand.Relation.Name));
        }
        if (query.WithPosition)
            foreach (var (i, key) in SortKeys(query).Index()) sql.Append($"{(i + columns.Count > 0 ? ", " : "")}{Key(key, new(query.Layer, row, query))} as \"@{i}\"");
        WriteFrom(query, linkedBy);
        WritePage(query, row);
        return columns;
    }

    private static string GeometryOf(string value, Query query) => query.Form == GeometryForm.Wkb ? $"ST_AsBinary({query.Crs.FromStored(value)})" : query.Crs.GeoJson(value);

    private static List<Column> Wanted(Query query) =>
        query.Select.Count == 0 ? [.. query.Layer.Columns] : [.. query.Select.Select(query.Layer.Column)];

    /// <summary>A list is an array, its rows in their order; one that is longer than a list may be is refused, never cut.</summary>
    private void WriteExpand(Expand expand, string row, Query outer)
    {
        var (relation, inner) = (expand.Relation, expand.Query.At(outer));
        var bounded = relation.Many && (inner.Limit ?? int.MaxValue) > Expand.MostRows;
        if (bounded) inner = inner with { Limit = Expand.MostRows + 1 };
        sql.Append(!relation.Many ? "(select to_json(e) from ("
            : bounded ? $"(select case when count(*) > {Expand.MostRows} then list_too_long('{relation.Name}', {Expand.MostRows}) else coalesce(json_agg(e), '[]') end from (" : "(select coalesce(json_agg(e), '[]') from (");
        Nested(() => WriteSelect(inner, Link(expand, row, outer)));
        sql.Append($") e) as \"{relation.Name}\"");
    }

    private void Nested(Action write)
    {
        rows++;
        write();
        rows--;
    }

    private string Link(Expand expand, string row, Query outer) =>
        $"{expand.Query.Layer.Column(expand.Relation.TargetColumn).SqlFor($"t{rows}")} = {outer.Layer.Column(expand.Relation.Column).SqlFor(row)}";

    private void WriteFrom(Query query, string? linkedBy)
    {
        var row = $"t{rows}";
        sql.Append(" from ");
        if (query.Of is { } derivation) WriteDerived(derivation);
        else sql.Append(Rows(query.Layer, query));
        sql.Append($" {row}");
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
        dependsOnAsOf |= layer.Time is TimeArguments.AsOfAndKnownBy or TimeArguments.SinceAsOfAndKnownBy;
        dependsOnKnownBy |= layer.Time is not TimeArguments.None;
        if (layer.BuiltOn is null) builtOn = null;
        else builtOn?.UnionWith(layer.BuiltOn);
        DateOnly[] days = layer.Time switch
        {
            TimeArguments.None => [],
            TimeArguments.KnownBy => [query.KnownBy],
            TimeArguments.AsOfAndKnownBy => [query.AsOf, query.KnownBy],
            _ => [query.Since ?? query.AsOf, query.AsOf, query.KnownBy],
        };
        return days.Length == 0 ? layer.From : $"{layer.From}({string.Join(", ", days.Select(day => Parameter(day)))})";
    }

    /// <summary>The rows of a question as a table: PostgreSQL plans them together with what is asked of them.</summary>
    private void WriteDerived(Derivation derivation)
    {
        var row = $"t{++rows}";
        var inner = derivation is Grouped && (derivation.Rows.Limit is not null || derivation.Rows.Offset > 0) ? Extended.Of(derivation.Rows) : derivation.Rows;   // a page is cut before it is grouped
        var scope = new Scope(inner.Layer, row, inner);
        var columns = derivation switch
        {
            Extended e => e.Columns.Select(c => $", {Sql(c.Value, scope)} as {c.Column.MadeName}").Prepend($"{row}.*"),
            Grouped g => [string.Join(", ", g.Keys.Select(k => $"{Sql(k.Value, scope)} as {k.Column.MadeName}").Concat(g.Aggregates.Select(a => $"{Aggregated(a, scope)} as {a.Column.MadeName}")))],
            _ => throw new ArgumentOutOfRangeException(nameof(derivation)),
        };
        sql.Append("(select ").AppendJoin("", columns);
        WriteFrom(inner, linkedBy: null);
        if (derivation is Grouped { Keys.Count: > 0 } grouped) sql.Append(" group by ").AppendJoin(", ", Enumerable.Range(1, grouped.Keys.Count));
        else if (derivation is Extended && (inner.Limit is not null || inner.Offset > 0)) WritePage(inner, row);
        sql.Append(')');
        rows--;
    }

    private string Aggregated(Aggregate aggregate, Scope scope) => aggregate.Method switch
    {
        AggregateMethod.Count => "count(*)",
        AggregateMethod.CountDistinct => $"count(distinct {Sql(aggregate.Value!, scope)})",
        AggregateMethod.Average => $"avg({Sql(aggregate.Value!, scope)})",
        AggregateMethod.Sum => $"sum({Sql(aggregate.Value!, scope)})",
        AggregateMethod.Min => $"min({Sql(aggregate.Value!, scope)})",
        _ => $"max({Sql(aggregate.Value!, scope)})",
    };
}
