using System.Diagnostics;
using System.Globalization;
using Jietong.Geodata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Jietong.Services.Cli;

/// <summary>How far a long work is, on standard error: bars with rate and remaining time on a terminal, plain lines otherwise, nothing where it is to be quiet.</summary>
internal static class ProgressBars
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>Does the work and shows what it tells, from whatever thread.</summary>
    public static async Task<T> While<T>(bool quiet, Func<Action<Step>, Task<T>> work)
    {
        if (quiet) return await work(_ => { });
        if (Console.IsErrorRedirected) return await work(Lines());
        var terminal = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        T? result = default;
        await terminal.Progress().AutoClear(true).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
            .StartAsync(async bars => result = await work(Bars(bars)));
        return result!;
    }

    private static Action<Step> Bars(ProgressContext bars)
    {
        var (gate, tasks, present) = (new Lock(), new Dictionary<string, ProgressTask>(), (ProgressTask?)null);
        return step =>
        {
            lock (gate)
            {
                if (!tasks.TryGetValue(step.En, out var task)) tasks[step.En] = task = bars.AddTask($"{Markup.Escape(step.Zh)} [grey]{Markup.Escape(step.En)}[/]", new ProgressTaskSettings { MaxValue = Math.Max(1, step.Total ?? 1) });
                if (present is not null && present != task) present.StopTask();
                present = task;
                task.IsIndeterminate = step.Total is null;
                task.MaxValue = Math.Max(1, step.Total ?? 1);
                task.Value = step.Done;
                task.State.Update<Step>("step", _ => step);
            }
        };
    }

    private static Action<Step> Lines()
    {
        var (gate, present, began, told) = (new Lock(), "", Stopwatch.StartNew(), Stopwatch.StartNew());
        return step =>
        {
            lock (gate)
            {
                if (step.En == present && told.Elapsed < BetweenLines) return;
                if (step.En != present) (present, began) = (step.En, Stopwatch.StartNew());
                told.Restart();
                Console.Error.WriteLine(Line(step, began.Elapsed));
            }
        };
    }

    /// <summary>One line of plain text.</summary>
    public static string Line(Step step, TimeSpan elapsed)
    {
        var line = $"{step.Zh} {step.En} …";
        if (step.Done == 0) return line;
        if (step.Total is { } total and > 0) line += string.Create(CultureInfo.InvariantCulture, $" {100.0 * step.Done / total:0} %");
        if (Rate(step, elapsed) is { Length: > 0 } rate) line += $", {rate}";
        if (step.Total is { } end && end > step.Done && elapsed > TimeSpan.Zero) line += $", 剩余 left {elapsed * ((double)(end - step.Done) / step.Done):m\\:ss}";
        return line;
    }

    private static string Rate(Step step, TimeSpan elapsed)
    {
        if (elapsed < TimeSpan.FromSeconds(0.5) || step.Done == 0) return "";
        var perSecond = step.Done / elapsed.TotalSeconds;
        return step.Unit == "bytes" ? string.Create(CultureInfo.InvariantCulture, $"{perSecond / 1e6:0.0} MB/s") : string.Create(CultureInfo.InvariantCulture, $"{perSecond:N0} {step.Unit}/s");
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Rate(task.State.Get<Step>("step"), task.ElapsedTime ?? TimeSpan.Zero), new Style(Color.Grey));
    }
}
