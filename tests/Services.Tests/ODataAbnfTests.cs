using System.Text;
using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>OData's grammar of addresses, rule by rule: each case of tests/Spec/odata-urls.txt is asked over HTTP and answers as its verdict says. What we do not serve stands there with its reason; a change in either direction fails.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class ODataAbnfTests(ShippedService service)
{
    private sealed record Case(string Verdict, string Address, string? Reason);

    private static readonly List<Case> Cases = [.. Checkout.Read("tests", "Spec", "odata-urls.txt").Split('\n').Where(l => l != "" && l[0] != '#' && !l.StartsWith("==", StringComparison.Ordinal)).Select(l =>
        Line().Match(l) is { Success: true } m ? new Case(m.Groups[1].Value.Trim(), m.Groups[2].Value, m.Groups[3].Success ? m.Groups[3].Value : null) : throw new FormatException(l))];

    public static IEnumerable<object[]> All() => Cases.Select(c => new object[] { c.Verdict, c.Address });

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_address_is_answered_or_refused_as_the_grammar_says(string verdict, string address)
    {
        using var response = await service.Http.GetAsync("/odata/" + Sent(address));
        var (status, body) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        var asTold = verdict switch { "yes" or "lax" => status is 200 or 204, "no" => status is 400 or 404 or 501, _ => verdict == $"gap {status}" };
        Assert.True(asTold, $"{verdict}, but {status}: {address}\n{(body.Length > 300 ? body[..300] : body)}");
        if (status >= 400) Assert.Contains("\"error\"", body, StringComparison.Ordinal);
    }

    /// <summary>The ledger in numbers: a case that moves from one verdict to another is said here too.</summary>
    [Fact]
    public void So_many_cases_are_served_refused_and_not_served()
    {
        Assert.Equal(Cases.Count, Cases.Select(c => c.Address).Distinct().Count());
        Assert.All(Cases, c => Assert.Equal(c.Verdict is "lax" || c.Verdict.StartsWith("gap", StringComparison.Ordinal), c.Reason is { Length: > 3 }));
        Assert.Equal("230 yes, 177 no, 50 gap, 6 lax", string.Join(", ", new[] { "yes", "no", "gap", "lax" }.Select(v => $"{Cases.Count(c => c.Verdict.Split(' ')[0] == v)} {v}")));
    }

    /// <summary>What a URL cannot hold as it is travels percent-encoded; what the case encodes itself stays as it is.</summary>
    private static string Sent(string address) => string.Concat(address.EnumerateRunes().Select(r =>
        Rune.IsLetterOrDigit(r) && r.IsAscii || r.IsAscii && "%/?=&$'()*,;:@!-._~+".Contains((char)r.Value, StringComparison.Ordinal) ? r.ToString() : Uri.EscapeDataString(r.ToString())));

    [GeneratedRegex(@"^(yes|no |lax|gap [0-9]{3}) (.*?)(?: # (.+))?$")] private static partial Regex Line();
}
