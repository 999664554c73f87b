namespace Jietong.Routing;

public sealed partial class OptimalStrategies
{
    /// <summary>
    /// Expected times between some junctions and others, exactly those of <see cref="To"/>, one search for each destination, which ends when all origins are reached.
    /// Memory: 4 bytes for each pair, and for each thread about 45 for each junction.
    /// </summary>
    /// <param name="origins">Junctions; one may stand there several times.</param>
    /// <param name="destinations">Likewise.</param>
    /// <param name="workers">On how many threads.</param>
    /// <param name="progress">Is told the share of destinations that are done.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>Whole milliseconds by [origin][destination]; <see cref="Network.Unreachable"/> where no path leads.</returns>
    /// <exception cref="ArgumentException">One is no junction of the network; the message names it.</exception>
    public int[][] Between(IReadOnlyList<int> origins, IReadOnlyList<int> destinations, int workers = 1, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        Between(Walks.At(origins, network.JunctionCount), Walks.At(destinations, network.JunctionCount).Transposed(), null, workers, progress, cancellation);

    /// <summary>The same between places from which one walks to junctions, and to which one walks from junctions. The walks on both ends are part of what is optimal, as if they were arcs.</summary>
    /// <param name="access">From places to junctions of the network.</param>
    /// <param name="egress">From junctions to places.</param>
    /// <param name="direct">From place to place; counts where it is shorter.</param>
    /// <param name="workers">On how many threads.</param>
    /// <param name="progress">Is told the share of destinations that are done.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>Whole milliseconds by [origin][destination].</returns>
    /// <exception cref="ArgumentException">The walks are not from and to as many places as the others, or as there are junctions.</exception>
    public int[][] Between(Walks access, Walks egress, Walks? direct = null, int workers = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        access.MustLead("access", access.FromCount, network.JunctionCount);
        egress.MustLead("egress", network.JunctionCount, egress.ToCount);
        direct?.MustLead("direct", access.FromCount, egress.ToCount);
        var (ends, wanted, rows) = (egress.Transposed(), access.Tos.Distinct().ToList(), new int[access.FromCount][]);
        for (var origin = 0; origin < rows.Length; origin++) rows[origin] = new int[egress.ToCount];
        Workers.Run(egress.ToCount, workers, () => new StrategySearch(incoming, wanted), (to, search) =>
        {
            var (from, count) = (ends.First[to], ends.First[to + 1] - ends.First[to]);
            search.Run(ends.Tos.AsSpan(from, count), ends.TimesMs.AsSpan(from, count), null);
            for (var origin = 0; origin < rows.Length; origin++)
            {
                var best = Network.Unreachable;
                for (var i = access.First[origin]; i < access.First[origin + 1]; i++) best = Math.Min(best, access.TimesMs[i] + search.TimesMs[access.Tos[i]]);
                rows[origin][to] = best;
            }
        }, progress, cancellation);
        for (var origin = 0; direct is not null && origin < rows.Length; origin++)
            foreach (var (to, ms) in direct.From(origin)) rows[origin][to] = Math.Min(rows[origin][to], ms);
        return rows;
    }
}
