namespace Jietong.Routing;

/// <summary>
/// A network in which turns cost time or are banned, as a network without turns, so that every search, hierarchy, metric and gain runs on it as
/// it is. Where the arc by which one comes matters, the junction has further ones beside it, one for each beginning of a turn that ends there; all other
/// junctions and arcs keep being one (edge expansion, Caldwell 1961, "On finding minimum routes in a network with turn penalties", where there are turns only).
/// </summary>
/// <remarks>
/// One sets out at a junction as ever, in any way, and arrives at <see cref="Arrival"/>. Size: each different beginning of a turn (its first arc; of one with more than two
/// arcs its first two too, and so on) adds a junction with as many arcs as leave there, and each junction with such an arrival with an arc from each. 20,000 bans by chance make New York
/// (264,346 junctions, 730,100 arcs) 15 % larger, its hierarchy 15 % with an order of its own and 27 % with <see cref="Order"/>; a U-turn banned at the end of every street makes it
/// five times as large and its hierarchy ten times: give only those that matter. Memory: beside the network 12 bytes an arc and about 150 a turn.
/// Immutable; other times and penalties are <see cref="With"/> or <see cref="Changes"/>, and the hierarchy stays.
/// </remarks>
public sealed class TurnedNetwork
{
    private readonly int[] junctionOf, arcOf, arrivals, firstCopy, copies;
    private readonly Dictionary<int, int[]> turnsInto = [];   // by arc of this network: the turns that end with it
    private readonly List<int>[] arcsOfTurn;
    private readonly int[] penaltiesMs;

    /// <param name="original">Whose travel times and closed arcs hold.</param>
    /// <param name="turns">None is allowed: then this is the original.</param>
    /// <param name="cancellation">Ends the building.</param>
    /// <exception cref="ArgumentException">A turn has fewer than two arcs, arcs that do not follow each other or a penalty out of range; or an arc with the turns into it takes 2^29 ms or more. The message names it.</exception>
    public TurnedNetwork(Network original, IReadOnlyList<Turn> turns, CancellationToken cancellation = default)
    {
        (Original, Turns, penaltiesMs) = (original, [.. turns], [.. turns.Select(t => t.PenaltyMs)]);
        for (var turn = 0; turn < turns.Count; turn++)
        {
            Check(original, turns[turn].Arcs, turn);
            Checked(penaltiesMs[turn], turn);
        }
        var (n, prefixes, heads) = (original.JunctionCount, new TurnPrefixes(turns), original.ArcHeads);
        int[] places = [.. Enumerable.Range(1, prefixes.Count).Select(p => heads[prefixes.LastArc(p)])];
        int[] ends = [.. places.Distinct().Order()];
        junctionOf = [.. Enumerable.Range(0, n), .. places, .. ends];
        arrivals = [.. Enumerable.Range(0, n)];
        for (var end = 0; end < ends.Length; end++) arrivals[ends[end]] = n + places.Length + end;
        arcsOfTurn = [.. turns.Select(_ => new List<int>())];

        var (tails, tips, arcs) = (new List<int>(original.ArcCount), new List<int>(original.ArcCount), new List<int>(original.ArcCount));
        void Add(int tail, int head, int arc)
        {
            tails.Add(tail);
            tips.Add(head);
            arcs.Add(arc);
        }
        for (var at = 0; at < n + places.Length; at++)   // by tails: an arc's number is its place in these lists
        {
            cancellation.ThrowIfCancellationRequested();
            var (junction, prefix) = (junctionOf[at], Math.Max(0, at - n + 1));
            for (var arc = original.FirstArcs[junction]; arc < original.FirstArcs[junction + 1]; arc++)
            {
                int[] into = prefix == 0 ? [] : [.. prefixes.EndedBy(prefix, arc)];
                if (into.Length > 0) turnsInto[arcs.Count] = into;
                foreach (var turn in into) arcsOfTurn[turn].Add(arcs.Count);
                Add(at, prefixes.After(prefix, arc) is > 0 and var next ? n + next - 1 : heads[arc], arc);
            }
            if (arrivals[junction] != junction) Add(at, arrivals[junction], -1);
        }
        arcOf = [.. arcs];
        Network = Network.Build(junctionOf.Length, tails, tips, TimesMs());
        (firstCopy, copies) = CopiesOf(original.ArcCount, arcOf);
    }

