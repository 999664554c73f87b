using System.Text.Json.Serialization;
using Jietong.Services.Gains;
using Jietong.Services.Model;

namespace Jietong.Services.Reports;

/// <summary>The numbers of a report. Minutes, rounded to a hundredth of a second; null where there is none.</summary>
internal sealed record ReportResults(ReportSummary Summary, IReadOnlyList<ReportLink> Links, IReadOnlyList<ReportEnds> Uncertainty, IReadOnlyList<ReportPlace> Places,
    IReadOnlyList<ReportBin> Distribution, IReadOnlyList<ReportPair> MostChanged, IReadOnlyList<ReportPair> Asked, IReadOnlyList<AssumptionRow> Assumptions,
    ReportBase Base)
{
    public static ReportResults Of(ReportRequest request, Evaluation evaluation, CancellationToken cancel)
    {
        var model = evaluation.Model;
        var before = model.OpenLinks;
        var after = model.LinksWith(request.Open, request.Close);
        var weighting = Weighting.Of(request.Weights, model.Input);
        var weighed = evaluation.Compare(before, after, [weighting], cancel)[0];
        var (timesBefore, timesAfter) = (evaluation.TimesWith(before), evaluation.TimesWith(after));
        var shares = evaluation.SharesOf(before, after);
        var (metricBefore, metricAfter) = (evaluation.MetricWith(before), evaluation.MetricWith(after));
        var patched = shares.Keys.ToHashSet();
        ReportPair Pair(int from, int to) => ReportPair.Of(GainsOfLinks.Between(model, from, to, metricBefore, metricAfter), shares.ToDictionary(s => s.Key, s => Rounded(s.Value[from][to])));
        var metricWithAll = evaluation.MetricWith(before.Union(after).ToHashSet());
        ReportPair Asked(int from, int to) => Pair(from, to) with { RouteVia = model.RouteVia(patched, from, to, metricWithAll) };

        var gain = weighed.Gain;
        var harmed = Routing.Gain.Of(timesAfter, timesBefore, weighting.Weights, top: 2 * GainsOfLinks.PairsShown).MostHelped;
        var changed = gain.Joined.Concat(gain.Cut).Concat(gain.MostHelped.Concat(harmed).OrderByDescending(p => Math.Abs(p.SavedMs)));
        int Position(string place) => model.Places.Index().First(p => p.Item.Id == place).Index;
        return new(
            ReportSummary.Of(weighed, model.Topology.IsSketchWith(before.Union(after).ToHashSet())),
            [.. request.Open.Concat(request.Close).Select(id => ReportLink.Of(model.Topology.Works[id], request.Close.Contains(id), shares[id], weighting.Weights, (s, t) => double.IsFinite(timesBefore[s][t]) && double.IsFinite(timesAfter[s][t])))],
            [.. weighed.Ends.Select(e => new ReportEnds(e.Input, Minutes(e.LowMs), Minutes(e.HighMs))).OrderByDescending(e => e.HighMinutes - e.LowMinutes).ThenBy(e => e.Input, StringComparer.Ordinal)],
            ReportPlace.Of(model.Places, timesBefore, timesAfter, weighting.Weights), ReportBin.Of(timesBefore, timesAfter, weighting.Weights),
            [.. GainsOfLinks.OneDirection(changed).Select(p => Pair(p.From, p.To))], [.. request.Pairs.Select(p => Asked(Position(p.From), Position(p.To)))],
            evaluation.UsedAssumptions, ReportBase.Of(model, weighting));
    }

    public static double Rounded(double minutes) => Math.Round(minutes, 4) + 0.0;   // + 0.0: no negative zero

    public static double? Rounded(double? minutes) => minutes is { } m ? Rounded(m) : null;

    public static double Minutes(double milliseconds) => Rounded(milliseconds / 60_000);

    public static double? Minutes(double? milliseconds) => milliseconds is { } ms && double.IsFinite(ms) ? Minutes(ms) : null;
}

