using Jietong.Geodata;

namespace Jietong.Services.Jobs;

/// <summary>The last that was heard of how far a job is.</summary>
internal sealed class JobProgress
{
    private volatile object? last;

    public void Hear(Step step) => last = step;

    /// <summary>Of the present step; null where its end is not known.</summary>
    public int? Percent => last is Step { Total: > 0 and var total } step ? (int)Math.Clamp(100 * step.Done / total, 0, 100) : null;

    public string? Message => last is Step step ? $"{step.Zh} {step.En}" : null;
}
