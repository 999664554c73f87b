using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Services.Downloads;
using Jietong.Services.Serve;
using Jietong.Services.Tiles;
using Npgsql;

namespace Jietong.Services.Features;

/// <summary>What OGC API – Features says of itself: landing page, conformance, collections, and the links of its answers.</summary>
internal static class FeaturesDocuments
{
    public const string Queryables = Relations + "queryables", Sortables = Relations + "sortables", CallableFunctions = Relations + "functions";
    private const string Relations = "http://www.opengis.net/def/rel/ogc/1.0/";
    private const string Json = "application/json", Html = "text/html";

    /// <summary>Each is shown by a test: docs/ogc-conformance.md says by which.</summary>
    private static readonly string[] Classes =
    [
        .. new[] { "core", "oas30", "html", "geojson" }.Select(c => $"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{c}"),
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        .. new[] { "queryables", "queryables-query-parameters", "filter", "features-filter" }.Select(c => $"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{c}"),
        .. Cql2Filter.Conformance.Select(c => $"http://www.opengis.net/spec/cql2/1.0/conf/{c}"),
        .. TilesDocuments.Conformance,
    ];

    public static JsonObject Link(string href, string rel, string type, string title) => new() { ["href"] = href, ["rel"] = rel, ["type"] = type, ["title"] = title };

    public static JsonObject Landing(string root, DateOnly? asOf) => new()
    {
        ["title"] = asOf is { } day ? $"接通 Jietong · {day:yyyy-MM-dd}" : "接通 Jietong",
        ["description"] = "上海省界未接通道路、轨道与公交登记，每条附证据。 Missing links along the Shanghai border, each with its evidence."
            + (asOf is { } d ? $" 此地址下一切以 {d:yyyy-MM-dd} 为基准日。 Everything below this address is as of {d:yyyy-MM-dd}." : ""),
        ["attribution"] = "部分位置读自 OpenStreetMap 与 GeoNames。 Positions partly read from © OpenStreetMap contributors (ODbL) and GeoNames (CC BY 4.0).",
        ["links"] = new JsonArray(
            Link(root + "/", "self", Json, "本页 This document"), Link(root + "/?f=html", "alternate", Html, "网页 As a page"),
            Link(root + "/api", "service-desc", OpenApi.MediaType, "接口定义 API definition"), Link(root + "/api?f=html", "service-doc", Html, "接口说明 API documentation"),
            Link(root + "/conformance", "conformance", Json, "符合类 Conformance classes"),
            Link(root + "/collections", "data", Json, "图层 Layers"),
            Link(root + "/functions", CallableFunctions, Json, "过滤函数 Functions of filters"),
            Link(root + "/wfs?service=WFS&request=GetCapabilities", "related", "text/xml", "WFS 2.0"))
        .With(TilesDocuments.LinksTo(root)),
    };

    private static JsonArray With(this JsonArray links, IEnumerable<JsonObject> others)
    {
        foreach (var link in others) links.Add(link);
        return links;
    }

    public static JsonObject Conformance() => new() { ["title"] = "符合类 Conformance classes", ["conformsTo"] = new JsonArray([.. Classes.Select(c => JsonValue.Create(c))]) };

