using System.Text.Json;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>What is asked over OData.</summary>
internal static class ODataQuestions
{
    private const string RoadColumns = "id, name_zh, class, length_metres, ST_AsGeoJSON(geom, 7)", RoadSelect = "$select=id,nameZh,class,lengthMetres,geometry";
    private const string Box = "POLYGON((120.9 30.9,121.3 30.9,121.3 31.3,120.9 31.3,120.9 30.9))";

    private const string Near = "ST_DWithin(geom::geometry::geography, $1::geography, $2)", Here = "SRID=4326;POINT(121.1 31.1)", Huaqiao = "SRID=4326;POINT(121.0998 31.3006)";
    private static readonly DateOnly Day = new(2026, 11, 22);

    private static string NearOData(string point, int metres) => $"geo.distance(geometry,geography'{point}') le {metres}";

    /// <summary>Filters with geometry first, then groups, expanded relations, and links, whose state is made of their evidence.</summary>
    public static readonly IReadOnlyList<Question> All =
    [
        new("one road", "/odata/Roads", $"$filter=id eq 'made-0050000' and {NearOData(Here, 90000)}&{RoadSelect}",
            $"select {RoadColumns} from road where id = $3 and {Near}", [Here, 90000.0, "made-0050000"], WriteRoad),
        new("100 roads of a county, near", "/odata/Roads", $"$filter=adcode eq '320583' and {NearOData(Here, 3000)}&{RoadSelect}&$top=100",
            $"select {RoadColumns} from road where adcode = $3 and {Near} order by id limit $4", [Here, 3000.0, "320583", 100L], WriteRoad),
        new("1,000 roads of a county, in a box", "/odata/Roads", $"$filter=adcode eq '320583' and geo.intersects(geometry,geography'SRID=4326;{Box}')&{RoadSelect}&$top=1000",
            $"select {RoadColumns} from road where adcode = $1 and ST_Intersects(geom, $2::geometry) order by id limit $3", ["320583", "SRID=4326;" + Box, 1000L], WriteRoad),
        new("near roads by class and county", "/odata/Roads", $"$apply=filter({NearOData(Here, 5000)})/groupby((class,adcode),aggregate($count as number,lengthMetres with sum as metres,accuracyMetres with max as accuracy))",
            $"select class, adcode, count(*), sum(length_metres), max(accuracy_metres) from road where {Near} group by class, adcode order by class, adcode", [Here, 5000.0], (json, row) =>
            {
                json.WriteString("class", row.GetString(0));
                json.WriteString("adcode", row.GetString(1));
                json.WriteNumber("number", row.GetInt64(2));
                json.WriteNumber("metres", row.GetDecimal(3));
                json.WriteNumber("accuracy", row.GetDecimal(4));
            }),
        new("all roads by class", "/odata/Roads", "$apply=groupby((class),aggregate($count as number,lengthMetres with sum as metres))",
            "select class, count(*), sum(length_metres) from road group by class order by class", [], (json, row) =>
            {
                json.WriteString("class", row.GetString(0));
                json.WriteNumber("number", row.GetInt64(1));
                json.WriteNumber("metres", row.GetDecimal(2));
            }),
        new("100 near roads with their source", "/odata/Roads", $"$filter={NearOData(Here, 3000)}&$select=id,nameZh,geometry&$expand=Source($select=id,title,publishedLatest)&$top=100&knownBy=2026-11-22",
            "select r.id, r.name_zh, ST_AsGeoJSON(r.geom, 7), s.id, s.title, s.published_latest from road r left join source s on s.id = r.source_id and s.published_latest <= $3 " +
            $"where {Near} order by r.id limit $4", [Here, 3000.0, Day, 100L], (json, row) =>
            {
                json.WriteString("id", row.GetString(0));
                json.WriteString("nameZh", row.GetString(1));
                WriteRaw(json, "geometry", row, 2);
                json.WriteStartObject("Source");
                json.WriteString("id", row.GetString(3));
                json.WriteString("title", row.GetString(4));
                json.WriteString("publishedLatest", row.GetFieldValue<DateOnly>(5).ToString("O"));
                json.WriteEndObject();
            }),
        new("lines with their stops", "/odata/Lines", "$select=id,nameZh&$expand=Stops($select=id,nameZh,seq,geometry)",
            """
            select l.id, l.name_zh, coalesce(s.list, '[]') from transit_line l
            left join (select line_id, json_agg(json_build_object('id', id, 'nameZh', name_zh, 'seq', seq, 'geometry', ST_AsGeoJSON(geom, 7)::json) order by id) as list from stop group by line_id) s on s.line_id = l.id
            order by l.id
            """, [], (json, row) =>
            {
                json.WriteString("id", row.GetString(0));
                json.WriteString("nameZh", row.GetString(1));
                WriteRaw(json, "Stops", row, 2);
            }),
        new("sources with their attestations", "/odata/Sources", "$select=id,title&$expand=Attestations($select=id,linkId,stage,heldFrom)&knownBy=2026-11-22",
            """
            select s.id, s.title, coalesce(a.list, '[]') from source s
            left join (select source_id, json_agg(json_build_object('id', id, 'linkId', link_id, 'stage', stage, 'heldFrom', held_from_latest) order by id) as list from attestation group by source_id) a on a.source_id = s.id
            where s.published_latest <= $1 order by s.id
            """, [Day], (json, row) =>
            {
                json.WriteString("id", row.GetString(0));
                json.WriteString("title", row.GetString(1));
                WriteRaw(json, "Attestations", row, 2);
            }),
        new("one link", "/odata/Links", "$filter=id eq 's1-m11'&$select=id,nameZh,state,geometry&asOf=2026-11-22&knownBy=2026-11-22",
            "select id, name_zh, state, ST_AsGeoJSON(geom, 7) from link_as_of($1, $1) where id = $2", [Day, "s1-m11"], WriteLink),
        new("broken links within 20 km", "/odata/Links", $"$filter=broken eq true and {NearOData(Huaqiao, 20000)}&$select=id,nameZh,state,geometry&asOf=2026-11-22&knownBy=2026-11-22",
            $"select id, name_zh, state, ST_AsGeoJSON(geom, 7) from link_as_of($3, $3) where broken and {Near} order by id", [Huaqiao, 20000.0, Day], WriteLink),
    ];

    public static void WriteRoad(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteString("id", row.GetString(0));
        json.WriteString("nameZh", row.GetString(1));
        json.WriteString("class", row.GetString(2));
        json.WriteNumber("lengthMetres", row.GetDecimal(3));
        WriteRaw(json, "geometry", row, 4);
    }

    private static void WriteLink(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteString("id", row.GetString(0));
        json.WriteString("nameZh", row.GetString(1));
        json.WriteString("state", row.GetString(2));
        WriteRaw(json, "geometry", row, 3);
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, NpgsqlDataReader row, int column)
    {
        json.WritePropertyName(name);
        if (row.IsDBNull(column)) json.WriteNullValue();
        else json.WriteRawValue(row.GetString(column), skipInputValidation: true);
    }
}
