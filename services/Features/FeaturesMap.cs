using Jietong.Services.Serve;

namespace Jietong.Services.Features;

/// <summary>The map on a page: a collection's tiles in our style, or the features of one answer on top of it.</summary>
internal static class FeaturesMap
{
    /// <param name="http">Whose page it is.</param>
    /// <param name="collection">What the tiles show.</param>
    /// <param name="features">The address of GeoJSON to show on top, and to fit the view to; null for the whole collection.</param>
    public static string Of(HttpContext http, string collection, string? features) => "";
}
