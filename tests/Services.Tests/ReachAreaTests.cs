using Jietong.Geodata;
using Jietong.Services.Model;
using Jietong.Services.Reach;
using NetTopologySuite.Geometries;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// How far one gets and what is drawn, in small worlds by hand. By car from place p at (10,0): 1 min to the car, 1 km of connector ┄ to the road ━ in 1 min, then 1 km a minute.
/// <code>
///   p(10,0) ┄ (11,0) ━━━━━━━━━━━━━━━━ (61,0)        after 15 minutes: (24,0)
/// </code>
/// </summary>
public sealed class ReachAreaTests
{
    private static readonly DateOnly Day = new(2024, 1, 1);

    private static ReachAnswer Ask(ModelWorld world, string from, int[] minutes, string mode = "car", double? width = 100, params string[] open) =>
        ReachAnswer.Of(new(from, mode, minutes, Day, Day, open, [], mode == "car" ? width : null), world.Input, "1-test", default);

    private static Point At(double x, double y = 0) => new(ModelWorld.At(x, y)[0], ModelWorld.At(x, y)[1]);

    /// <summary>Kilometres east of a longitude.</summary>
    private static double East(double longitude) => (longitude - ModelWorld.At(0, 0)[0]) / (ModelWorld.At(1, 0)[0] - ModelWorld.At(0, 0)[0]);

    private static ModelWorld Straight() => new ModelWorld().Place("p", 10).Road("straight", [(11, 0), (61, 0)]);

    [Theory]
    [InlineData(15, 100)]
    [InlineData(30, 100)]
    [InlineData(30, 40)]
    public void A_straight_road_is_reached_as_far_as_speed_times_time(int minutes, double width)
    {
        var area = Ask(Straight(), "p", [minutes], width: width).Base[0].Area;
        Assert.Equal(11 + minutes - 2 + width / 1000, East(area.EnvelopeInternal.MaxX), 0.0015);   // and the round end
        Assert.Equal(2 * width, (area.EnvelopeInternal.MaxY - area.EnvelopeInternal.MinY) * 110_861, 1.5);   // metres of a degree of latitude there, on the ellipsoid
        Assert.True(area.Contains(At(12)));
    }

    [Fact]
    public void Nobody_stops_along_a_connector()
    {
        var area = Ask(Straight(), "p", [15]).Base[0].Area;
        Assert.True(area.Contains(At(10)) && area.Contains(At(11)));
        Assert.False(area.Contains(At(10.5)));
    }

    [Fact]
    public void A_ring_road_encloses_what_is_not_reached()
    {
        var world = new ModelWorld().Place("p", 10).Road("north", [(11, 0), (11, 2), (15, 2), (15, 0)]).Road("south", [(11, 0), (11, -2), (15, -2), (15, 0)]);
        var area = Ask(world, "p", [30]).Base[0].Area;
        Assert.Equal(1, Assert.Single(area.Geometries.Cast<Polygon>(), p => p.Contains(At(13, 2))).NumInteriorRings);
        Assert.False(area.Intersects(At(13)));
    }

    /// <summary>A town's road of sixty junctions, a yard beside it and an island thirty kilometres off, of two each.</summary>
    [Fact]
    public void One_sets_out_on_a_small_island_of_the_streets_only_where_nothing_else_is_near()
    {
        var streets = new StreetWorld().Street("yard", [(3, 0.2), (3.1, 0.2)], "院路").Street("isle", [(36, 0), (37, 0)], "岛路");
        foreach (var i in Enumerable.Range(0, 60)) streets.Street($"s{i}", [(i / 10.0, 0), ((i + 1) / 10.0, 0)], "镇路");
        var input = streets.Of(new ModelWorld());
        ReachAnswer From(double x, double y) => ReachAnswer.Of(new(FormattableString.Invariant($"{ModelWorld.At(x, y)[0]},{ModelWorld.At(x, y)[1]}"), "car", [15], Day, Day, [], [], 100), input, "1-test", default);
        var (yard, isle) = (From(3, 0.2), From(36, 0.1));
        Assert.Equal(("镇路", 200.0), (yard.Origin.NameZh, 10 * Math.Round(yard.Origin.Metres / 10)));
        Assert.DoesNotContain("自成一片", yard.Method, StringComparison.Ordinal);
        Assert.Equal(("岛路", 100.0), (isle.Origin.NameZh, 10 * Math.Round(isle.Origin.Metres / 10)));
        Assert.Contains("自成一片（2 个节点）", isle.Method, StringComparison.Ordinal);
        Assert.True(isle.Base[0].Area.Contains(At(36.9)) && !isle.Base[0].Area.Intersects(At(6)));
        Assert.Contains("岛路", Assert.Throws<InputException>(() => From(43, 0)).Message, StringComparison.Ordinal);
    }

