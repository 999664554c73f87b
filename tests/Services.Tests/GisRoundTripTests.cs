using System.Text.Json;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What our own downloads hold comes in again as it went out: the same positions and texts, in every format.</summary>
[Collection(nameof(ShippedService))]
public sealed class GisRoundTripTests(ShippedService service)
{
    /// <param name="format">Of the download.</param>
    /// <param name="more">Parameters of it.</param>
    /// <param name="ending">Of the file.</param>
    /// <param name="metres">How far off a position may be: the digits that the format writes.</param>
    [Theory]
    [InlineData("gpkg", "", ".gpkg", 0.01), InlineData("gpkg", "&crs=EPSG:4549", ".gpkg", 0.02), InlineData("gpkg", "&crs=EPSG:4528", ".gpkg", 0.02), InlineData("gpkg", "&crs=EPSG:32651", ".gpkg", 0.02)]
    [InlineData("fgb", "", ".fgb", 0.01), InlineData("fgb", "&crs=EPSG:4549", ".fgb", 0.02)]
    [InlineData("shp", "", ".zip", 0.01), InlineData("shp", "&encoding=gbk", ".zip", 0.01), InlineData("shp", "&encoding=gbk&crs=EPSG:4549", ".zip", 0.02)]
    [InlineData("geojson", "", ".geojson", 0.02), InlineData("geojson", "&crs=EPSG:4490", ".geojson", 0.02)]
    [InlineData("csv", "", ".csv", 0.02), InlineData("csv", "&crs=EPSG:4549", ".csv", 0.02)]
    [InlineData("xlsx", "", ".xlsx", 0.02), InlineData("kml", "", ".kml", 0.02)]
    public async Task A_downloaded_layer_comes_in_as_it_went_out(string format, string more, string ending, double metres)
    {
        await using var database = await TestDatabase.Create();
        foreach (var collection in format == "xlsx" ? ["places"] : (string[])["places", "roads"])
        {
            var sent = await Stored(database, collection, await service.Http.GetAsync($"/collections/{collection}/download?f={format}{more}"), ending, format == "xlsx" ? r => r with { FromLayer = "数据 Data" } : null);
            var items = (await service.Json($"/collections/{collection}/items?limit=10000")).GetProperty("features").EnumerateArray().ToList();
            Assert.Equal(items.Count, await database.Scalar<long>($"select count(*) from feature where dataset_id = '{sent}'"));
            foreach (var item in items)
            {
                var (id, name, geometry) = (item.GetProperty("properties").TryGetProperty("id", out var own) ? own.GetString() : item.GetProperty("id").GetString(), item.GetProperty("properties").GetProperty("nameZh").GetString(), item.GetProperty("geometry").GetRawText());
                await using var asked = database.Db.CreateCommand("select properties ->> 'nameZh', case when geom is null then 0 else ST_HausdorffDistance(ST_Transform(geom, 32651), ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON($3), 4326), 32651)) end from feature where dataset_id = $1 and properties ->> 'id' = $2");
                foreach (var value in new[] { sent, id!, geometry }) asked.Parameters.Add(new() { Value = value });
                await using var row = await asked.ExecuteReaderAsync();
                Assert.True(await row.ReadAsync(), $"{collection} {id}");
                Assert.Equal(name, row.GetString(0));
                if (item.GetProperty("geometry").ValueKind != JsonValueKind.Null) Assert.InRange(row.GetDouble(1), 0, metres);
            }
        }
    }

    [Theory]
    [InlineData("geojson", "GCJ-02", "gcj02"), InlineData("gpkg", "BD-09", "bd09"), InlineData("csv", "GCJ-02", null)]
    public async Task A_download_in_a_datum_of_web_maps_comes_back_by_its_name(string format, string crs, string? datum)
    {
        await using var database = await TestDatabase.Create();
        var sent = await Stored(database, "places", await service.Http.GetAsync($"/collections/places/download?f={format}&crs=urn:x-jietong:crs:{crs}"), "." + format, r => r with { Datum = datum });
        await using var there = service.Database.Db.CreateCommand("select ST_X(geom), ST_Y(geom) from place where id = 'kunshan-huaqiao'");
        await using var row = await there.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        Assert.InRange(await database.Scalar<double>(FormattableString.Invariant($"select ST_Distance(geom::geography, ST_SetSRID(ST_MakePoint({row.GetDouble(0)}, {row.GetDouble(1)}), 4326)::geography) from feature where dataset_id = '{sent}' and properties ->> 'id' = 'kunshan-huaqiao'")), 0, 0.2);
    }

