namespace Jietong.Routing.Tests;

/// <summary>All ways of a small world that pass no junction twice, and the roads that they use: the oracle of ways and cuts.</summary>
internal static class SimplePaths
{
    public static List<int[]> Between(Network network, int source, int target)
    {
        var (found, way, passed) = (new List<int[]>(), new List<int>(), new HashSet<int>());
        Go(source);
        return found;

        void Go(int at)
        {
            if (at == target)
            {
                found.Add([.. way]);
                return;
            }
            passed.Add(at);
            for (var arc = network.FirstArc[at]; arc < network.FirstArc[at + 1]; arc++)
            {
                if (network.TravelTimesMs[arc] == Network.Unreachable || passed.Contains(network.Heads[arc])) continue;
                way.Add(arc);
                Go(network.Heads[arc]);
                way.RemoveAt(way.Count - 1);
            }
            passed.Remove(at);
        }
    }

    public static int TimeMs(Network network, IEnumerable<int> way) => way.Sum(arc => network.TravelTimesMs[arc]);

    /// <summary>Of sets of that many ways of which no two share a bit, the least time together; null where there is no such set.</summary>
    public static int? Least(IReadOnlyList<(ulong Uses, int TimeMs)> ways, int count, int from = 0, ulong used = 0)
    {
        if (count == 0) return 0;
        int? best = null;
        for (var i = from; i < ways.Count; i++)
            if ((ways[i].Uses & used) == 0 && Least(ways, count - 1, i + 1, used | ways[i].Uses) is { } rest && (best is null || rest + ways[i].TimeMs < best)) best = rest + ways[i].TimeMs;
        return best;
    }

    public static int TailOf(Network network, int arc) => Enumerable.Range(0, network.JunctionCount).First(v => arc < network.FirstArc[v + 1]);
}
