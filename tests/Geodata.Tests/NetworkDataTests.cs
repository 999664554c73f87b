using Jietong.Geodata.Register;
using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Places, lines, stops and assumptions: what the database refuses, and what ships.</summary>
public sealed class NetworkDataTests(NetworkDataTests.World world) : IClassFixture<NetworkDataTests.World>
{
    public sealed class World() : WorldFixture(Shipped);

    private const string Place = "insert into place (id, name_zh, name_en, kind, adcode, longitude, latitude, accuracy_metres, accuracy_kind, position_source_id, position_place, population, population_year, population_source_id) values ";
    private const string Road = "insert into road (id, name_zh, name_en, class, accuracy_metres, accuracy_kind, source_id, place, adcode, crossing_adcode, crossing_basis, geom) select 'x', '甲路', 'A Road', 'class2', 10, 'digitised', 'osm-roads-2026-07', 'p', a, c, b, ST_GeomFromText(g, 4326) from (values ";
    private const string Assumption = "insert into assumption (id, value, low, high, unit, ours, source_id, place) values ";

    [Theory]
    [InlineData(Place + "('x', '甲', 'A', 'town', '320583', 121, null, 10, 'mapped', 'geonames', 'p', null, null, null)", "position_has_accuracy_and_source")]
    [InlineData(Place + "('x', '甲', 'A', 'town', '320583', 121, 31, 10, 'mapped', null, null, null, null, null)", "position_has_accuracy_and_source")]
    [InlineData(Place + "('x', '甲', 'A', 'town', '320583', 121, 31, 10, 'mapped', 'geonames', 'p', 5000, null, null)", "population_has_year_and_source")]
    [InlineData(Place + "('x', '甲', 'A', 'village', '320583', 121, 31, 10, 'mapped', 'geonames', 'p', null, null, null)", "place_kind_check")]
    [InlineData(Place + "('x', '甲', 'A', 'town', '320583', 181, 31, 10, 'mapped', 'geonames', 'p', null, null, null)", "place_longitude_check")]
    [InlineData(Assumption + "('x', 5, 6, 7, 'min', true, null, null)", "low_value_high_in_order")]
    [InlineData(Assumption + "('x', 5, 4, 3, 'min', true, null, null)", "low_value_high_in_order")]
    [InlineData(Assumption + "('x', 5, 4, 6, 'min', false, null, null)", "not_ours_names_its_source")]
    [InlineData("insert into stop (line_id, seq, name_zh, name_en) values ('nothing', 1, '甲', 'A')", "stop_line_id_fkey")]
    [InlineData("insert into stop (line_id, seq, name_zh, name_en, longitude, latitude, accuracy_metres, position_source_id) values ('suzhou-11', 99, '甲', 'A', 121, 31, 10, 'osm-stations')", "positioned_stop_has_adcode")]
    [InlineData(Road + "('310000', '320000', null, 'LINESTRING(121 31,121.1 31)')) v (a, c, b, g)", "crossing_has_basis")]
    [InlineData(Road + "('310000', '310118', 'inferred', 'LINESTRING(121 31,121.1 31)')) v (a, c, b, g)", "crossing_leaves_the_province")]
    [InlineData(Road + "('310000', null, null, 'LINESTRING(121 31,121 31)')) v (a, c, b, g)", "road_geom_check")]
    [InlineData(Road + "('310000', null, null, 'LINESTRING(121 31,121 95)')) v (a, c, b, g)", "road_geom_check")]
    [InlineData("update road set class = 'trunk' where id = 'g2-01'", "road_class_check")]
    [InlineData("update road set link_id = 'nothing' where id = 'g2-01'", "road_link_id_fkey")]
    [InlineData("update service set calls = 'some' where id = 'suzhou-11'", "service_calls_check")]
    [InlineData("update service set headway_assumption_id = 'nothing' where id = 'suzhou-11'", "service_headway_assumption_id_fkey")]
    [InlineData("update assumption set low = 7, high = 5 where id = 'walking-speed'", "low_value_high_in_order")]
    [InlineData("delete from assumption where id = 'metro-access'", "service_boarding_assumption_id_fkey")]
    public async Task A_row_that_would_mislead_is_refused(string sql, string constraint)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => world.Database.Execute(sql));
        Assert.Equal(constraint, error.ConstraintName);
    }

    [Fact]
    public async Task What_ships_lies_in_the_region_and_hides_nothing()
    {
        foreach (var table in (string[])["place", "stop"])
        {
            Assert.Empty(await world.Database.Column($"select id from {table} where geom is not null and not geom && ST_MakeEnvelope(119.5, 30, 122.2, 32.3, 4326)"));
            Assert.Empty(await world.Database.Column($"select id from {table} where geom is null and note_zh is null"));   // what has no position says why
        }
        Assert.Equal("2092496", Assert.Single(await world.Database.Column("select population from county_population where adcode = '320583'")));
        Assert.Empty(await world.Database.Column("select id from place where population is not null"));   // no source gives towns in 2020: none is invented
        Assert.Empty(await world.Database.Column("select id from assumption where ours and note_zh is null"));
    }

    // A service or a time between stops that the line has not would silently drop out of the network.
    [Theory]
    [InlineData("update service set to_stop = '月球' where id = 'suzhou-11'", "line suzhou-11 has no stop \"月球\"")]
    [InlineData("update run_time set from_stop = '月球' where line_id = 'suzhou-11'", "line suzhou-11 has no stop \"月球\"")]
    [InlineData("update transfer set to_stop = '月球' where from_line_id = 'suzhou-11'", "has no stop \"月球\"")]
    public async Task What_runs_names_stops_of_its_line(string sql, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<PostgresException>(() => world.Database.Execute(sql))).MessageText, StringComparison.Ordinal);

    [Fact]
    public async Task Roads_lie_in_the_region_and_say_why_they_are_taken_to_cross()
    {
        Assert.Empty(await world.Database.Column("select id from road where not geom && ST_MakeEnvelope(120.5, 30.5, 122, 31.7, 4326) or length_metres not between 20 and 20000"));
        Assert.Empty(await world.Database.Column("select id from road where crossing_basis = 'inferred' and (note_zh is null or note_en is null)"));
        Assert.Empty(await world.Database.Column("select r.id from road r join link l on l.id = r.link_id where l.kind <> 'road'"));
        // what is marked as the works of a link lies where the register says that the link is
        Assert.Empty(await world.Database.Column("select r.id from road r join link l on l.id = r.link_id where not ST_DWithin(r.geom::geography, l.geom::geography, (l.accuracy_metres + r.accuracy_metres + 2000)::float8)"));
    }

    // The ends that lines name are stops of theirs, and the order along a line has no gaps.
    [Fact]
    public async Task Lines_begin_and_end_at_their_stops()
    {
        Assert.Empty(await world.Database.Column("""
            select l.id from transit_line l where not exists (select from stop s where s.line_id = l.id and s.name_zh = l.from_stop)
              or not exists (select from stop s where s.line_id = l.id and s.name_zh = l.to_stop)
              or (select max(seq) <> count(*) from stop s where s.line_id = l.id)
            """));
        Assert.Empty(await world.Database.Column("select line_id from line_section x where not exists (select from stop s where s.line_id = x.line_id and s.name_zh in (x.from_stop, x.to_stop))"));
    }

    // No line is shorter than the straight lines between its stops.
    [Fact]
    public async Task A_declared_length_is_at_least_that_of_the_straight_lines_between_stops() =>
        Assert.Empty(await world.Database.Column("""
            select l.id from transit_line l join (select line_id, ST_Length(ST_MakeLine(geom order by seq)::geography) as straight from stop where geom is not null group by 1) s on s.line_id = l.id
            where l.length_metres < s.straight * 0.99
            """));
}
