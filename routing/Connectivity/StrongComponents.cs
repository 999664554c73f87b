namespace Jietong.Routing;

/// <summary>Tarjan's strong components, on a stack of our own.</summary>
internal sealed class StrongComponents
{
    // Side by side, as in CutSearch: when a junction was met (0: not yet), the least that can be got back to, the arc to be tried next, and where it was entered from.
    private struct Met
    {
        public int Number, Low, Next, Above;
    }

    public StrongComponents(Network network)
    {
        var (n, first, heads, timesMs) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, network.ArcTimesMs);
        Of = new int[n];
        Array.Fill(Of, -1);
        var (met, open, count, openCount) = (new Met[n], new int[n], 0, 0);
        for (var root = 0; root < n; root++)
        {
            if (met[root].Number != 0) continue;
            var at = root;
            Enter(root, -1);
            while (at >= 0)
            {
                ref var here = ref met[at];
                var (down, end) = (-1, first[at + 1]);
                for (; here.Next < end && down < 0; here.Next++)
                {
                    var head = heads[here.Next];
                    if (timesMs[here.Next] == Network.Unreachable) continue;
                    if (met[head].Number == 0) Enter(down = head, at);
                    else if (met[head].Number < here.Low && Of[head] < 0) here.Low = met[head].Number;
                }
                if (down >= 0)
                {
                    at = down;
                    continue;
                }
                if (here.Low == here.Number)
                {
                    int member;
                    do Of[member = open[--openCount]] = Count;
                    while (member != at);
                    Count++;
                }
                if (here.Above >= 0) met[here.Above].Low = Math.Min(met[here.Above].Low, here.Low);
                at = here.Above;
            }
        }

        void Enter(int junction, int from)
        {
            met[junction] = new() { Number = ++count, Low = count, Next = first[junction], Above = from };
            open[openCount++] = junction;
        }
    }

    public int[] Of { get; }
    public int Count { get; private set; }
}
