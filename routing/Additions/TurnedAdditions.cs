namespace Jietong.Routing;

public sealed partial class Additions
{
    /// <summary>The same among turns, exactly: bans and penalties hold on every stretch between two links.</summary>
    /// <remarks>
    /// Where a way could get to a portal and leave it without a link, it would forget by which arcs it came, and so get round a ban. Therefore
    /// each portal counts as two, one that leads to links and one that leads away from them.
    /// </remarks>
    /// <param name="turned">The network and its turns.</param>
    /// <param name="searches">Of <see cref="TurnedNetwork.Network"/> without the links; perfect ones are faster.</param>
    /// <param name="portals">Made for <paramref name="turned"/> (<see cref="Portal.At(TurnedNetwork, int)"/>, <see cref="Portal.On(TurnedNetwork, IReadOnlyList{ValueTuple{int, int}})"/>).</param>
    /// <param name="arcs">The ways along the links. There are no turns between two of them.</param>
    /// <param name="sources">Junctions of the original; one sets out in any way.</param>
    /// <param name="targets">Junctions of the original; one arrives by any way.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    /// <exception cref="ArgumentException">The searches are on another network, or as without turns.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static Additions Among(TurnedNetwork turned, Searches searches, IReadOnlyList<Portal> portals, IReadOnlyList<AddedArc> arcs, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (!ReferenceEquals(searches.Hierarchy.Network.Heads, turned.Network.Heads)) throw new ArgumentException("The searches are on another network than that of the turns: make the hierarchy of TurnedNetwork.Network.");
        foreach (var source in sources) turned.Arrival(source);   // is one of the original
        return new(searches, [.. portals.SelectMany(p => new[] { p.Entrance, p.Exit })], [.. Checked(arcs, portals.Count).Select(a => a with { From = 2 * a.From, To = 2 * a.To + 1 })],
            sources, targets, [.. targets.Select(turned.Arrival)], progress, cancellation);
    }
}
