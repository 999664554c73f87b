using System.Text.Json;
using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>Reads CQL2 JSON; geometries in it are GeoJSON (RFC 7946).</summary>
internal static class Cql2Json
{
    // An operation is an object and a list; a geometry in the innermost is at most six more.
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 2 * SqlWriter.DeepestNesting + 8 };

    public static Syntax Read(string filter)
    {
        try
        {
            using var document = JsonDocument.Parse(filter, Bounded);
            return Any(document.RootElement, "");
        }
        catch (JsonException e)
        {
            throw Syntax.Wrong($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e.Message.Contains("maximum configured depth", StringComparison.Ordinal) ? $"the filter is nested more than {SqlWriter.DeepestNesting} deep." : "this is not JSON: see RFC 8259.");
        }
        catch (InvalidOperationException)   // the only one left when every kind is asked for first: an escaped half of a surrogate pair
        {
            throw Syntax.Wrong("the root", "a text holds half of a surrogate pair: it is not Unicode.");
        }
    }

    private static string Place(string pointer) => pointer == "" ? "the root" : pointer;

    private static Syntax Any(JsonElement json, string pointer)
    {
        var at = Place(pointer);
        return json.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => new Scalar(at, json.GetBoolean()),
            JsonValueKind.Number => Scalar.Number(at, json.GetRawText()),
            JsonValueKind.String => Scalar.Text(at, json.GetString()!),
            JsonValueKind.Array => new Values(at, Items(json, pointer)),
            JsonValueKind.Object => Object(json, pointer, at),
            _ => throw Syntax.Wrong(at, "null is no value: write {\"op\":\"isNull\",\"args\":[…]}."),
        };
    }

    private static Syntax Object(JsonElement json, string pointer, string at)
    {
        if (json.TryGetProperty("op", out var op)) return new Applied(at, Text(op, $"{pointer}/op"), Items(Member(json, pointer, "args", JsonValueKind.Array), $"{pointer}/args"));
        if (json.TryGetProperty("property", out var name)) return new PropertyName(at, Text(name, $"{pointer}/property"));
        if (json.TryGetProperty("date", out var day)) return Scalar.Day(at, Text(day, $"{pointer}/date"));
        if (json.TryGetProperty("timestamp", out var time)) return Scalar.Time(at, Text(time, $"{pointer}/timestamp"));
        if (json.TryGetProperty("interval", out _)) return Between(Member(json, pointer, "interval", JsonValueKind.Array), $"{pointer}/interval", at);
        if (json.TryGetProperty("bbox", out _) && !json.TryGetProperty("type", out _)) return new Box(at, Numbers(Member(json, pointer, "bbox", JsonValueKind.Array), $"{pointer}/bbox"));
        if (json.TryGetProperty("type", out var type)) return Geometry(json, Text(type, $"{pointer}/type"), pointer);
        throw Syntax.Wrong(at, "an object without \"op\", \"property\", \"date\", \"timestamp\", \"interval\", \"bbox\" or \"type\".");
    }

    private static Interval Between(JsonElement ends, string pointer, string at) =>
        ends.GetArrayLength() == 2 ? new(at, End(ends[0], $"{pointer}/0"), End(ends[1], $"{pointer}/1")) : throw Syntax.Wrong(pointer, "an interval has two ends.");

    private static Syntax? End(JsonElement end, string pointer) =>
        end.ValueKind != JsonValueKind.String ? Any(end, pointer) : end.GetString() is not ".." and var text ? Scalar.Instant(pointer, text!) : null;

    private static List<Syntax> Items(JsonElement array, string pointer)
    {
        if (array.GetArrayLength() > Cql2Filter.MostListed) throw Syntax.Wrong(Place(pointer), $"a list of more than {Cql2Filter.MostListed} values.");
        return [.. array.EnumerateArray().Select((item, i) => Any(item, $"{pointer}/{i}"))];
    }

    private static JsonElement Member(JsonElement json, string pointer, string name, JsonValueKind kind) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : throw Syntax.Wrong(Place(pointer), $"\"{name}\" must be {(kind == JsonValueKind.Array ? "a list" : "a text")}.");

    private static string Text(JsonElement json, string pointer) => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Syntax.Wrong(pointer, "this must be a text.");

    private static double[] Numbers(JsonElement array, string pointer) => array.ValueKind != JsonValueKind.Array ? throw Syntax.Wrong(pointer, "this must be a list of numbers.")
        : [.. array.EnumerateArray().Select((n, i) => n.ValueKind == JsonValueKind.Number ? Scalar.Double($"{pointer}/{i}", n.GetRawText()) : throw Syntax.Wrong($"{pointer}/{i}", "this must be a number."))];

    private static Shape Geometry(JsonElement json, string type, string pointer, bool inCollection = false)
    {
        if (type == "GeometryCollection" && !inCollection)
            return new(Place(pointer), "GEOMETRYCOLLECTION", [], Parts(Member(json, pointer, "geometries", JsonValueKind.Array), $"{pointer}/geometries", Part));
        var name = type.ToUpperInvariant();
        if (type is not ("Point" or "LineString" or "Polygon" or "MultiPoint" or "MultiLineString" or "MultiPolygon"))
            throw Syntax.Wrong($"{pointer}/type", $"\"{Scalar.Short(type)}\" is no type of geometry here: there are Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon{(inCollection ? "" : " and GeometryCollection")}.");
        return Coordinates(Member(json, pointer, "coordinates", JsonValueKind.Array), name, $"{pointer}/coordinates");
    }

    private static Shape Part(JsonElement json, string pointer) => json.ValueKind == JsonValueKind.Object ? Geometry(json, Text(Member(json, pointer, "type", JsonValueKind.String), $"{pointer}/type"), pointer, inCollection: true) : throw Syntax.Wrong(pointer, "this must be a geometry.");

    private static Shape Coordinates(JsonElement array, string type, string pointer) => type switch
    {
        "POINT" => new(pointer, type, [Numbers(array, pointer)], []),
        "LINESTRING" or "RING" => new(pointer, type, [.. Parts(array, pointer, Numbers)], []),
        _ => new(pointer, type, [], Parts(array, pointer, (part, place) => Coordinates(part, type switch { "POLYGON" => "RING", _ => type["MULTI".Length..] }, place))),
    };

    private static List<T> Parts<T>(JsonElement array, string pointer, Func<JsonElement, string, T> read) => array.ValueKind != JsonValueKind.Array ? throw Syntax.Wrong(pointer, "this must be a list.")
        : [.. array.EnumerateArray().Select((part, i) => read(part, $"{pointer}/{i}"))];
}
