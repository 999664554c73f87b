namespace Jietong.Routing;

/// <summary>Shortest travel times from one junction to all: Dijkstra (1959) with a binary heap, lazily cleaned. O((n + m) log m).</summary>
public static class Dijkstra
{
    /// <summary>Milliseconds from <paramref name="source"/> to every junction; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is no junction of the network.</exception>
    public static int[] TravelTimesFrom(Network network, int source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(source);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(source, network.JunctionCount);
        var times = new int[network.JunctionCount];
        Array.Fill(times, Network.Unreachable);
        times[source] = 0;
        var queue = new PriorityQueue<int, int>();
        queue.Enqueue(source, 0);
        while (queue.TryDequeue(out var junction, out var time))
        {
            if (time > times[junction]) continue;   // reached sooner meanwhile
            for (var arc = network.FirstArc[junction]; arc < network.FirstArc[junction + 1]; arc++)
            {
                var head = network.Heads[arc];
                var through = time + network.TravelTimesMs[arc];
                if (through >= times[head]) continue;
                times[head] = through;
                queue.Enqueue(head, through);
            }
        }
        return times;
    }
}
