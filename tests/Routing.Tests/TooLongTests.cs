using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>A path of 2^29 ms is neither a time nor "no path": it is refused, wherever it appears.</summary>
public sealed class TooLongTests
{
    private const int Half = Network.Unreachable / 2;

    private static Network Chain(params int[] timesMs) =>
        Network.Build(timesMs.Length + 1, [.. Enumerable.Range(0, timesMs.Length)], [.. Enumerable.Range(1, timesMs.Length)], timesMs);

    [Fact]
    public void The_longest_time_is_one_less()
    {
        var network = Chain(Half, Half - 1);
        foreach (var order in new int[][] { [0, 1, 2], [1, 0, 2], [0, 2, 1] })
        {
            var searches = new HierarchyMetric(new(network, order), network).Searches();
            Assert.Equal(Network.Unreachable - 1, new PointToPoint(searches).TravelTimeMs(0, 2));
            Assert.Equal(Network.Unreachable - 1, TravelTimeMatrix.Between(searches, [0], [2])[0][0]);
        }
    }

    [Fact]
    public void One_more_is_refused_by_the_metric_or_by_the_search()
    {
        var network = Chain(Half, Half);
        Assert.StartsWith("A path takes 536870912 ms", Assert.Throws<OverflowException>(() => new HierarchyMetric(new(network, [1, 0, 2]), network)).Message, StringComparison.Ordinal);
        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [2, 1, 0] })
            foreach (var searches in new[] { new HierarchyMetric(new(network, order), network).Searches(), PerfectMetric.Of(new(new(network, order), network)) })
            {
                Assert.Throws<OverflowException>(() => new PointToPoint(searches).TravelTimeMs(0, 2));
                Assert.Throws<OverflowException>(() => new PointToPoint(searches).Path(0, 2));
                foreach (var width in Enum.GetValues<LaneWidth>())
                {
                    Assert.Throws<OverflowException>(() => Sweep.FromSources(searches, null, width).Run(0));
                    Assert.Throws<OverflowException>(() => Sweep.ToTargets(searches, null, width).Run(2));
                }
                Assert.Equal(Half, new PointToPoint(searches).TravelTimeMs(0, 1));   // what is short enough is answered
            }
    }

    [Fact]
    public void A_long_chain_of_longest_arcs_does_not_come_round_to_small_numbers()
    {
        var network = Chain([.. Enumerable.Repeat(Network.Unreachable - 1, 40)]);
        for (var seed = 0; seed < 200; seed++)
        {
            var order = Enumerable.Range(0, 41).ToArray();
            new Random(seed).Shuffle(order);
            Assert.Throws<OverflowException>(() => new PointToPoint(new HierarchyMetric(new(network, order), network).Searches()).TravelTimeMs(0, 40));
        }
    }

    [Fact]
    public void A_change_that_makes_a_path_too_long_changes_nothing()
    {
        var network = Chain(5, Half, 5);
        var metric = new HierarchyMetric(new(network, [1, 2, 0, 3]), network);
        var before = metric.Copy();
        Assert.Throws<OverflowException>(() => metric.Set((2, Half), (2, Half + 1), (0, 1)));
        Assert.True(metric.Times.SequenceEqual(before.Times));
        Assert.Equal([5, Half, 5], metric.TravelTimesMs);
        metric.Set((1, Network.Unreachable));
        Assert.Equal(Network.Unreachable, new PointToPoint(metric.Searches()).TravelTimeMs(0, 3));   // closed is not too long
    }

    [Fact]
    public void Penalties_of_turns_count_too()
    {
        var network = Chain(5, 5, 5);
        foreach (var penaltyMs in new[] { Half - 8, Half - 7 })   // 15 ms on the way, and two turns
        {
            var turned = new TurnedNetwork(network, [new([0, 1], penaltyMs), new([1, 2], Half - 8)]);
            int Ask() => new PointToPoint(new HierarchyMetric(new(turned.Network, turned.Order([1, 2, 0, 3])), turned.Network).Searches()).TravelTimeMs(0, turned.Arrival(3));
            if (penaltyMs == Half - 8) Assert.Equal(Network.Unreachable - 1, Ask());
            else Assert.Throws<OverflowException>(() => Ask());
        }
    }

    [Fact]
    public void From_place_to_place_too()
    {
        var network = Chain(Half, Half - 1, 10);
        var ask = new PointToPoint(new HierarchyMetric(new(network, [0, 3, 1, 2]), network).Searches());
        Assert.Equal(Network.Unreachable - 1, Portal.On(network, (0, 1)).TravelTimeMs(ask, Portal.On(network, (2, 1))));
        Assert.Throws<OverflowException>(() => Portal.On(network, (0, 1)).TravelTimeMs(ask, Portal.On(network, (2, 2))));
        Assert.Equal(Network.Unreachable, Portal.On(network, (2, 1)).TravelTimeMs(ask, Portal.At(0)));
    }
}
