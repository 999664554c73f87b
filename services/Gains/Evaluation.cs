using Jietong.Routing;
using Jietong.Services.Model;
using Range = Jietong.Routing.Range;

namespace Jietong.Services.Gains;

/// <summary>A gain under one weighting, how far it may be off, and, for each input that has a range, the gain with it alone at its ends.</summary>
internal sealed record Weighed(Weighting Weighting, Gain Gain, Range? Range, IReadOnlyList<InputEnds> Ends, AcrossTheLine Across)
{
    /// <summary>Whether it can be told from nothing.</summary>
    public bool Distinguishable => Range is { ExcludesZero: true };
}

/// <summary>What of the change lies on pairs with one place on each side of Shanghai's province line.</summary>
/// <param name="ShareOfSaved">Their part of all minutes saved, 0 … 1; null where nothing is saved in all.</param>
/// <param name="PairsChanged">How many of them change.</param>
internal sealed record AcrossTheLine(double? ShareOfSaved, int PairsChanged);

/// <summary>An assumption, or the position of a link, and the gains at the ends of its range; milliseconds.</summary>
internal sealed record InputEnds(string Input, double LowMs, double HighMs);

/// <summary>Travel times of one model, evaluated with different links in place; what was evaluated once is remembered.</summary>
internal sealed class Evaluation
{
    private const double RoughStopMetres = 500;

    private sealed record Variation(string Input, Inputs Inputs, string? LinkId = null, TravelModel? Model = null);

    private readonly Variation central;
    private readonly List<Variation> assumptions;
    private readonly Dictionary<(Inputs, string), double[][]> known = [];
    private readonly Lock remembering = new();

    public Evaluation(TravelModel model)
    {
        Model = model;
        central = new("", new(model.Input.Assumptions));
        model.AskForAll(central.Inputs);
        UsedAssumptions = central.Inputs.Used;
        assumptions = [.. UsedAssumptions.SelectMany(a => new[] { a.Low, a.High }.Where(v => v != a.Value).Select(v => new Variation(a.Id, central.Inputs.With(a.Id, v))))];
    }

    public TravelModel Model { get; }
    public IReadOnlyList<AssumptionRow> UsedAssumptions { get; }

    public ModelTimes MetricWith(IReadOnlySet<string> links) => Model.MetricOf(central.Inputs, links);

    /// <summary>What longer times, and no path, count as where parts must sum to a whole.</summary>
    public double HorizonMinutes => central.Inputs["gain-horizon"];

    public Additions AdditionsOf(IReadOnlySet<string> others, IReadOnlyList<string> links) => Model.AdditionsOf(central.Inputs, others, links);

    /// <summary>As <see cref="TimesWith"/>, without remembering; <see cref="Network.Unreachable"/> where no path leads.</summary>
    public int[][] TimesMs(IReadOnlySet<string> links) => Model.TimesMs(Model.MetricOf(central.Inputs, links));

    public double[][] TimesWith(IReadOnlySet<string> links) => Times(central, links);

    /// <summary>What changes from one set of links in place to another, by each weighting, with its range.</summary>
    /// <param name="before">Links in place before.</param>
    /// <param name="after">Links in place after.</param>
    /// <param name="weightings">At least one.</param>
    /// <param name="cancel">Stops between evaluations.</param>
    public IReadOnlyList<Weighed> Compare(IReadOnlySet<string> before, IReadOnlySet<string> after, IReadOnlyList<Weighting> weightings, CancellationToken cancel = default)
    {
        var changed = before.Union(after).Except(before.Intersect(after)).Select(id => Model.Topology.Works[id]).ToList();
        List<Variation> variations = [.. assumptions, .. changed.SelectMany(Positions), .. changed.SelectMany(StopPositions)];
        var results = new (double[][] Before, double[][] After)[variations.Count];
        Parallel.For(0, variations.Count, new() { CancellationToken = cancel }, v => results[v] = (Times(variations[v], before), Times(variations[v], after)));
        var (timesBefore, timesAfter) = (Times(central, before), Times(central, after));
        return [.. weightings.Select(weighting =>
        {
            var gain = Gain.Of(timesBefore, timesAfter, weighting.Weights, top: 2 * GainsOfLinks.PairsShown);
            if (gain.MeanSavedMs is not { } saved) return new Weighed(weighting, gain, null, [], new(null, 0));
            var moved = results.Select((r, v) => (variations[v].Input, Saved: Gain.Of(r.Before, r.After, weighting.Weights, top: 0).MeanSavedMs ?? 0)).GroupBy(m => m.Input).ToList();
            var range = Range.Of(saved, moved.Select(m => m.Select(x => x.Saved).ToList()));
            // A link more makes nobody slower, a link less nobody faster: the range ends at 0.
            range = before.IsSubsetOf(after) ? range with { Low = Math.Max(0, range.Low) } : after.IsSubsetOf(before) ? range with { High = Math.Min(0, range.High) } : range;
            return new Weighed(weighting, gain, range, [.. moved.Select(m => new InputEnds(m.Key, m.Min(x => x.Saved), m.Max(x => x.Saved)))], Across(timesBefore, timesAfter, weighting.Weights));
        })];
    }

