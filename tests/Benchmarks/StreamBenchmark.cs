using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Jietong.Benchmarks;

/// <summary>
/// A million roads with their geometry, read page after page by <c>@odata.nextLink</c>, against the same pages by hand. The server's memory is told after the first
/// tenth and after all of it: the same, where an answer's size does not matter.
/// </summary>
internal static class StreamBenchmark
{
    private const int Roads = 1_000_000, Portion = 100_000;

    public static async Task<int> Run(string[] args)
    {
        if (args.FirstOrDefault(a => a != "--json") is { } unknown) throw new ArgumentException($"{unknown}: there is --json.");
        await using var register = await BenchmarkRegister.Create();
        for (var roads = 0; roads < Roads; roads += Portion) await register.AddRoads(Portion);
        using var ours = Served.Start("ours", register.Address);
        using var peer = Served.Start("peer", register.Address);
        var first = "/odata/Roads?$filter=" + Uri.EscapeDataString("startswith(id,'made-')") + "&$select=id,nameZh,class,lengthMetres,geometry";
        var (mine, theirs) = (await Read(ours, first, Roads), await Read(peer, "/roads?after=made-", Roads));
        if (mine.Digest != theirs.Digest) throw new InvalidOperationException("The two read different rows.");
        foreach (var (name, read) in new[] { ("ours", mine), ("hand-written", theirs) })
            Console.WriteLine(args.Contains("--json")
                ? JsonSerializer.Serialize(new { name, rows = Roads, read.Pages, rowsPerSecond = Math.Round(read.RowsPerSecond), peakMegabytes = read.Peak, peakMegabytesAtFirst = read.PeakAtFirst, heapMegabytesBefore = read.HeapBefore, heapMegabytesAfter = read.HeapAfter, ratio = Math.Round(mine.RowsPerSecond / theirs.RowsPerSecond, 2) }, JsonSerializerOptions.Web)
                : string.Create(CultureInfo.InvariantCulture, $"{name,-13} {Roads:N0} rows in {read.Pages} pages   {read.RowsPerSecond,8:N0} rows/s   peak {read.PeakAtFirst:0} MB after {Portion:N0}, {read.Peak:0} MB after all   heap {read.HeapBefore:0.0} MB before, {read.HeapAfter:0.0} MB after   ratio {mine.RowsPerSecond / theirs.RowsPerSecond:0.00}"));
        return 0;
    }

    private sealed record Reading(int Pages, double RowsPerSecond, double PeakAtFirst, double Peak, double HeapBefore, double HeapAfter, int Digest);

    private static async Task<Reading> Read(Served server, string first, int rows)
    {
        await server.Http.GetByteArrayAsync(first);   // started and compiled
        var (heapBefore, peakAtFirst, pages, read, digest, seconds) = (await server.HeapMegabytes(), 0.0, 0, 0, new HashCode(), 0.0);
        for (string? next = first; next is not null; pages++)
        {
            var start = Stopwatch.GetTimestamp();
            var bytes = await server.Http.GetByteArrayAsync(next);
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            using var page = JsonDocument.Parse(bytes);
            var last = "";
            foreach (var row in page.RootElement.GetProperty("value").EnumerateArray())
            {
                digest.Add((last = row.GetProperty("id").GetString()!).GetHashCode(StringComparison.Ordinal));
                digest.Add(row.GetProperty("geometry").GetRawText().Length);
                if (++read == Portion) peakAtFirst = server.PeakMegabytes;
            }
            next = page.RootElement.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : first.StartsWith("/odata", StringComparison.Ordinal) || read == rows ? null : "/roads?after=" + last;
        }
        if (read != rows) throw new InvalidOperationException($"{read:N0} rows came instead of {rows:N0}.");
        return new(pages, rows / seconds, Math.Round(peakAtFirst), Math.Round(server.PeakMegabytes), Math.Round(heapBefore, 1), Math.Round(await server.HeapMegabytes(), 1), digest.ToHashCode());
    }
}
