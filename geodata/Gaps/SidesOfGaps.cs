using Npgsql;

namespace Jietong.Geodata.Gaps;

/// <summary>In which jurisdiction a place lies, as the imported boundaries draw them.</summary>
public static class SidesOfGaps
{
    /// <returns>For each position the adcode of the smallest area around it; null where no boundary with an adcode closes around it.</returns>
    public static async Task<List<string?>> Adcodes(NpgsqlDataSource db, IReadOnlyList<(double Longitude, double Latitude)> positions, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var command = Database.Command(connection, """
            with area as materialized (select adcode, ST_BuildArea(ST_Collect(geom)) g from map_line where kind = 'boundary' and adcode is not null group by dataset_id, id, adcode)
            select (select adcode from area where g is not null and ST_Covers(g, ST_SetSRID(ST_MakePoint(x, y), 4326)) order by ST_Area(g), adcode limit 1)
            from unnest($1, $2) with ordinality p (x, y, i) order by i
            """, [positions.Select(p => p.Longitude).ToArray(), positions.Select(p => p.Latitude).ToArray()]);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var adcodes = new List<string?>();
        while (await row.ReadAsync(cancel)) adcodes.Add(row.IsDBNull(0) ? null : row.GetString(0));
        return adcodes;
    }

    /// <summary>Jurisdictions and sources by their ids, as the register's files write them.</summary>
    public static async Task<(Dictionary<string, string[]> Jurisdictions, Dictionary<string, string[]> Sources)> Rows(NpgsqlDataSource db, IReadOnlyList<string> adcodes, IReadOnlyList<string> sources, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        async Task<Dictionary<string, string[]>> Read(string sql, IReadOnlyList<string> keys)
        {
            await using var command = Database.Command(connection, sql, [keys.ToArray()]);
            await using var row = await command.ExecuteReaderAsync(cancel);
            var rows = new Dictionary<string, string[]>();
            while (await row.ReadAsync(cancel)) rows[row.GetString(0)] = [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "" : row.GetString(i))];
            return rows;
        }
        return (await Read("""
            with recursive up as (select * from jurisdiction where adcode = any ($1) union select j.* from jurisdiction j join up on up.parent_adcode = j.adcode)
            select adcode, name_zh, name_en, level, parent_adcode from up order by level = 'county', level = 'prefecture', adcode
            """, adcodes), await Read("select id, grade, title, title_en, publisher, published, url, document_no, gathered_on::text, note_zh, note_en from source where id = any ($1) order by id", sources));
    }
}
