using Jietong.Geodata;
using Jietong.Geodata.Gaps;
using Jietong.Services.Streets;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.KdTree;
using Npgsql;

namespace Jietong.Services.Gaps;

/// <summary>
/// Whose trips count: those of the people that imported cells hold, else those between the register's places, else those from crossings drawn by chance to
/// junctions everywhere. Crossings, because from inside a cul-de-sac everything that happens to it looks large.
/// </summary>
internal static class GapTrips
{
    private const int Origins = 300, Destinations = 5_000, LeastPlaces = 10, Seed = 1;
    private const double SnapMetres = 2000;

    public static async Task<Trips> Of(NpgsqlDataSource db, StreetNetwork streets, CancellationToken cancel)
    {
        var junctions = new Lazy<KdTree<object>>(() => JunctionsOf(streets));
        if (await TripData.People(db, cancel) is { } people && Joined(junctions.Value, people.Points) is { Count: > 1 } inhabited)
        {
            var (from, to) = (Spread(inhabited, Origins), inhabited.Count <= Destinations ? inhabited : Spread(inhabited, Destinations));
            return new(from, to, $"按导入的人口（{people.Count}）加权：{from.Count} 处起点，{to.Count} 处终点", $"weighted by imported people ({people.Count}): from {from.Count} places to {to.Count}");
        }
        if (Joined(junctions.Value, await TripData.Places(db, cancel)) is { Count: >= LeastPlaces } places)
            return new(places, places, $"登记册的 {places.Count} 个地点两两之间，等权", $"between {places.Count} places of the register, equal weights");
        var network = streets.Network;
        var crossings = Enumerable.Range(0, network.JunctionCount).Where(j => streets.OpenFrom(j).Concat(streets.OpenInto(j)).Select(arc => streets.ArcOf[arc].Street).Distinct().Count() > 2).ToArray();
        if (crossings.Length < Origins) crossings = [.. Enumerable.Range(0, network.JunctionCount)];
        new Random(Seed).Shuffle(crossings);
        var sources = crossings.Take(Origins).Order().Select(j => (j, 1.0)).ToList();
        var targets = Spread([.. Enumerable.Range(0, network.JunctionCount).Select(j => (j, 1.0))], Destinations);
        return new(sources, targets, $"无人口数据：自随机抽取的 {sources.Count} 个路口（种子 {Seed}）至 {targets.Count} 个路口，等权", $"no data of people: from {sources.Count} crossings drawn by chance (seed {Seed}) to {targets.Count} junctions, equal weights");
    }

    private static KdTree<object> JunctionsOf(StreetNetwork streets)
    {
        var (tree, order) = (new KdTree<object>(), Enumerable.Range(0, streets.Network.JunctionCount).ToArray());
        new Random(Seed).Shuffle(order);   // the tree is not balanced otherwise
        foreach (var j in order)
            if (streets.OpenFrom(j).Any() && streets.OpenInto(j).Any()) tree.Insert(new(streets.Junction(j).Longitude, streets.Junction(j).Latitude), j);
        return tree;
    }

    /// <summary>Each point at the junction nearest to it; what lies far from all streets is left out.</summary>
    private static List<(int Junction, double Weight)> Joined(KdTree<object> junctions, List<WeightedPoint> points) =>
        [.. points.Select(p => (Point: p, Node: junctions.IsEmpty ? null : junctions.NearestNeighbor(new Coordinate(p.Longitude, p.Latitude))))
            .Where(p => p.Node is not null && new At(p.Point.Longitude, p.Point.Latitude).Metres(new(p.Node.X, p.Node.Y)) <= SnapMetres)
            .GroupBy(p => (int)p.Node!.Data).OrderBy(g => g.Key).Select(g => (g.Key, g.Sum(p => p.Point.Weight)))];

    /// <summary>So many of them at equal steps of their summed weights, which all then weigh the same.</summary>
    private static List<(int Junction, double Weight)> Spread(List<(int Junction, double Weight)> all, int most)
    {
        if (all.Count <= most) return all;
        var (step, passed, chosen) = (all.Sum(a => a.Weight) / most, 0.0, new Dictionary<int, double>());
        var next = step / 2;
        foreach (var (junction, weight) in all)
            for (passed += weight; next < passed; next += step) chosen[junction] = chosen.GetValueOrDefault(junction) + step;
        return [.. chosen.Select(c => (c.Key, c.Value))];
    }
}