    /// <summary>The functions that a filter may call (OGC 19-079r2, 6.4).</summary>
    public static JsonObject Functions(string root) => new()
    {
        ["title"] = "过滤函数 Functions of filters",
        ["functions"] = new JsonArray([.. Cql2Filter.Functions.Select(f => new JsonObject
        {
            ["name"] = f.Name,
            ["description"] = $"{f.TitleZh} {f.TitleEn}",
            ["arguments"] = new JsonArray([.. f.Arguments.Select(types => new JsonObject { ["type"] = Names(types) })]),
            ["returns"] = Names(f.Returns),
        })]),
        ["links"] = new JsonArray(Link(root + "/functions", "self", Json, "本页 This document"), Link(root + "/functions?f=html", "alternate", Html, "网页 As a page")),
    };

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => JsonValue.Create(n))]);

    public static async Task<JsonObject> Collections(NpgsqlDataSource db, HttpContext http)
    {
        var (root, collections) = (http.Root(), new JsonArray());
        foreach (var layer in Catalogue.Collections) collections.Add(await Collection(db, layer, http));
        return new()
        {
            ["title"] = "图层 Layers",
            ["links"] = new JsonArray(Link(root + "/collections", "self", Json, "图层 Layers"), Link(root + "/collections?f=html", "alternate", Html, "网页 As a page")),
            ["crs"] = new JsonArray([.. Crs.All.Select(c => JsonValue.Create(c.Uri))]),
            ["collections"] = collections,
        };
    }

    public static async Task<JsonObject> Collection(NpgsqlDataSource db, Layer layer, HttpContext http)
    {
        var (here, title) = ($"{http.Root()}/collections/{layer.Collection}", $"{layer.TitleZh} {layer.TitleEn}");
        var collection = new JsonObject
        {
            ["id"] = layer.Collection,
            ["title"] = title,
            ["itemType"] = "feature",
            ["links"] = new JsonArray(
                Link(here, "self", Json, title), Link(here + "?f=html", "alternate", Html, title),
                Link(here + "/items", "items", FeaturesEndpoints.GeoJson, title), Link(here + "/items?f=html", "items", Html, title),
                Link(here + "/schema", "describedby", FeaturesSchema.MediaType, "结构 Schema"),
                Link(here + "/queryables", Queryables, FeaturesSchema.MediaType, "可过滤的属性 Queryables"),
                Link(here + "/sortables", Sortables, FeaturesSchema.MediaType, "可排序的属性 Sortables"))
            .With(TilesDocuments.LinksTo(http.Root(), layer))
            .With(DownloadFormat.Of(layer).Select(f => Link($"{here}/download?f={f.Name}", "enclosure", f.MediaType.Split(';')[0], $"下载 Download {f.Ending}"))),
        };
        if (layer.Geometry is null) return collection;
        collection["crs"] = new JsonArray([.. Crs.All.Select(c => JsonValue.Create(c.Uri))]);
        collection["storageCrs"] = Crs.Crs84.Uri;
        var query = new Query(layer) { AsOf = http.AsOf() ?? Days.Today };
        if (await RowReader.Extent(db, query, http.RequestAborted) is { } box)
            collection["extent"] = new JsonObject { ["spatial"] = new JsonObject { ["bbox"] = new JsonArray(new JsonArray([.. box.Select(n => JsonValue.Create(n))])), ["crs"] = Crs.Crs84.Uri } };
        return collection;
    }

    /// <summary>The links of a page of items.</summary>
    public static IEnumerable<JsonObject> ItemsLinks(HttpContext http, Layer layer, string? next)
    {
        var collection = $"{http.Root()}/collections/{layer.Collection}";
        yield return Link($"{collection}/items{http.Request.QueryString}", "self", FeaturesEndpoints.GeoJson, layer.TitleEn);
        yield return Link(FeaturesPage.With(http, "f", "html"), "alternate", Html, "网页 As a page");
        yield return Link(collection, "collection", Json, layer.TitleEn);
        yield return Link($"{collection}/schema", "describedby", FeaturesSchema.MediaType, "结构 Schema");
        yield return Link($"{collection}/queryables", Queryables, FeaturesSchema.MediaType, "可过滤的属性 Queryables");
        if (next is not null) yield return Link(next, "next", FeaturesEndpoints.GeoJson, "下一页 Next page");
    }

    public static IEnumerable<JsonObject> ItemLinks(HttpContext http, Layer layer)
    {
        var collection = $"{http.Root()}/collections/{layer.Collection}";
        yield return Link($"{http.Root()}{http.Request.Path.ToUriComponent()}{http.Request.QueryString}", "self", FeaturesEndpoints.GeoJson, layer.TitleEn);
        yield return Link(FeaturesPage.With(http, "f", "html"), "alternate", Html, "网页 As a page");
        yield return Link(collection, "collection", Json, layer.TitleEn);
        yield return Link($"{collection}/schema", "describedby", FeaturesSchema.MediaType, "结构 Schema");
    }
}
