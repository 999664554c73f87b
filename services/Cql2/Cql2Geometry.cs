using System.Globalization;
using System.Text;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.OData;
using Jietong.Services.Serve;

namespace Jietong.Services.Cql2;

/// <summary>Geometries of a filter in the reference system that the request names, as PostGIS reads them: x before y, without heights, then in WGS 84.</summary>
internal sealed record Cql2Geometry(Crs Crs)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public Expression Of(Box box)
    {
        if (box.Numbers.Count is not (4 or 6)) throw box.Wrong("a box has four numbers, or six with heights.");
        var (low, high) = (box.Numbers, box.Numbers.Skip(box.Numbers.Count / 2).ToArray());
        try
        {
            return Crs.LatitudeFirst ? GeometryLiteral.Box(low[1], low[0], high[1], high[0], Crs) : GeometryLiteral.Box(low[0], low[1], high[0], high[1], Crs);
        }
        catch (InputException e) { throw box.Wrong(e.Message); }
    }

    public Expression Of(Shape shape)
    {
        if (Positions(shape).Skip(Limits.MostVertices).Any()) throw shape.Wrong($"a geometry has more than {Limits.MostVertices} vertices: simplify it.");
        var ewkt = new StringBuilder($"SRID={Crs.Srid};");
        Write(ewkt, shape, named: true);
        return new GeometryLiteral(ewkt.ToString()) { Crs = Crs };
    }

    private static IEnumerable<double[]> Positions(Shape shape) => shape.Points.Concat(shape.Parts.SelectMany(Positions));

    /// <summary>The dimensions of a geometry and its parts: 0 points, 1 lines, 2 areas.</summary>
    public static IEnumerable<int> Dimensions(Shape shape) => shape.Type switch
    {
        "GEOMETRYCOLLECTION" => shape.Parts.SelectMany(Dimensions).Distinct(),
        "POINT" or "MULTIPOINT" => [0],
        "LINESTRING" or "MULTILINESTRING" => [1],
        _ => [2],
    };

    private void Write(StringBuilder ewkt, Shape shape, bool named)
    {
        Check(shape);
        if (named) ewkt.Append(shape.Type);
        ewkt.Append('(');
        foreach (var (i, point) in shape.Points.Index()) ewkt.Append(i > 0 ? "," : "").Append(Written(shape, point));
        foreach (var (i, part) in shape.Parts.Index())
        {
            ewkt.Append(i > 0 ? "," : "");
            Write(ewkt, part, named: shape.Type == "GEOMETRYCOLLECTION");
        }
        ewkt.Append(')');
    }

    private static void Check(Shape shape)
    {
        var points = shape.Points;
        if (points.Count + shape.Parts.Count == 0) throw shape.Wrong("a geometry without positions.");
        if (shape.Type == "LINESTRING" && points.Count < 2) throw shape.Wrong("a line has at least two positions.");
        if (shape.Type == "RING" && (points.Count < 4 || !points[0].AsSpan().SequenceEqual(points[^1]))) throw shape.Wrong("a ring has at least four positions, the last as the first.");
    }

    private string Written(Shape shape, double[] position)
    {
        if (position.Length is not (2 or 3)) throw shape.Wrong("a position has two numbers, or three with a height.");
        var (x, y) = Crs.LatitudeFirst ? (position[1], position[0]) : (position[0], position[1]);
        if (Crs.InDegrees && !(Math.Abs(x) <= 180 && Math.Abs(y) <= 90))
            throw shape.Wrong($"the position {string.Join(' ', position.Take(2).Select(n => n.ToString(Plain)))} lies outside longitude ±180 and latitude ±90: write degrees, {(Crs.LatitudeFirst ? "latitude" : "longitude")} first.");
        return string.Create(Plain, $"{x} {y}");
    }
}
