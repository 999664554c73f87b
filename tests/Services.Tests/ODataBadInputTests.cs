using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>What nobody should send: each is refused quickly and plainly, tells nothing of what is inside, and harms nobody who asks afterwards.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataBadInputTests(ShippedService service)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);   // two on a machine that does nothing else

    /// <summary>GET, or POST …/$query where the options are too long for an address.</summary>
    private async Task<(int Status, string? MediaType, JsonElement Body)> Send(string address, params (string Name, string Value)[] headers)
    {
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, "?" + o) : (address, "");
        using var request = options.Length < 30_000 ? new HttpRequestMessage(HttpMethod.Get, "/odata/" + path + options) : new(HttpMethod.Post, $"/odata/{path}/$query") { Content = new StringContent(options[1..], null, "text/plain") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var watch = Stopwatch.StartNew();
        using var response = await service.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(watch.Elapsed < Quick, $"{watch.Elapsed}: {address[..Math.Min(100, address.Length)]}");
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text == "" ? default : JsonDocument.Parse(text).RootElement);
    }

    private static string Q(string options) => string.Join('&', options.Split('&').Select(o => o.Split('=', 2)).Select(o => $"{Uri.EscapeDataString(o[0])}={Uri.EscapeDataString(o.ElementAtOrDefault(1) ?? "")}"));

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

    private const string End = "') or true or startswith(id,'";

    public static TheoryData<string, int> Injections => new()
    {
        { "Links?$filter=kind;drop table link eq 'x'", 400 }, { "Links?$filter=\"kind\" eq 'x'", 400 }, { "Links?$filter=t0.kind eq 'x'", 400 }, { "Links?$filter=kind eq 'x'; drop table link", 400 }, { "Links?$filter=kind eq 'x' union select 1", 400 },
        { "Links?$filter=kind eq 'x' -- ", 400 }, { "Links?$filter=kind eq 'x'/*", 400 }, { "Links?$filter=(select 1) eq 1", 400 }, { "Links?$filter=pg_sleep(10) eq 1", 400 }, { "Links?$filter=$1 eq 1", 400 }, { "Links?$filter={t}/kind eq 'x'", 400 }, { "Links?$filter=~x eq 1", 400 },
        { "Links?$orderby=id;drop table link", 400 }, { "Links?$orderby=id--", 400 }, { "Links?$orderby=(select 1)", 400 }, { "Links?$orderby=\"@0\"", 400 }, { "Links?$select=id--", 400 }, { "Links?$select=id from attestation", 400 }, { "Links?$select=\"id\"", 400 },
        { "Links?$compute=length(id) as x\"--", 400 }, { "Links?$compute=length(id) as \"x\"", 400 }, { "Links?$compute=length(id) as x;drop", 400 }, { "Links?$compute=length(id) as x/y", 400 }, { "Links?$compute=length(id) as ~x", 400 }, { "Links?$compute=length(id) as x'", 400 }, { "Links?$compute=length(id) as 1x", 400 },
        { "Links?$apply=aggregate($count as n\"--)", 400 }, { "Links?$apply=groupby((kind;drop))", 400 }, { "Links?$apply=groupby((kind)),aggregate($count as n)", 400 }, { "Links?$expand=Sides;drop", 400 }, { "Links?$expand=\"Sides\"", 400 }, { "Links?$expand=Sides($select=id--)", 400 },
        { "Links?$filter=matchesPattern(id,'(')", 400 }, { "Links?$skiptoken='; drop table link; --", 400 }, { "Links?asOf='; drop table link; --", 400 }, { "Links?knownBy=2019-01-01'--", 400 }, { "Links('x'' or 1=1 --')", 404 }, { "Links('x') or 1=1", 400 }, { "Links(id='x';drop)", 400 }, { "Links(1)", 400 }, { "Links('s1-m11','x')", 400 },
        { "Links/AsOf(asOf=2019-01-01;drop)", 400 }, { "Links/AsOf(asOf='x''--')", 400 }, { "Gains(asOf=2018-06-29,mode='car'' or 1=1 --')", 400 }, { "Gains(asOf=2018-06-29,mode='car',weights='x''--')", 400 }, { "Broken(asOf=@a)?@a='; drop'", 400 }, { "Links?$format=json'; drop", 501 }, { "Links?$id='; drop", 501 },
        { "Links?$filter=@a eq 'x'&@a=kind eq 'x') or (true", 400 }, { "Links?$filter=kind eq @a&@a='x", 400 }, { "Links?'; drop table link; --=1", 400 },
    };

    [Theory]
    [MemberData(nameof(Injections))]
    public async Task Nothing_but_values_gets_in(string address, int status)
    {
        var parts = address.Split('?', 2);
        var refused = await Send(Uri.EscapeDataString(parts[0]).Replace("%2F", "/", StringComparison.Ordinal) + (parts.Length == 1 ? "" : "?" + Q(parts[1])));
        Assert.True(refused.Status is >= 400 and < 500 or 501, $"{refused.Status} {refused.Body}");
        Assert.True(refused.Status == status || (status == 400 && refused.Status is 404 or 501), $"{refused.Status} {refused.Body}");
        refused.Refusal(refused.Status);
        Assert.Equal(90, await service.Database.Scalar<long>("select count(*) from link"));
    }

    /// <summary>Values that look like something else are values: they find nothing, and everything by their negation.</summary>
    [Theory]
    [InlineData("'; drop table link; --")]
    [InlineData(End)]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("\\' or 1=1 --")]
    [InlineData("$1")]
    [InlineData("{t}{0}")]
    [InlineData("\u202e\u200b😀")]
    [InlineData("😀\n\t\r")]
    public async Task A_value_is_a_value(string text)
    {
        var quoted = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        foreach (var filter in new[] { $"id eq {quoted}", $"contains(kind,{quoted})", $"kind in ({quoted},'x')", $"otherNames/any(n:n eq {quoted})", $"concat(id,{quoted}) eq id", $"Attestations/any(a:a/stage eq {quoted})" })
        {
            var found = await Send($"Links/$count?$filter={Uri.EscapeDataString(filter)}");
            Assert.True((found.Status, found.Body.GetRawText()) == (200, "0"), $"{filter}: {found.Body}");
        }
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
    public async Task A_geometry_that_is_none_is_refused(string filter, string wkt) => (await Send("Roads?$filter=" + Uri.EscapeDataString(filter.Replace("{0}", wkt, StringComparison.Ordinal)))).Refusal(400);

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
        var answer = await Send("Roads?$select=id&$filter=" + Uri.EscapeDataString(filter.Replace("{0}", wkt, StringComparison.Ordinal)));
        if (answer.Status != 200) answer.Refusal(400);
    }

    [Theory]
    [InlineData("POINT EMPTY")]
    [InlineData("LINESTRING EMPTY")]
    [InlineData("POLYGON EMPTY")]
    [InlineData("MULTIPOINT EMPTY")]
    [InlineData("GEOMETRYCOLLECTION EMPTY")]
    public async Task An_empty_geometry_meets_nothing(string wkt) => Assert.Empty((await Send("Roads?$filter=" + Uri.EscapeDataString($"geo.intersects(geometry,geography'SRID=4326;{wkt}') or geo.distance(geometry,geography'SRID=4326;{wkt}') lt 1e9"))).Body.GetProperty("value").EnumerateArray());

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
        var answer = await Send($"{path}?$top=1&$select={(options.StartsWith("$apply", StringComparison.Ordinal) || options.StartsWith("$compute", StringComparison.Ordinal) ? "*" : "id")}&{options.Split('=', 2)[0]}={Uri.EscapeDataString(options.Split('=', 2)[1])}");
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
    public async Task An_option_that_is_none_is_refused(string options) => (await Send("Links?" + Q(options))).Refusal(400);

    [Fact]
    public async Task Nothing_orders_by_a_constant()
    {
        foreach (var order in new[] { "null", "5", "'x'", "@a" }) Assert.Equal("apm-kunshan-shanghai", (await Send($"Links?$top=1&$select=id&$orderby={order}")).Body.GetProperty("value")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Every_bit_of_a_token_counts()
    {
        var first = await Send("Links?$select=id&$orderby=nameZh", ("Prefer", "maxpagesize=5"));
        var next = first.Body.GetProperty("@odata.nextLink").GetString()!;
        var (address, token) = (next[(next.IndexOf("/odata/", StringComparison.Ordinal) + 7)..next.IndexOf("&$skiptoken=", StringComparison.Ordinal)], next[(next.IndexOf("$skiptoken=", StringComparison.Ordinal) + 11)..]);
        Assert.Equal(200, (await Send($"{address}&$skiptoken={token}")).Status);
        for (var i = 0; i < token.Length - 1; i += 3)   // the last character may carry idle bits
            (await Send($"{address}&$skiptoken={token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}")).Refusal(400);
        foreach (var other in new[] { "", token[..8], token + token, new string('A', 30_000) }) (await Send($"{address}&$skiptoken={other}")).Refusal(400);
        (await Send($"{address.Replace("nameZh", "nameEn", StringComparison.Ordinal)}&$skiptoken={token}")).Refusal(400);
        (await Send($"LinkSides?$select=id&$orderby=nameZh&$skiptoken={token}")).Refusal(400);
    }

    [Theory]
    [InlineData("Prefer", "maxpagesize=0", 400)]
    [InlineData("Prefer", "maxpagesize=99999999999", 400)]
    [InlineData("Prefer", "maxpagesize='; drop", 400)]
    [InlineData("Prefer", "';drop table link;--", 200)]
    [InlineData("If-None-Match", "'; drop table link; --", 200)]
    [InlineData("Accept", "'; drop", 406)]
    [InlineData("Accept-Language", "'; drop", 200)]
    [InlineData("OData-MaxVersion", "'; drop", 400)]
    [InlineData("OData-Version", "9999999999999999999999999999999999999", 400)]
    public async Task Headers_are_values_too(string name, string value, int status)
    {
        var answer = await Send("Links?$top=1", (name, value));
        if (status != 200) answer.Refusal(status);
        else Assert.Equal(200, answer.Status);
    }

    /// <summary>Bytes that no client library sends: what Kestrel refuses may have no body.</summary>
    [Theory]
    [InlineData("/odata/Links?$filter=%")]
    [InlineData("/odata/Links?$filter=kind%20eq%20'%zz'")]
    [InlineData("/odata/Links?$filter=kind%20eq%20'%FF%FE'")]
    [InlineData("/odata/Links?$filter=kind%20eq%20'%00'")]
    [InlineData("/odata/Links?$filter=kind%20eq%20'%ED%A0%80'")]
    [InlineData("/odata/Links('%00')")]
    [InlineData("/odata/Links('%ED%A0%80')")]
    [InlineData("/odata/Links('%FF')")]
    [InlineData("/odata/%00")]
    [InlineData("/odata/Links('%2F..%2F')")]
    [InlineData("/odata/../../etc/passwd")]
    [InlineData("/odata/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/odata/Links\\x")]
    [InlineData("/odata/Links?$compute=length(id)%20as%20%00")]
    public async Task Bytes_that_are_no_text_are_refused_or_find_nothing(string target)
    {
        var answer = await Raw($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var status = int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(status is 200 or 400 or 404 or 501, answer);
        if (status == 200) Assert.Contains("\"value\": []", answer, StringComparison.Ordinal);
        foreach (var leak in new[] { "   at ", "select t", "root:", "Npgsql" }) Assert.DoesNotContain(leak, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_414_and_headers_that_are_431()
    {
        Assert.StartsWith("HTTP/1.1 414", await Raw($"GET /odata/Roads?$filter={Uri.EscapeDataString(Round(200_000))} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await Raw($"GET /odata/Links?$skiptoken={new string('A', 1 << 20)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await Raw($"GET /odata/Links HTTP/1.1\r\nHost: x\r\nPrefer: {new string('x', 100_000)}\r\n\r\n"), StringComparison.Ordinal);
        var body = "$filter=" + Round(200_000);
        Assert.StartsWith("HTTP/1.1 413", await Raw($"POST /odata/Roads/$query HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(200, (await Send("Links?$top=1")).Status);
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(service.Http.BaseAddress!.Host, service.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        try { await stream.WriteAsync(Encoding.Latin1.GetBytes(request)); }
        catch (IOException) { }   // refused before all of it was sent
        var (buffer, read) = (new byte[64 * 1024], 0);
        try
        {
            for (int n; read < buffer.Length && (n = await stream.ReadAsync(buffer.AsMemory(read)).AsTask().WaitAsync(Quick)) > 0;)
            {
                read += n;
                if (!request.Contains("Connection: close", StringComparison.Ordinal)) break;
            }
        }
        catch (IOException) { }
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
