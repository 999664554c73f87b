using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using Npgsql;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>
/// Local systems of cities, brought to CGCS2000 from points that are known in both: by four parameters in the plane (Helmert's similarity), or, with --crs, by
/// the seven of Bursa and Wolf between the ellipsoids. The parameters are secret by law: they live in this process and in the statement that applies them;
/// residuals and a hash of the file are all that is told or kept.
/// </summary>
internal static partial class ControlPoints
{
    private const int LeastPlane = 3, LeastSpace = 4, Most = 10_000;
    private const double WorstRmsMetres = 5;

    /// <summary>A point known in both systems; heights are 0 where none are given.</summary>
    private sealed record Known(string Name, double X, double Y, double Height, double Longitude, double Latitude, double TrueHeight);

    public static string Hash(string file)
    {
        if (!File.Exists(file)) throw new InputException($"--control-points {file}: there is no such file.", notFound: true);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
    }

    /// <summary>Brings what was brought to WGS 84, and tells how well the points agree.</summary>
    public static async Task Place(ImportContext context, string file)
    {
        if (context.Request.Datum is not (null or "cgcs2000" or "wgs84")) throw new InputException("--control-points bring a file to CGCS2000: leave out --datum.");
        var points = Read(file);
        var inSpace = context.Request.Crs is not null;
        if (points.Count < (inSpace ? LeastSpace : LeastPlane)) throw new InputException($"{Path.GetFileName(file)} has {points.Count} control points: {(inSpace ? "seven parameters take four" : "four parameters take three")} at least, spread over the area, so that a wrong one shows.");
        if (Collinear(points)) throw new InputException($"{Path.GetFileName(file)}: its control points lie on one line, and would leave what is beside it undetermined: add points off that line.");
        try
        {
            var placement = inSpace ? await Space(context, points) : await Plane(context, points);
            var residuals = await Residuals(context, points, placement);
            Judge(context, Path.GetFileName(file), points, residuals);
            await placement.Apply(context.Connection, context.Cancel);
        }
        catch (PostgresException) { throw new InputException($"{Path.GetFileName(file)}: these control points do not bring {context.File.Name} to any place on the earth. Are x (easting) and y (northing), lon and lat in their columns?"); }
        context.Found["crs"] = "local";
        context.Found["datum"] = "cgcs2000";
        context.Found["controlPointsHash"] = Hash(file);
    }

    /// <summary>Residuals are figures; the point that fits worst is named where it stands out, and all are refused where they fit badly.</summary>
    private static void Judge(ImportContext context, string file, IReadOnlyList<Known> points, double[] residuals)
    {
        var rms = Math.Sqrt(residuals.Average(r => r * r));
        var worst = Array.IndexOf(residuals, residuals.Max());
        var others = Math.Sqrt(residuals.Where((_, i) => i != worst).Average(r => r * r));
        context.Figures["controlPoints"] = points.Count;
        context.Figures["controlRmsMetres"] = Math.Round(rms, 4);
        context.Figures["controlResidualsMetres"] = string.Join(", ", points.Select((p, i) => string.Create(CultureInfo.InvariantCulture, $"{p.Name} {residuals[i]:0.###}")));
        var stands = residuals[worst] > 0.05 && residuals[worst] > 2.5 * others;
        if (!(rms <= WorstRmsMetres)) context.Problems.Add(file, "", "", null, string.Create(CultureInfo.InvariantCulture, $"the control points disagree by {rms:0.##} m (RMS); {points[worst].Name} is off by most, {residuals[worst]:0.##} m."), "Are x (easting) and y (northing) exchanged, or is that point wrong? Correct it or take it out.");
        else if (stands) context.Notes.Add(new(string.Create(CultureInfo.InvariantCulture, $"控制点 {points[worst].Name} 残差 {residuals[worst]:0.###} 米，明显大于其余（{others:0.###} 米），请复核。"), string.Create(CultureInfo.InvariantCulture, $"Control point {points[worst].Name} is off by {residuals[worst]:0.###} m, the others by {others:0.###} m: check it.")));
    }

    /// <summary>Where the points come to lie, against where they are.</summary>
    private static async Task<double[]> Residuals(ImportContext context, IReadOnlyList<Known> points, Placement placement)
    {
        var n = placement.Values.Length;
        return (await Database.Scalar<double[]>(context.Connection, $"""
            with p as (select * from unnest(${n + 1}, ${n + 2}, ${n + 3}, ${n + 4}) with ordinality p(x, y, lon, lat, i)), placed as materialized (select {placement.Sql("gathered")} as g from (select ST_Collect(ST_MakePoint(x, y) order by i) as gathered from p) c)
            select array_agg(ST_Distance(ST_GeometryN(g, i::int)::geography, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) order by i) from p, placed
            """, context.Cancel, [.. placement.Values, points.Select(p => p.X).ToArray(), points.Select(p => p.Y).ToArray(), points.Select(p => p.Longitude).ToArray(), points.Select(p => p.Latitude).ToArray()]))!;
    }

