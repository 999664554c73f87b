using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Services.Downloads;
using Jietong.Services.Reach;
using Jietong.Services.Tiles;

namespace Jietong.Services.Features;

/// <summary>The OpenAPI 3.0 definition of features, tiles and downloads, made from the catalogue that answers.</summary>
internal static class OpenApi
{
    public const string MediaType = "application/vnd.oai.openapi+json;version=3.0";

    /// <param name="root">Where the service answers.</param>
    /// <param name="dated">Whether that address names the day, so that no parameter does.</param>
    /// <param name="keyed">Whether reading needs a key.</param>
    public static JsonObject Document(string root, bool dated, bool keyed)
    {
        var paths = new JsonObject
        {
            ["/"] = Get("landing", "首页 Landing page", "application/json", ["f"]),
            ["/conformance"] = Get("conformance", "符合类 Conformance classes", "application/json", ["f"]),
            ["/functions"] = Get("functions", "过滤函数 Functions of filters", "application/json", ["f"]),
            ["/collections"] = Get("collections", "图层 Layers", "application/json", ["f"]),
        };
        foreach (var layer in Catalogue.Collections)
        {
            var (title, here) = ($"{layer.TitleZh} {layer.TitleEn}", $"/collections/{layer.Collection}");
            paths[here] = Get($"{layer.Name}.collection", title, "application/json", ["f"]);
            foreach (var (schema, of) in new[] { ("schema", "结构 schema"), ("queryables", "可过滤的属性 queryables"), ("sortables", "可排序的属性 sortables") })
                paths[$"{here}/{schema}"] = Get($"{layer.Name}.{schema}", $"{title} · {of}", FeaturesSchema.MediaType, ["f"]);
            paths[$"{here}/items"] = Get($"{layer.Name}.items", title, FeaturesEndpoints.GeoJson, FeaturesRequest.Choosing.Concat(FeaturesRequest.OfItems), FeaturesRequest.Queryables(layer));
            paths[$"{here}/items/{{featureId}}"] = Get($"{layer.Name}.item", title, FeaturesEndpoints.GeoJson, FeaturesRequest.OfItem.Prepend("featureId"));
            paths[$"{here}/download"] = Get($"{layer.Name}.download", $"{title} · 下载 as a file", "application/octet-stream", FeaturesRequest.Choosing.Concat(["crs", "encoding"]), [.. FeaturesRequest.Queryables(layer)],
                In("f", "query", "格式 Format", Choice(null, DownloadFormat.Of(layer).Select(f => f.Name)), required: true));
            if (TileRules.All.Any(r => r.Layer == layer)) AddTiles(paths, here, layer.Name, title, FeaturesRequest.Choosing.Append("properties"), FeaturesRequest.Queryables(layer));
        }
        AddTiles(paths, "", "dataset", "全部图层 all layers", FeaturesRequest.Choosing.Concat(["properties", "collections"]), []);
        paths["/tileMatrixSets"] = Get("tileMatrixSets", "瓦片矩阵集 Tile matrix sets", "application/json", ["f"]);
        paths["/tileMatrixSets/{tileMatrixSetId}"] = Get("tileMatrixSet", "瓦片矩阵集 A tile matrix set", "application/json", ["tileMatrixSetId", "f"]);
        paths["/reach"] = Get("reach", "等时圈 Where one gets to within so many minutes", FeaturesEndpoints.GeoJson, ReachEndpoint.Parameters);
        var document = new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "接通 Jietong", ["version"] = typeof(OpenApi).Assembly.GetName().Version!.ToString(3) },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = root }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["parameters"] = new JsonObject(FeaturesRequest.Choosing.Concat(FeaturesRequest.OfItems).Concat(["featureId", "encoding", "collections", "tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"]).Union(ReachEndpoint.Parameters).Select(name => KeyValuePair.Create(name, (JsonNode?)Parameter(name)))) },
        };
        if (dated)
            foreach (var (_, path) in paths) path!["get"]!["parameters"]!.AsArray().RemoveAll(p => p!["$ref"]?.GetValue<string>() is "#/components/parameters/asOf" or "#/components/parameters/datetime");
        if (keyed)
        {
            document["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() });
            document["components"]!["securitySchemes"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "jt_…", ["description"] = "读取要钥匙 Reading needs a key" } };
        }
        return document;
    }

    /// <summary>The tilesets of a collection, or of all, and their tiles.</summary>
    private static void AddTiles(JsonObject paths, string below, string id, string title, IEnumerable<string> choosing, IEnumerable<Column> queryables)
    {
        string[] tile = ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"];
        paths[$"{below}/tiles"] = Get($"{id}.tilesets", $"{title} · 瓦片集 tilesets", "application/json", choosing.Append("f"), queryables);
        paths[$"{below}/tiles/{{tileMatrixSetId}}"] = Get($"{id}.tileset", $"{title} · 瓦片集 tileset", "application/json", choosing.Prepend(tile[0]).Append("f"), queryables);
        paths[$"{below}/tiles/{{{string.Join("}/{", tile)}}}"] = Get($"{id}.tile", $"{title} · 矢量瓦片 vector tile", TilesDocuments.MediaType, tile.Concat(choosing), queryables);
        paths[$"{below}/tilejson"] = Get($"{id}.tilejson", $"{title} · TileJSON", "application/json", choosing.Append("f"), queryables);
    }

    private static JsonObject Get(string id, string summary, string mediaType, IEnumerable<string> parameters, IEnumerable<Column>? queryables = null, JsonObject? own = null) => new()
    {
        ["get"] = new JsonObject
        {
            ["operationId"] = id,
            ["summary"] = summary,
            ["parameters"] = new JsonArray([.. parameters.Distinct().Select(name => new JsonObject { ["$ref"] = $"#/components/parameters/{name}" }), .. (queryables ?? []).Select(Queryable), .. own is null ? [] : new[] { own }]),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = summary, ["content"] = Content(mediaType) },
                ["default"] = new JsonObject { ["description"] = "出错 Error", ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } },
            },
        },
    };

    private static JsonObject Content(string mediaType) => mediaType.Contains("json", StringComparison.Ordinal)
        ? new() { [mediaType] = new JsonObject { ["schema"] = Schema("object") }, ["text/html"] = new JsonObject { ["schema"] = Schema("string") } } : new() { [mediaType] = new JsonObject { ["schema"] = Schema("string", "binary") } };

    /// <summary>A property as a parameter: all features in which it has that value.</summary>
    private static JsonObject Queryable(Column column) => In(column.Name, "query", $"{column.TitleZh} {column.TitleEn}", Schema(column.Type switch { ColumnType.Integer => "integer", ColumnType.Number => "number", ColumnType.Bool => "boolean", _ => "string" },
        column.Type switch { ColumnType.Date => "date", ColumnType.Timestamp => "date-time", _ => null }));

    private static JsonObject Parameter(string name) => name switch
    {
        "featureId" => In(name, "path", "要素编号 The feature's key", Schema("string")),
        "tileMatrixSetId" => In(name, "path", "瓦片矩阵集 The tile matrix set", Choice(null, [TileMatrixSet.Id])),
        "tileMatrix" or "tileRow" or "tileCol" => In(name, "path", name == "tileMatrix" ? "级别 The zoom" : name == "tileRow" ? "行，自北 The row, from the north" : "列，自西 The column, from the west", Schema("integer")),
        "collections" => In(name, "query", "要哪些图层 Which layers are wanted", List()),
        "encoding" => In(name, "query", "文字编码（shp、dxf） Encoding of texts (shp, dxf)", Choice(null, ["utf-8", "gbk"])),
        "limit" => In(name, "query", "每页要素数 Features of a page", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = FeaturesRequest.LargestLimit, ["default"] = FeaturesRequest.DefaultLimit }),
        "offset" => In(name, "query", "略过的要素数；翻页请随链接 next Features to skip; pages follow by the link next", new() { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0 }),
        "after" => In(name, "query", "上一页之后；由链接 next 给出 Behind the page before; the link next gives it", Schema("string")),
        "bbox" => In(name, "query", "范围：下角，再上角 Lower corner, then upper, in the axis order of bbox-crs", new() { ["type"] = "array", ["minItems"] = 4, ["maxItems"] = 6, ["items"] = Schema("number") }),
        "crs" or "bbox-crs" or "filter-crs" => In(name, "query", name == "crs" ? "回答的坐标系 Reference system of the answer" : $"{name[..^4]} 的坐标系 Reference system of {name[..^4]}", Choice(Crs.Crs84.Uri, Crs.All.Select(c => c.Uri))),
        "datetime" => In(name, "query", "时刻或区间；给出其末日的状态 An instant or interval; the state at its end is given", Schema("string")),
        "asOf" or "knownBy" => In(name, "query", name == "asOf" ? "基准日 As of" : "所知截至 Known by", Schema("string", "date")),
        "filter" => In(name, "query", "CQL2 过滤条件 A filter in CQL2", Schema("string")),
        "filter-lang" => In(name, "query", "过滤语言 Language of the filter", Choice("cql2-text", ["cql2-text", "cql2-json"])),
        "sortby" => In(name, "query", "排序，- 为降序 Order, - going down", List()),
        "properties" => In(name, "query", "要哪些属性 Which properties are wanted", List()),
        "from" => In(name, "query", "出发：地点编号，或经度,纬度 From: the id of a place, or longitude,latitude", Schema("string"), required: true),
        "mode" => In(name, "query", "方式 By car or by public transport", Choice("car", Model.Modes.Names)),
        "minutes" => In(name, "query", "各档时限（分），均从 0 起 Ends of the bands, each from 0 on", new() { ["type"] = "array", ["maxItems"] = ReachRequest.MostBands, ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = ReachRequest.MostMinutes } }),
        "open" or "close" => In(name, "query", name == "open" ? "接通的通道 Links to open" : "断开的通道 Links to close", List()),
        "width" => In(name, "query", "道路两侧各多少米（小汽车） By car: metres to each side of a road", new() { ["type"] = "number", ["minimum"] = ReachRequest.LeastWidth, ["maximum"] = ReachRequest.MostWidth, ["default"] = ReachRequest.DefaultWidth }),
        "f" => In(name, "query", "形式 Form", Choice("json", ["json", "html"])),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "a parameter without a description"),
    };

    private static JsonObject In(string name, string place, string description, JsonObject schema, bool required = false)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = description, ["required"] = required || place == "path", ["schema"] = schema };
        if (place == "query") (parameter["style"], parameter["explode"]) = ("form", false);
        return parameter;
    }

    private static JsonObject List() => new() { ["type"] = "array", ["items"] = Schema("string") };

    private static JsonObject Choice(string? otherwise, IEnumerable<string> values)
    {
        var choice = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(v => JsonValue.Create(v))]) };
        if (otherwise is not null) choice["default"] = otherwise;
        return choice;
    }

    private static JsonObject Schema(string type, string? format = null) => format is null ? new() { ["type"] = type } : new() { ["type"] = type, ["format"] = format };
}
