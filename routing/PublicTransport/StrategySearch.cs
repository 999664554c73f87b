using System.Runtime.CompilerServices;

namespace Jietong.Routing;

/// <summary>The open arcs of a network by their heads: those that lead to v are <c>First[v] … First[v+1]-1</c>.</summary>
internal sealed class IncomingArcs
{
    /// <param name="Tail">Where it begins; −1 − tail of one that is waited for.</param>
    /// <param name="TimeMs">Travel time.</param>
    internal readonly record struct Incoming(int Tail, int TimeMs);

    public IncomingArcs(Network network, long[] frequencies)
    {
        First = new int[network.JunctionCount + 1];
        var (heads, times) = (network.ArcHeads, network.ArcTimesMs);
        for (var arc = 0; arc < heads.Length; arc++)
            if (times[arc] < Network.Unreachable) First[heads[arc] + 1]++;
        for (var v = 0; v < network.JunctionCount; v++) First[v + 1] += First[v];
        (All, Arcs, Frequencies) = (new Incoming[First[^1]], new int[First[^1]], new long[First[^1]]);
        var next = (int[])First.Clone();
        for (var tail = 0; tail < network.JunctionCount; tail++)
            for (var arc = network.FirstArcs[tail]; arc < network.FirstArcs[tail + 1]; arc++)
            {
                if (times[arc] == Network.Unreachable) continue;
                var slot = next[heads[arc]]++;
                (All[slot], Arcs[slot], Frequencies[slot]) = (new(frequencies[arc] > 0 ? -1 - tail : tail, times[arc]), arc, frequencies[arc]);
            }
    }

    public int[] First { get; }
    public Incoming[] All { get; }
    public int[] Arcs { get; }          // the network's number of each
    public long[] Frequencies { get; }  // of each
}

/// <summary>The lines that are worth waiting for at a junction, the first to come is taken.</summary>
internal struct Lines
{
    /// <summary>How often one of them comes.</summary>
    public UInt128 Frequency;

    /// <summary>Σ frequency · time once aboard.</summary>
    public UInt128 Aboard;

    /// <summary>(1 + Σ frequency · time) ⁄ Σ frequency, rounded to whole milliseconds.</summary>
    /// <remarks>A quotient of doubles is off by less than 10^-6 here; only where that may decide how it is rounded do whole numbers divide, which takes much longer.</remarks>
    public readonly double MeanMs
    {
        get
        {
            var roughly = (double)(OptimalStrategies.EachMs + Aboard) / (double)Frequency + 0.5;
            var whole = Math.Floor(roughly);
            return roughly - whole is > 1e-4 and < 1 - 1e-4 && whole < Network.Unreachable ? whole
                : (double)((2 * (OptimalStrategies.EachMs + Aboard) + Frequency) / (2 * Frequency));
        }
    }
}

/// <summary>Which arcs a search took: for who asks not only how long.</summary>
internal sealed class TakenArcs
{
    public TakenArcs(int junctions)
    {
        Direct = new int[junctions];
        Array.Fill(Direct, -1);
    }

    /// <summary>By junction: the best arc without a wait, or -1.</summary>
    public int[] Direct { get; }

    /// <summary>Junctions, the nearest first; of equals, no head after its tail.</summary>
    public List<int> Order { get; } = [];

    public List<(int Tail, int Arc)> WaitedFor { get; } = [];
}

/// <summary>Expected times to one destination after another, in the same buffers. One instance for each thread.</summary>
internal sealed class StrategySearch
{
    private readonly IncomingArcs incoming;
    private readonly bool[]? wanted;
    private readonly int wantedCount;
    private readonly int[] now;   // junctions reached at the very time that is being looked at: they need no queue
    private readonly MinHeap queue = new();
    private int nowCount, left;

    /// <param name="incoming">Of the network.</param>
    /// <param name="wanted">From which junctions times are wanted, each at most once; null for all. The search ends when it has them.</param>
    public StrategySearch(IncomingArcs incoming, IReadOnlyCollection<int>? wanted)
    {
        var junctions = incoming.First.Length - 1;
        (this.incoming, now, TimesMs, Lines, wantedCount) = (incoming, new int[junctions], new int[junctions], new Lines[junctions], wanted?.Count ?? junctions);
        if (wanted is null) return;
        this.wanted = new bool[junctions];
        foreach (var junction in wanted) this.wanted[junction] = true;
    }

    /// <summary>By junction; <see cref="Network.Unreachable"/> where none leads. Of junctions that were not wanted, nothing.</summary>
    public int[] TimesMs { get; }
    public Lines[] Lines { get; }

    /// <param name="destinations">Where the way on foot to the destination begins.</param>
    /// <param name="walksMs">How long it takes from each.</param>
    /// <param name="taken">Gets what is taken.</param>
    public void Run(ReadOnlySpan<int> destinations, ReadOnlySpan<int> walksMs, TakenArcs? taken)
    {
        Array.Fill(TimesMs, Network.Unreachable);   // longer ones are dismissed, so that no sum overflows
        Array.Clear(Lines);
        queue.Clear();
        (nowCount, left) = (0, wantedCount);
        for (var i = 0; i < destinations.Length; i++)
        {
            if (walksMs[i] >= TimesMs[destinations[i]]) continue;
            TimesMs[destinations[i]] = walksMs[i];
            queue.Enqueue(walksMs[i], incoming.All.Length + destinations[i]);
        }
        // Entries are waited-for arcs (by position in incoming; keyed by the time once aboard) and junctions (after all arcs; keyed by their
        // own time). A junction is settled when nothing in the queue could still improve it; then come the arcs that lead to it.
        while (left > 0 && queue.TryDequeue(out var time, out var entry))
        {
            if (entry < incoming.All.Length) WaitFor(entry, time, taken);
            else if (TimesMs[entry - incoming.All.Length] == time) Settle(entry - incoming.All.Length, time, taken);
            while (nowCount > 0 && left > 0) Settle(now[--nowCount], time, taken);
        }
    }

    private void Settle(int junction, int time, TakenArcs? taken)
    {
        if (wanted is null || wanted[junction]) left--;
        taken?.Order.Add(junction);
        for (var (i, end) = (incoming.First[junction], incoming.First[junction + 1]); i < end; i++)
        {
            var (tail, travelTime) = incoming.All[i];
            var aboard = time + travelTime;
            if (tail >= 0)
            {
                if (aboard >= TimesMs[tail]) continue;
                if (taken is not null) taken.Direct[tail] = incoming.Arcs[i];
                Reach(tail, aboard, time);
            }
            else if (aboard >= TimesMs[-1 - tail]) continue;
            else if (travelTime == 0) WaitFor(i, time, taken);
            else queue.Enqueue(aboard, i);
        }
    }

    private void WaitFor(int i, int time, TakenArcs? taken)
    {
        var tail = -1 - incoming.All[i].Tail;
        if (time >= TimesMs[tail]) return;   // not worth waiting for
        ref var lines = ref Lines[tail];
        lines.Frequency += (UInt128)incoming.Frequencies[i];
        lines.Aboard += Math.BigMul((ulong)incoming.Frequencies[i], (ulong)time);
        taken?.WaitedFor.Add((tail, incoming.Arcs[i]));
        if (lines.MeanMs is var mean && mean < TimesMs[tail]) Reach(tail, (int)mean, time);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reach(int junction, int at, int time)
    {
        TimesMs[junction] = at;
        if (at > time) queue.Enqueue(at, incoming.All.Length + junction);
        else now[nowCount++] = junction;
    }
}
