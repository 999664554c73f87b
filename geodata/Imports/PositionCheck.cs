using System.Globalization;
using Npgsql;

namespace Jietong.Geodata.Imports;

/// <summary>
/// Do the positions of an import agree with what the database already knows? Names that stand in both are compared, and each datum that the file may be in
/// is tried: the one under which the distances vanish is the one it is in. What cannot be compared is said to be unchecked.
/// </summary>
internal static class PositionCheck
{
    private const int Sample = 4000, LeastPoints = 5, LeastLines = 8, LeastNearest = 30, MostNearest = 800, WithinMetres = 3000;

    /// <summary>Where staged rows have names and positions.</summary>
    private static readonly (string Layer, string Table, string Name)[] Staged =
    [
        ("streets", "street", "name"), ("streets", "map_stop", "name"), ("timetable", "gtfs_stop", "stop_name"),
        ("features", "feature", Query.ImportLayers.FeatureName("t")),
        ("opportunities", "opportunity", "null::text"),
    ];

    /// <summary>What the files bring is compared by names without what is put behind them in one place and not in another.</summary>
    private static string Plain(string name) => $"nullif(regexp_replace(regexp_replace(btrim(lower({name})), '[（(].*$', ''), '(地铁站|火车站|汽车站|客运站|站|镇|街道)$', ''), '')";

    private sealed record Fit(string? Datum, long Count, double MedianMetres);

    /// <summary>Adds what it finds to the import's problems, or to its notes where it is to go on all the same.</summary>
    public static async Task Run(ImportContext context)
    {
        if (context.Problems.Count > 0) return;
        var rows = Staged.Where(s => s.Layer == context.Layer).Select(s => (s.Name, Table: context.Staging.TableOf(s.Table))).Where(s => s.Table is not null)
            .Select(s => $"select {s.Name} as name, geom from {s.Table} t where dataset_id = $1 and geom is not null").ToList();
        if (rows.Count == 0) return;
        context.Progress(new("核对位置", "checking positions"));
        await Database.Execute(context.Connection, $"""
            create temp table sampled on commit drop as select row_number() over () as i, {Plain("name")} as name, GeometryType(geom) like '%LINE%' as is_line, geom,
                case GeometryType(geom) when 'POINT' then geom when 'LINESTRING' then ST_LineInterpolatePoint(geom, 0.5) when 'MULTILINESTRING' then ST_LineInterpolatePoint(ST_GeometryN(geom, 1), 0.5) when 'MULTIPOINT' then ST_GeometryN(geom, 1) end as p
            from (select * from ({string.Join(" union all ", rows)}) r order by (name is null), geometry_hash(geom) limit {Sample}) s where not ST_IsEmpty(geom)
            """, context.Cancel, context.Staging.Dataset);
        await Place(context);
        if (context.Problems.Count == 0) await Shift(context);
        await Database.Execute(context.Connection, "drop table sampled", context.Cancel);
    }

    /// <summary>Null island, axes exchanged, outside the area of the reference system.</summary>
    private static async Task Place(ImportContext context)
    {
        var zero = await Count(context, "abs(ST_XMin(geom)) < 0.01 and abs(ST_YMin(geom)) < 0.01");
        if (zero > 0) Found(context, $"{zero} of {await Count(context, "true")} sampled positions lie at 0, 0, in the sea off Africa 零岛: where a position is unknown, it must be empty.", "Empty those coordinates");
        const string inChina = "{0} between 73 and 136 and {1} between 3 and 54";
        var (all, here, swapped) = (await Count(context, "p is not null"), await Count(context, string.Format(CultureInfo.InvariantCulture, inChina, "ST_X(p)", "ST_Y(p)")), await Count(context, string.Format(CultureInfo.InvariantCulture, inChina, "ST_Y(p)", "ST_X(p)")));
        if (all > 0 && swapped > 0.9 * all && here < 0.1 * all)
        {
            Found(context, "latitude stands before longitude 纬度在前: read as they are, the positions lie outside China, exchanged they lie in it.", "Import it with --swap-axes");
            return;
        }
        if (context.AreaOfUse is not { } area) return;
        var outside = await Count(context, string.Create(CultureInfo.InvariantCulture, $"p is not null and not (ST_X(p) between {area.West} and {area.East} and ST_Y(p) between {area.South} and {area.North})"));
        if (outside > 0) Found(context, string.Create(CultureInfo.InvariantCulture, $"{outside} of {all} sampled positions lie outside the area of their reference system, {area.West} to {area.East} degrees east, {area.South} to {area.North} north."), "Name the system they are in by --crs and --datum");
    }

