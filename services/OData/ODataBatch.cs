using System.Globalization;
using System.Text;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Register;
using Jietong.Services.Serve;
using Microsoft.OData;
using Npgsql;

namespace Jietong.Services.OData;

/// <summary><c>$batch</c> in JSON and multipart/mixed: several requests in one, read whole before the first is carried out, answered one after the other.</summary>
internal sealed class ODataBatch(NpgsqlDataSource db, Func<HttpContext, Task> dispatch)
{
    /// <summary>One request of the batch; those of one group are carried out together or not at all.</summary>
    private sealed record Part(string? Id, string? Group, string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, IReadOnlyList<string> DependsOn);

    public async Task Answer(HttpContext http)
    {
        var type = http.Request.ContentType ?? "";
        if (!type.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new RefusedRequestException(415, "Unsupported Media Type", "A batch is multipart/mixed or application/json: name it in Content-Type.");
        var parts = Read(http, await http.Request.Body());
        var goesOn = http.Preferences().Any(p => p is { Name: "continue-on-error", Value: "" or "true" });
        if (goesOn) http.Response.Headers["Preference-Applied"] = "continue-on-error";
        var accept = http.Request.Headers.Accept.ToString();
        var json = accept.Contains("json", StringComparison.Ordinal) || (!accept.Contains("multipart", StringComparison.Ordinal) && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));
        await using var buffer = new MemoryStream();
        var message = new Message(buffer);
        message.SetHeader("Content-Type", json ? "application/json" : $"multipart/mixed; boundary=batchresponse_{Guid.NewGuid():N}");
        message.SetHeader("OData-Version", ODataFormat.Version(http));
        using var writer = new ODataMessageWriter((IODataResponseMessage)message, new ODataMessageWriterSettings { EnableMessageStreamDisposal = false });
        var batch = writer.CreateODataBatchWriter();
        http.Response.ContentType = message.GetHeader("Content-Type");
        http.Response.Headers["OData-Version"] = ODataFormat.Version(http);
        batch.WriteStartBatch();
        var succeeded = new Dictionary<string, bool>();
        foreach (var together in Together(parts))
        {
            var answers = together[0].Group is null ? [await One(http, together[0], succeeded)] : await Group(http, together, succeeded, json);
            var asGroup = together[0].Group is not null && answers.Count == together.Count;
            if (asGroup) batch.WriteStartChangeset(together[0].Group);
            foreach (var (part, answer) in answers)
            {
                Write(batch, part, answer, json);
                await Send(http, buffer);
            }
            if (asGroup) batch.WriteEndChangeset();
            if (!goesOn && answers.Any(a => a.Answer.Response.StatusCode >= 400)) break;   // the requests behind it stay without an answer (OData Part 1, 11.7.5)
        }
        batch.WriteEndBatch();
        batch.Flush();
        await Send(http, buffer);
    }

