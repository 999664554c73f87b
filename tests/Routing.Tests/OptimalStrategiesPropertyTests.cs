using Xunit;

namespace Jietong.Routing.Tests;

public sealed class OptimalStrategiesPropertyTests
{
    [Fact]
    public void Without_waits_they_are_the_shortest_paths()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var world = RandomWorld.Of(seed, 7, 20, 60);
            world = world with { WaitsMs = new int[world.Tails.Length] };
            var backwards = Network.Build(world.Junctions, world.Heads, world.Tails, world.TimesMs);
            for (var to = 0; to < world.Junctions; to++)
                Assert.True(Dijkstra.TravelTimesFrom(backwards, to).Select(t => t == Network.Unreachable ? double.PositiveInfinity : t).SequenceEqual(world.Strategies.To(to).ExpectedMs), $"to {to}, {world}");
        }
    }

    /// <summary>Bellman's equation by value iteration, trying every set of lines to wait for; nothing is rounded, nothing sorted.</summary>
    private static double[] ValueIteration(RandomWorld world, int destination)
    {
        var times = Enumerable.Range(0, world.Junctions).Select(v => v == destination ? 0 : double.PositiveInfinity).ToArray();
        for (var round = 0; round < 50; round++) times = [.. times.Select((_, v) => v == destination ? 0 : Best(v))];
        return times;

        double Best(int v)
        {
            var open = Enumerable.Range(0, world.Tails.Length).Where(a => world.Tails[a] == v && world.TimesMs[a] < Network.Unreachable).ToList();
            double Aboard(int a) => world.TimesMs[a] + times[world.Heads[a]];
            var waited = open.Where(a => world.WaitsMs[a] > 0).ToList();
            var sets = Enumerable.Range(1, (1 << waited.Count) - 1).Select(set => waited.Where((_, i) => (set >> i & 1) == 1).ToList());
            return open.Where(a => world.WaitsMs[a] == 0).Select(Aboard)
                .Concat(sets.Select(s => (1 + s.Sum(a => Aboard(a) / world.WaitsMs[a])) / s.Sum(a => 1.0 / world.WaitsMs[a])))
                .Append(double.PositiveInfinity).Min();
        }
    }

    [Fact]
    public void Agree_with_value_iteration_over_all_sets_of_lines()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var world = RandomWorld.Of(seed, 10_007, 7, 16);
            for (var to = 0; to < world.Junctions; to++)
            {
                var (oracle, found) = (ValueIteration(world, to), world.Strategies.To(to).ExpectedMs);
                for (var v = 0; v < world.Junctions; v++)   // at most half a millisecond is rounded off at each junction on the way
                    Assert.True(oracle[v].Equals(found[v]) || Math.Abs(oracle[v] - found[v]) <= 0.5 * world.Junctions, $"from {v} to {to}: {oracle[v]} and {found[v]}, {world}");
            }
        }
    }

    [Fact]
    public void An_arc_more_makes_nobody_slower_and_a_closure_nobody_faster()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var world = RandomWorld.Of(seed, seed % 2 == 0 ? 1 : 1009, 6, 16);
            var arc = seed % world.Tails.Length;
            var closed = new OptimalStrategies(world.Network.WithTravelTimes([.. world.TimesMs.Select((t, a) => a == arc ? Network.Unreachable : t)]), world.WaitsMs);
            for (var to = 0; to < world.Junctions; to++)
            {
                var (with, without) = (world.Strategies.To(to).ExpectedMs, world.Without(arc).Strategies.To(to).ExpectedMs);
                Assert.True(with.Zip(without).All(t => t.First <= t.Second), $"arc {arc} more, to {to}: {string.Join(' ', with)} after {string.Join(' ', without)}, {world}");
                Assert.True(without.SequenceEqual(closed.To(to).ExpectedMs), $"arc {arc} closed is not as if it were not there, to {to}, {world}");
            }
        }
    }

    // All from 1 to 0, times of 2 ms: 1 ⁄ (1/28+1/28+1/9+1/54+1/21+1/27) is 3.5 ms, which rounds up or down by the last bit of a sum.
    [Theory]
    [InlineData(new[] { 2, 2, 2, 2, 2, 2, 30 }, new[] { 28, 28, 9, 54, 21, 27, 7 })]
    [InlineData(new[] { 0, 2, 2, 30 }, new[] { 12, 22, 44, 1 })]
    [InlineData(new[] { 0, 2, 0, 0 }, new[] { 42, 48, 2, 7 })]
    public void Half_a_millisecond_rounds_the_same_way_in_any_order_of_the_arcs(int[] times, int[] waits)
    {
        var (arcs, random) = (Enumerable.Range(0, times.Length).ToArray(), new Random(0));
        var world = new RandomWorld(0, 2, [.. arcs.Select(_ => 1)], [.. arcs.Select(_ => 0)], times, waits);
        var found = new HashSet<double>();
        for (var i = 0; i < 100; i++, random.Shuffle(arcs)) found.Add(world.Ordered(arcs).Strategies.To(0).ExpectedMs[1]);
        Assert.Single(found);
    }

    [Fact]
    public void Who_sets_out_arrives_by_lines_as_frequent_as_they_are_taken_in_the_time_expected()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var world = RandomWorld.Of(seed, 1009, 9, 30);
            var (network, to) = (world.Network, seed % world.Junctions);
            var strategy = world.Strategies.To(to);
            for (var origin = 0; origin < world.Junctions; origin++)
            {
                if (double.IsInfinity(strategy.ExpectedMs[origin])) continue;
                var (along, why) = (strategy.ProbabilitiesFrom(origin), $"from {origin} to {to}, {world}");
                var at = Enumerable.Range(0, world.Junctions).Select(v => v == origin ? 1.0 : 0).ToArray();
                for (var a = 0; a < along.Length; a++) at[network.Heads[a]] += along[a];
                var sum = 0.0;
                for (var v = 0; v < world.Junctions; v++)
                {
                    var taken = Enumerable.Range(network.FirstArc[v], network.FirstArc[v + 1] - network.FirstArc[v]).Where(a => along[a] > 0).ToList();
                    Assert.True(Math.Abs(taken.Sum(a => along[a]) - (v == to ? 0 : at[v])) < 1e-9, $"{v} keeps somebody, {why}");
                    var waits = taken.Select(a => world.WaitsMs[network.InputArcs[a]]).ToList();
                    if (strategy.WaitMs(v) == 0) Assert.True(waits.Count == 0 || waits is [0], $"{v} has no wait, {why}");
                    else if (at[v] > 0) Assert.True(taken.Zip(waits).All(t => Math.Abs(along[t.First] / at[v] - strategy.WaitMs(v) / t.Second) < 1e-6), $"the shares at {v}, {why}");
                    sum += at[v] * strategy.WaitMs(v) + taken.Sum(a => along[a] * network.TravelTimesMs[a]);
                }
                Assert.True(Math.Abs(at[to] - 1) < 1e-9 && Math.Abs(sum - strategy.ExpectedMs[origin]) <= 0.5 * world.Junctions, $"{sum} is not {strategy.ExpectedMs[origin]}, {why}");
                var on = origin;
                foreach (var (arc, probability) in strategy.LikeliestPathFrom(origin))
                {
                    var here = Enumerable.Range(network.FirstArc[on], network.FirstArc[on + 1] - network.FirstArc[on]).ToList();
                    Assert.True(here.Contains(arc) && Math.Abs(along[arc] / at[on] - probability) < 1e-9 && here.All(a => along[a] <= along[arc]), $"{on} by {arc}, {why}");
                    on = network.Heads[arc];
                }
                Assert.True(on == to, why);
            }
        }
    }
}
