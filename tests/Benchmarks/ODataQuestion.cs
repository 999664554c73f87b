using System.Text.Json;
using Npgsql;

namespace Jietong.Benchmarks;

/// <summary>One question, as OData asks it and as it is asked by hand: in SQL, with what writes a row of the answer.</summary>
internal sealed record ODataQuestion(string Name, string Path, string Options, string Sql, Action<Utf8JsonWriter, NpgsqlDataReader> WriteRow)
{
    private const string Here = "POINT(121.0998 31.1006)", Box = "POLYGON((120.9 30.9,121.3 30.9,121.3 31.3,120.9 31.3,120.9 30.9))";
    private const string RoadColumns = "id, name_zh, class, length_metres, ST_AsGeoJSON(geom, 7)", RoadSelect = "$select=id,nameZh,class,lengthMetres,geometry";
    private const string Near = $"ST_DWithin(geom::geography, 'SRID=4326;{Here}'::geography, 15000)", NearFilter = $"geo.distance(geometry,geography'SRID=4326;{Here}') le 15000";

    /// <summary>The address that asks for it.</summary>
    public string Address => $"{Path}?{string.Join('&', Options.Split('&').Select(o => o.Split('=', 2)).Select(o => $"{o[0]}={Uri.EscapeDataString(o[1])}"))}";

    public static readonly IReadOnlyList<ODataQuestion> All =
    [
        new("one road", "/odata/Roads", $"$filter=id eq 'made-0050000' and {NearFilter[..^5]}90000&{RoadSelect}",
            $"select {RoadColumns} from road where id = 'made-0050000' and {Near[..^6]}90000)", WriteRoad),
        new("100 roads of a class, near", "/odata/Roads", $"$filter=class eq 'class2' and {NearFilter}&{RoadSelect}&$top=100",
            $"select {RoadColumns} from road where class = 'class2' and {Near} order by id limit 100", WriteRoad),
        new("1,000 roads of a county, in a box", "/odata/Roads", $"$filter=adcode eq '320583' and geo.intersects(geometry,geography'SRID=4326;{Box}')&{RoadSelect}&$top=1000",
            $"select {RoadColumns} from road where adcode = '320583' and ST_Intersects(geom, 'SRID=4326;{Box}'::geometry) order by id limit 1000", WriteRoad),
        new("roads by class and county", "/odata/Roads", $"$apply=filter({NearFilter})/groupby((class,adcode),aggregate($count as number,lengthMetres with sum as metres,accuracyMetres with max as accuracy))",
            $"select class, adcode, count(*), sum(length_metres), max(accuracy_metres) from road where {Near} group by class, adcode order by class, adcode", (json, row) =>
            {
                json.WriteString("class", row.GetString(0));
                json.WriteString("adcode", row.GetString(1));
                json.WriteNumber("number", row.GetInt64(2));
                json.WriteNumber("metres", row.GetDecimal(3));
                json.WriteNumber("accuracy", row.GetDecimal(4));
            }),
        new("100 roads with their source", "/odata/Roads", $"$filter=class eq 'class2' and {NearFilter}&$select=id,nameZh,geometry&$expand=Source($select=id,title,publishedLatest)&$top=100&knownBy=2026-11-22",
            $"select r.id, r.name_zh, ST_AsGeoJSON(r.geom, 7), s.id, s.title, s.published_latest from (select * from road where class = 'class2' and {Near} order by id limit 100) r " +
            "left join source s on s.id = r.source_id and s.published_latest <= '2026-11-22' order by r.id", (json, row) =>
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
        new("sources with their attestations", "/odata/Sources", "$select=id,title&$expand=Attestations($select=id,linkId,stage,heldFrom)&knownBy=2026-11-22",
            """
            select s.id, s.title, coalesce(a.list, '[]') from source s
            left join (select source_id, json_agg(json_build_object('id', id, 'linkId', link_id, 'stage', stage, 'heldFrom', held_from_latest) order by id) as list from attestation group by source_id) a on a.source_id = s.id
            where s.published_latest <= '2026-11-22' order by s.id
            """, (json, row) =>
            {
                json.WriteString("id", row.GetString(0));
                json.WriteString("title", row.GetString(1));
                WriteRaw(json, "Attestations", row, 2);
            }),
        new("one link", "/odata/Links", "$filter=id eq 's1-m11'&$select=id,nameZh,state,geometry&asOf=2026-11-22&knownBy=2026-11-22",
            "select id, name_zh, state, ST_AsGeoJSON(geom, 7) from link_as_of('2026-11-22', '2026-11-22') where id = 's1-m11'", WriteLink),
        new("broken links within 20 km", "/odata/Links", "$filter=broken eq true and geo.distance(geometry,geography'SRID=4326;POINT(121.0998 31.3006)') le 20000&$select=id,nameZh,state,geometry&asOf=2026-11-22&knownBy=2026-11-22",
            "select id, name_zh, state, ST_AsGeoJSON(geom, 7) from link_as_of('2026-11-22', '2026-11-22') where broken and ST_DWithin(geom::geography, 'SRID=4326;POINT(121.0998 31.3006)'::geography, 20000) order by id", WriteLink),
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
