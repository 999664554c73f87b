using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Timetables;

namespace Jietong.Services.Accessibility;

/// <summary>Something that an answer rests on, with where it is from.</summary>
internal sealed record AccessNote(string Id, string Zh, string En, string Source);

/// <summary>What an answer rests on and what makes it unsure.</summary>
internal static class AccessNotes
{
    public static IEnumerable<AccessNote> Of(AccessAnswer answer)
    {
        const string ours = "本项目假设 our own assumption";
        var (request, input) = (answer.Request, answer.Input);
        var timetable = input.Timetable;
        yield return new("date", timetable.DayWasChosen ? "未指定日期：取各资料均有服务的最后 366 天中班次最多的第一天" : "所问之日", timetable.DayWasChosen ? "no day was named: of the last 366 days that all feeds cover, the first of those that all serve with the most trips" : "the day asked for", "calendar.txt, calendar_dates.txt");
        if (answer.IsSketch) yield return new("walking", Text($"示意：无路网，步行＝直线 × {WalkingNetwork.DetourFactor}，{WalkingNetwork.Kmh} 千米/时"), Text($"sketch: no streets are imported, walks are straight lines × {WalkingNetwork.DetourFactor} at {WalkingNetwork.Kmh} km/h"), "walking-speed (accessmod-manual), detour-factor-walking (annals-gis-2021-detour)");
        else yield return new("walking", Text($"沿路网步行 {WalkingNetwork.Kmh} 千米/时（{string.Join("、", input.Walking.Datasets)}）；站点与格心先直线走到最近的街道，不超过 {WalkingNetwork.FarthestFromStreetMetres} 米；不计坡度、等灯"),
            Text($"along streets ({string.Join(", ", input.Walking.Datasets)}) at {WalkingNetwork.Kmh} km/h; stops and centres of cells are joined to the nearest street by a straight line of at most {WalkingNetwork.FarthestFromStreetMetres} m; no slopes, no waiting at lights"), "walking-speed (accessmod-manual)");
        yield return new("walk-limits", $"上车前、下车后各不超过 {request.MaxWalkMinutes} 分；换乘步行不超过 {Math.Min(request.MaxWalkMinutes, AccessRequest.MostWalkBetweenRides)} 分；全程步行不超过所问时限",
            $"at most {request.MaxWalkMinutes} min to the first stop and from the last, {Math.Min(request.MaxWalkMinutes, AccessRequest.MostWalkBetweenRides)} min between two rides; all the way on foot up to the longest limit", ours);
        yield return new("change", $"每次换乘除步行外加 {DayTimetable.ChangeMs / 1000} 秒；transfers.txt 有规定者从其规定", $"a change takes {DayTimetable.ChangeMs / 1000} s beyond the walk; where transfers.txt has a rule, that holds", ours);
        yield return new("percentiles", "每分钟出发一次，取出行时间的第 25、50（中位）、75 百分位；未到达计为无穷大", "one departure each minute; the 25th, 50th (median) and 75th percentile of their times; who does not arrive counts as infinite", "README, DECISIONS 77");
        if (answer.IsEstimate) yield return new("headways", "估计：部分班次只给间隔，发车分钟随机取定一次（每次相同）", "estimate: some trips promise headways only; the minute at which they run is drawn once, the same each time", "frequencies.txt, exact_times = 0");
        foreach (var (feed, number) in timetable.Feeds.Select((f, i) => (f, i)))
            if (timetable.TripsToday[number] == 0) yield return new("no-service", $"{feed.Dataset} 当日无班次（{Period(feed)}）", $"{feed.Dataset} runs no trip on that day ({Period(feed)})", feed.Dataset);
        foreach (var (feed, hours) in timetable.Feeds.Zip(answer.Hours))
            if (hours.FirstSeconds is not null && !hours.RunsInWindow)
                yield return new("no-service-then", $"{feed.Dataset} 在所问出发时段内无车，当日只在 {hours} 运行：换一个时段（--departures）", $"{feed.Dataset} runs nothing in the hours asked for, on that day only {hours}: ask for other hours (--departures)", feed.Dataset);
        if (timetable.Feeds.Select(f => f.Timezone).Distinct().Count() > 1) yield return new("timezones", "各资料时区不同，时刻均按当地钟面时间相接", "the feeds have different time zones: their clocks are taken as one", "agency.txt");
        var (cells, stops) = (Enumerable.Range(input.StopCount, input.Cells.Count).Count(p => !input.Walking.Joins(p)), Enumerable.Range(0, input.StopCount).Count(p => !input.Walking.Joins(p)));
        if (cells + stops > 0) yield return new("unjoined", $"{cells} 个格、{stops} 个站 {WalkingNetwork.FarthestFromStreetMetres} 米内无可步行的街道，不能到达", $"{cells} cells and {stops} stops have no street to walk on within {WalkingNetwork.FarthestFromStreetMetres} m and are reached by nobody", string.Join(", ", input.Walking.Datasets));
        yield return new("not-modelled", "不计票价、拥挤、晚点、封站；需预约的上下车（pickup_type 2、3）按可乘坐计", "no fares, crowding, delays or closures; boarding by arrangement (pickup_type 2, 3) counts as possible", ours);
    }

    public static string Period(FeedRow feed) => feed.First is null ? "无服务日 no service" : string.Create(CultureInfo.InvariantCulture, $"{feed.First:yyyy-MM-dd} … {feed.Last:yyyy-MM-dd}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
