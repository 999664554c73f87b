using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Positions in a wrong datum are noticed by what the database knows already, with their numbers; right ones pass, noisy as they may be.</summary>
public sealed class PositionCheckTests(PositionCheckTests.World world) : IClassFixture<PositionCheckTests.World>, IDisposable
{
    /// <summary>The shipped register: stations of the metro lines along the border, and roads.</summary>
    public sealed class World() : WorldFixture(Shipped);

    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    /// <summary>Stations of the register as another map would have them: shifted, and off by up to so many metres, by fixed chance.</summary>
    private async Task<string> Stations(string name, string shifted, double noise = 0, int most = 1000)
    {
        var rows = await world.Database.Column(FormattableString.Invariant($$"""
            select json_build_object('type', 'Feature', 'properties', json_build_object('名称', name), 'geometry', ST_AsGeoJSON({{shifted}}, 9)::json)::text
            from (select name_zh || '站' as name, ST_Translate(geom, {{noise}} / 95000 * (mod(hashtext(id || 'x')::bigint, 1000) / 1000.0), {{noise}} / 111000 * (mod(hashtext(id || 'y')::bigint, 1000) / 1000.0)) as geom
                  from (select distinct on (name_zh) * from stop where geom is not null and accuracy_metres <= 200 order by name_zh, id) s order by id limit {{most}}) t
            """));
        Assert.True(rows.Count >= Math.Min(most, 30));
        return files.Collection(name, [.. rows]);
    }

    private static Func<ImportRequest, ImportRequest> In(string? datum) => r => r with { Datum = datum, DryRun = true };

    [Theory]
    [InlineData("geom", null), InlineData("gcj02_of_wgs84(geom)", "gcj02"), InlineData("bd09_of_wgs84(geom)", "bd09")]
    public async Task Positions_in_the_datum_that_is_named_pass_also_with_fifty_metres_of_noise(string shifted, string? datum)
    {
        foreach (var noise in new[] { 0.0, 50, 120 })
        {
            var report = await files.Import(await Stations("ok.geojson", shifted, noise), In(datum));
            Assert.True((long)report.Figures["positionsCompared"]! >= 30);
            Assert.DoesNotContain(report.Notes, n => n.En.Contains("could not be checked", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("gcj02_of_wgs84(geom)", null, "look like GCJ-02, not WGS 84", "--datum gcj02")]
    [InlineData("bd09_of_wgs84(geom)", null, "look like BD-09, not WGS 84", "--datum bd09")]
    [InlineData("bd09_of_wgs84(geom)", "gcj02", "look like BD-09, not GCJ-02", "--datum bd09")]
    [InlineData("gcj02_of_wgs84(geom)", "bd09", "look like GCJ-02, not BD-09", "--datum gcj02")]
    [InlineData("geom", "gcj02", "look like WGS 84, not GCJ-02", "--datum wgs84")]
    [InlineData("ST_Translate(geom, 0.004, 0.002)", null, "all off by about the same", "--crs")]
    [InlineData("ST_FlipCoordinates(geom)", null, "纬度在前", "--swap-axes")]
    public async Task A_shift_is_refused_with_its_numbers_and_the_way_out(string shifted, string? datum, string says, string wayOut)
    {
        foreach (var noise in new[] { 0.0, 50 })
        {
            var message = await files.Refusal(await Stations("off.geojson", shifted, noise), In(datum));
            Assert.Contains(says, message, StringComparison.Ordinal);
            Assert.Contains(wayOut, message, StringComparison.Ordinal);
            if (wayOut != "--swap-axes") Assert.Matches(@"\d+ points of the same name compared 比对 \d+ 处, median distance \d+ m, median shift [+-]\d+ m east, [+-]\d+ m north, spread \d+ m", message);
        }
    }

    [Fact]
    public async Task What_was_looked_at_and_is_wanted_all_the_same_is_imported_with_a_note()
    {
        var report = await files.Import(await Stations("accepted.geojson", "gcj02_of_wgs84(geom)"), r => r with { DryRun = true, AcceptPositions = true });
        Assert.Contains(report.Notes, n => n.En.StartsWith("Positions look wrong and were accepted: the positions look like GCJ-02", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_few_or_unknown_names_are_said_to_be_unchecked_and_pass()
    {
        foreach (var path in new[] { await Stations("few.geojson", "gcj02_of_wgs84(geom)", most: 4), files.Collection("unknown.geojson", GisFiles.Point("1", "某处", 121.1, 31.3)), files.Collection("far.geojson", GisFiles.Point("1", "花桥", 2.35, 48.85)) })
            Assert.Contains((await files.Import(path, In(null))).Notes, n => n.En.Contains("could not be checked", StringComparison.Ordinal) && n.Zh.Contains("未能核对", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Null_island_and_positions_outside_the_area_of_a_system_are_refused()
    {
        Assert.Contains("零岛", await files.Refusal(files.Collection("zero.geojson", GisFiles.Point("1", "甲", 0, 0), GisFiles.Point("2", "乙", 121, 31))), StringComparison.Ordinal);
        Assert.Contains("outside the area of their reference system", await files.Refusal(files.Collection("paris.geojson", GisFiles.Point("1", "甲", 2.35, 48.85)), r => r with { Datum = "cgcs2000" }), StringComparison.Ordinal);
    }

    /// <summary>Roads by their names: only how far they lie apart can be seen of them, not by which vector.</summary>
    [Theory]
    [InlineData("geom", false), InlineData("gcj02_of_wgs84(geom)", true), InlineData("bd09_of_wgs84(geom)", true)]
    public async Task Lines_are_compared_with_lines_of_the_same_name(string shifted, bool refused)
    {
        var rows = await world.Database.Column($"select json_build_object('type', 'Feature', 'properties', json_build_object('路名', name_zh), 'geometry', ST_AsGeoJSON({shifted}, 9)::json)::text from road where accuracy_metres <= 200 and geom is not null");
        var path = files.Collection("roads.geojson", [.. rows]);
        if (refused) Assert.Contains($"look like {(shifted.StartsWith("gcj", StringComparison.Ordinal) ? "GCJ-02" : "BD-09")}", await files.Refusal(path, In(null)), StringComparison.Ordinal);
        else Assert.True((long)(await files.Import(path, In(null))).Figures["positionsCompared"]! >= 8);
    }
}
