namespace Jietong.Routing;

/// <summary>The arcs that end at each junction, which a network does not list: those of junction v are <c>Arcs[First[v]] … Arcs[First[v+1]-1]</c>, by their tails.</summary>
internal readonly record struct Incoming(int[] First, (int Tail, int Arc)[] Arcs)
{
    /// <summary>Closed arcs and loops too. O(n + m); 8 bytes an arc.</summary>
    public static Incoming In(Network network)
    {
        var (n, first, heads) = (network.JunctionCount, network.FirstArcs, network.ArcHeads);
        var firstIn = new int[n + 1];
        foreach (var head in heads) firstIn[head + 1]++;
        for (var v = 0; v < n; v++) firstIn[v + 1] += firstIn[v];
        var (arcs, next) = (GC.AllocateUninitializedArray<(int Tail, int Arc)>(heads.Length), firstIn[..n]);
        for (var tail = 0; tail < n; tail++)
            for (var arc = first[tail]; arc < first[tail + 1]; arc++) arcs[next[heads[arc]]++] = (tail, arc);
        return new(firstIn, arcs);
    }
}
