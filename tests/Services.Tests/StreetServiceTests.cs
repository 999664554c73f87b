using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// A region with a register and imported streets, as its users ask it. <see cref="ModelRegister"/> has the towns and links; the streets lead from w1 and e1 to 300 m on both sides of the gap:
/// w1 – e1 by the link 2 · 4.826 + 0.6 km, by the north 10 + 6 + 10 km.
/// </summary>
public sealed class StreetServiceTests
{
    private const double Saved = (26 - (2 * 4.8260 + 0.6)) / 6;

    private static StreetWorld Streets() => new StreetWorld().Boundary(4, (0, -50), (0, 50)).Street("west", [(-3, 4), (-3, 14)], "西街").Street("east", [(3, 4), (3, 14)], "东街").Street("north", [(-3, 14), (3, 14)], "北大道")
        .Street("jia", [(-3, 4), (-0.3, 0)], "甲路").Street("yi", [(0.3, 0), (3, 4)], "乙路");

    private static async Task<ModelRegister> Region()
    {
        var register = await ModelRegister.Of(ModelRegister.Draw());
        var first = await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json");   // loads the register
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.True(Row(first, "gap").GetProperty("sketch").GetBoolean());
        await Streets().Store(register.Database);
        await register.Database.Execute("update dataset set file_name = file_name");   // moves the data version, as an import does
        return register;
    }

    private static JsonElement Row(Ran ran, string link) => ran.Json.EnumerateArray().Single(r => r.GetProperty("linkId").GetString() == link);

    [Fact]
    public async Task Gains_and_reach_are_on_the_streets_and_public_transport_is_as_before()
    {
        await using var register = await Region();
        var gains = await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json");
        Assert.True(gains.ExitCode == 0, gains.Error);
        Assert.Equal(Saved, Row(gains, "gap").GetProperty("gainMinutes").GetDouble(), 0.02);
        Assert.Contains("20 千米内没有可接的道路", Row(gains, "old-bridge").GetProperty("reasonZh").GetString(), StringComparison.Ordinal);
        Assert.Contains("导入的路网", (await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car")).Output, StringComparison.Ordinal);
        Assert.Contains("合计 Together", (await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--together")).Output, StringComparison.Ordinal);
        var transit = await register.Run("gains", "--as-of", "2020-06-01", "--mode", "transit", "--format", "json");
        Assert.True(Row(transit, "metro-gap").GetProperty("evaluated").GetBoolean());

        var reach = await register.Run("reach", "--from", "w1", "--minutes", "15,30", "--as-of", "2020-06-01", "--open", "gap", "--format", "json");
        Assert.True(reach.ExitCode == 0, reach.Error);
        string Reached(string network, int minutes) => string.Join(' ', reach.Json.EnumerateArray().Single(r => r.GetProperty("network").GetString() == network && r.GetProperty("minutes").GetInt32() == minutes).GetProperty("places").EnumerateArray().Select(p => p.GetProperty("id").GetString()).Order());
        Assert.Equal(("w2", "e1 w2", "e1 e2 w2"), (Reached("base", 15), Reached("patched", 15), Reached("base", 30)));
        var position = await register.Run("reach", "--from", "120.9,31.3", "--as-of", "2020-06-01");
        Assert.Equal(2, position.ExitCode);
    }

    [Fact]
    public async Task A_report_holds_what_stands_for_the_streets_and_is_verified_while_they_are_there()
    {
        await using var register = await Region();
        var text = await register.Report("r.html", "--mode", "car", "--open", "gap", "--pair", "w1,e1");
        Assert.Contains("drawn.osm", text, StringComparison.Ordinal);
        Assert.DoesNotContain("北大道\",", text[text.IndexOf("id=\"report\"", StringComparison.Ordinal)..][..200], StringComparison.Ordinal);
        var file = Path.Combine(register.Out, "r.html");
        var same = await register.Run("verify", file);
        Assert.True(same.ExitCode == 0, same.Output + same.Error);

        await register.Report("transit.json", "--mode", "transit", "--open", "metro-gap");

        await register.Database.Execute("update dataset set content_hash = 'newer'");
        Assert.Equal(0, (await register.Run("verify", Path.Combine(register.Out, "transit.json"))).ExitCode);   // not on streets
        var newer = await register.Run("verify", file);
        Assert.Equal(1, newer.ExitCode);
        Assert.Contains("不能 cannot be done", newer.Output, StringComparison.Ordinal);
        Assert.Contains("drawn (drawn.osm, x)", newer.Output, StringComparison.Ordinal);
        Assert.Contains("contentHash", newer.Output, StringComparison.Ordinal);

        await register.Database.Execute("delete from street; delete from street_junction; delete from map_line; delete from dataset");
        var gone = await register.Run("verify", file);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("不能 cannot be done", gone.Output, StringComparison.Ordinal);
        var handMade = await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json");
        Assert.Equal(35 / 6.0, Row(handMade, "gap").GetProperty("gainMinutes").GetDouble(), 0.02);   // as without an import
    }

    [Fact]
    public async Task An_import_says_of_each_link_and_place_whether_it_joins_and_where()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        var file = Path.Combine(register.Out, "town.osm");
        await File.WriteAllBytesAsync(file, Streets().Osm());
        var imported = await register.Run("import", file, "--format", "json");
        Assert.True(imported.ExitCode == 0, imported.Error);
        var notes = imported.Json.GetProperty("reports")[0].GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("zh").GetString()!).ToList();
        var gap = notes.Single(n => n.Contains("（gap）", StringComparison.Ordinal));
        Assert.StartsWith("已接入", gap, StringComparison.Ordinal);
        Assert.Contains("甲路（", gap, StringComparison.Ordinal);
        Assert.Contains("乙路（", gap, StringComparison.Ordinal);
        Assert.Contains("按界线分侧", gap, StringComparison.Ordinal);
        Assert.StartsWith("未接入", notes.Single(n => n.Contains("（old-bridge）", StringComparison.Ordinal)), StringComparison.Ordinal);
        var gains = await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json");
        Assert.Equal(Saved, Row(gains, "gap").GetProperty("gainMinutes").GetDouble(), 0.05);
    }
}