    private TurnedNetwork(TurnedNetwork other, Network original, int[] penaltiesMs)
    {
        (Original, Turns, this.penaltiesMs) = (original, [.. other.Turns.Zip(penaltiesMs, (turn, penaltyMs) => turn with { PenaltyMs = penaltyMs })], penaltiesMs);
        (junctionOf, arcOf, arrivals, firstCopy, copies, turnsInto, arcsOfTurn) = (other.junctionOf, other.arcOf, other.arrivals, other.firstCopy, other.copies, other.turnsInto, other.arcsOfTurn);
        Network = other.Network.WithTravelTimes(TimesMs());
    }

    public Network Original { get; }

    /// <summary>What to search on. Its first junctions are those of the original.</summary>
    public Network Network { get; }

    public IReadOnlyList<Turn> Turns { get; }

    /// <summary>For each junction of <see cref="Network"/>, the original one: its position, for an order of junctions.</summary>
    public IReadOnlyList<int> JunctionOf => junctionOf;

    /// <summary>For each arc of <see cref="Network"/>, the original one; −1 where it only leads to an arrival.</summary>
    public IReadOnlyList<int> ArcOf => arcOf;

    /// <summary>The junction of <see cref="Network"/> that every way to a junction reaches, whichever arc it comes by; nothing leads on from there.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="junction"/> is none of the original.</exception>
    public int Arrival(int junction) => (uint)junction < (uint)arrivals.Length ? arrivals[junction]
        : throw new ArgumentOutOfRangeException(nameof(junction), junction, $"Junctions are 0 … {arrivals.Length - 1}.");

    /// <summary>The arcs of <see cref="Network"/> that are the original's arc: first the one that begins at the junction itself, free of turns.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="arc"/> is none of the original.</exception>
    public ReadOnlySpan<int> Copies(int arc) => (uint)arc < (uint)Original.ArcCount ? copies.AsSpan(firstCopy[arc]..firstCopy[arc + 1])
        : throw new ArgumentOutOfRangeException(nameof(arc), arc, $"Arcs are 0 … {Original.ArcCount - 1}.");

    /// <summary>A path on <see cref="Network"/> by arcs of the original.</summary>
    public IReadOnlyList<int> ArcsOf(IEnumerable<int> path) => [.. path.Select(arc => arcOf[arc]).Where(arc => arc >= 0)];

    /// <summary>An order of the original's junctions as one of <see cref="Network"/>'s: what was added stands right before its junction, which saves searching for an order anew.</summary>
    /// <exception cref="ArgumentException">There is not one place for each junction.</exception>
    public int[] Order(IReadOnlyList<int> order)
    {
        if (order.Count != Original.JunctionCount) throw new ArgumentException($"An order of {order.Count} for {Original.JunctionCount} junctions: each must stand in it once.");
        var added = Enumerable.Range(order.Count, junctionOf.Length - order.Count).Reverse().ToLookup(at => junctionOf[at]);
        return [.. order.SelectMany(junction => added[junction].Append(junction))];
    }

    /// <summary>The same turns at other times and penalties: one topology, many metrics. O(n + m), and a hierarchy of <see cref="Network"/> serves it.</summary>
    /// <param name="original">The original, or the same with other times (<see cref="Network.WithTravelTimes"/>).</param>
    /// <param name="penaltiesMs">For each turn, as <see cref="Turn.PenaltyMs"/>: 0 lifts it, <see cref="Turn.Banned"/> bans it. Null leaves them.</param>
    /// <exception cref="ArgumentException">The network has other arcs, or a penalty is missing or out of range; or an arc with the turns into it takes 2^29 ms or more.</exception>
    public TurnedNetwork With(Network original, IReadOnlyList<int>? penaltiesMs = null)
    {
        if (!ReferenceEquals(original.Heads, Original.Heads)) throw new ArgumentException("The network is not the one that the turns were made for: give that, or the same with other travel times (WithTravelTimes).");
        if (penaltiesMs is not null && penaltiesMs.Count != Turns.Count) throw new ArgumentException($"{penaltiesMs.Count} penalties for {Turns.Count} turns: every turn needs one.");
        return new(this, original, penaltiesMs is null ? this.penaltiesMs : [.. penaltiesMs.Select(Checked)]);
    }