    private static Task<long> Count(ImportContext context, string where) => Database.Scalar<long>(context.Connection, $"select count(*) from sampled where {where}", context.Cancel);

    /// <summary>Whether all lie off by the same vector.</summary>
    private static async Task Shift(ImportContext context)
    {
        var (connection, cancel) = (context.Connection, context.Cancel);
        await Database.Execute(connection, $"""
            create temp table known on commit drop as
            with names as (select distinct name from sampled where name is not null),
            box as (select ST_Expand(ST_SetSRID(ST_Extent(p)::geometry, 4326), 0.05) as b from sampled),
            feature_name as (select {Plain(Query.ImportLayers.FeatureName("feature"))} as name, geom from feature, box where dataset_id <> $1 and geom && b and GeometryType(geom) in ('POINT', 'LINESTRING', 'MULTILINESTRING'))
            select name, geom, GeometryType(geom) like '%LINE%' as is_line from (
                select {Plain("name_zh")} as name, geom from place where accuracy_metres <= 200
                union all select {Plain("name_zh")}, geom from stop where accuracy_metres <= 200
                union all select {Plain("name_zh")}, geom from road where accuracy_metres <= 200
                union all select {Plain("name")}, geom from map_stop, box where dataset_id <> $1 and geom && b
                union all select {Plain("name")}, geom from street, box where dataset_id <> $1 and geom && b
                union all select {Plain("stop_name")}, geom from gtfs_stop, box where dataset_id <> $1 and geom && b
                union all select name, geom from feature_name) k
            where geom is not null
            """, cancel, context.Staging.Dataset);
        await Database.Execute(connection, "create index on known using hash (name); create index on known using gist (geom); analyze known", cancel);
        await Database.Execute(connection, $"""
            create temp table matched on commit drop as
            select distinct on (s.i) s.i, s.p, s.is_line, k.geom as known, degrees(ST_Azimuth(ST_ClosestPoint(k.geom, s.p), s.p)) as azimuth
            from sampled s join known k on k.name = s.name and k.is_line = s.is_line
            where s.p is not null and ST_DWithin(k.geom::geography, s.p::geography, {WithinMetres}) order by s.i, ST_Distance(k.geom::geography, s.p::geography)
            """, cancel);
        var told = await Judge(context, "not is_line", LeastPoints, most: 150, ratio: 0.4, "points of the same name") || await Judge(context, "is_line", LeastLines, most: 60, ratio: 0.3, "lines of the same name");
        if (!told)
        {
            await Database.Execute(connection, $"""
                drop table matched; create temp table matched on commit drop as
                select s.i, s.p, true as is_line, n.geom as known from sampled s, lateral (select k.geom from known k where k.is_line order by k.geom <-> s.p limit 1) n
                where s.is_line and ST_DWithin(n.geom::geography, s.p::geography, 500) order by s.i limit {MostNearest}
                """, cancel);
            if (!await Judge(context, "true", LeastNearest, most: 30, ratio: 0.33, "lines nearest to them", nearest: true))
                context.Notes.Add(new("附近没有足够的同名要素可比对，坐标基准未能核对。", "Too little of the same names is known near by: whether the datum is right could not be checked."));
        }
        await Database.Execute(connection, "drop table matched; drop table known", cancel);
    }

