using System.Text;
using Jietong.Services.Model;
using static Jietong.Services.Reports.ReportPage;

namespace Jietong.Services.Reports;

/// <summary>The tables of a report, and the words that say how it was reckoned.</summary>
internal static class ReportTables
{
    public static string Pairs(IReadOnlyList<ReportPair> pairs, IReadOnlyList<ReportLink> links)
    {
        if (pairs.Count == 0) return "<p>没有地点对因此改变。 <span class=\"en\">No pair changes.</span></p>";
        var table = new StringBuilder("<table class=\"pairs\"><thead><tr><th>地点对 <span class=\"en\">Pair</span></th><th class=\"n\">之前 → 之后 分<br><span class=\"en\">before → after, min</span></th><th>之前路线 <span class=\"en\">Route before</span></th><th>之后路线 <span class=\"en\">Route after</span></th></tr></thead><tbody>");
        foreach (var p in pairs)
            table.Append($"<tr><td><b>{H(p.FromZh)}→{H(p.ToZh)}</b><br><span class=\"en\">{H(p.FromEn)} → {H(p.ToEn)}</span></td><td class=\"n\">{Time(p.MinutesBefore)} → {Time(p.MinutesAfter)}{Shares(p, links)}</td><td>{Legs(p.RouteBefore)}</td><td>{Legs(p.RouteAfter)}{Via(p, links)}</td></tr>");
        return table.Append("</tbody></table>").ToString();
    }

    private static string Time(double? minutes) => minutes is null ? "不通" : N(minutes);

    /// <summary>How much of what the pair saves each link brings; with one link it is all of it.</summary>
    private static string Shares(ReportPair pair, IReadOnlyList<ReportLink> links) =>
        links.Count < 2 ? "" : string.Concat(pair.ShareMinutes.Where(s => s.Value != 0).Select(s => $"<br><small>{H(links.First(l => l.Id == s.Key).NameZh)} {s.Value:0.0}</small>"));

    /// <summary>Where the best way leaves the links aside, how long the way by them would be: so that one sees why.</summary>
    private static string Via(ReportPair pair, IReadOnlyList<ReportLink> links) => pair.RouteVia is { } via && !links.Any(l => pair.RouteAfter?.Links.GetValueOrDefault(l.Id) > 0 || pair.RouteBefore?.Links.GetValueOrDefault(l.Id) > 0)
        ? $"<p><b>经由通道 {via.Minutes:0.0} 分，不是最快 <span class=\"en\">by the link {via.Minutes:0.0} min, not the fastest</span></b></p>{Legs(via)}" : "";

