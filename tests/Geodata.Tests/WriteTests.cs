using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Geodata.Register;
using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>People write into the register: all or nothing, once, on record, and beside what the files say.</summary>
public sealed class WriteTests
{
    private static RegisterWorld Draw() => new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("web", "SEC", "2019-03-01").Source("late", "GOV", "2019-06-01")
        .Link("x", "gov").Link("y", "gov").Attest("x-1", "x", "under_construction", "2018-06-29", "gov", basis: "stated")
        .Row("targets.csv", "x-t,x,,open,2019,stated,,,gov,p,,");

    private static RowChange Row(string table, string cells, string place = "") => new(place, table, JsonNode.Parse(cells)!.AsObject());

    private static RowChange Attest(string more = "", string stage = "open", string source = "late", string place = "") =>
        Row("attestation", $$"""{"linkId":"x","stage":"{{stage}}","heldFrom":"2019-06-01","basis":"stated","sourceId":"{{source}}","place":"p"{{more}}}""", place);

    private static Task<Written> Apply(TestDatabase database, params RowChange[] changes) => Write.Apply(database.Db, changes, "k-1 Wang");

    private static async Task<string> State(TestDatabase database) =>
        await database.Scalar<string>("select number || ' ' || content_hash || ' ' || (select count(*) from attestation) || ' ' || (select count(*) from audit) from data_version");

    [Fact]
    public async Task An_attestation_moves_its_link_is_on_record_and_moves_the_version_once()
    {
        await using var database = await Draw().Load();
        var number = await database.Scalar<long>("select number from data_version");
        var written = await Apply(database, Attest(), Row("target", """{"linkId":"y","stage":"open","due":"2027","basis":"reported","sourceId":"web","place":"p"}"""));
        Assert.Equal([Outcome.Added, Outcome.Added], written.Rows.Select(r => r.Outcome));
        var id = written.Rows[0].Id;
        Assert.Matches("^x-open-[0-9a-f]{10}$", id);
        var x = written.Links.Single(l => l.Id == "x");
        Assert.Equal(("unverified", "under_construction", "open", "open"), (x.StateBefore, x.StageBefore, x.StateAfter, x.StageAfter));
        Assert.Equal(number + 1, written.Version.Number);
        Assert.Equal(await database.Scalar<string>("select content_hash from data_version"), written.Version.ContentHash);
        Assert.Equal([$"k-1 Wang insert attestation {id} open {number + 1}", $"k-1 Wang insert target {written.Rows[1].Id} open {number + 1}"],
            await database.Column("select concat_ws(' ', who, action, table_name, row_id, content ->> 'stage', data_version) from audit order by id"));
        Assert.Equal(["open"], await database.Column("select state from link_as_of('2019-12-31', '2019-12-31') where id = 'x'"));
    }

    [Fact]
    public async Task The_same_row_again_changes_nothing_with_an_id_and_without()
    {
        await using var database = await Draw().Load();
        var first = await Apply(database, Attest(), Attest(""","id":"x-named","side":"a" """));
        var state = await State(database);
        var again = await Apply(database, Attest(""","withdrawn":false,"noteZh":" " """), Attest(""","id":"x-named","side":"a" """), Attest());
        Assert.All(again.Rows, r => Assert.Equal(Outcome.AlreadyThere, r.Outcome));
        Assert.Equal(first.Rows[0].Id, again.Rows[0].Id);
        Assert.Equal(state, await State(database));
    }

