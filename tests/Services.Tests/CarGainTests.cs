using Jietong.Services.Model;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// What a road link brings to four towns, by hand. Connectors (┄) make 1 km a minute, the crossing road (━) half of that:
/// <code>
///              (0,18)
///           ━━━   │  ┄┄┄           w2–crossing 5 km = 10 min · crossing–e2 5 min · w1–w2, e1–e2 10 min
///   w2(-3,14)     │     e2(3,14)
///      ┊          │        ┊       between w1 and e1 by the crossing: 10 + 10 + 5 + 10 = 35 min
///   w1(-3,4)      │     e1(3,4)                         by the link:  5 + 5 = 10 min
///           ┄┄┄   │  ┄┄┄
///               link(0,0)          and 2 min to and from the car on every way
/// </code>
/// </summary>
public sealed class CarGainTests
{
    private static ModelWorld FourTowns() => new ModelWorld().Place("w1", -3, 4).Place("w2", -3, 14).Place("e1", 3, 4).Place("e2", 3, 14);

    private static ModelWorld Ring() => FourTowns().Road("crossing", [(-3, 14), (0, 18)], "class4", crosses: true);

    private static void Near(double expectedMinutes, double? milliseconds) => Assert.Equal(expectedMinutes, milliseconds!.Value / 60_000, 0.005);

    [Fact]
    public void The_mean_before_and_after_is_the_one_counted_by_hand()
    {
        var gain = Ring().Link("link").Gain("link").Result!;
        Near((10 + 10 + 15 + 35 + 25 + 25) / 6.0 + 2, gain.Gain.MeanBeforeMs);
        Near((10 + 10 + 15 + 10 + 20 + 20) / 6.0 + 2, gain.Gain.MeanAfterMs);
        Near(35 / 6.0, gain.Gain.MeanSavedMs);
        Assert.Equal((12, 6, 0, 0, 0), (gain.Gain.Compared, gain.Gain.Faster, gain.Gain.Slower, gain.Gain.Joined.Count, gain.Gain.Cut.Count));
    }

    [Fact]
    public void Where_nothing_has_a_range_the_gain_is_sure()
    {
        var gain = Ring().Link("link").Gain("link").Result!;
        Assert.Equal((gain.Gain.MeanSavedMs, gain.Gain.MeanSavedMs, true), (gain.Range!.Value.Low, gain.Range.Value.High, gain.Distinguishable));
    }

    [Fact]
    public void Of_the_pairs_it_helps_the_one_that_saves_most_comes_first_with_both_ways()
    {
        var pairs = Ring().Link("link").Gain("link").Pairs;
        Assert.Equal(["w1–e1", "w1–e2", "w2–e1"], pairs.Select(p => $"{p.From.Id}–{p.To.Id}"));
        Assert.Equal(["car", "connector", "road", "connector", "car"], pairs[0].Before!.Legs.Select(l => l.Kind));
        Assert.Equal(["car", "link", "car"], pairs[0].After!.Legs.Select(l => l.Kind));
        Assert.Equal((1.0, 0.0), (pairs[0].After!.Links["link"], pairs[0].Before!.Links.GetValueOrDefault("link")));
    }

    [Fact]
    public void Pairs_that_had_no_path_are_joined_and_not_in_the_mean()
    {
        var gain = FourTowns().Link("link").Gain("link");
        Assert.Equal((4, 0, 8), (gain.Result!.Gain.Compared, gain.Result.Gain.Faster, gain.Result.Gain.Joined.Count));
        Near(12, gain.Result.Gain.MeanBeforeMs);
        Assert.Equal((0, false), (gain.Result.Gain.MeanSavedMs, gain.Result.Distinguishable));
        Assert.All(gain.Pairs, p => Assert.True(p.Before is null && p.After is not null));
    }

    [Fact]
    public void An_open_link_is_judged_by_closing_it_with_the_same_result()
    {
        var (opened, closed) = (Ring().Link("link", radius: 2).Gain("link"), Ring().Link("link", radius: 2, state: "open").Gain("link"));
        Assert.Equal((false, true), (opened.Closing, closed.Closing));
        Assert.Equal((opened.Result!.Gain.MeanBeforeMs, opened.Result.Gain.MeanAfterMs, opened.Result.Range), (closed.Result!.Gain.MeanBeforeMs, closed.Result.Gain.MeanAfterMs, closed.Result.Range));
    }

    [Fact]
    public void A_bottleneck_in_the_data_is_there_before_and_slower()
    {
        var gain = FourTowns().Link("widening", nature: "bottleneck", radius: 5).Road("crossing", [(-3, 14), (0, 18)], "class4", crosses: true, link: "widening").Gain("widening");
        Assert.Equal((true, 0.0), (gain.Works.InData, gain.Works.PositionMetres));
        Near((10 + 10 + 25 + 45 + 35 + 35) / 6.0 + 2, gain.Result!.Gain.MeanBeforeMs);   // at half the speed the road takes 20 min, not 10
        Near((10 + 10 + 15 + 35 + 25 + 25) / 6.0 + 2, gain.Result.Gain.MeanAfterMs);
        Assert.Equal((8, 0), (gain.Result.Gain.Faster, gain.Result.Gain.Joined.Count));
    }

