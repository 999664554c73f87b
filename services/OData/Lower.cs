using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.Spatial;

namespace Jietong.Services.OData;

/// <summary>Turns OData's syntax tree into the engine's. What it does not know is named and refused, never dropped.</summary>
internal static class Lower
{
    private static readonly Dictionary<string, ODataFunction> Functions = ODataFunction.All.ToDictionary(f => f.Name);

    public static Expression Expression(QueryNode node) => node switch
    {
        ConvertNode convert => Expression(convert.Source),
        ConstantNode { Value: ODataEnumValue words, TypeReference: var type } => new Literal(Words(words.Value, (IEdmEnumType)type.Definition)),
        ConstantNode constant => Constant(constant.Value),
        SingleValuePropertyAccessNode { Source: SingleComplexNode part } property => Of(part.Source, row => new ColumnValue($"{part.Property.Name}/{property.Property.Name}", row)),   // a key of groups that lies behind a path
        SingleValuePropertyAccessNode property => Of(property.Source, row => new ColumnValue(property.Property.Name, row)),
        CollectionPropertyAccessNode property => Of(property.Source, row => new ColumnValue(property.Property.Name, row)),
        CollectionComplexNode list => Of(list.Source, row => new ColumnValue(list.Property.Name, row)),
        NonResourceRangeVariableReferenceNode element => new Element(element.Name),
        LambdaNode { Source: CollectionNavigationNode many } lambda => Of(many.Source, row =>
            new AnyRelated(RelationOf(many.NavigationProperty), row, lambda.CurrentRangeVariable?.Name ?? "", Condition(lambda), lambda is AllNode)),
        LambdaNode { Source: CollectionPropertyAccessNode or CollectionComplexNode } lambda => new AnyElement(Expression(lambda.Source), lambda.CurrentRangeVariable?.Name ?? "", Condition(lambda), lambda is AllNode),
        CountNode { Source: CollectionPropertyAccessNode texts } => new Call(Function.Of("size", 1), [Expression(texts)]),
        CountNode { Source: CollectionNavigationNode many } => Of(many.Source, row => new CountRelated(RelationOf(many.NavigationProperty), row, "", null)),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => new Not(Expression(not.Operand)),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Negate } negate => new Arithmetic(Operation.Subtract, new Literal(0), Expression(negate.Operand)),
        BinaryOperatorNode binary => Binary(binary),
        InNode { Right: CollectionConstantNode list } within => OneOf(Expression(within.Left), list),
        SearchTermNode term => new Search(term.Text),
        SingleValueFunctionCallNode call => Call(call),
        _ => throw Unsupported(node.Kind.ToString()),
    };

    /// <summary><c>any()</c> without a condition comes as the constant true.</summary>
    private static Expression? Condition(LambdaNode lambda) => lambda.Body is not ConstantNode { Value: true } ? Expression(lambda.Body)
        : lambda is AllNode ? throw new InputException("all() needs a condition: write all(x:…).") : null;

    /// <summary>A value of the row that a path leads to: the row at hand, that of a lambda's variable, or one reached by relations to one.</summary>
    private static Expression Of(QueryNode source, Func<string?, Expression> value, int depth = 1) => source switch
    {
        ResourceRangeVariableReferenceNode row => value(row.Name == "$it" ? null : row.Name),
        SingleNavigationNode one => Of(one.Source, row => new Related(RelationOf(one.NavigationProperty), row, $"~{depth}", value($"~{depth}")), depth + 1),
        _ => throw Unsupported(source.Kind.ToString()),
    };

    private static Relation RelationOf(IEdmNavigationProperty property) => ODataModel.LayerOf(property.DeclaringType).Relations.First(r => r.Name == property.Name);

    private static Expression Constant(object? value) => value is Geography geography ? new GeometryLiteral(Ewkt(geography)) : new Literal(Plain(value));

    /// <summary>A set as the database holds it: its words in their order. ODL gives names, or the sum of their numbers.</summary>
    private static string[] Words(string value, IEdmEnumType type) => long.TryParse(value, out var bits)
        ? [.. type.Members.Where(m => (m.Value.Value & bits) != 0).Select(m => m.Name)]
        : [.. type.Members.Select(m => m.Name).Intersect(value.Split(',', StringSplitOptions.TrimEntries))];

    public static DateOnly Day(Date day) => Days.Read("The date", day.ToString());

    private static object? Plain(object? value) => value switch
    {
        Date day => Day(day),
        DateTimeOffset instant => instant.ToUniversalTime(),
        null or string or bool or int or long or decimal or double => value,
        float or short or byte => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture),
        _ => throw Unsupported($"a literal of type {value.GetType().Name}"),
    };

    private static Expression OneOf(Expression operand, CollectionConstantNode list)
    {
        var values = list.Collection.Select(c => Plain(c.Value)).ToList();
        var among = new In(operand, [.. values.OfType<object>()]);
        return values.Contains(null) ? new Or(among, new IsNull(operand)) : among;
    }

    private static string Ewkt(Geography geography)
    {
        if (Vertices(geography).Skip(Limits.MostVertices).Any()) throw new InputException($"A geography has more than {Limits.MostVertices} vertices: simplify it.");
        if (geography.CoordinateSystem.EpsgId is { } srid and not 4326)
            throw new InputException($"A geography has SRID {srid}; this service compares in SRID 4326 (WGS 84). Write geography'SRID=4326;POINT(121.1 31.3)'.");
        if (Vertices(geography).FirstOrDefault(p => p.Longitude is not (>= -180 and <= 180)) is { } outside)
            throw new InputException($"A geography has the longitude {outside.Longitude.ToString(System.Globalization.CultureInfo.InvariantCulture)}: write degrees from -180 to 180, longitude first.");
        return WellKnownTextSqlFormatter.Create().Write(geography);
    }

    private static QueryNode Bare(QueryNode node) => node is ConvertNode convert ? convert.Source : node;

    private static Expression Binary(BinaryOperatorNode node)
    {
        if (node is { OperatorKind: BinaryOperatorKind.Equal or BinaryOperatorKind.NotEqual, Left: SingleNavigationNode one } && Bare(node.Right) is ConstantNode { Value: null })
        {
            var isThere = Of(one.Source, row => new AnyRelated(RelationOf(one.NavigationProperty), row, "", null));
            return node.OperatorKind == BinaryOperatorKind.Equal ? new Not(isThere) : isThere;
        }
        var (left, right) = (Expression(node.Left), Expression(node.Right));
        return node.OperatorKind switch
        {
            BinaryOperatorKind.And => new And(left, right),
            BinaryOperatorKind.Or => new Or(left, right),
            BinaryOperatorKind.Equal when right is Literal { Value: null } => new IsNull(left),
            BinaryOperatorKind.NotEqual when right is Literal { Value: null } => new Not(new IsNull(left)),
            BinaryOperatorKind.Equal => new Compare(Comparison.Equal, left, right),
            BinaryOperatorKind.NotEqual => new Compare(Comparison.NotEqual, left, right),
            BinaryOperatorKind.LessThan => new Compare(Comparison.Less, left, right),
            BinaryOperatorKind.LessThanOrEqual => new Compare(Comparison.LessOrEqual, left, right),
            BinaryOperatorKind.GreaterThan => new Compare(Comparison.Greater, left, right),
            BinaryOperatorKind.GreaterThanOrEqual => new Compare(Comparison.GreaterOrEqual, left, right),
            BinaryOperatorKind.Add => new Arithmetic(Operation.Add, left, right),
            BinaryOperatorKind.Subtract => new Arithmetic(Operation.Subtract, left, right),
            BinaryOperatorKind.Multiply => new Arithmetic(Operation.Multiply, left, right),
            BinaryOperatorKind.Divide => new Arithmetic(Operation.Divide, left, right),
            BinaryOperatorKind.Has => new Call(Function.Of("holdsAll", 2), [left, right]),
            BinaryOperatorKind.Modulo => new Arithmetic(Operation.Modulo, left, right),
            _ => throw Unsupported($"the operator {node.OperatorKind}"),
        };
    }

    private static Expression Call(SingleValueFunctionCallNode call) =>
        Functions.TryGetValue(call.Name, out var function) ? function.Lower([.. call.Parameters.Select(Expression)]) : throw Unsupported($"the function {call.Name}");

    private static IEnumerable<GeographyPoint> Vertices(Geography geography) => geography switch
    {
        GeographyPoint { IsEmpty: false } point => [point],
        GeographyLineString line => line.Points,
        GeographyPolygon polygon => polygon.Rings.SelectMany(r => r.Points),
        GeographyCollection many => many.Geographies.SelectMany(Vertices),
        _ => [],
    };

    public static UnsupportedException Unsupported(string what) => new($"{what} is not supported by this service.");
}
