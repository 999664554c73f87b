using System.Globalization;
using Jietong.Services.Features;
using Jietong.Services.Serve;
using Jietong.Services.Tiles;
using NetTopologySuite.Geometries;

namespace Jietong.Services.Reach;

/// <summary>The bands as a page: a map of them, and what is reached in each.</summary>
internal static class ReachPage
{
    public static Task Write(HttpContext http, ReachAnswer answer)
    {
        var (request, origin, shown) = (answer.Request, answer.Origin, new Envelope());
        foreach (var (_, bands) in answer.Networks) shown.ExpandToInclude(bands[^1].Area.EnvelopeInternal);
        var data = FeaturesPage.With(http, "f", "json");
        var map = FeaturesMap.Framed(StylesEndpoints.Map(http, request.Mode == "car" ? "links,link-lines,places" : "links,link-lines,roads,places", box: [shown.MinX, shown.MinY, shown.MaxX, shown.MaxY], areas: data));
        static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        return HtmlPage.Write(http, $"等时圈 Reach · {origin.NameZh}", $"""
            <h1>等时圈 <span class="en">Reach</span> · {HtmlPage.Both(origin.NameZh, origin.NameEn)}</h1>
            <p>{HtmlPage.Text(Words.Both(request.Mode))} · 各档从 0 分起 <span class="en">bands are cumulative</span> · 基准日 <span class="en">as of</span> {request.AsOf:yyyy-MM-dd} · 所知截至 <span class="en">known by</span> {request.KnownBy:yyyy-MM-dd}{Links("接通", "opened", request.Open)}{Links("断开", "closed", request.Close)} · <a href="{HtmlPage.Text(data)}">GeoJSON</a></p>
            {map}
            {HtmlPage.Table(["网络 Network", "时限 Within", "到达地点 Places", "面积 Area km²", "此档新到（分） New in this band (min)"],
                from n in answer.Networks from b in n.Bands let inner = n.Bands.TakeWhile(i => i != b).LastOrDefault()
                select new[] { n.Network == "base" ? HtmlPage.Both("当日", "base") : HtmlPage.Both("接通／断开后", "patched"), $"0–{b.Minutes}", $"{b.Places.Count} / {answer.PlacesCompared}", Number(b.AreaKm2, "0.0"),
                    string.Join("，", b.Places.Skip(inner?.Places.Count ?? 0).Select(p => $"{HtmlPage.Both(p.Place.NameZh, p.Place.NameEn)} {Number(p.Ms / 60_000.0, "0.0")}")) })}
            <p class="en">{HtmlPage.Text(answer.Method)}{(answer.Sketch ? " · 示意 sketch" : "")} · 数据版本 data version {HtmlPage.Text(answer.DataVersion)}</p>
            """);
    }

    private static string Links(string zh, string en, IReadOnlyList<string> ids) => ids.Count == 0 ? "" : $" · {HtmlPage.Both(zh, en)} {HtmlPage.Text(string.Join(", ", ids))}";
}
