using System.Runtime.InteropServices;
using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>What a street is called and where it runs.</summary>
/// <param name="Name">In the language of the place.</param>
/// <param name="NameEn">In English.</param>
/// <param name="Ref">Its number.</param>
/// <param name="Class">The value of OpenStreetMap's highway key, or ferry.</param>
/// <param name="IsBuilt">A bridge or a tunnel: nothing joins it midway.</param>
/// <param name="Line">Longitude, latitude, longitude, latitude … from its first junction to its last.</param>
public sealed record StreetLineRow(string? Name, string? NameEn, string? Ref, string Class, bool IsBuilt, double[] Line);

/// <summary>A piece of a boundary. Level: 4 of provinces, 5 of prefectures, 6 of counties.</summary>
public readonly record struct BoundaryRow(int Level, double[] Line);

/// <summary>The lines of the streets that a mode may use, in the order of <see cref="StreetRows.Streets"/> of the same data version, and the boundaries among them.</summary>
/// <param name="Version">Of the snapshot.</param>
/// <param name="Datasets">Their names and content hashes: id=hash, by id.</param>
/// <param name="Streets">In that order.</param>
/// <param name="Boundaries">As lines; what two areas share is there twice.</param>
public sealed record StreetLines(DataVersion Version, string Datasets, IReadOnlyList<StreetLineRow> Streets, IReadOnlyList<BoundaryRow> Boundaries)
{
    /// <summary>Of a LineString as well-known binary: byte order, type, number of points.</summary>
    private const int BeforePositions = 9;

    /// <param name="db">The region.</param>
    /// <param name="mode">car, cycle or foot.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<StreetLines> Read(NpgsqlDataSource db, string mode, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var version = await Register.Write.Version(connection, cancel);
        var datasets = await Database.Scalar<string>(connection, "select string_agg(id || '=' || content_hash, ' ' order by id) from dataset where layer = 'streets'", cancel) ?? "";
        var streets = await StreetRows.Copied(connection, $"select name, name_en, ref, class, bridge or tunnel, ST_AsBinary(geom, 'NDR') from street where {StreetRows.Uses(mode)} order by dataset_id, id",
            row => new StreetLineRow(Text(row), Text(row), Text(row), row.Read<string>(), row.Read<bool>(), Positions(row.Read<byte[]>())), cancel);
        var boundaries = await StreetRows.Copied(connection, "select admin_level::integer, ST_AsBinary((ST_Dump(geom)).geom, 'NDR') from map_line where kind = 'boundary' and admin_level is not null order by dataset_id, id",
            row => new BoundaryRow(row.Read<int>(), Positions(row.Read<byte[]>())), cancel);
        return new(version, datasets, streets, boundaries);
    }

    private static string? Text(NpgsqlBinaryExporter row)
    {
        if (!row.IsNull) return row.Read<string>();
        row.Skip();
        return null;
    }

    private static double[] Positions(byte[] line) => MemoryMarshal.Cast<byte, double>(line.AsSpan(BeforePositions)).ToArray();
}
