using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>Several requests in one, in JSON and in multipart: each is answered as it would be alone, in the order of the requests.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataBatchTests(ShippedService service)
{
    private static JsonObject Get(string id, string url, params string[] dependsOn)
    {
        var request = new JsonObject { ["id"] = id, ["method"] = "GET", ["url"] = url };
        if (dependsOn.Length > 0) request["dependsOn"] = new JsonArray([.. dependsOn.Select(d => JsonValue.Create(d))]);
        return request;
    }

    private static string Batch(params IEnumerable<JsonObject> requests) => new JsonObject { ["requests"] = new JsonArray([.. requests]) }.ToJsonString();

    private static string Multipart(params IEnumerable<string> urls) => string.Concat(urls.Select(u => $"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET {u} HTTP/1.1\r\n\r\n\r\n")) + "--b--\r\n";

    private async Task<HttpResponseMessage> Post(string body, string? type = "application/json", string? prefer = null, string? accept = null, string? encoding = null, string address = "$batch")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/odata/" + address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Headers.ExpectContinue = body.Length > 1_000_000;   // what is too large is refused before it is sent
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        foreach (var (name, value) in new[] { ("Prefer", prefer), ("Accept", accept), ("Accept-Encoding", encoding) })
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        return await service.Http.SendAsync(request);
    }

    private async Task<List<JsonElement>> Answers(string body, string? prefer = null)
    {
        using var response = await Post(body, prefer: prefer);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("responses").EnumerateArray()];
    }

    private static string Statuses(IEnumerable<JsonElement> answers) => string.Join(' ', answers.Select(a => $"{a.GetProperty("id").GetString()}:{a.GetProperty("status").GetInt32()}"));

    private async Task<(int Status, string? MediaType, JsonElement Body)> Refused(string body, string? type = "application/json")
    {
        using var response = await Post(body, type);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    [Fact]
    public async Task Each_is_answered_as_it_would_be_alone_in_the_order_of_the_requests()
    {
        string[] addresses = ["Links('s1-m11')?$select=id,nameZh", "Links/$count", "Links?$apply=groupby((kind),aggregate($count as n))&$orderby=n desc", "Sources?$top=2&$select=id", "Links('s1-m11')/kind/$value", "LinkSides('s1-m11-b')/townZh", "Changes(since=2018-06-29,asOf=2019-12-31)/$count"];
        var answers = await Answers(Batch(addresses.Select((a, i) => Get($"r{i}", a))));
        Assert.Equal("r0:200 r1:200 r2:200 r3:200 r4:200 r5:204 r6:200", Statuses(answers));
        foreach (var (address, answer) in addresses.Zip(answers))
        {
            using var alone = await service.Http.GetAsync("/odata/" + Encoded(address));
            var (text, isThere) = (await alone.Content.ReadAsStringAsync(), answer.TryGetProperty("body", out var body));
            Assert.Equal((int)alone.StatusCode, answer.GetProperty("status").GetInt32());
            Assert.Equal(text, !isThere ? "" : body.ValueKind == JsonValueKind.String ? body.GetString() : body.GetRawText());
            Assert.Equal(alone.Headers.GetValues("Jietong-Data-Version").Single(), answer.GetProperty("headers").GetProperty("jietong-data-version").GetString());
        }
    }

    [Theory]
    [InlineData(null, "a:200 b:404")]
    [InlineData("continue-on-error=false", "a:200 b:404")]
    [InlineData("continue-on-error", "a:200 b:404 c:400 d:501 e:200")]
    [InlineData("odata.continue-on-error=true", "a:200 b:404 c:400 d:501 e:200")]
    [InlineData("respond-async, continue-on-error", "a:200 b:404 c:400 d:501 e:200")]
    public async Task An_error_ends_the_batch_unless_it_shall_go_on(string? prefer, string statuses)
    {
        var batch = Batch(Get("a", "Links/$count"), Get("b", "Links('nothing')"), Get("c", "Links?$filter=nothing eq 1"), Get("d", "Links?$levels=2"), Get("e", "Links/$count"));
        var answers = await Answers(batch, prefer);
        Assert.Equal(statuses, Statuses(answers));
        foreach (var wrong in answers.Where(a => a.GetProperty("status").GetInt32() >= 400))
            (wrong.GetProperty("status").GetInt32(), wrong.GetProperty("headers").GetProperty("content-type").GetString()?.Split(';')[0], wrong.GetProperty("body")).Refusal(wrong.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task What_depends_on_a_failure_fails_with_it()
    {
        Assert.Equal("a:404 b:424 c:424 d:200 e:200", Statuses(await Answers(Batch(Get("a", "Links('nothing')"), Get("b", "Links/$count", "a"), Get("c", "Links/$count", "b"), Get("d", "Links/$count"), Get("e", "Links/$count", "d")), "continue-on-error")));
        Assert.Contains("[b]", (await Refused(Batch(Get("a", "Links/$count", "b"), Get("b", "Links/$count")))).Refusal(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_a_string_and_XML_is_base64url_both_ways()
    {
        var query = new JsonObject { ["id"] = "q", ["method"] = "POST", ["url"] = "Links/$query", ["headers"] = new JsonObject { ["content-type"] = "text/plain" }, ["body"] = "$filter=kind eq 'metro'&$select=id&$count=true&asOf=2026-11-22" };
        var answers = await Answers(Batch(query, Get("n", "Links/$count"), Get("m", "/odata/$metadata"), Get("s", "/odata/")));
        Assert.Equal("q:200 n:200 m:200 s:200", Statuses(answers));
        Assert.Equal(await service.Database.Scalar<long>($"select count(*) from {LinksNow} where kind = 'metro'"), answers[0].GetProperty("body").GetProperty("@odata.count").GetInt64());
        Assert.Equal("90", answers[1].GetProperty("body").GetString());
        var xml = answers[2].GetProperty("body").GetString()!.Replace('-', '+').Replace('_', '/');
        Assert.Contains("<edmx:Edmx", Encoding.UTF8.GetString(Convert.FromBase64String(xml + new string('=', -xml.Length & 3))), StringComparison.Ordinal);
        Assert.Equal("Links", answers[3].GetProperty("body").GetProperty("value")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_request_of_a_batch_has_headers_methods_and_pages_of_its_own()
    {
        var paged = Get("p", "Links?$select=id&$top=5");
        paged["headers"] = new JsonObject { ["prefer"] = "maxpagesize=2", ["accept"] = "application/json;odata.metadata=none" };
        var head = Get("h", "Links/$count");
        head["method"] = "HEAD";
        var patch = Get("x", "Links('s1-m11')");
        patch["method"] = "PATCH";
        var answers = await Answers(Batch(paged, head, patch), "continue-on-error");
        Assert.Equal("p:200 h:200 x:405", Statuses(answers));
        var page = answers[0].GetProperty("body");
        Assert.Equal(2, page.GetProperty("value").GetArrayLength());
        Assert.False(page.TryGetProperty("@odata.context", out _));
        Assert.Equal("maxpagesize=2", answers[0].GetProperty("headers").GetProperty("preference-applied").GetString());
        Assert.Equal(2, (await service.Json(page.GetProperty("@odata.nextLink").GetString()! + "&$count=true")).GetProperty("value").GetArrayLength() - 1);
        Assert.Equal("GET, HEAD", answers[2].GetProperty("headers").GetProperty("allow").GetString());
    }

    [Fact]
    public async Task A_page_in_a_batch_is_at_most_a_thousand_rows()
    {
        await service.Database.Execute("insert into assumption (id, value, low, high, unit, ours, note_zh) select 'zz-' || i, 1, 1, 1, 'min', true, '多' from generate_series(1, 1100) i");
        try
        {
            var answer = (await Answers(Batch(Get("a", "Assumptions?$select=id"))))[0].GetProperty("body");
            Assert.Equal(1000, answer.GetProperty("value").GetArrayLength());
            Assert.True(answer.TryGetProperty("@odata.nextLink", out _));
            Assert.False((await service.Json("/odata/Assumptions?$select=id")).TryGetProperty("@odata.nextLink", out _));
        }
        finally { await service.Database.Execute("delete from assumption where id like 'zz-%'"); }
    }

    [Theory]
    [InlineData("http://example.org/odata/Links/$count")]
    [InlineData("/collections")]
    [InlineData("/odata/$batch")]
    [InlineData("/odata/../collections")]
    [InlineData("file:///etc/passwd")]
    public async Task What_lies_outside_is_not_asked(string url)
    {
        var answer = (await Answers(Batch(Get("a", url))))[0];
        Assert.Equal("a:404", Statuses([answer]));
        Assert.DoesNotContain("root:", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Multipart_is_answered_in_multipart_or_in_JSON()
    {
        var body = Multipart("Links('s1-m11')?$select=id", "Links/$count", "/odata/Links('nothing')", "Links/$count");
        using var response = await Post(body, "multipart/mixed; boundary=b");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("multipart/mixed", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["200 OK", "200 OK", "404 Not Found"], text.Split('\n').Where(l => l.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)).Select(l => l.Trim()[9..]));
        Assert.True(text.IndexOf("\"s1-m11\"", StringComparison.Ordinal) < text.IndexOf("\n90", StringComparison.Ordinal) && text.Contains("nothing", StringComparison.Ordinal));
        using var all = await Post(body, "multipart/mixed; boundary=b", "continue-on-error");
        Assert.Equal(4, (await all.Content.ReadAsStringAsync()).Split("HTTP/1.1 ").Length - 1);
        Assert.Equal("continue-on-error", all.Headers.GetValues("Preference-Applied").Single());
        using var json = await Post(body, "multipart/mixed; boundary=b", accept: "application/json");
        Assert.Equal(3, JsonDocument.Parse(await json.Content.ReadAsStringAsync()).RootElement.GetProperty("responses").GetArrayLength());
    }

    [Fact]
    public async Task A_batch_travels_compressed()
    {
        using var response = await Post(Batch(Enumerable.Range(0, 5).Select(i => Get($"r{i}", "Links?$top=20"))), encoding: "gzip");
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        await using var plain = new System.IO.Compression.GZipStream(await response.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(5, (await JsonDocument.ParseAsync(plain)).RootElement.GetProperty("responses").GetArrayLength());
    }

    [Fact]
    public async Task A_hundred_requests_are_answered_and_a_hundred_and_one_are_not()
    {
        Assert.Equal(100, (await Answers(Batch(Enumerable.Range(0, 100).Select(i => Get($"r{i}", "Jurisdictions/$count"))))).Count);
        Assert.Contains("100", (await Refused(Batch(Enumerable.Range(0, 101).Select(i => Get($"r{i}", "Jurisdictions/$count"))))).Refusal(400), StringComparison.Ordinal);
        Assert.Contains("100", (await Refused(Batch(Enumerable.Range(0, 10_000).Select(i => Get($"r{i}", "Jurisdictions/$count"))))).Refusal(400), StringComparison.Ordinal);
        Assert.Contains("100", (await Refused(Multipart(Enumerable.Repeat("Jurisdictions/$count", 101)), "multipart/mixed; boundary=b")).Refusal(400), StringComparison.Ordinal);
    }

    public static TheoryData<string, string?, int> Broken => new()
    {
        { "", "application/json", 400 }, { "[]", "application/json", 400 }, { "{}", "application/json", 400 }, { "{\"requests\":5}", "application/json", 400 }, { "{\"requests\":[]}", "application/json", 400 },
        { "{\"requests\":[{\"id\":\"a\"", "application/json", 400 }, { "{\"requests\":[{\"id\":\"a\"}]}", "application/json", 400 }, { "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\"}]}", "application/json", 400 },
        { "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"Links/$count\"},{\"id\":\"a\",\"method\":\"GET\",\"url\":\"Links/$count\"}]}", "application/json", 400 },
        { "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"http://[::1\"}]}", "application/json", 400 },
        { "{\"requests\":" + new string('[', 50_000), "application/json", 400 }, { "{\"requests\":[{\"id\":\"a\",\"method\":\"POST\",\"url\":\"Links\",\"headers\":{\"content-type\":\"application/json\"},\"body\":" + new string('[', 5000) + new string(']', 5000) + "}]}", "application/json", 400 },
        { Multipart("Links/$count")[..70], "multipart/mixed; boundary=b", 400 }, { Multipart("Links/$count"), "multipart/mixed; boundary=c", 400 }, { Multipart("Links/$count"), "multipart/mixed", 400 }, { Multipart("Links/$count"), "multipart/mixed; boundary=", 400 },
        { "--b--\r\n", "multipart/mixed; boundary=b", 400 }, { "\0\0\0", "multipart/mixed; boundary=b", 400 },
        { Batch(Get("a", "Links/$count")), null, 415 }, { Batch(Get("a", "Links/$count")), "text/plain", 415 }, { Batch(Get("a", "Links/$count")), "application/xml", 415 }, { Batch(Get("a", "Links/$count")), "nonsense", 415 },
        { new string('x', 2_000_000), "application/json", 413 }, { new string('x', 2_000_000), "multipart/mixed; boundary=b", 413 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_is_refused_whole(string body, string? type, int status) => (await Refused(body, type)).Refusal(status);

    [Fact]
    public async Task A_question_too_long_for_an_address_goes_in_a_body()
    {
        async Task<(int, string?, JsonElement)> Query(string body, string? type = "text/plain", string address = "Links/$query")
        {
            using var response = await Post(body, type, address: address);
            return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
        }
        var many = string.Join(',', Enumerable.Range(0, 9000).Select(i => $"'no-such-link-{i}'"));
        var (status, _, found) = await Query($"$filter=id in ({many},'s1-m11')&$select=id&asOf=2026-11-22");
        Assert.Equal((200, "s1-m11"), (status, found.GetProperty("value")[0].GetProperty("id").GetString()));
        Assert.Equal(1, (await Query("$select=id", address: "Links/$query?$top=1")).Item3.GetProperty("value").GetArrayLength());
        Assert.Equal(200, (await Query("")).Item1);
        Assert.Equal(200, (await Query("%24top=1&%24filter=contains(nameZh,'%E8%B7%AF')", "text/plain;charset=utf-8")).Item1);
        Assert.Equal(1, (await Query("$top=1&$select=id", address: "Links('s1-m11')/Attestations/$query")).Item3.GetProperty("value").GetArrayLength());
        Assert.Contains("text/plain", (await Query("{}", "application/json")).Refusal(415), StringComparison.Ordinal);
        Assert.Contains("text/plain", (await Query("$top=1", null)).Refusal(415), StringComparison.Ordinal);
        Assert.Contains("twice", (await Query("$top=1", address: "Links/$query?$top=2")).Refusal(400), StringComparison.Ordinal);
        (await Query(new string('x', 2_000_000))).Refusal(413);
    }
}
