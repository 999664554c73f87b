namespace Jietong.Routing;

/// <summary>What if some arcs were closed: the counterfactual of an open link, one link after another, each alone.</summary>
public static class Closures
{
    /// <summary>
    /// Travel times with each link closed, as they are asked for. Each closure is a few arcs of a copy of the metric, customised again and then reopened, and one restricted matrix.
    /// Links of which sets matter are <see cref="Additions.Of"/>.
    /// </summary>
    /// <param name="metric">With all links open; it stays as it is.</param>
    /// <param name="links">The arcs of each, by the network's own numbering.</param>
    /// <param name="sources">Junctions.</param>
    /// <param name="targets">Junctions.</param>
    /// <param name="progress">Is told the share of links that are done, 0 … 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>For each link, milliseconds by [source][target]; <see cref="Network.Unreachable"/> where no path leads. Memory: 4 bytes for each pair, and a copy of the metric.</returns>
    /// <exception cref="ArgumentException">A link names an arc that is none of the network's.</exception>
    /// <exception cref="OverflowException">A path takes 2^29 ms or more.</exception>
    public static IEnumerable<int[][]> TimesMs(HierarchyMetric metric, IReadOnlyList<IReadOnlyList<int>> links, IReadOnlyList<int> sources, IReadOnlyList<int> targets, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var copy = metric.Copy();
        for (var link = 0; link < links.Count; link++)
        {
            copy.Set([.. links[link].Select(arc => (arc, Network.Unreachable))]);
            var times = TravelTimeMatrix.Between(copy.Searches(), sources, targets, null, cancellation);
            copy.Set([.. links[link].Select(arc => (arc, metric.TravelTimesMs[arc]))]);
            progress?.Report((link + 1.0) / links.Count);
            yield return times;
        }
    }
}
