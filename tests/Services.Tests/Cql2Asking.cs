using System.Globalization;
using System.Text.Json.Nodes;
using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Worlds;

namespace Jietong.Services.Tests;

/// <summary>How tests ask in CQL2: a filter in text, its twin in JSON, and the rows that both find.</summary>
internal static class Cql2Asking
{
    /// <summary>The number of rows, or the keys of the rows, that a filter finds on the day of the tests.</summary>
    public static async Task<long> Count(this TestDatabase database, Layer layer, Expression filter)
    {
        var statement = SqlWriter.Count(Asked(layer, filter));
        await using var command = database.Db.CreateCommand(statement.Text);
        foreach (var value in statement.Parameters) command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<List<string>> Keys(this TestDatabase database, Layer layer, Expression filter)
    {
        var keys = new List<string>();
        await using var rows = await RowReader.Ask(database.Db, Asked(layer, filter) with { Select = [layer.Key] });
        while (await rows.Read()) keys.Add(rows.Value(0)?.ToString() ?? "");
        return keys;
    }

    private static Query Asked(Layer layer, Expression filter) => new(layer) { AsOf = DateOnly.ParseExact(Asking.Day, "O", CultureInfo.InvariantCulture), KnownBy = DateOnly.ParseExact(Asking.Day, "O", CultureInfo.InvariantCulture), Filter = filter };

    /// <summary>The statement and its values: equal where two expressions are one.</summary>
    public static string Written(Layer layer, Expression filter)
    {
        var statement = SqlWriter.Count(Asked(layer, filter));
        return statement.Text + "\n" + string.Join('\n', statement.Parameters.Select(p => $"{p.GetType().Name} {(p is Array list ? string.Join(", ", list.Cast<object>().Select(Shown)) : Shown(p))}"));
    }

    private static string Shown(object value) => value is decimal number ? number.ToString("0.############################", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    /// <summary>A filter in text as the same in JSON.</summary>
    public static string InJson(string filter) => Json(Cql2Text.Read(filter))!.ToJsonString();

    private static readonly string[] InCamelCase = ["isNull", "t_finishedBy", "t_metBy", "t_overlappedBy", "t_startedBy", "a_containedBy"];

    private static JsonNode? Json(Syntax syntax) => syntax switch
    {
        PropertyName p => new JsonObject { ["property"] = p.Name },
        Scalar { Value: DateOnly day } => new JsonObject { ["date"] = Instant(day) },
        Scalar { Value: DateTimeOffset time } => new JsonObject { ["timestamp"] = Instant(time) },
        Scalar { Value: string text } => text,
        Scalar { Value: bool truth } => truth,
        Scalar s => JsonNode.Parse(Convert.ToString(s.Value, CultureInfo.InvariantCulture)!),
        Interval i => new JsonObject { ["interval"] = new JsonArray(End(i.Start), End(i.End)) },
        Values v => new JsonArray([.. v.Items.Select(Json)]),
        Box b => new JsonObject { ["bbox"] = new JsonArray([.. b.Numbers.Select(n => (JsonNode)n)]) },
        Shape { Type: "GEOMETRYCOLLECTION" } s => new JsonObject { ["type"] = "GeometryCollection", ["geometries"] = new JsonArray([.. s.Parts.Select(Json)]) },
        Shape s => new JsonObject { ["type"] = s.Type switch { "POINT" => "Point", "LINESTRING" => "LineString", "POLYGON" => "Polygon", "MULTIPOINT" => "MultiPoint", "MULTILINESTRING" => "MultiLineString", _ => "MultiPolygon" }, ["coordinates"] = Coordinates(s) },
        Applied o => new JsonObject { ["op"] = InCamelCase.FirstOrDefault(n => n.Equals(o.Name, StringComparison.OrdinalIgnoreCase)) ?? o.Name.ToLowerInvariant(), ["args"] = new JsonArray([.. o.Operands.Select(Json)]) },
        _ => throw new ArgumentOutOfRangeException(nameof(syntax)),
    };

    private static JsonNode? End(Syntax? end) => end switch { null => "..", Scalar { Value: DateOnly or DateTimeOffset } s => Instant(s.Value), _ => Json(end) };

    private static string Instant(object value) => value is DateOnly day ? day.ToString("O", CultureInfo.InvariantCulture) : ((DateTimeOffset)value).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static JsonArray Coordinates(Shape shape) => shape.Type == "POINT" ? Numbers(shape.Points[0]) : shape.Parts.Count > 0 ? new([.. shape.Parts.Select(Coordinates)]) : new([.. shape.Points.Select(Numbers)]);

    private static JsonArray Numbers(double[] position) => new([.. position.Select(n => (JsonNode)n)]);
}
