using Jietong.Geodata;
using Jietong.Services.Model;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Linemerge;

namespace Jietong.Services.Streets;

/// <summary>
/// Where a link that the data do not show joins streets. A circle: on each side of the boundary the street that fits best, not farther outside the circle than <see cref="LinksOnStreets.FarthestMetres"/>;
/// streets named as the side's road go before all others, then the nearest, lesser classes counting as farther. A drawn line: at both of its ends.
/// </summary>
internal static class Attachment
{
    private const double BesideMetres = 50, OppositeMetres = 100, SearchMetres = 20_000;

    public static LinkOnStreets OfLine(StreetMap map, LinkRow link, LinkCourse course, IReadOnlyList<IReadOnlyList<double[]>> lines)
    {
        var (line, isDrawn) = Merged(lines);
        var (first, last, limit) = (line[0], line[^1], link.AccuracyMetres!.Value + LinksOnStreets.FarthestMetres);
        // Which end is which side's, the names say: where neither does, it makes no difference.
        bool Named(double[] end, string? road) => road is not null && map.Near(end[0], end[1], limit).Any(p => map[p.Street].Name == road);
        var (a, b) = (course.Roads.ElementAtOrDefault(0), course.Roads.ElementAtOrDefault(1));
        if (Count(Named(first, b), Named(last, a)) > Count(Named(first, a), Named(last, b))) (a, b) = (b, a);
        LinkEnds? At((double East, double North) offset)
        {
            StreetPosition[] Fitting(double[] end, string? road) => Earth.Moved(end[0], end[1], offset.East, offset.North) is var p ? Best(map, [.. map.Near(p.Longitude, p.Latitude, limit)], road) : [];
            return (Fitting(first, a), Fitting(last, b)) is ({ Length: > 0 } from, { Length: > 0 } to) ? new(offset, from, to) : null;
        }
        return At((0, 0)) is { } ends ? Attached(map, link, ends, At, line, isDrawn, "线位两端 ", "from the ends of its line ")
            : Refused(map, link, new[] { (first, "线位一端", "one end of its line"), (last, "线位一端", "one end of its line") }.First(e => !map.Near(e.Item1[0], e.Item1[1], limit).Any()), _ => true);
    }

    public static LinkOnStreets OfCircle(StreetMap map, ModelInput input, LinkRow link, LinkCourse course)
    {
        var (middle, limit) = ((X: link.Longitude!.Value, Y: link.Latitude!.Value), link.AccuracyMetres!.Value + LinksOnStreets.FarthestMetres);
        if (LinksOnStreets.LevelBetween(link) is not { } level)
            return Not(link, "两侧同属一地，只知一个圆，分不出该接哪两条路", "both sides lie in one area and only a circle is known: which two roads it joins cannot be told");
        var beside = Earth.Moved(middle.X, middle.Y, 1.37, 0.73);   // not on the boundary itself
        var hasBoundary = map.HasBoundaryNear(middle.X, middle.Y, limit, level);
        var plane = new StreetPlane(middle.X, middle.Y);
        var (ofA, ofB) = (PlacesOf(input, link.Sides[0], plane), PlacesOf(input, link.Sides[1], plane));
        if (!hasBoundary && (ofA.Length == 0 || ofB.Length == 0))
            return Not(link, $"资料中 {limit:0} 米内无该级界线，登记也无两侧地点，分不出两侧", $"no boundary of that level in the data within {limit:0} m and no registered place on both sides: the sides cannot be told apart");
        bool IsFar((double X, double Y) at) => hasBoundary ? map.IsAcross(beside, at, level) : plane.Of(at.X, at.Y) is var p && Nearest(ofB, p) < Nearest(ofA, p);

        List<StreetPosition> around = [.. map.Near(middle.X, middle.Y, limit)];
        var (near, far) = (around.Where(p => !IsFar((p.Longitude, p.Latitude))).ToList(), around.Where(p => IsFar((p.Longitude, p.Latitude))).ToList());
        var isFarB = hasBoundary ? IsFarB(map, course, near, far) ?? (Place(input, link.Sides[1].Adcode, middle) is not { } place || IsFar(place)) : true;
        StreetPosition[] Fitting(IEnumerable<StreetPosition> candidates, bool isB) => Best(map, [.. candidates.Where(p => IsFar((p.Longitude, p.Latitude)) == (isFarB == isB))], course.Roads.ElementAtOrDefault(isB ? 1 : 0));
        LinkEnds? At((double East, double North) offset)
        {
            var p = Earth.Moved(middle.X, middle.Y, offset.East, offset.North);
            List<StreetPosition> candidates = offset == (0, 0) ? around : [.. map.Near(p.Longitude, p.Latitude, limit)];
            return (Fitting(candidates, false), Fitting(candidates, true)) is ({ Length: > 0 } a, { Length: > 0 } b) ? new(offset, a, b) : null;
        }
        var (zh, en) = hasBoundary ? ("按界线分侧", "sides by the boundary") : ("资料中无界线，按最近登记地点分侧", "no boundary in the data, sides by the nearest registered places");
        if (At((0, 0)) is { } ends) return Attached(map, link, ends, At, null, false, $"{zh}，从圆心 ", $"{en}, from the middle of its circle ");
        var isLacking = Fitting(around, false).Length > 0;   // side b has none, or else a
        var side = link.Sides[isLacking ? 1 : 0];
        return Refused(map, link, ([middle.X, middle.Y], $"{side.Adcode} 一侧，其圆", $"on the side of {side.Adcode}, its circle"), p => IsFar((p.Longitude, p.Latitude)) == (isFarB == isLacking));
    }

