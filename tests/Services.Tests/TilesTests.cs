using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Jietong.Services.Tiles;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Vector tiles as a client walks to them, and as GDAL decodes them, held against SQL.</summary>
[Collection(nameof(ShippedService))]
public sealed class TilesTests(ShippedService service)
{
    private const string Quad = "tiles/WebMercatorQuad", Days = "asOf=2026-11-22&knownBy=2026-11-22";

    private async Task<HttpResponseMessage> Get(string address, string? tag = null, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        if (encoding is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return await service.Http.SendAsync(request);
    }

    /// <summary>The features of a layer of a tile in Web Mercator, decoded by GDAL.</summary>
    private async Task<List<JsonElement>> Decoded(string layer, int z, int row, int column, string parameters, bool ofDataset = false)
    {
        var folder = Directory.CreateTempSubdirectory("jietong-tile-").FullName;
        var file = Path.Combine(folder, "tile.mvt");
        await File.WriteAllBytesAsync(file, await service.Http.GetByteArrayAsync($"{(ofDataset ? "" : $"/collections/{layer}")}/{Quad}/{z}/{row}/{column}?{parameters}"));
        var features = await Downloaded.Gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", file, layer, "-oo", $"X={column}", "-oo", $"Y={row}", "-oo", $"Z={z}", "-oo", "CLIP=NO", "-t_srs", "EPSG:3857", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=3");
        Directory.Delete(folder, recursive: true);
        return [.. JsonDocument.Parse(features).RootElement.GetProperty("features").EnumerateArray()];
    }

    private static string? Text(JsonElement feature, string name) => feature.GetProperty("properties").TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    public static TheoryData<string, int, int, int, string, string> Contents => new()
    {
        { "links", 8, 104, 214, Days, "link_as_of('2026-11-22', '2026-11-22')|point" },
        { "links", 10, 418, 856, "asOf=2018-06-29&knownBy=2018-06-29", "link_as_of('2018-06-29', '2018-06-29')|point" },
        { "links", 0, 0, 0, "datetime=2018-06-29&knownBy=2026-11-22", "link_as_of('2018-06-29', '2026-11-22')|point" },
        { "link-lines", 12, 1672, 3425, Days, "link_as_of('2026-11-22', '2026-11-22')|geom|GeometryType(geom) = 'MULTILINESTRING'" },
        { "stops", 10, 418, 856, "", "stop|geom" },
        { "places", 9, 209, 428, "", "place|geom" },
        { "places", 6, 26, 53, "", "place|geom|kind = 'centre'" },
        { "roads", 14, 6691, 13705, "", "road|geom" },
        { "roads", 12, 1672, 3425, "", "road|geom" },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task A_tile_has_what_SQL_finds_in_its_square(string layer, int z, int row, int column, string parameters, string rows)
    {
        var (from, geometry, where) = rows.Split('|') is [var f, var g, .. var w] ? (f, g, w.FirstOrDefault() ?? "true") : default;
        var envelope = $"ST_TileEnvelope({z}, {column}, {row}, margin => 64.0 / 4096)";
        var expected = await service.Database.Column($"select id from {from} where {where} and ST_Intersects(ST_Transform({geometry}, 3857), {envelope}) order by id");
        var features = await Decoded(layer, z, row, column, parameters);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, features.Select(x => Text(x, "id")!).Order(StringComparer.Ordinal));
        // Nothing lies further from where it is than a pixel: of the tile's lines no vertex, of lines no part.
        var pixel = 40075016.68 / Math.Pow(2, z) / 512;
        var given = string.Join(" union all ", features.Select(x => $"select '{Text(x, "id")}' as id, ST_SetSRID(ST_GeomFromGeoJSON($j${x.GetProperty("geometry").GetRawText()}$j$), 3857) as g"));
        var worst = await service.Database.Scalar<double>($"select max(ST_HausdorffDistance(t.g, ST_Intersection(ST_Transform(s.{geometry}, 3857), {envelope}))) from ({given}) t join {from} s using (id)");
        Assert.True(worst <= pixel * 1.01, $"{worst} m is more than a pixel, {pixel} m");
    }

