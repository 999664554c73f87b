using Jietong.Geodata.Query;
using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Near and within, over five thousand links: the writer's own SQL reaches the spatial index through the function of the day, and finds what plain PostGIS finds.</summary>
public sealed class SpatialFilterTests(SpatialFilterTests.World world) : IClassFixture<SpatialFilterTests.World>
{
    public sealed class World : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = await new RegisterWorld().Source("gov", "GOV", "2018-06-29").Link("service", "gov", "bus", "service", geometry: null)
                .Attest("service-1", "service", "proposed", "2018-06-29", "gov", basis: "stated").Load();
            // A golden-ratio spiral of places, even and without ties; every fifth link is a line of some 5 km.
            await Database.Execute("""
                begin;
                insert into link (id, name_zh, name_en, kind, nature, area_zh, area_en, geom, accuracy_metres, accuracy_kind, source_id, place)
                select 'n' || i, '路', 'Road', 'road', 'missing', '省界', 'border',
                  case when i % 5 = 0 then ST_Multi(ST_SetSRID(ST_MakeLine(p, ST_Translate(p, 0.04, 0.03)), 4326)) else ST_SetSRID(p, 4326) end, 30, 'mapped', 'gov', 'p'
                from generate_series(1, 5000) i, lateral (select ST_MakePoint(121 + 0.017 * sqrt(i) * cos(2.39996 * i), 31 + 0.017 * sqrt(i) * sin(2.39996 * i)) p) x;
                insert into link_side (link_id, side, adcode, source_id, place) select 'n' || i, s, '320583', 'gov', 'p' from generate_series(1, 5000) i, unnest(array['a', 'b']) s;
                insert into position_source select 'n' || i, 'map' from generate_series(1, 5000) i;
                insert into attestation (id, link_id, stage, held_from, basis, source_id, place) select 'n' || i || '-1', 'n' || i, 'proposed', '2018-06-29', 'stated', 'gov', 'p' from generate_series(1, 5000) i;
                commit;
                analyze;
                """);
        }

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }

    private const string Here = "SRID=4326;POINT(121.2 31.1)", Box = "SRID=4326;POLYGON((121.1 31,121.2 31,121.2 31.1,121.1 31.1,121.1 31))";

    private static Compare Near(Comparison comparison, double metres) => new(comparison, new Distance(new ColumnValue("geometry"), new GeometryLiteral(Here)), new Literal(metres));

    private static readonly Spatial InBox = new(SpatialRelation.Intersects, new ColumnValue("geometry"), new GeometryLiteral(Box));

    private static Query.Query Ask(Layer layer, Expression filter) => new(layer) { AsOf = new(2019, 1, 1), KnownBy = new(2019, 1, 1), Filter = filter, Select = ["id"] };

    private async Task<string> Plan(SqlStatement statement, string? setting = null)
    {
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (setting is not null) await new NpgsqlCommand(setting, connection).ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand("explain " + statement.Text, connection);
        foreach (var value in statement.Parameters) command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync()) plan.Add(rows.GetString(0));
        return string.Join('\n', plan);
    }

    public static TheoryData<string, Expression, string> IndexedFilters => new()
    {
        { "Links", Near(Comparison.LessOrEqual, 5000), "link_geog" }, { "Links", Near(Comparison.Less, 5000), "link_geog" }, { "LinkPoints", Near(Comparison.LessOrEqual, 5000), "link_point_geog" },
        { "Links", InBox, "link_geom" }, { "LinkPoints", InBox, "link_point" }, { "LinkLines", InBox, "link_geom" },
        { "Links", new And(new Compare(Comparison.Equal, new ColumnValue("broken"), new Literal(true)), InBox), "link_geom" },
    };

    // With its page, its count and its columns; nothing is switched off to make the planner choose so.
    [Theory]
    [MemberData(nameof(IndexedFilters))]
    public async Task Near_and_within_use_the_spatial_index_through_link_as_of(string layer, Expression filter, string index)
    {
        var query = Ask(Catalogue.Collections.Append(Catalogue.Links).Single(l => l.Name == layer), filter);
        foreach (var statement in (SqlStatement[])[SqlWriter.Select(query), SqlWriter.Count(query), SqlWriter.Select(query with { Select = [], Limit = 10 })])
        {
            var plan = await Plan(statement);
            Assert.Matches($@"Index (Only )?Scan (using|on) {index}\b", plan);
            Assert.DoesNotContain("Function Scan on link_as_of", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan on link ", plan, StringComparison.Ordinal);
        }
    }

    // Tables whose column has a type of its own: their index is on the expression that the writer makes.
    [Theory]
    [InlineData("Roads", "road_geog")]
    [InlineData("Places", "place_geog")]
    [InlineData("Stops", "stop_geog")]
    public async Task Near_uses_the_spatial_index_of_a_table(string layer, string index)
    {
        foreach (var near in new Expression[] { Near(Comparison.LessOrEqual, 5000), Near(Comparison.Less, 5000), new Call(Function.Of("withinDistance", 3), [new ColumnValue("geometry"), new GeometryLiteral(Here), new Literal(5000.0)]) })
            Assert.Matches($@"Index Scan (using|on) {index}\b", await Plan(SqlWriter.Count(Ask(Catalogue.Layer(layer), near)), "set local enable_seqscan = off"));
        Assert.Matches($@"Index Scan (using|on) {index.Replace("_geog", "_geom", StringComparison.Ordinal)}\b", await Plan(SqlWriter.Count(Ask(Catalogue.Layer(layer), InBox)), "set local enable_seqscan = off"));
    }

    // Nearest first, where the filter requires a position: the order is one that the index has.
    [Theory]
    [InlineData("Links", "link_geog")]
    [InlineData("LinkPoints", "link_point_geog")]
    public async Task The_nearest_come_in_the_order_of_the_spatial_index(string layer, string index)
    {
        var query = Ask(Catalogue.Collections.Append(Catalogue.Links).Single(l => l.Name == layer), new Not(new IsNull(new ColumnValue("geometry")))) with { OrderBy = [new(new Distance(new ColumnValue("geometry"), new GeometryLiteral(Here)))], Limit = 7 };
        var plan = await Plan(SqlWriter.Select(query), "set local enable_seqscan = off; ");
        Assert.Matches($@"Index Scan using {index}\b", plan);
        Assert.Contains("Order By:", plan, StringComparison.Ordinal);
        var ids = new List<string>();
        await using var reader = await RowReader.Ask(world.Database.Db, query);
        while (await reader.Read()) ids.Add((string)reader.Value(0)!);
        Assert.Equal(await world.Database.Column($"select id from link where geom is not null order by ST_Distance({(layer == "Links" ? "geom" : "point")}::geography, '{Here}') limit 7"), ids);
    }

    // A computed column does not hide the row's own from the index.
    [Fact]
    public async Task A_filter_behind_a_computed_column_uses_the_spatial_index()
    {
        var rows = Extended.Of(Ask(Catalogue.Links, new Literal(true)), new Computed(new("x", ColumnType.Integer, "x", "x"), new Call(Function.Of("length", 1), [new ColumnValue("nameEn")])));
        Assert.Matches(@"Index Scan (using|on) link_geog\b", await Plan(SqlWriter.Select(rows with { Select = ["id", "x"], Filter = Near(Comparison.LessOrEqual, 5000) })));
    }

    // Inlined, so that a condition on the id reads one link and not all.
    [Theory]
    [InlineData("Links", "id", "link_as_of")]
    [InlineData("LinkSides", "linkId", "link_side_as_of")]
    [InlineData("Targets", "linkId", "target_as_of")]
    public async Task The_functions_of_the_day_are_inlined(string layer, string column, string function)
    {
        var plan = await Plan(SqlWriter.Select(Ask(Catalogue.Layer(layer), new Compare(Comparison.Equal, new ColumnValue(column), new Literal("n7")))));
        Assert.DoesNotContain($"Function Scan on {function}", plan, StringComparison.Ordinal);
        Assert.Contains("= 'n7'", plan, StringComparison.Ordinal);
        if (layer != "Targets") Assert.Matches(@"Index (Only )?Scan", plan);   // this world has no targets: nothing to look up
    }

    // Columns that hold one type of geometry: their ::geography is another expression than that of the index, unless it is written like it.
    [Theory]
    [InlineData("Roads", "road_geog")]
    [InlineData("Places", "place_geog")]
    [InlineData("Stops", "stop_geog")]
    public async Task Near_can_use_the_index_of_layers_with_one_type_of_geometry(string layer, string index)
    {
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        var statement = SqlWriter.Count(Ask(Catalogue.Layer(layer), Near(Comparison.LessOrEqual, 5000)));
        await using var command = new Npgsql.NpgsqlCommand("set enable_seqscan = off", connection);   // the tables are empty: without it nothing would be gained
        await command.ExecuteNonQueryAsync();
        command.CommandText = "explain " + statement.Text;
        foreach (var value in statement.Parameters) command.Parameters.Add(new() { Value = value });
        var plan = new List<string>();
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) plan.Add(rows.GetString(0));
        Assert.Contains(plan, line => line.Contains(index, StringComparison.Ordinal));
    }

    public static TheoryData<string, Expression, string> SpatialFilters => new()
    {
        { "Links", Near(Comparison.LessOrEqual, 5000), $"ST_Distance(geom::geography, '{Here}') <= 5000" },
        { "Links", Near(Comparison.Less, 5000), $"ST_Distance(geom::geography, '{Here}') < 5000" },
        { "Links", Near(Comparison.Greater, 90000), $"ST_Distance(geom::geography, '{Here}') > 90000" },
        { "Links", new Not(Near(Comparison.LessOrEqual, 90000)), $"geom is null or ST_Distance(geom::geography, '{Here}') > 90000" },
        { "Links", Near(Comparison.LessOrEqual, 0), "false" },
        { "Links", InBox, $"ST_Intersects(geom, '{Box}')" },
        { "LinkPoints", InBox, $"ST_Intersects(point, '{Box}')" },
        { "LinkLines", InBox, $"ST_Intersects(geom, '{Box}') and GeometryType(geom) = 'MULTILINESTRING'" },
        { "Links", new Compare(Comparison.Greater, new Length(new ColumnValue("geometry")), new Literal(5000)), "ST_Length(geom::geography) > 5000" },
        { "Links", new Compare(Comparison.Equal, new Length(new ColumnValue("geometry")), new Literal(0)), "GeometryType(geom) = 'POINT'" },
    };

    [Theory]
    [MemberData(nameof(SpatialFilters))]
    public async Task Finds_what_plain_PostGIS_finds(string layer, Expression filter, string condition)
    {
        var query = Ask(Catalogue.Collections.Append(Catalogue.Links).Single(l => l.Name == layer), filter);
        var found = new List<string>();
        await using (var reader = await RowReader.Ask(world.Database.Db, query, count: true))
        {
            while (await reader.Read()) found.Add((string)reader.Value(0)!);
            Assert.Equal(found.Count, reader.Total);
        }
        var expected = await world.Database.Column($"select id from link where {condition} order by id");
        Assert.Equal(expected, found);
        Assert.True(expected.Count is > 0 and < 5001 || condition == "false", $"{expected.Count} rows tell nothing");
    }

    // A link at the very distance: "at most" finds it and "less than" does not.
    [Fact]
    public async Task The_bound_itself_is_near_for_at_most_and_not_for_less_than()
    {
        var bound = await world.Database.Scalar<double>($"select ST_Distance(geom::geography, '{Here}') from link where id = 'n77'");
        Assert.Contains("n77", await Ids(Near(Comparison.LessOrEqual, bound)));
        Assert.DoesNotContain("n77", await Ids(Near(Comparison.Less, bound)));
    }

    private async Task<List<string>> Ids(Expression filter)
    {
        var found = new List<string>();
        await using var reader = await RowReader.Ask(world.Database.Db, Ask(Catalogue.Links, filter));
        while (await reader.Read()) found.Add((string)reader.Value(0)!);
        return found;
    }

    [Fact]
    public async Task The_extent_is_that_of_the_rows_found()
    {
        var extent = await RowReader.Extent(world.Database.Db, Ask(Catalogue.LinkPoints, InBox));
        Assert.Equal(await world.Database.Scalar<double[]>($"select array[min(ST_X(point)), min(ST_Y(point)), max(ST_X(point)), max(ST_Y(point))] from link where ST_Intersects(point, '{Box}')"), extent);
        Assert.Null(await RowReader.Extent(world.Database.Db, Ask(Catalogue.LinkPoints, Near(Comparison.LessOrEqual, 0))));
    }

    [Theory]
    [InlineData("SRID=4326;POINT(121")]
    [InlineData("SRID=4326;POLYGON((121 31,122 31,122 32))")]
    [InlineData("")]
    public async Task A_geometry_that_cannot_be_read_is_the_asker_s_fault_and_harms_nobody_else(string ewkt)
    {
        await Assert.ThrowsAsync<InputException>(() => Ids(new Spatial(SpatialRelation.Intersects, new ColumnValue("geometry"), new GeometryLiteral(ewkt))));
        Assert.NotEmpty(await Ids(InBox));
    }
}
