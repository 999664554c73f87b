using Xunit;

namespace Jietong.Routing.Tests;

public sealed class SharesTests
{
    // Sets by bits: {}, {0}, {1}, {0,1}.
    [Theory]
    [InlineData(new long[] { 0, 6, 6, 6 }, new long[] { 3, 3 })]      // substitutes: either bridge alone does it
    [InlineData(new long[] { 0, 0, 0, 6 }, new long[] { 3, 3 })]      // complements: two halves of a bridge
    [InlineData(new long[] { 0, 6, 4, 10 }, new long[] { 6, 4 })]     // nothing to do with each other
    [InlineData(new long[] { 0, 60, 20, 70 }, new long[] { 55, 15 })]  // (60 + 70−20)/2 and (20 + 70−60)/2
    [InlineData(new long[] { 1000, 940, 980, 930 }, new long[] { -55, -15 })]   // the same as a loss, and the empty set worth something
    public void Two_share_as_by_hand(long[] values, long[] shares) => Assert.Equal(shares, Shares.Of(2, values));

    // Gloves: 0 has a left one, 1 and 2 have right ones, a pair is worth 6. 0 completes a pair in 4 of 6 orders, 1 and 2 in one each.
    [Fact]
    public void Three_share_as_by_hand() =>
        Assert.Equal([4, 1, 1], Shares.Of(3, [0, 0, 0, 6, 0, 6, 0, 6]));

    [Fact]
    public void None_and_one_share_nothing_and_all()
    {
        Assert.Empty(Shares.Of(0, [5]));
        Assert.Equal([7], Shares.Of(1, [5, 12]));
    }

    private static long[] RandomGame(int seed, int players)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 1 << players).Select(_ => random.NextInt64(-1_000_000, 1_000_000))];
    }

    /// <summary>Shapley's words: in every order, what each adds when its turn comes; then the mean.</summary>
    private static double[] OverAllOrders(int players, long[] values)
    {
        var (sums, orders) = (new double[players], 0);
        void Continue(int set, double[] added)
        {
            if (set == (1 << players) - 1)
            {
                orders++;
                for (var i = 0; i < players; i++) sums[i] += added[i];
                return;
            }
            for (var i = 0; i < players; i++)
            {
                if ((set >> i & 1) == 1) continue;
                added[i] = values[set | 1 << i] - values[set];
                Continue(set | 1 << i, added);
            }
        }
        Continue(0, new double[players]);
        return [.. sums.Select(s => s / orders)];
    }

    [Fact]
    public void Who_adds_nothing_gets_nothing_and_equals_get_the_same()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = RandomGame(seed, 5);
            long[] idle = [.. random.Select((_, set) => random[set & 0b10111])];                                           // 3 adds nothing
            long[] alike = [.. random.Select((_, set) => (set & 0b00011) == 0b00010 ? random[set ^ 0b00011] : random[set])];   // 0 and 1 are worth the same
            Assert.True(Shares.Of(5, idle)[3] == 0, $"seed {seed}: {string.Join(' ', idle)}");
            Assert.True(Math.Abs(Shares.Of(5, alike)[0] - Shares.Of(5, alike)[1]) <= 1, $"seed {seed}: {string.Join(' ', alike)}");
        }
    }

    [Fact]
    public void Whole_shares_sum_exactly_and_are_the_exact_ones_but_for_rounding()
    {
        for (var seed = 0; seed < 130; seed++)
        {
            var (players, values) = (seed % (Shares.MostExact + 1), RandomGame(seed, seed % (Shares.MostExact + 1)));
            var shares = Shares.Of(players, values);
            Assert.True(shares.Sum() == values[^1] - values[0], $"seed {seed}");
            if (players <= 6) Assert.True(shares.Zip(OverAllOrders(players, values)).All(s => Math.Abs(s.First - s.Second) < 1), $"seed {seed}");
        }
        Assert.Equal([1, 0, 0], Shares.Of(3, [0, 0, 0, 0, 0, 0, 0, 1]));   // a third each: the first of equals gets the unit
    }

    [Fact]
    public void Sampled_shares_sum_exactly_and_lie_within_their_errors()
    {
        var within = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            long[] values = [.. Enumerable.Range(0, 64).Select(_ => random.NextInt64(1_000_000))];
            var (shares, errors) = Shares.Sampled(6, set => values[set], 400, seed);
            Assert.Equal(values[^1] - values[0], shares.Sum());
            within += shares.Zip(OverAllOrders(6, values), errors).Count(s => Math.Abs(s.First - s.Second) <= 2 * s.Third);
        }
        Assert.InRange(within, 0.92 * 240, 0.99 * 240);   // 95 % of 240 are expected
        var (many, _) = Shares.Sampled(64, set => System.Numerics.BitOperations.PopCount(set), 10, 1);
        Assert.All(many, share => Assert.Equal(1, share));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shares.Sampled(65, _ => 0, 10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shares.Sampled(2, _ => 0, 1, 1));
    }

    [Theory]
    [InlineData(13, 8192, "13 additions with 8192 values")]
    [InlineData(-1, 1, "-1 additions with 1 values")]
    [InlineData(2, 3, "2 additions with 3 values")]
    [InlineData(2, 8, "2 additions with 8 values")]
    [InlineData(33, 2, "33 additions with 2 values")]   // 1 << 33 is 2
    public void Too_many_additions_or_other_values_are_refused(int additions, int values, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Shares.Of(additions, new long[values])).Message, StringComparison.Ordinal);
}
