using System.Text.Json;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Gains;

/// <summary>Links valued together, as a table: which comes next, given those before, and what each brings alone, last, and as its share of what all bring.</summary>
internal static class TogetherTable
{
    public static void Write(List<Dictionary<string, object?>> gains, Query query, DataVersion version, bool onStreets)
    {
        var terminal = Output.Terminal();
        var names = gains.ToDictionary(g => (string)g["linkId"]!, g => (string)g["nameZh"]!);
        foreach (var group in gains.Where(g => g["shareMinutes"] is not null).GroupBy(g => (string)g["patch"]!).OrderByDescending(g => g.Key, StringComparer.Ordinal))
        {
            var missing = group.Key == "open";
            terminal.MarkupLine(missing ? "[bold]未通的：先接哪条？ Missing links: which comes next?[/]" : "[bold]已通的：各带来多少？ Open links: what does each bring?[/]");
            var table = missing ? Output.Table("次序 Next", "通道 Link", "届时 Then", "单独 Alone", "最后 Last", "分摊 Share", "配合 Synergy") : Output.Table("通道 Link", "单独 Alone", "最后 Last", "分摊 Share", "配合 Synergy");
            foreach (var gain in group.Where(g => g["shareMinutes"] is not 0m || g["nextRank"] is not null))
            {
                string[] row = [$"{Output.Text(gain["nameZh"])} [grey]{Output.Text(gain["linkId"])}[/]", Minutes(gain["aloneMinutes"]), Minutes(gain["lastInMinutes"]), $"[bold]{Minutes(gain["shareMinutes"])}[/]{Error(gain["shareErrorMinutes"])}", Strongest(gain, names)];
                table.AddRow(missing ? [$"[bold]{gain["nextRank"] ?? "–"}[/]", row[0], gain["nextRank"] is null ? "–" : Minutes(gain["nextMinutes"]), .. row[1..]] : row);
            }
            terminal.Write(table);
            var none = group.Where(g => g["shareMinutes"] is 0m && g["nextRank"] is null).Select(g => Output.Text(g["linkId"])).ToList();
            if (none.Count > 0) terminal.MarkupLine($"[grey]不到 0.0001 分 Less than 0.0001 min: {string.Join(", ", none)}[/]");
            terminal.MarkupLine($"合计 Together [bold]{Minutes(group.First()["togetherMinutes"])}[/] 分 min · 超过 {group.First()["horizonMinutes"]:0} 分及不通均计为 {group.First()["horizonMinutes"]:0} 分 longer times, and no path, count as {group.First()["horizonMinutes"]:0} min\n");
        }
        terminal.MarkupLine("[grey]分钟为全部地点对的平均；中心值，范围见不带 --together 的输出；分摊是模型内的归因（沙普利值），± 为抽样标准误。\nMinutes are means over all pairs, central values (for ranges leave --together out); shares are an attribution within the model (Shapley), ± is the standard error of sampling.[/]");
        GainsTable.WriteBase(terminal, gains, query, version, onStreets);
    }

    private static string Minutes(object? minutes) => minutes is decimal m ? $"{m:0.0000}" : "–";

    private static string Error(object? minutes) => minutes is decimal m and > 0 ? $" ± {m:0.0000}" : "";

    /// <summary>The link with which it goes best or worst.</summary>
    private static string Strongest(Dictionary<string, object?> gain, Dictionary<string, string> names)
    {
        var strongest = JsonDocument.Parse((string)gain["Synergies"]!).RootElement.EnumerateArray().Select(s => (Other: s.GetProperty("otherLinkId").GetString()!, Minutes: s.GetProperty("synergyMinutes").GetDecimal())).ToList();
        if (strongest.Count == 0) return "[grey]–[/]";
        var (other, minutes) = strongest.MaxBy(s => Math.Abs(s.Minutes));
        return $"{(minutes > 0 ? "互补 with" : "互替 instead of")} {Output.Text(names.GetValueOrDefault(other, other))} [grey]{minutes:+0.0000;-0.0000}[/]";
    }
}
