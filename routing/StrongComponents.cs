namespace Jietong.Routing;

/// <summary>Tarjan's strong components, on a stack of our own.</summary>
internal sealed class StrongComponents
{
    public StrongComponents(Network network)
    {
        var (n, first, heads, timesMs) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, network.ArcTimesMs);
        Of = new int[n];
        // numbers: 0 not met yet. lows: the least number that can be got back to.
        var (numbers, lows, cursors, above, open) = (new int[n], new int[n], new int[n], new int[n], new int[n]);
        var (met, openCount) = (0, 0);
        Array.Fill(Of, -1);
        for (var root = 0; root < n; root++)
        {
            if (numbers[root] != 0) continue;
            above[root] = -1;
            var at = Enter(root);
            while (at >= 0)
            {
                var down = -1;
                for (; cursors[at] < first[at + 1] && down < 0; cursors[at]++)
                {
                    var head = heads[cursors[at]];
                    if (timesMs[cursors[at]] == Network.Unreachable || Of[head] >= 0) continue;
                    if (numbers[head] == 0) (down, above[head]) = (head, at);
                    else lows[at] = Math.Min(lows[at], numbers[head]);
                }
                if (down >= 0)
                {
                    at = Enter(down);
                    continue;
                }
                if (lows[at] == numbers[at])
                {
                    int member;
                    do Of[member = open[--openCount]] = Count;
                    while (member != at);
                    Count++;
                }
                if (above[at] is >= 0 and var up) lows[up] = Math.Min(lows[up], lows[at]);
                at = above[at];
            }
        }

        int Enter(int junction)
        {
            (numbers[junction], cursors[junction], open[openCount++]) = (++met, first[junction], junction);
            lows[junction] = met;
            return junction;
        }
    }

    public int[] Of { get; }
    public int Count { get; private set; }
}