    /// <summary>x and y turned, scaled and moved onto a transverse Mercator: of the meridians that such systems are drawn about, the one under which the points agree best.</summary>
    private static async Task<Placement> Plane(ImportContext context, IReadOnlyList<Known> points)
    {
        var about = points.Average(p => p.Longitude);
        var (best, least) = ((Placement?)null, double.PositiveInfinity);
        foreach (var meridian in new[] { about, 3 * Math.Round(about / 3), 1.5 * Math.Round(about / 1.5), Math.Round(about), Math.Round(2 * about) / 2 }.Distinct())
        {
            var (placement, squares) = await Similarity(context, points, meridian);
            if (squares < least) (best, least) = (placement, squares);
        }
        return best!;
    }

    private static async Task<(Placement, double SumOfSquares)> Similarity(ImportContext context, IReadOnlyList<Known> points, double meridian)
    {
        var plane = string.Create(CultureInfo.InvariantCulture, $"+proj=tmerc +lat_0=0 +lon_0={meridian:R} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs");
        var there = await Coordinates(context, points.Select(p => (p.Longitude, p.Latitude, 0.0)), "EPSG:4326", plane);
        var (mx, my, me, mn) = (points.Average(p => p.X), points.Average(p => p.Y), there.Average(t => t.X), there.Average(t => t.Y));
        var (along, across, square) = (0.0, 0.0, 0.0);
        foreach (var (p, t) in points.Zip(there))
        {
            var (x, y, e, n) = (p.X - mx, p.Y - my, t.X - me, t.Y - mn);
            (along, across, square) = (along + x * e + y * n, across + x * n - y * e, square + x * x + y * y);
        }
        var (a, b) = (along / square, across / square);
        var (east, north) = (me - a * mx + b * my, mn - b * mx - a * my);
        var squares = points.Zip(there).Sum(z => Math.Pow(a * z.First.X - b * z.First.Y + east - z.Second.X, 2) + Math.Pow(b * z.First.X + a * z.First.Y + north - z.Second.Y, 2));
        return (new(geometry => $"ST_SetSRID(ST_Transform(ST_SetSRID(ST_Affine({geometry}, ($1)[1], -($1)[2], ($1)[2], ($1)[1], ($1)[3], ($1)[4]), 0), $2, 'EPSG:4326'), 4326)", new[] { a, b, east, north }, plane) { Gathered = true }, squares);
    }

    /// <summary>The seven parameters by least squares (small angles, position vector, EPSG method 9606), about the middle of the points.</summary>
    private static async Task<Placement> Space(ImportContext context, IReadOnlyList<Known> points)
    {
        var local = await Projection(context);
        var ellipsoid = string.Join(' ', Ellipsoid().Matches(local).Select(m => m.Value));
        var from = await Coordinates(context, points.Select(p => (p.X, p.Y, p.Height)), local, $"+proj=geocent {ellipsoid} +units=m +no_defs");
        var to = await Coordinates(context, points.Select(p => (p.Longitude, p.Latitude, p.TrueHeight)), "+proj=longlat +ellps=GRS80 +no_defs", "+proj=geocent +ellps=GRS80 +units=m +no_defs");
        var (cx, cy, cz) = (from.Average(f => f.X), from.Average(f => f.Y), from.Average(f => f.Z));
        const double km = 1000;   // of one size with 1, for the sake of digits
        var normal = new LeastSquares(7);
        foreach (var (f, t) in from.Zip(to))
        {
            var (x, y, z) = ((f.X - cx) / km, (f.Y - cy) / km, (f.Z - cz) / km);
            normal.Add([1, 0, 0, 0, z, -y, x], t.X - f.X);
            normal.Add([0, 1, 0, -z, 0, x, y], t.Y - f.Y);
            normal.Add([0, 0, 1, y, -x, 0, z], t.Z - f.Z);
        }
        var u = normal.Solve() ?? throw new InputException("The control points do not determine seven parameters: spread them over the area.");
        var (rx, ry, rz, s) = (u[3] / km, u[4] / km, u[5] / km, u[6] / km);
        double[] bursa = [u[0] - (ry * cz - rz * cy + s * cx), u[1] - (-rx * cz + rz * cx + s * cy), u[2] - (rx * cy - ry * cx + s * cz), Seconds(rx), Seconds(ry), Seconds(rz), s * 1e6];
        var shifted = $"{local} +towgs84={string.Join(',', bursa.Select(v => v.ToString("F10", CultureInfo.InvariantCulture)))}";
        return new(geometry => $"ST_SetSRID(ST_Transform(ST_SetSRID({geometry}, 0), $1, 'EPSG:4326'), 4326)", shifted) { Gathered = true };
    }

    private static double Seconds(double radians) => radians * 180 / Math.PI * 3600;

