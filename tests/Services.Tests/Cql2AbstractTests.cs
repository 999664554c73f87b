using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The abstract tests of the standard (OGC 21-065r2, annex A) that ask a server about its own properties: up to four properties of each type in every layer, in both encodings.</summary>
[Collection(nameof(ShippedService))]
public sealed class Cql2AbstractTests(ShippedService service)
{
    private static readonly List<Layer> Layers = [.. Catalogue.Collections.Where(l => l.Time != TimeArguments.SinceAsOfAndKnownBy && !l.From.Contains("gain", StringComparison.Ordinal)).DistinctBy(l => l.From)];

    private static IEnumerable<(Layer Layer, Column Column, string Name)> Properties(params ColumnType[] types) => Layers.SelectMany(l => l.Columns.Where(c => types.Contains(c.Type)).GroupBy(c => c.Type).SelectMany(g => g.Take(4)).Select(c => (l, c, $"\"{c.Name}\"")));

    private static readonly ColumnType[] Scalars = [ColumnType.Text, ColumnType.Bool, ColumnType.Number, ColumnType.Integer, ColumnType.Timestamp, ColumnType.Date];

    private static string ValueOf(ColumnType type) => type switch { ColumnType.Text => "'foo'", ColumnType.Bool => "true", ColumnType.Number => "3.14", ColumnType.Integer => "1", ColumnType.Timestamp => "TIMESTAMP('2022-04-14T14:48:46Z')", _ => "DATE('2022-04-14')" };

    private async Task<HashSet<string>> Found(Layer layer, string filter)
    {
        var expression = Cql2Filter.Read(filter, json: false, layer);
        Assert.Equal(Cql2Asking.Written(layer, expression), Cql2Asking.Written(layer, Cql2Filter.Read(Cql2Asking.InJson(filter), json: true, layer)));
        return [.. await service.Database.Keys(layer, expression)];
    }

    private async Task Apart(Layer layer, string one, string other) => Assert.Empty((await Found(layer, one)).Intersect(await Found(layer, other)));

    private async Task Same(Layer layer, string one, string other) => Assert.Equal(await Found(layer, one), await Found(layer, other));

    // basic-cql2: comparison; property-property: comparison-value-property
    [Fact]
    public async Task Comparison()
    {
        foreach (var (layer, column, name) in Properties(Scalars))
            foreach (var (left, right) in new[] { (name, ValueOf(column.Type)), (ValueOf(column.Type), name) })
            {
                await Apart(layer, $"{left} = {right}", $"{left} <> {right}");
                await Apart(layer, $"{left} > {right}", $"{left} <= {right}");
                await Apart(layer, $"{left} < {right}", $"{left} >= {right}");
            }
    }

    // basic-cql2: is-null, boolean
    [Fact]
    public async Task Is_null_and_truth_values()
    {
        foreach (var (layer, _, name) in Properties([.. Scalars, ColumnType.Geometry, ColumnType.TextList, ColumnType.Json])) await Apart(layer, $"{name} IS NULL", $"{name} is not null");
        foreach (var layer in Layers) { Assert.Empty(await Found(layer, "false")); await Found(layer, "true"); }
    }

    // property-property: comparison-property-property, comparison-value-value
    [Fact]
    public async Task Comparison_with_itself()
    {
        foreach (var (layer, column, name) in Properties(Scalars))
            foreach (var side in new[] { name, ValueOf(column.Type) })
            {
                foreach (var sign in new[] { "<>", "<", ">" }) Assert.Empty(await Found(layer, $"{side} {sign} {side}"));
                await Same(layer, $"{side} = {side}", $"{side} >= {side}");
                await Same(layer, $"{side} = {side}", $"{side} <= {side}");
            }
    }

    // advanced-comparison-operators: like, between, in; case-insensitive-comparison; accent-insensitive-comparison
    [Fact]
    public async Task Like_between_in_case_and_accents()
    {
        foreach (var (layer, _, p) in Properties(ColumnType.Text))
        {
            await Apart(layer, $"{p} like '_%'", $"{p} like ''");
            await Same(layer, $"{p} LIKE '%'", $"{p} like '%%'");
            await Found(layer, $@"{p} like '\\%\\_'");
            await Found(layer, $"{p} in ('foo', 'bar')");
            await Apart(layer, $"CASEI({p}) = casei('foo')", $"CASEI({p}) <> casei('FOO')");
            await Same(layer, $"CASEI({p}) LIKE casei('foo%')", $"CASEI({p}) LIKE casei('FOO%')");
            await Apart(layer, $"ACCENTI({p}) = accenti('äöüéáí')", $"ACCENTI({p}) <> accenti('aoueai')");
            await Same(layer, $"ACCENTI({p}) LIKE accenti('Ä%')", $"ACCENTI({p}) LIKE accenti('A%')");
            await Same(layer, $"ACCENTI(CASEI({p})) = accenti(casei('ÄÉ'))", $"ACCENTI(CASEI({p})) = accenti(casei('ae'))");
            await Same(layer, $"ACCENTI(CASEI({p})) LIKE accenti(casei('Ä%'))", $"ACCENTI(CASEI({p})) LIKE accenti(casei('a%'))");
        }
        foreach (var (layer, _, p) in Properties(ColumnType.Number, ColumnType.Integer)) foreach (var filter in new[] { $"{p} BETWEEN 0 AND 100", $"{p} between 100.0 and 1.0", $"{p} IN (1, 2, 3)" }) await Found(layer, filter);
        foreach (var (layer, _, p) in Properties(ColumnType.Bool)) await Found(layer, $"{p} in (true)");
        foreach (var (layer, _, p) in Properties(ColumnType.Timestamp)) await Found(layer, $"{p} in ('2022-04-14T14:52:56Z', '2022-04-14T15:52:56Z')");
        foreach (var (layer, _, p) in Properties(ColumnType.Date)) await Found(layer, $"{p} in ('2022-04-14', '2022-04-15')");
    }

