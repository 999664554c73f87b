using Xunit;

namespace Jietong.Routing.Tests;

public sealed class ReachTests
{
    /// <summary>Arcs of one tail and head in pairs with those the other way, in turn; some have none.</summary>
    private static int[] Opposites(Network network)
    {
        var arcs = Enumerable.Range(0, network.JunctionCount).SelectMany(tail => Enumerable.Range(network.FirstArc[tail], network.FirstArc[tail + 1] - network.FirstArc[tail]).Select(arc => (Tail: tail, Head: network.Heads[arc], Arc: arc))).ToList();
        var opposites = new int[network.ArcCount];
        Array.Fill(opposites, -1);
        foreach (var (tail, head, arc) in arcs)
            foreach (var other in arcs.Where(a => opposites[arc] < 0 && a.Tail == head && a.Head == tail && opposites[a.Arc] < 0).Take(1)) (opposites[arc], opposites[other.Arc]) = (other.Arc, arc);
        return opposites;
    }

    [Fact]
    public void Every_point_of_every_arc_lies_in_the_band_of_its_time()
    {
        var found = new int[4];
        for (var seed = 0; seed < 3000; seed++)
        {
            var (world, random) = (RandomWorld.Of(seed, 10, 8, 30), new Random(seed));
            var network = world.Network;
            var opposites = random.Next(4) == 0 ? null : Opposites(network);
            (int Junction, int Ms)[] starts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (random.Next(world.Junctions), random.Next(100)))];
            int[] limits = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(500)).Distinct().Order()];
            var reach = Reach.From(network, starts, limits, opposites);
            var trees = starts.Select(s => Dijkstra.TravelTimesFrom(network, s.Junction).Select(t => Math.Min(Network.Unreachable, t + s.Ms)).ToArray()).ToList();
            int[] times = [.. Enumerable.Range(0, world.Junctions).Select(v => trees.Min(tree => tree[v]))];
            Assert.Equal(times.Select(t => t <= limits[^1] ? t : Network.Unreachable), reach.TimesMs);
            var stretches = reach.Stretches().ToLookup(s => s.Arc);
            for (var tail = 0; tail < world.Junctions; tail++)
                for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
                {
                    var why = $"arc {arc} from {tail} to {network.Heads[arc]} in {network.TravelTimesMs[arc]}: {string.Join(' ', stretches[arc])}, starts {string.Join(' ', starts)}, limits {string.Join(' ', limits)}, {world}";
                    var own = stretches[arc].ToList();
                    Assert.True(own.All(s => s.From >= 0 && s.From < s.To && s.To <= 1) && own.Zip(own.Skip(1)).All(p => p.First.To <= p.Second.From), why);
                    for (var sample = 0; sample < 12; sample++)
                    {
                        var x = random.NextDouble();
                        var time = network.TravelTimesMs[arc] == Network.Unreachable ? double.PositiveInfinity : times[tail] + x * network.TravelTimesMs[arc];
                        if (opposites is not null && opposites[arc] >= 0 && network.TravelTimesMs[opposites[arc]] < Network.Unreachable) time = Math.Min(time, times[network.Heads[arc]] + (1 - x) * network.TravelTimesMs[opposites[arc]]);
                        if (limits.Any(l => Math.Abs(time - l) < 1e-6)) continue;
                        var bands = own.Where(s => s.From <= x && x < s.To).Select(s => s.Band).ToList();
                        var expected = Enumerable.Range(0, limits.Length).Where(b => time <= limits[b]).Take(1).ToList();
                        Assert.True(bands.SequenceEqual(expected), $"{x} at {time} lies in {string.Join(' ', bands)}, not {string.Join(' ', expected)}, {why}");
                        found[expected.Count == 0 ? 3 : expected[0]]++;
                    }
                }
        }
        Assert.All(found, count => Assert.True(count > 1000));
    }

    // 0 ══ 10 min ══ 1: from 0, after 2 minutes already at 1. At x both ends are as fast: 10 x = 2 + 10 (1 − x).
    [Fact]
    public void Both_ends_meet_where_they_are_equally_fast()
    {
        var network = Network.Build(2, [0, 1], [1, 0], [600_000, 600_000]);
        var reach = Reach.From(network, [(0, 0), (1, 120_000)], [300_000, 900_000], [1, 0]);
        Assert.Equal([new(0, 0, 0, 0.5), new(0, 1, 0.5, 0.6), new(0, 1, 0.6, 0.7), new(0, 0, 0.7, 1)], reach.Stretches().Where(s => s.Arc == 0), (a, b) => a.Band == b.Band && Math.Abs(a.From - b.From) < 1e-12 && Math.Abs(a.To - b.To) < 1e-12);
        Assert.Equal([0, 0, 1, 1, 2], ((int[])[0, 300_000, 300_001, 900_000, 900_001]).Select(reach.BandOf));
    }

    [Fact]
    public void Bad_questions_are_named()
    {
        var network = Network.Build(2, [0, 0], [1, 1], [5, 5]);
        string Refused((int, int) start, int[] limits, int[]? opposites = null) => Assert.Throws<ArgumentException>(() => Reach.From(network, [start], limits, opposites)).Message;
        Assert.StartsWith("A start at junction 2 after 0 ms", Refused((2, 0), [5]), StringComparison.Ordinal);
        Assert.StartsWith("A start at junction 1 after -1 ms", Refused((1, -1), [5]), StringComparison.Ordinal);
        Assert.StartsWith("Band 1 ends at 5 ms", Refused((0, 0), [5, 5]), StringComparison.Ordinal);
        Assert.StartsWith("1 opposites for 2 arcs", Refused((0, 0), [5], [0]), StringComparison.Ordinal);
        Assert.StartsWith("Arc 1 is said to be the opposite of 0", Refused((0, 0), [5], [1, 0]), StringComparison.Ordinal);
    }
}
