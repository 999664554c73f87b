using Npgsql;

namespace Jietong.Geodata.Gaps;

/// <summary>A street with its line, as it is drawn.</summary>
/// <param name="Dataset">Its dataset.</param>
/// <param name="Id">Its name there.</param>
/// <param name="From">Its first junction.</param>
/// <param name="To">Its last.</param>
/// <param name="Name">As on the map; null where it has none.</param>
/// <param name="NameEn">In English.</param>
/// <param name="Ref">Its number.</param>
/// <param name="Class">The value of OpenStreetMap's highway key.</param>
/// <param name="BarredBy">What keeps cars out, as written; null where they may pass, one way at least, or nothing is said.</param>
/// <param name="ForCars">They may, one way at least.</param>
/// <param name="Metres">Its length.</param>
/// <param name="Line">WKB, WGS 84.</param>
public sealed record DrawnStreet(string Dataset, string Id, long From, long To, string? Name, string? NameEn, string? Ref, string Class, string? BarredBy, bool ForCars, double Metres, byte[] Line);

/// <summary>What stands on a junction and keeps cars out.</summary>
public sealed record DrawnBarrier(string Dataset, long Junction, string Kind, double? MaxWidthMetres);

/// <summary>Streets and barriers about a line.</summary>
public static class StreetsNear
{
    private const double MetresPerDegree = 111_195;

    // Boxes first, by pieces of the line, each a little too large: who asks looks closer.
    private const string Near = """
        with line as (select ST_SetSRID(ST_GeomFromWKB($1), 4326) g), piece as materialized (
          select ST_Expand(p, $2 / $3 / greatest(0.05, cos(radians(ST_Y(ST_Centroid(p))))), $2 / $3) box from line, ST_Subdivide(ST_Segmentize(g, 0.02), 16) p)
        """;

    /// <summary>All that lie in a box around a piece of the line: those within so many metres among them. Ways for cars, and ways that would be for cars were they not barred.</summary>
    public static async Task<List<DrawnStreet>> Streets(NpgsqlDataSource db, byte[] line, double metres, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Database.Rows(connection, $"""
            {Near} select dataset_id, id, from_junction, to_junction, name, name_en, ref, class, barred_by, num_nonnulls(car_forward_ms, car_backward_ms) > 0, length_metres, ST_AsBinary(geom)
            from street s where exists (select from piece where geom && box) and (num_nonnulls(car_forward_ms, car_backward_ms) > 0 or speed_kmh is not null and barred_by is not null) order by dataset_id, id
            """, row => new DrawnStreet(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), Text(row, 4), Text(row, 5), Text(row, 6), row.GetString(7), Text(row, 8), row.GetBoolean(9), row.GetDouble(10), row.GetFieldValue<byte[]>(11)),
            cancel, line, metres, MetresPerDegree);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static async Task<List<DrawnBarrier>> Barriers(NpgsqlDataSource db, byte[] line, double metres, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Database.Rows(connection, $"{Near} select dataset_id, id, kind, max_width_metres from street_barrier where exists (select from piece where geom && box) and 'car' = any (bars) order by dataset_id, id",
            row => new DrawnBarrier(row.GetString(0), row.GetInt64(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetFloat(3)), cancel, line, metres, MetresPerDegree);
    }
}
