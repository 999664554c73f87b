using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;

namespace Jietong.Services.Downloads;

/// <summary>Files that are written row by row, straight to whoever reads them: GeoJSON, GeoJSON by lines, CSV.</summary>
internal static class TextFiles
{
    /// <summary>RFC 7946; in another system than WGS 84 with the member <c>crs</c> of GeoJSON 2008, longitude or easting first.</summary>
    public static async Task GeoJson(FileContent content, Pieces to, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Output.Json with { Indented = false });
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("name", content.LayerName);
        if (content.Query.Crs is { Shift: null } crs && crs != Crs.Crs84)
        {
            json.WriteStartObject("crs");
            json.WriteString("type", "name");
            json.WriteStartObject("properties");
            json.WriteString("name", $"urn:ogc:def:crs:EPSG::{crs.Srid}");
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WritePropertyName("about");
        json.WriteRawValue(content.About.Json);
        json.WriteStartArray("features");
        while (await content.Rows.Read(cancel))
        {
            Output.WriteFeature(content.Rows, content.Layer.Key, json);
            json.Flush();
            await to.SendFull(cancel);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    /// <summary>A feature a line (NDJSON: lines end with a line feed, nothing stands before them).</summary>
    public static async Task GeoJsonLines(FileContent content, Pieces to, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Output.Json with { Indented = false });
        while (await content.Rows.Read(cancel))
        {
            Output.WriteFeature(content.Rows, content.Layer.Key, json);
            json.Flush();
            json.Reset();
            to.WriteByte((byte)'\n');
            await to.SendFull(cancel);
        }
    }

    /// <summary>With well-known text in the last column, which names its reference system unless it is WGS 84.</summary>
    public static async Task Csv(FileContent content, Pieces to, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(to, Output.CsvForExcel, leaveOpen: true);
        var (wkb, text) = (new Wkb(), new StringBuilder());
        csv.WriteHeader([.. content.Columns.Select(c => c.Name), .. content.HasGeometry ? [WktName(content.Query.Crs)] : Array.Empty<string>()]);
        while (await content.Rows.Read(cancel))
        {
            for (var i = 0; i < content.Columns.Count; i++) csv.WriteField(content.Value(i) is { } value ? FileContent.Text(value) : null);
            if (content.HasGeometry)
            {
                text.Clear();
                if (content.Geometry() is { } geometry) wkb.Read(geometry).WriteText(text, content.Query.Crs.Decimals);
                csv.WriteField(text.ToString());
            }
            csv.EndRecord();
            await csv.FlushAsync(cancel);
            await to.SendFull(cancel);
        }
        await csv.FlushAsync(cancel);
    }

    /// <summary>WKT for WGS 84; any other system stands in the name.</summary>
    private static string WktName(Crs crs) => crs.Shift is not null ? $"WKT_{crs.Code}" : crs.Srid == 4326 ? "WKT" : $"WKT_EPSG{crs.Srid}";
}
