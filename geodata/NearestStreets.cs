using Npgsql;

namespace Jietong.Geodata;

/// <summary>A street near a position.</summary>
/// <param name="Position">Which of those asked for.</param>
/// <param name="Dataset">The street's.</param>
/// <param name="Id">The street's.</param>
/// <param name="Share">Where on it, 0 … 1 of its length from its first junction.</param>
/// <param name="Metres">How far away.</param>
public readonly record struct NearStreet(int Position, string Dataset, string Id, double Share, double Metres);

/// <summary>Which streets of a mode lie nearest to positions, by the index of their lines.</summary>
public static class NearestStreets
{
    /// <param name="db">The region.</param>
    /// <param name="mode">car, cycle or foot.</param>
    /// <param name="positions">Longitudes and latitudes.</param>
    /// <param name="each">How many streets for each position.</param>
    /// <param name="farthestMetres">Those farther away are left out.</param>
    /// <param name="cancel">Ends the search.</param>
    /// <returns>By position, the nearest first.</returns>
    public static async Task<List<NearStreet>> Of(NpgsqlDataSource db, string mode, IReadOnlyList<(double Longitude, double Latitude)> positions, int each, double farthestMetres, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        // Nearest in degrees, of which more are taken than are wanted, and then in metres.
        return await Database.Rows(connection, $"""
            select p.n - 1, s.dataset_id, s.id, s.share, s.metres from unnest($1::double precision[], $2::double precision[]) with ordinality p (x, y, n)
            cross join lateral (
              select c.dataset_id, c.id, ST_LineLocatePoint(c.geom, ST_SetSRID(ST_MakePoint(x, y), 4326)) share, ST_Distance(c.geom::geography, ST_SetSRID(ST_MakePoint(x, y), 4326)::geography) metres
              from (select dataset_id, id, geom from street where {StreetRows.Uses(mode)} order by geom <-> ST_SetSRID(ST_MakePoint(x, y), 4326) limit 2 * $3) c order by metres, 1, 2 limit $3) s
            where s.metres <= $4 order by p.n, s.metres, s.dataset_id, s.id
            """, r => new NearStreet((int)r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetDouble(3), r.GetDouble(4)), cancel, positions.Select(p => p.Longitude).ToArray(), positions.Select(p => p.Latitude).ToArray(), each, farthestMetres);
    }
}
