using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Features;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Downloads;

/// <summary><c>/collections/{id}/download?f=gpkg</c>: all features that the address chooses, in one file.</summary>
internal static class DownloadEndpoint
{
    public static void MapDownloads(this WebApplication app, NpgsqlDataSource db) =>
        app.MapAnswer("/collections/{id}/download", (HttpContext http, string id) => Answer(http, db, FeaturesRequest.Collection(id)));

    private static async Task Answer(HttpContext http, NpgsqlDataSource db, Layer layer)
    {
        var download = Asked(http, layer);
        await using (var nothing = await RowReader.Ask(db, download.Query with { Limit = 0 }, cancel: http.RequestAborted))
            if (Head(http, download, nothing) || HttpMethods.IsHead(http.Request.Method)) return;
        await download.Write(db, rows =>
        {
            Head(http, download, rows);
            return http.Response.Body;
        }, http.RequestAborted);
    }

    private static Download Asked(HttpContext http, Layer layer)
    {
        var parameters = http.Request.Query;
        string? One(string name) => parameters.TryGetValue(name, out var values) ? values.ToString() : null;
        return Download.Of(FeaturesRequest.Chosen(layer, http, "f", "crs", "encoding"), "f", One("f"), One("encoding"));
    }

    /// <returns>True where the client has this very file already.</returns>
    private static bool Head(HttpContext http, Download download, RowReader rows)
    {
        var has = Provenance.Write(http, rows, download.Query);
        var headers = http.Response.Headers;
        if (download.Format.ByGdal) headers.ETag = "W/" + headers.ETag;   // the same content, but GDAL stamps files with ids and times of its own
        if (has) return true;
        var (ascii, chinese) = download.Names(rows.DependsOnAsOf);
        http.Response.ContentType = download.Format.MediaType;
        headers.ContentDisposition = $"attachment; filename=\"{ascii}\"; filename*=UTF-8''{Uri.EscapeDataString(chinese)}";
        return false;
    }
}
