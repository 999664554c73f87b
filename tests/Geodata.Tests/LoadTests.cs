using System.Text;
using Jietong.Geodata.Register;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Register files with one fault each: the message leads the person who wrote them to the fault, and nothing of them is stored.</summary>
public sealed class LoadTests(LoadTests.World world) : IClassFixture<LoadTests.World>
{
    /// <summary>A loaded register: files with a fault must leave it as it is.</summary>
    public sealed class World() : WorldFixture(() => Draw().Load());

    /// <summary>In each CSV file line 1 is the header, in sources.csv line 2 the source <c>map</c>.</summary>
    private static RegisterWorld Draw() => new RegisterWorld().Source("gov", "GOV", "2018-06-29")
        .Row("lists.csv", "plan,单,Plan,,gov,p,,").Link("x", "gov").Link("y", "gov").Row("references.csv", "x,plan,1,gov,p,,")
        .Attest("x-1", "x", "proposed", "2018-06-29", "gov", basis: "stated");

    private static string Edit(string folder, string file, Func<string, string> edit)
    {
        var path = Path.Combine(folder, file);
        var (before, after) = (File.ReadAllText(path), edit(File.ReadAllText(path)));
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
        return folder;
    }

    private static string Replace(string file, string old, string by) =>
        Edit(Draw().Source("fresh", "GOV", "2020").Write(), file, text => text.Replace(old, by, StringComparison.Ordinal));

    private static string Append(string file, string row) => Edit(Draw().Source("fresh", "GOV", "2020").Write(), file, text => text + row + "\n");

    private static string Geometry(string geometry) => Replace("links.geojson", "\"coordinates\":[121,31]", geometry);

    private async Task<string> Refusal(string folder)
    {
        const string stored = "select (select number || ' ' || content_hash from data_version) || ' ' || (select count(*) from register_load) || ' ' || (select count(*) from source where id = 'fresh')";
        var before = await world.Database.Scalar<string>(stored);
        var error = await Assert.ThrowsAsync<InputException>(() => Load.Once(world.Database.Db, folder));
        Assert.Equal(before, await world.Database.Scalar<string>(stored));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        return error.Message;
    }

    private async Task IsRefused(string folder, params string[] says)
    {
        var message = await Refusal(folder);
        foreach (var part in says) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("references.csv", "x,plan2,1,gov,p,,", "line 3", "field listId")]
    [InlineData("references.csv", "y,plan,first,gov,p,,", "line 3", "field item", "\"first\"")]
    [InlineData("references.csv", "y,plan,1,gov,p,,", "line 3", "one_link_an_item", "(plan, 1)")]
    [InlineData("references.csv", "x,plan,2,gov,p,,", "line 3", "field linkId, listId repeats an earlier row")]
    [InlineData("sources.csv", "map,GOV,题,T,,2018,,,,,", "line 5", "field id repeats an earlier row")]
    [InlineData("sources.csv", "new,GOV,题,T,,2018-6-29,,,,,", "line 5", "field published", "\"2018-6-29\" is not a date")]
    [InlineData("sources.csv", "new,GOV,题,T,,,,,,,", "line 5", "field published")]
    [InlineData("sources.csv", "Neu,GOV,题,T,,2018,,,,,", "line 5", "field id")]
    [InlineData("sides.csv", "x,c,320583,,,,,,,gov,p,,", "line 6", "field side")]
    [InlineData("sides.csv", "x,a,999999,,,,,,,gov,p,,", "line 6", "repeats an earlier row")]
    [InlineData("units.csv", "y,helper,局,Bureau,gov,p", "line 2", "field role")]
    [InlineData("design_values.csv", "x,,lanes,four,,gov,p,,", "line 2", "field value", "\"four\"")]
    [InlineData("design_values.csv", "x,,lanes,4,,nobody,p,,", "line 2", "field sourceId", "nobody")]
    [InlineData("attestations.csv", "x-2,x,,half-built,2019,,stated,,,gov,p,,false,,", "line 3", "field stage")]
    [InlineData("attestations.csv", "x-2,x,,open,2019-02-29,,stated,,,gov,p,,false,,", "line 3", "field heldFrom", "\"2019-02-29\" is not a date")]
    [InlineData("attestations.csv", "x-2,x,,open,2019,,stated,,,nobody,p,,false,,", "line 3", "field sourceId", "nobody")]
    [InlineData("attestations.csv", "x-2,x,,open,2019,,stated,,,map,p,,false,,", "line 3", "field basis", "map has grade DATA")]
    [InlineData("attestations.csv", "x-2,x,,open,2019,,stated,,,gov,p,,maybe,,", "line 3", "field withdrawn", "\"maybe\"")]
    [InlineData("attestations.csv", "y-1,y,,open,2019,,stated,,,gov,p,x-1,false,,", "line 3", "field supersedes")]
    [InlineData("targets.csv", "t,x,,open,some day,stated,,,gov,p,,", "line 2", "field due", "\"some day\" is not a date")]
    [InlineData("claims.csv", "c,plan,七,seven,open,7,,2019,hearsay,,,gov,p,,", "line 2", "field kind")]
    public Task A_bad_row_names_file_line_and_field(string file, string row, params string[] says) => IsRefused(Append(file, row), [file, .. says]);

