using Jietong.Geodata.Register;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>A register grows: its files are loaded again and again, and only what is new moves.</summary>
public sealed class ReloadTests
{
    private static RegisterWorld Draw(string note = "", string stage = "proposed") => new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("state", "STATE", "2019")
        .Row("lists.csv", $"plan,单,Plan,,gov,p,,{note}").Row("lists.csv", "other,单,Other,,gov,p,,")
        .Link("x", "gov").Attest("x-1", "x", stage, "2018-06-29", "gov", basis: "stated");

    private static Task<long> Number(TestDatabase database) => database.Scalar<long>("select number from data_version");

    [Fact]
    public async Task The_same_files_twice_change_nothing()
    {
        await using var database = await TestDatabase.Create();
        var folder = Draw().Write();
        Assert.NotNull(await Load.Once(database.Db, folder));
        var number = await Number(database);
        Assert.Null(await Load.Once(database.Db, folder));
        Assert.Null(await Load.Once(database.Db, Draw().Write()));   // the same files in another place
        Assert.Equal(number, await Number(database));
    }

    // The row's xmin is the transaction that wrote it last.
    [Fact]
    public async Task A_changed_note_updates_its_row_alone()
    {
        await using var database = await Draw().Load();
        const string writers = "select xmin::text || ' ' || id from list union all select xmin::text || ' ' || id from link union all select xmin::text || ' ' || id from source order by 1";
        var (before, number) = (await database.Column(writers), await Number(database));
        Assert.Equal(1, await Load.Once(database.Db, Draw(note: "seen").Write()));
        Assert.Equal(["seen"], await database.Column("select note_en from list where note_en is not null"));
        Assert.Equal(["plan"], (await database.Column(writers)).Except(before).Select(row => row.Split(' ')[1]));
        Assert.Equal(number + 1, await Number(database));
    }

    [Fact]
    public async Task A_changed_attestation_is_refused_and_a_correction_is_added()
    {
        await using var database = await Draw().Load();
        var error = await Assert.ThrowsAsync<InputException>(() => Load.Once(database.Db, Draw(note: "seen", stage: "open").Write()));
        Assert.Contains("attestations.csv line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("never changed: add a later one that supersedes it", error.Message, StringComparison.Ordinal);
        Assert.Equal(["proposed"], await database.Column("select stage from attestation"));
        Assert.Empty(await database.Column("select id from list where note_en is not null"));

        Assert.Equal(1, await Load.Once(database.Db, Draw().Attest("x-2", "x", "approved", "2018-06-29", "state", supersedes: "x-1").Write()));
        Assert.Equal(["approved"], await database.Column("select stage from link_as_of('2019-12-31', '2019-12-31')"));
    }

    [Fact]
    public async Task Whatever_was_loaded_before_the_database_says_what_the_files_say()
    {
        await using var database = await Draw().Row("targets.csv", "t,x,,open,2019,stated,,,gov,p,,").Row("units.csv", "x,lead,甲,A,gov,p")
            .Row("design_values.csv", "x,,lengthMetres,4200,,gov,p,,").Load();
        await Load.Once(database.Db, Draw().Row("units.csv", "x,lead,乙,B,gov,p").Row("design_values.csv", "x,,lengthMetres,4300,,gov,p,,").Write());
        Assert.Equal(["乙"], await database.Column("select unit_zh from link_unit"));
        Assert.Equal(["4300"], await database.Column("select value from design_value"));
        Assert.Empty(await database.Column("select id from target"));
        await using var fresh = await Draw().Row("units.csv", "x,lead,乙,B,gov,p").Row("design_values.csv", "x,,lengthMetres,4300,,gov,p,,").Load();
        Assert.Equal(await fresh.Scalar<string>("select content_hash from data_version"), await database.Scalar<string>("select content_hash from data_version"));
    }

    [Fact]
    public async Task An_attestation_that_left_its_file_is_missed()
    {
        await using var database = await Draw().Attest("x-2", "x", "approved", "2019-01-01", "state").Load();
        var error = await Assert.ThrowsAsync<InputException>(() => Load.Once(database.Db, Draw().Write()));
        Assert.Contains("attestations.csv: attestation x-2 is no longer there", error.Message, StringComparison.Ordinal);
        Assert.Equal(["x-1", "x-2"], await database.Column("select id from attestation order by id"));
    }

    [Fact]
    public async Task Two_programs_that_load_at_once_load_once()
    {
        await using var database = await TestDatabase.Create();
        var folder = Draw().Write();
        var loads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Load.Once(database.Db, folder))));
        Assert.Single(loads, changed => changed is not null);
        Assert.Equal(1, await Number(database));
        Assert.Equal(1, await database.Scalar<long>("select count(*) from register_load"));
    }
}
