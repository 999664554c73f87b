using System.Text;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Texts come in as they were meant, whatever the file says of its encoding, or they do not come in.</summary>
public sealed class GisEncodingTests(GisEncodingTests.World world) : IClassFixture<GisEncodingTests.World>, IDisposable
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    private static readonly string[] Names = ["花桥镇", "昆山开发区（东）", "青浦区金泽镇", "淀山湖", "𠮷祥路"];
    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    private string Written(string name, Encoding encoding, string? cpg, IEnumerable<string> texts, byte language = 0) => files.Shapefile(name, [.. texts.Select((t, i) => (121 + 0.1 * i, 31.0, encoding.GetBytes(t)))], cpg, language: language);

    [Theory]
    [InlineData("utf-8", "UTF-8", false), InlineData("utf-8", "utf8", false), InlineData("utf-8", null, false), InlineData("utf-8", "GBK", true), InlineData("utf-8", "ISO-8859-1", true), InlineData("utf-8", "what?", true)]
    [InlineData("GB18030", "GBK", false), InlineData("GB18030", "936", false), InlineData("GB18030", "GB2312", false), InlineData("GB18030", null, false), InlineData("GB18030", "UTF-8", true), InlineData("GB18030", "88591", true), InlineData("GB18030", "1252", true)]
    public async Task Texts_of_a_Shapefile_are_found_out_and_a_wrong_cpg_is_overruled_and_said(string encoding, string? cpg, bool overruled)
    {
        var report = await files.Import(Written("enc", Encoding.GetEncoding(encoding), cpg, Names), r => r with { Dataset = $"e{Guid.NewGuid():N}"[..20] });
        Assert.Equal(Names, await world.Database.Column($"select properties ->> 'name' from feature where dataset_id = '{report.Dataset}' order by id::int"));
        Assert.Equal(encoding == "utf-8" ? "UTF-8" : "GB18030", await world.Database.Scalar<string>($"select settings ->> 'encoding' from dataset where id = '{report.Dataset}'"));
        Assert.Equal(overruled, report.Notes.Any(n => n.En.Contains($"enc.cpg says {cpg}", StringComparison.Ordinal) && n.Zh.Contains("花桥镇", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_byte_for_the_language_of_a_table_counts_as_what_it_declares()
    {
        await files.Import(Written("ldid", GisFiles.Gbk, null, ["一"], language: 0x4D));
        Assert.Equal(["1 一 POINT(121 31)"], await files.Rows("ldid"));
    }

    [Fact]
    public async Task A_text_that_two_encodings_can_hold_is_refused_with_both_readings()
    {
        var message = await files.Refusal(Written("both", GisFiles.Gbk, null, ["一"]));   // D2 BB: ҽ in UTF-8
        Assert.Contains("UTF-8 the first text reads \"\u04BB\"", message, StringComparison.Ordinal);
        Assert.Contains("GB18030 the first text reads \"一\"", message, StringComparison.Ordinal);
        Assert.Contains("--encoding GB18030", message, StringComparison.Ordinal);
        await files.Import(files.In("both.shp"), r => r with { Encoding = "gbk" });
        Assert.Equal(["1 一 POINT(121 31)"], await files.Rows("both"));
    }

    [Fact]
    public async Task Bytes_that_no_encoding_holds_are_refused_with_their_row_and_column()
    {
        var path = files.Shapefile("none", [(121, 31, "ok"u8.ToArray()), (121, 31, [0xE8, 0x8A, 0xB1, 0xFF, 0xFF])]);
        var message = await files.Refusal(path);
        Assert.Contains("neither in UTF-8 (see row 2, name) nor in GB18030 (see row 2, name)", message, StringComparison.Ordinal);
        Assert.Contains("not in UTF-8, which --encoding names", await files.Refusal(path, r => r with { Encoding = "UTF-8" }), StringComparison.Ordinal);
        Assert.Contains("no encoding that is known", await files.Refusal(path, r => r with { Encoding = "klingon" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_cut_in_the_middle_of_a_character_is_refused_not_guessed()
    {
        var bytes = Encoding.UTF8.GetBytes("昆山市花桥经济开发区双桥")[..34];
        Assert.Contains("row 1, name", await files.Refusal(files.Shapefile("cut", [(121, 31, bytes)], width: 34)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_columns_have_the_encoding_of_the_texts()
    {
        var path = files.Shapefile("columns", [(121, 31, GisFiles.Gbk.GetBytes("花桥镇开发区"))], cpg: "GBK");
        var dbf = File.ReadAllBytes(files.In("columns.dbf"));
        new byte[11].CopyTo(dbf, 32);
        GisFiles.Gbk.GetBytes("路名").CopyTo(dbf, 32);
        files.Bytes("columns.dbf", dbf);
        await files.Import(path);
        Assert.Equal("花桥镇开发区", await world.Database.Scalar<string>("select properties ->> '路名' from feature where dataset_id = 'columns'"));
    }

    [Theory]
    [InlineData("utf-8", false), InlineData("utf-8", true), InlineData("GB18030", false)]
    public async Task Texts_of_a_CSV_are_found_out(string encoding, bool mark)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes("name,经度,纬度\n" + string.Concat(Names.Select(n => $"{n},121,31\n")));
        var report = await files.Import(files.Bytes("enc.csv", mark ? [0xEF, 0xBB, 0xBF, .. bytes] : bytes), r => r with { Dataset = $"c{Guid.NewGuid():N}"[..20] });
        Assert.Equal(Names, await world.Database.Column($"select properties ->> 'name' from feature where dataset_id = '{report.Dataset}' order by id::int"));
    }

    [SharedFact("badinput/gbk_shp")]
    public async Task Three_Shapefiles_of_others_in_GBK_with_a_right_a_missing_and_a_wrong_cpg_read_alike()
    {
        var read = new List<List<string>>();
        foreach (var name in new[] { "cpg", "nocpg", "wrongcpg" })
        {
            var report = await files.Import(SharedFactAttribute.In("badinput", "gbk_shp", $"stations_gbk_{name}.shp"), r => r with { Dataset = $"stations-{name}" });
            read.Add(await files.Rows($"stations-{name}"));
            Assert.Equal(name == "wrongcpg", report.Notes.Any(n => n.Zh.Contains("南京东路", StringComparison.Ordinal)));
        }
        Assert.Equal(152, read[0].Count);
        Assert.StartsWith("1 南京东路 POINT(121.479229 31.239124)", read[0][0], StringComparison.Ordinal);
        Assert.Equal(read[0], read[1]);
        Assert.Equal(read[0], read[2]);
    }
}
