using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>A junction as an import stored it.</summary>
/// <param name="Dataset">By its position in <see cref="StreetRows.Datasets"/>.</param>
/// <param name="Id">Its number there.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Bars">The mode asked for cannot pass through here.</param>
public readonly record struct StreetJunctionRow(int Dataset, long Id, double Longitude, double Latitude, bool Bars);

/// <summary>A street that the mode may use, without its line.</summary>
/// <param name="Dataset">By its position in <see cref="StreetRows.Datasets"/>.</param>
/// <param name="Id">Its name there.</param>
/// <param name="From">Its first junction, by its number in the dataset.</param>
/// <param name="To">Its last.</param>
/// <param name="ForwardMs">Milliseconds from the first to the last; −1 where the mode may not.</param>
/// <param name="BackwardMs">And back.</param>
/// <param name="Metres">Its length.</param>
public readonly record struct StreetRow(int Dataset, string Id, long From, long To, int ForwardMs, int BackwardMs, float Metres);

/// <summary>Turns that are barred (no) or the only ones allowed (only), along streets of one dataset; a + or - for each says how it is driven.</summary>
public sealed record StreetTurnRow(int Dataset, bool Only, string[] Streets, string Directions);

/// <summary>All streets that a mode may use, of all datasets of the region and of one snapshot: what a network is made of. Lines stay in the database.</summary>
public sealed record StreetRows(DataVersion Version, IReadOnlyList<string> Datasets, IReadOnlyList<StreetJunctionRow> Junctions, IReadOnlyList<StreetRow> Streets, IReadOnlyList<StreetTurnRow> Turns)
{
    /// <param name="db">The region.</param>
    /// <param name="mode">car, cycle or foot.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<StreetRows> Read(NpgsqlDataSource db, string mode, CancellationToken cancel = default)
    {
        if (mode is not ("car" or "cycle" or "foot")) throw new InputException($"\"{mode}\" is no mode on streets: car, cycle and foot are.");
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var version = await Register.Write.Version(connection, cancel);
        var datasets = await Database.Scalar<string[]>(connection, "select array(select id::text from dataset where layer = 'streets' order by id)", cancel) ?? [];
        const string number = "array_position(array(select id::text from dataset where layer = 'streets' order by id), dataset_id::text) - 1";
        var junctions = await Copied(connection, $"select {number}, id, ST_X(geom), ST_Y(geom), '{mode}' = any (bars) from street_junction order by dataset_id, id",
            row => new StreetJunctionRow(row.Read<int>(), row.Read<long>(), row.Read<double>(), row.Read<double>(), row.Read<bool>()), cancel);
        var streets = await Copied(connection, $"select {number}, id, from_junction, to_junction, coalesce({mode}_forward_ms, -1), coalesce({mode}_backward_ms, -1), length_metres::real from street where {Uses(mode)} order by dataset_id, id",
            row => new StreetRow(row.Read<int>(), row.Read<string>(), row.Read<long>(), row.Read<long>(), row.Read<int>(), row.Read<int>(), row.Read<float>()), cancel);
        var turns = await Copied(connection, $"select {number}, kind = 'only', streets, directions from street_turn where '{mode}' = any (modes) order by dataset_id, id",
            row => new StreetTurnRow(row.Read<int>(), row.Read<bool>(), row.Read<string[]>(), row.Read<string>()), cancel);
        return new(version, datasets, junctions, streets, turns);
    }

    /// <summary>Which rows of streets a mode may use, as a condition.</summary>
    internal static string Uses(string mode) => $"{mode}_forward_ms is not null or {mode}_backward_ms is not null";

    internal static async Task<List<T>> Copied<T>(NpgsqlConnection connection, string select, Func<NpgsqlBinaryExporter, T> read, CancellationToken cancel)
    {
        var rows = new List<T>();
        await using var copy = await connection.BeginBinaryExportAsync($"copy ({select}) to stdout (format binary)", cancel);
        while (await copy.StartRowAsync(cancel) >= 0) rows.Add(read(copy));
        return rows;
    }
}
