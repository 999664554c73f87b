using Xunit;

namespace Jietong.Routing.Tests;

public sealed class AccessibilityTests
{
    private const int Never = Network.Unreachable, Minute = 60_000;

    private sealed record World(int Seed, int[][] Times, double[] Origins, double[] Destinations)
    {
        public static World Of(int seed)
        {
            var random = new Random(seed);
            var (from, to) = (random.Next(1, 8), random.Next(1, 8));
            int Time() => random.Next(5) switch { 0 => Never, 1 => 0, _ => 1000 * random.Next(5_000) };
            double[] Amounts(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 0 : Math.Round(1000 * random.NextDouble(), 2))];
            return new(seed, [.. Enumerable.Range(0, from).Select(_ => Enumerable.Range(0, to).Select(_ => Time()).ToArray())], Amounts(from), Amounts(to));
        }

        /// <summary>The pairs that can be reached, with minutes and opportunities.</summary>
        public IEnumerable<(double Minutes, double Amount)> From(int origin) => Times[origin].Zip(Destinations).Where(p => p.First < Never).Select(p => (p.First / 60_000.0, p.Second));

        public override string ToString() => $"seed {Seed}, people {string.Join(' ', Origins)}, opportunities {string.Join(' ', Destinations)}, times {string.Join("; ", Times.Select(row => string.Join(' ', row)))}";
    }

    private static void MustBe(double expected, double found, string what, World world) =>
        Assert.True(expected.Equals(found) || Math.Abs(expected - found) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{what} is {found}, not {expected}, {world}");

    [Fact]
    public void Measures_are_what_their_formulas_say()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (world, random) = (World.Of(seed), new Random(seed));
            var (within, beta, alpha, least, count) = (1000 * random.Next(5_000), 0.2 * random.NextDouble() + 1e-6, 2 * random.NextDouble(), 1000 * random.Next(1, 300), 2000 * random.NextDouble() + 1e-3);
            var (cumulative, exponential, power) = (Accessibility.Cumulative(world.Times, world.Destinations, within), Accessibility.ExponentialGravity(world.Times, world.Destinations, beta), Accessibility.PowerGravity(world.Times, world.Destinations, alpha, least));
            var (logsum, dual, mean) = (Accessibility.Logsum(world.Times, world.Destinations, beta), Accessibility.Dual(world.Times, world.Destinations, count), Accessibility.WeightedMeanTime(world.Times, world.Destinations));
            for (var i = 0; i < world.Times.Length; i++)
            {
                MustBe(world.From(i).Where(p => p.Minutes <= within / 60_000.0).Sum(p => p.Amount), cumulative[i], $"cumulative at {i}", world);
                MustBe(world.From(i).Sum(p => p.Amount * Math.Exp(-beta * p.Minutes)), exponential[i], $"exponential at {i}", world);
                MustBe(world.From(i).Sum(p => p.Amount / Math.Pow(Math.Max(p.Minutes, least / 60_000.0), alpha)), power[i], $"power at {i}", world);
                var reached = world.From(i).Where(p => p.Amount > 0).ToList();
                MustBe(reached.Count == 0 ? double.NegativeInfinity : Math.Log(reached.Sum(p => p.Amount * Math.Exp(-beta * p.Minutes))) / beta, logsum[i], $"logsum at {i}", world);
                var steps = world.Times[i].Where(t => t < Never).Distinct().Order().Where(t => Accessibility.Cumulative([world.Times[i]], world.Destinations, t)[0] >= count).ToList();
                MustBe(steps.Count == 0 ? Never : steps[0], dual[i], $"dual of {count} at {i}", world);
                var mass = world.From(i).Sum(p => p.Amount);
                Assert.Equal(mass == 0, mean[i].MeanMs is null);
                MustBe(mass == 0 ? 0 : world.From(i).Sum(p => p.Minutes * 60_000 * p.Amount) / mass, mean[i].MeanMs ?? 0, $"mean at {i}", world);
                MustBe(mass == 0 ? 0 : mass / world.Destinations.Sum(), mean[i].ReachedShare, $"share at {i}", world);
            }
        }
    }

    [Fact]
    public void Catchments_share_all_supply_that_somebody_reaches()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (world, within) = (World.Of(seed), 1000 * new Random(seed).Next(5_000));
            var found = FloatingCatchment.Of(world.Times, world.Origins, world.Destinations, within);
            var ratios = world.Destinations.Select((supply, j) => world.Origins.Where((_, k) => world.Times[k][j] <= within).Sum() is > 0 and var people ? supply / people : 0).ToList();
            for (var i = 0; i < world.Times.Length; i++) MustBe(ratios.Where((_, j) => world.Times[i][j] <= within).Sum(), found.Access[i], $"2SFCA at {i} within {within}", world);
            MustBe(world.Destinations.Sum() - found.UnreachedSupply, found.Access.Zip(world.Origins).Sum(p => p.First * p.Second), $"the supply that is shared within {within}", world);
        }
    }

    [Fact]
    public void Nobody_has_less_when_a_pair_becomes_faster()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var (world, random) = (World.Of(seed), new Random(seed));
            var faster = world with { Times = [.. world.Times.Select(row => row.Select(t => random.Next(2) == 0 ? t : random.Next(Math.Min(t, 5_000_000) + 1)).ToArray())] };
            foreach (var measure in new Func<World, IEnumerable<double>>[]
            {
                w => Accessibility.Cumulative(w.Times, w.Destinations, 1_000_000), w => Accessibility.ExponentialGravity(w.Times, w.Destinations, 0.05), w => Accessibility.PowerGravity(w.Times, w.Destinations, 1, Minute),
                w => Accessibility.Logsum(w.Times, w.Destinations, 0.05), w => Accessibility.Dual(w.Times, w.Destinations, 500).Select(t => -(double)t),
            })
                foreach (var (before, after) in measure(world).Zip(measure(faster))) Assert.True(after >= before - 1e-9 * Math.Abs(before), $"{before} became {after}, {faster} after {world}");
        }
    }

    // 1,000 people within 10 min of a clinic with 5 doctors, 500 of them within 10 min of another with 4.
    [Fact]
    public void An_example_by_hand()
    {
        int[][] times = [[5 * Minute, Never, 10 * Minute], [10 * Minute, 10 * Minute, Never], [Never, 11 * Minute, Never]];
        var found = FloatingCatchment.Of(times, [500, 500, 100], [5, 4, 0], 10 * Minute);
        Assert.Equal([0.005, 0.013, 0], found.Access, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([5, 9, 0], Accessibility.Cumulative(times, [5, 4, 0], 10 * Minute));
        Assert.Equal([Never, 10 * Minute, Never], Accessibility.Dual(times, [5, 4, 0], 5.5));
        Assert.Equal([0, 600_000 * 9.0 / 9, 660_000.0], Accessibility.WeightedMeanTime(times, [0, 4, 0]).Select(m => m.MeanMs ?? 0));
        Assert.Equal(-5 + Math.Log(5) / 0.1, Accessibility.Logsum(times, [5, 4, 0], 0.1)[0], 12);
        Assert.Equal(0.5, Accessibility.ExponentialGravity([[14 * Minute]], [1], Math.Log(2) / 14)[0], 12);
        Assert.Equal(0.01, Accessibility.PowerGravity([[10 * Minute]], [1], 2, Minute)[0], 12);
    }

    [Fact]
    public void Where_nothing_is_there_it_says_so()
    {
        int[][] none = [[Never], [0]];
        Assert.Equal([0, 0], Accessibility.Cumulative(none, [0], 5));
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity], Accessibility.Logsum(none, [0], 1));
        Assert.Equal([Never, Never], Accessibility.Dual(none, [0], 1));
        Assert.Equal([(null, 0), (null, 0)], Accessibility.WeightedMeanTime(none, [0]));
        var catchment = FloatingCatchment.Of(none, [7, 0], [3], 5);
        Assert.Equal([0, 0, 0, 3], [.. catchment.Access, .. catchment.Ratios, catchment.UnreachedSupply]);
        Assert.Empty(Accessibility.Cumulative([], [1], 5));
        Assert.Equal([0], Accessibility.ExponentialGravity([[]], [], 1));
    }

    [Fact]
    public void Far_opportunities_do_not_vanish_from_a_logsum() => Assert.Equal(-8_000, Accessibility.Logsum([[8_000 * Minute]], [1], 1)[0], 9);

    [Fact]
    public void Bad_input_is_named()
    {
        static string Refused(Action action) => Assert.Throws<ArgumentException>(action).Message;
        Assert.StartsWith("Origin 1 has 2 times for 1 destinations", Refused(() => Accessibility.Cumulative([[0], [0, 0]], [1], 5)), StringComparison.Ordinal);
        Assert.StartsWith("From origin 0 to destination 1 it takes -1 ms", Refused(() => Accessibility.Dual([[0, -1]], [1, 1], 5)), StringComparison.Ordinal);
        Assert.StartsWith("NaN opportunities at destination 0", Refused(() => Accessibility.Logsum([[0]], [double.NaN], 5)), StringComparison.Ordinal);
        Assert.StartsWith("-1 people at origin 0", Refused(() => FloatingCatchment.Of([[0]], [-1], [1], 5)), StringComparison.Ordinal);
        Assert.StartsWith("2 demands for 1 origins", Refused(() => FloatingCatchment.Of([[0]], [1, 1], [1], 5)), StringComparison.Ordinal);
        foreach (var bad in (Action[])[() => Accessibility.Cumulative([], [], Never), () => FloatingCatchment.Of([], [], [], -1), () => Accessibility.ExponentialGravity([], [], -1), () => Accessibility.Logsum([], [], 0),
            () => Accessibility.PowerGravity([], [], 1, 0), () => Accessibility.PowerGravity([], [], double.NaN, 1), () => Accessibility.Dual([], [], 0)]) Refused(bad);
    }
}
