using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;
using static Jietong.Services.Tests.FeaturesAsking;

namespace Jietong.Services.Tests;

/// <summary>What OGC API – Features says of itself is so: links lead where they say, schemas are schemas and hold, and what can be asked by a property's name is found.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesDocumentsTests(ShippedService service)
{
    private const string Schema2020 = "https://json-schema.org/draft/2020-12/schema";
    private static readonly string[] Collections = [.. Catalogue.Collections.Select(l => l.Collection)];

    [Fact]
    public async Task Every_link_of_every_document_leads_to_an_answer_of_the_type_that_it_states()
    {
        string[] documents = ["/", "/functions", "/collections", .. Collections.Select(c => $"/collections/{c}"), "/collections/roads/items?limit=2&sortby=-lengthMetres", "/collections/roads/items/g2-01", "/asof/2018-06-29/"];
        var links = new HashSet<(string Href, string Rel, string Type)>();
        foreach (var document in documents) links.UnionWith(AllLinks(await service.Json(document)));
        Assert.True(links.Count > 190, $"{links.Count}");
        foreach (var (href, rel, type) in links.DistinctBy(l => (l.Href, l.Type)).Where(l => !l.Href.Contains('{', StringComparison.Ordinal)))
        {
            Assert.StartsWith(service.Http.BaseAddress!.ToString(), href, StringComparison.Ordinal);
            using var response = await service.Http.SendAsync(new(rel == "enclosure" ? HttpMethod.Head : HttpMethod.Get, href), HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.IsSuccessStatusCode, $"{rel} {href}: {(int)response.StatusCode}");
            var given = response.Content.Headers.ContentType!;
            Assert.True(given.Equals(MediaTypeHeaderValue.Parse(type)) || given.MediaType == type, $"{rel} {href}: {given}, not {type}");
        }
    }

    [Theory]
    [InlineData("/", "self alternate service-desc service-doc conformance data")]
    [InlineData("/collections", "self alternate")]
    [InlineData("/collections/roads", "self alternate items describedby http://www.opengis.net/def/rel/ogc/1.0/queryables http://www.opengis.net/def/rel/ogc/1.0/sortables")]
    [InlineData("/collections/roads/items?limit=1", "self alternate collection describedby next http://www.opengis.net/def/rel/ogc/1.0/queryables")]
    [InlineData("/collections/roads/items/g2-01", "self alternate collection describedby")]
    public async Task Every_document_has_the_links_that_the_standard_wants(string address, string relations)
    {
        var links = LinksOf(await service.Json(address)).ToList();
        Assert.All(relations.Split(' '), rel => Assert.Contains(rel, links.Select(l => l.Rel)));
        Assert.Equal(new Uri(service.Http.BaseAddress!, address).ToString(), links.Single(l => l.Rel == "self").Href);
        Assert.Equal("text/html", (await service.Http.Accept(links.Single(l => l is { Rel: "alternate", Type: "text/html" }).Href, "*/*")).MediaType);
    }

    [Fact]
    public async Task Each_collection_says_the_same_alone_as_in_the_list_and_its_box_holds_all_its_features()
    {
        var all = await service.Json("/collections");
        Assert.Equal(Collections, all.GetProperty("collections").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        foreach (var listed in all.GetProperty("collections").EnumerateArray())
        {
            var id = listed.GetProperty("id").GetString();
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(listed.GetRawText()), JsonNode.Parse((await service.Json($"/collections/{id}")).GetRawText())), id);
            Assert.Equal("feature", listed.GetProperty("itemType").GetString());
            Assert.Equal(["application/geo+json", "text/html"], LinksOf(listed).Where(l => l.Rel == "items").Select(l => l.Type));
            if (!listed.TryGetProperty("extent", out var extent)) continue;
            var box = string.Join(',', extent.GetProperty("spatial").GetProperty("bbox")[0].EnumerateArray().Select(n => n.GetRawText()));
            Assert.Equal((await service.Json($"/collections/{id}/items?limit=1")).GetProperty("numberMatched").GetInt32(), (await service.Json($"/collections/{id}/items?limit=1&bbox={box}")).GetProperty("numberMatched").GetInt32());
        }
        Assert.Equal("121.5 31.49451 120.89162 30.72432", await service.Database.Scalar<string>("select concat_ws(' ', ST_XMax(e), ST_YMax(e), ST_XMin(e), ST_YMin(e)) from (select ST_Extent(geom) as e from road) x"));
        Assert.Equal([120.89162, 30.72432, 121.5, 31.49451], (await service.Json("/collections/roads")).GetProperty("extent").GetProperty("spatial").GetProperty("bbox")[0].EnumerateArray().Select(n => n.GetDouble()));
    }

    /// <summary>JSON Schemas by a validator that others wrote; what features hold follows them.</summary>
    [Fact]
    public async Task Schemas_are_schemas_and_the_features_follow_them()
    {
        var checks = new JsonArray();
        void Check(JsonElement? schema, JsonElement data) => checks.Add(new JsonObject { ["schema"] = schema is { } s ? JsonNode.Parse(s.GetRawText()) : null, ["data"] = JsonNode.Parse(data.GetRawText()) });
        foreach (var layer in Catalogue.Collections)
        {
            var documents = new Dictionary<string, JsonElement>();
            foreach (var name in (string[])["schema", "queryables", "sortables"])
            {
                var document = documents[name] = await service.Json($"/collections/{layer.Collection}/{name}");
                Assert.Equal((Schema2020, $"{service.Http.BaseAddress}collections/{layer.Collection}/{name}", "object", false),
                    (document.GetProperty("$schema").GetString(), document.GetProperty("$id").GetString(), document.GetProperty("type").GetString(), document.GetProperty("additionalProperties").GetBoolean()));
                Assert.NotEmpty(document.GetProperty("properties").EnumerateObject());
                foreach (var property in document.GetProperty("properties").EnumerateObject())
                    Assert.True(property.Value.TryGetProperty("type", out _) != (property.Value.TryGetProperty("format", out var format) && format.GetString()!.StartsWith("geometry-", StringComparison.Ordinal)), $"{layer.Collection} {property.Name}");
                Check(null, document);
            }
            string[] Names(string document) => [.. documents[document].GetProperty("properties").EnumerateObject().Select(p => p.Name)];
            Assert.Subset(Names("schema").ToHashSet(), Names("queryables").Concat(Names("sortables")).ToHashSet());
            var features = (await service.Json($"/collections/{layer.Collection}/items?limit=100")).GetProperty("features").EnumerateArray().ToList();
            Assert.All(features, f => Assert.Equal(Names("schema").Where(n => n != layer.Geometry?.Name), f.GetProperty("properties").EnumerateObject().Select(p => p.Name)));
            foreach (var feature in features) Check(documents["schema"], feature.GetProperty("properties"));
        }
        Assert.Equal("", await NpmFolder.Spec.Says("validate-json.cjs", checks.ToJsonString()));
    }

    [Theory]
    [InlineData("""[{"schema":null,"data":{"type":"nonsense"}}]""", "must be equal to one of the allowed values")]
    [InlineData("""[{"schema":{"properties":{"day":{"type":"string","format":"date"}}},"data":{"day":"2018-02-30"}}]""", "must match format")]
    public async Task What_follows_no_schema_is_found_out(string checks, string named) => Assert.Contains(named, await NpmFolder.Spec.Says("validate-json.cjs", checks), StringComparison.Ordinal);

    /// <summary>OGC 19-079r2, 7.2: each property that can be asked for by its name gives exactly the features of that value.</summary>
    [Theory]
    [MemberData(nameof(Filterable))]
    public async Task A_property_is_a_parameter_of_its_own(string collection)
    {
        var queryables = (await service.Json($"/collections/{collection}/queryables")).GetProperty("properties").EnumerateObject().Where(p => p.Value.TryGetProperty("type", out var type) && type.ToString() != "array").Select(p => p.Name).Where(n => n is not ("asOf" or "knownBy")).ToList();
        var all = (await service.Json($"/collections/{collection}/items?limit=10000{Asking.Days}")).GetProperty("features").EnumerateArray().ToList();
        Assert.NotEmpty(queryables);
        foreach (var name in queryables)
        {
            JsonElement Value(JsonElement feature) => feature.GetProperty("properties").GetProperty(name);
            var values = all.Select(Value).Where(v => v.ValueKind != JsonValueKind.Null).Select(v => v.ToString()).Distinct().ToList();
            if (values.Count == 0) continue;
            var value = values[values.Count / 2];
            Assert.Equal(all.Where(f => Value(f).ValueKind != JsonValueKind.Null && Value(f).ToString() == value).Select(f => f.GetProperty("id").GetString()),
                await service.Items(collection, $"limit=10000&{name}={Uri.EscapeDataString(value)}{Asking.Days}"));
        }
    }

    public static TheoryData<string> Filterable => [.. new[] { "links", "link-lines", "link-sides", "attestations", "targets", "sources", "places", "roads", "stops", "lines", "design-values", "references" }];

    [Theory]
    [InlineData("links", "broken=maybe")]
    [InlineData("links", "evidenceAgeDays=1.5")]
    [InlineData("links", "evidenceAgeDays=99999999999999999999")]
    [InlineData("links", "lengthMetres=long")]
    [InlineData("links", "lengthMetres=1e999")]
    [InlineData("links", "since=2018-02-30")]
    [InlineData("links", "since=2018")]
    [InlineData("attestations", "recordedAt=yesterday")]
    [InlineData("attestations", "withdrawn=")]
    [InlineData("stops", "seq=")]
    public async Task A_value_of_another_type_is_refused(string collection, string parameter) => Assert.Contains(parameter.Split('=')[0], await service.Problem($"/collections/{collection}/items?{parameter}", 400), StringComparison.Ordinal);
}
