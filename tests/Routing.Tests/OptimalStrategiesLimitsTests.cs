using Xunit;

namespace Jietong.Routing.Tests;

public sealed class OptimalStrategiesLimitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(600_000)]
    [InlineData(Network.Unreachable - 1001)]
    public void A_line_alone_is_waited_for_as_long_as_it_says(int wait) =>
        Assert.Equal(wait + 1000.0, new OptimalStrategies(Network.Build(2, [1], [0], [1000]), [wait]).To(0).ExpectedMs[1]);

    // 6 ──▶ 5 ──▶ … ──▶ 0, each arc almost as long as may be, waited for or not.
    [Theory]
    [InlineData(0)]
    [InlineData(Network.Unreachable - 1)]
    public void Times_too_long_to_count_are_no_path(int wait)
    {
        var to0 = new OptimalStrategies(Network.Build(7, [1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5], [.. Enumerable.Repeat(Network.Unreachable - 1, 6)]), [.. Enumerable.Repeat(wait, 6)]).To(0);
        for (var v = 1; v < 7; v++)
        {
            Assert.Equal(v * (Network.Unreachable - 1.0 + wait) is var sum && sum < Network.Unreachable ? sum : double.PositiveInfinity, to0.ExpectedMs[v]);   // as Dijkstra counts
            if (sum < Network.Unreachable) continue;
            Assert.Equal(0, to0.WaitMs(v));
            Assert.Empty(to0.LikeliestPathFrom(v));
            Assert.All(to0.ProbabilitiesFrom(v), p => Assert.Equal(0, p));
        }
    }

    // Sorted by tail, input arc 1 comes first: the message says what the caller wrote.
    [Fact]
    public void Bad_arguments_are_named()
    {
        var network = Network.Build(2, [1, 0], [0, 1], [1, 1]);
        Assert.StartsWith("arc 0 is waited for -5 ms", Assert.Throws<ArgumentException>(() => new OptimalStrategies(network, [-5, 5])).Message, StringComparison.Ordinal);
        Assert.StartsWith("arc 1 is waited for 536870912 ms", Assert.Throws<ArgumentException>(() => new OptimalStrategies(network, [5, Network.Unreachable])).Message, StringComparison.Ordinal);
        Assert.StartsWith("1 waits for 2 arcs", Assert.Throws<ArgumentException>(() => new OptimalStrategies(network, [5])).Message, StringComparison.Ordinal);
        foreach (var none in (int[])[-1, 2]) Assert.Throws<ArgumentOutOfRangeException>(() => new OptimalStrategies(network, [0, 0]).To(none));
    }
}
