using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Turn restrictions, and what else stands in relations.</summary>
public sealed class OsmTurnsTests(OsmImported osm) : IClassFixture<OsmImported>
{
    //          4
    //          │ 12
    //  1──10──2──11──3──13──5
    private static OsmWorld Crossing() => new OsmWorld().At(1, 0, 0).At(2, 1, 0).At(3, 2, 0).At(4, 1, 1).At(5, 3, 0).At(6, 2, 1)
        .Road(10, "1 2").Road(11, "2 3", "highway=residential name=Middle").Road(12, "4 2").Road(13, "3 5").Road(14, "3 6", "highway=primary");

    private async Task<string[]> Turns(OsmWorld world) => await osm.Rows(await osm.Import(world), "select id || ' ' || kind || ' ' || array_to_string(streets, ',') || ' ' || directions || ' ' || array_to_string(modes, ',') || ' ' || restriction from street_turn where dataset_id = $ order by id");

    [Fact]
    public async Task At_a_node() => Assert.Equal(["1 no w10-1-2,w12-4-2 +- car,cycle no_left_turn"], await Turns(Crossing().NoTurn(1, "w10:from n2:via w12:to", "no_left_turn")));

    [Fact]
    public async Task The_only_way_on() => Assert.Equal(["1 only w12-4-2,w11-2-3 ++ car,cycle only_left_turn"], await Turns(Crossing().NoTurn(1, "w12:from n2:via w11:to", "only_left_turn")));

    [Fact]
    public async Task Round_on_the_same_road() => Assert.Equal(["1 no w10-1-2,w10-1-2 +- car,cycle no_u_turn"], await Turns(Crossing().NoTurn(1, "w10:from n2:via w10:to", "no_u_turn")));

    [Fact]
    public async Task By_a_way_in_between() => Assert.Equal(["1 no w12-4-2,w11-2-3,w14-3-6 +++ car,cycle no_u_turn"], await Turns(Crossing().NoTurn(1, "w12:from w11:via w14:to", "no_u_turn")));

    [Fact]
    public async Task By_several_ways_written_from_behind()
    {
        var world = Crossing().Road(15, "5 7").At(7, 4, 0).Road(16, "5 8", "highway=primary").At(8, 3, 1);
        Assert.Equal(["1 no w12-4-2,w11-2-3,w13-3-5,w16-5-8 ++++ car,cycle no_u_turn"], await Turns(world.NoTurn(1, "w12:from w13:via w11:via w16:to", "no_u_turn")));
    }

    [Fact]
    public async Task A_via_way_that_goes_on_in_streets_cut_elsewhere()
    {
        // the via way 11 has a side road in its middle, so that it is two streets
        var world = new OsmWorld().At(1, 0, 0).At(2, 1, 0).At(9, 2, 0).At(3, 3, 0).At(4, 1, 1).At(6, 3, 1).At(10, 2, 1).Road(11, "2 9 3").Road(12, "4 2").Road(14, "3 6", "highway=primary").Road(15, "9 10").Road(10, "1 2");
        Assert.Equal(["1 no w12-4-2,w11-2-9,w11-9-3,w14-3-6 ++++ car,cycle no_u_turn"], await Turns(world.NoTurn(1, "w12:from w11:via w14:to", "no_u_turn")));
    }

    [Fact]
    public async Task Streets_end_where_a_turn_is_barred_though_they_go_on_alike() =>
        Assert.Equal(["1 no w1-1-2,w2-2-3 ++ car,cycle no_straight_on"], await Turns(new OsmWorld().Row(3).Road(1, "1 2").Road(2, "2 3").NoTurn(1, "w1:from n2:via w2:to", "no_straight_on")));

    [Fact]
    public async Task Several_roads_that_may_not_enter() =>
        Assert.Equal(["1-1 no w10-1-2,w11-2-3 ++ car,cycle no_entry", "1-2 no w12-4-2,w11-2-3 ++ car,cycle no_entry"], await Turns(Crossing().NoTurn(1, "w10:from w12:from n2:via w11:to", "no_entry")));

    [Fact]
    public async Task A_way_that_passes_through_the_junction_one_way_is_told_by_its_direction()
    {
        var world = new OsmWorld().At(1, 0, 0).At(2, 1, 0).At(3, 2, 0).At(4, 1, 1).Road(10, "1 2 3", "highway=primary oneway=yes").Road(12, "4 2");
        Assert.Equal(["1 no w10-1-2,w12-4-2 +- car,cycle no_left_turn"], await Turns(world.NoTurn(1, "w10:from n2:via w12:to", "no_left_turn")));
    }

