using Xunit;

namespace Jietong.Routing.Tests;

public sealed class GainTests
{
    private const double No = double.PositiveInfinity;   // no path

    // Three places of weights 1, 2, 3; milliseconds from row to column; all six pairs can be travelled.
    //
    //          before            after         weight of the pair
    //        a   b   c         a   b   c         a   b   c
    //   a    0  10  20         0  10   8         ·   2   3
    //   b   12   0  30        12   0  33         2   ·   6
    //   c   20  40   0        14  40   0         3   6   ·
    //
    //   before: 2·10 + 3·20 + 2·12 + 6·30 + 3·20 + 6·40 = 584, after: 20 + 24 + 24 + 198 + 42 + 240 = 548, of 22
    private static readonly double[][] Before = [[0, 10, 20], [12, 0, 30], [20, 40, 0]];
    private static readonly double[][] After = [[0, 10, 8], [12, 0, 33], [14, 40, 0]];

    [Fact]
    public void Means_are_weighted_by_both_ends()
    {
        var gain = Gain.Of(Before, After, [1, 2, 3]);
        Assert.Equal(584.0 / 22, gain.MeanBeforeMs!.Value, 1e-12);
        Assert.Equal(548.0 / 22, gain.MeanAfterMs!.Value, 1e-12);
        Assert.Equal(36.0 / 22, gain.MeanSavedMs!.Value, 1e-12);
        Assert.Equal((6, 2, 1), (gain.Compared, gain.Faster, gain.Slower));
        Assert.Equal([new(0, 2, 20, 8), new(2, 0, 20, 14)], gain.MostHelped);
        Assert.Equal([12, 6], gain.MostHelped.Select(p => p.SavedMs));
        Assert.Empty(gain.Joined);
        Assert.Empty(gain.Cut);
    }

    [Fact]
    public void Way_there_and_way_back_are_the_same_gain_where_all_pairs_turn_round()
    {
        double[][] Turned(double[][] m) => [.. Enumerable.Range(0, 3).Select(t => m.Select(row => row[t]).ToArray())];
        Assert.Equal(36.0 / 22, Gain.Of(Turned(Before), Turned(After), [1, 2, 3]).MeanSavedMs!.Value, 1e-12);
        Assert.Equal(-36.0 / 22, Gain.Of(After, Before, [1, 2, 3]).MeanSavedMs!.Value, 1e-12);
    }

    // Joined a→b (weight 2), c→a (3) and b→c (6), cut b→a (2), nowhere before and after a→c; c→b stays, and is all that is compared.
    [Fact]
    public void Pairs_joined_and_cut_are_counted_apart_the_heaviest_joined_first()
    {
        var gain = Gain.Of([[0, No, No], [7, 0, No], [No, 9, 0]], [[0, 5, No], [No, 0, 6], [8, 4, 0]], [1, 2, 3]);
        Assert.Equal([new(1, 2, No, 6), new(2, 0, No, 8), new(0, 1, No, 5)], gain.Joined);
        Assert.Equal([new(1, 0, 7, No)], gain.Cut);
        Assert.Equal([new(2, 1, 9, 4)], gain.MostHelped);
        Assert.Equal((1, 1, 0), (gain.Compared, gain.Faster, gain.Slower));
        Assert.Equal((9, 4, 5), (gain.MeanBeforeMs, gain.MeanAfterMs, gain.MeanSavedMs));
    }

    // b weighs nothing: a→b, b→c, … neither count as compared, joined or cut, nor help anybody.
    [Fact]
    public void A_place_of_no_weight_is_left_out()
    {
        var gain = Gain.Of([[0, No, 20], [7, 0, 50], [20, 9, 0]], [[0, 5, 18], [No, 0, 6], [20, 9, 0]], [1, 0, 1]);
        Assert.Equal((2, 1, 0), (gain.Compared, gain.Faster, gain.Slower));
        Assert.Equal((20, 19, 1), (gain.MeanBeforeMs, gain.MeanAfterMs, gain.MeanSavedMs));
        Assert.Equal([new(0, 2, 20, 18)], gain.MostHelped);
        Assert.Empty(gain.Joined);
        Assert.Empty(gain.Cut);
    }

    [Fact]
    public void Nothing_to_compare_has_no_mean()
    {
        foreach (var gain in new[] { Gain.Of([], [], []), Gain.Of([[0]], [[0]], [1]), Gain.Of([[0, No], [3, 0]], [[0, 4], [No, 0]], [1, 1]), Gain.Of([[0, 1], [1, 0]], [[0, 1], [1, 0]], [0, 1]) })
            Assert.Equal((null, null, null, 0), (gain.MeanBeforeMs, gain.MeanAfterMs, gain.MeanSavedMs, gain.Compared));
    }

    [Fact]
    public void No_change_saves_exactly_nothing()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var n = random.Next(2, 12);
            double[][] times = [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, n).Select(_ => random.NextDouble() * 1e7).ToArray())];
            var gain = Gain.Of(times, [.. times.Select(row => row.ToArray())], [.. times.Select(_ => random.NextDouble() * 1e6)]);
            Assert.True(BitConverter.DoubleToInt64Bits(gain.MeanSavedMs!.Value) == 0 && gain is { Faster: 0, Slower: 0, MostHelped.Count: 0 } && gain.MeanBeforeMs.Equals(gain.MeanAfterMs), $"seed {seed}: {gain}");
        }
    }

    // Saved: a→b 5, a→c 9, b→a 5, b→c 1, c→a 5, c→b 9.
    [Fact]
    public void The_most_helped_come_first_and_of_equals_the_first_by_position()
    {
        double[][] before = [[0, 10, 10], [10, 0, 10], [10, 10, 0]], after = [[0, 5, 1], [5, 0, 9], [5, 1, 0]];
        List<(int, int)> order = [(0, 2), (2, 1), (0, 1), (1, 0), (2, 0), (1, 2)];
        for (var top = 0; top < 8; top++) Assert.Equal(order.Take(top), Gain.Of(before, after, [1, 1, 1], top).MostHelped.Select(p => (p.From, p.To)));
        Assert.Equal((6, 0), (Gain.Of(before, after, [1, 1, 1], 2).Faster, Gain.Of(before, after, [1, 1, 1], 2).Slower));
    }

    private static string Refused(double[][] before, double[][] after, double[] weights) => Assert.Throws<ArgumentException>(() => Gain.Of(before, after, weights)).Message;

    [Fact]
    public void Other_places_are_refused()
    {
        Assert.StartsWith("1 and 0 places with 1 weights", Refused([[0]], [], [1]), StringComparison.Ordinal);
        Assert.StartsWith("1 and 1 places with 2 weights", Refused([[0]], [[0]], [1, 1]), StringComparison.Ordinal);
        foreach (var row in (double[][])[[0], [0, 1, 2]])
        {
            Assert.StartsWith($"a row has {row.Length} times for 2 places", Refused([[0, 1], row], [[0, 1], [1, 0]], [1, 1]), StringComparison.Ordinal);
            Assert.StartsWith($"a row has {row.Length} times for 2 places", Refused([[0, 1], [1, 0]], [row, [1, 0]], [1, 1]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1, "a place weighs -1")]
    [InlineData(double.NaN, "a place weighs NaN")]
    [InlineData(double.PositiveInfinity, "a place weighs Infinity")]
    public void A_weight_that_is_none_is_refused(double weight, string message) =>
        Assert.StartsWith(message, Refused([[0, 1], [1, 0]], [[0, 1], [1, 0]], [0, weight]), StringComparison.Ordinal);
}
