using System.CommandLine;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Features;
using Jietong.Services.OData;
using Jietong.Services.Serve;

namespace Jietong.Services.Downloads;

/// <summary>A layer as a file: the same as /collections/{id}/download.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Collection = new("collection") { Description = "Layer 图层: links, link-lines, roads, …" };
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<string> Format = Required(CommandLine.Format([.. DownloadFormat.All.Select(f => f.Name)]));
    private static readonly Option<string> To = Required(new Option<string>("--to") { Description = "File to write; - is standard output 文件", HelpName = "FILE" });
    private static readonly Option<bool> Force = new("--force") { Description = "Overwrite the file if it is there 覆盖" };
    private static readonly Option<string?> Encoding = new("--encoding") { Description = "Of texts in shp and dxf: utf-8 or gbk 编码", HelpName = "ENCODING" };
    private static readonly Option<string?> System = new("--crs") { Description = "Reference system 坐标系: EPSG:4490, EPSG:4549, GCJ-02, …", HelpName = "CRS" };

    public static Command Define()
    {
        var command = new Command("export", "A layer as a file 导出图层") { Collection, Format, To, Force, Encoding, System, AsOf, KnownBy };
        command.SetAction(Answer);
        return command;
    }

    private static Option<string> Required(Option<string> option)
    {
        (option.Required, option.DefaultValueFactory) = (true, null);
        return option;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var (to, today) = (asked.GetValue(To)!, Days.Today);
        var query = new Query(FeaturesRequest.Collection(asked.GetValue(Collection)!)) { AsOf = asked.GetValue(AsOf) ?? today, KnownBy = asked.GetValue(KnownBy) ?? today };
        if (asked.GetValue(System) is { } crs) query = query with { Crs = Crs.Read("--crs", crs) };
        var download = Download.Of(query, "--format", asked.GetValue(Format), asked.GetValue(Encoding));
        if (to != "-" && File.Exists(to) && !asked.GetValue(Force)) throw new InputException($"--to: {to} is there already; --force overwrites it.");
        await using var db = await CommandLine.OpenDatabase(cancel);
        try
        {
            if (to == "-")
            {
                await using var output = Console.OpenStandardOutput();
                await download.Write(db, _ => output, cancel);
            }
            else await WriteFile(download, db, to, cancel);
            return 0;
        }
        catch (Exception e) when (e is UnsupportedException or RefusedRequestException) { throw new InputException(e.Message); }
    }

    /// <summary>Beside the file first: what is there stays until all of the new one is written.</summary>
    private static async Task WriteFile(Download download, Npgsql.NpgsqlDataSource db, string to, CancellationToken cancel)
    {
        var beside = $"{to}.{Environment.ProcessId}.part";
        try
        {
            await using (var file = new FileStream(beside, FileMode.CreateNew)) await download.Write(db, _ => file, cancel);
            File.Move(beside, to, overwrite: true);
        }
        finally { File.Delete(beside); }
    }
}