    /// <exception cref="InputException">The batch cannot be read, or is too large; nothing of it was carried out.</exception>
    private static List<Part> Read(HttpContext http, byte[] body)
    {
        var message = new Message(new MemoryStream(body));
        message.SetHeader("Content-Type", http.Request.ContentType!);
        var settings = new ODataMessageReaderSettings { BaseUri = new(ODataEndpoints.Root(http) + "/"), MessageQuotas = { MaxPartsPerBatch = Limits.MostParts, MaxOperationsPerChangeset = Limits.MostParts, MaxReceivedMessageSize = Limits.MostBodyBytes, MaxNestingDepth = 100 } };
        var (parts, isJson) = (new List<Part>(), http.Request.ContentType!.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));   // a text is a JSON string there
        try
        {
            using var reader = new ODataMessageReader((IODataRequestMessage)message, settings, ODataModel.Model);
            var batch = reader.CreateODataBatchReader();
            while (batch.Read())
            {
                if (batch.State != ODataBatchReaderState.Operation) continue;
                if (parts.Count == Limits.MostParts) throw new InputException($"$batch: more than {Limits.MostParts} requests.");
                var operation = batch.CreateOperationRequestMessage();
                using var stream = operation.GetStream();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                parts.Add(new(operation.ContentId, operation.GroupId, operation.Method, operation.Url, [.. operation.Headers], isJson && operation.GetHeader("Content-Type")?.StartsWith("text/", StringComparison.Ordinal) == true ? Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(content.ToArray()) ?? "") : content.ToArray(), [.. operation.DependsOnIds ?? []]));
            }
        }
        catch (Exception e) when (e is ODataException or ArgumentException or FormatException or UriFormatException or InvalidOperationException or NullReferenceException or InvalidCastException or System.Text.Json.JsonException)
        {
            throw new InputException($"$batch: request {parts.Count + 1}: {(e is ODataException or ArgumentException or UriFormatException ? e.Message : "it cannot be read.")}");
        }
        return parts.Count > 0 ? parts : throw new InputException("$batch: it holds no request.");
    }

    private static IEnumerable<List<Part>> Together(List<Part> parts)
    {
        for (var i = 0; i < parts.Count;)
        {
            var group = parts[i].Group;
            var together = parts.Skip(i).TakeWhile((p, n) => n == 0 || (group is not null && p.Group == group)).ToList();
            yield return together;
            i += together.Count;
        }
    }

    private async Task<(Part Part, HttpContext Answer)> One(HttpContext http, Part part, Dictionary<string, bool> succeeded)
    {
        var inner = Context(http, part);
        await Problems.Guard(inner, () =>
        {
            Check(http, part, inner, succeeded);
            return dispatch(inner);
        });
        if (part.Id is { } id) succeeded[id] = inner.Response.StatusCode < 400;
        return (part, inner);
    }

    /// <summary>Requests that write, all of them in one transaction, or none; then the one at fault says why, and in JSON the others that they depended on it.</summary>
    private async Task<List<(Part Part, HttpContext Answer)>> Group(HttpContext http, List<Part> parts, Dictionary<string, bool> succeeded, bool json)
    {
        var answers = parts.Select(part => (Part: part, Answer: (HttpContext)Context(http, part))).ToList();
        var (changes, at) = (new List<RowChange>(), 0);
        Exception? failed = null;
        try
        {
            var who = await Access.Editor(answers[0].Answer, db);
            for (; at < answers.Count; at++)
            {
                var (part, inner) = answers[at];
                Check(http, part, inner, succeeded, parts);
                if (HttpMethods.IsGet(part.Method)) throw new InputException("A group is carried out together or not at all: it takes requests that write.");
                changes.Add(await ODataWrites.Change(inner, $"{at}"));
            }
            at = 0;
            var written = await ODataWrites.Apply(db, changes, who, http.RequestAborted);
            for (; at < answers.Count; at++) await ODataWrites.Respond(answers[at].Answer, db, written, written.Rows[at]);
        }
        catch (RefusedRowsException e)
        {
            at = e.Problems.Min(p => int.Parse(p.Place, CultureInfo.InvariantCulture));
            failed = new RefusedRowsException([.. e.Problems.Select(p => p with { Place = $"request {parts[int.Parse(p.Place, CultureInfo.InvariantCulture)].Id ?? p.Place}" })]);
        }
        catch (Exception e) when (e is not OperationCanceledException) { failed = e; }
        foreach (var part in parts.Where(p => p.Id is not null)) succeeded[part.Id!] = failed is null;
        if (failed is null) return answers;
        for (var i = 0; i < answers.Count; i++)
        {
            var error = i == at ? failed : new RefusedRequestException(424, "Failed Dependency", $"Nothing of the group {parts[0].Group} was carried out: another request of it failed.");
            await Problems.Guard(answers[i].Answer, () => throw error);
        }
        return json ? answers : [answers[at]];   // in multipart a group that failed has a single answer (OData Part 1, 11.7.7.1)
    }

    private static void Check(HttpContext http, Part part, HttpContext inner, Dictionary<string, bool> succeeded, List<Part>? group = null)
    {
        if (part.DependsOn.FirstOrDefault(id => !succeeded.GetValueOrDefault(id) && group?.Any(p => p.Id == id) != true && part.Group != id) is { } failed) throw new RefusedRequestException(424, "Failed Dependency", $"It depends on {failed}, which failed or comes later.");
        if (!inner.Request.Path.StartsWithSegments("/odata", out var rest) || rest == "/$batch") throw new InputException($"{part.Url}: a batch asks for what is under {ODataEndpoints.Root(http)}, and not for another batch.", notFound: true);
    }

    /// <summary>The part as a request of its own, with the rights of the batch.</summary>
    private static DefaultHttpContext Context(HttpContext http, Part part)
    {
        var inner = new DefaultHttpContext { RequestServices = http.RequestServices, RequestAborted = http.RequestAborted, User = http.User };
        var request = inner.Request;
        (request.Method, request.Scheme, request.Host, request.PathBase) = (part.Method, http.Request.Scheme, http.Request.Host, http.Request.PathBase);
        foreach (var (name, value) in part.Headers) request.Headers[name] = value;
        request.Headers.Authorization = http.Request.Headers.Authorization;
        if (part.Url.Host == http.Request.Host.Host && PathString.FromUriComponent(part.Url).StartsWithSegments(http.Request.PathBase, out var path)) (request.Path, request.QueryString) = (path, new(part.Url.Query));
        request.Body = new MemoryStream(part.Body);
        inner.Response.Body = new MemoryStream();
        inner.Items[ODataPage.InBatch] = true;
        return inner;
    }

    private static void Write(ODataBatchWriter batch, Part part, HttpContext answer, bool json)
    {
        var response = batch.CreateOperationResponseMessage(part.Id);
        response.StatusCode = answer.Response.StatusCode;
        foreach (var (name, value) in answer.Response.Headers.Where(h => h.Key is not ("Vary" or "Content-Length"))) response.SetHeader(name, value.ToString());
        var body = ((MemoryStream)answer.Response.Body).ToArray();
        if (body.Length == 0) return;
        using var stream = response.GetStream();
        stream.Write(json ? InJson(body, answer.Response.ContentType ?? "") : body);
    }

    /// <summary>A body as a value of JSON (OData JSON Format 4.01, 19.2): a text as a string, what is neither as base64url. ODL would write all of them bare.</summary>
    private static byte[] InJson(byte[] body, string type) => type.StartsWith("application/json", StringComparison.Ordinal) ? body
        : JsonSerializer.SerializeToUtf8Bytes(type.StartsWith("text/", StringComparison.Ordinal) ? Encoding.UTF8.GetString(body) : Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(body));

    private static async Task Send(HttpContext http, MemoryStream buffer)
    {
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
        buffer.SetLength(0);
    }

    /// <summary>What ODL reads a batch from, or writes one to.</summary>
    private sealed class Message(Stream stream) : IODataRequestMessage, IODataResponseMessage
    {
        private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        public IEnumerable<KeyValuePair<string, string>> Headers => headers;
        public Uri Url { get; set; } = new("about:blank");
        public string Method { get; set; } = "POST";
        public int StatusCode { get; set; } = 200;
        public string? GetHeader(string headerName) => headers.GetValueOrDefault(headerName);
        public void SetHeader(string headerName, string headerValue) => headers[headerName] = headerValue;
        public Stream GetStream() => stream;
    }
}
