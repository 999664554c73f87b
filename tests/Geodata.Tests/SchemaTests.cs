using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>
/// The database refuses rows that would mislead, whatever program writes them: plain SQL, no loader in between.
/// Each wrong row is a good row with one thing changed, and the good rows are stored, so that the one thing is what is refused.
/// </summary>
public sealed class SchemaTests(SchemaTests.World world) : IClassFixture<SchemaTests.World>
{
    public sealed class World() : WorldFixture(() => new RegisterWorld()
            .Source("gov", "GOV", "2018-06-29").Source("state", "STATE", "2019").Source("copy", "COPY", "2019").Source("sec", "SEC", "2019")
            .Row("lists.csv", "plan,单,Plan,,gov,p,,").Row("references.csv", "y,plan,1,gov,p,,")
            .Link("x", "gov").Link("y", "gov").Link("bus", "gov", "bus", "service", geometry: null)
            .Attest("x-1", "x", "proposed", "2018-06-29", "gov", basis: "stated").Attest("y-1", "y", "proposed", "2018-06-29", "gov", basis: "stated")
            .Attest("y-2", "y", "approved", "2018-06-29", "gov", basis: "stated", supersedes: "y-1")
            .Load());

    private static readonly Dictionary<string, string> GoodRows = new()
    {
        ["source"] = "id='new' grade='GOV' title='题' title_en='T' published='2018-06-29'",
        ["jurisdiction"] = "adcode='310114' name_zh='嘉定' name_en='Jiading' level='county'",
        ["list"] = "id='new' name_zh='单' name_en='List' item_count=26 source_id='gov' place='p'",
        ["link"] = "id='new' name_zh='路' name_en='Road' kind='road' nature='missing' area_zh='省界' area_en='border' geom='SRID=4326;POINT(121 31)' accuracy_metres=30 accuracy_kind='mapped' source_id='gov' place='p'",
        ["link_reference"] = "link_id='x' list_id='plan' item=2 source_id='gov' place='p'",
        ["link_unit"] = "link_id='x' role='lead' unit_zh='局' unit_en='Bureau' source_id='gov' place='p'",
        ["design_value"] = "link_id='x' side='a' quantity='lanes' value=4 text=null source_id='gov' place='p'",
        ["attestation"] = "id='new' link_id='x' side='a' stage='open' held_from='2019-05-01' held_to='2019-06' basis='stated' premises_zh=null premises_en=null source_id='gov' place='p' supersedes='x-1' withdrawn=false",
        ["target"] = "id='new' link_id='x' side='a' stage='open' due='2020' basis='stated' premises_zh=null premises_en=null source_id='gov' place='p'",
        ["claim"] = "id='new' statement_zh='七条' statement_en='Seven' stage='open' count_done=7 count_total=17 as_of='2019-12-11' kind='fact' source_id='gov' place='p'",
    };

    /// <summary>An insertion of the table's good row with some of its columns changed; a link comes with its sides and the source of its position.</summary>
    private static string Insert(string table, string changes = "")
    {
        var columns = new Dictionary<string, string>();
        foreach (var (name, value) in Assignments(GoodRows[table]).Concat(Assignments(changes))) columns[name] = value;
        var insert = $"insert into {table} ({string.Join(", ", columns.Keys)}) values ({string.Join(", ", columns.Values)});";
        if (table != "link") return insert;
        return insert + $" insert into link_side (link_id, side, adcode, source_id, place) select {columns["id"]}, s, '310118', 'gov', 'p' from unnest(array['a', 'b']) s;" +
            (columns["geom"] == "null" ? "" : $" insert into position_source values ({columns["id"]}, 'map')");
    }

