using Jietong.Routing;
using Jietong.Services.Model;

namespace Jietong.Services.Gains;

/// <summary>What a link brings among its like, in minutes of the mean over all pairs, times capped at the horizon.</summary>
/// <param name="Weighting">Of the places.</param>
/// <param name="Link">Its id.</param>
/// <param name="HorizonMinutes">What longer times, and no path, count as.</param>
/// <param name="TogetherMinutes">What all of them bring: to this the shares sum.</param>
/// <param name="AloneMinutes">None of the others being there.</param>
/// <param name="LastInMinutes">All of the others being there.</param>
/// <param name="ShareMinutes">Its Shapley value.</param>
/// <param name="ShareErrorMinutes">The standard error of the share; 0 where every set was evaluated.</param>
/// <param name="NextRank">Its place when always the one comes next that saves most then; null for links that are open, and for those that then save nothing.</param>
/// <param name="NextMinutes">What it saves then.</param>
/// <param name="Synergies">With each of the others.</param>
internal sealed record TogetherGain(Weighting Weighting, string Link, double HorizonMinutes, double TogetherMinutes, double AloneMinutes, double LastInMinutes, double ShareMinutes, double ShareErrorMinutes,
    int? NextRank, double? NextMinutes, IReadOnlyList<(string Link, double Minutes)> Synergies);

/// <summary>
/// What do links bring together, and which comes next? Those that are missing are added to the day's network; those that are open are taken out of it and put back.
/// By car every set of them follows from one preparation; by public transport each set is evaluated by itself, so fewer are.
/// </summary>
internal static class Together
{
    private const int OrdersByCar = 400, MostSetsByTransit = 512;

    /// <summary>All links that can be evaluated, by each weighting under which two places weigh anything; none where there are none.</summary>
    /// <param name="evaluation">Of the day.</param>
    /// <param name="missing">Those that are not open; else those that are.</param>
    /// <param name="weightings">At least one.</param>
    /// <param name="cancel">Stops between evaluations.</param>
    public static IEnumerable<TogetherGain> Of(Evaluation evaluation, bool missing, IReadOnlyList<Weighting> weightings, CancellationToken cancel)
    {
        var (model, open) = (evaluation.Model, evaluation.Model.OpenLinks);
        List<string> links = [.. model.Topology.Works.Values.Where(w => w.IsEvaluated && open.Contains(w.Link.Id) != missing).Select(w => w.Link.Id).Order(StringComparer.Ordinal)];
        weightings = [.. weightings.Where(w => w.Weights.Count(weight => weight > 0) > 1)];   // without two places that weigh, nothing has a mean
        if (links.Count == 0 || weightings.Count == 0) yield break;
        if (links.Count > Additions.MostLinks) throw new Geodata.InputException($"{links.Count} links at once: at most {Additions.MostLinks} are valued together.");
        var others = open.Except(links).ToHashSet();
        Func<ulong, int[][]> times = model.Mode == Mode.Car ? evaluation.AdditionsOf(others, links).TimesMs : set => evaluation.TimesMs(others.Concat(links.Where((_, i) => (set >> i & 1) != 0)).ToHashSet());
        var means = new Dictionary<ulong, long[]>();   // of each set, by each weighting: the times themselves are looked at once
        long[] Means(ulong set) => means.TryGetValue(set, out var known) ? known : means[set] = times(set) is var found ? [.. weightings.Select(w => Mean(found, w.Weights, evaluation.HorizonMinutes * 60_000))] : [];
        var gains = weightings.Select((_, w) => new LinkGains(links.Count, set => Means(set)[w]));
        foreach (var (weighting, gain) in weightings.Zip(gains))
            foreach (var row in Rows(gain, weighting, links, missing, evaluation, cancel)) yield return row;
    }

    private static IEnumerable<TogetherGain> Rows(LinkGains gains, Weighting weighting, List<string> links, bool missing, Evaluation evaluation, CancellationToken cancel)
    {
        var (k, car) = (links.Count, evaluation.Model.Mode == Mode.Car);
        var exact = k <= Shares.MostExact && (car || 1 << k <= MostSetsByTransit);
        var (shares, errors) = exact ? (gains.Shares(null, cancel), new double[k]) : gains.SampledShares(car ? OrdersByCar : Math.Max(2, MostSetsByTransit / k), 1, null, cancel);
        var (alone, last, synergies, next) = (gains.Standalone(), gains.LastIn(), gains.Synergies(null, cancel), gains.Sequence(0, null, cancel));
        for (var i = 0; i < k; i++)
        {
            var rank = next.Index().First(n => n.Item.Link == i).Index;
            var isNext = missing && Math.Round(Minutes(next[rank].SavedMicroseconds), 4) > 0;   // which of those that bring nothing comes first is not known
            yield return new(weighting, links[i], evaluation.HorizonMinutes, Minutes(gains.SavedMicroseconds(gains.All)), Minutes(alone[i]), Minutes(last[i]), Minutes(shares[i]), errors[i] / MicrosecondsPerMinute,
                isNext ? rank + 1 : null, missing ? Minutes(next[rank].SavedMicroseconds) : null, [.. links.Index().Where(l => l.Index != i).Select(l => (l.Item, Minutes(synergies[i][l.Index])))]);
        }
    }

    private static long Mean(int[][] times, IReadOnlyList<double> weights, double horizonMs)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var s = 0; s < times.Length; s++)
            for (var t = 0; t < times.Length; t++)
                if (s != t) (sum, weight) = (sum + weights[s] * weights[t] * Math.Min(times[s][t], horizonMs), weight + weights[s] * weights[t]);
        return (long)Math.Round(1000 * sum / weight);
    }

    private const double MicrosecondsPerMinute = 60e6;

    private static double Minutes(long microseconds) => microseconds / MicrosecondsPerMinute;
}
