using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using ClosedXML.Excel;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Every format of /download, read back and held against /items.</summary>
[Collection(nameof(ShippedService))]
public sealed class DownloadTests(ShippedService service)
{
    private async Task<List<JsonElement>> Items(string collection, string parameters) =>
        [.. (await service.Json($"/collections/{collection}/items?limit=10000{parameters}")).GetProperty("features").EnumerateArray()];

    [Theory]
    [InlineData("gpkg", "links", "link-lines", "roads", "attestations", "gains")]
    [InlineData("fgdb", "links", "link-lines", "roads", "sources")]
    [InlineData("fgb", "links", "link-lines", "roads", "places")]
    [InlineData("shp", "links", "link-lines", "roads", "attestations")]
    [InlineData("geojson", "links", "link-lines", "roads", "attestations")]
    [InlineData("geojsonl", "links", "link-lines", "roads", "attestations")]
    [InlineData("csv", "links", "link-lines", "roads", "attestations", "gains")]
    [InlineData("kml", "links", "link-lines", "roads")]
    public async Task A_file_holds_the_features_of_items(string format, params string[] collections)
    {
        foreach (var collection in collections)
            foreach (var crs in format is "kml" or "geojsonl" || collection is not "link-lines" ? [""] : (string[])["", "&crs=EPSG:4549", "&crs=EPSG:4490"])
            {
                using var file = await Downloaded.From(service.Http, $"/collections/{collection}/download?f={format}&asOf=2023-06-22{crs}", format switch { "fgdb" => "x.gdb.zip", "shp" => "x.shp.zip", _ => "x." + format });
                var found = await file.Features("id", format == "csv" ? ["-oo", "GEOM_POSSIBLE_NAMES=WKT*", "-oo", "KEEP_GEOM_COLUMNS=NO"] : []);
                Downloaded.Same(await Items(collection, "&asOf=2023-06-22" + crs), found, flipped: crs != "", longest: format == "shp" ? 254 : int.MaxValue);
                if (crs == "") continue;
                if (format == "csv") { Assert.Contains($",WKT_EPSG{crs[^4..]}\r\n", await File.ReadAllTextAsync(file.Path), StringComparison.Ordinal); continue; }
                Assert.Contains($"ID[\"EPSG\",{crs[^4..]}]]", string.Concat((await Downloaded.Gdal("ogrinfo", "-ro", "-al", "-so", file.Path)).Split('\n').Select(l => l.Trim())), StringComparison.Ordinal);
            }
    }

    [Fact]
    public async Task Filters_of_place_and_time_hold_for_files_too()
    {
        const string some = "bbox=121.0,31.2,121.2,31.4&asOf=2018-06-29&knownBy=2020-01-01";
        using var file = await Downloaded.From(service.Http, $"/collections/links/download?f=gpkg&{some}", "x.gpkg");
        Downloaded.Same(await Items("links", "&" + some), await file.Features("id"), flipped: false);
        using var below = await Downloaded.From(service.Http, "/asof/2018-06-29/collections/links/download?f=geojson", "x.geojson");
        Assert.Equal((await Items("links", "&asOf=2018-06-29")).Count, (await below.Features("id")).Count);
    }

