namespace Jietong.Routing;

/// <summary>
/// How much longer ways are than straight lines: the detour index of a pair is its network distance ⁄ its straight line (Barthélemy 2011, "Spatial
/// networks", Physics Reports 499, Q = d_R ⁄ d_E; the inverse bears the same name in Kansky 1963). 1 is straight; less only if lengths are rounded or do not fit the positions.
/// </summary>
public sealed class Detours
{
    private readonly IReadOnlyList<IReadOnlyList<int>> network;
    private readonly IReadOnlyList<IReadOnlyList<double>> straight;

    /// <param name="network">Distances by [from][to], as a matrix gives them over arcs whose "travel times" are lengths; <see cref="Network.Unreachable"/> where no path leads.</param>
    /// <param name="straight">Straight lines likewise, 0 or more, in the same unit; 0 is the same point.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a straight line is negative or no number.</exception>
    public Detours(IReadOnlyList<IReadOnlyList<int>> network, IReadOnlyList<IReadOnlyList<double>> straight)
    {
        if (network.Count != straight.Count) throw new ArgumentException($"{network.Count} rows of network distances and {straight.Count} of straight lines: as many are needed.");
        (this.network, this.straight) = (network, straight);
        for (var from = 0; from < network.Count; from++)
        {
            if (network[from].Count != straight[from].Count) throw new ArgumentException($"Row {from} has {network[from].Count} network distances and {straight[from].Count} straight lines: as many are needed.");
            for (var to = 0; to < straight[from].Count; to++)
            {
                if (!(straight[from][to] >= 0 && double.IsFinite(straight[from][to]))) throw new ArgumentException($"From {from} to {to} the straight line is {straight[from][to]}: 0 or more is allowed.");
                if (Index(from, to) is not { } index) continue;
                (Pairs, Sum, NetworkSum, StraightSum) = (Pairs + 1, Sum + index, NetworkSum + network[from][to], StraightSum + straight[from][to]);
            }
        }
    }

    /// <summary>How many have an index.</summary>
    public int Pairs { get; }

    /// <summary>Of one pair; null where no path leads, or both are at one point.</summary>
    public double? Index(int from, int to) => network[from][to] == Network.Unreachable || straight[from][to] == 0 ? null : network[from][to] / straight[from][to];

    /// <summary>Over all pairs that have one; null where none has. Short pairs weigh as much as long ones.</summary>
    public double? Mean => Pairs > 0 ? Sum / Pairs : null;

    /// <summary>All their network distances ⁄ all their straight lines: long pairs weigh more (Giacomin and Levinson 2015, "Road network circuity in metropolitan areas"). Null where no pair has an index.</summary>
    public double? OfSums => Pairs > 0 ? NetworkSum / StraightSum : null;

    private double Sum { get; }
    private double NetworkSum { get; }
    private double StraightSum { get; }
}
