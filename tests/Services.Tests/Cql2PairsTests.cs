using System.Text.RegularExpressions;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The two encodings say the same: each pair of tests/Spec/cql2-pairs.txt is one expression, however often it is turned from one into the other.</summary>
public sealed class Cql2PairsTests
{
    private static Column Of(string name, ColumnType type) => new(name, type, name, name);

    /// <summary>One property of each type.</summary>
    internal static readonly Layer Layer = new("Things", "事物", "Things", "thing", "name",
    [
        Of("name", ColumnType.Text), Of("nameEn", ColumnType.Text), Of("名称", ColumnType.Text), Of("eo:instrument", ColumnType.Text) with { Sql = "{t}.instrument" }, Of("floors", ColumnType.Integer), Of("value", ColumnType.Number), Of("foo", ColumnType.Integer), Of("bar", ColumnType.Number), Of("pool", ColumnType.Bool),
        Of("built", ColumnType.Date), Of("updated", ColumnType.Timestamp), Of("starts", ColumnType.Timestamp), Of("ends", ColumnType.Timestamp), Of("tags", ColumnType.TextList), Of("parts", ColumnType.Json), Of("geometry", ColumnType.Geometry),
    ])
    { Collection = "things" };

    internal static readonly List<(string Text, string Json)> Pairs =
        [.. Checkout.Read("tests", "Spec", "cql2-pairs.txt").Split('\n').Where(l => l != "" && l[0] != '#' && !l.StartsWith("==", StringComparison.Ordinal)).Chunk(2).Select(p => (p[0], p[1]))];

    public static IEnumerable<object[]> All() => Pairs.Select(p => new object[] { p.Text, p.Json });

    [Theory]
    [MemberData(nameof(All))]
    public void Text_and_JSON_are_one_expression(string text, string json)
    {
        var expected = Written(text, false);
        Assert.Equal(expected, Written(json, true));
        Assert.Equal(expected, Written(Cql2Asking.InJson(text), true));
        Assert.Equal(expected, Written($" \t\u3000( {text} )\r\n", false));
    }

    private static string Written(string filter, bool json) => Cql2Asking.Written(Layer, Cql2Filter.Read(filter, json, Layer));

    public static IEnumerable<object[]> Bad() => Checkout.Read("tests", "Spec", "cql2-bad.txt").Split('\n').Where(l => l != "" && l[0] != '#').Select(l => l.Split("  ->  ")).Select(p => new object[] { p[0], p[1] });

    /// <summary>What is wrong is refused with its place and what to do.</summary>
    [Theory]
    [MemberData(nameof(Bad))]
    public void A_wrong_filter_is_refused_with_its_place(string filter, string message)
    {
        var refused = Assert.Throws<InputException>(() => Cql2Filter.Read(filter, filter.StartsWith('{') || filter.StartsWith('['), Layer));
        Assert.True(refused.Message.StartsWith("CQL2 at ", StringComparison.Ordinal) && refused.Message.Contains(message, StringComparison.Ordinal), refused.Message);
    }

    public static IEnumerable<object[]> Large()
    {
        string Times(string text, int n) => string.Concat(Enumerable.Repeat(text, n));
        yield return [Times("(", 100_000) + "true" + Times(")", 100_000), false, "nested"];
        yield return [Times("(", 100_000), false, "nested"];
        yield return [Times("NOT ", 100_000) + "true", false, "nested"];
        yield return [Times("CASEI(", 100_000), false, "nested"];
        yield return [Times("T_AFTER(INTERVAL(", 50_000), false, "nested"];
        yield return ["A_EQUALS" + Times("(", 100_000), false, "nested"];
        yield return ["floors = " + Times("1+", 100_000) + "1", false, "in a row"];
        yield return ["floors = " + Times("2*", 100_000) + "1", false, "in a row"];
        yield return ["floors IN (" + Times("1,", 100_000) + "1)", false, "more than 10000"];
        yield return [Times("GEOMETRYCOLLECTION(", 50_000), false, "wanted"];
        yield return [$"S_INTERSECTS(geometry,LINESTRING({Times("1 1,", 5_000)}1 1))", false, "vertices"];
        yield return [$"S_INTERSECTS(geometry,GEOMETRYCOLLECTION({Times("POINT(1 1),", 5_000)}POINT(1 1)))", false, "vertices"];
        yield return [new string('x', (1 << 20) + 1), false, "characters"];
        yield return [Times("""{"op":"not","args":[""", 40_000), true, "nested"];
        yield return [Times("""{"op":"not","args":[""", 10_000) + "true" + Times("]}", 10_000), true, "nested"];
        yield return [Times("[", 100_000) + Times("]", 100_000), true, "nested"];
        yield return [$$"""{"op":"in","args":[{"property":"floors"},[{{Times("1,", 100_000)}}1]]}""", true, "more than 10000"];
        yield return [$$"""{"op":"s_intersects","args":[{"property":"geometry"},{"type":"LineString","coordinates":[{{Times("[1,1],", 5_000)}}[1,1]]}]}""", true, "vertices"];
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void What_is_too_large_is_refused_at_once(string filter, bool json, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Cql2Filter.Read(filter, json, Layer)).Message, StringComparison.Ordinal);

    /// <summary>Deep but within bounds, and wide: both are read, and written as SQL.</summary>
    [Fact]
    public void What_is_within_the_bounds_is_read()
    {
        Written(string.Concat(Enumerable.Repeat("(", 98)) + "true" + string.Concat(Enumerable.Repeat(")", 98)), false);
        Written(string.Concat(Enumerable.Repeat("NOT ", 98)) + "true", false);
        Written(string.Concat(Enumerable.Repeat("""{"op":"not","args":[""", 98)) + "true" + string.Concat(Enumerable.Repeat("]}", 98)), true);
        Written(string.Join(" AND ", Enumerable.Repeat("floors=1", 450)), false);
        Written($"floors IN ({string.Join(',', Enumerable.Range(0, 10_000))})", false);
        Written($"S_INTERSECTS(geometry,LINESTRING({string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"{i / 100.0} 1"))}))", false);
        Assert.Contains("too large", Assert.Throws<InputException>(() => Written(string.Join(" AND ", Enumerable.Repeat("floors=1", 1_000)), false)).Message, StringComparison.Ordinal);
    }

    /// <summary>docs/cql2.md names every function, and tests that are there.</summary>
    [Fact]
    public void The_page_for_users_names_what_is_there()
    {
        var page = Checkout.Read("docs", "cql2.md");
        Assert.All(Cql2Filter.Functions, f => Assert.Contains($"`{f.Name}`", page, StringComparison.Ordinal));
        var named = Regex.Matches(page, @"`(Pairs|Property|Standard|Abstract|Register)\.(\w+)`");
        Assert.True(named.Count > 20);
        Assert.All(named, n => Assert.NotNull(typeof(Cql2PairsTests).Assembly.GetType($"Jietong.Services.Tests.Cql2{n.Groups[1].Value}Tests")?.GetMethod(n.Groups[2].Value)));
    }
}
