using System.IO.Compression;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>What a bureau stumbles over on its first day: names in Chinese, old reference systems, options that are mistyped, faults of several kinds at once.</summary>
public sealed class GisFirstDayTests(GisImportTests.World world) : IClassFixture<GisImportTests.World>, IDisposable
{
    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    private const string Roads = """
        <kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Folder><name>路</name>
        <Placemark><name>甲路</name><ExtendedData><Data name="等级"><value>国道</value></Data><Data name="单行"><value><![CDATA[否 & <无>]]></value></Data><Data name="限速"><value>60</value></Data><Data name="ref"><value>G15</value></Data></ExtendedData>
        <LineString><coordinates>121.1,31.1 121.2,31.2</coordinates></LineString></Placemark>
        <Placemark><name>乙路</name><ExtendedData><Data name="单行"><value>是</value></Data></ExtendedData><gx:balloonVisibility>1</gx:balloonVisibility><Point><coordinates>121.1,31.1</coordinates></Point></Placemark></Folder></Document></kml>
        """;

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Columns_of_a_KML_keep_their_Chinese_names(bool packed)
    {
        var dataset = packed ? "kmz" : "kml";
        var path = files.Text("roads.kml", Roads);
        if (packed)
        {
            await using var zip = await ZipFile.OpenAsync(path = files.In("roads.kmz"), ZipArchiveMode.Create);
            await zip.CreateEntryFromFileAsync(files.In("roads.kml"), "doc.kml");
        }
        await files.Import(path, r => r with { Dataset = dataset });
        Assert.Equal(["G15 国道 否 & <无> 60 甲路", "- - 是 - 乙路"], await world.Database.Column($"select concat_ws(' ', coalesce(properties ->> 'ref', '-'), coalesce(properties ->> '等级', '-'), coalesce(properties ->> '单行', '-'), coalesce(properties ->> '限速', '-'), properties ->> 'Name') from feature where dataset_id = '{dataset}' order by id"));
        Assert.Equal("false", await world.Database.Scalar<string>($"select bool_or(properties::text ~ '__|jietong')::text from feature where dataset_id = '{dataset}'"));
    }

    [Fact]
    public async Task A_KML_that_breaks_off_is_told_by_line() =>
        Assert.Contains("line 4, character", await files.Refusal(files.Text("half.kml", Roads[..^60])), StringComparison.Ordinal);

