namespace Jietong.Routing;

/// <summary>Arcs without which no path leads from some junctions to others.</summary>
/// <param name="Arcs">By the network's own numbering, ascending. One lies on each road that is cut: what leads the other way does not matter.</param>
/// <param name="BeforeCut">For each junction, whether it lies on the sources' side; all others lie on that of the targets.</param>
public sealed record ArcCut(IReadOnlyList<int> Arcs, IReadOnlyList<bool> BeforeCut);

/// <summary>
/// The weakest place between two places: the least that must be closed so that no path leads from the one to the other, which is also the most that
/// can flow there (Ford and Fulkerson 1956, "Maximal flow through a network"), found by Dinic's flow. With capacities of 1, how many roads, and how many ways that share none.
/// </summary>
/// <param name="Capacity">Of all arcs of the cut together; 0 where no path leads as it is.</param>
/// <param name="NearSource">Of all cuts of this capacity, the one with the fewest junctions on the sources' side.</param>
/// <param name="NearTarget">The one with the most. Where both are the same, it is the only one.</param>
public sealed record MinimumCut(long Capacity, ArcCut NearSource, ArcCut NearTarget)
{
    /// <summary>O(n² m) at worst; with capacities of 1, as many passes over the network as ways have different lengths.</summary>
    /// <param name="network">Arcs of <see cref="Network.Unreachable"/> are closed and carry nothing; what the others take does not matter.</param>
    /// <param name="sources">One junction or several, which are one place; one may stand there several times.</param>
    /// <param name="targets">Likewise.</param>
    /// <param name="capacities">Of each arc by the network's own numbering, 0 … 2^31 − 1: lanes, or people an hour. Null for 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ArgumentException">A place has no junction, or one of the other's; there is not one capacity for each arc, or one is negative.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is no junction of the network.</exception>
    public static MinimumCut Between(Network network, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IReadOnlyList<int>? capacities = null, CancellationToken cancellation = default)
    {
        foreach (var junction in sources.Concat(targets)) network.MustHave(junction);
        if (sources.Count == 0 || targets.Count == 0) throw new ArgumentException($"{sources.Count} sources and {targets.Count} targets: one of each is needed at least.");
        foreach (var junction in sources.Intersect(targets)) throw new ArgumentException($"Junction {junction} is a source and a target: nothing parts a place from itself.");
        if (capacities is not null && capacities.Count != network.ArcCount) throw new ArgumentException($"{capacities.Count} capacities for {network.ArcCount} arcs: every arc needs one.");
        for (var arc = 0; arc < capacities?.Count; arc++)
            if (capacities[arc] < 0) throw new ArgumentException($"arc {arc} carries {capacities[arc]}: 0 or more is allowed.");
        var flow = new MaximumFlow(network, capacities, sources, targets, cancellation);
        return new(flow.Value, Cut(network, flow, flow.FromSources()), Cut(network, flow, [.. flow.ToTargets().Select(reaches => !reaches)]));
    }

    // Every arc from the one side to the other is full.
    private static ArcCut Cut(Network network, MaximumFlow flow, bool[] before)
    {
        var arcs = new List<int>();
        for (var tail = 0; tail < before.Length; tail++)
            for (var arc = network.FirstArcs[tail]; before[tail] && arc < network.FirstArcs[tail + 1]; arc++)
                if (!before[network.ArcHeads[arc]] && flow.Used[arc] > 0) arcs.Add(arc);
        return new(arcs, before);
    }
}
