using System.Globalization;

namespace Jietong.Geodata.Query;

/// <summary>
/// A layer's rows as one SELECT for a server beside ours that reads the same database: the columns of the catalogue under their names, the geometry as <c>geom</c>.
/// Lists, JSON and days become text, truth 0 and 1. Nothing in it comes from outside but two days.
/// </summary>
public static class LayerView
{
    public static string Sql(Layer layer, DateOnly asOf, DateOnly knownBy)
    {
        var days = layer.Time switch
        {
            TimeArguments.None => "",
            TimeArguments.KnownBy => $"({Day(knownBy)})",
            TimeArguments.AsOfAndKnownBy => $"({Day(asOf)}, {Day(knownBy)})",
            _ => throw new ArgumentOutOfRangeException(nameof(layer), layer.Name, "It compares two days."),
        };
        var where = layer.Where is { } condition ? $" where {condition.Replace("{t}", "t0", StringComparison.Ordinal)}" : "";
        return $"select {string.Join(", ", layer.Columns.Select(Value))} from {layer.From}{days} t0{where} order by {layer.Column(layer.Key).SqlFor("t0")}";
    }

    private static string Value(Column column)
    {
        var sql = column.SqlFor("t0");
        return column.Type switch
        {
            ColumnType.Geometry => $"{sql} as geom",
            ColumnType.TextList => $"{column.JoinedSql(sql)} as \"{column.Name}\"",
            ColumnType.Json or ColumnType.Date or ColumnType.Timestamp => $"({sql})::text as \"{column.Name}\"",
            ColumnType.Bool => $"({sql})::int as \"{column.Name}\"",
            ColumnType.Number => $"({sql})::float8 as \"{column.Name}\"",
            ColumnType.Integer => $"({sql})::int8 as \"{column.Name}\"",
            _ => $"({sql})::text as \"{column.Name}\"",
        };
    }

    private static string Day(DateOnly day) => $"date '{day.ToString("O", CultureInfo.InvariantCulture)}'";
}
