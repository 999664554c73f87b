using Jietong.Worlds;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Gains as rows, at the terminal and over OData: the same, computed once, and anew when the data change.</summary>
[Collection(nameof(ShippedService))]
public sealed class GainsCommandTests(ShippedService service)
{
    private const string Plan = "asOf=2018-06-29,mode='transit',knownBy=2026-11-22";

    private Task<Ran> Gains(params string[] options) => service.Command(["gains", "--as-of", "2018-06-29", "--known-by", "2026-11-22", "--mode", "transit", .. options, "--format", "json"]);

    private async Task<List<JsonElement>> OData(string options, string arguments = Plan) => [.. (await service.Json($"/odata/Gains({arguments})?{options}")).GetProperty("value").EnumerateArray()];

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    [Fact]
    public async Task They_are_computed_once_and_told_alike_by_every_process()
    {
        var first = await Gains("--top", "2");
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal(2, first.Json.GetArrayLength());
        const string computed = "select string_agg(id || ' ' || computed_at, ',' order by id) from gain_run where mode = 'transit' and id in (select run_id from gain_day where as_of = '2018-06-29')";
        var when = await service.Database.Scalar<string>(computed);
        var second = await Gains("--top", "2");
        Assert.Equal((first.Output, ""), (second.Output, second.Error));
        Assert.Equal(2, (await OData("$filter=evaluated eq true&$orderby=gainMinutes desc&$top=2")).Count);
        Assert.Equal(when, await service.Database.Scalar<string>(computed));
    }

    [Fact]
    public async Task Every_link_that_can_carry_the_mode_has_a_gain_or_a_reason()
    {
        var rows = (await Gains()).Json.EnumerateArray().ToList();
        Assert.Equal(await service.Database.Column("select id from link_as_of('2018-06-29', '2026-11-22') where kind not in ('road', 'waterway') order by id"), rows.Select(r => Text(r, "linkId")).Order(StringComparer.Ordinal));
        Assert.All(rows, r => Assert.Equal((r.GetProperty("evaluated").GetBoolean(), !r.GetProperty("evaluated").GetBoolean()), (Text(r, "reasonZh") is null && Text(r, "reasonEn") is null, r.GetProperty("gainMinutes").ValueKind == JsonValueKind.Null)));
        Assert.Contains(rows, r => r.GetProperty("evaluated").GetBoolean() && r.GetProperty("gainMinutes").GetDecimal() > 0 && r.GetProperty("sketch").GetBoolean());
        Assert.Contains(rows, r => !r.GetProperty("evaluated").GetBoolean());
    }

    [Fact]
    public async Task OData_filters_orders_and_expands_the_rows_of_the_terminal()
    {
        var terminal = (await Gains("--top", "2")).Json.EnumerateArray().ToList();
        var rows = await OData("$filter=evaluated eq true&$orderby=gainMinutes desc&$expand=Link($select=id,state),Pairs($orderby=rank;$top=3)&$top=2");
        foreach (var (told, row) in terminal.Zip(rows))
        {
            foreach (var member in told.EnumerateObject().Where(m => m.Name != "geometry"))
                Assert.Equal(member.Value.GetRawText(), row.GetProperty(member.Name).GetRawText());
            Assert.Equal((Text(row, "linkId"), Text(row, "state")), (Text(row.GetProperty("Link"), "id"), Text(row.GetProperty("Link"), "state")));
            var pairs = row.GetProperty("Pairs").EnumerateArray().ToList();
            Assert.Equal([1, 2, 3], pairs.Select(p => p.GetProperty("rank").GetInt32()));
            Assert.All(pairs, p => Assert.True(p.GetProperty("minutesAfter").GetDecimal() < p.GetProperty("minutesBefore").GetDecimal()));
            // The way as a list of legs takes as long as it is said to, where it is the only one that may come.
            Assert.All(pairs.Where(p => p.GetProperty("share").GetDecimal() == 1), p => Assert.NotEmpty(p.GetProperty("routeAfter").EnumerateArray()));
        }
        Assert.Equal(terminal.Count, rows.Count);
        var least = terminal.Min(r => r.GetProperty("gainMinutes").GetDecimal());
        Assert.All(await OData(FormattableString.Invariant($"$filter=gainMinutes gt {least}")), r => Assert.True(r.GetProperty("gainMinutes").GetDecimal() > least));
    }

