using System.CommandLine;
using Jietong.Geodata;
using Jietong.Geodata.Imports;
using Jietong.Services.Cli;

namespace Jietong.Services.Import;

/// <summary>Brings a bureau's own data in: what is it, is it right, and what does it change?</summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Paths = new("path") { Description = "Files, folders with a feed, or addresses of files 文件、文件夹或网址", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Into = Text("--into", "Where to 导入图层 (default: by the format)", "LAYER"), Dataset = Text("--dataset", "Its name, under which a newer file replaces it 数据集名 (default: the file's)", "NAME"),
        Datum = Text("--datum", "What coordinates were measured in 坐标基准", "DATUM"), Crs = Text("--crs", "Reference system 坐标系: EPSG:n, WKT or PROJ", "CRS"), Encoding = Text("--encoding", "Of its texts 文字编码 (default: found out)", "NAME"),
        Title = Text("--title", "A title for people 标题", "TEXT"), Published = Text("--published", "When it was published 发布日期", "DATE"), FromLayer = Text("--layer", "Which layer of the file 文件中的图层", "NAME"), ControlPoints = Text("--control-points", "Points known in the file's local system and in CGCS2000 控制点 (CSV: name, x, y, lon, lat)", "FILE"), ProblemsFile = Text("--problems", "Where all problems are listed 问题清单", "FILE");
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what would change, store nothing 试算不存" }, AcceptPositions = new("--accept-positions") { Description = "Go on although the positions look wrong 位置可疑也导入" },
        SwapAxes = new("--swap-axes") { Description = "Latitude or northing stands first in it 纬度（北）在前" }, Quiet = CommandLine.Quiet();
    private static readonly Option<string> Format = CommandLine.Format("table", "json");

    public static Command Define()
    {
        Into.AcceptOnlyFromAmong([.. ImportRequest.Layers]);
        Datum.AcceptOnlyFromAmong([.. ImportRequest.Datums]);
        var command = new Command("import", "Bring in data of your own: OpenStreetMap, GTFS, GIS files 导入数据") { Paths, Into, Dataset, Datum, Crs, ControlPoints, SwapAxes, Encoding, FromLayer, Title, Published, DryRun, AcceptPositions, ProblemsFile, Quiet, Format };
        command.SetAction(Answer);
        return command;
    }

    /// <summary>Where fetched files stay, so that the same address is not fetched twice in full.</summary>
    private static string Folder => Path.Combine(Cache.Folder, "fetched");

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var request = new ImportRequest(asked.GetValue(Paths)!, $"{Environment.UserName} (terminal)")
        {
            Into = asked.GetValue(Into), Dataset = asked.GetValue(Dataset), Datum = asked.GetValue(Datum), Crs = asked.GetValue(Crs), Encoding = asked.GetValue(Encoding), FromLayer = asked.GetValue(FromLayer), ControlPoints = asked.GetValue(ControlPoints), SwapAxes = asked.GetValue(SwapAxes), Title = asked.GetValue(Title),
            Published = asked.GetValue(Published), DryRun = asked.GetValue(DryRun), AcceptPositions = asked.GetValue(AcceptPositions), ProblemsFile = asked.GetValue(ProblemsFile),
        };
        if (request.Paths.FirstOrDefault(p => !Fetched.IsAddress(p) && !File.Exists(p) && !Directory.Exists(p)) is { } absent) throw new InputException($"{absent}: there is no such file or folder.", notFound: true);   // before a region is made for it
        await using var db = await CommandLine.OpenDatabase(cancel, makesRegion: true);
        var imported = await ProgressBars.While(asked.GetValue(Quiet), async progress =>
        {
            var paths = new List<string>();
            foreach (var path in request.Paths) paths.Add(Fetched.IsAddress(path) ? await Fetched.From(path, Folder, progress, Console.Error.WriteLine, cancel) : path);
            return await Geodata.Imports.Import.Run(db, request with { Paths = paths }, progress, cancel);
        });
        imported = await Streets.StreetNotes.AddTo(imported, db, cancel);
        ImportTable.Write(imported, asked.GetValue(Format)!);
        return 0;
    }
}
