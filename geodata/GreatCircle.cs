namespace Jietong.Geodata;

/// <summary>Distances where PostGIS is not asked: on a sphere of the mean radius, at most 0.5 % off the ellipsoid.</summary>
public static class GreatCircle
{
    /// <summary>Mean radius of the Earth, metres (Moritz 2000, GRS 80: R1).</summary>
    public const double RadiusMetres = 6371008.8;

    /// <summary>Metres between positions in degrees (haversine).</summary>
    public static double Metres(double longitudeA, double latitudeA, double longitudeB, double latitudeB)
    {
        var (dLat, dLon) = (Radians(latitudeB - latitudeA) / 2, Radians(longitudeB - longitudeA) / 2);
        var h = Math.Sin(dLat) * Math.Sin(dLat) + Math.Cos(Radians(latitudeA)) * Math.Cos(Radians(latitudeB)) * Math.Sin(dLon) * Math.Sin(dLon);
        return 2 * RadiusMetres * Math.Asin(Math.Sqrt(Math.Min(1, h)));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;
}
