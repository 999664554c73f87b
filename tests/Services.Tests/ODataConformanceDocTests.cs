using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>docs/odata-conformance.md answers every requirement of the protocol's section 13, in its order, and each test that it names is there.</summary>
public sealed partial class ODataConformanceDocTests
{
    private sealed record Row(string Number, string Asks, string Answer, string[] Tests);

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

    private static readonly Dictionary<string, List<Row>> Tables = Heading().Split(Checkout.Read("docs", "odata-conformance.md"))[1..].Chunk(2).ToDictionary(level => level[0], level => level[1].Split('\n')
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| 条", StringComparison.Ordinal)).Select(l => l.Split(" |")).Select(cells =>
            new Row(cells[0][2..].Trim(), cells[1].Trim(), cells[2].Trim(), [.. Quoted().Matches(cells[3]).Select(m => m.Groups[1].Value)])).ToList());

    [Fact]
    public void Every_requirement_has_its_row()
    {
        Assert.Equal(Standard.Keys, Tables.Keys);
        foreach (var (level, numbers) in Standard) Assert.Equal(numbers, Tables[level].Select(r => r.Number));
    }

    [Fact]
    public void Every_row_has_an_answer_and_what_is_served_has_a_test() => Assert.All(Tables.Values.SelectMany(t => t), r =>
    {
        Assert.NotEqual("", r.Asks);
        Assert.Contains(r.Answer.Split('：')[0], new[] { "是 yes", "部分 partly", "否 no", "不涉及 n/a" });
        Assert.True(r.Tests.Length > 0 || !r.Answer.StartsWith('是'), $"{r.Number} {r.Asks}: no test shows it");
    });

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var known = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests", "Services.Tests"), "*.cs").SelectMany(f => Method().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileNameWithoutExtension(f)}.{m.Groups[1].Value}")).ToHashSet();
        Assert.Empty(Tables.Values.SelectMany(t => t).SelectMany(r => r.Tests).Where(t => !known.Contains(t)).Distinct());
    }

    [GeneratedRegex(@"^## (13\.[0-9]\.[0-9]) .*$", RegexOptions.Multiline)] private static partial Regex Heading();
    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z0-9_]+)`")] private static partial Regex Quoted();
    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\](?:\s*\[[^\n]*\][^\n]*|\s*//[^\n]*)*\s*public (?:async )?(?:Task|void) ([A-Za-z0-9_]+)\(")] private static partial Regex Method();
}