    [Fact]
    public async Task Of_small_scales_only_great_roads_come_and_none_below_a_pixel()
    {
        var features = await Decoded("roads", 8, 104, 214, "");
        var expected = await service.Database.Column("""
            select id from road where class in ('motorway', 'class1', 'urban_expressway', 'urban_trunk') and geom && ST_Transform(ST_TileEnvelope(8, 214, 104, margin => 64.0 / 4096), 4326)
            and greatest(ST_XMax(geom) - ST_XMin(geom), ST_YMax(geom) - ST_YMin(geom)) >= 360.0 / 256 / 512 order by id
            """);
        Assert.Subset(expected.ToHashSet(), features.Select(f => Text(f, "id")!).ToHashSet());
        Assert.InRange(features.Count, expected.Count * 9 / 10, expected.Count);   // a step is smaller than a pixel, but may still swallow a line
        Assert.NotEmpty(features);
    }

    [Fact]
    public async Task A_tile_of_the_dataset_has_every_layer_and_those_that_are_chosen()
    {
        foreach (var layer in new[] { "links", "places", "roads", "stops" })
            Assert.Equal((await Decoded(layer, 10, 418, 856, Days)).Select(f => f.ToString()), (await Decoded(layer, 10, 418, 856, Days, ofDataset: true)).Select(f => f.ToString()));
        var (all, two, links, roads) = (await service.Http.GetByteArrayAsync($"/{Quad}/10/418/856?{Days}"), await service.Http.GetByteArrayAsync($"/{Quad}/10/418/856?{Days}&collections=links,roads"),
            await service.Http.GetByteArrayAsync($"/collections/links/{Quad}/10/418/856?{Days}"), await service.Http.GetByteArrayAsync($"/collections/roads/{Quad}/10/418/856"));
        Assert.Equal([.. links, .. roads], two);
        Assert.True(all.Length > two.Length);
    }

