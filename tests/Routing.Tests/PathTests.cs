using Xunit;

namespace Jietong.Routing.Tests;

public sealed class PathTests
{
    //        4
    //   0 ─────▶ 1        parallel arc 0▶1 (9), loop at 1, zero arcs 1▶2 and 2▶1, island 3
    //   │        ⇅ 0
    //   └──6───▶ 2   3
    [Fact]
    public void Leads_along_the_arcs_of_a_drawn_world()
    {
        var network = Network.Build(4, [0, 0, 1, 1, 0, 2], [1, 1, 1, 2, 2, 1], [9, 4, 3, 0, 6, 0]);
        IEnumerable<int>? Path(int from, int to) => Dijkstra.Path(network, from, to)?.Select(a => network.InputArcs[a]);
        Assert.Equal([1], Path(0, 1));
        Assert.Equal([1, 3], Path(0, 2));
        Assert.Equal([5], Path(2, 1));
        Assert.Empty(Path(1, 1)!);
        Assert.Null(Path(0, 3));
        Assert.Null(Path(1, 0));
    }

    [Fact]
    public void Runs_from_end_to_end_and_takes_as_long_as_the_shortest()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var world = RandomWorld.Of(seed, 1, 20, 60);
            var network = world.Network;
            for (var from = 0; from < world.Junctions; from++)
            {
                var times = Dijkstra.TravelTimesFrom(network, from);
                for (var to = 0; to < world.Junctions; to++)
                {
                    var (path, why) = (Dijkstra.Path(network, from, to), $"from {from} to {to}, {world}");
                    Assert.True(Dijkstra.TravelTimeMs(network, from, to) == times[to], why);
                    Assert.True(path is null == (times[to] == Network.Unreachable) && (from != to || path is []), why);
                    if (path is null) continue;
                    var (at, sum) = (from, 0);
                    foreach (var arc in path)
                    {
                        Assert.True(arc >= network.FirstArc[at] && arc < network.FirstArc[at + 1], $"arc {arc} does not leave {at}, {why}");
                        (at, sum) = (network.Heads[arc], sum + network.TravelTimesMs[arc]);
                    }
                    Assert.True((at, sum) == (to, times[to]), $"{sum} ms to {at}, {why}");
                }
            }
        }
    }

    // More arcs wait in the queue than in the drawn and the small worlds; Bellman and Ford need none.
    [Fact]
    public void A_large_world_agrees_with_Bellman_and_Ford()
    {
        var random = new Random(4);
        int[] Draw(int below) => [.. Enumerable.Range(0, 6000).Select(_ => random.Next(below))];
        var (tails, heads, times) = (Draw(2000), Draw(2000), Draw(100_000));
        for (var arc = 0; arc < 1500; arc++) tails[arc] = 0;   // so many at once
        var oracle = Enumerable.Range(0, 2000).Select(v => v == 0 ? 0 : Network.Unreachable).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var arc = 0; arc < 6000; arc++)
                if (oracle[tails[arc]] + times[arc] is var through && through < oracle[heads[arc]]) (oracle[heads[arc]], changed) = (through, true);
        }
        Assert.Equal(oracle, Dijkstra.TravelTimesFrom(Network.Build(2000, tails, heads, times), 0));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    public void Needs_two_ends_in_the_network(int from, int to) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Dijkstra.Path(Network.Build(2, [0], [1], [1]), from, to) is null ? 0 : Dijkstra.TravelTimeMs(Network.Build(2, [0], [1], [1]), from, to));
}
