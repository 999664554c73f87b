using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using Jietong.Geodata.Query;
using Spectre.Console;

namespace Jietong.Services.Cli;

/// <summary>How rows leave the terminal: JSON, CSV for Excel, GeoJSON, or rows in memory for a table.</summary>
public static class Output
{
    /// <summary>Chinese stays readable: only what JSON requires is escaped.</summary>
    public static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same for whole objects, with members in camel case.</summary>
    public static readonly JsonSerializerOptions JsonObjects = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the answer to standard output in the form asked for; a table is drawn by <paramref name="table"/>.</summary>
    public static async Task Answer(RowReader rows, string? format, string key, Action<List<Dictionary<string, object?>>> table, CancellationToken cancel)
    {
        await using var to = Console.OpenStandardOutput();
        switch (format)
        {
            case "json": await WriteJson(rows, to, cancel); break;
            case "csv": await WriteCsv(rows, to, cancel); break;
            case "geojson": await WriteGeoJson(rows, key, to, cancel); break;
            default: table(await Collect(rows, cancel)); break;
        }
    }

    private static async Task WriteJson(RowReader rows, Stream to, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Json);
        json.WriteStartArray();
        while (await rows.Read(cancel))
        {
            json.WriteStartObject();
            rows.WriteMembers(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    /// <summary>A GeoJSON FeatureCollection (RFC 7946).</summary>
    private static async Task WriteGeoJson(RowReader rows, string key, Stream to, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(to, Json);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteString("dataVersion", rows.Version.ToString());
        json.WriteStartArray("features");
        while (await rows.Read(cancel)) WriteFeature(rows, key, json);
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    public static void WriteFeature(RowReader rows, string key, Utf8JsonWriter json)
    {
        var geometry = rows.Columns.FirstOrDefault(c => c.Type == ColumnType.Geometry);
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        for (var i = 0; i < rows.Columns.Count; i++)
        {
            if (rows.Columns[i].Name != key && rows.Columns[i] != geometry) continue;
            json.WritePropertyName(rows.Columns[i] == geometry ? "geometry" : "id");
            rows.WriteValue(json, i);
        }
        if (geometry is null) json.WriteNull("geometry");
        json.WriteStartObject("properties");
        rows.WriteMembers(json, skip: geometry);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Both days of an answer, as every table tells them.</summary>
    public static string Days(DateOnly asOf, DateOnly knownBy) => $"基准日 As of [bold]{asOf:yyyy-MM-dd}[/] · 所知截至 Known by {knownBy:yyyy-MM-dd}";

    /// <summary>CSV that Excel opens right: UTF-8 with byte order mark, CRLF, texts that look like formulas made harmless.</summary>
    public static CsvWriterOptions CsvForExcel => new() { WriteByteOrderMark = true, Injection = CsvInjection.Escape, TrueValue = "true", FalseValue = "false" };

    /// <summary>Lists are joined by "; ".</summary>
    private static async Task WriteCsv(RowReader rows, Stream to, CancellationToken cancel)
    {
        await using var csv = CsvWriter.Create(to, CsvForExcel, leaveOpen: true);
        csv.WriteHeader([.. rows.Columns.Select(c => c.Name)]);
        while (await rows.Read(cancel))
        {
            for (var i = 0; i < rows.Columns.Count; i++) csv.WriteField(Plain(rows.Columns[i], rows.Value(i)));
            csv.EndRecord();
        }
        await csv.FlushAsync(cancel);
    }

    private static object? Plain(Column column, object? value) => value switch
    {
        string[] list => string.Join("; ", list),
        string json when column.Members.Count > 0 => string.Join("; ", JsonDocument.Parse(json).RootElement.EnumerateArray()
            .Select(o => string.Join(":", column.Members.Select(m => o.GetProperty(m.Name).ToString()).Where(t => t != "")))),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>All rows in memory, by column name.</summary>
    public static async Task<List<Dictionary<string, object?>>> Collect(RowReader rows, CancellationToken cancel)
    {
        var all = new List<Dictionary<string, object?>>();
        while (await rows.Read(cancel))
            all.Add(Enumerable.Range(0, rows.Columns.Count).ToDictionary(i => rows.Columns[i].Name, rows.Value));
        return all;
    }

    /// <summary>The terminal as it is; where the output is a file or a pipe, as many columns as COLUMNS says, else 160, without colours.</summary>
    public static IAnsiConsole Terminal()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        plain.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns > 40 ? columns : 160;
        return plain;
    }

    public static Table Table(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Horizontal };
        return table.AddColumns(headings);
    }

    public static string Text(object? value) => Markup.Escape(value switch
    {
        null => "",
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        string[] list => string.Join("、", list),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    });
}
