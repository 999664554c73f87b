namespace Jietong.Routing;

/// <summary>
/// The shortest way from one junction to one other: both ends climb the elimination tree, and the best junction where they meet lies on
/// a shortest path (Dibbelt, Strasser and Wagner 2016, section 8.1). Scratch memory of 16 bytes a junction is kept: one instance for each thread.
/// </summary>
public sealed class PointToPoint
{
    private readonly Searches searches;
    private readonly int[] parents, cameFrom, leadsTo;   // by rank: the neighbour below, towards the source, towards the target
    private readonly uint[] fromSource, toTarget;        // never between questions
    private readonly Unpacking unpacking;

    public PointToPoint(Searches searches)
    {
        this.searches = searches;
        parents = searches.Hierarchy.Parents;
        (cameFrom, leadsTo, fromSource, toTarget) = (new int[parents.Length], new int[parents.Length], new uint[parents.Length], new uint[parents.Length]);
        Array.Fill(fromSource, Ms.Never);
        Array.Fill(toTarget, Ms.Never);
        unpacking = new(searches);
    }

    /// <summary>Milliseconds; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An end is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public int TravelTimeMs(int source, int target) => Ms.Of(Search(source, target).Time);

    /// <summary>The arcs of a shortest path by the network's numbering, in order, as <see cref="Dijkstra.Path"/> gives them.</summary>
    /// <returns>Empty where the ends are one junction; null where no path leads.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An end is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public IReadOnlyList<int>? Path(int source, int target)
    {
        var (time, top) = Search(source, target);
        if (Ms.Of(time) == Network.Unreachable) return null;
        var (path, climb) = (new List<int>(), new Stack<int>());
        for (var rank = top; rank != searches.Hierarchy.Ranks[source]; rank = cameFrom[rank])
            climb.Push(2 * searches.Hierarchy.ArcBetween(cameFrom[rank], rank));
        while (climb.TryPop(out var arc)) unpacking.AddTo(path, arc);
        for (var rank = top; rank != searches.Hierarchy.Ranks[target]; rank = leadsTo[rank])
            unpacking.AddTo(path, 2 * searches.Hierarchy.ArcBetween(leadsTo[rank], rank) + 1);
        return path;
    }

    private (uint Time, int Top) Search(int source, int target)
    {
        var (from, to, none) = (searches.RankOf(source), searches.RankOf(target), parents.Length);
        var (s, t, best, top, seen) = (from, to, Ms.Never, none, 0u);
        (fromSource[s], toTarget[t]) = (0, 0);
        while (s != t)   // below where the two climbs meet
            if (s < t)
            {
                seen |= Relax(searches.From, fromSource, cameFrom, s);
                s = parents[s];
            }
            else
            {
                seen |= Relax(searches.To, toTarget, leadsTo, t);
                t = parents[t];
            }
        for (; s < none; s = parents[s])
        {
            if (fromSource[s] + toTarget[s] is var time && time < best) (best, top) = (time, s);
            if (fromSource[s] < best) seen |= Relax(searches.From, fromSource, cameFrom, s);
            if (toTarget[s] < best) seen |= Relax(searches.To, toTarget, leadsTo, s);
        }
        for (s = from; s < none; s = parents[s]) fromSource[s] = Ms.Never;
        for (t = to; t < none; t = parents[t]) toTarget[t] = Ms.Never;
        Ms.Check(seen);
        return (best, top);
    }

    /// <returns>The time of the rank itself.</returns>
    private static uint Relax(UpArcs arcs, uint[] times, int[] reachedBy, int rank)
    {
        var (time, heads, along) = (times[rank], arcs.Heads, arcs.Times);
        if (time == Ms.Never) return 0;
        for (var i = arcs.First[rank]; i < arcs.First[rank + 1]; i++)
        {
            var through = time + along[arcs.Stride * i + arcs.Offset];
            if (through < times[heads[i]]) (times[heads[i]], reachedBy[heads[i]]) = (through, rank);
        }
        return time;
    }
}
