using System.Diagnostics;
using System.Text.Json;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>What nobody should send: each is refused quickly and plainly, tells nothing of what is inside, and harms nobody who asks afterwards.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataBadInputTests(ShippedService service)
{
    private async Task<double> Median()
    {
        var times = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var watch = Stopwatch.StartNew();
            await service.Http.GetStringAsync("/odata/Links?$top=5&$select=id");
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return times.Order().ElementAt(3);
    }

    private const string PointOf = "geo.distance(geometry,geography'SRID=4326;{0}') gt 1", AreaOf = "geo.intersects(geometry,geography'SRID=4326;{0}')";

    [Theory]
    [InlineData(AreaOf, "POLYGON((121 31,122 31,122 32))")]                    // not closed
    [InlineData(AreaOf, "POLYGON((121 31,122 31))")]
    [InlineData(AreaOf, "POLYGON(121 31,122 31,122 32,121 31)")]
    [InlineData(AreaOf, "POLYGON((1e308 31,122 31,122 32,1e308 31))")]
    [InlineData(AreaOf, "POLYGON((200 31,122 31,122 32,200 31))")]
    [InlineData(AreaOf, "MULTIPOLYGON(((121 31,122 31,122 32,121 31))")]
    [InlineData(PointOf, "POINT(NaN 31)")]
    [InlineData(PointOf, "POINT(Infinity 31)")]
    [InlineData(PointOf, "POINT(1e308 31)")]
    [InlineData(PointOf, "POINT(181 31)")]
    [InlineData(PointOf, "POINT(31.3 121.1)")]                                  // latitude first
    [InlineData(PointOf, "POINT(121)")]
    [InlineData(PointOf, "POINT(121 31")]
    [InlineData(PointOf, "POINT 121 31")]
    [InlineData(PointOf, "LINESTRING(121 31)")]
    [InlineData(PointOf, "FULLGLOBE")]
    [InlineData(PointOf, "CIRCULARSTRING(0 0,1 1,2 0)")]
    [InlineData(PointOf, "nothing")]
    [InlineData(PointOf, "")]
    [InlineData("geo.distance(geometry,geography'SRID=3857;POINT(1 2)') gt 1", "")]
    [InlineData("geo.distance(geometry,geography'SRID=999999999999;POINT(1 2)') gt 1", "")]
    [InlineData("geo.distance(geometry,geography'SRID=;POINT(1 2)') gt 1", "")]
    [InlineData("geo.distance(geometry,geometry'SRID=0;POINT(1 2)') gt 1", "")]
    [InlineData("jietong.area(jietong.buffer(geometry,NaN)) gt 1", "")]
    [InlineData("jietong.area(jietong.buffer(geometry,INF)) gt 1", "")]
    [InlineData("jietong.area(jietong.buffer(geometry,1e308)) gt 1", "")]
    [InlineData("jietong.area(jietong.buffer(geometry,'x')) gt 1", "")]
    public async Task A_geometry_that_is_none_is_refused(string filter, string wkt) => (await service.Send("Roads?$filter=" + Uri.EscapeDataString(filter.Replace("{0}", wkt, StringComparison.Ordinal)))).Refusal(400);

    /// <summary>Odd but valid: PostGIS has an answer, or says why not; and an empty geometry meets nothing.</summary>
    [Theory]
    [InlineData(AreaOf, "POLYGON((121 31,122 32,122 31,121 32,121 31))")]                                 // crosses itself
    [InlineData(AreaOf, "POLYGON((121 31,121 31,121 31,121 31))")]
    [InlineData(AreaOf, "POLYGON((179 30,-179 30,-179 32,179 32,179 30))")]                               // over the antimeridian
    [InlineData(AreaOf, "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))")]
    [InlineData(AreaOf, "POLYGON((121 31,122 31,122 32,121 31),(130 31.1,131 31.1,131 31.2,130 31.1))")]   // a hole outside
    [InlineData(AreaOf, "GEOMETRYCOLLECTION(POINT(121 31))")]
    [InlineData(PointOf, "POINT(-0 -0)")]
    [InlineData(PointOf, "LINESTRING(179 31,-179 31)")]
    [InlineData("geo.distance(geometry,geography'SRID=4326;POINT(121 31)') lt -0", "")]
    [InlineData("geo.distance(geometry,geography'SRID=4326;POINT(121 31)') lt NaN", "")]
    [InlineData("geo.distance(geometry,geography'SRID=4326;POINT(121 31)') lt 1e308", "")]
    [InlineData("lengthMetres lt INF", "")]
    public async Task An_odd_geometry_or_number_is_answered_or_refused(string filter, string wkt)
    {
        var answer = await service.Send("Roads?$select=id&$filter=" + Uri.EscapeDataString(filter.Replace("{0}", wkt, StringComparison.Ordinal)));
        if (answer.Status != 200) answer.Refusal(400);
    }

    [Theory]
    [InlineData("POINT EMPTY")]
    [InlineData("LINESTRING EMPTY")]
    [InlineData("POLYGON EMPTY")]
    [InlineData("MULTIPOINT EMPTY")]
    [InlineData("GEOMETRYCOLLECTION EMPTY")]
    public async Task An_empty_geometry_meets_nothing(string wkt) => Assert.Empty((await service.Send("Roads?$filter=" + Uri.EscapeDataString($"geo.intersects(geometry,geography'SRID=4326;{wkt}') or geo.distance(geometry,geography'SRID=4326;{wkt}') lt 1e9"))).Body.GetProperty("value").EnumerateArray());

    private static string Many(int times, Func<int, string> part, string separator = "") => string.Join(separator, Enumerable.Range(0, times).Select(part));

    private static string Round(int vertices) => AreaOf.Replace("{0}", $"POLYGON(({Many(vertices - 1, i => FormattableString.Invariant($"{121 + i * 1e-6:0.######} {31 + i % 7 * 0.01:0.##}"), ",")},121 31))", StringComparison.Ordinal);

    public static TheoryData<string, string, int> Large => new()
    {
        { "5,000 vertices", "Roads?$filter=" + Round(5_000), 200 }, { "6,000 vertices", "Roads?$filter=" + Round(6_000), 400 }, { "30,000 vertices", "Roads?$filter=" + Round(30_000), 400 },
        { "3,000 in a list", $"Links?$filter=id in ({Many(3_000, i => $"'x{i}'", ",")})", 200 }, { "10,000 brackets", $"Links?$filter={new string('(', 10_000)}true{new string(')', 10_000)}", 400 }, { "10,000 open brackets", $"Links?$filter={new string('(', 10_000)}", 400 },
        { "3,000 or", $"Links?$filter={Many(3_000, _ => "kind eq 'a'", " or ")}", 400 }, { "10,000 not", $"Links?$filter={Many(10_000, _ => "not ")}true", 400 }, { "3,000 calls", $"Links?$filter={Many(3_000, _ => "concat(")}'a'{Many(3_000, _ => ",'b')")} eq 'x'", 400 },
        { "3,000 keys", $"Links?$orderby={Many(3_000, _ => "nameZh", ",")}", 400 }, { "3,000 aliases", $"Links?$compute={Many(3_000, i => $"1 as a{i}", ",")}", 400 }, { "3,000 steps", $"Links?$apply={Many(3_000, _ => "identity", "/")}", 400 }, { "2,000 levels", $"Links?$expand={Many(2_000, _ => "Source($expand=Attestations($expand=")}", 400 },
        { "300 relations", $"Links?$expand={Many(300, _ => "Sides", ",")}", 400 }, { "5,000 bracketed words", $"Links?$search={new string('(', 5_000)}a{new string(')', 5_000)}", 400 }, { "40,000 characters", $"Links?$filter=contains(nameZh,'{new string('长', 40_000)}')", 200 },
        { "a dear pattern", $"Links?$filter=matchesPattern(id,'{Many(20, _ => "(a*)*")}b')", 200 }, { "a huge pattern", "Links?$filter=matchesPattern(id,'(((((a{1,100}){1,100}){1,100}){1,100})')", 400 }, { "names of names", "Links?$compute=concat(id,id) as a0" + Many(30, i => $",concat(a{i},a{i}) as a{i + 1}"), 400 },
    };

    [Theory]
    [MemberData(nameof(Large))]
    public async Task What_is_too_large_is_refused_by_its_limit_and_hinders_nobody(string what, string address, int status)
    {
        var before = await Median();
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, o) : ("", "");
        var answer = await service.Send($"{path}?$top=1&$select={(options.StartsWith("$apply", StringComparison.Ordinal) || options.StartsWith("$compute", StringComparison.Ordinal) ? "*" : "id")}&{options.Split('=', 2)[0]}={Uri.EscapeDataString(options.Split('=', 2)[1])}");
        if (status != 200) answer.Refusal(status);
        else Assert.True(answer.Status == 200, $"{what}: {answer.Body}");
        var after = await Median();
        Assert.True(after < before * 5 + 250, $"{what}: {before} ms before, {after} ms after");
    }

    [Theory]
    [InlineData("$top=-1")]
    [InlineData("$top=99999999999")]
    [InlineData("$top=1.5")]
    [InlineData("$top=１")]
    [InlineData("$top=")]
    [InlineData("$skip=-1")]
    [InlineData("$skip=1e3")]
    [InlineData("$count=TRUE")]
    [InlineData("AsOf=2019-01-01")]
    [InlineData("$asOf=2019-01-01")]
    [InlineData("nothing=1")]
    [InlineData("$filter=true&$filter=true")]
    [InlineData("$filter=true&filter=true")]
    [InlineData("asOf=2019-01-01&asOf=2019-01-01")]
    [InlineData("@a=1&@a=2")]
    [InlineData("$skiptoken=")]
    [InlineData("$skiptoken=AAAA")]
    [InlineData("$skiptoken=W10")]
    [InlineData("$filter=1")]
    [InlineData("$orderby=nameZh asc desc")]
    [InlineData("$orderby=Sides")]
    [InlineData("$search=")]
    public async Task An_option_that_is_none_is_refused(string options) => (await service.Send(Encoded("Links?" + options))).Refusal(400);

    [Fact]
    public async Task Nothing_orders_by_a_constant()
    {
        foreach (var order in new[] { "null", "5", "'x'", "@a" }) Assert.Equal("apm-kunshan-shanghai", (await service.Send($"Links?$top=1&$select=id&$orderby={order}")).Body.GetProperty("value")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Every_bit_of_a_token_counts()
    {
        var first = await service.Send("Links?$select=id&$orderby=nameZh", ("Prefer", "maxpagesize=5"));
        var next = first.Body.GetProperty("@odata.nextLink").GetString()!;
        var (address, token) = (next[(next.IndexOf("/odata/", StringComparison.Ordinal) + 7)..next.IndexOf("&$skiptoken=", StringComparison.Ordinal)], next[(next.IndexOf("$skiptoken=", StringComparison.Ordinal) + 11)..]);
        Assert.Equal(200, (await service.Send($"{address}&$skiptoken={token}")).Status);
        for (var i = 0; i < token.Length - 1; i += 3)   // the last character may carry idle bits
            (await service.Send($"{address}&$skiptoken={token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}")).Refusal(400);
        foreach (var other in new[] { "", token[..8], token + token, new string('A', 30_000) }) (await service.Send($"{address}&$skiptoken={other}")).Refusal(400);
        (await service.Send($"{address.Replace("nameZh", "nameEn", StringComparison.Ordinal)}&$skiptoken={token}")).Refusal(400);
        (await service.Send($"LinkSides?$select=id&$orderby=nameZh&$skiptoken={token}")).Refusal(400);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_414_and_headers_that_are_431()
    {
        Assert.StartsWith("HTTP/1.1 414", await service.Raw($"GET /odata/Roads?$filter={Uri.EscapeDataString(Round(200_000))} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await service.Raw($"GET /odata/Links?$skiptoken={new string('A', 1 << 20)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await service.Raw($"GET /odata/Links HTTP/1.1\r\nHost: x\r\nPrefer: {new string('x', 100_000)}\r\n\r\n"), StringComparison.Ordinal);
        var body = "$filter=" + Round(200_000);
        Assert.StartsWith("HTTP/1.1 413", await service.Raw($"POST /odata/Roads/$query HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(200, (await service.Send("Links?$top=1")).Status);
    }
}
