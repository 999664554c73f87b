using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Tiles;

/// <summary>The one tiling scheme that is served, as OGC 17-083r4 registers it.</summary>
internal static class TileMatrixSet
{
    public const string Id = "WebMercatorQuad", Uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad", Crs = "http://www.opengis.net/def/crs/EPSG/0/3857";

    private const int Matrices = 25;
    private const double PixelMetres = 0.00028;   // by which OGC reckons scales

    /// <exception cref="InputException">It is another one.</exception>
    public static void Known(string id)
    {
        if (id != Id) throw new InputException($"There is no tile matrix set \"{InputException.Short(id, 60)}\"; there is {Id}.", notFound: true);
    }

    public static JsonObject Definition() => new()
    {
        ["id"] = Id, ["title"] = "网络墨卡托 Google Maps Compatible for the World", ["uri"] = Uri, ["crs"] = Crs, ["orderedAxes"] = new JsonArray("X", "Y"),
        ["wellKnownScaleSet"] = "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        ["tileMatrices"] = new JsonArray([.. Enumerable.Range(0, Matrices).Select(Matrix)]),
    };

    private static JsonObject Matrix(int zoom)
    {
        var cell = 2 * Tile.HalfWorldMetres / 256 / (1L << zoom);
        return new()
        {
            ["id"] = $"{zoom}", ["scaleDenominator"] = cell / PixelMetres, ["cellSize"] = cell, ["cornerOfOrigin"] = "topLeft", ["pointOfOrigin"] = new JsonArray(-Tile.HalfWorldMetres, Tile.HalfWorldMetres),
            ["tileWidth"] = 256, ["tileHeight"] = 256, ["matrixWidth"] = 1L << zoom, ["matrixHeight"] = 1L << zoom,
        };
    }

    /// <summary>The tiles that can be asked for: all of each zoom.</summary>
    public static JsonArray Limits(int minZoom) => new([.. Enumerable.Range(minZoom, TileRules.MaxZoom - minZoom + 1).Select(zoom => new JsonObject
    {
        ["tileMatrix"] = $"{zoom}", ["minTileRow"] = 0, ["maxTileRow"] = (1L << zoom) - 1, ["minTileCol"] = 0, ["maxTileCol"] = (1L << zoom) - 1,
    })]);
}
