using Npgsql;

namespace Jietong.Geodata.Gaps;

/// <summary>Where people are, as far as the data tell.</summary>
public sealed record WeightedPoint(double Longitude, double Latitude, double Weight);

/// <summary>Between whom trips are reckoned: people of imported cells, else the places of the register.</summary>
public static class TripData
{
    /// <summary>Cells with people in them, by the first count whose name tells so.</summary>
    /// <returns>The name of that count, and the cells; null where there is none.</returns>
    public static async Task<(string Count, List<WeightedPoint> Points)?> People(NpgsqlDataSource db, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        var count = await Database.Scalar<string>(connection, "select k from (select distinct jsonb_object_keys(counts) k from opportunity) k where k ~* '人口|^pop|resident|inhabitant|people' order by k ~* 'total|人口|^pop' desc, length(k), k limit 1", cancel);
        return count is null ? null : (count, await Points(connection, "select ST_X(point), ST_Y(point), (counts ->> $1)::float8 from opportunity where (counts ->> $1)::float8 > 0 order by dataset_id, id", cancel, count));
    }

    /// <summary>The register's places, each alike.</summary>
    public static async Task<List<WeightedPoint>> Places(NpgsqlDataSource db, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        return await Points(connection, "select ST_X(geom), ST_Y(geom), 1::float8 from place where geom is not null order by id", cancel);
    }

    private static Task<List<WeightedPoint>> Points(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values) =>
        Database.Rows(connection, sql, row => new WeightedPoint(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2)), cancel, values);
}
