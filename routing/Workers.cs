namespace Jietong.Routing;

/// <summary>Work in many pieces, on one thread or several. Each thread has a state of its own, so that buffers are made once and not for each piece.</summary>
internal static class Workers
{
    /// <param name="pieces">How many there are.</param>
    /// <param name="workers">How many threads, 1 or more; 1 is the caller's own.</param>
    /// <param name="state">Makes what a thread works with.</param>
    /// <param name="piece">Does one piece; pieces are independent, so that results do not depend on the threads.</param>
    /// <param name="progress">Is told the share that is done, 0 … 1, in rising order.</param>
    /// <param name="cancellation">Ends the work between two pieces.</param>
    public static void Run<TState>(int pieces, int workers, Func<TState> state, Action<int, TState> piece, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var (taken, done, turn) = (-1, 0, new Lock());
        if (workers == 1 || pieces < 2) Work();
        else Parallel.For(0, Math.Min(workers, pieces), new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, _ => Work());
        cancellation.ThrowIfCancellationRequested();

        void Work()
        {
            var own = state();
            while (!cancellation.IsCancellationRequested && Interlocked.Increment(ref taken) is var at && at < pieces)
            {
                piece(at, own);
                if (progress is null) continue;
                lock (turn) progress.Report(++done / (double)pieces);
            }
        }
    }
}
