using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;

namespace Jietong.Geodata.Register;

/// <summary>One row of a register file, keyed by its column names, and where it stands.</summary>
/// <param name="Place">File and row or feature, as a person finds it: <c>sides.csv line 12</c>.</param>
/// <param name="Cells">Texts, numbers, lists and geometry by the names of the file; null where a cell is empty.</param>
internal sealed record RegisterRow(string Place, JsonObject Cells);

/// <summary>Reads the files that a person reviews: GeoJSON where rows have lines, CSV tables beside it. Shapes only; meaning is checked by the database.</summary>
internal static class RegisterFiles
{
    internal static string HashOf(string folder)
    {
        if (!Directory.Exists(folder)) throw new InputException($"The register files are not at {folder}.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Rows of a CSV file (RFC 4180, UTF-8, header row). An empty cell is null; blanks around a text are dropped.</summary>
    internal static List<RegisterRow> Csv(string folder, string file)
    {
        using var text = Open(folder, file);
        var options = new CsvReaderOptions { Separator = ',', TrimWhitespace = true, TrimInsideQuotes = true, TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw, FieldCountMismatch = CsvFieldCountHandling.Throw };
        using var csv = CsvReader.Create(text, options);
        var rows = new List<RegisterRow>();
        try
        {
            if (csv.Headers.Count == 0 || csv.Headers.Distinct().Count() < csv.Headers.Count) throw new InputException($"{file} line 1: a header row must name each column once.");
            while (csv.Read())
            {
                var cells = new JsonObject();
                for (var i = 0; i < csv.FieldCount; i++) cells[csv.Headers[i]] = csv.GetString(i) is { Length: > 0 } cell ? cell : null;
                rows.Add(new($"{file} line {csv.LineNumber}", cells));
            }
        }
        catch (CsvFormatException e) { throw new InputException($"{file} line {e.LineNumber}: {e.Message} Is a comma or a quotation mark missing?"); }
        catch (System.Text.DecoderFallbackException) { throw new InputException($"{file} is not UTF-8: save it as UTF-8."); }
        return rows;
    }

    /// <summary>Features of a GeoJSON file: the properties, with the feature's <c>id</c> and <c>geom</c> (its geometry as it stands).</summary>
    internal static List<RegisterRow> GeoJson(string folder, string file)
    {
        using var reader = Open(folder, file);
        JsonNode? document;
        try { document = Parsed(reader.ReadToEnd()); }
        catch (System.Text.DecoderFallbackException) { throw new InputException($"{file} is not UTF-8: save it as UTF-8."); }
        catch (JsonException e) { throw new InputException($"{file}{(e.LineNumber is { } line ? $" line {line + 1}, character {e.BytePositionInLine + 1}" : "")}: no JSON: {e.Message}"); }
        if ((document as JsonObject)?["features"] is not JsonArray features) throw new InputException($"{file}: no FeatureCollection with \"features\".");
        return [.. features.Select((feature, i) =>
        {
            if (feature is not JsonObject) throw new InputException($"{file} feature {i + 1}: no object.");
            var id = feature["id"] is JsonValue value ? value.ToString() : null;
            var place = $"{file} feature {i + 1}{(id is null ? "" : $" ({id})")}";
            if (feature["properties"] is not JsonObject properties) throw new InputException($"{place}: no properties.");
            if (id is null) throw new InputException($"{place}: field id is missing.");
            var cells = (JsonObject)properties.DeepClone();
            cells["id"] = id;
            cells["geom"] = Geometry(feature["geometry"], place)?.DeepClone();
            return new RegisterRow(place, cells);
        })];
    }

    /// <summary>Parsed whole: System.Text.Json would read texts only when asked for them, and then fail on half a surrogate pair.</summary>
    private static JsonNode? Parsed(string text)
    {
        var node = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
        try { return JsonNode.Parse(node?.ToJsonString() ?? "null"); }
        catch (InvalidOperationException) { throw new JsonException("a text holds half of a surrogate pair."); }
    }

    /// <summary>PostGIS reads [121, "x"] as 121, 0: what is no number is refused here.</summary>
    private static JsonNode? Geometry(JsonNode? geometry, string place)
    {
        if (geometry is null) return null;
        var depth = (geometry as JsonObject)?["type"]?.ToString() switch { "Point" => 0, "LineString" => 1, "MultiLineString" => 2, _ => -1 };
        if (depth < 0) throw new InputException($"{place}: field geometry: its type is none of Point, LineString, MultiLineString.");
        static bool IsPosition(JsonNode? node) => node is JsonArray { Count: 2 } pair && pair.All(n => n is JsonValue v && v.GetValueKind() == JsonValueKind.Number && double.IsFinite(v.GetValue<double>()));
        static bool IsNested(JsonNode? node, int depth) => depth == 0 ? IsPosition(node) : node is JsonArray list && list.All(n => IsNested(n, depth - 1));
        return IsNested(geometry["coordinates"], depth) ? geometry
            : throw new InputException($"{place}: field geometry: its coordinates are not {(depth == 0 ? "a position" : "lists of positions")}: two numbers, longitude and latitude.");
    }

    private static StreamReader Open(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path)) throw new InputException($"{file} is missing in {folder}.");
        return new(path, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
    }
}
