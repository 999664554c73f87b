using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Accessibility;

/// <summary>Accessibility in the terminal.</summary>
internal static class AccessTable
{
    private const int MostCells = 10, MostTimes = 20, Median = AccessAnswer.Median;

    public static void Write(AccessAnswer answer)
    {
        var (terminal, request, input) = (Output.Terminal(), answer.Request, answer.Input);
        if (answer.Times is { } times) WriteTimes(terminal, answer, times);
        else WriteBands(terminal, answer);
        if (answer.RoutesRemoved > 0 && answer.Times is null) WriteLosses(terminal, answer);
        terminal.MarkupLine($"服务日 Day [bold]{input.Timetable.Day:yyyy-MM-dd}[/] ({input.Timetable.Day.DayOfWeek}) · 出发 departures {AccessRequest.Clock(request.FromMinute)}–{AccessRequest.Clock(request.ToMinute - 1)}，每分钟 each minute ({request.DepartureCount}) · " +
            $"权重 weights {Output.Text(input.Opportunities.Weights)} · {input.Cells.Count:N0} 格 cells · {Output.Text(input.Opportunities.Column)} {Number(answer.AllOpportunities)}");
        for (var i = 0; i < input.Timetable.Feeds.Count; i++)
            terminal.MarkupLine($"{Output.Text(input.Timetable.Feeds[i].Dataset)}：{Output.Text(AccessNotes.Period(input.Timetable.Feeds[i]))} · 发布 published {Output.Text(input.Timetable.Feeds[i].Published)} · 当日班次 trips that day {input.Timetable.TripsToday[i]:N0}，{answer.Hours[i]}");
        foreach (var note in AccessNotes.Of(answer)) terminal.MarkupLine($"[grey]·[/] {Output.Text(note.Zh)}。{Output.Text(note.En)}. [grey]({Output.Text(note.Source)})[/]");
        terminal.MarkupLine($"数据版本 Data version {Output.Text(input.Version.ToString())}{(answer.IsSketch ? " · 示意 [bold]sketch[/]" : "")}{(answer.IsEstimate ? " · 估计 [bold]estimate[/]" : "")}");
    }

    private static void WriteBands(IAnsiConsole terminal, AccessAnswer answer)
    {
        var table = Output.Table("时限 Within", "加权平均 Mean", "占全部 Share", "出发时刻较好—较差 25 % … 75 % of departures", "各人 10 … 25 … 50 … 75 … 90 % of people");
        for (var limit = 0; limit < answer.Request.Minutes.Count; limit++)
        {
            double At(int percentile) => answer.Mean(limit, c => c.Before[percentile]);
            table.AddRow($"[bold]{answer.Request.Minutes[limit]}[/] 分 min", $"[bold]{Number(At(Median))}[/]", Percent(At(Median) / answer.AllOpportunities), $"{Number(At(0))} … {Number(At(2))}",
                string.Join(" … ", AccessAnswer.Quantiles.Select(p => Number(answer.Quantile(limit, p, c => c.Before[Median])))));
        }
        terminal.Write(table);
    }