    // basic-spatial-functions, basic-spatial-functions-plus, spatial-functions
    [Fact]
    public async Task Geometries()
    {
        const string all = "BBOX(-180,-90,180,90)", world = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))", line = "LINESTRING(7 50,10 51)";
        foreach (var (layer, _, g) in Properties(ColumnType.Geometry))
        {
            await Same(layer, $"S_INTERSECTS({g},{all})", $"S_INTERSECTS({g},{world})");
            await Found(layer, $"S_INTERSECTS({g},BBOX(-180,-90,-90,90)) AND S_INTERSECTS({g},BBOX(90,-90,180,90))");
            foreach (var literal in new[] { line, "POINT(7.02 49.92)", "LINESTRING(-180 -45, 0 -45)", "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))", "POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50))",
                "MULTIPOLYGON(((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)),((0 0, 10 0, 10 10, 0 10, 0 0)))", "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))" })
                await Apart(layer, $"S_INTERSECTS({g},{literal})", $"S_DISJOINT({g},{literal})");
            foreach (var invalid in new[] { "POINT(90 180)", "MULTIPOINT(7.02 49.92, 90 180)" })
                Assert.Throws<Geodata.InputException>(() => Cql2Filter.Read($"S_INTERSECTS({g},{invalid})", json: false, layer));
            Assert.Empty(await Found(layer, $"S_DISJOINT({g},{all})"));
            foreach (var name in new[] { "S_EQUALS", "S_TOUCHES", "S_CROSSES", "S_WITHIN", "S_CONTAINS", "S_OVERLAPS" })
                foreach (var literal in new[] { all, world, line, "MULTIPOINT(7 50,10 51)", "POINT(7.02 49.92)" }) await Found(layer, $"{name}({g},{literal})");
            await Same(layer, $"S_WITHIN({g},{all})", $"S_WITHIN({g},{world})");
            await Same(layer, $"S_CONTAINS({g},{all})", $"S_CONTAINS({g},{world})");
        }
    }

    // temporal-functions-1 and -2
    [Fact]
    public async Task Times()
    {
        string[] both = ["T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS"], intervals = ["T_CONTAINS", "T_DURING", "T_FINISHEDBY", "T_FINISHES", "T_MEETS", "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS"];
        foreach (var layer in Layers)
        {
            var times = layer.Columns.Where(c => c.Type is ColumnType.Date or ColumnType.Timestamp).Take(3).ToList();
            foreach (var a in times)
            {
                var literals = a.Type == ColumnType.Date ? new[] { "DATE('2022-04-24')", "INTERVAL('2021-01-01','2021-12-31')" } : ["TIMESTAMP('2022-04-24T07:59:57Z')", "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"];
                foreach (var name in both) foreach (var literal in literals) await Found(layer, $"{name}(\"{a.Name}\",{literal})");
                foreach (var b in times) foreach (var name in both.Concat(intervals)) await Found(layer, $"{name}(INTERVAL(\"{a.Name}\",\"{b.Name}\"),{literals[1]})");
                foreach (var name in intervals) Assert.Throws<Geodata.InputException>(() => Cql2Filter.Read($"{name}(\"{a.Name}\",{literals[1]})", json: false, layer));
            }
        }
    }

    // array-functions; arithmetic
    [Fact]
    public async Task Lists_and_arithmetic()
    {
        foreach (var (layer, _, p) in Properties(ColumnType.TextList)) foreach (var name in new[] { "A_CONTAINS", "A_CONTAINEDBY", "A_EQUALS", "A_OVERLAPS" }) await Found(layer, $"{name}({p},('foo','bar'))");
        foreach (var (layer, _, p) in Properties(ColumnType.Number, ColumnType.Integer))
            foreach (var sign in new[] { "+", "-", "*", "/", "%", "div", "^" }) { await Found(layer, $"{p} {sign} 2 > 3.5"); await Found(layer, $"({p} {sign} 3) between 1 and {p} * 2"); }
    }

    /// <summary>functions: each that the list names, with arguments of the types that it names.</summary>
    [Fact]
    public async Task Functions()
    {
        var layer = Catalogue.Layer("Attestations");
        foreach (var function in Cql2Filter.Functions)
        {
            var arguments = function.Takes.Select(t => t switch { ColumnType.Text => "'a1b'", ColumnType.Integer => "1", ColumnType.Number => "2.5", ColumnType.Date => "\"heldFrom\"", ColumnType.Timestamp => "\"recordedAt\"", _ => "LINESTRING(121 31,122 31.5)" });
            var call = $"{function.Name}({string.Join(',', arguments)})";
            foreach (var filter in function.Gives switch { ColumnType.Bool => new[] { call, $"NOT {call}", $"{call} = true" }, ColumnType.Geometry => [$"S_INTERSECTS({call},POINT(121 31))", $"{call} IS NULL"], ColumnType.Text => [$"{call} LIKE 'a%'", $"CASEI({call}) = 'a'"], ColumnType.Date => [$"{call} > DATE('2020-01-01')"], ColumnType.Timestamp => [$"T_AFTER({call}, DATE('2020-01-01'))"], _ => [$"{call} > 1", $"{call} * 2 between 0 and 1", $"{call} in (1, 2)"] })
                await Found(layer, filter);
            Assert.All(function.Arguments.SelectMany(a => a).Concat(function.Returns), t => Assert.Contains(t, (string[])["string", "number", "integer", "datetime", "geometry", "boolean"]));
            Assert.True(function.TitleZh.Length > 0 && function.TitleEn.Length > 0);
        }
    }
}
