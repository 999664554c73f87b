namespace Jietong.Routing;

/// <summary>
/// The arcs of one direction as a sweep runs over them: places 0, 1, … by falling rank, so that every head comes before its tail and memory is read
/// from its beginning to its end. Restricted to what some junctions can climb to, where only they are asked for (Delling, Goldberg and Werneck 2011, "Faster batched shortest paths in road networks", RPHAST).
/// </summary>
internal sealed class SweepGraph
{
    /// <param name="arcs">In direction of the sweep: from the junctions that are asked for.</param>
    /// <param name="wanted">Their ranks; null for all.</param>
    public SweepGraph(UpArcs arcs, IEnumerable<int>? wanted)
    {
        var n = arcs.First.Length - 1;
        var needed = new bool[n];
        if (wanted is null) Array.Fill(needed, true);
        else
            foreach (var rank in wanted) needed[rank] = true;
        var (places, count) = (0, 0);
        for (var rank = 0; rank < n; rank++)
        {
            if (!needed[rank]) continue;
            (places, count) = (places + 1, count + arcs.First[rank + 1] - arcs.First[rank]);
            for (var i = arcs.First[rank]; i < arcs.First[rank + 1]; i++) needed[arcs.Heads[i]] = true;
        }
        (PlaceOf, First, Heads, Times) = (new int[n], new int[places + 1], new int[count], new uint[count]);
        Array.Fill(PlaceOf, -1);
        (places, count) = (0, 0);
        for (var rank = n - 1; rank >= 0; rank--)
        {
            if (!needed[rank]) continue;
            (PlaceOf[rank], First[places]) = (places, count);
            places++;
            for (var i = arcs.First[rank]; i < arcs.First[rank + 1]; i++)
                (Heads[count], Times[count++]) = (PlaceOf[arcs.Heads[i]], arcs.Times[arcs.Stride * i + arcs.Offset]);
        }
        First[places] = count;
    }

    public int Count => First.Length - 1;

    /// <summary>By rank; -1 where a rank is not needed.</summary>
    public int[] PlaceOf { get; }
    public int[] First { get; }
    public int[] Heads { get; }
    public uint[] Times { get; }
}
