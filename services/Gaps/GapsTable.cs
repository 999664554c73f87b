using System.Text.Json;
using CsvHelper;
using Jietong.Services.Cli;
using Spectre.Console;

namespace Jietong.Services.Gaps;

/// <summary>Gaps for people and for programs.</summary>
internal static class GapsTable
{
    public static async Task Write(GapsFound found, IReadOnlyList<GapRow> rows, string format, CancellationToken cancel)
    {
        await using var to = Console.OpenStandardOutput();
        switch (format)
        {
            case "json": await Serialized(to, new { About = About(found), Gaps = rows }, cancel); break;
            case "geojson": await Serialized(to, new { Type = "FeatureCollection", About = About(found), Features = rows.Select(Feature) }, cancel); break;
            case "csv": await WriteCsv(rows, to, cancel); break;
            default: WriteTable(found, rows); break;
        }
    }

    /// <summary>What the answer rests on, in one line each.</summary>
    private static object About(GapsFound found) => new
    {
        DataVersion = found.Version.ToString(), Border = found.Border.Name, WithinMetres = found.Question.Within, found.Question.Detour, AngleDegrees = found.Question.Angle, found.Question.SpeedKmh, LeastSeconds = found.Question.LeastMs / 1000,
        HorizonMinutes = CandidateGains.HorizonMs / 60_000, TripsZh = found.Trips.Zh, TripsEn = found.Trips.En, RoadEnds = found.Ends, Ranked = found.Ranked.Count, HelpNobody = found.Useless.Count, StreetsLeftOut = found.Without,
    };

    private static object Feature(GapRow row)
    {
        var properties = JsonSerializer.SerializeToNode(row, Output.JsonObjects)!.AsObject();
        properties.Remove("line");
        properties.Remove("id");
        return new { Type = "Feature", row.Id, Geometry = new { Type = "LineString", Coordinates = row.Line }, Properties = properties };
    }

    private static async Task Serialized(Stream to, object answer, CancellationToken cancel)
    {
        await JsonSerializer.SerializeAsync(to, answer, Output.JsonObjects, cancel);
        to.WriteByte((byte)'\n');
    }

    private static async Task WriteCsv(IReadOnlyList<GapRow> rows, Stream to, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(to, Output.CsvForExcel, leaveOpen: true);
        string[] columns = ["id", "rank", "kind", "nameA", "nameB", "classA", "classB", "metres", "networkMetres", "detour", "savedSeconds", "nextRank", "nextSavedSeconds", "angleA", "angleB", "oneWay", "barredBy", "datasetA", "streetA", "datasetB", "streetB", "barredStreets", "beside", "longitude", "latitude"];
        csv.WriteHeader(columns);
        foreach (var row in rows)
        {
            foreach (var cell in new object?[] { row.Id, row.Rank, row.Kind, row.NameA, row.NameB, row.ClassA, row.ClassB, row.Metres, row.NetworkMetres, row.Detour, row.SavedSeconds, row.NextRank, row.NextSavedSeconds, row.AngleA, row.AngleB, row.OneWay, row.BarredBy,
                row.DatasetA, row.StreetA, row.DatasetB, row.StreetB, string.Join("; ", row.BarredStreets), row.Beside, row.Line[row.Line.Count / 2][0], row.Line[row.Line.Count / 2][1] }) csv.WriteField(cell);
            csv.EndRecord();
        }
        await csv.FlushAsync(cancel);
    }

    private static void WriteTable(GapsFound found, IReadOnlyList<GapRow> rows)
    {
        var terminal = Output.Terminal();
        var table = Output.Table("序 #", "断头 Gap", "间距 Straight", "绕行 By streets", "平均节省 Mean saved", "朝向 Turn off", "位置 At");
        table.ShowRowSeparators();
        foreach (var row in rows)
            table.AddRow(
                Output.Text(row.Rank), $"[bold]{Named(row.NameA, row.ClassA)} ⋯ {Named(row.NameB, row.ClassB)}[/]\n{Kind(row)}\n[grey]{row.Id}{(row.Beside is { } other ? $" 与之二选一 or {other}" : "")}[/]",
                $"{row.Metres:0} 米 m", row.NetworkMetres is { } metres ? $"{metres / 1000:0.0} 千米 km\n{row.Detour:0.0} 倍 times" : "不通 no way", $"[bold]{row.SavedSeconds:0.000}[/] 秒 s{(row.NextRank is { } next ? $"\n接续第 {next} next {next}: {row.NextSavedSeconds:0.000}" : "")}",
                row.AngleA is null ? "" : $"{row.AngleA:0}°{(row.AngleB is { } b ? $", {b:0}°" : "")}", $"{row.Line[0][0]:0.00000},{row.Line[0][1]:0.00000}");
        terminal.Write(table);
        var q = found.Question;
        terminal.MarkupLine($"边界 Border [bold]{Output.Text(found.Border.Name)}[/] · 近旁路端 road ends near it {found.Ends:N0} · 列出 listed {found.Ranked.Count:N0} · 对出行几无帮助而未列 help nobody, left out {found.Useless.Count:N0}（--all 列出 lists them）");
        terminal.MarkupLine($"间距 within {q.Within:0} 米 m · 绕行 detour ≥ {q.Detour:0.#} 倍 times，或不通 or no way · 朝向 angle ≤ {q.Angle:0}° · 假定车速 speed {q.SpeedKmh:0} km/h · 节省 saved ≥ {q.LeastMs / 1000:0.###} 秒 s");
        if (rows.Any(r => r.Kind == "barred")) terminal.MarkupLine("硬隔离不受间距、绕行、朝向限制，间距为所隔路段的长度。 What is barred counts at any length, detour and angle; its length is that of the barred way.");
        terminal.MarkupLine($"{Output.Text(found.Trips.Zh)}；不通或超过 {CandidateGains.HorizonMs / 60_000} 分钟按 {CandidateGains.HorizonMs / 60_000} 分钟计。 {Output.Text(found.Trips.En)}; no way, or a longer one, counts as {CandidateGains.HorizonMs / 60_000} minutes.");
        if (found.Without > 0) terminal.MarkupLine($"{found.Without} 条道路视为不存在。 {found.Without} streets are taken as not there.");
        terminal.MarkupLine($"路网数据所示，不等于实地。 What the road data show is not what the place looks like. · 数据版本 Data version {found.Version}");
    }

    private static string Named(string? name, string roadClass) => Output.Text(name ?? $"（无名 unnamed {roadClass}）");

    private static string Kind(GapRow row) => row.Kind switch
    {
        "ends" => "两端相对 two ends face each other",
        "end-road" => "路端对道路 an end faces a road",
        _ => $"硬隔离 barred: {Output.Text(row.BarredBy)}",
    } + (row.OneWay ? " · 单向 one way" : "");
}
