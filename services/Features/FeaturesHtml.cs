using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;

namespace Jietong.Services.Features;

/// <summary>The documents and features of OGC API as pages that a person can browse, made of the same JSON that a program gets.</summary>
internal static class FeaturesHtml
{
    /// <summary>Rows of a page of items.</summary>
    public const int MostRows = 100;
    private const int MostColumns = 9;

    /// <summary>By <c>f</c>, else by what the client says that it likes best.</summary>
    /// <exception cref="InputException">f asks for what there is not.</exception>
    public static bool IsWanted(HttpContext http) => (http.Request.Query.TryGetValue("f", out var form) ? form.ToString() : null) switch
    {
        "html" => true,
        "json" => false,
        null => http.Request.GetTypedHeaders().Accept.OrderByDescending(a => a.Quality ?? 1).Select(a => a.MediaType.ToString()).FirstOrDefault(a => a is "text/html" or "application/xhtml+xml" or "*/*" || a.Contains("json", StringComparison.Ordinal)) is "text/html" or "application/xhtml+xml",
        var other => throw new InputException($"f={other}: there are json and html."),
    };

    public static string Landing(HttpContext http, JsonObject landing) => $"""
        <h1>{Text(landing, "title")}</h1><p>{Text(landing, "description")}</p>{FeaturesMap.OfAll(http)}
        {Links(landing, "data", "preview", "service-doc", "conformance", FeaturesDocuments.CallableFunctions)}
        <h2>某日的全部图层 <span class="en">Everything as of a day</span></h2>
        <p>桌面 GIS 只填地址、不加参数时，把日期写进地址： <span class="en">for desktop GIS, which adds no parameters, the day stands in the address:</span> <a href="/asof/2018-06-29/?f=html"><code>/asof/2018-06-29/</code></a></p>
        <p class="en">{Text(landing, "attribution")}</p>
        """;

    public static string Conformance(HttpContext http, JsonObject document) => $"<h1>符合类 <span class=\"en\">Conformance classes</span></h1><ul>{string.Concat(document["conformsTo"]!.AsArray().Select(c => $"<li><code>{HtmlPage.Text(c!.GetValue<string>())}</code></li>"))}</ul>";

    public static string Collections(HttpContext http, JsonObject document) => "<h1>图层 <span class=\"en\">Layers</span></h1>" + HtmlPage.Table(["图层 Layer", "编号 Id", ""],
        document["collections"]!.AsArray().Select(c => new[] { $"<a href=\"{Address(c!, "self")}?f=html\">{Text(c!, "title")}</a>", $"<code>{Text(c!, "id")}</code>", $"<a href=\"{Address(c!, "items")}?f=html\">要素 features</a>" }));

    public static string Collection(HttpContext http, JsonObject document) => $"""
        <h1>{Text(document, "title")}</h1>{FeaturesMap.Of(http, FeaturesRequest.Collection(document["id"]!.GetValue<string>()), box: Box(document))}
        {Links(document, "items", "describedby", FeaturesDocuments.Queryables, FeaturesDocuments.Sortables, "enclosure")}
        {(document["crs"] is JsonArray all ? $"<h2>坐标系 <span class=\"en\">Reference systems</span></h2>{HtmlPage.Table(["", "crs="], Crs.All.Select(c => new[] { HtmlPage.Both(c.TitleZh, c.TitleEn), $"<code>{(c.Srid == 4326 && c != Crs.All[1] ? "" : "EPSG:")}{c.Code}</code>" }))}" : "")}
        """;

