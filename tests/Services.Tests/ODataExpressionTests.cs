using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What may stand in a filter or an order: functions, paths, lambdas, search, space. Each is held against SQL written by hand; each filter finds some rows, not all, and its negation the rest.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataExpressionTests(ShippedService service)
{
    private const string Square = "geography'SRID=4326;POLYGON((121 31.2,121.2 31.2,121.2 31.4,121 31.4,121 31.2))'", SquareSql = "ST_MakeEnvelope(121, 31.2, 121.2, 31.4, 4326)";
    private const string Huaqiao = "geography'SRID=4326;POINT(121.0998 31.3006)'", HuaqiaoSql = "ST_SetSRID(ST_MakePoint(121.0998, 31.3006), 4326)";

    /// <summary>An entity set, and what it is in SQL on the day of the tests.</summary>
    private static string Rows(string set) => set switch
    {
        "Links" => "link_as_of('2026-11-22', '2026-11-22')", "LinkSides" => "link_side_as_of('2026-11-22', '2026-11-22')", "Attestations" => "attestation_published('2026-11-22')",
        "Sources" => "source_published('2026-11-22')", "Roads" => "road", "Places" => "place", _ => throw new ArgumentException(set),
    };

    private static string Days(string set) => set switch { "Roads" or "Places" => "", "Attestations" or "Sources" => "&knownBy=2026-11-22", _ => "&asOf=2026-11-22&knownBy=2026-11-22" };

    private async Task<List<string>> Ids(string set, string option, string value) =>
        [.. (await service.Json($"/odata/{set}?{option}={Uri.EscapeDataString(value)}&$select=id{(option == "$orderby" ? "" : "&$orderby=id")}{Days(set)}")).GetProperty("value").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];

    [Theory]
    // texts
    [InlineData("Links", "length(nameZh) gt 15", "length(name_zh) > 15")]
    [InlineData("Links", "indexof(nameZh,'路') eq 2", "position('路' in name_zh) = 3")]
    [InlineData("Links", "substring(id,0,3) eq 'bus' or substring(nameZh,2) eq '路南延'", "id like 'bus%' or substr(name_zh, 3) = '路南延'")]
    [InlineData("Links", "tolower(nameEn) eq 'bus c5' or contains(toupper(nameEn),'JINDIAN')", "lower(name_en) = 'bus c5' or upper(name_en) like '%JINDIAN%'")]
    [InlineData("Links", "concat(concat(kind,'/'),nature) eq 'road/bottleneck'", "kind || '/' || nature = 'road/bottleneck'")]
    [InlineData("Links", "trim(concat(' ',kind)) eq 'bus'", "kind = 'bus'")]
    // days and times
    [InlineData("Links", "year(statedOn) eq 2018 and month(statedOn) eq 6 and day(statedOn) ge 29", "stated_on between '2018-06-29' and '2018-06-30'")]
    [InlineData("Attestations", "date(recordedAt) ge 2018-01-01 and hour(recordedAt) ge 0 and minute(recordedAt) lt 60 and second(recordedAt) lt 60 and recordedAt le now() and year(heldFrom) lt 2019", "held_from_latest < '2019-01-01'")]
    // numbers
    [InlineData("Links", "evidenceAgeDays mod 7 eq 0", "evidence_age_days % 7 = 0")]
    [InlineData("Links", "evidenceAgeDays div 1000 eq 3", "evidence_age_days / 1000 = 3")]
    [InlineData("Links", "round(accuracyMetres div 1000) eq 9 or floor(accuracyMetres div 1000) eq 4 or ceiling(accuracyMetres div 1000) eq 1", "round(accuracy_metres / 1000) = 9 or floor(accuracy_metres / 1000) = 4 or ceil(accuracy_metres / 1000) = 1")]
    // paths
    [InlineData("Attestations", "Link/kind eq 'metro' and Source/grade eq 'GOV'", "(select kind from link where id = t.link_id) = 'metro' and (select grade from source where id = t.source_id) = 'GOV'")]
    [InlineData("LinkSides", "Jurisdiction/nameZh eq '昆山市' and Link/state eq 'unverified'", "(select name_zh from jurisdiction where adcode = t.adcode) = '昆山市' and (select state from link_as_of('2026-11-22', '2026-11-22') where id = t.link_id) = 'unverified'")]
    [InlineData("Attestations", "Link/Attestations/$count gt 5", "(select count(*) from attestation a where a.link_id = t.link_id) > 5")]
    // lambdas
    [InlineData("Links", "Attestations/any(a: a/stage eq 'open' and a/grade eq 'GOV')", "exists (select from attestation a join source s on s.id = a.source_id where a.link_id = t.id and a.stage = 'open' and s.grade = 'GOV')")]
    [InlineData("Links", "Attestations/all(a: a/stage eq 'proposed')", "not exists (select from attestation a where a.link_id = t.id and a.stage <> 'proposed')")]
    [InlineData("Links", "Targets/any()", "exists (select from target g where g.link_id = t.id)")]
    [InlineData("Links", "Attestations/$count ge 4", "(select count(*) from attestation a where a.link_id = t.id) >= 4")]
    [InlineData("Links", "Sides/any(s: s/stage ne $it/stage)", "exists (select from link_side_as_of('2026-11-22', '2026-11-22') s where s.link_id = t.id and s.stage is distinct from t.stage)")]
    [InlineData("Links", "Sides/any(s: s/Jurisdiction/LinkSides/any(o: o/linkId ne s/linkId and o/stage eq 'open'))", "exists (select from link_side s, link_side_as_of('2026-11-22', '2026-11-22') o where s.link_id = t.id and o.adcode = s.adcode and o.link_id <> s.link_id and o.stage = 'open')")]
    [InlineData("Links", "otherNames/any(n: startswith(n,'苏州'))", "exists (select from unnest(other_names) n where n like '苏州%')")]
    [InlineData("Links", "references/any(r: r/list eq 'annex3-2018' and r/item le 3)", "exists (select from link_reference r where r.link_id = t.id and r.list_id = 'annex3-2018' and r.item <= 3)")]
    [InlineData("Links", "overdueTargets/any()", "exists (select from target_as_of('2026-11-22', '2026-11-22') g where g.link_id = t.id and g.overdue)")]
    // space
    [InlineData("Roads", $"jietong.within(geometry,{Square})", $"ST_Within(geom, {SquareSql})")]
    [InlineData("Roads", $"jietong.crosses(geometry,{Square})", $"ST_Crosses(geom, {SquareSql})")]
    [InlineData("Roads", $"jietong.disjoint(geometry,{Square})", $"ST_Disjoint(geom, {SquareSql})")]
    [InlineData("Places", $"jietong.contains({Square},geometry)", $"ST_Contains({SquareSql}, geom)")]
    [InlineData("Roads", "jietong.touches(geometry,geography'SRID=4326;POINT(121.1503 31.28001)')", "ST_Touches(geom, ST_SetSRID(ST_MakePoint(121.1503, 31.28001), 4326))")]
    [InlineData("Links", $"jietong.dwithin(geometry,{Huaqiao},5000)", $"ST_DWithin(geom::geography, {HuaqiaoSql}::geography, 5000)")]
    [InlineData("Links", $"geo.intersects(jietong.buffer(geometry,accuracyMetres),{Huaqiao})", $"ST_Intersects(ST_Buffer(geom::geography, accuracy_metres)::geometry, {HuaqiaoSql})")]
    [InlineData("Places", "jietong.area(jietong.buffer(geometry,accuracyMetres)) gt 20000000", "ST_Area(ST_Buffer(geom::geography, accuracy_metres)) > 20000000")]
    [InlineData("Roads", $"geo.distance(jietong.centroid(geometry),{Huaqiao}) lt 9000", $"ST_Distance(ST_Centroid(geom)::geography, {HuaqiaoSql}::geography) < 9000")]
    [InlineData("Links", $"jietong.bearing({Huaqiao},geometry) lt 90", $"degrees(ST_Azimuth({HuaqiaoSql}::geography, ST_Centroid(geom)::geography)) < 90")]
    public async Task A_filter_answers_what_PostGIS_answers(string set, string filter, string sql)
    {
        var expected = await service.Database.Column($"select id from {Rows(set)} t where {sql} order by id");
        var all = await service.Database.Scalar<long>($"select count(*) from {Rows(set)}");
        Assert.InRange(expected.Count, 1, all - 1);
        Assert.Equal(expected, await Ids(set, "$filter", filter));
        Assert.Equal(all - expected.Count, (await Ids(set, "$filter", $"not ({filter})")).Count);
    }

    [Theory]
    [InlineData("Links", "length(nameZh) desc,id", "length(name_zh) desc, id")]
    [InlineData("Links", "Attestations/$count desc", "(select count(*) from attestation a where a.link_id = t.id) desc, id")]
    [InlineData("Attestations", "Link/nameZh,Source/grade desc", "(select name_zh from link where id = t.link_id), (select grade from source where id = t.source_id) desc, id")]
    [InlineData("Roads", $"geo.distance(geometry,{Huaqiao})", $"ST_Distance(geom::geography, {HuaqiaoSql}::geography), id")]
    [InlineData("Roads", "lengthMetres sub geo.length(geometry),id desc", "length_metres - ST_Length(geom::geography), id desc")]
    public async Task An_order_is_that_of_PostGIS(string set, string order, string sql) =>
        Assert.Equal(await service.Database.Column($"select id from {Rows(set)} t order by {sql}"), await Ids(set, "$orderby", order));

    [Theory]
    [InlineData("淀山湖", true, "s.words like '%淀山湖%'")]
    [InlineData("Huaqiao", true, "s.words like '%huaqiao%'")]
    [InlineData("淀山湖 AND NOT 青浦", true, "s.words like '%淀山湖%' and s.words not like '%青浦%'")]
    [InlineData("\"metro line\" OR 公交", true, "s.words like '%metro line%' or s.words like '%公交%'")]
    [InlineData("月球", false, "false")]
    public async Task Search_finds_words_of_either_language(string words, bool some, string sql)
    {
        // every text of a link, as its own answer gives it
        var texts = (await service.Json($"/odata/Links?asOf=2026-11-22&knownBy=2026-11-22&$orderby=id")).GetProperty("value").EnumerateArray()
            .ToDictionary(l => l.GetProperty("id").GetString()!, l => string.Join(' ', l.EnumerateObject().SelectMany(p => p.Value.ValueKind switch
            {
                JsonValueKind.String => [p.Value.GetString()!],
                JsonValueKind.Array => p.Value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!),
                _ => Array.Empty<string>(),
            })).ToLowerInvariant());
        var expected = new List<string>();
        foreach (var (id, text) in texts)
            if (await service.Database.Scalar<bool>($"select {sql} from (select '{text.Replace("'", "''", StringComparison.Ordinal)}' as words) s")) expected.Add(id);
        Assert.Equal(some, expected.Count > 0);
        Assert.Equal(expected, await Ids("Links", "$search", words));
    }

    [Fact]
    public async Task Filters_and_orders_inside_expand_know_the_same_words()
    {
        var link = (await service.Json($"/odata/Links('s1-m11')?$select=id&$expand=Attestations($select=id;$filter={Uri.EscapeDataString("Source/grade eq 'GOV' and year(heldFrom) lt 2023")};$orderby=Source/published)"));
        Assert.Equal(await service.Database.Column("select a.id from attestation a join source s on s.id = a.source_id where a.link_id = 's1-m11' and s.grade = 'GOV' and a.held_from_latest < '2023-01-01' order by s.published, a.id"),
            link.GetProperty("Attestations").EnumerateArray().Select(a => a.GetProperty("id").GetString()!));
    }

    [Theory]
    [InlineData("evidenceAgeDays div 0 eq 1", "division by zero")]
    [InlineData("Attestations/any(a: a/nothing eq 1)", "nothing")]
    [InlineData("substring(nameZh,'x') eq ''", "substring")]
    [InlineData("jietong.fly(geometry)", "fly")]
    [InlineData("jietong.buffer(geometry) eq null", "buffer")]
    public async Task What_cannot_be_evaluated_is_a_400_that_names_it(string filter, string named)
    {
        var refused = await service.Refused($"/odata/Links?$filter={Uri.EscapeDataString(filter)}");
        Assert.Equal(400, refused.Status);
        Assert.Contains(named, refused.Body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
