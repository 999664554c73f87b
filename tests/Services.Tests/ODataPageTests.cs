using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Pages follow each other by the position of the last row: together they are the whole answer, whatever the order, and whatever is added meanwhile.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataPageTests(ShippedService service)
{
    private const string Day = "asOf=2026-11-22&knownBy=2026-11-22";

    private async Task<JsonElement> Page(string address, int size)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Prefer", $"maxpagesize={size}" } } };
        using var response = await service.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{address}: {body}");
        Assert.Equal($"maxpagesize={size}", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        return JsonDocument.Parse(body).RootElement;
    }

    private static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("value").EnumerateArray().Select(l => l.GetProperty("id").GetString()!);

    private static string? Next(JsonElement page) => page.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;

    [Theory]
    [InlineData("$orderby=id", 7)]
    [InlineData("$orderby=lengthMetres", 10)]                                // most are null: they come first
    [InlineData("$orderby=lengthMetres desc,state", 9)]                      // and last
    [InlineData("$orderby=laterEvidence desc,evidenceAgeDays,broken", 11)]
    [InlineData("$orderby=heldFrom,nameZh desc", 1)]
    [InlineData("$orderby=Attestations/$count desc,length(nameZh)", 13)]
    [InlineData("$orderby=geo.length(geometry) desc,accuracyMetres", 8)]
    [InlineData("$filter=kind eq 'road'&$orderby=accuracyMetres&$top=25&$skip=3&$count=true", 4)]
    [InlineData("$top=10", 10)]
    [InlineData("$search=公交", 5)]
    public async Task All_pages_together_are_the_whole_answer(string options, int size)
    {
        var address = $"/odata/Links?{string.Join('&', options.Split('&').Select(o => o.Split('=', 2)).Select(o => $"{o[0]}={Uri.EscapeDataString(o[1])}"))}&$select=id&{Day}";
        var whole = await service.Json(address);
        var pages = new List<string>();
        for (var next = (string?)address; next is not null;)
        {
            var page = await Page(next, size);
            Assert.InRange(Ids(page).Count(), 1, size);
            if (options.Contains("$count", StringComparison.Ordinal) && !options.Contains("/$count", StringComparison.Ordinal)) Assert.Equal(whole.GetProperty("@odata.count").GetInt32(), page.GetProperty("@odata.count").GetInt32());
            pages.AddRange(Ids(page));
            next = Next(page);
        }
        Assert.Equal(Ids(whole), pages);
    }

    [Fact]
    public async Task Rows_added_between_two_pages_shift_nothing()
    {
        var first = await Page("/odata/Assumptions?$select=id", 20);
        await service.Database.Execute("insert into assumption (id, value, low, high, unit, ours, note_zh) values ('aaa-new', 1, 1, 1, 'min', true, '新')");
        try
        {
            var second = await Page(Next(first)!, 20);
            var known = (await service.Json("/odata/Assumptions?$select=id")).GetProperty("value").EnumerateArray().Select(a => a.GetProperty("id").GetString()!).Where(id => id != "aaa-new").ToList();
            Assert.Equal(known.Take(40), Ids(first).Concat(Ids(second)));
        }
        finally { await service.Database.Execute("delete from assumption where id = 'aaa-new'"); }
    }

    [Fact]
    public async Task A_token_that_is_damaged_or_of_another_question_is_refused()
    {
        var next = Next(await Page($"/odata/Links?$orderby=nameZh&$select=id&{Day}", 5))!;
        var token = next.Split("$skiptoken=")[1];
        foreach (var address in new[]
        {
            next.Replace(token, token[..^4] + "AAAA", StringComparison.Ordinal), next.Replace(token, "x", StringComparison.Ordinal), next.Replace(token, new string('A', 5000), StringComparison.Ordinal),
            next.Replace("nameZh", "nameEn", StringComparison.Ordinal), next.Replace("/Links", "/LinkGains", StringComparison.Ordinal), next + "&$filter=broken",
        })
        {
            var refused = await service.Refused(address);
            Assert.True(refused.Status == 400, address);
            Assert.Contains("nextLink", refused.Body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("maxpagesize=0")]
    [InlineData("maxpagesize=-5")]
    [InlineData("odata.maxpagesize=many")]
    public async Task A_page_has_a_number_of_rows(string prefer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/Links") { Headers = { { "Prefer", prefer } } };
        using var response = await service.Http.SendAsync(request);
        Assert.Equal(400, (int)response.StatusCode);
    }
}
