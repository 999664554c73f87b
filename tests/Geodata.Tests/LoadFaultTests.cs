using System.Text;
using Jietong.Geodata.Register;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Faults of register files that once crashed the loader, were overlooked by it, or were told of without their place.</summary>
public sealed class LoadFaultTests
{
    private static RegisterWorld Draw() => new RegisterWorld().Source("gov", "GOV", "2018-06-29")
        .Row("lists.csv", "plan,单,Plan,,gov,p,,").Link("x", "gov").Link("y", "gov").Row("references.csv", "x,plan,1,gov,p,,")
        .Attest("x-1", "x", "proposed", "2018-06-29", "gov", basis: "stated");

    [Theory]
    [InlineData("references.csv", "y,plan,2,gov,p,,,,,", "references.csv line 3")]
    [InlineData("references.csv", "y,plan,2,gov,\"p,,", "references.csv line 3")]
    [InlineData("references.csv", "y,plan,2,gov,\"p,,\nz,plan,3,gov,p,,", "references.csv line 3")]
    [InlineData("references.csv", "y,plan,2,gov,\"p\"q,,", "references.csv line 3")]
    [InlineData("attestations.csv", "x-2,x,,open,2019,,stated,,,gov,p,Bad One,false,,", "attestations.csv line 3", "field supersedes")]
    [InlineData("claims.csv", "c,,七,seven,open,7,,2019,fact,,,Bad One,p,,", "claims.csv line 2", "field sourceId")]
    [InlineData("sources.csv", "new,BLOG,题,T,,2018,,,,,", "sources.csv line 4", "field grade:")]
    [InlineData("sources.csv", "new,GOV,题,T,,2018,,,infinity,,", "sources.csv line 4", "field gatheredOn")]
    [InlineData("design_values.csv", "x,,lanes,,,gov,p,,", "design_values.csv line 2", "value")]
    [InlineData("design_values.csv", "x,,lanes,NaN,,gov,p,,", "design_values.csv line 2", "value")]
    [InlineData("design_values.csv", "x,,lanes,4,,gov,p,,\nx,,lanes,4,,gov,q,,", "design_values.csv line 3", "repeats")]
    [InlineData("attestations.csv", "x-2,x,,open,../2018/2019,,stated,,,gov,p,,false,,", "attestations.csv line 3", "heldFrom")]
    [InlineData("attestations.csv", "x-2,x,,open,2019,,stated,因,,gov,p,,false,,", "attestations.csv line 3", "premises")]
    [InlineData("attestations.csv", "x-2,x,c,open,2019,,stated,,,gov,p,,false,,", "attestations.csv line 3", "side")]
    [InlineData("sides.csv", "z,a,320583,,,,,,,gov,p,,", "sides.csv line 6", "field linkId")]
    [InlineData("sources.csv", "new,GOV,题,　,,2018,,,,,", "sources.csv line 4", "titleEn")]
    [InlineData("sources.csv", "a-1,COPY,题,T,,soon,,,,,\na-2,BLOG,题,T,,2018,,,,,", "sources.csv line 4", "sources.csv line 5")]
    public async Task A_row_that_is_wrong_is_refused_at_its_place(string file, string row, params string[] says)
    {
        var folder = Draw().Write();
        File.AppendAllText(Path.Combine(folder, file), row + "\n");
        await Refused(folder, says);
    }

