using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>In what the coordinates of a file are measured: a reference system, and beside it a datum of web maps, which shifts what a map shows. PostGIS brings them to WGS 84.</summary>
/// <param name="Crs">EPSG:n, WKT or PROJ, as PROJ takes it.</param>
/// <param name="InDegrees">Whether it is geographic.</param>
/// <param name="Datum">gcj02 or bd09; null where nothing is shifted.</param>
internal sealed partial record CrsChoice(string Crs, bool InDegrees, string? Datum)
{
    /// <summary>The degrees of longitude within which a transverse Mercator is of use about its middle.</summary>
    private const double HalfZone = 4;

    /// <summary>Where its use makes sense: west, south, east, north.</summary>
    public (double West, double South, double East, double North)? Area { get; init; }

    /// <summary>The mainland and its sea (area of use of EPSG:4490), with a margin.</summary>
    public static readonly (double West, double South, double East, double North) China = (73, 3, 136, 54);

    /// <summary>The way to WGS 84, longitude first.</summary>
    public Placement Placement => Crs is "EPSG:4326" or "EPSG:4490" ? new(Unshifted)
        : Crs.StartsWith("EPSG:", StringComparison.Ordinal) ? new(geometry => Unshifted($"ST_Transform(ST_SetSRID({geometry}, $1), 4326)"), int.Parse(Crs.AsSpan(5), CultureInfo.InvariantCulture))
        : new(geometry => Unshifted($"ST_Transform(ST_SetSRID({geometry}, 0), $1, 'EPSG:4326')"), Crs) { Gathered = true };

    private string Unshifted(string geometry) => $"ST_SetSRID({(Datum is null ? geometry : $"wgs84_of_{Datum}(ST_SetSRID({geometry}, 4326))")}, 4326)";

    /// <param name="context">The import, which may name either.</param>
    /// <param name="declared">By the file itself.</param>
    /// <param name="usual">Of its format, where the file says nothing; null: nothing is taken for granted.</param>
    /// <param name="extent">Of its coordinates.</param>
    /// <exception cref="InputException">Nobody says it, or what is said makes no sense.</exception>
    public static async Task<CrsChoice> Make(ImportContext context, string? declared, string? usual, RawExtent extent)
    {
        var (datum, file) = (context.Request.Datum, context.File.Name);
        if (declared is "GCJ-02" or "BD-09") (datum, declared) = (datum ?? (declared == "GCJ-02" ? "gcj02" : "bd09"), null);
        var given = context.Request.Crs is { } asked ? Checked(asked) : declared ?? (datum is not null && extent.LooksLikeDegrees ? datum == "cgcs2000" ? "EPSG:4490" : "EPSG:4326" : null) ?? (extent.LooksLikeDegrees ? usual : null);
        if (given is null)
            throw new InputException(extent.LooksLikeDegrees ? $"{file} does not say what its coordinates are measured in; they look like degrees ({extent}). Say it by --datum wgs84, cgcs2000, gcj02 or bd09, or by --crs."
                : $"{file} does not say in which reference system its coordinates are, and they are no degrees ({extent}). Name it by --crs. {await Candidates(context.Connection, extent, context.Cancel)}");
        var (inDegrees, middle, name) = await Known(context.Connection, given, context.Cancel);
        if (inDegrees && !extent.LooksLikeDegrees) throw new InputException($"{file}: its coordinates are no degrees ({extent}), but {Name(given, name)} is in degrees 米被当作度. {await Candidates(context.Connection, extent, context.Cancel)}");
        if (!inDegrees && extent.LooksLikeDegrees && extent.Count > 0) throw new InputException($"{file}: its coordinates look like degrees ({extent}), but {Name(given, name)} is in metres 度被当作米: leave --crs out, or name a geographic system (EPSG:4490, EPSG:4326).");
        if (Unpublished(given, name) is var (zh, en) && !context.Request.AcceptPositions)
            throw new InputException($"{file} is in {en} ({zh}), whose way to WGS 84 is not published for this area: taken as they are, its positions would be off by an unknown distance of the order of 100 m. Bring points that are known in both by --control-points FILE, or take that error with --accept-positions.");
        if (Unpublished(given, name) is var (systemZh, systemEn))
            context.Notes.Add(new($"{systemZh}未作换算，按要求导入：位置偏差未知，约百米量级。", $"{systemEn} was taken as WGS 84, as you asked: positions are off by an unknown distance of the order of 100 m."));
        var shifted = datum is "gcj02" or "bd09" ? datum : null;
        context.Found["crs"] = Public(given);
        context.Found["datum"] = datum ?? (name.Contains("China", StringComparison.Ordinal) || name.Contains("CGCS", StringComparison.Ordinal) ? "cgcs2000" : "wgs84");
        if (Equals(context.Found["datum"], "cgcs2000"))
            context.Notes.Add(new("CGCS2000 按 WGS 84 存储：二者定义一致，EPSG 未给出变换（PROJ 视为恒等）；CGCS2000 取 2000.0 历元，板块每年移动数厘米，相差数分米。",
                "CGCS2000 is stored as WGS 84: EPSG has no transformation between them (PROJ takes them as one); CGCS2000 is of the epoch 2000.0, and the plate moves some centimetres a year, so they differ by decimetres."));
        if (shifted is not null) context.Notes.Add(new($"{shifted.ToUpperInvariant()} 按公开的近似公式还原，误差可达数米。", $"{shifted.ToUpperInvariant()} was undone by the published approximation: off by up to some metres."));
        return new(given, inDegrees, shifted) { Area = middle is { } m ? (m - HalfZone, -80, m + HalfZone, 84) : datum is "gcj02" or "bd09" or "cgcs2000" || Equals(context.Found["datum"], "cgcs2000") ? China : null };
    }

