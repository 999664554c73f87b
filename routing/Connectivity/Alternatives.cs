namespace Jietong.Routing;

/// <summary>
/// The shortest ways from one junction to another that pass no junction twice, the second, third, … shortest too (Yen 1971, "Finding the k shortest loopless paths in a network"; Lawler 1972
/// for not finding one twice). They often differ by a few streets only: <see cref="DisjointWays"/> tells whether there is really another way.
/// </summary>
/// <remarks>
/// No hierarchy: one tree of Dijkstra from the target tells how far each junction is at least (A*, Hart, Nilsson and Raphael 1968), and then each search for a way that leaves another one
/// settles hardly more than that way, and ends where it can only be longer than those that are known: 3 ways in New York take 1.3 trees of Dijkstra, 100 take 1.8. Memory: 16 bytes for each junction and 8 for each arc.
/// </remarks>
public sealed class Alternatives
{
    private readonly Network network;
    private readonly int target;
    private readonly int[] toTarget, times;
    private readonly (int Tail, int Arc)[] reachedBy;
    private readonly bool[] passed;
    private readonly List<int> touched = [];

    private Alternatives(Network network, int target)
    {
        var n = network.JunctionCount;
        (this.network, this.target, times, reachedBy, passed) = (network, target, new int[n], new (int, int)[n], new bool[n]);
        Array.Fill(times, (int)Ms.Never);
        toTarget = TimesTo();
    }

    /// <param name="network">Arcs of <see cref="Network.Unreachable"/> are closed. Of that of a <see cref="TurnedNetwork"/> a way may pass an original junction twice, coming by other arcs.</param>
    /// <param name="source">Where all begin.</param>
    /// <param name="target">Where all end.</param>
    /// <param name="most">How many, 1 or more.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The fastest first, fewer where there are no more; none where no path leads, and one without arcs where the ends are one junction. By parallel arcs they are several.</returns>
    /// <exception cref="ArgumentException"><paramref name="most"/> is less than 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An end is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static IReadOnlyList<Way> Between(Network network, int source, int target, int most, CancellationToken cancellation = default)
    {
        foreach (var junction in new[] { source, target }) network.MustHave(junction);
        if (most < 1) throw new ArgumentException($"{most} ways: 1 or more are allowed.");
        return new Alternatives(network, target).Between(source, most, cancellation);
    }

    private List<Way> Between(int source, int most, CancellationToken cancellation)
    {
        var (found, known, candidates) = (new List<int[]>(), new List<(int[] Arcs, int LeavesAt)>(), new SortedSet<(int TimeMs, int Known)>());
        if (Search(source, [], (int)Ms.Never) is { } shortest) Offer(shortest, 0);
        while (candidates.Count > 0 && found.Count < most)
        {
            var (way, leavesAt) = known[candidates.Min.Known];   // which left there the one that it was found from: before, that one has been left already
            candidates.Remove(candidates.Min);
            found.Add(way);
            var shared = found.Select(other => way.AsSpan().CommonPrefixLength(other)).ToList();
            var (at, soFar) = (source, 0);
            for (var i = 0; i < way.Length && found.Count < most; i++)
            {
                if (i >= leavesAt)
                {
                    cancellation.ThrowIfCancellationRequested();
                    // As many candidates are kept as are still asked for; where there are as many, others must be faster than the slowest.
                    var bound = candidates.Count == most - found.Count ? candidates.Max.TimeMs : (int)Ms.Never;
                    if (Search(at, [.. found.Where((_, other) => shared[other] >= i).Select(other => other[i])], bound - soFar) is { } rest)
                    {
                        if (bound < Ms.Never) candidates.Remove(candidates.Max);
                        Offer([.. way[..i], .. rest], i);
                    }
                }
                (passed[at], soFar, at) = (true, soFar + network.ArcTimesMs[way[i]], network.ArcHeads[way[i]]);
            }
            foreach (var arc in way) passed[network.ArcHeads[arc]] = false;
            passed[source] = false;
            while (candidates.Count > most - found.Count) candidates.Remove(candidates.Max);
        }
        return [.. found.Select(arcs => Way.Of(network, arcs))];

        void Offer(int[] arcs, int leavesAt)
        {
            candidates.Add((Way.Of(network, arcs).TimeMs, known.Count));
            known.Add((arcs, leavesAt));
        }
    }

    /// <summary>The shortest way to the target over junctions that are not passed, and that does not begin with a barred arc; null where none takes less than the bound.</summary>
    private int[]? Search(int from, List<int> barred, int bound)
    {
        var queue = new MinHeap();
        Reach(from, 0, from, -1);
        int[]? way = null;
        while (queue.TryDequeue(out var estimate, out var v) && estimate < bound)
        {
            if (estimate > times[v] + toTarget[v]) continue;
            Ms.Check((uint)estimate >= Ms.TooLong ? Ms.TooLong : 0);
            if (v == target)
            {
                way = Back();
                break;
            }
            for (var arc = network.FirstArcs[v]; arc < network.FirstArcs[v + 1]; arc++)
                if (network.ArcHeads[arc] is var head && network.ArcTimesMs[arc] < Network.Unreachable && !passed[head] && !(v == from && barred.Contains(arc)))
                    Reach(head, times[v] + network.ArcTimesMs[arc], v, arc);
        }
        foreach (var v in touched) times[v] = (int)Ms.Never;
        touched.Clear();
        return way;

        void Reach(int head, int time, int tail, int arc)
        {
            if (time >= times[head] || toTarget[head] == (int)Ms.Never) return;
            if (times[head] == (int)Ms.Never) touched.Add(head);
            (times[head], reachedBy[head]) = (time, (tail, arc));
            queue.Enqueue(time + toTarget[head], head);
        }

        int[] Back()
        {
            var arcs = new List<int>();
            for (var at = target; at != from; at = reachedBy[at].Tail) arcs.Add(reachedBy[at].Arc);
            arcs.Reverse();
            return [.. arcs];
        }
    }

    private int[] TimesTo()
    {
        var (incoming, result, queue) = (Incoming.In(network), new int[network.JunctionCount], new MinHeap());
        Array.Fill(result, (int)Ms.Never);
        result[target] = 0;
        queue.Enqueue(0, target);
        while (queue.TryDequeue(out var time, out var v))
        {
            if (time > result[v]) continue;
            Ms.Check((uint)time >= Ms.TooLong ? Ms.TooLong : 0);
            for (var i = incoming.First[v]; i < incoming.First[v + 1]; i++)
            {
                var (tail, arc) = incoming.Arcs[i];
                if (network.ArcTimesMs[arc] == Network.Unreachable || time + network.ArcTimesMs[arc] is var through && through >= result[tail]) continue;
                result[tail] = through;
                queue.Enqueue(through, tail);
            }
        }
        return result;
    }
}
