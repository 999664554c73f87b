namespace Jietong.Routing;

/// <summary>Bridges, articulation points and weak components by one depth-first search that heeds no directions, on a stack of our own.</summary>
internal sealed class CutSearch
{
    public CutSearch(Network network)
    {
        var (n, first, heads, timesMs) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, network.ArcTimesMs);
        var (firstIn, tails, arcsIn) = Incoming(network);
        Components = new int[n];
        Array.Fill(Components, -1);
        var (numbers, lows, cursors, above, met) = (new int[n], new int[n], new int[n], new int[n], 0);
        // Between a junction and the one it was entered from: arcs each way, and one of them.
        var (back, forth, toAbove, cuts) = (new int[n], new int[n], new int[n], new bool[n]);
        for (var root = 0; root < n; root++)
        {
            if (Components[root] >= 0) continue;
            var (at, fromRoot) = (root, 0);
            Enter(root, -1);
            while (at >= 0)
            {
                var (outgoing, all, down) = (first[at + 1] - first[at], first[at + 1] - first[at] + firstIn[at + 1] - firstIn[at], -1);
                while (cursors[at] < all && down < 0)
                {
                    var i = cursors[at]++;
                    var arc = i < outgoing ? first[at] + i : arcsIn[firstIn[at] + i - outgoing];
                    var next = i < outgoing ? heads[arc] : tails[firstIn[at] + i - outgoing];
                    if (next == at || timesMs[arc] == Network.Unreachable) continue;
                    if (next == above[at])
                    {
                        toAbove[at] = arc;
                        if (i < outgoing) back[at]++;
                        else forth[at]++;
                    }
                    else if (Components[next] < 0) Enter(down = next, at);
                    else lows[at] = Math.Min(lows[at], numbers[next]);
                }
                if (down >= 0)
                {
                    at = down;
                    continue;
                }
                if (above[at] is >= 0 and var up)
                {
                    if (lows[at] >= numbers[up] && up != root) cuts[up] = true;
                    if (lows[at] > numbers[up] && Math.Max(back[at], forth[at]) == 1) Bridges.Add(toAbove[at]);
                    if (up == root) fromRoot++;
                    lows[up] = Math.Min(lows[up], lows[at]);
                }
                at = above[at];
            }
            cuts[root] = fromRoot > 1;
            ComponentCount++;
        }
        for (var v = 0; v < n; v++)
            if (cuts[v]) ArticulationPoints.Add(v);
        Roads = CountRoads(network, firstIn, tails, arcsIn);

        void Enter(int junction, int from) => (numbers[junction], lows[junction], Components[junction], above[junction]) = (met, met++, ComponentCount, from);
    }

    public int[] Components { get; }
    public int ComponentCount { get; private set; }
    public int Roads { get; }
    public List<int> Bridges { get; } = [];
    public List<int> ArticulationPoints { get; } = [];

    private static (int[] First, int[] Tails, int[] Arcs) Incoming(Network network)
    {
        var (n, first, heads) = (network.JunctionCount, network.FirstArcs, network.ArcHeads);
        var firstIn = new int[n + 1];
        foreach (var head in heads) firstIn[head + 1]++;
        for (var v = 0; v < n; v++) firstIn[v + 1] += firstIn[v];
        var (tails, arcs, next) = (new int[heads.Length], new int[heads.Length], firstIn[..n]);
        for (var tail = 0; tail < n; tail++)
            for (var arc = first[tail]; arc < first[tail + 1]; arc++)
                (tails[next[heads[arc]]], arcs[next[heads[arc]]++]) = (tail, arc);
        return (firstIn, tails, arcs);
    }

    /// <summary>Each at its lower junction: the arcs to each neighbour and those from it, whichever are more.</summary>
    private static int CountRoads(Network network, int[] firstIn, int[] tails, int[] arcsIn)
    {
        var (first, heads, timesMs, roads) = (network.FirstArcs, network.ArcHeads, network.ArcTimesMs, 0);
        var (outgoing, incoming) = (new int[network.JunctionCount], new int[network.JunctionCount]);
        for (var v = 0; v < network.JunctionCount; v++)
        {
            for (var arc = first[v]; arc < first[v + 1]; arc++)
                if (heads[arc] > v && timesMs[arc] != Network.Unreachable && ++outgoing[heads[arc]] > incoming[heads[arc]]) roads++;
            for (var i = firstIn[v]; i < firstIn[v + 1]; i++)
                if (tails[i] > v && timesMs[arcsIn[i]] != Network.Unreachable && ++incoming[tails[i]] > outgoing[tails[i]]) roads++;
            for (var arc = first[v]; arc < first[v + 1]; arc++) outgoing[heads[arc]] = 0;
            for (var i = firstIn[v]; i < firstIn[v + 1]; i++) incoming[tails[i]] = 0;
        }
        return roads;
    }
}
