using System.CommandLine;
using Jietong.Geodata.Imports;
using Jietong.Services.Cli;

namespace Jietong.Services.Import;

/// <summary>Brings a bureau's own data in: what is it, is it right, and what does it change?</summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Paths = new("path") { Description = "Files, or folders with a feed 文件", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Into = Text("--into", "Where to 导入图层 (default: by the format)", "LAYER"), Dataset = Text("--dataset", "Its name, under which a newer file replaces it 数据集名 (default: the file's)", "NAME"),
        Datum = Text("--datum", "What coordinates were measured in 坐标基准", "DATUM"), Crs = Text("--crs", "Reference system 坐标系: EPSG:n, WKT or PROJ", "CRS"), Encoding = Text("--encoding", "Of its texts 文字编码 (default: found out)", "NAME"),
        Title = Text("--title", "A title for people 标题", "TEXT"), Published = Text("--published", "When it was published 发布日期", "DATE"), ProblemsFile = Text("--problems", "Where all problems are listed 问题清单", "FILE");
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what would change, store nothing 试算不存" }, AcceptPositions = new("--accept-positions") { Description = "Go on although the positions look wrong 位置可疑也导入" },
        Quiet = new("--quiet") { Description = "No progress 不显示进度" };
    private static readonly Option<string> Format = CommandLine.Format("table", "json");

    public static Command Define()
    {
        Into.AcceptOnlyFromAmong("streets", "timetable", "opportunities", "features");
        Datum.AcceptOnlyFromAmong("wgs84", "cgcs2000", "gcj02", "bd09");
        var command = new Command("import", "Bring in data of your own: OpenStreetMap, GTFS, GIS files 导入数据") { Paths, Into, Dataset, Datum, Crs, Encoding, Title, Published, DryRun, AcceptPositions, ProblemsFile, Quiet, Format };
        command.SetAction(Answer);
        return command;
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var request = new ImportRequest(asked.GetValue(Paths)!, $"{Environment.UserName} (terminal)")
        {
            Into = asked.GetValue(Into), Dataset = asked.GetValue(Dataset), Datum = asked.GetValue(Datum), Crs = asked.GetValue(Crs), Encoding = asked.GetValue(Encoding), Title = asked.GetValue(Title),
            Published = asked.GetValue(Published), DryRun = asked.GetValue(DryRun), AcceptPositions = asked.GetValue(AcceptPositions), ProblemsFile = asked.GetValue(ProblemsFile),
        };
        await using var db = await CommandLine.OpenDatabase(cancel);
        var imported = await Geodata.Imports.Import.Run(db, request, null, cancel);
        imported = await Streets.StreetNotes.AddTo(imported, db, cancel);
        ImportTable.Write(imported, asked.GetValue(Format)!);
        return 0;
    }
}
