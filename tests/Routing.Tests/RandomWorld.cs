namespace Jietong.Routing.Tests;

/// <summary>Junctions and arcs by chance, the same for the same seed: parallel arcs, loops, islands, zero times, closed arcs, arcs without a wait.</summary>
internal sealed record RandomWorld(int Seed, int Junctions, int[] Tails, int[] Heads, int[] TimesMs, int[] WaitsMs)
{
    /// <param name="seed">Of the chance.</param>
    /// <param name="unitMs">All times are multiples of it: large, and rounding is small against them; 1, and ties are frequent.</param>
    /// <param name="mostJunctions">At most so many junctions.</param>
    /// <param name="mostArcs">At most so many arcs.</param>
    public static RandomWorld Of(int seed, int unitMs, int mostJunctions, int mostArcs)
    {
        var random = new Random(seed);
        var (n, m) = (random.Next(1, mostJunctions + 1), random.Next(1, mostArcs + 1));
        int[] Draw(Func<int> one) => [.. Enumerable.Range(0, m).Select(_ => one())];
        return new(seed, n, Draw(() => random.Next(n)), Draw(() => random.Next(n)),
            Draw(() => random.Next(10) switch { 0 => Network.Unreachable, 1 => 0, _ => unitMs * random.Next(1, 20) }),
            Draw(() => random.Next(3) == 0 ? 0 : unitMs * random.Next(1, 30)));
    }

    public Network Network => Network.Build(Junctions, Tails, Heads, TimesMs);

    public OptimalStrategies Strategies => new(Network, WaitsMs);

    /// <summary>With an arc back beside each.</summary>
    public RandomWorld BothWays => this with { Tails = [.. Tails, .. Heads], Heads = [.. Heads, .. Tails], TimesMs = [.. TimesMs, .. TimesMs], WaitsMs = [.. WaitsMs, .. WaitsMs] };

    public RandomWorld Without(int arc) => this with { Tails = Less(Tails, arc), Heads = Less(Heads, arc), TimesMs = Less(TimesMs, arc), WaitsMs = Less(WaitsMs, arc) };

    public RandomWorld Ordered(int[] order) => this with
    {
        Tails = [.. order.Select(a => Tails[a])], Heads = [.. order.Select(a => Heads[a])], TimesMs = [.. order.Select(a => TimesMs[a])], WaitsMs = [.. order.Select(a => WaitsMs[a])],
    };

    private static int[] Less(int[] list, int arc) => [.. list[..arc], .. list[(arc + 1)..]];

    public override string ToString() => $"seed {Seed}, {Junctions} junctions: {string.Join(' ', Tails.Select((t, a) => $"{t}>{Heads[a]}:{TimesMs[a]}w{WaitsMs[a]}"))}";
}