    private static (double X, double Y)[] PlacesOf(ModelInput input, SideRow side, StreetPlane plane) => [.. input.PlacesInNetwork().Where(p => p.Adcode == side.Adcode).Select(p => plane.Of(p.Longitude!.Value, p.Latitude!.Value))];

    /// <summary>The square of the metres.</summary>
    private static double Nearest((double X, double Y)[] places, (double X, double Y) to) => places.Min(p => (p.X - to.X) * (p.X - to.X) + (p.Y - to.Y) * (p.Y - to.Y));

    private static int Count(params bool[] all) => all.Count(b => b);

    /// <summary>Whether the far side's streets bear the name of side b's road; null where names say nothing.</summary>
    private static bool? IsFarB(StreetMap map, LinkCourse course, List<StreetPosition> near, List<StreetPosition> far)
    {
        bool Has(List<StreetPosition> side, int road) => course.Roads.ElementAtOrDefault(road) is { } name && side.Any(p => map[p.Street].Name == name);
        var (straight, crossed) = (Count(Has(near, 0), Has(far, 1)), Count(Has(near, 1), Has(far, 0)));
        return straight == crossed ? null : straight > crossed;
    }

    private static (double X, double Y)? Place(ModelInput input, string adcode, (double X, double Y) to) =>
        input.PlacesInNetwork().Where(p => p.Adcode == adcode).MinBy(p => Earth.Metres(p.Longitude!.Value, p.Latitude!.Value, to.X, to.Y)) is { } place ? (place.Longitude!.Value, place.Latitude!.Value) : null;

    /// <summary>The best of some streets, and, where it is one-way, the other carriageway.</summary>
    private static StreetPosition[] Best(StreetMap map, IReadOnlyList<StreetPosition> candidates, string? road)
    {
        List<StreetPosition> named = [.. candidates.Where(p => road is not null && map[p.Street].Name == road)];
        if (candidates.Count == 0) return [];
        var best = (named.Count > 0 ? named : candidates).MinBy(p => ((p.Metres + BesideMetres) * Factor(map[p.Street].Class), map.Network.Rows.Streets[p.Street].Id));
        if (!map.IsOneWay(best.Street)) return [best];
        var other = candidates.Where(p => p.Street != best.Street && map.IsOneWay(p.Street) && map[p.Street].Name == map[best.Street].Name && Math.Abs(p.Metres - best.Metres) <= OppositeMetres
            && Earth.Metres(p.Longitude, p.Latitude, best.Longitude, best.Latitude) <= OppositeMetres).OrderBy(p => p.Metres).ThenBy(p => p.Street).Take(1);
        return [best, .. other];
    }

