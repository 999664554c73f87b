using Jietong.Geodata.Register;
using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>The data version stands on every answer and in every ETag: it must move when the data moves, once a transaction, and at no other time.</summary>
public sealed class DataVersionTests(DataVersionTests.World world) : IClassFixture<DataVersionTests.World>
{
    public sealed class World() : WorldFixture(() => Draw().Load());

    private static RegisterWorld Draw(string note = "note", params string[] links)
    {
        var drawn = new RegisterWorld().Source("gov", "GOV", "2018-06-29").Row("lists.csv", $"plan,单,Plan,,gov,p,,{note}");
        foreach (var link in links is [] ? ["x", "y", "z"] : links)
            drawn.Link(link, "gov").Attest(link + "-1", link, "proposed", "2018-06-29", "gov", basis: "stated");
        return drawn;
    }

    private sealed record State(long Number, string Hash);

    private async Task<State> Now() => new(await world.Database.Scalar<long>("select number from data_version"), await world.Database.Scalar<string>("select content_hash from data_version"));

    /// <summary>Runs the statements in one transaction, which their last one may end.</summary>
    private async Task<(State Before, State After)> Run(params string[] statements)
    {
        var before = await Now();
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        foreach (var statement in statements.Prepend("begin").Append("commit")) await new NpgsqlCommand(statement, connection).ExecuteNonQueryAsync();
        return (before, await Now());
    }

    private const string Write = "update list set note_en = coalesce(note_en, '') || '+'";
    private const string Insert = "insert into list (id, name_zh, name_en, source_id, place) values ('new', '单', 'New', 'gov', 'p')";
    private const string Delete = "delete from list where id = 'new'";

    /// <summary>to_jsonb gives one or the other, by how PostGIS came into the database.</summary>
    [Fact]
    public async Task A_geometry_has_one_hash_as_GeoJSON_and_as_hexadecimal_EWKB()
    {
        const string each = "select count(distinct content_of(jsonb_build_object('geom', g, 'point', null, 'x', 1), 'road')) from link l, lateral (values (to_jsonb(geom)), (to_jsonb(encode(ST_AsEWKB(geom), 'hex')))) v(g) where l.id = 'x'";
        Assert.Equal(1, await world.Database.Scalar<long>(each));
        Assert.Equal(2, await world.Database.Scalar<long>("select count(distinct content_of(jsonb_build_object('geom', g), 'road')) from (values (to_jsonb(ST_Point(121, 31, 4326))), (to_jsonb(ST_Point(121, 31.1, 4326)))) v(g)"));
    }

    // Savepoints have ids of their own, and loading a row goes through one: the transaction counts, not they.
    [Theory]
    [InlineData(Write)]
    [InlineData(Write, Write, Insert, "update link set note_en = coalesce(note_en, '') || '+'", Delete)]
    [InlineData("savepoint s", Write, "release savepoint s", "savepoint s", Write, "release savepoint s")]
    [InlineData("savepoint s", Write, "rollback to savepoint s", Write)]
    [InlineData(Write, "savepoint s", Write, "rollback to savepoint s")]
    public async Task A_transaction_that_writes_moves_the_number_once(params string[] statements)
    {
        var (before, after) = await Run(statements);
        Assert.Equal(before.Number + 1, after.Number);
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Theory]
    [InlineData("update link set note_en = note_en, geom = geom")]
    [InlineData("update link set note_en = 'n' where id = 'nobody'")]
    [InlineData("delete from list where id = 'nobody'")]
    [InlineData("insert into list select * from list on conflict do nothing")]
    [InlineData(Write, "rollback")]
    [InlineData("savepoint s", Write, "rollback to savepoint s")]
    [InlineData("select * from link_as_of()")]
    public async Task What_changes_nothing_leaves_the_version(params string[] statements)
    {
        var (before, after) = await Run(statements);
        Assert.Equal(before, after);
    }

