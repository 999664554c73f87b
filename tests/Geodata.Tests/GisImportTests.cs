using System.IO.Compression;
using System.Text;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>GIS files with one fault each lead to it, and change nothing; right ones come in as they are.</summary>
public sealed class GisImportTests(GisImportTests.World world) : IClassFixture<GisImportTests.World>, IDisposable
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    private static string Feature(string geometry, string more = "") => $$"""{"type":"Feature","properties":{"name":"桥"},"geometry":{{geometry}}{{more}}}""";

    private const string Good = """{"type":"Feature","properties":{"name":"路"},"geometry":{"type":"Point","coordinates":[121.1,31.3]}}""";

    [Theory]
    [InlineData("""{"type":"FeatureCollection","features":[{]}""", "line 1, byte 42", "is no JSON")]
    [InlineData("""{"type":"FeatureCollection","features":[""", "is no JSON")]
    [InlineData("""[1]""", "no JSON object")]
    [InlineData("""{"a":1}""", "type", "the file has no type")]
    [InlineData("""{"type":"FeatureCollection"}""", "features", "no list of features")]
    [InlineData("""{"type":"FeatureCollection","features":[]}""", "holds no feature")]
    [InlineData("""{"type":"FeatureColection","features":[]}""", "type", "FeatureCollection")]
    [InlineData("""{"type":"FeatureCollection","features":[]} x""", "is no JSON")]
    [InlineData("""{"type":"FeatureCollection","features":[],"crs":{"type":"name","properties":{"name":"local"}}}""", "crs", "no reference system")]
    public async Task A_file_that_is_no_GeoJson_is_told_where(string text, params string[] says)
    {
        var message = await files.Refusal(files.Text("bad.geojson", text));
        Assert.All(says, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"Point","coordinates":[121.1]}""", "geometry.coordinates", "has 1 of its two")]
    [InlineData("""{"type":"Point","coordinates":[121.1,"31"]}""", "geometry.coordinates[1]", "is no number")]
    [InlineData("""{"type":"Point","coordinates":[1e999,31]}""", "geometry.coordinates[0]", "larger than any")]
    [InlineData("""{"type":"Point","coordinates":null}""", "geometry.coordinates", "no position")]
    [InlineData("""{"type":"Point"}""", "no coordinates")]
    [InlineData("""{"type":"Circle","coordinates":[1,2]}""", "Circle", "no type of geometry")]
    [InlineData("""{"coordinates":[1,2]}""", "no type")]
    [InlineData("""{"type":"LineString","coordinates":[[121,31]]}""", "fewer than two")]
    [InlineData("""{"type":"Polygon","coordinates":[[[121,31],[122,31],[121,31]]]}""", "fewer than four")]
    [InlineData("""{"type":"Polygon","coordinates":[[[121,31],[122,31],[122,32],[121,32]]]}""", "does not end where it begins")]
    [InlineData("""{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1]}]}""", "geometry.geometries[0].coordinates")]
    [InlineData("""{"type":"Point","coordinates":[121.1,131]}""", "feature 2", "beyond 180 degrees")]
    public async Task A_bad_geometry_names_its_feature_and_field(string geometry, params string[] says)
    {
        var message = await files.Refusal(files.Collection("bad.geojson", Good, Feature(geometry), Good));
        Assert.All(says.Append("bad.geojson, feature 2"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(""","id":{}""", "id", "neither a text nor a number")]
    [InlineData(""","properties":[1]""", "properties", "are no object")]
    [InlineData(""","properties":{"a":"x\u0000y"}""", "a", "NUL")]
    [InlineData(""","properties":{"a":"\ud800"}""", "a", "half a character")]
    [InlineData(""","properties":{"a":"锟\ufffd"}""", "a", "U+FFFD")]
    [InlineData(""","properties":{"a":1e400}""", "a", "larger than any number")]
    public async Task A_bad_property_names_its_feature_and_field(string more, params string[] says)
    {
        var message = await files.Refusal(files.Collection("bad.geojson", Feature("null", more)));
        Assert.All(says.Append("feature 1"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_problems_are_told_at_once_and_ids_must_differ()
    {
        var message = await files.Refusal(files.Collection("bad.geojson", Feature("3"), Feature("4", ""","id":77"""), Feature("""{"type":"Point","coordinates":[]}""")));
        Assert.Contains("3 problems", message, StringComparison.Ordinal);
        Assert.Contains("feature 2 (id 77)", message, StringComparison.Ordinal);
        Assert.Contains("has an id that another one has too", await files.Refusal(files.Collection("bad.geojson", GisFiles.Point("a", "x", 121, 31), GisFiles.Point("a", "y", 121, 31))), StringComparison.Ordinal);
        Assert.Contains("has no id, though others have", await files.Refusal(files.Collection("bad.geojson", GisFiles.Point("a", "x", 121, 31), Good)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GeoJson_that_is_not_UTF8_is_told_so()
    {
        var bytes = GisFiles.Gbk.GetBytes("""{"type":"FeatureCollection","features":[""" + Good.Replace("路", "花桥", StringComparison.Ordinal) + "]}");
        Assert.Contains("not in UTF-8", await files.Refusal(files.Bytes("gbk.geojson", bytes)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GeoJson_keeps_ids_of_64_bits_texts_and_geometries_in_whichever_order_its_members_stand()
    {
        var path = files.Text("order.geojson", """
            {"features":[{"geometry":{"coordinates":[121.1,31.3,4.5],"type":"Point"},"type":"Feature","id":9007199254740993,"properties":{"name":"花桥\n\"一\"","n":9223372036854775807}},
            {"type":"Feature","id":"b","properties":null,"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[121,31]}]}},{"type":"Feature","id":"c","properties":{},"geometry":null}],
            "crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"type":"FeatureCollection"}
            """);
        var report = await files.Import(path);
        Assert.Equal(["9007199254740993 花桥\n\"一\" POINT(121.1 31.3)", "b - GEOMETRYCOLLECTION(POINT(121 31))", "c - -"], await files.Rows("order"));
        Assert.Equal("9223372036854775807", await world.Database.Scalar<string>("select properties ->> 'n' from feature where id = '9007199254740993'"));
        Assert.Equal(1L, report.Figures["withoutGeometry"]);
        Assert.True((await files.Import(path)).Unchanged);
        files.Collection("order.geojson", GisFiles.Point("9007199254740993", "花桥镇", 121.1, 31.3), GisFiles.Point("d", "新", 121.2, 31.2));
        var change = (await files.Import(path)).Tables.Single();
        Assert.Equal((1, 1, 2, 2), (change.Added, change.Changed, change.Removed, change.Total));
    }

    [Theory]
    [InlineData("id,name,经度,纬度\n1,花桥,121.1,31.3\n", "1 花桥 POINT(121.1 31.3)")]
    [InlineData("编号;name;lon;lat\na;花桥;121.1;31.3\n", "a 花桥 POINT(121.1 31.3)")]
    [InlineData("name\tWKT\n花桥\tSRID=4326;POINT Z (121.1 31.3 5)\n", "1 花桥 POINT(121.1 31.3)")]
    [InlineData("name,x,y\n\"花\n桥\",121.1,31.3\n\n", "1 花\n桥 POINT(121.1 31.3)")]
    [InlineData("name,geom\n路,\"LINESTRING (121 31, 121.1 31.1)\"\n", "1 路 MULTILINESTRING((121 31,121.1 31.1))")]
    [InlineData("name,geom\n区,\"MULTIPOLYGON (((121 31, 122 31, 122 32, 121 31)))\"\n", "1 区 MULTIPOLYGON(((121 31,122 31,122 32,121 31)))")]
    public async Task A_table_has_its_positions_in_columns_called_as_is_usual(string text, string row)
    {
        await files.Import(files.Text("table.csv", text), r => r with { Dataset = $"t{Guid.NewGuid():N}"[..20] });
        Assert.Equal([row], await world.Database.Column("select id || ' ' || (properties ->> 'name') || ' ' || ST_AsText(geom) from feature where dataset_id = (select id from dataset order by recorded_at desc limit 1)"));
    }

    [Theory]
    [InlineData("name,a\n花桥,1\n", "no columns of positions", "\"name\", \"a\"")]
    [InlineData("name,lon,lat\n花桥,121.1\n", "line 2", "has 2 fields, the first line has 3")]
    [InlineData("name,lon,lat\n花桥,121.1,31.3\n安亭,abc,31\n", "line 3, lon = \"abc\"", "no coordinate")]
    [InlineData("name,lon,lat\n花桥,121.1,\n", "line 2, lat", "no coordinate")]
    [InlineData("name,lon,lat\n花桥,NaN,31\n", "line 2, lon = \"NaN\"")]
    [InlineData("name,lon,lat\n花桥,\"121.1,31.3\n", "table.csv")]
    [InlineData("name,lon,lat\n", "holds no row")]
    [InlineData("name,name,lon,lat\na,b,1,2\n", "two columns \"name\"")]
    [InlineData("WKT\nPOINT (121.1)\n", "line 2, WKT", "coordinate is missing", "character 13")]
    [InlineData("WKT\nBOX (1 2)\n", "no type of geometry")]
    [InlineData("WKT\n\"POLYGON ((1 2, 3 4, 5 6, 7 8))\"\n", "does not end where it begins")]
    public async Task A_bad_table_names_line_and_column(string text, params string[] says)
    {
        var message = await files.Refusal(files.Text("table.csv", text));
        Assert.All(says, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Features_without_ids_are_known_by_their_rows_and_that_is_said()
    {
        Assert.Single((await files.Import(files.Text("noid.csv", "name,lon,lat\n花桥,121.1,31.3\n"))).Notes, n => n.Zh.Contains("以行号识别", StringComparison.Ordinal) && n.En.Contains("numbers of their rows", StringComparison.Ordinal));
        Assert.DoesNotContain((await files.Import(files.Text("withid.csv", "编号,lon,lat\n3,121.1,31.3\n"))).Notes, n => n.Zh.Contains("以行号识别", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blank_rows_are_none()
    {
        var table = files.Text("blank.csv", "name,lon,lat\n花桥,121.1,31.3\n,,\n, ,\n\n,\n安亭,121.15,31.29\n");
        Assert.Equal((2L, 0L), Counted(await files.Import(table)));
        var sheet = files.In("blanksheet.xlsx");
        await Ran.Program("ogr2ogr", ["-f", "XLSX", sheet, files.Text("blanksheet.csv", "name,lon,lat\n花桥,121.1,31.3\n,,\n安亭,121.15,31.29\n")]);
        Assert.Equal((2L, 0L), Counted(await files.Import(sheet)));
        Assert.Equal(["花桥", "安亭"], await world.Database.Column("select properties ->> 'name' from feature where dataset_id = 'blanksheet' order by id::int"));

        static (object?, object?) Counted(ImportReport report) => (report.Figures["rows"], report.Figures["withoutGeometry"]);
    }

    [Fact]
    public async Task Opportunities_are_the_columns_of_numbers()
    {
        var report = await files.Import(files.Text("jobs.csv", "id,name,lon,lat,岗位,adcode,schools\na,花桥,121.08,31.3,1200,320583,2\nb,安亭,121.15,31.29,88.5,310114,\n"), r => r with { Into = "opportunities" });
        Assert.Equal("schools, 岗位", string.Join(", ", ((string[])report.Figures["counts"]!).Order(StringComparer.Ordinal)));
        Assert.Equal(["a {\"岗位\": 1200, \"schools\": 2}", "b {\"岗位\": 88.5}"], await world.Database.Column("select id || ' ' || counts::text from opportunity where dataset_id = 'jobs' order by id"));
    }

    [Fact]
    public async Task Thousands_are_read_and_columns_left_out_are_named()
    {
        var report = await files.Import(files.Text("th.csv", """
            编号,名称,学校,经度,纬度,岗位,年份,邮编,行政区划代码,容积率,高差,面积
            1,甲,甲小学,121.1,31.1,"1,200",2020,201700,310118,1.5,-3,10
            2,乙,乙小学,121.2,31.1,"2,345,678.5",2020,201700,310118,高,4,20
            3,丙,,121.3,31.1,800,2020,201700,310118,,,
            """), r => r with { Into = "opportunities" });
        Assert.Equal(["""1 {"岗位": 1200, "面积": 10}""", """2 {"岗位": 2345678.5, "面积": 20}""", """3 {"岗位": 800}"""], await world.Database.Column("select id || ' ' || counts::text from opportunity where dataset_id = 'th' order by id"));
        var left = Assert.Single(report.Notes, n => n.Zh.StartsWith("未计的列", StringComparison.Ordinal));
        Assert.All(new[] { "年份", "邮编", "行政区划代码", "：编号、代码、年份或位置", "容积率：第 2 行的“高”", "高差：第 1 行的“-3”" }, part => Assert.Contains(part, left.Zh, StringComparison.Ordinal));
        Assert.Contains("容积率: has \"高\" in row 2", left.En, StringComparison.Ordinal);
        Assert.DoesNotContain("学校", left.Zh, StringComparison.Ordinal);
        Assert.Contains(report.Notes, n => n.Zh.Contains("岗位 中的逗号读作千分位：“1,200”即 1200", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lon,lat,jobs\n121,31,5\n121,31,-3\n121,31,8\n", "row 2, jobs = \"-3\"", "less than nothing")]
    [InlineData("lon,lat,jobs\n121,31,5\n121,31,NaN\n121,31,8\n", "row 2, jobs = \"NaN\"", "is no number")]
    [InlineData("lon,lat,jobs\n121,31,5\n,,4\n", "row 2", "has no position")]
    [InlineData("lon,lat,name\n121,31,a\n", "no column of numbers")]
    [InlineData("id,lon,lat,邮编,容积率\n1,121,31,201700,高\n2,121,31,201700,2.5\n", "no column of numbers", "邮编: ids, codes", "容积率: has \"高\" in row 1")]
    [InlineData("id,lon,lat,population,jobs\n1,121,31,5,abc\n2,121,31,6,-5\n3,121,31,7,\"1,000\"\n", "2 problems", "row 1, jobs = \"abc\"", "is no number", "row 2, jobs = \"-5\"", "less than nothing", "leave it empty")]
    [InlineData("id,lon,lat,jobs\n1,121,31,abc\n", "row 1, jobs = \"abc\"")]
    [InlineData("id,lon,lat,就业岗位数(个)\n1,121,31,\"0,125\"\n2,121,31,\"1,5\"\n3,121,31,约20\n", "row 1, 就业岗位数(个) = \"0,125\"", "row 2, 就业岗位数(个) = \"1,5\"", "row 3, 就业岗位数(个) = \"约20\"")]
    [InlineData("wkt,jobs\n\"POLYGON ((121 31, 122 32, 122 31, 121 32, 121 31))\",5\n", "no valid area")]
    public async Task Wrong_counts_are_refused_with_their_row(string text, params string[] says)
    {
        var message = await files.Refusal(files.Text("jobs.csv", text), r => r with { Into = "opportunities" });
        Assert.All(says, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private string Zipped(string name, params (string Entry, string File)[] entries)
    {
        File.Delete(files.In(name));
        using var zip = ZipFile.Open(files.In(name), ZipArchiveMode.Create);
        foreach (var (entry, file) in entries) zip.CreateEntryFromFile(files.In(file), entry);
        return files.In(name);
    }

    [Fact]
    public async Task A_Shapefile_comes_in_from_its_files_or_from_a_zip_of_it()
    {
        var shapefile = files.Shapefile("roads", [(121.1, 31.3, GisFiles.Gbk.GetBytes("花桥")), (121.2, 31.2, GisFiles.Gbk.GetBytes("安亭"))], cpg: "GBK");
        await files.Import(shapefile);
        Assert.Equal(["1 花桥 POINT(121.1 31.3)", "2 安亭 POINT(121.2 31.2)"], await files.Rows("roads"));
        string[] parts = ["shp", "dbf", "shx", "prj", "cpg"];
        await files.Import(Zipped("packed.zip", [.. parts.Select(p => ($"数据/Roads.{p.ToUpperInvariant()}", $"roads.{p}"))]));
        Assert.Equal(await files.Rows("roads"), await files.Rows("packed"));
        var two = Zipped("two.zip", [.. parts.Select(p => ($"a.{p}", $"roads.{p}")), .. parts.Select(p => ($"b.{p}", $"roads.{p}"))]);
        Assert.Contains("holds 2 Shapefiles 图层, a.shp, b.shp: name one with --layer a", await files.Refusal(two), StringComparison.Ordinal);
        await files.Import(two, r => r with { FromLayer = "b" });
        Assert.Equal(await files.Rows("roads"), await files.Rows("two"));
    }

    [Fact]
    public async Task Archives_that_reach_outside_or_unpack_without_end_are_refused()
    {
        files.Shapefile("roads", [(121.1, 31.3, "a"u8.ToArray())]);
        Assert.Contains("leads outside", await files.Refusal(Zipped("out.zip", ("../roads.shp", "roads.shp"))), StringComparison.Ordinal);
        Assert.Contains("leads outside", await files.Refusal(Zipped("out.zip", ("/tmp/roads.shp", "roads.shp"))), StringComparison.Ordinal);
        files.Bytes("zeros.dbf", new byte[200 << 20]);
        Assert.Contains("no honest archive", await files.Refusal(Zipped("bomb.zip", ("roads.shp", "roads.shp"), ("roads.dbf", "zeros.dbf"))), StringComparison.Ordinal);
        Assert.Contains("zip archive", await files.Refusal(files.Bytes("bad.zip", Encoding.ASCII.GetBytes("PK\u0003\u0004 but no more"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".shp", 110, "declares a length of 156 bytes and has 110")]
    [InlineData(".shp", 60, "does not begin as a Shapefile does")]
    [InlineData(".dbf", 100, "declares 2 rows of 41 bytes and ends 47 bytes short")]
    [InlineData(".dbf", 20, "shorter than the header")]
    public async Task A_Shapefile_that_was_cut_off_says_where(string ending, int length, string says)
    {
        files.Shapefile("cut", [(121.1, 31.3, "a"u8.ToArray()), (121.2, 31.2, "b"u8.ToArray())]);
        files.Bytes("cut" + ending, File.ReadAllBytes(files.In("cut" + ending))[..length]);
        Assert.Contains(says, await files.Refusal(files.In("cut.shp")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Shapefile_without_index_or_with_that_of_another_is_read_by_its_shapes()
    {
        var path = files.Shapefile("noindex", [(121.1, 31.3, "a"u8.ToArray()), (121.2, 31.2, "b"u8.ToArray())]);
        File.Delete(files.In("noindex.shx"));
        Assert.Contains((await files.Import(path)).Notes, n => n.En.Contains("has no .shx", StringComparison.Ordinal));
        files.Bytes("noindex.shx", File.ReadAllBytes(files.In("noindex.shp"))[..100]);
        Assert.Contains((await files.Import(path)).Notes, n => n.En.Contains("does not fit", StringComparison.Ordinal));
        Assert.Equal(["1 a POINT(121.1 31.3)", "2 b POINT(121.2 31.2)"], await files.Rows("noindex"));
    }

    [SharedFact("badinput/geojson")]
    public async Task Bad_files_of_others_are_told_where_they_are_bad()
    {
        (string, string[])[] all =
        [
            ("bad-json.geojson", ["line 3, byte 5", "is no JSON"]), ("badcoord.geojson", ["feature 1", "coordinates[2]", "is no number"]), ("nofeaturetype.geojson", ["feature 1, type = \"Featre\""]),
            ("point-toofew.geojson", ["feature 1, geometry.coordinates = \"[2]\"", "has 1 of its two"]),
        ];
        foreach (var (name, says) in all)
        {
            var message = await files.Refusal(SharedFactAttribute.In("badinput", "geojson", name));
            Assert.All(says.Append(name), part => Assert.Contains(part, message, StringComparison.Ordinal));
        }
    }
}
