using System.CommandLine;
using Jietong.Services.Cli;

namespace Jietong.Services.Gaps;

/// <summary>Where do roads face each other across the border and do not meet, and what would joining them bring?</summary>
internal static class GapsCommand
{
    private static readonly GapQuestion Usual = new();

    private static readonly Option<string?> BorderOption = new("--border") { Description = "A jurisdiction (adcode or name), a file of GeoJSON or WKT, DATASET:ID, railway or waterway 边界（默认：省级边界）", HelpName = "BORDER" };
    private static readonly Option<double> Within = Number("--within", "Roads face each other over at most so many metres 间距上限（米）", "M", Usual.Within),
        Detour = Number("--detour", "The way by the streets is at least so many times as long 绕行倍数下限", "R", Usual.Detour),
        Angle = Number("--angle", "An end points at the other within so many degrees 朝向偏差上限（度）", "DEGREES", Usual.Angle),
        Speed = Number("--speed", "How fast the missing road would be driven, km/h 假定车速", "KMH", Usual.SpeedKmh),
        Least = Number("--least", "What saves trips fewer seconds in the mean is left out 平均节省低于此秒数者不列", "SECONDS", Usual.LeastMs / 1000);
    private static readonly Option<string[]> Without = new("--without") { Description = "Streets taken as not there 视为不存在的道路: ID,DATASET:ID,…", HelpName = "STREETS", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> Together = new("--together") { Description = "Which next, given those before: the best dozen in that order 逐条接通的次序" };
    private static readonly Option<bool> All = new("--all") { Description = "Also what helps nobody 连同无人受益者" };
    private static readonly Option<int?> Top = new("--top") { Description = "Only so many, the largest first 只列前几条", HelpName = "N" };
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv", "geojson");

    public static Command Define()
    {
        var command = new Command("gaps", "Roads that face each other across a border and do not meet, by what joining them would bring 路网中的断头路") { BorderOption, Within, Detour, Angle, Speed, Least, Without, Together, All, Top, Format };
        command.Validators.Add(r => { if (r.GetValue(Top) is < 1) r.AddError("--top: write a number from 1 on."); });
        command.SetAction(Answer);
        return command;
    }

    private static Option<double> Number(string name, string description, string unit, double usual) => new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual };

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var question = new GapQuestion(asked.GetValue(Within), asked.GetValue(Detour), asked.GetValue(Angle), asked.GetValue(Speed), 1000 * asked.GetValue(Least)).Checked();
        string[] without = [.. (asked.GetValue(Without) ?? []).SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        await using var db = await CommandLine.OpenDatabase(cancel);
        var found = await GapFinder.Find(db, asked.GetValue(BorderOption), question, without, asked.GetValue(Together), Console.Error.WriteLine, cancel);
        var rows = GapRow.Of(found, asked.GetValue(All));
        await GapsTable.Write(found, asked.GetValue(Top) is { } top ? [.. rows.Take(top)] : rows, asked.GetValue(Format)!, cancel);
        return 0;
    }
}