internal sealed record ReportSummary(double? MeanMinutesBefore, double? MeanMinutesAfter, double? SavedMinutes, double? LowMinutes, double? HighMinutes, bool Distinguishable, bool Sketch,
    int PairsCompared, int PairsFaster, int PairsSlower, int PairsJoined, int PairsCut,
    double? AcrossShare, int PairsAcross)
{
    public static ReportSummary Of(Weighed w, bool sketch) => new(ReportResults.Minutes(w.Gain.MeanBeforeMs), ReportResults.Minutes(w.Gain.MeanAfterMs), ReportResults.Minutes(w.Gain.MeanSavedMs),
        ReportResults.Minutes(w.Range?.Low), ReportResults.Minutes(w.Range?.High), w.Distinguishable, sketch, w.Gain.Compared, w.Gain.Faster, w.Gain.Slower, w.Gain.Joined.Count, w.Gain.Cut.Count,
        w.Across.ShareOfSaved is { } share ? ReportResults.Rounded(share) : null, w.Across.PairsChanged);
}

/// <summary>
/// What a report stands on: links that are open and in the model; open ones that it cannot show, with the reason; network rows whose dates nobody gives; works of links
/// that nobody had attested by the day; places that weigh nothing or have no position; and where the weights come from.
/// </summary>
internal sealed record ReportBase(IReadOnlyList<string> OpenLinks, IReadOnlyList<ReportReason> OpenNotModelled, IReadOnlyList<string> AssumedPresent, IReadOnlyList<string> WorksOfUnlisted,
    IReadOnlyList<string> PlacesLeftOut, IReadOnlyList<string> PlacesWithoutWeight, IReadOnlyList<CountyRow> Counties)
{
    public static ReportBase Of(TravelModel model, Weighting weighting)
    {
        var open = model.Topology.Works.Values.Where(w => model.OpenLinks.Contains(w.Link.Id)).OrderBy(w => w.Link.Id, StringComparer.Ordinal).ToList();
        var weighted = model.Places.Where((_, i) => weighting.Weights[i] > 0).Select(p => p.Adcode).ToHashSet();
        return new([.. open.Where(w => w.IsEvaluated).Select(w => w.Link.Id)], [.. open.Where(w => !w.IsEvaluated).Select(w => new ReportReason(w.Link.Id, w.ReasonZh!, w.ReasonEn!))],
            model.Topology.AssumedPresent, model.Topology.WorksOfUnlisted, [.. model.Input.Places.Where(p => p.Longitude is null || model.Topology.PlacesOff.ContainsKey(p.Id)).Select(p => p.Id)],
            [.. model.Places.Where((_, i) => weighting.Weights[i] == 0).Select(p => p.Id)],
            weighting.Name == "county" ? [.. model.Input.Counties.Where(c => weighted.Contains(c.Adcode)).DistinctBy(c => c.Adcode)] : []);
    }
}

internal sealed record ReportReason(string Id, string ReasonZh, string ReasonEn);

/// <summary>A link of the patch, and its share of the gain: mean minutes over the pairs that can be travelled before and after.</summary>
internal sealed record ReportLink(string Id, string NameZh, string NameEn, string State, bool Closed, double? Longitude, double? Latitude, double PositionMetres, bool InData, string WorksZh, string WorksEn, double ShareMinutes)
{
    public static ReportLink Of(LinkWorks works, bool closed, double[][] shares, IReadOnlyList<double> weights, Func<int, int, bool> isCompared)
    {
        double sum = 0, weight = 0;
        for (var s = 0; s < weights.Count; s++)
            for (var t = 0; t < weights.Count; t++)
                if (s != t && isCompared(s, t)) (sum, weight) = (sum + weights[s] * weights[t] * shares[s][t], weight + weights[s] * weights[t]);
        var link = works.Link;
        return new(link.Id, link.NameZh, link.NameEn, link.State, closed, link.Longitude, link.Latitude, works.PositionMetres, works.InData, works.WorksZh, works.WorksEn, weight == 0 ? 0 : ReportResults.Rounded(sum / weight));
    }
}

