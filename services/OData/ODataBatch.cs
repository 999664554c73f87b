using System.Text;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Services.Serve;
using Microsoft.OData;

namespace Jietong.Services.OData;

/// <summary><c>$batch</c> in JSON and multipart/mixed: several requests in one, read whole before the first is carried out, answered one after the other.</summary>
internal static class ODataBatch
{
    /// <summary>One request of the batch; those of one group are carried out together or not at all.</summary>
    private sealed record Part(string? Id, string? Group, string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, IReadOnlyList<string> DependsOn);

    public static async Task Answer(HttpContext http, Func<HttpContext, Task> dispatch)
    {
        var type = http.Request.ContentType ?? "";
        if (!type.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("A batch is multipart/mixed or application/json: name it in Content-Type.", StatusCodes.Status415UnsupportedMediaType);
        var parts = Read(http, await Body(http));
        var goesOn = http.Request.Headers["Prefer"].Any(p => p?.Replace("odata.", "", StringComparison.Ordinal).Split(',', ';').Any(x => x.Trim() is "continue-on-error" or "continue-on-error=true") == true);
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
            if (together[0].Group is { } group) batch.WriteStartChangeset(group);
            var answers = await CarryOut(http, together, succeeded, dispatch);
            foreach (var (part, answer) in answers)
            {
                Write(batch, part, answer, json);
                await Send(http, buffer);
            }
            if (together[0].Group is not null) batch.WriteEndChangeset();
            if (!goesOn && answers.Any(a => a.Answer.Response.StatusCode >= 400)) break;   // the requests behind it stay without an answer (OData Part 1, 11.7.5)
        }
        batch.WriteEndBatch();
        batch.Flush();
        await Send(http, buffer);
    }

    private static async Task<byte[]> Body(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
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

    private static async Task<List<(Part Part, HttpContext Answer)>> CarryOut(HttpContext http, List<Part> together, Dictionary<string, bool> succeeded, Func<HttpContext, Task> dispatch)
    {
        if (together[0].Group is { } group) throw Lower.Unsupported($"the atomicity group {group}");
        var part = together[0];
        var inner = Context(http, part);
        await Problems.Guard(inner, () =>
        {
            if (part.DependsOn.FirstOrDefault(id => !succeeded.GetValueOrDefault(id)) is { } failed) throw new BadHttpRequestException($"It depends on {failed}, which failed or comes later.", StatusCodes.Status424FailedDependency);
            return inner.Request.Path.StartsWithSegments("/odata", out var rest) && rest != "/$batch" ? dispatch(inner) : throw new InputException($"{part.Url}: a batch asks for what is under {ODataEndpoints.Root(http)}, and not for another batch.", notFound: true);
        });
        if (part.Id is { } id) succeeded[id] = inner.Response.StatusCode < 400;
        return [(part, inner)];
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
