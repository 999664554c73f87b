using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jietong.Benchmarks;

/// <summary>
/// Our endpoints against one written by hand (<see cref="HandWritten"/>): the same question, 16 connections, each asking again when it has its answer.
/// Both are processes of their own on one database and are asked in turn; the answers are compared before anything is timed.
/// The ratio is our throughput ÷ the peer's in the same round: the median of the rounds, with the least and the greatest.
/// </summary>
internal static class QuestionsBenchmark
{
    private const int Connections = 16, Roads = 100_000, WarmUpRounds = 2;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(IReadOnlyList<Question> questions, string[] args)
    {
        var (asJson, rounds, only) = (false, 9, "");
        for (var i = 0; i < args.Length; i++)
            if (args[i] == "--json") asJson = true;
            else if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0) i++;
            else if (args[i] == "--only" && i + 1 < args.Length) only = args[++i];
            else throw new ArgumentException($"{args[i]}: there are --json, --rounds NUMBER and --only WORD.");

        await using var register = await BenchmarkRegister.Create();
        await register.AddRoads(Roads);
        using var ours = Served.Start("ours", register.Address);
        using var peer = Served.Start("peer", register.Address);
        if (!asJson) Console.WriteLine($"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}; {Roads:N0} roads, {Connections} connections");
        foreach (var question in questions.Where(q => q.Name.Contains(only, StringComparison.Ordinal)))
        {
            var rows = Agree(question, await ours.Http.GetStringAsync(question.Address), await peer.Http.GetStringAsync(question.PeerAddress));
            var (mine, theirs) = (new List<(double PerSecond, double CpuMs)>(), new List<(double PerSecond, double CpuMs)>());
            for (var round = -WarmUpRounds; round < rounds; round++)
            {
                var (a, b) = (await Ask(ours, question.Address), await Ask(peer, question.PeerAddress));
                if (round >= 0) (mine, theirs) = ([.. mine, a], [.. theirs, b]);
            }
            var ratios = mine.Zip(theirs, (a, b) => a.PerSecond / b.PerSecond).Order().ToList();
            var (ours1, peer1, ratio) = (Timing.Median(mine.Select(m => m.PerSecond)), Timing.Median(theirs.Select(t => t.PerSecond)), Timing.Median(ratios));
            var (oursCpu, peerCpu) = (Timing.Median(mine.Select(m => m.CpuMs)), Timing.Median(theirs.Select(t => t.CpuMs)));
            Console.WriteLine(asJson
                ? JsonSerializer.Serialize(new { question.Name, rows, oursPerSecond = Math.Round(ours1, 1), peerPerSecond = Math.Round(peer1, 1), ratio = Math.Round(ratio, 3), leastRatio = Math.Round(ratios[0], 3), greatestRatio = Math.Round(ratios[^1], 3), oursCpuMs = Math.Round(oursCpu, 3), peerCpuMs = Math.Round(peerCpu, 3) }, JsonSerializerOptions.Web)
                : string.Create(CultureInfo.InvariantCulture, $"{question.Name,-42} {rows,5:N0} rows   ours {ours1,7:0.0}/s   hand-written {peer1,7:0.0}/s   ratio {ratio:0.00} ({ratios[0]:0.00} … {ratios[^1]:0.00})   server's processor time {oursCpu:0.00} and {peerCpu:0.00} ms"));
        }
        return 0;
    }

    /// <summary>Answers a second, and milliseconds of the server's processor time for each.</summary>
    private static async Task<(double PerSecond, double CpuMs)> Ask(Served server, string address)
    {
        var (answers, cpu, start) = (0, server.Cpu, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < RoundLength)
            {
                using var answer = await server.Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
                answer.EnsureSuccessStatusCode();
                await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
                Interlocked.Increment(ref answers);
            }
        }));
        return (answers / Stopwatch.GetElapsedTime(start).TotalSeconds, (server.Cpu - cpu).TotalMilliseconds / answers);
    }

    /// <returns>How many rows both found.</returns>
    private static int Agree(Question question, string ours, string peer)
    {
        var (mine, theirs) = (JsonNode.Parse(ours)![question.Rows]!.AsArray(), JsonNode.Parse(peer)![question.Rows]!.AsArray());
        return theirs.Count > 0 && JsonNode.DeepEquals(mine, theirs) && JsonNode.DeepEquals(JsonNode.Parse(ours)!["numberMatched"], JsonNode.Parse(peer)!["numberMatched"]) ? mine.Count : throw new InvalidOperationException($"{question.Name}: the two answers differ, nothing is timed. Ours: {ours[..Math.Min(ours.Length, 600)]} … the other: {peer[..Math.Min(peer.Length, 400)]} …");
    }
}
