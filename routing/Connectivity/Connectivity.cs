namespace Jietong.Routing;

/// <summary>
/// How a network holds together, closed arcs left out: what can be reached at all, and what a single junction or road would cut. One pass each
/// over all arcs, without recursion, O(n + m): Tarjan 1972, "Depth-first search and linear graph algorithms", and Tarjan 1974, "A note on finding
/// the bridges of a graph". An arc and one back are one road; two arcs that lead the same way are two.
/// </summary>
public sealed class Connectivity
{
    /// <param name="network">Of which.</param>
    /// <param name="cuts">Of it.</param>
    /// <param name="strong">Of it; null where every road leads both ways, so that they are the weak ones.</param>
    private Connectivity(Network network, CutSearch cuts, StrongComponents? strong)
    {
        (StrongComponentOf, StrongComponentCount) = (strong?.Of ?? cuts.Components, strong?.Count ?? cuts.ComponentCount);
        (WeakComponentOf, WeakComponentCount) = (cuts.Components, cuts.ComponentCount);
        (Junctions, Roads, Bridges, ArticulationPoints, DeadEnds) = (network.JunctionCount, cuts.Roads, cuts.Bridges, cuts.ArticulationPoints, cuts.DeadEnds);
    }

    /// <summary>For each junction, the number of its strong component: between its members a path leads each way. 0 … <see cref="StrongComponentCount"/> − 1; no arc leads to a higher one.</summary>
    public IReadOnlyList<int> StrongComponentOf { get; }
    public int StrongComponentCount { get; }

    /// <summary>For each junction, the number of its weak component: its members hang together if one may go against the arcs. By their least junctions.</summary>
    public IReadOnlyList<int> WeakComponentOf { get; }
    public int WeakComponentCount { get; }

    public int Junctions { get; }

    /// <summary>Between each two junctions as many as there are arcs the one way or the other, whichever are more; loops are none.</summary>
    public int Roads { get; }

    /// <summary>Roads without which a weak component would fall apart: the network's arc along each, the one back (if there is one) not named.</summary>
    public IReadOnlyList<int> Bridges { get; }

    /// <summary>Junctions without which a weak component would fall apart, ascending.</summary>
    public IReadOnlyList<int> ArticulationPoints { get; }

    /// <summary>Junctions at which one road alone ends, ascending: one can only turn round there.</summary>
    public IReadOnlyList<int> DeadEnds { get; }

    /// <summary>Independent rings, as a share of the most that a planar network could have (Kansky 1963, "Structure of transportation networks"): (e − v + p) ⁄ (2v − 5p), with v junctions, e roads, p weak components. Null where none could be.</summary>
    public double? Alpha => 2 * Junctions - 5 * WeakComponentCount is > 0 and var most ? (double)(Roads - Junctions + WeakComponentCount) / most : null;

    /// <summary>Roads for each junction, e ⁄ v. Null without junctions.</summary>
    public double? Beta => Junctions > 0 ? (double)Roads / Junctions : null;

    /// <summary>Roads, as a share of the most that a planar network could have: e ⁄ (3v − 6p). Null where none could be.</summary>
    public double? Gamma => 3 * Junctions - 6 * WeakComponentCount is > 0 and var most ? (double)Roads / most : null;

    /// <param name="network">Arcs of <see cref="Network.Unreachable"/> are closed and do not count.</param>
    public static Connectivity Of(Network network)
    {
        var roads = RoadsAt.In(network);
        var cuts = new CutSearch(roads);
        return new(network, cuts, roads.BothWays ? null : new(network));
    }
}
