using System.Globalization;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>
/// Positions in the systems that bureaus use come to WGS 84, held against published figures and against PROJ's own programs.
/// </summary>
public sealed class GisDatumTests(GisDatumTests.World world) : IClassFixture<GisDatumTests.World>, IDisposable
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    private const double Lon = 121.0998, Lat = 31.3006;   // 花桥站
    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private async Task<(double Lon, double Lat)> Placed(double x, double y, Func<Imports.ImportRequest, Imports.ImportRequest> with)
    {
        var report = await files.Import(files.Text("p.csv", $"name,x,y\np,{Number(x)},{Number(y)}\n"), r => with(r) with { Dataset = $"p{Guid.NewGuid():N}"[..20] });
        var at = await world.Database.Scalar<double[]>($"select array[ST_X(geom), ST_Y(geom)] from feature where dataset_id = '{report.Dataset}'");
        return (at[0], at[1]);
    }

    private static double Metres((double Lon, double Lat) a, double lon, double lat) => double.Hypot((a.Lon - lon) * 111320 * Math.Cos(lat * Math.PI / 180), (a.Lat - lat) * 110950);

    /// <summary>cs2cs of PROJ, a program of its own; longitude and easting first.</summary>
    private static async Task<(double X, double Y)> Cs2cs(string crs, double lon, double lat)
    {
        var said = (await Ran.Program("cs2cs", ["-f", "%.9f", "EPSG:4326", crs], input: $"{Number(lat)} {Number(lon)}\n")).Succeeded.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var (first, second) = (double.Parse(said[0], CultureInfo.InvariantCulture), double.Parse(said[1], CultureInfo.InvariantCulture));
        return crs is "EPSG:32651" or "EPSG:3857" ? (first, second) : (second, first);   // the register has northing first
    }

    [Theory]
    [InlineData("EPSG:4528"), InlineData("EPSG:4549"), InlineData("EPSG:4550"), InlineData("EPSG:4529"), InlineData("EPSG:32651"), InlineData("EPSG:3857"), InlineData("EPSG:4490")]
    public async Task Usual_systems_agree_with_Proj_to_a_millimetre(string crs)
    {
        var (x, y) = await Cs2cs(crs, Lon, Lat);
        if (crs == "EPSG:4528") Assert.Equal(40, Math.Floor(x / 1e6));   // the zone stands before the easting
        Assert.InRange(Metres(await Placed(x, y, r => r with { Crs = crs }), Lon, Lat), 0, 0.001);
        Assert.InRange(Metres(await Placed(y, x, r => r with { Crs = crs, SwapAxes = true }), Lon, Lat), 0, 0.001);
    }

    // IOGP Publication 373-7-2 (EPSG Guidance Note 7-2), Transverse Mercator, British National Grid: E 577274.99, N 69740.50 are 50°30'00" N, 0°30'00" E on Airy 1830, stated to the centimetre.
    // Spherical Mercator (1024): E -11169055.58, N 2800000.00 are 24°22'54.433" N, 100°20'00.000" W.
    [Theory]
    [InlineData("+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m", 577274.99, 69740.50, 0.5, 50.5)]
    [InlineData("EPSG:3857", -11169055.58, 2800000.00, -100.333333333, 24.381786944)]
    public async Task Examples_of_the_guidance_note_hold_to_a_centimetre(string crs, double x, double y, double lon, double lat) =>
        Assert.InRange(Metres(await Placed(x, y, r => r with { Crs = crs }), lon, lat), 0, 0.015);

    [Fact]
    public async Task CGCS2000_is_taken_for_WGS_84_and_said_so()
    {
        var report = await files.Import(files.Text("cgcs.csv", $"x,y\n{Number(Lon)},{Number(Lat)}\n"), r => r with { Datum = "cgcs2000" });
        Assert.Equal([FormattableString.Invariant($"1 - POINT({Lon} {Lat})")], await files.Rows("cgcs"));
        Assert.Contains(report.Notes, n => n.Zh.Contains("CGCS2000", StringComparison.Ordinal) && n.En.Contains("decimetres", StringComparison.Ordinal));
    }

    // Pairs that the widely used implementations publish in their own tests: wandergis/coordtransform (README and test): WGS 84 116.404, 39.915 is GCJ-02 116.41024449916938, 39.91640428150164;
    // GCJ-02 116.404, 39.915 is BD-09 116.41036949371029, 39.92133699351021 and WGS 84 116.39775550083061, 39.91359571849836 (its inverse is one step: 1e-5 degrees).
    [Theory]
    [InlineData("gcj02", 116.41024449916938, 39.91640428150164, 116.404, 39.915, 0.01)]
    [InlineData("gcj02", 116.404, 39.915, 116.39775550083061, 39.91359571849836, 2)]
    [InlineData("bd09", 116.41036949371029, 39.92133699351021, 116.39775550083061, 39.91359571849836, 2)]
    [InlineData("bd09", 121.1027, 31.1667, 121.0920, 31.1623, 40)]   // 漕盈路 station, given to four decimals and on a wide platform
    public async Task Web_map_datums_come_back_to_published_positions(string datum, double x, double y, double lon, double lat, double metres) =>
        Assert.InRange(Metres(await Placed(x, y, r => r with { Datum = datum }), lon, lat), 0, metres);

    [Fact]
    public async Task A_datum_of_web_maps_may_lie_under_a_projection()
    {
        var shifted = await world.Database.Scalar<double[]>(FormattableString.Invariant($"select array[ST_X(g), ST_Y(g)] from (select ST_Transform(gcj02_of_wgs84(ST_SetSRID(ST_MakePoint({Lon}, {Lat}), 4326)), 3857) as g) x"));
        Assert.InRange(Metres(await Placed(shifted[0], shifted[1], r => r with { Crs = "EPSG:3857", Datum = "gcj02" }), Lon, Lat), 0, 0.001);
    }

    [Theory]
    [InlineData(40604727.349, 3464758.255, "EPSG:4528")]
    [InlineData(604727.349, 3464758.255, "EPSG:4549", "EPSG:4548")]
    [InlineData(3464758.255, 40604727.349, "--swap-axes", "EPSG:4528")]
    [InlineData(1234.5, 6789.1, "control points")]
    public async Task Metres_without_a_system_are_refused_with_those_they_may_be_in(double x, double y, params string[] says)
    {
        var message = await files.Refusal(files.Text("gk.csv", $"x,y\n{Number(x)},{Number(y)}\n"));
        Assert.All(says.Append("--crs"), part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("EPSG:4326", 604727.3, 3464758.2, "米被当作度", "EPSG:4549")]
    [InlineData("EPSG:4549", 121.1, 31.3, "度被当作米")]
    [InlineData("EPSG:99999", 121.1, 31.3, "EPSG:99999")]
    [InlineData("+proj=longlat +nadgrids=/etc/passwd", 121.1, 31.3, "no reference system")]
    [InlineData("+proj=nonsense", 121.1, 31.3, "none that PROJ understands")]
    [InlineData("WGS 84", 121.1, 31.3, "no reference system")]
    [InlineData("EPSG:4978", 121.1, 31.3, "geocentric")]
    [InlineData("EPSG:4326", 31.3, 121.1, "纬度在前", "--swap-axes")]
    [InlineData("EPSG:4528", 604727.3, 3464758.2, "p.csv")]   // without the zone: far from it
    public async Task What_cannot_be_is_refused(string crs, double x, double y, params string[] says)
    {
        var message = await files.Refusal(files.Text("p.csv", $"x,y\n{Number(x)},{Number(y)}\n"), r => r with { Crs = crs });
        Assert.All(says, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private const string GaussKrueger = """PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]""";

    [Fact]
    public async Task A_Shapefile_is_in_the_system_of_its_prj_and_without_one_asks()
    {
        await files.Import(files.Shapefile("gk", [(604727.349, 3464758.255, "a"u8.ToArray())], prj: GaussKrueger));
        Assert.Equal(["1 a POINT(121.1 31.3)"], await files.Rows("gk"));
        File.Delete(files.In("gk.prj"));
        Assert.Contains("EPSG:4549", await files.Refusal(files.In("gk.shp"), r => r with { Dataset = "gk2" }), StringComparison.Ordinal);
        var degrees = await files.Refusal(files.Shapefile("deg", [(121.1, 31.3, "a"u8.ToArray())], prj: null));
        Assert.Contains("--datum wgs84, cgcs2000, gcj02 or bd09", degrees, StringComparison.Ordinal);
    }

    /// <summary>A city's own plane: turned, scaled and moved; its numbers are invented.</summary>
    private static async Task<(double X, double Y)> Local(double lon, double lat)
    {
        var (x, y) = await Cs2cs("EPSG:4549", lon, lat);
        var (angle, scale) = (0.35 * Math.PI / 180, 1.000123);
        return (scale * (Math.Cos(angle) * (x - 600000) - Math.Sin(angle) * (y - 3460000)) + 7123.45, scale * (Math.Sin(angle) * (x - 600000) + Math.Cos(angle) * (y - 3460000)) - 812.7);
    }

    private static readonly (string Name, double Lon, double Lat)[] Marks = [("A", 121.05, 31.25), ("B", 121.15, 31.25), ("C", 121.15, 31.35), ("D", 121.05, 31.35), ("E", 121.1, 31.28)];

    private async Task<string> ControlPoints(string name, Func<string, (double X, double Y), (double X, double Y)>? moved = null)
    {
        var lines = new List<string> { "点名,x,y,lon,lat" };
        foreach (var mark in Marks)
        {
            var at = await Local(mark.Lon, mark.Lat);
            if (moved is not null) at = moved(mark.Name, at);
            lines.Add($"{mark.Name},{Number(at.X)},{Number(at.Y)},{Number(mark.Lon)},{Number(mark.Lat)}");
        }
        return files.Text(name, string.Join('\n', lines));
    }

    [Fact]
    public async Task A_local_system_is_brought_in_by_control_points_and_its_parameters_stay_secret()
    {
        var points = await ControlPoints("marks.csv");
        var (x, y) = await Local(Lon, Lat);
        var report = await files.Import(files.Text("local.csv", $"x,y\n{Number(x)},{Number(y)}\n"), r => r with { ControlPoints = points });
        Assert.InRange(await world.Database.Scalar<double>(FormattableString.Invariant($"select ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint({Lon}, {Lat}), 4326)::geography) from feature where dataset_id = 'local'")), 0, 0.01);
        Assert.InRange((double)report.Figures["controlRmsMetres"]!, 0, 0.01);
        Assert.Contains("A 0", (string)report.Figures["controlResidualsMetres"]!, StringComparison.Ordinal);
        var kept = await world.Database.Scalar<string>("select row_to_json(d)::text || (select string_agg(row_to_json(a)::text, '') from audit a) || (select row_to_json(s)::text from source s where s.id = d.source_id) from dataset d where id = 'local'") + System.Text.Json.JsonSerializer.Serialize(report);
        foreach (var secret in new[] { "7123", "812.7", "1.000123", "0.35", "600000", "+proj", "tmerc" }) Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
        Assert.Contains("controlPoints", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_control_point_that_is_off_is_named_and_points_that_disagree_are_refused()
    {
        var path = files.Text("local2.csv", "x,y\n7000,-800\n");
        var off = await files.Import(path, r => r with { ControlPoints = ControlPoints("off.csv", (name, at) => name == "E" ? (at.X + 2, at.Y) : at).Result });
        Assert.Contains(off.Notes, n => n.En.Contains("Control point E is off by 1.", StringComparison.Ordinal));
        var message = await files.Refusal(path, r => r with { Dataset = "x", ControlPoints = ControlPoints("far.csv", (name, at) => name == "D" ? (at.X + 500, at.Y) : at).Result });
        Assert.Contains("disagree by", message, StringComparison.Ordinal);
        Assert.Contains("D is off by most", message, StringComparison.Ordinal);
        Assert.Contains("disagree by", await files.Refusal(path, r => r with { Dataset = "x", ControlPoints = ControlPoints("swapped.csv", (_, at) => (at.Y, at.X)).Result }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,x,y,lon,lat\nA,0,0,121,31\nB,1,1,121,31\n", "2 control points")]
    [InlineData("name,x,y,lon,lat\nA,0,0,121,31\nB,1000,1000,121.01,31.01\nC,2000,2000,121.02,31.02\n", "on one line")]
    [InlineData("name,x,lon,lat\nA,0,121,31\n", "no column y")]
    [InlineData("name,x,y,lon,lat\nA,0,0,31,121\n", "line 2", "exchanged")]
    [InlineData("name,x,y,lon,lat\nA,0,zero,121,31\n", "line 2: y is no number")]
    [InlineData("", "empty")]
    public async Task Control_points_that_do_not_suffice_are_refused(string text, params string[] says)
    {
        var message = await files.Refusal(files.Text("local3.csv", "x,y\n7000,-800\n"), r => r with { ControlPoints = files.Text("few.csv", text) });
        Assert.All(says, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Seven_parameters_are_found_again_from_points_on_another_ellipsoid()
    {
        // Beijing 1954 (Krasovsky) with seven invented parameters; PROJ, a program of its own, makes the points.
        const string secret = "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=krass +towgs84=-12.5,155.25,80.75,1.1,-0.6,0.9,-3.2 +units=m +no_defs";
        async Task<string> At(double lon, double lat) => string.Join(',', (await Ran.Program("gdaltransform", ["-s_srs", "EPSG:4326", "-t_srs", secret], input: $"{Number(lon)} {Number(lat)} 0\n")).Succeeded.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries));
        var lines = new List<string> { "name,x,y,height,lon,lat" };
        foreach (var mark in Marks) lines.Add($"{mark.Name},{await At(mark.Lon, mark.Lat)},{Number(mark.Lon)},{Number(mark.Lat)}");
        var local = (await At(Lon, Lat)).Split(',');
        var report = await files.Import(files.Text("bj54.csv", $"x,y\n{local[0]},{local[1]}\n"), r => r with { Crs = "EPSG:2437", ControlPoints = files.Text("seven.csv", string.Join('\n', lines)) });
        Assert.InRange(await world.Database.Scalar<double>(FormattableString.Invariant($"select ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint({Lon}, {Lat}), 4326)::geography) from feature where dataset_id = 'bj54'")), 0, 0.02);
        Assert.InRange((double)report.Figures["controlRmsMetres"]!, 0, 0.02);
    }
}
