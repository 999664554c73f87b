using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>Every operator and function on the shipped register, in text and in JSON, and the negation of each, held against SQL written by hand.</summary>
[Collection(nameof(ShippedService))]
public sealed class Cql2RegisterTests(ShippedService service)
{
    private static readonly (Layer Layer, string Sql)[] Sets = [(Catalogue.Links, $"{LinksNow} t"), (Catalogue.Layer("Attestations"), $"attestation_published('{Day}') t"), (Catalogue.Layer("Roads"), "road t")];

    private const string Box = "ST_MakeEnvelope(121,31.2,121.2,31.4,4326)", Triangle = "POLYGON((121 31,121.3 31.1,121.1 31.5,121 31))", Line = "LINESTRING(120.9 31.2,121.3 31.35)";

    private static string Wkt(string wkt) => $"ST_GeomFromText('{wkt}', 4326)";

    public static TheoryData<string, string, string> Filters()
    {
        var all = new TheoryData<string, string, string>
        {
            // comparisons of texts, numbers, truth values, dates and instants; null
            { "Links", "kind = 'road'", "kind = 'road'" }, { "Links", "kind <> 'road'", "kind <> 'road'" }, { "Links", "'metro' < kind", "kind > 'metro'" }, { "Links", "nameZh >= '沪'", "name_zh >= '沪'" }, { "Links", "\"kind\" <= 'metro'", "kind <= 'metro'" },
            { "Links", "evidenceAgeDays > 1000", "evidence_age_days > 1000" }, { "Links", "evidenceAgeDays <= 1e3", "evidence_age_days <= 1000" }, { "Roads", "lengthMetres<+1000.5", "length_metres < 1000.5" }, { "Roads", "accuracyMetres = 30.", "accuracy_metres = 30" }, { "Roads", "lengthMetres > -.5", "true" },
            { "Links", "broken", "broken" }, { "Links", "broken = true", "broken" }, { "Links", "broken = FALSE", "not broken" }, { "Links", "false <> broken", "broken" }, { "Links", "TRUE", "true" }, { "Links", "false", "false" }, { "Links", "broken = (kind = 'road')", "broken = (kind = 'road')" },
            { "Links", "since = DATE('2018-06-29')", "since = '2018-06-29'" }, { "Links", "since > date('2018-06-29')", "since > '2018-06-29'" }, { "Links", "since >= '2018-06-29'", "since >= '2018-06-29'" }, { "Links", "statedOn <> since", "stated_on <> since" }, { "Links", "statedOn = since", "stated_on = since" },
            { "Attestations", "recordedAt > TIMESTAMP('2020-01-01T00:00:00Z')", "recorded_at > '2020-01-01T00:00Z'" }, { "Attestations", "recordedAt < DATE('2026-01-01')", "recorded_at < '2026-01-01T00:00Z'" }, { "Attestations", "heldFrom <= TIMESTAMP('2018-06-29T00:00:00.000Z')", "held_from_latest <= '2018-06-29'" }, { "Attestations", "heldFrom < recordedAt", "held_from_latest::timestamptz < recorded_at" },
            { "Links", "laterEvidence IS NULL", "later_evidence is null" }, { "Links", "noteZh is not null", "note_zh is not null" }, { "Links", "geometry IS NULL", "geom is null" }, { "Links", "\"references\" IS NOT NULL", "true" },

            // conditions joined, negated, nested
            { "Links", "broken AND kind='road' OR kind='metro'", "(broken and kind = 'road') or kind = 'metro'" }, { "Links", "broken and (kind='road' or not (kind='metro') and nature='missing')", "broken and (kind = 'road' or (kind <> 'metro' and nature = 'missing'))" }, { "Links", "NOT broken AND NOT (kind = 'road')", "not broken and kind <> 'road'" },
            { "Links", "NOT (laterEvidence = 'x')", "later_evidence <> 'x'" }, { "Links", "NOT NOT broken", "broken" }, { "Links", string.Join(" OR ", Enumerable.Range(0, 300).Select(i => $"evidenceAgeDays = {i * 10 + 9}")), "evidence_age_days % 10 = 9 and evidence_age_days < 3000" },

            // LIKE, BETWEEN, IN
            { "Links", "nameZh LIKE '%路'", "right(name_zh, 1) = '路'" }, { "Links", "nameZh LIKE '_阳%'", "substr(name_zh, 2, 1) = '阳'" }, { "Links", "nameZh NOT LIKE '%路%'", "strpos(name_zh, '路') = 0" }, { "Links", @"id like 's1-m11'", "id = 's1-m11'" }, { "Links", @"nameZh like '%\%%'", "strpos(name_zh, '%') > 0" }, { "Links", "noteZh not like '%a%'", "strpos(note_zh, 'a') = 0" }, { "Links", "'接通' like '接_'", "true" },
            { "Links", "evidenceAgeDays BETWEEN 100 AND 3069", "evidence_age_days between 100 and 3069" }, { "Roads", "lengthMetres NOT BETWEEN 1000 AND 2*1000", "length_metres < 1000 or length_metres > 2000" }, { "Links", "since between '2018-01-01' and DATE('2019-12-31')", "since between '2018-01-01' and '2019-12-31'" },
            { "Links", "kind IN ('metro','rail')", "kind in ('metro', 'rail')" }, { "Links", "kind not in ('metro')", "kind <> 'metro'" }, { "Links", "evidenceAgeDays in (3069, 3069.0, 12)", "evidence_age_days in (3069, 12)" }, { "Links", "since in (DATE('2018-06-29'),'2019-01-01')", "since in ('2018-06-29', '2019-01-01')" }, { "Links", "broken in (true)", "broken" }, { "Links", "id in (attestation, id)", "true" }, { "Links", "noteZh not in ('x')", "note_zh <> 'x'" },

            // case and accents
            { "Links", "CASEI(nameEn) LIKE casei('%ROAD%')", "name_en ilike '%road%'" }, { "Links", "casei(id) = CASEI('S1-M11')", "id = 's1-m11'" }, { "Links", "CASEI('Straße ΣΑΣ ſ') = CASEI('STRASSE σας S')", "true" }, { "Links", "CASEI('straẞe') = CASEI('STRASSE')", "true" }, { "Links", "CASEI(noteZh) IS NULL", "note_zh is null" },
            { "Links", "ACCENTI('Chișinău Ạ̈') = accenti('Chisinau A')", "true" }, { "Links", "ACCENTI('はじめ') = ACCENTI('はしめ')", "false" }, { "Links", "ACCENTI(CASEI('ÄÉ')) = casei(accenti('ae'))", "true" }, { "Links", "ACCENTI('한글') like '__'", "true" }, { "Links", "accenti(nameZh) = nameZh", "true" },

            // arithmetic
            { "Roads", "lengthMetres / 1000 > 5", "length_metres > 5000" }, { "Links", "evidenceAgeDays / 2 = 1534.5", "evidence_age_days = 3069" }, { "Links", "evidenceAgeDays div 2 = 1534", "evidence_age_days in (3068, 3069)" }, { "Links", "evidenceAgeDays % 10 = 9", "evidence_age_days % 10 = 9" }, { "Roads", "lengthMetres % 2 < 1", "length_metres % 2 < 1" },
            { "Links", "-evidenceAgeDays + 2 * 3 - 1 < -1000", "evidence_age_days > 1005" }, { "Links", "(evidenceAgeDays - 69) * 2 >= 6000.0", "evidence_age_days >= 3069" }, { "Links", "evidenceAgeDays > 2 ^ 10", "evidence_age_days > 1024" }, { "Roads", "lengthMetres > accuracyMetres * 10 + 500", "length_metres > accuracy_metres * 10 + 500" }, { "Links", "-2^2 = 4", "true" }, { "Links", "7 DIV -2 = -3 and 10-2-3=5 and 2+3*4=14 and 12/4*3=9", "true" },

            // lists
            { "Links", "A_CONTAINS(grades, ('GOV','SEC'))", "(select array_agg(s.grade) from attestation_published('2026-11-22') x join source s on s.id = x.source_id where x.link_id = t.id) @> '{GOV,SEC}'" }, { "Links", "a_containedBy(otherNames, ())", "cardinality(other_names) = 0" }, { "Links", "A_OVERLAPS(('昆山市交通局','嘉定区'), units)", "exists (select from link_unit u where u.link_id = t.id and u.unit_zh in ('昆山市交通局', '嘉定区')) or exists (select from link_side_as_of('2026-11-22','2026-11-22') u where u.link_id = t.id and u.unit_zh in ('昆山市交通局', '嘉定区'))" },
            { "Links", "A_EQUALS(otherNames, otherNames)", "true" }, { "Links", "A_EQUALS((1,2,2.0),(2,1))", "true" }, { "Links", "A_CONTAINS((id, kind), ('metro'))", "kind = 'metro'" }, { "Links", "a_overlaps((DATE('2018-06-29')), (since))", "since = '2018-06-29'" },

            // times
            { "Links", "T_AFTER(since, DATE('2019-01-01'))", "since > '2019-01-01'" }, { "Links", "T_BEFORE(since, INTERVAL('2018-06-29','2019-06-30'))", "since < '2018-06-29'" }, { "Links", "T_INTERSECTS(since, INTERVAL('2018-06-29','..'))", "since >= '2018-06-29'" }, { "Links", "T_DISJOINT(INTERVAL(since, statedOn), DATE('2019-06-30'))", "stated_on < '2019-06-30' or since > '2019-06-30'" }, { "Links", "T_EQUALS(since, '2018-06-29')", "since = '2018-06-29'" },
            { "Links", "T_DURING(INTERVAL(since, statedOn), INTERVAL('2018-01-01','2024-01-01'))", "since > '2018-01-01' and stated_on < '2024-01-01'" }, { "Links", "T_STARTEDBY(INTERVAL(since, statedOn), INTERVAL('2018-06-29','2018-06-30'))", "since = '2018-06-29' and stated_on > '2018-06-30'" }, { "Links", "T_MEETS(INTERVAL(since, since), INTERVAL(statedOn, '..'))", "since = stated_on" },
            { "Attestations", "T_INTERSECTS(recordedAt, DATE('2020-06-01'))", "recorded_at >= '2020-06-01T00:00Z' and recorded_at < '2020-06-02T00:00Z'" }, { "Attestations", "T_AFTER(recordedAt, INTERVAL('..','2024-12-31'))", "recorded_at >= '2025-01-01T00:00Z'" }, { "Attestations", "T_BEFORE(heldFrom, TIMESTAMP('2018-06-29T23:59:59Z'))", "held_from_latest < '2018-06-29'" },

            // geometries: heights are dropped, a box may cross the antimeridian, a collection is its members
            { "Roads", "S_INTERSECTS(geometry, BBOX(121,31.2,121.2,31.4))", $"ST_Intersects(geom, {Box})" }, { "Roads", "S_INTERSECTS(geometry, BBOX(121,31.2,-10,121.2,31.4,9000))", $"ST_Intersects(geom, {Box})" }, { "Roads", "S_INTERSECTS(BBOX(121.1,-90,-170,90), geometry)", "ST_XMax(geom) >= 121.1" }, { "Roads", "S_WITHIN(geometry, BBOX(-180,-90,180,90)) = TRUE", "true" },
            { "Roads", "S_INTERSECTS(geometry, BBOX(121.0,31,121.0,32))", $"ST_Intersects(geom, {Wkt("LINESTRING(121 31,121 32)")})" }, { "Roads", $"S_CROSSES(geometry, POLYGON Z ((121 31 1,121.3 31.1 1,121.1 31.5 1,121 31 1)))", $"ST_Crosses(geom, {Wkt(Triangle)})" }, { "Roads", "S_CONTAINS(GEOMETRYCOLLECTION(POLYGON((121 31,121.1 31,121.1 31.5,121 31.5,121 31)),POLYGON((121.1 31,121.2 31,121.2 31.5,121.1 31.5,121.1 31))), geometry)", $"ST_Within(geom, {Wkt("POLYGON((121 31,121.2 31,121.2 31.5,121 31.5,121 31))")})" },
            { "Roads", $"S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(121.5 31.5),{Line},{Triangle}))", $"ST_Intersects(geom, {Wkt(Line)}) or ST_Intersects(geom, {Wkt(Triangle)})" }, { "Roads", $"s_disjoint(GEOMETRYCOLLECTION(POINT(121.5 31.5),{Triangle}), geometry)", $"not ST_Intersects(geom, {Wkt(Triangle)})" }, { "Links", "S_EQUALS(geometry, geometry)", "ST_Equals(geom, geom)" },

            // functions
            { "Roads", "distance(geometry, POINT(121.0998 31.3006)) < 5000", "ST_Distance(geom::geography, 'POINT(121.0998 31.3006)') < 5000" }, { "Roads", "dwithin(geometry, POINT(121.0998 31.3006), 5000)", "ST_Distance(geom::geography, 'POINT(121.0998 31.3006)') <= 5000" }, { "Roads", "geo.length(geometry) > 2000", "ST_Length(geom::geography) > 2000" }, { "Roads", "area(buffer(geometry, 100)) > 500000", "ST_Area(ST_Buffer(geom::geography, 100)) > 500000" },
            { "Roads", "bearing(POINT(121 31.2), centroid(geometry)) between 0 and 90", $"degrees(ST_Azimuth('POINT(121 31.2)'::geography, ST_Centroid(geom)::geography)) between 0 and 90" }, { "Roads", $"S_INTERSECTS(buffer(geometry, 500), {Line})", $"ST_Intersects(ST_Buffer(geom::geography, 500)::geometry, {Wkt(Line)})" },
            { "Links", "length(nameZh) > 10", "char_length(name_zh) > 10" }, { "Links", "toupper(concat(kind,nature)) = 'ROADMISSING'", "kind = 'road' and nature = 'missing'" }, { "Links", "startswith(id,'s1') or endswith(nameZh,'路') or contains(nameZh,'大道')", "id ~ '^s1' or name_zh ~ '路$|大道'" }, { "Links", "indexof(nameZh,'路')=3 and substring(id,1)<>trim(id)", "strpos(name_zh, '路') = 4" }, { "Links", "matchesPattern(id,'^s[0-9]+-')", "id ~ '^s[0-9]+-'" },
            { "Links", "year(since)=2018 and month(since)=6 and day(since)=29", "since = '2018-06-29'" }, { "Roads", "round(lengthMetres) = lengthMetres or floor(lengthMetres) < ceiling(lengthMetres)", "true" }, { "Attestations", "recordedAt <= now() and hour(recordedAt) >= 0 and date(recordedAt) > DATE('2020-01-01')", "recorded_at::date > '2020-01-01'" },
        };
        foreach (var relation in new[] { "Intersects", "Disjoint", "Equals", "Touches", "Within", "Overlaps", "Crosses", "Contains" })
            foreach (var wkt in new[] { "POINT(121.09976 31.3006)", "MULTIPOINT((121.09976 31.3006),(121.1503 31.28001))", Line, "MULTILINESTRING((121 31.28,121.2 31.3),(121.05 31.1,121.3 31.25))", Triangle, "MULTIPOLYGON(((121 31,121.1 31,121.1 31.1,121 31.1,121 31)),((121.09976 31.3006,121.3 31.3006,121.3 31.5,121.09976 31.5,121.09976 31.3006)))" })
            {
                all.Add("Roads", $"S_{relation}(geometry, {wkt})", $"ST_{relation}(geom, {Wkt(wkt)})");
                all.Add("Links", $"s_{relation}({wkt}, geometry)", $"ST_{relation}({Wkt(wkt)}, geom)");
            }
        return all;
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_and_its_negation_find_what_SQL_finds(string layerName, string filter, string condition)
    {
        var (layer, from) = Sets.Single(s => s.Layer.Name == layerName);
        var expected = (await service.Database.Column($"select coalesce(string_agg(id, ' ' order by id) filter (where ({condition}) is true), '') || '|' || coalesce(string_agg(id, ' ' order by id) filter (where not ({condition})), '') from {from}"))[0];
        foreach (var json in (bool[])[false, true])
        {
            var (asked, negated) = json ? (Cql2Asking.InJson(filter), Cql2Asking.InJson($"NOT ({filter})")) : (filter, $"NOT ({filter})");
            Assert.Equal(expected, $"{string.Join(' ', await service.Database.Keys(layer, Cql2Filter.Read(asked, json, layer)))}|{string.Join(' ', await service.Database.Keys(layer, Cql2Filter.Read(negated, json, layer)))}");
        }
    }

    /// <summary>Coordinates in another reference system, in its order of axes, are those of WGS 84 once transformed.</summary>
    [Theory]
    [InlineData("4326", "POLYGON((31 121,31.1 121.3,31.5 121.1,31 121))")]
    [InlineData("3857", "POLYGON((13469658.4 3632749.1,13503054.2 3645742.9,13480790.3 3697855.3,13469658.4 3632749.1))")]
    [InlineData("4490", "POLYGON((31 121,31.1 121.3,31.5 121.1,31 121))")]
    [InlineData("4549", "POLYGON((3431403.6 595506.6,3442788.2 624030.8,3486935.4 604505.5,3431403.6 595506.6))")]
    public async Task Geometries_are_read_in_their_reference_system(string code, string wkt)
    {
        var (roads, crs) = (Catalogue.Layer("Roads"), Crs.Read("crs", "EPSG:" + code));
        var expected = await service.Database.Keys(roads, Cql2Filter.Read($"S_INTERSECTS(geometry, {Triangle})", json: false, roads));
        Assert.NotEmpty(expected);
        foreach (var json in (bool[])[false, true])
            Assert.Equal(expected, await service.Database.Keys(roads, Cql2Filter.Read(json ? Cql2Asking.InJson($"S_INTERSECTS(geometry, {wkt})") : $"S_INTERSECTS(geometry, {wkt})", json, roads, crs)));
        var (low, high) = crs.LatitudeFirst ? ("31.2,121", "31.4,121.2") : ("121,31.2", "121.2,31.4");
        if (crs.InDegrees)
            Assert.Equal(await service.Database.Keys(roads, Cql2Filter.Read("S_INTERSECTS(geometry, BBOX(121,31.2,121.2,31.4))", json: false, roads)), await service.Database.Keys(roads, Cql2Filter.Read($"S_INTERSECTS(geometry, BBOX({low},{high}))", json: false, roads, crs)));
    }
}
