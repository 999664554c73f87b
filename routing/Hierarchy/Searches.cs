namespace Jietong.Routing;

/// <summary>
/// What searches run on: the arcs that lead up from where a way begins, and those up from where it ends, against the direction of
/// travel. From a <see cref="HierarchyMetric"/> itself (and then it follows every change of it), or from <see cref="PerfectMetric.Of"/>, whose searches are faster.
/// </summary>
public sealed class Searches
{
    internal Searches(Hierarchy hierarchy, UpArcs from, UpArcs to, uint[] times, int[] networkTimesMs, bool mayChange) =>
        (Hierarchy, From, To, Times, NetworkTimesMs, MayChange) = (hierarchy, from, to, times, networkTimesMs, mayChange);

    public Hierarchy Hierarchy { get; }
    internal UpArcs From { get; }
    internal UpArcs To { get; }

    // What a path is unpacked by: of hierarchy arc a upward at 2a, downward at 2a + 1; and of the network's arcs.
    internal uint[] Times { get; }
    internal int[] NetworkTimesMs { get; }
    internal bool MayChange { get; }

    internal int RankOf(int junction) => (uint)junction < (uint)Hierarchy.Ranks.Length ? Hierarchy.Ranks[junction]
        : throw new ArgumentOutOfRangeException(nameof(junction), junction, $"Junctions are 0 … {Hierarchy.Ranks.Length - 1}.");
}
