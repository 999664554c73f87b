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
    public static int[][] Between(Searches searches, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Filled(new int[sources.Count][], Sweep.FromSources(searches, targets), sources, targets, progress, cancellation);

    /// <summary>The same by [target][source], by as many sweeps as the targets need: for few targets and many sources.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is no junction of the network.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static int[][] To(Searches searches, IReadOnlyList<int> sources, IReadOnlyList<int> targets, CancellationToken cancellation = default) =>
        Filled(new int[targets.Count][], Sweep.ToTargets(searches, sources), targets, sources, null, cancellation);

    private static int[][] Filled(int[][] rows, Sweep sweep, IReadOnlyList<int> junctions, IReadOnlyList<int> others, IProgress<double>? progress, CancellationToken cancellation)
    {
        Span<int> lanes = stackalloc int[Sweep.Lanes];
        for (var from = 0; from < rows.Length; from += Sweep.Lanes)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = lanes[..Math.Min(Sweep.Lanes, rows.Length - from)];
            for (var lane = 0; lane < some.Length; lane++) (some[lane], rows[from + lane]) = (junctions[from + lane], new int[others.Count]);
            sweep.Run(some);
            for (var other = 0; other < others.Count; other++)
            {
                sweep.CopyTo(others[other], some);
                for (var lane = 0; lane < some.Length; lane++) rows[from + lane][other] = some[lane];
            }
            progress?.Report((double)(from + some.Length) / rows.Length);
        }
        return rows;
    }
}