    // Every table of content, and every kind of write, counts.
    [Theory]
    [InlineData("insert into source (id, grade, title, title_en, published) values ('new', 'GOV', '题', 'T', '2019')", "update source set url = 'u' where id = 'new'", "delete from source where id = 'new'")]
    [InlineData("insert into jurisdiction values ('310114', '嘉定', 'Jiading', 'county', null)", "update jurisdiction set name_en = 'J' where adcode = '310114'", "delete from jurisdiction where adcode = '310114'")]
    [InlineData(Insert, "update list set item_count = 3 where id = 'new'", Delete)]
    [InlineData("insert into link_reference (link_id, list_id, item, source_id, place) values ('x', 'plan', 1, 'gov', 'p')", "update link_reference set item = 2", "delete from link_reference")]
    [InlineData("insert into link_unit values ('x', 'lead', '局', 'Bureau', 'gov', 'p')", "update link_unit set role = 'supporting'", "delete from link_unit")]
    [InlineData("insert into position_source values ('x', 'gov')", "update position_source set source_id = 'gov', link_id = 'y' where source_id = 'gov'", "delete from position_source where source_id = 'gov'")]
    [InlineData("insert into design_value (link_id, quantity, value, source_id, place) values ('x', 'lanes', 4, 'gov', 'p')", "update design_value set value = 6", "delete from design_value")]
    [InlineData("insert into target (id, link_id, stage, due, basis, source_id, place) values ('new', 'x', 'open', '2020', 'stated', 'gov', 'p')", "update target set due = '2021'", "delete from target")]
    [InlineData("insert into claim (id, statement_zh, statement_en, stage, as_of, kind, source_id, place) values ('new', '七', '7', 'open', '2019', 'fact', 'gov', 'p')", "update claim set count_done = 7", "delete from claim")]
    [InlineData("update link set geom = ST_Translate(geom, 0.001, 0) where id = 'x'", "update link_side set town_zh = '花桥'", "update link set geom = ST_Translate(geom, -0.001, 0) where id = 'x'; update link_side set town_zh = null")]
    public async Task Each_write_gives_another_hash_and_its_reversal_the_old_one(string insert, string update, string delete)
    {
        var start = await Now();
        var (_, inserted) = await Run(insert);
        var (_, updated) = await Run(update);
        var (_, deleted) = await Run(delete);
        Assert.Equal(3, new[] { start.Hash, inserted.Hash, updated.Hash }.Distinct().Count());
        Assert.Equal(new(start.Number + 3, start.Hash), deleted);
    }

    [Fact]
    public async Task Two_writers_at_once_move_it_twice()
    {
        var before = await Now();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Run(Write))));
        Assert.Equal(before.Number + 2, (await Now()).Number);
    }

    // What was loaded counts, not how: not its order, nor in how many loads, nor when it was recorded.
    [Fact]
    public async Task The_same_content_has_the_same_hash_however_it_came_to_be()
    {
        static async Task<string> Hash(params RegisterWorld[] loads)
        {
            await using var database = await TestDatabase.Create();
            foreach (var load in loads) await Load.Once(database.Db, load.Write());
            return await database.Scalar<string>("select content_hash from data_version");
        }
        var hash = await Hash(Draw());
        Assert.Equal(hash, await Hash(Draw(links: ["z", "x", "y"])));
        Assert.Equal(hash, await Hash(Draw(note: "", links: ["y"]), Draw(note: "later", links: ["y", "z"]), Draw()));
        Assert.NotEqual(hash, await Hash(Draw(note: "Note")));
        Assert.NotEqual(hash, await Hash(Draw(links: ["x", "y"])));
    }

    [Fact]
    public async Task Listeners_hear_the_number_at_commit_and_nothing_of_what_is_rolled_back()
    {
        var heard = new List<(string Channel, string Payload)>();
        await using var listener = await world.Database.Db.OpenConnectionAsync();
        listener.Notification += (_, e) => heard.Add((e.Channel, e.Payload));
        await new NpgsqlCommand("listen jietong_data", listener).ExecuteNonQueryAsync();
        await Run(Write, "rollback");
        var (_, after) = await Run(Write, Insert, Delete);
        Assert.True(await listener.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal([("jietong_data", $"{after.Number}")], heard);   // several statements, one message
    }
}
