using Jietong.Routing;
using Jietong.Services.Model;

namespace Jietong.Services.Gains;

/// <summary>A pair of places that a change helps, with its ways; minutes are null where no path leads.</summary>
internal sealed record HelpedPair(PlaceRow From, PlaceRow To, Route? Before, Route? After);

/// <summary>What one link brings, or why that is not evaluated.</summary>
internal sealed record LinkGain(LinkWorks Works, bool Closing, Weighed? Result, IReadOnlyList<HelpedPair> Pairs);

/// <summary>What does each link bring? Every link that can carry the mode is opened alone on the day's base; one that is open is closed instead.</summary>
internal static class GainsOfLinks
{
    public const int PairsShown = 10;

    /// <summary>All links by all weightings, in the order of their ids.</summary>
    public static IEnumerable<(Weighting Weighting, LinkGain Gain)> Of(Evaluation evaluation, IReadOnlyList<Weighting> weightings, CancellationToken cancel)
    {
        var open = evaluation.Model.OpenLinks;
        foreach (var works in evaluation.Model.Topology.Works.Values.OrderBy(w => w.Link.Id, StringComparer.Ordinal))
        {
            var id = works.Link.Id;
            var (before, after) = (open.Where(l => l != id).ToHashSet(), open.Append(id).ToHashSet());
            var results = works.IsEvaluated ? evaluation.Compare(before, after, weightings, cancel) : [];
            for (var w = 0; w < weightings.Count; w++)
                yield return (weightings[w], new(works, open.Contains(id), works.IsEvaluated ? results[w] : null,
                    works.IsEvaluated ? MostHelped(evaluation, results[w].Gain, before, after) : []));
        }
    }

    /// <summary>Newly joined pairs first, then those that save most, each in its more helped direction, with their routes.</summary>
    public static IReadOnlyList<HelpedPair> MostHelped(Evaluation evaluation, Gain gain, IReadOnlySet<string> before, IReadOnlySet<string> after)
    {
        var (metricBefore, metricAfter) = (evaluation.MetricWith(before), evaluation.MetricWith(after));
        return [.. OneDirection(gain.Joined.Concat(gain.MostHelped)).Select(p => Between(evaluation.Model, p.From, p.To, metricBefore, metricAfter))];
    }

    /// <summary>The first pairs of a list, each pair of places once.</summary>
    public static IEnumerable<PairTimes> OneDirection(IEnumerable<PairTimes> pairs) => pairs.DistinctBy(p => (Math.Min(p.From, p.To), Math.Max(p.From, p.To))).Take(PairsShown);

    public static HelpedPair Between(TravelModel model, int from, int to, ModelTimes before, ModelTimes after) =>
        new(model.Places[from], model.Places[to], model.RouteBetween(from, to, before), model.RouteBetween(from, to, after));
}
