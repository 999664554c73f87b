using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Services.Features;

/// <summary>What OGC API – Features says of itself: landing page, conformance, collections.</summary>
internal static class FeaturesDocuments
{
    private const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    public static JsonObject Link(string href, string rel, string type, string title) => new() { ["href"] = href, ["rel"] = rel, ["type"] = type, ["title"] = title };

    public static JsonObject Landing(string root) => new()
    {
        ["title"] = "接通 Jietong",
        ["description"] = "上海省界未接通道路、轨道与公交登记，每条附证据。 Missing links along the Shanghai border, each with its evidence.",
        ["attribution"] = "部分位置读自 OpenStreetMap 与 GeoNames。 Positions partly read from © OpenStreetMap contributors (ODbL) and GeoNames (CC BY 4.0).",
        ["links"] = new JsonArray(
            Link(root + "/", "self", "application/json", "本页 This document"),
            Link(root + "/api", "service-desc", OpenApi.MediaType, "接口定义 API definition"),
            Link(root + "/conformance", "conformance", "application/json", "符合类 Conformance classes"),
            Link(root + "/collections", "data", "application/json", "图层 Layers"),
            Link(root + "/odata", "alternate", "application/json", "OData")),
    };

    public static JsonObject Conformance() => new()
    {
        ["conformsTo"] = new JsonArray("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson"),
    };

    public static async Task<JsonObject> Collections(NpgsqlDataSource db, string root, CancellationToken cancel)
    {
        var collections = new JsonArray();
        foreach (var layer in Catalogue.Collections) collections.Add(await Collection(db, layer, root, cancel));
        return new() { ["links"] = new JsonArray(Link(root + "/collections", "self", "application/json", "图层 Layers")), ["collections"] = collections };
    }

    public static async Task<JsonObject> Collection(NpgsqlDataSource db, Layer layer, string root, CancellationToken cancel)
    {
        var here = $"{root}/collections/{layer.Collection}";
        var collection = new JsonObject
        {
            ["id"] = layer.Collection,
            ["title"] = $"{layer.TitleZh} {layer.TitleEn}",
            ["itemType"] = "feature",
            ["crs"] = new JsonArray(Crs84),
            ["links"] = new JsonArray(Link(here, "self", "application/json", layer.TitleEn), Link(here + "/items", "items", FeaturesEndpoints.GeoJson, layer.TitleEn)),
        };
        if (layer.Geometry is not null && await RowReader.Extent(db, new Query(layer), cancel) is { } box)
            collection["extent"] = new JsonObject { ["spatial"] = new JsonObject { ["bbox"] = new JsonArray(new JsonArray([.. box.Select(n => JsonValue.Create(n))])), ["crs"] = Crs84 } };
        return collection;
    }
}
