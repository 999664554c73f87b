using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Geodata.Register;
using Jietong.Services.Cli;
using Jietong.Services.Serve;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Jietong.Services.OData;

/// <summary>Writing over OData: one request, one transaction. A batch reads the changes of a group by <see cref="Change"/>, applies them together by <see cref="Apply"/>, and answers each by <see cref="Respond"/>.</summary>
internal static class ODataWrites
{
    private const int DeepestBody = 8;

    /// <summary>A request that writes one row.</summary>
    public static async Task Write(HttpContext http, NpgsqlDataSource db)
    {
        Target(http);
        var who = await Access.Editor(http, db);
        var written = await Apply(db, [await Change(http, "")], who, http.RequestAborted);
        await Respond(http, db, written, written.Rows[0]);
    }

    /// <summary>What a request wants written; <paramref name="place"/> names it among others.</summary>
    public static async Task<RowChange> Change(HttpContext http, string place)
    {
        var (set, key) = Target(http);
        if (http.Request.QueryString.HasValue) throw new InputException("A request that writes takes no query options.");
        return set.Change(key, await Body(http.Request), http.Request.Headers.IfMatch, place);
    }

    private static (WritableSet Set, string? Key) Target(HttpContext http) => WritableSet.Target(http.Request.Method, http.Request.Path.Value!["/odata/".Length..]);

    /// <summary>Answers a request whose row was written: 201 when it is new, 200 when it was there or is amended, with the entity as GET gives it; 204 where the client wants none.</summary>
    public static async Task Respond(HttpContext http, NpgsqlDataSource db, Written written, WrittenRow row)
    {
        var (root, response) = (ODataEndpoints.Root(http), http.Response);
        var preference = http.Preferences().FirstOrDefault(p => p is { Name: "return", Value: "minimal" or "representation" });
        var set = WritableSet.Of(row.Table);
        var address = $"{root}/{set.Layer.Name}('{row.Id}')";
        var tag = await EntityTag(db, (set, row.Id), http.RequestAborted);
        var (visible, entity) = await Entity(db, root, set, row.Id, tag, http.RequestAborted);
        response.StatusCode = preference.Value == "minimal" ? 204 : row.Outcome == Outcome.Added ? 201 : 200;
        response.Headers["OData-Version"] = "4.0";
        response.Headers["OData-EntityId"] = address;
        response.Headers["Jietong-Data-Version"] = written.Version.ToString();
        if (tag is not null) response.Headers.ETag = tag;
        if (row.Outcome == Outcome.Added) response.Headers.Location = address + visible;
        if (preference.Text is not null) response.Headers["Preference-Applied"] = preference.Text;
        if (response.StatusCode == 204) return;
        response.ContentType = "application/json;odata.metadata=minimal;charset=utf-8";
        await response.Body.WriteAsync(entity, http.RequestAborted);
    }

    /// <summary>The body as JSON: of one type, in one encoding, without a member that stands twice.</summary>
    private static async Task<JsonNode?> Body(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
            throw new RefusedRequestException(415, "Unsupported Media Type", "Send the body as Content-Type: application/json, in UTF-8, uncompressed.");
        return Parse(await request.Body());
    }

    /// <exception cref="InputException">It is no JSON, or JSON that could be read in more than one way.</exception>
    public static JsonNode? Parse(byte[] body)
    {
        try
        {
            var node = JsonNode.Parse(body.AsSpan(), documentOptions: new() { AllowDuplicateProperties = false, MaxDepth = DeepestBody });
            return JsonNode.Parse(node?.ToJsonString() ?? "null");   // texts are read only when asked for: half a surrogate pair shows here
        }
        catch (JsonException e) { throw new InputException($"The body is no JSON that this service reads{(e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "")}: {e.Message.Split(" LineNumber:")[0]}"); }
        catch (InvalidOperationException) { throw new InputException("A text of the body holds half of a surrogate pair: it is not Unicode."); }
    }

    /// <summary>Applies all changes in one transaction, or none.</summary>
    /// <exception cref="RefusedRowsException">Every problem of every change, by the names of the properties.</exception>
    public static async Task<Written> Apply(NpgsqlDataSource db, IReadOnlyList<RowChange> changes, string who, CancellationToken cancel)
    {
        try { return await Geodata.Register.Write.Apply(db, changes, who, cancel: cancel); }
        catch (RefusedRowsException e)
        {
            WritableSet Of(RowProblem problem) => WritableSet.Of(changes.First(c => c.Place == problem.Place).Table);
            throw new RefusedRowsException([.. e.Problems.Select(p => p with { Field = Of(p).PropertyOf(p.Field) })]);
        }
    }

    /// <summary>The tag of an entity that can be amended, for <c>@odata.etag</c> and If-Match; null for all others. Ask for it before the entity: a tag may be older than what is read, never newer.</summary>
    public static async Task<string?> EntityTag(NpgsqlDataSource db, (WritableSet Set, string? Key)? entity, CancellationToken cancel) =>
        entity is ({ MayBeAmended: true } set, { } key) && await Geodata.Register.Write.VersionOf(db, set.Table, key, cancel) is { } version ? $"W/\"{version}\"" : null;

    /// <summary>The entity, and the options without which its address would not show it: a source that is dated ahead is not known today.</summary>
    private static async Task<(string Options, byte[] Body)> Entity(NpgsqlDataSource db, string root, WritableSet set, string id, string? tag, CancellationToken cancel)
    {
        async Task<byte[]?> On(DateOnly day)
        {
            var query = new Query(set.Layer) { AsOf = day, KnownBy = day };
            await using var rows = await RowReader.Ask(db, query.Where(new Compare(Comparison.Equal, new ColumnValue(set.Layer.Key), new Literal(id))), cancel: cancel);
            if (!await rows.Read(cancel)) return null;
            using var buffer = new MemoryStream();
            await using (var json = new Utf8JsonWriter(buffer, Output.Json))
            {
                json.WriteStartObject();
                json.WriteString("@odata.context", $"{root}/$metadata#{set.Layer.Name}/$entity");
                if (tag is not null) json.WriteString("@odata.etag", tag);
                rows.WriteMembers(json);
                json.WriteEndObject();
            }
            return buffer.ToArray();
        }
        if (await On(Days.Today) is { } today) return ("", today);
        var day = await Geodata.Register.Write.KnownFrom(db, set.Table, id, cancel);
        var options = string.Create(CultureInfo.InvariantCulture, $"?knownBy={day:yyyy-MM-dd}{(set.Layer.Time == TimeArguments.AsOfAndKnownBy ? $"&asOf={day:yyyy-MM-dd}" : "")}");
        return (options, (await On(day))!);
    }
}
