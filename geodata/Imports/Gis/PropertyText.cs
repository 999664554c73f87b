using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Properties as PostgreSQL's jsonb takes them: what it would refuse is refused here, with its name.</summary>
internal sealed class PropertyText : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const string Whole = "Write it anew from the original, in UTF-8.";

    private readonly ArrayBufferWriter<byte> gathered = new();
    private readonly Utf8JsonWriter json;

    public PropertyText() => json = new(gathered, Options);

    /// <summary>Begins the object of one row.</summary>
    public void Begin()
    {
        gathered.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
    }

    public string End()
    {
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(gathered.WrittenSpan);
    }

    public void Text(string name, string value)
    {
        json.WritePropertyName(Checked("name of a property", name));
        json.WriteStringValue(Checked(name, value));
    }

    /// <exception cref="BadValueException">Something in it that cannot be kept.</exception>
    public string Of(JsonElement properties, Func<string, JsonElement, bool>? keep = null, Func<string, string>? nameOf = null)
    {
        Begin();
        if (properties.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined)) throw new BadValueException("properties", properties.GetRawText(), "are no object.", "Write {\"name\": value, …} or null.");
        if (properties.ValueKind == JsonValueKind.Object)
            foreach (var property in properties.EnumerateObject())
                if (keep is null || keep(property.Name, property.Value))
                {
                    json.WritePropertyName(Checked("name of a property", nameOf is null ? Name(property) : nameOf(Name(property))));
                    Write(property.Name, property.Value);
                }
        return End();
    }

    private static string Name(JsonProperty property)
    {
        try { return property.Name; }
        catch (InvalidOperationException) { throw new BadValueException("name of a property", null, "holds half a character (a lone surrogate).", Whole); }
    }

    private void Write(string field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(Checked(field, Name(property)));
                    Write(field, property.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var one in value.EnumerateArray()) Write(field, one);
                json.WriteEndArray();
                break;
            case JsonValueKind.String: json.WriteStringValue(Checked(field, StringOf(field, value))); break;
            case JsonValueKind.Number: json.WriteRawValue(Number(field, value.GetRawText()), skipInputValidation: true); break;
            default: value.WriteTo(json); break;
        }
    }

    private static string StringOf(string field, JsonElement value)
    {
        try { return value.GetString()!; }
        catch (InvalidOperationException) { throw new BadValueException(field, null, "holds half a character (a lone surrogate).", Whole); }
    }

    private static string Number(string field, string raw) => raw.Length <= 400 && double.TryParse(raw, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? raw
        : throw new BadValueException(field, raw, "is larger than any number that can be kept.", "Write it as text, in quotation marks.");

    private static string Checked(string field, string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new BadValueException(field, text.Replace("\0", "\\0", StringComparison.Ordinal), "holds the character NUL.", "Take it out.")
        : text.Contains('\uFFFD', StringComparison.Ordinal) ? throw new BadValueException(field, text, "holds U+FFFD: a character was lost when the file was made from another encoding.", Whole)
        : text;

    public void Dispose() => json.Dispose();
}
