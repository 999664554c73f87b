using System.CommandLine;
using Jietong.Geodata.Imports;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Import;

/// <summary>What was brought in, and taking it out again.</summary>
internal static class DatasetsCommand
{
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv");
    private static readonly Argument<string> Id = new("id") { Description = "The dataset's name 数据集名" };

    public static Command Define()
    {
        var remove = new Command("remove", "Take a dataset out, with all its rows 移除数据集") { Id };
        remove.SetAction(Remove);
        var command = new Command("datasets", "What was imported 已导入的数据集") { Format, remove };
        command.SetAction(List);
        return command;
    }

    private static async Task<int> List(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        await using var rows = await RowReader.Ask(db, new Query(ImportLayers.Datasets) { OrderBy = [new(new ColumnValue("id"))] }, cancel: cancel);
        await Output.Answer(rows, asked.GetValue(Format), "id", datasets =>
        {
            var terminal = Output.Terminal();
            var table = Output.Table("数据集 Dataset", "图层 Layer", "文件 File", "格式 Format", "导入 Imported", "来源 Source");
            foreach (var d in datasets)
                table.AddRow(Output.Text(d["id"]), Output.Text(d["layer"]), $"{Output.Text(d["fileName"])}\n[grey]{Size(Convert.ToInt64(d["fileBytes"], null))}[/]", Output.Text(d["format"]), $"{(DateTime)d["recordedAt"]!:yyyy-MM-dd HH:mm} UTC", Output.Text(d["source"]));
            terminal.Write(table);
            terminal.MarkupLine($"{datasets.Count} 个数据集 datasets · 区域 Region {CommandLine.Region} · 数据版本 Data version {rows.Version}");
        }, cancel);
        return 0;
    }

    private static async Task<int> Remove(ParseResult asked, CancellationToken cancel)
    {
        await using var db = await CommandLine.OpenDatabase(cancel);
        var gone = await Datasets.Remove(db, asked.GetValue(Id)!, cancel);
        foreach (var change in gone) Console.WriteLine($"{change.Table}: {change.Removed:N0} 行已移除 rows removed");
        return 0;
    }

    private static string Size(long bytes) => bytes < 1_000_000 ? $"{Math.Ceiling(bytes / 1e3):0} kB" : FormattableString.Invariant($"{bytes / 1e6:0.0} MB");
}
