using Jietong.Services.Model;

namespace Jietong.Services.Streets;

/// <summary>Streets that are a link, and by what they were recognised.</summary>
internal sealed record Recognised(IReadOnlyList<int> Streets, string EvidenceZh, string EvidenceEn);

/// <summary>
/// Which streets are a link of the register, built? Streets that run along its drawn line for at least half of it and over the boundary (its middle, where no boundary is known);
/// or streets that cross the boundary inside its circle under the link's name, or as part of a chain under the names of the roads on both of its sides.
/// </summary>
internal static class Recognition
{
    private const double StepMetres = 10, BesideMetres = 15, LeastShare = 0.5, LeastUnbroken = 0.8, SlackOfCircle = 50, NamesBeyondCircle = 1000;
    private static readonly double LeastCosine = Math.Cos(Math.PI / 6);

    public static Recognised? ByLine(StreetMap map, LinkRow link, LinkCourse course)
    {
        var samples = course.Lines!.SelectMany(Samples).ToList();
        if (samples.Count == 0) return null;
        var tolerance = link.AccuracyMetres!.Value + BesideMetres;
        var along = new Dictionary<int, HashSet<int>>();   // by street: the samples that it covers
        var middle = samples[samples.Count / 2];
        var farthest = samples.Max(s => Earth.Metres(s.X, s.Y, middle.X, middle.Y));
        foreach (var street in map.Within(middle.X, middle.Y, farthest + tolerance).Select(p => p.Street))
        {
            var covered = Enumerable.Range(0, samples.Count).Where(i => RunsAlong(samples[i], map[street].Line, tolerance)).ToHashSet();
            if (covered.Count * StepMetres >= LeastShare * map.Network.Rows.Streets[street].Metres && covered.Count > 0) along[street] = covered;
        }
        var level = LinksOnStreets.LevelBetween(link);
        var crossing = level is { } l ? Enumerable.Range(1, samples.Count - 1).FirstOrDefault(i => map.IsAcross((samples[i - 1].X, samples[i - 1].Y), (samples[i].X, samples[i].Y), l), samples.Count / 2) : samples.Count / 2;
        var (found, share) = (new List<int>(), 0.0);
        foreach (var chain in Chains(map, [.. along.Keys]))
        {
            var covered = chain.SelectMany(s => along[s]).ToHashSet();
            var (from, to) = (covered.Min(), covered.Max());
            if (covered.Count < LeastShare * samples.Count || covered.Count < LeastUnbroken * (to - from + 1) || crossing < from || crossing > to) continue;
            found.AddRange(chain);
            share = Math.Max(share, (double)covered.Count / samples.Count);
        }
        return found.Count == 0 ? null : new([.. found.Order()], $"沿其线位 {100 * share:0}%，容差 {tolerance:0} 米", $"along {100 * share:0} % of its line, within {tolerance:0} m");
    }

    private static IEnumerable<(double X, double Y, double EastShare, double NorthShare)> Samples(IReadOnlyList<double[]> line)
    {
        foreach (var (a, b) in line.Zip(line.Skip(1)))
        {
            var (metres, plane) = (Earth.Metres(a[0], a[1], b[0], b[1]), new StreetPlane(a[0], a[1]));
            var (east, north) = plane.Of(b[0], b[1]);
            var n = Math.Clamp((int)Math.Round(metres / StepMetres), 1, 10_000);
            for (var i = 0; i < n && metres > 0; i++) yield return (a[0] + (i + 0.5) / n * (b[0] - a[0]), a[1] + (i + 0.5) / n * (b[1] - a[1]), east / metres, north / metres);
        }
    }

    private static bool RunsAlong((double X, double Y, double EastShare, double NorthShare) sample, double[] line, double tolerance)
    {
        var plane = new StreetPlane(sample.X, sample.Y);
        for (var i = 0; i + 3 < line.Length; i += 2)
        {
            var ((ax, ay), (bx, by)) = (plane.Of(line[i], line[i + 1]), plane.Of(line[i + 2], line[i + 3]));
            var (dx, dy) = (bx - ax, by - ay);
            var length = Math.Sqrt(dx * dx + dy * dy);
            if (length == 0 || Math.Abs(dx * sample.EastShare + dy * sample.NorthShare) < LeastCosine * length) continue;
            if (plane.Nearest(-1, [line[i], line[i + 1], line[i + 2], line[i + 3]]).Metres <= tolerance) return true;
        }
        return false;
    }

