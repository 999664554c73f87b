using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;
using Npgsql;
using static Jietong.Services.Features.FeaturesDocuments;

namespace Jietong.Services.Tiles;

/// <summary>What OGC API – Tiles and TileJSON say of the tiles: of one collection, or of several in one tile.</summary>
internal static class TilesDocuments
{
    public const string MediaType = "application/vnd.mapbox-vector-tile", ToTilesets = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", ToScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
    public const string Attribution = "接通 Jietong; 部分位置 positions partly © <a href=\"https://www.openstreetmap.org/copyright\">OpenStreetMap contributors</a> (ODbL), GeoNames (CC BY 4.0)";

    /// <summary>The classes of conformance, for the page that lists them.</summary>
    public static readonly IReadOnlyList<string> Conformance =
    [
        .. new[] { "core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "datetime", "mvt" }.Select(c => $"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{c}"),
        "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset", "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset", "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata", "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
    ];

    /// <summary>The links to tiles of the landing page, or, where they are of a collection, of it.</summary>
    public static JsonObject[] LinksTo(string root, Layer? layer = null) => layer is null
        ? [Link($"{root}/tiles", ToTilesets, "application/json", "矢量瓦片 Vector tiles"), Link($"{root}/tileMatrixSets", "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", "application/json", "瓦片矩阵集 Tile matrix sets"),
            Link($"{root}/styles", "http://www.opengis.net/def/rel/ogc/1.0/styles", "application/json", "样式 Styles"), Link($"{root}/map", "preview", "text/html", "地图 Map")]
        : TileRules.All.All(r => r.Layer != layer) ? [] : [Link($"{root}/collections/{layer.Collection}/tiles", ToTilesets, "application/json", "矢量瓦片 Vector tiles")];

    public static JsonObject Schemes(string root) => new()
    {
        ["tileMatrixSets"] = new JsonArray(new JsonObject
        {
            ["id"] = TileMatrixSet.Id, ["title"] = "网络墨卡托 Web Mercator", ["uri"] = TileMatrixSet.Uri, ["crs"] = TileMatrixSet.Crs,
            ["links"] = new JsonArray(Link($"{root}/tileMatrixSets/{TileMatrixSet.Id}", "self", "application/json", "定义 Definition")),
        }),
    };

    public static JsonObject Tilesets(HttpContext http, Tileset tiles) => new()
    {
        ["links"] = new JsonArray(Link($"{http.Root()}{tiles.Below}/tiles{http.Request.QueryString}", "self", "application/json", tiles.Title)),
        ["tilesets"] = new JsonArray(new JsonObject
        {
            ["title"] = tiles.Title, ["dataType"] = "vector", ["crs"] = TileMatrixSet.Crs, ["tileMatrixSetURI"] = TileMatrixSet.Uri,
            ["links"] = new JsonArray(Link($"{http.Root()}{tiles.Below}/tiles/{TileMatrixSet.Id}{http.Request.QueryString}", "self", "application/json", tiles.Title), Scheme(http)),
        }),
    };

    public static async Task<JsonObject> OfTileset(HttpContext http, NpgsqlDataSource db, Tileset tiles)
    {
        var here = $"{http.Root()}{tiles.Below}/tiles/{TileMatrixSet.Id}";
        var tileset = new JsonObject
        {
            ["title"] = tiles.Title, ["dataType"] = "vector", ["crs"] = TileMatrixSet.Crs, ["tileMatrixSetURI"] = TileMatrixSet.Uri,
            ["attribution"] = Attribution, ["mediaTypes"] = new JsonArray(MediaType),
            ["tileMatrixSetLimits"] = TileMatrixSet.Limits(tiles.MinZoom),
            ["layers"] = new JsonArray([.. tiles.Parts.Select(p => LayerOf(p.Rules))]),
            ["links"] = new JsonArray(Link(here + http.Request.QueryString, "self", "application/json", tiles.Title), Scheme(http),
                new JsonObject { ["href"] = $"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{TilesQuery(http)}", ["rel"] = "item", ["type"] = MediaType, ["title"] = "瓦片 Tiles", ["templated"] = true },
                Link($"{http.Root()}{tiles.Below}/tilejson{TilesQuery(http)}", "alternate", "application/json", "TileJSON")),
        };
        if (await Extent(http, db, tiles) is { } box)
            tileset["boundingBox"] = new JsonObject { ["lowerLeft"] = new JsonArray(box[0], box[1]), ["upperRight"] = new JsonArray(box[2], box[3]), ["crs"] = Crs.Crs84.Uri, ["orderedAxes"] = new JsonArray("Lon", "Lat") };
        return tileset;
    }

    /// <summary>TileJSON 3.0: what MapLibre, QGIS and others read in one go.</summary>
    public static async Task<JsonObject> TileJson(HttpContext http, NpgsqlDataSource db, Tileset tiles)
    {
        var document = new JsonObject
        {
            ["tilejson"] = "3.0.0", ["name"] = tiles.Title, ["attribution"] = Attribution, ["scheme"] = "xyz",
            ["tiles"] = new JsonArray($"{http.Root()}{tiles.Below}/tiles/{TileMatrixSet.Id}/{{z}}/{{y}}/{{x}}{TilesQuery(http)}"),
            ["minzoom"] = tiles.MinZoom, ["maxzoom"] = TileRules.MaxZoom,
            ["vector_layers"] = new JsonArray([.. tiles.Parts.Select(p => new JsonObject
            {
                ["id"] = p.Rules.Layer.Collection, ["description"] = $"{p.Rules.Layer.TitleZh} {p.Rules.Layer.TitleEn}", ["minzoom"] = p.Rules.MinZoom, ["maxzoom"] = TileRules.MaxZoom,
                ["fields"] = new JsonObject(p.Attributes.Select(p.Rules.Layer.Column).Select(c => KeyValuePair.Create(c.Name, (JsonNode?)(c.Type switch { ColumnType.Integer or ColumnType.Number => "Number", ColumnType.Bool => "Boolean", _ => "String" })))),
            })]),
        };
        if (await Extent(http, db, tiles) is { } box)
        {
            document["bounds"] = new JsonArray([.. box.Select(n => JsonValue.Create(n))]);
            document["center"] = new JsonArray((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, Math.Max(9, tiles.MinZoom));
        }
        return document;
    }

    /// <summary>The parameters without those that only a document takes.</summary>
    public static QueryString TilesQuery(HttpContext http) => http.Request.Query.ContainsKey("f") ? QueryString.Create(http.Request.Query.Where(p => p.Key != "f")) : http.Request.QueryString;

    private static JsonObject Scheme(HttpContext http) => Link($"{http.Root()}/tileMatrixSets/{TileMatrixSet.Id}", ToScheme, "application/json", TileMatrixSet.Id);

    private static JsonObject LayerOf(TileRules rules) => new()
    {
        ["id"] = rules.Layer.Collection, ["title"] = $"{rules.Layer.TitleZh} {rules.Layer.TitleEn}", ["dataType"] = "vector", ["geometryDimension"] = rules.Layer.GeometryType == "Point" ? 0 : 1,
        ["minTileMatrix"] = $"{rules.MinZoom}", ["maxTileMatrix"] = $"{TileRules.MaxZoom}",
        ["propertiesSchema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(rules.Layer.Columns.Where(c => c.Type != ColumnType.Geometry).Select(c => KeyValuePair.Create(c.Name, (JsonNode?)new JsonObject
            {
                ["title"] = $"{c.TitleZh} {c.TitleEn}", ["type"] = c.Type switch { ColumnType.Integer => "integer", ColumnType.Number => "number", ColumnType.Bool => "boolean", _ => "string" },
            }))),
        },
    };

    /// <summary>The box around all that the parameters leave of the layers, gains aside: they lie where the links do.</summary>
    private static async Task<double[]?> Extent(HttpContext http, NpgsqlDataSource db, Tileset tiles)
    {
        double[]? all = null;
        foreach (var query in tiles.Parts.Select(p => p.Rules.Layer == GainLayers.Gains ? p.Query with { Layer = Catalogue.LinkPoints, Filter = null } : p.Query))
            if (await RowReader.Extent(db, query, http.RequestAborted) is { } box)
                all = all is null ? box : [Math.Min(all[0], box[0]), Math.Min(all[1], box[1]), Math.Max(all[2], box[2]), Math.Max(all[3], box[3])];
        return all;
    }
}
