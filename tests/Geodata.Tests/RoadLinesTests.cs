using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>A bureau's road layer becomes a network: joined where its lines meet, classed by the words of Chinese standards.</summary>
public sealed class RoadLinesTests(RoadLinesTests.World world) : IClassFixture<RoadLinesTests.World>, IDisposable
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    private static ImportRequest Streets(ImportRequest request) => request with { Into = "streets" };

    private const string Head = "编号,路名,道路等级,单行,限速,限宽,WKT\n";

    // A cross of two roads that share a vertex, a branch whose end misses the vertex by 5 cm, and one that misses it by 30 cm.
    private const string Cross = Head + """
        11,江浦路,主干路,,50,,"LINESTRING (121 31, 121.01 31, 121.02 31)"
        12,新乐路,次干路,是,,,"LINESTRING (121.01 31.01, 121.01 31)"
        13,石浦路,支路,逆向,,1.8,"LINESTRING (121.0100005 31, 121.01 30.99)"
        14,远路,四级公路,双向,30km/h,,"LINESTRING (121.01 30.999997, 121.0099 30.99)"
        """;

    [Fact]
    public async Task Lines_meet_where_their_vertices_coincide_to_a_decimetre()
    {
        var report = await files.Import(files.Text("roads.csv", Cross), Streets);
        Assert.Equal(5L, await world.Database.Scalar<long>("select count(*) from street where dataset_id = 'roads'"));
        Assert.Equal(4, await world.Database.Scalar<long>("select count(*) from street where dataset_id = 'roads' and (from_junction, to_junction)::text ~ (select id::text from street_junction j where dataset_id = 'roads' and ST_DWithin(geom, 'SRID=4326;POINT(121.01 31)', 1e-6))"));
        Assert.Equal(["primary 江浦路 50 maxspeed", "primary 江浦路 50 maxspeed", "residential 石浦路 30 class", "secondary 新乐路 50 class", "unclassified 远路 30 maxspeed"],
            await world.Database.Column("select class || ' ' || name || ' ' || speed_kmh || ' ' || speed_basis from street where dataset_id = 'roads' order by 1"));
        Assert.Equal(["false false", "true false"], await world.Database.Column("select (car_forward_ms is not null)::text || ' ' || (car_backward_ms is not null)::text from street where dataset_id = 'roads' and name in ('新乐路', '石浦路') order by name desc, 1"));
        Assert.Equal("maxwidth=1.8", await world.Database.Scalar<string>("select barred_by from street where dataset_id = 'roads' and name = '石浦路'"));
        Assert.Equal(2L, await world.Database.Scalar<long>("select count(distinct island) from street where dataset_id = 'roads'"));
        Assert.Equal(5, report.Figures["streets"]);
    }

    [Fact]
    public async Task A_newer_file_keeps_the_names_of_streets_whose_ends_stay()
    {
        await files.Import(files.Text("again.csv", Cross), Streets);
        var change = (await files.Import(files.Text("again.csv", Cross.Replace("石浦路", "石浦大道", StringComparison.Ordinal) + "\n15,新路,县道,,,,\"LINESTRING (121.02 31, 121.03 31)\"\n"), Streets)).Tables.Single(t => t.Table == "street");
        Assert.Equal((1, 1, 0), (change.Added, change.Changed, change.Removed));
    }

    private static string Line(string? id, double latitude, string more = "") => FormattableString.Invariant(
        $$$"""{"type":"Feature"{{{(id is null ? "" : $",\"id\":{id}")}}},"properties":{"道路等级":"支路"{{{more}}}},"geometry":{"type":"LineString","coordinates":[[121,{{{latitude}}}],[121.01,{{{latitude}}}]]}}""");

    private static readonly string[] Ids = ["7", "\"甲-1\"", "\"甲-2\"", "\"007\"", "9007199254740993"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_feature_put_in_at_the_top_is_one_street_more_where_features_have_ids(bool hasIds)
    {
        var (name, lines) = (hasIds ? "ids.geojson" : "noids.geojson", Ids.Select((id, i) => Line(hasIds ? id : null, 31 + i / 100.0)).ToArray());
        var first = await files.Import(files.Collection(name, lines), Streets);
        var newer = await files.Import(files.Collection(name, [Line(hasIds ? "\"新\"" : null, 30.9), .. lines]), Streets);
        var (streets, junctions) = (newer.Tables.Single(t => t.Table == "street"), newer.Tables.Single(t => t.Table == "street_junction"));
        Assert.Equal((hasIds ? (1, 0) : (6, 5), (2, 0)), ((streets.Added, streets.Removed), (junctions.Added, junctions.Removed)));
        foreach (var report in new[] { first, newer }) Assert.Equal(!hasIds, report.Notes.Any(n => n.Zh.StartsWith("要素没有编号，以行号识别", StringComparison.Ordinal)));
        if (hasIds) Assert.Contains(await world.Database.Column("select way_ids::text from street where dataset_id = 'ids'"), ways => ways == "{7}");
    }

    [Fact]
    public async Task Ids_that_become_the_same_number_are_refused() =>
        Assert.Contains("feature 2, id = \"941233647195009\": becomes the same number of a way, 941233647195009, as id \"甲\"", await files.Refusal(files.Collection("same.geojson", Line("\"甲\"", 31), Line("941233647195009", 31.1)), Streets), StringComparison.Ordinal);

    [Fact]
    public async Task Lines_without_length_and_columns_that_say_nothing_of_streets_are_told()
    {
        var report = await files.Import(files.Text("short.csv", "编号,路名,宽度,备注,WKT\na,路,窄,,\"LINESTRING (121 31, 121.1 31)\"\nb,点,12,x,\"LINESTRING (121 31, 121 31)\"\n"), Streets);
        Assert.Contains(report.Notes, n => n.Zh == "1 条线没有长度（不足 0.1 米），未收：row 2。" && n.En.StartsWith("Lines without length (less than 0.1 m) are left out, 1 of them: row 2", StringComparison.Ordinal));
        Assert.Contains(report.Notes, n => n.Zh == "未读取的列：备注, 宽度。“宽度”是道路自身的宽度，不是通行限制；限制请用列名 限宽。" && n.En.Contains("maxwidth", StringComparison.Ordinal));
        Assert.Contains("no line of it has a length", await files.Refusal(files.Text("none.csv", "编号,WKT\nb,\"LINESTRING (121 31, 121 31)\"\n"), Streets), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,路,支路,,,窄,\"LINESTRING (121 31, 121.1 31)\"\n", "row 1, 限宽 = \"窄\"", "0.5 to 50 m")]
    [InlineData("1,路,超级公路,,,,\"LINESTRING (121 31, 121.1 31)\"\n", "row 1, 道路等级 = \"超级公路\"", "no class of road", "一级公路")]
    [InlineData("1,路,支路,也许,,,\"LINESTRING (121 31, 121.1 31)\"\n", "row 1, 单行 = \"也许\"", "direction")]
    [InlineData("1,路,支路,,很快,,\"LINESTRING (121 31, 121.1 31)\"\n", "row 1, 限速 = \"很快\"", "km/h")]
    [InlineData("1,路,支路,,,-3,\"LINESTRING (121 31, 121.1 31)\"\n", "row 1, 限宽 = \"-3\"")]
    [InlineData("1,路,支路,,,,POINT (121 31)\n", "row 1, geometry = \"POINT\"", "is no line")]
    public async Task A_row_that_is_no_road_is_refused_with_its_column(string row, params string[] says)
    {
        var message = await files.Refusal(files.Text("bad.csv", Head + row), Streets);
        Assert.All(says, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
