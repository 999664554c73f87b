using System.CommandLine;
using Jietong.Geodata;
using Jietong.Services.Cli;
using Jietong.Services.Downloads;
using Jietong.Services.Features;
using Jietong.Services.Import;
using Jietong.Services.Jobs;
using Jietong.Services.OData;
using Jietong.Services.Reach;
using Jietong.Services.Reference;
using Jietong.Services.Tiles;
using Jietong.Services.Wfs;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Jietong.Services.Serve;

/// <summary>The server: every protocol over the same database.</summary>
public static class ServeCommand
{
    private static readonly Option<string> Urls = new("--urls") { Description = "Where to listen 监听地址", DefaultValueFactory = _ => "http://127.0.0.1:5080" };

    internal static Command Define()
    {
        var command = new Command("serve", "Serve OData and OGC API Features 启动服务") { Urls };
        command.Validators.Add(r =>
        {
            if (!IsAddress(r.GetValue(Urls))) r.AddError($"--urls: \"{r.GetValue(Urls)}\" is no address to listen on: write one like http://127.0.0.1:5080.");
        });
        command.SetAction(Answer);
        return command;
    }

    /// <summary>Strictly http://host:port. ASP.NET Core would read "http://127.0.0.1:80x" as every interface.</summary>
    private static bool IsAddress(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == "http" && uri.PathAndQuery == "/"
        && uri.UserInfo == "" && uri.Port is >= 0 and <= 65535 && url!.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel, makesRegion: true);
        await using var app = Build(db, asked.GetValue(Urls)!);
        try { await app.StartAsync(cancel); }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new InputException($"{asked.GetValue(Urls)} is taken by another program. Stop it, or listen elsewhere: --urls http://127.0.0.1:5081");
        }
        catch (Exception e) when (e is FormatException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            throw new InputException($"--urls {asked.GetValue(Urls)}: {e.Message}");
        }
        Greet(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    /// <summary>The whole server on a database that is ready; not yet started.</summary>
    public static WebApplication Build(NpgsqlDataSource db, string urls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel => { kestrel.AddServerHeader = false; kestrel.Limits.MaxRequestBodySize = Limits.MostBodyBytes; kestrel.Limits.MaxRequestLineSize = Limits.MostAddressBytes; });
        builder.Services.AddResponseCompression(compression => compression.MimeTypes = ["application/json", "application/geo+json", "application/vnd.mapbox.style+json", "application/problem+json", "application/vnd.oai.openapi+json", "application/xml", "text/plain", "text/html", "multipart/mixed"]);
        builder.Services.AddSingleton(db).AddHostedService<JobWorker>();
        var app = builder.Build();
        app.UseResponseCompression();
        app.UseProblems();
        app.UseAsOfRoots();
        app.UseRouting();
        app.UseAccess(db);
        app.MapFeatures(db);
        app.MapTiles(db);
        app.MapStyles();
        app.MapDownloads(db);
        app.MapReach(db);
        app.MapWfs();
        app.MapOData(db);
        app.MapReference();
        app.MapImports(db);
        app.MapJobs(db);
        return app;
    }

    private static void Greet(string url) => Console.WriteLine($"""
        接通 Jietong · {url}

        未接通通道 broken links   {url}/odata/Links?$filter=broken%20eq%20true&$orderby=nameZh
        OData                     {url}/odata          ($metadata: {url}/odata/$metadata)
        参考 reference            {url}/reference
        图层 layers (OGC API)     {url}/collections    (QGIS, GDAL: OAPIF:{url}/)
        地图 map, 瓦片 tiles      {url}/map            ({url}/tiles, {url}/styles/status)
        命令行 terminal           ./run links --broken · ./run link s1-m11 · ./run claims · ./run sources

        Ctrl+C 停止 stops the service; ./run stop also ends the database.
        """);
}
