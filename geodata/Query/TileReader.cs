using Npgsql;

namespace Jietong.Geodata.Query;

/// <summary>A tile and the state of the data that it shows.</summary>
/// <param name="Version">The state of the data.</param>
/// <param name="Bytes">The tile; empty where nothing lies in it.</param>
/// <param name="Cut">Which layers have more rows in its square than came: how many came, of how many.</param>
public sealed record TileAnswer(DataVersion Version, byte[] Bytes, IReadOnlyList<(string Layer, long Shown, long Of)> Cut);

/// <summary>Asks for tiles: all layers of one, and the data version, from one snapshot and in one round trip.</summary>
public static class TileReader
{
    /// <summary>What <see cref="SqlWriter.TileOf"/> wrote, a statement for each layer.</summary>
    /// <exception cref="InputException">The question cannot be evaluated.</exception>
    public static async Task<TileAnswer> Ask(NpgsqlDataSource db, IReadOnlyList<(string Layer, SqlStatement Statement)> layers, TimeSpan timeLimit, CancellationToken cancel = default)
    {
        await using var connection = await Database.OpenReader(db, cancel);
        await using var batch = new NpgsqlBatch(connection) { Timeout = 5 + (1 + layers.Count) * (int)timeLimit.TotalSeconds };   // the server gives up before, statement by statement
        RowReader.Begin(batch, timeLimit);
        foreach (var (_, statement) in layers) batch.BatchCommands.Add(Database.BatchCommand(statement.Text, statement.Parameters));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            var version = new DataVersion(reader.GetInt64(0), reader.GetString(1));
            var (pieces, cut) = (new MemoryStream(), new List<(string, long, long)>());
            foreach (var (layer, _) in layers)
            {
                await reader.NextResultAsync(cancel);
                await reader.ReadAsync(cancel);
                if (!reader.IsDBNull(0)) pieces.Write(reader.GetFieldValue<byte[]>(0));   // layers one after another are a tile: protocol buffers add up
                if (reader.GetInt64(2) > reader.GetInt64(1)) cut.Add((layer, reader.GetInt64(1), reader.GetInt64(2)));
            }
            return new(version, pieces.ToArray(), cut);
        }
        catch (PostgresException e) when (RowReader.IsOfTheQuestion(e)) { throw RowReader.Unanswerable(e); }
        catch (System.Text.EncoderFallbackException) { throw new InputException("A text holds half of a surrogate pair: it is not Unicode."); }
    }
}
