using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Microsoft.FSharp.Core;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Random filters: what is written holds no value, and what PostGIS answers is what a reading of the tree in C# answers.</summary>
public sealed class FilterPropertyTests(FilterPropertyTests.World world) : IClassFixture<FilterPropertyTests.World>
{
    /// <summary>Links whose names and notes are nasty, some of them null.</summary>
    public sealed class World : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;
        internal List<Dictionary<string, object?>> Rows { get; private set; } = [];

        public async Task InitializeAsync()
        {
            var drawn = new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("late", "STATE", "2020-06-01").Row("targets.csv", "t,l3,,open,2019,stated,,,gov,p,,");
            for (var i = 0; i < 14; i++)
            {
                var (id, text) = ($"l{i}", Nasty[i % Nasty.Length]);
                drawn.Link(id, "gov", i % 3 == 0 ? "bus" : "road", i % 3 == 0 ? "service" : "missing", i % 3 == 0 ? null : """{"type":"Point","coordinates":[121,31]}""")
                    .Attest($"{id}-1", id, i % 4 == 0 ? "open" : "proposed", $"2018-0{1 + i % 5}-11", i % 2 == 0 ? "gov" : "late");
                var properties = drawn.Feature(id)["properties"]!;
                properties["nameZh"] = text + Mark;
                properties["nameEn"] = i % 2 == 0 ? text + Mark : Mark + Nasty[(i + 5) % Nasty.Length];
                properties["noteZh"] = i % 3 == 1 ? null : Mark + text + Mark;
                properties["noteEn"] = i % 4 == 1 ? null : text + Mark;
                properties["otherNames"] = new JsonArray([.. Nasty.Skip(i).Take(i % 3).Select(n => JsonValue.Create(n + Mark))]);
                if (properties["accuracyMetres"] is not null) properties["accuracyMetres"] = 10 + i % 3 * 0.5;
            }
            Database = await drawn.Load();
            Rows = await Read(Database, AllRows with { Select = [.. Columns.Select(c => c.Name), "otherNames"] });
        }

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }

    private const char Mark = '§';   // in every nasty text, and in no SQL of ours

    /// <summary>What ends a text, a statement or a pattern, or is two characters to one and one to another.</summary>
    private static readonly string[] Nasty = ["'", "''", "\"", "$1", "$$", "--", ";", "%", "_", "\\", "{t}", "{0}", "/*", "\t", "\n", "接通", "é", "e\u0301", "😀", "\u200b", "null", "'; drop table link; --"];

    private static readonly Query.Query AllRows = new(Catalogue.Links) { AsOf = new(2020, 1, 1), KnownBy = new(2021, 1, 1) };

    private static async Task<List<Dictionary<string, object?>>> Read(TestDatabase database, Query.Query query)
    {
        var read = new List<Dictionary<string, object?>>();
        await using var reader = await RowReader.Ask(database.Db, query);
        while (await reader.Read()) read.Add(Enumerable.Range(0, reader.Columns.Count).ToDictionary(i => reader.Columns[i].Name, reader.Value));
        return read;
    }

    // ---- random trees

    private static Gen<object> OneOf(params object[] values) => Gen.Elements(values);

    private static readonly Gen<object> Text = from pieces in Gen.ListOf(Gen.Elements(Nasty), 2) from n in Gen.Elements(0, 1, 1, 1, 2) from first in Gen.Elements(true, false)
        select (object)(first ? Mark + string.Concat(pieces.Take(n)) : string.Concat(pieces.Take(n)) + Mark);
    private static readonly Gen<object> Day = from month in Gen.Choose(1, 6) from day in Gen.Elements(10, 11, 12, 29) select (object)new DateOnly(2018, month, 1).AddDays(day - 1);
    private static readonly Gen<object> Truth = OneOf(true, false);

    /// <summary>Columns of every type, each with values that some rows have, and others; those of one group compare with each other.</summary>
    private static readonly (string Name, int Group, Gen<object> Values)[] Columns =
    [
        ("id", 0, Gen.Choose(0, 14).Select(i => (object)$"l{i}")), ("kind", 0, OneOf("road", "bus", "b")), ("stage", 0, OneOf("open", "proposed", "o")), ("laterEvidence", 0, OneOf("late", "gov", "")),
        ("nameZh", 0, Text), ("nameEn", 0, Text), ("noteZh", 0, Text), ("noteEn", 0, Text),
        ("evidenceAgeDays", 1, OneOf(600L, 630, 630.0, 661m, 660.5, 720L)), ("accuracyMetres", 1, OneOf(10L, 10.5, 10.5m, 10.75, 11)),
        ("heldFrom", 2, Day), ("statedOn", 2, Day), ("asOf", 2, Day), ("broken", 3, Truth), ("overdue", 3, Truth),
    ];

    /// <summary>What a column is compared with: mostly one of its values, else another column, else null.</summary>
    private static Gen<Expression> Operand((string Name, int Group, Gen<object> Values) of) => Gen.Frequency(
        (6, of.Values.Select(v => (Expression)new Literal(v))), (2, Gen.Elements(Columns.Where(c => c.Group == of.Group)).Select(c => (Expression)new ColumnValue(c.Name))), (1, Gen.Constant((Expression)new Literal(null))));

    private static Gen<Expression> Leaf((string Name, int Group, Gen<object> Values) column) => Gen.OneOf(
        from op in Gen.Elements(column.Group == 0 ? [Comparison.Equal, Comparison.NotEqual] : Enum.GetValues<Comparison>()) from other in Operand(column) from swap in Gen.Elements(true, false)
        select (Expression)(swap ? new Compare(op, other, new ColumnValue(column.Name)) : new Compare(op, new ColumnValue(column.Name), other)),
        from many in Gen.ListOf(column.Values, 5) from one in column.Values select (Expression)new In(new ColumnValue(column.Name), [.. many.Where(v => v.GetType() == one.GetType()), one]),
        column.Group == 0
            ? from list in Gen.Elements(column.Name, column.Name, "otherNames") from match in Gen.Elements(Enum.GetValues<TextMatch>()) from part in Operand(column)
              select (Expression)new Like(new ColumnValue(list), match, part)
            : from low in Operand(column) from high in Operand(column) select (Expression)new Between(new ColumnValue(column.Name), low, high));

    private static readonly Gen<Expression> Leaves = Gen.Frequency(
        (8, Gen.OneOf(Columns.Select(Leaf))), (1, Gen.Elements("noteZh", "noteEn", "laterEvidence", "accuracyMetres").Select(c => (Expression)new IsNull(new ColumnValue(c)))));

    private static Gen<Expression> Tree(int depth) => depth == 0
        ? Leaves
        : Gen.Frequency(
            (1, Tree(0)),
            (2, from left in Tree(depth - 1) from right in Tree(depth - 1) select (Expression)new And(left, right)),
            (2, from left in Tree(depth - 1) from right in Tree(depth - 1) select (Expression)new Or(left, right)),
            (2, from operand in Tree(depth - 1) select (Expression)new Not(operand)));

    private static IEnumerable<Expression> Smaller(Expression tree) => tree switch
    {
        And a => [a.Left, a.Right], Or o => [o.Left, o.Right], Not n => [n.Operand], _ => [],
    };

    private static readonly Arbitrary<Expression> Trees = Arb.From(Gen.Choose(0, 3).SelectMany(Tree), Smaller);

    /// <summary>The same trees every time. Off the test's own threads, so that waiting for them cannot starve what they wait for.</summary>
    private static Task Always(int times, Func<Expression, Task> property) => Task.Run(() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(times).WithReplay(FSharpOption<Replay>.Some(new(new Rnd(20180629, 20231203), FSharpOption<int>.None))), Prop.ForAll(Trees, property)));

    // ---- the slow reading

    private static object? Of(Expression operand, Dictionary<string, object?> row) => operand switch
    {
        ColumnValue c => row[c.Name],
        Literal { Value: int or long or decimal or double } l => Convert.ToDecimal(l.Value, CultureInfo.InvariantCulture),
        Literal l => l.Value,
        _ => throw new System.Diagnostics.UnreachableException(),
    } is var value && value is long or int ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : value;

    private static bool Holds(Expression tree, Dictionary<string, object?> row)
    {
        switch (tree)
        {
            case And a: return Holds(a.Left, row) && Holds(a.Right, row);
            case Or o: return Holds(o.Left, row) || Holds(o.Right, row);
            case Not n: return !Holds(n.Operand, row);
            case IsNull n: return Of(n.Operand, row) is null;
            case In i: return i.Values.Any(v => Equals(Of(new Literal(v), row), Of(i.Operand, row)));
            case Between b: return Holds(new Compare(Comparison.LessOrEqual, b.Low, b.Operand), row) && Holds(new Compare(Comparison.LessOrEqual, b.Operand, b.High), row);
            case Like { Part: var p } l when Of(p, row) is string part:
                return (Of(l.Text, row) switch { string[] list => list, string text => [text], _ => Array.Empty<string>() }).Any(text => l.Match switch
                {
                    TextMatch.StartsWith => text.StartsWith(part, StringComparison.Ordinal), TextMatch.EndsWith => text.EndsWith(part, StringComparison.Ordinal), _ => text.Contains(part, StringComparison.Ordinal),
                });
            case Like: return false;
            case Compare c:
                var (left, right) = (Of(c.Left, row), Of(c.Right, row));
                if (c.Operator is Comparison.Equal or Comparison.NotEqual) return Equals(left, right) == (c.Operator == Comparison.Equal);
                if (left is null || right is null) return false;
                var order = ((IComparable)left).CompareTo(right);
                return c.Operator switch { Comparison.Less => order < 0, Comparison.LessOrEqual => order <= 0, Comparison.Greater => order > 0, _ => order >= 0 };
            default: throw new NotSupportedException(tree.GetType().Name);
        }
    }

    // ---- the properties

    [Fact]
    public Task PostGIS_answers_as_the_tree_reads_and_a_filter_and_its_negation_part_the_rows() => Always(120, async tree =>
    {
        async Task<string[]> Ids(Expression filter) => [.. (await Read(world.Database, AllRows with { Filter = filter, Select = ["id"] })).Select(row => (string)row["id"]!)];
        var found = await Ids(tree);
        Assert.Equal(world.Rows.Where(row => Holds(tree, row)).Select(row => (string)row["id"]!), found);
        Assert.Equal(world.Rows.Select(row => (string)row["id"]!).Except(found), await Ids(new Not(tree)));
    });

    // Random trees seldom meet a wildcard where it would tell: each nasty text, in each way, in a text and in a list.
    [Fact]
    public async Task Texts_match_as_they_stand()
    {
        foreach (var column in (string[])["nameEn", "otherNames"])
            foreach (var match in Enum.GetValues<TextMatch>())
                foreach (var part in Nasty.Select(n => match == TextMatch.EndsWith ? n + Mark : match == TextMatch.StartsWith ? Mark + n : n).Append(""))
                {
                    var filter = new Like(new ColumnValue(column), match, new Literal(part));
                    Assert.Equal(world.Rows.Where(row => Holds(filter, row)).Select(row => row["id"]), (await Read(world.Database, AllRows with { Filter = filter, Select = ["id"] })).Select(row => row["id"]));
                }
    }

    [Fact]
    public Task No_value_is_in_the_text_which_is_the_same_for_any_values() => Always(500, tree =>
    {
        var statement = SqlWriter.Select(AllRows with { Filter = tree });
        Assert.DoesNotContain(Mark, statement.Text);
        Assert.Equal(statement.Text, SqlWriter.Select(AllRows with { Filter = Other(tree) }).Text);
        Assert.Equal(Values(tree), statement.Parameters.Skip(2).SelectMany(p => p is Array many ? many.Cast<object>() : [p]));
        return Task.CompletedTask;
    });

    /// <summary>The same tree with other values in it.</summary>
    private static Expression Other(Expression tree) => tree switch
    {
        And a => new And(Other(a.Left), Other(a.Right)), Or o => new Or(Other(o.Left), Other(o.Right)), Not n => new Not(Other(n.Operand)),
        Compare c => c with { Left = Other(c.Left), Right = Other(c.Right) }, Like l => l with { Part = Other(l.Part) },
        Between b => b with { Low = Other(b.Low), High = Other(b.High) }, In i => i with { Values = [.. i.Values, i.Values[0]] },
        Literal { Value: { } value } => new Literal(value switch { string text => text + "'x", DateOnly day => day.AddDays(1), bool truth => !truth, _ => Convert.ToDouble(value, CultureInfo.InvariantCulture) + 1 }),
        _ => tree,
    };

    private static IEnumerable<object> Values(Expression tree) => tree switch
    {
        And a => Values(a.Left).Concat(Values(a.Right)), Or o => Values(o.Left).Concat(Values(o.Right)), Not n => Values(n.Operand),
        Compare c => Values(c.Left).Concat(Values(c.Right)), Like l => Values(l.Part), Between b => Values(b.Low).Concat(Values(b.High)), In i => i.Values,
        Literal { Value: { } value } => [value], _ => [],
    };
}
