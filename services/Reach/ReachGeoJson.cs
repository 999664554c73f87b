using System.Globalization;
using System.Text.Json;
using Jietong.Services.Cli;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace Jietong.Services.Reach;

/// <summary>The bands as GeoJSON (RFC 7946), the widest first, so that the narrower lie on top; or as rows without their areas.</summary>
internal static class ReachGeoJson
{
    private static void Write(Utf8JsonWriter json, ReachAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("name", "reach");
        json.WriteString("dataVersion", answer.DataVersion);
        json.WriteStartArray("features");
        foreach (var (network, bands) in answer.Networks)
            foreach (var band in bands.Reverse())
            {
                json.WriteStartObject();
                json.WriteString("type", "Feature");
                json.WriteString("id", $"{network}-{band.Minutes}");
                WriteArea(json, band.Area);
                json.WriteStartObject("properties");
                WriteMembers(json, answer, network, band);
                json.WriteEndObject();
                json.WriteEndObject();
            }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The same without areas, narrowest first.</summary>
    private static void WriteRows(Utf8JsonWriter json, ReachAnswer answer)
    {
        json.WriteStartArray();
        foreach (var (network, bands) in answer.Networks)
            foreach (var band in bands)
            {
                json.WriteStartObject();
                WriteMembers(json, answer, network, band);
                json.WriteEndObject();
            }
        json.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter json, ReachAnswer answer, string network, ReachedBand band)
    {
        var (request, origin) = (answer.Request, answer.Origin);
        json.WriteString("network", network);
        json.WriteNumber("bandFromMinutes", 0);   // bands are cumulative
        json.WriteNumber("minutes", band.Minutes);
        json.WriteNumber("areaKm2", Rounded(band.AreaKm2, 3));
        json.WriteNumber("placesReached", band.Places.Count);
        json.WriteNumber("placesCompared", answer.PlacesCompared);
        json.WriteNumber("placeShare", Rounded(band.Places.Count / (double)Math.Max(1, answer.PlacesCompared), 4));
        json.WriteString("from", request.From);
        json.WriteString("fromZh", origin.NameZh);
        json.WriteString("fromEn", origin.NameEn);
        json.WriteNumber("fromMetres", Rounded(origin.Metres, 0));
        json.WriteString("mode", request.Mode);
        json.WriteString("asOf", request.AsOf.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("knownBy", request.KnownBy.ToString("O", CultureInfo.InvariantCulture));
        WriteList(json, "open", request.Open);
        WriteList(json, "close", request.Close);
        if (request.WidthMetres is { } width) json.WriteNumber("widthMetres", width);
        else json.WriteNull("widthMetres");
        json.WriteNumber("toleranceMetres", Reached.ToleranceMetres(request));
        json.WriteString("method", answer.Method);
        json.WriteBoolean("sketch", answer.Sketch);
        json.WriteString("dataVersion", answer.DataVersion);
        json.WriteStartArray("places");
        foreach (var (place, ms) in band.Places)
        {
            json.WriteStartObject();
            json.WriteString("id", place.Id);
            json.WriteString("nameZh", place.NameZh);
            json.WriteString("nameEn", place.NameEn);
            json.WriteNumber("minutes", Rounded(ms / 60_000.0, 4));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteArea(Utf8JsonWriter json, MultiPolygon area)
    {
        json.WriteStartObject("geometry");
        json.WriteString("type", "MultiPolygon");
        json.WriteStartArray("coordinates");
        foreach (var polygon in area.Geometries.Cast<Polygon>())
        {
            json.WriteStartArray();
            WriteRing(json, polygon.Shell, counterclockwise: true);
            foreach (var hole in polygon.Holes) WriteRing(json, hole, counterclockwise: false);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRing(Utf8JsonWriter json, LineString ring, bool counterclockwise)
    {
        var sequence = ring.CoordinateSequence;
        json.WriteStartArray();
        foreach (var position in Orientation.IsCCW(sequence) == counterclockwise ? ring.Coordinates : ring.Coordinates.Reverse())
        {
            json.WriteStartArray();
            json.WriteNumberValue(Rounded(position.X, 7));
            json.WriteNumberValue(Rounded(position.Y, 7));
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    /// <summary>As a decimal, whose last digit is what was meant.</summary>
    private static decimal Rounded(double value, int decimals) => Math.Round((decimal)value, decimals);

    /// <summary>The whole document; not indented where positions would make it endless.</summary>
    public static async Task Write(Stream to, ReachAnswer answer, bool areas, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Output.Json with { Indented = !areas });
        if (areas) Write(json, answer);
        else WriteRows(json, answer);
        await json.FlushAsync(cancel);
        await to.WriteAsync("\n"u8.ToArray(), cancel);
    }
}
