using Xunit;

namespace Jietong.Routing.Tests;

public sealed class StrategyMatrixTests
{
    private static int Whole(double ms) => double.IsInfinity(ms) ? Network.Unreachable : (int)ms;

    [Fact]
    public void Has_exactly_the_expected_times_of_each_destination_on_any_number_of_threads()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var world = RandomWorld.Of(seed, seed % 2 == 0 ? 1 : 1009, 12, 40);
            var random = new Random(seed);
            int[] Some() => [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.Next(world.Junctions))];
            var (strategies, origins, destinations) = (world.Strategies, Some(), Some());
            var matrix = strategies.Between(origins, destinations, workers: 1 + seed % 3);
            for (var to = 0; to < destinations.Length; to++)
                for (var (from, expected) = (0, strategies.To(destinations[to]).ExpectedMs); from < origins.Length; from++)
                    Assert.True(matrix[from][to] == Whole(expected[origins[from]]), $"from {origins[from]} to {destinations[to]}: {matrix[from][to]} is not {expected[origins[from]]}, {world}");
        }
    }

    // Walks are arcs that nobody waits for: places become junctions of their own.
    [Fact]
    public void Walks_at_both_ends_count_as_arcs()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var world = RandomWorld.Of(seed, seed % 2 == 0 ? 1 : 1009, 10, 30);
            var (random, n) = (new Random(seed), world.Junctions);
            var (origins, destinations) = (random.Next(1, 4), random.Next(1, 4));
            (int, int, int)[] Some(int from, int to) => [.. Enumerable.Range(0, random.Next(5)).Select(_ => (random.Next(from), random.Next(to), random.Next(10) * (seed % 2 == 0 ? 1 : 1009))).DistinctBy(w => (w.Item1, w.Item2))];
            var (access, egress, direct) = (Some(origins, n), Some(n, destinations), Some(origins, destinations));
            (int Tail, int Head, int Ms)[] more = [.. access.Select(w => (n + w.Item1, w.Item2, w.Item3)), .. egress.Select(w => (w.Item1, n + origins + w.Item2, w.Item3)), .. direct.Select(w => (n + w.Item1, n + origins + w.Item2, w.Item3))];
            var extended = world with
            {
                Junctions = n + origins + destinations,
                Tails = [.. world.Tails, .. more.Select(w => w.Tail)],
                Heads = [.. world.Heads, .. more.Select(w => w.Head)],
                TimesMs = [.. world.TimesMs, .. more.Select(w => w.Ms)],
                WaitsMs = [.. world.WaitsMs, .. more.Select(_ => 0)],
            };
            var matrix = world.Strategies.Between(Walks.Of(origins, n, access), Walks.Of(n, destinations, egress), Walks.Of(origins, destinations, direct));
            for (var to = 0; to < destinations; to++)
                for (var (from, expected) = (0, extended.Strategies.To(n + origins + to).ExpectedMs); from < origins; from++)
                    Assert.True(matrix[from][to] == Whole(expected[n + from]), $"from place {from} to place {to}: {matrix[from][to]} is not {expected[n + from]}, {extended}");
        }
    }

    // A city of 60 stations and headways of minutes: long sums, where quotients of doubles come close to halves.
    [Fact]
    public void Means_are_rounded_as_whole_numbers_divide()
    {
        var random = new Random(7);
        for (var round = 0; round < 200_000; round++)
        {
            var (lines, halves) = (new Lines(), round % 2 == 0);
            for (var line = random.Next(1, 5); line > 0; line--)
            {
                var frequency = (UInt128)(OptimalStrategies.EachMs / (halves ? 1 << random.Next(1, 20) : random.Next(1, 2_000_000)));
                lines.Frequency += frequency;
                lines.Aboard += frequency * (uint)(halves ? random.Next(1_000) : random.Next(Network.Unreachable));
            }
            Assert.Equal((double)((2 * (OptimalStrategies.EachMs + lines.Aboard) + lines.Frequency) / (2 * lines.Frequency)), lines.MeanMs);
        }
    }

    [Fact]
    public void Reports_its_progress_and_can_be_cancelled()
    {
        var (world, shares) = (RandomWorld.Of(5, 7, 12, 40), new List<double>());
        int[] all = [.. Enumerable.Range(0, world.Junctions)];
        world.Strategies.Between(all, all, 2, new Told(shares.Add));
        Assert.Equal(all.Select(i => (i + 1) / (double)all.Length), shares);
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => world.Strategies.Between(all, all, 1, new Told(_ => source.Cancel()), source.Token));
    }

    [Fact]
    public void Bad_walks_are_named()
    {
        Assert.StartsWith("Walk 1 goes from 0 to 7 in 5 ms", Assert.Throws<ArgumentException>(() => Walks.Of(1, 2, [(0, 0, 5), (0, 7, 5)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Walk 0 goes from 0 to 1 in -1 ms", Assert.Throws<ArgumentException>(() => Walks.Of(1, 2, [(0, 1, -1)])).Message, StringComparison.Ordinal);
        var strategies = new OptimalStrategies(Network.Build(2, [0], [1], [1]), [0]);
        Assert.StartsWith("The access walks lead from 1 to 3 places", Assert.Throws<ArgumentException>(() => strategies.Between(Walks.Of(1, 3, []), Walks.Of(2, 1, []))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => strategies.Between([0], [2]));
    }
}

internal sealed class Told(Action<double> tell) : IProgress<double>
{
    public void Report(double value) => tell(value);
}
