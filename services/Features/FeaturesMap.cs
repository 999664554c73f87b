using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Services.Tiles;

namespace Jietong.Services.Features;

/// <summary>The map on a page: the tiles of a collection, of the features that the page shows.</summary>
internal static class FeaturesMap
{
    /// <param name="http">Whose page it is; what it chooses, the tiles choose too.</param>
    /// <param name="layer">The collection.</param>
    /// <param name="key">Of the one feature to show; null for all that the address chooses.</param>
    /// <param name="box">West, south, east and north of the view; null for the style's own.</param>
    /// <returns>HTML; nothing for a collection without tiles.</returns>
    public static string Of(HttpContext http, Layer layer, string? key = null, IReadOnlyList<double>? box = null) =>
        TileRules.All.All(r => r.Layer != layer) ? "" : Framed(StylesEndpoints.Map(http, layer.Collection, key is null ? null : $"{layer.Key} = '{key.Replace("'", "''", StringComparison.Ordinal)}'", box));

    /// <summary>The map of all layers that are usually drawn.</summary>
    public static string OfAll(HttpContext http) => Framed(StylesEndpoints.Map(http));

    /// <summary>What <see cref="StylesEndpoints.Map"/> gives, as one piece of a page.</summary>
    public static string Framed((string Head, string Body) map) => $"{map.Head}<div class=\"map\">{map.Body}</div>";

    /// <summary>The box around a GeoJSON geometry.</summary>
    public static double[]? BoxOf(JsonNode? geometry)
    {
        if (geometry?["coordinates"] is not { } coordinates) return null;
        var numbers = Positions(coordinates).ToList();
        return [numbers.Min(p => p.X), numbers.Min(p => p.Y), numbers.Max(p => p.X), numbers.Max(p => p.Y)];
    }

    private static IEnumerable<(double X, double Y)> Positions(JsonNode node) =>
        node is JsonArray { Count: > 0 } array && array[0] is JsonValue ? [(array[0]!.GetValue<double>(), array[1]!.GetValue<double>())] : ((JsonArray)node).SelectMany(inner => Positions(inner!));
}
