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

    public CutSearch(RoadsAt roadsAt)
    {
        var (first, roads, n) = (roadsAt.First, roadsAt.Roads, roadsAt.First.Length - 1);
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
        {
            if (met[v].Cuts) ArticulationPoints.Add(v);
            if (first[v + 1] - first[v] == 1) DeadEnds.Add(v);
        }

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
    public List<int> DeadEnds { get; } = [];
}
