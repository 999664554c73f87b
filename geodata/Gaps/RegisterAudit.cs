using Npgsql;

namespace Jietong.Geodata.Gaps;

/// <summary>A link of the register beside what the road data show where it lies.</summary>
/// <param name="Link">Its id.</param>
/// <param name="NameZh">Its name.</param>
/// <param name="NameEn">In English.</param>
/// <param name="State">open, not_open or unverified.</param>
/// <param name="StatedOn">The date of the evidence for that.</param>
/// <param name="Verdict">shown: a road for cars along its line, or roads of both sides' names that meet, or one that crosses a boundary; not-shown: streets are there, but that is not; no-data: there are no streets.</param>
/// <param name="AccuracyMetres">How far off its position may be.</param>
/// <param name="NearestMetres">To the nearest street for cars; null where none is near.</param>
/// <param name="Covered">The share of its drawn line along which such streets run; null where it has none.</param>
/// <param name="Names">Road names of its sides that streets bear there.</param>
/// <param name="Streets">Those streets, or the ones along its line: dataset:id, some of them.</param>
public sealed record AuditedLink(string Link, string NameZh, string NameEn, string State, DateOnly? StatedOn, string Verdict, double AccuracyMetres, double? NearestMetres, double? Covered, string[] Names, string[] Streets)
{
    /// <summary>The data show what the register has as not open, or do not show what it has as open.</summary>
    public bool Differs => Verdict == (State == "open" ? "not-shown" : "shown");
}

public static class RegisterAudit
{
    /// <summary>All road links with a position that stand as open, not open or unverified on the day.</summary>
    public static async Task<List<AuditedLink>> Read(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var command = Database.Command(connection, """
            with l as materialized (
              select id, name_zh, name_en, state, stated_on, accuracy_metres::float8 radius, geom, GeometryType(geom) = 'MULTILINESTRING' drawn,
                array(select distinct btrim(n) from link_side s, regexp_split_to_table(s.road_name_zh, '[、，；—/]') n where s.link_id = a.id and s.side = 'a' and btrim(n) <> '') names_a,
                array(select distinct btrim(n) from link_side s, regexp_split_to_table(s.road_name_zh, '[、，；—/]') n where s.link_id = a.id and s.side = 'b' and btrim(n) <> '') names_b
              from link_as_of($1, $2) a where kind = 'road' and nature in ('missing', 'blocked') and state in ('open', 'not_open', 'unverified') and geom is not null),
            near as materialized (   -- 20 m: lines of street maps and of the register are off by that together
              select l.id link, s.dataset_id || ':' || s.id street, s.name, s.geom, ST_Distance(s.geom::geography, l.geom::geography) metres, s.name = any (l.names_a) a, s.name = any (l.names_b) b
              from l join street s on s.geom && ST_Expand(l.geom, (l.radius + 20) / 111195 / 0.8) and num_nonnulls(s.car_forward_ms, s.car_backward_ms) > 0),
            here as materialized (select near.* from near join l on l.id = near.link where metres <= l.radius + 20)
            select id, name_zh, name_en, state, stated_on,
              case when drawn and covered >= 0.9 then 'shown' when not drawn and meets then 'shown'
                when streets_there then 'not-shown' else 'no-data' end,
              radius, nearest, case when drawn then covered end, names, streets
            from l
            cross join lateral (select coalesce(ST_Length(ST_Intersection(l.geom, (select ST_Union(ST_Buffer(h.geom::geography, least(l.radius, 50) + 20)::geometry) from here h where h.link = l.id))::geography) / nullif(ST_Length(l.geom::geography), 0), 0) covered where true) c
            cross join lateral (select
              exists (select from here x join here y on y.link = l.id and ST_Intersects(x.geom, y.geom) where x.link = l.id and x.a and y.b and x.name <> y.name)
              or exists (select from here x join map_line m on m.kind = 'boundary' and ST_Crosses(x.geom, m.geom) where x.link = l.id and (x.a or x.b)) meets) m
            cross join lateral (select min(metres) nearest, coalesce(array_agg(distinct name) filter (where a or b), '{}') names,
              (array_agg(street order by not coalesce(a or b, false), metres, street))[1:8] streets from here where link = l.id) n
            cross join lateral (select nearest is not null or exists (select from street s where s.geom && ST_Expand(l.geom, 0.02)) streets_there) t
            order by id
            """, [asOf, knownBy]);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var links = new List<AuditedLink>();
        while (await row.ReadAsync(cancel))
            links.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateOnly>(4), row.GetString(5), row.GetDouble(6), row.IsDBNull(7) ? null : row.GetDouble(7), row.IsDBNull(8) ? null : row.GetDouble(8),
                row.GetFieldValue<string[]>(9), row.IsDBNull(10) ? [] : row.GetFieldValue<string[]>(10)));
        return links;
    }
}