    private static void WriteLosses(IAnsiConsole terminal, AccessAnswer answer)
    {
        var (limits, cells) = (answer.Request.Minutes, answer.Input.Cells);
        terminal.MarkupLine($"去掉 Without [bold]{Output.Text(string.Join(", ", answer.Request.Without))}[/] ({answer.RoutesRemoved} 条线路 routes)");
        var table = Output.Table("时限 Within", "之前 Before", "之后 After", "损失 Lost", "损失率 Share lost", "受损格数 Cells losing", "受损人口 Of the weight");
        for (var limit = 0; limit < limits.Count; limit++)
        {
            var (before, after) = (answer.Mean(limit, c => c.Before[Median]), answer.Mean(limit, c => c.After![Median]));
            table.AddRow($"[bold]{limits[limit]}[/] 分 min", Number(before), Number(after), $"[bold]{Number(after - before)}[/]", before == 0 ? "—" : Percent((after - before) / before), $"{answer.CellsLosing(limit):N0}", Percent(answer.ShareLosing(limit)));
        }
        terminal.Write(table);
        var most = Enumerable.Range(0, limits.Count).MaxBy(limit => answer.Mean(limit, c => c.Before[Median] - c.After![Median]));   // the limit within which most is lost
        var losers = Enumerable.Range(0, cells.Count).Select(i => (Cell: i, Lost: answer.ByLimit[most][i].Before[Median] - answer.ByLimit[most][i].After![Median])).Where(l => l.Lost > 0).OrderByDescending(l => l.Lost).ThenBy(l => l.Cell).Take(MostCells).ToList();
        if (losers.Count == 0) return;
        var worst = Output.Table($"损失最大的格 Cells that lose most ({limits[most]} min)", "之前 Before", "之后 After", "损失 Lost");
        foreach (var (cell, lost) in losers) worst.AddRow(Place(cells[cell]), Number(answer.ByLimit[most][cell].Before[Median]), Number(answer.ByLimit[most][cell].After![Median]), Number(-lost));
        terminal.Write(worst);
        var pairs = Output.Table("损失最大的格对 Pairs that lose most：自 from", "至 to", "中位（分）之前 Median min before", "之后 after");
        foreach (var pair in answer.LostPairs) pairs.AddRow(Place(cells[pair.From]), Place(cells[pair.To]), Minutes(pair.BeforeMs), Minutes(pair.AfterMs));
        terminal.Write(pairs);
    }

    private static void WriteTimes(IAnsiConsole terminal, AccessAnswer answer, IReadOnlyList<CellTimes> times)
    {
        var (cells, from) = (answer.Input.Cells, answer.Input.CellNamed(answer.Request.From!));
        terminal.MarkupLine($"自 From [bold]{Place(cells[from])}[/]");
        var table = Output.Table("时限 Within", "到达格 Cells", $"{Output.Text(answer.Input.Opportunities.Column)}", "占全部 Share");
        for (var limit = 0; limit < answer.Request.Minutes.Count; limit++)
        {
            var reached = answer.ByLimit[limit][from];
            table.AddRow($"[bold]{answer.Request.Minutes[limit]}[/] 分 min", $"{times.Count(t => t.Before[Median] <= answer.Request.Minutes[limit] * 60_000):N0}", Number(reached.Before[Median]) + (reached.After is { } after ? $" → {Number(after[Median])}" : ""), Percent(reached.Before[Median] / answer.AllOpportunities));
        }
        terminal.Write(table);
        var nearest = Output.Table("至 To", Output.Text(answer.Input.Opportunities.Column), "25 %", "中位 median 50 %", "75 % 分 min");
        foreach (var time in times.Where(t => cells[t.To].Opportunities > 0).OrderByDescending(t => cells[t.To].Opportunities).Take(MostTimes))
            nearest.AddRow([Place(cells[time.To]), Number(cells[time.To].Opportunities), .. time.Before.Select((ms, p) => Minutes(ms) + (time.After is { } after && after[p] != ms ? $" → {Minutes(after[p])}" : ""))]);
        terminal.Write(nearest);
        terminal.MarkupLine($"[grey]{Output.Text(answer.Input.Opportunities.Column)} 最多的 {MostTimes} 格；全部见 the {MostTimes} cells with most; all by --format csv|json|geojson[/]");
    }

    private static string Place(OpportunityRow cell) => Output.Text(FormattableString.Invariant($"{cell.Id} ({cell.Latitude:0.0000}, {cell.Longitude:0.0000})"));
    private static string Minutes(int ms) => ms >= Routing.Network.Unreachable ? "—" : (ms / 60_000.0).ToString("0.0", CultureInfo.InvariantCulture);
    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
