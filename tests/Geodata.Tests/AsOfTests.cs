using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>The rules by which a day's state follows from the evidence, each on a world small enough to draw: time runs to the right, D is the day asked about.</summary>
public sealed class AsOfTests
{
    private static async Task<string?> Ask(RegisterWorld world, string asOf, string knownBy = "2026-11-22", string columns = "state")
    {
        await using var database = await world.Load();
        return (await database.Column($"select concat_ws(' ', {columns}) from link_as_of('{asOf}', '{knownBy}')")).SingleOrDefault();
    }

    private static RegisterWorld World() => new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("state", "STATE", "2019-06-01").Source("copy", "COPY", "2019-06-01")
        .Source("gov-2020", "GOV", "2020-03-01").Link("x", "gov");

    // gov ●proposed──────D            before the first evidence the link is not listed
    [Theory]
    [InlineData("2018-06-28", null)]
    [InlineData("2018-06-29", "not_open proposed true 0")]
    [InlineData("2019-06-29", "not_open proposed true 365")]
    [InlineData("2019-06-30", "unverified proposed true 366")]
    public async Task Is_listed_from_the_first_evidence_and_unverified_once_that_is_stale(string asOf, string? expected) =>
        Assert.Equal(expected, await Ask(World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated"), asOf, columns: "state, stage, broken::text, evidence_age_days"));

    // gov ●proposed ··· D ··· ●open state     a later opening proves that it was not open, and is named as later evidence
    [Theory]
    [InlineData("2019-05-19", "2026-01-01", "not_open proposed gov")]
    [InlineData("2020-05-19", "2026-01-01", "not_open proposed gov late")]
    [InlineData("2020-05-19", "2020-05-19", "unverified proposed gov")]
    [InlineData("2020-05-20", "2026-01-01", "open open late late")]
    [InlineData("2020-05-20", "2020-05-20", "unverified proposed gov")]
    public async Task Hindsight_counts_unless_it_was_not_known(string asOf, string knownBy, string expected)
    {
        var world = World().Source("late", "STATE", "2020-06-01").Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "open", "2020-05-20", "late", basis: "stated");
        Assert.Equal(expected, await Ask(world, asOf, knownBy, "state, stage, source_id, later_evidence"));
    }

    // ├────open 2020────┤     a month or a year counts from its last day on, and proves nothing within itself
    [Theory]
    [InlineData("2019-12-31", "not_open")]
    [InlineData("2020-01-01", "unverified")]
    [InlineData("2020-12-30", "unverified")]
    [InlineData("2020-12-31", "open")]
    public async Task A_year_counts_from_its_last_day(string asOf, string expected) =>
        Assert.Equal(expected, await Ask(World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "open", "2020", "gov-2020", basis: "stated"), asOf));

