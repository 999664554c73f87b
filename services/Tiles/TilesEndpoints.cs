using System.IO.Compression;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Gains;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Tiles;

/// <summary>OGC API – Tiles, Part 1: Core (OGC 20-057) with Mapbox Vector Tiles: of one collection, or of several in one tile.</summary>
internal static class TilesEndpoints
{
    public static void MapTiles(this WebApplication app, NpgsqlDataSource db)
    {
        var cache = TileCache.FromEnvironment();
        app.Lifetime.ApplicationStarted.Register(() => _ = Changes.Listen(db, cache.Begun, cache.Changed, cache.Lost, app.Lifetime.ApplicationStopping));

        app.MapAnswer("/tileMatrixSets", (HttpContext http) => Write(http, Bare(http, () => TilesDocuments.Schemes(http.Root()))));
        app.MapAnswer("/tileMatrixSets/{set}", (HttpContext http, string set) => Write(http, Bare(http, () => TileMatrixSet.Definition(), set)));
        Map(app, db, cache, "", Tileset.OfAll);
        Map(app, db, cache, "/collections/{id}", (http, others) => Tileset.Of(http, (string)http.GetRouteValue("id")!, others));
    }

    private static void Map(WebApplication app, NpgsqlDataSource db, TileCache cache, string below, Func<HttpContext, string[], Tileset> of)
    {
        app.MapAnswer(below + "/tiles", (HttpContext http) => Write(http, TilesDocuments.Tilesets(http, of(http, ["f"]))));
        app.MapAnswer(below + "/tiles/{set}", async (HttpContext http, string set) =>
        {
            var tiles = of(http, ["f"]);
            TileMatrixSet.Known(set);
            await Write(http, await TilesDocuments.OfTileset(http, db, tiles));
        });
        app.MapAnswer(below + "/tilejson", async (HttpContext http) => await Write(http, await TilesDocuments.TileJson(http, db, of(http, ["f"]))));
        app.MapAnswer(below + "/tiles/{set}/{matrix}/{row}/{column}", async (HttpContext http, string set, string matrix, string row, string column) =>
            await WriteTile(http, db, cache, AskedTile.Of(http, () => (of(http, []), Tileset.Read(set, matrix, row, column)))));
    }

    private static async Task WriteTile(HttpContext http, NpgsqlDataSource db, TileCache cache, AskedTile asked)
    {
        var (layers, statement, key) = asked;
        if (cache.Find(key) is not { } packed) cache.Keep(key, packed = await Compute(db, layers, statement, http.RequestAborted), statement.BuiltOn);
        Open(http);
        if (packed.Thinned is { } thinned) http.Response.Headers["Jietong-Thinned"] = thinned;
        if (Provenance.Write(http, packed.Version, layers[0].Query, statement.DependsOnAsOf, statement.DependsOnKnownBy)) return;
        if (packed.Packed.Length == 0)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        http.Response.ContentType = TilesDocuments.MediaType;
        await http.WritePacked(packed.Packed);
    }

    private static async Task<PackedTile> Compute(NpgsqlDataSource db, IReadOnlyList<TileLayer> layers, SqlStatement statement, CancellationToken cancel)
    {
        while (true)
        {
            var gains = new HashSet<string>();
            foreach (var layer in layers) gains.UnionWith(await GainStore.Prepare(db, layer.Query, cancel: cancel));
            var answer = await TileReader.Ask(db, layers, statement, cancel);
            if (gains.Any(hash => hash != answer.Version.ContentHash)) continue;   // the data changed between the two
            return new(answer.Version, Pack(answer.Bytes), answer.Cut.Count == 0 ? null : string.Join(", ", answer.Cut.Select(c => $"{c.Layer} {c.Shown} of {c.Of}")));
        }
    }

    internal static byte[] Pack(byte[] bytes)
    {
        if (bytes.Length == 0) return bytes;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Maps on pages of others may read it.</summary>
    internal static void Open(HttpContext http) => http.Response.Headers.AccessControlAllowOrigin = "*";

    internal static bool ReadsGzip(this HttpContext http) => http.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Quality is not 0 && (e.Value == "gzip" || e.Value == "*"));

    /// <summary>What is kept compressed goes out as it is, save to the few that cannot read it.</summary>
    internal static async Task WritePacked(this HttpContext http, byte[] packed)
    {
        if (http.ReadsGzip())
        {
            http.Response.Headers.ContentEncoding = "gzip";
            http.Response.ContentLength = packed.Length;
            await http.Response.Body.WriteAsync(packed, http.RequestAborted);
            return;
        }
        await using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        await unpacked.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    /// <summary>A document that takes no parameter but <c>f</c>.</summary>
    internal static JsonObject Bare(HttpContext http, Func<JsonObject> document, string set = TileMatrixSet.Id)
    {
        TileMatrixSet.Known(set);
        if (http.Request.Query.FirstOrDefault(p => p.Key != "f" || p.Value != "json") is { Key: { } unknown }) throw new InputException($"The parameter \"{unknown}\" is unknown here, but for f=json.");
        return document();
    }

    internal static Task Write(HttpContext http, JsonObject document, string mediaType = "application/json")
    {
        Open(http);
        return JsonAnswer.Write(http, document, mediaType);
    }
}
