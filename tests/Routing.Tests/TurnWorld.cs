namespace Jietong.Routing.Tests;

/// <summary>A random world with random turns: bans and penalties, over two arcs and over up to four, U-turns, one turn inside another, the same twice.</summary>
internal sealed record TurnWorld(RandomWorld World, Network Network, Turn[] Turns)
{
    public static TurnWorld Of(int seed, int mostJunctions = 8, int mostArcs = 22)
    {
        var (world, random) = (RandomWorld.Of(seed, seed % 3 == 0 ? 1 : 1000, mostJunctions, mostArcs), new Random(-seed - 7));
        var network = world.Network;
        var turns = new List<Turn>();
        for (var more = random.Next(14); more > 0; more--)
        {
            var arcs = new List<int> { random.Next(network.ArcCount) };
            for (var length = random.Next(4) switch { 0 => 3, 1 => 4, _ => 2 }; arcs.Count < length && Leaving(network, network.Heads[arcs[^1]]) is [_, ..] next;) arcs.Add(next[random.Next(next.Length)]);
            if (arcs.Count > 1) turns.Add(new(arcs, Penalty(random, seed)));
        }
        return new(world, network, [.. turns]);
    }

    public static int Penalty(Random random, int seed) => random.Next(3) switch { 0 => random.Next(seed % 3 == 0 ? 6 : 6000), _ => Turn.Banned };

    public static int[] Leaving(Network network, int junction) => [.. Enumerable.Range(network.FirstArc[junction], network.FirstArc[junction + 1] - network.FirstArc[junction])];

    /// <summary>The oracle: Dijkstra on ways, two of which are alike if they are at one junction and their last three arcs are the same, as many as a turn of four looks back on.</summary>
    /// <returns>Milliseconds to every junction.</returns>
    public static int[] TimesFrom(Network network, IReadOnlyList<Turn> turns, int source)
    {
        // The last arcs of a way as one number, ten bits each.
        var (times, listed) = (new int[network.JunctionCount], turns.Select(t => (Arcs: t.Arcs.Aggregate(0L, (way, arc) => way << 10 | (uint)(arc + 1)), Mask: (1L << 10 * t.Arcs.Count) - 1, t.PenaltyMs)).ToList());
        Array.Fill(times, Network.Unreachable);
        var (done, queue) = (new HashSet<(int, long)>(), new PriorityQueue<(int At, long Last), int>([((source, 0L), 0)]));
        while (queue.TryDequeue(out var way, out var time))
        {
            if (!done.Add((way.At, way.Last))) continue;
            times[way.At] = Math.Min(times[way.At], time);
            for (var arc = network.FirstArc[way.At]; arc < network.FirstArc[way.At + 1]; arc++)
            {
                var (last, cost) = (way.Last << 10 | (uint)(arc + 1), (long)network.TravelTimesMs[arc]);
                foreach (var turn in listed)
                    if ((last & turn.Mask) == turn.Arcs) cost += turn.PenaltyMs;
                if (cost < Network.Unreachable) queue.Enqueue((network.Heads[arc], last & (1 << 30) - 1), time + (int)cost);
            }
        }
        return times;
    }

    /// <summary>What a path takes, turn by turn.</summary>
    public long TimeMs(IReadOnlyList<int> path) => Enumerable.Range(0, path.Count).Sum(i => (long)Network.TravelTimesMs[path[i]] + Penalties(Turns, [.. path.Take(i + 1)]));

    private static long Penalties(IReadOnlyList<Turn> turns, int[] arcs) =>
        turns.Where(t => arcs.Length >= t.Arcs.Count && arcs.TakeLast(t.Arcs.Count).SequenceEqual(t.Arcs)).Sum(t => (long)t.PenaltyMs);

    public int[][] Oracle => [.. Enumerable.Range(0, World.Junctions).Select(s => TimesFrom(Network, Turns, s))];

    public override string ToString() => $"turns {string.Join(' ', Turns.Select(t => $"{string.Join('-', t.Arcs)}:{t.PenaltyMs}"))} by the network's arcs, input arcs {string.Join(',', Network.InputArcs)}, {World}";
}