    public static string Schema(HttpContext http, JsonObject document) => $"<h1>{Text(document, "title")}</h1>" + HtmlPage.Table(["属性 Property", "类型 Type", "含义 Meaning"],
        document["properties"]!.AsObject().Select(p => new[] { $"<code>{p.Key}</code>", $"<code>{HtmlPage.Text((p.Value!["format"] ?? p.Value["type"])!.ToJsonString().Trim('"'))}</code>", HtmlPage.Both(p.Value["title"]!.GetValue<string>(), p.Value["description"]!.GetValue<string>()) }));

    public static string Functions(HttpContext http, JsonObject document) => "<h1>过滤函数 <span class=\"en\">Functions of filters</span></h1>" + HtmlPage.Table(["名称 Name", "参数 Arguments", "给出 Returns", ""],
        document["functions"]!.AsArray().Select(f => new[] { $"<code>{Text(f!, "name")}</code>", HtmlPage.Text(string.Join(", ", f!["arguments"]!.AsArray().Select(a => a!["type"]!.ToJsonString()))), HtmlPage.Text(f["returns"]!.ToJsonString()), Text(f, "description") }));

    public static string Api(HttpContext http, JsonObject document) => "<h1>接口 <span class=\"en\">Interface (OpenAPI 3)</span></h1>" + HtmlPage.Table(["地址 Path", "", "参数 Parameters"],
        document["paths"]!.AsObject().Select(p => new[] { $"<code>{HtmlPage.Text(p.Key)}</code>", Text(p.Value!["get"]!, "summary"), HtmlPage.Text(string.Join(", ", p.Value["get"]!["parameters"]!.AsArray().Select(x => x!["name"]?.GetValue<string>() ?? x["$ref"]!.GetValue<string>().Split('/')[^1]))) }));

    /// <summary>A page of features: a map of them, and a table whose first columns fit a screen.</summary>
    public static async Task<string> Items(HttpContext http, Layer layer, Query query, RowReader rows)
    {
        var columns = rows.Columns.Index().Where(c => c.Item.Type is not (ColumnType.Geometry or ColumnType.Json)).Take(query.Select.Count > 0 ? int.MaxValue : MostColumns).ToList();
        var (lines, page, position) = (new List<string[]>(), query.Limit!.Value - 1, (IReadOnlyList<object?>)[]);
        for (var more = await rows.Read(http.RequestAborted); more && lines.Count < page; more = await rows.Read(http.RequestAborted))
        {
            lines.Add([.. columns.Select(c => Cell(http, layer, c.Item, rows.Value(c.Index)))]);
            position = rows.Position;
        }
        var next = rows.IsOnRow ? $" · <a href=\"{HtmlPage.Text(FeaturesPage.Next(http, position))}\">下一页 <span class=\"en\">next page</span></a>" : "";
        return $"""
            <h1>{HtmlPage.Both(layer.TitleZh, layer.TitleEn)}</h1>
            <p>{rows.Total:N0} 个要素中的 {lines.Count:N0} 个 <span class="en">{lines.Count:N0} of {rows.Total:N0} features · {About(rows, query)}</span>{next} · <a href="{HtmlPage.Text(FeaturesPage.With(http, "f", "json"))}">GeoJSON</a></p>
            {FeaturesMap.Of(http, layer)}
            {HtmlPage.Table(columns.Select(c => HtmlPage.Both(c.Item.TitleZh, c.Item.Name)), lines)}
            """;
    }

    private static string About(RowReader rows, Query query) => string.Create(CultureInfo.InvariantCulture, $"{(rows.DependsOnAsOf ? $"基准日 as of {query.AsOf:yyyy-MM-dd} · " : "")}{(rows.DependsOnKnownBy ? $"所知截至 known by {query.KnownBy:yyyy-MM-dd} · " : "")}数据版本 data version {rows.Version}");

    private static string Cell(HttpContext http, Layer layer, Column column, object? value)
    {
        var text = HtmlPage.Text(value switch { null => "", string[] list => string.Join("；", list), DateOnly day => day.ToString("O", CultureInfo.InvariantCulture), bool truth => truth ? "是" : "否", string code => Words.Zh(code), IFormattable n => n.ToString(null, CultureInfo.InvariantCulture), var other => other.ToString() });
        return column.Name == layer.Key ? $"<a href=\"{http.Root()}/collections/{layer.Collection}/items/{Uri.EscapeDataString((string)value!)}?f=html\"><code>{HtmlPage.Text((string?)value)}</code></a>" : text;
    }

    /// <summary>One feature with all that is known of it.</summary>
    public static string Item(HttpContext http, Layer layer, JsonObject feature) => $"""
        <h1>{Text(feature["properties"]!, "nameZh")} <span class="en">{Text(feature["properties"]!, "nameEn")}</span> <code>{HtmlPage.Text(feature["id"]!.ToString())}</code></h1>
        <p><a href="{http.Root()}/collections/{layer.Collection}/items?f=html">{HtmlPage.Both(layer.TitleZh, layer.TitleEn)}</a> · <a href="{HtmlPage.Text(FeaturesPage.With(http, "f", "json"))}">GeoJSON</a></p>
        {(feature["geometry"] is null ? "" : FeaturesMap.Of(http, layer, feature["id"]!.ToString(), FeaturesMap.BoxOf(feature["geometry"])))}
        {HtmlPage.Table(["属性 Property", "值 Value"], layer.Columns.Where(c => feature["properties"]!.AsObject().ContainsKey(c.Name)).Select(c => new[] { HtmlPage.Both(c.TitleZh, c.TitleEn), HtmlPage.Text(feature["properties"]![c.Name] is { } value ? value.GetValueKind() == JsonValueKind.String ? Words.Both(value.GetValue<string>()) : value.ToJsonString(Readable) : "") }))}
        """;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static double[]? Box(JsonObject collection) => collection["extent"]?["spatial"]!["bbox"]![0]!.AsArray().Select(n => n!.GetValue<double>()).ToArray();

    private static string Text(JsonNode node, string member) => HtmlPage.Text(node[member]?.GetValue<string>());

    private static string Address(JsonNode document, string rel) => HtmlPage.Text(document["links"]!.AsArray().First(l => l!["rel"]!.GetValue<string>() == rel)!["href"]!.GetValue<string>());

    /// <summary>Documents lead to their pages; maps, descriptions and files to themselves.</summary>
    private static string Links(JsonNode document, params string[] relations)
    {
        string Of(JsonNode link, string rel) => $"<li><a href=\"{Text(link, "href")}{(rel is "service-doc" or "preview" or "enclosure" ? "" : "?f=html")}\">{Text(link, "title")}</a> <code>{HtmlPage.Text(new Uri(link["href"]!.GetValue<string>()).PathAndQuery)}</code></li>";
        return $"<ul>{string.Concat(from rel in relations from link in document["links"]!.AsArray() where link!["rel"]!.GetValue<string>() == rel && (rel != "items" || link["type"]!.GetValue<string>() != "text/html") select Of(link!, rel))}</ul>";
    }
}
