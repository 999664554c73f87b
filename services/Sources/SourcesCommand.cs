using System.CommandLine;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Sources;

/// <summary>Which documents and pages does the register rest on, and of which grade are they?</summary>
internal static class SourcesCommand
{
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv");

    public static Command Define()
    {
        var command = new Command("sources", "Every document and page that the register rests on 全部来源") { Format };
        command.SetAction(Answer);
        return command;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        await using var rows = await RowReader.Ask(db, new Query(Catalogue.Sources) { OrderBy = [new(new ColumnValue("publishedLatest"))] }, cancel: cancel);
        await Output.Answer(rows, asked.GetValue(Format), "id", sources => Write(sources, rows.Version), cancel);
        return 0;
    }

    private static void Write(List<Dictionary<string, object?>> sources, DataVersion version)
    {
        var terminal = Output.Terminal();
        var table = Output.Table("日期 Published", "等级 Grade", "标题 Title", "发布者 Publisher", "编号 Id · 网址 Address");
        foreach (var s in sources)
            table.AddRow(Output.Text(s["published"]), $"{s["grade"]} {Words.Zh((string?)s["grade"])}", Output.Text(s["title"]) + (Equals(s["title"], s["titleEn"]) ? "" : $"\n[grey]{Output.Text(s["titleEn"])}[/]"),
                Output.Text(s["publisher"]), $"{Output.Text(s["id"])}\n[grey]{Output.Text(s["documentNo"] ?? s["url"])}[/]");
        terminal.Write(table);
        terminal.MarkupLine($"{sources.Count} 个来源 sources · 数据版本 Data version {version}");
    }
}
