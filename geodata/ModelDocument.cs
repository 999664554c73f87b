using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>All that a model of travel times is built from, as of a day, as one JSON document (<c>model_input</c> in the schema), and what it takes from imported streets, where there are any (<c>model_streets</c>).</summary>
public static class ModelDocument
{
    /// <returns>The document, and the data version that it was read from, of one snapshot.</returns>
    public static async Task<(string Json, DataVersion Version)> Read(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, CancellationToken cancel = default)
    {
        await using var connection = await Database.OpenReader(db, cancel);
        await using var command = Database.Command(connection, "select (model_input($1, $2) || case when streets is null then '{}' else jsonb_build_object('streets', streets) end)::text, number, content_hash from data_version, model_streets() streets", [asOf, knownBy]);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetString(0), new(reader.GetInt64(1), reader.GetString(2)));
    }

    /// <summary>Whether models by car are on imported streets.</summary>
    public static async Task<bool> HasStreets(NpgsqlDataSource db, CancellationToken cancel = default)
    {
        await using var connection = await Database.OpenReader(db, cancel);
        return await Database.Scalar<bool>(connection, "select exists (select from dataset where layer = 'streets')", cancel);
    }
}