    [Theory]
    [InlineData("x,plan", "line 3")]
    [InlineData("\n\"y\",\"plan\",2,gov,\"p\n2\",,\nx,plan", "line 6")]   // lines are those of an editor: blank ones and those within quotes count
    public Task A_broken_row_names_file_and_line(string row, string line) => IsRefused(Append("references.csv", row), "references.csv " + line);

    [Theory]
    [InlineData("sources.csv", "id,grade,", "id,grades,", "field grades is unknown", "documentNo")]
    [InlineData("links.geojson", "\"areaEn\"", "\"areaFr\"", "links.geojson feature 1 (x): field areaFr is unknown", "areaEn")]
    [InlineData("links.geojson", "\"kind\":\"road\"", "\"kind\":\"tunnel\"", "links.geojson feature 1 (x): field kind")]
    [InlineData("links.geojson", "\"accuracyMetres\":30", "\"accuracyMetres\":\"near\"", "feature 1 (x): field accuracyMetres", "\"near\"")]
    [InlineData("links.geojson", "\"sourceId\":\"gov\"", "\"sourceId\":\"nobody\"", "feature 1 (x): field sourceId", "nobody")]
    [InlineData("links.geojson", "[\"map\"]", "[\"nobody\"]", "feature 1 (x)", "nobody")]
    [InlineData("links.geojson", "\"id\":\"y\"", "\"id\":\"x\"", "feature 2 (x): field id repeats an earlier row")]
    [InlineData("links.geojson", "\"id\":\"y\",", "", "links.geojson feature 2: field id is missing")]
    [InlineData("links.geojson", "\"properties\"", "\"property\"", "links.geojson feature 1 (x): no properties")]
    [InlineData("links.geojson", "\"features\"", "\"feature\"", "links.geojson", "\"features\"")]
    public Task A_bad_field_names_where_it_stands(string file, string old, string by, params string[] says) => IsRefused(Replace(file, old, by), says);

    [Theory]
    [InlineData("\"coordinates\":[]")]
    [InlineData("\"coordinates\":[121,\"x\"]")]      // PostGIS alone would read 121, 0
    [InlineData("\"coordinates\":[121,null]")]
    [InlineData("\"coordinates\":[31,121]")]
    [InlineData("\"coordinates\":[121,31,4]")]
    [InlineData("\"coordinates\":[121,31],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:3857\"}}")]
    [InlineData("\"type\":\"Polygon\",\"coordinates\":[[[121,31],[122,31],[122,32]]]")]   // not closed
    [InlineData("\"type\":\"Polygon\",\"coordinates\":[[[121,31],[122,31],[122,32],[121,31]]]")]
    [InlineData("\"type\":\"MultiLineString\",\"coordinates\":[[[121,31]]]")]
    public async Task A_bad_geometry_names_the_feature(string geometry)
    {
        var folder = Geometry(geometry);
        if (geometry.StartsWith("\"type\"", StringComparison.Ordinal)) Edit(folder, "links.geojson", text => text.Replace("\"type\":\"Point\",", "", StringComparison.Ordinal));
        await IsRefused(folder, "links.geojson feature 1 (x): field geom");
    }

    [Theory]
    [InlineData("\"coordinates\":[NaN,31]")]
    [InlineData("\"coordinates\":[121,31")]
    public async Task What_is_no_JSON_is_found_at_its_line_and_character(string geometry)
    {
        var folder = Edit(Geometry(geometry), "links.geojson", text => text.Replace("\"features\"", "\n\"features\"", StringComparison.Ordinal));
        var line = File.ReadAllLines(Path.Combine(folder, "links.geojson"))[1];
        var wrong = geometry.Contains("NaN", StringComparison.Ordinal) ? line.IndexOf("NaN", StringComparison.Ordinal) : line.IndexOf("31}", StringComparison.Ordinal) + 2;
        await IsRefused(folder, $"links.geojson line 2, character {wrong + 1}");
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var folder = Draw().Write();
        File.Delete(Path.Combine(folder, "claims.csv"));
        await IsRefused(folder, "claims.csv is missing");
        await IsRefused(folder + "-nowhere", folder + "-nowhere");
    }

    // 昆山 as GBK, which spreadsheets in China write, in a cell: E9 would begin a sequence of three bytes in UTF-8.
    [Theory]
    [InlineData("lists.csv")]
    [InlineData("links.geojson")]
    public async Task A_file_that_is_not_UTF_8_is_named(string file)
    {
        var folder = Draw().Write();
        var path = Path.Combine(folder, file);
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text.Replace(",p,", ",\u00C0\u00A5\u00C9\u00BD,", StringComparison.Ordinal).Replace("\"p\"", "\"\u00C0\u00A5\u00C9\u00BD\"", StringComparison.Ordinal)));
        await IsRefused(folder, $"{file} is not UTF-8");
    }

    [Fact]
    public async Task All_problems_of_a_file_are_listed_at_once()
    {
        var message = await Refusal(Append("sources.csv", "map,GOV,题,T,,2018,,,,,\na-2,GOV,题,T,,2018,,,,,\ngov,GOV,题,T,,2018,,,,,"));
        Assert.Equal(["sources.csv line 5", "sources.csv line 7"], message.Split('\n').Skip(1).Select(problem => problem[..problem.IndexOf(':', StringComparison.Ordinal)]));
    }
}