    [Fact]
    public void A_road_that_is_the_works_of_a_link_is_there_only_with_it()
    {
        var world = FourTowns().Link("link", radius: 5).Road("crossing", [(-3, 14), (0, 18)], "class4", crosses: true, link: "link");
        Assert.Equal(double.PositiveInfinity, world.Minutes("w1", "e1", Mode.Car));
        Assert.Equal(35 + 2, world.Minutes("w1", "e1", Mode.Car, "link"), 0.005);
        Assert.Equal(8, world.Gain("link").Result!.Gain.Joined.Count);
    }

    /// <summary>The link lies nearer to a and b than the way between them, yet leads to the other side only.</summary>
    /// <code>
    ///      a(-1,3)
    ///   k(-3.9,0)  → link(0,0) → e(3,0)      a–k–b 8.3 km · a–link–b 6.3 km
    ///      b(-1,-3)
    /// </code>
    [Fact]
    public void A_link_leads_nobody_to_his_own_side()
    {
        var world = new ModelWorld().Place("a", -1, 3).Place("b", -1, -3).Place("k", -3.9).Place("e", 3).Link("link");
        Assert.Equal(2 * Math.Sqrt(2.9 * 2.9 + 3 * 3) + 2, world.Minutes("a", "b", Mode.Car), 0.005);
        Assert.Equal(world.Minutes("a", "b", Mode.Car), world.Minutes("a", "b", Mode.Car, "link"));
        Assert.Equal(Math.Sqrt(10) + 3 + 2, world.Minutes("a", "e", Mode.Car, "link"), 0.005);
    }

    /// <summary>2 km north of where it is taken to be the link lies best, 2 km south of it worst: √(3²+2²) or √(3²+6²) km from w1 and e1.</summary>
    [Fact]
    public void The_radius_of_its_position_enters_the_range()
    {
        var gain = Ring().Link("link", radius: 2).Gain("link").Result!;
        double Saved(double byTheLink) => (35 - byTheLink + 2 * (25 - 10 - byTheLink)) / 6;
        Near(35 / 6.0, gain.Gain.MeanSavedMs);
        Near(Saved(2 * Math.Sqrt(45)), gain.Range!.Value.Low);
        Near(Saved(2 * Math.Sqrt(13)), gain.Range.Value.High);
        Assert.Equal(["position of link"], gain.Ends.Select(e => e.Input));
    }

    /// <summary>On the crossing 20 km/h for 30 make 5 minutes more, 60 make 5 less; then the way by the link saves (50, 20) ⁄ 6 for (35) ⁄ 6.</summary>
    [Fact]
    public void Effects_of_independent_inputs_are_added_as_squares()
    {
        var gain = Ring().Link("link", radius: 2).Assume("design-speed-class-4", 30, 20, 60, "km/h").Assume("car-access-minutes", 2, 1, 8).Gain("link").Result!;
        double Position(double byTheLink) => 35 - (35 - byTheLink + 2 * (25 - 10 - byTheLink));
        Near((35 - Math.Sqrt(15 * 15 + Math.Pow(Position(2 * Math.Sqrt(45)), 2))) / 6, gain.Range!.Value.Low);
        Near((35 + Math.Sqrt(15 * 15 + Math.Pow(Position(2 * Math.Sqrt(13)), 2))) / 6, gain.Range.Value.High);
        Assert.Equal((gain.Gain.MeanSavedMs, gain.Gain.MeanSavedMs), gain.Ends.Where(e => e.Input == "car-access-minutes").Select(e => ((double?)e.LowMs, (double?)e.HighMs)).Single());   // the same before and after
    }

    [Fact]
    public void A_gain_that_may_be_nothing_is_not_distinguishable()
    {
        var gain = Ring().Link("link", radius: 30).Gain("link").Result!;
        Near(35 / 6.0, gain.Gain.MeanSavedMs);
        Assert.Equal((0, false), (gain.Range!.Value.Low, gain.Distinguishable));
    }

    [Fact]
    public void By_county_a_pair_counts_as_the_product_of_its_people()
    {
        var world = Ring().Link("link").Place("station", -3, 14, kind: "hub");   // nobody lives there
        world.Counties.AddRange([new(ModelWorld.West, 2020, 6000, "census"), new(ModelWorld.West, 2010, 9, "census"), new(ModelWorld.East, 2020, 2000, "census")]);
        var gain = world.Gain("link", weights: "county").Result!.Gain;   // 3000 in w1 and w2, 1000 in e1 and e2: 9 · w1–w2, 1 · e1–e2, 3 · each pair across
        Near((9 * 10 + 10 + 3 * (15 + 35 + 25 + 25)) / 22.0 + 2, gain.MeanBeforeMs);
        Near(3 * 35 / 22.0, gain.MeanSavedMs);
        Assert.Equal((12, 6), (gain.Compared, gain.Faster));
    }
}
