namespace Jietong.Routing;

/// <summary>Who is next to whom, whichever way the arcs lead: each neighbour once, no loops; those of junction v are <c>Of[First[v]] … Of[First[v+1]-1]</c>.</summary>
internal readonly record struct Neighbours(int[] First, int[] Of)
{
    /// <summary>Closed arcs count: what is next to what does not depend on travel times. O(n + m).</summary>
    public static Neighbours In(Network network)
    {
        var (n, first, heads) = (network.JunctionCount, network.FirstArcs, network.ArcHeads);
        var start = new int[n + 1];
        for (var tail = 0; tail < n; tail++)
            for (var arc = first[tail]; arc < first[tail + 1]; arc++)
                if (heads[arc] != tail) (start[tail + 1], start[heads[arc] + 1]) = (start[tail + 1] + 1, start[heads[arc] + 1] + 1);
        for (var v = 0; v < n; v++) start[v + 1] += start[v];
        var (all, next) = (new int[start[n]], start[..n]);
        for (var tail = 0; tail < n; tail++)
            for (var arc = first[tail]; arc < first[tail + 1]; arc++)
                if (heads[arc] != tail) (all[next[tail]++], all[next[heads[arc]]++]) = (heads[arc], tail);

        var (seenFrom, kept) = (new int[n], 0);   // v + 1: seen as a neighbour of v
        for (var v = 0; v < n; v++)
        {
            var (from, to) = (start[v], start[v + 1]);
            start[v] = kept;
            for (var i = from; i < to; i++)
                if (seenFrom[all[i]] != v + 1) (seenFrom[all[i]], all[kept++]) = (v + 1, all[i]);
        }
        start[n] = kept;
        return new(start, all[..kept]);
    }
}