    [Fact]
    public async Task Attributes_are_few_unless_others_are_asked_for()
    {
        var link = (await Decoded("links", 10, 418, 856, Days)).Single(f => Text(f, "id") == "s1-m11");
        Assert.Equal("苏州市域轨道交通S1线—上海M11线花桥站", Text(link, "nameZh"));
        Assert.Equal((await service.Database.Column("select state || ' ' || kind || ' ' || nature from link_as_of('2026-11-22', '2026-11-22') where id = 's1-m11'"))[0], $"{Text(link, "state")} {Text(link, "kind")} {Text(link, "nature")}");
        Assert.Null(Text(link, "positionNoteZh"));
        var asked = (await Decoded("links", 10, 418, 856, Days + "&properties=units,evidenceAgeDays,since")).Single(f => Text(f, "id") == "s1-m11");
        Assert.Equal(["evidenceAgeDays", "id", "since", "units"], asked.GetProperty("properties").EnumerateObject().Select(p => p.Name).Where(n => n != "mvt_id").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/collections/roads")]
    [InlineData("/asof/2018-06-29")]
    [InlineData("/asof/2018-06-29/collections/links")]
    public async Task From_the_list_of_tilesets_the_way_leads_to_a_tile(string below)
    {
        static JsonElement Link(JsonElement document, string rel) => document.GetProperty("links").EnumerateArray().First(l => l.GetProperty("rel").GetString() == rel);
        var listed = Assert.Single((await service.Json($"{below}/tiles")).GetProperty("tilesets").EnumerateArray());
        Assert.Equal("vector", listed.GetProperty("dataType").GetString());
        var tileset = await service.Json(Link(listed, "self").GetProperty("href").GetString()!);
        Assert.Equal(listed.GetProperty("tileMatrixSetURI").GetString(), tileset.GetProperty("tileMatrixSetURI").GetString());
        var scheme = await service.Json(Link(tileset, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme").GetProperty("href").GetString()!);
        Assert.Equal(tileset.GetProperty("tileMatrixSetURI").GetString(), scheme.GetProperty("uri").GetString());
        var item = Link(tileset, "item");
        Assert.True(item.GetProperty("templated").GetBoolean());
        var limit = tileset.GetProperty("tileMatrixSetLimits").EnumerateArray().Single(l => l.GetProperty("tileMatrix").GetString() == "10");
        Assert.InRange(418, limit.GetProperty("minTileRow").GetInt32(), limit.GetProperty("maxTileRow").GetInt32());
        using var tile = await Get(item.GetProperty("href").GetString()!.Replace("{tileMatrix}", "10", StringComparison.Ordinal).Replace("{tileRow}", "418", StringComparison.Ordinal).Replace("{tileCol}", "856", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, "application/vnd.mapbox-vector-tile"), (tile.StatusCode, tile.Content.Headers.ContentType!.MediaType));
        if (below.StartsWith("/asof", StringComparison.Ordinal)) Assert.Equal("2018-06-29", tile.Headers.GetValues("Jietong-As-Of").Single());
        var json = await service.Json($"{below}/tilejson");
        var (box, place) = (json.GetProperty("bounds").EnumerateArray().Select(n => n.GetDouble()).ToArray(), json.GetProperty("tiles")[0].GetString()!);
        Assert.True(box[0] < 121.1 && 121.1 < box[2] && box[1] < 31.3 && 31.3 < box[3]);
        using var same = await Get(place.Replace("{z}", "10", StringComparison.Ordinal).Replace("{y}", "418", StringComparison.Ordinal).Replace("{x}", "856", StringComparison.Ordinal));
        Assert.Equal(await tile.Content.ReadAsByteArrayAsync(), await same.Content.ReadAsByteArrayAsync());
        foreach (var layer in json.GetProperty("vector_layers").EnumerateArray()) Assert.NotEmpty(layer.GetProperty("fields").EnumerateObject());
    }

    /// <summary>OGC 17-083r4, annex D.1: scale denominators and cell sizes of the well-known scale set, and PostGIS's envelopes.</summary>
    [Fact]
    public async Task The_tile_matrix_set_is_the_registered_one()
    {
        Assert.Equal("WebMercatorQuad", Assert.Single((await service.Json("/tileMatrixSets")).GetProperty("tileMatrixSets").EnumerateArray()).GetProperty("id").GetString());
        var matrices = (await service.Json("/tileMatrixSets/WebMercatorQuad")).GetProperty("tileMatrices").EnumerateArray().ToList();
        Assert.Equal(25, matrices.Count);
        Assert.Equal(559082264.028717, matrices[0].GetProperty("scaleDenominator").GetDouble(), 1e-6);
        Assert.Equal(0.009330691929343, matrices[24].GetProperty("cellSize").GetDouble(), 1e-12);
        Assert.Equal(1 << 24, matrices[24].GetProperty("matrixWidth").GetInt32());
        Assert.Equal(await service.Database.Scalar<double>("select ST_XMin(ST_TileEnvelope(0, 0, 0))"), matrices[7].GetProperty("pointOfOrigin")[0].GetDouble(), 1e-6);
    }

    public static TheoryData<string, int> Wrong => new()
    {
        { $"/{Quad}/40/0/0", 404 }, { $"/{Quad}/17/0/0", 404 }, { $"/{Quad}/-1/0/0", 404 }, { $"/{Quad}/3/8/0", 404 }, { $"/{Quad}/3/0/8", 404 }, { $"/{Quad}/3/-1/0", 404 }, { $"/{Quad}/3/0/99999999999", 404 },
        { $"/{Quad}/a/0/0", 400 }, { $"/{Quad}/3/1.5/0", 400 }, { $"/{Quad}/3/0/99999999999999999999", 400 }, { $"/{Quad}/３/0/0", 400 }, { $"/{Quad}/3/0/0.mvt", 400 },
        { "/tiles/nothing/3/0/0", 404 }, { "/tiles/nothing", 404 }, { "/tileMatrixSets/nothing", 404 }, { "/collections/links/tiles/nothing", 404 },
        { $"/collections/nothing/{Quad}/3/0/0", 404 }, { $"/collections/sources/{Quad}/3/0/0", 404 }, { "/collections/lines/tiles", 404 }, { "/collections/claims/tilejson", 404 },
        { $"/collections/roads/{Quad}/4/6/13", 404 }, { $"/{Quad}/4/6/13?collections=roads", 404 },
        { $"/{Quad}/10/418/856?collections=nothing", 400 }, { $"/{Quad}/10/418/856?collections=sources", 400 }, { $"/{Quad}/10/418/856?collections=", 400 }, { $"/collections/links/{Quad}/10/418/856?collections=links", 400 },
        { $"/collections/links/{Quad}/10/418/856?properties=nothing", 400 }, { $"/collections/links/{Quad}/10/418/856?properties=geometry", 400 }, { $"/collections/links/{Quad}/10/418/856?properties=", 400 }, { $"/collections/links/{Quad}/10/418/856?properties=id&properties=state", 400 },
        { $"/{Quad}/10/418/856?properties=class;drop", 400 }, { $"/{Quad}/10/418/856?nothing=1", 400 }, { $"/{Quad}/10/418/856?asOf=2018-02-30", 400 }, { $"/{Quad}/10/418/856?datetime=yesterday", 400 }, { $"/{Quad}/10/418/856?bbox=1,2,3", 400 },
        { $"/{Quad}/10/418/856?filter={new string('(', 10_000)}", 400 }, { $"/{Quad}/10/418/856?properties={new string('x', 10_000)}", 400 }, { $"/asof/2018-06-29/{Quad}/10/418/856?asOf=2018-06-29", 400 },
        { "/tiles?nothing=1", 400 }, { "/tilejson?asOf=never", 400 }, { $"/{Quad}?f=xml", 400 }, { "/tileMatrixSets?nothing=1", 400 }, { "/styles/nothing", 404 }, { "/styles/status?collections=sources", 400 }, { "/map?nothing=1", 400 }, { "/assets/nothing", 404 }, { "/assets/..%2fjietong.dll", 404 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_a_problem_with_the_right_status(string address, int status)
    {
        var refused = await service.Refused(address);
        Assert.Equal((status, "application/problem+json"), (refused.Status, refused.MediaType));
        Assert.InRange(refused.Body.GetProperty("detail").GetString()!.Length, 10, 2_000);
    }

    [Fact]
    public async Task Where_nothing_lies_there_is_no_content()
    {
        using var empty = await Get($"/{Quad}/10/0/0");
        Assert.Equal((HttpStatusCode.NoContent, 0), (empty.StatusCode, (await empty.Content.ReadAsByteArrayAsync()).Length));
        using var before = await Get($"/collections/links/{Quad}/10/418/856?asOf=1990-01-01");
        Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);
    }

    [Fact]
    public async Task A_tile_travels_compressed_and_whoever_has_it_is_told_so()
    {
        var address = $"/{Quad}/10/418/856?{Days}";
        using var plain = await Get(address);
        using var packed = await Get(address, encoding: "br, gzip;q=0.8");
        using var refused = await Get(address, encoding: "gzip;q=0, identity");
        Assert.Equal("gzip", Assert.Single(packed.Content.Headers.ContentEncoding));
        Assert.Empty(refused.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await unpacked.CopyToAsync(bytes);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), bytes.ToArray());
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);   // other bytes, another tag
        Assert.Contains("Accept-Encoding", packed.Headers.Vary);
        Assert.Equal("*", packed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var again = await Get(address, packed.Headers.ETag!.Tag, "br, gzip;q=0.8");
        Assert.Equal((HttpStatusCode.NotModified, packed.Headers.ETag, 0), (again.StatusCode, again.Headers.ETag, (await again.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task The_map_library_is_served_as_it_was_published()
    {
        var sums = Worlds.Checkout.Read("services", "Tiles", "vendor", "README.md").Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')).ToList();
        Assert.Equal(3, sums.Count);
        foreach (var cells in sums) Assert.Equal(cells[3], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await service.Http.GetByteArrayAsync("/assets/" + cells[1]))));
        Assert.Contains("MapLibre", await service.Http.GetStringAsync("/assets/maplibre-gl.LICENSE.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_collection_with_a_geometry_is_drawn_with_attributes_that_it_has()
    {
        Assert.Equal(Geodata.Query.Catalogue.Collections.Where(l => l.GeometryType is not null).Select(l => l.Collection).Order(), TileRules.All.Select(r => r.Layer.Collection).Order());
        foreach (var rules in TileRules.All) Assert.All(rules.Attributes, a => rules.Layer.Column(a));
    }
}
