using System.Net;
using System.Text;

namespace Jietong.Services.Reports;

/// <summary>The charts of a report (SVG): how many pairs save how much, and which input makes the result unsure.</summary>
internal static class ReportCharts
{
    public static string Distribution(IReadOnlyList<ReportBin> bins)
    {
        var shown = bins.SkipWhile(b => b.Pairs == 0).Reverse().SkipWhile(b => b.Pairs == 0).Reverse().ToList();
        return Bars([.. shown.Select(b => (Label(b), (double)b.Pairs))], scale: n => Math.Log10(1 + n));
    }

    private static string Label(ReportBin bin) => (bin.FromMinutes, bin.ToMinutes) switch
    {
        (null, { } to) => $"慢 {-to:0.##} 分以上 slower by more",
        ({ } from, null) => $"快 {from:0.##} 分以上 faster by more",
        ({ } from, { } to) when from < 0 && to > 0 => "不变 unchanged",
        ({ } from, { } to) => $"{from:0.##} … {to:0.##} 分 min",
        _ => "",
    };

    /// <summary>The inputs that move the result most, as bars from the gain at their low end to that at their high end (a tornado).</summary>
    public static string Uncertainty(IReadOnlyList<ReportEnds> ends, double saved, IReadOnlyDictionary<string, string> names)
    {
        var shown = ends.Where(e => e.HighMinutes > e.LowMinutes).Take(12).ToList();
        if (shown.Count == 0) return "<p>没有输入改变结果。 No input moves the result.</p>";
        var (least, most) = (Math.Min(saved, shown.Min(e => e.LowMinutes)), Math.Max(saved, shown.Max(e => e.HighMinutes)));
        double Place(double minutes) => most == least ? 0 : (minutes - least) / (most - least);
        const double left = 250, width = 380, row = 20;
        var svg = new StringBuilder($"<svg class=\"chart\" viewBox=\"0 0 760 {shown.Count * row + 24}\">");
        foreach (var (i, e) in shown.Index())
            svg.Append($"<text class=\"label\" x=\"{left - 8}\" y=\"{i * row + 14}\">{WebUtility.HtmlEncode(names.GetValueOrDefault(e.Input, e.Input))}</text>" +
                $"<rect class=\"bar\" x=\"{ReportMap.Number(left + Place(e.LowMinutes) * width)}\" y=\"{i * row + 4}\" width=\"{ReportMap.Number(Math.Max(1, (Place(e.HighMinutes) - Place(e.LowMinutes)) * width))}\" height=\"12\"/>" +
                $"<text x=\"{left + width + 8}\" y=\"{i * row + 14}\">{e.LowMinutes:0.000} … {e.HighMinutes:0.000}</text>");
        var at = ReportMap.Number(left + Place(saved) * width);
        return svg.Append($"<path class=\"scale\" d=\"M{at} 0V{shown.Count * row + 4}\"/><text x=\"{at}\" y=\"{shown.Count * row + 18}\">{saved:0.000} 分 min</text></svg>").ToString();
    }

    private static string Bars(IReadOnlyList<(string Label, double Value)> bars, Func<double, double> scale)
    {
        const double left = 210, width = 440, row = 20;
        var most = bars.Select(b => scale(b.Value)).DefaultIfEmpty(1).Max();
        var svg = new StringBuilder($"<svg class=\"chart\" viewBox=\"0 0 760 {bars.Count * row + 4}\">");
        foreach (var (i, bar) in bars.Index())
            svg.Append($"<text class=\"label\" x=\"{left - 8}\" y=\"{i * row + 14}\">{WebUtility.HtmlEncode(bar.Label)}</text>" +
                $"<rect class=\"bar\" x=\"{left}\" y=\"{i * row + 3}\" width=\"{ReportMap.Number(most == 0 ? 0 : scale(bar.Value) / most * width)}\" height=\"14\"/>" +
                $"<text x=\"{ReportMap.Number(left + 6 + (most == 0 ? 0 : scale(bar.Value) / most * width))}\" y=\"{i * row + 14}\">{bar.Value:0}</text>");
        return svg.Append("</svg>").ToString();
    }
}
