using System.Text.Json;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>What is asked over OGC API Features: pages of items, each with how many match in all.</summary>
internal static class ItemsQuestions
{
    private const string Columns = "id, name_zh, class, length_metres, ST_AsGeoJSON(geom, 7)", Properties = "properties=id,nameZh,class,lengthMetres", Items = "/collections/roads/items";
    private const string Here = "SRID=4326;POINT(121.1 31.1)", Box = "SRID=4326;POLYGON((120.9 30.9,121.3 30.9,121.3 31.3,120.9 31.3,120.9 30.9))", InBox = "adcode = $1 and ST_Intersects(geom, $2::geometry)";
    private const string Near = "adcode = $1 and ST_DWithin(geom::geometry::geography, $2::geography, $3)";

    public static readonly IReadOnlyList<Question> All =
    [
        Of("100 features, near", $"adcode=320583&filter=dwithin(geometry,POINT(121.1 31.1),3000)&{Properties}&limit=100", Near, "320583", Here, 3000.0, 100L),
        Of("1,000 features of a county, in a polygon", $"adcode=320583&filter=S_INTERSECTS(geometry,POLYGON((120.9 30.9,121.3 30.9,121.3 31.3,120.9 31.3,120.9 30.9)))&{Properties}&limit=1000", InBox, "320583", Box, 1000L),
        Of("1,000 features in a box, the first page", $"bbox=120.9,30.9,121.3,31.3&{Properties}&limit=1000", "ST_Intersects(geom, $1::geometry)", Box, 1000L),
    ];

    /// <summary>The last value is the limit.</summary>
    private static Question Of(string name, string options, string where, params object[] values) => new(name, Items, options, $"select {Columns} from road where {where} order by id limit ${values.Length}", values, WriteFeature)
    {
        Rows = "features", CountSql = $"select count(*) from road where {where}",
    };

    private static void WriteFeature(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteString("type", "Feature");
        json.WriteString("id", row.GetString(0));
        json.WritePropertyName("geometry");
        json.WriteRawValue(row.GetString(4), skipInputValidation: true);
        json.WriteStartObject("properties");
        json.WriteString("id", row.GetString(0));
        json.WriteString("nameZh", row.GetString(1));
        json.WriteString("class", row.GetString(2));
        json.WriteNumber("lengthMetres", row.GetDecimal(3));
        json.WriteEndObject();
    }
}
