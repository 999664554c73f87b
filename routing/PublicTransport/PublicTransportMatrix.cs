namespace Jietong.Routing;

/// <summary>
/// Travel times by timetable from many places to many others, over all departures of a window: the time from setting out, waits included, until one arrives, by rides or all the
/// way on foot, whichever is sooner. The p-th percentile over n departures is the ⌈p·n/100⌉-th shortest of their times (nearest rank); a departure that does not get there
/// counts as infinite, so that a percentile can be <see cref="Network.Unreachable"/> while lower ones are not.
/// </summary>
public static class PublicTransportMatrix
{
    /// <summary>One search over all departures from each source. Memory: 4 bytes for each percentile and pair; for each thread a <see cref="Raptor"/>'s, and 4 for each departure and target.</summary>
    /// <param name="day">What runs.</param>
    /// <param name="access">From sources to stops.</param>
    /// <param name="egress">From stops to targets.</param>
    /// <param name="window">When one sets out.</param>
    /// <param name="percentiles">Which are wanted, each 1 … 100: 50 is the median, 100 the longest.</param>
    /// <param name="direct">From sources to targets on foot; null for none.</param>
    /// <param name="mostRides">With how many rides at most.</param>
    /// <param name="mostMs">Longer times, also on foot, are <see cref="Network.Unreachable"/>; a low limit is faster.</param>
    /// <param name="workers">On how many threads.</param>
    /// <param name="progress">Is told the share of sources that are done.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>Milliseconds by [percentile][source][target].</returns>
    /// <exception cref="ArgumentException">The walks do not fit the stops or each other, or window, percentiles, rides or limit are out of range; the message names which.</exception>
    public static int[][][] Between(ServiceDay day, Walks access, Walks egress, DepartureWindow window, IReadOnlyList<int> percentiles, Walks? direct = null,
        int mostRides = 8, int mostMs = Network.Unreachable - 1, int workers = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        window.Check();
        access.MustLead("access", access.FromCount, day.Timetable.StopCount);
        egress.MustLead("egress", day.Timetable.StopCount, egress.ToCount);
        direct?.MustLead("direct", access.FromCount, egress.ToCount);
        if (mostMs is < 0 or >= Network.Unreachable) throw new ArgumentException($"Times of at most {mostMs} ms: 0 … {Network.Unreachable - 1} are allowed.");
        foreach (var percentile in percentiles)
            if (percentile is < 1 or > 100) throw new ArgumentException($"The percentile {percentile}: 1 … 100 are allowed.");
        var matrices = percentiles.Select(_ => new int[access.FromCount][]).ToArray();
        int[] ranks = [.. percentiles.Select(p => (int)(((long)p * window.Count + 99) / 100) - 1)];
        Workers.Run(access.FromCount, workers, () => new WindowSearch(day, egress, window, mostRides, mostMs), (source, search) =>
        {
            for (var i = 0; i < matrices.Length; i++) matrices[i][source] = new int[egress.ToCount];
            search.Run(access, direct, source);
            for (var target = 0; target < egress.ToCount; target++)
            {
                var times = search.SortedMs(target);
                for (var i = 0; i < matrices.Length; i++) matrices[i][source][target] = times[ranks[i]];
            }
        }, progress, cancellation);
        return matrices;
    }

    /// <summary>All departures from one source after another, the last departure first.</summary>
    private sealed class WindowSearch(ServiceDay day, Walks egress, DepartureWindow window, int mostRides, int mostMs)
    {
        private readonly Raptor raptor = new(day, mostRides);
        private readonly int[] arrivals = new int[egress.ToCount], walks = new int[egress.ToCount], times = new int[checked(egress.ToCount * window.Count)];

        public void Run(Walks access, Walks? direct, int source)
        {
            raptor.Clear();
            Array.Fill(arrivals, Network.Unreachable);
            Array.Fill(walks, Network.Unreachable);
            for (var i = direct?.First[source] ?? 0; i < (direct?.First[source + 1] ?? 0); i++)
                if (direct!.TimesMs[i] <= mostMs) walks[direct.Tos[i]] = direct.TimesMs[i];
            var (from, count) = (access.First[source], access.First[source + 1] - access.First[source]);
            for (var (departure, at) = (window.Count - 1, window.FromMs + (window.Count - 1) * window.StepMs); departure >= 0; departure--, at -= window.StepMs)
            {
                raptor.Depart(access.Tos.AsSpan(from, count), access.TimesMs.AsSpan(from, count), at, mostMs);
                var earliest = raptor.Earliest;
                foreach (var stop in raptor.Lowered)
                    for (var (i, end) = (egress.First[stop], egress.First[stop + 1]); i < end; i++)
                        arrivals[egress.Tos[i]] = Math.Min(arrivals[egress.Tos[i]], earliest[stop] + egress.TimesMs[i]);
                for (var target = 0; target < arrivals.Length; target++)
                    times[target * window.Count + departure] = arrivals[target] - at is var ride && ride <= mostMs && arrivals[target] < Network.Unreachable ? Math.Min(ride, walks[target]) : walks[target];
            }
        }

        public ReadOnlySpan<int> SortedMs(int target)
        {
            var own = times.AsSpan(target * window.Count, window.Count);
            if (arrivals[target] < Network.Unreachable) own.Sort();
            return own;
        }
    }
}
