using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>An expression of the engine, what it is a value of, and where that was written.</summary>
internal readonly record struct Typed(Expression Expression, ColumnType Type, Syntax Source)
{
    public bool IsNumber => Type is ColumnType.Integer or ColumnType.Number;

    public bool IsTime => Type is ColumnType.Date or ColumnType.Timestamp;

    /// <summary>As a message names it.</summary>
    public override string ToString() => (Source switch { PropertyName p => $"the property \"{p.Name}\" is ", Applied o => $"{o.Name} is ", Scalar { Value: string text } => $"'{Scalar.Short(text)}' is ", _ => "here is " }) + Named(Type);

    public static string Named(ColumnType type) => type switch
    {
        ColumnType.Text => "a text", ColumnType.TextList => "a list of texts", ColumnType.Integer => "a whole number", ColumnType.Number => "a number", ColumnType.Bool => "a condition",
        ColumnType.Date => "a date", ColumnType.Timestamp => "an instant", ColumnType.Geometry => "a geometry", _ => "a list of objects",
    };
}

/// <summary>Turns a filter into the engine's expression. Types are those of the catalogue; what does not fit is refused with the place, never cast silently.</summary>
internal sealed partial class Cql2Lower(Layer layer, Cql2Geometry geometry)
{
    private static readonly Dictionary<string, SpatialRelation> Relations = Enum.GetValues<SpatialRelation>().ToDictionary(r => $"s_{r.ToString().ToLowerInvariant()}");

    public Expression Filter(Syntax filter) => Condition(filter);

    private Expression Condition(Syntax syntax) => Need(syntax, ColumnType.Bool).Expression;

    private Typed Need(Syntax syntax, ColumnType wanted)
    {
        var value = Of(syntax);
        var fits = value.Type == wanted || (wanted == ColumnType.Number && value.IsNumber) || (wanted == ColumnType.Date && value.IsTime);
        return fits ? value : throw syntax.Wrong($"{value}; {(wanted == ColumnType.Date ? "a date or an instant" : Typed.Named(wanted))} is wanted.");
    }

    private Typed Of(Syntax syntax) => syntax switch
    {
        PropertyName p => layer.Columns.FirstOrDefault(c => c.Name == p.Name) is { } column ? new(new ColumnValue(column.Name), column.Type, p)
            : throw p.Wrong($"{layer.Name} has no property \"{Scalar.Short(p.Name)}\"; it has {string.Join(", ", layer.Columns.Select(c => c.Name))}."),
        Scalar s => new(new Literal(s.Value), s.Value switch { string => ColumnType.Text, bool => ColumnType.Bool, DateOnly => ColumnType.Date, DateTimeOffset => ColumnType.Timestamp, long => ColumnType.Integer, _ => ColumnType.Number }, s),
        Shape s => new(geometry.Of(s), ColumnType.Geometry, s),
        Box b => new(geometry.Of(b), ColumnType.Geometry, b),
        Applied o => Of(o),
        Interval => throw syntax.Wrong("an interval stands only in the functions of times (T_INTERSECTS …)."),
        _ => throw syntax.Wrong("a list stands only after IN and in the functions of lists (A_CONTAINS …)."),
    };

