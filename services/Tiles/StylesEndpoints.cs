using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Services.Serve;
using static Jietong.Services.Features.FeaturesDocuments;

namespace Jietong.Services.Tiles;

/// <summary>How the tiles are drawn (MapLibre style 8), and a page that draws them. All that the page needs comes from here: it works where there is no internet.</summary>
internal static class StylesEndpoints
{
    private const string Status = "status", StyleType = "application/vnd.mapbox.style+json", Title = "按状态 By state";

    private static readonly FrozenDictionary<string, (string MediaType, byte[] Packed)> Assets = new Dictionary<string, (string, byte[])>
    {
        ["maplibre-gl.mjs"] = ("text/javascript;charset=utf-8", Resource("maplibre-gl.mjs.gz")), ["maplibre-gl-worker.mjs"] = ("text/javascript;charset=utf-8", Resource("maplibre-gl-worker.mjs.gz")),
        ["maplibre-gl.css"] = ("text/css;charset=utf-8", Resource("maplibre-gl.css.gz")), ["maplibre-gl.LICENSE.txt"] = ("text/plain;charset=utf-8", TilesEndpoints.Pack(Resource("maplibre-gl.LICENSE.txt"))),
        ["map.js"] = ("text/javascript;charset=utf-8", TilesEndpoints.Pack(Resource("map.js"))), ["map.css"] = ("text/css;charset=utf-8", TilesEndpoints.Pack(Resource("map.css"))),
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
        if (id != Status) throw new InputException($"There is no style \"{(id.Length > 60 ? id[..60] + "…" : id)}\"; there is {Status}.", notFound: true);
        var drawn = Tileset.OfAll(http, "f").Parts.Select(p => p.Rules.Layer.Collection).ToList();
        var style = JsonNode.Parse(Resource("status.style.json"))!.AsObject();
        style["sources"]!["jietong"]!["url"] = $"{http.Root()}/tilejson{TilesDocuments.TilesQuery(http)}";
        style["layers"]!.AsArray().RemoveAll(l => l!["source-layer"] is { } layer && !drawn.Contains((string)layer!));
        return style;
    }

    /// <summary>What a page's head and body need to show the map of a collection, or of all.</summary>
    /// <param name="http">The request, whose root and day the map is of.</param>
    /// <param name="collection">Of which collection; null for all.</param>
    public static (string Head, string Body) Map(HttpContext http, string? collection = null)
    {
        string H(string text) => HtmlEncoder.Default.Encode(text);
        var root = H(http.Root());
        return ($"""<link rel="stylesheet" href="{root}/assets/maplibre-gl.css"><link rel="stylesheet" href="{root}/assets/map.css"><script type="module" src="{root}/assets/map.js"></script>""",
            $"""<div data-jietong-map="{root}"{(collection is null ? "" : $" data-collections=\"{H(collection)}\"")}{(http.AsOf() is { } day ? $" data-day=\"{day:yyyy-MM-dd}\"" : "")}></div>""");
    }

    /// <summary>What a page with a map must be allowed (Content-Security-Policy).</summary>
    public const string MapPolicy = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:";

    private static Task WriteMap(HttpContext http)
    {
        _ = Tileset.OfAll(http);   // refuses what the tiles would
        http.Response.ContentType = "text/html;charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = MapPolicy;
        var (head, body) = Map(http);
        return http.Response.WriteAsync($"""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>地图 Map · 接通 Jietong</title><link rel="icon" href="data:,">{head}</head><body>{body}</body></html>
            """);
    }

    private static async Task WriteAsset(HttpContext http, string name)
    {
        if (!Assets.TryGetValue(name, out var asset)) throw new InputException($"There is no asset \"{(name.Length > 60 ? name[..60] + "…" : name)}\".", notFound: true);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(asset.Packed)[..12])}-{(http.ReadsGzip() ? "gzip" : "plain")}\"";
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
