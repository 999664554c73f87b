using Jietong.Services.Gains;
using Jietong.Services.Model;
using Jietong.Services.Reports;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What holds in every world. A failure names the seed and the mode: <c>RandomWorld.Of(seed)</c> is the world.</summary>
public sealed class ModelInvariantTests
{
    private const int Worlds = 40;

    private static void InEveryWorld(Action<ModelWorld, Mode, int> holds)
    {
        foreach (var mode in Enum.GetValues<Mode>())
            for (var seed = 1; seed <= Worlds; seed++)
            {
                try { holds(RandomWorld.Of(seed), mode, seed); }
                catch (Exception e) { Assert.Fail($"RandomWorld.Of({seed}), {mode}: {e.Message}"); }
            }
    }

    private static ReportRequest Request(ModelInput input, Mode mode, IEnumerable<string> links, string weights = "equal")
    {
        var open = new TravelModel(input, mode).OpenLinks;
        return new(input.AsOf, input.KnownBy, Modes.Name(mode), weights, [.. links.Where(l => !open.Contains(l))], [.. links.Where(open.Contains)], [new(input.PlacesInNetwork().First().Id, input.PlacesInNetwork().Last().Id)]);
    }

    private static Report ReportOf(ModelInput input, Mode mode, IEnumerable<string> links) => Report.Of(Request(input, mode, links), input, "1-abc");

    private static IEnumerable<string> Evaluable(ModelInput input, Mode mode) => new TravelModel(input, mode).Topology.Works.Values.Where(w => w.IsEvaluated).Select(w => w.Link.Id).Order(StringComparer.Ordinal);

    [Fact]
    public void The_worlds_are_worth_asking()
    {
        var (helped, joined, cut) = (0, 0, 0);
        InEveryWorld((world, mode, _) =>
        {
            foreach (var link in Evaluable(world.Input, mode))
            {
                var summary = ReportOf(world.Input, mode, [link]).Results.Summary;
                (helped, joined, cut) = (helped + summary.PairsFaster, joined + summary.PairsJoined, cut + summary.PairsCut);
            }
        });
        Assert.True(helped > 100 && joined > 100 && cut > 20, $"{helped} pairs faster, {joined} joined, {cut} cut");
    }

    [Fact]
    public void The_empty_patch_changes_nothing_to_the_bit() => InEveryWorld((world, mode, _) =>
    {
        var results = ReportOf(world.Input, mode, []).Results;
        var s = results.Summary;
        Assert.Equal(s.MeanMinutesBefore, s.MeanMinutesAfter);
        Assert.Equal(s.PairsCompared == 0 ? (null, null, null) : (0, 0, (double?)0), (s.SavedMinutes, s.LowMinutes, s.HighMinutes));
        Assert.Equal((0, 0, 0, 0, false), (s.PairsFaster, s.PairsSlower, s.PairsJoined, s.PairsCut, s.Distinguishable));
        Assert.All(results.Uncertainty, e => Assert.Equal((0, 0), (e.LowMinutes, e.HighMinutes)));
        Assert.All(results.Places, p => Assert.Equal(p.MeanMinutesBefore, p.MeanMinutesAfter));
        Assert.Equal((0, 0), (results.Links.Count, results.MostChanged.Count));
    });

    /// <summary>Opened one after another, each by itself and on top of those before, whatever else is assumed.</summary>
    [Fact]
    public void A_link_more_makes_no_pair_slower() => InEveryWorld((world, mode, seed) =>
    {
        var model = new TravelModel(world.Input, mode);
        var inputs = new Inputs(world.Input.Assumptions).With("waiting-share", 0.3 + seed % 7 * 0.1);
        double[][] Times(IEnumerable<string> links) => model.TimesBetweenPlaces(model.MetricOf(inputs, links.ToHashSet()));
        var links = Evaluable(world.Input, mode).ToList();
        for (var i = 0; i < links.Count; i++)
            foreach (var before in new[] { Times([]), Times(links.Take(i)) }.Zip(new[] { Times([links[i]]), Times(links.Take(i + 1)) }))
                for (var s = 0; s < model.Places.Count; s++)
                    for (var t = 0; t < model.Places.Count; t++)
                        Assert.True(before.Second[s][t] <= before.First[s][t], $"{links[i]} makes {s}→{t} {before.Second[s][t]} ms, {before.First[s][t]} without");
    });