    /// <summary>Systems that China keeps the parameters of; null where the way is known, or stands in the text itself.</summary>
    private static (string Zh, string En)? Unpublished(string crs, string name) =>
        crs.Contains("towgs84", StringComparison.OrdinalIgnoreCase) || crs.StartsWith("BOUNDCRS", StringComparison.OrdinalIgnoreCase) ? null
        : name.Contains("Xian 1980", StringComparison.OrdinalIgnoreCase) || name.Contains("Xian_1980", StringComparison.OrdinalIgnoreCase) ? ("1980 西安坐标系", "Xian 1980")
        : name.Contains("Beijing", StringComparison.OrdinalIgnoreCase) ? ("1954 北京坐标系", "Beijing 1954") : null;

    /// <summary>What may be shown and stored of it: a local system's own numbers may not.</summary>
    public static string Public(string crs) => crs.StartsWith("EPSG:", StringComparison.Ordinal) ? crs : $"custom, SHA-256 {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(crs)))[..16]}";

    private static string Name(string crs, string name) => name == "" ? Public(crs) : $"{Public(crs)} ({name})";

    /// <summary>No text of it may make PROJ open files or fetch grids.</summary>
    public static string Checked(string text)
    {
        var crs = text.Trim();
        if (EpsgCode().Match(crs) is { Success: true } code) return $"EPSG:{code.Groups[1].Value}";
        var isProj = crs.StartsWith("+proj=", StringComparison.Ordinal) && !ReachesOut().IsMatch(crs);
        if (crs.Length > 10_000 || crs.Contains('\0', StringComparison.Ordinal) || !isProj && !(Wkt().IsMatch(crs) && !ReachesOut().IsMatch(crs.Replace("+nadgrids=@null", "", StringComparison.Ordinal))))
            throw new InputException($"--crs \"{InputException.Short(crs, 60)}\" is no reference system: write EPSG:4528, a whole WKT text, or a PROJ text that begins with +proj= and names no grids or other files.");
        return crs;
    }

    /// <summary>Of the file's WKT: its EPSG code where it has one; null where it is no system on the earth.</summary>
    public static string? OfWkt(string wkt)
    {
        if (wkt is "" or "(unknown)" || wkt.StartsWith("ENGCRS", StringComparison.Ordinal) || wkt.StartsWith("LOCAL_CS", StringComparison.Ordinal)) return null;
        return LastCode().Match(wkt) is { Success: true } code ? $"EPSG:{code.Groups[1].Value}" : Checked(wkt);
    }

