using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser.Aggregation;

namespace Jietong.Services.OData;

/// <summary><c>$apply</c> (OData Extension for Data Aggregation 4.0): one transformation after the other, each a question about the rows of the one before.</summary>
internal static class ODataApply
{
    private const string Option = "$apply";

    public static AskedRows To(AskedRows rows, string text)
    {
        var steps = ODataText.Split(Option, text, '/');
        if (steps.Count > Limits.MostSteps) throw new InputException($"{Option} has more than {Limits.MostSteps} steps.");
        return Open(steps.Aggregate(rows, (before, step) => Step(before, step)));
    }

    private static AskedRows Step(AskedRows rows, string step)
    {
        var (name, inside) = ODataText.Call(Option, step);
        if (name is "identity") return rows;
        if (inside is null) throw new InputException($"{Option}: \"(\" expected after '{ODataText.Short(step)}'.");
        return name switch
        {
            "filter" => Open(rows).Filter(inside),
            "search" => Open(rows).Search(inside),
            "compute" => rows.Compute(inside),
            "orderby" => Open(rows) is var open ? open with { Query = open.Query with { OrderBy = open.Orders(inside) } } : rows,
            "top" => rows with { Query = Page(rows.Query, 0, AskedRows.Rows("top", inside)) },
            "skip" => rows with { Query = Page(rows.Query, AskedRows.Rows("skip", inside), null) },
            "topcount" => Extreme(rows, name, inside, descending: true),
            "bottomcount" => Extreme(rows, name, inside, descending: false),
            "aggregate" => Aggregated(rows, [], step),
            "groupby" => Groups(rows, step, inside),
            _ => throw Known(name),
        };
    }

    private static Exception Known(string name) => name is "concat" or "expand" or "topsum" or "toppercent" or "bottomsum" or "bottompercent" or "nest" or "join" or "outerjoin" or "ancestors" or "descendants" or "traverse" or "addnested"
        ? Lower.Unsupported($"{name} in {Option}")
        : new InputException($"{Option}: \"{ODataText.Short(name)}\" is no transformation: write filter, search, compute, groupby, aggregate, orderby, top, skip, topcount, bottomcount or identity.");

    /// <summary>What comes after a page is asked of that page.</summary>
    private static AskedRows Open(AskedRows rows) => rows.Query.Limit is null && rows.Query.Offset == 0 ? rows : rows with { Query = Extended.Of(rows.Query) };

    private static Query Page(Query query, int offset, int? limit) => query.Limit is null && (query.Offset == 0 || offset == 0)
        ? query with { Offset = query.Offset + offset, Limit = limit }
        : Extended.Of(query) with { Offset = offset, Limit = limit };

    private static AskedRows Extreme(AskedRows rows, string name, string inside, bool descending)
    {
        if (ODataText.Split(Option, inside, ',') is not [var count, var by]) throw new InputException($"{Option}: {name} takes a number and an expression: {name}(5,lengthMetres).");
        var open = Open(rows);
        if (open.Orders(by) is not [{ Descending: false } order]) throw new InputException($"{Option}: {name} takes one expression, without asc or desc.");
        var known = open.Query.Where(new Not(new IsNull(order.By)));
        return open with { Query = known with { OrderBy = [order with { Descending = descending }], Limit = AskedRows.Rows(name, count) } };
    }

    /// <summary><c>groupby((kind,Source/grade),aggregate(…))</c>; without aggregates, the distinct combinations.</summary>
    private static AskedRows Groups(AskedRows rows, string step, string inside)
    {
        var parts = ODataText.Split(Option, inside, ',');
        if (parts.Count is 0 or > 2 || parts is [_, var then] && !then.StartsWith("aggregate(", StringComparison.Ordinal)) throw Lower.Unsupported($"this form of groupby in {Option} (write groupby((kind,state),aggregate($count as number)))");
        if (parts[0].Contains("rollup(", StringComparison.Ordinal)) throw Lower.Unsupported($"rollup in {Option}");
        var node = (GroupByTransformationNode)Parse(rows, $"groupby({parts[0]})");
        return Aggregated(rows, [.. node.GroupingProperties.SelectMany(p => Leaves(p, ""))], parts.ElementAtOrDefault(1));
    }

