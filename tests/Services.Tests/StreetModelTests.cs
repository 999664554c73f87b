using Jietong.Services.Gains;
using Jietong.Services.Model;
using Jietong.Services.Reports;
using Jietong.Services.Streets;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// Links of the register on imported streets, by hand. The province line is x = 0; a kilometre takes a minute, and 2 minutes go to and from the car.
/// <code>
///   w2(-6,4) ━━━━━━ 北大道 ━━━━━━ e2(6,4)        w1 – e1 by 北大道 4 + 12 + 4 = 20 min
///      ┃              ┊              ┃
///   w1(-6,0) ━ 甲路 ━(-1,0)  link  (1,0)━ 乙路 ━ e1(6,0)      by the link 5 + 2 + 5 = 12 min
/// </code>
/// </summary>
public sealed class StreetModelTests
{
    private static StreetWorld Streets() => new StreetWorld().Boundary(4, (0, -50), (0, 50)).Boundary(4, (0, -50), (0, 50))   // both areas draw it
        .Street("jia", [(-6, 0), (-1, 0)], "甲路").Street("yi", [(1, 0), (6, 0)], "乙路").Street("west", [(-6, 0), (-6, 4)], "西街").Street("east", [(6, 0), (6, 4)], "东街").Street("north", [(-6, 4), (6, 4)], "北大道");

    private static ModelWorld Towns() => new ModelWorld().Place("w1", -6).Place("w2", -6, 4).Place("e1", 6).Place("e2", 6, 4);

    private static LinkGain Gain(ModelInput input, string link) => GainsOfLinks.Of(new(new(input, Mode.Car)), [Weighting.Of("equal", input)], default).Select(g => g.Gain).Single(g => g.Works.Link.Id == link);

    private static double Minutes(ModelInput input, string from, string to, params string[] open)
    {
        var model = new TravelModel(input, Mode.Car);
        int At(string id) => model.Places.Index().First(p => p.Item.Id == id).Index;
        return model.TimesBetweenPlaces(model.MetricOf(new(input.Assumptions), open.ToHashSet()))[At(from)][At(to)] / 60_000;
    }

    private static void Near(double expectedMinutes, double? milliseconds) => Assert.Equal(expectedMinutes, milliseconds!.Value / 60_000, 0.02);

    [Fact]
    public void A_missing_link_joins_the_nearest_streets_of_both_sides_and_its_gain_is_the_one_counted_by_hand()
    {
        var gain = Gain(Streets().Of(Towns().Link("gap", radius: 0.6)), "gap");
        Assert.Equal((null, false, 600.0), (gain.Works.ReasonZh, gain.Works.InData, gain.Works.PositionMetres));
        Assert.Contains("甲路（jia，1000 米）", gain.Works.WorksZh, StringComparison.Ordinal);
        Assert.Contains("乙路（yi，1000 m）", gain.Works.WorksEn, StringComparison.Ordinal);
        Near((20 + 4 + 16 + 16 + 4 + 12) / 6.0 + 2, gain.Result!.Gain.MeanBeforeMs);
        Near((12 + 4 + 16 + 16 + 4 + 12) / 6.0 + 2, gain.Result.Gain.MeanAfterMs);
        Assert.Equal(["car", "road", "link", "road", "car"], gain.Pairs[0].After!.Legs.Select(l => l.Kind));
        Assert.Equal(["甲路", "路 gap", "乙路"], gain.Pairs[0].After!.Legs.Where(l => l.Kind != "car").Select(l => l.NameZh));
        Assert.Equal((false, true), (gain.Pairs[0].Before!.Sketch, gain.Pairs[0].After!.Sketch));   // straight across, the streets are none
        Assert.True(gain.Result.Range!.Value.Low < gain.Result.Gain.MeanSavedMs && gain.Result.Range.Value.High >= gain.Result.Gain.MeanSavedMs);   // by way of any other place of its circle it is farther
    }

    [Theory]
    [InlineData(0.4, "600 米")]   // a kilometre from its middle, 0.4 of it inside the circle
    [InlineData(0.1, "900 米")]
    public void Beyond_the_distance_it_is_refused_and_the_distance_is_said(double radius, string metres)
    {
        var works = Gain(Streets().Of(Towns().Link("gap", radius: radius)), "gap").Works;
        Assert.False(works.IsEvaluated);
        Assert.Contains("甲路", works.ReasonZh, StringComparison.Ordinal);
        Assert.Contains(metres + "，超过 500 米", works.ReasonZh, StringComparison.Ordinal);
        Assert.Contains("at most 500 m are bridged", works.ReasonEn, StringComparison.Ordinal);
    }

