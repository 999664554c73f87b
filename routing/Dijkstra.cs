namespace Jietong.Routing;

/// <summary>
/// Shortest travel times from one junction to all: Dijkstra (1959) with a binary heap, lazily cleaned. O((n + m) log m). For a network that is asked once; whoever
/// asks again makes a <see cref="Hierarchy"/>, whose answers the tests hold against these.
/// </summary>
public static class Dijkstra
{
    /// <summary>Milliseconds from <paramref name="source"/> to every junction; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is no junction of the network.</exception>
    public static int[] TravelTimesFrom(Network network, int source) => Search(network, source, null);

    /// <summary>Milliseconds from one junction to one other, found by a search that ends there; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An end is no junction of the network.</exception>
    public static int TravelTimeMs(Network network, int source, int target)
    {
        network.MustHave(target);
        return Search(network, source, null, target)[target];
    }

    /// <summary>The arcs of a shortest path, in order.</summary>
    /// <returns>Empty where the ends are one junction; null where no path leads.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An end is no junction of the network.</exception>
    public static IReadOnlyList<int>? Path(Network network, int source, int target)
    {
        network.MustHave(target);
        var reachedBy = new (int Tail, int Arc)[network.JunctionCount];
        if (Search(network, source, reachedBy, target)[target] == Network.Unreachable) return null;
        var path = new List<int>();
        for (var at = target; at != source; at = reachedBy[at].Tail) path.Add(reachedBy[at].Arc);
        path.Reverse();
        return path;
    }

    private static int[] Search(Network network, int source, (int Tail, int Arc)[]? reachedBy, int target = -1)
    {
        network.MustHave(source);
        var times = new int[network.JunctionCount];
        Array.Fill(times, Network.Unreachable);
        times[source] = 0;
        var queue = new MinHeap();
        queue.Enqueue(0, source);
        while (queue.TryDequeue(out var time, out var junction))
        {
            if (time > times[junction]) continue;   // reached sooner meanwhile
            if (junction == target) break;
            for (var arc = network.FirstArc[junction]; arc < network.FirstArc[junction + 1]; arc++)
            {
                var head = network.Heads[arc];
                var through = time + network.TravelTimesMs[arc];
                if (through >= times[head]) continue;
                times[head] = through;
                if (reachedBy is not null) reachedBy[head] = (junction, arc);
                queue.Enqueue(through, head);
            }
        }
        return times;
    }
}