    private Typed Of(Applied o)
    {
        var name = o.Name.ToLowerInvariant();
        return name switch
        {
            "and" when o.Operands.Count > 1 => Bool(o, Balanced(o.Operands, Condition, (a, b) => new And(a, b))),
            "or" when o.Operands.Count > 1 => Bool(o, Balanced(o.Operands, Condition, (a, b) => new Or(a, b))),
            "and" or "or" => throw o.Wrong($"{o.Name} joins two conditions or more."),
            "not" => Bool(o, Engine("negated", Condition(Operands(o, 1)[0]))),
            "=" or "<>" or "<" or "<=" or ">" or ">=" => Bool(o, Compared(o, name)),
            "isnull" => Bool(o, new IsNull(Of(Operands(o, 1)[0]).Expression)),
            "like" => Bool(o, Matched(o)),
            "between" => Unified(o, Operands(o, 3)) is var all ? Bool(o, new Between(all[0], all[1], all[2])) : default,
            "in" => Bool(o, Listed(o)),
            "casei" => new(Engine("foldCase", Need(Operands(o, 1)[0], ColumnType.Text)), ColumnType.Text, o),
            "accenti" => new(Engine("foldAccents", Need(Operands(o, 1)[0], ColumnType.Text)), ColumnType.Text, o),
            "+" or "-" or "*" or "/" or "%" or "div" or "^" => Calculated(o, name),
            _ when Relations.TryGetValue(name, out var relation) => Bool(o, Related(o, relation)),
            _ when name.StartsWith("a_", StringComparison.Ordinal) => Bool(o, OfLists(o, name)),
            _ when name.StartsWith("t_", StringComparison.Ordinal) => Bool(o, OfTimes(o, name)),
            _ => Called(o),
        };
    }

    private static Typed Bool(Syntax source, Expression condition) => new(condition, ColumnType.Bool, source);

    private static Call Engine(string function, params Typed[] operands) => Engine(function, [.. operands.Select(o => o.Expression)]);

    private static Call Engine(string function, params Expression[] operands) => new(Function.Of(function, operands.Length), operands);

    private static IReadOnlyList<Syntax> Operands(Applied o, int count) => o.Operands.Count == count ? o.Operands : throw o.Wrong($"{o.Name} takes {count} {(count == 1 ? "argument" : "arguments")}, here are {o.Operands.Count}.");

    /// <summary>A long chain as a shallow tree.</summary>
    private static Expression Balanced<T>(IReadOnlyList<T> items, Func<T, Expression> lower, Func<Expression, Expression, Expression> join, int from = 0, int? to = null)
    {
        var end = to ?? items.Count;
        return end - from == 1 ? lower(items[from]) : join(Balanced(items, lower, join, from, (from + end) / 2), Balanced(items, lower, join, (from + end) / 2, end));
    }

    /// <summary>What is compared with null is neither true nor false (OGC 21-065r2, table 1), unlike in the engine's own <see cref="Compare"/> and <see cref="Not"/>.</summary>
    private Expression Compared(Applied o, string sign)
    {
        var sides = Unified(o, Operands(o, 2));
        return sign is "=" or "<>" ? Engine(sign == "=" ? "equals" : "differs", sides)
            : new Compare(sign switch { "<" => Comparison.Less, "<=" => Comparison.LessOrEqual, ">" => Comparison.Greater, _ => Comparison.GreaterOrEqual }, sides[0], sides[1]);
    }

    /// <summary>Values that are compared, of one type. A text beside a date or an instant is read as one; a date beside an instant is its first instant in UTC.</summary>
    private Expression[] Unified(Applied o, IReadOnlyList<Syntax> operands)
    {
        var values = operands.Select(Of).ToArray();
        if (values.Any(v => v.IsTime)) values = [.. values.Select(v => v is { Source: Scalar { Value: string text } s } ? Of(Scalar.Instant(s.At, text)) : v)];
        foreach (var value in values)
        {
            if (value.Type is ColumnType.Geometry or ColumnType.TextList or ColumnType.Json) throw value.Source.Wrong($"{value}, which {o.Name} does not compare{value.Type switch { ColumnType.Geometry => ": use S_EQUALS, S_INTERSECTS …", ColumnType.TextList => ": use A_CONTAINS, A_OVERLAPS …", _ => "" }}.");
            if (value.Type != values[0].Type && !(value.IsNumber && values[0].IsNumber) && !(value.IsTime && values[0].IsTime)) throw o.Wrong($"{o.Name} compares values of one type, but {values[0]}, and {value}.");
        }
        return [.. values.Select(v => v.Type == ColumnType.Date && values.Any(w => w.Type == ColumnType.Timestamp) ? FirstInstant(v.Expression) : v.Expression)];
    }

    private static Expression FirstInstant(Expression day) => day is Literal { Value: DateOnly d } ? new Literal(new DateTimeOffset(d, default, TimeSpan.Zero)) : Engine("startOfDay", day);

