using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>Gains that were computed, kept for one state of the data.</summary>
public static class KeptGains
{
    public static async Task<bool> AreThere(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, string mode, string programVersion, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Database.Scalar<int>(connection, "select 1 from gain_run r join data_version v on v.content_hash = r.content_hash " +
            "where r.as_of = $1 and r.known_by = $2 and r.mode = $3 and r.program_version = $4", cancel, asOf, knownBy, mode, programVersion) == 1;
    }

    /// <summary>Keeps rows (a JSON array, a gain each, with its pairs) in place of older ones; what other states of the data gave is let go.</summary>
    public static async Task Keep(NpgsqlDataSource db, DataVersion version, DateOnly asOf, DateOnly knownBy, string mode, string programVersion, string rows, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, "lock table gain_run in exclusive mode", cancel);
        await Database.Execute(connection, "delete from gain_run where content_hash <> $1 or (as_of, known_by, mode) = ($2, $3, $4)", cancel, version.ContentHash, asOf, knownBy, mode);
        var run = await Database.Scalar<long>(connection, "insert into gain_run (content_hash, as_of, known_by, mode, program_version) values ($1, $2, $3, $4, $5) returning id",
            cancel, version.ContentHash, asOf, knownBy, mode, programVersion);
        await Database.Execute(connection, "insert into gain select (jsonb_populate_record(null::gain, row || jsonb_build_object('run_id', $1))).* from jsonb_array_elements($2::jsonb) row", cancel, run, rows);
        await Database.Execute(connection, "insert into gain_pair select (jsonb_populate_record(null::gain_pair, pair || jsonb_build_object('run_id', $1, 'link_id', row -> 'link_id', 'weights', row -> 'weights'))).* " +
            "from jsonb_array_elements($2::jsonb) row, jsonb_array_elements(row -> 'pairs') pair", cancel, run, rows);
        await transaction.CommitAsync(cancel);
    }
}