    /// <summary>What some other times and penalties change in <see cref="Network"/>, for <see cref="HierarchyMetric.Set"/>. What is not named counts as it is here: a change made before is named again, or undone by its value here.</summary>
    /// <param name="arcs">Of the original, 0 … <see cref="Network.Unreachable"/> ms; the last of an arc counts.</param>
    /// <param name="turns">By their positions in <see cref="Turns"/>, and penalties; likewise.</param>
    /// <exception cref="ArgumentException">An arc, a turn, a time or a penalty is out of range; or an arc with the turns into it takes 2^29 ms or more.</exception>
    public IReadOnlyList<(int Arc, int TimeMs)> Changes(IReadOnlyList<(int Arc, int TimeMs)> arcs, IReadOnlyList<(int Turn, int PenaltyMs)> turns)
    {
        var (times, penalties, changed) = (new Dictionary<int, int>(), new Dictionary<int, int>(), new SortedSet<int>());
        foreach (var (arc, timeMs) in arcs)
        {
            if ((uint)arc >= Original.ArcCount || timeMs is < 0 or > Network.Unreachable)
                throw new ArgumentException($"arc {arc} shall take {timeMs} ms: arcs are 0 … {Original.ArcCount - 1}, times 0 … {Network.Unreachable}.");
            times[arc] = timeMs;
            foreach (var copy in Copies(arc)) changed.Add(copy);
        }
        foreach (var (turn, penaltyMs) in turns)
        {
            if ((uint)turn >= penaltiesMs.Length) throw new ArgumentException($"turn {turn}: turns are 0 … {penaltiesMs.Length - 1}.");
            penalties[turn] = Checked(penaltyMs, turn);
            changed.UnionWith(arcsOfTurn[turn]);
        }
        return [.. changed.Select(copy => (copy, TimeMs(copy, times.GetValueOrDefault(arcOf[copy], Original.ArcTimesMs[arcOf[copy]]), turn => penalties.GetValueOrDefault(turn, penaltiesMs[turn]))))];
    }

    private int[] TimesMs() => [.. arcOf.Select((arc, copy) => arc < 0 ? 0 : TimeMs(copy, Original.ArcTimesMs[arc], turn => penaltiesMs[turn]))];

    private int TimeMs(int copy, int timeMs, Func<int, int> penaltyMs)
    {
        if (timeMs == Network.Unreachable || !turnsInto.TryGetValue(copy, out var into)) return timeMs;
        var sum = (long)timeMs;
        foreach (var turn in into)
            if (penaltyMs(turn) is not Turn.Banned and var more) sum += more;
            else return Network.Unreachable;
        return sum < Network.Unreachable ? (int)sum : throw new ArgumentException($"arc {arcOf[copy]} takes {sum} ms with the turns into it ({string.Join(", ", into)}): less than {Network.Unreachable} is allowed.");
    }

    private static void Check(Network network, IReadOnlyList<int> arcs, int turn)
    {
        if (arcs.Count < 2) throw new ArgumentException($"turn {turn} has {arcs.Count} arcs: two or more are needed.");
        for (var i = 0; i < arcs.Count; i++)
            if ((uint)arcs[i] >= network.ArcCount) throw new ArgumentException($"turn {turn} names arc {arcs[i]}: arcs are 0 … {network.ArcCount - 1}.");
            else if (i > 0 && network.ArcHeads[arcs[i - 1]] is var junction && (arcs[i] < network.FirstArcs[junction] || arcs[i] >= network.FirstArcs[junction + 1]))
                throw new ArgumentException($"turn {turn} goes from arc {arcs[i - 1]} to arc {arcs[i]}, which does not leave junction {junction}, where that ends.");
    }

    private static int Checked(int penaltyMs, int turn) => penaltyMs is >= 0 and <= Turn.Banned ? penaltyMs
        : throw new ArgumentException($"turn {turn} costs {penaltyMs} ms: 0 … {Turn.Banned} are allowed, the latter a ban.");

    private static (int[] First, int[] Copies) CopiesOf(int arcCount, int[] arcOf)
    {
        var first = new int[arcCount + 1];
        foreach (var arc in arcOf)
            if (arc >= 0) first[arc + 1]++;
        for (var arc = 0; arc < arcCount; arc++) first[arc + 1] += first[arc];
        var (copies, next) = (new int[first[arcCount]], first[..arcCount]);
        for (var copy = 0; copy < arcOf.Length; copy++)
            if (arcOf[copy] >= 0) copies[next[arcOf[copy]]++] = copy;
        return (first, copies);
    }
}