    [Theory]
    [InlineData("EPSG:4610", 121.1, 31.3, "1980 西安坐标系"), InlineData("EPSG:4214", 121.1, 31.3, "1954 北京坐标系"), InlineData("EPSG:2385", 604727.3, 3464758.2, "1980 西安坐标系"), InlineData("EPSG:2437", 604727.3, 3464758.2, "1954 北京坐标系")]
    public async Task Systems_whose_way_to_WGS84_is_not_published_are_not_taken_for_it(string crs, double x, double y, string says)
    {
        var path = files.Text($"old-{crs[5..]}.csv", FormattableString.Invariant($"x,y\n{x},{y}\n"));
        var message = await files.Refusal(path, r => r with { Crs = crs });
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Contains("--control-points", message, StringComparison.Ordinal);
        var accepted = await files.Import(path, r => r with { Crs = crs, AcceptPositions = true });
        Assert.Contains(accepted.Notes, n => n.Zh.Contains("约百米量级", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_with_a_Chinese_name_alone_gets_a_name_that_stays()
    {
        var path = files.Text("学校.csv", "name,lon,lat\n一中,121.1,31.3\n");
        var first = await Imports.Import.Run(world.Database.Db, new([path], "test"));
        Assert.Matches("^csv-[0-9a-f]{8}$", first.Reports[0].Dataset);
        Assert.Contains(first.Reports[0].Notes, n => n.En.Contains("--dataset gives it another name", StringComparison.Ordinal));
        Assert.True((await Imports.Import.Run(world.Database.Db, new([path], "test"))).Reports[0].Unchanged);
        var other = await files.Import(path, r => r with { Dataset = "schools" });
        Assert.Contains(other.Notes, n => n.En.Contains($"as the dataset {first.Reports[0].Dataset}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("学校", null, "--dataset \"学校\""), InlineData("A_b", null, "--dataset \"A_b\""), InlineData("good", "昨天", "--published \"昨天\" is not a date"), InlineData("good", "2024-13-01", "--published")]
    public async Task Options_that_are_mistyped_are_named(string dataset, string? published, string says) =>
        Assert.Contains(says, await files.Refusal(files.Text("one.csv", "lon,lat\n121.1,31.3\n"), r => r with { Dataset = dataset, Published = published }), StringComparison.Ordinal);

    [Fact]
    public async Task Where_problems_cannot_be_listed_is_said_before_anything_is_read() =>
        Assert.Contains("--problems /nowhere/p.csv", await files.Refusal(files.Text("one.csv", "lon,lat\nx,y\n"), r => r with { ProblemsFile = "/nowhere/p.csv" }), StringComparison.Ordinal);

    [Fact]
    public async Task Faults_of_all_kinds_are_told_at_once()
    {
        var path = files.Text("jobs.csv", "id,lon,lat,jobs\n1,121.1,31.3,10\n2,abc,31.3,20\n3,200,31.3,30\n4,121.2,31.3,many\n5,121.3,31.3,40\n6,121.4,31.3,50\n5,121.5,31.3,60\n");
        var problems = (await Assert.ThrowsAsync<RefusedImportException>(() => files.Import(path, r => r with { Into = "opportunities" }))).First;
        Assert.Equal(["lon", "geometry", "id", "jobs"], problems.Select(p => p.Field));
        Assert.Equal(["abc", "POINT(200 31.3)", "5", "many"], problems.Select(p => p.Value));
    }

    [Fact]
    public async Task Another_layer_of_a_file_does_not_take_the_place_of_the_first()
    {
        var path = files.Text("two.kml", Roads.Replace("</Document>", "<Folder><name>桥</name><Placemark><name>丙桥</name><Point><coordinates>121.3,31.3</coordinates></Point></Placemark></Folder></Document>", StringComparison.Ordinal));
        await files.Import(path, r => r with { FromLayer = "路" });
        var message = await files.Refusal(path, r => r with { FromLayer = "桥" });
        Assert.Contains("holds the layer \"路\" of two.kml", message, StringComparison.Ordinal);
        Assert.Contains("--dataset NAME", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_systems_are_proposed_by_what_lies_near()
    {
        var path = files.Text("metres.csv", "x,y\n604727.3,3464758.2\n");
        await using var empty = await TestDatabase.Create();
        var nowhere = await Assert.ThrowsAsync<InputException>(() => Imports.Import.Run(empty.Db, new([path], "test")));
        Assert.Contains("They may be: EPSG:", nowhere.Message, StringComparison.Ordinal);
        await Imports.Import.Run(empty.Db, new([files.Text("near.csv", "lon,lat\n121.1,31.3\n")], "test"));
        var near = await Assert.ThrowsAsync<InputException>(() => Imports.Import.Run(empty.Db, new([path], "test")));
        Assert.Contains("nearest to the data here first: EPSG:4549", near.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_area_that_crosses_itself_is_kept_and_named()
    {
        var report = await files.Import(files.Collection("bow.geojson", """{"type":"Feature","id":"a","properties":{},"geometry":{"type":"Polygon","coordinates":[[[121,31],[121.1,31.1],[121.1,31],[121,31.1],[121,31]]]}}"""));
        Assert.Equal(1, report.Figures["invalidAreas"]);
        Assert.Contains(report.Notes, n => n.En.StartsWith("1 areas cross themselves", StringComparison.Ordinal));
    }
}