    [Fact]
    public void Opening_slows_down_and_cuts_off_nobody_and_closing_speeds_up_and_joins_nobody() => InEveryWorld((world, mode, _) =>
    {
        foreach (var link in Evaluable(world.Input, mode))
        {
            var report = ReportOf(world.Input, mode, [link]);
            var s = report.Results.Summary;
            Assert.Equal((0, 0), report.Request.Close.Count == 0 ? (s.PairsSlower, s.PairsCut) : (s.PairsFaster, s.PairsJoined));
        }
    });

    [Fact]
    public void The_range_holds_the_value() => InEveryWorld((world, mode, _) =>
    {
        foreach (var (_, gain) in GainsOfLinks.Of(new(new(world.Input, mode)), [Weighting.Of("equal", world.Input)], default))
            if (gain.Result is { Range: { } range, Gain.MeanSavedMs: { } saved })
                Assert.True(0 <= range.Low && range.Low <= saved && saved <= range.High, $"{gain.Works.Link.Id}: {range.Low} … {saved} … {range.High}");
    });

    [Fact]
    public void The_shares_of_a_patch_sum_to_what_it_saves_up_to_the_horizon_only_where_some_leave_no_path() => InEveryWorld((world, mode, _) =>
    {
        var input = world.Input;
        var evaluation = new Evaluation(new(input, mode));
        var patch = Evaluable(input, mode).Take(3).ToHashSet();
        var before = evaluation.Model.OpenLinks;
        var after = before.Except(patch).Union(patch.Except(before)).ToHashSet();
        var (was, becomes, shares) = (evaluation.TimesWith(before), evaluation.TimesWith(after), evaluation.SharesOf(before, after));
        Assert.Equal(patch.Order(), shares.Keys.Order());
        var some = Enumerable.Range(0, 1 << patch.Count).Select(set => evaluation.TimesWith(patch.Where((_, i) => (set >> i & 1) == 1).Aggregate(before.Except(patch), (links, link) => links.Append(link)).ToHashSet())).ToList();
        for (var s = 0; s < was.Length && patch.Count > 0; s++)
            for (var t = 0; t < was.Length; t++)
            {
                var horizon = some.All(times => double.IsFinite(times[s][t])) ? double.MaxValue : 60;
                Assert.Equal(Math.Min(horizon, was[s][t] / 60_000) - Math.Min(horizon, becomes[s][t] / 60_000), shares.Values.Sum(of => of[s][t]), 1e-6);
            }
    });

    [Fact]
    public void The_same_input_gives_the_same_hash_and_another_order_of_its_rows_the_same_summary() => InEveryWorld((world, mode, seed) =>
    {
        var patch = Evaluable(world.Input, mode).Take(2).ToList();
        var report = ReportOf(world.Input, mode, patch);
        Assert.Equal(report.ToJson(), ReportOf(world.Input, mode, patch).ToJson());
        var other = ReportOf(RandomWorld.Shuffled(world.Input, seed), mode, patch).Results;
        Assert.Equal(report.Results.Summary, other.Summary);
        Assert.All(report.Results.Links.Zip(other.Links), l => Assert.Equal(l.First.ShareMinutes, l.Second.ShareMinutes, 0.0002));
        Assert.Equal(report.Results.Places.OrderBy(p => p.Id, StringComparer.Ordinal), other.Places.OrderBy(p => p.Id, StringComparer.Ordinal));
    });

    /// <summary>Where a row of a road ends one can get onto it; a vertex within the row is only its shape.</summary>
    [Fact]
    public void A_vertex_more_on_a_road_changes_nothing() => InEveryWorld((world, _, _) =>
    {
        var input = world.Input;
        double[][] Times(ModelInput of) => new TravelModel(of, Mode.Car) is var model ? model.TimesBetweenPlaces(model.MetricOf(new(of.Assumptions), model.OpenLinks)) : [];
        var before = Times(input);
        foreach (var road in input.Roads)
        {
            var (a, b) = (road.Coordinates[0], road.Coordinates[1]);
            var between = new[] { (a[0] + b[0]) / 2, (a[1] + b[1]) / 2 };
            var after = Times(input with { Roads = [.. input.Roads.Select(r => r == road ? road with { Coordinates = [a, between, .. road.Coordinates.Skip(1)] } : r)] });
            for (var s = 0; s < before.Length; s++) Assert.Equal(before[s], after[s]);
        }
    });
}
