namespace Jietong.Services.Cql2;

/// <summary>The half of the reader of texts that knows geometries (well-known text, OGC 06-103r4; Z may stand or not).</summary>
internal sealed partial class Cql2Text
{
    private static readonly HashSet<string> Geometries = new(["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Asked when the name is taken.</summary>
    private bool IsGeometry(Token name) => Geometries.Contains(name.Text) && (Next.Is("(") || (Next.IsWord("z") && After.Is("(")));

    private Shape Geometry(Token name)
    {
        TakeWord("z");
        return name.Text.ToUpperInvariant() switch
        {
            "POINT" => Point(),
            "LINESTRING" => Line("LINESTRING"),
            "POLYGON" => Polygon(),
            "MULTIPOINT" => new(name.At, "MULTIPOINT", [], Many(() => Next.Is("(") ? Point() : new Shape(Next.At, "POINT", [Position()], []))),
            "MULTILINESTRING" => new(name.At, "MULTILINESTRING", [], Many(() => Line("LINESTRING"))),
            "MULTIPOLYGON" => new(name.At, "MULTIPOLYGON", [], Many(Polygon)),
            _ => new(name.At, "GEOMETRYCOLLECTION", [], Many(Member)),
        };
    }

    /// <summary>A collection holds no other collection.</summary>
    private Shape Member()
    {
        var name = Take();
        return IsGeometry(name) && !name.IsWord("geometrycollection") ? Geometry(name) : throw Syntax.Wrong(name.At, $"here stands {name}; wanted is POINT, LINESTRING, POLYGON, MULTIPOINT, MULTILINESTRING or MULTIPOLYGON.");
    }

    private Shape Point()
    {
        var at = Next.At;
        Need("(");
        var point = new Shape(at, "POINT", [Position()], []);
        Need(")");
        return point;
    }

    private Shape Line(string type) => new(Next.At, type, Many(Position), []);

    private Shape Polygon() => new(Next.At, "POLYGON", [], Many(() => Line("RING")));

    private List<T> Many<T>(Func<T> read)
    {
        var all = new List<T>();
        do
        {
            Need(all.Count == 0 ? "(" : ",");
            all.Add(read());
        }
        while (!TakeSign(")"));
        return all;
    }

    private double[] Position()
    {
        var numbers = new List<double> { Coordinate(), Coordinate() };
        if (!Next.Is(",") && !Next.Is(")")) numbers.Add(Coordinate());
        return [.. numbers];
    }

    private double Coordinate()
    {
        var (at, sign) = (Next.At, TakeSign("-") ? "-" : "");
        if (sign == "") TakeSign("+");
        return Next.Kind == TokenKind.Number ? Scalar.Double(at, sign + Take().Text) : throw Unexpected("a coordinate");
    }

    private Box Corners(Token name) => new(name.At, Many(Coordinate));
}
