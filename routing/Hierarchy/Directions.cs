namespace Jietong.Routing;

/// <summary>
/// Along which lines a part of a network is laid out, to be cut across: where positions are known, by eight directions of the compass;
/// where not, by how much nearer a vertex is, counted in arcs, to one of two far ends than to the other.
/// </summary>
internal sealed class Directions(int mostVertices)
{
    private readonly int[] queue = new int[mostVertices];
    private readonly int[][] steps = [.. Enumerable.Range(0, 4).Select(_ => new int[mostVertices])];

    /// <summary>Writes, for each of some directions in turn, how far along it each vertex lies.</summary>
    public static IEnumerable<float[]> By(IReadOnlyList<(double X, double Y)> positions, ArraySegment<int> junctions, float[] along)
    {
        foreach (var (x, y) in new (double, double)[] { (1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2) })
        {
            for (var v = 0; v < junctions.Count; v++) along[v] = (float)(x * positions[junctions[v]].X + y * positions[junctions[v]].Y);
            yield return along;
        }
    }

    /// <summary>The same without positions, on a connected part.</summary>
    public IEnumerable<float[]> By(int[] first, int[] neighbours, int vertices, float[] along)
    {
        var (a, b, c, d) = (steps[0], steps[1], steps[2], steps[3]);
        var end = Farthest(first, neighbours, vertices, 0, a);
        end = Farthest(first, neighbours, vertices, end, a);   // a: from one end; "end": the other
        Farthest(first, neighbours, vertices, end, b);
        var aside = 0;   // as far from both as can be
        for (var v = 1; v < vertices; v++)
            if (Math.Min(a[v], b[v]) > Math.Min(a[aside], b[aside])) aside = v;
        end = Farthest(first, neighbours, vertices, aside, c);
        Farthest(first, neighbours, vertices, end, d);
        foreach (var (x, y) in new (float, float)[] { (1, 0), (0, 1), (1, 1), (1, -1) })
        {
            for (var v = 0; v < vertices; v++) along[v] = x * (a[v] - b[v]) + y * (c[v] - d[v]);
            yield return along;
        }
    }

    /// <summary>Breadth first from <paramref name="start"/>: the number of arcs to each vertex.</summary>
    /// <returns>The last that was met.</returns>
    private int Farthest(int[] first, int[] neighbours, int vertices, int start, int[] distance)
    {
        Array.Fill(distance, -1, 0, vertices);
        var count = 1;
        (queue[0], distance[start]) = (start, 0);
        for (var taken = 0; taken < count; taken++)
            for (var (v, i) = (queue[taken], first[queue[taken]]); i < first[v + 1]; i++)
                if (distance[neighbours[i]] < 0) (distance[neighbours[i]], queue[count++]) = (distance[v] + 1, neighbours[i]);
        return queue[count - 1];
    }
}
