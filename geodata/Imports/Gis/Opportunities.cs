namespace Jietong.Geodata.Imports.Gis;

/// <summary>Cells, points or areas with counts of people, jobs, schools …: every column of numbers is a count.</summary>
internal static class Opportunities
{
    /// <summary>Numbers that count nothing.</summary>
    private const string NoCounts = "^(id|fid|gid|objectid|osm_id|编号|序号|代码|code|adcode|行政区划代码|year|年份|shape_.*|row|col|lon|lat|lng|longitude|latitude|经度|纬度)$";

    public static async Task Stage(ImportContext context, string word)
    {
        var (connection, cancel) = (context.Connection, context.Cancel);
        await GisReader.Tell(context, word, "geometry", "select n, null from brought where geom is null order by n limit 1000", "has no position.", "Give it a point or an area, or take it out.");
        await GisReader.Tell(context, word, "geometry", "select n, ST_IsValidReason(geom) from brought where geom is not null and GeometryType(geom) like '%POLYGON' and not ST_IsValid(geom) order by n limit 1000", "is no valid area.", "Mend it, in QGIS by Vector, Geometry Tools, Fix Geometries.");
        // A column of which most is numbers is one of numbers; what else stands in it is a mistake.
        const string cells = """
            create temp table cell on commit drop as
            select n, key, btrim(value #>> '{}') as value, jsonb_typeof(value) = 'number' or btrim(value #>> '{}') ~ '^[-+]?([0-9]{1,200}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$' as is_number
            from brought, jsonb_each(properties) where jsonb_typeof(value) in ('number', 'string') and btrim(value #>> '{}') <> ''
            """;
        await Database.Execute(connection, cells, cancel);
        var counts = await Database.Scalar<string[]>(connection, $"select array_agg(key order by key) from (select key from cell where key !~* '{NoCounts}' group by key having avg(is_number::int) >= 0.5) k", cancel) ?? [];
        if (counts.Length == 0) { context.Problems.Add(context.File.Name, "", "", null, "has no column of numbers to count.", "Give it columns such as 人口 population or 岗位 jobs."); return; }
        await Wrong(context, word, counts, "not is_number", "is no number.", "Write a number, or leave it empty.");
        await Wrong(context, word, counts, "is_number and value like '-%' and value::numeric < 0", "is less than nothing: a count is 0 or more.", "Correct it, or leave it empty.");
        if (context.Problems.Count > 0) return;
        await context.Staging.Select("opportunity", ["id", "geom", "counts"],
            "select b.id, b.geom, coalesce((select jsonb_object_agg(c.key, c.value::numeric) from cell c where c.n = b.n and c.key = any ($2)), '{}') from brought b", (object)counts);
        context.Figures["counts"] = counts;
        await Database.Execute(connection, "drop table cell", cancel);
    }

    private static async Task Wrong(ImportContext context, string word, string[] counts, string where, string reason, string wayOut)
    {
        foreach (var name in counts)
            await GisReader.Tell(context, word, name, $"select n, left(value, 80) from cell where key = $1 and {where} order by n limit 1000", reason, wayOut, name);
    }
}