    /// <summary>How much farther a street of that class counts: what comes from the other side is rather a through road than a yard.</summary>
    private static double Factor(string roadClass) => roadClass switch
    {
        "trunk" or "primary" or "secondary" or "tertiary" or "trunk_link" or "primary_link" or "secondary_link" or "tertiary_link" => 1,
        "unclassified" or "residential" or "road" => 1.5,
        _ => 3,
    };

    private static LinkOnStreets Attached(StreetMap map, LinkRow link, LinkEnds ends, Func<(double, double), LinkEnds?> at, IReadOnlyList<double[]>? line, bool isDrawn, string zh, string en)
    {
        string Names(Func<StreetLineRow, string> name, string metres) => string.Join(metres == "米" ? " 与 " : " and ", new[] { ends.A[0], ends.B[0] }.Select(p => $"{name(map[p.Street])}（{map.Network.Rows.Streets[p.Street].Id}，{p.Metres:0} {metres}）"));
        var radius = link.AccuracyMetres!.Value;
        // Where nothing is near one place of its circle, it is joined as from the middle.
        return new(new(link, radius, false, $"{zh}接到 {Names(LinksOnStreets.NameZh, "米")}，圆半径 {radius:0} 米", $"{en}to {Names(LinksOnStreets.NameEn, "m")}, radius {radius:0} m"), [],
            [ends, .. Inputs.PlacesOfCircle(radius).Select(offset => at(offset) ?? ends with { Offset = offset })], line, isDrawn);
    }

    private static LinkOnStreets Not(LinkRow link, string zh, string en) => new(new(link, link.AccuracyMetres ?? 0, false, ReasonZh: zh, ReasonEn: en), [], [], null);

    private static LinkOnStreets Refused(StreetMap map, LinkRow link, (double[] At, string Zh, string En) from, Func<StreetPosition, bool> isOfSide)
    {
        List<StreetPosition> all = [.. map.Near(from.At[0], from.At[1], SearchMetres).Where(isOfSide)];
        if (all.Count == 0) return Not(link, $"路网数据中，{from.Zh}外 {SearchMetres / 1000:0} 千米内没有可接的道路", $"{from.En} has no street that can be joined within {SearchMetres / 1000:0} km in the data");
        var nearest = all.MinBy(p => p.Metres);
        var metres = nearest.Metres - link.AccuracyMetres!.Value;
        return Not(link, $"{from.Zh}外最近的可接道路 {LinksOnStreets.NameZh(map[nearest.Street])}（{map.Network.Rows.Streets[nearest.Street].Id}）还有 {metres:0} 米，超过 {LinksOnStreets.FarthestMetres:0} 米",
            $"{from.En} lies {metres:0} m from the nearest street that can be joined, {LinksOnStreets.NameEn(map[nearest.Street])} ({map.Network.Rows.Streets[nearest.Street].Id}): at most {LinksOnStreets.FarthestMetres:0} m are bridged");
    }

    /// <summary>One line of several, where they follow each other; else the straight one between the two of their ends that are farthest apart.</summary>
    private static (IReadOnlyList<double[]> Line, bool IsDrawn) Merged(IReadOnlyList<IReadOnlyList<double[]>> lines)
    {
        var merger = new LineMerger();
        merger.Add(lines.Select(l => (Geometry)new LineString([.. l.Select(p => new Coordinate(p[0], p[1]))])));
        if (merger.GetMergedLineStrings() is [LineString one] && !one.IsClosed) return ([.. one.Coordinates.Select(c => new[] { c.X, c.Y })], true);
        List<double[]> ends = [.. lines.SelectMany(l => new[] { l[0], l[^1] })];
        return (ends.SelectMany(a => ends.Select(b => new[] { a, b })).MaxBy(p => Earth.Metres(p[0][0], p[0][1], p[1][0], p[1][1]))!, false);
    }
}
