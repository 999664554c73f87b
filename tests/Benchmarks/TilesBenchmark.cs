using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Tiles;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>
/// Our tiles over HTTP, kept and not, against the same SQL asked through Npgsql by itself: 16 at a time, tiles of roads at several scales in turn. The peer does no
/// HTTP, writes no headers and compresses nothing. The bytes are compared first. The ratio is our throughput ÷ the peer's in the same round.
/// </summary>
internal static class TilesBenchmark
{
    private const int Connections = 16, Roads = 100_000, WarmUpRounds = 1;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(2);
    private static readonly (int Zoom, int Rows)[] Scales = [(9, 1), (11, 3), (13, 6), (15, 6)];

    public static async Task<int> Run(string[] args)
    {
        var (asJson, rounds) = (false, 5);
        for (var i = 0; i < args.Length; i++)
            if (args[i] == "--json") asJson = true;
            else if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0) i++;
            else throw new ArgumentException($"{args[i]}: there are --json and --rounds NUMBER.");

        await using var register = await BenchmarkRegister.Create();
        await register.AddRoads(Roads);
        await using var db = Database.Connect(register.Address);
        using var kept = Served.Start("ours", register.Address);
        using var computed = Served.Start("ours", register.Address, ("JIETONG_TILE_CACHE_MB", "0"));
        if (!asJson) Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {Roads:N0} roads, {Connections} connections");
        var rules = TileRules.All.Single(r => r.Layer == NetworkLayers.Roads);
        foreach (var (zoom, side) in Scales)
        {
            var tiles = Around(zoom, side).ToList();
            var sql = tiles.ToDictionary(t => t, t => SqlWriter.TileOf([rules.At(t.Zoom, new(rules.Layer), rules.Attributes)], t));
            var bytes = 0;
            foreach (var tile in tiles)
            {
                var alone = await Ask(db, sql[tile]);
                foreach (var server in new[] { kept, computed, kept })
                    if (!(await server.Http.GetByteArrayAsync(Address(tile))).SequenceEqual(alone)) throw new InvalidOperationException($"{tile}: the bytes differ, nothing is timed.");
                bytes += alone.Length;
            }
            var results = new List<(double Kept, double Computed, double Alone)>();
            for (var round = -WarmUpRounds; round < rounds; round++)
            {
                var measured = (await Throughput(tiles, t => Fetch(kept, t)), await Throughput(tiles, t => Fetch(computed, t)), await Throughput(tiles, t => Ask(db, sql[t])));
                if (round >= 0) results.Add(measured);
            }
            var (ours, ratios) = (results.Select(r => r.Computed / r.Alone).Order().ToList(), results.Select(r => r.Kept / r.Alone).Order().ToList());
            var (a, b, c) = (Timing.Median(results.Select(r => r.Alone)), Timing.Median(results.Select(r => r.Computed)), Timing.Median(results.Select(r => r.Kept)));
            Console.WriteLine(asJson
                ? JsonSerializer.Serialize(new { name = $"zoom {zoom}", tiles = tiles.Count, bytes = bytes / tiles.Count, npgsqlPerSecond = Math.Round(a, 1), computedPerSecond = Math.Round(b, 1), keptPerSecond = Math.Round(c, 1), computedRatio = Math.Round(Timing.Median(ours), 3), leastComputedRatio = Math.Round(ours[0], 3), keptRatio = Math.Round(Timing.Median(ratios), 1), leastKeptRatio = Math.Round(ratios[0], 1) }, JsonSerializerOptions.Web)
                : string.Create(CultureInfo.InvariantCulture, $"zoom {zoom,2}, {tiles.Count,2} tiles of {bytes / tiles.Count,9:N0} bytes   ST_AsMVT by Npgsql {a,7:0.0}/s   computed {b,7:0.0}/s, ratio {Timing.Median(ours):0.00} ({ours[0]:0.00} … {ours[^1]:0.00})   kept {c,8:0.0}/s, ratio {Timing.Median(ratios):0.0} ({ratios[0]:0.0} … {ratios[^1]:0.0})"));
        }
        return 0;
    }

    private static string Address(Tile t) => $"/collections/roads/tiles/WebMercatorQuad/{t.Zoom}/{t.Row}/{t.Column}";

    /// <summary>A square of tiles in the middle of the made-up roads.</summary>
    private static IEnumerable<Tile> Around(int zoom, int side)
    {
        var (column, row) = ((int)((121.1 + 180) / 360 * (1 << zoom)), (int)((1 - Math.Asinh(Math.Tan(31.1 * Math.PI / 180)) / Math.PI) / 2 * (1 << zoom)));
        return from y in Enumerable.Range(row - side / 2, side) from x in Enumerable.Range(column - side / 2, side) select new Tile(zoom, y, x);
    }

    private static async Task<byte[]> Ask(NpgsqlDataSource db, SqlStatement statement)
    {
        await using var command = db.CreateCommand(statement.Text);
        foreach (var value in statement.Parameters) command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return rows.GetFieldValue<byte[]>(2);
    }

    /// <summary>As a browser asks: compressed, and read to the end.</summary>
    private static async Task Fetch(Served server, Tile tile)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(tile));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
    }

    private static async Task<double> Throughput(List<Tile> tiles, Func<Tile, Task> ask)
    {
        var (next, answers, start) = (0, 0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < RoundLength)
            {
                await ask(tiles[Interlocked.Increment(ref next) % tiles.Count]);
                Interlocked.Increment(ref answers);
            }
        })));
        return answers / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
