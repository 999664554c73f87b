namespace Jietong.Routing;

/// <summary>
/// Which points are neighbours when nothing but their positions is known: two are joined where no third lies within the circle on
/// their connecting line as diameter (Gabriel and Sokal 1969, "A new statistical approach to geographic variation analysis",
/// Systematic Zoology 18(3), 259–278). A third on the circle itself does not part them. The graph is connected, holds the shortest
/// spanning tree, and is planar unless four points share a circle. O(n³) at worst.
/// <code>
///    a ─────── b        joined: the circle on a–b is empty
///        c              a, b not joined where c lies within it: the way leads by c
/// </code>
/// </summary>
public static class GabrielGraph
{
    /// <summary>All pairs of neighbours, the smaller index first; points at the same place are joined in a chain.</summary>
    /// <param name="points">Positions in a plane, metres.</param>
    public static IEnumerable<(int From, int To)> Edges(IReadOnlyList<(double X, double Y)> points)
    {
        for (var i = 0; i < points.Count; i++)
            for (var j = i + 1; j < points.Count; j++)
                if (AreNeighbours(points, points[i], points[j], i, j)) yield return (i, j);
    }

    /// <summary>The neighbours that a new point at <paramref name="at"/> would have.</summary>
    public static IEnumerable<int> NeighboursOf((double X, double Y) at, IReadOnlyList<(double X, double Y)> points)
    {
        for (var i = 0; i < points.Count; i++)
            if (AreNeighbours(points, at, points[i], -1, i)) yield return i;
    }

    private static bool AreNeighbours(IReadOnlyList<(double X, double Y)> points, (double X, double Y) a, (double X, double Y) b, int indexOfA, int indexOfB)
    {
        var diameter = Square(a, b);
        for (var k = 0; k < points.Count; k++)
        {
            if (k == indexOfA || k == indexOfB) continue;
            var (toA, toB) = (Square(a, points[k]), Square(b, points[k]));
            if (toA + toB < diameter) return false;
            // At the very place of an end: the way leads by the one with the index between, so that a place with three points stays a chain.
            if (toA + toB == diameter && (toA == 0 || toB == 0) && (diameter > 0 ? k < (toA == 0 ? indexOfA : indexOfB) : indexOfA < k && k < indexOfB)) return false;
        }
        return true;
    }

    private static double Square((double X, double Y) a, (double X, double Y) b) => (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y);
}
