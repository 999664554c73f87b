using System.Text.RegularExpressions;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>docs/odata-conformance.md answers every requirement of the protocol's section 13, in its order, and each test that it names is there.</summary>
public sealed partial class ODataConformanceDocTests
{
    private static IEnumerable<string> To(int last, params string[] within) => Enumerable.Range(1, last).SelectMany(n => within.Where(w => w.Split('.')[0] == $"{n}").Prepend($"{n}"));

    private static string[] Parts(string number, int count) => [.. Enumerable.Range(1, count).Select(n => $"{number}.{n}")];

    /// <summary>The levels and their numbered requirements, as the standard of 23 April 2020 has them.</summary>
    private static readonly Dictionary<string, string[]> Standard = new()
    {
        ["13.1.1"] = [.. To(33, Parts("5", 2))],
        ["13.1.2"] = [.. To(17, Parts("7", 5))],
        ["13.1.3"] = [.. To(16, Parts("9", 9))],
        ["13.2.1"] = [.. To(27, [.. "abcdefghijklmn".SelectMany(c => c == 'l' ? ["9.l", "9.l.a"] : new[] { $"9.{c}" })])],
        ["13.2.2"] = [.. To(11)],
        ["13.2.3"] = [.. To(10, Parts("5", 5))],
    };

    private static readonly Dictionary<string, List<ConformanceRow>> Tables = ConformancePage.Tables("odata-conformance.md", Heading());

    [Fact]
    public void Every_requirement_has_its_row()
    {
        Assert.Equal(Standard.Keys, Tables.Keys);
        foreach (var (level, numbers) in Standard) Assert.Equal(numbers, Tables[level].Select(r => r.Number));
    }

    [Fact]
    public void Every_row_has_an_answer_and_what_is_served_has_a_test() => ConformancePage.EveryRowHasAnAnswerAndWhatIsServedATest(Tables.Values.SelectMany(t => t));

    [Fact]
    public void Every_test_that_is_named_is_there() => ConformancePage.EveryTestThatIsNamedIsThere(Tables.Values.SelectMany(t => t));

    [GeneratedRegex(@"^## (13\.[0-9]\.[0-9]) .*$", RegexOptions.Multiline)] private static partial Regex Heading();
}
