using NetTopologySuite;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace Jietong.Services.Reach;

/// <summary>
/// Metres east and north of a position, for drawing about it: true there, and east–west on its whole parallel. Elsewhere east–west is off by 0.1 % for each 10 km north or south
/// of it. Areas are not measured in it but on the ellipsoid.
/// </summary>
internal sealed class LocalPlane
{
    // GRS 80, the ellipsoid of CGCS2000; that of WGS 84 differs by a tenth of a millimetre.
    private const double SemiMajor = 6378137, FlatteningInverse = 298.257222101, Degree = Math.PI / 180;
    private const double EccentricitySquared = (2 - 1 / FlatteningInverse) / FlatteningInverse;

    private static readonly NtsGeometryServices Geometries = new(NetTopologySuite.Geometries.Implementation.CoordinateArraySequenceFactory.Instance, PrecisionModel.Floating.Value, 4326, GeometryOverlay.NG, new CoordinateEqualityComparer());

    private readonly AffineTransformation toPlane, toDegrees;
    private readonly double longitude, latitude, metresEast, metresNorth;   // of the position, and of a degree there

    public LocalPlane(double longitude, double latitude)
    {
        var sine = Math.Sin(latitude * Degree);
        var across = SemiMajor / Math.Sqrt(1 - EccentricitySquared * sine * sine);
        (this.longitude, this.latitude) = (longitude, latitude);
        (metresEast, metresNorth) = (across * Math.Cos(latitude * Degree) * Degree, across * (1 - EccentricitySquared) / (1 - EccentricitySquared * sine * sine) * Degree);
        toPlane = AffineTransformation.TranslationInstance(-longitude, -latitude).Scale(metresEast, metresNorth);
        toDegrees = AffineTransformation.ScaleInstance(1 / metresEast, 1 / metresNorth).Translate(longitude, latitude);
    }

    public static GeometryFactory Factory { get; } = Geometries.CreateGeometryFactory();

    /// <summary>Coordinates have 7 decimals, as all that is served: about a centimetre.</summary>
    public static readonly PrecisionModel Written = new(1e7);

    public Geometry ToPlane(params IEnumerable<double[]> positions) =>
        positions.Select(p => new Coordinate(p[0], p[1])).ToArray() is var c && c.Length == 1 ? toPlane.Transform(Factory.CreatePoint(c[0])) : toPlane.Transform(Factory.CreateLineString(c));

    public (double X, double Y) InPlane(double[] position) => ((position[0] - longitude) * metresEast, (position[1] - latitude) * metresNorth);

    public Geometry ToDegrees(Geometry inPlane) => toDegrees.Transform(inPlane);

    /// <summary>Square kilometres of polygons in degrees, on the ellipsoid; their edges are taken as straight in degrees.</summary>
    public static double SquareKilometres(Geometry inDegrees)
    {
        var total = 0.0;
        for (var i = 0; i < inDegrees.NumGeometries; i++)
            if (inDegrees.GetGeometryN(i) is Polygon polygon) total += RingArea(polygon.Shell) - polygon.Holes.Sum(RingArea);
        return total / 1e6;
    }

    /// <summary>The integral around the ring of what lies between each of its edges and the equator.</summary>
    private static double RingArea(LineString ring) =>
        Math.Abs(ring.Coordinates.Zip(ring.Coordinates.Skip(1), (a, b) => (b.X - a.X) * Degree * (ToEquator(a.Y) + ToEquator(b.Y)) / 2).Sum());

    /// <summary>Square metres between the equator and a latitude, a radian of longitude wide.</summary>
    private static double ToEquator(double latitude)
    {
        var (e, sine) = (Math.Sqrt(EccentricitySquared), Math.Sin(latitude * Degree));
        return SemiMajor * SemiMajor * (1 - EccentricitySquared) / 2 * (sine / (1 - EccentricitySquared * sine * sine) + Math.Atanh(e * sine) / e);
    }
}
