using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Gains;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Features;

/// <summary>OGC API – Features at the root of the service, and at the root of every day: Part 1 (OGC 17-069r4), Part 2 (18-058r1), Part 3 (19-079r2), with its documents as JSON and as pages.</summary>
internal static class FeaturesEndpoints
{
    public const string GeoJson = "application/geo+json";

    public static void MapFeatures(this WebApplication app, NpgsqlDataSource db)
    {
        app.MapAnswer("/", (HttpContext http) => Document(http, FeaturesDocuments.Landing(http.Root(), http.AsOf()), FeaturesHtml.Landing));
        app.MapAnswer("/conformance", (HttpContext http) => Document(http, FeaturesDocuments.Conformance(), FeaturesHtml.Conformance));
        app.MapAnswer("/api", (HttpContext http) => Document(http, OpenApi.Document(http.Root(), dated: http.AsOf() is not null, keyed: Access.IsKeyed), FeaturesHtml.Api, OpenApi.MediaType));
        app.MapAnswer("/functions", (HttpContext http) => Document(http, FeaturesDocuments.Functions(http.Root()), FeaturesHtml.Functions));
        app.MapAnswer("/collections", async (HttpContext http) => await Document(http, await FeaturesDocuments.Collections(db, http), FeaturesHtml.Collections));
        app.MapAnswer("/collections/{id}", async (HttpContext http, string id) => await Document(http, await FeaturesDocuments.Collection(db, FeaturesRequest.Collection(id), http), FeaturesHtml.Collection));
        Schema(app, "schema", FeaturesSchema.Given);
        Schema(app, "queryables", FeaturesSchema.Queryables);
        Schema(app, "sortables", FeaturesSchema.Sortables);
        app.MapAnswer("/collections/{id}/items", (HttpContext http, string id) => WriteItems(http, db, FeaturesRequest.Collection(id)));
        app.MapAnswer("/collections/{id}/items/{key}", (HttpContext http, string id, string key) => WriteItem(http, db, FeaturesRequest.Collection(id), key.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)));   // which routing leaves as it came
    }

    private static void Schema(WebApplication app, string name, Func<Layer, IEnumerable<Column>> columns) => app.MapAnswer($"/collections/{{id}}/{name}", (HttpContext http, string id) =>
    {
        var layer = FeaturesRequest.Collection(id);
        return Document(http, FeaturesSchema.Document(layer, $"{http.Root()}/collections/{id}/{name}", columns(layer)), FeaturesHtml.Schema, FeaturesSchema.MediaType);
    });

    private static async Task Document(HttpContext http, JsonObject document, Func<HttpContext, JsonObject, string> page, string mediaType = "application/json")
    {
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "f") is { } unknown) throw new InputException($"The parameter \"{unknown}\" is unknown here; f chooses the form.");
        if (FeaturesHtml.IsWanted(http))
        {
            await HtmlPage.Write(http, document["title"]?.GetValue<string>() ?? http.Request.Path.Value!, page(http, document));
            return;
        }
        await JsonAnswer.Write(http, document, mediaType);
    }

    private static async Task WriteItems(HttpContext http, NpgsqlDataSource db, Layer layer)
    {
        var query = FeaturesRequest.Items(layer, http);
        if (FeaturesHtml.IsWanted(http)) query = query with { Limit = Math.Min(query.Limit!.Value, FeaturesHtml.MostRows + 1) };
        await using var rows = await GainStore.Ask(db, query, count: true, cancel: http.RequestAborted);
        http.Response.Headers.Link = $"<{http.Root()}/collections/{layer.Collection}/queryables>; rel=\"{FeaturesDocuments.Queryables}\"; type=\"{FeaturesSchema.MediaType}\"";   // as 19-079r2 wants it, also of HEAD
        if (HasIt(http, rows, query)) return;
        if (FeaturesHtml.IsWanted(http))
        {
            await HtmlPage.Write(http, $"{layer.TitleZh} {layer.TitleEn}", await FeaturesHtml.Items(http, layer, query, rows));
            return;
        }
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("dataVersion", rows.Version.ToString());
        if (query.Crs.Shift is { } shift) json.WriteString("positions", shift.Mark);   // headers are lost when an answer is saved
        json.WriteNumber("numberMatched", rows.Total!.Value);
        json.WriteStartArray("features");
        var (page, returned, last) = (query.Limit!.Value - 1, 0, (IReadOnlyList<object?>)[]);
        for (var more = await rows.Read(http.RequestAborted); more && returned < page; more = await rows.Read(http.RequestAborted))
        {
            Output.WriteFeature(rows, layer.Key, json);
            if (++returned == page) last = rows.Position;
            await answer.SendFullPieces();
        }
        json.WriteEndArray();
        json.WriteNumber("numberReturned", returned);
        json.WriteStartArray("links");
        foreach (var link in FeaturesDocuments.ItemsLinks(http, layer, rows.IsOnRow ? FeaturesPage.Next(http, last) : null)) link.WriteTo(json);
        json.WriteEndArray();
        json.WriteEndObject();
        await answer.Send();
    }

    private static async Task WriteItem(HttpContext http, NpgsqlDataSource db, Layer layer, string key)
    {
        var query = FeaturesRequest.Item(layer, key, http);
        await using var rows = await GainStore.Ask(db, query, cancel: http.RequestAborted);
        if (!await rows.Read(http.RequestAborted)) throw new InputException($"{layer.Collection} has no feature \"{key}\".", notFound: true);
        if (HasIt(http, rows, query)) return;
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, Output.Json)) Output.WriteFeature(rows, layer.Key, json);
        var feature = JsonNode.Parse(buffer.ToArray())!.AsObject();
        feature["links"] = new JsonArray([.. FeaturesDocuments.ItemLinks(http, layer)]);
        if (query.Crs.Shift is { } shift) feature["positions"] = shift.Mark;
        if (FeaturesHtml.IsWanted(http))
        {
            await HtmlPage.Write(http, key, FeaturesHtml.Item(http, layer, feature));
            return;
        }
        await JsonAnswer.Write(http, feature, GeoJson);
    }

    private static bool HasIt(HttpContext http, RowReader rows, Query query)
    {
        http.Response.Headers["Content-Crs"] = $"<{query.Crs.Uri}>";
        if (Provenance.Write(http, rows, query)) return true;
        http.Response.ContentType = GeoJson;
        return false;
    }
}
