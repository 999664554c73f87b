using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Services.Import;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Jobs;

/// <summary>Does the jobs, one after the other; several servers on one database share them.</summary>
internal sealed class JobWorker(NpgsqlDataSource db, ILogger<JobWorker> log) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1), BetweenWords = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await Geodata.Jobs.Take(db, stop) is { } job)
                {
                    await Do(job, stop);
                    continue;
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException) { log.LogWarning("Jobs rest: {Reason}", e.Message); }   // the database is away for a while
            catch (OperationCanceledException) { return; }
            try { await Task.Delay(BetweenLooks, stop); }
            catch (OperationCanceledException) { return; }
        }
    }

    private async Task Do(Job job, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var progress = new JobProgress();
        var told = Tell(job, progress, ending);
        try
        {
            var result = await ImportJob.Run(db, job, progress.Hear, ending.Token);
            await Geodata.Jobs.Finish(db, job, true, result, CancellationToken.None);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { await Geodata.Jobs.PutBack(db, job); }
        catch (OperationCanceledException) when (ending.IsCancellationRequested) { }   // it is ours no more
        catch (Exception e) when (e is not NpgsqlException { IsTransient: true })      // else the lease runs out, and it is taken again
        {
            var problem = Problems.Of(e);
            if (problem.Status >= 500) log.LogError(e, "Job {Id}", job.Id);
            var told100 = e is Geodata.Imports.RefusedImportException refused ? ImportJob.ProblemsOf(refused) : null;
            await Geodata.Jobs.Finish(db, job, false, new JsonObject { ["type"] = "about:blank", ["title"] = problem.Title, ["status"] = problem.Status, ["detail"] = problem.Detail, ["problems"] = told100 }, CancellationToken.None);
        }
        finally
        {
            await ending.CancelAsync();
            await told;
        }
    }

    /// <summary>Writes once a second how far it is, and ends the work where nobody wants it any more.</summary>
    private async Task Tell(Job job, JobProgress progress, CancellationTokenSource ending)
    {
        try
        {
            while (true)
            {
                await Task.Delay(BetweenWords, ending.Token);
                try
                {
                    if (!await Geodata.Jobs.Tell(db, job, progress.Percent, progress.Message, ending.Token)) await ending.CancelAsync();
                }
                catch (NpgsqlException) { }   // the lease lasts some seconds more
            }
        }
        catch (OperationCanceledException) { }
    }
}
