using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Jietong.Geodata;

namespace Jietong.Benchmarks;

/// <summary>
/// 100,000 roads as one file over HTTP, against GDAL's ogr2ogr straight from PostGIS with the same columns. What both files hold is compared first: how many features, and the sum of their lengths and of the numbers in their ids.
/// The ratio is the peer's time ÷ ours in the same round.
/// </summary>
internal static class DownloadBenchmark
{
    private const int Roads = 100_000;
    private static readonly (string Format, string Driver, string[] Options)[] Formats = [("gpkg", "GPKG", ["-lco", "GEOMETRY_NAME=geom"]), ("fgb", "FlatGeobuf", [])];

    public static async Task<int> Run(string[] args)
    {
        if (args.FirstOrDefault(a => a is not ("--json" or "--quick")) is { } unknown) throw new ArgumentException($"{unknown}: there are --json and --quick (3 rounds instead of 5).");
        await using var register = await BenchmarkRegister.Create();
        await register.AddRoads(Roads);
        using var ours = Served.Start("ours", register.Address);
        var folder = Directory.CreateTempSubdirectory("jietong-benchmark-").FullName;
        try
        {
            if (!args.Contains("--json")) Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {Roads:N0} roads and the register's own");
            foreach (var (format, driver, options) in Formats)
            {
                var (mine, theirs) = (Path.Combine(folder, "ours." + format), Path.Combine(folder, "peer." + format));
                var times = new List<(double Ours, double Peer)>();
                for (var round = -1; round < (args.Contains("--quick") ? 3 : 5); round++)
                {
                    var time = (await Ours(ours, format, mine), await Peer(register.Address, driver, theirs, options));
                    if (round < 0) await Agree(mine, theirs);
                    else times.Add(time);
                }
                var ratios = times.Select(t => t.Peer / t.Ours).Order().ToList();
                Console.WriteLine(args.Contains("--json")
                    ? JsonSerializer.Serialize(new { format, roads = Roads, oursSeconds = Math.Round(Timing.Median(times.Select(t => t.Ours)), 2), peerSeconds = Math.Round(Timing.Median(times.Select(t => t.Peer)), 2), ratio = Math.Round(Timing.Median(ratios), 2), leastRatio = Math.Round(ratios[0], 2), greatestRatio = Math.Round(ratios[^1], 2) }, JsonSerializerOptions.Web)
                    : string.Create(CultureInfo.InvariantCulture, $"{driver,-11} ours {Timing.Median(times.Select(t => t.Ours)):0.00} s   ogr2ogr from PostGIS {Timing.Median(times.Select(t => t.Peer)):0.00} s   ratio {Timing.Median(ratios):0.00} ({ratios[0]:0.00} … {ratios[^1]:0.00})"));
            }
            return 0;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<double> Ours(Served server, string format, string to)
    {
        var start = Stopwatch.GetTimestamp();
        await using (var file = File.Create(to))
        await using (var answer = await server.Http.GetStreamAsync($"/collections/roads/download?f={format}")) await answer.CopyToAsync(file);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> Peer(string address, string driver, string to, string[] options)
    {
        const string sql = "select id, name_zh as \"nameZh\", name_en as \"nameEn\", ref, class, adcode, crossing_adcode as \"crossingAdcode\", crossing_basis as \"crossingBasis\", length_metres as \"lengthMetres\", accuracy_metres as \"accuracyMetres\", " +
            "accuracy_kind as \"accuracyKind\", road_works_of(r) as \"linkId\", valid_from_latest as \"validFrom\", valid_to_latest as \"validTo\", source_id as source, place, note_zh as \"noteZh\", note_en as \"noteEn\", geom from road r order by id";
        File.Delete(to);
        var start = Stopwatch.GetTimestamp();
        await Gdal("ogr2ogr", ["-q", "-f", driver, to, "PG:application_name=peer", "-sql", sql, "-nln", "roads", "-nlt", "LINESTRING", "-gt", "65536", .. options], [.. Database.ReaderEnvironment(address, TimeSpan.FromMinutes(10))]);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task Agree(string mine, string theirs)
    {
        var said = new List<string>();
        foreach (var file in new[] { mine, theirs })
            said.Add((await Gdal("ogrinfo", ["-ro", "-q", file, "-dialect", "SQLite", "-sql", "select count(*) n, sum(lengthMetres) l, sum(cast(substr(id, 6) as integer)) i, sum(ST_NPoints(" + (mine.EndsWith("gpkg", StringComparison.Ordinal) ? "geom" : "geometry") + ")) p from roads"])).Split("OGRFeature(", 2)[^1].Trim());
        if (said[0] != said[1] || !said[0].Contains("n (Integer) = 100", StringComparison.Ordinal)) throw new InvalidOperationException($"The two files differ: {said[0]} and {said[1]}");
    }

    private static async Task<string> Gdal(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program}: {await error}");
    }
}
