using System.Text.Json;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>OGC API – Features, as a client walks it, and as GDAL reads it.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesTests(ShippedService service)
{
    private static string Link(JsonElement document, string rel) => document.GetProperty("links").EnumerateArray().First(l => l.GetProperty("rel").GetString() == rel).GetProperty("href").GetString()!;

    [Fact]
    public async Task The_landing_page_leads_everywhere()
    {
        var landing = await service.Json("/");
        Assert.Contains("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", (await service.Json(Link(landing, "conformance"))).GetProperty("conformsTo").EnumerateArray().Select(c => c.GetString()));
        Assert.StartsWith("3.0", (await service.Json(Link(landing, "service-desc"))).GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (var collection in (await service.Json(Link(landing, "data"))).GetProperty("collections").EnumerateArray())
            Assert.Equal(!FeaturesAsking.Imported.Contains(collection.GetProperty("id").GetString()!), (await service.Json(Link(collection, "items"))).GetProperty("numberMatched").GetInt32() > 0);
    }

    [Fact]
    public async Task Following_next_visits_every_feature_once()
    {
        var seen = new List<string>();
        for (var next = "/collections/links/items?limit=7"; next is not null;)
        {
            var page = await service.Json(next);
            Assert.Equal(page.GetProperty("features").GetArrayLength(), page.GetProperty("numberReturned").GetInt32());
            seen.AddRange(page.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()!));
            next = page.GetProperty("links").EnumerateArray().Where(l => l.GetProperty("rel").GetString() == "next").Select(l => l.GetProperty("href").GetString()).FirstOrDefault();
        }
        Assert.Equal(await service.Database.Column("select id from link_as_of() order by id"), seen);
    }

    [Fact]
    public async Task A_box_finds_what_PostGIS_finds()
    {
        var items = await service.Json("/collections/links/items?bbox=121.0,31.2,121.2,31.4");
        Assert.Equal(await service.Database.Column("select id from link_as_of() where point is null or point && ST_MakeEnvelope(121.0, 31.2, 121.2, 31.4, 4326) order by id"),
            items.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()!));
        Assert.Equal(items.GetProperty("numberMatched").GetInt32(), (await service.Json("/collections/links/items?bbox=121.0,31.2,-100,121.2,31.4,100")).GetProperty("numberMatched").GetInt32());
        var throughTheDateLine = await service.Json("/collections/links/items?bbox=121.2,31,121.0,32");
        Assert.DoesNotContain("s1-m11", throughTheDateLine.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("asOf=2018-06-28", "2018-06-28")]
    [InlineData("datetime=2018-06-28", "2018-06-28")]
    [InlineData("datetime=2018-06-27T20:00:00Z", "2018-06-28")]
    [InlineData("datetime=../2018-06-28", "2018-06-28")]
    [InlineData("datetime=2010-01-01/2018-06-28", "2018-06-28")]
    public async Task A_date_gives_the_state_of_that_day(string parameter, string day)
    {
        var features = (await service.Json($"/collections/links/items?{parameter}")).GetProperty("features").EnumerateArray().ToList();
        Assert.Equal(await service.Database.Column($"select id from link_as_of('{day}', '2026-11-22') order by id"), features.Select(f => f.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task One_feature_has_its_own_address_and_each_layer_one_geometry_type()
    {
        Assert.Equal("s1-m11", (await service.Json("/collections/links/items/s1-m11")).GetProperty("id").GetString());
        foreach (var (collection, type) in new[] { ("links", "Point"), ("link-lines", "MultiLineString") })
            Assert.All((await service.Json($"/collections/{collection}/items")).GetProperty("features").EnumerateArray().Select(f => f.GetProperty("geometry")).Where(g => g.ValueKind != JsonValueKind.Null),
                g => Assert.Equal(type, g.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("/collections/nothing", 404)]
    [InlineData("/collections/nothing/items", 404)]
    [InlineData("/collections/links/items/nothing", 404)]
    [InlineData("/nothing", 404)]
    [InlineData("/collections/links/items?nothing=1", 400)]
    [InlineData("/collections/links/items?bbox=1,2,3", 400)]
    [InlineData("/collections/links/items?bbox=1,2,NaN,4", 400)]
    [InlineData("/collections/links/items?bbox=121,32,122,31", 400)]
    [InlineData("/collections/links/items?bbox=121,32,1e308,33", 400)]
    [InlineData("/collections/links/items?limit=0", 400)]
    [InlineData("/collections/links/items?limit=-1", 400)]
    [InlineData("/collections/links/items?offset=x", 400)]
    [InlineData("/collections/links/items?datetime=yesterday", 400)]
    [InlineData("/collections/links/items?datetime=2020-01-01/2019-01-01", 400)]
    [InlineData("/collections/links/items?asOf=2018-02-30", 400)]
    [InlineData("/collections?nothing=1", 400)]
    [InlineData("/collections/sources/items?bbox=garbage", 400)]
    [InlineData("/collections/links/items?datetime=9999-12-31T23:59:59Z", 400)]
    public async Task What_is_wrong_is_a_problem_with_the_right_status(string address, int status)
    {
        var refused = await service.Refused(address);
        Assert.Equal((status, "application/problem+json", status), (refused.Status, refused.MediaType, refused.Body.GetProperty("status").GetInt32()));
        Assert.False(string.IsNullOrWhiteSpace(refused.Body.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task GDAL_lists_and_reads_every_layer()
    {
        var ogrinfo = await Ran.Program("ogrinfo", ["-ro", "-al", $"OAPIF:{service.Http.BaseAddress}"]);
        Assert.Equal((0, ""), (ogrinfo.ExitCode, ogrinfo.Error));   // a warning would be on standard error too; of an empty layer GDAL asks no type
        foreach (var layer in Catalogue.Collections)
        {
            var part = ogrinfo.Output.Split($"Layer name: {layer.Collection}\n")[1].Split("Layer name: ")[0];
            var matched = (await service.Json($"/collections/{layer.Collection}/items?limit=1")).GetProperty("numberMatched").GetInt32();
            Assert.Contains($"Feature Count: {matched}\n", part, StringComparison.Ordinal);
            Assert.Equal(matched, part.Split($"OGRFeature({layer.Collection}):").Length - 1);
            if (layer.GeometryType is not null && matched > 0) Assert.Equal("Geometry: " + layer.GeometryType switch { "Point" => "Point", "LineString" => "Line String", _ => "Multi Line String" }, part.Split('\n').First(l => l.StartsWith("Geometry:", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void The_greeting_says_where_to_look()
    {
        foreach (var place in (string[])["/odata", "/collections", "OAPIF:", "./run links"]) Assert.Contains(place, service.Greeting, StringComparison.Ordinal);
    }
}
