using Jietong.Routing;
using Jietong.Services.Streets;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Rows of streets become what routing searches on: both ways, barred junctions, turns, several datasets, closures.</summary>
public sealed class StreetNetworkTests
{
    /// <summary>1 – 2 – 3 in a row, 2 – 4 to the side; a bollard on 5 between 3 and 6; the way from 1 by 2 to 4 is barred, and there is a way round by 7.</summary>
    private const string World = """
        insert into source (id, grade, title, title_en, published) values ('map', 'DATA', '图', 'Map', '2026');
        insert into dataset (id, layer, source_id, format, file_name, file_bytes, file_hash, content_hash, settings, figures)
          select id, 'streets', 'map', 'OSM XML', 'x', 1, repeat('0', 64), '', '{}', '{}' from unnest(array['a', 'b']) id;
        insert into street_junction (dataset_id, id, geom, island, bars)
          select d, n, ST_SetSRID(ST_MakePoint(121 + n / 1000.0, 31), 4326), 0, case when n = 5 then array['car'] else '{}'::text[] end from unnest(array['a', 'b']) d, generate_series(1, 7) n where d = 'a' or n < 3;
        insert into street (dataset_id, id, way_ids, from_junction, to_junction, class, length_metres, car_forward_ms, car_backward_ms, foot_forward_ms, foot_backward_ms, bridge, tunnel, level, island, geom)
          select d, f || '-' || t, '{1}', f, t, 'residential', ms, ms, case when f = 7 then null else ms end, ms, ms, false, false, 0, 0, ST_SetSRID(ST_MakeLine(ST_MakePoint(121 + f / 1000.0, 31), ST_MakePoint(121 + t / 1000.0, 31)), 4326)
          from (values ('a', 1, 2, 10), ('a', 2, 3, 20), ('a', 2, 4, 30), ('a', 3, 5, 40), ('a', 5, 6, 50), ('a', 3, 7, 60), ('a', 7, 4, 70), ('b', 1, 2, 10)) s (d, f, t, ms);
        insert into street_turn values ('a', '1', 'no', array['1-2', '2-4'], '++', '{car}', 'no_left_turn');
        """;

    private static async Task<StreetNetwork> Streets(string mode)
    {
        await using var world = await TestDatabase.Create();
        await world.Execute(World);
        return await StreetNetwork.Load(world.Db, mode);
    }

    private static int TimeMs(StreetNetwork streets, long from, long to)
    {
        int At(long id) => Enumerable.Range(0, streets.Network.JunctionCount).First(j => streets.Junction(j).Id == id);
        var (source, target) = (At(from), streets.Turned.Arrival(At(to)));
        var timeMs = new PointToPoint(streets.Searches).TravelTimeMs(source, target);
        Assert.Equal(Dijkstra.TravelTimeMs(streets.Turned.Network, source, target), timeMs);
        return timeMs;
    }

    [Fact]
    public async Task Cars_keep_to_turns_one_ways_and_barriers()
    {
        var streets = await Streets("car");
        Assert.Equal((8, 13), (streets.Network.JunctionCount, streets.Network.ArcCount));   // 5 is two, the street of both datasets one
        Assert.Equal(10 + 20 + 20 + 30, TimeMs(streets, 1, 4));   // not by the left turn: turning round at 3
        Assert.Equal(30 + 10, TimeMs(streets, 4, 1));             // the other way it is none
        Assert.Equal(30 + 20 + 60, TimeMs(streets, 4, 7));        // not against the one-way street
        Assert.Equal(Network.Unreachable, TimeMs(streets, 1, 6));
        Assert.Equal(2, streets.Connectivity.WeakComponentCount);
    }

    [Fact]
    public async Task On_foot_the_same_bars_nobody() => Assert.Equal((40, 120), (TimeMs(await Streets("foot"), 1, 4), TimeMs(await Streets("foot"), 1, 6)));

    [Fact]
    public async Task A_street_taken_out_is_not_there_and_the_others_are()
    {
        var streets = await Streets("car");
        var without = streets.Without([streets.StreetNamed("b", "1-2"), streets.StreetNamed("a", "2-3")]);   // both datasets' name of the same street
        Assert.Equal((Network.Unreachable, 60 + 70 + 30), (TimeMs(without, 2, 1), TimeMs(without, 3, 2)));
        Assert.Equal((10, 20), (TimeMs(streets, 2, 1), TimeMs(streets, 3, 2)));
    }
}
