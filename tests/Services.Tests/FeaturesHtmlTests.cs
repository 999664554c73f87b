using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The same interface for people: pages for browsers, Chinese first, that hold what the documents hold and never run what the register holds.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class FeaturesHtmlTests(ShippedService service)
{
    /// <summary>What Firefox sends, Chromium, and Safari.</summary>
    public const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
    private const string Chromium = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7", Safari = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /// <summary>Where a page leads, and what it loads.</summary>
    internal static IEnumerable<string> Addresses(string page) => Attribute().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Distinct();

    [Fact]
    public async Task Every_operation_answers_a_browser_with_a_page_and_a_program_with_JSON()
    {
        var definition = await service.Json("/api");
        foreach (var path in definition.GetProperty("paths").EnumerateObject().Where(p => p.Value.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/html", out _) && !p.Name.Contains("tile", StringComparison.OrdinalIgnoreCase)))
        {
            if (path.Name.Contains('{', StringComparison.Ordinal) && FeaturesAsking.Imported.Contains(path.Name.Split('/')[2])) continue;
            var address = path.Name.Contains('{', StringComparison.Ordinal) ? path.Name.Replace("{featureId}", Uri.EscapeDataString((await service.Items(path.Name.Split('/')[2], "limit=1"))[0]), StringComparison.Ordinal) : path.Name == "/reach" ? "/reach?from=kunshan-huaqiao" : path.Name;
            var (status, type, page) = await service.Http.Accept(address, Browser);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (status, type));
            Assert.StartsWith("<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">", page, StringComparison.Ordinal);
            Assert.Matches("<h1>.*</h1>", page);
            Assert.Contains("json", (await service.Http.Accept(address, "*/*")).MediaType, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Browser, "", "text/html")]
    [InlineData(Chromium, "", "text/html")]
    [InlineData(Safari, "", "text/html")]
    [InlineData("text/html", "", "text/html")]
    [InlineData("application/xhtml+xml", "", "text/html")]
    [InlineData("application/json;q=0.5, text/html", "", "text/html")]
    [InlineData("text/html;q=0.5, application/json", "", "json")]
    [InlineData("application/geo+json", "", "json")]
    [InlineData("application/geo+json, application/json;q=0.9, text/html;q=0.1", "", "json")]
    [InlineData("*/*", "", "json")]
    [InlineData("", "", "json")]
    [InlineData("image/png", "", "json")]
    [InlineData("*/*", "f=html", "text/html")]
    [InlineData(Browser, "f=json", "json")]
    [InlineData("text/html;q=banana", "f=json", "json")]
    public async Task The_form_is_what_the_client_likes_best_unless_f_says_which(string accept, string form, string type)
    {
        foreach (var address in (string[])["/", "/collections", "/collections/roads", "/collections/roads/items", "/collections/roads/items/g2-01", "/conformance", "/api", "/functions", "/collections/roads/schema", "/asof/2018-06-29/"])
            Assert.Contains(type, (await service.Http.Accept($"{address}?{form}", accept)).MediaType, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f=xml")]
    [InlineData("f=")]
    [InlineData("f=HTML")]
    [InlineData("f=json&f=html")]
    public async Task A_form_that_there_is_not_is_refused(string form)
    {
        foreach (var address in (string[])["/", "/collections", "/collections/roads/items", "/collections/roads/items/g2-01", "/conformance"]) await service.Problem($"{address}?{form}", 400);
    }

    [Fact]
    public async Task Links_of_pages_lead_to_answers()
    {
        string[] pages = ["/", "/collections", "/collections/roads", "/collections/links", "/collections/roads/items?limit=3&sortby=-lengthMetres&class=motorway", "/collections/links/items/s1-m11", "/conformance", "/functions", "/collections/roads/schema", "/api"];
        var seen = new HashSet<string>();
        foreach (var page in pages)
        {
            var addresses = Addresses((await service.Http.Accept(page, Browser)).Body).Select(a => new Uri(service.Http.BaseAddress!, a)).ToList();
            Assert.NotEmpty(addresses);
            foreach (var address in addresses.Where(a => a.Host == service.Http.BaseAddress!.Host && seen.Add(a.ToString()) && !a.AbsolutePath.EndsWith("/download", StringComparison.Ordinal)))
            {
                using var response = await service.Http.SendAsync(new(HttpMethod.Get, address), HttpCompletionOption.ResponseHeadersRead);
                Assert.True(response.IsSuccessStatusCode, $"{page} → {address}: {(int)response.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Following_the_next_page_shows_every_feature()
    {
        var seen = new List<string>();
        for (var next = "/collections/roads/items?limit=90&sortby=-id&f=html"; next is not null;)
        {
            var page = (await service.Http.Accept(next, Browser)).Body;
            seen.AddRange(ItemLink().Matches(page).Select(m => m.Groups[1].Value));
            next = Addresses(page).FirstOrDefault(a => a.Contains("after=", StringComparison.Ordinal) && !a.Contains("f=json", StringComparison.Ordinal));
        }
        Assert.Equal(await service.Database.Column("select id from road order by id desc"), seen);
    }

    [Fact]
    public async Task Pages_hold_what_the_documents_hold_Chinese_first()
    {
        async Task<string> Page(string address) => WebUtility.HtmlDecode((await service.Http.Accept(address, Browser)).Body);
        foreach (var c in (await service.Json("/conformance")).GetProperty("conformsTo").EnumerateArray()) Assert.Contains(c.GetString()!, await Page("/conformance"), StringComparison.Ordinal);
        var collections = await Page("/collections");
        foreach (var c in (await service.Json("/collections")).GetProperty("collections").EnumerateArray()) Assert.Contains(c.GetProperty("title").GetString()!, collections, StringComparison.Ordinal);
        var schema = await Page("/collections/links/schema");
        foreach (var p in (await service.Json("/collections/links/schema")).GetProperty("properties").EnumerateObject())
            Assert.True(schema.IndexOf(p.Value.GetProperty("title").GetString()!, StringComparison.Ordinal) is >= 0 and var zh && schema.IndexOf(p.Value.GetProperty("description").GetString()!, zh, StringComparison.Ordinal) > zh, p.Name);
        var item = await Page("/collections/links/items/s1-m11");
        foreach (var p in (await service.Json("/collections/links/items/s1-m11")).GetProperty("properties").EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number || p.Name.EndsWith("Zh", StringComparison.Ordinal) && p.Value.ValueKind == JsonValueKind.String))
            Assert.Contains(p.Value.ToString(), item, StringComparison.Ordinal);
        foreach (var address in (string[])["/", "/collections", "/collections/links", "/collections/links/items", "/collections/links/items/s1-m11", "/conformance", "/api", "/functions", "/collections/links/schema"])
            Assert.Matches("<h1>[^<a-z]*\\p{IsCJKUnifiedIdeographs}", await Page(address));
    }

    /// <summary>What stands in the register stays text: in a table, a heading, a title, an address, and in what the address itself brings.</summary>
    [Fact]
    public async Task Nothing_in_the_register_or_in_an_address_becomes_part_of_a_page()
    {
        const string evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
        await using var world = await new RegisterWorld().Source("plan", "GOV", "2018-06-29").Link("x", "plan").Attest("x-1", "x", "proposed", "2018-06-29", "plan").Load();
        foreach (var column in (string[])["name_zh", "name_en", "area_zh", "note_zh", "note_en"]) await world.Execute($"update link set {column} = '{evil.Replace("'", "''", StringComparison.Ordinal)}'");
        await world.Execute($"update link set other_names = array['{evil.Replace("'", "''", StringComparison.Ordinal)}']");
        await world.Execute($"insert into link_unit (link_id, role, unit_zh, unit_en, source_id, place) values ('x', 'lead', '{evil.Replace("'", "''", StringComparison.Ordinal)}', 'a', 'plan', 'p')");   // its key is made of its words
        await using var app = Serve.ServeCommand.Build(world.Db, "http://127.0.0.1:0");
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        string[] addresses = ["/collections/links/items", "/collections/links/items/x", "/collections/units/items", $"/collections/units/items/{Uri.EscapeDataString($"x-lead-{evil}-plan-p")}", $"/collections/links/items?sortby=id&filter={Uri.EscapeDataString($"nameZh = '{evil.Replace("'", "''", StringComparison.Ordinal)}'")}"];
        foreach (var address in addresses)
        {
            var (status, type, page) = await http.Accept(address, Browser);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (status, type));
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
            if (!address.Contains("filter", StringComparison.Ordinal)) Assert.Contains(WebUtility.HtmlEncode("<script>alert(1)</script>\"'><img"), page, StringComparison.Ordinal);
            foreach (var link in Addresses(page).Where(a => a.Contains("/units/items/", StringComparison.Ordinal))) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(link)).StatusCode);
        }
        Assert.DoesNotContain("<script>", (await http.Accept("/collections/%3Cscript%3Ealert(1)%3C/script%3E", Browser)).Body, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")] private static partial Regex Attribute();
    [GeneratedRegex("/collections/roads/items/([^?\"/]+)\\?f=html\"")] private static partial Regex ItemLink();
}
