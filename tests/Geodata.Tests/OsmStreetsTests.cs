using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Small maps, each read as XML and as PBF, and the streets that they become.</summary>
public sealed class OsmStreetsTests(OsmImported osm) : IClassFixture<OsmImported>
{
    private const string All = "car ⇄ cycle ⇄ foot ⇄";

    //  1───2───3───4      two ways alike, one named otherwise
    [Fact]
    public async Task Ways_that_go_on_alike_are_one_street()
    {
        var name = await osm.Import(new OsmWorld().Row(5).Road(10, "1 2 3").Road(11, "3 4").Road(12, "4 5", "highway=residential name=Elsewhere"));
        Assert.Equal([$"w10-1-4 {All}", $"w12-4-5 {All}"], await osm.StreetsOf(name));
        Assert.Equal(["{10,11}", "{12}"], await osm.Rows(name, "select way_ids::text from street where dataset_id = $ order by id"));
        Assert.Equal(["4"], await osm.Rows(name, "select ST_NPoints(geom)::text from street where dataset_id = $ and id = 'w10-1-4'"));
        Assert.Equal(["True"], await osm.Rows(name, "select bool_and(abs(length_metres - ST_Length(geom::geography)) < 0.001) from street where dataset_id = $"));
        Assert.Equal(["1", "4", "5"], await osm.Rows(name, "select id from street_junction where dataset_id = $ order by id"));
    }

    [Fact]
    public async Task Ways_drawn_towards_each_other_are_one_street_where_it_makes_no_difference()
    {
        Assert.Equal([$"w10-1-3 {All}"], await osm.Streets(new OsmWorld().Row(3).Road(10, "1 2").Road(11, "3 2")));
        Assert.Equal(["w10-1-2 car → cycle → foot ⇄", "w11-3-2 car → cycle → foot ⇄"], await osm.Streets(new OsmWorld().Row(3).Road(10, "1 2", "highway=primary oneway=yes").Road(11, "3 2", "highway=primary oneway=yes")));
        Assert.Equal(["w10-1-3 car → cycle → foot ⇄"], await osm.Streets(new OsmWorld().Row(3).Road(10, "1 2", "highway=primary oneway=yes").Road(11, "3 2", "highway=primary oneway=-1")));
    }

    [Theory]
    [InlineData("highway=residential", All)]
    [InlineData("highway=residential oneway=yes", "car → cycle → foot ⇄")]
    [InlineData("highway=residential oneway=-1", "car ← cycle ← foot ⇄")]
    [InlineData("highway=residential oneway=reversible", "foot ⇄")]
    [InlineData("highway=residential oneway=yes oneway:bicycle=no", "car → cycle ⇄ foot ⇄")]
    [InlineData("highway=residential oneway=yes cycleway=opposite_lane", "car → cycle ⇄ foot ⇄")]
    [InlineData("highway=motorway", "car →")]
    [InlineData("highway=motorway oneway=no", "car ⇄")]
    [InlineData("highway=motorway_link", "car ⇄")]
    [InlineData("highway=trunk motorroad=yes", "car ⇄")]
    [InlineData("highway=primary junction=roundabout", "car → cycle → foot ⇄")]
    [InlineData("highway=footway", "foot ⇄")]
    [InlineData("highway=footway bicycle=yes", "cycle ⇄ foot ⇄")]
    [InlineData("highway=pedestrian motor_vehicle=yes", "car ⇄ foot ⇄")]
    [InlineData("highway=steps conveying=forward", "foot →")]
    [InlineData("highway=cycleway foot=no", "cycle ⇄")]
    [InlineData("highway=track", "cycle ⇄ foot ⇄")]
    [InlineData("highway=track tracktype=grade1", All)]
    [InlineData("highway=residential access=private", "")]
    [InlineData("highway=residential access=no motor_vehicle=yes", "car ⇄")]
    [InlineData("highway=residential access=destination", All)]
    [InlineData("highway=residential vehicle=no", "foot ⇄")]
    [InlineData("highway=residential motor_vehicle=no", "cycle ⇄ foot ⇄")]
    [InlineData("highway=residential motor_vehicle=no motorcar=yes", All)]
    [InlineData("highway=residential motor_vehicle:backward=no", "car → cycle ⇄ foot ⇄")]
    [InlineData("highway=residential bicycle=dismount", "car ⇄ foot ⇄")]
    [InlineData("highway=motorway access=yes", "car →")]
    [InlineData("highway=residential maxwidth=1.8", "cycle ⇄ foot ⇄")]
    [InlineData("highway=residential maxwidth=2.2", All)]
    [InlineData("highway=residential barrier=jersey_barrier", "foot ⇄")]
    [InlineData("highway=pedestrian area=yes", "foot ⇄")]
    [InlineData("highway=service service=emergency_access", "foot ⇄")]
    [InlineData("route=ferry", "cycle ⇄ foot ⇄")]
    [InlineData("route=ferry motor_vehicle=yes bicycle=no", "car ⇄ foot ⇄")]
    public async Task Tags_say_who_may_and_which_way(string tags, string may) =>
        Assert.Equal([$"w1-1-2 {may}".TrimEnd()], await osm.Streets(new OsmWorld().Row(2).Road(1, "1 2", tags)));