    private static string Legs(Route? route)
    {
        if (route is null) return "不通 <span class=\"en\">no path</span>";
        var list = string.Concat(route.Legs.Select(leg => $"<li>{(leg.WaitMinutes > 0 ? $"候车 <span class=\"en\">wait</span> {leg.WaitMinutes:0.0} · " : "")}{H(leg.NameZh)}" +
            $"{(leg.Kind is "ride" or "road" or "connector" or "bus" && leg.FromZh != leg.ToZh ? $" {H(leg.FromZh)}→{H(leg.ToZh)}" : "")} <b>{leg.Minutes:0.0}</b></li>"));
        return $"<ol class=\"legs\">{list}</ol>" + (route.Probability < 0.995 ? $"<small>最可能的走法 likeliest way, {route.Probability:P0}；期望 expected {route.Minutes:0.0}</small>" : "");
    }

    public static string Places(IReadOnlyList<ReportPlace> places)
    {
        var changed = places.Where(p => Math.Abs(p.SavedMinutes) >= 0.005).OrderByDescending(p => Math.Abs(p.SavedMinutes)).ThenBy(p => p.Id, StringComparer.Ordinal).Take(15).ToList();
        if (changed.Count == 0) return "<p>没有地点的平均时间改变 0.005 分以上。 <span class=\"en\">No place's mean time changes by 0.005 min or more.</span></p>";
        var rows = string.Concat(changed.Select(p => $"<tr><td>{H(p.NameZh)} <span class=\"en\">{H(p.NameEn)}</span></td><td class=\"n\">{p.MeanMinutesBefore:0.00}</td><td class=\"n\">{p.MeanMinutesAfter:0.00}</td><td class=\"n\"><b>{p.SavedMinutes:0.00}</b></td><td class=\"n\">{p.Weight:#,0.##}</td></tr>"));
        return "<table><thead><tr><th>地点 <span class=\"en\">Place</span></th><th class=\"n\">到各地平均 之前<br><span class=\"en\">mean to all, before, min</span></th><th class=\"n\">之后<br><span class=\"en\">after, min</span></th><th class=\"n\">节省<br><span class=\"en\">saved, min</span></th><th class=\"n\">权重 M<br><span class=\"en\">weight</span></th></tr></thead><tbody>" + rows + "</tbody></table>";
    }

    public static string Method(Report report)
    {
        var (request, results) = (report.Request, report.Results);
        var transit = request.Mode == "transit";
        var streets = transit ? null : report.Input.Streets;
        return $"""
            <p class="formula">T̄ = Σ<sub>s≠t</sub> T(s,t)·M(s)·M(t) ⁄ Σ<sub>s≠t</sub> M(s)·M(t)　　节省 <span class="en">saved</span> = T̄<sub>前 before</sub> − T̄<sub>后 after</sub></p>
            <p>加权平均旅行时间 Σ T·M ⁄ Σ M，只计前后都通的有序地点对；新连通、被断开的另计。T：从地点 s 到 t 的时间（分）；M：地点权重，这里是{(request.Weights switch { "equal" => "各地点等权（M＝1），车站与镇点同等计入", "town" => "各镇点等权（M＝1），车站不计", _ => $"县级常住人口（{string.Join("、", results.Base.Counties.Select(c => c.Year).Distinct())} 年，{H(string.Join(", ", results.Base.Counties.Select(c => c.SourceId).Distinct()))}）在本县镇点间均分" })}。{(results.Base.PlacesWithoutWeight.Count == 0 ? "" : $"权重为零、不计入的地点 <span class=\"en\">places of weight 0, left out</span>：{H(string.Join(", ", results.Base.PlacesWithoutWeight))}。")}
              <br><span class="en">Weighted mean travel time over ordered pairs that can be travelled before and after; pairs joined or cut off are counted apart. M: {(request.Weights switch { "equal" => "every place counts alike, stations too", "town" => "every town counts alike, stations do not", _ => "the county's resident population spread evenly over its towns; stations, and places of counties without a total, weigh nothing" })}.</span></p>
            <p><b>基准 <span class="en">Base</span></b>：{request.AsOf:yyyy-MM-dd} 当日已通的通道与有效的网络 <span class="en">links open and network valid on that day</span>。已通并计入 <span class="en">open and in the model</span>：{(results.Base.OpenLinks.Count == 0 ? "无 none" : H(string.Join(", ", results.Base.OpenLinks)))}。{(results.Base.OpenNotModelled.Count == 0 ? "" : $"已通但<b>未能计入</b> <span class=\"en\">open, but not in the model</span>：{string.Join("；", results.Base.OpenNotModelled.GroupBy(r => (r.ReasonZh, r.ReasonEn)).Select(g => $"{H(string.Join(", ", g.Select(r => r.Id)))}（{H(g.Key.ReasonZh)} <span class=\"en\">{H(g.Key.ReasonEn)}</span>）"))}。")}{(results.Base.WorksOfUnlisted.Count == 0 ? "" : $"此日尚无证据、按不存在计的工程 <span class=\"en\">works of links that nobody had attested by the day, taken as absent</span>：{H(string.Join(", ", results.Base.WorksOfUnlisted))}。")}
              <b>改变 <span class="en">Patch</span></b>：接通 <span class="en">open</span> {H(request.Open.Count == 0 ? "—" : string.Join(", ", request.Open))}；断开 <span class="en">close</span> {H(request.Close.Count == 0 ? "—" : string.Join(", ", request.Close))}。</p>
            <p>{(transit
                ? "步行与公共交通：按发车间隔的最优策略（Spiess 与 Florian 1989）——在站台等候几条有利线路中最先到的一条；时间是期望值，所列路线是最可能的一种。<br><span class=\"en\">Walking and public transport on headways by optimal strategies (Spiess and Florian 1989): whichever attractive line comes first; times are expected values, the route shown is the likeliest.</span>"
                : streets is not null ? "小汽车：最短时间路径（可定制收缩层次）；时间按路网数据中的限速，未标限速者按道路等级的默认速度。<br><span class=\"en\">Car: shortest travel times (customizable contraction hierarchy) at the speeds of the street data: signed, else by class.</span>"
                : "小汽车：最短时间路径（可定制收缩层次）；时间＝长度 ⁄（设计速度×运行系数）。<br><span class=\"en\">Car: shortest travel times (customizable contraction hierarchy); time = length ⁄ (design speed × operating factor).</span>")}</p>
            {(streets is not null ? OnStreets(streets) : Connectors(transit))}
            {(results.Links.Count < 2 ? "" : $"""
            <p><b>归因 <span class="en">Shares</span></b>：{string.Join("；", results.Links.Select(l => $"{H(l.NameZh)} {l.ShareMinutes:0.000} 分 <span class=\"en\">min</span>"))}。每条通道的份额是沙普利值，合计等于平均节省；只有个别通道单独不能连通的地点对，时间以 {report.Input.Assumptions.FirstOrDefault(a => a.Id == "gain-horizon")?.Value:0} 分为上限。是模型内的归因，不是现实中的因果。 <span class="en">Shapley values; they sum to the mean saved; only for pairs that some of the links alone do not join are times capped at that horizon. An attribution within the model, not a cause in the world.</span></p>
            """)}
            <p><b>没有计入 <span class="en">Left out</span></b>：拥堵、诱发需求、票价、出行目的、时刻表与末班车；地点与道路位置的误差（通道的圆与其公交站的误差已计入范围）；{(transit ? "自行车与小汽车接驳；班次与运行时间没有起讫日期，按现有数据计" : streets is not null ? "收费与信号的单独延误；路网是导入时的样子，不随基准日改变" : "收费、转向与信号的单独延误；高速公路可在路段端点上下，匝道方向不计")}。
              <span class="en">Congestion, induced demand, fares, trip purposes, timetables and last trains; errors in the positions of places and roads (those of links and of their bus stops are in the range); {(transit ? "cycling and park-and-ride; services and run times carry no dates and are taken as they stand" : streets is not null ? "tolls and signals one by one; the streets are as imported, whatever the day" : "tolls, turns and signals one by one; motorways are entered at the ends of sections, whatever the ramps")}.</span></p>
            """;
    }

    private static string Connectors(bool transit) => $"""
        <p><b>接驳弧 <span class="en">Connectors</span></b>：没有道路数据处，省界同侧相邻的地点（Gabriel 图）以直线×系数相连；跨省界只有已知的路、线和通道{(transit ? "：本侧公交到省界折返，普通公路可步行过界" : "")}。位置只是圆的通道，从圆心连到两侧相邻地点，圆的半径计入范围。
          <br><span class="en">Where we have no road data, neighbouring places on one side of the province line (Gabriel graph) are joined by straight lines × a factor; only known roads, lines and links cross it{(transit ? ": local buses turn back there, ordinary roads can be walked across" : "")}. A link whose position is a circle is joined from its middle to its neighbours on both sides, and its radius enters the range.</span></p>
        """;

    private static string OnStreets(StreetsInput streets) => $"""
        <p><b>路网 <span class="en">Streets</span></b>：导入的 {string.Join("、", streets.Datasets.Select(d => $"{H(d.Id)}（{H(d.FileName)}，<span class=mono>{H(d.ContentHash[..Math.Min(12, d.ContentHash.Length)])}</span>）"))}，含单行、转向与隔离，代替手绘道路与接驳弧。地点接到最近的道路；通道：数据中认得出的，以其路段计；认不出的，以直线×系数接到两侧最合适的道路，圆外不超过 {Services.Streets.LinksOnStreets.FarthestMetres:0} 米，圆的半径计入范围。
          <br><span class="en">Imported streets with one-way rules, turns and barriers, instead of hand-made roads and connectors. Places join the nearest street; a link is the streets that the data show of it, else a straight line × a factor to the best street of each side, at most {Services.Streets.LinksOnStreets.FarthestMetres:0} m outside its circle, whose radius enters the range.</span></p>
        """;

    public static string Assumptions(IReadOnlyList<AssumptionRow> assumptions) =>
        "<table><thead><tr><th>假设 <span class=\"en\">Assumption</span></th><th class=\"n\">取值 <span class=\"en\">Value</span></th><th class=\"n\">下限 … 上限 <span class=\"en\">Low … high</span></th><th>来源与说明 <span class=\"en\">Source and note</span></th></tr></thead><tbody>" +
        string.Concat(assumptions.Select(a => $"<tr><td>{H(a.NameZh)} <span class=\"en\">{H(a.NameEn)}</span> <small class=\"mono\">{H(a.Id)}</small></td><td class=\"n\">{a.Value:0.###} {H(a.Unit)}</td><td class=\"n\">{a.Low:0.###} … {a.High:0.###}</td><td>{(a.Ours ? "<b>本项目假设 ours</b> " : "")}{H(a.SourceId)} {H(a.NoteZh)} <span class=\"en\">{H(a.NoteEn)}</span></td></tr>")) + "</tbody></table>";

    public static string Data(Report report) => $"""
        <p>数据版本 <span class="en">data version</span> <span class="mono">{H(report.DataVersion)}</span> · 程序 <span class="en">program</span> <span class="mono">{H(report.ProgramVersion)}</span> · 报告哈希 <span class="en">report hash (SHA-256)</span> <span class="mono">{report.Hash}</span></p>
        <p>网络行未注明起始日、按存在计的有 <b>{report.Results.Base.AssumedPresent.Count}</b> 条 <span class="en">network rows without a date, assumed present</span>{(report.Results.Base.AssumedPresent.Count == 0 ? "" : $"：<span class=\"mono\">{H(string.Join(", ", report.Results.Base.AssumedPresent))}</span>")}。
          没有位置、未计入的地点 <span class="en">places without a position, left out</span>：{H(report.Results.Base.PlacesLeftOut.Count == 0 ? "无 none" : string.Join(", ", report.Results.Base.PlacesLeftOut))}。</p>
        <p>来源 <span class="en">sources</span>：<span class="mono">{H(string.Join(", ", Sources(report.Input)))}</span></p>
        <p>本页内含全部输入：<span class="mono">./run verify 本文件</span> 由这些输入重算，并指出数据此后的变化。 <span class="en">The page holds all its inputs: <span class="mono">./run verify FILE</span> reruns it from them and says what has changed since.</span></p>
        """;

    private static IEnumerable<string> Sources(ModelInput input) => input.Places.Select(p => p.SourceId).Concat(input.Roads.Select(r => r.SourceId)).Concat(input.Lines.Select(l => l.SourceId))
        .Concat(input.Lines.SelectMany(l => l.Stops).Select(s => s.SourceId)).Concat(input.Lines.SelectMany(l => l.Sections).Select(s => s.SourceId))
        .Concat(input.Links.Select(l => l.SourceId)).Concat(input.Counties.Select(c => c.SourceId)).Concat(input.Assumptions.Select(a => a.SourceId)).OfType<string>().Distinct().Order(StringComparer.Ordinal);
}
