using System.Globalization;

namespace Jietong.Geodata.Query;

/// <summary>The only filter and the only sort key: every query language is lowered into this tree, and one writer turns it into SQL.</summary>
public abstract record Expression;

/// <summary>A value from outside: text, number, truth value or date. It becomes a parameter, never SQL text.</summary>
public sealed record Literal(object? Value) : Expression;

/// <summary>A geometry from outside, as EWKT (<c>SRID=4326;POINT(121.1 31.3)</c>), longitude or easting first, and the system that its coordinates are in.</summary>
public sealed record GeometryLiteral(string Ewkt) : Expression
{
    public Crs Crs { get; init; } = Crs.Crs84;

    /// <summary>A box, its sides straight in its own system. In degrees, west beyond east crosses the antimeridian (RFC 7946, 5.2): two boxes. Without width or height it is a line or a point.</summary>
    /// <exception cref="InputException">It has no area on the earth, or its south is above its north.</exception>
    public static GeometryLiteral Box(double west, double south, double east, double north, Crs crs)
    {
        if (south > north || !double.IsFinite(west + south + east + north) || (crs.InDegrees ? Math.Abs(south) > 90 || Math.Abs(north) > 90 || Math.Abs(west) > 180 || Math.Abs(east) > 180 : west > east || new[] { west, south, east, north }.Any(n => Math.Abs(n) > MostMetres)))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"the box from {(crs.LatitudeFirst ? $"{south},{west} to {north},{east}" : $"{west},{south} to {east},{north}")} {(crs.InDegrees ? "lies outside longitude ±180 and latitude ±90, or its south is above its north" : "has its west beyond its east, or its south above its north, or lies off the earth")}: write the lower corner, then the upper, in the axis order of {crs.Uri}."));
        var shape = (west == east, south == north) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $"POINT({west} {south})"),
            (false, false) => $"MULTIPOLYGON({(west < east ? Ring(west, south, east, north) : $"{Ring(west, south, 180, north)},{Ring(-180, south, east, north)}")})",
            _ => $"MULTILINESTRING({(west <= east ? Line(west, south, east, north) : $"{Line(west, south, 180, north)},{Line(-180, south, east, north)}")})",
        };
        return new($"SRID={crs.Srid};{shape}") { Crs = crs };
    }

    /// <summary>Beyond every projected coordinate of the systems that are served.</summary>
    private const double MostMetres = 50_000_000;

    private static string Ring(double w, double s, double e, double n) => string.Create(CultureInfo.InvariantCulture, $"(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))");

    private static string Line(double w, double s, double e, double n) => string.Create(CultureInfo.InvariantCulture, $"({w} {s},{e} {n})");
}

/// <summary>A column of the row that is asked for, or, by its variable, of a related row that an expression around this one speaks of.</summary>
public sealed record ColumnValue(string Name, string? Of = null) : Expression;

public enum Comparison { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual }

/// <summary>A comparison with null on one side is false, save that null equals null and differs from all else.</summary>
public sealed record Compare(Comparison Operator, Expression Left, Expression Right) : Expression;

public sealed record And(Expression Left, Expression Right) : Expression;

public sealed record Or(Expression Left, Expression Right) : Expression;

/// <summary>True wherever the operand is not true: what a filter leaves out, its negation returns.</summary>
public sealed record Not(Expression Operand) : Expression;

public enum Operation { Add, Subtract, Multiply, Divide, Modulo }

/// <summary>Of numbers; null where an operand is.</summary>
public sealed record Arithmetic(Operation Operation, Expression Left, Expression Right) : Expression;

public enum TextMatch { Contains, StartsWith, EndsWith }

/// <summary>Whether a text, or any text of a list, holds another as it stands (no wildcards).</summary>
public sealed record Like(Expression Text, TextMatch Match, Expression Part) : Expression;

public sealed record In(Expression Operand, IReadOnlyList<object> Values) : Expression;

public sealed record IsNull(Expression Operand) : Expression;

/// <summary>Both ends included.</summary>
public sealed record Between(Expression Operand, Expression Low, Expression High) : Expression;

/// <summary>OGC simple features' relations (DE-9IM).</summary>
public enum SpatialRelation { Intersects, Within, Contains, Crosses, Touches, Disjoint, Overlaps, Equals }

/// <summary>A relation of two geometries in the plane of longitude and latitude (OGC simple features).</summary>
public sealed record Spatial(SpatialRelation Relation, Expression Left, Expression Right) : Expression;

/// <summary>The shortest distance in metres on the WGS 84 spheroid; null where a geometry is.</summary>
public sealed record Distance(Expression Left, Expression Right) : Expression;

/// <summary>The length in metres on the WGS 84 spheroid: 0 for points, null where there is no geometry.</summary>
public sealed record Length(Expression Geometry) : Expression;

/// <summary>A function of the engine's table, with as many operands as it takes; null where an operand is.</summary>
public sealed record Call(Function Function, IReadOnlyList<Expression> Operands) : Expression;

/// <summary>A value of the one row to which a relation leads from the row called <paramref name="From"/> (null: the row asked for), which is called <paramref name="As"/> inside; null where there is none.</summary>
public sealed record Related(Relation Relation, string? From, string As, Expression Value) : Expression;

/// <summary>Whether any, or all, of the rows to which a relation leads meet the condition; without one, whether there are any. All of none is true.</summary>
public sealed record AnyRelated(Relation Relation, string? From, string As, Expression? Condition, bool All = false) : Expression;

/// <summary>How many rows a relation leads to that meet the condition.</summary>
public sealed record CountRelated(Relation Relation, string? From, string As, Expression? Condition) : Expression;

/// <summary>Whether any, or all, members of a list meet the condition: texts, of which <see cref="Element"/> is the one at hand, or objects, whose members are columns of that variable.</summary>
public sealed record AnyElement(Expression List, string As, Expression? Condition, bool All = false) : Expression;

/// <summary>The text of a list that <see cref="AnyElement"/> speaks of.</summary>
public sealed record Element(string Of) : Expression;

/// <summary>Whether any text of the row holds the words as they stand, in either case.</summary>
public sealed record Search(string Words) : Expression;
