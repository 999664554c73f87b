using System.Threading.RateLimiting;

namespace Jietong.Services.Serve;

/// <summary>So many at once; more wait for their turn, and beyond that they are asked to come back.</summary>
/// <param name="atOnce">How many work at the same time.</param>
/// <param name="mostWaiting">How many may wait.</param>
/// <param name="tooMany">What one more is told.</param>
/// <param name="comeBackSeconds">When to try again.</param>
internal sealed class Turns(int atOnce, int mostWaiting, string tooMany, int comeBackSeconds) : IDisposable
{
    private readonly ConcurrencyLimiter places = new(new() { PermitLimit = atOnce, QueueLimit = mostWaiting });

    /// <summary>How many work or wait.</summary>
    public long Busy => places.GetStatistics() is { } now ? atOnce - now.CurrentAvailablePermits + now.CurrentQueuedCount : 0;

    /// <inheritdoc cref="Take{T}"/>
    public Task Take(Func<Task> work, CancellationToken cancel) => Take(async () =>
    {
        await work();
        return true;
    }, cancel);

    /// <summary>Waits for a turn, calls, and gives the turn back.</summary>
    /// <exception cref="RefusedRequestException">503: too many wait already.</exception>
    public async Task<T> Take<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        using var turn = await places.AcquireAsync(1, cancel);
        return turn.IsAcquired ? await work() : throw new RefusedRequestException(503, "Service Unavailable", tooMany) { Header = ("Retry-After", $"{comeBackSeconds}") };
    }

    public void Dispose() => places.Dispose();
}
