using Jietong.Services.Model;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// Public transport by hand. A train every 10 minutes is waited for 5; a platform is 3 minutes from the street, both ways; a local bus
/// takes 10 minutes to come and 4 for each kilometre, on one side only:
/// <code>
///   p                        ┆                        r
///   甲(-9) ── west ── 乙(-3) ┄┆┄ works ┄ 丙(3) ── east ── 丁(9)      6 min each, 2 min to change
///   起(-9) ─ ─ ─ ─ ─ ─ ─ bus ┆ every hour ─ ─ ─ ─ ─ ─ ─ 终(9)      60 min, and 5 at the province line
/// </code>
/// </summary>
public sealed class TransitGainTests
{
    private const double ByMetro = 3 + (5 + 6) + 2 + (5 + 6) + 2 + (5 + 6) + 3, ByBus = 30 + 60 + 5;

    private static ModelWorld TwoSides(bool worksInForce = false, params string[] worksSections) => new ModelWorld().Place("p", -9).Place("r", 9).Link("m", kind: "metro", radius: 0.1)
        .Line("west", ["甲@-9", "乙@-3"], 6).Line("works", ["乙@-3", "丙@3"], 6, link: "m", inForce: worksInForce, sections: worksSections).Line("east", ["丙@3", "丁@9"], 6)
        .Transfer("west", "乙", "works", 2).Transfer("works", "丙", "east", 2);

    private static ModelWorld WithBus() => TwoSides().Line("bus", ["起@-9", "终@9"], 60, [60], kind: "bus");

    /// <summary>Places a, m, b on one side, and a line along them: 甲(-9) ── 中(-6) ── 乙(-3), 6 minutes from end to end.</summary>
    private static ModelWorld OneSide(params string[] sections) => Places().Line("line", ["甲@-9", "中@-6", "乙@-3"], 6, sections: sections);

