namespace Jietong.Routing;

/// <summary>
/// Which part of a network is dead ends and bridges, by <see cref="Connectivity"/>'s notion of roads: an arc and one back are one, loops are none, closed
/// arcs are not there. Each 0 … 1, and null where there are no roads, or none has a length.
/// </summary>
/// <param name="DeadEndJunctions">Junctions at which one road alone ends, of all at which one ends (Boeing 2017, "OSMnx", Computers, Environment and Urban Systems 65: the proportion of dead ends; junctions on no road are left out).</param>
/// <param name="DeadEndRoads">Roads with such an end, by count or length: only the last stretch, up to the next junction.</param>
/// <param name="Bridges">Roads without which a weak component would fall apart, by count or length: all of them, and so all dead-end roads too.</param>
public sealed record RoadFractions(double? DeadEndJunctions, double? DeadEndRoads, double? Bridges)
{
    /// <summary>O(n + m).</summary>
    /// <param name="network">Arcs of <see cref="Network.Unreachable"/> are closed.</param>
    /// <param name="lengths">Of each arc by the network's own numbering, 0 or more, in any unit; of a road, that of its arc from the junction of the lower number, where there is one. Null counts each road as 1.</param>
    /// <exception cref="ArgumentException">There is not one length for each arc, or one is negative or no number; the message names the arc.</exception>
    public static RoadFractions Of(Network network, IReadOnlyList<double>? lengths = null)
    {
        if (lengths is not null && lengths.Count != network.ArcCount) throw new ArgumentException($"{lengths.Count} lengths for {network.ArcCount} arcs: every arc needs one.");
        for (var arc = 0; arc < lengths?.Count; arc++)
            if (!(lengths[arc] >= 0 && double.IsFinite(lengths[arc]))) throw new ArgumentException($"arc {arc} is {lengths[arc]} long: 0 or more is allowed.");
        var roadsAt = RoadsAt.In(network);
        var (first, roads, bridges) = (roadsAt.First, roadsAt.Roads, new CutSearch(roadsAt).Bridges.ToHashSet());
        var (ends, deadEnds, all, dead, bridging) = (0, 0, 0.0, 0.0, 0.0);
        for (var v = 0; v < network.JunctionCount; v++)
        {
            if (first[v + 1] > first[v]) ends++;
            if (first[v + 1] - first[v] == 1) deadEnds++;
            for (var i = first[v]; i < first[v + 1]; i++)
            {
                var (other, arc) = roads[i];
                if (other < v) continue;   // each from its lower end
                var length = lengths?[arc] ?? 1;
                all += length;
                if (first[v + 1] - first[v] == 1 || first[other + 1] - first[other] == 1) dead += length;
                if (IsBridge(v, other, arc)) bridging += length;
            }
        }
        return new(ends > 0 ? (double)deadEnds / ends : null, all > 0 ? dead / all : null, all > 0 ? bridging / all : null);

        // A bridge may be named by the arc the other way. Being alone between its ends, it is the only one of that.
        bool IsBridge(int v, int other, int arc)
        {
            if (bridges.Contains(arc)) return true;
            for (var back = network.FirstArcs[other]; back < network.FirstArcs[other + 1]; back++)
                if (network.ArcHeads[back] == v && bridges.Contains(back)) return true;
            return false;
        }
    }
}
