using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Jietong.Geodata.Query;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>How tests ask OGC API – Features: keys of features, pages that follow each other, links, and refusals.</summary>
internal static class FeaturesAsking
{
    /// <summary>The collections that hold nothing until somebody brings data in.</summary>
    public static readonly IReadOnlySet<string> Imported = Catalogue.Collections.Where(l => l.BuiltOn?.Contains("dataset") == true).Select(l => l.Collection).ToHashSet();

    /// <summary>The keys of the features of a page, in its order; <paramref name="options"/> as they stand in an address.</summary>
    public static async Task<List<string>> Items(this ShippedService service, string collection, string options = "") => [.. Ids(await service.Json($"/collections/{collection}/items?{options}"))];

    public static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()!);

    /// <summary>The pages from an address on, each found by the link of the one before.</summary>
    public static async IAsyncEnumerable<JsonElement> Pages(this ShippedService service, string address)
    {
        for (var next = (string?)address; next is not null;)
        {
            var page = await service.Json(next);
            yield return page;
            next = LinkOf(page, "next");
        }
    }

    /// <summary>Where the first link of a relation leads; null where there is none.</summary>
    public static string? LinkOf(JsonElement document, string rel) => LinksOf(document).Where(l => l.Rel == rel).Select(l => l.Href).FirstOrDefault();

    public static IEnumerable<(string Href, string Rel, string Type)> LinksOf(JsonElement document) =>
        document.GetProperty("links").EnumerateArray().Select(l => (l.GetProperty("href").GetString()!, l.GetProperty("rel").GetString()!, l.GetProperty("type").GetString()!));

    /// <summary>Every link of a document, at whatever depth.</summary>
    public static IEnumerable<(string Href, string Rel, string Type)> AllLinks(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => (json.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array ? LinksOf(json) : []).Concat(json.EnumerateObject().Where(m => m.Name != "links").SelectMany(m => AllLinks(m.Value))),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(AllLinks),
        _ => [],
    };

    /// <summary>A refusal as problem+json, soon, in words fit for the asker: no trace, no SQL, no file.</summary>
    public static async Task<string> Problem(this ShippedService service, string address, int status)
    {
        var watch = Stopwatch.StartNew();
        using var response = await service.Http.GetAsync(address);
        var body = await response.Content.ReadAsStringAsync();
        var about = $"{address[..Math.Min(120, address.Length)]}: {(int)response.StatusCode} {body[..Math.Min(400, body.Length)]}";
        Assert.True((int)response.StatusCode == status, about);
        Assert.True(watch.Elapsed < Asking.Quick, $"{watch.Elapsed} {about}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal((status, "about:blank"), (problem.GetProperty("status").GetInt32(), problem.GetProperty("type").GetString()));
        var detail = problem.GetProperty("detail").GetString()!;
        foreach (var leak in new[] { "   at ", "select t", "select count", "from link", "/geodata/", ".cs:", "Npgsql", "System." }) Assert.DoesNotContain(leak, body, StringComparison.Ordinal);
        Assert.InRange(detail.Length, 10, 4000);
        return detail;
    }

    /// <summary>An answer with its header Accept, as text.</summary>
    public static async Task<(HttpStatusCode Status, string? MediaType, string Body)> Accept(this HttpClient http, string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
