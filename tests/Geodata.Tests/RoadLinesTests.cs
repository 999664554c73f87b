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

    [Theory]
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