    [Theory]
    [InlineData("", null), InlineData("&encoding=utf-8", "UTF-8")]
    public async Task A_drawing_comes_in_with_its_positions_and_names(string more, string? encoding)
    {
        _ = encoding;
        await using var database = await TestDatabase.Create();
        var sent = await Stored(database, "places", await service.Http.GetAsync($"/collections/places/download?f=dxf{more}"), ".dxf", r => r with { Datum = "wgs84" });
        Assert.True(await database.Scalar<long>($"select count(*) from feature where dataset_id = '{sent}' and GeometryType(geom) = 'POINT'") > 80);
        if (more == "") Assert.Equal(1, await database.Scalar<long>($"select count(*) from feature where dataset_id = '{sent}' and properties ->> 'Text' = '花桥镇'"));
    }

    [Fact]
    public async Task What_was_imported_goes_out_as_points_lines_and_areas_in_every_format()
    {
        await using var world = new ServedImport();
        await world.InitializeAsync();
        foreach (var (collection, count) in new[] { ("feature-points", 1), ("feature-lines", 1), ("feature-polygons", 2) })
            foreach (var format in new[] { "geojson", "gpkg", "fgb", "shp", "csv", "kml" })
            {
                await using var database = await TestDatabase.Create();
                var sent = await Stored(database, "x", await world.Http.GetAsync($"/collections/{collection}/download?f={format}"), format == "shp" ? ".zip" : "." + format, null);
                Assert.Equal(count, await database.Scalar<long>($"select count(*) from feature where dataset_id = '{sent}'"));
                if (collection == "feature-polygons") Assert.Equal(ServedImport.Areas, string.Join("; ", await database.Column($"select ST_AsText(ST_Normalize(geom), 3) from feature where dataset_id = '{sent}' order by ST_Area(geom)")));
            }
        var odata = JsonDocument.Parse(await world.Http.GetStringAsync("/odata/Features?$filter=name eq '湖'&$select=name,dataset")).RootElement.GetProperty("value");
        Assert.Equal("gis", odata[0].GetProperty("dataset").GetString());
    }

    private static async Task<string> Stored(TestDatabase database, string collection, HttpResponseMessage response, string ending, Func<ImportRequest, ImportRequest>? with)
    {
        using var _ = response;
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var folder = Directory.CreateTempSubdirectory("jietong-round-").FullName;
        var path = Path.Combine(folder, collection + ending);
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        var request = new ImportRequest([path], "test") { Dataset = collection };
        await Geodata.Imports.Import.Run(database.Db, with?.Invoke(request) ?? request);
        Directory.Delete(folder, recursive: true);
        return collection;
    }

    /// <summary>A service with a few imported features of each type.</summary>
    private sealed class ServedImport : IAsyncDisposable
    {
        public const string Areas = "MULTIPOLYGON(((121 31,121 31.1,121.1 31.1,121 31))); MULTIPOLYGON(((122 31,122 31.2,122.2 31.2,122.2 31,122 31)),((121 31,121 31.3,121.3 31.3,121.3 31,121 31),(121.1 31.1,121.2 31.1,121.2 31.2,121.1 31.2,121.1 31.1)))";
        private readonly ShippedService service = new();

        public HttpClient Http => service.Http;

        public async Task InitializeAsync()
        {
            await service.InitializeAsync();
            var path = Path.Combine(Path.GetTempPath(), $"jietong-{Guid.NewGuid():N}.csv");
            await File.WriteAllTextAsync(path, """
                id,name,wkt
                1,点,POINT (121 31)
                2,线,"LINESTRING (121 31, 121.1 31.1)"
                3,湖,"POLYGON ((121 31, 121 31.1, 121.1 31.1, 121 31))"
                4,群岛,"MULTIPOLYGON (((121 31, 121 31.3, 121.3 31.3, 121.3 31, 121 31), (121.1 31.1, 121.2 31.1, 121.2 31.2, 121.1 31.2, 121.1 31.1)), ((122 31, 122 31.2, 122.2 31.2, 122.2 31, 122 31)))"
                5,群点,"MULTIPOINT ((121 31), (122 32))"
                """);
            await Geodata.Imports.Import.Run(service.Database.Db, new([path], "test") { Dataset = "gis" });
            File.Delete(path);
        }

        public async ValueTask DisposeAsync() => await service.DisposeAsync();
    }
}
