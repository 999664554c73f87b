using System.CommandLine;
using System.Text.Json;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Claims;

/// <summary>What do sources claim in sum, and does what the register attests by then agree, contradict, or not decide it?</summary>
internal static class ClaimsCommand
{
    private static readonly Option<DateOnly?> KnownBy = CommandLine.KnownBy();
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv");

    public static Command Define()
    {
        var command = new Command("claims", "Aggregate claims beside what the register attests 总量说法与登记册对照") { KnownBy, Format };
        command.SetAction(Answer);
        return command;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var query = new Query(Catalogue.Claims) { KnownBy = asked.GetValue(KnownBy) ?? Days.Today, OrderBy = [new(new ColumnValue("asOf"))],
            Expand = [new(Catalogue.Claims.Relations.Single(r => r.Name == "Source"), new Query(Catalogue.Sources))] };
        await using var rows = await RowReader.Ask(db, query, cancel: cancel);
        await Output.Answer(rows, asked.GetValue(Format), "id", claims => Write(claims, query, rows.Version), cancel);
        return 0;
    }

    private static void Write(List<Dictionary<string, object?>> claims, Query query, DataVersion version)
    {
        var terminal = Output.Terminal();
        var table = Output.Table("截至 By", "说法 Claim", "所称 Claimed", "登记册证实 Attested", "比较 Verdict", "来源 Source");
        foreach (var c in claims)
            table.AddRow(Output.Text(c["asOfWritten"]), $"{Output.Text(c["statementZh"])}\n[grey]{Output.Text(c["statementEn"])}[/]",
                $"{Words.Both((string?)c["kind"])}\n[bold]{Count(c["countDone"], c["countTotal"])}[/] {Words.Zh((string?)c["stage"])}",
                c["comparableList"] is null ? "—" : $"[bold]{c["attestedDone"]} of {c["attestedTotal"]}[/] {Words.Zh((string?)c["comparableKind"])}\n[grey]{Output.Text(c["comparableList"])}\n  {Output.Text(string.Join("\n  ", (string[])c["attestedIds"]!))}[/]",
                $"[bold]{Words.Both((string?)c["verdict"])}[/]\n{Output.Text(c["reasonZh"])} [grey]{Output.Text(c["reasonEn"])}[/]",
                $"{Output.Text(Title(c))} {Output.Text(c["place"])}\n[grey]{Output.Text(c["source"])}[/]");
        terminal.Write(table);
        terminal.MarkupLine($"所知截至 Known by {query.KnownBy:yyyy-MM-dd} · {claims.Count} 条 claims · 数据版本 Data version {version}");
    }

    private static string? Title(Dictionary<string, object?> claim) => JsonDocument.Parse((string)claim["Source"]!).RootElement.GetProperty("title").GetString();

    private static string Count(object? done, object? total) => (done, total) switch
    {
        (null, _) => $"{total}",
        (_, null) => $"{done}",
        _ => $"{done} of {total}",
    };
}
