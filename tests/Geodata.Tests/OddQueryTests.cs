using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Questions that no form offers but a program may send: each has a plain answer, or is refused as input; none is an unhandled error.</summary>
public sealed class OddQueryTests(OddQueryTests.World world) : IClassFixture<OddQueryTests.World>
{
    /// <summary>Two lists: plan, whose item count is not known, and five, of five items.</summary>
    public sealed class World() : WorldFixture(() => new RegisterWorld().Source("gov", "GOV", "2018-06-29")
            .Row("lists.csv", "plan,单,Plan,,gov,p,,").Row("lists.csv", "five,单,Plan,5,gov,p,,").Load());

    private async Task<string> Ids(Layer layer, Expression filter)
    {
        var found = new List<string>();
        await using var reader = await RowReader.Ask(world.Database.Db, new Query.Query(layer) { Filter = filter, Select = ["id"] });
        while (await reader.Read()) found.Add((string)reader.Value(0)!);
        return string.Join(' ', found);
    }

    private static ColumnValue C(string n) => new(n);
    private static Literal V(object? v) => new(v);

    public static TheoryData<string, Expression, string> Cases => new()
    {
        { "in() on ints", new In(C("itemCount"), []), "" },
        { "in() text", new In(C("id"), []), "" },
        { "not in() ints", new Not(new In(C("itemCount"), [])), "five plan" },
        { "nested null", new Compare(Comparison.Equal, new Compare(Comparison.Less, C("itemCount"), V(3L)), V(false)), "five plan" },
        { "nested null ne", new Compare(Comparison.NotEqual, new Compare(Comparison.Less, C("itemCount"), V(10L)), V(true)), "plan" },
        { "isnull of compare", new IsNull(new Compare(Comparison.Less, C("itemCount"), V(10L))), "" },
        { "text vs number", new Compare(Comparison.Equal, C("nameEn"), V(5L)), "InputException" },
        { "number vs text", new Compare(Comparison.Equal, C("itemCount"), V("5")), "InputException" },
        { "in mixed", new In(C("nameEn"), ["a", 5L]), "InputException" },
        { "like number", new Like(C("itemCount"), TextMatch.Contains, V("5")), "InputException" },
        { "nul", new Compare(Comparison.Equal, C("nameEn"), V("a\0b")), "InputException" },
        { "surrogate", new Compare(Comparison.Equal, C("nameEn"), V("a\ud800b")), "InputException" },
        { "huge", new Compare(Comparison.Less, C("itemCount"), V(79228162514264337593543950335m)), "five" },
        { "double nan", new Compare(Comparison.Less, C("itemCount"), V(double.NaN)), "five" },
        { "div 0", new Compare(Comparison.Less, new Arithmetic(Operation.Divide, C("itemCount"), V(0L)), V(1L)), "InputException" },
        { "overflow", new Compare(Comparison.Less, new Arithmetic(Operation.Multiply, C("itemCount"), V(long.MaxValue)), V(1L)), "InputException" },
        { "literal only", V(true), "five plan" },
        { "literal null", V(null), "" },
        { "column not bool", C("nameEn"), "InputException" },
        { "between text num", new Between(C("itemCount"), V("a"), V("b")), "InputException" },
        { "date max", new Compare(Comparison.Less, V(DateOnly.MaxValue), V(DateOnly.MaxValue)), "" },
        { "date min", new Compare(Comparison.Less, V(DateOnly.MinValue), V(new DateOnly(2000,1,1))), "five plan" },
        { "date 9999 is not infinite", new Compare(Comparison.Equal, C("publishedLatest"), V(new DateOnly(9999, 12, 31))), "" },
    };

    [Fact]
    public async Task A_question_that_takes_too_long_is_given_up()
    {
        var slow = new Layer("Slow", "慢", "Slow", "(select 'a' as id, pg_sleep(20))", "id", [new("id", ColumnType.Text, "编号", "Id")]) { Collection = "slow" };
        var started = System.Diagnostics.Stopwatch.StartNew();
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(async () =>
        {
            await using var rows = await RowReader.Ask(world.Database.Db, new Query.Query(slow) { TimeLimit = TimeSpan.FromMilliseconds(200) });
            await rows.Read();
        });
        Assert.Equal(Npgsql.PostgresErrorCodes.QueryCanceled, error.SqlState);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(10), started.Elapsed.ToString());
        Assert.Equal("five plan", await Ids(Catalogue.Lists, V(true)));   // the connection serves on
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_odd_question_is_answered_plainly_or_refused_as_input(string what, Expression filter, string expected)
    {
        string got;
        try { got = await Ids(what.StartsWith("date 9", StringComparison.Ordinal) ? Catalogue.Sources : Catalogue.Lists, filter); }
        catch (Exception e) { got = e.GetType().Name + " " + e.Message; }
        Assert.True(got == expected || expected != "" && got.StartsWith(expected, StringComparison.Ordinal), what + ": " + got);
    }
}
