using Jietong.Routing;

namespace Jietong.Benchmarks;

/// <summary>The peer of our strategies: part 1 of Spiess and Florian (1989) as it is written, with .NET's own queue, doubles, and nothing rounded.</summary>
internal sealed class PlainStrategies
{
    private readonly int junctions;
    private readonly List<(int Tail, int TimeMs, double Frequency)>[] incoming;

    public PlainStrategies(Network network, int[] waitsMs)
    {
        (junctions, incoming) = (network.JunctionCount, [.. Enumerable.Range(0, network.JunctionCount).Select(_ => new List<(int, int, double)>())]);
        for (var tail = 0; tail < junctions; tail++)
            for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
                incoming[network.Heads[arc]].Add((tail, network.TravelTimesMs[arc], waitsMs[network.InputArcs[arc]] is > 0 and var wait ? 1.0 / wait : double.PositiveInfinity));
    }

    public double[] To(int destination)
    {
        var (expected, frequencies, queue) = (new double[junctions], new double[junctions], new PriorityQueue<(int Head, int Arc), double>());
        Array.Fill(expected, double.PositiveInfinity);
        expected[destination] = 0;
        void Enqueue(int head)
        {
            for (var arc = 0; arc < incoming[head].Count; arc++) queue.Enqueue((head, arc), expected[head] + incoming[head][arc].TimeMs);
        }
        Enqueue(destination);
        while (queue.TryDequeue(out var entry, out var aboard))
        {
            var (tail, timeMs, frequency) = incoming[entry.Head][entry.Arc];
            if (aboard > expected[entry.Head] + timeMs || aboard >= expected[tail]) continue;   // put in again with less meanwhile, or not worth waiting for
            if (double.IsInfinity(frequency)) (expected[tail], frequencies[tail]) = (aboard, frequency);
            else
            {
                var before = frequencies[tail] > 0 ? frequencies[tail] * expected[tail] : 1;
                frequencies[tail] += frequency;
                expected[tail] = (before + frequency * aboard) / frequencies[tail];
            }
            Enqueue(tail);
        }
        return expected;
    }
}
