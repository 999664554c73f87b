using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>One engine under all languages: the questions of tests/Spec/forty-questions.txt find the same rows in OData, in CQL2 as text, in CQL2 as JSON, and in SQL that shares nothing with them.</summary>
[Collection(nameof(ShippedService))]
public sealed class FortyQuestionsTests(ShippedService service)
{
    private sealed record Question(string Set, string Collection, string From, string OData, string Text, string Json, string Sql);

    private static readonly List<Question> All = [.. Checkout.Read("tests", "Spec", "forty-questions.txt").Split("\n== ")[1..].Select(block => block.Trim().Split('\n')).Select(lines =>
        lines[0].Split(" | ") is [var names, var from] && names.Split(' ') is [var set, var collection] && lines is [_, var odata, var text, var json, var sql]
            ? new Question(set, collection, from.Split("   ")[0], odata, text, json, sql) : throw new InvalidOperationException($"no heading and four lines: {lines[0]}"))];

    public static TheoryData<int, string> Questions()
    {
        var questions = new TheoryData<int, string>();
        foreach (var (i, question) in All.Index()) questions.Add(i + 1, $"{question.Set}: {question.OData}");
        return questions;
    }

    [Fact]
    public void There_are_forty() => Assert.Equal(40, All.Count);

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Four_languages_find_the_same_rows_and_their_negations_all_others(int number, string about)
    {
        var question = All[number - 1];
        var rows = await service.Database.Column($"select {question.From}");
        var found = await Same(question, about);
        var others = await Same(question with { OData = $"not ({question.OData})", Text = $"NOT ({question.Text})", Json = $$"""{"op":"not","args":[{{question.Json}}]}""", Sql = $"({question.Sql}) is not true" }, "not " + about);
        Assert.NotEmpty(found);
        Assert.NotEmpty(others);
        Assert.Equal(rows.Order(StringComparer.Ordinal), found.Concat(others).Order(StringComparer.Ordinal));
    }

    /// <summary>The keys, by whatever language one asks.</summary>
    private async Task<List<string>> Same(Question question, string about)
    {
        List<string> Ordered(IEnumerable<string> keys) => [.. keys.Order(StringComparer.Ordinal)];
        void Agree(List<string> expected, List<string> given, string language) => Assert.True(expected.SequenceEqual(given), $"{language} differs in {string.Join(", ", expected.Except(given).Concat(given.Except(expected)))}: {about}");
        var expected = Ordered(await service.Database.Column($"select {question.From} where {question.Sql}"));
        var days = Catalogue.Layer(question.Set).Time switch { TimeArguments.None => "", TimeArguments.KnownBy => Asking.Known, _ => Asking.Days };
        Agree(expected, Ordered((await service.Ask($"{question.Set}?$filter={question.OData}&$select=id{days}")).GetProperty("value").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)), "OData");
        foreach (var (language, filter) in new[] { ("cql2-text", question.Text), ("cql2-json", question.Json) })
            Agree(expected, Ordered(await service.Items(question.Collection, $"filter={Uri.EscapeDataString(filter)}&filter-lang={language}&properties=id&limit=10000{Asking.Days}")), language);
        return expected;
    }
}
