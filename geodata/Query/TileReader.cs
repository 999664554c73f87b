using Npgsql;

namespace Jietong.Geodata.Query;

/// <summary>A tile and the state of the data that it shows.</summary>
/// <param name="Version">The state of the data.</param>
/// <param name="Bytes">The tile; empty where nothing lies in it.</param>
/// <param name="Cut">Which layers have more rows in its square than came: how many came, of how many.</param>
public sealed record TileAnswer(DataVersion Version, byte[] Bytes, IReadOnlyList<(string Layer, long Shown, long Of)> Cut);

/// <summary>Asks for a tile: all its layers and the data version in one statement, and so from one snapshot.</summary>
public static class TileReader
{
    /// <param name="db">Where.</param>
    /// <param name="layers">What is in the tile.</param>
    /// <param name="statement">What <see cref="SqlWriter.TileOf"/> wrote of them.</param>
    /// <param name="cancel">Stops the query on the server too.</param>
    /// <exception cref="InputException">The question cannot be evaluated.</exception>
    public static async Task<TileAnswer> Ask(NpgsqlDataSource db, IReadOnlyList<TileLayer> layers, SqlStatement statement, CancellationToken cancel = default)
    {
        await using var connection = await Database.OpenReader(db, cancel);
        await using var command = Database.Command(connection, statement.Text, statement.Parameters);
        command.CommandTimeout = 5 + (int)Query.UsualTimeLimit.TotalSeconds;   // the server gives up before
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            var (pieces, cut) = (new MemoryStream(), new List<(string, long, long)>());
            foreach (var (i, layer) in layers.Index())
            {
                if (!reader.IsDBNull(2 + 3 * i)) pieces.Write(reader.GetFieldValue<byte[]>(2 + 3 * i));   // layers one after another are a tile: protocol buffers add up
                if (reader.GetInt64(4 + 3 * i) is var of && reader.GetInt64(3 + 3 * i) is var shown && of > shown) cut.Add((layer.Name, shown, of));
            }
            return new(new(reader.GetInt64(0), reader.GetString(1)), pieces.ToArray(), cut);
        }
        catch (PostgresException e) when (RowReader.IsOfTheQuestion(e)) { throw RowReader.Unanswerable(e); }
        catch (System.Text.EncoderFallbackException) { throw new InputException("A text holds half of a surrogate pair: it is not Unicode."); }
    }
}
