namespace Jietong.Routing;

/// <summary>
/// The roads at each junction, with an arc along each: all open arcs that leave it, and of those that come as many as none of them leads back
/// along. Each road stands at both ends; loops are none. Those of junction v are <c>Roads[First[v]] … Roads[First[v+1]-1]</c>.
/// </summary>
/// <param name="First">Where those of each junction begin, and at the end how many there are.</param>
/// <param name="Roads">The junction at the other end of each, and an arc along it.</param>
/// <param name="BothWays">Whether as many open arcs lead back along as there, everywhere, as on foot: then the arcs that leave a junction are its roads.</param>
internal readonly record struct RoadsAt(int[] First, (int Other, int Arc)[] Roads, bool BothWays)
{
    /// <summary>O(n + m).</summary>
    public static RoadsAt In(Network network)
    {
        var (n, first, heads, timesMs) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, network.ArcTimesMs);
        var bothWays = LeadsBothWays(network);
        var (firstIn, incoming) = bothWays ? new(new int[n + 1], []) : Incoming.In(network);
        var (start, roads, count) = (new int[n + 1], GC.AllocateUninitializedArray<(int, int)>(bothWays ? heads.Length : 2 * heads.Length), 0);
        var back = new (int From, int Arcs)[bothWays ? 0 : n];   // by neighbour of v (From: v + 1): how many arcs lead back there that no coming one has been matched with
        for (var v = 0; v < n; v++)
        {
            for (var arc = first[v]; arc < first[v + 1]; arc++)
            {
                if (timesMs[arc] == Network.Unreachable || heads[arc] == v) continue;
                roads[count++] = (heads[arc], arc);
                if (bothWays) continue;
                ref var there = ref back[heads[arc]];
                there = (v + 1, there.From == v + 1 ? there.Arcs + 1 : 1);
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
        return new(start, roads, bothWays);
    }

    /// <summary>False also where junctions with very many arcs would make the answer slow.</summary>
    private static bool LeadsBothWays(Network network)
    {
        var (first, heads, timesMs, looks) = (network.FirstArcs, network.ArcHeads, network.ArcTimesMs, 16L * (network.JunctionCount + network.ArcCount));
        for (var v = 0; v < network.JunctionCount; v++)
            for (var arc = first[v]; arc < first[v + 1]; arc++)
                if (timesMs[arc] < Network.Unreachable && heads[arc] is var other && (Leading(v, other) != Leading(other, v) || looks < 0)) return false;
        return true;

        int Leading(int tail, int head)
        {
            var count = 0;
            for (var arc = first[tail]; arc < first[tail + 1]; arc++)
                if (heads[arc] == head && timesMs[arc] < Network.Unreachable) count++;
            looks -= first[tail + 1] - first[tail];
            return count;
        }
    }
}
