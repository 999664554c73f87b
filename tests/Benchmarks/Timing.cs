namespace Jietong.Benchmarks;

internal static class Timing
{
    public const int Rounds = 5;

    public static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    /// <summary>Processor time of this process, whatever else the machine does meanwhile.</summary>
    public static double Milliseconds(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
    }

    /// <summary>The least of five rounds.</summary>
    public static double Best(Action action, int rounds = Rounds) => Enumerable.Range(0, rounds).Min(_ => Milliseconds(action));

    /// <summary>Both are asked the same questions in turn; the best of five rounds counts for each question, and the median over the questions.</summary>
    /// <param name="questions">What is asked.</param>
    /// <param name="ours">The milliseconds that one question takes.</param>
    /// <param name="peer">The same of the peer.</param>
    public static (double Ours, double Peer) InTurn<T>(IEnumerable<T> questions, Func<T, double> ours, Func<T, double> peer)
    {
        var best = new List<(double Ours, double Peer)>();
        foreach (var question in questions)
        {
            var rounds = Enumerable.Range(0, Rounds).Select(_ => (Ours: ours(question), Peer: peer(question))).ToList();
            best.Add((rounds.Min(r => r.Ours), rounds.Min(r => r.Peer)));
        }
        return (Median(best.Select(b => b.Ours)), Median(best.Select(b => b.Peer)));
    }
}