    [Theory]
    [InlineData("construction construction=primary")]
    [InlineData("proposed")]
    [InlineData("raceway")]
    [InlineData("platform")]
    [InlineData("ferry")]
    public async Task What_is_no_road_is_none(string highway) =>
        Assert.Equal([$"w2-3-4 {All}"], await osm.Streets(new OsmWorld().Row(4).Road(1, "1 2", $"highway={highway}").Road(2, "3 4")));

    [Theory]
    [InlineData("highway=primary", "60 class")]
    [InlineData("highway=primary maxspeed=80", "80 maxspeed")]
    [InlineData("highway=primary maxspeed=30mph", "48.28032 maxspeed")]
    [InlineData("highway=motorway maxspeed=none", "120 maxspeed")]
    [InlineData("highway=primary maxspeed=CN:urban", "50 maxspeed")]
    [InlineData("highway=primary maxspeed=70;50", "50 maxspeed")]
    [InlineData("highway=primary maxspeed=signals", "60 class")]
    [InlineData("highway=primary maxspeed=0", "60 class")]
    [InlineData("highway=primary maxspeed=99999999999999999999", "60 class")]
    [InlineData("highway=living_street maxspeed=walk", "5 maxspeed")]
    [InlineData("highway=footway", " ")]
    public async Task Speeds_of_cars_say_what_they_rest_on(string tags, string speed)
    {
        var name = await osm.Import(new OsmWorld().Row(2).Road(1, "1 2", tags));
        Assert.Equal([speed], await osm.Rows(name, "select coalesce(speed_kmh::text, '') || ' ' || coalesce(speed_basis, '') from street where dataset_id = $"));
        Assert.Equal(["True"], await osm.Rows(name, "select coalesce(car_forward_ms = round(length_metres * 3600 / speed_kmh), true) from street where dataset_id = $"));
    }

    [Theory]
    [InlineData("0:20", 1_200_000)]
    [InlineData("PT1H30M", 5_400_000)]
    [InlineData("10", 600_000)]
    public async Task A_ferry_takes_its_duration(string duration, int milliseconds)
    {
        var name = await osm.Import(new OsmWorld().Row(3).Road(1, "1 2 3", $"route=ferry duration={duration}").Road(2, "2 3"));   // cut in the middle
        Assert.Equal(["duration"], await osm.Rows(name, "select distinct speed_basis from street where dataset_id = $ and class = 'ferry'"));
        Assert.InRange(int.Parse((await osm.Rows(name, "select sum(foot_forward_ms) from street where dataset_id = $ and class = 'ferry'"))[0]), milliseconds - 2, milliseconds + 2);
    }

