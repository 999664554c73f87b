using Xunit;

namespace Jietong.Routing.Tests;

public sealed class RangeTests
{
    //   inputs    results at its ends    down  up
    //   first         97   104             3    4
    //   second       112    96             4   12      down √(9+16+0) = 5, up √(16+144+9) = 13
    //   third        103                   0    3
    [Fact]
    public void Effects_add_as_squares_each_side_by_itself() =>
        Assert.Equal(new Range(95, 113), Range.Of(100, [[97, 104], [112, 96], [103]]));

    [Theory]
    [InlineData(new double[] { 102, 105 }, 100, 105)]       // both ends lie above: nothing below
    [InlineData(new double[] { 98, 91 }, 91, 100)]          // both below
    [InlineData(new double[] { 100, 100 }, 100, 100)]       // no effect
    [InlineData(new double[] { }, 100, 100)]                // no range
    [InlineData(new double[] { 101, 95, 107, 99 }, 95, 107)]   // the farthest of several
    public void One_input_moves_the_result_as_far_as_its_ends_do(double[] moved, double low, double high) =>
        Assert.Equal(new Range(low, high), Range.Of(100, [moved]));

    [Fact]
    public void Without_inputs_the_value_is_its_own_range()
    {
        Assert.Equal(new Range(-7, -7), Range.Of(-7, []));
        Assert.Equal(new Range(-7, -7), Range.Of(-7, [[], []]));
    }

    [Fact]
    public void Another_input_never_narrows_the_range_and_their_order_does_not_matter()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            double[][] moved = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Enumerable.Range(0, random.Next(3)).Select(_ => (double)random.Next(-20, 20)).ToArray())];
            var (all, fewer, turned) = (Range.Of(3, moved), Range.Of(3, moved[1..]), Range.Of(3, moved.Reverse()));
            Assert.True(all.Low <= fewer.Low && fewer.High <= all.High && all.Low <= 3 && 3 <= all.High && all == turned, $"seed {seed}: {string.Join(" | ", moved.Select(m => string.Join(' ', m)))}");
        }
    }

    [Theory]
    [InlineData(1, 5, true)]
    [InlineData(-5, -1, true)]
    [InlineData(-1, 5, false)]
    [InlineData(0, 5, false)]
    [InlineData(-5, 0, false)]
    [InlineData(0, 0, false)]
    public void Zero_is_excluded_only_where_the_range_does_not_touch_it(double low, double high, bool excluded) =>
        Assert.Equal(excluded, new Range(low, high).ExcludesZero);
}
