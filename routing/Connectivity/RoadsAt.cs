namespace Jietong.Routing;

/// <summary>
/// The roads at each junction, with an arc along each: all open arcs that leave it, and of those that come as many as none of them leads back
/// along. Each road stands at both ends; loops are none. Those of junction v are <c>Roads[First[v]] … Roads[First[v+1]-1]</c>.
/// </summary>
internal readonly record struct RoadsAt(int[] First, (int Other, int Arc)[] Roads)
{
    /// <summary>O(n + m).</summary>
    public static RoadsAt In(Network network)
    {
        var (n, first, heads, timesMs) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, network.ArcTimesMs);
        var (firstIn, incoming) = Incoming.In(network);
        var (start, roads, count) = (new int[n + 1], GC.AllocateUninitializedArray<(int, int)>(2 * heads.Length), 0);
        var back = new (int From, int Arcs)[n];   // by neighbour of v (From: v + 1): how many arcs lead back there that no coming one has been matched with
        for (var v = 0; v < n; v++)
        {
            for (var arc = first[v]; arc < first[v + 1]; arc++)
            {
                if (timesMs[arc] == Network.Unreachable || heads[arc] == v) continue;
                ref var there = ref back[heads[arc]];
                there = (v + 1, there.From == v + 1 ? there.Arcs + 1 : 1);
                roads[count++] = (heads[arc], arc);
            }
            for (var i = firstIn[v]; i < firstIn[v + 1]; i++)
            {
                var (tail, arc) = incoming[i];
                if (timesMs[arc] == Network.Unreachable || tail == v) continue;
                ref var there = ref back[tail];
                if (there.From == v + 1 && there.Arcs > 0) there.Arcs--;
                else roads[count++] = (tail, arc);
            }
            start[v + 1] = count;
        }
        return new(start, roads);
    }
}
