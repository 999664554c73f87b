using System.Text.Json;
using CsvHelper;
using Jietong.Geodata.Gaps;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Gaps;

/// <summary>The register beside the road data: what the data show, which is never what the place looks like.</summary>
internal static class AuditTable
{
    /// <param name="links">All that were looked at.</param>
    /// <param name="all">Also those that agree, and those where the data hold no streets.</param>
    /// <param name="format">table, json or csv.</param>
    /// <param name="days">As of, known by.</param>
    public static void Write(List<AuditedLink> links, bool all, string format, string days)
    {
        var told = all ? links : [.. links.Where(l => l.Differs)];
        switch (format)
        {
            case "json": Console.WriteLine(JsonSerializer.Serialize(told, Output.JsonObjects)); break;
            case "csv":
                using (var to = Console.OpenStandardOutput())
                {
                    using var csv = CsvWriter.Create(to, Output.CsvForExcel, leaveOpen: true);
                    csv.WriteHeader(["link", "nameZh", "nameEn", "state", "statedOn", "verdict", "differs", "accuracyMetres", "nearestMetres", "covered", "names", "streets"]);
                    foreach (var l in told)
                    {
                        foreach (var cell in new object?[] { l.Link, l.NameZh, l.NameEn, l.State, l.StatedOn, l.Verdict, l.Differs, l.AccuracyMetres, l.NearestMetres, l.Covered, string.Join("; ", l.Names), string.Join("; ", l.Streets) }) csv.WriteField(cell);
                        csv.EndRecord();
                    }
                }
                break;
            default: Draw(links, told, days); break;
        }
    }

    private static void Draw(List<AuditedLink> links, List<AuditedLink> told, string days)
    {
        var terminal = Output.Terminal();
        var table = Output.Table("通道 Link", "登记册 Register", "路网数据 The data", "路名相合 Names matched", "最近 Nearest");
        table.ShowRowSeparators = true;
        foreach (var l in told)
            table.AddRow($"[bold]{Output.Text(l.NameZh)}[/]\n[grey]{Output.Text(l.NameEn)}\n{l.Link}[/]", $"{Words.Both(l.State)}\n{Output.Text(l.StatedOn)}", Shows(l), Output.Text(l.Names),
                $"{(l.NearestMetres is { } metres ? $"{metres:0} 米 m" : "无 none")} [grey](±{l.AccuracyMetres:0})\n{Output.Text(string.Join(" ", l.Streets.Take(3)))}[/]");
        terminal.Write(table);
        terminal.MarkupLine($"{days} · 道路通道 road links {links.Count} · 与登记册不一致 differ from the register {links.Count(l => l.Differs)} · 一致 agree {links.Count(l => !l.Differs && l.Verdict != "no-data")} · 该处无路网数据 no streets there {links.Count(l => l.Verdict == "no-data")}");
        terminal.MarkupLine("数据所示不等于实地：不能据此改动阶段，只提示该去核实哪些。 What the data show is not what the place looks like: it changes no stage, and tells where to look.");
    }

    private static string Shows(AuditedLink l) => l.Verdict switch
    {
        "shown" => $"数据显示有路 the data show a road{(l.Covered is { } covered ? $"（沿线 {covered:P0}）" : "")}",
        "not-shown" => $"数据未显示贯通 the data show no road through{(l.Covered is { } covered ? $"（沿线 {covered:P0}）" : "")}",
        _ => "该处无数据 no data there",
    };
}
