namespace Jietong.Routing;

/// <summary>
/// Ways between two junctions that share no road, or not even a junction on the way: as many as asked for or as there are, and of all such sets one that takes the
/// least time together (Suurballe 1974, "Disjoint paths in a network"; Bhandari 1999, "Survivable networks"): each further one by a shortest path that may undo what those before use.
/// </summary>
public static class DisjointWays
{
    /// <summary>One Dijkstra for each way, ended at the target: O(k (n + m) log m).</summary>
    /// <param name="network">Arcs of <see cref="Network.Unreachable"/> are closed.</param>
    /// <param name="source">Where all begin.</param>
    /// <param name="target">Where all end; not the source.</param>
    /// <param name="most">1 or more: 2 for "is there a second way?". The fewest roads that part both (<see cref="MinimumCut"/>) are the most that there can be.</param>
    /// <param name="ofJunctions">Whether they may share no junction but their ends either.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The fastest first; none where no path leads. Each passes no junction twice. The fastest of all ways need not be among them. Parallel arcs are roads of their own, an arc and one back are one.</returns>
    /// <exception cref="ArgumentException">The ends are one junction, or <paramref name="most"/> is less than 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static IReadOnlyList<Way> Between(Network network, int source, int target, int most = int.MaxValue, bool ofJunctions = false, CancellationToken cancellation = default)
    {
        foreach (var junction in new[] { source, target }) network.MustHave(junction);
        if (source == target) throw new ArgumentException($"Both ends are junction {source}: two are needed.");
        if (most < 1) throw new ArgumentException($"{most} ways: 1 or more are allowed.");
        var ways = ofJunctions
            ? Split(network, source, target) is var (split, arcOf) ? Found(split, 2 * source + 1, 2 * target, most, cancellation).Select(way => way.Select(a => arcOf[a]).Where(a => a >= 0)) : []
            : Found(network, source, target, most, cancellation);
        return [.. ways.Select(arcs => Way.Of(network, [.. arcs])).OrderBy(way => way.TimeMs)];
    }

    private static List<List<int>> Found(Network network, int source, int target, int most, CancellationToken cancellation)
    {
        var (n, first, heads, incoming) = (network.JunctionCount, network.FirstArcs, network.ArcHeads, Incoming.In(network));
        // With these potentials (Johnson 1977) no way that is left takes less than nothing, also against an arc in use, which gives back its time.
        var (used, potentials, times, reachedBy, count) = (new bool[network.ArcCount], new int[n], new int[n], new (int From, int Arc)[n], 0);
        for (; count < most && Search() is { } time; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var v = 0; v < n; v++) potentials[v] += Math.Min(times[v], time);
            Ms.Check((uint)potentials[target]);
            for (var at = target; at != source; at = reachedBy[at].From) used[reachedBy[at].Arc] ^= true;
        }
        for (var v = 0; v < n; v++)   // there and back on one road: both may as well not go, and then turn into each other's way
            for (var arc = first[v]; arc < first[v + 1]; arc++)
                for (var back = first[heads[arc]]; used[arc] && back < first[heads[arc] + 1]; back++)
                    if (used[back] && heads[back] == v) used[arc] = used[back] = false;
        return [.. Enumerable.Range(0, count).Select(_ => Follow())];

        int? Search()
        {
            Array.Fill(times, (int)Ms.Never);
            times[source] = 0;
            var queue = new MinHeap();
            queue.Enqueue(0, source);
            while (queue.TryDequeue(out var time, out var v))
            {
                if (time > times[v]) continue;
                Ms.Check((uint)time >= Ms.TooLong ? Ms.TooLong : 0);
                if (v == target) return time;
                for (var arc = first[v]; arc < first[v + 1]; arc++)
                    if (!used[arc] && network.ArcTimesMs[arc] < Network.Unreachable) Reach(v, heads[arc], arc, network.ArcTimesMs[arc]);
                for (var i = incoming.First[v]; i < incoming.First[v + 1]; i++)
                    if (incoming.Arcs[i] is var (tail, arc) && used[arc]) Reach(v, tail, arc, -network.ArcTimesMs[arc]);

                void Reach(int from, int to, int arc, int takes)
                {
                    if (time + takes + potentials[from] - potentials[to] is var through && through < times[to])
                    {
                        (times[to], reachedBy[to]) = (through, (from, arc));
                        queue.Enqueue(through, to);
                    }
                }
            }
            return null;
        }

        // Along arcs in use, each once; rings on the way, which take no time, are left out.
        List<int> Follow()
        {
            var (path, at) = (new List<(int From, int Arc)>(), source);
            while (at != target)
            {
                var arc = first[at];
                while (!used[arc]) arc++;
                used[arc] = false;
                path.Add((at, arc));
                at = heads[arc];
                if (path.FindIndex(step => step.From == at) is >= 0 and var ring) path.RemoveRange(ring, path.Count - ring);
            }
            return [.. path.Select(step => step.Arc)];
        }
    }

    /// <summary>Each junction as two, 2v where ways come and 2v + 1 where they go, with one arc between them but at the ends.</summary>
    private static (Network Network, List<int> ArcOf) Split(Network network, int source, int target)
    {
        var (tails, heads, times, arcOf) = (new List<int>(), new List<int>(), new List<int>(), new List<int>());
        void Add(int tail, int head, int timeMs, int arc)
        {
            tails.Add(tail);
            heads.Add(head);
            times.Add(timeMs);
            arcOf.Add(arc);
        }
        for (var v = 0; v < network.JunctionCount; v++)
        {
            if (v != source && v != target) Add(2 * v, 2 * v + 1, 0, -1);
            for (var arc = network.FirstArcs[v]; arc < network.FirstArcs[v + 1]; arc++) Add(2 * v + 1, 2 * network.ArcHeads[arc], network.ArcTimesMs[arc], arc);
        }
        return (Network.Build(2 * network.JunctionCount, tails, heads, times), arcOf);
    }
}