    private static IEnumerable<(string Name, GroupByPropertyNode Node)> Leaves(GroupByPropertyNode node, string path) =>
        node.ChildTransformations.Count == 0 ? [(path + node.Name, node)] : node.ChildTransformations.SelectMany(child => Leaves(child, $"{path}{node.Name}/"));

    private static AskedRows Aggregated(AskedRows rows, List<(string Name, GroupByPropertyNode Node)> keys, string? aggregate)
    {
        var computedKeys = keys.Select(k => new Computed(ColumnOf(rows.Query.Layer, k.Name, k.Node.TypeReference), Lower.Expression(k.Node.Expression))).ToList();
        if (aggregate is not null && AskedRows.Quoted().Replace(aggregate, "").Contains("/$count", StringComparison.Ordinal)) throw Lower.Unsupported($"the aggregation of related rows in {Option}");   // ODL would count the rows themselves
        var values = aggregate is null ? [] : ((AggregateTransformationNode)Parse(rows, aggregate)).AggregateExpressions.Select(Value).ToList();
        var query = Grouped.Of(rows.Query, computedKeys, values);
        if (query.Layer.Columns.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InputException($"{Option}: {twice.Key} names two things.");
        return rows with { Query = query, Type = TypeOf(rows.Type.Name, query.Layer.Columns.Select(c => (c.Name.Split('/'), c))) };
    }

    /// <summary>A key that is a column of the rows keeps its headings and its type.</summary>
    private static Column ColumnOf(Layer layer, string name, IEdmTypeReference? type) => layer.Columns.FirstOrDefault(c => c.Name == name) ?? new(name, ODataModel.ColumnTypeOf(type, $"groupby {name}"), name, name);

    private static Aggregate Value(AggregateExpressionBase expression)
    {
        if (expression is not AggregateExpression { Alias: var alias } one) throw Lower.Unsupported($"the aggregation of related rows in {Option} ({expression.Alias})");
        Column Typed(ColumnType type) => new(alias, type, alias, alias);
        if (one.Method == AggregationMethod.VirtualPropertyCount) return new(Typed(ColumnType.Integer), AggregateMethod.Count, null);
        var (type, value) = (ODataModel.ColumnTypeOf(one.Expression is Microsoft.OData.UriParser.SingleValueNode single ? single.TypeReference : one.TypeReference, alias), Lower.Expression(one.Expression));
        if (one.Method is AggregationMethod.Sum or AggregationMethod.Average && type is not (ColumnType.Integer or ColumnType.Number)) throw new InputException($"{Option}: {alias} is a {(one.Method == AggregationMethod.Sum ? "sum" : "mean")} of what are no numbers.");
        return one.Method switch
        {
            AggregationMethod.Sum => new(Typed(type), AggregateMethod.Sum, value),
            AggregationMethod.Min => new(Typed(type), AggregateMethod.Min, value),
            AggregationMethod.Max => new(Typed(type), AggregateMethod.Max, value),
            AggregationMethod.Average => new(Typed(ColumnType.Number), AggregateMethod.Average, value),
            AggregationMethod.CountDistinct => new(Typed(ColumnType.Integer), AggregateMethod.CountDistinct, value),
            _ => throw Lower.Unsupported($"the method {one.MethodDefinition?.MethodLabel ?? one.Method.ToString()} of aggregate"),
        };
    }

    private static TransformationNode Parse(AskedRows rows, string step) => rows.Parse(Option, step, p => p.ParseApply()).Transformations.Single();

    /// <summary>The type of the groups: Source/grade is the property grade of the part Source.</summary>
    private static EdmEntityType TypeOf(string name, IEnumerable<(string[] Path, Column Column)> columns)
    {
        var type = new EdmEntityType(ODataModel.Namespace, name);
        Fill(type, name, columns);
        return type;
    }

    private static void Fill(EdmStructuredType type, string name, IEnumerable<(string[] Path, Column Column)> columns)
    {
        foreach (var part in columns.GroupBy(c => c.Path[0]))
        {
            if (part.First() is { Path.Length: 1, Column: var column }) { type.AddStructuralProperty(part.Key, ODataModel.TypeOf(column.Type, nullable: true)); continue; }
            var inner = new EdmComplexType(ODataModel.Namespace, $"{name}_{part.Key}");
            Fill(inner, inner.Name, part.Select(c => (c.Path[1..], c.Column)));
            type.AddStructuralProperty(part.Key, new EdmComplexTypeReference(inner, true));
        }
    }
}
