using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Gaps;
using Jietong.Geodata.Query;
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
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the answer as the layer gaps 存为图层" };
    private static readonly Option<string?> Propose = new("--propose") { Description = "Write them as links into register files, for a pull request 写入登记文件，供提交审阅", HelpName = "FOLDER" };
    private static readonly Option<string[]> Only = new("--only") { Description = "Only these gaps 只取这些: ID,…", HelpName = "IDS", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Sides = new("--sides") { Description = "With --propose: adcodes of the outer side and of Shanghai's, where the data have no boundaries 两侧行政区划代码", HelpName = "OUTER,SHANGHAI" };
    private static readonly Option<bool> Audit = new("--audit") { Description = "Instead: where the road data show other than the register has 登记册与路网数据的出入" };
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<int?> Top = new("--top") { Description = "Only so many, the largest first 只列前几条", HelpName = "N" };
    private static readonly Option<bool> Quiet = CommandLine.Quiet();
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "csv", "geojson");

    public static Command Define()
    {
        var command = new Command("gaps", "Roads that face each other across a border and do not meet, by what joining them would bring 路网中的断头路") { BorderOption, Within, Detour, Angle, Speed, Least, Without, Together, All, Only, Top, Keep, Propose, Sides, Audit, AsOf, KnownBy, Quiet, Format };
        command.Validators.Add(r => { if (r.GetValue(Top) is < 1) r.AddError("--top: write a number from 1 on."); });
        command.Validators.Add(r => { if (r.GetValue(Audit) && r.GetValue(Format) == "geojson") r.AddError("--audit: there is no geojson of it; write table, json or csv."); });
        command.SetAction(Answer);
        return command;
    }

    private static Option<double> Number(string name, string description, string unit, double usual) => new(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => usual, CustomParser = result => Parsed(result, name) };

    private static double Parsed(ArgumentResult result, string name)
    {
        if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        result.AddError($"{GapQuestion.MustBe(name)} \"{InputException.Short(result.Tokens[0].Value, 40)}\" is no number.");
        return 0;
    }

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var question = new GapQuestion(asked.GetValue(Within), asked.GetValue(Detour), asked.GetValue(Angle), asked.GetValue(Speed), 1000 * asked.GetValue(Least)).Checked();
        string[] without = [.. Listed(asked.GetValue(Without))], only = [.. Listed(asked.GetValue(Only))];
        string[]? sides = asked.GetValue(Sides) is { } named ? [.. Listed([named])] : null;
        if (sides is not (null or [{ Length: 6 }, { Length: 6 }])) throw new InputException("--sides: write two adcodes, like 320583,310118.");
        await using var db = await CommandLine.OpenDatabase(cancel);
        if (asked.GetValue(Audit))
        {
            var (asOf, knownBy) = (asked.GetValue(AsOf) ?? Days.Today, asked.GetValue(KnownBy) ?? Days.Today);
            AuditTable.Write(await RegisterAudit.Read(db, asOf, knownBy, cancel), asked.GetValue(All), asked.GetValue(Format)!, Output.Days(asOf, knownBy));
            return 0;
        }
        var found = await ProgressBars.While(asked.GetValue(Quiet), progress => GapFinder.Find(db, asked.GetValue(BorderOption), question, without, asked.GetValue(Together), progress, cancel));
        List<(GapRow Row, Candidate Gap)> gaps = [.. GapRow.Of(found, asked.GetValue(All)).Zip(found.Ranked.Concat(found.Useless))];
        if (only.FirstOrDefault(id => gaps.All(g => g.Row.Id != id)) is { } unknown) throw new InputException($"--only: there is no gap {unknown} in the answer{(asked.GetValue(All) ? "" : "; --all also has those that help nobody")}.", notFound: true);
        if (only.Length > 0) gaps = [.. gaps.Where(g => only.Contains(g.Row.Id))];
        if (asked.GetValue(Top) is { } top) gaps = [.. gaps.Take(top)];
        if (asked.GetValue(Keep)) await Console.Error.WriteLineAsync($"已存为图层 gaps，问题编号 Kept in the layer gaps, question {await GapRow.Keep(db, found, without, cancel)}");
        if (asked.GetValue(Propose) is { } folder)
        {
            var added = await GapProposal.Write(db, gaps, sides, folder, cancel);
            await Console.Error.WriteLineAsync($"{added.Count} 条写入 links written to {folder}，{gaps.Count - added.Count} 条原已在内 were there. 尚无阶段，待有来源证实后才列出 They have no stage, and are listed once a source attests one: " +
                "./run attest LINK --stage … --source … --stated-on …");
        }
        await GapsTable.Write(found, [.. gaps.Select(g => g.Row)], asked.GetValue(Format)!, cancel);
        return 0;
    }

    private static IEnumerable<string> Listed(string[]? values) => (values ?? []).SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
