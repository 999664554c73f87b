namespace Jietong.Routing;

/// <summary>Where an added link joins a network, which stays as it is: a junction, or a position on a street.</summary>
public sealed class Portal
{
    private Portal(IReadOnlyList<(int Junction, int Ms)> reached, IReadOnlyList<(int Junction, int Ms)> left, IReadOnlyList<(int Arc, int FromTailMs)> positions) => (Reached, Left, Positions) = (reached, left, positions);

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
        var ends = positions.Select(p => (Tail: network.TailOf(p.Arc), Head: network.ArcHeads[p.Arc])).ToList();
        if (ends.Count is not (1 or 2) || ends.Count == 2 && (ends[0] != (ends[1].Head, ends[1].Tail) || ends[0].Tail == ends[0].Head))
            throw new ArgumentException($"A portal on {ends.Count} arcs, {string.Join(", ", ends.Select(e => $"{e.Tail} to {e.Head}"))}: one arc is needed, or one and the one back.");
        return new([.. positions.Zip(ends, (p, e) => (e.Tail, p.FromTailMs))], [.. positions.Zip(ends, (p, e) => (e.Head, network.ArcTimesMs[p.Arc] - p.FromTailMs))], [.. positions]);
    }

    /// <summary>The same place without the positions on some arcs: where these are closed.</summary>
    internal Portal Off(IReadOnlySet<int> arcs)
    {
        var kept = Enumerable.Range(0, Positions.Count).Where(i => !arcs.Contains(Positions[i].Arc)).ToList();
        return kept.Count == Positions.Count ? this : new([.. kept.Select(i => Reached[i])], [.. kept.Select(i => Left[i])], [.. kept.Select(i => Positions[i])]);
    }

    /// <summary>A junction among turns: got to by any way, and left in any way, as one sets out there.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="junction"/> is none of the original.</exception>
    public static Portal At(TurnedNetwork turned, int junction) => new([(turned.Arrival(junction), 0)], [(junction, 0)], []);

    /// <summary>A place on a street among turns: those into its arc count for who comes along it, those out of the arc for who goes on; those that begin before the arc and end behind it do not count for who joins it here.</summary>
    /// <param name="turned">With the travel times that the offsets refer to.</param>
    /// <param name="positions">As in a network without turns, by the original's arcs.</param>
    /// <exception cref="ArgumentException">As there.</exception>
    public static Portal On(TurnedNetwork turned, params IReadOnlyList<(int Arc, int FromTailMs)> positions)
    {
        var (plain, network, timesMs) = (On(turned.Original, positions), turned.Network, turned.Original.ArcTimesMs);
        return new([.. positions.SelectMany(p => turned.Copies(p.Arc).ToArray().Where(copy => network.ArcTimesMs[copy] < Network.Unreachable).Select(copy => (network.TailOf(copy), network.ArcTimesMs[copy] - timesMs[p.Arc] + p.FromTailMs)))],
            [.. positions.Zip(plain.Left, (p, left) => (network.ArcHeads[turned.Copies(p.Arc)[0]], left.Ms))], plain.Positions);
    }

    /// <summary>Milliseconds from here to another place by a network's searches; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <param name="ask">Of the network, or of that of the turns (<see cref="TurnedNetwork.Network"/>), for which both places were made.</param>
    /// <param name="to">The other place; the same takes 0.</param>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public int TravelTimeMs(PointToPoint ask, Portal to)
    {
        var best = AlongTo(to);
        foreach (var (from, outMs) in Left)
            foreach (var (until, inMs) in to.Reached)
                if (Ms.From(ask.TravelTimeMs(from, until)) is < Ms.Never and var between) best = Math.Min(best, Math.Min(between + (uint)outMs + (uint)inMs, Ms.Never - 1));
        return Ms.Of(best);
    }

    // What only leads from the network to links, and what only leads from links to the network.
    internal Portal Entrance => new(Reached, [], Positions);
    internal Portal Exit => new([], Left, Positions);

    /// <summary>Milliseconds along an arc that both lie on; <see cref="Ms.Never"/> where there is none.</summary>
    internal uint AlongTo(Portal other) => Left.Count == 0 || other.Reached.Count == 0 ? Ms.Never :
        Positions.SelectMany(p => other.Positions.Where(o => o.Arc == p.Arc && o.FromTailMs >= p.FromTailMs).Select(o => (uint)(o.FromTailMs - p.FromTailMs))).DefaultIfEmpty(Ms.Never).Min();
}

/// <summary>One way along a link that is not in the network.</summary>
/// <param name="Link">Which link, 0 … k-1; a link may have several, one for each way and each pair of its portals.</param>
/// <param name="From">The portal where it begins, by its position in the list of portals.</param>
/// <param name="To">The portal where it ends.</param>
/// <param name="TimeMs">0 … 2^29 − 1.</param>
public readonly record struct AddedArc(int Link, int From, int To, int TimeMs);
