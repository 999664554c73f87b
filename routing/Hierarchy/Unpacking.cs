namespace Jietong.Routing;

/// <summary>
/// Which arcs of the network an arc of the hierarchy stands for. What it is made of is looked for once and remembered, and looked for again where
/// the times have changed since; the memory, 16 bytes for each hierarchy arc, is taken at the first path.
/// </summary>
internal sealed class Unpacking(Searches searches)
{
    // By way. ToTail: 0 not known; a > 0 the hierarchy arc a-1 from the junction between to the tail, and ToHead that to the head; a < 0 the network's arc -a-1.
    private (int ToTail, int ToHead)[] parts = [];
    private int[] open = new int[64];

    /// <param name="path">Gets the network's arcs, in order.</param>
    /// <param name="way">2 · arc upward, 2 · arc + 1 downward; it takes less than <see cref="Ms.Never"/>.</param>
    public void AddTo(List<int> path, int way)
    {
        if (parts.Length == 0) parts = new (int, int)[searches.Times.Length];
        var count = 1;
        open[0] = way;
        while (count > 0)
        {
            way = open[--count];
            ref var part = ref parts[way];
            if (part.ToTail == 0 || searches.MayChange && !Holds(way, part)) part = Part(way);
            if (part.ToTail < 0)
            {
                path.Add(-part.ToTail - 1);
                continue;
            }
            if (count + 2 > open.Length) Array.Resize(ref open, 2 * open.Length);
            var (toTail, toHead) = (2 * (part.ToTail - 1), 2 * part.ToHead);
            (open[count++], open[count++]) = (way & 1) == 0 ? (toHead, toTail + 1) : (toTail, toHead + 1);   // the last comes first
        }
    }

    private bool Holds(int way, (int ToTail, int ToHead) part) => searches.Times[way] ==
        (part.ToTail < 0 ? Ms.From(searches.NetworkTimesMs[-part.ToTail - 1]) : TimeOver(part.ToTail - 1, part.ToHead, way));

    private uint TimeOver(int toTail, int toHead, int way) => searches.Times[2 * toTail + 1 - (way & 1)] + searches.Times[2 * toHead + (way & 1)];

    private (int ToTail, int ToHead) Part(int way)
    {
        var hierarchy = searches.Hierarchy;
        for (var i = hierarchy.FirstInput[way >> 1]; i < hierarchy.FirstInput[(way >> 1) + 1]; i++)
            if ((-(hierarchy.Inputs[i] >> 1) - 1, 0) is var input && (hierarchy.Inputs[i] & 1) == (way & 1) && Holds(way, input)) return input;
        for (var below = new LowerWays(hierarchy, way >> 1); below.Next();)
            if (TimeOver(below.ToTail, below.ToHead, way) == searches.Times[way]) return (below.ToTail + 1, below.ToHead);
        throw new InvalidOperationException($"Nothing takes the {searches.Times[way]} ms of hierarchy arc {way >> 1}: the metric changed during the search.");
    }
}
