using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>Nothing of a request but values reaches the database, whatever stands in names, texts, keys, tokens, headers and bytes.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataInjectionTests(ShippedService service)
{
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
        var refused = await service.Send(Uri.EscapeDataString(parts[0]).Replace("%2F", "/", StringComparison.Ordinal) + (parts.Length == 1 ? "" : Encoded("?" + parts[1])));
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
            var found = await service.Send($"Links/$count?$filter={Uri.EscapeDataString(filter)}");
            Assert.True((found.Status, found.Body.GetRawText()) == (200, "0"), $"{filter}: {found.Body}");
        }
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
        var answer = await service.Send("Links?$top=1", (name, value));
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
        var answer = await service.Raw($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var status = int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(status is 200 or 400 or 404 or 501, answer);
        if (status == 200) Assert.Contains("\"value\": []", answer, StringComparison.Ordinal);
        foreach (var leak in new[] { "   at ", "select t", "root:", "Npgsql" }) Assert.DoesNotContain(leak, answer, StringComparison.Ordinal);
    }
}