    private Call Matched(Applied o)
    {
        var (text, pattern) = (Need(Operands(o, 2)[0], ColumnType.Text), o.Operands[1]);
        var written = pattern;
        while (written is Applied { Operands: [var inner] } fold && fold.Name.ToLowerInvariant() is "casei" or "accenti") written = inner;
        if (written is not Scalar { Value: string words }) throw written.Wrong("a pattern of LIKE is a text in quotes, or CASEI or ACCENTI of one.");
        if ((words.Length - words.TrimEnd('\\').Length) % 2 == 1) throw written.Wrong("the pattern ends with a backslash that escapes nothing: write two for one.");
        return Engine("like", text, Of(pattern));
    }

    private Expression Listed(Applied o)
    {
        if (Operands(o, 2)[1] is not Values list) throw o.Operands[1].Wrong("IN takes a list.");
        if (list.Items.Count == 0) return new In(Of(o.Operands[0]).Expression, []);
        var values = Unified(o, [o.Operands[0], .. list.Items]);
        return values.Skip(1).All(v => v is Literal) ? new In(values[0], Alike([.. values.Skip(1).Select(v => ((Literal)v).Value!)]))
            : Balanced(values[1..], v => Engine("equals", values[0], v), (a, b) => new Or(a, b));
    }

    /// <summary>Numbers of one kind: whole, decimal, or, where one is out of range for that, in floating point.</summary>
    private static object[] Alike(object[] values) => values.All(v => v.GetType() == values[0].GetType()) ? values
        : [.. values.Select(object (v) => values.Any(w => w is double) ? Convert.ToDouble(v, System.Globalization.CultureInfo.InvariantCulture) : Convert.ToDecimal(v, System.Globalization.CultureInfo.InvariantCulture))];

    private Typed Calculated(Applied o, string sign)
    {
        var (left, right) = (Need(Operands(o, 2)[0], ColumnType.Number), Need(o.Operands[1], ColumnType.Number));
        Expression result = sign switch
        {
            "+" => new Arithmetic(Operation.Add, left.Expression, right.Expression),
            "-" => new Arithmetic(Operation.Subtract, left.Expression, right.Expression),
            "*" => new Arithmetic(Operation.Multiply, left.Expression, right.Expression),
            "/" => Engine("quotient", left, right),
            "div" => Engine("wholeQuotient", left, right),
            "%" => Engine("remainder", left, right),
            _ => Engine("power", left, right),
        };
        return new(result, ColumnType.Number, o);
    }

    /// <summary>Collections of one dimension are joined first; of several, only what simple features define is answered.</summary>
    private Spatial Related(Applied o, SpatialRelation relation)
    {
        var sides = Operands(o, 2).Select(Expression (side) =>
        {
            var value = Need(side, ColumnType.Geometry).Expression;
            if (side is not Shape { Type: "GEOMETRYCOLLECTION" } collection || relation is SpatialRelation.Intersects or SpatialRelation.Disjoint) return value;
            return Cql2Geometry.Dimensions(collection).Count() == 1 ? Engine("joined", value) : throw side.Wrong($"{o.Name} is not defined for a collection of points, lines and areas together: use S_INTERSECTS or S_DISJOINT, or one of them alone.");
        }).ToArray();
        return new(relation, sides[0], sides[1]);
    }

    private Typed Called(Applied o)
    {
        var function = Cql2Function.Named(o.Name) ?? throw o.Wrong($"there is no function {Scalar.Short(o.Name)}; beside those of the standard there are {string.Join(", ", Cql2Function.All.Select(f => f.Name))}.");
        return new(function.Lower([.. Operands(o, function.Takes.Count).Select((operand, i) => Narrow(Need(operand, function.Takes[i]).Expression))]), function.Gives, o);
    }

    /// <summary>PostgreSQL's functions of texts take four bytes for a position.</summary>
    private static Expression Narrow(Expression argument) => argument is Literal { Value: long whole and >= int.MinValue and <= int.MaxValue } ? new Literal((int)whole) : argument;
}
