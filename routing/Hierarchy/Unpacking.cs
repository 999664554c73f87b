namespace Jietong.Routing;

/// <summary>
/// Which arcs of the network an arc of the hierarchy stands for. What it is made of is looked for once and remembered, and looked for again when
/// the times have changed since; the memory, 8 bytes for each hierarchy arc, is taken at the first path.
/// </summary>
internal sealed class Unpacking(Searches searches)
{
    private int[] parts = [];   // by way: 0 not known, a > 0 the hierarchy arc a-1 from the junction between to the tail, a < 0 the network's arc -a-1
    private readonly Stack<int> open = new();

    /// <param name="path">Gets the network's arcs, in order.</param>
    /// <param name="way">2 · arc upward, 2 · arc + 1 downward; it takes less than <see cref="Ms.Never"/>.</param>
    public void AddTo(List<int> path, int way)
    {
        if (parts.Length == 0) parts = new int[searches.Times.Length];
        open.Push(way);
        while (open.TryPop(out way))
        {
            if (!Holds(way, parts[way])) parts[way] = Part(way);
            if (parts[way] < 0)
            {
                path.Add(-parts[way] - 1);
                continue;
            }
            var (toTail, toHead) = (parts[way] - 1, ToHead(parts[way] - 1, way));
            open.Push((way & 1) == 0 ? 2 * toHead : 2 * toTail);
            open.Push((way & 1) == 0 ? 2 * toTail + 1 : 2 * toHead + 1);   // comes first
        }
    }

    /// <summary>Both arcs leave the same junction, the one to the head after the one to the tail.</summary>
    private int ToHead(int toTail, int way)
    {
        var head = searches.Hierarchy.UpHeads[way >> 1];
        while (searches.Hierarchy.UpHeads[++toTail] != head) { }
        return toTail;
    }

    private bool Holds(int way, int part) => part < 0 ? Ms.From(searches.NetworkTimesMs[-part - 1]) == searches.Times[way]
        : part > 0 && TimeOver(part - 1, ToHead(part - 1, way), way) == searches.Times[way];

    private uint TimeOver(int toTail, int toHead, int way) => searches.Times[2 * toTail + 1 - (way & 1)] + searches.Times[2 * toHead + (way & 1)];

    private int Part(int way)
    {
        var hierarchy = searches.Hierarchy;
        for (var i = hierarchy.FirstInput[way >> 1]; i < hierarchy.FirstInput[(way >> 1) + 1]; i++)
            if ((hierarchy.Inputs[i] & 1) == (way & 1) && Holds(way, -(hierarchy.Inputs[i] >> 1) - 1)) return -(hierarchy.Inputs[i] >> 1) - 1;
        for (var below = new LowerWays(hierarchy, way >> 1); below.Next();)
            if (TimeOver(below.ToTail, below.ToHead, way) == searches.Times[way]) return below.ToTail + 1;
        throw new InvalidOperationException($"Nothing takes the {searches.Times[way]} ms of hierarchy arc {way >> 1}: the metric changed during the search.");
    }
}
