namespace Jietong.Geodata.Imports.Osm;

/// <summary>Lengths on the ellipsoid of WGS 84, as ST_Length of geographies: by the two radii of curvature midway, off by less than a millionth for steps of some kilometres.</summary>
internal static class Spheroid
{
    private const double A = 6_378_137, E2 = 0.006_694_379_990_141_33;

    public static double Metres((double Longitude, double Latitude) a, (double Longitude, double Latitude) b)
    {
        var (sine, cosine) = Math.SinCos((a.Latitude + b.Latitude) * (Math.PI / 360));
        var w2 = 1 - E2 * sine * sine;
        var normal = A / Math.Sqrt(w2);
        var degrees = Math.Abs(b.Longitude - a.Longitude);
        var east = normal * cosine * (degrees > 180 ? 360 - degrees : degrees) * (Math.PI / 180);
        var north = normal * (1 - E2) / w2 * (b.Latitude - a.Latitude) * (Math.PI / 180);
        return Math.Sqrt(east * east + north * north);
    }
}