/// <summary>An input that has a range, and the gain with it alone at its ends.</summary>
internal sealed record ReportEnds(string Input, double LowMinutes, double HighMinutes);

/// <summary>A place: its weighted mean travel time to all places that can be reached before and after, Σ T·M ⁄ Σ M.</summary>
internal sealed record ReportPlace(string Id, string NameZh, string NameEn, string Kind, double Longitude, double Latitude, double Weight, double? MeanMinutesBefore, double? MeanMinutesAfter)
{
    [JsonIgnore]
    public double SavedMinutes => (MeanMinutesBefore - MeanMinutesAfter) ?? 0;

    public static IReadOnlyList<ReportPlace> Of(IReadOnlyList<PlaceRow> places, double[][] before, double[][] after, IReadOnlyList<double> weights) => [.. places.Select((place, s) =>
    {
        double sumBefore = 0, sumAfter = 0, weight = 0;
        for (var t = 0; t < places.Count; t++)
        {
            if (s == t || !double.IsFinite(before[s][t]) || !double.IsFinite(after[s][t])) continue;
            (sumBefore, sumAfter, weight) = (sumBefore + weights[t] * before[s][t], sumAfter + weights[t] * after[s][t], weight + weights[t]);
        }
        double? Mean(double sum) => weight == 0 ? null : ReportResults.Minutes(sum / weight);
        return new ReportPlace(place.Id, place.NameZh, place.NameEn, place.Kind, place.Longitude!.Value, place.Latitude!.Value, ReportResults.Rounded(weights[s]), Mean(sumBefore), Mean(sumAfter));
    })];
}

/// <summary>How many ordered pairs save from so many minutes to less than so many; the last bin has no end.</summary>
internal sealed record ReportBin(double? FromMinutes, double? ToMinutes, int Pairs)
{
    private static readonly double[] Edges = [-30, -10, -5, -1, -0.05, 0.05, 1, 2, 5, 10, 20, 30, 60];

    public static IReadOnlyList<ReportBin> Of(double[][] before, double[][] after, IReadOnlyList<double> weights)
    {
        var saved = from s in Enumerable.Range(0, before.Length) from t in Enumerable.Range(0, before.Length)
                    where s != t && weights[s] * weights[t] > 0 && double.IsFinite(before[s][t]) && double.IsFinite(after[s][t])
                    select (before[s][t] - after[s][t]) / 60_000;
        var counts = saved.CountBy(minutes => Edges.Count(e => e <= minutes)).ToDictionary();
        return [.. Enumerable.Range(0, Edges.Length + 1).Select(i => new ReportBin(i == 0 ? null : Edges[i - 1], i == Edges.Length ? null : Edges[i], counts.GetValueOrDefault(i)))];
    }
}

/// <summary>
/// An ordered pair of places with its ways before and after; minutes are null where no path leads. Shares: minutes by link.
/// For pairs that were asked for: the soonest way by the links of the patch, also where it is not the best.
/// </summary>
internal sealed record ReportPair(string From, string FromZh, string FromEn, string To, string ToZh, string ToEn, double? MinutesBefore, double? MinutesAfter,
    IReadOnlyDictionary<string, double> ShareMinutes, Route? RouteBefore, Route? RouteAfter)
{
    public Route? RouteVia { get; init; }

    public static ReportPair Of(HelpedPair pair, IReadOnlyDictionary<string, double> shares) => new(pair.From.Id, pair.From.NameZh, pair.From.NameEn, pair.To.Id, pair.To.NameZh, pair.To.NameEn,
        pair.Before is { } b ? ReportResults.Rounded(b.Minutes) : null, pair.After is { } a ? ReportResults.Rounded(a.Minutes) : null, shares, pair.Before, pair.After);
}
