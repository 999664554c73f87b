using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Jietong.Geodata.Query;

/// <summary>Which state of the data an answer rests on.</summary>
public sealed record DataVersion(long Number, string ContentHash)
{
    public override string ToString() => $"{Number}-{ContentHash[..12]}";
}

/// <summary>The answer to a query, read row by row; all of it, and its data version, come from one snapshot. The database lets a question write nothing.</summary>
public sealed class RowReader : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private NpgsqlDataReader reader = null!;

    public IReadOnlyList<Column> Columns { get; private set; } = [];
    public DataVersion Version { get; private set; } = null!;

    /// <summary>Whether the answer depends on the day that was asked about, and on the day by which things were known.</summary>
    public bool DependsOnAsOf { get; private set; }
    public bool DependsOnKnownBy { get; private set; }

    /// <summary>How many rows there are in all, where that was asked for.</summary>
    public long? Total { get; private set; }

    /// <summary>Whether the last <see cref="Read"/> found a row.</summary>
    public bool IsOnRow { get; private set; }

    private RowReader(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Asks the database: all statements in one round trip, which is one transaction.</summary>
    /// <param name="db">Where.</param>
    /// <param name="query">What.</param>
    /// <param name="count">Whether <see cref="Total"/> is wanted, in a second statement.</param>
    /// <param name="cancel">Stops the query on the server too.</param>
    /// <exception cref="InputException">A geometry or a number cannot be read or is out of range.</exception>
    public static async Task<RowReader> Ask(NpgsqlDataSource db, Query query, bool count = false, CancellationToken cancel = default)
    {
        var statement = SqlWriter.Select(query);
        var rows = new RowReader(await Database.OpenReader(db, cancel)) { Columns = statement.Columns, DependsOnAsOf = statement.DependsOnAsOf, DependsOnKnownBy = statement.DependsOnKnownBy };
        try
        {
            await using var batch = new NpgsqlBatch(rows.connection) { Timeout = 5 + 3 * (int)query.TimeLimit.TotalSeconds };   // the server gives up before, statement by statement
            Add(batch, query.TimeLimit == Query.UsualTimeLimit ? "select number, content_hash from data_version"
                : $"select number, content_hash, set_config('statement_timeout', '{(int)query.TimeLimit.TotalMilliseconds}', true) from data_version");
            if (count) Add(batch, SqlWriter.Count(query with { After = null }));
            Add(batch, statement);
            rows.reader = await batch.ExecuteReaderAsync(cancel);
            await rows.reader.ReadAsync(cancel);
            rows.Version = new(rows.reader.GetInt64(0), rows.reader.GetString(1));
            await rows.reader.NextResultAsync(cancel);
            if (count)
            {
                await rows.reader.ReadAsync(cancel);
                rows.Total = rows.reader.GetInt64(0);
                await rows.reader.NextResultAsync(cancel);
            }
            return rows;
        }
        catch (PostgresException e) when (IsOfTheQuestion(e))
        {
            await rows.DisposeAsync();
            throw Unanswerable(e);
        }
        catch (System.Text.EncoderFallbackException)
        {
            await rows.DisposeAsync();
            throw new InputException("A text holds half of a surrogate pair: it is not Unicode.");
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    /// <summary>West, south, east and north of all geometries that the query finds; null when there is none.</summary>
    public static async Task<double[]?> Extent(NpgsqlDataSource db, Query query, CancellationToken cancel = default)
    {
        var statement = SqlWriter.Extent(query);
        await using var connection = await Database.OpenReader(db, cancel);
        await using var command = Database.Command(connection, statement.Text, statement.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) && !reader.IsDBNull(0) ? reader.GetFieldValue<double[]>(0) : null;
    }

    private static void Add(NpgsqlBatch batch, SqlStatement statement) => Add(batch, statement.Text, [.. statement.Parameters]);

    private static void Add(NpgsqlBatch batch, string sql, params object[] values) => batch.BatchCommands.Add(Database.BatchCommand(sql, values));

    /// <exception cref="InputException">A later row shows that the question cannot be evaluated (a number out of range, say).</exception>
    public async Task<bool> Read(CancellationToken cancel = default)
    {
        try { return IsOnRow = await reader.ReadAsync(cancel); }
        catch (PostgresException e) when (IsOfTheQuestion(e)) { throw Unanswerable(e); }
    }

    /// <summary>Data exceptions, PostGIS's own, and types that do not compare: the question is at fault, not the service.</summary>
    internal static bool IsOfTheQuestion(PostgresException e) => e.SqlState[..2] is "22" or "XX" || e.SqlState is "42804" or "42883" or "42846" or "42P18" or "42803" or PostgresErrorCodes.ProgramLimitExceeded;

    internal static InputException Unanswerable(PostgresException e) => e.SqlState == PostgresErrorCodes.ProgramLimitExceeded ? new($"Too much for one answer: {e.MessageText}; say which of them by $top, or ask for them by themselves, in pages.") : new($"The database cannot evaluate the question: {e.MessageText}.");

    /// <summary>The value in column <paramref name="i"/>: text, string[], long, decimal, bool, DateOnly, DateTime, JSON as text, or well-known binary; null where there is none.</summary>
    public object? Value(int i) => reader.IsDBNull(i) ? null : Columns[i].Type switch
    {
        ColumnType.Geometry when reader.GetFieldType(i) == typeof(byte[]) => reader.GetFieldValue<byte[]>(i),
        ColumnType.Text or ColumnType.Json or ColumnType.Geometry => reader.GetString(i),
        ColumnType.TextList => reader.GetFieldValue<string[]>(i),
        ColumnType.Integer => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture),
        ColumnType.Number => Convert.ToDecimal(reader.GetValue(i), CultureInfo.InvariantCulture),
        ColumnType.Bool => reader.GetBoolean(i),
        ColumnType.Date => reader.GetFieldValue<DateOnly>(i),
        ColumnType.Timestamp => reader.GetFieldValue<DateTime>(i),
        _ => throw new InvalidOperationException($"column type {Columns[i].Type}"),
    };

    /// <summary>Where the current row stands in the order: the values of the sort keys and of the key. Only of a query that asked <see cref="Query.WithPosition"/>.</summary>
    public IReadOnlyList<object?> Position => [.. Enumerable.Range(Columns.Count, reader.FieldCount - Columns.Count).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i) is DateTime { Kind: DateTimeKind.Unspecified } day ? DateOnly.FromDateTime(day) : reader.GetValue(i))];

    /// <summary>The current row as JSON members; <paramref name="skip"/> leaves one column out.</summary>
    public void WriteMembers(Utf8JsonWriter json, Column? skip = null)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == skip?.Name) continue;
            json.WritePropertyName(Columns[i].Name);
            WriteValue(json, i);
        }
    }

    public void WriteValue(Utf8JsonWriter json, int i)
    {
        if (Columns[i].Type is ColumnType.Json or ColumnType.Geometry && !reader.IsDBNull(i))
        {
            json.WriteRawValue(reader.GetFieldValue<byte[]>(i), skipInputValidation: true);   // as it came: in UTF-8
            return;
        }
        switch (Value(i))
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: WriteWithPoint(json, number); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case DateOnly day: json.WriteStringValue(day.ToString("O", CultureInfo.InvariantCulture)); break;
            case DateTime time: json.WriteStringValue(time); break;
            case string[] list:
                json.WriteStartArray();
                foreach (var item in list) json.WriteStringValue(item);
                json.WriteEndArray();
                break;
        }
    }

    /// <summary>Without idle zeros, but always with a decimal point: clients that guess a column's type from its first rows (GDAL does) must not guess whole numbers.</summary>
    private static void WriteWithPoint(Utf8JsonWriter json, decimal number)
    {
        Span<byte> text = stackalloc byte[40];
        number.TryFormat(text, out var length, "0.0###########################", CultureInfo.InvariantCulture);
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (reader is not null) await reader.DisposeAsync();
        await connection.DisposeAsync();
    }
}
