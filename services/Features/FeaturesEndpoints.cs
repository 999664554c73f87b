using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Gains;
using Jietong.Services.Serve;
using Npgsql;

namespace Jietong.Services.Features;

/// <summary>OGC API – Features, Part 1: Core (OGC 17-069r4) with GeoJSON, at the root of the service.</summary>
internal static class FeaturesEndpoints
{
    public const string GeoJson = "application/geo+json";

    public static void MapFeatures(this WebApplication app, NpgsqlDataSource db)
    {
        app.MapAnswer("/", (HttpContext http) => Write(http, FeaturesDocuments.Landing(http.Root())));
        app.MapAnswer("/conformance", (HttpContext http) => Write(http, FeaturesDocuments.Conformance()));
        app.MapAnswer("/api", (HttpContext http) => Write(http, OpenApi.Document(http.Root()), OpenApi.MediaType));
        app.MapAnswer("/collections", async (HttpContext http) => await Write(http, await FeaturesDocuments.Collections(db, http.Root(), http.RequestAborted)));
        app.MapAnswer("/collections/{id}", async (HttpContext http, string id) =>
            await Write(http, await FeaturesDocuments.Collection(db, FeaturesRequest.Collection(id), http.Root(), http.RequestAborted)));
        app.MapAnswer("/collections/{id}/items", (HttpContext http, string id) => WriteItems(http, db, FeaturesRequest.Collection(id)));
        app.MapAnswer("/collections/{id}/items/{key}", (HttpContext http, string id, string key) => WriteItem(http, db, FeaturesRequest.Collection(id), key));
    }

    private static async Task Write(HttpContext http, JsonNode document, string mediaType = "application/json")
    {
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "f") is { } unknown) throw new InputException($"The parameter \"{unknown}\" is unknown here.");
        http.Response.ContentType = mediaType;
        await using var answer = new JsonAnswer(http);
        document.WriteTo(answer.Json);
        await answer.Send();
    }

    private static async Task WriteItems(HttpContext http, NpgsqlDataSource db, Layer layer)
    {
        var query = FeaturesRequest.Items(layer, http);
        await using var rows = await GainStore.Ask(db, query, count: true, cancel: http.RequestAborted);
        if (HasIt(http, rows, query)) return;
        var here = $"{http.Root()}/collections/{layer.Collection}/items";
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("dataVersion", rows.Version.ToString());
        json.WriteNumber("numberMatched", rows.Total!.Value);
        json.WriteStartArray("features");
        var returned = 0;
        while (await rows.Read(http.RequestAborted))
        {
            Output.WriteFeature(rows, layer.Key, json);
            returned++;
            await answer.SendFullPieces();
        }
        json.WriteEndArray();
        json.WriteNumber("numberReturned", returned);
        json.WriteStartArray("links");
        WriteLink(json, here + http.Request.QueryString, "self", GeoJson, layer.TitleEn);
        WriteLink(json, $"{http.Root()}/collections/{layer.Collection}", "collection", "application/json", layer.TitleEn);
        if (query.Offset + returned < rows.Total && returned > 0) WriteLink(json, here + NextPage(http, query.Offset + returned), "next", GeoJson, "next page");
        json.WriteEndArray();
        json.WriteEndObject();
        await answer.Send();
    }

    private static string NextPage(HttpContext http, int offset) => QueryString.Create(http.Request.Query.Where(p => p.Key != "offset")
        .Select(p => KeyValuePair.Create(p.Key, (string?)p.Value.ToString())).Append(new("offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture)))).ToString();

    private static async Task WriteItem(HttpContext http, NpgsqlDataSource db, Layer layer, string key)
    {
        var query = FeaturesRequest.Item(layer, key, http);
        await using var rows = await GainStore.Ask(db, query, cancel: http.RequestAborted);
        if (!await rows.Read(http.RequestAborted)) throw new InputException($"{layer.Collection} has no feature \"{key}\".", notFound: true);
        if (HasIt(http, rows, query)) return;
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer)) Output.WriteFeature(rows, layer.Key, json);
        var feature = JsonNode.Parse(buffer.ToArray())!.AsObject();
        var collection = $"{http.Root()}/collections/{layer.Collection}";
        feature["links"] = new JsonArray(FeaturesDocuments.Link($"{collection}/items/{Uri.EscapeDataString(key)}", "self", GeoJson, layer.TitleEn),
            FeaturesDocuments.Link(collection, "collection", "application/json", layer.TitleEn));
        await using var answer = new JsonAnswer(http);
        feature.WriteTo(answer.Json);
        await answer.Send();
    }

    private static bool HasIt(HttpContext http, RowReader rows, Query query)
    {
        if (Provenance.Write(http, rows, query)) return true;
        http.Response.ContentType = GeoJson;
        return false;
    }

    private static void WriteLink(Utf8JsonWriter json, string href, string rel, string type, string title) =>
        FeaturesDocuments.Link(href, rel, type, title).WriteTo(json);
}
