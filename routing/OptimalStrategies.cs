namespace Jietong.Routing;

/// <summary>
/// Expected travel times by public transport on headways, where a traveller takes whichever attractive line comes first:
/// optimal strategies (Spiess and Florian 1989, "Optimal strategies: a new assignment model for transit networks",
/// Transportation Research B 23(2), 83–102). O(m log m) for each destination.
/// </summary>
/// <remarks>
/// Each arc takes a travel time and is waited for, on average, a time of its own (0: no wait). Waiting at a junction for several
/// lines at once takes 1 ⁄ Σ 1⁄wait, and each is taken with a probability proportional to 1⁄wait. With waits of 0 everywhere this
/// is the shortest path. Frequencies are whole numbers and times are rounded to whole milliseconds at every junction, so that nothing
/// depends on the order of a sum and a line more never makes anybody slower, not even by its last bit.
/// </remarks>
public sealed class OptimalStrategies
{
    // Arcs that lead to a junction stand together: incoming[firstIncoming[v]] … incoming[firstIncoming[v+1]-1].
    private readonly record struct Incoming(int Arc, int Tail, int TravelTimeMs, long Frequency);

    /// <summary>The frequency of an arc that is waited for 1 ms; of one that is not waited for, it is 0.</summary>
    internal const long EachMs = 1L << 62;

    private readonly Network network;
    private readonly long[] frequencies;
    private readonly Incoming[] incoming;
    private readonly int[] firstIncoming;

    /// <param name="network">Junctions, and arcs with their travel times; an arc of <see cref="Network.Unreachable"/> is closed.</param>
    /// <param name="waitsMs">For each arc in the order in which the network was built: the mean wait for it alone, 0 … <see cref="Network.Unreachable"/> − 1.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a wait is out of range; the message names the arc.</exception>
    public OptimalStrategies(Network network, IReadOnlyList<int> waitsMs)
    {
        if (waitsMs.Count != network.ArcCount) throw new ArgumentException($"{waitsMs.Count} waits for {network.ArcCount} arcs: every arc needs one.");
        this.network = network;
        frequencies = new long[network.ArcCount];
        firstIncoming = new int[network.JunctionCount + 1];
        var open = new List<(int Head, Incoming Arc)>();
        for (var tail = 0; tail < network.JunctionCount; tail++)
            for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
            {
                var wait = waitsMs[network.InputArcs[arc]];
                if (wait is < 0 or >= Network.Unreachable) throw new ArgumentException($"arc {network.InputArcs[arc]} is waited for {wait} ms: 0 … {Network.Unreachable - 1} are allowed.");
                frequencies[arc] = wait == 0 ? 0 : EachMs / wait;
                if (network.TravelTimesMs[arc] == Network.Unreachable) continue;
                open.Add((network.Heads[arc], new(arc, tail, network.TravelTimesMs[arc], frequencies[arc])));
                firstIncoming[network.Heads[arc] + 1]++;
            }
        for (var v = 0; v < network.JunctionCount; v++) firstIncoming[v + 1] += firstIncoming[v];
        incoming = new Incoming[open.Count];
        var next = (int[])firstIncoming.Clone();
        foreach (var (head, arc) in open) incoming[next[head]++] = arc;
    }

    /// <summary>The strategy that gets to <paramref name="destination"/> soonest on average, from everywhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is no junction of the network.</exception>
    public Strategy To(int destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(destination);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(destination, network.JunctionCount);
        var times = new int[network.JunctionCount];           // the best so far, of the two that follow
        var waitedTimes = new double[network.JunctionCount];  // by arcs that are waited for, the first to come
        var frequencyAt = new UInt128[network.JunctionCount]; // how often one of those comes
        var aboardSums = new UInt128[network.JunctionCount];  // Σ frequency · time once aboard, over those
        var direct = new int[network.JunctionCount];          // the best arc without a wait, or -1
        var settled = new bool[network.JunctionCount];
        var (order, waitedFor) = (new List<int>(network.JunctionCount), new List<(int Tail, int Arc)>());
        Array.Fill(times, Network.Unreachable);   // longer ones are dismissed, so that no sum overflows
        Array.Fill(waitedTimes, double.PositiveInfinity);
        Array.Fill(direct, -1);
        times[destination] = 0;

        // Entries are waited-for arcs (by position in incoming; keyed by the time once aboard) and junctions (incoming.Length + v; keyed
        // by their own time). A junction is settled when nothing in the queue could still improve it; then come the arcs that lead to it.
        var queue = new MinHeap();
        queue.Enqueue(0, incoming.Length + destination);
        while (queue.TryDequeue(out var time, out var entry))
        {
            if (entry < incoming.Length)
            {
                var (arc, tail, _, frequency) = incoming[entry];
                if (settled[tail] || time >= times[tail]) continue;   // not worth waiting for
                frequencyAt[tail] += (UInt128)frequency;
                aboardSums[tail] += (UInt128)frequency * (uint)time;
                waitedTimes[tail] = (double)((2 * (EachMs + aboardSums[tail]) + frequencyAt[tail]) / (2 * frequencyAt[tail]));   // rounded
                waitedFor.Add((tail, arc));
                if (waitedTimes[tail] >= times[tail]) continue;
                times[tail] = (int)waitedTimes[tail];
                queue.Enqueue(times[tail], incoming.Length + tail);
                continue;
            }
            var junction = entry - incoming.Length;
            if (settled[junction]) continue;
            settled[junction] = true;
            order.Add(junction);
            for (var i = firstIncoming[junction]; i < firstIncoming[junction + 1]; i++)
            {
                var (arc, tail, travelTime, frequency) = incoming[i];
                var aboard = time + travelTime;
                if (settled[tail] || aboard >= times[tail]) continue;
                if (frequency > 0)
                {
                    queue.Enqueue(aboard, i);
                    continue;
                }
                (times[tail], direct[tail]) = (aboard, arc);
                queue.Enqueue(aboard, incoming.Length + tail);
            }
        }
        return new(network, frequencies, [.. times.Select(t => t == Network.Unreachable ? double.PositiveInfinity : t)], waitedTimes, frequencyAt, direct, order, waitedFor);
    }
}
