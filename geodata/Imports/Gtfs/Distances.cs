namespace Jietong.Geodata.Imports.Gtfs;

/// <summary>Distances between positions while a file is read: on a sphere of the mean radius (6,371,008.8 m), at most 0.5 % off the ellipsoid.</summary>
internal static class Distances
{
    public static double Metres(double longitudeA, double latitudeA, double longitudeB, double latitudeB)
    {
        var (dLat, dLon) = (double.DegreesToRadians(latitudeB - latitudeA) / 2, double.DegreesToRadians(longitudeB - longitudeA) / 2);
        var h = Math.Pow(Math.Sin(dLat), 2) + Math.Cos(double.DegreesToRadians(latitudeA)) * Math.Cos(double.DegreesToRadians(latitudeB)) * Math.Pow(Math.Sin(dLon), 2);
        return 2 * 6_371_008.8 * Math.Asin(Math.Sqrt(Math.Min(1, h)));
    }
}
