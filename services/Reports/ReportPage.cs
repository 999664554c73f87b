using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Jietong.Services.Model;

namespace Jietong.Services.Reports;

/// <summary>A report as one page that needs nothing else: Chinese first, English beside, on screen and on A4; it holds the report itself for <c>verify</c>.</summary>
internal static class ReportPage
{
    public static string Write(Report report)
    {
        var (request, results) = (report.Request, report.Results);
        var pair = results.Asked.Concat(results.MostChanged).FirstOrDefault();
        var page = new StringBuilder();
        page.Append($$"""
            <!doctype html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>接通 Jietong · 前后对比 {{request.AsOf:yyyy-MM-dd}}</title><style>{{Css}}</style></head><body>
            <h1>通道前后对比报告 <span class="en">Before / after report on missing links</span></h1>
            <p>{{Both(request.Mode)}} · 基准日 <b>{{request.AsOf:yyyy-MM-dd}}</b> <span class="en">as of</span> · 所知截至 {{request.KnownBy:yyyy-MM-dd}} <span class="en">known by (states of links)</span>
              · 权重 <span class="en">weights</span> {{Both(request.Weights)}}</p>
            <p>{{Patch(results)}}</p>
            <p>{{string.Join("<br>", results.Links.Select(l => $"计入的工程 <span class=\"en\">works</span>：{H(l.WorksZh)} <span class=\"en\">{H(l.WorksEn)}</span>"))}}</p>
            """);
        page.Append(Figures(results.Summary, report.Input.Streets is not null && report.Request.Mode == "car"));
        page.Append(Section("地图", "Map"));
        page.Append($"<div class=\"maps\"><figure><figcaption>之前 <span class=\"en\">Before</span></figcaption>{ReportMap.Draw(report, false, pair)}</figure>" +
            $"<figure><figcaption>之后 <span class=\"en\">After</span></figcaption>{ReportMap.Draw(report, true, pair)}</figure></div>" +
            $"<p class=\"en\">虚线框：研究范围（全部地点的外框） study area · 红点 red：通道未接通 link broken · 绿点 green：已接通 joined · 红虚圈 dashed：位置可能的范围 where it may lie · 小方块 squares：已知的过界道路 roads known to cross the line · 绿圆：到各地平均时间缩短 places that save · 橙圆 orange：变长 that lose，越大越多 the larger the more" +
            $"{(pair is null ? "" : $" · 橙线 orange line: {H(pair.FromZh)}→{H(pair.ToZh)}")}。道路与线路位置部分读自 © OpenStreetMap contributors (ODbL)。</p>");
        if (results.Asked.Count > 0) page.Append(Section("指定的地点对", "Pairs asked for")).Append(ReportTables.Pairs(results.Asked, results.Links));
        page.Append(Section("变化最大的地点对", "Pairs that change most")).Append(ReportTables.Pairs(results.MostChanged, results.Links));
        page.Append(Section("谁受影响", "Who is affected")).Append(ReportTables.Places(results.Places));
        page.Append(Section("地点对的分布", "How many pairs save how much")).Append("<p class=\"en\">条长按对数 bar length logarithmic；有序地点对 ordered pairs</p>").Append(ReportCharts.Distribution(results.Distribution));
        page.Append(Section("不确定从何而来", "What makes it unsure")).Append(
            "<p>每项输入单独移到下限与上限时的平均节省；范围＝各项影响的平方和开方（JCGM 100:2008 §5.1）。<br><span class=\"en\">Mean minutes saved with one input at the ends of its range, all others unmoved; the range adds these effects as squares.</span></p>")
            .Append(ReportCharts.Uncertainty(results.Uncertainty, results.Summary.SavedMinutes ?? 0, results.Assumptions.Where(a => a.NameZh is not null).ToDictionary(a => a.Id, a => $"{a.NameZh} {a.NameEn}")));
        page.Append(Section("怎么算的", "How it is reckoned")).Append(ReportTables.Method(report));
        page.Append(Section("假设及其范围", "Assumptions and their ranges")).Append(ReportTables.Assumptions(results.Assumptions));
        page.Append(Section("数据", "Data")).Append(ReportTables.Data(report));
        page.Append("<script type=\"application/json\" id=\"report\">").Append(JsonSerializer.Serialize(report, Embedded)).Append("</script></body></html>\n");
        return page.ToString();
    }