    [Fact]
    public async Task Open_by_a_day_proves_nothing_about_the_days_before() =>
        Assert.Equal("unverified", await Ask(World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "open", "../2020-03-01", "gov-2020", basis: "stated"), "2020-02-29"));

    // copy ●open        state ●under_construction later     the better grade takes back; the other way round it does not
    [Theory]
    [InlineData("copy", "state", "not_open under_construction open")]
    [InlineData("state", "copy", "open open")]
    public async Task Taking_back_needs_as_good_a_grade(string first, string second, string expected)
    {
        var world = World().Attest("a", "x", "open", "2019-02-01", first).Attest("b", "x", "under_construction", "2019-04-01", second);
        Assert.Equal(expected, await Ask(world, "2019-05-01", columns: "state, stage, furthest_stage"));
    }

    // state ├──── 2019-03 ────┤ under_construction
    // copy         ● 2019-03-10 open
    [Fact]
    public async Task About_the_same_time_the_better_grade_decides() =>
        Assert.Equal("not_open under_construction state", await Ask(
            World().Attest("a", "x", "under_construction", "2019-03", "state", basis: "stated").Attest("b", "x", "open", "2019-03-10", "copy"), "2019-05-01", columns: "state, stage, source_id"));

    [Fact]
    public async Task Progress_by_a_worse_grade_counts_and_the_better_source_is_cited_where_both_agree()
    {
        var world = World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "open", "2019-05-01", "copy").Attest("c", "x", "open", "2019-05-01", "state", basis: "stated");
        Assert.Equal("open state", await Ask(world, "2019-05-02", columns: "state, source_id"));
    }

    // side a ●open
    // side b ●under_construction        the whole is as far as its lesser side
    [Fact]
    public async Task The_whole_is_as_far_as_its_lesser_side() =>
        Assert.Equal("not_open under_construction", await Ask(
            World().Attest("a", "x", "open", "2019-01-01", "state", side: "a").Attest("b", "x", "under_construction", "2019-01-01", "state", side: "b"), "2019-02-01", columns: "state, stage"));

    [Fact]
    public async Task One_side_open_and_nothing_known_of_the_other_is_unverified() =>
        Assert.Equal("unverified", await Ask(World().Attest("a", "x", "open", "2019-01-01", "state", side: "a"), "2019-02-01"));

    [Fact]
    public async Task A_correction_replaces_and_a_withdrawal_removes_from_the_day_it_was_published()
    {
        var world = World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "open", "2019-01-01", "copy")
            .Attest("c", "x", "under_construction", "2019-01-01", "gov-2020", basis: "stated", supersedes: "b");
        Assert.Equal("open", await Ask(world, "2019-06-02", "2019-06-02"));
        Assert.Equal("not_open", await Ask(world, "2019-06-02", "2020-03-01"));
        var withdrawn = World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "open", "2019-01-01", "copy")
            .Attest("c", "x", "open", "2019-01-01", "gov-2020", basis: "stated", supersedes: "b", withdrawn: true);
        Assert.Equal("not_open", await Ask(withdrawn, "2019-06-02"));
    }

    [Theory]
    [InlineData("missing", "cancelled", "cancelled false")]
    [InlineData("missing", "suspended", "not_open true")]
    [InlineData("missing", "closed", "not_open true")]
    [InlineData("bottleneck", "proposed", "not_open true")]
    [InlineData("blocked", "proposed", "not_open true")]
    [InlineData("service", "proposed", "not_open false")]
    [InlineData("study", "proposed", "not_open false")]
    [InlineData("missing", "accepted", "open false")]
    public async Task Only_a_missing_bottlenecked_or_blocked_link_can_be_broken(string nature, string stage, string expected)
    {
        var world = new RegisterWorld().Source("gov", "GOV", "2018-06-29").Link("x", "gov", nature: nature).Attest("a", "x", stage, "2018-06-29", "gov", basis: "stated");
        Assert.Equal(expected, await Ask(world, "2018-07-01", columns: "state, broken::text"));
    }

    [Fact]
    public async Task Evidence_is_as_young_as_the_last_day_its_source_vouches_for() =>
        Assert.Equal("not_open 1", await Ask(World().Attest("a", "x", "under_construction", "2017-01-01", "state", basis: "stated", heldTo: "2019-05-31"), "2019-06-01", columns: "state, evidence_age_days"));

    // promise ──●2018-12-31 due          late ●2019-05-01 started
    [Theory]
    [InlineData("2018-12-31", "f")]
    [InlineData("2019-01-01", "t")]
    [InlineData("2019-05-01", "f")]
    public async Task A_promise_is_overdue_from_the_day_after_it_was_due_until_it_is_met(string asOf, string overdue)
    {
        var world = World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "under_construction", "2019-05-01", "state", basis: "stated")
            .Row("targets.csv", "t,x,,under_construction,2018,stated,,,gov,p,,");
        await using var database = await world.Load();
        Assert.Equal([overdue == "t" ? "True" : "False"], await database.Column($"select overdue from target_as_of('{asOf}', '2026-01-01')"));
    }

    // ●proposed   ●under_construction   ●open   ●open again said   ●closed
    [Theory]
    [InlineData("2019-03-01", "under_construction 2018-06-29")]
    [InlineData("2019-08-01", "open 2019-05-01")]
    [InlineData("2020-04-01", "closed 2020-03-01")]
    public async Task Since_is_the_first_day_of_the_present_condition(string asOf, string expected)
    {
        var world = World().Attest("a", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("b", "x", "under_construction", "2019-02-01", "state", basis: "stated")
            .Attest("c", "x", "open", "2019-05-01", "copy").Attest("d", "x", "open", "2019-07-01", "state", basis: "stated").Attest("e", "x", "closed", "2020-03-01", "gov-2020", basis: "stated");
        Assert.Equal(expected, await Ask(world, asOf, columns: "stage, since"));
    }

    // side a ●open 2020        ●open said again 2022
    // side b          ●open 2021                       the whole is open since the later of its sides
    [Theory]
    [InlineData("2020-06-01", "unverified")]
    [InlineData("2021-07-01", "open 2021-06-01")]
    [InlineData("2023-01-01", "open 2021-06-01")]
    public async Task A_link_of_two_sides_is_open_since_the_later(string asOf, string expected)
    {
        var world = World().Source("late", "GOV", "2022-01-01").Attest("a", "x", "open", "2020-01-01", "late", side: "a").Attest("b", "x", "open", "2021-06-01", "late", side: "b")
            .Attest("c", "x", "open", "2022-01-01", "late", side: "a");
        Assert.Equal(expected, await Ask(world, asOf, columns: "state, case state when 'open' then since end"));
    }

    // promise for the whole, due 2020: side a ●started 2019, side b ●started 2021
    [Theory]
    [InlineData("2021-02-28", "True")]
    [InlineData("2021-03-01", "False")]
    public async Task A_promise_for_the_whole_is_met_when_both_sides_are_there(string asOf, string overdue)
    {
        var world = World().Source("late", "STATE", "2021-03-01").Attest("a", "x", "under_construction", "2019-05-01", "late", side: "a", basis: "stated")
            .Attest("b", "x", "under_construction", "2021-03-01", "late", side: "b", basis: "stated").Row("targets.csv", "t,x,,under_construction,2020,stated,,,gov,p,,");
        await using var database = await world.Load();
        Assert.Equal([overdue], await database.Column($"select overdue from target_as_of('{asOf}', '2026-01-01')"));
    }

    [Fact]
    public async Task A_withdrawn_correction_gives_back_what_it_corrected()
    {
        var world = World().Source("gov-2021", "GOV", "2021-01-01").Attest("a", "x", "open", "2019-01-01", "state", basis: "stated")
            .Attest("b", "x", "under_construction", "2019-01-01", "gov-2020", basis: "stated", supersedes: "a")
            .Attest("c", "x", "under_construction", "2019-01-01", "gov-2021", basis: "stated", supersedes: "b", withdrawn: true);
        Assert.Equal("under_construction", await Ask(world, "2020-06-01", "2020-06-01", "stage"));
        Assert.Equal("open", await Ask(world, "2020-06-01", "2021-01-01", "stage"));
    }

    [Fact]
    public async Task A_closure_follows_an_opening_and_does_not_contradict_it() =>
        Assert.Equal("closed", await Ask(World().Attest("a", "x", "open", "2019-01-01", "state", basis: "stated").Attest("b", "x", "closed", "2020-01-01", "gov-2020", basis: "stated"), "2020-02-01", columns: "stage, furthest_stage"));
}
