using System.Text.Json;
using Jietong.Geodata.Query;
using Microsoft.OData.Edm;

namespace Jietong.Services.OData;

/// <summary>Writes rows as OData's JSON: values as they come from the database, and beside them as many annotations as the client wants.</summary>
internal sealed class ODataRows(RowReader rows, Query query, MetadataLevel level, string root)
{
    private readonly Layer layer = query.Innermost.Layer;
    private readonly bool isEntity = query.Layer.Keys is [var key] && key == query.Layer.Key;
    private readonly int keyColumn = rows.Columns.ToList().FindIndex(c => c.Name == query.Layer.Key);

    /// <summary>A column as a member: the object that it stands in where that is not the row, its name there, and the relation where it holds related rows that need a look.</summary>
    private sealed record Member(string Part, JsonEncodedText Name, (JsonEncodedText Name, JsonEncodedText Type)? Annotation, Expand? Expand);
    private Member[]? members;

    /// <summary>Whether a hidden key was added for the links of full metadata.</summary>
    public bool HidesKey { get; init; }

    /// <summary>The members of the current row.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (level == MetadataLevel.Full && isEntity) Annotate(json, layer, (string)rows.Value(keyColumn)!, query);
        var part = "";
        members ??= [.. rows.Columns.Select(MemberOf)];
        for (var i = 0; i < members.Length; i++)
        {
            if (HidesKey && i == keyColumn) continue;
            var member = members[i];
            Enter(json, ref part, member.Part);
            if (member.Annotation is { } annotation) json.WriteString(annotation.Name, annotation.Type);
            json.WritePropertyName(member.Name);
            if (member.Expand is null) rows.WriteValue(json, i);
            else
            {
                using var related = JsonDocument.Parse((string?)rows.Value(i) ?? "null");
                WriteRelated(json, related.RootElement, member.Expand);
            }
        }
        Enter(json, ref part, "");
    }

    private Member MemberOf(Column column)
    {
        var slash = column.Name.LastIndexOf('/');
        var (part, name) = (slash < 0 ? "" : column.Name[..slash], column.Name[(slash + 1)..]);
        var annotation = level == MetadataLevel.Full && Annotation(column) is { } type ? (Encoded($"{name}@odata.type"), Encoded(type)) : ((JsonEncodedText, JsonEncodedText)?)null;
        var expand = query.Expand.FirstOrDefault(e => e.Relation.Name == column.Name && (level == MetadataLevel.Full || e.OnlyKeys || NeedsLook(e.Query)));
        return new(part, Encoded(name), annotation, expand);
    }

    private static JsonEncodedText Encoded(string text) => JsonEncodedText.Encode(text, Cli.Output.Json.Encoder);

    /// <summary>Where an entity is: the form of <c>$ref</c>.</summary>
    public void WriteReference(Utf8JsonWriter json) => json.WriteString("@odata.id", Id(layer, (string)rows.Value(keyColumn)!));

    private string Id(Layer of, string value) => $"{root}/{of.Name}('{Uri.EscapeDataString(value.Replace("'", "''", StringComparison.Ordinal))}')";

    /// <summary>Keys of groups that lie behind a path stand in objects of their own; columns of one path follow each other.</summary>
    private static void Enter(Utf8JsonWriter json, ref string part, string next)
    {
        if (part == next) return;
        foreach (var _ in part.Split('/', StringSplitOptions.RemoveEmptyEntries)) json.WriteEndObject();
        foreach (var name in next.Split('/', StringSplitOptions.RemoveEmptyEntries)) json.WriteStartObject(name);
        part = next;
    }

    private static bool NeedsLook(Query inside) => inside.Expand.Any(e => e.OnlyKeys || NeedsLook(e.Query));

    private void Annotate(Utf8JsonWriter json, Layer of, string key, Query asked)
    {
        json.WriteString("@odata.type", $"#{ODataModel.Namespace}.{ODataModel.TypeOf(of).Name}");
        json.WriteString("@odata.id", Id(of, key));
        if (WritableSet.Named(of.Name) is { MayBeAmended: true }) json.WriteString("@odata.editLink", Id(of, key));
        foreach (var relation in of.Relations.Where(r => asked.Expand.All(e => e.Relation.Name != r.Name)))
            json.WriteString($"{relation.Name}@odata.navigationLink", $"{Id(of, key)}/{relation.Name}");
    }

    private void WriteRelated(Utf8JsonWriter json, JsonElement related, Expand expand)
    {
        if (related.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var one in related.EnumerateArray()) WriteRelated(json, one, expand);
            json.WriteEndArray();
            return;
        }
        if (related.ValueKind != JsonValueKind.Object)
        {
            related.WriteTo(json);
            return;
        }
        var target = expand.Query.Innermost.Layer;
        var key = related.TryGetProperty(target.Key, out var value) ? value.GetString()! : null;
        json.WriteStartObject();
        if (expand.OnlyKeys) json.WriteString("@odata.id", Id(target, key!));
        else
        {
            if (level == MetadataLevel.Full && key is not null) Annotate(json, target, key, expand.Query);
            foreach (var member in related.EnumerateObject())
            {
                if (level == MetadataLevel.Full && expand.Query.Layer.Columns.FirstOrDefault(c => c.Name == member.Name) is { } column && Annotation(column) is { } type) json.WriteString($"{member.Name}@odata.type", type);
                json.WritePropertyName(member.Name);
                if (expand.Query.Expand.FirstOrDefault(e => e.Relation.Name == member.Name) is { } deeper) WriteRelated(json, member.Value, deeper);
                else member.Value.WriteTo(json);
            }
        }
        json.WriteEndObject();
    }

    /// <summary>The type of a value whose JSON does not show it (OData JSON Format, 4.5.3).</summary>
    private string? Annotation(Column column) => column.Type switch
    {
        ColumnType.Integer when !column.Name.EndsWith("@odata.count", StringComparison.Ordinal) => "#Int32",
        ColumnType.Date => "#Date",
        ColumnType.Timestamp => "#DateTimeOffset",
        ColumnType.TextList => "#Collection(String)",
        ColumnType.Geometry => "#Geography",
        ColumnType.Json when layer.Columns.Contains(column) => $"#Collection({ODataModel.Namespace}.{ODataModel.TypeOf(layer).Name}_{column.Name})",
        _ => null,
    };
}
