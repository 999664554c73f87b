using System.CommandLine;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Model;

namespace Jietong.Services.Reach;

/// <summary>Where can one get to from here within so many minutes, on that day, and what does opening or closing a link change?</summary>
internal static class ReachCommand
{
    private static readonly Option<DateOnly?> AsOf = CommandLine.AsOf(), KnownBy = CommandLine.KnownBy();
    private static readonly Option<string> From = Text("--from", "A place, or a position 出发地点或坐标", "PLACE|LON,LAT"), Mode = Text("--mode", "car 小汽车 or transit 步行与公共交通 (default: car)", "car|transit"),
        Minutes = Text("--minutes", $"Ends of the bands, each from 0 on 各档时限，均从 0 起 (default: {ReachRequest.DefaultMinutes})", "MIN,MIN…"),
        Open = Text("--open", "Links to open 接通的通道", "ID,ID…"), Close = Text("--close", "Links to close 断开的通道", "ID,ID…"),
        Width = Text("--width", $"By car: metres to each side of a road 道路两侧各多少米 (default: {ReachRequest.DefaultWidth})", "METRES");
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "geojson");

    public static Command Define()
    {
        From.Required = true;
        var command = new Command("reach", "Where one gets to within so many minutes, and what links change 等时圈") { From, Mode, Minutes, AsOf, KnownBy, Open, Close, Width, Format };
        command.SetAction(Answer);
        return command;
    }

    private static Option<string> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var request = ReachRequest.Read(name => asked.GetValue(new[] { From, Mode, Minutes, Open, Close, Width }.First(o => o.Name == "--" + name)), asked.GetValue(AsOf) ?? Days.Today, asked.GetValue(KnownBy) ?? Days.Today, "--");
        await using var db = await CommandLine.OpenDatabase(cancel);
        var (input, version) = await ModelInput.Read(db, request.AsOf, request.KnownBy, request.TravelMode, cancel, optional: true);
        var answer = ReachAnswer.Of(request, input, version.ToString(), cancel);
        if (asked.GetValue(Format) == "table") ReachTable.Write(answer);
        else
        {
            await using var to = Console.OpenStandardOutput();
            await ReachGeoJson.Write(to, answer, areas: asked.GetValue(Format) == "geojson", cancel);
        }
        return 0;
    }
}
