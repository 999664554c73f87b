namespace Jietong.Routing;

/// <summary>
/// Which of some places can be walked to from each of others, and how long that takes: access (places to stops), egress (stops to places),
/// footpaths (stops to stops) and direct walks (places to places) are the same. Immutable, in compressed sparse rows; what is not listed is too far.
/// </summary>
public sealed class Walks
{
    private Walks(int toCount, int[] first, int[] tos, int[] timesMs) => (ToCount, First, Tos, TimesMs) = (toCount, first, tos, timesMs);

    public int FromCount => First.Length - 1;
    public int ToCount { get; }
    public int Count => Tos.Length;

    // The walks from i are First[i] … First[i+1]-1, by rising number of where they lead.
    internal int[] First { get; }
    internal int[] Tos { get; }
    internal int[] TimesMs { get; }

    /// <summary>Where one can walk to from there, by rising number.</summary>
    public IEnumerable<(int To, int TimeMs)> From(int from)
    {
        for (var i = First[from]; i < First[from + 1]; i++) yield return (Tos[i], TimesMs[i]);
    }

    /// <summary>Walks that are known.</summary>
    /// <param name="fromCount">How many places they begin at.</param>
    /// <param name="toCount">How many places they lead to.</param>
    /// <param name="walks">Each from one to another; of several for one pair the last counts.</param>
    /// <exception cref="ArgumentException">A walk names a place that is not there, or takes less than 0 or 2^29 ms or more; the message names the walk.</exception>
    public static Walks Of(int fromCount, int toCount, IEnumerable<(int From, int To, int TimeMs)> walks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromCount);
        ArgumentOutOfRangeException.ThrowIfNegative(toCount);
        var sorted = new SortedDictionary<long, int>();
        var number = 0;
        foreach (var (from, to, ms) in walks)
        {
            if ((uint)from >= fromCount || (uint)to >= toCount || ms is < 0 or >= Network.Unreachable)
                throw new ArgumentException($"Walk {number} goes from {from} to {to} in {ms} ms: from 0 … {fromCount - 1} to 0 … {toCount - 1} in 0 … {Network.Unreachable - 1} ms are allowed.");
            sorted[(long)from * toCount + to] = ms;
            number++;
        }
        var first = new int[fromCount + 1];
        foreach (var pair in sorted.Keys) first[pair / toCount + 1]++;
        for (var i = 0; i < fromCount; i++) first[i + 1] += first[i];
        return new(toCount, first, [.. sorted.Keys.Select(pair => (int)(pair % toCount))], [.. sorted.Values]);
    }

    /// <summary>Places that are junctions, or stops, themselves: from each to itself in no time.</summary>
    /// <param name="places">By their numbers, 0 … <paramref name="toCount"/> − 1.</param>
    /// <param name="toCount">How many there are to be at.</param>
    public static Walks At(IReadOnlyList<int> places, int toCount) => Of(places.Count, toCount, places.Select((to, from) => (from, to, 0)));

    /// <summary>The walks on a network that take no longer than a limit: one bounded search from each place that they begin at. Memory: 8 bytes for each walk, and 8 for each junction and thread.</summary>
    /// <param name="walking">Junctions and arcs with walking times.</param>
    /// <param name="from">At which junction each place lies; -1 where it is attached to none, and then it has no walks.</param>
    /// <param name="to">Likewise of those to walk to.</param>
    /// <param name="limitMs">The longest walk that counts, 0 … 2^29 − 1.</param>
    /// <param name="workers">On how many threads.</param>
    /// <param name="progress">Is told the share of places that are done.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ArgumentException">A place lies at no junction of the network, or the limit is out of range; the message names it.</exception>
    public static Walks Within(Network walking, IReadOnlyList<int> from, IReadOnlyList<int> to, int limitMs, int workers = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (limitMs is < 0 or >= Network.Unreachable) throw new ArgumentException($"Walks of up to {limitMs} ms: 0 … {Network.Unreachable - 1} are allowed.");
        foreach (var places in new[] { from, to })
            for (var i = 0; i < places.Count; i++)
                if (places[i] < -1 || places[i] >= walking.JunctionCount) throw new ArgumentException($"Place {i} lies at junction {places[i]}: 0 … {walking.JunctionCount - 1} are there, and -1 for none.");
        var at = Enumerable.Range(0, to.Count).ToLookup(i => to[i]);
        var rows = new (int To, int Ms)[from.Count][];
        Workers.Run(from.Count, workers, () => new BoundedSearch(walking), (i, search) =>
        {
            if (from[i] < 0) { rows[i] = []; return; }
            search.Run([(from[i], 0)], limitMs);
            var row = new List<(int To, int Ms)>();
            foreach (var junction in search.Reached)
                foreach (var place in at[junction]) row.Add((place, search.TimesMs[junction]));
            row.Sort();
            rows[i] = [.. row];
        }, progress, cancellation);
        var first = new int[from.Count + 1];
        for (var i = 0; i < rows.Length; i++) first[i + 1] = first[i] + rows[i].Length;
        return new(to.Count, first, [.. rows.SelectMany(row => row.Select(walk => walk.To))], [.. rows.SelectMany(row => row.Select(walk => walk.Ms))]);
    }

    /// <summary>The same walks by where they lead.</summary>
    public Walks Transposed()
    {
        var first = new int[ToCount + 1];
        foreach (var to in Tos) first[to + 1]++;
        for (var i = 0; i < ToCount; i++) first[i + 1] += first[i];
        var (next, froms, times) = ((int[])first.Clone(), new int[Count], new int[Count]);
        for (var from = 0; from < FromCount; from++)
            for (var i = First[from]; i < First[from + 1]; i++)
            {
                var slot = next[Tos[i]]++;
                (froms[slot], times[slot]) = (from, TimesMs[i]);
            }
        return new(FromCount, first, froms, times);
    }

    internal void MustLead(string what, int fromCount, int toCount)
    {
        if (FromCount != fromCount || ToCount != toCount) throw new ArgumentException($"The {what} walks lead from {FromCount} to {ToCount} places: {fromCount} to {toCount} are needed.");
    }
}
