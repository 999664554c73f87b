using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Reads a GIS file: rows as they stand into a table of the transaction, there brought to WGS 84 and checked, and from there to their layer.</summary>
internal static class GisReader
{
    private const int MostTold = 1000;

    public static async Task Read(ImportContext context)
    {
        var folder = Directory.CreateTempSubdirectory($"jietong-import-{Environment.ProcessId}-").FullName;
        try
        {
            await Database.Execute(context.Connection, "create temp table brought (n bigint not null, id text, geom geometry, properties jsonb not null) on commit drop", context.Cancel);
            var (crs, usual, word) = await Copy(context, folder);
            var told = context.Problems.Count;
            try
            {
                if ((long)context.Figures[$"{word}s"]! > 0) await Place(context, crs, usual, word);
                await Stage(context, word);
            }
            catch (InputException e) when (told > 0 && e is not RefusedImportException) { context.Problems.ThrowIfAny(); }   // rows that cannot be read may be all there is to it
            await Database.Execute(context.Connection, "drop table brought", context.Cancel);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    /// <summary>All rows as the file has them.</summary>
    /// <returns>What it says of its reference system, what that usually is in such files, and what a row is called.</returns>
    private static async Task<(string? Crs, string? Usual, string Word)> Copy(ImportContext context, string folder)
    {
        await using var copy = await context.Connection.BeginBinaryImportAsync("copy brought (n, id, geom, properties) from stdin (format binary)", context.Cancel);
        copy.Timeout = Timeout.InfiniteTimeSpan;
        var count = 0L;
        void Take(GisRow row)
        {
            if ((++count & 0xFFF) == 0) context.Cancel.ThrowIfCancellationRequested();
            copy.StartRow();
            copy.Write(row.Number, NpgsqlDbType.Bigint);
            if (row.Id is null) copy.WriteNull(); else copy.Write(row.Id, NpgsqlDbType.Text);
            if (row.Wkb is null) copy.WriteNull(); else copy.Write(row.Wkb, NpgsqlDbType.Bytea);
            copy.Write(row.Properties, NpgsqlDbType.Jsonb);
        }
        (string? Crs, string? Usual, string Word) read = (null, null, "feature");
        try { read = await Rows(context, folder, Take); }
        catch (BadFileException e) { e.Tell(context.Problems); }   // the copy must end well, or the transaction would end with it, and with it the reading of other files
        if (count == 0 && context.Problems.Count == 0) context.Problems.Add(context.File.Name, "", "", null, $"holds no {read.Word}.", "Is it the right file, and was it exported whole?");
        await copy.CompleteAsync(context.Cancel);
        context.Figures[$"{read.Word}s"] = count;
        return read;
    }

    private static async Task<(string? Crs, string? Usual, string Word)> Rows(ImportContext context, string folder, Action<GisRow> take)
    {
        switch (context.File.Format.Name)
        {
            case "GeoJSON":
                await using (var file = File.OpenRead(context.File.Path))
                {
                    using var geoJson = new GeoJsonFile(context, file);
                    foreach (var row in geoJson.Rows()) take(row);
                    return (geoJson.Crs, "EPSG:4326", "feature");
                }
            case "CSV":
                var csv = new CsvTable(context);
                foreach (var row in csv.Rows()) take(row);
                return (csv.Crs, "EPSG:4326", "row");
            default: return await GdalSource.Read(context, folder, take);
        }
    }

    /// <summary>Brings every position to WGS 84.</summary>
    private static async Task Place(ImportContext context, string? declared, string? usual, string word)
    {
        var (connection, cancel) = (context.Connection, context.Cancel);
        if (context.Request.SwapAxes) await Database.Execute(connection, "update brought set geom = ST_FlipCoordinates(geom) where geom is not null", cancel);
        var numbers = (await Database.Scalar<double[]>(connection, """
            select array[count(*), coalesce(avg((abs(x) <= 180.001 and abs(y) <= 180.001)::int), 0), coalesce(percentile_disc(0.5) within group (order by x), 0), coalesce(percentile_disc(0.5) within group (order by y), 0)]::float8[]
            from (select ST_XMin(geom) as x, ST_YMin(geom) as y from brought where geom is not null) e
            """, cancel))!;
        var extent = new RawExtent((long)numbers[0], numbers[1], numbers[2], numbers[3]);
        context.Figures["withoutGeometry"] = (long)context.Figures[$"{word}s"]! - extent.Count;
        if (extent.Count == 0) return;
        if (context.Request.ControlPoints is { } points)
        {
            await ControlPoints.Place(context, points);
            return;
        }
        var choice = await CrsChoice.Make(context, declared, usual, extent);
        context.AreaOfUse = choice.Area;
        if (choice.InDegrees && extent.MiddleY is > 90 or < -90 && Math.Abs(extent.MiddleX) <= 90)
            throw new InputException($"{context.File.Name}: latitude stands before longitude 纬度在前 ({extent}): longitude comes first. Import it with --swap-axes.");
        await Outside(context, word, choice.InDegrees ? "ST_XMin(geom) < -180.001 or ST_XMax(geom) > 180.001 or ST_YMin(geom) < -90 or ST_YMax(geom) > 90" : "greatest(abs(ST_XMin(geom)), abs(ST_XMax(geom)), abs(ST_YMin(geom)), abs(ST_YMax(geom))) > 1e8",
            choice.InDegrees ? "lies beyond 180 degrees of longitude or 90 of latitude." : "lies farther away than the earth is round.");
        context.Progress(new("换算坐标", "transforming positions", 0, extent.Count, word + "s"));
        try { await choice.Placement.Apply(connection, cancel); }
        catch (PostgresException e) when (e.SqlState is "XX000") { throw new InputException($"{context.File.Name}: some of its coordinates lie so far outside the area of {CrsChoice.Public(choice.Crs)} that they cannot be brought to WGS 84 ({extent}): is it another system, or are the axes exchanged (--swap-axes)?"); }
        await Outside(context, word, "ST_XMin(geom) < -180.001 or ST_XMax(geom) > 180.001 or ST_YMin(geom) < -90 or ST_YMax(geom) > 90 or ST_XMin(geom) = 'NaN' or ST_XMin(geom) = 'Infinity'", "comes to lie beyond 180 degrees of longitude or 90 of latitude: it is outside the area of its reference system.");
    }

    /// <summary>Tells of the rows that lie nowhere, and goes on with the others: what else is wrong shall be told too.</summary>
    private static async Task Outside(ImportContext context, string word, string where, string reason)
    {
        await Tell(context, word, "geometry", $"select n, left(ST_AsText(ST_GeometryN(ST_Points(geom), 1), 6), 80) from brought where geom is not null and ({where}) order by n limit {MostTold}", reason, "Correct the position, or name the reference system it is in by --crs.");
        await Database.Execute(context.Connection, $"delete from brought where geom is not null and ({where})", context.Cancel);
    }

    /// <summary>A problem for each row of the answer.</summary>
    internal static async Task Tell(ImportContext context, string word, string field, string sql, string reason, string wayOut, params object[] values)
    {
        await using var command = Database.Command(context.Connection, sql, values);
        await using var rows = await command.ExecuteReaderAsync(context.Cancel);
        while (await rows.ReadAsync(context.Cancel))
            context.Problems.Add(context.File.Name, $"{word} {rows.GetInt64(0).ToString(CultureInfo.InvariantCulture)}", field, rows.IsDBNull(1) ? null : rows.GetString(1), reason, wayOut);
    }

    /// <summary>Areas that cross themselves are kept as they are, for they are somebody's, and named: what is asked of them may fail.</summary>
    private static async Task Invalid(ImportContext context, string word)
    {
        var rows = await Database.Scalar<long[]>(context.Connection, "select array_agg(n order by n) from brought where GeometryType(geom) like '%POLYGON' and not ST_IsValid(geom)", context.Cancel) ?? [];
        if (rows.Length == 0) return;
        context.Figures["invalidAreas"] = rows.Length;
        var some = string.Join(", ", rows.Take(10)) + (rows.Length > 10 ? " …" : "");
        context.Notes.Add(new($"{rows.Length} 个面自相交，按原样保存：{some}。QGIS“修正几何图形”可改。", $"{rows.Length} areas cross themselves and are kept as they are, {word} {some}: QGIS mends them by Fix Geometries."));
    }

    /// <summary>From there to the layer.</summary>
    private static async Task Stage(ImportContext context, string word)
    {
        await GisIds.Choose(context, word);
        switch (context.Layer)
        {
            case "opportunities": await Opportunities.Stage(context, word); break;
            case "features" when context.Problems.Count > 0: break;
            case "features":
                await context.Staging.Select("feature", ["id", "geom", "properties"], """
                    select id, case GeometryType(geom) when 'MULTIPOINT' then case when ST_NumGeometries(geom) = 1 then ST_GeometryN(geom, 1) else geom end when 'LINESTRING' then ST_Multi(geom) when 'POLYGON' then ST_Multi(geom) else geom end, properties from brought
                    """);
                await Invalid(context, word);
                break;
            default: await RoadLines.Stage(context, word); break;
        }
    }
}