    /// <summary>Two roads end beside each other on the west: the nearer one, unless the register names the other.</summary>
    [Fact]
    public void Of_two_candidates_the_one_that_the_register_names_is_taken()
    {
        StreetWorld Two() => Streets().Street("bing", [(-6, 0), (-1.1, 0.4)], "丙路");
        Assert.Contains("甲路", Gain(Two().Of(Towns().Link("gap", radius: 0.8)), "gap").Works.WorksZh, StringComparison.Ordinal);
        Assert.Contains("丙路（bing", Gain(Two().Course("gap", "丙路", "乙路").Of(Towns().Link("gap", radius: 0.8)), "gap").Works.WorksZh, StringComparison.Ordinal);
        Assert.Contains("丙路（bing", Gain(Two().Course("gap", "乙路", "丙路").Of(Towns().Link("gap", radius: 0.8)), "gap").Works.WorksZh, StringComparison.Ordinal);   // sides told by names
    }

    [Fact]
    public void A_yard_beside_a_through_road_is_not_joined_nor_a_motorway_or_bridge()
    {
        var works = Gain(Streets().Street("yard", [(-6, 0), (-0.8, 0.1)], "院内路", "service").Street("way", [(-6, 0), (-0.5, -0.1)], "高速", "motorway").Street("bridge", [(-6, 0), (-0.4, -0.2)], "桥", built: true)
            .Of(Towns().Link("gap", radius: 0.8)), "gap").Works;
        Assert.Contains("甲路", works.WorksZh, StringComparison.Ordinal);
    }

    /// <summary>The line of a link lies 20 m beside the street that joins 甲路 and 乙路 in the data.</summary>
    [Fact]
    public void A_link_that_the_data_show_is_recognised_by_its_line_and_closed_for_before()
    {
        ModelInput World(string state) => Streets().Street("joined", [(-1, 0), (1, 0)], "甲路").Course("gap", null, null, (-1, 0.02), (1, 0.02)).Of(Towns().Link("gap", radius: 0.03, state: state));
        var (missing, open) = (Gain(World("not_open"), "gap"), Gain(World("open"), "gap"));
        Assert.Equal((true, 0.0, false, true), (missing.Works.InData, missing.Works.PositionMetres, missing.Closing, open.Closing));
        Assert.Contains("joined", missing.Works.WorksZh, StringComparison.Ordinal);
        Assert.Contains("100%", missing.Works.WorksZh, StringComparison.Ordinal);
        Assert.Contains("按关闭计", missing.Works.WorksZh, StringComparison.Ordinal);
        foreach (var gain in new[] { missing, open })
        {
            Near((20 + 4 + 16 + 16 + 4 + 12) / 6.0 + 2, gain.Result!.Gain.MeanBeforeMs);
            Near((12 + 4 + 16 + 16 + 4 + 12) / 6.0 + 2, gain.Result.Gain.MeanAfterMs);
            Assert.False(gain.Pairs[0].After!.Sketch);
        }
        // Closing its arcs is the network without its street.
        Assert.Equal(Minutes(Streets().Of(Towns()), "w1", "e1"), Minutes(World("open"), "w1", "e1"));
        Assert.Equal(12 + 2, Minutes(World("open"), "w1", "e1", "gap"), 0.02);
    }

    [Fact]
    public void By_names_it_is_recognised_where_its_roads_cross_inside_the_circle_and_not_beyond()
    {
        ModelInput World(double at, string west, string east) => Streets().Street("joined", [(-1, 0), (1, 0)], "甲路").Course("gap", west, east).Of(Towns().Link("gap", y: at, radius: 0.5));
        Assert.Contains("乙路、甲路", Gain(World(0.1, "甲路", "乙路"), "gap").Works.WorksZh, StringComparison.Ordinal);
        Assert.True(Gain(World(0.1, "甲路", "甲路"), "gap").Works.InData);
        Assert.False(Gain(World(0.1, "甲路", "丁路"), "gap").Works.InData);    // one side's name alone proves nothing
        Assert.False(Gain(World(0.9, "甲路", "乙路"), "gap").Works.InData);    // outside the circle
    }

    [Fact]
    public void A_gap_in_the_middle_of_its_line_is_not_a_built_link()
    {
        var works = Gain(Streets().Course("gap", null, null, (-4, 0.01), (4, 0.01)).Of(Towns().Link("gap", radius: 0.03)), "gap").Works;   // three quarters are there
        Assert.Equal((true, false), (works.IsEvaluated, works.InData));
    }