    public static Recognised? ByNames(StreetMap map, LinkRow link, LinkCourse course)
    {
        var (a, b) = (course.Roads.ElementAtOrDefault(0), course.Roads.ElementAtOrDefault(1));
        var names = course.Names.Concat([a, b]).OfType<string>().ToHashSet();
        var radius = link.AccuracyMetres!.Value + SlackOfCircle;
        List<int> named = [.. map.Within(link.Longitude!.Value, link.Latitude!.Value, radius + NamesBeyondCircle).Select(p => p.Street).Where(s => map[s].Name is { } name && names.Contains(name))];
        if (named.Count == 0 || LinksOnStreets.LevelBetween(link) is not { } level) return null;
        var hasBoundary = map.HasBoundaryNear(link.Longitude.Value, link.Latitude.Value, radius, level);
        var (own, called) = (new List<int>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var chain in Chains(map, named))
        {
            var here = chain.Select(s => map[s].Name!).ToHashSet();
            if (!here.Overlaps(course.Names) && (a is null || b is null || !here.Contains(a) || !here.Contains(b))) continue;
            List<int> streets = hasBoundary ? [.. chain.Where(s => CrossesWithin(map, link, map[s].Line, radius, level))] : a == b || a is null || b is null ? [] : [.. Meeting(map, link, chain, a, b, radius)];
            own.AddRange(streets);
            if (streets.Count > 0) called.UnionWith(here);
        }
        var (zh, en) = hasBoundary ? ("在其圆内过界", "crosses the boundary inside its circle") : ("两侧道路在其圆内相接（资料中无界线）", "the roads of both sides meet inside its circle (no boundary in the data)");
        return own.Count == 0 ? null : new([.. own.Order()], $"同名（{string.Join("、", called)}），{zh}", $"of the same name ({string.Join(", ", called)}), {en}");
    }

    /// <summary>Whether some piece of a street leads over the boundary inside the link's circle, and the street as a whole from one side to the other.</summary>
    private static bool CrossesWithin(StreetMap map, LinkRow link, double[] line, double radius, int level)
    {
        if (!map.IsAcross((line[0], line[1]), (line[^2], line[^1]), level)) return false;
        for (var i = 0; i + 3 < line.Length; i += 2)
            if (map.IsAcross((line[i], line[i + 1]), (line[i + 2], line[i + 3]), level) && new StreetPlane(link.Longitude!.Value, link.Latitude!.Value).Nearest(-1, line.AsSpan(i, 4)).Metres <= radius) return true;
        return false;
    }

    /// <summary>The streets under one name that meet a street under the other inside the link's circle.</summary>
    private static IEnumerable<int> Meeting(StreetMap map, LinkRow link, IReadOnlyList<int> chain, string a, string b, double radius)
    {
        bool IsInside(int junction) => map.Network.Junction(junction) is var j && Earth.Metres(j.Longitude, j.Latitude, link.Longitude!.Value, link.Latitude!.Value) <= radius;
        IEnumerable<int> Ends(int street) => new[] { map.EndsOf(street).From, map.EndsOf(street).To }.Where(IsInside);
        var (atA, atB) = (chain.Where(s => map[s].Name == a).SelectMany(Ends).ToHashSet(), chain.Where(s => map[s].Name == b).SelectMany(Ends).ToHashSet());
        return chain.Where(s => Ends(s).Any(j => atA.Contains(j) && atB.Contains(j)));
    }

    /// <summary>Streets that hang together by their ends.</summary>
    private static IEnumerable<List<int>> Chains(StreetMap map, List<int> streets)
    {
        var (left, at) = (streets.ToHashSet(), streets.SelectMany(s => new[] { (map.EndsOf(s).From, s), (map.EndsOf(s).To, s) }).ToLookup(e => e.Item1, e => e.s));
        foreach (var first in streets)
        {
            if (!left.Remove(first)) continue;
            var chain = new List<int> { first };
            for (var i = 0; i < chain.Count; i++)
                foreach (var next in at[map.EndsOf(chain[i]).From].Concat(at[map.EndsOf(chain[i]).To]))
                    if (left.Remove(next)) chain.Add(next);
            yield return chain;
        }
    }
}
