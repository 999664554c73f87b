using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>WFS 2.0 as GDAL and OWSLib read it, held against /items; and that nothing can be written or learned by it that is not in the layers.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class WfsTests(ShippedService service)
{
    private const string Fes = "xmlns:fes=\"http://www.opengis.net/fes/2.0\"";
    private static readonly string[] Layers = ["links", "link-lines", "places", "roads", "stops"];

    /// <summary>Those, and the layers of imports, which are empty here.</summary>
    private static readonly IReadOnlyList<string> AllLayers = [.. Layers.Concat(Geodata.Query.Catalogue.Collections.Where(l => l.GeometryType is not null && FeaturesAsking.Imported.Contains(l.Collection)).Select(l => l.Collection)).Order(StringComparer.Ordinal)];

    private string Address => service.Http.BaseAddress + "wfs";

    private async Task<List<JsonElement>> Placed(string collection, string parameters = "") =>
        [.. (await service.Json($"/collections/{collection}/items?limit=10000{parameters}")).GetProperty("features").EnumerateArray().Where(f => f.GetProperty("geometry").ValueKind != JsonValueKind.Null)];

    private Task<string> Get(string parameters) => service.Http.GetStringAsync("/wfs?service=WFS&version=2.0.0&" + parameters);

    private async Task<(HttpStatusCode Status, string Body)> Post(string body, string type = "text/xml")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/wfs") { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.ExpectContinue = true;   // a body that is too large is refused before it is sent
        using var answer = await service.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task GDAL_lists_and_reads_every_layer_as_items_have_it()
    {
        var listed = await Downloaded.Gdal("ogrinfo", "-ro", "-q", "WFS:" + Address);
        Assert.Equal(AllLayers, Listed().Matches(listed).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
        foreach (var layer in Layers)
        {
            var text = await Downloaded.Gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "WFS:" + Address, layer, "-lco", "COORDINATE_PRECISION=9");
            Downloaded.Same(await Placed(layer), Downloaded.Read(text, "id", []), flipped: false);
        }
    }

    [Fact]
    public async Task GeoJSON_is_the_same_and_its_pages_add_up()
    {
        var seen = new List<string>();
        for (var start = 0; ; start += 30)
        {
            var page = JsonDocument.Parse(await Get($"request=GetFeature&typenames=links&outputformat=geojson&count=30&startindex={start}")).RootElement.GetProperty("features").EnumerateArray().ToList();
            seen.AddRange(page.Select(f => f.GetProperty("properties").GetProperty("id").GetString()!));
            if (page.Count < 30) break;
        }
        Assert.Equal((await Placed("links")).Select(f => f.GetProperty("id").GetString()), seen);
    }

    [Fact]
    public async Task GML_of_EPSG_4326_by_its_urn_has_latitude_first_and_other_systems_are_served()
    {
        var point = (await Placed("links")).Single(f => f.GetProperty("id").GetString() == "s1-m11").GetProperty("geometry").GetProperty("coordinates");
        foreach (var (system, flipped) in new[] { ("urn:ogc:def:crs:EPSG::4326", true), ("urn:ogc:def:crs:EPSG::4549", true), ("urn:ogc:def:crs:EPSG::32651", false) })
        {
            var gml = await Get($"request=GetFeature&typenames=links&srsname={system}&resourceid=links.s1-m11");
            Assert.Contains("http://www.opengis.net/gml/3.2", gml, StringComparison.Ordinal);
            var position = Position().Match(gml).Groups[1].Value.Split(' ').Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var there = await service.Database.Column($"select format('%s %s', ST_X(p), ST_Y(p)) from (select ST_Transform(point, {system[^5..].TrimStart(':')}) p from link_as_of() where id = 's1-m11') t");
            var (x, y) = (double.Parse(there[0].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), double.Parse(there[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(flipped ? y : x, position[0], x > 200 ? 0.01 : 1e-7);
            Assert.Equal(flipped ? x : y, position[1], x > 200 ? 0.01 : 1e-7);
        }
        Assert.Equal(2, point.GetArrayLength());
    }

    [Fact]
    public async Task Filters_find_what_the_database_finds_by_GET_and_by_POST()
    {
        var expected = await service.Database.Scalar<long>("select count(*) from link_as_of() where name_zh like '%公路%' and point is not null");
        var like = $"<fes:Filter {Fes}><fes:PropertyIsLike wildCard=\"*\" singleChar=\".\" escapeChar=\"!\"><fes:ValueReference>nameZh</fes:ValueReference><fes:Literal>*公路*</fes:Literal></fes:PropertyIsLike></fes:Filter>";
        Assert.Contains($"numberMatched=\"{expected}\"", await Get("request=GetFeature&typenames=links&resulttype=hits&filter=" + Uri.EscapeDataString(like)), StringComparison.Ordinal);
        var posted = await Post($"<wfs:GetFeature service=\"WFS\" version=\"2.0.0\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\"><wfs:Query typeNames=\"links\">{like}</wfs:Query></wfs:GetFeature>");
        Assert.Equal((HttpStatusCode.OK, (int)expected), (posted.Status, Member().Count(posted.Body)));
        var inBox = await Placed("links", "&bbox=121.0,31.2,121.2,31.4");
        Assert.Contains($"numberMatched=\"{inBox.Count}\"", await Get("request=GetFeature&typenames=links&resulttype=hits&bbox=31.2,121.0,31.4,121.2,urn:ogc:def:crs:EPSG::4326"), StringComparison.Ordinal);
        Assert.Contains($"numberMatched=\"{(await Placed("links", "&asOf=2018-06-28")).Count}\"", await service.Http.GetStringAsync("/asof/2018-06-28/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames=links&resulttype=hits"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nameZh", "x' or 'a'='a")]
    [InlineData("evidenceAgeDays", "0 or 1=1")]
    [InlineData("nameZh", "x\\' or 1=1 --")]
    public async Task A_value_is_never_more_than_a_value(string column, string value)
    {
        var filter = $"<fes:Filter {Fes}><fes:PropertyIsEqualTo><fes:ValueReference>{column}</fes:ValueReference><fes:Literal>{value}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>";
        using var answer = await service.Http.GetAsync("/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames=links&filter=" + Uri.EscapeDataString(filter));
        Assert.Empty(Member().Matches(await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task OWSLib_reads_capabilities_and_filtered_features()
    {
        var python = $"""
            from owslib.wfs import WebFeatureService
            wfs = WebFeatureService('{Address}', version='2.0.0')
            print(wfs.identification.title, sorted(wfs.contents))
            filter = '<fes:Filter {Fes}><fes:PropertyIsEqualTo><fes:ValueReference>nameZh</fes:ValueReference><fes:Literal>叶新公路—姚杨公路</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>'
            body = wfs.getfeature(typename=[n for n in wfs.contents if n.endswith('link-lines')], filter=filter).read()
            print((body if isinstance(body, str) else body.decode()).count('叶新公路—姚杨公路</'))
            """;
        var output = (await Ran.Program("/usr/bin/python3", ["-c", python])).Succeeded;
        Assert.Equal([$"接通 Jietong [{string.Join(", ", AllLayers.Select(l => $"'jietong:{l}'"))}]", "1"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Nothing_can_be_written()
    {
        var before = await service.Database.Scalar<string>("select content_hash from data_version");
        foreach (var change in new[] { "<wfs:Delete typeName=\"links\"/>", "<wfs:Update typeName=\"links\"><wfs:Property><wfs:ValueReference>nameZh</wfs:ValueReference><wfs:Value>x</wfs:Value></wfs:Property></wfs:Update>" })
        {
            var refused = await Post($"<wfs:Transaction service=\"WFS\" version=\"2.0.0\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\">{change}</wfs:Transaction>");
            Assert.True((int)refused.Status is >= 400 and < 500, refused.Body);
            Assert.Contains("ExceptionReport", refused.Body, StringComparison.Ordinal);
        }
        Assert.Equal(before, await service.Database.Scalar<string>("select content_hash from data_version"));
    }

    [Theory]
    [InlineData("request=GetFeature&typenames=nothing")]
    [InlineData("request=GetFeature&typenames=links&sortby=nothing")]
    [InlineData("request=GetFeature&typenames=links&bbox=a,b,c,d")]
    [InlineData("request=GetFeature&typenames=links&srsname=EPSG:2154")]
    [InlineData("request=GetFeature&typenames=links&filter=%3CFilter%3E%3C")]
    [InlineData("request=GetFeature&typenames=links&filter=%3Cfes:Filter%20xmlns:fes=%22http://www.opengis.net/fes/2.0%22%3E%3Cfes:PropertyIsEqualTo%3E%3Cfes:ValueReference%3Enope%3C/fes:ValueReference%3E%3Cfes:Literal%3E1%3C/fes:Literal%3E%3C/fes:PropertyIsEqualTo%3E%3C/fes:Filter%3E")]
    [InlineData("request=Nothing")]
    public async Task A_mistake_is_reported_without_a_word_on_our_database_or_files(string parameters)
    {
        using var answer = await service.Http.GetAsync("/wfs?service=WFS&version=2.0.0&" + parameters);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{answer.StatusCode}: {body}");
        foreach (var leak in (string[])["/tmp", ".map", $"{new Npgsql.NpgsqlConnectionStringBuilder(service.Database.Address).Port}", "password", "jietong_reader", "from link_as_of", "SELECT", "select "]) Assert.DoesNotContain(leak, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_WFS_does_not_reach_MapServer()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Post("map=/etc/passwd&service=WFS&request=GetCapabilities", "application/x-www-form-urlencoded")).Status);
        Assert.Contains("wfs:WFS_Capabilities", await Get("request=GetCapabilities&map=/etc/passwd&map.layer[links].data=x"), StringComparison.Ordinal);
        var entity = await Post("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><wfs:GetFeature service=\"WFS\" version=\"2.0.0\" xmlns:wfs=\"http://www.opengis.net/wfs/2.0\"><wfs:Query typeNames=\"&x;\"/></wfs:GetFeature>");
        Assert.DoesNotContain("root:", entity.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(new string(' ', 2_000_000))).Status);
    }

    [GeneratedRegex(@"^\d+: jietong:(\S+)", RegexOptions.Multiline)] private static partial Regex Listed();
    [GeneratedRegex("<gml:pos>([^<]+)</gml:pos>")] private static partial Regex Position();
    [GeneratedRegex("<wfs:member>")] private static partial Regex Member();
}