    [Theory]
    [InlineData("\"coordinates\":[121,31]", "\"coordinates\":[121]", "feature 1 (x)", "geom")]
    [InlineData("\"type\":\"Point\"", "\"type\":\"Curve\"", "feature 1 (x)", "geom")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[121,31]}", "{}", "feature 1 (x)", "geom")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[121,31]}", "5", "feature 1 (x)", "geom")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[121,31]}", "\"here\"", "feature 1 (x)", "geom")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[121,31]}", "null", "feature 1 (x)", "only_a_service")]
    [InlineData("\"accuracyMetres\":30", "\"accuracyMetres\":\"NaN\"", "feature 1 (x)", "accuracyMetres")]
    [InlineData("\"kind\":\"road\"", "\"kind\":\"road\",\"kind\":\"metro\"", "links.geojson", "kind")]
    [InlineData("\"id\":\"x\"", "\"id\":\"x\",\"id\":\"x2\"", "links.geojson", "id")]
    [InlineData("\"kind\":\"road\"", "\"kind\":\"tunnel\"", "feature 1 (x)", "feature 2 (y)")]
    [InlineData("\"nameZh\":\"\\u8DEF x\"", "\"nameZh\":\" \"", "feature 1 (x)", "field nameZh")]
    [InlineData("[\"map\"]", "\"map\"", "feature 1 (x)", "positionSources")]
    [InlineData("[\"map\"]", "[\"Bad One\"]", "feature 1 (x)", "positionSources")]
    [InlineData("[\"map\"]", "[null]", "feature 1 (x)", "positionSources")]
    [InlineData("[\"map\"]", "[\"nobody\"]", "feature 1 (x)", "field positionSources")]
    [InlineData("[\"map\"]", "[]", "links.geojson", "link x")]
    [InlineData("\"otherNames\":[]", "\"otherNames\":[null,\" \"]", "feature 1 (x)", "otherNames")]
    [InlineData("\"otherNames\":[]", "\"otherNames\":\"a\"", "feature 1 (x)", "otherNames")]
    [InlineData("\"otherNames\":[]", "\"otherNames\":null", "feature 1 (x)", "otherNames")]
    [InlineData("\"place\":\"p\"", "\"place\":{\"p\":1}", "feature 1 (x)", "place")]
    public async Task A_feature_that_is_wrong_is_refused_at_its_place(string old, string by, params string[] says)
    {
        var folder = Draw().Write();
        var path = Path.Combine(folder, "links.geojson");
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, by, StringComparison.Ordinal));
        await Refused(folder, says);
    }

    [Theory]
    [InlineData("links.geojson", "[]")]
    [InlineData("links.geojson", "5")]
    [InlineData("links.geojson", "null")]
    [InlineData("links.geojson", "")]
    [InlineData("links.geojson", "{\"features\":[5]}")]
    [InlineData("links.geojson", "{\"features\":[null]}")]
    [InlineData("links.geojson", "{\"features\":[{\"id\":{\"a\":1},\"properties\":{}}]}")]
    [InlineData("lists.csv", "")]
    [InlineData("lists.csv", "id,nameZh,nameEn,itemCount,sourceId,place,noteZh,noteZh\nplan,单,Plan,,gov,p,a,b\n")]
    [InlineData("lists.csv", "id;nameZh;nameEn;itemCount;sourceId;place;noteZh;noteEn\nplan;单;Plan;;gov;p;a;b\n")]
    public async Task A_file_of_another_shape_is_refused_by_name(string file, string text)
    {
        var folder = Draw().Write();
        File.WriteAllText(Path.Combine(folder, file), text);
        await Refused(folder, file);
    }

    private static async Task Refused(string folder, params string[] says)
    {
        await using var database = await TestDatabase.Create();
        var error = await Assert.ThrowsAsync<InputException>(() => Load.Once(database.Db, folder));
        Assert.True(says.All(part => error.Message.Contains(part, StringComparison.Ordinal)), error.Message);
    }

    [Fact]
    public async Task A_side_missing_names_the_file()
    {
        var folder = Draw().Write();
        var path = Path.Combine(folder, "sides.csv");
        File.WriteAllLines(path, File.ReadAllLines(path).SkipLast(1));
        await Refused(folder, "sides.csv", "link y");
    }

    [Fact]
    public async Task A_changed_design_note_is_stored()
    {
        await using var database = await Draw().Row("design_values.csv", "x,,lanes,4,,gov,p,,old").Load();
        Assert.Equal(1, await Load.Once(database.Db, Draw().Row("design_values.csv", "x,,lanes,4,,gov,p,,new").Write()));
        Assert.Equal(["new"], await database.Column("select note_en from design_value"));
    }

    [Fact]
    public async Task A_reverted_change_is_stored()
    {
        await using var database = await Draw().Row("lists.csv", "l,单,Old,,gov,p,,").Load();
        Assert.Equal(1, await Load.Once(database.Db, Draw().Row("lists.csv", "l,单,New,,gov,p,,").Write()));
        Assert.Equal(1, await Load.Once(database.Db, Draw().Row("lists.csv", "l,单,Old,,gov,p,,").Write()));
    }

    [Fact]
    public async Task A_removed_position_source_is_removed()
    {
        await using var database = await Draw().Load();
        var world = Draw();
        world.Feature("x")["properties"]!["positionSources"] = new System.Text.Json.Nodes.JsonArray("gov");
        Assert.NotNull(await Load.Once(database.Db, world.Write()));
        Assert.Equal(["gov"], await database.Column("select source_id from position_source where link_id = 'x'"));
    }
}
