using System.Text.Json;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>One feature of GeoJSON (RFC 7946, 3.2), or a problem of it.</summary>
internal sealed class GeoJsonFeature : IDisposable
{
    private const int LongestId = 200;
    private readonly WkbWriter wkb = new();
    private readonly PropertyText text = new();

    /// <summary>Its properties are kept where this says so.</summary>
    public Func<string, JsonElement, bool>? Keep { get; init; }

    /// <summary>What a property is called.</summary>
    public Func<string, string> NameOf { get; set; } = name => name;

    /// <exception cref="BadValueException">What is wrong with it.</exception>
    public GisRow Read(JsonElement feature, long number)
    {
        if (feature.ValueKind != JsonValueKind.Object) throw new BadValueException("", feature.GetRawText(), "is no feature.", "A feature is an object with \"type\": \"Feature\".");
        if (!feature.TryGetProperty("type", out var type)) throw new BadValueException("type", null, "the feature has no type.", "Write \"type\": \"Feature\".");
        if (type.ValueKind != JsonValueKind.String || type.GetString() != "Feature") throw new BadValueException("type", type.ToString(), "is not the type of a feature.", "Write \"type\": \"Feature\".");
        if (!feature.TryGetProperty("geometry", out var geometry)) throw new BadValueException("geometry", null, "the feature has no member geometry.", "Write \"geometry\": null where there is none.");
        return new(number, feature.TryGetProperty("id", out var id) ? Id(id) : null, GeoJsonShape.Read(geometry, wkb), text.Of(feature.TryGetProperty("properties", out var properties) ? properties : default, Keep, NameOf));
    }

    /// <summary>As written: a number of 64 bits loses nothing.</summary>
    private static string? Id(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String or JsonValueKind.Number when id.ToString() is { Length: > 0 and <= LongestId } text && !text.Contains('\0', StringComparison.Ordinal) => text,
        _ => throw new BadValueException("id", id.GetRawText(), $"is neither a text nor a number of 1 to {LongestId} characters.", "Give the feature such an id, or none."),
    };

    public void Dispose() => text.Dispose();
}