    //      4
    //      │          a barrier stands in the middle of way 10
    //  1───2───3
    [Theory]
    [InlineData("barrier=bollard", "car")]
    [InlineData("barrier=gate", "")]
    [InlineData("barrier=gate locked=yes", "car,cycle,foot")]
    [InlineData("barrier=gate access=private foot=yes", "car,cycle")]
    [InlineData("barrier=toll_booth", "")]
    [InlineData("barrier=jersey_barrier", "car,cycle")]
    [InlineData("barrier=lift_gate motor_vehicle=no", "car")]
    [InlineData("barrier=bollard access=yes", "")]
    [InlineData("barrier=gate maxwidth=1.5", "car")]
    [InlineData("barrier=cycle_barrier bicycle=no", "car,cycle")]
    public async Task Barriers_end_streets_and_say_whom_they_stop(string tags, string bars)
    {
        var name = await osm.Import(new OsmWorld().At(1, 1, 0).At(2, 2, 0, tags).At(3, 3, 0).Road(10, "1 2 3"));
        Assert.Equal([$"w10-1-2 {All}", $"w10-2-3 {All}"], await osm.StreetsOf(name));
        Assert.Equal([$"2 {bars} {bars}"], await osm.Rows(name, "select j.id || ' ' || array_to_string(j.bars, ',') || ' ' || array_to_string(b.bars, ',') from street_junction j join street_barrier b using (dataset_id, id) where dataset_id = $"));
    }

    //  ┌─5─┐
    //  2   │  loop at 2, and two ways between 2 and 3
    //  └─4─┘
    [Fact]
    public async Task Loops_and_parallel_streets_stay()
    {
        var world = new OsmWorld().At(1, 0, 0).At(2, 1, 0).At(3, 4, 0).At(4, 1, -1).At(5, 2, -1).At(6, 2, 1).Road(10, "1 2").Road(11, "2 4 5 2").Road(12, "2 3").Road(13, "2 6 3");
        Assert.Equal([$"w10-1-2 {All}", $"w11-2-2 {All}", $"w12-2-2 {All}"], await osm.Streets(world));   // 12 and 13 are alike and meet at 3 alone
        Assert.Equal([$"w10-1-2 {All}", $"w11-2-2 {All}", $"w12-2-3 {All}", $"w13-2-3 {All}", $"w14-3-7 {All}"], await osm.Streets(world.At(7, 5, 0).Road(14, "3 7")));
    }

    [Fact]
    public async Task A_way_that_comes_back_to_itself_makes_streets_with_names_of_their_own()
    {
        //  the way goes 1 2 3 2 4: from 2 to 3 and back
        Assert.Equal([$"w10-1-2 {All}", $"w10-2-2 {All}", $"w10-2-4 {All}"], await osm.Streets(new OsmWorld().Row(4).Road(10, "1 2 3 2 4")));
        //  twice round the same ring
        Assert.Equal([$"w10-1-2 {All}", $"w10-1-2-2 {All}", $"w10-2-1 {All}"], await osm.Streets(new OsmWorld().At(1, 0, 0).At(2, 1, 0).At(3, 0, 1).At(4, 1, 1).Road(10, "1 3 2 1 4 2")));
    }

    [Fact]
    public async Task A_ring_by_itself_is_one_street()
    {
        Assert.Equal([$"w10-1-1 {All}"], await osm.Streets(new OsmWorld().Row(3).Road(10, "1 2 3 1")));
        Assert.Equal([$"w10-1-1 {All}"], await osm.Streets(new OsmWorld().Row(4).Road(10, "1 2").Road(11, "2 3").Road(12, "1 4 3")));   // three ways of it
    }

    [Fact]
    public async Task A_roundabout_is_driven_one_way_between_its_arms()
    {
        //        5
        //        2
        //  4 ─ 1   3 ─ 6     drawn 1 → 3 → 2 → 1, anticlockwise
        var world = new OsmWorld().At(1, 1, 0).At(3, 3, 0).At(2, 2, 1).At(4, 0, 0).At(6, 4, 0).At(5, 2, 2)
            .Road(10, "1 3 2 1", "highway=primary junction=roundabout").Road(11, "4 1", "highway=primary").Road(12, "3 6", "highway=primary").Road(13, "2 5", "highway=primary");
        const string one = "car → cycle → foot ⇄";
        Assert.Equal([$"w10-1-3 {one}", $"w10-2-1 {one}", $"w10-3-2 {one}", $"w11-4-1 {All}", $"w12-3-6 {All}", $"w13-2-5 {All}"], await osm.Streets(world));
    }

