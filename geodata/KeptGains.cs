using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>Gains that were computed, kept for the days and the state of the data that they hold for.</summary>
public static class KeptGains
{
    /// <summary>So many computations are kept; the oldest go first.</summary>
    private const int MostRuns = 200;

    /// <summary>For which state of the data the gains of a day and a mode are there, computed by this program; null where they are not.</summary>
    public static async Task<string?> Find(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, string mode, string program, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Database.Scalar<string>(connection, "select v.content_hash from gain_day d join data_version v on v.content_hash = d.content_hash join gain_run r on r.id = d.run_id " +
            "where d.as_of = $1 and d.known_by = $2 and d.mode = $3 and r.program = $4", cancel, asOf, knownBy, mode, program);
    }

    /// <summary>Lets a day share what was computed from the same input before.</summary>
    /// <returns>Whether there was anything to share.</returns>
    public static async Task<bool> Share(NpgsqlDataSource db, DataVersion version, DateOnly asOf, DateOnly knownBy, string mode, string inputHash, string program, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Database.Execute(connection, "insert into gain_day select $1, $2, $3, r.mode, r.id from gain_run r where r.input_hash = $4 and r.mode = $5 and r.program = $6 " +
            "on conflict (content_hash, as_of, known_by, mode) do update set run_id = excluded.run_id", cancel, version.ContentHash, asOf, knownBy, inputHash, mode, program) > 0;
    }

    /// <summary>Keeps rows (a JSON array, a gain each, with its pairs). Others may have kept the same meanwhile: then theirs stay.</summary>
    public static async Task Keep(NpgsqlDataSource db, string inputHash, string mode, string program, string rows, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, "delete from gain_run where id in (select id from gain_run order by id desc offset $1)", cancel, MostRuns - 1);
        var run = await Database.Scalar<long>(connection, "insert into gain_run (input_hash, mode, program) values ($1, $2, $3) on conflict do nothing returning id", cancel, inputHash, mode, program);
        if (run != 0)
        {
            await Database.Execute(connection, "insert into gain select (jsonb_populate_record(null::gain, row || jsonb_build_object('run_id', $1))).* from jsonb_array_elements($2::jsonb) row", cancel, run, rows);
            await Database.Execute(connection, "insert into gain_pair select (jsonb_populate_record(null::gain_pair, pair || jsonb_build_object('run_id', $1, 'link_id', row -> 'link_id', 'weights', row -> 'weights'))).* " +
                "from jsonb_array_elements($2::jsonb) row, jsonb_array_elements(row -> 'pairs') pair", cancel, run, rows);
            await Database.Execute(connection, "insert into gain_synergy select (jsonb_populate_record(null::gain_synergy, other || jsonb_build_object('run_id', $1, 'link_id', row -> 'link_id', 'weights', row -> 'weights'))).* " +
                "from jsonb_array_elements($2::jsonb) row, jsonb_array_elements(row -> 'synergies') other", cancel, run, rows);
        }
        await transaction.CommitAsync(cancel);
    }
}
