namespace Jietong.Routing;

/// <summary>
/// The fewest vertices whose removal parts some vertices from others: a maximum flow of vertex-disjoint paths (Menger 1927), found in
/// phases along shortest residual paths (Dinic 1970). Ends may themselves be removed. One instance serves many graphs, one after another.
/// </summary>
/// <remarks>A vertex v is two states, 2v where paths enter and 2v+1 where they leave; a path in use may be entered only to undo it.</remarks>
internal sealed class VertexCut(int mostVertices)
{
    private const int None = -1, Outside = -2;   // Outside: a path begins or ends here

    private readonly int[] previous = new int[mostVertices], next = new int[mostVertices];   // along the paths in use
    private readonly int[] levels = new int[2 * mostVertices], cursors = new int[2 * mostVertices], queue = new int[2 * mostVertices];
    private readonly int[] path = new int[2 * mostVertices + 1];

    /// <summary>For each vertex, after <see cref="Find"/>: 0 on the side of the sources, 1 on that of the sinks, 2 removed.</summary>
    public byte[] Sides { get; } = new byte[mostVertices];

    /// <summary>How many vertices lie on each of <see cref="Sides"/>.</summary>
    public int[] Sizes { get; } = new int[3];

    /// <param name="first">Positions into <paramref name="neighbours"/>, one more than there are vertices.</param>
    /// <param name="neighbours">Of a connected graph without loops, each way.</param>
    /// <param name="ends">For each vertex: 1 a source, 2 a sink, 0 neither. There is one of each at least.</param>
    /// <param name="limit">More are of no interest.</param>
    /// <returns>Whether at most <paramref name="limit"/> do.</returns>
    public bool Find(ReadOnlySpan<int> first, ReadOnlySpan<int> neighbours, ReadOnlySpan<byte> ends, int limit)
    {
        var n = ends.Length;
        previous.AsSpan(0, n).Fill(None);
        next.AsSpan(0, n).Fill(None);
        var (flow, border) = (0, Border(first, neighbours, ends));
        while (Reaches(first, neighbours, ends, border))
        {
            cursors.AsSpan(0, 2 * n).Clear();
            foreach (var source in border)
                if (previous[source] == None && Augment(first, neighbours, ends, 2 * source) && ++flow > limit) return false;
        }
        Array.Clear(Sizes);
        for (var v = 0; v < n; v++)
            Sizes[Sides[v] = ends[v] == 1 && levels[2 * v] < 0 || levels[2 * v + 1] >= 0 ? (byte)0 : levels[2 * v] >= 0 ? (byte)2 : (byte)1]++;
        return true;
    }

    /// <summary>Sources with a neighbour that is none: a path from any other leads by one of them and may as well begin there.</summary>
    private static List<int> Border(ReadOnlySpan<int> first, ReadOnlySpan<int> neighbours, ReadOnlySpan<byte> ends)
    {
        var border = new List<int>();
        for (var v = 0; v < ends.Length; v++)
            if (ends[v] == 1)
                for (var i = first[v]; i < first[v + 1]; i++)
                    if (ends[neighbours[i]] != 1)
                    {
                        border.Add(v);
                        break;
                    }
        return border;
    }

    /// <summary>Numbers the states by their distance from the sources; whether a sink can be left.</summary>
    private bool Reaches(ReadOnlySpan<int> first, ReadOnlySpan<int> neighbours, ReadOnlySpan<byte> ends, List<int> border)
    {
        levels.AsSpan(0, 2 * ends.Length).Fill(-1);
        var (taken, count, last) = (0, 0, int.MaxValue);
        foreach (var source in border) (levels[2 * source], queue[count++]) = (0, 2 * source);
        while (taken < count && levels[queue[taken]] < last)
        {
            var state = queue[taken++];
            var (v, level) = (state >> 1, levels[state] + 1);
            if ((state & 1) == 0)
            {
                var to = previous[v] == None ? state + 1 : previous[v] >= 0 ? 2 * previous[v] + 1 : None;
                if (to >= 0 && levels[to] < 0) (levels[to], queue[count++]) = (level, to);
                continue;
            }
            if (ends[v] == 2 && next[v] != Outside) last = level - 1;
            if (previous[v] != None && levels[2 * v] < 0) (levels[2 * v], queue[count++]) = (level, 2 * v);
            for (var i = first[v]; i < first[v + 1]; i++)
                if (neighbours[i] is var w && w != next[v] && ends[w] != 1 && levels[2 * w] < 0) (levels[2 * w], queue[count++]) = (level, 2 * w);
        }
        return last < int.MaxValue;
    }

    /// <summary>One more path, by states one level further each; cursors remember what has been tried in this phase.</summary>
    private bool Augment(ReadOnlySpan<int> first, ReadOnlySpan<int> neighbours, ReadOnlySpan<byte> ends, int start)
    {
        var length = 1;
        path[0] = start;
        while (length > 0)
        {
            var state = path[length - 1];
            var (v, to) = (state >> 1, None);
            if ((state & 1) == 0)
            {
                if (cursors[state]++ == 0) to = previous[v] == None ? state + 1 : previous[v] >= 0 ? 2 * previous[v] + 1 : None;
            }
            else if (ends[v] == 2 && next[v] != Outside)
            {
                Use(path.AsSpan(0, length));
                return true;
            }
            else
            {
                var tried = cursors[state]++;   // the way back into v first, then the neighbours
                if (tried == 0) to = previous[v] == None ? state : state - 1;
                else if (first[v] + tried - 1 < first[v + 1]) to = neighbours[first[v] + tried - 1] is var w && w != next[v] ? 2 * w : state;
            }
            if (to == None) length--;
            else if (levels[to] == levels[state] + 1) path[length++] = to;
            else if ((state & 1) == 0) length--;
        }
        return false;
    }

    private void Use(ReadOnlySpan<int> states)
    {
        previous[states[0] >> 1] = Outside;
        for (var i = 1; i < states.Length; i++)
        {
            var (from, to) = (states[i - 1] >> 1, states[i] >> 1);
            if (from == to) continue;
            if ((states[i] & 1) == 0) (next[from], previous[to]) = (to, from);
            else   // the path led from "to" to "from" so far
            {
                if (next[to] == from) next[to] = None;
                if (previous[from] == to) previous[from] = None;
            }
        }
        next[states[^1] >> 1] = Outside;
    }
}