    private AcrossTheLine Across(double[][] before, double[][] after, IReadOnlyList<double> weights)
    {
        var (across, all, pairs) = (0.0, 0.0, 0);
        for (var s = 0; s < before.Length; s++)
            for (var t = 0; t < before.Length; t++)
            {
                if (s == t || !double.IsFinite(before[s][t]) || !double.IsFinite(after[s][t]) || before[s][t] == after[s][t]) continue;
                var saved = weights[s] * weights[t] * (before[s][t] - after[s][t]);
                all += saved;
                if (saved == 0 || Zones.Of(Model.Places[s].Adcode) == Zones.Of(Model.Places[t].Adcode)) continue;
                across += saved;
                pairs++;
            }
        return new(all == 0 ? null : across / all, pairs);
    }

    /// <summary>A link whose position is a circle may lie anywhere in it.</summary>
    private IEnumerable<Variation> Positions(LinkWorks works) =>
        Inputs.PlacesOfCircle(works.PositionMetres).Select(at => new Variation($"position of {works.Link.Id}", central.Inputs.WithMoved(works.Link.Id, at.East, at.North), works.Link.Id));

    /// <summary>Stops of the link's own line that are placed rougher than one walks in a few minutes (at a town's point, say): each at eight places of its rim.</summary>
    private IEnumerable<Variation> StopPositions(LinkWorks works) =>
        from line in Model.Mode == Mode.Transit ? Model.Input.Lines.Where(l => l.LinkId == works.Link.Id) : []
        from stop in line.Stops.Where(s => s.AccuracyMetres >= RoughStopMetres)
        from direction in Enumerable.Range(0, 8)
        let angle = direction * Math.PI / 4
        let at = Earth.Moved(stop.Longitude!.Value, stop.Latitude!.Value, stop.AccuracyMetres!.Value * Math.Cos(angle), stop.AccuracyMetres.Value * Math.Sin(angle))
        let moved = line with { Stops = [.. line.Stops.Select(s => s == stop ? s with { Longitude = at.Longitude, Latitude = at.Latitude } : s)] }
        select new Variation($"position of {stop.NameZh} ({line.Id})", new(Model.Input.Assumptions), works.Link.Id, new(Model.Input with { Lines = [.. Model.Input.Lines.Select(l => l == line ? moved : l)] }, Model.Mode));

    private double[][] Times(Variation variation, IReadOnlySet<string> links)
    {
        if (variation.LinkId is { } moved && !links.Contains(moved)) variation = central;
        var key = (variation.Inputs, string.Join(' ', links.Order(StringComparer.Ordinal)));
        lock (remembering) if (known.TryGetValue(key, out var times)) return times;
        var model = variation.Model ?? Model;
        var found = model.TimesBetweenPlaces(model.MetricOf(variation.Inputs, links));
        lock (remembering) return known[key] = found;
    }

    /// <summary>
    /// The share of each link of a patch in what a pair saves (Shapley). Only where some of the links alone leave no path, times are capped at the horizon, so that
    /// no path is a number; otherwise the shares sum to what the pair saves, to the microsecond.
    /// </summary>
    /// <returns>By link, minutes by [from][to].</returns>
    public IReadOnlyDictionary<string, double[][]> SharesOf(IReadOnlySet<string> before, IReadOnlySet<string> after)
    {
        var changed = before.Union(after).Except(before.Intersect(after)).Order(StringComparer.Ordinal).ToList();
        var sets = Enumerable.Range(0, 1 << changed.Count).Select(set =>
            Times(central, before.Where(l => !changed.Contains(l)).Concat(changed.Where((l, i) => before.Contains(l) != ((set >> i & 1) == 1))).ToHashSet())).ToList();
        var n = Model.Places.Count;
        var shares = changed.ToDictionary(l => l, _ => Enumerable.Range(0, n).Select(_ => new double[n]).ToArray());
        for (var s = 0; s < n; s++)
            for (var t = 0; t < n; t++)
            {
                var cap = sets.All(times => double.IsFinite(times[s][t])) ? double.MaxValue : HorizonMinutes * 60_000;
                var share = Shares.Of(changed.Count, [.. sets.Select(times => -(long)Math.Round(Math.Min(cap, times[s][t]) * 1000))]);
                for (var i = 0; i < changed.Count; i++) shares[changed[i]][s][t] = share[i] / 60e6;
            }
        return shares;
    }
}
