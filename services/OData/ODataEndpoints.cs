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
        app.MapAnswer("/odata", (HttpContext http) => ODataDocuments.WriteService(http));
        app.MapAnswer("/odata/$metadata", (HttpContext http) => ODataDocuments.WriteMetadata(http));
        app.MapAnswer("/odata/{**path}", (HttpContext http, string path) => WriteRows(http, db, path));
        app.MapWrites(db);
    }

    internal static string Root(HttpContext http) => http.Root() + "/odata";

    private static async Task WriteRows(HttpContext http, NpgsqlDataSource db, string path)
    {
        var request = ODataRequest.Parse(path, http.Request.Query);
        if (request.Through is { } through)
        {
            await WriteRelated(http, db, path, request, through.Entity, through.Relation);
            return;
        }
        var page = ODataPage.SizeOf(http);
        var wanted = request.OnlyCount ? 0 : request.Single ? 1 : Math.Min(request.Query.Limit ?? int.MaxValue, page + 1);   // one more tells whether there are more
        var query = request.Query with { Limit = wanted, WithPosition = wanted > page, After = request.SkipToken is { } token ? ODataPage.Read(token, http) : null };
        var tag = request is { Single: true, Property: null } ? await ODataWrites.EntityTag(db, path, http.RequestAborted) : null;
        await using var rows = await GainStore.Ask(db, query, request.WithCount || request.OnlyCount, cancel: http.RequestAborted);
        if (Provenance.Write(http, rows, request.Query)) return;
        if (request.OnlyCount)
        {
            Headers(http, "text/plain");
            await http.Response.WriteAsync(rows.Total.ToString()!);
            return;
        }
        if (request.Single && !await rows.Read(http.RequestAborted)) throw new InputException($"{path}: there is no such entity.", notFound: true);
        if (request.Property is not null && rows.Value(0) is null)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;   // a property that is null (OData 4.01, 11.2.4)
            return;
        }
        if (request.Raw)
        {
            Headers(http, "text/plain");
            await http.Response.WriteAsync(Bare(rows.Value(0)!));
            return;
        }
        Headers(http, "application/json;odata.metadata=minimal");
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("@odata.context", request.Property is not null ? $"{Root(http)}/$metadata#{path}" : $"{Root(http)}/$metadata#{request.Query.Layer.Name}{Selected(request.Query)}{(request.Single ? "/$entity" : "")}");
        if (tag is not null) json.WriteString("@odata.etag", tag);
        if (request.Property is not null)
        {
            json.WritePropertyName("value");
            rows.WriteValue(json, 0);
        }
        else if (request.Single) rows.WriteMembers(json);
        else
        {
            if (request.WithCount) json.WriteNumber("@odata.count", rows.Total!.Value);
            json.WriteStartArray("value");
            IReadOnlyList<object?> last = [];
            var written = 0;
            for (; await rows.Read(http.RequestAborted) && written < page; written++)
            {
                json.WriteStartObject();
                rows.WriteMembers(json);
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

    /// <summary><c>Links('s1-m11')/Attestations</c>: what $expand would put into the entity, by itself.</summary>
    private static async Task WriteRelated(HttpContext http, NpgsqlDataSource db, string path, ODataRequest request, Query entity, Relation relation)
    {
        if (request.SkipToken is not null) throw Lower.Unsupported("$skiptoken on related rows");
        async Task<RowReader> Ask(Query related) => await GainStore.Ask(db, entity with { Expand = [new(relation, related)] }, cancel: http.RequestAborted);
        await using var rows = await Ask(request.OnlyCount ? request.Query with { Limit = null, Offset = 0 } : request.Query);
        if (Provenance.Write(http, rows, entity)) return;
        if (!await rows.Read(http.RequestAborted)) throw new InputException($"{path}: there is no such entity.", notFound: true);
        using var related = JsonDocument.Parse((string?)rows.Value(1) ?? "null");
        var found = relation.Many && request.Single ? related.RootElement.EnumerateArray().FirstOrDefault() : related.RootElement;
        if (request.Single && found.ValueKind != JsonValueKind.Object)
        {
            if (relation.Many) throw new InputException($"{path}: there is no such entity.", notFound: true);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        Headers(http, request.OnlyCount ? "text/plain" : "application/json;odata.metadata=minimal");
        if (request.OnlyCount)
        {
            await http.Response.WriteAsync(found.GetArrayLength().ToString(CultureInfo.InvariantCulture));
            return;
        }
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("@odata.context", $"{Root(http)}/$metadata#{request.Query.Layer.Name}{Selected(request.Query)}{(request.Single ? "/$entity" : "")}");
        if (request.WithCount)
        {
            await using var all = await Ask(request.Query with { Limit = null, Offset = 0 });
            await all.Read(http.RequestAborted);
            json.WriteNumber("@odata.count", JsonDocument.Parse((string)all.Value(1)!).RootElement.GetArrayLength());
        }
        if (request.Single) foreach (var member in found.EnumerateObject()) member.WriteTo(json);
        else
        {
            json.WritePropertyName("value");
            found.WriteTo(json);
        }
        json.WriteEndObject();
        await answer.Send();
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
        var names = query.Select.Concat(query.Expand.Select(e => $"{e.Relation.Name}({string.Join(',', e.Query.Select)})")).ToList();
        return names.Count == 0 ? "" : $"({string.Join(',', names)})";
    }

    internal static void Headers(HttpContext http, string contentType)
    {
        http.Response.ContentType = $"{contentType};charset=utf-8";
        http.Response.Headers["OData-Version"] = "4.0";
    }
}
