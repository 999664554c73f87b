using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata.Gaps;

/// <summary>Answers about gaps that are kept, and are a layer then.</summary>
public static class KeptGaps
{
    /// <summary>Keeps an answer in the place of the last one to the same question.</summary>
    /// <param name="db">Where.</param>
    /// <param name="border">As it was asked for.</param>
    /// <param name="settings">All else that the question says; JSON.</param>
    /// <param name="rows">A JSON array, a gap each, by the table's columns; <c>line</c> holds its positions.</param>
    /// <param name="helpNobody">How many were left out.</param>
    /// <param name="seen">The data that they were computed from.</param>
    /// <param name="cancel">Ends it; nothing is kept then.</param>
    /// <returns>The question's id.</returns>
    /// <exception cref="InputException">The data have changed meanwhile.</exception>
    public static async Task<string> Keep(NpgsqlDataSource db, string border, string settings, string rows, int helpNobody, DataVersion seen, CancellationToken cancel = default)
    {
        var id = $"q-{Hash($"{border}\n{settings}")[..10]}";
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, Register.Write.OneAtATime, cancel);
        if (await Register.Write.Version(connection, cancel) != seen) throw new InputException("The data changed while gaps were searched for: nothing was kept. Ask again.");
        await Database.Execute(connection, """
            insert into gap_question (id, border, settings, data_hash, rows_hash, gaps, help_nobody) values ($1, $2, $3::jsonb, gap_data_hash(), $4, $5, $6)
            on conflict (id) do update set data_hash = excluded.data_hash, rows_hash = excluded.rows_hash, gaps = excluded.gaps, help_nobody = excluded.help_nobody, computed_at = now()
            """, cancel, id, border, settings, Hash(rows), JsonDocument.Parse(rows).RootElement.GetArrayLength(), helpNobody);
        await Database.Execute(connection, "delete from gap where question_id = $1", cancel, id);
        await Database.Execute(connection, """
            insert into gap select (jsonb_populate_record(null::gap, row - 'line' || jsonb_build_object('question_id', $1::text,
              'geom', ST_AsEWKT(ST_SetSRID(ST_GeomFromGeoJSON(jsonb_build_object('type', 'LineString', 'coordinates', row -> 'line')), 4326))))).* from jsonb_array_elements($2::jsonb) row
            """, cancel, id, rows);
        await transaction.CommitAsync(cancel);
        return id;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
