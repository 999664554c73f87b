namespace Jietong.Routing;

/// <summary>Travel times between some junctions and others, by sweeps that go down to the targets alone.</summary>
public static class TravelTimeMatrix
{
    /// <summary>Milliseconds by [source][target]; <see cref="Network.Unreachable"/> where no path leads. Memory: 4 bytes for each pair besides the sweep's.</summary>
    /// <param name="searches">Of a metric; a perfect one is faster.</param>
    /// <param name="sources">Junctions; one may stand there several times.</param>
    /// <param name="targets">Likewise.</param>
    /// <param name="progress">Is told the share of sources that are done, 0 … 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static int[][] Between(Searches searches, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (sweep, rows) = (Sweep.FromSources(searches, targets), new int[sources.Count][]);
        Span<int> lanes = stackalloc int[Sweep.Lanes];
        for (var from = 0; from < rows.Length; from += Sweep.Lanes)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = lanes[..Math.Min(Sweep.Lanes, rows.Length - from)];
            for (var lane = 0; lane < some.Length; lane++) (some[lane], rows[from + lane]) = (sources[from + lane], new int[targets.Count]);
            sweep.Run(some);
            for (var t = 0; t < targets.Count; t++)
            {
                sweep.CopyTo(targets[t], some);
                for (var lane = 0; lane < some.Length; lane++) rows[from + lane][t] = some[lane];
            }
            progress?.Report((double)(from + some.Length) / rows.Length);
        }
        return rows;
    }
}
