namespace Jietong.Routing;

/// <summary>
/// What must be remembered of a way so that no turn on it is missed: the longest end of it that is the beginning of a turn (Aho and Corasick 1975,
/// "Efficient string matching"). Beginnings are 1, 2, …; 0 is none.
/// </summary>
internal sealed class TurnPrefixes
{
    private readonly Dictionary<(int Prefix, int Arc), int> longer = [];
    private readonly Dictionary<(int Prefix, int Arc), List<int>> ended = [];
    private readonly List<int> shorter = [0];   // the longest beginning of a turn with which each one ends, itself left out
    private readonly List<int> lastArcs = [-1];

    public TurnPrefixes(IReadOnlyList<Turn> turns)
    {
        var (at, open) = (new int[turns.Count], true);
        for (var length = 1; open; length++)   // shorter ones first: their ends are known then
        {
            open = false;
            for (var turn = 0; turn < turns.Count; turn++)
            {
                if (turns[turn].Arcs.Count <= length) continue;
                var (before, arc) = (at[turn], turns[turn].Arcs[length - 1]);
                if (!longer.TryGetValue((before, arc), out at[turn]))
                {
                    shorter.Add(length == 1 ? 0 : After(shorter[before], arc));
                    lastArcs.Add(arc);
                    longer[(before, arc)] = at[turn] = shorter.Count - 1;
                }
                open = true;
            }
        }
        for (var turn = 0; turn < turns.Count; turn++)
            if (ended.TryGetValue((at[turn], turns[turn].Arcs[^1]), out var same)) same.Add(turn);
            else ended[(at[turn], turns[turn].Arcs[^1])] = [turn];
    }

    /// <summary>How many beginnings there are.</summary>
    public int Count => shorter.Count - 1;

    public int LastArc(int prefix) => lastArcs[prefix];

    /// <summary>What is remembered after one more arc.</summary>
    public int After(int prefix, int arc)
    {
        int next;
        while (!longer.TryGetValue((prefix, arc), out next) && prefix != 0) prefix = shorter[prefix];
        return next;
    }

    /// <summary>The turns that one more arc completes.</summary>
    public IEnumerable<int> EndedBy(int prefix, int arc)
    {
        for (; prefix != 0; prefix = shorter[prefix])
            if (ended.TryGetValue((prefix, arc), out var turns))
                foreach (var turn in turns) yield return turn;
    }
}
