using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;
using static Jietong.Services.Tests.FeaturesAsking;

namespace Jietong.Services.Tests;

/// <summary>/asof/2018-06-29/ is a service of its own: everything below it is of that day, and nothing in it leads out.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesDaysTests(ShippedService service)
{
    private const string Day = "2018-06-29", Root = $"/asof/{Day}";
    private static readonly string[] Collections = [.. Catalogue.Collections.Select(l => l.Collection)];

    [Fact]
    public async Task Every_link_of_every_document_below_a_day_stays_below_it_and_answers()
    {
        var root = new Uri(service.Http.BaseAddress!, Root + "/").ToString();
        string[] documents = ["/", "/functions", "/collections", .. Collections.Select(c => $"/collections/{c}"), "/collections/links/items?limit=2", "/collections/links/items/s1-m11"];
        var links = new HashSet<(string Href, string Rel, string Type)>();
        foreach (var document in documents) links.UnionWith(AllLinks(await service.Json(Root + document)));
        Assert.All(links, l => Assert.StartsWith(root, l.Href, StringComparison.Ordinal));
        foreach (var (href, rel, _) in links.DistinctBy(l => l.Href).Where(l => l.Rel is not "enclosure" && !l.Href.Contains('{', StringComparison.Ordinal)))
            Assert.True((await service.Http.SendAsync(new(HttpMethod.Get, href), HttpCompletionOption.ResponseHeadersRead)).IsSuccessStatusCode, $"{rel} {href}");
    }

    /// <summary>The documents are those of the plain root, but for the addresses and the day.</summary>
    [Fact]
    public async Task The_documents_are_the_same_below_a_day()
    {
        foreach (var address in (string[])["/conformance", "/functions", "/collections", "/collections/roads/schema", "/collections/roads/queryables", "/collections/links/sortables"])
        {
            var here = JsonNode.Parse((await service.Json(Root + address)).GetRawText().Replace($"{Root}/", "/", StringComparison.Ordinal));
            var plain = JsonNode.Parse((await service.Json(address)).GetRawText());
            foreach (var collection in new[] { here, plain }.SelectMany(d => d!["collections"]?.AsArray() ?? [])) collection!.AsObject().Remove("extent");   // fewer links, a smaller box
            Assert.True(JsonNode.DeepEquals(plain, here), address);
        }
        Assert.Contains(Day, (await service.Json(Root + "/")).GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Equal(new Uri(service.Http.BaseAddress!, Root).ToString(), (await service.Json(Root + "/api")).GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task Every_collection_is_as_of_that_day()
    {
        foreach (var collection in Collections)
        {
            string Features(JsonElement page) => page.GetProperty("features").GetRawText();
            Assert.True(Features(await service.Json($"/collections/{collection}/items?asOf={Day}&limit=500")) == Features(await service.Json($"{Root}/collections/{collection}/items?limit=500")), collection);
        }
        var paged = new List<string>();
        await foreach (var page in service.Pages($"{Root}/collections/links/items?limit=4&sortby=-since&knownBy={Asking.Day}")) paged.AddRange(Ids(page));
        Assert.Equal(await service.Database.Column($"select id from link_as_of('{Day}', '{Asking.Day}') order by since desc nulls last, id"), paged);
        Assert.Equal((await service.Json($"/collections/links/items/s1-m11?asOf={Day}")).GetProperty("properties").GetRawText(), (await service.Json($"{Root}/collections/links/items/s1-m11")).GetProperty("properties").GetRawText());
    }

    [Fact]
    public async Task What_was_known_by_then_may_be_asked_there()
    {
        var known = await service.Items("links", $"asOf={Day}&knownBy={Day}&filter=broken");
        using var below = await service.Http.GetAsync($"{Root}/collections/links/items?knownBy={Day}&filter=broken");
        Assert.Equal(known, Ids(JsonDocument.Parse(await below.Content.ReadAsStringAsync()).RootElement));
        Assert.Equal(await service.Database.Column($"select id from link_as_of('{Day}', '{Day}') where broken order by id"), known);
    }

    [Theory]
    [InlineData("/asof/2018-06-29/collections/links/items?asOf=2018-06-29", 400, "two days")]
    [InlineData("/asof/2018-06-29/collections/links/items?datetime=2018-06-29", 400, "two days")]
    [InlineData("/asof/2018-06-29/collections/links/items/s1-m11?asOf=2020-01-01", 400, "two days")]
    [InlineData("/asof/2018-06-29/?asOf=2018-06-29", 400, "two days")]
    [InlineData("/asof/2018-02-30/", 404, "write a day")]
    [InlineData("/asof/2018/collections", 404, "write a day")]
    [InlineData("/asof/yesterday/collections/links/items", 404, "write a day")]
    [InlineData("/asof/", 404, "write a day")]
    [InlineData("/asof", 404, "write a day")]
    [InlineData("/asof/2018-06-29/odata/Links", 404, "OData")]
    [InlineData("/asof/2018-06-29/nothing", 404, "not served")]
    [InlineData("/asof/2018-06-29/asof/2019-01-01/collections", 404, "not served")]
    [InlineData("/asof/2018-06-29/collections/nothing/items", 404, "nothing")]
    public async Task A_day_that_is_none_and_a_day_too_many_are_refused(string address, int status, string says) =>
        Assert.Contains(says, await service.Problem(address, status), StringComparison.Ordinal);

    /// <summary>What the definition of the interface lists below a day is taken there: neither asOf nor datetime.</summary>
    [Fact]
    public async Task The_definition_below_a_day_leaves_out_what_the_address_says()
    {
        var definition = await service.Json(Root + "/api");
        var listed = definition.GetProperty("paths").GetProperty("/collections/links/items").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.TryGetProperty("$ref", out var reference) ? reference.GetString()!.Split('/')[^1] : p.GetProperty("name").GetString()).ToList();
        Assert.Contains("knownBy", listed);
        Assert.DoesNotContain("asOf", listed);
        Assert.DoesNotContain("datetime", listed);
        Assert.Equal("", await NpmFolder.Spec.Says("validate-json.cjs", new JsonArray(new JsonObject { ["schema"] = "openapi-3.0", ["data"] = JsonNode.Parse(definition.GetRawText()) }).ToJsonString()));
    }

    [Fact]
    public async Task A_page_below_a_day_leads_to_pages_of_that_day()
    {
        foreach (var address in (string[])["/", "/collections", "/collections/links", "/collections/links/items", "/collections/links/items/s1-m11"])
        {
            var (_, type, page) = await service.Http.Accept(Root + address, FeaturesHtmlTests.Browser);
            Assert.Equal("text/html", type);
            var leads = FeaturesHtmlTests.Addresses(page).Select(a => new Uri(service.Http.BaseAddress!, a).AbsolutePath).ToList();
            Assert.Contains($"{Root}/collections", leads);
            Assert.All(leads.Where(l => l.StartsWith("/collections", StringComparison.Ordinal)), l => Assert.Fail($"{address} leads to {l}"));
        }
        Assert.Contains($"as of {Day}", (await service.Http.Accept(Root + "/collections/links/items", FeaturesHtmlTests.Browser)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GDAL_reads_a_day_by_its_address_alone()
    {
        var said = await Downloaded.Gdal("ogrinfo", "-ro", "-al", "-so", $"OAPIF:{service.Http.BaseAddress}asof/{Day}/");
        foreach (var (layer, rows) in new[] { ("links", $"link_as_of('{Day}')"), ("link-lines", $"link_as_of('{Day}') where GeometryType(geom) = 'MULTILINESTRING'"), ("roads", "road"), ("targets", $"target_as_of('{Day}')"), ("link-sides", $"link_side_as_of('{Day}')") })
            Assert.Contains($"Feature Count: {await service.Database.Scalar<long>($"select count(*) from {rows}")}\n", said.Split($"Layer name: {layer}\n")[1].Split("Layer name: ")[0], StringComparison.Ordinal);
        Assert.NotEqual(await service.Database.Scalar<long>("select count(*) from link_as_of()"), await service.Database.Scalar<long>($"select count(*) from link_as_of('{Day}')"));
    }
}
