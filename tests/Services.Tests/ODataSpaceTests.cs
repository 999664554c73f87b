using System.Globalization;
using System.Text.Json;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>Every spatial function at every place where an expression may stand, on points and lines against literals of every type, each held against plain PostGIS.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataSpaceTests(ShippedService service)
{
    /// <summary>A function of a geometry and a literal, in OData and in SQL.</summary>
    private sealed record Space(string OData, string Sql, bool IsCondition = true)
    {
        public string Of(string geometry, string literal) => string.Format(CultureInfo.InvariantCulture, OData, geometry, $"geography'SRID=4326;{literal}'");
        public string SqlOf(string geometry, string literal) => string.Format(CultureInfo.InvariantCulture, Sql, geometry, $"ST_GeomFromText('{literal}', 4326)");
    }

    private static readonly Space[] Functions =
    [
        new("geo.intersects({0},{1})", "ST_Intersects({0}, {1})"), new("jietong.within({0},{1})", "ST_Within({0}, {1})"), new("jietong.contains({1},{0})", "ST_Contains({1}, {0})"), new("jietong.contains({0},{1})", "ST_Contains({0}, {1})"),
        new("jietong.crosses({0},{1})", "ST_Crosses({0}, {1})"), new("jietong.touches({0},{1})", "ST_Touches({0}, {1})"), new("jietong.disjoint({0},{1})", "ST_Disjoint({0}, {1})"),
        new("jietong.dwithin({0},{1},2000)", "ST_DWithin({0}::geography, {1}::geography, 2000)"), new("geo.distance({0},{1}) lt 3000", "ST_Distance({0}::geography, {1}::geography) < 3000"), new("geo.distance({0},{1}) le 3000", "ST_Distance({0}::geography, {1}::geography) <= 3000"),
        new("geo.distance({1},{0}) gt 3000", "ST_Distance({0}::geography, {1}::geography) > 3000"), new("geo.intersects(jietong.buffer({0},700),{1})", "ST_Intersects(ST_Buffer({0}::geography, 700)::geometry, {1})"),
        new("geo.distance({0},{1})", "ST_Distance({0}::geography, {1}::geography)", false), new("jietong.bearing({1},{0})", "degrees(ST_Azimuth(ST_Centroid({1})::geography, ST_Centroid({0})::geography))", false),
        new("geo.length({0})", "ST_Length({0}::geography)", false), new("geo.length({1})", "ST_Length({1}::geography)", false), new("jietong.area({1})", "ST_Area({1}::geography)", false),
        new("jietong.area(jietong.buffer({0},50))", "ST_Area(ST_Buffer({0}::geography, 50))", false), new("geo.distance(jietong.centroid({1}),jietong.centroid({0}))", "ST_Distance(ST_Centroid({1})::geography, ST_Centroid({0})::geography)", false),
    ];

    private static readonly Space[] Conditions = [.. Functions.Where(f => f.IsCondition)], Numbers = [.. Functions.Where(f => !f.IsCondition)];

    private static readonly string[] Literals =
    [
        "POINT(121.09976 31.3006)", "MULTIPOINT((121.09976 31.3006),(121.1503 31.28001))", "LINESTRING(121 31.28,121.2 31.3)", "MULTILINESTRING((121 31.28,121.2 31.3),(121.05 31.1,121.3 31.25))",
        "POLYGON((121 31.2,121.2 31.2,121.2 31.4,121 31.4,121 31.2),(121.05 31.25,121.1 31.25,121.1 31.28,121.05 31.28,121.05 31.25))", "MULTIPOLYGON(((121 31,121.1 31,121.1 31.1,121 31.1,121 31)),((121.09976 31.3006,121.3 31.3006,121.3 31.5,121.09976 31.5,121.09976 31.3006)))",
    ];

    /// <summary>Points and lines of several parts; lines; points.</summary>
    private static readonly (string Set, string Sql)[] Sets = [("Links", $"{LinksNow} t"), ("Roads", "(select * from road where id < 'g') t"), ("Places", "place t")];

    public static TheoryData<int, int> Pairs()
    {
        var pairs = new TheoryData<int, int>();
        for (var set = 0; set < Sets.Length; set++)
            for (var literal = 0; literal < Literals.Length; literal++) pairs.Add(set, literal);
        return pairs;
    }

    private static string Time(string set) => set == "Links" ? Days : "";

    private static string Only(string set, string? filter = null) => (set, filter) switch { ("Roads", null) => "&$filter=id lt 'g'", ("Roads", _) => $"&$filter=id lt 'g' and ({filter})", (_, null) => "", _ => $"&$filter={filter}" };

    private async Task<string> Ids(string set, string options) => string.Join(' ', (await service.Ask($"{set}?$select=id{options}{Time(set)}")).GetProperty("value").EnumerateArray().Select(r => r.GetProperty("id").GetString()));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task In_a_filter_and_its_negation(int set, int literal)
    {
        var ((name, from), wkt) = (Sets[set], Literals[literal]);
        foreach (var f in Conditions)
        {
            var expected = await service.Database.Column($"select coalesce(string_agg(id, ' ' order by id) filter (where {f.SqlOf("geom", wkt)}), '') || '|' || coalesce(string_agg(id, ' ' order by id) filter (where ({f.SqlOf("geom", wkt)}) is not true), '') from {from}");
            Assert.Equal($"{f.OData} {expected[0]}", $"{f.OData} {await Ids(name, Only(name, f.Of("geometry", wkt)))}|{await Ids(name, Only(name, $"not ({f.Of("geometry", wkt)})"))}");
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task In_an_order(int set, int literal)
    {
        var ((name, from), wkt) = (Sets[set], Literals[literal]);
        foreach (var f in Numbers)
            Assert.Equal($"{f.OData} {string.Join(' ', await service.Database.Column($"select id from {from} order by {f.SqlOf("geom", wkt)} desc nulls last, id desc"))}", $"{f.OData} {await Ids(name, $"&$orderby={f.Of("geometry", wkt)} desc,id desc{Only(name)}")}");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task In_computed_columns(int set, int literal)
    {
        var ((name, from), wkt) = (Sets[set], Literals[literal]);
        var columns = Functions.Select((f, i) => (Name: $"x{i}", f.IsCondition, OData: f.Of("geometry", wkt), Sql: f.SqlOf("geom", wkt))).ToList();
        await service.Agrees($"{name}?$compute={string.Join(',', columns.Select(c => $"{c.OData} as {c.Name}"))}&$select=id,{string.Join(',', columns.Select(c => c.Name))}{Only(name)}{Time(name)}",
            $"select json_build_object('id', id, {string.Join(", ", columns.Select(c => $"'{c.Name}', {c.Sql}"))}) from {from} order by id");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task In_aggregates_and_keys_of_groups(int set, int literal)
    {
        var ((name, from), wkt) = (Sets[set], Literals[literal]);
        var values = Numbers.Select((f, i) => (Name: $"x{i}", Method: i % 3 == 0 ? "sum" : i % 3 == 1 ? "max" : "average", OData: f.Of("geometry", wkt), Sql: f.SqlOf("geom", wkt))).ToList();
        await service.Agrees($"{name}?$apply={(name == "Roads" ? "filter(id lt 'g')/" : "")}aggregate({string.Join(',', values.Select(v => $"{v.OData} with {v.Method} as {v.Name}"))}){Time(name)}",
            $"select json_build_object({string.Join(", ", values.Select(v => $"'{v.Name}', {v.Method.Replace("average", "avg", StringComparison.Ordinal)}({v.Sql})"))}) from {from}");
        var keys = Conditions.Select((f, i) => (Name: $"k{i}", OData: f.Of("geometry", wkt), Sql: f.SqlOf("geom", wkt))).ToList();
        var given = Lines(await service.Ask($"{name}?$apply={(name == "Roads" ? "filter(id lt 'g')/" : "")}compute({string.Join(',', keys.Select(k => $"{k.OData} as {k.Name}"))})/groupby(({string.Join(',', keys.Select(k => k.Name))}),aggregate($count as n)){Time(name)}"));
        var expected = await service.Database.Lines($"select json_build_object({string.Join(", ", keys.Select(k => $"'{k.Name}', {k.Name}"))}, 'n', count(*)) from (select {string.Join(", ", keys.Select(k => $"{k.Sql} as {k.Name}"))} from {from}) x group by {string.Join(", ", keys.Select(k => k.Name))}");
        Assert.Equal(expected.Order(), given.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task In_rows_inside_a_row_and_in_lambdas(int literal)
    {
        var wkt = Literals[literal];
        foreach (var (f, i) in Functions.Select((f, i) => (f, i)))
        {
            var (condition, conditionSql) = f.IsCondition ? (f.Of("geometry", wkt), f.SqlOf("s.geom", wkt)) : ($"{f.Of("geometry", wkt)} ge {i}", $"{f.SqlOf("s.geom", wkt)} >= {i}");
            var given = Lines(await service.Ask($"Lines?$select=id&$expand=Stops($compute={f.Of("geometry", wkt)} as x;$filter={condition};$orderby=x desc,id desc;$top=3;$select=id,x)"));
            Assert.Equal(await service.Database.Lines($"""
                select json_build_object('id', l.id, 'Stops', coalesce((select json_agg(json_build_object('id', y.id, 'x', y.x) order by y.x desc, y.id desc) from (select s.id, {f.SqlOf("s.geom", wkt)} as x from stop s where s.line_id = l.id and {conditionSql} order by 2 desc nulls last, 1 desc limit 3) y), '[]')) from transit_line l order by l.id
                """), given);
            Assert.Equal(string.Join(' ', await service.Database.Column($"select id from transit_line l where exists (select from stop s where s.line_id = l.id and {conditionSql}) order by id")), await Ids("Lines", $"&$filter=Stops/any(s:{condition.Replace("geometry", "s/geometry", StringComparison.Ordinal)})"));
        }
    }

    /// <summary>The tables above tell something: each condition holds for some rows of some set and literal, and fails for others.</summary>
    [Fact]
    public async Task Each_condition_holds_somewhere()
    {
        foreach (var f in Conditions)
        {
            var counts = await service.Database.Column(string.Join(" union all ", Sets.SelectMany(s => Literals.Select(l => $"select count(*) filter (where {f.SqlOf("geom", l)}) || '/' || count(*) from {(s.Set == "Links" ? "link" : s.Sql)}"))));
            Assert.True(counts.Any(c => c.Split('/') is [var some, var all] && some != "0" && some != all), f.OData);
        }
    }
}
