using System.Diagnostics;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Whatever stands in an address is answered, or refused soon, by the name of what is wrong and with the way out; afterwards the service is as quick as before.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesBadInputTests(ShippedService service)
{
    private const string Web = "http://www.opengis.net/def/crs/EPSG/0/3857";

    /// <summary>What stands in an address of items, and what the refusal names.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "limit=0", "limit" }, { "limit=-1", "limit" }, { "limit=1.5", "limit" }, { "limit=1e3", "limit" }, { "limit=+5", "limit" }, { "limit=0x10", "limit" }, { "limit=99999999999999999999", "limit" }, { "limit=", "limit" }, { "limit=%EF%BC%95", "limit" },
        { "limit=5&limit=5", "limit" }, { "bbox=121,31,122,32&bbox=121,31,122,32", "bbox" }, { "filter=true&filter=true", "filter" }, { "kind=road&kind=rail", "kind" }, { "asOf=2018-06-29&asOf=2018-06-29", "asOf" },
        { "Limit=5", "Limit" }, { "BBOX=121,31,122,32", "BBOX" }, { "offset=-1", "offset" }, { "offset=1.5", "offset" }, { "offset=", "offset" }, { "offset=3000000000", "offset" }, { "startindex=10", "startindex" }, { "$filter=true", "$filter" }, { "%00=1", "unknown" }, { "nothing", "nothing" }, { "geometry=x", "geometry" }, { "references=x", "references" }, { "grades=GOV", "grades" },
        { "bbox=", "bbox" }, { "bbox=121", "bbox" }, { "bbox=121,31,122", "bbox" }, { "bbox=121,31,122,32,33", "bbox" }, { "bbox=121,31,122,32,33,34,35", "bbox" }, { "bbox=a,b,c,d", "bbox" }, { "bbox=121,31,,32", "bbox" }, { "bbox=121;31;122;32", "bbox" },
        { "bbox=Infinity,31,122,32", "bbox" }, { "bbox=121,31,122,1e999", "bbox" }, { "bbox=121,32,122,31", "bbox" }, { "bbox=121,31,181,32", "bbox" }, { "bbox=-500,-91,500,91", "bbox" }, { "bbox=121,31,122,32&bbox-crs=EPSG:9999999", "bbox-crs" },
        { "bbox=121,31,122,32&bbox-crs=", "bbox-crs" }, { "bbox-crs=" + Web, "bbox" }, { $"bbox=1e300,1e300,2e300,2e300&bbox-crs={Web}", "bbox" }, { "crs=", "crs" }, { "crs=EPSG:27700", "crs" }, { "crs=" + new string('x', 5000), "crs" },
        { "asOf=", "asOf" }, { "asOf=yesterday", "asOf" }, { "asOf=2018-02-30", "asOf" }, { "asOf=10000-01-01", "asOf" }, { "asOf=9999-12-31", "asOf" }, { "asOf=0000-01-01", "asOf" }, { "knownBy=2018-13-01", "knownBy" }, { "asOf=2018-06-29&datetime=2018-06-29", "datetime" },
        { "datetime=", "datetime" }, { "datetime=/", "datetime" }, { "datetime=../..", "datetime" }, { "datetime=2018-01-01/2019-01-01/2020-01-01", "datetime" }, { "datetime=2019-01-01/2018-01-01", "datetime" }, { "datetime=2018-06-29T25:00:00Z", "datetime" }, { "datetime=now", "datetime" },
        { "sortby=", "sortby" }, { "sortby=nothing", "sortby" }, { "sortby=geometry", "sortby" }, { "sortby=otherNames", "sortby" }, { "sortby=references", "sortby" }, { "sortby=id desc", "sortby" }, { "sortby=--id", "sortby" }, { "sortby=id,,kind", "sortby" },
        { "properties=nothing", "nothing" }, { "properties=id;kind", "id;kind" }, { "f=xml", "xml" }, { "f=geojson", "geojson" }, { "after=x", "after" }, { "after=", "after" }, { "filter-lang=cql2-text", "filter" }, { "filter-crs=" + Web, "filter" },
        { "filter=", "CQL2" }, { "filter=%20", "CQL2" }, { "filter=kind", "CQL2" }, { "filter=kind = ", "CQL2" }, { "filter=kind = 'road", "CQL2" }, { "filter=(kind = 'road'", "CQL2" }, { "filter=kind = 5", "CQL2" }, { "filter=nothing = 5", "nothing" }, { "filter=nothing(kind)", "nothing" },
        { "filter=kind = 'a\0'", "CQL2" }, { "filter=true&filter-lang=CQL2-TEXT", "filter-lang" }, { "filter=true&filter-lang=", "filter-lang" }, { "filter={}&filter-lang=cql2-json", "CQL2" }, { "filter=[&filter-lang=cql2-json", "CQL2" }, { "filter=null&filter-lang=cql2-json", "CQL2" },
        { "filter=S_INTERSECTS(geometry, POINT(500 500))", "CQL2" }, { "filter=S_INTERSECTS(geometry, POLYGON((0 0,1 1)))", "CQL2" }, { "filter=S_NEAR(geometry, POINT(1 1))", "S_NEAR" }, { "filter=lengthMetres / 0 > 1", "division by zero" },
        { "since=soon", "since" }, { "broken=1", "broken" }, { "evidenceAgeDays=many", "evidenceAgeDays" }, { "lengthMetres=1,5", "lengthMetres" }, { "evidenceAgeDays=1e400", "evidenceAgeDays" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_refused_by_its_name(string parameters, string named)
    {
        var address = "/collections/links/items?" + string.Join('&', parameters.Split('&').Select(p => p.Split('=', 2)).Select(p => p.Length == 1 ? p[0] : $"{p[0]}={(p[1].Contains('%', StringComparison.Ordinal) ? p[1] : Uri.EscapeDataString(p[1]))}"));
        Assert.Contains(named, await service.Problem(address, 400), StringComparison.Ordinal);
    }

    /// <summary>What is odd and right: large limits, heights, blanks, all of the earth, the far past and future, and texts that look like SQL or HTML.</summary>
    [Theory]
    [InlineData("limit=1000000000", 90)]
    [InlineData("limit=2147483647", 90)]
    [InlineData("offset=2147483647", 90)]
    [InlineData("bbox=-180,-90,180,90", 90)]
    [InlineData("bbox=-180,-90,-1e9,180,90,1e9", 90)]
    [InlineData("bbox= 121 , 31 , 122 , 32 ", null)]
    [InlineData("bbox=121.09976,31.3006,121.09976,31.3006", null)]
    [InlineData("bbox=1.21e2,31,122,32", null)]
    [InlineData("asOf=1900-01-01", 0)]
    [InlineData("asOf=9998-12-31", 90)]
    [InlineData("knownBy=1900-01-01", 0)]
    [InlineData("nameZh='; drop table link; --", 0)]
    [InlineData("nameZh=<script>", 0)]
    [InlineData("kind=", 0)]
    [InlineData("filter=nameZh LIKE '%''%' OR nameZh LIKE '%;--%'", 0)]
    [InlineData("properties=", 90)]
    [InlineData("properties=id,id,kind", 90)]
    [InlineData("sortby=id,id,-id", 90)]
    public async Task What_is_odd_but_right_is_answered(string parameter, int? matched)
    {
        var answer = await service.Json($"/collections/links/items?{parameter.Split('=', 2)[0]}={Uri.EscapeDataString(parameter.Split('=', 2)[1])}{(parameter.StartsWith("asOf", StringComparison.Ordinal) ? "" : parameter.StartsWith("knownBy", StringComparison.Ordinal) ? "" : Asking.Days)}");
        if (matched is { } number) Assert.Equal(number, answer.GetProperty("numberMatched").GetInt32());
        Assert.InRange(answer.GetProperty("numberReturned").GetInt32(), 0, 90);
    }

    [Theory]
    [InlineData(121.2, 121.0)]
    [InlineData(170, -170)]
    [InlineData(121.3, -180)]
    [InlineData(180, 121.1)]
    public async Task A_box_may_cross_the_antimeridian(double west, double east)
    {
        var box = FormattableString.Invariant($"{west},30,{east},32");
        Assert.Equal(await service.Database.Column(FormattableString.Invariant($"select id from stop where longitude is null or latitude between 30 and 32 and (longitude >= {west} or longitude <= {east}) order by id")), await service.Items("stops", $"bbox={box}&limit=10000"));
        Assert.Equal(await service.Database.Column(FormattableString.Invariant($"select id from stop where latitude between 30 and 32 and (longitude >= {west} or longitude <= {east}) order by id")), await service.Items("stops", $"filter={Uri.EscapeDataString($"S_INTERSECTS(geometry, BBOX({box}))")}&limit=10000"));
    }

    /// <summary>As large as an address may be, and larger; as deep as JSON goes.</summary>
    public static TheoryData<string, string, int> Huge => new()
    {
        { "a long text", "filter=" + Uri.EscapeDataString($"nameZh = '{new string('x', 60_000)}'"), 200 },
        { "many alternatives", "filter=" + Uri.EscapeDataString(string.Join(" OR ", Enumerable.Repeat("broken", 3000))), 400 },
        { "a long list", "filter=" + Uri.EscapeDataString($"evidenceAgeDays IN ({string.Join(',', Enumerable.Range(0, 9_000))})"), 200 },
        { "a longer list", "filter=" + Uri.EscapeDataString($"evidenceAgeDays IN ({string.Join(',', Enumerable.Repeat("1", 12_000))})"), 400 },
        { "brackets", "filter=" + new string('(', 40_000) + "broken" + new string(')', 20_000), 400 },
        { "negations", "filter=" + string.Concat(Enumerable.Repeat("NOT%20", 9_000)) + "broken", 400 },
        { "lists in lists", "filter-lang=cql2-json&filter=" + new string('[', 60_000), 400 },
        { "operations in operations", "filter-lang=cql2-json&filter=" + string.Concat(Enumerable.Repeat("{\"op\":\"not\",\"args\":[", 1_500)).Replace("\"", "%22", StringComparison.Ordinal), 400 },
        { "a fine polygon", "filter=" + Uri.EscapeDataString($"S_INTERSECTS(geometry, LINESTRING({string.Join(',', Enumerable.Range(0, 5_500).Select(i => $"{i % 9} 1"))}))"), 400 },
        { "digits", "filter=evidenceAgeDays%20=%20" + new string('9', 50_000), 400 },
        { "a power of powers", "filter=" + Uri.EscapeDataString("2 ^ 9999 ^ 9999 > 1"), 400 },
        { "many sort keys", "sortby=" + string.Join(',', Enumerable.Repeat("-id", 8_000)), 400 },
        { "many properties", "properties=" + string.Join(',', Enumerable.Repeat("id", 8_000)), 200 },
        { "many parameters", string.Join('&', Enumerable.Range(0, 5_000).Select(i => $"p{i}=1")), 400 },
        { "a value of a property", "nameZh=" + new string('x', 60_000), 200 },
    };

    [Theory]
    [MemberData(nameof(Huge))]
    public async Task What_is_huge_is_refused_or_answered_soon(string about, string parameters, int status)
    {
        var watch = Stopwatch.StartNew();
        var address = "/collections/links/items?" + parameters;
        if (status == 400) await service.Problem(address, 400);
        else
        {
            using var response = await service.Http.GetAsync(address);
            Assert.True((int)response.StatusCode == status, $"{about}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
        Assert.True(watch.Elapsed < Asking.Quick, $"{about}: {watch.Elapsed}");
        var after = Stopwatch.StartNew();
        Assert.Equal(1, (await service.Json("/collections/links/items?id=s1-m11")).GetProperty("numberMatched").GetInt32());
        Assert.True(after.Elapsed < TimeSpan.FromSeconds(3), $"{about}: afterwards {after.Elapsed}");
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_414()
    {
        Assert.StartsWith("HTTP/1.1 414", await service.Raw($"GET /collections/links/items?filter-lang=cql2-json&filter={new string('[', 100_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(1, (await service.Json("/collections/links/items?id=s1-m11")).GetProperty("numberMatched").GetInt32());
    }

    [Theory]
    [InlineData("/collections/links/items/s1-m11?limit=1", 400)]
    [InlineData("/collections/links/items/s1-m11?bbox=121,31,122,32", 400)]
    [InlineData("/collections/links/items/s1-m11?datetime=2018-06-29", 400)]
    [InlineData("/collections/links/items/s1-m11?crs=EPSG:1", 400)]
    [InlineData("/collections/links/items/s1-m11?properties=nothing", 400)]
    [InlineData("/collections/links/items/S1-M11", 404)]
    [InlineData("/collections/links/items/%20", 404)]
    [InlineData("/collections/links/items/'%20or%20true--", 404)]
    [InlineData("/collections/links/items/s1-m11/more", 404)]
    [InlineData("/collections/Links/items", 404)]
    [InlineData("/collections/..%2f..%2fetc", 404)]
    [InlineData("/collections//items", 404)]
    [InlineData("/collections/links/nothing", 404)]
    [InlineData("/conformance?x=1", 400)]
    [InlineData("/api?f=yaml", 400)]
    [InlineData("/functions?f=html&f=html", 400)]
    public async Task Other_addresses_are_refused_likewise(string address, int status) => await service.Problem(address, status);

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Nothing_is_written_here(string method)
    {
        foreach (var address in (string[])["/", "/collections", "/collections/links/items", "/collections/links/items/s1-m11"])
        {
            using var request = new HttpRequestMessage(new(method), address) { Content = new StringContent("{}", null, "application/geo+json") };
            using var response = await service.Http.SendAsync(request);
            Assert.Equal(405, (int)response.StatusCode);
            Assert.Contains("GET", response.Content.Headers.Allow);
        }
    }
}