    [Theory]
    [InlineData("restriction=no_left_turn", "", "car,cycle")]
    [InlineData("restriction=no_left_turn", "except=bicycle", "car")]
    [InlineData("restriction=no_left_turn", "except=psv;motorcar", "cycle")]
    [InlineData("restriction:motorcar=no_left_turn", "", "car")]
    public async Task It_concerns_whom_it_says(string restriction, string except, string modes) =>
        Assert.Equal([$"1 no w10-1-2,w12-4-2 +- {modes} no_left_turn"], await Turns(Crossing().Relate(1, "w10:from n2:via w12:to", $"type=restriction {restriction} {except}")));

    [Theory]
    [InlineData("w10:from n2:via w12:to", "restriction=no_left_turn except=bicycle;motor_vehicle", "of other vehicles")]
    [InlineData("w10:from n2:via w12:to", "restriction:hgv=no_left_turn", "of other vehicles")]
    [InlineData("w10:from n2:via w12:to", "restriction:conditional=no_left_turn@(Mo-Fr)", "conditional")]
    [InlineData("w10:from n2:via w12:to", "restriction=no_left_turn day_on=Mo", "conditional")]
    [InlineData("w10:from n2:via w12:to", "restriction=no_parking", "of an unknown kind")]
    [InlineData("w10:from n2:via", "restriction=no_left_turn", "with members missing")]
    [InlineData("w10:from n3:via w12:to", "restriction=no_left_turn", "do not meet")]
    [InlineData("w10:from n2:via w99:to", "restriction=no_left_turn", "lie outside")]
    [InlineData("w10:from w13:via w12:to", "restriction=no_left_turn", "do not meet")]
    public async Task What_cannot_be_heeded_is_counted_and_named(string members, string restriction, string why)
    {
        var report = (await osm.Run(Crossing().Relate(77, members, $"type=restriction {restriction}").Pbf(), ".osm.pbf", "unresolved")).Reports[0];
        Assert.Equal((0, 1), (report.Figures["turns"], report.Figures["turnsUnresolved"]));
        Assert.Contains(report.Notes, n => n.En.Contains(why, StringComparison.Ordinal) && n.En.Contains("relations 77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_routes_and_stops_of_the_map()
    {
        var name = await osm.Import(new OsmWorld().Row(4).At(5, 2, 1, "railway=station name=Huaqiao subway=yes").At(6, 3, 1, "highway=bus_stop name=Stop").At(7, 9, 9, "highway=bus_stop")
            .Road(10, "1 2").Road(20, "1 2 3", "railway=subway name=M11").Road(21, "3 4", "waterway=river").Road(22, "1 4", "railway=abandoned").Road(23, "2 3", "unmapped=yes")
            .Relate(1, "n5:stop n6:stop w20 w10:platform w99", "type=route route=subway ref=11 from=A to=B").Relate(2, "w99", "type=route route=bus").Relate(3, "w10", "type=route route=bicycle")
            .Relate(4, "w23:outer w99:outer", "type=boundary boundary=administrative admin_level=4 ref=310000").Relate(5, "w23:outer", "type=boundary boundary=administrative admin_level=8"));
        Assert.Equal(["r4 boundary administrative 4 310000 MULTILINESTRING((121.002 31,121.003 31))", "w20 railway subway   MULTILINESTRING((121.001 31,121.002 31,121.003 31))", "w21 waterway river   MULTILINESTRING((121.003 31,121.004 31))"],
            await osm.Rows(name, "select concat_ws(' ', id, kind, class, coalesce(admin_level::text, ''), coalesce(adcode, ''), ST_AsText(geom)) from map_line where dataset_id = $ order by id"));
        Assert.Equal(["r1 subway 11 A B n5,n6 3", "r2 bus     "], await osm.Rows(name, "select concat_ws(' ', id, kind, coalesce(ref, ''), coalesce(from_stop, ''), coalesce(to_stop, ''), array_to_string(stop_ids, ','), coalesce(ST_NPoints(geom)::text, '')) from map_route where dataset_id = $ order by id"));
        Assert.Equal(["n5 station Huaqiao subway", "n6 bus_stop Stop bus", "n7 bus_stop  bus"], await osm.Rows(name, "select concat_ws(' ', id, kind, coalesce(name, ''), array_to_string(modes, ',')) from map_stop where dataset_id = $ order by id"));
    }
}
