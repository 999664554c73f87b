using System.Text.Json;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Npgsql;
using Spectre.Console;

namespace Jietong.Services.Gains;

/// <summary>Gains as a table that an analyst reads: how much, how surely, for whom, by which route.</summary>
internal static class GainsTable
{
    public static void Write(List<Dictionary<string, object?>> gains, Query query, DataVersion version, bool onStreets)
    {
        var terminal = Output.Terminal();
        var table = Output.Table("通道 Link", "平均节省 Mean saved", "地点对 Pairs", "最受益 Most helped");
        table.ShowRowSeparators();
        foreach (var gain in gains.Where(g => g["evaluated"] is true))
            table.AddRow(
                $"[bold]{Output.Text(gain["nameZh"])}[/]\n[grey]{Output.Text(gain["nameEn"])}\n{Output.Text(gain["linkId"])}[/] {Words.Both((string?)gain["state"])}\n[grey]{Compared(gain)}[/]",
                Saved(gain),
                $"{gain["pairsFaster"]} 变快 faster\n{(gain["acrossShare"] is decimal across ? $"跨省界 across {across:P0}\n" : "")}{gain["pairsJoined"]} 新连通 joined\n[grey]/ {gain["pairsCompared"]} 可比 compared[/]",
                MostHelped((string)gain["Pairs"]!));
        terminal.Write(table);
        foreach (var reason in gains.Where(g => g["evaluated"] is false).GroupBy(g => (g["reasonZh"], g["reasonEn"])))
            terminal.MarkupLine($"[bold]未评估 Not evaluated[/]：{Output.Text(reason.Key.Item1)} [grey]{Output.Text(reason.Key.Item2)}[/]：{string.Join(", ", reason.Select(g => Output.Text(g["linkId"])))}");
        WriteBase(terminal, gains, query, version, onStreets);
    }

    /// <summary>What every number of the table stands on.</summary>
    public static void WriteBase(IAnsiConsole terminal, List<Dictionary<string, object?>> gains, Query query, DataVersion version, bool onStreets) =>
        terminal.MarkupLine($"{Output.Days(query.AsOf, query.KnownBy)} · 权重 Weights {Output.Text(gains.FirstOrDefault()?["weights"])} · " +
            $"数据版本 Data version {version}\n{(onStreets ? OnStreets(gains) : Sketch)}");

    private const string Sketch = "示意 [bold]sketch[/]：省界以西及无路网处以直线×系数的接驳弧代替道路；不含拥堵与诱发需求。 Connectors stand for roads we have no data of; no congestion, no induced demand.";

    private static string OnStreets(List<Dictionary<string, object?>> gains) => "道路为导入的路网；不含拥堵与诱发需求。 Roads are the imported streets; no congestion, no induced demand." +
        (gains.Any(g => g["sketch"] is true) ? "\n示意 [bold]sketch[/]：线位不明的通道按直线×系数。 Links whose course nobody shows are straight lines × a factor." : "");

    /// <summary>How many links were not evaluated, where only the largest gains were asked for.</summary>
    public static async Task WriteLeftOut(NpgsqlDataSource db, Query all, CancellationToken cancel)
    {
        await using var rows = await RowReader.Ask(db, all.Where(new Compare(Comparison.Equal, new ColumnValue("evaluated"), new Literal(false))) with { Limit = 0 }, count: true, cancel);
        Output.Terminal().MarkupLine($"[grey]另有 {rows.Total} 条未评估，原因见不带 --top 的输出。 {rows.Total} more links are not evaluated; without --top they are listed with the reason.[/]");
    }

    private static string Compared(Dictionary<string, object?> gain) => (string?)gain["patch"] == "close" ? "与关闭它相比 against closing it" : "与开通它相比 against opening it";

    private static string Saved(Dictionary<string, object?> gain)
    {
        if (gain["gainMinutes"] is not decimal minutes) return "无可比对 no pair to compare";
        var text = $"[bold]{minutes:0.000}[/] 分 min\n[grey]{gain["lowMinutes"]:0.000} … {gain["highMinutes"]:0.000}[/]\n[grey]{gain["meanMinutesBefore"]:0.0} → {gain["meanMinutesAfter"]:0.0}[/]";
        return gain["distinguishable"] is true ? text : text + "\n不可区分 [yellow]not distinguishable[/]";
    }

    private static string MostHelped(string pairs)
    {
        if (JsonDocument.Parse(pairs).RootElement.EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } pair) return "[grey]无 none[/]";
        static string Time(JsonElement minutes) => minutes.ValueKind == JsonValueKind.Number ? $"{minutes.GetDecimal():0.0}" : "不通 no path";
        return $"[bold]{Zh(pair, "from")}→{Zh(pair, "to")}[/] {Time(pair.GetProperty("minutesBefore"))} → {Time(pair.GetProperty("minutesAfter"))} 分 min\n" +
            $"[grey]无 without:[/] {Legs(pair.GetProperty("routeBefore"))}\n[grey]有 with:[/] {Legs(pair.GetProperty("routeAfter"))}";
    }

    private static string Zh(JsonElement row, string name) => Output.Text(row.GetProperty(name + "Zh").GetString());

    private static string Legs(JsonElement legs) => string.Join(" · ", legs.EnumerateArray().Select(leg =>
        (leg.GetProperty("waitMinutes").GetDecimal() is > 0 and var wait ? $"候 wait {wait:0.0} · " : "") +
        $"{Zh(leg, "name")}{(leg.GetProperty("kind").GetString() is "ride" ? $"（{Zh(leg, "from")}→{Zh(leg, "to")}）" : "")} {leg.GetProperty("minutes").GetDecimal():0.0}"));
}
