namespace Jietong.Routing;

/// <summary>
/// Expected travel times by public transport on headways, where a traveller takes whichever attractive line comes first:
/// optimal strategies (Spiess and Florian 1989, "Optimal strategies: a new assignment model for transit networks",
/// Transportation Research B 23(2), 83–102). O(m log m) for each destination.
/// </summary>
/// <remarks>
/// Each arc takes a travel time and is waited for, on average, a time of its own (0: no wait). Waiting at a junction for several
/// lines at once takes 1 ⁄ Σ 1⁄wait, and each is taken with a probability proportional to 1⁄wait. With waits of 0 everywhere this
/// is the shortest path. Frequencies are whole numbers and times are rounded to whole milliseconds at every junction, so that nothing
/// depends on the order of a sum and a line more never makes anybody slower, not even by its last bit.
/// </remarks>
public sealed partial class OptimalStrategies
{
    /// <summary>The frequency of an arc that is waited for 1 ms; of one that is not waited for, it is 0.</summary>
    internal const long EachMs = 1L << 62;

    private readonly Network network;
    private readonly long[] frequencies;   // by arc
    private readonly IncomingArcs incoming;

    /// <param name="network">Junctions, and arcs with their travel times; an arc of <see cref="Network.Unreachable"/> is closed.</param>
    /// <param name="waitsMs">For each arc in the order in which the network was built: the mean wait for it alone, 0 … <see cref="Network.Unreachable"/> − 1.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or a wait is out of range; the message names the arc.</exception>
    public OptimalStrategies(Network network, IReadOnlyList<int> waitsMs)
    {
        if (waitsMs.Count != network.ArcCount) throw new ArgumentException($"{waitsMs.Count} waits for {network.ArcCount} arcs: every arc needs one.");
        (this.network, frequencies) = (network, new long[network.ArcCount]);
        for (var arc = 0; arc < frequencies.Length; arc++)
        {
            var wait = waitsMs[network.InputArcs[arc]];
            if (wait is < 0 or >= Network.Unreachable) throw new ArgumentException($"arc {network.InputArcs[arc]} is waited for {wait} ms: 0 … {Network.Unreachable - 1} are allowed.");
            frequencies[arc] = wait == 0 ? 0 : EachMs / wait;
        }
        incoming = new(network, frequencies);
    }

    /// <summary>The strategy that gets to <paramref name="destination"/> soonest on average, from everywhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is no junction of the network.</exception>
    public Strategy To(int destination)
    {
        network.MustHave(destination);
        var (search, taken) = (new StrategySearch(incoming, null), new TakenArcs(network.JunctionCount));
        search.Run([destination], [0], taken);
        return new(network, frequencies, search, taken);
    }
}
