namespace Jietong.Routing;

/// <summary>The lower triangles of a hierarchy arc: for each junction below both its ends, the highest first, the arcs from there to its tail and to its head.</summary>
internal struct LowerWays
{
    private readonly int[] tails, arcs;
    private readonly int firstOfTail, firstOfHead;
    private int i, j;

    public LowerWays(Hierarchy hierarchy, int arc)
    {
        var (tail, head) = (hierarchy.TailOf(arc), hierarchy.UpHeads[arc]);
        (tails, arcs, firstOfTail, firstOfHead) = (hierarchy.DownTails, hierarchy.DownArcs, hierarchy.FirstDown[tail], hierarchy.FirstDown[head]);
        (i, j) = (hierarchy.FirstDown[tail + 1], hierarchy.FirstDown[head + 1]);
    }

    public int ToTail { get; private set; }
    public int ToHead { get; private set; }

    public bool Next()
    {
        if (i == firstOfTail || j == firstOfHead) return false;
        for (var (a, b) = (tails[i - 1], tails[j - 1]); a != b;)
            if (a > b)
            {
                if (--i == firstOfTail) return false;
                a = tails[i - 1];
            }
            else
            {
                if (--j == firstOfHead) return false;
                b = tails[j - 1];
            }
        (ToTail, ToHead) = (arcs[--i], arcs[--j]);
        return true;
    }
}
