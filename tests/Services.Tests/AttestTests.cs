using Xunit;

namespace Jietong.Services.Tests;

/// <summary>An engineer records what a source says, from the terminal.</summary>
public sealed class AttestTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    [Fact]
    public async Task One_word_of_a_source_is_recorded_and_what_it_changes_is_told()
    {
        string[] command = ["attest", "x", "--stage", "open", "--held-from", "2019-06", "--source", "late", "--place", "第3页"];
        var state = await world.State();
        var dry = await world.Command([.. command, "--dry-run"]);
        Assert.True(dry.ExitCode == 0, dry.Error);
        Assert.Contains("试算，未存 Dry run", dry.Output, StringComparison.Ordinal);
        Assert.Equal(state, await world.State());

        var told = await world.Command(command);
        Assert.True(told.ExitCode == 0, told.Error);
        foreach (var part in new[] { "已登记 Recorded  x-open-", "x · 已通 open · 自 from 2019-06 · 直述 stated · late，第3页", "待核实 unverified", "已通 open", "1 recorded, 0 already there" }) Assert.Contains(part, told.Output, StringComparison.Ordinal);
        Assert.Equal(["stated 第3页"], await world.Database.Column("select basis || ' ' || place from attestation where link_id = 'x' and stage = 'open'"));
        Assert.Equal([$"{Environment.UserName} (terminal)"], await world.Database.Column("select who from audit where content ->> 'place' = '第3页'"));
        state = await world.State();
        Assert.Contains("0 recorded, 1 already there", (await world.Command(command)).Output, StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task What_the_source_tells_by_itself_need_not_be_written()
    {
        Assert.Equal(0, (await world.Command("attest", "y", "--stage", "land", "--source", "web", "--stated-on", "2019-03-01", "--side", "a", "--note-zh", "注")).ExitCode);
        Assert.Equal(["2019-03-01 reported 未注明 / not noted a 注"], await world.Database.Column("select concat_ws(' ', held_from, basis, place, side, note_zh) from attestation where source_id = 'web' and stage = 'land'"));
        Assert.Equal(0, (await world.Command("attest", "y", "--stage", "design", "--source", "web", "--held-from", "2016/2018", "--premises-zh", "因", "--premises-en", "because")).ExitCode);
        Assert.Equal(["inferred"], await world.Database.Column("select basis from attestation where stage = 'design'"));
    }

    [Fact]
    public async Task A_wrong_word_is_corrected_and_taken_back_by_others()
    {
        foreach (var more in new[] { ["--id", "y-wrong"], new[] { "--id", "y-right", "--supersedes", "y-wrong" }, ["--id", "y-none", "--supersedes", "y-right", "--withdrawn"] })
            Assert.Equal(0, (await world.Command(["attest", "y", "--stage", "accepted", "--held-from", "2020", "--source", "late", .. more])).ExitCode);
        Assert.Equal(["f y-right y-wrong", "t y-none y-right"], await world.Database.Column("select left(withdrawn::text, 1) || ' ' || id || ' ' || supersedes from attestation where supersedes is not null and link_id = 'y' order by 1"));
    }

    [Theory]
    [InlineData("--stated-on: 2018-06-30 is not the date of gov, which was published 2018-06-29", "x", "--stage", "open", "--source", "gov", "--stated-on", "2018-06-30")]
    [InlineData("'opn' not recognized", "x", "--stage", "opn", "--source", "gov", "--held-from", "2018")]
    [InlineData("'c' not recognized", "x", "--stage", "open", "--source", "gov", "--held-from", "2018", "--side", "c")]
    [InlineData("--held-from: \"2018-13\" is not a date", "x", "--stage", "open", "--source", "gov", "--held-from", "2018-13")]
    [InlineData("--held-from、--held-to: ", "x", "--stage", "open", "--source", "gov", "--held-from", "2018", "--held-to", "2017")]
    [InlineData("link: there is no link \"nowhere\"", "nowhere", "--stage", "open", "--source", "gov", "--held-from", "2018")]
    [InlineData("--source: there is no source \"nobody\": ./run sources lists them", "x", "--stage", "open", "--source", "nobody", "--held-from", "2018")]
    [InlineData("--basis: source web has grade SEC", "x", "--stage", "open", "--source", "web", "--held-from", "2018", "--basis", "stated")]
    [InlineData("--premises-zh", "x", "--stage", "open", "--source", "gov", "--held-from", "2018", "--basis", "inferred")]
    [InlineData("which is of another link", "x", "--stage", "open", "--source", "gov", "--held-from", "2018", "--supersedes", "y-1")]
    [InlineData("--supersedes", "x", "--stage", "open", "--source", "gov", "--held-from", "2018", "--withdrawn")]
    [InlineData("--id: \"x-1\" is there already and says otherwise in stage", "x", "--stage", "open", "--source", "gov", "--held-from", "2018-06-29", "--id", "x-1", "--place", "p")]
    [InlineData("--held-from is missing", "x", "--stage", "open", "--source", "gov")]
    [InlineData("--stage is missing", "x", "--held-from", "2018", "--source", "gov")]
    [InlineData("Name a link", "--stage", "open", "--held-from", "2018", "--source", "gov")]
    [InlineData("only --dry-run goes with it", "--from", "x.xlsx", "--stage", "open")]
    [InlineData("only --dry-run goes with it", "x", "--from", "x.xlsx")]
    [InlineData("there is no file", "--from", "nowhere.xlsx")]
    public async Task What_cannot_be_recorded_is_told_by_option_and_changes_nothing(string message, params string[] arguments)
    {
        var state = await world.State();
        var result = await world.Command(["attest", .. arguments]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var error = (await world.Command("attest", "nowhere", "--stage", "open", "--source", "nobody", "--held-from", "soon", "--held-to", "later", "--id", "No Slug")).Error;
        Assert.Contains("5 处有误", error, StringComparison.Ordinal);
        foreach (var option in new[] { "link:", "--source:", "--held-from:", "--held-to:", "--id:" }) Assert.Contains("\n" + option, error, StringComparison.Ordinal);
    }
}
