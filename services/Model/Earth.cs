using Jietong.Geodata;

namespace Jietong.Services.Model;

/// <summary>Distances between positions, where PostGIS is not asked: on a sphere of the mean radius, at most 0.5 % off the ellipsoid.</summary>
internal static class Earth
{
    private const double Radius = GreatCircle.RadiusMetres;

    /// <summary>The latitude at which the plane is true, degrees: the middle of the region.</summary>
    private const double TrueLatitude = 31.1;

    /// <summary>Metres along the great circle (haversine).</summary>
    public static double Metres(double longitudeA, double latitudeA, double longitudeB, double latitudeB) => GreatCircle.Metres(longitudeA, latitudeA, longitudeB, latitudeB);

    /// <summary>Positions in a plane, metres: for neighbourhood and for maps, not for lengths.</summary>
    public static (double X, double Y) ToPlane(double longitude, double latitude) =>
        (Radius * Math.Cos(Radians(TrueLatitude)) * Radians(longitude), Radius * Radians(latitude));

    /// <summary>The position so many metres east and north of another.</summary>
    public static (double Longitude, double Latitude) Moved(double longitude, double latitude, double eastMetres, double northMetres) =>
        (longitude + Degrees(eastMetres / (Radius * Math.Cos(Radians(latitude)))), latitude + Degrees(northMetres / Radius));

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private static double Degrees(double radians) => radians * 180 / Math.PI;
}
