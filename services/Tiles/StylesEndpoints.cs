using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Services.Serve;
using static Jietong.Services.Features.FeaturesDocuments;

namespace Jietong.Services.Tiles;

/// <summary>How the tiles are drawn (MapLibre style 8), and a page that draws them. All that the page needs comes from here: it works where there is no internet.</summary>
internal static class StylesEndpoints
{
    private const string Status = "status", StyleType = "application/vnd.mapbox.style+json", Title = "按状态 By state";

    private sealed record Asset(string MediaType, byte[] Packed)
    {
        public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Packed)[..12]);
    }

    private static readonly FrozenDictionary<string, Asset> Assets = new Dictionary<string, Asset>
    {
        ["maplibre-gl.mjs"] = new("text/javascript;charset=utf-8", Resource("maplibre-gl.mjs.gz")), ["maplibre-gl-worker.mjs"] = new("text/javascript;charset=utf-8", Resource("maplibre-gl-worker.mjs.gz")),
        ["maplibre-gl.css"] = new("text/css;charset=utf-8", Resource("maplibre-gl.css.gz")), ["maplibre-gl.LICENSE.txt"] = new("text/plain;charset=utf-8", TilesEndpoints.Pack(Resource("maplibre-gl.LICENSE.txt"))),
        ["map.js"] = new("text/javascript;charset=utf-8", TilesEndpoints.Pack(Resource("map.js"))), ["map.css"] = new("text/css;charset=utf-8", TilesEndpoints.Pack(Resource("map.css"))),
    }.ToFrozenDictionary();

    public static void MapStyles(this WebApplication app)
    {
        app.MapAnswer("/styles", (HttpContext http) => TilesEndpoints.Write(http, TilesEndpoints.Bare(http, () => List(http.Root()))));
        app.MapAnswer("/styles/{id}", (HttpContext http, string id) => TilesEndpoints.Write(http, Style(http, id), StyleType));
        app.MapAnswer("/map", (HttpContext http) => WriteMap(http));
        app.MapAnswer("/assets/{name}", (HttpContext http, string name) => WriteAsset(http, name));
    }

    private static JsonObject List(string root) => new()
    {
        ["default"] = Status,
        ["styles"] = new JsonArray(new JsonObject
        {
            ["id"] = Status, ["title"] = Title, ["links"] = new JsonArray(Link($"{root}/styles/{Status}", "stylesheet", StyleType, Title), Link($"{root}/map", "preview", "text/html", "地图 Map")),
        }),
        ["links"] = new JsonArray(Link($"{root}/styles", "self", "application/json", "样式 Styles")),
    };

    /// <summary>The style for the collections, features and days that the parameters choose: they go on to the tiles.</summary>
    private static JsonObject Style(HttpContext http, string id)
    {
        if (id != Status) throw new InputException($"There is no style \"{InputException.Short(id, 60)}\"; there is {Status}.", notFound: true);
        var drawn = Tileset.OfAll(http, "f").Parts.Select(p => p.Rules.Layer.Collection).ToList();
        var style = JsonNode.Parse(Resource("status.style.json"))!.AsObject();
        style["sources"]!["jietong"]!["url"] = $"{http.Root()}/tilejson{TilesDocuments.TilesQuery(http)}";
        style["layers"]!.AsArray().RemoveAll(l => l!["source-layer"] is { } layer && !drawn.Contains((string)layer!));
        return style;
    }

    /// <summary>What a page's head and body need to show the map of a collection, or of all.</summary>
    /// <param name="http">The request, whose root and day the map is of.</param>
    /// <param name="collection">Of which collection; null for all.</param>
    /// <param name="filter">In CQL2: which features of it; null for all that the address chooses.</param>
    /// <param name="box">West, south, east and north of the view; null for the style's own.</param>
    /// <param name="areas">Where GeoJSON of areas by minutes is to be had that lie under all else; null for none.</param>
    public static (string Head, string Body) Map(HttpContext http, string? collection = null, string? filter = null, IReadOnlyList<double>? box = null, string? areas = null)
    {
        var root = HtmlPage.Text(http.Root());
        static string Data(string name, string? value) => value is null ? "" : $" data-{name}=\"{HtmlPage.Text(value)}\"";
        return ($"""<link rel="stylesheet" href="{root}/assets/maplibre-gl.css"><link rel="stylesheet" href="{root}/assets/map.css"><script type="module" src="{root}/assets/map.js"></script>""",
            $"<div{Data("jietong-map", http.Root())}{Data("collections", collection)}{Data("filter", filter)}{Data("bounds", box is null ? null : FormattableString.Invariant($"{box[0]},{box[1]},{box[2]},{box[3]}"))}{Data("areas", areas)}{Data("day", http.AsOf()?.ToString("O", CultureInfo.InvariantCulture))}></div>");
    }

    private static Task WriteMap(HttpContext http)
    {
        _ = Tileset.OfAll(http);   // refuses what the tiles would
        http.Response.ContentType = "text/html;charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = HtmlPage.Policy;
        var (head, body) = Map(http);
        return http.Response.WriteAsync($"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>地图 Map · 接通 Jietong</title><link rel="icon" href="data:,">{head}</head><body>{body}</body></html>
            """);
    }

    private static async Task WriteAsset(HttpContext http, string name)
    {
        if (!Assets.TryGetValue(name, out var asset)) throw new InputException($"There is no asset \"{InputException.Short(name, 60)}\".", notFound: true);
        var tag = $"\"{asset.Digest}-{(http.ReadsGzip() ? "gzip" : "plain")}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.Vary = "Accept-Encoding";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        TilesEndpoints.Open(http);
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        http.Response.ContentType = asset.MediaType;
        await http.WritePacked(asset.Packed);
    }

    private static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