    [Fact]
    public async Task A_column_without_any_value_keeps_its_type_and_each_its_Chinese_title()
    {
        const string none = "filter=id%3D'none'";   // no feature at all
        foreach (var (format, file) in new[] { ("gpkg", "x.gpkg"), ("fgdb", "x.gdb.zip"), ("fgb", "x.fgb"), ("shp", "x.shp.zip") })
        {
            using var empty = await Downloaded.From(service.Http, $"/collections/links/download?f={format}&{none}", file);
            var said = await Downloaded.Gdal("ogrinfo", "-ro", "-al", "-so", empty.Path);
            Assert.Contains("Feature Count: 0", said, StringComparison.Ordinal);
            Assert.Contains("Geometry: Point", said, StringComparison.Ordinal);
            foreach (var (column, type) in new[] { ("since", format is "gpkg" or "shp" ? "Date" : "DateTime"), ("broken", "Integer"), ("area", "String") }) Assert.Contains($"{column}: {type}", said, StringComparison.Ordinal);
            if (format is "fgdb" or "fgb") Assert.Contains("alternative name=\"状态\"", said, StringComparison.Ordinal);
        }
        using var package = await Downloaded.From(service.Http, "/collections/links/download?f=gpkg", "x.gpkg");
        Assert.Contains("title (String) = 状态", await Downloaded.Gdal("ogrinfo", "-ro", package.Path, "-sql", "select title from gpkg_data_columns where column_name = 'state'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shapefile_in_GB18030_says_so_and_its_bytes_are()
    {
        using var file = await Downloaded.From(service.Http, "/collections/links/download?f=shp&encoding=gbk&crs=EPSG:4549", "x.shp.zip");
        var items = await Items("links", "&crs=EPSG:4549");
        Downloaded.Same(items, await file.Features("id"), flipped: true, longest: 254);
        await using var archive = await ZipFile.OpenReadAsync(file.Path);
        Assert.Equal("GB18030", new StreamReader(archive.Entries.Single(e => e.Name.EndsWith(".cpg", StringComparison.Ordinal)).Open()).ReadToEnd());
        Assert.Contains("数据版本", new StreamReader(archive.Entries.Single(e => e.Name == "README.txt").Open()).ReadToEnd(), StringComparison.Ordinal);
        using var bytes = new MemoryStream();
        await archive.Entries.Single(e => e.Name.EndsWith(".dbf", StringComparison.Ordinal)).Open().CopyToAsync(bytes);
        Assert.Equal(items.Select(i => i.GetProperty("properties").GetProperty("nameZh").GetString()), Column(bytes.ToArray(), "nameZh"));
    }

    /// <summary>A column of a dBASE table, decoded by ourselves.</summary>
    private static List<string> Column(byte[] dbf, string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var (rows, head, width, at) = (BitConverter.ToInt32(dbf, 4), BitConverter.ToInt16(dbf, 8), BitConverter.ToInt16(dbf, 10), 1);
        for (var field = 32; ; at += dbf[field + 16], field += 32)
            if (Encoding.ASCII.GetString(dbf, field, 11).TrimEnd('\0') == name)
                return [.. Enumerable.Range(0, rows).Select(r => Encoding.GetEncoding("GB18030").GetString(dbf, head + r * width + at, dbf[field + 16]).TrimEnd())];
    }

    [Theory]
    [InlineData("", "GB18030", "AC1018")]
    [InlineData("&encoding=gbk", "GB18030", "AC1018")]
    [InlineData("&encoding=utf-8", "UTF-8", "AC1021")]
    public async Task A_drawing_has_a_layer_for_each_state_and_the_names_as_texts(string parameter, string encoding, string release)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        using var file = await Downloaded.From(service.Http, $"/collections/links/download?f=dxf&crs=EPSG:4549&asOf=2023-06-22{parameter}", "x.dxf");
        var placed = (await Items("links", "&asOf=2023-06-22")).Where(i => i.GetProperty("geometry").ValueKind != JsonValueKind.Null).Select(i => i.GetProperty("properties")).ToList();
        var features = JsonDocument.Parse(await Downloaded.Gdal("ogr2ogr", ["-f", "GeoJSON", "/vsistdout/", file.Path, .. encoding == "UTF-8" ? ["--config", "DXF_ENCODING", "UTF-8"] : Array.Empty<string>()]))
            .RootElement.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).ToList();
        var texts = features.Where(f => f.TryGetProperty("Text", out var text) && text.ValueKind == JsonValueKind.String).ToList();
        Assert.Equal(2 * placed.Count, features.Count);
        Assert.Equal(placed.Select(p => p.GetProperty("nameZh").GetString()).Order(), texts.Select(f => f.GetProperty("Text").GetString()).Order());
        Assert.Equal(placed.Select(p => Words.Zh(p.GetProperty("state").GetString())).Order(), texts.Select(f => f.GetProperty("Layer").GetString()).Order());
        var decoded = Encoding.GetEncoding(encoding, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(await File.ReadAllBytesAsync(file.Path));
        Assert.Contains($"$ACADVER\r\n  1\r\n{release}\r\n", decoded, StringComparison.Ordinal);
        Assert.Contains("$DWGCODEPAGE\r\n  3\r\nANSI_936\r\n", decoded, StringComparison.Ordinal);
        Assert.Contains("AcDbLayerTableRecord\r\n  2\r\n待核实\r\n", decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workbook_has_the_rows_the_columns_and_where_they_come_from()
    {
        using var file = await Downloaded.From(service.Http, "/collections/links/download?f=xlsx", "x.xlsx");
        using var book = new XLWorkbook(file.Path);
        var sheet = book.Worksheet("数据 Data");
        var names = sheet.Row(1).CellsUsed().Select(c => c.GetString()).ToList();
        var items = await Items("links", "");
        Assert.Equal(items.Count, sheet.LastRowUsed().RowNumber() - 1);
        foreach (var (i, item) in items.Index())
        {
            IXLCell Cell(string name) => sheet.Cell(i + 2, names.IndexOf(name) + 1);
            var properties = item.GetProperty("properties");
            foreach (var name in (string[])["id", "nameZh", "state", "source"]) Assert.Equal(properties.GetProperty(name).GetString(), Cell(name).GetString());
            Assert.Equal(properties.GetProperty("statedOn").GetString(), Cell("statedOn").GetDateTime().ToString("yyyy-MM-dd", null));
            Assert.Equal(properties.GetProperty("broken").GetBoolean(), Cell("broken").GetBoolean());
            if (item.GetProperty("geometry") is { ValueKind: JsonValueKind.Object } point) Assert.Equal(point.GetProperty("coordinates")[0].GetDouble(), Cell("longitude").GetDouble(), 1e-7);
        }
        Assert.Equal(["状态", "State"], book.Worksheet("字段 Columns").Rows().Single(r => r.Cell(1).GetString() == "state").Cells(2, 3).Select(c => c.GetString()));
        Assert.Contains(book.Worksheet("说明 About").Rows(), r => r.Cell(2).GetString() == "dataVersion");
    }

    [Fact]
    public async Task A_datum_of_web_maps_is_marked_in_the_name_and_declared_as_no_other()
    {
        using var response = await service.Http.GetAsync("/collections/links/download?f=gpkg&crs=GCJ-02");
        Assert.Contains("GCJ-02", response.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
        using var file = await Downloaded.From(service.Http, "/collections/links/download?f=gpkg&crs=GCJ-02", "x.gpkg");
        var said = await Downloaded.Gdal("ogrinfo", "-ro", "-al", "-so", file.Path);
        foreach (var mark in (string[])["Layer name: links_GCJ-02", "Undefined geographic SRS", "不是 WGS 84"]) Assert.Contains(mark, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_says_what_it_is_and_is_not_sent_twice()
    {
        using var head = await service.Http.SendAsync(new(HttpMethod.Head, "/collections/links/download?f=gpkg&asOf=2018-06-29"));
        using var got = await service.Http.GetAsync("/collections/links/download?f=gpkg&asOf=2018-06-29");
        foreach (var answer in new[] { head, got })
        {
            Assert.Equal((HttpStatusCode.OK, "application/geopackage+sqlite3"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal("attachment; filename=\"jietong_links_2018-06-29.gpkg\"; filename*=UTF-8''" + Uri.EscapeDataString("接通_通道（点）_2018-06-29.gpkg"), answer.Content.Headers.GetValues("Content-Disposition").Single());
            Assert.Equal("2018-06-29", answer.Headers.GetValues("Jietong-As-Of").Single());
            Assert.NotEmpty(answer.Headers.GetValues("Jietong-Data-Version"));
        }
        Assert.Equal(head.Headers.ETag, got.Headers.ETag);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/collections/links/download?f=gpkg&asOf=2018-06-29");
        again.Headers.IfNoneMatch.Add(got.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("links/download", 400, "f names the format: gpkg")]
    [InlineData("links/download?f=dwg", 400, "\"dwg\" is no format")]
    [InlineData("links/download?f=gpkg&f=shp", 400, "stands there 2 times")]
    [InlineData("links/download?f=gpkg&encoding=gbk", 400, "gpkg is always in UTF-8")]
    [InlineData("links/download?f=shp&encoding=big5", 400, "none of utf-8 and gbk")]
    [InlineData("links/download?f=gpkg&crs=EPSG:2154", 400, "no reference system of this service")]
    [InlineData("links/download?f=kml&crs=EPSG:4549", 400, "kml is always in WGS 84")]
    [InlineData("links/download?f=kml&crs=GCJ-02", 400, "kml is always in WGS 84")]
    [InlineData("attestations/download?f=dxf", 400, "attestations has no geometry")]
    [InlineData("attestations/download?f=fgb", 400, "attestations has no geometry")]
    [InlineData("links/download?f=gpkg&limit=5", 400, "\"limit\" is unknown")]
    [InlineData("links/download?f=gpkg&bbox=1,2,3", 400, "bbox")]
    [InlineData("nothing/download?f=gpkg", 404, "no collection")]
    public async Task What_is_wrong_is_said_with_the_way_out(string address, int status, string message)
    {
        var refused = await service.Refused("/collections/" + address);
        Assert.Equal((status, "application/problem+json"), (refused.Status, refused.MediaType));
        Assert.Contains(message, refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_writes_the_same_file_and_never_over_another()
    {
        using var file = await Downloaded.From(service.Http, "/collections/roads/download?f=geojsonl", "x.geojsonl");
        var to = file.Path + ".made";
        Assert.Equal(0, (await service.Command("export", "roads", "--format", "geojsonl", "--to", to)).ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(file.Path), await File.ReadAllTextAsync(to));
        var again = await service.Command("export", "roads", "--format", "gpkg", "--to", to);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await service.Command("export", "roads", "--format", "gpkg", "--crs", "EPSG:4549", "--to", to, "--force")).ExitCode);
        Assert.StartsWith("SQLite format 3", Encoding.ASCII.GetString((await File.ReadAllBytesAsync(to))[..15]), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(file.Path), (await service.Command("export", "roads", "--format", "geojsonl", "--to", "-")).Output);
        Assert.Contains("no collection", (await service.Command("export", "nothing", "--format", "csv", "--to", "-")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpkg", 2, "apt-get install gdal-bin")]
    [InlineData("geojson", 0, "")]
    public async Task Without_GDAL_the_formats_that_need_none_remain(string format, int code, string message)
    {
        var export = await Ran.Program(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "jietong.dll"), "export", "roads", "--format", format, "--to", "-"],
            environment: [("JIETONG_DB", service.Database.Address), ("PATH", "/nowhere")]);
        Assert.True(export.ExitCode == code, export.Error);
        Assert.Contains(message, export.Error, StringComparison.Ordinal);
        Assert.Equal(code > 0, export.Output == "");
    }
}
