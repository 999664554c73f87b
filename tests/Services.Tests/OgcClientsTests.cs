using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Clients of OGC API that others wrote: OWSLib, @camptocamp/ogc-client and GDAL find what SQL finds, and leave to the service what it can do itself.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class OgcClientsTests(ShippedService service)
{
    private const string Near = "select id from road where ST_Intersects(geom, ST_MakeEnvelope(121, 31.2, 121.2, 31.4, 4326)) order by ";
    private static readonly string[] Collections = [.. Catalogue.Collections.Select(l => l.Collection)];

    [Fact]
    public async Task OWSLib_reads_collections_queryables_and_items()
    {
        var found = Found(await Ran.Program("/usr/bin/python3", ["owslib_features.py", Address], NpmFolder.Clients.Folder));
        Assert.Contains("接通", found.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("3.0", found.GetProperty("definition").GetString(), StringComparison.Ordinal);
        Assert.Contains("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter", Texts(found, "conformance"));
        Assert.Equal(Collections, Texts(found, "collections"));
        Assert.Equal(NetworkLayers.Roads.Columns.Select(c => c.Name).Order(StringComparer.Ordinal), Texts(found, "queryables"));
        Assert.Equal(await service.Database.Column(Near + "id"), Texts(found, "near"));
        Assert.Equal(await service.Database.Column("select id from road where length_metres > 5000 and class = 'motorway' and ST_Intersects(geom, ST_MakeEnvelope(121, 31, 122, 32, 4326)) order by id"), Texts(found, "filtered"));
        Assert.Equal(await service.Database.Column("select id from road order by id limit 10 offset 10"), Texts(found, "second"));
        Assert.Equal(await service.Database.Column("select id from link_as_of('2018-06-29') order by id"), Texts(found, "then"));
        Assert.Equal(await service.Database.Scalar<string>("select name_zh from link where id = 's1-m11'"), found.GetProperty("one").GetString());
    }

    [Fact]
    public async Task A_client_from_npm_reads_collections_pages_and_single_features()
    {
        var found = Found(await NpmFolder.Clients.Run("node", ["ogc.mjs", Address]));
        Assert.Contains("接通", found.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.Equal(Collections, Texts(found, "collections"));
        Assert.Contains("roads", Texts(found, "vectorTiles"));
        Assert.Equal(("number", "string", "string"), (found.GetProperty("types").GetProperty("accuracyMetres").GetString(), found.GetProperty("types").GetProperty("nameZh").GetString(), found.GetProperty("types").GetProperty("validFrom").GetString()));
        Assert.Equal((await service.Json("/collections/roads")).GetProperty("extent").GetProperty("spatial").GetProperty("bbox")[0].EnumerateArray().Select(n => n.GetDouble()), found.GetProperty("box").EnumerateArray().Select(n => n.GetDouble()));
        Assert.Equal(await service.Database.Column("select id from road order by id"), Texts(found, "pages"));
        Assert.Equal(await service.Database.Column(Near + "length_metres desc, id"), Texts(found, "near"));
        Assert.Equal(await service.Database.Column("select id from link_as_of('2018-06-29') order by id"), Texts(found, "then"));
        Assert.Equal(await service.Database.Scalar<string>("select name_zh from link where id = 's1-m11'"), found.GetProperty("one").GetString());
        Assert.EndsWith("/collections/roads/download?f=gpkg", found.GetProperty("file").GetString(), StringComparison.Ordinal);
    }

    /// <summary>GDAL asks for the box and the property that a user names, rather than for everything.</summary>
    [Fact]
    public async Task GDAL_leaves_boxes_and_conditions_to_the_service()
    {
        var said = await Gdal("ogrinfo", "-ro", "-al", "-geom=SUMMARY", $"OAPIF:{service.Http.BaseAddress}", "roads", "-where", "class = 'class1'", "-spat", "121", "31", "121.3", "31.4", "--debug", "on");
        Assert.Contains(Fetched().Matches(said).Select(m => m.Groups[1].Value), address => address.Contains("/roads/items", StringComparison.Ordinal) && address.Contains("bbox=121", StringComparison.Ordinal) && address.Contains("class=class1", StringComparison.Ordinal));
        Assert.Equal(await service.Database.Column("select id from road where class = 'class1' and ST_Intersects(geom, ST_MakeEnvelope(121, 31, 121.3, 31.4, 4326)) order by id"), Ids().Matches(said).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task GDAL_reads_more_features_than_a_page_may_have()
    {
        const int many = 12_345;
        await using var world = await new RegisterWorld().Source("plan", "GOV", "2018-06-29").Load();
        await world.Execute($"insert into road (id, name_zh, name_en, class, adcode, geom, accuracy_metres, accuracy_kind, source_id, place) select 'r-' || n, '路', 'Road', 'class2', '310118', ST_MakeLine(ST_SetSRID(ST_MakePoint(121 + n / 1e5, 31), 4326), ST_SetSRID(ST_MakePoint(121 + n / 1e5, 31.1), 4326)), 30, 'digitised', 'map', 'p' from generate_series(1, {many}) n");
        await using var app = Serve.ServeCommand.Build(world.Db, "http://127.0.0.1:0");
        await app.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("jietong-gdal-").FullName, "roads.gpkg");
        await Gdal("ogr2ogr", "-f", "GPKG", file, $"OAPIF:{app.Urls.First()}/", "roads", "-oo", "PAGE_SIZE=1000");
        Assert.Contains($"n (Integer) = {many}\n", await Gdal("ogrinfo", "-ro", file, "-sql", "select count(distinct id) as n from roads"), StringComparison.Ordinal);
        Assert.Contains($"Feature Count: {many}\n", await Gdal("ogrinfo", "-ro", "-so", file, "roads"), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static IEnumerable<string> Texts(JsonElement found, string member) => found.GetProperty(member).EnumerateArray().Select(t => t.GetString()!);

    /// <summary>What a script of tests/Clients prints of the service.</summary>
    private static JsonElement Found(Ran script) => JsonDocument.Parse(script.Succeeded).RootElement;

    private string Address => service.Http.BaseAddress!.ToString();

    private static async Task<string> Gdal(string program, params string[] arguments)
    {
        var ran = await Ran.Program(program, arguments);
        return ran.Succeeded + ran.Error;
    }

    [GeneratedRegex("Fetch\\(([^)]*)\\)")] private static partial Regex Fetched();
    [GeneratedRegex("^  id \\(String\\) = (.*)$", RegexOptions.Multiline)] private static partial Regex Ids();
}
