namespace Jietong.Routing;

/// <summary>
/// What of a network does not depend on travel times: the topology of a customizable contraction hierarchy (Dibbelt, Strasser and Wagner
/// 2016, "Customizable contraction hierarchies", ACM Journal of Experimental Algorithmics 21). Junctions are renamed by rank, their place in an
/// order; taking them out one after another joins all neighbours that are left, so that some shortest path always climbs and then falls.
/// Immutable; many <see cref="HierarchyMetric"/>s share one.
/// </summary>
public sealed class Hierarchy
{
    /// <param name="network">Whose arcs; its travel times do not matter.</param>
    /// <param name="order">All junctions, the least important first, as <see cref="NestedDissection.Order"/> finds them. Any order is right; a bad one is slow.</param>
    /// <exception cref="ArgumentException"><paramref name="order"/> does not hold each junction once; the message names the first that is wrong.</exception>
    public Hierarchy(Network network, IReadOnlyList<int> order)
    {
        var n = network.JunctionCount;
        if (order.Count != n) throw new ArgumentException($"An order of {order.Count} for {n} junctions: each must stand in it once.");
        (Network, Order, Ranks) = (network, [.. order], new int[n]);
        Array.Fill(Ranks, -1);
        for (var rank = 0; rank < n; rank++)
            if ((uint)Order[rank] >= n || Ranks[Order[rank]] >= 0) throw new ArgumentException($"Junction {Order[rank]} stands at place {rank} of the order: each of 0 … {n - 1} must stand there once.");
            else Ranks[Order[rank]] = rank;
        (FirstUp, UpHeads) = Contract(Neighbours.In(network));
        Parents = [.. Enumerable.Range(0, n).Select(rank => FirstUp[rank] < FirstUp[rank + 1] ? UpHeads[FirstUp[rank]] : n)];
        (FirstDown, DownTails, DownArcs) = Below();
        (FirstInput, Inputs, HierarchyArcs) = Carry();
    }

    public Network Network { get; }

    /// <summary>The order that it was made with: all junctions, the least important first.</summary>
    public IReadOnlyList<int> JunctionOrder => Order;

    /// <summary>How many arcs lead upward: at least the pairs of neighbours in the network.</summary>
    public int ArcCount => UpHeads.Length;

    /// <summary>The most junctions that one search climbs over.</summary>
    public int Height { get; private set; }

    // All below by rank. Arc a from tail to UpHeads[a], tail < head, stands for both ways between them.
    internal int[] Order { get; }
    internal int[] Ranks { get; }
    internal int[] FirstUp { get; }
    internal int[] UpHeads { get; }      // ascending for each tail; the first is its parent in the elimination tree
    internal int[] FirstDown { get; }
    internal int[] DownTails { get; }    // ascending for each head
    internal int[] DownArcs { get; }     // the arc of each of them

    // The network's arcs (its own numbering) along each hierarchy arc: Inputs[FirstInput[a]] …, as 2·arc upward, 2·arc + 1 downward.
    internal int[] FirstInput { get; }
    internal int[] Inputs { get; }
    internal int[] HierarchyArcs { get; }   // by the network's arc: 2·a upward, 2·a + 1 downward, -1 a loop

    /// <summary>The next above in the elimination tree, which holds all that a search from there can climb to; n above the last.</summary>
    internal int[] Parents { get; }

    /// <summary>The arc between two ranks, -1 if there is none.</summary>
    internal int ArcBetween(int low, int high) =>
        Array.BinarySearch(UpHeads, FirstUp[low], FirstUp[low + 1] - FirstUp[low], high) is >= 0 and var arc ? arc : -1;

    internal int TailOf(int arc)
    {
        var (low, high) = (0, Order.Length);   // FirstUp[low] <= arc < FirstUp[high]
        while (high - low > 1)
            if ((low + high) / 2 is var middle && FirstUp[middle] <= arc) low = middle;
            else high = middle;
        return low;
    }

    /// <summary>The arcs of a rank: to its neighbours above in the network, and those that its children in the elimination tree hand on.</summary>
    private (int[] First, int[] Heads) Contract(Neighbours graph)
    {
        var n = Order.Length;
        var (first, heads, count) = (new int[n + 1], new int[graph.Of.Length], 0);
        var (firstChild, nextSibling, seenFrom, depths) = (new int[n], new int[n], new int[n], new int[n]);
        Array.Fill(firstChild, -1);
        Array.Fill(seenFrom, -1);
        for (var rank = 0; rank < n; rank++)
        {
            first[rank] = count;
            for (var i = graph.First[Order[rank]]; i < graph.First[Order[rank] + 1]; i++) Add(Ranks[graph.Of[i]]);
            for (var child = firstChild[rank]; child >= 0; child = nextSibling[child])
                for (var i = first[child] + 1; i < first[child + 1]; i++) Add(heads[i]);
            first[rank + 1] = count;
            Array.Sort(heads, first[rank], count - first[rank]);
            if (count > first[rank]) (nextSibling[rank], firstChild[heads[first[rank]]]) = (firstChild[heads[first[rank]]], rank);

            void Add(int head)
            {
                if (head <= rank || seenFrom[head] == rank) return;
                seenFrom[head] = rank;
                if (count == heads.Length) Array.Resize(ref heads, checked(2 * count + 16));
                heads[count++] = head;
            }
        }
        for (var rank = n - 1; rank >= 0; rank--)
            Height = Math.Max(Height, depths[rank] = 1 + (first[rank] < first[rank + 1] ? depths[heads[first[rank]]] : 0));
        return (first, heads[..count]);
    }

    private (int[] First, int[] Tails, int[] Arcs) Below()
    {
        var (first, tails, arcs) = (new int[Order.Length + 1], new int[ArcCount], new int[ArcCount]);
        foreach (var head in UpHeads) first[head + 1]++;
        for (var rank = 0; rank < Order.Length; rank++) first[rank + 1] += first[rank];
        var next = (int[])first.Clone();
        for (var tail = 0; tail < Order.Length; tail++)
            for (var arc = FirstUp[tail]; arc < FirstUp[tail + 1]; arc++)
                (tails[next[UpHeads[arc]]], arcs[next[UpHeads[arc]]++]) = (tail, arc);
        return (first, tails, arcs);
    }

    private (int[] First, int[] Inputs, int[] HierarchyArcs) Carry()
    {
        var (firstArcs, heads) = (Network.FirstArcs, Network.ArcHeads);
        var (first, carriedBy) = (new int[ArcCount + 1], new int[Network.ArcCount]);
        for (var tail = 0; tail < Order.Length; tail++)
            for (var arc = firstArcs[tail]; arc < firstArcs[tail + 1]; arc++)
            {
                var (from, to) = (Ranks[tail], Ranks[heads[arc]]);
                carriedBy[arc] = from == to ? -1 : from < to ? 2 * ArcBetween(from, to) : 2 * ArcBetween(to, from) + 1;
                if (from != to) first[(carriedBy[arc] >> 1) + 1]++;
            }
        for (var arc = 0; arc < ArcCount; arc++) first[arc + 1] += first[arc];
        var (inputs, next) = (new int[first[ArcCount]], first[..ArcCount]);
        for (var arc = 0; arc < carriedBy.Length; arc++)
            if (carriedBy[arc] >= 0) inputs[next[carriedBy[arc] >> 1]++] = 2 * arc + (carriedBy[arc] & 1);
        return (first, inputs, carriedBy);
    }
}