    /// <returns>Whether there was enough to judge by.</returns>
    private static async Task<bool> Judge(ImportContext context, string which, int least, double most, double ratio, string what, bool nearest = false)
    {
        var declared = context.Found.GetValueOrDefault("datum") as string is "gcj02" or "bd09" ? (string)context.Found["datum"]! : null;
        var fits = new List<Fit>();
        foreach (var datum in new string?[] { declared, null, "gcj02", "bd09" }.Distinct()) fits.Add(await Try(context, which, declared, datum, nearest));
        var (asIs, best) = (fits[0], fits.MinBy(f => f.MedianMetres)!);
        if (asIs.Count < least) return false;
        var (dx, dy, spread) = await Vector(context, which);
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{asIs.Count} {what} compared 比对 {asIs.Count} 处, median distance {asIs.MedianMetres:0} m, median shift {dx:+0;-0;0} m east, {dy:+0;-0;0} m north, spread {spread:0} m");
        context.Figures["positionsCompared"] = asIs.Count;
        context.Figures["medianDistanceMetres"] = Math.Round(asIs.MedianMetres, 1);
        if (best != asIs && asIs.MedianMetres > most && best.MedianMetres < ratio * asIs.MedianMetres)
            Found(context, string.Create(CultureInfo.InvariantCulture, $"the positions look like {Title(best.Datum)}, not {Title(declared)} 坐标基准不符 ({numbers}; as {Title(best.Datum)} {best.MedianMetres:0} m)."), best.Datum is null ? "Import it with --datum wgs84" : $"Import it with --datum {best.Datum}");
        else if (which == "not is_line" && asIs.Count >= 8 && double.Hypot(dx, dy) > 250 && spread < 0.25 * double.Hypot(dx, dy))
            Found(context, $"the positions are all off by about the same, as no known datum explains 整体偏移 ({numbers}).", "Ask whoever made the file for its reference system and name it by --crs, or bring control points by --control-points");
        return true;
    }

    private static string Title(string? datum) => datum switch { "gcj02" => "GCJ-02", "bd09" => "BD-09", _ => "WGS 84" };

    /// <summary>How far they lie from what is known if the file is in that datum: brought back to how it was written, and from there to WGS 84.</summary>
    private static async Task<Fit> Try(ImportContext context, string which, string? declared, string? datum, bool nearest)
    {
        var written = declared is null ? "p" : $"{declared}_of_wgs84(p)";
        var there = datum == declared ? "p" : datum is null ? written : $"wgs84_of_{datum}({written})";
        var distance = nearest ? "(select ST_Distance(k.geom::geography, there::geography) from known k where k.is_line order by k.geom <-> there limit 1)" : "ST_Distance(known::geography, there::geography)";
        var (count, median) = (0L, double.PositiveInfinity);
        await using var command = new NpgsqlCommand($"select count(*), percentile_cont(0.5) within group (order by d) from (select {distance} as d from (select m.*, {there} as there from matched m where {which} offset 0) t) x", context.Connection);   // offset 0: a datum is undone once for each position
        await using var row = await command.ExecuteReaderAsync(context.Cancel);
        if (await row.ReadAsync(context.Cancel) && !row.IsDBNull(1)) (count, median) = (row.GetInt64(0), row.GetDouble(1));
        return new(datum, count, median);
    }

    private static async Task<(double East, double North, double Spread)> Vector(ImportContext context, string which)
    {
        var vector = await Database.Scalar<double[]>(context.Connection, $"""
            with v as (select 111320 * cos(radians(ST_Y(p))) * (ST_X(p) - ST_X(c)) as x, 110950 * (ST_Y(p) - ST_Y(c)) as y from (select p, ST_ClosestPoint(known, p) as c from matched where {which}) m),
            middle as (select percentile_cont(0.5) within group (order by x) as mx, percentile_cont(0.5) within group (order by y) as my from v)
            select array[max(mx), max(my), percentile_cont(0.5) within group (order by sqrt((x - mx)^2 + (y - my)^2))] from v, middle
            """, context.Cancel);
        return vector is [var x, var y, var s] ? (x, y, s) : default;
    }

    private static void Found(ImportContext context, string what, string wayOut)
    {
        if (context.Request.AcceptPositions) context.Notes.Add(new($"位置可疑，按要求导入：{what}", $"Positions look wrong and were accepted: {what}"));
        else context.Problems.Add(context.File.Name, "", "", null, what, $"{wayOut}, or, if they are right, with --accept-positions.");
    }
}
