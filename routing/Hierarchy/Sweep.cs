namespace Jietong.Routing;

/// <summary>
/// Travel times from 16 junctions at once to all others, or from all others to them (PHAST: Delling, Goldberg, Nowatzyk and Werneck 2011,
/// "PHAST: hardware-accelerated shortest path trees"): each climbs as far as it can, then one pass over all arcs from the top takes all 16 down.
/// </summary>
/// <remarks>
/// The times of a metric as it is when the sweep is made. Memory: 64 bytes for each junction (or only for those that the wanted ones can climb to)
/// and 8 for each arc; it is written anew by each run: one instance for each thread.
/// </remarks>
public sealed class Sweep
{
    /// <summary>How many junctions one pass serves; fewer take as long.</summary>
    public const int Lanes = 16;

    private readonly Searches searches;
    private readonly UpArcs climb;
    private readonly SweepGraph graph;
    private readonly LaneTimes times;
    private readonly uint[] climbed;   // by rank; never between runs
    private readonly bool[] touched;   // by place: some lane climbed there; false between runs
    private readonly List<int> touchedPlaces = [];

    private Sweep(Searches searches, UpArcs climb, UpArcs fall, IEnumerable<int>? wanted, LaneWidth width)
    {
        (this.searches, this.climb, graph) = (searches, climb, new(fall, wanted?.Select(searches.RankOf)));
        (times, climbed, touched) = (new(graph.Count, width), new uint[searches.Hierarchy.Ranks.Length], new bool[graph.Count]);
        Array.Fill(climbed, Ms.Never);
    }

    /// <summary>A sweep whose <see cref="Run"/> takes sources, and which finds the times to all junctions.</summary>
    /// <param name="searches">Of a metric; a perfect one is faster.</param>
    /// <param name="targets">The only junctions to which times will be asked for; null for all. Fewer are faster.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is no junction of the network.</exception>
    public static Sweep FromSources(Searches searches, IEnumerable<int>? targets = null) => FromSources(searches, targets, LaneTimes.Widest);

    /// <summary>A sweep whose <see cref="Run"/> takes targets, and which finds the times from all junctions.</summary>
    /// <param name="searches">Of a metric; a perfect one is faster.</param>
    /// <param name="sources">The only junctions from which times will be asked for; null for all. Fewer are faster.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is no junction of the network.</exception>
    public static Sweep ToTargets(Searches searches, IEnumerable<int>? sources = null) => ToTargets(searches, sources, LaneTimes.Widest);

    internal static Sweep FromSources(Searches searches, IEnumerable<int>? targets, LaneWidth width) => new(searches, searches.From, searches.To, targets, width);

    internal static Sweep ToTargets(Searches searches, IEnumerable<int>? sources, LaneWidth width) => new(searches, searches.To, searches.From, sources, width);

    /// <summary>Finds the times of up to <see cref="Lanes"/> junctions, which replace those of the run before.</summary>
    /// <param name="junctions">One for each lane, from lane 0 on.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="Lanes"/>, or one is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public void Run(params ReadOnlySpan<int> junctions)
    {
        if (junctions.Length > Lanes) throw new ArgumentException($"{junctions.Length} junctions at once: {Lanes} are allowed.");
        foreach (var junction in junctions) searches.RankOf(junction);
        var seen = 0u;
        for (var lane = 0; lane < junctions.Length; lane++) seen |= Climb(searches.RankOf(junctions[lane]), lane);
        seen |= times.Fall(graph, touched);
        foreach (var place in touchedPlaces) touched[place] = false;
        touchedPlaces.Clear();
        Ms.Check(seen);
    }

    /// <summary>What the last run found; <see cref="Network.Unreachable"/> where no path leads.</summary>
    /// <param name="lane">Which of its junctions.</param>
    /// <param name="junction">The other end: one of those that the sweep was restricted to.</param>
    /// <exception cref="ArgumentException">The sweep was restricted to others, from which <paramref name="junction"/> is not climbed to.</exception>
    public int TimeMs(int lane, int junction) => times.TimeMs(PlaceOf(junction), lane);

    /// <summary>The same of all lanes at once.</summary>
    /// <param name="junction">The other end.</param>
    /// <param name="timesMs">Gets one time for each lane.</param>
    public void CopyTo(int junction, Span<int> timesMs)
    {
        for (var (place, lane) = (PlaceOf(junction), 0); lane < timesMs.Length; lane++) timesMs[lane] = times.TimeMs(place, lane);
    }

    private int PlaceOf(int junction) => graph.PlaceOf[searches.RankOf(junction)] is >= 0 and var place ? place
        : throw new ArgumentException($"The sweep was made for other junctions than {junction}.");

    private uint Climb(int start, int lane)
    {
        var (parents, seen) = (searches.Hierarchy.Parents, 0u);
        climbed[start] = 0;
        for (var rank = start; rank < parents.Length; rank = parents[rank])
        {
            var time = climbed[rank];
            if (time == Ms.Never) continue;
            (climbed[rank], seen) = (Ms.Never, seen | time);
            for (var i = climb.First[rank]; i < climb.First[rank + 1]; i++)
                climbed[climb.Heads[i]] = Math.Min(climbed[climb.Heads[i]], time + climb.Times[climb.Stride * i + climb.Offset]);
            if (graph.PlaceOf[rank] is not (>= 0 and var place)) continue;
            if (!touched[place])
            {
                touched[place] = true;
                touchedPlaces.Add(place);
                times.Clear(place);
            }
            times.Set(place, lane, time);
        }
        return seen;
    }
}
