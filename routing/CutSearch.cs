namespace Jietong.Routing;

/// <summary>Bridges, articulation points and weak components by one depth-first search that heeds no directions, on a stack of our own.</summary>
internal sealed class CutSearch
{
    // What the search knows of a junction, side by side: the numbers of when it was met (0: not yet) and of the least that can be got back to, which of
    // its roads is tried next, the junction it was entered from, and between both: how many roads, and an arc along one.
    private struct Met
    {
        public int Number, Low, Next, Above, RoadsAbove, ArcAbove;
        public bool Cuts;
    }

    public CutSearch(Network network)
    {
        var n = network.JunctionCount;
        var (first, roads) = RoadsAt(network);
        (Components, Roads) = (new int[n], first[n] / 2);
        var (met, count) = (new Met[n], 0);
        for (var root = 0; root < n; root++)
        {
            if (met[root].Number != 0) continue;
            var (at, fromRoot) = (root, 0);
            Enter(root, -1);
            while (at >= 0)
            {
                ref var here = ref met[at];
                var (down, end) = (-1, first[at + 1]);
                while (here.Next < end && down < 0)
                {
                    var (other, arc) = roads[here.Next++];
                    if (other == here.Above) (here.RoadsAbove, here.ArcAbove) = (here.RoadsAbove + 1, arc);
                    else if (met[other].Number == 0) Enter(down = other, at);
                    else here.Low = Math.Min(here.Low, met[other].Number);
                }
                if (down >= 0)
                {
                    at = down;
                    continue;
                }
                if (here.Above is >= 0 and var up)
                {
                    ref var above = ref met[up];
                    if (here.Low >= above.Number && up != root) above.Cuts = true;
                    if (here.Low > above.Number && here.RoadsAbove == 1) Bridges.Add(here.ArcAbove);
                    if (up == root) fromRoot++;
                    above.Low = Math.Min(above.Low, here.Low);
                }
                at = here.Above;
            }
            met[root].Cuts = fromRoot > 1;
            ComponentCount++;
        }
        for (var v = 0; v < n; v++)
            if (met[v].Cuts) ArticulationPoints.Add(v);

        void Enter(int junction, int from)
        {
            met[junction] = new() { Number = ++count, Low = count, Next = first[junction], Above = from };
            Components[junction] = ComponentCount;
        }
    }

    public int[] Components { get; }
    public int ComponentCount { get; private set; }
    public int Roads { get; }
    public List<int> Bridges { get; } = [];
    public List<int> ArticulationPoints { get; } = [];

    /// <summary>The roads at each junction, with an arc along each: all open arcs that leave it, and of those that come as many as none of them leads back along. Each road stands at both ends.</summary>
    private static (int[] First, (int Other, int Arc)[] Roads) RoadsAt(Network network)
    {
        var (n, first, heads, timesMs) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, network.ArcTimesMs);
        var firstIn = new int[n + 1];
        foreach (var head in heads) firstIn[head + 1]++;
        for (var v = 0; v < n; v++) firstIn[v + 1] += firstIn[v];
        var (incoming, next) = (GC.AllocateUninitializedArray<(int Tail, int Arc)>(heads.Length), firstIn[..n]);
        for (var tail = 0; tail < n; tail++)
            for (var arc = first[tail]; arc < first[tail + 1]; arc++) incoming[next[heads[arc]]++] = (tail, arc);

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
        return (start, roads);
    }
}
