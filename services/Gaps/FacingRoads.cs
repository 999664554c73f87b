using Jietong.Geodata.Gaps;
using Jietong.Services.Streets;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Jietong.Services.Gaps;

/// <summary>Road ends that face each other across the border, or a road there, although the way round is long.</summary>
internal sealed class FacingRoads(StreetNetwork streets, IReadOnlyDictionary<int, (DrawnStreet Street, At[] Line)> drawn, BorderLine border, GapQuestion question)
{
    private const double SameRoadMetres = 80;   // two halves of a divided road lie no further apart

    private readonly StreetDistances distances = new(streets);
    private HashSet<int> endJunctions = [];

    public List<Candidate> Find(IReadOnlyList<RoadEnd> ends)
    {
        endJunctions = ends.Select(e => e.Junction).ToHashSet();
        var near = new STRtree<RoadEnd>();
        foreach (var end in ends) near.Insert(new(end.At.Coordinate), end);
        var roads = new STRtree<int>();
        foreach (var (street, (_, line)) in drawn)
            if (!streets.Closed.Contains(street)) roads.Insert(new LineString([.. line.Select(p => p.Coordinate)]).EnvelopeInternal, street);
        var found = new List<Candidate>();
        foreach (var end in ends)
        {
            var box = end.At.Around(question.Within);
            foreach (var other in near.Query(box))
                if (other.Junction > end.Junction && Facing(end, other) is { } pair) found.Add(pair);
            if (roads.Query(box).Select(street => Facing(end, street)).OfType<(double Metres, Func<Candidate?> Candidate)>().OrderBy(r => r.Metres).Select(r => r.Candidate()).FirstOrDefault(c => c is not null && IsLong(c)) is { } towards) found.Add(towards);
        }
        return [.. Joined(found).Where(IsLong)];
    }

    private bool Crosses(At a, At b) => a.Metres(b) < 1 ? border.IsWithin(a, 2) : border.IsCrossed(a, b);

    private Candidate? Facing(RoadEnd a, RoadEnd b)
    {
        if (a.At.Metres(b.At) > question.Within || !Crosses(a.At, b.At)) return null;
        var (angleA, angleB) = (a.Angle(b.At), b.Angle(a.At));
        if (angleA > question.Angle || angleB > question.Angle) return null;
        return Measured(new("ends", a.Street, b.Street, [a.At, b.At], [new(a.Junction), new(b.Junction)], []) { AngleA = angleA, AngleB = angleB });
    }

    /// <summary>The nearest point of a road that goes on at both ends.</summary>
    private (double, Func<Candidate?>)? Facing(RoadEnd end, int street)
    {
        var (there, line) = drawn[street];
        var (point, metres, share) = Lines.Nearest(line, end.At);
        if (metres > question.Within || end.Roads.Any(r => r.Street == there) || share is 0 or 1 && EndsAt(street, share == 1) || !Crosses(end.At, point) || end.Angle(point) > question.Angle) return null;
        return (metres, () => Measured(new("end-road", end.Street, there, [end.At, point], [new(end.Junction), new(-1, street, share)], []) { AngleA = end.Angle(point) }));
    }

    /// <summary>Whether the road ends there too: then they are two ends.</summary>
    private bool EndsAt(int street, bool last)
    {
        var arc = Math.Max(streets.Arc(street, false), streets.Arc(street, true));
        return endJunctions.Contains(streets.ArcOf[arc].Backward == last ? streets.TailOf(arc) : streets.Network.Heads[arc]);
    }

    private bool IsLong(Candidate candidate) => candidate.Detour is not { } detour || detour >= question.Detour;

    /// <summary>Which ways it would open, and how long the way by the streets is; null where none.</summary>
    private Candidate? Measured(Candidate candidate)
    {
        var ways = new List<Opened>();
        (double? Metres, double? Detour) shortest = (null, null);
        foreach (var (from, to) in new[] { (0, 1), (1, 0) })
        {
            var (a, b) = (candidate.Joints[from], candidate.Joints[to]);
            if (a.Junction >= 0 && !streets.OpenInto(a.Junction).Any() || b.Junction >= 0 && !streets.OpenFrom(b.Junction).Any()) continue;
            ways.Add(new(from, to, candidate.Metres));
            var ((start, before), (until, after)) = (a.Junction < 0 ? (-1, 0) : distances.Decided(a.Junction, true), b.Junction < 0 ? (-1, 0) : distances.Decided(b.Junction, false));
            if (distances.Metres(start < 0 ? a : new(start), until < 0 ? b : new(until)) is not { } metres) continue;
            var detour = metres / Math.Max(1, before + candidate.Metres + after);
            if (shortest.Metres is null || detour < shortest.Detour) shortest = (metres, detour);
        }
        return ways.Count == 0 ? null : candidate with { Ways = ways, OneWay = ways.Count == 1, NetworkMetres = shortest.Metres, Detour = shortest.Detour };
    }

    /// <summary>The two halves of a divided road are one candidate; the longer way round counts.</summary>
    private static List<Candidate> Joined(List<Candidate> all)
    {
        var (joined, taken) = (new List<Candidate>(), new HashSet<Candidate>(ReferenceEqualityComparer.Instance));
        foreach (var one in all)
        {
            if (taken.Contains(one)) continue;
            var other = !one.OneWay || one.Kind != "ends" ? null : all.Where(c => c.OneWay && c.Kind == "ends" && c != one && !taken.Contains(c)).Select(c => (Candidate: c, Metres: Apart(one, c))).Where(c => c.Metres <= SameRoadMetres).OrderBy(c => c.Metres).FirstOrDefault().Candidate;
            joined.Add(other is null ? one : one with
            {
                Joints = [.. one.Joints, .. other.Joints], Ways = [.. one.Ways, .. other.Ways.Select(w => w with { From = w.From + 2, To = w.To + 2 })], OneWay = false,
                NetworkMetres = one.Detour > other.Detour ? one.NetworkMetres : one.Detour is null ? null : other.NetworkMetres, Detour = one.Detour > other.Detour ? one.Detour : one.Detour is null ? null : other.Detour,
            });
            if (other is not null) taken.Add(other);
        }
        return joined;
    }

    /// <summary>How far apart two one-way candidates lie that lead opposite ways; infinite where they lead the same way.</summary>
    private static double Apart(Candidate a, Candidate b)
    {
        (At From, At To) Ends(Candidate c) => (c.Line[c.Ways[0].From], c.Line[c.Ways[0].To]);
        var (one, other) = (Ends(a), Ends(b));
        return Math.Max(one.From.Metres(other.To), one.To.Metres(other.From));
    }
}
