using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A group of a batch is one transaction: all of it is written under one data version, or nothing is, and everybody hears why.</summary>
public sealed class ODataBatchWriteTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private static object Write(string id, string set, object body, string? group = "g") =>
        new { id, atomicityGroup = group, method = "POST", url = set, headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" }, body };

    private static object Source(string id, string published = "2019-06-01") => new { id, grade = "GOV", title = "题", titleEn = "T", published, gatheredOn = "2026-11-20" };

    private static object Attestation(string source, string stage = "open") => new { linkId = "y", stage, heldFrom = "2019-06", basis = "stated", source, place = "p" };

    private Task<ServedWorld.Answer> Send(params object[] requests) => world.Send("POST", "/odata/$batch", JsonSerializer.Serialize(new { requests }, WithoutNulls), ("Prefer", "continue-on-error"));

    private static int[] Statuses(ServedWorld.Answer answer) => [.. answer.Body.GetProperty("responses").EnumerateArray().Select(r => r.GetProperty("status").GetInt32())];

    [Fact]
    public async Task A_group_is_written_under_one_data_version_and_what_depends_on_it_sees_it()
    {
        var before = await world.Database.Scalar<long>("select number from data_version");
        var answer = await Send(Write("s", "Sources", Source("news")), Write("a", "Attestations", Attestation("news")), new { id = "q", method = "GET", url = "Links('y')/stage/$value?asOf=2019-07-01", dependsOn = new[] { "g" } });
        Assert.Equal([201, 201, 200], Statuses(answer));
        Assert.Equal("open", answer.Body.GetProperty("responses")[2].GetProperty("body").GetString());
        Assert.Equal(before + 1, await world.Database.Scalar<long>("select number from data_version"));
        Assert.Equal(2, await world.Database.Scalar<long>("select count(*) from audit where content ->> 'id' = 'news' or content ->> 'source_id' = 'news'"));
    }

    [Fact]
    public async Task A_group_of_which_one_is_wrong_leaves_nothing()
    {
        var state = await world.State();
        var answer = await Send(Write("s", "Sources", Source("half")), Write("a", "Attestations", Attestation("half", "flying")), Write("alone", "Sources", Source("gov2", "2019-13"), group: null), new { id = "q", method = "GET", url = "Sources/$count", dependsOn = new[] { "g" } });
        Assert.Equal([424, 400, 400, 424], Statuses(answer));
        var error = answer.Body.GetProperty("responses")[1].GetProperty("body").GetProperty("error");
        Assert.Equal("stage", error.GetProperty("details")[0].GetProperty("target").GetString());
        Assert.Contains("request a", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task In_multipart_a_group_that_failed_has_one_answer()
    {
        var state = await world.State();
        static string Part(int id, string body) => $"--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {id}\r\n\r\nPOST Sources HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}\r\n";
        var body = $"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{Part(1, JsonSerializer.Serialize(Source("m1")))}{Part(2, JsonSerializer.Serialize(Source("m2", "never")))}--c--\r\n--b--\r\n";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/odata/$batch") { Content = new StringContent(body) };
        request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        request.Headers.Authorization = new("Bearer", world.Editor);
        using var response = await world.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(text, "HTTP/1.1 "));
        Assert.Contains("HTTP/1.1 400", text, StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task Without_a_key_that_may_write_nothing_of_a_group_is()
    {
        var state = await world.State();
        var body = JsonSerializer.Serialize(new { requests = new[] { Write("s", "Sources", Source("nokey")) } });
        foreach (var (key, status) in new[] { (null, 401), (world.Reader, 403) })
        {
            var answer = await world.Send("POST", "/odata/$batch", body, key);
            Assert.Equal([status], Statuses(answer));
        }
        Assert.Equal(state, await world.State());
    }
}
