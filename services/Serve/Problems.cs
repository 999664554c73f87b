using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Register;
using Jietong.Services.OData;
using Npgsql;

namespace Jietong.Services.Serve;

/// <summary>Which error answers with which status: one table for all protocols. OData gets its own form, the rest problem+json (RFC 9457).</summary>
internal static class Problems
{
    private static readonly Problem Unreachable = new(503, "Service Unavailable", "The database cannot be reached; try again later.");

    /// <summary>An error as a client reads it; where rows were refused, with every problem of each.</summary>
    public sealed record Problem(int Status, string Title, string Detail, IReadOnlyList<RowProblem>? Problems = null);

    public static Problem Of(Exception error) => error switch
    {
        RefusedRequestException e => new(e.Status, e.Title, e.Message),
        RefusedRowsException e => OfRows(e.Problems),
        InputException { NotFound: true } e => new(404, "Not Found", e.Message),
        InputException e => new(400, "Bad Request", e.Message),
        UnsupportedException e => new(501, "Not Implemented", e.Message),
        BadHttpRequestException e => new(e.StatusCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(e.StatusCode), e.Message),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new(504, "Gateway Timeout", "The question takes the database too long: ask for fewer rows, a smaller area, or without the dearest function."),
        PostgresException { SqlState: ['0', '8', ..] or ['2', '8', ..] or ['3', 'D', ..] or ['5', '3' or '7', ..] } => Unreachable,   // connection, login, no such database, resources, shut down
        PostgresException e => new(500, "Database Error", $"The database refused the question ({e.SqlState})."),
        NpgsqlException => Unreachable,
        _ => new(500, "Internal Error", "The service failed; the log says more."),
    };

    /// <summary>Wrong by themselves before clashing with what is stored: the first is mended before the second shows.</summary>
    private static Problem OfRows(IReadOnlyList<RowProblem> problems)
    {
        var (status, title) = problems.Min(p => p.Kind) switch
        {
            RefusalKind.Wrong => (400, "Bad Request"), RefusalKind.Conflict => (409, "Conflict"), RefusalKind.Stale => (412, "Precondition Failed"), _ => (404, "Not Found"),
        };
        return new(status, title, problems.Count == 1 ? problems[0].ToString() : $"{problems.Count} problems, nothing was stored.", problems);
    }

    public static void UseProblems(this WebApplication app) => app.Use((http, next) => Guard(http, () => next(http)));

    /// <summary>Answers, or says in the form of the protocol why not.</summary>
    public static async Task Guard(HttpContext http, Func<Task> answer)
    {
        ILogger Log() => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Jietong");
        try
        {
            await answer();
            if (http.Response is { StatusCode: 404 or 405, HasStarted: false })
                await Write(http, new(http.Response.StatusCode, http.Response.StatusCode == 404 ? "Not Found" : "Method Not Allowed", $"{http.Request.Method} {http.Request.Path} is not served."));
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
            if (error is RefusedRequestException { Header: { } header }) http.Response.Headers[header.Name] = header.Value;
            if (problem.Status >= 500) Log().LogError(error, "{Method} {Path}", http.Request.Method, http.Request.Path);
            await Write(http, problem);
        }
    }

    private static async Task Write(HttpContext http, Problem problem)
    {
        var isOData = http.Request.Path.StartsWithSegments("/odata") || http.Items.ContainsKey(ODataPage.InBatch);
        var (allowed, challenge, retry) = (http.Response.Headers.Allow, http.Response.Headers.WWWAuthenticate, http.Response.Headers.RetryAfter);
        http.Response.Clear();
        (http.Response.Headers.Allow, http.Response.Headers.WWWAuthenticate, http.Response.Headers.RetryAfter) = (allowed, challenge, retry);
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = isOData ? "application/json;charset=utf-8" : "application/problem+json";
        if (isOData) http.Response.Headers["OData-Version"] = "4.0";
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        if (isOData)
        {
            WriteError(json, problem);
            await answer.Send();
            return;
        }
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", problem.Title);
        json.WriteNumber("status", problem.Status);
        json.WriteString("detail", problem.Detail);
        json.WriteEndObject();
        await answer.Send();
    }

    /// <summary>OData's form of an error (OData JSON Format 4.01, 21.1), with a detail for each problem and each property that it is about.</summary>
    public static void WriteError(Utf8JsonWriter json, Problem problem)
    {
        static string Code(string title) => title.Replace(" ", "", StringComparison.Ordinal);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", Code(problem.Title));
        json.WriteString("message", problem.Detail);
        if (problem.Problems is { } problems)
        {
            json.WriteStartArray("details");
            foreach (var (row, property) in problems.SelectMany(p => p.Field.Split(", ").Select(f => (p, f))))
            {
                json.WriteStartObject();
                json.WriteString("code", Code(row.Kind.ToString()));
                json.WriteString("target", property);
                json.WriteString("message", row.Place == "" ? row.Message : $"{row.Place}: {row.Message}");
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>A request that is refused before anything is asked of the register: who sends it, or its form, is not what it takes.</summary>
internal sealed class RefusedRequestException(int status, string title, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Title { get; } = title;

    /// <summary>A header that tells the client the way out.</summary>
    public (string Name, string Value)? Header { get; init; }
}

/// <summary>A well-formed request for something that its protocol has and this service has not.</summary>
internal sealed class UnsupportedException(string message) : Exception(message);