    /// <summary>West of the line lies w; nothing leads over but the link at (0,0): 1 + 3 + 3 + 1 minutes.</summary>
    [Fact]
    public void An_island_is_not_covered_until_a_link_is_opened()
    {
        var world = new ModelWorld().Place("e", 3).Place("w", -3).Link("gap");
        var answer = Ask(world, "e", [5, 8, 180], open: "gap");
        Assert.All(answer.Base, b => Assert.True(b.Places.Count == 0 && !b.Area.Intersects(At(-3))));
        Assert.Equal([0, 1, 1], answer.Patched!.Select(b => b.Places.Count));
        Assert.Equal([false, true, true], answer.Patched!.Select(b => b.Area.Contains(At(-3))));
        Assert.Equal(Math.PI * 0.01 * 2, answer.Patched![1].AreaKm2, 0.0006);   // two discs
        Assert.True(answer.Sketch);
    }

    [Fact]
    public void A_road_that_is_the_works_of_a_link_makes_the_area_larger()
    {
        var answer = Ask(new ModelWorld().Place("p", 10).Link("works").Road("built", [(11, 0), (61, 0)], link: "works"), "p", [15], open: "works");
        Assert.False(answer.Base[0].Area.Contains(At(20)));
        Assert.True(answer.Patched![0].Area.Contains(At(20)));
        Assert.True(answer.Patched[0].AreaKm2 > answer.Base[0].AreaKm2 + 13 * 0.2 - 0.1);
    }

    /// <summary>From 甲 by metro 3 min to the platform, 5 of waiting, 6 aboard, 3 to the street: 3 of 20 minutes are left to walk, 300 m; from p itself one walks no more than 1000 m.</summary>
    [Fact]
    public void By_public_transport_one_walks_on_from_each_stop_in_the_time_that_is_left()
    {
        var world = new ModelWorld().Place("p", 10).Line("m", ["甲@10", "乙@20"], 6);
        var bands = Ask(world, "p", [5, 20], "transit").Base;
        Assert.Equal((9.5, 10.5), (Math.Round(East(bands[0].Area.EnvelopeInternal.MinX), 2), Math.Round(East(bands[0].Area.EnvelopeInternal.MaxX), 2)));
        Assert.Equal((9.0, 20.3), (Math.Round(East(bands[1].Area.EnvelopeInternal.MinX), 2), Math.Round(East(bands[1].Area.EnvelopeInternal.MaxX), 2)));
        Assert.Equal(2, bands[1].Area.NumGeometries);
    }

    [Fact]
    public void From_a_position_one_gets_to_the_nearest_junction_first()
    {
        var at = ModelWorld.At(10, 2);
        var answer = Ask(Straight(), FormattableString.Invariant($"{at[0]},{at[1]}"), [15]);
        Assert.Equal((null, "镇 p"), (answer.Origin.PlaceId, answer.Origin.NameZh));
        Assert.Equal(2000, answer.Origin.Metres, 1);
        Assert.Equal(4.0, Assert.Single(answer.Base[0].Places).Ms / 60_000.0, 0.005);   // 1 to the car, 2 km, 1 from it
        Assert.Equal(11 + 15 - 4 + 0.1, East(answer.Base[0].Area.EnvelopeInternal.MaxX), 0.0015);
        var far = ModelWorld.At(10, 6);
        Assert.Contains("is 6000 m from", Assert.Throws<InputException>(() => Ask(Straight(), FormattableString.Invariant($"{far[0]},{far[1]}"), [15])).Message, StringComparison.Ordinal);
    }

    /// <summary>In worlds at random: times are those of the matrix, every place reached lies in its band, bands nest to a centimetre or so, and all of it is valid.</summary>
    [Theory]
    [InlineData("car")]
    [InlineData("transit")]
    public void What_is_reached_is_what_the_travel_times_say_and_bands_nest(string mode)
    {
        var reached = 0;
        for (var seed = 1; seed <= 25; seed++)
        {
            var input = RandomWorld.Of(seed).Input;
            var model = new TravelModel(input, mode == "car" ? Mode.Car : Mode.Transit);
            var (from, metric) = (model.Places[seed % model.Places.Count], model.MetricOf(new(input.Assumptions), model.OpenLinks));
            var times = model.TimesBetweenPlaces(metric)[seed % model.Places.Count];
            var bands = ReachAnswer.Of(new(from.Id, mode, [10, 25, 60, 120], Day, Day, [], [], mode == "car" ? 250 : null), input, "1-test", default).Base;
            Geometry? inner = null;
            foreach (var band in bands)
            {
                var expected = model.Places.Zip(times).Where(p => p.First != from && p.Second <= band.Minutes * 60_000).Select(p => (p.First.Id, p.Second)).OrderBy(p => p.Second).ThenBy(p => p.Id, StringComparer.Ordinal);
                Assert.Equal(expected, band.Places.Select(p => (p.Place.Id, (double)p.Ms)));
                Assert.All(band.Places, p => Assert.True(band.Area.Contains(new Point(p.Place.Longitude!.Value, p.Place.Latitude!.Value)), $"seed {seed}: {p.Place.Id} within {band.Minutes}"));
                Assert.True(band.Area.IsValid && !band.Area.IsEmpty, $"seed {seed}");
                if (inner is not null) Assert.True(band.Area.Buffer(2e-7).Contains(inner), $"seed {seed}: {band.Minutes}");
                inner = band.Area;
                reached += band.Places.Count;
            }
        }
        Assert.True(reached > 50, $"{reached}");
    }
}
