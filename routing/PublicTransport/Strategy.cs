namespace Jietong.Routing;

/// <summary>Which arcs are worth taking on the way to one destination, and how long it takes on average from everywhere.</summary>
public sealed class Strategy
{
    private readonly Network network;
    private readonly long[] frequencies;
    private readonly UInt128[] frequencyAt;
    private readonly double[] waitedTimes, times;
    private readonly TakenArcs taken;
    private readonly Lazy<ILookup<int, int>> waitedFor;

    internal Strategy(Network network, long[] frequencies, StrategySearch search, TakenArcs taken)
    {
        (this.network, this.frequencies, this.taken) = (network, frequencies, taken);
        times = [.. search.TimesMs.Select(t => t == Network.Unreachable ? double.PositiveInfinity : t)];
        frequencyAt = [.. search.Lines.Select(lines => lines.Frequency)];
        waitedTimes = [.. search.Lines.Select(lines => lines.Frequency == 0 ? double.PositiveInfinity : lines.MeanMs)];
        waitedFor = new(() => taken.WaitedFor.ToLookup(w => w.Tail, w => w.Arc));
    }

    /// <summary>Whole milliseconds on average from each junction to the destination, waits included; infinity where no path leads.</summary>
    public IReadOnlyList<double> ExpectedMs => times;

    /// <summary>The mean wait at a junction before one of its attractive arcs is taken; 0 where nothing is waited for.</summary>
    public double WaitMs(int junction) => Waits(junction) ? OptimalStrategies.EachMs / (double)frequencyAt[junction] : 0;

    /// <summary>For each arc (in the network's order), the probability that somebody who sets out at <paramref name="origin"/> travels along it.</summary>
    /// <returns>Zeros where the destination cannot be reached.</returns>
    public double[] ProbabilitiesFrom(int origin)
    {
        var (at, along) = (new double[network.JunctionCount], new double[network.ArcCount]);
        at[origin] = 1;
        var order = taken.Order;
        for (var i = order.Count - 1; i >= 0; i--)   // settled last is farthest: what flows on flows to what was settled before
        {
            if (at[order[i]] == 0) continue;
            foreach (var arc in Attractive(order[i]))
                at[network.Heads[arc]] += along[arc] = at[order[i]] * ProbabilityOf(arc, order[i]);
        }
        return along;
    }

    /// <summary>The path that is travelled most often from <paramref name="origin"/>: at each junction the likeliest arc, the first of equals.</summary>
    /// <returns>Arcs in the network's order, each with the probability that it is taken at its tail; empty at the destination itself and where it cannot be reached.</returns>
    public IReadOnlyList<(int Arc, double Probability)> LikeliestPathFrom(int origin)
    {
        var path = new List<(int Arc, double Probability)>();
        for (var at = origin; Attractive(at).Any(); at = network.Heads[path[^1].Arc])
        {
            var likeliest = Attractive(at).MaxBy(a => ProbabilityOf(a, at));
            path.Add((likeliest, ProbabilityOf(likeliest, at)));
        }
        return path;
    }

    /// <summary>Where waiting is at least as good as going on without a wait, it is done.</summary>
    private bool Waits(int junction) => frequencyAt[junction] > 0 && waitedTimes[junction] <= times[junction] && double.IsFinite(times[junction]);

    private IEnumerable<int> Attractive(int junction) => Waits(junction) ? waitedFor.Value[junction] : taken.Direct[junction] < 0 ? [] : [taken.Direct[junction]];

    private double ProbabilityOf(int arc, int junction) => Waits(junction) ? frequencies[arc] / (double)frequencyAt[junction] : 1;
}