    private static IEnumerable<(string, string)> Assignments(string text) =>
        System.Text.RegularExpressions.Regex.Matches(text, @"(\w+)=(E?'[^']*'|\S+)").Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);

    private Task<string> Version() => world.Database.Scalar<string>("select number || ' ' || content_hash from data_version");

    [Fact]
    public async Task Good_rows_are_stored()
    {
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        foreach (var table in GoodRows.Keys)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Command(connection, Insert(table) + "; set constraints all immediate").ExecuteNonQueryAsync();
            await transaction.RollbackAsync();
        }
    }

    /// <summary>What is wrong, the good row's table, what is changed in it, and the constraint, column or words that refuse it.</summary>
    public static TheoryData<string, string, string, string> WrongRows => new()
    {
        { "unknown grade", "source", "grade='BLOG'", "grade" },
        { "unknown kind", "link", "kind='tunnel'", "link_kind_check" },
        { "unknown nature", "link", "nature='broken'", "link_nature_check" },
        { "unknown kind of accuracy", "link", "accuracy_kind='guessed'", "link_accuracy_kind_check" },
        { "unknown level", "jurisdiction", "level='village'", "jurisdiction_level_check" },
        { "code of five digits", "jurisdiction", "adcode='31011'", "jurisdiction_adcode_check" },
        { "unknown role", "link_unit", "role='helper'", "link_unit_role_check" },
        { "unknown stage", "attestation", "stage='half-built'", "attestation_stage_check" },
        { "unknown stage promised", "target", "stage='half-built'", "target_stage_check" },
        { "unknown basis", "attestation", "basis='hearsay'", "attestation_basis_check" },
        { "a third side", "attestation", "side='c'", "attestation_link_id_side_fkey" },
        { "unknown quantity", "design_value", "quantity='length'", "design_value_quantity_check" },
        { "quantity without a value", "design_value", "value=null", "design_value" },
        { "road class in figures", "design_value", "quantity='roadClass' value=1 text='class1'", "all_but_road_class_have_a_value" },
        { "nothing of a quantity", "design_value", "value=0", "design_value_value_check" },
        { "unknown road class", "design_value", "quantity='roadClass' value=null text='wide'", "road_class_is_known" },
        { "unknown kind of claim", "claim", "kind='rumour'", "claim_kind_check" },
        { "more done than there are", "claim", "count_done=18", "count_done_is_within_count_total" },

        { "empty point", "link", "geom='SRID=4326;POINT EMPTY'", "link_geom_check" },
        { "line without parts", "link", "geom='SRID=4326;MULTILINESTRING EMPTY'", "link_geom_check" },
        { "line of no length", "link", "geom='SRID=4326;MULTILINESTRING((121 31,121 31))'", "link_geom_check" },
        { "polygon", "link", "geom='SRID=4326;POLYGON((121 31,121 32,122 32,121 31))'", "link_geom_check" },
        { "wrong SRID", "link", "geom='SRID=3857;POINT(121 31)'", "SRID (3857) does not match" },
        { "height", "link", "geom='SRID=4326;POINT Z(121 31 4)'", "Z dimension" },
        { "measure", "link", "geom='SRID=4326;MULTILINESTRING M((121 31 0,121 32 1))'", "M dimension" },
        { "no number", "link", "geom='SRID=4326;POINT(NaN 31)'", "link_geom_check" },
        { "east of 180", "link", "geom='SRID=4326;POINT(180.0001 31)'", "link_geom_check" },
        { "latitude first", "link", "geom='SRID=4326;POINT(31 121)'", "link_geom_check" },
        { "position without accuracy", "link", "accuracy_metres=null", "position_has_accuracy" },
        { "position whose accuracy has no kind", "link", "accuracy_kind=null", "position_has_accuracy" },
        { "exact position", "link", "accuracy_metres=0", "link_accuracy_metres_check" },
        { "accuracy without position", "link", "nature='service' geom=null", "position_has_accuracy" },
        { "road without position", "link", "geom=null accuracy_metres=null accuracy_kind=null", "only_a_service_has_no_position" },

        { "attestation without source", "attestation", "source_id=null", "source_id" },
        { "attestation of an unknown source", "attestation", "source_id='nobody'", "attestation_source_id_fkey" },
        { "attestation without place in the source", "attestation", "place=null", "place" },
        { "attestation of an unknown link", "attestation", "link_id='z' side=null supersedes=null", "attestation_link_id_fkey" },
        { "a copy states", "attestation", "source_id='copy'", "copy has grade COPY and cannot carry basis \"stated\"" },
        { "a secondary page states", "attestation", "source_id='sec'", "sec has grade SEC and cannot carry basis \"stated\"" },
        { "a dataset reports a stage", "attestation", "source_id='map' basis='reported'", "map has grade DATA" },
        { "a stage is inferred from a dataset", "attestation", "source_id='map' basis='inferred' premises_zh='因' premises_en='for'", "map has grade DATA" },
        { "a copy promises", "target", "source_id='copy'", "copy has grade COPY and cannot carry basis \"stated\"" },
        { "a dataset promises", "target", "source_id='map' basis='reported'", "map has grade DATA" },
        { "inferred without premises", "attestation", "basis='inferred'", "inferred_names_its_premises" },
        { "inferred with premises in one language", "attestation", "basis='inferred' premises_zh='因'", "inferred_names_its_premises" },
        { "premises of what is stated", "attestation", "premises_zh='因' premises_en='for'", "inferred_names_its_premises" },
        { "promise inferred without premises", "target", "basis='inferred'", "inferred_names_its_premises" },
        { "correction of another link's attestation", "attestation", "supersedes='y-2'", "new corrects y-2, which is of another link" },
        { "second correction of one attestation", "attestation", "link_id='y' supersedes='y-1'", "attestation_supersedes_key" },
        { "correction of nothing known", "attestation", "supersedes='x-0'", "new corrects x-0" },
        { "withdrawal of nothing", "attestation", "withdrawn=true supersedes=null", "withdrawal_withdraws_something" },

        { "no such day", "attestation", "held_from='2018-02-30'", "\"2018-02-30\" is not a date" },
        { "date as in speech", "attestation", "held_from='2018年6月'", "is not a date" },
        { "no date", "attestation", "held_from=null", "held_from" },
        { "ends before it begins", "attestation", "held_to='2019-04-30'", "held_to_follows_held_from" },
        { "due some day", "target", "due='soon'", "\"soon\" is not a date" },
        { "published some day", "source", "published='29.6.2018'", "\"29.6.2018\" is not a date" },

        { "item taken by another link", "link_reference", "item=1", "one_link_an_item" },
        { "one link twice in a list", "link_reference", "link_id='y'", "link_reference_pkey" },
        { "item 0", "link_reference", "item=0", "link_reference_item_check" },
        { "blank name", "link", "name_en='  '", "words" },
        { "empty name", "source", "title=''", "words" },
        { "no name", "link", "name_zh=null", "name_zh" },
        { "id in capitals", "source", "id='Gov'", "slug" },
        { "id with an underscore", "link", "id='a_b'", "slug" },
        { "id that ends in a hyphen", "list", "id='plan-'", "slug" },
        { "id in Chinese", "claim", "id='方案'", "slug" },
        { "id with a line end", "attestation", "id=E'new\\n'", "slug" },
        { "empty id", "target", "id=''", "slug" },
    };

    [Theory]
    [MemberData(nameof(WrongRows))]
    public Task A_wrong_row_is_refused(string what, string table, string changes, string refusal) => IsRefused(what, Insert(table, changes), refusal);

    /// <summary>What is there must stay right: changes, deletions, and what only the whole transaction shows (refused at its commit).</summary>
    public static TheoryData<string, string, string> WrongStatements => new()
    {
        { "an attestation is changed", "update attestation set stage = 'open' where id = 'x-1'", "never changed" },
        { "an attestation is deleted", "delete from attestation where id = 'x-1'", "never changed" },
        { "attestations are emptied", "truncate attestation", "never changed" },
        { "a table is emptied", "truncate design_value", "would leave the data version behind" },
        { "a link goes and leaves its evidence", "delete from link where id = 'x'", "attestation_link_id_fkey" },
        { "a source goes and leaves what it says", "delete from source where id = 'gov'", "is still referenced" },
        { "a link comes with one side", Insert("link").Replace("array['a', 'b']", "array['a']", StringComparison.Ordinal), "link new needs two sides" },
        { "a link has a side c", Insert("link").Replace("array['a', 'b']", "array['a', 'c']", StringComparison.Ordinal), "link_side_side_check" },
        { "a position comes without a source", Insert("link")[..Insert("link").LastIndexOf("insert", StringComparison.Ordinal)], "position of link new names no source" },
        { "a service gets a position without a source", "update link set geom = 'SRID=4326;POINT(121 31)', accuracy_metres = 30, accuracy_kind = 'mapped' where id = 'bus'", "position of link bus names no source" },
        { "a side is lost", "delete from link_side where id = 'x-b'", "link x would lose a side" },
        { "the source of a position is lost", "delete from position_source where link_id = 'x'", "or the source of its position" },
        { "a worse grade is found for what is stated", "update target set source_id = 'copy' where id = 'new'", "copy has grade COPY" },
    };

    [Theory]
    [MemberData(nameof(WrongStatements))]
    public Task A_wrong_statement_is_refused(string what, string sql, string refusal) =>
        IsRefused(what, sql.StartsWith("update target", StringComparison.Ordinal) ? Insert("target") + sql : sql, refusal);

    private async Task IsRefused(string what, string sql, string refusal)
    {
        var before = await Version();
        await using var connection = await world.Database.Db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await Command(connection, sql).ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        });
        Assert.True($"{error.ConstraintName} {error.ColumnName} {error.MessageText} {error.Detail}".Contains(refusal, StringComparison.Ordinal), $"{what}: refused by {error.Message}");
        Assert.Equal(before, await Version());
    }
}
