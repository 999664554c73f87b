using Jietong.Geodata;
using Jietong.Geodata.Query;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.Spatial;

namespace Jietong.Services.OData;

/// <summary>Turns OData's syntax tree into the engine's. What it does not know is named and refused, never dropped.</summary>
internal static class Lower
{
    public static Expression Expression(QueryNode node) => node switch
    {
        ConvertNode convert => Expression(convert.Source),
        ConstantNode constant => Constant(constant.Value),
        SingleValuePropertyAccessNode property => new ColumnValue(property.Property.Name),
        CollectionPropertyAccessNode property => new ColumnValue(property.Property.Name),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => new Not(Expression(not.Operand)),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Negate } negate => new Arithmetic(Operation.Subtract, new Literal(0), Expression(negate.Operand)),
        BinaryOperatorNode binary => Binary(binary),
        InNode { Right: CollectionConstantNode list } within => OneOf(Expression(within.Left), list),
        SingleValueFunctionCallNode call => Call(call),
        _ => throw Unsupported(node.Kind.ToString()),
    };

    private static Expression Constant(object? value) => value is Geography geography ? new GeometryLiteral(Ewkt(geography)) : new Literal(Plain(value));

    public static DateOnly Day(Date day) => new(day.Year, day.Month, day.Day);

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
        if (geography.CoordinateSystem.EpsgId is { } srid and not 4326)
            throw new InputException($"A geography has SRID {srid}; this service compares in SRID 4326 (WGS 84). Write geography'SRID=4326;POINT(121.1 31.3)'.");
        return WellKnownTextSqlFormatter.Create().Write(geography);
    }

    private static Expression Binary(BinaryOperatorNode node)
    {
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
            _ => throw Unsupported($"the operator {node.OperatorKind}"),
        };
    }

    private static Expression Call(SingleValueFunctionCallNode call)
    {
        var arguments = call.Parameters.Select(Expression).ToArray();
        return call.Name switch
        {
            "contains" => new Like(arguments[0], TextMatch.Contains, arguments[1]),
            "startswith" => new Like(arguments[0], TextMatch.StartsWith, arguments[1]),
            "endswith" => new Like(arguments[0], TextMatch.EndsWith, arguments[1]),
            "geo.distance" => new Distance(arguments[0], arguments[1]),
            "geo.intersects" => new Spatial(SpatialRelation.Intersects, arguments[0], arguments[1]),
            "geo.length" => new Length(arguments[0]),
            _ => throw Unsupported($"the function {call.Name}"),
        };
    }

    public static UnsupportedException Unsupported(string what) => new($"{what} is not supported by this service.");
}

/// <summary>A well-formed request for something that OData has and this service has not.</summary>
internal sealed class UnsupportedException(string message) : Exception(message);
