namespace Jietong.Routing;

/// <summary>One way of several.</summary>
/// <param name="Arcs">By the network's own numbering, in order.</param>
/// <param name="TimeMs">Less than 2^29.</param>
public sealed record Way(IReadOnlyList<int> Arcs, int TimeMs)
{
    internal static Way Of(Network network, IReadOnlyList<int> arcs)
    {
        var sum = 0u;
        foreach (var arc in arcs) Ms.Check(sum += (uint)network.ArcTimesMs[arc]);
        return new(arcs, (int)sum);
    }
}
