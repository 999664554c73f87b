using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Jietong.Services.Downloads;
using Jietong.Services.Serve;
using Jietong.Worlds;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What a file may cost, and what is left of one that nobody waits for: nothing. On a register of its own, which is made large.</summary>
public sealed class DownloadLimitsTests : IAsyncLifetime
{
    private const string File = "/collections/roads/download?f=gpkg";

    private TestDatabase database = null!;
    private WebApplication app = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        database = await new RegisterWorld().Source("plan", "GOV", "2018-06-29").Link("long", "plan").Attest("a-long", "long", "proposed", "2018-06-29", "plan").Load();
        await database.Execute("""
            alter table road disable trigger user;   -- without them it takes a second
            insert into road (id, name_zh, name_en, class, adcode, geom, accuracy_metres, accuracy_kind, source_id, place)
            select 'r' || n, '路' || n, 'Road ' || n, 'class2', '310118', ST_SetSRID(ST_MakeLine(ST_MakePoint(121, 31 + n / 1e6), ST_MakePoint(121.01, 31 + n / 1e6)), 4326), 30, 'estimated', 'map', 'p' from generate_series(1, 200000) n;
            alter table road enable trigger user
            """);
        app = ServeCommand.Build(database.Db, "http://127.0.0.1:0");
        await app.StartAsync();
        http = Client(app.Urls.First());
    }

    [Fact]
    public async Task A_file_that_nobody_waits_for_any_more_leaves_no_process_and_no_folder()
    {
        using var leaving = new CancellationTokenSource();
        var asked = http.GetAsync(File, leaving.Token);
        await Until(() => Writing() == 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Until(() => Writing() == 0 && Folders() == 0);
    }

    [Fact]
    public async Task Files_are_made_two_at_a_time_eight_wait_and_more_are_asked_to_come_back()
    {
        using var leaving = new CancellationTokenSource();
        var asked = Enumerable.Range(0, Gdal.AtOnce + Gdal.MostWaiting).Select(_ => http.GetAsync(File, leaving.Token)).ToList();
        await Until(() => Writing() == Gdal.AtOnce);
        await Until(() => Gdal.Turns.Busy == Gdal.AtOnce + Gdal.MostWaiting);
        using var refused = await http.GetAsync(File);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (refused.StatusCode, refused.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(Gdal.AtOnce, Writing());
        using var head = await http.SendAsync(new(HttpMethod.Head, File));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);   // does no work
        await leaving.CancelAsync();
        foreach (var one in asked) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        await Until(() => Writing() == 0 && Folders() == 0 && Gdal.Turns.Busy == 0);
    }

    [Fact]
    public async Task More_features_than_a_file_takes_are_refused_with_the_way_out()
    {
        await database.Execute($"""
            alter table link_unit disable trigger user, drop constraint link_unit_link_id_fkey, drop constraint link_unit_source_id_fkey;   -- a million rows in seconds
            insert into link_unit (link_id, role, unit_zh, unit_en, source_id, place) select 'long', 'lead', '单位' || n, 'Unit ' || n, 'plan', 'p' from generate_series(1, {Download.MostFeatures + 1}) n;
            alter table link_unit enable trigger user
            """);
        foreach (var format in new[] { "csv", "gpkg" })
        {
            using var refused = await http.GetAsync($"/collections/units/download?f={format}");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var message = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString();
            foreach (var word in (string[])["1000001", "1000000", "bbox"]) Assert.Contains(word, message, StringComparison.Ordinal);
        }
    }

    private static HttpClient Client(string address) => new() { BaseAddress = new(address) };

    /// <summary>GDAL's processes that we started.</summary>
    private static int Writing() => Process.GetProcessesByName("ogr2ogr").Count(p => p.Id > 0 && IsOurs(p.Id));

    private static bool IsOurs(int process)
    {
        try { return System.IO.File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ') is [not "Z", var parent, ..] && parent == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture); }
        catch (IOException) { return false; }
    }

    private static int Folders() => Directory.GetDirectories(Path.GetTempPath(), Gdal.FolderPrefix + Environment.ProcessId + "-*").Length;

    private static async Task Until(Func<bool> isSo)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(20)) if (isSo()) return;
        Assert.Fail("It did not become so within 30 s.");
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }
}