    [Fact]
    public void A_drawn_line_joins_at_both_ends_and_is_no_sketch()
    {
        var gain = Gain(Streets().Course("gap", null, null, (-1, 0), (0, 0.5), (1, 0)).Of(Towns().Link("gap", radius: 0.01)), "gap");
        Near((20 - (10 + 2 * Math.Sqrt(1.25))) / 6.0, gain.Result!.Gain.MeanSavedMs);
        Assert.False(gain.Pairs[0].After!.Sketch);
    }

    /// <summary>北大道 is to be widened: known by its line it is faster with the works; where it is done it was slower before.</summary>
    [Theory]
    [InlineData("not_open", 12, 6)]
    [InlineData("open", 24, 12)]
    public void A_bottleneck_is_faster_with_its_works(string state, double before, double after)
    {
        var gain = Gain(Streets().Course("wide", null, null, (-6, 4), (6, 4)).Of(Towns().Link("wide", y: 4, radius: 0.05, nature: "bottleneck", state: state)), "wide");
        Near((8 + before + 4 + before + 4 + before + 4 + 4 + before) / 6.0 + 2, gain.Result!.Gain.MeanBeforeMs);
        Near((8 + after + 4 + after + 4 + after + 4 + 4 + after) / 6.0 + 2, gain.Result.Gain.MeanAfterMs);
        Assert.Contains("认不出", Gain(Streets().Of(Towns().Link("wide", y: 4, radius: 0.5, nature: "bottleneck")), "wide").Works.ReasonZh, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_boundary_the_nearest_places_tell_the_sides_and_it_is_said()
    {
        StreetWorld streets = new StreetWorld().Street("jia", [(-6, 0), (-1, 0)], "甲路").Street("yi", [(1, 0), (6, 0)], "乙路");
        Assert.Contains("按最近登记地点分侧", Gain(streets.Of(Towns().Link("gap", radius: 0.6)), "gap").Works.WorksZh, StringComparison.Ordinal);
        Assert.Contains("分不出两侧", Gain(streets.Of(new ModelWorld().Place("w1", -6).Link("gap", radius: 0.6)), "gap").Works.ReasonZh, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_far_from_every_street_is_out_and_said_and_hand_made_roads_do_not_count()
    {
        var input = Streets().Of(Towns().Place("far", -20).Road("hand-made", [(-6, 0), (0, 0)], "class1", crosses: true).Link("gap", radius: 0.6));
        Assert.Equal(20 + 2, Minutes(input, "w1", "e1"), 0.02);
        Assert.Equal(double.PositiveInfinity, Minutes(input, "far", "w1"));
        var report = Report.Of(new(input.AsOf, input.KnownBy, "car", "equal", ["gap"], [], []), input, "1-x");
        Assert.Equal(["far"], report.Results.Base.PlacesLeftOut);
        Assert.DoesNotContain("hand-made", report.Results.Base.AssumedPresent);
        var refused = Assert.Throws<Geodata.InputException>(() => new ReportRequest(input.AsOf, input.KnownBy, "car", "equal", ["gap"], [], [new("far", "w1")]).Check(new(input, Mode.Car)));
        Assert.Contains("at most 1000 m", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Both ends lie in Shanghai, one district on each side of a district line.</summary>
    [Fact]
    public void Links_inside_a_province_are_evaluated_by_the_boundary_that_parts_them()
    {
        var streets = new StreetWorld().Boundary(6, (0, -50), (0, 50)).Street("jia", [(-6, 0), (-1, 0)], "甲路").Street("yi", [(1, 0), (6, 0)], "乙路");
        var gain = Gain(streets.Of(new ModelWorld().Place("w", -6, adcode: "310114").Place("e", 6).Link("gap", radius: 0.6, west: "310114")), "gap");
        Assert.Equal(2, gain.Result!.Gain.Joined.Count);
    }

    [Fact]
    public void The_speed_of_streets_is_an_assumption_where_the_register_has_it()
    {
        var gain = Gain(Streets().Of(Towns().Link("gap", radius: 0.6).Assume(StreetTopology.SpeedFactor, 0.5, 0.4, 0.8, "factor")), "gap");
        Near(2 * (20 + 4 + 16 + 16 + 4 + 12) / 6.0 + 2, gain.Result!.Gain.MeanBeforeMs);
        Assert.Contains(StreetTopology.SpeedFactor, gain.Result.Ends.Select(e => e.Input));
    }
}
