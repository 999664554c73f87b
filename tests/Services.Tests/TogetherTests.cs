using Jietong.Services.Gains;
using Jietong.Services.Model;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Links valued together, against every set of them evaluated by itself. A failure names the seed: <c>RandomWorld.Of(seed)</c> is the world.</summary>
public sealed class TogetherTests
{
    private const double Rounding = 1e-6;

    [Fact]
    public void Alone_last_shares_pairs_and_the_sequence_are_those_of_sets_evaluated_one_by_one()
    {
        var (links, substitutes, complements) = (0, 0, 0);
        foreach (var mode in Enum.GetValues<Mode>())
            for (var seed = 1; seed <= 60; seed++)
                foreach (var missing in new[] { true, false })
                {
                    var world = RandomWorld.Of(seed).Input;
                    var (evaluation, weighting) = (new Evaluation(new(world, mode)), Weighting.Of("town", world));
                    var rows = Together.Of(evaluation, missing, [weighting], default).ToList();
                    var others = evaluation.Model.OpenLinks.Except(rows.Select(r => r.Link)).ToHashSet();
                    double Mean(IEnumerable<TogetherGain> set) => MeanMinutes(evaluation.TimesMs(others.Concat(set.Select(r => r.Link)).ToHashSet()), weighting.Weights);
                    var (none, all) = (Mean([]), Mean(rows));
                    try
                    {
                        Assert.Equal(rows.Count == 0 ? 0 : rows[0].TogetherMinutes, rows.Sum(r => r.ShareMinutes), Rounding);
                        foreach (var row in rows)
                        {
                            Assert.Equal((60, missing && row.NextMinutes > 0.00005, missing), (row.HorizonMinutes, row.NextRank is not null, row.NextMinutes is not null));
                            Assert.Equal((none - all, none - Mean([row]), Mean(rows.Where(r => r != row)) - all), (row.TogetherMinutes, row.AloneMinutes, row.LastInMinutes), Near);
                            Assert.Equal(rows.Count - 1, row.Synergies.Count);
                            foreach (var (other, minutes) in row.Synergies)
                            {
                                Assert.Equal(Mean([row]) + Mean(rows.Where(r => r.Link == other)) - none - Mean(rows.Where(r => r == row || r.Link == other)), minutes, Rounding);
                                (substitutes, complements) = (substitutes + (minutes < -0.01 ? 1 : 0), complements + (minutes > 0.01 ? 1 : 0));
                            }
                        }
                        var before = new List<TogetherGain>();
                        foreach (var next in rows.Where(r => r.NextRank is not null).OrderBy(r => r.NextRank))
                        {
                            var best = rows.Except(before).Max(r => Mean(before) - Mean(before.Append(r)));
                            Assert.Equal(before.Count + 1, next.NextRank);
                            Assert.Equal((best, best), (next.NextMinutes!.Value, Mean(before) - Mean(before.Append(next))), (a, b) => Math.Abs(a.Item1 - b.Item1) < Rounding && Math.Abs(a.Item2 - b.Item2) < Rounding);
                            before.Add(next);
                        }
                        links += rows.Count;
                    }
                    catch (Exception e) { Assert.Fail($"RandomWorld.Of({seed}), {mode}, {(missing ? "missing" : "open")} links: {e.Message}"); }
                }
        Assert.True(links > 100 && substitutes > 20 && complements > 0, $"{links} links, {substitutes} pairs replace each other, {complements} complete each other");
    }

    private static bool Near((double, double, double) a, (double, double, double) b) => Math.Abs(a.Item1 - b.Item1) < Rounding && Math.Abs(a.Item2 - b.Item2) < Rounding && Math.Abs(a.Item3 - b.Item3) < Rounding;

    private static double MeanMinutes(int[][] times, IReadOnlyList<double> weights)
    {
        var pairs = from s in Enumerable.Range(0, times.Length) from t in Enumerable.Range(0, times.Length) where s != t select (Weight: weights[s] * weights[t], Minutes: Math.Min(60, times[s][t] / 60_000.0));
        return pairs.Sum(p => p.Weight * p.Minutes) / pairs.Sum(p => p.Weight);
    }
}
