using System.Text.Json;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Links;

/// <summary>The links as a table that an engineer reads: what, in which state, since when, by whose word, where.</summary>
internal static class LinksTable
{
    public static void Write(List<Dictionary<string, object?>> links, Query query, DataVersion version, Dictionary<string, string?>? before)
    {
        var terminal = Output.Terminal();
        var table = Output.Table("条目 Item", "通道 Link", "类别 Kind", "状态 State", "证据 Evidence", "区域 Area");
        table.ShowRowSeparators();
        table.Columns[4].NoWrap();
        foreach (var link in links.OrderBy(l => Item(l) ?? int.MaxValue).ThenBy(l => (string)l["id"]!, StringComparer.Ordinal))
            table.AddRow(
                Item(link) is { } item ? $"附件3·{item}" : "",
                $"[bold]{Output.Text(link["nameZh"])}[/]\n[grey]{Output.Text(link["nameEn"])}\n{Output.Text(link["id"])}[/]",
                $"{Words.Zh((string?)link["kind"])} {Words.Zh((string?)link["nature"])}\n[grey]{Output.Text(link["kind"])} {Output.Text(link["nature"])}[/]",
                State(link, before),
                $"{Output.Text(link["attestedOn"])} · {link["evidenceAgeDays"]} 天 days\n{Output.Text(link["source"])}\n[grey]{Words.Both((string?)link["basis"])}[/]{Later(link)}",
                $"{Output.Text(link["area"])}\n[grey]{(link["accuracyMetres"] is { } m ? $"±{m:0} m" : "无位置 no position")}[/]");
        terminal.Write(table);
        terminal.MarkupLine($"{Output.Days(query.AsOf, query.KnownBy)} · {links.Count} 条 links, " +
            $"[bold]{links.Count(l => l["broken"] is true)} 未接通 broken[/] · 数据版本 Data version {version}");
    }

    public static void WritePossiblyNear(List<Dictionary<string, object?>> links)
    {
        if (links.Count == 0) return;
        Output.Terminal().MarkupLine($"\n[bold]另有 {links.Count} 条位置不精，可能也在范围内 {links.Count} more may lie within, their positions being rough:[/] " +
            string.Join(", ", links.Select(l => $"{Output.Text(l["id"])} [grey]±{l["accuracyMetres"]:0} m[/]")));
    }

    public static void WriteAggregatePromises(List<Dictionary<string, object?>> promises)
    {
        if (promises.Count == 0) return;
        var terminal = Output.Terminal();
        terminal.MarkupLine("\n[bold]到期的总量承诺 Promises about numbers of links[/] [grey](./run claims)[/]");
        foreach (var p in promises)
            terminal.MarkupLine($"  {Output.Text(p["asOf"])} {Output.Text(p["statementZh"])} [grey]{Output.Text(p["statementEn"])}[/] · {Words.Both((string?)p["verdict"])}: " +
                $"{Output.Text(p["reasonZh"])} [grey]{Output.Text(p["reasonEn"])}[/]{(p["attestedDone"] is { } done ? $" · 登记册 register {done} of {p["attestedTotal"]}" : "")}");
    }

    private static int? Item(Dictionary<string, object?> link) =>
        JsonDocument.Parse((string)link["references"]!).RootElement.EnumerateArray()
            .Where(r => r.GetProperty("list").GetString() == "annex3-2018").Select(r => (int?)r.GetProperty("item").GetInt32()).FirstOrDefault();

    private static string State(Dictionary<string, object?> link, Dictionary<string, string?>? before)
    {
        var colour = link["state"] switch { "open" => "green", "not_open" => "red", "unverified" => "yellow", _ => "grey" };
        var state = $"[{colour}]{Words.Both((string?)link["state"])}[/]\n{Words.Both((string?)link["stage"])}\n[grey]自 since {Output.Text(link["since"])}[/]";
        if (link["furthestStage"] is string further) state += $"\n[grey]他源 another source: {Words.Both(further)}[/]";
        if (before is not null) state += $"\n[grey]此前 before: {before[(string)link["id"]!] ?? "未列 not listed"}[/]";
        if (link["overdue"] is true) state += $"\n[red]逾期 overdue[/] {Due(link)}";
        return state;
    }

    private static string Due(Dictionary<string, object?> link) => string.Join("; ", JsonDocument.Parse((string)link["overdueTargets"]!).RootElement.EnumerateArray()
        .Select(t => $"{Words.Zh(t.GetProperty("stage").GetString())} ≤ {t.GetProperty("due").GetString()}"));

    private static string Later(Dictionary<string, object?> link) =>
        link["laterEvidence"] is string later ? $"\n[grey]事后 later: {Output.Text(later)}[/]" : "";
}
