using System.CommandLine;
using Jietong.Services.Cli;

namespace Jietong.Services.Accessibility;

/// <summary>How many jobs, schools, people does one get to by public transport, and what would be lost without a line?</summary>
internal static class AccessCommand
{
    private static readonly Option<string?> Opportunities = Text("--opportunities", $"What is counted 机会 (default: {AccessRequest.DefaultOpportunities})", "COLUMN"), Minutes = Text("--minutes", $"Within so many minutes 时限 (default: {AccessRequest.DefaultMinutes})", "MIN,MIN…"),
        Weights = Text("--weights", "Whom means count for 权重 (default: population, else equal)", "COLUMN|equal"), Departures = Text("--departures", $"When one sets out, each minute 出发时段 (default: {AccessRequest.DefaultDepartures})", "HH:MM-HH:MM"),
        MaxWalk = Text("--max-walk", $"Minutes to the first stop, and from the last 步行上限 (default: {AccessRequest.DefaultMaxWalk})", "MIN"), Without = Text("--without", "What removing them costs 去掉后的损失", "DATASET|ROUTE,…"), From = Text("--from", "One cell's travel times 一格的出行时间", "CELL");
    private static readonly Option<DateOnly?> Date = CommandLine.Day("--date", "The service day 服务日 (default: one that all feeds serve)");
    private static readonly Option<bool> Quiet = CommandLine.Quiet();
    private static readonly Option<string> Format = CommandLine.Format("table", "json", "geojson", "csv");

    public static Command Define()
    {
        var command = new Command("access", "What one reaches by public transport, and what a line is worth 可达性") { Opportunities, Minutes, Weights, Date, Departures, MaxWalk, Without, From, Quiet, Format };
        command.SetAction(Answer);
        return command;
    }

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static async Task<int> Answer(ParseResult asked, CancellationToken cancel)
    {
        var request = AccessRequest.Read(name => asked.GetValue(new[] { Opportunities, Minutes, Weights, Departures, MaxWalk, Without, From }.First(o => o.Name == "--" + name)), asked.GetValue(Date), "--");
        await using var db = await CommandLine.OpenDatabase(cancel);
        var answer = await ProgressBars.While(asked.GetValue(Quiet), async progress =>
        {
            progress(new("读取数据", "reading the data"));
            return AccessAnswer.Of(request, await AccessInput.Read(db, request, cancel), progress, cancel);
        });
        await using var to = Console.OpenStandardOutput();
        switch (asked.GetValue(Format))
        {
            case "json": await AccessDocuments.WriteJson(to, answer, cancel); break;
            case "geojson": await AccessDocuments.WriteGeoJson(to, answer, cancel); break;
            case "csv": await AccessDocuments.WriteCsv(to, answer, cancel); break;
            default: AccessTable.Write(answer); break;
        }
        return 0;
    }
}