    private static async Task<(bool InDegrees, double? Middle, string Name)> Known(NpgsqlConnection connection, string crs, CancellationToken cancel)
    {
        var text = crs;
        if (crs.StartsWith("EPSG:", StringComparison.Ordinal))
        {
            text = await Database.Scalar<string>(connection, "select proj4text || ' ' || srtext from spatial_ref_sys where auth_name = 'EPSG' and auth_srid = $1", cancel, int.Parse(crs.AsSpan(5), CultureInfo.InvariantCulture))
                ?? throw new InputException($"--crs {crs} is no code of the EPSG register that this PostGIS knows: give the system as WKT or PROJ.");
        }
        else await Try(connection, crs, cancel);
        var inDegrees = text.Contains("+proj=longlat", StringComparison.Ordinal) || text.Contains("+proj=latlong", StringComparison.Ordinal) || Geographic().IsMatch(text);
        if (text.Contains("+proj=geocent", StringComparison.Ordinal) || text.Contains("GEOCCS", StringComparison.Ordinal)) throw new InputException($"--crs {crs} is geocentric, in which nobody draws a map: name a geographic or projected system.");
        double? middle = Zone().Match(text) is { Success: true } zone ? 6 * int.Parse(zone.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - 183
            : (text.Contains("+proj=tmerc", StringComparison.Ordinal) || text.Contains("Gauss", StringComparison.Ordinal) || text.Contains("Transverse", StringComparison.Ordinal)) && Meridian().Match(text) is { Success: true } m ? double.Parse(m.Groups[1].Success ? m.Groups[1].ValueSpan : m.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : null;
        return (inDegrees, inDegrees ? null : middle, Named().Match(text) is { Success: true } name ? name.Groups[1].Value : "");
    }

    private static async Task Try(NpgsqlConnection connection, string crs, CancellationToken cancel)
    {
        await Database.Execute(connection, "savepoint crs", cancel);
        try { await Database.Execute(connection, "select ST_Transform(ST_MakePoint(120, 30), 'EPSG:4326', $1)", cancel, crs); }
        catch (PostgresException) { throw new InputException("The reference system (--crs, or the file's own) is none that PROJ understands: name its EPSG code, as in --crs EPSG:4528."); }
        await Database.Execute(connection, "release savepoint crs", cancel);
    }

    /// <summary>Which usual systems the coordinates may be in, by their size and by where the database's own data are.</summary>
    private static async Task<string> Candidates(NpgsqlConnection connection, RawExtent extent, CancellationToken cancel)
    {
        const string sql = """
            with known as (select ST_Centroid(ST_Collect(ST_Centroid(geom))) as c from (
                (select geom from place limit 200) union all (select geom from feature limit 200) union all (select geom from street_junction limit 200)
                union all (select geom from gtfs_stop limit 200) union all (select geom from opportunity limit 200)) p where geom is not null and not ST_IsEmpty(geom)),
            candidate as (
                select s.srid, p, ST_Transform(ST_SetSRID(ST_MakePoint($1, $2), s.srid), 4326) as p_xy
                from spatial_ref_sys s, lateral (select null::geometry as p) x
                where s.auth_name = 'EPSG' and (s.srid between 4513 and 4554 or s.srid between 4491 and 4512 or s.srid in (32649, 32650, 32651, 32652, 3857)) and $1 between 100000 and 46000000 and $2 between 1500000 and 6500000
                    and case when s.srid between 4513 and 4533 then floor($1 / 1e6) = s.srid - 4488 when s.srid between 4491 and 4501 then floor($1 / 1e6) = s.srid - 4478 when s.srid = 3857 then $1 > 8000000 and $1 < 15000000 else $1 < 1000000 end)
            select case when bool_or(far is null) then 'They may be' else 'They may be, nearest to the data here first' end || ': ' || string_agg(format('EPSG:%s', srid), ', ' order by far, srid) filter (where n <= 8) || case when count(*) > 8 then ' …' else '' end from (
                select srid, far, row_number() over (order by far, srid) n from (
                  select srid, ST_Distance(c.p_xy::geography, known.c::geography) as far from candidate c, known
                  where ST_X(p_xy) between 73 and 136 and ST_Y(p_xy) between 3 and 54) near
                where far is null or far < 400000) numbered
            """;
        try
        {
            var found = await Database.Scalar<string>(connection, sql, cancel, extent.MiddleX, extent.MiddleY);
            if (found is not null) return $"{found}.";
            return await Database.Scalar<string>(connection, sql, cancel, extent.MiddleY, extent.MiddleX) is { } swapped ? $"With x and y exchanged (--swap-axes): {swapped}." : "They fit none of the systems usual in China; a local system needs control points (--control-points FILE).";
        }
        catch (PostgresException) { return "They fit none of the systems usual in China; a local system needs control points (--control-points FILE)."; }
    }

    [GeneratedRegex(@"^EPSG::?(\d{4,6})$", RegexOptions.IgnoreCase)] private static partial Regex EpsgCode();
    [GeneratedRegex(@"^(GEOGCS|PROJCS|GEOGCRS|GEODCRS|PROJCRS|BOUNDCRS|COMPD_CS|COMPOUNDCRS)\s*\[", RegexOptions.IgnoreCase)] private static partial Regex Wkt();
    [GeneratedRegex(@"grids|\+init|pipeline|\+file|\+step|catalog|://|\+xyz_grid", RegexOptions.IgnoreCase)] private static partial Regex ReachesOut();
    [GeneratedRegex(@"ID\[""EPSG"",(\d{4,6})\]\]$")] private static partial Regex LastCode();
    [GeneratedRegex(@"^\s*(GEOGCS|GEOGCRS|GEODCRS)\s*\[|^\s*BOUNDCRS\s*\[\s*SOURCECRS\s*\[\s*GEO", RegexOptions.IgnoreCase)] private static partial Regex Geographic();
    [GeneratedRegex(@"\+proj=utm \+zone=(\d+)")] private static partial Regex Zone();
    [GeneratedRegex(@"\+lon_0=(-?[0-9.]+)|(?:central_meridian|Longitude of natural origin)"",\s*(-?[0-9.]+)", RegexOptions.IgnoreCase)] private static partial Regex Meridian();
    [GeneratedRegex(@"(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\s*\[""([^""]+)""", RegexOptions.IgnoreCase)] private static partial Regex Named();
}

/// <summary>How geometries of a file come to WGS 84: SQL, whose own parameters begin at $1.</summary>
internal sealed record Placement(Func<string, string> Sql, params object[] Values)
{
    /// <summary>So many geometries go together: fewer calls, but each geometry is taken out of all of them.</summary>
    private const int Together = 200;

    /// <summary>PostGIS makes a system that is given as text anew for each call, which takes it up to 70 ms; one that has a number is kept.</summary>
    public bool Gathered { get; init; }

    /// <summary>Brings all that was brought to WGS 84.</summary>
    public Task Apply(NpgsqlConnection connection, CancellationToken cancel) => Database.Execute(connection, !Gathered ? $"update brought set geom = {Sql("geom")} where geom is not null" : $"""
        with gathered as (select array_agg(n order by n) as ids, ST_Collect(geom order by n) as gathered from (select n, geom, (row_number() over (order by n) - 1) / {Together} as part from brought where geom is not null) r group by part),
        placed as materialized (select ids, {Sql("gathered")} as placed from gathered)
        update brought b set geom = ST_SetSRID(ST_GeometryN(t.placed, m.i::int), 4326) from placed t, lateral unnest(t.ids) with ordinality m(n, i) where b.n = m.n and b.geom is not null
        """, cancel, Values);
}

/// <summary>How large the coordinates of a file are, before anybody knows what they are.</summary>
/// <param name="Count">Geometries.</param>
/// <param name="DegreesShare">Part of them that could be degrees, in whichever order.</param>
/// <param name="MiddleX">The median of x.</param>
/// <param name="MiddleY">The median of y.</param>
internal sealed record RawExtent(long Count, double DegreesShare, double MiddleX, double MiddleY)
{
    public bool LooksLikeDegrees => Count == 0 || DegreesShare > 0.5;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"in the middle x {MiddleX:0.######}, y {MiddleY:0.######}");
}