    /// <summary>The local system's projection and ellipsoid, without any way to WGS 84 of its own.</summary>
    private static async Task<string> Projection(ImportContext context)
    {
        var crs = CrsChoice.Checked(context.Request.Crs!);
        var text = crs.StartsWith("+proj=", StringComparison.Ordinal) ? crs : crs.StartsWith("EPSG:", StringComparison.Ordinal) ? await Database.Scalar<string>(context.Connection, "select proj4text from spatial_ref_sys where auth_srid = $1", context.Cancel, int.Parse(crs.AsSpan(5), CultureInfo.InvariantCulture)) : null;
        if (string.IsNullOrWhiteSpace(text)) throw new InputException("With --control-points, --crs names the local system's projection and ellipsoid as EPSG:n (EPSG:2437 is Beijing 1954, EPSG:2385 Xi'an 1980, at 120°E) or as PROJ.");
        text = text.Replace("+datum=WGS84", "+ellps=WGS84", StringComparison.Ordinal);
        text = WayOut().Replace(text, " ");
        return Ellipsoid().IsMatch(text) ? text.Trim() : throw new InputException("--crs names no ellipsoid: add +ellps=krass (Beijing 1954), +ellps=IAU76 (Xi'an 1980) or +ellps=GRS80.");
    }

    private static async Task<List<(double X, double Y, double Z)>> Coordinates(ImportContext context, IEnumerable<(double X, double Y, double Z)> points, string from, string to)
    {
        var all = points.ToList();
        var flat = (await Database.Scalar<double[]>(context.Connection, """
            select array_agg(v order by i, k) from (select d.path[1] as i, d.geom as g from (select ST_Transform(ST_Collect(ST_MakePoint(x, y, z) order by i), $4, $5) as placed from unnest($1, $2, $3) with ordinality p(x, y, z, i)) c, ST_Dump(placed) d) t, lateral (values (1, ST_X(g)), (2, ST_Y(g)), (3, ST_Z(g))) c(k, v)
            """, context.Cancel, all.Select(p => p.X).ToArray(), all.Select(p => p.Y).ToArray(), all.Select(p => p.Z).ToArray(), from, to))!;
        return [.. all.Select((_, i) => (flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]))];
    }

    /// <summary>Whether they spread less across than a thousandth of what they spread along.</summary>
    private static bool Collinear(IReadOnlyList<Known> points)
    {
        var (mx, my) = (points.Average(p => p.X), points.Average(p => p.Y));
        var (xx, yy, xy) = (points.Sum(p => (p.X - mx) * (p.X - mx)), points.Sum(p => (p.Y - my) * (p.Y - my)), points.Sum(p => (p.X - mx) * (p.Y - my)));
        var (half, root) = ((xx + yy) / 2, Math.Sqrt((xx - yy) * (xx - yy) / 4 + xy * xy));
        return half - root <= 1e-6 * (half + root);
    }

    private static List<Known> Read(string file)
    {
        var name = Path.GetFileName(file);
        if (!File.Exists(file)) throw new InputException($"--control-points {file}: there is no such file.", notFound: true);
        var points = new List<Known>();
        try
        {
            using var text = new StreamReader(file, TextEncoding.Utf8);
            using var csv = CsvReader.Create(text, new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true, TrimWhitespace = true, MaxRecordSize = 1 << 16, MalformedData = CsvMalformedDataHandling.Throw });
            if (!csv.Read()) throw new InputException($"{name} is empty.");
            var names = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).TrimStart('\uFEFF').Trim().ToLowerInvariant()).ToList();
            int Column(bool needed, params string[] called) => names.FindIndex(n => called.Contains(n)) is var i && (i >= 0 || !needed) ? i : throw new InputException($"{name} has no column {called[0]}: it needs name, x (easting), y (northing), lon, lat, and may have height (in the local system) and trueHeight.");
            int[] at = [Column(true, "name", "点名"), Column(true, "x", "东坐标"), Column(true, "y", "北坐标"), Column(true, "lon", "longitude", "经度"), Column(true, "lat", "latitude", "纬度"), Column(false, "height", "高程"), Column(false, "trueheight", "大地高")];
            while (csv.Read())
            {
                if (csv.FieldCount == 1 && csv.GetString(0).Trim() == "") continue;
                double Value(int i) => at[i] < 0 ? 0 : at[i] < csv.FieldCount && double.TryParse(csv.GetString(at[i]), NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : throw new InputException($"{name} line {csv.LineNumber}: {names[at[i]]} is no number.");   // its value stays private
                var point = new Known(csv.GetString(at[0]), Value(1), Value(2), Value(5), Value(3), Value(4), Value(6));
                if (Math.Abs(point.Latitude) > 85 || Math.Abs(point.Longitude) > 180) throw new InputException($"{name} line {csv.LineNumber}: lon and lat are no position in degrees; are they exchanged?");
                points.Add(point);
                if (points.Count > Most) throw new InputException($"{name} has more than {Most} points.");
            }
        }
        catch (CsvFormatException e) { throw new InputException($"{name} line {e.LineNumber}: {e.Message}"); }
        catch (System.Text.DecoderFallbackException) { throw new InputException($"{name} is not in UTF-8: save it as CSV UTF-8."); }
        return points;
    }

    [GeneratedRegex(@"\+(ellps|a|b|rf|f)=\S+")] private static partial Regex Ellipsoid();
    [GeneratedRegex(@"\+(towgs84|nadgrids|geoidgrids)=\S+|\+type=crs")] private static partial Regex WayOut();
}
