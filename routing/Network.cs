using System.Runtime.CompilerServices;

namespace Jietong.Routing;

/// <summary>
/// Junctions 0…n-1 and arcs 0…m-1 with travel times, immutable, in compressed sparse rows: the arcs that leave junction v are
/// <c>FirstArc[v] … FirstArc[v+1]-1</c>. Parallel arcs, loops, zero travel times and islands are legal.
/// </summary>
public sealed class Network
{
    /// <summary>"No path": half of the integer range, so that two of them still add without overflow. Every sum of travel times stays below.</summary>
    public const int Unreachable = 1 << 29;

    private Network(int[] firstArc, int[] heads, int[] travelTimesMs, int[] inputArcs) =>
        (FirstArc, Heads, TravelTimesMs, InputArcs) = (firstArc, heads, travelTimesMs, inputArcs);

    public int JunctionCount => FirstArc.Count - 1;
    public int ArcCount => Heads.Count;

    /// <summary>n+1 positions into <see cref="Heads"/> and <see cref="TravelTimesMs"/>.</summary>
    public IReadOnlyList<int> FirstArc { get; }

    /// <summary>The junction at which each arc ends.</summary>
    public IReadOnlyList<int> Heads { get; }

    /// <summary>Milliseconds along each arc, 0 … <see cref="Unreachable"/>; the latter closes the arc.</summary>
    public IReadOnlyList<int> TravelTimesMs { get; }

    /// <summary>For each arc, its position in the lists that the network was built from.</summary>
    public IReadOnlyList<int> InputArcs { get; }

    /// <summary>Builds a network from lists of equal length. Arcs keep their order within each tail.</summary>
    /// <param name="junctionCount">n, 0 or more.</param>
    /// <param name="tails">Where each arc begins, 0 … n-1.</param>
    /// <param name="heads">Where each arc ends, 0 … n-1.</param>
    /// <param name="travelTimesMs">0 … <see cref="Unreachable"/> for each arc.</param>
    /// <exception cref="ArgumentException">Lists differ in length, or an arc names a junction or a time out of range; the message names the arc.</exception>
    public static Network Build(int junctionCount, IReadOnlyList<int> tails, IReadOnlyList<int> heads, IReadOnlyList<int> travelTimesMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(junctionCount);
        if (tails.Count != heads.Count || tails.Count != travelTimesMs.Count)
            throw new ArgumentException($"{tails.Count} tails, {heads.Count} heads and {travelTimesMs.Count} travel times: every arc needs one of each.");
        var firstArc = new int[junctionCount + 1];
        for (var arc = 0; arc < tails.Count; arc++)
        {
            if ((uint)tails[arc] >= junctionCount || (uint)heads[arc] >= junctionCount)
                throw new ArgumentException($"arc {arc} goes from {tails[arc]} to {heads[arc]}, but junctions are 0 … {junctionCount - 1}.");
            Checked(travelTimesMs[arc], arc);
            firstArc[tails[arc] + 1]++;
        }
        for (var v = 0; v < junctionCount; v++) firstArc[v + 1] += firstArc[v];

        var next = (int[])firstArc.Clone();
        var (sortedHeads, sortedTimes, inputArcs) = (new int[tails.Count], new int[tails.Count], new int[tails.Count]);
        for (var arc = 0; arc < tails.Count; arc++)
        {
            var slot = next[tails[arc]]++;
            (sortedHeads[slot], sortedTimes[slot], inputArcs[slot]) = (heads[arc], travelTimesMs[arc], arc);
        }
        return new(firstArc, sortedHeads, sortedTimes, inputArcs);
    }

    /// <summary>The same junctions and arcs with other travel times: one topology, many metrics.</summary>
    /// <param name="travelTimesMs">0 … <see cref="Unreachable"/> for each arc, in the order in which the network was built.</param>
    /// <exception cref="ArgumentException">There is not one time for each arc, or one is out of range; the message names the arc.</exception>
    public Network WithTravelTimes(IReadOnlyList<int> travelTimesMs)
    {
        if (travelTimesMs.Count != ArcCount) throw new ArgumentException($"{travelTimesMs.Count} travel times for {ArcCount} arcs: every arc needs one.");
        var sortedTimes = new int[ArcCount];
        for (var slot = 0; slot < ArcCount; slot++) sortedTimes[slot] = Checked(travelTimesMs[InputArcs[slot]], InputArcs[slot]);
        return new((int[])FirstArc, (int[])Heads, sortedTimes, (int[])InputArcs);
    }

    /// <summary>The same lists as arrays, for loops that run over all arcs; nobody writes to them.</summary>
    internal int[] FirstArcs => (int[])FirstArc;

    internal int[] ArcHeads => (int[])Heads;

    internal int[] ArcTimesMs => (int[])TravelTimesMs;

    internal int TailOf(int arc)
    {
        var (low, high) = (0, JunctionCount);   // FirstArcs[low] <= arc < FirstArcs[high]
        while (high - low > 1)
            if ((low + high) / 2 is var middle && FirstArcs[middle] <= arc) low = middle;
            else high = middle;
        return low;
    }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="junction"/> is none of the network; the caller's name of it is told.</exception>
    internal void MustHave(int junction, [CallerArgumentExpression(nameof(junction))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(junction, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(junction, JunctionCount, name);
    }

    private static int Checked(int travelTimeMs, int arc) => travelTimeMs is >= 0 and <= Unreachable ? travelTimeMs
        : throw new ArgumentException($"arc {arc} takes {travelTimeMs} ms: 0 … {Unreachable} are allowed.");
}
