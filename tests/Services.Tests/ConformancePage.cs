using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A requirement of a standard in our words, our answer, and the tests that show it: a row of a page in docs.</summary>
internal sealed record ConformanceRow(string Number, string Asks, string Answer, string[] Tests);

/// <summary>How the pages on conformance are read, and what holds for the rows of all of them.</summary>
internal static partial class ConformancePage
{
    /// <summary>The rows of the tables of a page, by the first words of their headings.</summary>
    public static Dictionary<string, List<ConformanceRow>> Tables(string page, Regex heading) => heading.Split(Checkout.Read("docs", page))[1..].Chunk(2).ToDictionary(section => section[0], section => section[1].Split('\n')
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| 条", StringComparison.Ordinal)).Select(l => l.Split(" |")).Select(cells =>
            new ConformanceRow(cells[0][2..].Trim('`', ' '), cells[1].Trim(), cells[2].Trim(), [.. Quoted().Matches(cells[3]).Select(m => m.Groups[1].Value)])).ToList());

    public static void EveryRowHasAnAnswerAndWhatIsServedATest(IEnumerable<ConformanceRow> rows) => Assert.All(rows, r =>
    {
        Assert.NotEqual("", r.Asks);
        Assert.Contains(r.Answer.Split('：')[0], new[] { "是 yes", "部分 partly", "否 no", "不涉及 n/a" });
        Assert.True(r.Tests.Length > 0 || !r.Answer.StartsWith('是'), $"{r.Number} {r.Asks}: no test shows it");
    });

    public static void EveryTestThatIsNamedIsThere(IEnumerable<ConformanceRow> rows)
    {
        var known = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests", "Services.Tests"), "*.cs").SelectMany(f => Method().Matches(File.ReadAllText(f)).Select(m => $"{Path.GetFileNameWithoutExtension(f)}.{m.Groups[1].Value}")).ToHashSet();
        Assert.Empty(rows.SelectMany(r => r.Tests).Where(t => !known.Contains(t)).Distinct());
    }

    [GeneratedRegex("`([A-Za-z0-9]+\\.[A-Za-z0-9_]+)`")] private static partial Regex Quoted();
    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\](?:\s*\[[^\n]*\][^\n]*|\s*//[^\n]*)*\s*public (?:async )?(?:Task|void) ([A-Za-z0-9_]+)\(")] private static partial Regex Method();
}
