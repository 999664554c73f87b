using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Reads a GeoJSON file feature by feature, in bounded memory, and tells of every feature that is wrong where it stands. (GDAL leaves out what it does not understand.)</summary>
internal sealed class GeoJsonFile(ImportContext context, Stream file) : IDisposable
{
    /// <summary>The longest feature, or member beside the features.</summary>
    public const int LongestValue = 64 << 20;

    private readonly Dictionary<string, byte[]> members = [];   // of the root, but features
    private readonly GeoJsonFeature feature = new();
    private readonly string name = context.File.Name;
    private byte[] buffer = new byte[1 << 16];
    private int start, end;
    private long before;   // bytes of the file before the buffer
    private bool whole, hasFeatures;
    private JsonReaderState state;

    /// <summary>The member crs of GeoJSON 2008; null where there is none: then it is WGS 84, longitude first.</summary>
    public string? Crs { get; private set; }

    public IEnumerable<GisRow> Rows()
    {
        var number = 0L;
        foreach (var value in Values())
            if (Row(value, ++number) is { } row) yield return row;
        if (number > 0 || hasFeatures) yield break;
        if (Row(Root(), 1) is { } only) yield return only;
    }

    private GisRow? Row(ReadOnlyMemory<byte> value, long number)
    {
        var place = $"feature {number}";
        if (!Utf8.IsValid(value.Span))
        {
            context.Problems.Add(name, place, "", null, "is not in UTF-8, in which GeoJSON is always written.", "Save the file in UTF-8.");
            return null;
        }
        using var json = JsonDocument.Parse(value);
        try { return feature.Read(json.RootElement, number); }
        catch (BadValueException e)
        {
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number) place += $" (id {InputException.Short(id.ToString(), 50)})";
            context.Problems.Add(name, place, e.Field, e.Value, e.Message, e.WayOut);
            return null;
        }
    }

    /// <summary>A file that is one feature, or one geometry.</summary>
    private byte[] Root()
    {
        var root = Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(m => $"{JsonSerializer.Serialize(m.Key)}:{Encoding.UTF8.GetString(m.Value)}"))}}}");
        var type = members.TryGetValue("type", out var t) ? Encoding.UTF8.GetString(t).Trim('"') : null;
        return type switch
        {
            "Feature" => root,
            null => throw Bad("type", null, "the file has no type: it is no GeoJSON.", "Its first member is \"type\": \"FeatureCollection\"."),
            "FeatureCollection" => throw Bad("features", null, "the collection has no list of features.", "Write \"features\": […]."),
            "Point" or "LineString" or "Polygon" or "MultiPoint" or "MultiLineString" or "MultiPolygon" or "GeometryCollection" => [.. "{\"type\":\"Feature\",\"properties\":null,\"geometry\":"u8, .. root, .. "}"u8],
            _ => throw Bad("type", type, "is no type of GeoJSON.", "It is FeatureCollection, Feature, or the type of a geometry."),
        };
    }

    /// <summary>The features one by one, each as its bytes, which hold until the next is asked for.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Values()
    {
        state = new(new() { MaxDepth = 64 });
        Fill();
        if (end >= 3 && buffer[0] == 0xEF && buffer[1] == 0xBB && buffer[2] == 0xBF) start = 3;
        var (kind, _) = Next(skip: false);
        if (kind != JsonTokenType.StartObject) throw Bad("", null, "holds no JSON object.", "GeoJSON begins with {.");
        while (Next(skip: false) is { Kind: JsonTokenType.PropertyName } property)
        {
            var member = Encoding.UTF8.GetString(property.Bytes.Span);
            if (member != "features" || Peek() != (byte)'[')
            {
                var value = Next(skip: true).Bytes;
                if (member is not ("type" or "id" or "geometry" or "properties" or "coordinates" or "geometries" or "features" or "crs")) continue;
                members[member] = value.ToArray();
                if (member == "crs") Crs = NamedCrs(members[member]);
                continue;
            }
            hasFeatures = true;
            Next(skip: false);
            while (Next(skip: true) is { Kind: not JsonTokenType.EndArray } one) yield return one.Bytes;
        }
        if (hasFeatures && (!members.TryGetValue("type", out var type) || Encoding.UTF8.GetString(type) != "\"FeatureCollection\"")) throw Bad("type", type is null ? null : Encoding.UTF8.GetString(type), "a file with features is a FeatureCollection.", "Write \"type\": \"FeatureCollection\".");
        Next(skip: false);   // nothing may stand behind it
    }

    /// <summary>The first byte of what comes next.</summary>
    private byte Peek()
    {
        for (; ; start++)
        {
            if (start == end && !Fill()) return 0;
            if (buffer[start] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return buffer[start];
        }
    }

    /// <summary>The next token, or the whole value that begins with it.</summary>
    private (JsonTokenType Kind, ReadOnlyMemory<byte> Bytes) Next(bool skip)
    {
        while (true)
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), whole, state);
            try
            {
                if (reader.Read())
                {
                    var (kind, from) = (reader.TokenType, (int)reader.TokenStartIndex);
                    if (!skip || reader.TrySkip())
                    {
                        var bytes = kind == JsonTokenType.PropertyName ? reader.ValueSpan.ToArray() : buffer.AsMemory(start + from, (int)reader.BytesConsumed - from);
                        state = reader.CurrentState;
                        start += (int)reader.BytesConsumed;
                        context.Progress(new("读取要素", "reading features", before + start, context.File.Bytes, "bytes"));
                        return (kind, bytes);
                    }
                }
            }
            catch (JsonException e) { throw Syntax(e); }
            if (whole) return default;
            Fill();
        }
    }

    /// <returns>Whether there was more.</returns>
    private bool Fill()
    {
        if (whole) return false;
        if (start > 0) Array.Copy(buffer, start, buffer, 0, end - start);
        (before, end, start) = (before + start, end - start, 0);
        if (end == buffer.Length)
        {
            if (end >= LongestValue) throw Bad("", null, $"holds a feature, or another value, of more than {LongestValue >> 20} MB.", "Divide it.");
            Array.Resize(ref buffer, 2 * buffer.Length);
        }
        context.Cancel.ThrowIfCancellationRequested();
        var read = file.Read(buffer, end, buffer.Length - end);
        whole = read == 0;
        end += read;
        return read > 0;
    }

    /// <summary>urn:ogc:def:crs:EPSG::4490, EPSG:4490 or CRS84, of GeoJSON 2008.</summary>
    private string? NamedCrs(byte[] member)
    {
        using var json = JsonDocument.Parse(member);
        var crs = json.RootElement;
        if (crs.ValueKind == JsonValueKind.Null) return null;
        var named = crs.ValueKind == JsonValueKind.Object && crs.TryGetProperty("properties", out var p) && p.ValueKind == JsonValueKind.Object && p.TryGetProperty("name", out var n) && n.ValueKind == JsonValueKind.String ? n.GetString()! : null;
        if (named is not null && named.EndsWith("CRS84", StringComparison.Ordinal)) return null;
        var code = named?[(named.LastIndexOfAny([':', '/']) + 1)..];
        if (named is not null && named.Contains("EPSG", StringComparison.OrdinalIgnoreCase) && code is { Length: > 0 and < 8 } && code.All(char.IsAsciiDigit)) return $"EPSG:{code}";
        throw Bad("crs", Encoding.UTF8.GetString(member), "names no reference system that can be found.", "Name it as \"urn:ogc:def:crs:EPSG::4490\", or by --crs.");
    }

    private BadFileException Bad(string field, string? value, string reason, string wayOut) => new(name, "", field, value, reason, wayOut);

    /// <summary>Lines and bytes of the whole file, counted from 1.</summary>
    private BadFileException Syntax(JsonException e) => new(name, $"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}", "", null,
        $"is no JSON: {(e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var cut and > 0 ? e.Message[..cut] : e.Message)}", "Mend it there, or export it again.");

    public void Dispose() => feature.Dispose();
}

/// <summary>The file as a whole cannot be read on: a problem that ends its reading.</summary>
internal sealed class BadFileException(string file, string place, string field, string? value, string reason, string wayOut) : Exception(reason)
{
    public void Tell(ImportProblems problems) => problems.Add(file, place, field, value, Message, wayOut);
}
