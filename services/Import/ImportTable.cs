using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata.Imports;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Import;

/// <summary>What an import brought, for people and for programs.</summary>
internal static class ImportTable
{
    /// <summary>The answer for programs.</summary>
    public static JsonObject Document(Imported imported) => JsonSerializer.SerializeToNode(new { imported.DryRun, DataVersion = imported.Version.ToString(), imported.Reports }, Output.JsonObjects)!.AsObject();

    public static void Write(Imported imported, string format)
    {
        if (format == "json")
        {
            Console.WriteLine(Document(imported).ToJsonString(Output.JsonObjects));
            return;
        }
        var terminal = Output.Terminal();
        foreach (var report in imported.Reports)
        {
            terminal.MarkupLine($"[bold]{Output.Text(report.Dataset)}[/] · {Output.Text(report.Layer)} · {Output.Text(report.Format)} {Output.Text(report.File)}{(report.Unchanged ? " · 已导入过，无变化 imported before, unchanged" : "")}");
            if (report.Unchanged) continue;
            var table = Output.Table("表 table", "新增 added", "变更 changed", "移除 removed", "现有 now");
            foreach (var change in report.Tables) table.AddRow(change.Table, $"{change.Added:N0}", $"{change.Changed:N0}", $"{change.Removed:N0}", $"{change.Total:N0}");
            terminal.Write(table);
            terminal.MarkupLine(Output.Text(string.Join(" · ", report.Figures.Select(f => FigureWords.Line(f.Key, f.Value)).OfType<string>())));
            foreach (var note in report.Notes) terminal.MarkupLine($"[yellow]※[/] {Output.Text(note.Zh)} [grey]{Output.Text(note.En)}[/]");
        }
        terminal.MarkupLine(imported.DryRun ? "试算，未存 Dry run: nothing was stored." : $"数据版本 Data version {Output.Text(imported.Version.ToString())}");
    }
}
