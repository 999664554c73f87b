using System.CommandLine.Parsing;
using System.Globalization;
using Jietong.Geodata.Query;

namespace Jietong.Services.Links;

/// <summary>A longitude and latitude on WGS 84, as a person types them: <c>121.0998,31.3006</c>.</summary>
internal sealed record Position(double Longitude, double Latitude)
{
    public GeometryLiteral Point => new(string.Create(CultureInfo.InvariantCulture, $"SRID=4326;POINT({Longitude} {Latitude})"));

    public static Position? Parse(ArgumentResult result)
    {
        var parts = result.Tokens[0].Value.Split(',');
        if (parts.Length == 2 && double.TryParse(parts[0], CultureInfo.InvariantCulture, out var lon) && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var lat)
            && Math.Abs(lon) <= 180 && Math.Abs(lat) <= 90) return new(lon, lat);
        result.AddError($"--near: \"{result.Tokens[0].Value}\" is not a position: write longitude,latitude like 121.0998,31.3006.");
        return null;
    }
}