    [Fact]
    public async Task Weights_by_county_are_rows_of_their_own()
    {
        var equal = (await OData("$filter=linkId eq 's1-m11'")).Single();
        var county = (await OData("$filter=linkId eq 's1-m11'", Plan + ",weights='county'")).Single();
        Assert.Equal(("equal", "county"), (Text(equal, "weights"), Text(county, "weights")));
        Assert.NotEqual(equal.GetProperty("gainMinutes").GetDecimal(), county.GetProperty("gainMinutes").GetDecimal());
        Assert.True(county.GetProperty("pairsCompared").GetInt32() < equal.GetProperty("pairsCompared").GetInt32());   // stations house nobody
        Assert.Equal(county.GetProperty("gainMinutes").GetRawText(), (await Gains("--weights", "county", "--top", "1")).Json[0].GetProperty("gainMinutes").GetRawText());
    }

    [Theory]
    [InlineData("Gains(asOf=2018-06-29,mode='horse')", "mode is none of 'car', 'transit'")]
    [InlineData("Gains(asOf=2018-06-29,mode='transit',weights='jobs')", "weights is none of 'equal', 'town', 'county'")]
    [InlineData("Gains(asOf=2001-01-01,mode='transit')", "the first evidence holds from")]
    [InlineData("Gains(asOf=0001-01-01,mode='transit')", "is not a date")]
    [InlineData("Gains(asOf=2018-06-29)", "Gains lacks a parameter")]
    [InlineData("Gains(asOf=2018-06-29,mode=null)", "mode is none of 'car', 'transit'")]
    [InlineData("Gains(asOf=2018-02-30,mode='transit')", "")]
    public async Task What_cannot_be_asked_is_an_OData_error(string path, string message)
    {
        var refused = await service.Refused($"/odata/{path}");
        Assert.Equal((400, "application/json"), (refused.Status, refused.MediaType));
        Assert.Contains(message, refused.Body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'horse' not recognized", "--mode", "horse")]
    [InlineData("--top: write a number from 1 on", "--top", "0")]
    [InlineData("the first evidence holds from", "--as-of", "2001-01-01")]
    public async Task At_the_terminal_it_is_exit_code_2(string message, params string[] options)
    {
        var result = await service.Command(["gains", .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_data_change_they_are_computed_anew()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        // road lengths are on PostGIS's spheroid, connectors on the model's sphere: 0.3 % apart
        async Task<double> Gain() => (await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json")).Json.EnumerateArray().Single(r => Text(r, "linkId") == "gap").GetProperty("gainMinutes").GetDouble();
        Assert.Equal(35 / 6.0, await Gain(), 0.02);
        await register.Database.Execute("update assumption set value = 15, low = 15 where id = 'design-speed-class-4'");   // 20 minutes over the crossing, not 10
        Assert.Equal((45 - 10 + 2 * (35 - 20)) / 6.0, await Gain(), 0.02);
        await register.Database.Execute("update assumption set value = 30, low = 30 where id = 'design-speed-class-4'");
        Assert.Equal(35 / 6.0, await Gain(), 0.02);
        Assert.Equal(2, await register.Database.Scalar<long>("select count(*) from gain_run"));   // what was computed before the change serves again after it is taken back
    }

    [Fact]
    public async Task Days_between_which_nothing_happened_share_what_was_computed()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        foreach (var day in new[] { "2020-06-01", "2020-06-02", "2020-06-03" }) Assert.Equal(0, (await register.Run("gains", "--as-of", day, "--mode", "car", "--format", "csv")).ExitCode);
        Assert.Equal((1, 3), (await register.Database.Scalar<long>("select count(*) from gain_run"), await register.Database.Scalar<long>("select count(*) from gain_day")));
        Assert.Equal(0, (await register.Run("gains", "--as-of", "2019-06-01", "--mode", "car", "--format", "csv")).ExitCode);   // before the old bridge was opened
        Assert.Equal(2, await register.Database.Scalar<long>("select count(*) from gain_run"));
    }

    [Fact]
    public async Task An_open_link_is_a_row_that_closes_it()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        var rows = (await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json")).Json.EnumerateArray().ToDictionary(r => Text(r, "linkId")!);
        Assert.Equal(["gap", "old-bridge"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("open", "close", "open"), (Text(rows["gap"], "patch"), Text(rows["old-bridge"], "patch"), Text(rows["old-bridge"], "state")));
        Assert.Equal("0.0000", rows["old-bridge"].GetProperty("gainMinutes").GetDecimal().ToString("0.0000", CultureInfo.InvariantCulture));   // far off: nobody's way
    }

    /// <summary>The terminal's table, its rows as JSON and OData's are the same numbers; the shares sum to the whole, and what comes next goes down from 1.</summary>
    [Fact]
    public async Task Links_valued_together_are_told_alike_and_their_shares_sum_to_the_whole()
    {
        const string day = "asOf=2026-11-22,mode='car',knownBy=2026-11-22";
        string[] asked = ["gains", "--as-of", "2026-11-22", "--known-by", "2026-11-22", "--mode", "car", "--together"];
        var rows = (await service.Command([.. asked, "--format", "json"])).Json.EnumerateArray().Where(r => r.GetProperty("shareMinutes").ValueKind == JsonValueKind.Number).ToList();
        decimal Number(JsonElement row, string name) => row.GetProperty(name).GetDecimal();
        foreach (var group in rows.GroupBy(r => Text(r, "patch")))
            Assert.True(Math.Abs(group.Sum(r => Number(r, "shareMinutes")) - Number(group.First(), "togetherMinutes")) <= 0.0001m * group.Count(), group.Key);
        var next = rows.Where(r => r.GetProperty("nextRank").ValueKind == JsonValueKind.Number).ToList();
        Assert.Equal(Enumerable.Range(1, next.Count), next.Select(r => r.GetProperty("nextRank").GetInt32()));
        Assert.All(next, r => Assert.Equal("open", Text(r, "patch")));
        Assert.Equal(Number(next[0], "aloneMinutes"), Number(next[0], "nextMinutes"));   // the first comes when nothing else is there

        var odata = await OData("$filter=nextRank le 3&$orderby=nextRank&$expand=Synergies($orderby=synergyMinutes;$top=1)", day);
        Assert.Equal(next.Take(3).Select(r => (Text(r, "linkId"), Number(r, "shareMinutes"), Number(r, "shareErrorMinutes"))), odata.Select(r => (Text(r, "linkId"), Number(r, "shareMinutes"), Number(r, "shareErrorMinutes"))));
        var worst = odata[2].GetProperty("Synergies")[0];
        Assert.Equal(Number(worst, "synergyMinutes"), Number((await service.Json($"/collections/gain-synergies/items/{Text(worst, "otherLinkId")}-car-equal-{Text(odata[2], "linkId")}?asOf=2026-11-22&knownBy=2026-11-22")).GetProperty("properties"), "synergyMinutes"));

        var table = (await service.Command(asked)).Output;
        Assert.All(next, r => Assert.Contains(Text(r, "linkId")!, table, StringComparison.Ordinal));
        Assert.Contains($"{Number(next[0], "togetherMinutes"):0.0000}", table, StringComparison.Ordinal);
    }
}
