using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Jobs;

/// <summary>What became of a job: <c>/jobs</c>, <c>/jobs/{id}</c>, <c>/jobs/{id}/results</c>, in the form of OGC API – Processes 1.0 (18-062r2, statusInfo). For editors.</summary>
internal static class JobsEndpoints
{
    public static void MapJobs(this WebApplication app, NpgsqlDataSource db)
    {
        app.MapGet("/jobs", async (HttpContext http) =>
        {
            await Access.Editor(http, db);
            var jobs = await Geodata.Jobs.List(db, http.RequestAborted);
            await Write(http, new JsonObject { ["jobs"] = new JsonArray([.. jobs.Select(j => StatusInfo(http, j))]), ["links"] = new JsonArray(Link(Root(http) + "/jobs", "self")) });
        });
        app.MapGet("/jobs/{id}", async (HttpContext http, string id) => await Write(http, StatusInfo(http, await Find(http, db, id))));
        app.MapDelete("/jobs/{id}", async (HttpContext http, string id) =>
        {
            var job = await Find(http, db, id);
            await Geodata.Jobs.Dismiss(db, job.Id, http.RequestAborted);
            await Write(http, StatusInfo(http, await Find(http, db, id)));
        });
        app.MapGet("/jobs/{id}/results", async (HttpContext http, string id) =>
        {
            var job = await Find(http, db, id);
            if (job.Result is not { } result) throw new RefusedRequestException(404, "Not Found", $"The job is {job.Status}: it has no results{(job.IsOver ? "" : " yet")}.");
            if (job.Status == "failed") http.Response.StatusCode = result["status"]!.GetValue<int>();
            await JsonAnswer.Write(http, result, job.Status == "failed" ? "application/problem+json" : "application/json");
        });
    }

    /// <summary>The state of a job as a client polls it.</summary>
    public static JsonObject StatusInfo(HttpContext http, Job job)
    {
        var info = new JsonObject
        {
            ["processID"] = job.Kind, ["type"] = "process", ["jobID"] = job.Id.ToString(), ["status"] = job.Status, ["message"] = job.Message ?? job.Result?["detail"]?.GetValue<string>(),
            ["created"] = job.CreatedAt, ["started"] = job.StartedAt, ["finished"] = job.FinishedAt, ["updated"] = job.UpdatedAt, ["progress"] = job.Progress, ["who"] = job.Who,
            ["links"] = new JsonArray(Link(AddressOf(http, job.Id), "self")),
        };
        foreach (var absent in info.Where(m => m.Value is null).Select(m => m.Key).ToList()) info.Remove(absent);
        if (job.Result is not null) info["links"]!.AsArray().Add(Link(AddressOf(http, job.Id) + "/results", "http://www.opengis.net/def/rel/ogc/1.0/results"));
        return info;
    }

    public static string AddressOf(HttpContext http, Guid id) => $"{Root(http)}/jobs/{id}";

    private static string Root(HttpContext http) => http.Root();

    private static JsonObject Link(string href, string rel) => new() { ["href"] = href, ["rel"] = rel, ["type"] = "application/json" };

    private static Task Write(HttpContext http, JsonObject document) => JsonAnswer.Write(http, document, "application/json");

    private static async Task<Job> Find(HttpContext http, NpgsqlDataSource db, string id)
    {
        await Access.Editor(http, db);
        http.Response.Headers.CacheControl = "no-store";
        return Guid.TryParse(id, out var number) && await Geodata.Jobs.Find(db, number, http.RequestAborted) is { } job ? job : throw new InputException($"There is no job {InputException.Short(id, 40)}.", notFound: true);
    }
}
