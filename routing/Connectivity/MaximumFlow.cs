namespace Jietong.Routing;

/// <summary>The most that can flow along the arcs from some junctions to others, in phases along shortest ways that are left (Dinic 1970, "Algorithm for solution of a problem of maximum flow").</summary>
internal sealed class MaximumFlow
{
    private readonly Network network;
    private readonly Incoming incoming;
    private readonly int[] levels, cursors, queue;
    private readonly bool[] isSource, isTarget;

    /// <param name="network">Arcs of <see cref="Network.Unreachable"/> carry nothing.</param>
    /// <param name="capacities">Of each arc, 0 or more; null for 1.</param>
    /// <param name="sources">No junction is one of both.</param>
    /// <param name="targets">Likewise.</param>
    /// <param name="cancellation">Ends the search.</param>
    public MaximumFlow(Network network, IReadOnlyList<int>? capacities, IEnumerable<int> sources, IEnumerable<int> targets, CancellationToken cancellation)
    {
        var n = network.JunctionCount;
        (this.network, incoming, levels, cursors, queue, isSource, isTarget) = (network, Incoming.In(network), new int[n], new int[n], new int[n], new bool[n], new bool[n]);
        foreach (var source in sources) isSource[source] = true;
        foreach (var target in targets) isTarget[target] = true;
        Left = [.. network.ArcTimesMs.Select((timeMs, arc) => timeMs == Network.Unreachable ? 0 : capacities?[arc] ?? 1)];
        Used = new int[network.ArcCount];
        while (Reaches())
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(cursors);
            for (var v = 0; v < n; v++)
                if (isSource[v]) Value += Augment(v);
        }
    }

    public long Value { get; }

    /// <summary>What more each arc could carry.</summary>
    public int[] Left { get; }

    /// <summary>What each arc carries.</summary>
    public int[] Used { get; }

    /// <summary>Junctions to which more could flow from the sources.</summary>
    public bool[] FromSources() => Spread(isSource, false);

    /// <summary>Junctions from which more could flow to the targets.</summary>
    public bool[] ToTargets() => Spread(isTarget, true);

    // The ways at a junction: its arcs first, then against those that come.
    private int Ways(int v) => network.FirstArcs[v + 1] - network.FirstArcs[v] + incoming.First[v + 1] - incoming.First[v];

    private (int Arc, int Other, bool Against) Way(int v, int i) =>
        network.FirstArcs[v] + i is var arc && arc < network.FirstArcs[v + 1] ? (arc, network.ArcHeads[arc], false)
            : incoming.Arcs[incoming.First[v] + arc - network.FirstArcs[v + 1]] is var (tail, from) ? (from, tail, true) : default;

    private bool[] Spread(bool[] from, bool backward)
    {
        bool[] met = [.. from];
        var count = 0;
        for (var v = 0; v < met.Length; v++)
            if (met[v]) queue[count++] = v;
        for (var taken = 0; taken < count; taken++)
            for (var (v, i) = (queue[taken], 0); i < Ways(v); i++)
                if (Way(v, i) is var (arc, other, against) && !met[other] && (against == backward ? Left : Used)[arc] > 0) (met[other], queue[count++]) = (true, other);
        return met;
    }

    private bool Reaches()
    {
        Array.Fill(levels, -1);
        var (count, last) = (0, int.MaxValue);
        for (var v = 0; v < levels.Length; v++)
            if (isSource[v]) (levels[v], queue[count++]) = (0, v);
        for (var taken = 0; taken < count && levels[queue[taken]] < last; taken++)
            for (var (v, i) = (queue[taken], 0); i < Ways(v); i++)
            {
                var (arc, other, against) = Way(v, i);
                if (levels[other] >= 0 || (against ? Used : Left)[arc] == 0) continue;
                (levels[other], queue[count++]) = (levels[v] + 1, other);
                if (isTarget[other]) last = levels[other];
            }
        return last < int.MaxValue;
    }

    /// <summary>All that flows from one source along ways one level further each; cursors remember what has been tried in this phase.</summary>
    private long Augment(int source)
    {
        var (flow, path, at) = (0L, new List<(int Arc, int From, bool Against)>(), source);
        while (true)
        {
            if (isTarget[at])
            {
                var most = path.Min(w => (w.Against ? Used : Left)[w.Arc]);
                foreach (var (arc, _, against) in path)
                {
                    var more = against ? -most : most;
                    (Used[arc], Left[arc]) = (Used[arc] + more, Left[arc] - more);
                }
                flow += most;
                var full = path.FindIndex(w => (w.Against ? Used : Left)[w.Arc] == 0);
                at = path[full].From;
                path.RemoveRange(full, path.Count - full);
            }
            else if (cursors[at] < Ways(at))
            {
                var (arc, other, against) = Way(at, cursors[at]);
                if (levels[other] == levels[at] + 1 && (against ? Used : Left)[arc] > 0)
                {
                    path.Add((arc, at, against));
                    at = other;
                }
                else cursors[at]++;
            }
            else if (path.Count == 0) return flow;
            else
            {
                at = path[^1].From;
                path.RemoveAt(path.Count - 1);
                cursors[at]++;
            }
        }
    }
}
