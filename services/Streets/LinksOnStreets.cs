using Jietong.Geodata;
using Jietong.Services.Model;

namespace Jietong.Services.Streets;

/// <summary>Where a link joins streets, when it lies so far from the middle of its circle: its ways from one side to the other.</summary>
internal sealed record LinkEnds((double East, double North) Offset, IReadOnlyList<StreetPosition> A, IReadOnlyList<StreetPosition> B);

/// <summary>
/// How a link of the register meets imported streets: by streets of its own, which the data show already; by portals on streets of both sides; or not, and then why.
/// </summary>
/// <param name="Works">In words, with the evidence.</param>
/// <param name="Streets">That are the link itself: they count while it does.</param>
/// <param name="Ends">Where it joins: first as it is taken to lie, then at the places of its circle.</param>
/// <param name="Line">Its course from the first end to the second; null where it is straight by way of its middle.</param>
/// <param name="IsDrawn">Whether a source shows that course.</param>
internal sealed record LinkOnStreets(LinkWorks Works, IReadOnlyList<int> Streets, IReadOnlyList<LinkEnds> Ends, IReadOnlyList<double[]>? Line, bool IsDrawn = false);

/// <summary>All road links of a model on its streets. A link is recognised where the data show it as built, else attached, else refused; what happened is said.</summary>
internal static class LinksOnStreets
{
    /// <summary>A link joins streets at most so far outside the circle that holds it; a place likewise twice as far.</summary>
    public const double FarthestMetres = 500, FarthestPlaceMetres = 1000;

    public static IReadOnlyList<LinkOnStreets> Of(ModelInput input)
    {
        var (map, courses) = (input.Streets!.Map!, input.Streets.Links.ToDictionary(l => l.Id));
        return [.. input.Links.Where(l => l.Kind is "road" or "unspecified").Select(link => Of(map, input, link, courses.GetValueOrDefault(link.Id)))];
    }

    private static LinkOnStreets Of(StreetMap map, ModelInput input, LinkRow link, LinkCourse? course)
    {
        LinkOnStreets Not(string zh, string en) => new(new(link, link.AccuracyMetres ?? 0, false, ReasonZh: zh, ReasonEn: en), [], [], null);
        if (course is null) return Not("来源未说明是哪种交通方式", "no source says which mode it would carry");
        if (link.Longitude is null) return Not("来源未给出位置", "no source gives a position");
        if ((course.Lines is null ? Recognition.ByNames(map, link, course) : Recognition.ByLine(map, link, course) ?? Recognition.ByNames(map, link, course)) is { } found) return Recognised(map, link, found);
        if (link.Nature == "bottleneck") return Not("拓宽工程须认出其道路，而路网数据中认不出", "a widening needs its road, and it is not recognised in the street data");
        return course.Lines is { } lines ? Attachment.OfLine(map, link, course, lines) : Attachment.OfCircle(map, input, link, course);
    }

    private static LinkOnStreets Recognised(StreetMap map, LinkRow link, Recognised found)
    {
        var ids = string.Join(", ", found.Streets.Take(5).Select(s => map.Network.Rows.Streets[s].Id)) + (found.Streets.Count > 5 ? $" … ({found.Streets.Count})" : "");
        var names = string.Join("、", found.Streets.Select(s => NameZh(map[s])).Distinct().Take(3));
        var metres = found.Streets.Sum(s => map.Network.Rows.Streets[s].Metres);
        var (zh, en) = link.Nature == "bottleneck" ? ("，由窄变宽", ", widened") : link.State == "open" ? ("", "") : ("；登记当日未通，基准中按关闭计", "; the register does not have it open that day, so the base closes them");
        return new(new(link, 0, true, $"路网数据中 {names}（{metres / 1000:0.00} 千米，{ids}）：{found.EvidenceZh}{zh}",
            $"{metres / 1000:0.00} km of streets in the data ({ids}): {found.EvidenceEn}{en}"), found.Streets, [], null);
    }

    public static string NameZh(StreetLineRow street) => street.Name ?? street.Ref ?? "（无名道路）";

    public static string NameEn(StreetLineRow street) => street.NameEn ?? street.Name ?? street.Ref ?? "(unnamed road)";

    /// <summary>At which level the two sides are different areas: 4 of provinces, 5 of prefectures, 6 of counties; null where they are one.</summary>
    public static int? LevelBetween(LinkRow link) => link.Sides is not [var a, var b] || a.Adcode == b.Adcode ? null : a.Adcode[..2] != b.Adcode[..2] ? 4 : a.Adcode[..4] != b.Adcode[..4] ? 5 : 6;
}
