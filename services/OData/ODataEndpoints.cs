using System.Globalization;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Gains;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.OData;

/// <summary>OData 4 at <c>/odata</c>: the service document, the metadata, and rows.</summary>
internal static class ODataEndpoints
{
    public static void MapOData(this WebApplication app, NpgsqlDataSource db)
    {
        Task Dispatch(HttpContext http) => Answer(http, db);
        app.MapAnswer("/odata", Dispatch);
        app.MapAnswer("/odata/{**path}", Dispatch);
        app.MapPost("/odata/$batch", (HttpContext http) => new ODataBatch(db, Dispatch).Answer(http));
        app.MapMethods("/odata/{**path}", [HttpMethods.Post, HttpMethods.Patch, HttpMethods.Put, HttpMethods.Delete], Dispatch);
    }

    /// <summary>One request, by itself or of a batch.</summary>
    private static async Task Answer(HttpContext http, NpgsqlDataSource db)
    {
        var path = http.Request.Path.Value!["/odata".Length..].Trim('/');
        if (HttpMethods.IsPost(http.Request.Method) && path.EndsWith("/$query", StringComparison.Ordinal))
        {
            path = path[..^"/$query".Length];
            await TakeOptionsFromBody(http, path);
        }
        else if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            await ODataWrites.Write(http, db);
            return;
        }
        await (path switch { "" => ODataDocuments.WriteService(http), "$metadata" => ODataDocuments.WriteMetadata(http), _ => WriteRows(http, db, path) });
    }

    /// <summary>Options too long for an address: <c>POST …/$query</c> with them as text (OData Part 2, 4.17).</summary>
    private static async Task TakeOptionsFromBody(HttpContext http, string path)
    {
        if (http.Request.ContentType?.StartsWith("text/plain", StringComparison.Ordinal) != true) throw new RefusedRequestException(415, "Unsupported Media Type", "$query takes its options as text/plain.");
        using var body = new StreamReader(http.Request.Body);
        var options = (await body.ReadToEndAsync(http.RequestAborted)).Trim();
        if (options.Length > 0) http.Request.QueryString = http.Request.QueryString.Add(new QueryString("?" + options));
        http.Request.Path = "/odata/" + path;
    }

    internal static string Root(HttpContext http) => http.Root() + "/odata";

    private static async Task WriteRows(HttpContext http, NpgsqlDataSource db, string path)
    {
        var level = ODataFormat.LevelOf(http);
        var request = ODataRequest.Of(path, http.Request);
        var page = ODataPage.SizeOf(http);
        var wanted = request.OnlyCount ? 0 : request.Single ? 1 : Math.Min(request.Query.Limit ?? int.MaxValue, page + 1);   // one more tells whether there are more
        var query = request.Query with { Limit = wanted, WithPosition = wanted > page, After = request.SkipToken is { } token ? ODataPage.Read(token, http) : null };
        var hidesKey = level == MetadataLevel.Full && query.Select.Count > 0 && query.Layer.Keys.Contains(query.Layer.Key) && !query.Select.Contains(query.Layer.Key);
        if (hidesKey) query = query with { Select = [.. query.Select, query.Layer.Key] };   // the links of an entity are made of it
        var tag = request is { Single: true, Path.Property: null } ? await ODataWrites.EntityTag(db, WritableSet.At(path), http.RequestAborted) : null;
        await using var rows = await GainStore.Ask(db, query, request.WithCount || request.OnlyCount, cancel: http.RequestAborted);
        request.CheckDates(http.Request.Query, rows);
        if (Provenance.Write(http, rows, request.Query)) return;
        if (request.OnlyCount)
        {
            await Found(http, db, path, request, any: rows.Total > 0);
            Headers(http, "text/plain");
            await http.Response.WriteAsync(rows.Total.ToString()!);
            return;
        }
        var any = await rows.Read(http.RequestAborted);
        await Found(http, db, path, request, any);
        if (request.Single && (!any || (request.Path.Property is not null && rows.Value(0) is null)))
        {
            Headers(http, null);
            http.Response.StatusCode = StatusCodes.Status204NoContent;   // what is null, or leads nowhere (OData Part 1, 11.2.4)
            return;
        }
        if (request.Path.Raw)
        {
            Headers(http, "text/plain");
            await http.Response.WriteAsync(Bare(rows.Value(0)!));
            return;
        }
        Headers(http, ODataFormat.Name(level));
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        var writer = new ODataRows(rows, query, level, Root(http)) { HidesKey = hidesKey };
        json.WriteStartObject();
        if (level != MetadataLevel.None) json.WriteString("@odata.context", Context(http, path, request));
        if (tag is not null && level != MetadataLevel.None) json.WriteString("@odata.etag", tag);
        if (request.Path.Property is not null)
        {
            json.WritePropertyName("value");
            rows.WriteValue(json, 0);
        }
        else if (request.Single && request.Refs) writer.WriteReference(json);
        else if (request.Single) writer.Write(json);
        else
        {
            if (request.WithCount) json.WriteNumber("@odata.count", rows.Total!.Value);
            json.WriteStartArray("value");
            IReadOnlyList<object?> last = [];
            var written = 0;
            for (; rows.IsOnRow && written < page; written++, await rows.Read(http.RequestAborted))
            {
                json.WriteStartObject();
                if (request.Refs) writer.WriteReference(json);
                else writer.Write(json);
                json.WriteEndObject();
                if (written == page - 1 && query.WithPosition) last = rows.Position;
                await answer.SendFullPieces();
            }
            json.WriteEndArray();
            if (written == page && rows.IsOnRow) json.WriteString("@odata.nextLink", ODataPage.Next(http, last, request.Query.Limit - page));
        }
        json.WriteEndObject();
        await answer.Send();
    }

    /// <exception cref="InputException">Nothing was found because the entity of the address does not exist (404), rather than that nothing belongs to it.</exception>
    private static async Task Found(HttpContext http, NpgsqlDataSource db, string path, ODataRequest request, bool any)
    {
        if (any) return;
        var isThere = !request.Path.IsByKey;
        if (isThere && request.Path.Parent is { } parent)
        {
            await using var rows = await GainStore.Ask(db, parent(), cancel: http.RequestAborted);
            isThere = await rows.Read(http.RequestAborted);
        }
        if (!isThere) throw new InputException($"{path}: there is no such entity.", notFound: true);
    }

    private static string Context(HttpContext http, string path, ODataRequest request)
    {
        var what = request switch
        {
            { Refs: true } => request.Single ? "$ref" : "Collection($ref)",
            { Path.Property: not null } => path,
            _ => $"{request.Path.Layer.Name}{Selected(request.Query)}{(request.Single ? "/$entity" : "")}",
        };
        return $"{Root(http)}/$metadata#{what}";
    }

    private static string Bare(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw Lower.Unsupported("/$value of a list"),
    };

    private static string Selected(Query query)
    {
        var columns = query.Select.Count > 0 ? query.Select : query.Of is Grouped ? [.. query.Layer.Columns.Select(c => c.Name)] : [];
        var names = columns.GroupBy(c => c.Split('/')[0]).Select(g => g.First() == g.Key ? g.Key : $"{g.Key}({string.Join(',', g.Select(c => c[(g.Key.Length + 1)..]))})").Concat(query.Expand.Select(e => $"{e.Relation.Name}({Inside(e)})")).ToList();
        return names.Count == 0 ? "" : $"({string.Join(',', names)})";
    }

    private static string Inside(Expand expand) => expand.OnlyKeys ? "$ref" : Selected(expand.Query) is ['(', .. var inner, ')'] ? inner : "";

    internal static void Headers(HttpContext http, string? contentType)
    {
        if (contentType is not null) http.Response.ContentType = $"{contentType};charset=utf-8";
        http.Response.Headers["OData-Version"] = ODataFormat.Version(http);
    }
}
