using System.Net;
using System.Text.RegularExpressions;
using Jietong.Geodata.Query;
using Jietong.Services.OData;
using Jietong.Services.Reference;
using Jietong.Services.Serve;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The reference names everything that there is, and every example on it is a question that is answered.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class ReferenceTests(ShippedService service)
{
    public static TheoryData<string, string[]> Pages()
    {
        var pages = new TheoryData<string, string[]>();
        foreach (var layer in Catalogue.All) pages.Add(layer.Name, [.. layer.Columns.Select(c => c.Name), .. layer.Relations.Select(r => r.Name), layer.TitleZh, "次序", "代价"]);
        foreach (var function in ODataFunction.All) pages.Add(function.Name, [function.TitleZh, "参数", "结果", "次序", "代价"]);
        foreach (var call in ReferenceCalls.All) pages.Add(call.Name, [call.TitleZh, .. call.Parameters.Select(p => p.Name), "代价"]);
        pages.Add("limits", [.. Limits.All.Select(l => l.Zh)]);
        return pages;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_names_everything_and_its_example_is_answered(string name, string[] words)
    {
        var page = WebUtility.HtmlDecode(await service.Http.GetStringAsync($"/reference/{name}"));
        Assert.All(words, word => Assert.Contains(word, page, StringComparison.Ordinal));
        foreach (Match link in Link().Matches(page)) await service.Json(link.Groups[1].Value);
        Assert.Equal(name != "limits", Link().IsMatch(page));
        Assert.Contains($"/reference/{name}\"", WebUtility.HtmlDecode(await service.Http.GetStringAsync("/reference")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_filters_leaves_some_rows_and_not_all()
    {
        foreach (var function in ODataFunction.All.Where(f => f.Name is not ("hour" or "minute" or "second" or "fractionalseconds" or "now" or "trim" or "date" or "jietong.touches" or "jietong.crosses" or "tolower")))   // those are true of all or of none
        {
            var found = (await service.Json($"/odata/Links?$count=true&$top=0&$filter={Uri.EscapeDataString(function.Example)}")).GetProperty("@odata.count").GetInt32();
            Assert.True(found is > 0 and < 90, $"{function.Example}: {found}");
        }
    }

    [Fact]
    public async Task What_there_is_no_page_about_is_a_404_that_says_where_they_are() =>
        Assert.Contains("/reference", (await service.Refused("/reference/Nothing")).Body.GetProperty("detail").GetString(), StringComparison.Ordinal);

    [Fact]
    public void The_documentation_lists_the_limits_that_hold()
    {
        var table = string.Concat(Limits.All.Select(l => $"| {l.Zh} {l.En} | {l.Value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} | {l.Beyond} |\n"));
        Assert.Contains(table, Checkout.Read("docs", "limits.md"), StringComparison.Ordinal);
    }

    [GeneratedRegex("<a href=\"(http[^\"]*/odata/[A-Z][^\"]*)\"><code>")] private static partial Regex Link();
}
