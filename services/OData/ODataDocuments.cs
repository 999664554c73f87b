using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Jietong.Services.Serve;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;

namespace Jietong.Services.OData;

/// <summary>What the service has: the service document, and the metadata in XML and JSON.</summary>
internal static class ODataDocuments
{
    public static async Task WriteService(HttpContext http)
    {
        Only(http, "format");
        var level = ODataFormat.LevelOf(http);
        ODataEndpoints.Headers(http, ODataFormat.Name(level));
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        if (level != MetadataLevel.None) json.WriteString("@odata.context", ODataEndpoints.Root(http) + "/$metadata");
        json.WriteStartArray("value");
        foreach (var layer in Catalogue.All)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteString("title", $"{layer.TitleZh} {layer.TitleEn}");
            json.WriteString("kind", "EntitySet");
            json.WriteString("url", layer.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await answer.Send();
    }

    public static async Task WriteMetadata(HttpContext http)
    {
        Only(http, "format");
        var json = ODataFormat.MetadataIsJson(http);
        ODataEndpoints.Headers(http, json ? "application/json" : "application/xml");
        http.Response.Headers.Vary = "Accept, OData-MaxVersion";
        await http.Response.Body.WriteAsync(json ? MetadataJson.Value : MetadataXml.Value);
    }

    private static void Only(HttpContext http, string option)
    {
        if (http.Request.Query.Keys.FirstOrDefault(k => k.TrimStart('$') != option) is { } unknown) throw new InputException($"The query option \"{unknown}\" is unknown here.");
    }

    /// <summary>CSDL (OASIS), written once: the model is that of the catalogue and never changes while the program runs. Without a byte order mark, which parsers of XML that read text take for content.</summary>
    private static readonly Lazy<byte[]> MetadataXml = new(() =>
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new() { Indent = true, Encoding = new UTF8Encoding(false) })) Check(CsdlWriter.TryWriteCsdl(ODataModel.Model, xml, CsdlTarget.OData, out var errors), errors);
        return buffer.ToArray();
    });

    /// <summary>ODL marks imports of functions by a $Kind that OASIS's schema of CSDL JSON does not have there.</summary>
    private static readonly Lazy<byte[]> MetadataJson = new(() =>
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) Check(CsdlWriter.TryWriteCsdl(ODataModel.Model, json, out var errors), errors);
        var document = JsonNode.Parse(buffer.ToArray())!;
        foreach (var (_, member) in document[ODataModel.Namespace]!["Container"]!.AsObject())
            if (member is JsonObject import && import.ContainsKey("$Function")) import.Remove("$Kind");
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written, Output.Json)) document.WriteTo(json);
        return written.ToArray();
    });

    private static void Check(bool written, IEnumerable<EdmError> errors)
    {
        if (!written) throw new InvalidOperationException(string.Join("; ", errors.Select(e => e.ErrorMessage)));
    }
}
