using System.Text;
using System.Text.Json;
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
        ODataEndpoints.Headers(http, "application/json;odata.metadata=minimal");
        await using var answer = new JsonAnswer(http);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("@odata.context", ODataEndpoints.Root(http) + "/$metadata");
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
        if (http.Request.Query.Keys.FirstOrDefault(k => k.TrimStart('$') != "format") is { } unknown) throw new InputException($"The query option \"{unknown}\" is unknown here.");
        // JSON came with version 4.01: who reads 4.0 and no more, as Excel and Power BI do, gets XML, whatever else he accepts.
        var format = (http.Request.Query.TryGetValue("$format", out var asked) || http.Request.Query.TryGetValue("format", out asked) ? asked : http.Request.Headers["OData-MaxVersion"] == "4.0" ? "xml" : http.Request.Headers.Accept).ToString();
        var json = format == "json" || format.StartsWith("application/json", StringComparison.Ordinal);
        if (!json && format is not ("" or "xml" or "application/xml") && !format.Contains("xml", StringComparison.Ordinal) && !format.Contains("*/*", StringComparison.Ordinal)) throw Lower.Unsupported($"$metadata as {format}");
        ODataEndpoints.Headers(http, json ? "application/json" : "application/xml");
        http.Response.Headers.Vary = "Accept, OData-MaxVersion";
        await http.Response.Body.WriteAsync(json ? MetadataJson.Value : MetadataXml.Value);
    }

    /// <summary>CSDL (OASIS), written once: the model is that of the catalogue and never changes while the program runs. Without a byte order mark, which parsers of XML that read text take for content.</summary>
    private static readonly Lazy<byte[]> MetadataXml = new(() =>
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new() { Indent = true, Encoding = new UTF8Encoding(false) })) Check(CsdlWriter.TryWriteCsdl(ODataModel.Model, xml, CsdlTarget.OData, out var errors), errors);
        return buffer.ToArray();
    });

    private static readonly Lazy<byte[]> MetadataJson = new(() =>
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Output.Json)) Check(CsdlWriter.TryWriteCsdl(ODataModel.Model, json, out var errors), errors);
        return buffer.ToArray();
    });

    private static void Check(bool written, IEnumerable<EdmError> errors)
    {
        if (!written) throw new InvalidOperationException(string.Join("; ", errors.Select(e => e.ErrorMessage)));
    }
}
