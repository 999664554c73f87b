using Xunit;

namespace Jietong.Routing.Tests;

public sealed class WithTravelTimesTests
{
    //   arcs as given:  0: 2▶0   1: 0▶1   2: 1▶2   3: 0▶2       by tail: 1 3 2 0
    private static readonly Network Drawn = Network.Build(3, [2, 0, 1, 0], [0, 1, 2, 2], [1, 2, 3, 4]);

    [Fact]
    public void Times_are_given_in_the_order_of_building_and_the_rest_stays()
    {
        var other = Drawn.WithTravelTimes([10, 20, 30, Network.Unreachable]);
        Assert.Equal([20, Network.Unreachable, 30, 10], other.TravelTimesMs);
        Assert.Equal([2, 4, 3, 1], Drawn.TravelTimesMs);   // which has not changed
        Assert.Equal(Drawn.FirstArc, other.FirstArc);
        Assert.Equal(Drawn.Heads, other.Heads);
        Assert.Equal(Drawn.InputArcs, other.InputArcs);
        Assert.Equal([0, 20, 50], Dijkstra.TravelTimesFrom(other, 0));
    }

    [Fact]
    public void Is_the_network_that_those_times_would_have_built()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var (world, other) = (RandomWorld.Of(seed, 10, 12, 40), new Random(seed));
            int[] times = [.. world.TimesMs.Select(_ => other.Next(10) == 0 ? Network.Unreachable : other.Next(1000))];
            var (changed, built) = (world.Network.WithTravelTimes(times), (world with { TimesMs = times }).Network);
            Assert.True(changed.TravelTimesMs.SequenceEqual(built.TravelTimesMs) && changed.WithTravelTimes(world.TimesMs).TravelTimesMs.SequenceEqual(world.Network.TravelTimesMs), $"{string.Join(' ', times)} for {world}");
        }
    }

    [Fact]
    public void The_callers_list_is_copied()
    {
        int[] times = [1, 1, 1, 1];
        var network = Drawn.WithTravelTimes(times);
        times[0] = 99;
        Assert.Equal([1, 1, 1, 1], network.TravelTimesMs);
    }

    [Fact]
    public void Names_the_arc_that_is_wrong()
    {
        string Refused(params int[] times) => Assert.Throws<ArgumentException>(() => Drawn.WithTravelTimes(times)).Message;
        Assert.StartsWith("arc 0 takes -5 ms", Refused(-5, 1, 1, 1), StringComparison.Ordinal);
        Assert.StartsWith("arc 3 takes 536870913 ms", Refused(1, 1, 1, Network.Unreachable + 1), StringComparison.Ordinal);
        Assert.StartsWith("3 travel times for 4 arcs", Refused(1, 1, 1), StringComparison.Ordinal);
        Assert.StartsWith("5 travel times for 4 arcs", Refused(1, 1, 1, 1, 1), StringComparison.Ordinal);
    }
}
