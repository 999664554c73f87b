using System.Text.Json;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Links;

/// <summary>One link on the terminal: who it is, how it stands, and every piece of evidence with its document and the place in it.</summary>
internal static class LinkPage
{
    public static void Write(JsonElement link)
    {
        var terminal = Output.Terminal();
        terminal.Write(new Rule($"[bold]{T(link, "nameZh")}[/] {T(link, "nameEn")} [grey]{T(link, "id")}[/]") { Justification = Justify.Left });
        terminal.Write(Facts(link));
        Section(terminal, "两侧 Sides", link.GetProperty("Sides"), ["侧 Side", "辖区 Jurisdiction", "镇 Town", "路名 Road", "单位 Unit", "阶段 Stage", "出处 Source"], s =>
            [T(s, "side"), Bilingual(s.GetProperty("Jurisdiction"), "name") + $" [grey]{T(s, "adcode")}[/]", Bilingual(s, "town"), Bilingual(s, "roadName"), Bilingual(s, "unit"), Words.Both(S(s, "stage")), Citation(s)]);
        Section(terminal, "证据时间线 Evidence", link.GetProperty("Attestations"), ["时间 When", "侧", "阶段 Stage", "依据 Basis", "来源 Source"], a =>
            [T(a, "heldFromWritten") + (string.CompareOrdinal(S(a, "heldFrom"), S(link, "asOf")) > 0 ? "\n[yellow]基准日之后 after the day[/]" : "") + (S(a, "heldTo") is { } to ? $"\n[grey]至 to {to}[/]" : ""), T(a, "side"), Mark(a, link) + Words.Both(S(a, "stage")) + (a.GetProperty("withdrawn").GetBoolean() ? "（撤回 withdrawn）" : ""),
             Words.Both(S(a, "basis")), Document(a) + Lines(a, "premises", "前提 premises: ") + Lines(a, "note", "")]);
        Section(terminal, "承诺 Targets", link.GetProperty("Targets"), ["期限 Due", "侧", "应达 Promised", "兑现 Met", "来源 Source"], t =>
            [T(t, "dueWritten"), T(t, "side"), Words.Both(S(t, "stage")), S(t, "metOn") is { } met ? $"[green]{met}[/]" : t.GetProperty("overdue").GetBoolean() ? "[red]逾期 overdue[/]" : "—",
             Document(t) + Lines(t, "premises", "前提 premises: ") + Lines(t, "note", "")]);
        Section(terminal, "设计值 Design values", link.GetProperty("DesignValues"), ["量 Quantity", "侧", "值 Value", "来源 Source"], v =>
            [Words.Zh(S(v, "quantity")), T(v, "side"), Value(v), Document(v) + Lines(v, "note", "")]);
        Section(terminal, "责任单位 Units", link.GetProperty("Units"), ["角色 Role", "单位 Unit", "来源 Source"], u => [Words.Both(S(u, "role")), Bilingual(u, "unit"), Citation(u)]);
        terminal.MarkupLine("[grey]▶ 决定当前阶段的证据 decides the stage · 数据版本 Data version " + T(link, "dataVersion") + "[/]");
    }

    private static Grid Facts(JsonElement link)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        void Row(string name, string value) { if (value.Trim() != "") grid.AddRow($"[grey]{name}[/]", value); }
        Row("基准日 As of", $"{T(link, "asOf")} [grey]所知截至 known by {T(link, "knownBy")}[/]");
        Row("状态 State", $"[bold]{Words.Both(S(link, "state"))}[/]{(link.GetProperty("broken").GetBoolean() ? " · 未接通 broken" : "")}{(S(link, "stage") == S(link, "state") ? "" : " · " + Words.Both(S(link, "stage")))} · 自 since {T(link, "since")} · " +
            $"最近证实 attested {T(link, "attestedOn")} ({link.GetProperty("evidenceAgeDays")} 天 days)" + (S(link, "laterEvidence") is { } later ? $" · 事后来源 later evidence {later}" : ""));
        Row("类别 Kind", $"{Words.Both(S(link, "kind"))} · {Words.Both(S(link, "nature"))}");
        Row("又名 Other names", string.Join(" · ", link.GetProperty("otherNames").EnumerateArray().Select(n => Markup.Escape(n.GetString()!))));
        Row("清单 Lists", string.Join(" · ", link.GetProperty("references").EnumerateArray().Select(r => $"{r.GetProperty("list")} {r.GetProperty("item")}".Trim())));
        Row("命名 Named by", $"{T(link.GetProperty("NamingSource"), "title")} {T(link, "namingPlace")} [grey]{T(link, "namingSource")}[/]");
        var sources = string.Join("；", link.GetProperty("PositionSources").EnumerateArray().Select(s => $"{T(s.GetProperty("Source"), "title")} [grey]{T(s, "source")}[/]"));
        Row("位置 Position", $"{T(link, "area")} {T(link, "areaEn")}{(link.GetProperty("accuracyMetres") is { ValueKind: JsonValueKind.Number } m ? $" · ±{m.GetDecimal():0.#} m {Words.Both(S(link, "accuracyKind"))} · {sources}" : " · 无位置 no position")}" +
            Lines(link, "positionNote", ""));
        Row("备注 Note", Lines(link, "note", "").TrimStart('\n'));
        return grid;
    }

    private static void Section(IAnsiConsole terminal, string title, JsonElement rows, string[] headings, Func<JsonElement, string[]> cells)
    {
        if (rows.GetArrayLength() == 0) return;
        terminal.MarkupLine($"\n[bold]{title}[/]");
        var table = Output.Table(headings);
        foreach (var row in rows.EnumerateArray()) table.AddRow(cells(row));
        terminal.Write(table);
    }

    /// <summary>The document and the place in it, so that a reader can turn to it.</summary>
    private static string Document(JsonElement row)
    {
        var source = row.GetProperty("Source");
        var who = string.Join("，", new[] { T(source, "publisher"), T(source, "published"), Words.Zh(S(source, "grade")) }.Where(t => t != ""));
        return $"{T(source, "title")}（{who}）{T(row, "place")}\n[grey]{string.Join(" · ", new[] { T(source, "id"), T(source, "documentNo"), T(source, "url") }.Where(t => t != ""))}[/]";
    }

    /// <summary>The same in few words, for rows whose document stands in full elsewhere on the page.</summary>
    private static string Citation(JsonElement row) => $"{T(row.GetProperty("Source"), "id")}\n[grey]{T(row, "place")}[/]";

    private static string Value(JsonElement row)
    {
        var number = row.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDecimal().ToString("0.###", System.Globalization.CultureInfo.InvariantCulture) : "";
        var text = Markup.Escape(Words.Zh(S(row, "text")));
        return number == "" || text == "" ? number + text : $"{number}（{text}）";
    }

    private static string Mark(JsonElement attestation, JsonElement link) => S(attestation, "id") == S(link, "attestation") ? "▶ " : "";

    private static string Bilingual(JsonElement row, string name) => $"{T(row, name + "Zh")} {T(row, name + "En")}".Trim();

    private static string Lines(JsonElement row, string name, string label) =>
        S(row, name + "Zh") is null && S(row, name + "En") is null ? "" : $"\n[italic]{label}{T(row, name + "Zh")} {T(row, name + "En")}[/]";

    private static string? S(JsonElement row, string name) => row.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.ToString() : null;

    private static string T(JsonElement row, string name) => Markup.Escape(S(row, name) ?? "");
}
