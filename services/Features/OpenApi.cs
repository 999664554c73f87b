using System.Text.Json.Nodes;
using Jietong.Geodata.Query;

namespace Jietong.Services.Features;

/// <summary>The OpenAPI 3.0 definition of the features interface, made from the catalogue that answers.</summary>
internal static class OpenApi
{
    public const string MediaType = "application/vnd.oai.openapi+json;version=3.0";

    public static JsonObject Document(string root)
    {
        var paths = new JsonObject
        {
            ["/"] = Get("landing", "Landing page 首页", "application/json"),
            ["/conformance"] = Get("conformance", "Conformance classes 符合类", "application/json"),
            ["/collections"] = Get("collections", "Layers 图层", "application/json"),
        };
        foreach (var layer in Catalogue.Collections)
        {
            var title = $"{layer.TitleZh} {layer.TitleEn}";
            paths[$"/collections/{layer.Collection}"] = Get($"{layer.Name}.collection", title, "application/json");
            paths[$"/collections/{layer.Collection}/items"] = Get($"{layer.Name}.items", title, FeaturesEndpoints.GeoJson, FeaturesRequest.Parameters.Select(Parameter));
            paths[$"/collections/{layer.Collection}/items/{{featureId}}"] = Get($"{layer.Name}.item", title, FeaturesEndpoints.GeoJson,
                [In("featureId", "path", Schema("string")), Parameter("asOf"), Parameter("knownBy")]);
        }
        return new()
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "接通 Jietong", ["version"] = typeof(OpenApi).Assembly.GetName().Version!.ToString(3) },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = root }),
            ["paths"] = paths,
        };
    }

    private static JsonObject Get(string id, string summary, string mediaType, IEnumerable<JsonObject>? parameters = null) => new()
    {
        ["get"] = new JsonObject
        {
            ["operationId"] = id,
            ["summary"] = summary,
            ["parameters"] = new JsonArray([.. parameters ?? []]),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = summary, ["content"] = new JsonObject { [mediaType] = new JsonObject() } },
                ["default"] = new JsonObject { ["description"] = "出错 Error", ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject() } },
            },
        },
    };

    private static JsonObject Parameter(string name) => In(name, "query", name switch
    {
        "limit" => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = FeaturesRequest.LargestLimit, ["default"] = FeaturesRequest.DefaultLimit },
        "offset" => new() { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0 },
        "bbox" => new() { ["type"] = "array", ["minItems"] = 4, ["maxItems"] = 6, ["items"] = Schema("number") },
        "asOf" or "knownBy" => new() { ["type"] = "string", ["format"] = "date" },
        "f" => new() { ["type"] = "string", ["enum"] = new JsonArray("json") },
        _ => Schema("string"),
    });

    private static JsonObject In(string name, string place, JsonObject schema)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = schema };
        if (name == "bbox") (parameter["style"], parameter["explode"]) = ("form", false);
        return parameter;
    }

    private static JsonObject Schema(string type) => new() { ["type"] = type };
}
