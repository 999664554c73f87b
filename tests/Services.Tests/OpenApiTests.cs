using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The OpenAPI definition: valid by OpenAPI's own schema, and neither more nor less than what is answered.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class OpenApiTests(ShippedService service)
{
    private sealed record Parameter(string Name, string In, JsonElement Whole)
    {
        public string Type => Whole.GetProperty("schema").GetProperty("type").GetString()!;
    }

    private async Task<JsonElement> Definition() => await service.Json("/api");

    private static List<Parameter> ParametersOf(JsonElement definition, JsonElement path) => [.. path.GetProperty("get").GetProperty("parameters").EnumerateArray()
        .Select(p => p.TryGetProperty("$ref", out var reference) ? definition.GetProperty("components").GetProperty("parameters").GetProperty(reference.GetString()!.Split('/')[^1]) : p)
        .Select(p => new Parameter(p.GetProperty("name").GetString()!, p.GetProperty("in").GetString()!, p))];

    private static string Check(JsonNode definition) => new JsonArray(new JsonObject { ["schema"] = "openapi-3.0", ["data"] = definition }).ToJsonString();

    [Fact]
    public async Task It_follows_the_schema_of_OpenAPI_and_comes_as_what_it_is()
    {
        Assert.Equal("", await NpmFolder.Spec.Says("validate-json.cjs", Check(JsonNode.Parse((await Definition()).GetRawText())!)));
        using var response = await service.Http.GetAsync("/api");
        Assert.Equal("application/vnd.oai.openapi+json;version=3.0", response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal));
        var spoilt = JsonNode.Parse((await Definition()).GetRawText())!;
        spoilt["paths"]!["/conformance"]!["get"]!.AsObject().Remove("responses");
        Assert.Contains("/paths/~1conformance", await NpmFolder.Spec.Says("validate-json.cjs", Check(spoilt)), StringComparison.Ordinal);
        var operations = (await Definition()).GetProperty("paths").EnumerateObject().Select(p => p.Value.GetProperty("get").GetProperty("operationId").GetString()).ToList();
        Assert.Equal(operations.Count, operations.Distinct().Count());
    }

    /// <summary>Parameters as OGC 17-069r4 and 18-058r1 define them, fragment by fragment.</summary>
    [Theory]
    [InlineData("bbox", "array")]
    [InlineData("limit", "integer")]
    [InlineData("datetime", "string")]
    [InlineData("crs", "string")]
    [InlineData("bbox-crs", "string")]
    [InlineData("filter", "string")]
    [InlineData("filter-lang", "string")]
    [InlineData("filter-crs", "string")]
    public async Task The_parameters_of_the_standard_are_defined_as_it_has_them(string name, string type)
    {
        var parameter = (await Definition()).GetProperty("components").GetProperty("parameters").GetProperty(name);
        Assert.Equal(("query", false, type, "form", false), (parameter.GetProperty("in").GetString(), parameter.GetProperty("required").GetBoolean(), parameter.GetProperty("schema").GetProperty("type").GetString(),
            parameter.GetProperty("style").GetString(), parameter.GetProperty("explode").GetBoolean()));
        if (name == "bbox") Assert.Equal((4, 6, "number"), (parameter.GetProperty("schema").GetProperty("minItems").GetInt32(), parameter.GetProperty("schema").GetProperty("maxItems").GetInt32(), parameter.GetProperty("schema").GetProperty("items").GetProperty("type").GetString()));
        if (name == "filter-lang") Assert.Equal("cql2-text", parameter.GetProperty("schema").GetProperty("default").GetString());
    }

    private static readonly Dictionary<string, string> Samples = new()
    {
        ["bbox"] = "121,31,122,32", ["bbox-crs"] = "http://www.opengis.net/def/crs/OGC/1.3/CRS84", ["crs"] = "http://www.opengis.net/def/crs/EPSG/0/4490", ["filter-crs"] = "http://www.opengis.net/def/crs/EPSG/0/4490", ["filter"] = "true", ["filter-lang"] = "cql2-text",
        ["datetime"] = $"../{Asking.Day}", ["asOf"] = Asking.Day, ["knownBy"] = Asking.Day, ["limit"] = "3", ["f"] = "json",
        ["from"] = "kunshan-huaqiao", ["minutes"] = "30,15", ["open"] = "honghu-waiqian", ["close"] = "jindian-songze", ["width"] = "100",
    };

    private static readonly Dictionary<string, string> Tile = new() { ["tileMatrixSetId"] = "WebMercatorQuad", ["tileMatrix"] = "10", ["tileRow"] = "418", ["tileCol"] = "856" };

    private static string Sample(Parameter parameter, string path) => parameter.Whole.GetProperty("schema").TryGetProperty("enum", out var choices) && choices.EnumerateArray().Select(c => c.GetString()!).ToList() is var named ? named.FirstOrDefault(c => c == "shp" || Samples.GetValueOrDefault(parameter.Name) == c, named[0])
        : Samples.TryGetValue(parameter.Name, out var value) ? value : parameter.Type switch
    {
        "array" => parameter.Name == "collections" ? "roads,links" : Catalogue.Collections.FirstOrDefault(l => path.StartsWith($"/collections/{l.Collection}/", StringComparison.Ordinal))?.Key ?? "id",
        "boolean" => "true", "integer" => "1", "number" => "1.5",
        _ => parameter.Whole.GetProperty("schema").TryGetProperty("format", out var format) ? format.GetString() == "date" ? "2018-06-29" : "2018-06-29T00:00:00Z" : "x",
    };

    [Fact]
    public async Task Every_path_and_parameter_in_it_is_answered()
    {
        var definition = await Definition();
        var paths = definition.GetProperty("paths").EnumerateObject().ToList();
        Assert.True(paths.Count > 150, $"{paths.Count}");
        foreach (var path in paths)
        {
            if (path.Name.Contains("/{tileMatrix}/", StringComparison.Ordinal) && FeaturesAsking.Imported.Contains(path.Name.Split('/')[2])) continue;   // their tiles begin further down
            var (parameters, address) = (ParametersOf(definition, path.Value).Where(p => p.Name != "after").ToList(), path.Name);
            foreach (var (name, value) in Tile) address = address.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            if (address.Contains('{', StringComparison.Ordinal))
            {
                if (FeaturesAsking.Imported.Contains(address.Split('/')[2])) continue;
                address = address.Replace("{featureId}", Uri.EscapeDataString((await service.Items(address.Split('/')[2], "limit=1"))[0]), StringComparison.Ordinal);
            }
            var isFile = address.EndsWith("/download", StringComparison.Ordinal);
            var query = parameters.Where(p => p.In == "query" && (p.Name != "encoding" || Catalogue.Collections.First(l => l.Collection == path.Name.Split('/')[2]).Geometry is not null)).ToList();   // tables come in UTF-8 alone
            foreach (var left in query.Any(p => p.Name == "datetime") ? (string[])["asOf", "datetime"] : [""])   // both name the day
            {
                var asked = string.Join('&', query.Where(p => p.Name != left).Select(p => $"{p.Name}={Uri.EscapeDataString(Sample(p, path.Name))}"));
                using var response = await service.Http.SendAsync(new(isFile ? HttpMethod.Head : HttpMethod.Get, $"{address}?{asked}"));
                Assert.True(response.IsSuccessStatusCode, $"{address}?{asked}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                if (!isFile && response.Content.Headers.ContentType is { } type) Assert.Contains(type.MediaType!, path.Value.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(c => c.Name.Split(';')[0]));
            }
        }
    }

    [Fact]
    public async Task Every_parameter_that_is_answered_is_in_it_and_others_are_refused()
    {
        var definition = await Definition();
        foreach (var path in definition.GetProperty("paths").EnumerateObject().Where(p => !p.Name.StartsWith("/tile", StringComparison.Ordinal)))   // a tile of all layers takes what each of them takes
        {
            var address = Tile.Append(new("featureId", "x")).Aggregate(path.Name, (name, p) => name.Replace($"{{{p.Key}}}", p.Value, StringComparison.Ordinal));
            var refusal = await service.Problem(address + "?nothing=1", 400);
            var listed = ParametersOf(definition, path.Value).Where(p => p.In == "query").Select(p => p.Name).Order(StringComparer.Ordinal);
            var known = Known().Match(refusal) is { Success: true } match ? match.Groups[1].Value.Split(", ") : ["f"];
            Assert.Equal(known.Order(StringComparer.Ordinal), listed);
        }
    }

    [GeneratedRegex("Known are (.*)\\.$")] private static partial Regex Known();
}
