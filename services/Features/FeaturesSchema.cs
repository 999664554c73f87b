using System.Text.Json.Nodes;
using Jietong.Geodata.Query;

namespace Jietong.Services.Features;

/// <summary>What a collection's features are made of, as JSON Schema 2020-12 (OGC 23-058r1, Schemas): all properties, those to filter by, those to sort by.</summary>
internal static class FeaturesSchema
{
    public const string MediaType = "application/schema+json";

    /// <summary>What a feature holds: a set of a few known words comes as one text.</summary>
    public static IEnumerable<Column> Given(Layer layer) => layer.Columns.Select(c => c.Flags.Count > 0 ? c with { Type = ColumnType.Text } : c);

    /// <summary>Everything has an order but geometries, lists and documents.</summary>
    public static IEnumerable<Column> Sortables(Layer layer) => Queryables(layer).Where(c => c.Type is not (ColumnType.Geometry or ColumnType.TextList));

    /// <summary>What a filter can speak of. It compares with values, never with null: so each has one plain type, the only kind that many clients read.</summary>
    public static IEnumerable<Column> Queryables(Layer layer) => layer.Columns.Where(c => c.Type is not ColumnType.Json).Select(c => c with { Nullable = false });

    public static JsonObject Document(Layer layer, string address, IEnumerable<Column> columns) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = address,
        ["title"] = $"{layer.TitleZh} {layer.TitleEn}",
        ["type"] = "object",
        ["properties"] = new JsonObject(columns.Select((column, i) => KeyValuePair.Create(column.Name, (JsonNode?)Property(layer, column, i)))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Property(Layer layer, Column column, int position)
    {
        var schema = new JsonObject { ["title"] = column.TitleZh, ["description"] = column.TitleEn, ["x-ogc-propertySeq"] = position + 1 };
        if (column.Name == layer.Key) schema["x-ogc-role"] = "id";
        switch (column.Type)
        {
            case ColumnType.Geometry:
                schema["x-ogc-role"] = "primary-geometry";
                schema["format"] = layer.GeometryType is { } type ? $"geometry-{type.ToLowerInvariant()}" : "geometry-any";
                return schema;
            case ColumnType.TextList:
                (schema["type"], schema["items"]) = ("array", new JsonObject { ["type"] = "string" });
                return schema;
            case ColumnType.Json:
                (schema["type"], schema["items"]) = ("array", new JsonObject { ["type"] = "object" });
                return schema;
        }
        var name = column.Type switch { ColumnType.Integer => "integer", ColumnType.Number => "number", ColumnType.Bool => "boolean", _ => "string" };
        schema["type"] = column.Nullable ? new JsonArray(name, "null") : name;
        if (column.Type is ColumnType.Date or ColumnType.Timestamp) schema["format"] = column.Type == ColumnType.Date ? "date" : "date-time";
        if (column.Name.EndsWith("Metres", StringComparison.Ordinal)) schema["x-ogc-unit"] = "m";
        return schema;
    }
}
