using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Jietong.Routing;

/// <summary>
/// How long each arc of a hierarchy takes: as the network says, or by way of junctions of lower rank where that is faster (basic
/// customisation, Dibbelt, Strasser and Wagner 2016). Another day, mode, speed or closure is another metric; the hierarchy stays.
/// </summary>
/// <remarks>Not safe for use by several threads while <see cref="Set"/> runs. Memory: 8 bytes for each hierarchy arc.</remarks>
public sealed partial class HierarchyMetric
{
    private readonly uint[] times;   // of hierarchy arc a: upward at 2a, downward at 2a + 1
    private readonly int[] networkTimesMs;

    /// <param name="hierarchy">Of the network's topology.</param>
    /// <param name="network">The hierarchy's own network, or the same with other times (<see cref="Network.WithTravelTimes"/>).</param>
    /// <exception cref="ArgumentException"><paramref name="network"/> has other arcs than the hierarchy.</exception>
    /// <exception cref="OverflowException">A shortest path over junctions of lower rank takes 2^29 ms or more.</exception>
    public HierarchyMetric(Hierarchy hierarchy, Network network)
    {
        if (!ReferenceEquals(network.Heads, hierarchy.Network.Heads))
            throw new ArgumentException("The network is not the one that the hierarchy was made for: give that, or the same with other travel times (WithTravelTimes).");
        (Hierarchy, networkTimesMs, times) = (hierarchy, [.. network.ArcTimesMs], new uint[2 * hierarchy.ArcCount]);
        Customise();
    }

    private HierarchyMetric(HierarchyMetric other) => (Hierarchy, networkTimesMs, times) = (other.Hierarchy, [.. other.networkTimesMs], [.. other.times]);

    public Hierarchy Hierarchy { get; }

    /// <summary>The travel times of the network's arcs, in its own numbering.</summary>
    public IReadOnlyList<int> TravelTimesMs => networkTimesMs;

    /// <summary>Searches on this metric as it is; they follow every <see cref="Set"/>.</summary>
    public Searches Searches() => new(Hierarchy, new(Hierarchy.FirstUp, Hierarchy.UpHeads, times, 2, 0), new(Hierarchy.FirstUp, Hierarchy.UpHeads, times, 2, 1), times, networkTimesMs, true);

    /// <summary>A metric of its own with the same times.</summary>
    public HierarchyMetric Copy() => new(this);

    internal ReadOnlySpan<uint> Times => times;

    private void Customise()
    {
        Array.Fill(times, Ms.Never);
        for (var arc = 0; arc < networkTimesMs.Length; arc++)
            if (Hierarchy.HierarchyArcs[arc] is >= 0 and var at) times[at] = Math.Min(times[at], Ms.From(networkTimesMs[arc]));

        // Both directions of an arc are one pair. For each tail, the best pair to every head so far; each lower neighbour offers its own.
        var (firstUp, heads, firstDown, downArcs, downTails) = (Hierarchy.FirstUp, Hierarchy.UpHeads, Hierarchy.FirstDown, Hierarchy.DownArcs, Hierarchy.DownTails);
        var pairs = MemoryMarshal.Cast<uint, ulong>(times.AsSpan());
        var (best, seen) = (new ulong[firstUp.Length - 1], 0UL);
        for (var tail = 0; tail < firstUp.Length - 1; tail++)
        {
            var (from, to) = (firstUp[tail], firstUp[tail + 1]);
            for (var arc = from; arc < to; arc++) best[heads[arc]] = pairs[arc];
            for (var i = firstDown[tail]; i < firstDown[tail + 1]; i++)
            {
                var last = firstUp[downTails[i] + 1];
                // tail → lower → head takes its way down and the other's up; and the reverse
                var first = (pairs[downArcs[i]] << 32) | (pairs[downArcs[i]] >> 32);
                for (var arc = downArcs[i] + 1; arc < last; arc++)
                    best[heads[arc]] = Vector128.Min(Vector128.CreateScalarUnsafe(best[heads[arc]]).AsUInt32(),
                        Vector128.CreateScalarUnsafe(first).AsUInt32() + Vector128.CreateScalarUnsafe(pairs[arc]).AsUInt32()).AsUInt64().ToScalar();
            }
            for (var arc = from; arc < to; arc++) seen |= pairs[arc] = best[heads[arc]];
        }
        Ms.Check((uint)(seen | seen >> 32));
    }
}
