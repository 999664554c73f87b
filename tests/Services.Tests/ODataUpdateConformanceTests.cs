using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What OData 4.01 Part 1, section 13 asks of a service that can be written to; on a register of its own.</summary>
public sealed class ODataUpdateConformanceTests(ShippedService service) : IClassFixture<ShippedService>
{
    private const string Source = """{"id":"conformance-ID","grade":"GOV","title":"关于接通道路的公告","titleEn":"Notice on joined roads","published":"2026-11-01","url":"https://example.org/ID"}""";

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;
    private static Task<string>? key;   // one for the class: its service is too

    private async Task<(int Status, HttpResponseMessage Response, JsonElement Body)> Send(string method, string address, string? body = null, params (string Name, string Value)[] headers)
    {
        key ??= Key();
        using var request = new HttpRequestMessage(new(method), "/odata/" + address) { Headers = { Authorization = new("Bearer", await key) } };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await service.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, response, text == "" ? Nothing : JsonDocument.Parse(text).RootElement);
    }

    private async Task<string> Key() => (await service.Command("keys", "add", "conformance", "--role", "editor", "--expires", "2099-12-31")).Output.Trim();

    private static string Named(string id) => Source.Replace("ID", id, StringComparison.Ordinal);

    [Fact]
    public async Task A_created_entity_has_an_address_that_answers_with_it()
    {
        var (status, response, body) = await Send("POST", "Sources", Named("a"));
        Assert.True(status == 201, body.ToString());
        Assert.Equal("conformance-a", body.GetProperty("id").GetString());
        var found = JsonDocument.Parse(await service.Http.GetStringAsync(response.Headers.Location)).RootElement;
        Assert.Equal("关于接通道路的公告", found.GetProperty("title").GetString());
        var (silent, answer, _) = await Send("POST", "Sources", Named("b"), ("Prefer", "return=minimal"));
        Assert.Equal(204, silent);
        Assert.Equal("return=minimal", Assert.Single(answer.Headers.GetValues("Preference-Applied")));
        foreach (var id in new[] { Assert.Single(answer.Headers.GetValues("OData-EntityId")), answer.Headers.Location!.ToString() })
            Assert.Equal("conformance-b", JsonDocument.Parse(await service.Http.GetStringAsync(id)).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_update_names_the_version_that_it_changes()
    {
        Assert.Equal(201, (await Send("POST", "Sources", Named("c"))).Status);
        var version = (await Send("GET", "Sources('conformance-c')")).Body.GetProperty("@odata.etag").GetString()!;
        const string change = """{"publisher":"省交通厅"}""";
        Assert.Equal(428, (await Send("PATCH", "Sources('conformance-c')", change)).Status);
        Assert.Equal(412, (await Send("PATCH", "Sources('conformance-c')", change, ("If-Match", "W/\"other\""))).Status);
        Assert.InRange((await Send("PATCH", "Sources('conformance-c')", change, ("If-Match", version))).Status, 200, 204);
        Assert.Equal(412, (await Send("PATCH", "Sources('conformance-c')", """{"publisher":"市交通局"}""", ("If-Match", version))).Status);
        var after = (await Send("GET", "Sources('conformance-c')")).Body;
        Assert.Equal(("省交通厅", "关于接通道路的公告"), (after.GetProperty("publisher").GetString(), after.GetProperty("title").GetString()));
        Assert.NotEqual(version, after.GetProperty("@odata.etag").GetString());
    }

    [Theory]
    [InlineData("DELETE", "Sources('hongqiao-cbd-2023-05-26')")]
    [InlineData("DELETE", "Attestations('s1-m11-open-2023')")]
    [InlineData("DELETE", "Sources")]
    [InlineData("PUT", "Sources('hongqiao-cbd-2023-05-26')", """{"title":"x"}""")]
    [InlineData("PATCH", "Attestations('s1-m11-open-2023')", """{"stage":"proposed"}""")]
    [InlineData("PATCH", "Links('s1-m11')", """{"nameZh":"x"}""")]
    [InlineData("PATCH", "Sources", """{"value":[]}""")]
    [InlineData("POST", "Links", """{"id":"x"}""")]
    [InlineData("POST", "Links('s1-m11')/Attestations", """{"stage":"open"}""")]
    [InlineData("POST", "Links('s1-m11')/Attestations/$ref", """{"@odata.id":"Attestations('s1-m11-open-2023')"}""")]
    [InlineData("PUT", "Attestations('s1-m11-open-2023')/Source/$ref", """{"@odata.id":"Sources('hongqiao-cbd-2023-05-26')"}""")]
    [InlineData("DELETE", "Attestations('s1-m11-open-2023')/Source/$ref")]
    [InlineData("PUT", "Sources('hongqiao-cbd-2023-05-26')/title", """{"value":"x"}""")]
    [InlineData("DELETE", "Sources('hongqiao-cbd-2023-05-26')/noteEn")]
    public async Task What_the_register_never_changes_is_refused_and_stays_as_it_is(string method, string address, string? body = null)
    {
        const string version = "select number || content_hash from data_version";
        var before = await service.Database.Scalar<string>(version);
        var (status, _, answer) = await Send(method, address, body, ("If-Match", "*"));
        Assert.True(status is 400 or 404 or 405 or 501, $"{status} {answer}");
        Assert.NotEqual("", answer.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(before, await service.Database.Scalar<string>(version));
    }

    [Fact]
    public async Task An_update_of_what_is_not_there_makes_nothing()
    {
        Assert.Equal(404, (await Send("PATCH", "Sources('conformance-none')", """{"title":"x"}""", ("If-Match", "*"))).Status);
        Assert.Equal(404, (await Send("GET", "Sources('conformance-none')")).Status);
    }
}
