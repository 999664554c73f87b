using Jietong.Geodata.Query;
using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Tiles in the database: by the spatial index, whole to the rim, and built on no other tables than their layers say.</summary>
public sealed class SqlTilesTests(SqlTilesTests.World world) : IClassFixture<SqlTilesTests.World>
{
    public sealed class World() : WorldFixture(Shipped);

    private static readonly Tile Huaqiao = new(12, 1672, 3425), Around = new(8, 104, 214);

    private static TileLayer Whole(Layer layer) => new(layer.Collection, new(layer) { Select = [.. layer.Columns.Where(c => c.Type != ColumnType.Geometry).Select(c => c.Name)], Limit = 1000 });

    private static SqlStatement Statement(Layer layer, Tile tile) => SqlWriter.TileOf([Whole(layer)], tile);

    private Task<TileAnswer> Ask(TileLayer layer, Tile tile) => TileReader.Ask(world.Database.Db, [layer], SqlWriter.TileOf([layer], tile));

    private static NpgsqlCommand Command(NpgsqlConnection connection, string before, SqlStatement statement)
    {
        var command = new NpgsqlCommand(before + statement.Text, connection);
        foreach (var value in statement.Parameters) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static async Task<List<string>> Texts(NpgsqlCommand command)
    {
        var texts = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) texts.Add(rows.GetString(0));
        return texts;
    }

    public static TheoryData<string> Drawn => [.. Catalogue.Collections.Where(l => l.GeometryType is not null).Select(l => l.Collection)];

    /// <summary>PostgreSQL counts which tables a transaction looks into, through whatever function.</summary>
    [Theory]
    [MemberData(nameof(Drawn))]
    public async Task A_tile_looks_into_no_table_but_those_that_its_layer_is_built_on(string collection)
    {
        var statement = Statement(Catalogue.Collections.Single(l => l.Collection == collection), Around);
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();   // inside it PostgreSQL hands no counts on, which would set them back
        const string counts = "select relname || ' ' || seq_scan + coalesce(idx_scan, 0) from pg_stat_xact_user_tables where relname <> 'spatial_ref_sys'";
        var before = await Texts(new(counts, connection));   // of earlier questions on the same connection
        await Command(connection, "", statement).ExecuteNonQueryAsync();
        var looked = (await Texts(new(counts, connection))).Except(before).Select(c => c.Split(' ')[0]).ToList();
        Assert.NotEmpty(looked);
        var ofImports = statement.BuiltOn?.Contains("dataset") == true ? await Texts(new("select relname::text from pg_attribute join pg_class c on c.oid = attrelid where attname = 'dataset_id' union select 'gap'", connection)) : [];   // they change with their dataset or question alone
        if (statement.BuiltOn is { } tables) Assert.Subset(tables.Concat(ofImports).Append("data_version").ToHashSet(), looked.ToHashSet());
        else Assert.Equal("gains", collection);
    }

    [Fact]
    public async Task The_roads_of_a_tile_are_found_by_the_index()
    {
        await world.Database.Execute("""
            insert into road (id, name_zh, name_en, class, adcode, geom, accuracy_metres, accuracy_kind, source_id, place)
            select 'made-' || i, '路', 'Road', 'class2', '310118', ST_MakeLine(ST_Point(100 + i / 1000.0, 20 + i % 40, 4326), ST_Point(100.01 + i / 1000.0, 20 + i % 40, 4326)), 30, 'digitised', (select min(id) from source), 'p' from generate_series(1, 5000) i
            """);
        await world.Database.Execute("analyze road");
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        var plan = string.Join('\n', await Texts(Command(connection, "explain ", Statement(NetworkLayers.Roads, Huaqiao))));
        await world.Database.Execute("delete from road where id like 'made-%'");
        Assert.Contains("road_geom", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on road", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]   // its eastern rim lies beyond the antimeridian
    [InlineData(5, 13, 26)]
    [InlineData(12, 1672, 3425)]
    public async Task A_tile_has_all_points_that_PostGIS_finds_in_its_envelope(int zoom, int row, int column)
    {
        Assert.Empty((await Ask(Whole(NetworkLayers.Stops), new(zoom, row, column))).Cut);
        var there = await world.Database.Scalar<long>($"select count(*) from stop where ST_Transform(geom, 3857) && ST_TileEnvelope({zoom}, {column}, {row}, margin => 64.0 / 4096)");
        Assert.Equal(("stops", 1L, there), Assert.Single((await Ask(new("stops", new(NetworkLayers.Stops) { Select = ["id"], Limit = 1 }), new(zoom, row, column))).Cut));
        Assert.True(there > 1);
    }

    [Fact]
    public async Task A_message_names_each_table_that_a_transaction_wrote()
    {
        var heard = new List<string>();
        await using var listener = await world.Database.Db.OpenConnectionAsync();
        listener.Notification += (_, e) => heard.Add(e.Payload);
        await new NpgsqlCommand("listen jietong_tables", listener).ExecuteNonQueryAsync();
        await world.Database.Execute("update road set note_en = 'x' where id = (select min(id) from road); update place set note_en = 'x' where id = (select min(id) from place)");
        var number = await world.Database.Scalar<long>("select number from data_version");
        while (heard.Count < 2) Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal([$"{number} place", $"{number} road"], heard.Order());
    }
}