    private static ModelWorld Places() => new ModelWorld().Place("a", -9).Place("m", -6).Place("b", -3);

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 0.001);

    [Fact]
    public void Boarding_waiting_riding_and_changing_add_up()
    {
        var gain = WithBus().Gain("m", Mode.Transit);
        Near(ByBus * 60_000, gain.Result!.Gain.MeanBeforeMs!.Value);
        Near(ByMetro * 60_000, gain.Result.Gain.MeanAfterMs!.Value);
        Assert.Equal((2, 2, 0), (gain.Result.Gain.Compared, gain.Result.Gain.Faster, gain.Result.Gain.Joined.Count));
        Assert.Equal(["boarding 0+3", "ride 5+6", "transfer 0+2", "ride 5+6", "transfer 0+2", "ride 5+6", "boarding 0+3"], gain.Pairs.Single().After!.Legs.Select(l => $"{l.Kind} {l.WaitMinutes:0.##}+{l.Minutes:0.##}"));
        Assert.Equal((1.0, 1.0), (gain.Pairs[0].After!.Links["m"], gain.Pairs[0].After!.Probability));
        Assert.Equal(["ride 30+65"], gain.Pairs[0].Before!.Legs.Select(l => $"{l.Kind} {l.WaitMinutes:0.##}+{l.Minutes:0.##}"));
    }

    [Fact]
    public void Minutes_at_the_province_line_are_those_of_buses_that_cross_it()
    {
        Near(ByBus, WithBus().Minutes("p", "r"));
        Near(30 + 6, Places().Line("bus", ["起@-9", "终@-3"], 6, [60], kind: "bus").Assume("bus-speed-urban", 1, unit: "km/h").Minutes("a", "b"));
    }

    [Fact]
    public void The_range_is_that_of_what_was_assumed()
    {
        var gain = WithBus().Assume("bus-border-crossing", 5, 1, 8).Gain("m", Mode.Transit).Result!;
        Near((ByBus - ByMetro - 4) * 60_000, gain.Range!.Value.Low);
        Near((ByBus - ByMetro + 3) * 60_000, gain.Range.Value.High);
    }

    // p(-3) ─ walk 3 km ─ ┆ ─ walk 3 km ─ r(3): 10 minutes a kilometre; no bus and no line leads over
    [Fact]
    public void An_ordinary_road_can_be_walked_across_however_far_and_a_motorway_cannot()
    {
        static double Across(string roadClass) => new ModelWorld().Place("p", -3).Place("r", 3).Road("crossing", [(-1, 0), (0, 0)], roadClass, crosses: true).Minutes("p", "r");
        Near(60, Across("class2"));
        Assert.Equal(double.PositiveInfinity, Across("motorway"));
    }

    [Fact]
    public void A_road_across_helps_nobody_on_his_own_side() =>
        Near(10 + 6 * 4, new ModelWorld().Place("p", -3).Place("q", -3, 6).Place("r", 3).Road("crossing", [(-3, 3), (0, 3)], crosses: true).Minutes("p", "q"));

    [Fact]
    public void What_only_the_link_itself_needs_is_in_the_range_and_in_the_table()
    {
        var world = WithBus().Assume("run-works", 6, 2, 16);
        var gain = world.Gain("m", Mode.Transit).Result!;
        Near((ByBus - ByMetro - 10) * 60_000, gain.Range!.Value.Low);
        Near((ByBus - ByMetro + 4) * 60_000, gain.Range.Value.High);
        Assert.Contains(new Gains.Evaluation(new(world.Input, Mode.Transit)).UsedAssumptions, a => a.Id == "run-works");
    }

    [Fact]
    public void A_stop_of_the_link_that_is_placed_roughly_widens_the_range()
    {
        var input = new ModelWorld().Place("p", -3).Place("r", 3).Link("m", kind: "metro", radius: 0.1).Line("works", ["甲@-3", "丙@3"], 6, link: "m").Line("bus", ["起@-3", "终@3"], 60, [60], kind: "bus").Input;
        Jietong.Routing.Range Range(double accuracyMetres) => Gains.GainsOfLinks.Of(new(new(input with { Lines = [.. input.Lines.Select(l => l.Id == "works" ? l with { Stops = [.. l.Stops.Select(s => s with { AccuracyMetres = accuracyMetres })] } : l)] }, Mode.Transit)),
            [Gains.Weighting.Of("equal", input)], default).Single().Gain.Result!.Range!.Value;
        Assert.Equal(Range(400), Range(0));
        Assert.Equal(Range(400).High, Range(2000).High);
        Assert.True(Range(2000).Low < Range(400).Low, $"{Range(400)} {Range(2000)}");
    }

    [Fact]
    public void Without_any_line_across_the_two_sides_are_joined_by_the_link()
    {
        var gain = TwoSides().Gain("m", Mode.Transit);
        Assert.Equal((0, 2), (gain.Result!.Gain.Compared, gain.Result.Gain.Joined.Count));
        Assert.Equal((null, null, false), (gain.Result.Gain.MeanSavedMs, gain.Result.Range, gain.Result.Distinguishable));
        Near(ByMetro, gain.Pairs.Single().After!.Minutes);
    }

    [Fact]
    public void Nobody_walks_or_takes_a_local_bus_over_the_province_line()
    {
        var world = new ModelWorld().Place("a", -0.4).Place("b", -0.1).Place("c", 0.1);
        Near(3, world.Minutes("a", "b"));
        Assert.Equal(double.PositiveInfinity, world.Minutes("b", "c"));
    }

    [Fact]
    public void Beyond_the_longest_walk_one_waits_for_the_local_bus()
    {
        var world = new ModelWorld().Place("a", -5).Place("b", -4.05).Place("c", -2);
        Near(9.5, world.Minutes("a", "b"));
        Near(10 + 4 * 2.05, world.Minutes("b", "c"));
    }

    [Fact]
    public void Services_on_one_platform_add_their_frequencies()
    {
        Near(3 + 1 / (1 / 5.0 + 1 / 15.0) + 6 + 3, Places().Line("one", ["甲@-9", "乙@-3"], 6, [10, 30]).Minutes("a", "b"));
        Near(3 + 1 / (1 / 5.0 + 1 / 15.0) + 6 + 3, Places().Line("one", ["甲@-9", "乙@-3"], 6).Line("other", ["甲@-9", "乙@-3", "丙@-1"], 8, [30], sharesWith: "one").Minutes("a", "b"));
        Near(3 + 5 + 6 + 3, Places().Line("one", ["甲@-9", "乙@-3"], 6).Line("elsewhere", ["甲@-9", "乙@-3"], 6, [30]).Minutes("a", "b"));   // another platform
    }

    /// <summary>Worth waiting for, since 10 minutes aboard are less than the 11 of the other line with its wait: (1 + 6⁄5 + 10⁄15) ⁄ (1⁄5 + 1⁄15) = 10.75.</summary>
    [Fact]
    public void Of_a_fast_and_a_slow_line_the_first_to_come_is_taken()
    {
        var world = Places().Link("m", kind: "metro").Line("fast", ["甲@-9", "乙@-3"], 6).Line("slow", ["甲@-9", "乙@-3"], 10, [30], sharesWith: "fast", link: "m");
        Near(3 + 10.75 + 3, world.Minutes("a", "b", open: "m"));
        Near(3 + 11 + 3, world.Minutes("a", "b"));
        Near(0.25, world.Gain("m", Mode.Transit).Pairs[0].After!.Links["m"]);   // one train in four
    }

    [Theory]
    [InlineData(17)]
    [InlineData(17, "甲-乙 open")]
    [InlineData(34, "!甲-乙 open")]
    [InlineData(17, "甲-中 open", "中-乙 open")]
    [InlineData(34, "甲-中 open", "!中-乙 open")]
    [InlineData(34, "甲-乙 open", "乙-中 closed")]
    [InlineData(17, "甲-乙 open", "!中-乙 closed")]
    [InlineData(17, "甲-乙 open", "!中-中 open")]
    [InlineData(34, "甲-乙 open", "乙-乙 closed")]
    public void A_line_runs_where_its_sections_are_in_force(double minutes, params string[] sections) => Near(minutes, OneSide(sections).Minutes("a", "b"));

    [Fact]
    public void A_line_without_sections_runs_from_its_own_day_on() =>
        Near(34, Places().Line("line", ["甲@-9", "乙@-3"], 6, inForce: false).Minutes("a", "b"));

    [Fact]
    public void At_a_stop_that_opens_later_trains_pass()
    {
        Near(3 + 5 + 3 + 3, OneSide("甲-乙 open").Minutes("a", "m"));
        Near(10 + 12, OneSide("甲-乙 open", "!中-中 open").Minutes("a", "m"));
    }

    [Fact]
    public void A_service_to_its_ends_only_passes_what_lies_between()
    {
        var world = OneSide();
        world.Services[0] = world.Services[0] with { Calls = "ends" };
        Near(17, world.Minutes("a", "b"));
        Near(10 + 12, world.Minutes("a", "m"));
    }

    [Fact]
    public void A_stop_whose_position_nobody_knows_is_passed()
    {
        var world = Places().Line("line", ["甲@-9", "无", "乙@-3"], 6);
        Near(17, world.Minutes("a", "b"));
        Assert.DoesNotContain(new TravelModel(world.Input, Mode.Transit).Topology.Junctions, j => j.NameZh == "无");
    }

    [Theory]
    [InlineData(ByMetro, true)]
    [InlineData(ByMetro, false)]
    [InlineData(ByMetro, false, "!乙-丙 open")]
    [InlineData(double.PositiveInfinity, true, "乙-丙 closed")]
    public void The_works_of_a_link_run_while_it_counts_whatever_their_own_dates(double minutes, bool inForce, params string[] sections)
    {
        Near(minutes, TwoSides(inForce, sections).Minutes("p", "r", open: "m"));
        Assert.Equal(double.PositiveInfinity, TwoSides(inForce, sections).Minutes("p", "r"));
    }

    [Fact]
    public void An_open_line_is_judged_by_closing_it_with_the_same_result()
    {
        var (world, open) = (WithBus(), WithBus());
        open.Links[0] = open.Links[0] with { State = "open" };
        Assert.True(open.Gain("m", Mode.Transit).Closing);
        Assert.Equal(world.Gain("m", Mode.Transit).Result!.Gain.MeanSavedMs, open.Gain("m", Mode.Transit).Result!.Gain.MeanSavedMs);
    }
}
