using System.Runtime.InteropServices;

namespace Jietong.Routing;

/// <summary>Dijkstra's search from one or several junctions, no farther than a limit; its buffers serve one search after another, and only what a search met is cleared. One instance for each thread.</summary>
internal sealed class BoundedSearch
{
    private readonly int[] firstArc, heads, travelTimesMs, times;
    private readonly List<int> met = [];
    private readonly MinHeap queue = new();

    public BoundedSearch(Network network)
    {
        (firstArc, heads, travelTimesMs, times) = (network.FirstArcs, network.ArcHeads, network.ArcTimesMs, new int[network.JunctionCount]);
        Array.Fill(times, Network.Unreachable);
    }

    /// <summary>What the last search found, by junction; <see cref="Network.Unreachable"/> beyond its limit.</summary>
    public ReadOnlySpan<int> TimesMs => times;

    /// <summary>The junctions that were reached, each once, in no order.</summary>
    public ReadOnlySpan<int> Reached => CollectionsMarshal.AsSpan(met);

    /// <param name="starts">Where the search sets out, and with how many milliseconds behind it; what starts beyond the limit is not met.</param>
    /// <param name="limitMs">Below <see cref="Network.Unreachable"/>.</param>
    public void Run(ReadOnlySpan<(int Junction, int Ms)> starts, int limitMs)
    {
        foreach (var junction in met) times[junction] = Network.Unreachable;
        met.Clear();
        foreach (var (junction, ms) in starts) Meet(junction, ms, limitMs);
        while (queue.TryDequeue(out var time, out var junction))
        {
            if (time > times[junction]) continue;   // reached sooner meanwhile
            for (var (arc, end) = (firstArc[junction], firstArc[junction + 1]); arc < end; arc++) Meet(heads[arc], time + travelTimesMs[arc], limitMs);
        }
    }

    private void Meet(int junction, int time, int limitMs)
    {
        if (time > limitMs || time >= times[junction]) return;
        if (times[junction] == Network.Unreachable) met.Add(junction);
        times[junction] = time;
        queue.Enqueue(time, junction);
    }
}
