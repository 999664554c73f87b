using Xunit;

namespace Jietong.Routing.Tests;

public sealed class GabrielGraphTests
{
    private static void Joins(IReadOnlyList<(double X, double Y)> points, params (int, int)[] edges) => Assert.Equal(edges, GabrielGraph.Edges(points));

    //   0 ─────────── 1       2 lies within the circle on 0–1, 3 outside of all
    //      ╲    ╱
    //        2 ───────── 3
    [Fact]
    public void The_way_leads_by_who_lies_between() => Joins([(0, 0), (10, 0), (5, -4), (14, -4)], (0, 2), (1, 2), (1, 3));

    [Fact]
    public void On_a_line_each_is_joined_to_the_next() => Joins([(0, 0), (3, 0), (1, 0), (2, 0)], (0, 2), (1, 3), (2, 3));

    //   2 ─ 3
    //   │ ╳ │     The other corners lie on the circle, not within it.
    //   0 ─ 1
    [Fact]
    public void Who_lies_on_the_circle_does_not_part() => Joins([(0, 0), (1, 0), (0, 1), (1, 1)], (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3));

    //   0,2,3 ──── 1,4     Three stops at one place and two at another: chains, joined by their first.
    [Fact]
    public void Points_at_one_place_are_a_chain() => Joins([(0, 0), (9, 0), (0, 0), (0, 0), (9, 0)], (0, 1), (0, 2), (1, 4), (2, 3));

    [Fact]
    public void None_and_one_have_no_neighbours()
    {
        Joins([]);
        Joins([(1, 1)]);
        Assert.Empty(GabrielGraph.NeighboursOf((0, 0), []));
        Assert.Equal([0], GabrielGraph.NeighboursOf((1, 1), [(1, 1)]));
    }

    /// <summary>Points by chance: anywhere, or on a small grid, where many share a place, a line or a circle.</summary>
    private static (double X, double Y)[] RandomPoints(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => seed % 2 == 0 ? (random.NextDouble() * 1e5, random.NextDouble() * 1e5) : (random.Next(5), random.Next(5)))];
    }

    private static string World(int seed, IEnumerable<(double X, double Y)> points) => $"seed {seed}: {string.Join(' ', points)}";

    private static double Distance((double X, double Y) a, (double X, double Y) b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));

    // The centre is half-way, the radius half the distance: no angle and no squares of three sides. Chance puts nobody on the circle.
    [Fact]
    public void Agrees_with_the_definition_on_random_points()
    {
        for (var seed = 0; seed < 400; seed += 2)
        {
            var p = RandomPoints(seed);
            var oracle = from i in Enumerable.Range(0, p.Length) from j in Enumerable.Range(i + 1, p.Length - i - 1)
                         let centre = ((p[i].X + p[j].X) / 2, (p[i].Y + p[j].Y) / 2)
                         where p.Where((_, k) => k != i && k != j).All(k => Distance(k, centre) >= Distance(p[i], p[j]) / 2)
                         select (i, j);
            Assert.True(oracle.SequenceEqual(GabrielGraph.Edges(p)), World(seed, p));
        }
    }

    /// <summary>Kruskal (1956): the shortest edge that joins what was apart, again and again. Returns the edges taken.</summary>
    private static List<(int From, int To)> Kruskal(int n, IEnumerable<(int From, int To)> edges, Func<(int From, int To), double> length)
    {
        var part = Enumerable.Range(0, n).ToArray();
        var tree = new List<(int From, int To)>();
        foreach (var edge in edges.OrderBy(length))
        {
            var (kept, lost) = (part[edge.From], part[edge.To]);
            if (kept == lost) continue;
            tree.Add(edge);
            for (var v = 0; v < n; v++) if (part[v] == lost) part[v] = kept;
        }
        return tree;
    }

    [Fact]
    public void Holds_a_shortest_spanning_tree_so_nobody_is_isolated()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var p = RandomPoints(seed);
            double Length((int From, int To) e) => Distance(p[e.From], p[e.To]);
            var edges = GabrielGraph.Edges(p).ToHashSet();
            var pairs = from i in Enumerable.Range(0, p.Length) from j in Enumerable.Range(i + 1, p.Length - i - 1) select (i, j);
            var (whole, within) = (Kruskal(p.Length, pairs, Length), Kruskal(p.Length, edges, Length));
            Assert.True(within.Count == p.Length - 1 && Math.Abs(whole.Sum(Length) - within.Sum(Length)) <= 1e-6, World(seed, p));
            if (seed % 2 == 0) Assert.True(whole.All(edges.Contains), World(seed, p));   // without ties there is only one such tree
        }
    }

    [Fact]
    public void Each_place_is_joined_by_its_first_point_alone_and_chained_in_order()
    {
        for (var seed = 1; seed < 400; seed += 2)
        {
            var p = RandomPoints(seed);
            var places = p.Select((at, i) => (at, i)).GroupBy(x => x.at, x => x.i).Select(g => g.ToList()).ToList();
            var firsts = places.Select(g => g[0]).ToList();
            var oracle = GabrielGraph.Edges([.. firsts.Select(i => p[i])]).Select(e => (firsts[e.From], firsts[e.To]))   // as if each place were there once
                .Concat(places.SelectMany(g => g.Zip(g.Skip(1)))).Order();
            Assert.True(oracle.SequenceEqual(GabrielGraph.Edges(p)), World(seed, p));
        }
    }

    [Fact]
    public void A_new_point_has_the_neighbours_that_it_would_have_as_the_first()
    {
        for (var seed = 0; seed < 400; seed++)
            if (RandomPoints(seed) is [var at, .. var others] points)
                Assert.True(GabrielGraph.Edges(points).Where(e => e.From == 0).Select(e => e.To - 1).SequenceEqual(GabrielGraph.NeighboursOf(at, others)), World(seed, points));
    }
}
