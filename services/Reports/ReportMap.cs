using System.Globalization;
using System.Net;
using System.Text;
using Jietong.Services.Model;

namespace Jietong.Services.Reports;

/// <summary>The study area as a picture (SVG), before or after: roads, lines, places, the links of the patch, and one way through it.</summary>
internal static class ReportMap
{
    private const double Width = 520, Margin = 14;

    public static string Draw(Report report, bool after, ReportPair? pair)
    {
        var places = report.Results.Places;
        var corners = places.Select(p => Earth.ToPlane(p.Longitude, p.Latitude)).ToList();
        var (west, east, south, north) = (corners.Min(c => c.X), corners.Max(c => c.X), corners.Min(c => c.Y), corners.Max(c => c.Y));
        var scale = (Width - 2 * Margin) / Math.Max(1, Math.Max(east - west, north - south));
        var (width, height) = ((east - west) * scale + 2 * Margin + 60, (north - south) * scale + 2 * Margin + 18);   // room for names beyond the eastern edge
        string X(double x) => Number(Margin + (x - west) * scale);
        string Y(double y) => Number(Margin + (north - y) * scale);
        (string X, string Y) At(double longitude, double latitude) => Earth.ToPlane(longitude, latitude) is var (x, y) ? (X(x), Y(y)) : default;
        string Path(IEnumerable<double[]> line) => string.Join(' ', line.Select(c => At(c[0], c[1])).Select(p => $"{p.X},{p.Y}"));

        var svg = new StringBuilder();
        svg.Append($"<svg viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\" aria-label=\"{(after ? "之后 after" : "之前 before")}\">");
        svg.Append($"<rect class=\"area\" x=\"{Number(Margin / 2)}\" y=\"{Number(Margin / 2)}\" width=\"{Number((east - west) * scale + Margin)}\" height=\"{Number((north - south) * scale + Margin)}\"/>");
        var clip = after ? "area-after" : "area-before";
        svg.Append($"<clipPath id=\"{clip}\"><rect x=\"{Number(Margin / 2)}\" y=\"{Number(Margin / 2)}\" width=\"{Number((east - west) * scale + Margin)}\" height=\"{Number((north - south) * scale + Margin)}\"/></clipPath><g clip-path=\"url(#{clip})\">");
        var inPlace = report.Results.Base.OpenLinks.Except(after ? report.Request.Close : []).Concat(after ? report.Request.Open : []).ToHashSet();
        foreach (var road in report.Input.Roads.Where(r => r.LinkId is null || inPlace.Contains(r.LinkId) || r.Widens)) svg.Append($"<polyline class=\"road {road.Class}\" points=\"{Path(road.Coordinates)}\"/>");
        var patched = report.Results.Links.Select(l => l.Id).ToHashSet();
        foreach (var line in report.Input.Lines.Where(l => (l.Kind != "bus" || (l.LinkId is { } id && patched.Contains(id))) && (l.LinkId is null || inPlace.Contains(l.LinkId))))
            foreach (var part in LineParts.Running(line))
                svg.Append($"<polyline class=\"{line.Kind}\" points=\"{Path(part.Where(s => s.Longitude is not null).Select(s => new[] { s.Longitude!.Value, s.Latitude!.Value }))}\"/>");
        foreach (var road in report.Input.Roads.Where(r => r.CrossingAdcode is not null && (r.LinkId is null || inPlace.Contains(r.LinkId) || r.Widens)))
            if (At(road.Coordinates[^1][0], road.Coordinates[^1][1]) is var (x, y)) svg.Append($"<rect class=\"crossing\" x=\"{x}\" y=\"{y}\" width=\"4.5\" height=\"4.5\" transform=\"translate(-2.2 -2.2)\"><title>{WebUtility.HtmlEncode($"{road.NameZh} {road.NameEn}")}</title></rect>");
        foreach (var leg in (after ? pair?.RouteAfter : pair?.RouteBefore)?.Legs ?? []) svg.Append($"<polyline class=\"way {leg.Kind}\" points=\"{Path(leg.Shape)}\"/>");
        svg.Append("</g>");
        foreach (var place in places) DrawPlace(svg, place, At(place.Longitude, place.Latitude), after, pair);
        foreach (var link in report.Results.Links.Where(l => l.Longitude is not null))
        {
            var (x, y) = At(link.Longitude!.Value, link.Latitude!.Value);
            if (link.PositionMetres > 0) svg.Append($"<circle class=\"radius\" cx=\"{x}\" cy=\"{y}\" r=\"{Number(link.PositionMetres * scale)}\"/>");
            svg.Append($"<circle class=\"{(inPlace.Contains(link.Id) ? "joined" : "broken")}\" cx=\"{x}\" cy=\"{y}\" r=\"5\"><title>{WebUtility.HtmlEncode($"{link.NameZh} {link.NameEn}")}</title></circle>");
        }
        var bar = 20_000 * scale;
        svg.Append($"<path class=\"scale\" d=\"M{Number(Margin)} {Number(height - 8)}v4h{Number(bar)}v-4\"/><text x=\"{Number(Margin + bar + 5)}\" y=\"{Number(height - 3)}\">20 km</text>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Afterwards, a place that saves shows how much by its size; the ends of the way shown, and the centres around, carry their names.</summary>
    private static void DrawPlace(StringBuilder svg, ReportPlace place, (string X, string Y) at, bool after, ReportPair? pair)
    {
        var saved = after ? place.SavedMinutes : 0;
        var radius = 2 + Math.Min(9, 2.2 * Math.Sqrt(Math.Abs(saved)));
        svg.Append($"<circle class=\"place{(saved > 0.005 ? " saves" : saved < -0.005 ? " loses" : "")}\" cx=\"{at.X}\" cy=\"{at.Y}\" r=\"{Number(radius)}\"><title>{WebUtility.HtmlEncode($"{place.NameZh} {place.NameEn}: {saved:0.00} min")}</title></circle>");
        if (place.Kind == "centre" || place.Id == pair?.From || place.Id == pair?.To)
            svg.Append($"<text class=\"{(place.Kind == "centre" ? "" : "end")}\" x=\"{at.X}\" y=\"{at.Y}\" dx=\"5\" dy=\"-5\">{WebUtility.HtmlEncode(place.NameZh)}</text>");
    }

    internal static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}
