using Jietong.Geodata;
using Jietong.Services.OData;
using Npgsql;

namespace Jietong.Services.Serve;

/// <summary>Which error answers with which status: one table for all protocols. OData gets its own form, the rest problem+json (RFC 9457).</summary>
internal static class Problems
{
    private static readonly (int, string, string) Unreachable = (503, "Service Unavailable", "The database cannot be reached; try again later.");

    private static (int Status, string Title, string Detail) Of(Exception error) => error switch
    {
        InputException { NotFound: true } e => (404, "Not Found", e.Message),
        InputException e => (400, "Bad Request", e.Message),
        UnacceptableException e => (406, "Not Acceptable", e.Message),
        UnsupportedException e => (501, "Not Implemented", e.Message),
        BadHttpRequestException e => (e.StatusCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(e.StatusCode), e.Message),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => (504, "Gateway Timeout", "The question takes the database too long: ask for fewer rows, a smaller area, or without the dearest function."),
        PostgresException { SqlState: ['0', '8', ..] or ['2', '8', ..] or ['3', 'D', ..] or ['5', '3' or '7', ..] } => Unreachable,   // connection, login, no such database, resources, shut down
        PostgresException e => (500, "Database Error", $"The database refused the question ({e.SqlState})."),
        NpgsqlException => Unreachable,
        _ => (500, "Internal Error", "The service failed; the log says more."),
    };

    public static void UseProblems(this WebApplication app) => app.Use((http, next) => Guard(http, () => next(http)));

    /// <summary>Answers, or says in the form of the protocol why not.</summary>
    public static async Task Guard(HttpContext http, Func<Task> answer)
    {
        ILogger Log() => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Jietong");
        try
        {
            await answer();
            if (http.Response is { StatusCode: 404 or 405, HasStarted: false })
                await Write(http, (http.Response.StatusCode, http.Response.StatusCode == 404 ? "Not Found" : "Method Not Allowed", $"{http.Request.Method} {http.Request.Path} is not served."));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested) { }
        catch (Exception error) when (http.Response.HasStarted)
        {
            Log().LogError(error, "{Method} {Path}: the answer was cut off", http.Request.Method, http.Request.Path);
            http.Abort();
        }
        catch (Exception error)
        {
            var problem = Of(error);
            if (problem.Status >= 500) Log().LogError(error, "{Method} {Path}", http.Request.Method, http.Request.Path);
            await Write(http, problem);
        }
    }

    private static async Task Write(HttpContext http, (int Status, string Title, string Detail) problem)
    {
        var isOData = http.Request.Path.StartsWithSegments("/odata") || http.Items.ContainsKey(ODataPage.InBatch);
        var allowed = http.Response.Headers.Allow;
        http.Response.Clear();
        http.Response.Headers.Allow = allowed;
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = isOData ? "application/json;charset=utf-8" : "application/problem+json";
        if (isOData) http.Response.Headers["OData-Version"] = "4.0";
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        if (isOData)
        {
            json.WriteStartObject("error");
            json.WriteString("code", problem.Title.Replace(" ", "", StringComparison.Ordinal));
            json.WriteString("message", problem.Detail);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type", "about:blank");
            json.WriteString("title", problem.Title);
            json.WriteNumber("status", problem.Status);
            json.WriteString("detail", problem.Detail);
        }
        json.WriteEndObject();
        await answer.Send();
    }
}
