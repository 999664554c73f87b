namespace Jietong.Routing;

/// <summary>A stretch of an arc that is reached within one band of time.</summary>
/// <param name="Arc">In the network's order.</param>
/// <param name="Band">0 for the first.</param>
/// <param name="From">Where it begins, as a share of the arc from its tail, 0 … 1.</param>
/// <param name="To">Where it ends, above <paramref name="From"/>.</param>
public readonly record struct ReachedStretch(int Arc, int Band, double From, double To);

/// <summary>
/// What is reached from some junctions within bands of time: each junction's time, and the stretches of each arc by band, from both of its ends. An isochrone as data; nothing
/// is drawn here. Along an arc time grows evenly. An arc is entered at its tail; at its head only where its opposite is named, and then both ends meet where they are equally fast.
/// </summary>
public sealed class Reach
{
    private readonly Network network;
    private readonly int[] times, limits, opposites;

    private Reach(Network network, int[] times, int[] limits, int[] opposites) => (this.network, this.times, this.limits, this.opposites) = (network, times, limits, opposites);

    /// <summary>By junction, from where it is reached soonest; <see cref="Network.Unreachable"/> beyond the last band.</summary>
    public IReadOnlyList<int> TimesMs => times;

    /// <summary>The last millisecond of each band; a band begins above the one before, the first at 0.</summary>
    public IReadOnlyList<int> LimitsMs => limits;

    /// <param name="network">Whose junctions and arcs.</param>
    /// <param name="starts">Where one sets out, and how many milliseconds are behind one there: 0 at a place itself; what a ride took, at the stop where one alights.</param>
    /// <param name="limitsMs">The last millisecond of each band, 0 … 2^29 − 1, rising.</param>
    /// <param name="opposites">For each arc in the network's order, the arc that is the same street the other way, -1 for none; null: no arc has one.</param>
    /// <exception cref="ArgumentException">A start is no junction or begins before 0, limits do not rise, or an opposite does not lead back; the message names it.</exception>
    public static Reach From(Network network, IReadOnlyCollection<(int Junction, int Ms)> starts, IReadOnlyList<int> limitsMs, IReadOnlyList<int>? opposites = null)
    {
        foreach (var (junction, ms) in starts)
            if ((uint)junction >= network.JunctionCount || ms is < 0 or > Network.Unreachable)
                throw new ArgumentException($"A start at junction {junction} after {ms} ms: junctions 0 … {network.JunctionCount - 1}, and 0 … {Network.Unreachable} ms are allowed.");
        for (var band = 0; band < limitsMs.Count; band++)
            if (limitsMs[band] is < 0 or >= Network.Unreachable || band > 0 && limitsMs[band] <= limitsMs[band - 1])
                throw new ArgumentException($"Band {band} ends at {limitsMs[band]} ms: 0 … {Network.Unreachable - 1}, each above the one before, are allowed.");
        var both = opposites is null ? [] : Checked(network, opposites);
        var search = new BoundedSearch(network);
        if (limitsMs.Count > 0) search.Run([.. starts], limitsMs[^1]);
        return new(network, search.TimesMs.ToArray(), [.. limitsMs], both);
    }

    /// <summary>In which band a time lies; as many as there are bands, beyond the last.</summary>
    public int BandOf(int timeMs)
    {
        var band = Array.BinarySearch(limits, timeMs);
        return band >= 0 ? band : ~band;
    }

    /// <summary>The stretches of all arcs that are reached, by arc and then from tail to head. One of no length is left out: an arc that takes no time is reached as a whole, with its tail.</summary>
    public IEnumerable<ReachedStretch> Stretches()
    {
        for (var tail = 0; tail < network.JunctionCount; tail++)
            for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
                foreach (var stretch in Of(arc, tail)) yield return stretch;
    }

    private IEnumerable<ReachedStretch> Of(int arc, int tail)
    {
        var (along, back) = (network.TravelTimesMs[arc], opposites.Length > 0 && opposites[arc] >= 0 ? network.TravelTimesMs[opposites[arc]] : Network.Unreachable);
        var fromTail = along == Network.Unreachable ? Network.Unreachable : times[tail];
        var fromHead = back == Network.Unreachable ? Network.Unreachable : times[network.Heads[arc]];
        var meeting = Meeting(fromTail, along, fromHead, back);
        for (var (band, reached) = (BandOf(fromTail), 0.0); band < limits.Length && reached < meeting; band++)
        {
            var until = along == 0 ? meeting : Math.Min(meeting, (limits[band] - fromTail) / (double)along);
            if (until <= reached) continue;
            yield return new(arc, band, reached, until);
            reached = until;
        }
        // From the head the farthest comes last, so that it is the first to be given.
        for (var band = limits.Length - 1; band >= 0; band--)
            if (fromHead <= limits[band] && meeting < 1)
            {
                double Until(int limit) => fromHead > limit ? 1 : back == 0 ? meeting : Math.Max(meeting, 1 - (limit - fromHead) / (double)back);
                var (from, to) = (Until(limits[band]), band == 0 ? 1 : Until(limits[band - 1]));
                if (from < to) yield return new(arc, band, from, to);
            }
    }

    /// <summary>The share of an arc, from its tail, up to which its tail is the faster end: where tail + x·along = head + (1 − x)·back.</summary>
    private static double Meeting(int fromTail, int along, int fromHead, int back) =>
        fromHead == Network.Unreachable ? 1
        : fromTail == Network.Unreachable ? 0
        : along + (long)back == 0 ? fromTail <= fromHead ? 1 : 0
        : Math.Clamp(((double)fromHead + back - fromTail) / ((double)along + back), 0, 1);

    private static int[] Checked(Network network, IReadOnlyList<int> opposites)
    {
        if (opposites.Count != network.ArcCount) throw new ArgumentException($"{opposites.Count} opposites for {network.ArcCount} arcs: every arc needs one, or -1.");
        for (var tail = 0; tail < network.JunctionCount; tail++)
            for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
                if (opposites[arc] is var other && other != -1 && ((uint)other >= network.ArcCount || network.Heads[other] != tail || network.FirstArc[network.Heads[arc]] > other || other >= network.FirstArc[network.Heads[arc] + 1]))
                    throw new ArgumentException($"Arc {other} is said to be the opposite of {arc}, but does not lead from {network.Heads[arc]} to {tail}.");
        return [.. opposites];
    }
}
