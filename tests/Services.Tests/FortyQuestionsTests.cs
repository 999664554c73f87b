using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>One engine under all languages: the questions of tests/Spec/forty-questions.txt find the same rows in OData, in CQL2 as text, in CQL2 as JSON, and in SQL that shares nothing with them.</summary>
[Collection(nameof(ShippedService))]
public sealed class FortyQuestionsTests(ShippedService service)
{
    private sealed record Question(string Set, string Collection, string From, string OData, string Text, string Json, string Sql, string Unknown);

    private static readonly List<Question> All = [.. Checkout.Read("tests", "Spec", "forty-questions.txt").Split("\n== ")[1..].Select(block => block.Trim().Split('\n')).Select(lines =>
        lines[0].Split(" | ") is [var names, var from] && names.Split(' ') is [var set, var collection] && lines is [_, var odata, var text, var json, var sql, .. var unknown]
            ? new Question(set, collection, from.Split("   ")[0], odata, text, json, sql, unknown.SingleOrDefault("false")) : throw new InvalidOperationException($"no heading and four lines or five: {lines[0]}"))];

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
    public async Task Four_languages_find_the_same_rows_and_their_negations_the_others(int number, string about)
    {
        var question = All[number - 1];
        Task<List<string>> Rows(string condition) => Ordered(service.Database.Column($"select {question.From} where {condition}"));
        var (found, others, unknown) = (await Rows(question.Sql), await Rows($"({question.Sql}) is not true"), await Rows($"({question.Unknown}) and ({question.Sql}) is not true"));
        Assert.NotEmpty(found);
        Assert.NotEmpty(others.Except(unknown));
        Agree(found, await OData(question, question.OData), "OData", about);
        Agree(found, await Cql2(question, question.Text, "cql2-text"), "CQL2 text", about);
        Agree(found, await Cql2(question, question.Json, "cql2-json"), "CQL2 JSON", about);
        Agree(others, await OData(question, $"not ({question.OData})"), "OData", "not " + about);
        Agree([.. others.Except(unknown)], await Cql2(question, $"NOT ({question.Text})", "cql2-text"), "CQL2 text", "not " + about);
        Agree([.. others.Except(unknown)], await Cql2(question, $$"""{"op":"not","args":[{{question.Json}}]}""", "cql2-json"), "CQL2 JSON", "not " + about);
    }

    private static void Agree(List<string> expected, List<string> given, string language, string about) =>
        Assert.True(expected.SequenceEqual(given), $"{language} differs in {string.Join(", ", expected.Except(given).Concat(given.Except(expected)))}: {about}");

    private static async Task<List<string>> Ordered(Task<List<string>> keys) => [.. (await keys).Order(StringComparer.Ordinal)];

    private async Task<List<string>> OData(Question question, string filter)
    {
        var days = Catalogue.Layer(question.Set).Time switch { TimeArguments.None => "", TimeArguments.KnownBy => Asking.Known, _ => Asking.Days };
        return [.. (await service.Ask($"{question.Set}?$filter={filter}&$select=id{days}")).GetProperty("value").EnumerateArray().Select(r => r.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }

    private Task<List<string>> Cql2(Question question, string filter, string language) =>
        Ordered(service.Items(question.Collection, $"filter={Uri.EscapeDataString(filter)}&filter-lang={language}&properties=id&limit=10000{Asking.Days}"));
}