    [Fact]
    public async Task One_bad_row_among_good_ones_leaves_nothing_and_every_problem_is_listed()
    {
        await using var database = await Draw().Load();
        var state = await State(database);
        var refused = await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Attest(place: "row 1"), Attest(""","side":"a" """, place: "row 2"), Attest(stage: "half", place: "row 3"), Attest(source: "nobody", place: "row 4"),
            Attest(source: "web", place: "row 5"), Attest(""","grade":"GOV","supersedes":{"a":1}""", place: "row 6"), Attest(""","id":"x-1" """, place: "row 7"), Attest(""","heldTo":"2019-02-30" """, place: "row 8"), Attest(""","noteZh":"\u0000" """, place: "row 9")));
        Assert.Equal(["row 3 stage Wrong", "row 4 sourceId Wrong", "row 5 basis Wrong", "row 6 grade Wrong", "row 6 supersedes Wrong", "row 7 id Conflict", "row 8 heldTo Wrong", "row 9 noteZh Wrong"], refused.Problems.Select(p => $"{p.Place} {p.Field} {p.Kind}"));
        Assert.Contains("says otherwise in stage, heldFrom, sourceId", refused.Problems[5].Message, StringComparison.Ordinal);
        Assert.Equal(state, await State(database));
    }

    [Fact]
    public async Task Every_problem_of_a_row_is_told_at_once()
    {
        await using var database = await Draw().Load();
        var refused = await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Row("attestation", """{"linkId":"nowhere","stage":"half","heldFrom":"soon","basis":"inferred","sourceId":"nobody","withdrawn":"maybe","grade":"GOV"}"""),
            Row("source", """{"id":"Bad One","grade":"BLOG","title":" ","published":"2018-13"}""")));
        Assert.Equal(["basis", "grade", "heldFrom", "linkId", "place", "premisesEn", "premisesZh", "sourceId", "stage", "withdrawn"], refused.Problems.Take(refused.Problems.Count - 5).SelectMany(p => p.Field.Split(", ")).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["grade", "id", "published", "title", "titleEn"], refused.Problems.TakeLast(5).Select(p => p.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("id) select 1; drop table audit; --")]
    [InlineData("premises_zh = null, id")]
    [InlineData("")]
    [InlineData("rank")]
    [InlineData("recordedAt")]
    public async Task A_field_that_the_table_has_not_is_only_ever_a_problem(string name)
    {
        await using var database = await Draw().Load();
        var state = await State(database);
        Assert.Contains((await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Row("attestation", $$"""{"{{name}}":"1"}""")))).Problems, p => p.Message.StartsWith("is unknown", StringComparison.Ordinal));
        Assert.Contains((await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Row("source", $$"""{"{{name}}":"1"}""") with { Amends = "gov" }))).Problems, p => p.Message.StartsWith("is unknown", StringComparison.Ordinal));
        Assert.Equal(state, await State(database));
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_be_and_stores_nothing()
    {
        await using var database = await Draw().Load();
        var state = await State(database);
        var written = await Write.Apply(database.Db, [Attest()], "k-1 Wang", dryRun: true);
        Assert.Equal("open", written.Links.Single().StateAfter);
        Assert.Equal(state, await State(database));
        Assert.StartsWith($"{written.Version.Number} {written.Version.ContentHash}", state, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixteen_at_once_are_one_row_and_writers_of_other_rows_do_not_block_for_ever()
    {
        await using var database = await Draw().Load();
        var rows = Enumerable.Range(0, 16).Select(i => Task.Run(() => i % 2 == 0 ? Apply(database, Attest(), Attest(""","side":"a" """)) : Apply(database, Attest(""","side":"a" """), Attest())));
        var written = (await Task.WhenAll(rows)).SelectMany(w => w.Rows).ToList();
        Assert.Equal(2, written.Count(r => r.Outcome == Outcome.Added));
        Assert.Equal(30, written.Count(r => r.Outcome == Outcome.AlreadyThere));
        Assert.Equal("3 2", await database.Scalar<string>("select (select count(*) from attestation) || ' ' || (select count(*) from audit)"));
    }

    [Fact]
    public async Task A_correction_takes_the_place_of_what_it_corrects_and_a_withdrawal_takes_it_back()
    {
        await using var database = await Draw().Load();
        var wrong = (await Apply(database, Attest())).Rows[0].Id;
        var fixedRow = (await Apply(database, Attest($$""","supersedes":"{{wrong}}","noteZh":"更正" """, stage: "handed_over"))).Rows[0].Id;
        Assert.Equal(["handed_over"], await database.Column("select stage from link_as_of('2019-12-31', '2019-12-31') where id = 'x'"));
        await Apply(database, Attest($$""","supersedes":"{{fixedRow}}","withdrawn":true""", stage: "handed_over"));
        Assert.Equal(["open"], await database.Column("select stage from link_as_of('2019-12-31', '2019-12-31') where id = 'x'"));   // the withdrawn correction corrects no longer
        Assert.Equal("supersedes", (await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Attest($$""","supersedes":"{{wrong}}" """)))).Problems.Single().Field);
    }

    [Fact]
    public async Task An_amendment_needs_the_version_that_its_writer_saw()
    {
        await using var database = await Draw().Load();
        var seen = (await Write.VersionOf(database.Db, "source", "web"))!;
        RowChange Title(string title, params string[] versions) => Row("source", $$"""{"title":"{{title}}"}""") with { Amends = "web", Seen = versions };
        Assert.Equal(Outcome.Amended, (await Apply(database, Title("新题", "other", seen))).Rows.Single().Outcome);
        Assert.Equal(["update 题 web 新题"], await database.Column("select concat_ws(' ', action, content -> 'before' ->> 'title', content -> 'after' ->> 'title') from audit"));
        Assert.Equal(RefusalKind.Stale, (await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Title("别题", seen)))).Problems.Single().Kind);
        Assert.NotEqual(seen, await Write.VersionOf(database.Db, "source", "web"));
        Assert.Null(await Write.VersionOf(database.Db, "source", "nobody"));
        Assert.Equal(RefusalKind.NotThere, (await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Title("题") with { Amends = "nobody" }))).Problems.Single().Kind);
        Assert.Equal("grade", (await Assert.ThrowsAsync<RefusedRowsException>(() => Apply(database, Row("source", """{"grade":"SEC"}""") with { Amends = "gov" }))).Problems.Single().Field);
        Assert.Equal(["新题"], await database.Column("select title from source where id = 'web'"));
    }

    [Fact]
    public async Task Files_that_are_loaded_again_leave_what_people_wrote()
    {
        await using var database = await Draw().Load();
        var own = (await Apply(database, Row("source", """{"id":"own","grade":"GOV","title":"题","titleEn":"T","published":"2020"}"""),
            Row("attestation", """{"id":"x-own","linkId":"x","stage":"open","heldFrom":"2020","basis":"stated","sourceId":"own","place":"p"}"""),
            Row("target", """{"id":"y-own","linkId":"y","stage":"open","due":"2027","basis":"stated","sourceId":"own","place":"p"}"""))).Rows.Select(r => r.Id).ToList();
        await Apply(database, Row("target", """{"due":"2020"}""") with { Amends = "x-t" });
        Assert.Equal(1, await Load.Once(database.Db, Draw().Row("lists.csv", "l,单,List,,gov,p,,").Write()));
        Assert.Equal(["2020", "2027"], await database.Column("select due from target order by 1"));
        Assert.Equal(["own", "x-own"], await database.Column("select id::text from source where id = 'own' union all select id from attestation where source_id = 'own' order by 1"));
        // The files may come to say the same.
        Assert.Equal(1, await Load.Once(database.Db, Draw().Row("sources.csv", "own,GOV,题,T,,2020,,,,,").Attest("x-own", "x", "open", "2020", "own", basis: "stated").Write()));
        // What people's rows rest on cannot leave the files.
        var gone = new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("web", "SEC", "2019-03-01").Link("x", "gov").Attest("x-1", "x", "under_construction", "2018-06-29", "gov", basis: "stated");
        await Apply(database, Attest());
        Assert.Contains("late", (await Assert.ThrowsAsync<InputException>(() => Load.Once(database.Db, gone.Link("y", "gov").Write()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_asks_can_write_nothing_and_sees_no_key()
    {
        await using var database = await Draw().Load();
        await ApiKeys.Add(database.Db, "王", "reader", Days.Today);
        // Asked as any question is, of what no catalogue holds: the database refuses by itself.
        static Layer Of(string from) => new("Odd", "", "", from, "id", [new("id", ColumnType.Text, "", "")]) { Collection = "odd" };
        await database.Execute("create function odd_write() returns table (id text) language sql as $$ delete from attestation returning id::text $$");
        foreach (var (from, refusal) in new[] { ("api_key", PostgresErrorCodes.InsufficientPrivilege), ("odd_write()", PostgresErrorCodes.ReadOnlySqlTransaction) })   // the transaction may not, and neither may the role
            Assert.Equal(refusal, (await Assert.ThrowsAsync<PostgresException>(async () => await RowReader.Ask(database.Db, new(Of(from))))).SqlState);
        Assert.False(await database.Scalar<bool>("select has_table_privilege('jietong_reader', 'attestation', 'insert, update, delete') or has_table_privilege('jietong_reader', 'api_key', 'select')"));
        await database.Execute("create table later (id text); insert into later values ('a')");
        await using var rows = await RowReader.Ask(database.Db, new(Of("later")));
        Assert.True(await rows.Read());
    }

    [Theory]
    [InlineData("update audit set who = 'x'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    public async Task The_record_only_grows(string sql)
    {
        await using var database = await Draw().Load();
        await Apply(database, Attest());
        Assert.Equal(PostgresErrorCodes.RestrictViolation, (await Assert.ThrowsAsync<PostgresException>(() => database.Execute(sql))).SqlState);
    }
}
