using System.Net;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>An answer carries a tag; whoever has it is told so, until the data change. What is large travels compressed.</summary>
[Collection(nameof(ShippedService))]
public sealed class CachingTests(ShippedService service)
{
    private async Task<HttpResponseMessage> Get(string address, string? tag = null, string? encoding = null, string? prefer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        if (encoding is not null) request.Headers.Add("Accept-Encoding", encoding);
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        return await service.Http.SendAsync(request);
    }

    public static TheoryData<string> Addresses => ["/odata/Links?asOf=2020-01-01", "/odata/Links('s1-m11')", "/odata/Sources/$count", "/odata/Places?$select=id&$top=3", "/collections/links/items?limit=3", "/collections/links/items/s1-m11", "/reach?from=kunshan-huaqiao&minutes=15"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Whoever_has_the_answer_is_told_so(string address)
    {
        using var first = await Get(address);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        foreach (var have in new[] { tag.Tag, "W/" + tag.Tag, $"\"other\", {tag.Tag}", "*" })
        {
            using var again = await Get(address, have);
            Assert.Equal((HttpStatusCode.NotModified, tag, 0), (again.StatusCode, again.Headers.ETag, (await again.Content.ReadAsByteArrayAsync()).Length));
        }
        using var other = await Get(address, "\"other\"");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await other.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_question_day_or_page_has_another_tag()
    {
        var tags = new List<string>();
        foreach (var (address, prefer) in new (string, string?)[] { ("/odata/Links", null), ("/odata/Links?asOf=2020-01-01", null), ("/odata/Links?asOf=2020-01-02", null), ("/odata/Links?asOf=2020-01-02&knownBy=2021-01-01", null), ("/odata/Links", "maxpagesize=5"), ("/odata/Links?$top=5", null) })
        {
            using var answer = await Get(address, prefer: prefer);
            tags.Add(answer.Headers.ETag!.Tag);
        }
        Assert.Equal(tags.Count, tags.Distinct().Count());
    }

    [Fact]
    public async Task When_the_data_change_the_tag_does_and_when_they_change_back_it_does_too()
    {
        const string address = "/odata/Assumptions?$top=1&$select=id";
        using var before = await Get(address);
        await service.Database.Execute("update assumption set note_en = note_en || '!' where id = 'walking-speed'");
        using var changed = await Get(address, before.Headers.ETag!.Tag);
        await service.Database.Execute("update assumption set note_en = left(note_en, -1) where id = 'walking-speed'");
        using var back = await Get(address, before.Headers.ETag!.Tag);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (changed.StatusCode, back.StatusCode));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task What_is_large_travels_compressed(string encoding)
    {
        using var plain = await Get("/odata/Links?asOf=2020-01-01");
        using var packed = await Get("/odata/Links?asOf=2020-01-01", encoding: encoding);
        Assert.Equal(encoding, Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.True((await packed.Content.ReadAsByteArrayAsync()).Length * 3 < (await plain.Content.ReadAsByteArrayAsync()).Length);
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);   // other bytes, another tag
        Assert.Contains("Accept-Encoding", packed.Headers.Vary);
    }
}
