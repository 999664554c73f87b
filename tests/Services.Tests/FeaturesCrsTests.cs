using System.Globalization;
using System.Text.Json;
using Jietong.Geodata.Query;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Positions in every reference system: OGC API – Features – Part 2, against formulas of our own and published points, never against the library that answers.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesCrsTests(ShippedService service)
{
    private const string Epsg = "http://www.opengis.net/def/crs/EPSG/0/";

    /// <summary>Transverse Mercator by Krüger's series (EPSG Guidance Note 7-2, 3.5.3.1, "JHS formulas").</summary>
    private static (double Northing, double Easting) Kruger(double lat, double lon, double a, double inverseFlattening, double lat0, double lon0, double k0, double falseEasting, double falseNorthing)
    {
        double f = 1 / inverseFlattening, n = f / (2 - f), e = Math.Sqrt(f * (2 - f)), b = a / (1 + n) * (1 + n * n / 4 + Math.Pow(n, 4) / 64);
        double[] h = [n / 2 - 2 * n * n / 3 + 5 * Math.Pow(n, 3) / 16 + 41 * Math.Pow(n, 4) / 180, 13 * n * n / 48 - 3 * Math.Pow(n, 3) / 5 + 557 * Math.Pow(n, 4) / 1440, 61 * Math.Pow(n, 3) / 240 - 103 * Math.Pow(n, 4) / 140, 49561 * Math.Pow(n, 4) / 161280];
        double Q(double phi) => Math.Asinh(Math.Tan(phi)) - e * Math.Atanh(e * Math.Sin(phi));
        var (phi, away) = (lat * Math.PI / 180, (lon - lon0) * Math.PI / 180);
        var beta = Math.Atan(Math.Sinh(Q(phi)));
        var (eta0, xi0) = (Math.Atanh(Math.Cos(beta) * Math.Sin(away)), 0.0);
        xi0 = Math.Asin(Math.Sin(beta) * Math.Cosh(eta0));
        var (xi, eta) = (xi0, eta0);
        for (var i = 1; i <= 4; i++) (xi, eta) = (xi + h[i - 1] * Math.Sin(2 * i * xi0) * Math.Cosh(2 * i * eta0), eta + h[i - 1] * Math.Cos(2 * i * xi0) * Math.Sinh(2 * i * eta0));
        double xiOrigin = Math.Atan(Math.Sinh(Q(lat0 * Math.PI / 180))), origin = xiOrigin;
        for (var i = 1; i <= 4; i++) origin += h[i - 1] * Math.Sin(2 * i * xiOrigin);
        return (falseNorthing + k0 * b * (xi - (lat0 == 0 ? 0 : origin)), falseEasting + k0 * b * eta);
    }

    [Fact]
    public void The_formula_gives_the_example_that_EPSG_publishes()
    {
        var (northing, easting) = Kruger(50.5, 0.5, 6377563.396, 299.32496, 49, -2, 0.9996012717, 400000, -100000);
        Assert.True(Math.Abs(northing - 69740.50) < 0.015 && Math.Abs(easting - 577274.99) < 0.015, $"{northing:F3} {easting:F3}");   // published to the centimetre
    }

    private async Task<Dictionary<string, (double First, double Second)>> Positions(string crs) => (await service.Json($"/collections/links/items?limit=10000&properties=id&crs={Uri.EscapeDataString(crs)}")).GetProperty("features").EnumerateArray()
        .Where(f => f.GetProperty("geometry").ValueKind == JsonValueKind.Object).ToDictionary(f => f.GetProperty("id").GetString()!, f => (f.GetProperty("geometry").GetProperty("coordinates")[0].GetDouble(), f.GetProperty("geometry").GetProperty("coordinates")[1].GetDouble()));

    public static TheoryData<string> Projected => ["4549", "4528", "32651", "3857"];

    [Theory]
    [MemberData(nameof(Projected))]
    public async Task Every_link_stands_where_the_formula_puts_it_with_axes_in_the_order_of_the_authority(string code)
    {
        var (degrees, projected) = (await Positions(Crs.Crs84.Uri), await Positions(Epsg + code));
        Assert.True(degrees.Count > 60);
        foreach (var (id, (lon, lat)) in degrees)
        {
            var (n, e) = code switch
            {
                "4549" => Kruger(lat, lon, 6378137, 298.257222101, 0, 120, 1, 500000, 0),
                "4528" => Kruger(lat, lon, 6378137, 298.257222101, 0, 120, 1, 40500000, 0),
                "32651" => Kruger(lat, lon, 6378137, 298.257223563, 0, 123, 0.9996, 500000, 0),
                _ => (6378137 * Math.Log(Math.Tan(Math.PI / 4 + lat * Math.PI / 360)), 6378137 * lon * Math.PI / 180),   // Guidance Note 7-2, 3.2.2
            };
            var (first, second) = code is "4549" or "4528" ? (n, e) : (e, n);   // EPSG: X is north, Y east in China; easting first in UTM and on the web
            Assert.True(Math.Abs(projected[id].First - first) < 0.02 && Math.Abs(projected[id].Second - second) < 0.02, $"{id}: {projected[id]} is not ({first:F2}, {second:F2})");
        }
    }

    [Theory]
    [InlineData("4326")]
    [InlineData("4490")]
    public async Task Degrees_come_latitude_first_where_the_authority_has_it_so(string code)
    {
        var (plain, turned) = (await Positions(Crs.Crs84.Uri), await Positions(Epsg + code));
        Assert.All(plain, link => Assert.Equal((link.Value.Second, link.Value.First), turned[link.Key]));
    }

    /// <summary>A box in any system finds what the same area finds in degrees, whatever the order of its axes.</summary>
    [Theory]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4326", "31.2,121.0,31.4,121.2")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/4490", "31.2,121.0,31.4,121.2")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857", "13469658,3658751,13491922,3684816")]
    [InlineData("[EPSG:4326]", "31.2,121.0,31.4,121.2")]
    public async Task A_box_may_come_in_any_of_them(string crs, string box) =>
        Assert.Equal(await service.Database.Column("select id from link_as_of() where point is null or point && ST_MakeEnvelope(121.0, 31.2, 121.2, 31.4, 4326) order by id"),
            (await service.Json($"/collections/links/items?bbox={box}&bbox-crs={Uri.EscapeDataString(crs)}")).GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()!));

    [Fact]
    public async Task A_box_in_metres_has_its_sides_in_metres()
    {
        var (n, e) = Kruger(31.3, 121.1, 6378137, 298.257222101, 0, 120, 1, 500000, 0);
        var near = (await Positions(Epsg + "4549")).Where(p => Math.Abs(p.Value.First - n) <= 9000 && Math.Abs(p.Value.Second - e) <= 9000).Select(p => p.Key).Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(near);
        var found = await service.Json(string.Create(CultureInfo.InvariantCulture, $"/collections/links/items?bbox={n - 9000},{e - 9000},{n + 9000},{e + 9000}&bbox-crs={Uri.EscapeDataString(Epsg + "4549")}"));
        Assert.Equal(near, found.GetProperty("features").EnumerateArray().Where(f => f.GetProperty("geometry").ValueKind == JsonValueKind.Object).Select(f => f.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_answer_names_its_system_and_every_collection_lists_them()
    {
        foreach (var crs in Crs.All)
        {
            using var answer = await service.Http.GetAsync($"/collections/roads/items?limit=1&crs={Uri.EscapeDataString(crs.Uri)}");
            Assert.Equal($"<{crs.Uri}>", answer.Headers.GetValues("Content-Crs").Single());
        }
        Assert.Equal($"<{Crs.Crs84.Uri}>", (await service.Http.GetAsync("/collections/roads/items?limit=1")).Headers.GetValues("Content-Crs").Single());
        foreach (var collection in (await service.Json("/collections")).GetProperty("collections").EnumerateArray().Where(c => c.TryGetProperty("crs", out _)))
        {
            Assert.Equal(Crs.All.Select(c => c.Uri), collection.GetProperty("crs").EnumerateArray().Select(c => c.GetString()));
            Assert.Contains(collection.GetProperty("storageCrs").GetString(), Crs.All.Select(c => c.Uri));
        }
    }

    /// <summary>The points that eviltransform's tests publish (github.com/googollee/eviltransform), found again to a decimetre.</summary>
    [Theory]
    [InlineData(31.1774276, 121.5272106, 31.17530398364597, 121.531541859215)]
    [InlineData(22.543847, 113.912316, 22.540796131694766, 113.9171764808363)]
    [InlineData(39.911954, 116.377817, 39.91334545536069, 116.38404722455657)]
    [InlineData(39.7392, -104.9903, 39.7392, -104.9903)]
    public async Task GCJ02_is_the_published_approximation(double lat, double lon, double gcjLat, double gcjLon)
    {
        var there = await Point("gcj02_of_wgs84", lon, lat);
        Assert.True(Math.Abs(there.X - gcjLon) < 1e-6 && Math.Abs(there.Y - gcjLat) < 1e-6, $"{there}");
        var back = await Point("wgs84_of_gcj02", there.X, there.Y);
        Assert.True(Math.Abs(back.X - lon) < 1e-8 && Math.Abs(back.Y - lat) < 1e-8, $"{back}");
    }

    /// <summary>The points that coordtransform's README publishes, from GCJ-02 and to it (github.com/wandergis/coordtransform); its inverse is an approximation to a metre.</summary>
    [Fact]
    public async Task BD09_is_the_published_approximation()
    {
        var there = await Point("bd09_of_wgs84(wgs84_of_gcj02", 116.404, 39.915);
        Assert.True(Math.Abs(there.X - 116.41036949371029) < 1e-8 && Math.Abs(there.Y - 39.92133699351021) < 1e-8, $"{there}");
        var back = await Point("gcj02_of_wgs84(wgs84_of_bd09", 116.404, 39.915);
        Assert.True(Math.Abs(back.X - 116.39762729119315) < 1e-5 && Math.Abs(back.Y - 39.90865673957631) < 1e-5, $"{back}");
    }

    private async Task<(double X, double Y)> Point(string function, double x, double y)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"select array[ST_X(p), ST_Y(p)]::text[] from (select {function}(ST_SetSRID(ST_MakePoint({x}, {y}), 4326)){(function.Contains('(') ? ")" : "")} as p) q");
        var found = await service.Database.Scalar<string[]>(sql);
        return (double.Parse(found[0], CultureInfo.InvariantCulture), double.Parse(found[1], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("GCJ-02")]
    [InlineData("BD-09")]
    public async Task A_shifted_answer_says_so_in_itself_and_is_some_hundred_metres_off(string crs)
    {
        var answer = await service.Json($"/collections/links/items?limit=3&crs={crs}");
        Assert.Contains(crs, answer.GetProperty("positions").GetString(), StringComparison.Ordinal);
        Assert.Contains(crs, (await service.Json($"/collections/links/items/s1-m11?crs={crs}")).GetProperty("positions").GetString(), StringComparison.Ordinal);
        Assert.False((await service.Json("/collections/links/items?limit=3")).TryGetProperty("positions", out _));
        var (plain, shifted) = (await Positions(Crs.Crs84.Uri), await Positions(crs));
        Assert.All(plain, p => Assert.InRange(Math.Sqrt(Math.Pow((shifted[p.Key].First - p.Value.First) * 95_000, 2) + Math.Pow((shifted[p.Key].Second - p.Value.Second) * 111_000, 2)), 300, 1600));
    }

    /// <summary>Lines and areas move vertex by vertex, and come back.</summary>
    [Fact]
    public async Task Every_kind_of_geometry_is_shifted_vertex_by_vertex()
    {
        foreach (var shape in new[] { "LINESTRING(121 31,121.1 31.2,121.2 31)", "MULTILINESTRING((121 31,121.1 31.2),(121.3 31.3,121.4 31.3))", "POLYGON((121 31,122 31,122 32,121 31),(121.7 31.2,121.8 31.2,121.8 31.3,121.7 31.2))",
            "MULTIPOLYGON(((121 31,121.1 31,121.1 31.1,121 31)),((122 31,122.1 31,122.1 31.1,122 31)))", "MULTIPOINT((121 31),(122 31))", "GEOMETRYCOLLECTION(POINT(121 31),LINESTRING(121 31,122 31))", "LINESTRING EMPTY" })
            Assert.Equal("true true true", await service.Database.Scalar<string>($"""
                select concat_ws(' ', case GeometryType(g) = GeometryType(m) and ST_NPoints(g) = ST_NPoints(m) when true then 'true' end, case ST_HausdorffDistance(g, wgs84_of_gcj02(m)) > 1e-7 when true then 'far' else 'true' end,
                    case ST_IsEmpty(g) or not ST_Equals(g, m) when true then 'true' end)
                from (select g, gcj02_of_wgs84(g) as m from (select ST_GeomFromText('{shape}', 4326) as g) x) y
                """));
    }

    [Theory]
    [InlineData("crs=EPSG:27700", "crs: \"EPSG:27700\" is no reference system")]
    [InlineData("crs=http://www.opengis.net/def/crs/EPSG/0/99999", "crs:")]
    [InlineData("bbox=31,121,32&bbox-crs=EPSG:4326", "four or six numbers")]
    [InlineData("bbox=121,31,122,32&bbox-crs=EPSG:4326", "lies outside")]
    [InlineData("bbox=1e308,0,1e309,1&bbox-crs=EPSG:3857", "four or six numbers")]
    [InlineData("bbox=1e300,0,1e301,1&bbox-crs=EPSG:3857", "off the earth")]
    [InlineData("bbox=13491922,3658751,13469658,3684816&bbox-crs=EPSG:3857", "west beyond its east")]
    [InlineData("bbox-crs=EPSG:3857", "write bbox too")]
    [InlineData("bbox=NaN,0,1,1", "four or six numbers")]
    public async Task What_is_no_place_on_earth_is_refused(string parameters, string says)
    {
        var (status, _, body) = await service.Refused("/collections/links/items?" + parameters);
        Assert.Equal(400, status);
        Assert.Contains(says, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
