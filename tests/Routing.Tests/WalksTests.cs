using Xunit;

namespace Jietong.Routing.Tests;

public sealed class WalksTests
{
    [Fact]
    public void Within_a_limit_they_are_the_shortest_paths_that_keep_it()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var (world, random) = (RandomWorld.Of(seed, 5, 15, 50), new Random(seed));
            int[] Some() => [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(-1, world.Junctions))];
            var (network, from, to, limit) = (world.Network, Some(), Some(), random.Next(200));
            var walks = Walks.Within(network, from, to, limit, 1 + seed % 2);
            for (var i = 0; i < from.Length; i++)
            {
                var times = from[i] < 0 ? null : Dijkstra.TravelTimesFrom(network, from[i]);
                var expected = Enumerable.Range(0, to.Length).Where(j => times is not null && to[j] >= 0 && times[to[j]] <= limit).Select(j => (j, times![to[j]])).ToList();
                Assert.True(expected.SequenceEqual(walks.From(i)), $"from {from[i]} within {limit}: {string.Join(' ', walks.From(i))} is not {string.Join(' ', expected)}, {world}");
            }
            var back = walks.Transposed();
            Assert.Equal(Enumerable.Range(0, from.Length).SelectMany(i => walks.From(i).Select(w => (i, w.To, w.TimeMs))).Order(),
                Enumerable.Range(0, to.Length).SelectMany(j => back.From(j).Select(w => (w.To, j, w.TimeMs))).Order());
        }
    }

    [Fact]
    public void Of_several_for_a_pair_the_last_counts() => Assert.Equal([(0, 3), (1, 9)], Walks.Of(1, 2, [(0, 1, 7), (0, 0, 3), (0, 1, 9)]).From(0));

    [Fact]
    public void Bad_places_and_limits_are_named()
    {
        var network = Network.Build(2, [0], [1], [1]);
        Assert.StartsWith("Place 1 lies at junction 2", Assert.Throws<ArgumentException>(() => Walks.Within(network, [0, 2], [0], 5)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Walks of up to -1 ms", Assert.Throws<ArgumentException>(() => Walks.Within(network, [0], [0], -1)).Message, StringComparison.Ordinal);
    }
}
