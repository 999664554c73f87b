using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Reach in the shipped register, over HTTP and at the terminal: areas that PostGIS and GDAL read and measure alike, the same numbers in every form, and refusals with the way out.</summary>
[Collection(nameof(ShippedService))]
public sealed class ReachTests(ShippedService service)
{
    private const string Days = "asOf=2026-11-22&knownBy=2026-11-22";
    private static readonly string[] DaysThere = ["--as-of", "2026-11-22", "--known-by", "2026-11-22"];

    private static List<JsonElement> Properties(JsonElement answer) => [.. answer.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties"))];

    [Theory]
    [InlineData("car", "&width=300")]
    [InlineData("transit", "")]
    public async Task Areas_are_valid_and_as_large_as_PostGIS_says_and_places_reached_lie_in_them(string mode, string more)
    {
        var answer = await service.Json($"/reach?from=kunshan-huaqiao&mode={mode}&minutes=60,20,40,40&{Days}{more}");
        Assert.Equal([60, 40, 20], Properties(answer).Select(p => p.GetProperty("minutes").GetInt32()));   // the widest first
        foreach (var feature in answer.GetProperty("features").EnumerateArray())
        {
            var (properties, area) = (feature.GetProperty("properties"), $"ST_GeomFromGeoJSON('{feature.GetProperty("geometry").GetRawText()}')");
            var measured = (await service.Database.Column($"select concat_ws(' ', ST_IsValid(g), GeometryType(g), ST_IsPolygonCCW(g), ST_Area(g::geography) / 1e6, (select string_agg(id, ',' order by id) from place where id <> 'kunshan-huaqiao' and ST_Covers(g, geom))) from {area} g"))[0].Split(' ');
            Assert.Equal(("t", "MULTIPOLYGON", "t"), (measured[0], measured[1], measured[2]));
            var km2 = double.Parse(measured[3], CultureInfo.InvariantCulture);
            Assert.Equal(km2, properties.GetProperty("areaKm2").GetDouble(), 0.001 * km2);
            var places = properties.GetProperty("places").EnumerateArray().ToList();
            Assert.Equal((places.Count, true), (properties.GetProperty("placesReached").GetInt32(), places.Count > 0));
            Assert.Empty(places.Select(p => p.GetProperty("id").GetString()!).Except(measured[4].Split(',')));
            Assert.All(places, p => Assert.InRange(p.GetProperty("minutes").GetDouble(), 0, properties.GetProperty("minutes").GetInt32()));
        }
    }

    [Fact]
    public async Task GDAL_reads_it_from_the_service_and_a_page_shows_it()
    {
        var address = $"{service.Http.BaseAddress}reach?from=kunshan-huaqiao&minutes=15,30&open=honghu-waiqian&{Days}&f=json";
        var said = await Ran.Program("ogrinfo", ["-ro", "-al", "-so", $"GeoJSON:{address}"]);
        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        foreach (var words in new[] { "Geometry: Multi Polygon", "Feature Count: 4", "areaKm2: Real", "minutes: Integer", "asOf: Date", "WGS 84" }) Assert.Contains(words, said.Output, StringComparison.Ordinal);
        var page = await service.Http.Accept(address.Replace("f=json", "f=html", StringComparison.Ordinal), "text/html");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.MediaType));
        foreach (var words in new[] { "data-jietong-map", "data-areas", "花桥镇", "Huaqiao", "honghu-waiqian", "接通／断开后" }) Assert.Contains(words, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_terminal_says_the_same_and_an_opened_link_makes_nothing_slower()
    {
        string[] asked = ["reach", "--from", "kunshan-huaqiao", "--minutes", "20,40", "--open", "honghu-waiqian", "--width", "200", .. DaysThere];
        var rows = (await service.Command([.. asked, "--format", "json"])).Json.EnumerateArray().ToList();
        static string Line(JsonElement p) => $"{p.GetProperty("network")} {p.GetProperty("minutes")} {p.GetProperty("areaKm2")} {p.GetProperty("placesReached")} {Asking.Plain(JsonNode.Parse(p.GetProperty("places").GetRawText()))}";
        var served = Properties(await service.Json($"/reach?from=kunshan-huaqiao&minutes=20,40&open=honghu-waiqian&width=200&{Days}"));
        Assert.Equal(rows.Select(Line).Order(), served.Select(Line).Order());
        var written = Properties((await service.Command([.. asked, "--format", "geojson"])).Json);
        Assert.Equal(served.Select(Line), written.Select(Line));
        foreach (var (before, after) in rows.Take(2).Zip(rows.Skip(2)))
        {
            Assert.Equal(("base", "patched"), (before.GetProperty("network").GetString(), after.GetProperty("network").GetString()));
            Assert.True(after.GetProperty("areaKm2").GetDouble() >= before.GetProperty("areaKm2").GetDouble());
            var now = after.GetProperty("places").EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!, p => p.GetProperty("minutes").GetDouble());
            Assert.All(before.GetProperty("places").EnumerateArray(), p => Assert.True(now[p.GetProperty("id").GetString()!] <= p.GetProperty("minutes").GetDouble()));
        }
        var table = (await service.Command(asked)).Succeeded;
        foreach (var words in new[] { "0–20", "0–40", "花桥镇", "honghu-waiqian", "示意 sketch", "→" }) Assert.Contains(words, table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_day_is_that_of_the_address_and_its_headers_say_so()
    {
        using var dated = await service.Http.GetAsync("/asof/2018-06-29/reach?from=kunshan-huaqiao&minutes=15&f=json");
        Assert.Equal(("2018-06-29", "application/geo+json"), (dated.Headers.GetValues("Jietong-As-Of").Single(), dated.Content.Headers.ContentType!.MediaType));
        var properties = Properties(JsonDocument.Parse(await dated.Content.ReadAsStringAsync()).RootElement)[0];
        Assert.Equal("2018-06-29", properties.GetProperty("asOf").GetString());
        Assert.Equal(dated.Headers.GetValues("Jietong-Data-Version").Single(), properties.GetProperty("dataVersion").GetString());
    }

    [Theory]
    [InlineData("mode=car", "from is missing")]
    [InlineData("from=kunshan-huaqia", "There is no place \"kunshan-huaqia\". Did you mean kunshan-huaqiao")]
    [InlineData("from=121.1", "There is no place \"121.1\"")]
    [InlineData("from=31.3,121.1", "is not a position")]
    [InlineData("from=110,20", "m from 110,20; at most 5000 m are driven to it")]
    [InlineData("from=110,20&mode=transit", "at most 2000 m are walked to it")]
    [InlineData("from=kunshan-huaqiao&mode=horse", "neither car nor transit")]
    [InlineData("from=kunshan-huaqiao&minutes=0", "\"0\" is not a whole number from 1 to 180")]
    [InlineData("from=kunshan-huaqiao&minutes=15,181", "\"181\" is not a whole number from 1 to 180")]
    [InlineData("from=kunshan-huaqiao&minutes=15,", "\"\" is not a whole number")]
    [InlineData("from=kunshan-huaqiao&minutes=1,2,3,4,5,6,7,8,9", "9 bands are asked for, at most 8")]
    [InlineData("from=kunshan-huaqiao&width=5", "from 10 to 2000")]
    [InlineData("from=kunshan-huaqiao&width=100&mode=transit", "width is for mode car")]
    [InlineData("from=kunshan-huaqiao&open=honghu-waiqia", "Did you mean honghu-waiqian?")]
    [InlineData("from=kunshan-huaqiao&close=honghu-waiqian", "not open: --open honghu-waiqian")]
    [InlineData("from=kunshan-huaqiao&close=s1-m11", "carries no car traffic")]
    [InlineData("from=kunshan-huaqiao&open=,", "open names no link")]
    [InlineData("from=kunshan-huaqiao&asOf=2001-01-01", "the first evidence holds from")]
    [InlineData("from=kunshan-huaqiao&speed=5", "The parameter \"speed\" is unknown")]
    public async Task What_is_wrong_is_refused_with_the_way_out(string parameters, string message)
    {
        Assert.Contains(message, await service.Problem($"/reach?{parameters}{(parameters.Contains("asOf", StringComparison.Ordinal) ? "" : "&asOf=2026-11-22")}", 400), StringComparison.Ordinal);
        if (parameters.Contains("speed", StringComparison.Ordinal)) return;
        var result = await service.Command(["reach", .. parameters.StartsWith("from", StringComparison.Ordinal) ? [] : new[] { "--from", " " }, .. parameters.Contains("asOf", StringComparison.Ordinal) ? [] : new[] { "--as-of", "2026-11-22" }, .. Options(parameters)]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Options(string parameters) => parameters.Split('&').Select(p => p.Split('=', 2)).SelectMany(p => new[] { p[0] == "asOf" ? "--as-of" : "--" + p[0], p[1] });
}
