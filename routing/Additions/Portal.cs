namespace Jietong.Routing;

/// <summary>Where an added link joins a network, which stays as it is: a junction, or a position on a street.</summary>
public sealed class Portal
{
    private Portal((int Junction, int Ms)[] reached, (int Junction, int Ms)[] left, (int Arc, int FromTailMs)[] positions) => (Reached, Left, Positions) = (reached, left, positions);

    // From which junctions, and to which, how many milliseconds; and where on arcs, for a portal further on along the same.
    internal IReadOnlyList<(int Junction, int Ms)> Reached { get; }
    internal IReadOnlyList<(int Junction, int Ms)> Left { get; }
    internal IReadOnlyList<(int Arc, int FromTailMs)> Positions { get; }

    public static Portal At(int junction) => new([(junction, 0)], [(junction, 0)], []);

    /// <summary>A place on a street: on one arc, or on it and on the one back.</summary>
    /// <param name="network">With the travel times that the offsets refer to.</param>
    /// <param name="positions">One or two arcs by the network's own numbering, and the milliseconds from the tail, 0 … the arc's time.</param>
    /// <exception cref="ArgumentException">A position lies on no open arc or beyond its head, or two are not on an arc and the one back.</exception>
    public static Portal On(Network network, params IReadOnlyList<(int Arc, int FromTailMs)> positions)
    {
        foreach (var (arc, fromTailMs) in positions)
            if ((uint)arc >= network.ArcCount || network.ArcTimesMs[arc] == Network.Unreachable || fromTailMs < 0 || fromTailMs > network.ArcTimesMs[arc])
                throw new ArgumentException($"A portal {fromTailMs} ms along arc {arc}: open arcs of 0 … {network.ArcCount - 1} have places, from 0 to what the arc takes.");
        // On two roads at once it would join them, with or without the link.
        var ends = positions.Select(p => (Tail: TailOf(p.Arc), Head: network.ArcHeads[p.Arc])).ToList();
        if (ends.Count is not (1 or 2) || ends.Count == 2 && (ends[0] != (ends[1].Head, ends[1].Tail) || ends[0].Tail == ends[0].Head))
            throw new ArgumentException($"A portal on {ends.Count} arcs, {string.Join(", ", ends.Select(e => $"{e.Tail} to {e.Head}"))}: one arc is needed, or one and the one back.");
        return new([.. positions.Zip(ends, (p, e) => (e.Tail, p.FromTailMs))], [.. positions.Zip(ends, (p, e) => (e.Head, network.ArcTimesMs[p.Arc] - p.FromTailMs))], [.. positions]);

        int TailOf(int arc)
        {
            var (low, high) = (0, network.JunctionCount);   // FirstArcs[low] <= arc < FirstArcs[high]
            while (high - low > 1)
                if ((low + high) / 2 is var middle && network.FirstArcs[middle] <= arc) low = middle;
                else high = middle;
            return low;
        }
    }

    /// <summary>The same place without the positions on some arcs: where these are closed.</summary>
    internal Portal Off(IReadOnlySet<int> arcs)
    {
        var kept = Enumerable.Range(0, Positions.Count).Where(i => !arcs.Contains(Positions[i].Arc)).ToList();
        return kept.Count == Positions.Count ? this : new([.. kept.Select(i => Reached[i])], [.. kept.Select(i => Left[i])], [.. kept.Select(i => Positions[i])]);
    }

    /// <summary>Milliseconds along an arc that both lie on; <see cref="Ms.Never"/> where there is none.</summary>
    internal uint AlongTo(Portal other) =>
        Positions.SelectMany(p => other.Positions.Where(o => o.Arc == p.Arc && o.FromTailMs >= p.FromTailMs).Select(o => (uint)(o.FromTailMs - p.FromTailMs))).DefaultIfEmpty(Ms.Never).Min();
}

/// <summary>One way along a link that is not in the network.</summary>
/// <param name="Link">Which link, 0 … k-1; a link may have several, one for each way and each pair of its portals.</param>
/// <param name="From">The portal where it begins, by its position in the list of portals.</param>
/// <param name="To">The portal where it ends.</param>
/// <param name="TimeMs">0 … 2^29 − 1.</param>
public readonly record struct AddedArc(int Link, int From, int To, int TimeMs);
