using System.CommandLine;
using System.Text;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Gains;
using Jietong.Services.Model;

namespace Jietong.Services.Reports;

/// <summary>What changes in reach and travel time when these links are opened, or those closed; for whom, by which route, how surely?</summary>
internal static class ReportCommand
{
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<string[]> Open = Links("--open", "Links to open 接通的通道"), Close = Links("--close", "Links to close 断开的通道");
    private static readonly Option<string> ModeOption = GainsCommand.Mode(), Weights = GainsCommand.WeightsOption();
    private static readonly Option<string[]> Pairs = new("--pair") { Description = "Two places whose ways are shown 指定的地点对", HelpName = "FROM,TO" };
    private const int MostPairs = 50;
    private static readonly Option<string> Out = new("--out") { Description = "File to write: .html, .json or .csv 输出文件", HelpName = "FILE", Required = true };

    public static Command Define()
    {
        var command = new Command("report", "Before and after opening or closing links 通道前后对比报告") { AsOf, KnownBy, Open, Close, ModeOption, Weights, Pairs, Out };
        command.Validators.Add(r =>
        {
            foreach (var pair in r.GetValue(Pairs) ?? []) if (pair.Split(',').Length != 2) r.AddError($"--pair: \"{pair}\" is no pair of places: write --pair kunshan-yushan,hub-xujiahui.");
            foreach (var pair in r.GetValue(Pairs) ?? []) if (pair.Split(',') is [var from, var to] && from.Trim() == to.Trim()) r.AddError($"--pair: \"{pair}\" is one place twice.");
            if (r.GetValue(Pairs)?.Length > MostPairs) r.AddError($"--pair: at most {MostPairs} pairs in one report.");
            foreach (var option in new[] { Open, Close }) if (r.GetResult(option) is not null && Ids(r.GetValue(option)).Length == 0) r.AddError($"{option.Name} names no link; leave it out, or write ids as ./run links lists them.");
            if (r.GetValue(Out) is { } file && Path.GetExtension(file) is not (".html" or ".json" or ".csv")) r.AddError($"--out: \"{file}\" ends in none of .html, .json, .csv.");
        });
        command.SetAction(Answer);
        return command;
    }

    private static Option<string[]> Links(string name, string description) => new(name) { Description = description, HelpName = "ID,ID…" };

    private static string[] Ids(string[]? given) => [.. (given ?? []).SelectMany(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var file = Path.GetFullPath(asked.GetValue(Out)!);
        if (Directory.Exists(file)) throw new InputException($"--out: {file} is a folder. Nothing was written.");
        if (!Directory.Exists(Path.GetDirectoryName(file))) throw new InputException($"--out: there is no folder {Path.GetDirectoryName(file)}. Nothing was written.");
        await using var db = await CommandLine.OpenDatabase(cancel);
        var request = new ReportRequest(asked.GetValue(AsOf) ?? Days.Today, asked.GetValue(KnownBy) ?? Days.Today, asked.GetValue(ModeOption)!, asked.GetValue(Weights)!,
            Ids(asked.GetValue(Open)), Ids(asked.GetValue(Close)), [.. (asked.GetValue(Pairs) ?? []).Distinct().Select(p => p.Split(',')).Select(p => new PairRequest(p[0].Trim(), p[1].Trim()))]);
        var (input, version) = await ModelInput.Read(db, request.AsOf, request.KnownBy, request.TravelMode, cancel);
        var report = Report.Of(request, input, version.ToString(), cancel);
        await WriteWhole(file, Path.GetExtension(file) switch { ".html" => ReportPage.Write(report), ".json" => report.ToJson(), _ => ReportCsv.Write(report) }, cancel);
        Tell(report, file);
        return 0;
    }

    /// <summary>The whole file or none: a reader never meets half a report.</summary>
    private static async Task WriteWhole(string file, string text, CancellationToken cancel)
    {
        var partial = Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetRandomFileName()}.part");
        try
        {
            await File.WriteAllTextAsync(partial, text, new UTF8Encoding(Path.GetExtension(file) == ".csv"), cancel);
            File.Move(partial, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new InputException($"--out: {file} cannot be written: {e.Message} Nothing was written."); }
        finally { File.Delete(partial); }
    }

    private static void Tell(Report report, string file)
    {
        var s = report.Results.Summary;
        var saved = s.SavedMinutes is null ? "没有前后都通的地点对 no pair can be travelled before and after" : $"平均节省 mean saved {s.SavedMinutes:0.000} 分 min ({s.LowMinutes:0.000} … {s.HighMinutes:0.000})";
        Console.WriteLine($"""
            {file}
            {saved}{(s.Distinguishable ? "" : "，不可区分 not distinguishable")}{(s.Sketch ? " · 示意 sketch" : "")}
            变快 faster {s.PairsFaster}，变慢 slower {s.PairsSlower}，新连通 joined {s.PairsJoined}，断开 cut {s.PairsCut} / {s.PairsCompared} 对 pairs
            数据版本 data version {report.DataVersion} · 哈希 hash {report.Hash}
            """);
    }
}