    /// <summary>As the report's JSON, but nothing in it can end the script element.</summary>
    private static readonly JsonSerializerOptions Embedded = new(ModelInput.Json) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All) };

    private static string Css
    {
        get
        {
            using var css = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!);
            return css.ReadToEnd();
        }
    }

    private static string Patch(ReportResults results)
    {
        string Names(bool closed) => string.Join("、", results.Links.Where(l => l.Closed == closed).Select(l => $"<b>{H(l.NameZh)}</b> <span class=\"en\">{H(l.NameEn)} ({H(l.Id)})</span>"));
        var parts = new List<string>();
        if (results.Links.Any(l => !l.Closed)) parts.Add($"接通 <span class=\"en\">opened</span>：{Names(false)}");
        if (results.Links.Any(l => l.Closed)) parts.Add($"断开 <span class=\"en\">closed</span>：{Names(true)}");
        return parts.Count == 0 ? "不作任何改变 <span class=\"en\">nothing is changed</span>" : string.Join("；", parts);
    }

    private static string Figures(ReportSummary s, bool onStreets) => $"""
        <div class="figures">
        <div>{(s.SavedMinutes < 0 ? "平均增加 <span class=\"en\">mean added (shown as negative saving)</span>" : "平均节省 <span class=\"en\">mean saved</span>")}<b>{Minutes(s.SavedMinutes)}</b>{(s.LowMinutes is null ? "" : $"{s.LowMinutes:0.000} … {s.HighMinutes:0.000} 分 <span class=\"en\">min</span>")}</div>
        <div>加权平均旅行时间 <span class="en">weighted mean travel time</span><b>{N(s.MeanMinutesBefore)} → {N(s.MeanMinutesAfter)}</b>分 <span class="en">min</span></div>
        <div>变快的地点对 <span class="en">pairs faster</span><b>{s.PairsFaster}</b>可比 <span class="en">of</span> {s.PairsCompared}{(s.PairsSlower > 0 ? $"；变慢 <span class=\"en\">slower</span> {s.PairsSlower}" : "")}</div>
        <div>新连通的地点对 <span class="en">newly joined</span><b>{s.PairsJoined}</b>{(s.PairsCut > 0 ? $"断开 <span class=\"en\">cut off</span> {s.PairsCut}" : s.PairsJoined > 0 ? "之前不通，不计入平均 <span class=\"en\">no path before: not in the mean</span>" : "")}</div>
        </div>
        <p>{(s.Distinguishable ? "<span class=\"badge yes\">可区分 distinguishable</span> 范围不含零 <span class=\"en\">the range does not touch zero</span>"
            : "<span class=\"badge no\">不可区分 not distinguishable</span> 节省不大于其误差，不宜据以比较 <span class=\"en\">no larger than it may be off: not to be compared by</span>")}
          {(s.AcrossShare is { } across ? $"<span class=\"badge\">跨省界 {across:P0} across the line</span> 节省（或增加）的时间中跨上海省界的地点对所占，{s.PairsAcross} 对 <span class=\"en\">of the minutes, on pairs with one place on each side</span>" : "")}
          {(s.Sketch ? "<span class=\"badge\">示意 sketch</span> " + (onStreets ? "线位不明的通道按直线×系数 <span class=\"en\">links whose course nobody shows are straight lines × a factor</span>" : "无路网数据处以接驳弧代替道路 <span class=\"en\">connectors stand for roads we have no data of</span>") : "")}</p>
        """;

    private static string Section(string zh, string en) => $"<h2>{zh} <span class=\"en\">{en}</span></h2>";

    internal static string H(string? text) => WebUtility.HtmlEncode(text ?? "");

    internal static string N(double? minutes) => minutes is { } m ? m.ToString("0.0", CultureInfo.InvariantCulture) : "—";

    private static string Minutes(double? minutes) => minutes is { } m ? m.ToString("0.000", CultureInfo.InvariantCulture) + " 分" : "—";

    internal static string Both(string code) => H(Words.Both(code));
}
