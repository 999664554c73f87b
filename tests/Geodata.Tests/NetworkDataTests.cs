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
