using Xunit;

namespace Jietong.Routing.Tests;

public sealed class DijkstraTests
{
    //        4
    //   0 ─────▶ 1        parallel arc 0▶1 (9), loop at 1, zero arc 1▶2, island 3
    //   │        │ 0
    //   └──6───▶ 2   3
    [Fact]
    public void Finds_the_way_in_a_drawn_world()
    {
        var network = Network.Build(4, [0, 0, 1, 1, 0], [1, 1, 1, 2, 2], [9, 4, 3, 0, 6]);
        Assert.Equal([0, 4, 4, Network.Unreachable], Dijkstra.TravelTimesFrom(network, 0));
        Assert.Equal([Network.Unreachable, Network.Unreachable, 0, Network.Unreachable], Dijkstra.TravelTimesFrom(network, 2));
    }

    [Fact]
    public void Agrees_with_Floyd_and_Warshall_on_random_worlds()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (n, m) = (random.Next(1, 25), random.Next(0, 80));
            var tails = Enumerable.Range(0, m).Select(_ => random.Next(n)).ToArray();
            var heads = Enumerable.Range(0, m).Select(_ => random.Next(n)).ToArray();
            var times = Enumerable.Range(0, m).Select(_ => random.Next(10) == 0 ? Network.Unreachable : random.Next(0, 1000)).ToArray();
            var network = Network.Build(n, tails, heads, times);
            var oracle = FloydWarshall(n, tails, heads, times);
            for (var s = 0; s < n; s++)
                Assert.True(oracle[s].SequenceEqual(Dijkstra.TravelTimesFrom(network, s)), $"seed {seed}, from {s}: {string.Join(' ', tails.Zip(heads, times).Select(a => $"{a.First}>{a.Second}:{a.Third}"))}");
        }
    }

    private static int[][] FloydWarshall(int n, int[] tails, int[] heads, int[] times)
    {
        var d = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 0 : Network.Unreachable).ToArray()).ToArray();
        for (var a = 0; a < tails.Length; a++) d[tails[a]][heads[a]] = Math.Min(d[tails[a]][heads[a]], times[a]);
        for (var k = 0; k < n; k++)
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j];
        return d;
    }

    [Theory]
    [InlineData(2, 0, 2, 5, "arc 0 goes from 0 to 2")]
    [InlineData(2, -1, 1, 5, "arc 0 goes from -1 to 1")]
    [InlineData(2, 0, 1, -5, "arc 0 takes -5 ms")]
    [InlineData(2, 0, 1, Network.Unreachable + 1, "arc 0 takes 536870913 ms")]
    public void Names_the_arc_that_is_wrong(int junctions, int tail, int head, int time, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Network.Build(junctions, [tail], [head], [time])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_network_of_nothing_is_a_network()
    {
        Assert.Equal(0, Network.Build(0, [], [], []).JunctionCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dijkstra.TravelTimesFrom(Network.Build(0, [], [], []), 0));
    }
}