    [Fact]
    public async Task Negative_and_large_numbers_are_numbers()
    {
        var world = new OsmWorld().At(-1, 0, 0).At(9_007_199_254_740_993, 1, 0).At(long.MaxValue, 2, 0).Road(-5, $"-1 9007199254740993 {long.MaxValue}");
        Assert.Equal([$"w-5--1-{long.MaxValue} {All}"], await osm.Streets(world));
    }

    [Fact]
    public async Task Ways_are_cut_where_the_file_lacks_a_node_and_that_is_said()
    {
        var world = new OsmWorld().At(1, 1, 0).At(2, 2, 0).At(4, 4, 0).At(5, 5, 0).Road(10, "1 2 3 4 5").Road(11, "6 7 8").Road(12, "5 9");
        Assert.Equal([$"w10-1-2 {All}", $"w10-4-5 {All}"], await osm.Streets(world));
        var report = (await osm.Run(world.Xml(), ".osm", "cut")).Reports[0];
        Assert.Equal((1, 2), (report.Figures["waysCutAtMissingNodes"], report.Figures["waysWithoutNodes"]));
        Assert.Contains(report.Notes, n => n.En.StartsWith("1 roads were cut", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rules_for_some_hours_are_counted_and_not_heeded()
    {
        var world = new OsmWorld().Row(3).Road(10, "1 2", "highway=residential motor_vehicle:conditional=no@(07:00-09:00)").Road(11, "2 3", "highway=residential oneway=yes oneway:conditional=no@(Su)");
        var report = (await osm.Run(world.Xml(), ".osm", "hours")).Reports[0];
        Assert.Equal(2, report.Figures["roadsWithConditions"]);
        Assert.Contains(report.Notes, n => n.En.StartsWith("2 roads have other rules for some hours", StringComparison.Ordinal));
        Assert.Equal([$"w10-1-2 {All}", "w11-2-3 car → cycle → foot ⇄"], await osm.StreetsOf("hours"));
    }

    [Fact]
    public async Task Parts_that_do_not_hang_together_are_numbered_by_size()
    {
        //  1─2─3   4─5   6║7 (a private road joins nothing), 8 is shut to all
        var world = new OsmWorld().Row(7).At(8, 8, 0, "barrier=wall").At(9, 9, 0).At(10, 10, 0)
            .Road(1, "1 2").Road(2, "2 3", "highway=service").Road(3, "4 5").Road(4, "6 7", "highway=service access=private").Road(5, "3 8").Road(6, "8 9 10");
        var name = await osm.Import(world);
        Assert.Equal(["1 0", "2 0", "3 0", "4 1", "5 1", "6 2", "7 3", "8 0", "10 4"], await osm.Rows(name, "select id || ' ' || island from street_junction where dataset_id = $ order by id"));
        Assert.Equal(["w1-1-2 0", "w2-2-3 0", "w3-4-5 1", "w4-6-7 2", "w5-3-8 0", "w6-8-10 4"], await osm.Rows(name, "select id || ' ' || island from street where dataset_id = $ order by id"));
    }

    [Theory]
    [InlineData("bridge=yes")]
    [InlineData("tunnel=yes")]
    [InlineData("layer=1")]
    [InlineData("ref=G15")]
    [InlineData("name:en=Other")]
    [InlineData("maxspeed=20")]
    [InlineData("maxwidth=3")]
    [InlineData("foot=no")]
    [InlineData("motor_vehicle=private")]
    public async Task What_a_street_records_ends_it_where_it_changes(string tag) =>
        Assert.Equal(2, (await osm.Streets(new OsmWorld().Row(3).Road(10, "1 2").Road(11, "2 3", $"highway=residential {tag}"))).Length);

    [Fact]
    public async Task The_tag_that_keeps_somebody_out_is_kept()
    {
        var name = await osm.Import(new OsmWorld().Row(5).Road(1, "1 2", "highway=residential motor_vehicle=private").Road(2, "2 3", "highway=footway").Road(3, "3 4", "highway=service maxwidth=1.5").Road(4, "4 5", "highway=residential oneway=reversible"));
        Assert.Equal(["motor_vehicle=private", "", "maxwidth=1.5", "oneway=reversible"], await osm.Rows(name, "select coalesce(barred_by, '') from street where dataset_id = $ order by id"));
    }
}
