using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The register held against the road data: what they show otherwise is told, and nothing is changed.</summary>
public sealed class GapsAuditTests
{
    private static string Line(double fromX, double toX, double y)
    {
        var ((a, b), (c, d)) = (RoadWorld.At(fromX, y), RoadWorld.At(toX, y));
        return FormattableString.Invariant($$"""{"type":"MultiLineString","coordinates":[[[{{a:0.000000}},{{b:0.000000}}],[{{c:0.000000}},{{d:0.000000}}]]]}""");
    }

    private static string Point(double x, double y) => RoadWorld.At(x, y) is var (a, b) ? FormattableString.Invariant($$"""{"type":"Point","coordinates":[{{a:0.000000}},{{b:0.000000}}]}""") : "";

    private static RegisterWorld Draw()
    {
        var world = new RegisterWorld().Source("plan", "GOV", "2026-06-01");
        foreach (var (id, stage, geometry) in new[]
        {
            ("built", "proposed", Line(-300, 300, 0)),          // the bridge is in the data
            ("missing", "proposed", Line(-100, 100, 5000)),     // the gap is not
            ("opened", "open", Line(-100, 100, 5000)),          // said to be open: the data do not show it
            ("agreed", "open", Line(-300, 300, 0)),
            ("far", "proposed", Point(500_000, 0)),
        }) world.Link(id, "plan", geometry: geometry).Attest($"{id}-1", id, stage, "2026-06-01", "plan", basis: "stated");
        return world;
    }

    /// <summary>Of a link that is only known to lie within a circle, the roads of its two sides tell.</summary>
    [Theory]
    [InlineData("大桥路西", "大桥", -300, 0, "shown")]            // both roads are there and meet
    [InlineData("大桥", "", 0, 0, "shown")]                      // its road crosses the boundary
    [InlineData("断头路西", "断头路东", 100, 5000, "not-shown")]  // they are there and do not meet
    [InlineData("某路", "别路", -300, 0, "not-shown")]            // other roads meet there
    [InlineData("西岸路", "大桥路西", -600, 0, "not-shown")]     // they meet elsewhere
    public async Task A_link_that_is_a_circle_is_told_by_the_names_of_its_roads(string roadA, string roadB, double x, double y, string verdict)
    {
        await using var database = await new RegisterWorld().Source("plan", "GOV", "2026-06-01").Link("circle", "plan", geometry: Point(x, y), roadA: roadA, roadB: roadB)
            .Attest("circle-1", "circle", "proposed", "2026-06-01", "plan", basis: "stated").Load();
        await Geodata.Imports.Import.Run(database.Db, new([GapsWorld.Draw().Write()], "test"));
        var link = Assert.Single(await Geodata.Gaps.RegisterAudit.Read(database.Db, new(2026, 11, 22), new(2026, 11, 22)));
        Assert.Equal(verdict, link.Verdict);
        Assert.Null(link.Covered);
    }

    [Fact]
    public async Task What_the_data_show_is_held_against_what_the_register_has()
    {
        await using var database = await Draw().Load();
        var folder = Draw().Write();
        await Geodata.Imports.Import.Run(database.Db, new([GapsWorld.Draw().Write()], "test"));
        var register = await JietongProcess.Run(database.Address, folder, ["gaps", "--audit", "--as-of", "2026-11-22", "--all", "--format", "json"]);
        Assert.True(register.ExitCode == 0, register.Error);
        var before = await database.Scalar<long>("select number from data_version");
        var links = register.Json.EnumerateArray().ToDictionary(l => l.GetProperty("link").GetString()!);
        Assert.Equal(["agreed shown False", "built shown True", "far no-data False", "missing not-shown False", "opened not-shown True"],
            links.Values.Select(l => $"{l.GetProperty("link")} {l.GetProperty("verdict")} {l.GetProperty("differs")}").Order(StringComparer.Ordinal));
        Assert.Equal(1, links["built"].GetProperty("covered").GetDouble(), 0.01);
        Assert.All(links["built"].GetProperty("streets").EnumerateArray(), s => Assert.StartsWith("world:w", s.GetString(), StringComparison.Ordinal));
        var table = await JietongProcess.Run(database.Address, folder, ["gaps", "--audit", "--as-of", "2026-11-22"]);
        Assert.Contains("the data show a road", table.Output, StringComparison.Ordinal);
        Assert.Contains("与登记册不一致 differ from the register 2", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("is open", table.Output, StringComparison.Ordinal);
        Assert.Equal(before, await database.Scalar<long>("select number from data_version"));   // it only tells
        Directory.Delete(folder, recursive: true);
    }
}
