using System.Text.Json;
using static Jietong.Geodata.Imports.Gis.WkbWriter;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Geometries of GeoJSON (RFC 7946, 3.1), held to all that it asks of them. Heights are left out.</summary>
internal static class GeoJsonShape
{
    private const string Spelt = "Write it as RFC 7946 has it: {\"type\": \"Point\", \"coordinates\": [121.1, 31.3]}, longitude first.";

    private const string Ring = "A ring is a list of four positions or more, the last the first again: [[121, 31], [122, 31], [122, 32], [121, 31]].";

    /// <exception cref="BadValueException">Says which part is wrong.</exception>
    /// <returns>Null where there is none.</returns>
    public static byte[]? Read(JsonElement geometry, WkbWriter to)
    {
        to.Clear();
        if (geometry.ValueKind == JsonValueKind.Null) return null;
        return Write(geometry, to, "geometry") ? to.Taken() : null;
    }

    /// <returns>Whether it has any position.</returns>
    private static bool Write(JsonElement geometry, WkbWriter to, string at)
    {
        if (geometry.ValueKind != JsonValueKind.Object) throw Bad(at, geometry, "is no geometry but a value of another kind.");
        if (!geometry.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) throw new BadValueException($"{at}.type", null, "the geometry has no type.", Spelt);
        var name = type.GetString();
        if (name == "GeometryCollection") return Members(geometry, to, at);
        if (!geometry.TryGetProperty("coordinates", out var coordinates)) throw new BadValueException($"{at}.coordinates", null, "the geometry has no coordinates.", Spelt);
        at += ".coordinates";
        switch (name)
        {
            case "Point": Position(coordinates, to.Begin(Point), at); return true;
            case "LineString": Line(coordinates, to.Begin(LineString), at, ring: false); return true;
            case "Polygon": return Rings(coordinates, to, at) > 0;
            case "MultiPoint": return Many(coordinates, to.Begin(MultiPoint), at, (one, place) => Position(one, to.Begin(Point), place)) > 0;
            case "MultiLineString": return Many(coordinates, to.Begin(MultiLineString), at, (one, place) => Line(one, to.Begin(LineString), place, ring: false)) > 0;
            case "MultiPolygon": return Many(coordinates, to.Begin(MultiPolygon), at, (one, place) => Rings(one, to, place)) > 0;
            default: throw new BadValueException("geometry.type", name, "is no type of geometry.", "It is one of Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon, GeometryCollection.");
        }
    }

    private static bool Members(JsonElement geometry, WkbWriter to, string at)
    {
        if (!geometry.TryGetProperty("geometries", out var members)) throw new BadValueException($"{at}.geometries", null, "the collection has no geometries.", Spelt);
        return Many(members, to.Begin(Collection), $"{at}.geometries", (one, place) => { if (!Write(one, to, place)) throw Bad(place, one, "is empty inside a collection."); }) > 0;
    }

    private static int Rings(JsonElement rings, WkbWriter to, string at) => Many(rings, to.Begin(Polygon), at, (one, place) => Line(one, to, place, ring: true));

    private static int Many(JsonElement list, WkbWriter to, string at, Action<JsonElement, string> write)
    {
        if (list.ValueKind != JsonValueKind.Array) throw Bad(at, list, "is no list.");
        to.Count(list.GetArrayLength());
        foreach (var (i, one) in list.EnumerateArray().Index()) write(one, $"{at}[{i}]");
        return list.GetArrayLength();
    }

    private static void Line(JsonElement line, WkbWriter to, string at, bool ring)
    {
        if (line.ValueKind != JsonValueKind.Array) throw Bad(at, line, "is no list of positions.");
        var count = line.GetArrayLength();
        if (count < (ring ? 4 : 2)) throw Bad(at, line, ring ? "a ring has fewer than four positions." : "a line has fewer than two positions.", ring ? Ring : "A line is a list of two positions or more: [[121.1, 31.3], [121.2, 31.3]].");
        to.Count(count);
        var (first, last) = ((0.0, 0.0), (0.0, 0.0));
        foreach (var (i, one) in line.EnumerateArray().Index())
        {
            last = Position(one, to, $"{at}[{i}]");
            if (i == 0) first = last;
        }
        if (ring && first != last) throw Bad(at, line, "a ring does not end where it begins.", Ring);
    }

    private static (double, double) Position(JsonElement position, WkbWriter to, string at)
    {
        if (position.ValueKind != JsonValueKind.Array) throw Bad(at, position, "is no position: a list of two numbers.");
        if (position.GetArrayLength() < 2) throw Bad(at, position, $"a position has {position.GetArrayLength()} of its two coordinates.");
        var (x, y, i) = (0.0, 0.0, 0);
        foreach (var number in position.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number) throw Bad($"{at}[{i}]", number, "is no number.");
            var value = number.TryGetDouble(out var d) ? d : double.NaN;
            if (!double.IsFinite(value)) throw Bad($"{at}[{i}]", number, "is larger than any coordinate.");
            if (i == 0) x = value;
            if (i++ == 1) y = value;
        }
        to.Position(x, y);
        return (x, y);
    }

    private static BadValueException Bad(string at, JsonElement value, string reason, string wayOut = Spelt) => new(at, value.GetRawText(), reason, wayOut);
}
