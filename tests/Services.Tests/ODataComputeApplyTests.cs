using System.Text.Json;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>Computed values and groups, each held against SQL over the tables.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataComputeApplyTests(ShippedService service)
{
    private const string Here = "geography'SRID=4326;POINT(121.0998 31.3006)'", HereSql = "ST_Point(121.0998, 31.3006)::geography";

    /// <summary>lengthMetres of a link.</summary>
    private const string LengthSql = "(select v.value from design_value v join source s on s.id = v.source_id where v.link_id = t.id and v.side is null and v.quantity = 'lengthMetres' order by grade_rank(s.grade), s.published_latest desc, v.id limit 1)";

    [Theory]
    [InlineData("Links?$compute=length(nameZh) as x&$select=id,x&$top=5", $"select json_build_object('id', id, 'x', length(name_zh)) from {LinksNow} t order by id limit 5")]
    [InlineData("Links?$compute=concat(concat(kind,'''$1;--'),nature) as 说明&$select=id,说明&$orderby=说明 desc,id&$top=7", $"select json_build_object('id', id, '说明', kind || '''$1;--' || nature) from {LinksNow} t order by kind || '''$1;--' || nature desc, id limit 7")]
    [InlineData("Links?$compute=length(nameZh) as x,x mul 2 as y,y sub x as z&$filter=z gt 9 and y lt 30&$orderby=z desc&$select=id,y,z", $"select json_build_object('id', id, 'y', length(name_zh) * 2, 'z', length(name_zh)) from {LinksNow} t where length(name_zh) > 9 and length(name_zh) * 2 < 30 order by length(name_zh) desc, id")]
    [InlineData("Links?$compute=year(statedOn) as y&$filter=y eq 2018&$select=id,y", $"select json_build_object('id', id, 'y', 2018) from {LinksNow} t where stated_on between '2018-01-01' and '2018-12-31' order by id")]
    [InlineData("Links?$compute=kind eq 'metro' as m&$filter=m&$select=id,m", $"select json_build_object('id', id, 'm', true) from {LinksNow} t where kind = 'metro' order by id")]
    [InlineData("Links?$compute=Source/grade as g,Attestations/$count as n&$filter=n gt 3&$orderby=g,n desc&$select=id,g,n", $"select json_build_object('id', id, 'g', g, 'n', n) from (select id, (select grade from source where id = t.source_id) g, (select count(*) from attestation where link_id = t.id) n from {LinksNow} t) x where n > 3 order by g, n desc, id")]
    [InlineData("Links?$compute=Attestations/any(a:a/stage eq 'open') as everOpen&$filter=everOpen and kind ne 'bus'&$select=id", $"select json_build_object('id', id) from {LinksNow} t where kind <> 'bus' and exists (select from attestation a where a.link_id = t.id and a.stage = 'open') order by id")]
    [InlineData("Links?$compute=statedOn as 日&$orderby=日,id&$top=4&$select=id,日", $"select json_build_object('id', id, '日', stated_on) from {LinksNow} t order by stated_on nulls first, id limit 4")]
    [InlineData("Links?$compute=jietong.centroid(geometry) as c&$filter=geo.length(geometry) gt 0&$select=id,c", $"select json_build_object('id', id, 'c', ST_AsGeoJSON(ST_Centroid(geom), 7)::json) from {LinksNow} t where ST_Length(geom::geography) > 0 order by id")]
    [InlineData("Roads?$compute=jietong.buffer(geometry,20) as b,jietong.area(b) as m2&$filter=m2 lt 9000&$select=id,b,m2", "select json_build_object('id', id, 'b', ST_AsGeoJSON(ST_Buffer(geom::geography, 20)::geometry, 7)::json, 'm2', ST_Area(ST_Buffer(geom::geography, 20))) from road t where ST_Area(ST_Buffer(geom::geography, 20)) < 9000 order by id")]
    [InlineData($"Links?$compute=geo.distance(geometry,{Here}) as d&$filter=d lt 9000&$orderby=d&$select=id,d", $"select json_build_object('id', id, 'd', ST_Distance(geom::geography, {HereSql})) from {LinksNow} t where ST_Distance(geom::geography, {HereSql}) < 9000 order by ST_Distance(geom::geography, {HereSql})")]
    [InlineData("Links?$compute=length(nameZh) as x&$select=id&$filter=id eq 's1-m11'&$expand=Attestations($compute=year(heldFrom) as y,y add 1 as 次年;$filter=y lt 2023;$orderby=次年 desc;$select=id,次年)", "select json_build_object('id', 's1-m11', 'Attestations', (select json_agg(json_build_object('id', a.id, '次年', 1 + extract(year from held_from_latest)) order by extract(year from held_from_latest) desc, id) from attestation a where link_id = 's1-m11' and held_from_latest < '2023-01-01'))")]
    [InlineData("Links?$compute=length(nameZh) as x&$filter=Attestations/any(a:length(a/stage) eq $it/x)&$select=id,x", $"select json_build_object('id', id, 'x', length(name_zh)) from {LinksNow} t where exists (select from attestation a where a.link_id = t.id and length(a.stage) = length(t.name_zh)) order by id")]
    [InlineData("Links?$compute=length(nameZh) as a23456789012345678901234567890123456789012345678901234567890&$select=a23456789012345678901234567890123456789012345678901234567890&$top=1", $"select json_build_object('a23456789012345678901234567890123456789012345678901234567890', length(name_zh)) from {LinksNow} t order by id limit 1")]
    public Task What_is_computed_is_what_SQL_computes(string address, string sql) => service.Agrees(address + Time(address), sql);

    private static string Time(string address) => address.StartsWith("Links", StringComparison.Ordinal) || address.StartsWith("LinkSides", StringComparison.Ordinal) ? Days : address.StartsWith("Attestations", StringComparison.Ordinal) ? Known : "";

    [Theory]
    // one row for each combination, and one for all
    [InlineData("Links?$apply=groupby((kind))", $"select json_build_object('kind', kind) from {LinksNow} t group by kind order by kind")]
    [InlineData("Links?$apply=groupby((kind,state),aggregate($count as n))", $"select json_build_object('kind', kind, 'state', state, 'n', count(*)) from {LinksNow} t group by kind, state order by kind, state")]
    [InlineData("Attestations?$apply=groupby((Link/kind,Source/grade),aggregate($count as n))&$filter=Link/kind eq 'road' and n gt 1&$orderby=n desc,Source/grade", "select json_build_object('Link', json_build_object('kind', kind), 'Source', json_build_object('grade', grade), 'n', count(*)) from attestation a join link l on l.id = a.link_id join source s on s.id = a.source_id where kind = 'road' group by kind, grade having count(*) > 1 order by count(*) desc, grade")]
    [InlineData("Roads?$apply=aggregate(lengthMetres with sum as sum,lengthMetres with min as least,lengthMetres with max as most,lengthMetres with average as mean,class with countdistinct as classes,$count as n)", "select json_build_object('sum', sum(length_metres), 'least', min(length_metres), 'most', max(length_metres), 'mean', avg(length_metres), 'classes', count(distinct class), 'n', count(*)) from road")]
    [InlineData("Roads?$apply=aggregate(geo.length(geometry) with sum as m,geo.length(geometry) mul 2 with max as m2)", "select json_build_object('m', sum(ST_Length(geom::geography)), 'm2', max(ST_Length(geom::geography) * 2)) from road")]
    [InlineData($"Links?$apply=groupby((kind),aggregate(geo.distance(geometry,{Here}) with min as near,geo.distance(geometry,{Here}) with average as mean))&$orderby=near", $"select json_build_object('kind', kind, 'near', min(d), 'mean', avg(d)) from (select kind, ST_Distance(geom::geography, {HereSql}) d from {LinksNow} t) x group by kind order by min(d) nulls first, kind")]
    [InlineData("Links?$apply=groupby((state),aggregate(nameZh with min as first,statedOn with max as latest,Source/grade with countdistinct as grades))", $"select json_build_object('state', state, 'first', min(name_zh), 'latest', max(stated_on), 'grades', count(distinct (select grade from source where id = t.source_id))) from {LinksNow} t group by state order by state")]
    [InlineData("Links?$apply=filter(kind eq 'nothing')/aggregate($count as n,lengthMetres with sum as s)", "select json_build_object('n', 0, 's', null)")]
    [InlineData("Links?$apply=groupby((lengthMetres),aggregate($count as n))&$top=3", $"select json_build_object('lengthMetres', m, 'n', count(*)) from (select {LengthSql} m from {LinksNow} t) x group by m order by m nulls first limit 3")]
    // several steps
    [InlineData("Links?$apply=search(淀山湖)/aggregate($count as n)", $"select json_build_object('n', count(*)) from {LinksNow} t where concat_ws(' ', id, name_zh, name_en, area_zh, area_en, position_note_zh, note_zh, naming_place, array_to_string(other_names, ' '), (select string_agg(unit_zh, ' ') from (select unit_zh from link_unit u where u.link_id = t.id union select unit_zh from link_side d where d.link_id = t.id) z)) like '%淀山湖%'")]
    [InlineData($"Links?$apply=compute(geo.distance(geometry,{Here}) as d)/filter(d lt 30000)/groupby((kind),aggregate(d with average as m,$count as n))/filter(n gt 1)/compute(m div 1000 as km)&$orderby=km&$select=kind,km", $"select json_build_object('kind', kind, 'km', avg(ST_Distance(geom::geography, {HereSql})) / 1000) from {LinksNow} t where ST_Distance(geom::geography, {HereSql}) < 30000 group by kind having count(*) > 1 order by avg(ST_Distance(geom::geography, {HereSql}))")]
    [InlineData("Links?$apply=compute(length(nameZh) as 字数)/groupby((字数),aggregate($count as n))&$filter=n gt 5&$orderby=n desc,字数", $"select json_build_object('字数', length(name_zh), 'n', count(*)) from {LinksNow} t group by length(name_zh) having count(*) > 5 order by count(*) desc, length(name_zh)")]
    [InlineData("Links?$apply=groupby((kind,state),aggregate($count as n))/groupby((state),aggregate(n with max as most,kind with countdistinct as kinds))", $"select json_build_object('state', state, 'most', max(n), 'kinds', count(*)) from (select kind, state, count(*) n from {LinksNow} t group by 1, 2) x group by state order by state")]
    [InlineData("Links?$compute=n mul 2 as twice&$apply=groupby((kind),aggregate($count as n))&$filter=twice gt 20&$orderby=twice desc&$select=kind,twice", $"select json_build_object('kind', kind, 'twice', count(*) * 2) from {LinksNow} t group by kind having count(*) > 10 order by count(*) desc")]
    // pages inside
    [InlineData("Links?$apply=topcount(3,evidenceAgeDays)&$select=id", $"select json_build_object('id', id) from {LinksNow} t order by evidence_age_days desc, id limit 3")]
    [InlineData("Links?$apply=topcount(5,lengthMetres)/groupby((kind),aggregate($count as n))", $"select json_build_object('kind', kind, 'n', count(*)) from (select kind from {LinksNow} t where {LengthSql} is not null order by {LengthSql} desc, id limit 5) x group by kind order by kind")]
    [InlineData("Links?$apply=bottomcount(4,lengthMetres)&$filter=kind eq 'road'&$select=id", $"select json_build_object('id', id) from (select id, kind, {LengthSql} m from {LinksNow} t where {LengthSql} is not null order by 3, id limit 4) x where kind = 'road' order by m, id")]
    [InlineData("Links?$apply=orderby(id desc)/skip(2)/top(3)&$select=id", $"select json_build_object('id', id) from {LinksNow} t order by id desc limit 3 offset 2")]
    [InlineData("Links?$apply=orderby(id desc)/top(5)/skip(2)&$select=id", $"select json_build_object('id', id) from (select id from {LinksNow} t order by id desc limit 5) x order by id desc offset 2")]
    [InlineData("Links?$apply=orderby(id desc)/top(5)&$orderby=id&$skip=1&$top=2&$select=id", $"select json_build_object('id', id) from (select id from {LinksNow} t order by id desc limit 5) x order by id limit 2 offset 1")]
    [InlineData("Links?$apply=orderby(nameZh desc)/compute(length(nameZh) as x)/filter(x gt 12)/top(4)&$select=nameZh,x", $"select json_build_object('nameZh', name_zh, 'x', length(name_zh)) from {LinksNow} t where length(name_zh) > 12 order by name_zh desc limit 4")]
    [InlineData("Links?$apply=orderby(id desc)/top(9)/filter(kind eq 'road')/aggregate($count as n)", $"select json_build_object('n', count(*)) from (select kind from {LinksNow} t order by id desc limit 9) x where kind = 'road'")]
    [InlineData("Links?$apply=identity/identity&$top=1&$select=id", $"select json_build_object('id', id) from {LinksNow} t order by id limit 1")]
    // behind it, everything else
    [InlineData("Links?$apply=groupby((kind),aggregate($count as n))&$filter=n gt 3&$orderby=n desc&$skip=1&$top=2&$select=kind", $"select json_build_object('kind', kind) from {LinksNow} t group by kind having count(*) > 3 order by count(*) desc offset 1 limit 2")]
    [InlineData("Links('s1-m11')/Attestations?$apply=groupby((stage),aggregate($count as n))", "select json_build_object('stage', stage, 'n', count(*)) from attestation where link_id = 's1-m11' group by stage order by stage")]
    [InlineData("LinksTable?$apply=groupby((kind),aggregate(longitude with max as east))&$filter=east ne null", $"select json_build_object('kind', kind, 'east', max(ST_X(ST_PointOnSurface(geom)))) from {LinksNow} t group by kind having max(ST_X(ST_PointOnSurface(geom))) is not null order by kind")]
    public Task Groups_are_those_of_SQL(string address, string sql) => service.Agrees(address + (address.StartsWith("Links('", StringComparison.Ordinal) ? Known : Time(address)), sql);

    [Theory]
    [InlineData("Links?$apply=topcount(3,evidenceAgeDays)&$count=true&$top=1", 3)]
    [InlineData("Links?$apply=groupby((kind),aggregate($count as n))&$count=true&$filter=n gt 3&$top=1", 5)]
    [InlineData("Links?$apply=aggregate($count as n)&$count=true", 1)]
    public async Task The_count_is_of_what_was_made(string address, int count)
    {
        var answer = await service.Ask(address + Days);
        Assert.Equal((count, 1), (answer.GetProperty("@odata.count").GetInt32(), answer.GetProperty("value").GetArrayLength()));
        Assert.Equal($"{count}", await service.Http.GetStringAsync("/odata/" + Encoded(address.Replace("Links?", "Links/$count?", StringComparison.Ordinal).Replace("&$count=true", "", StringComparison.Ordinal).Replace("&$top=1", "", StringComparison.Ordinal) + Days)));
    }

    [Theory]
    [InlineData("Links?$apply=groupby((lengthMetres),aggregate($count as n))", 3)]                       // the first key is null
    [InlineData("Links?$apply=groupby((laterEvidence,kind))&$orderby=laterEvidence desc", 4)]             // nulls last, then the other key
    [InlineData("Attestations?$apply=groupby((Link/kind,Source/grade),aggregate($count as n))&$orderby=n desc", 5)]
    [InlineData("Links?$compute=geo.length(geometry) as m&$orderby=m desc&$select=id,m", 20)]
    [InlineData("Links?$apply=orderby(kind desc)/top(20)&$select=id,kind", 7)]
    [InlineData("Links?$apply=aggregate($count as n)", 1)]
    public async Task Pages_of_groups_together_are_all_groups(string address, int size)
    {
        var whole = Lines(await service.Ask(address + Time(address)));
        var pages = new List<string>();
        for (var next = "/odata/" + Encoded(address + Time(address)); next is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next) { Headers = { { "Prefer", $"maxpagesize={size}" } } };
            using var response = await service.Http.SendAsync(request);
            var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.True(response.IsSuccessStatusCode, page.ToString());
            Assert.InRange(page.GetProperty("value").GetArrayLength(), 1, size);
            pages.AddRange(Lines(page));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }
        Assert.Equal(whole, pages);
    }

    [Theory]
    [InlineData("$apply=concat(identity,aggregate($count as n))", "concat")]
    [InlineData("$apply=expand(Sides,filter(side eq 'a'))", "expand")]
    [InlineData("$apply=groupby((rollup(kind,nature)),aggregate($count as n))", "rollup")]
    [InlineData("$apply=topsum(5,lengthMetres)", "topsum")]
    [InlineData("$apply=toppercent(5,lengthMetres)", "toppercent")]
    [InlineData("$apply=bottomsum(5,lengthMetres)", "bottomsum")]
    [InlineData("$apply=groupby((kind),topcount(1,id))", "groupby")]
    [InlineData("$apply=aggregate(Attestations(stage with max as m))", "Attestations")]
    [InlineData("$apply=groupby((kind),aggregate(Attestations/$count as n))", "related rows")]
    [InlineData("$apply=aggregate(lengthMetres with Custom.median as m)", "Custom.median")]
    [InlineData("$compute=null as x", "null")]
    [InlineData("$apply=groupby((Source/grade))&$select=Source/grade", "$select")]
    public async Task What_is_not_supported_is_named(string options, string named) => Assert.Contains(named, (await service.Refuse("Links?" + options)).Refusal(501), StringComparison.Ordinal);

    [Theory]
    [InlineData("$compute=length(nameZh) as kind", "kind is there already")]
    [InlineData("$compute=length(nameZh) as Sides", "Sides is there already")]
    [InlineData("$compute=length(nameZh) as x,length(id) as x", "x is there already")]
    [InlineData("$compute=length(nameZh) as a234567890123456789012345678901234567890123456789012345678901", "60 bytes")]
    [InlineData("$compute=length(nameZh) as 长长长长长长长长长长长长长长长长长长长长长", "60 bytes")]
    [InlineData("$compute=length(nameZh)", "$compute")]
    [InlineData("$compute=length(nameZh) as x y", "$compute")]
    [InlineData("$compute=length(nameZh) as \"x\"", "$compute")]
    [InlineData("$compute=nothing as x", "nothing")]
    [InlineData("$compute=y as x,length(id) as y", "'y'")]
    [InlineData("$compute=length(nameZh) as x,x div 0 as y", "division by zero")]
    [InlineData("$apply=groupby((kind),aggregate($count as n))&$filter=nature eq 'missing'", "nature")]
    [InlineData("$apply=groupby((kind),aggregate($count as n))&$expand=Sides", "no relations")]
    [InlineData("$apply=groupby((kind),aggregate($count as kind))", "kind names two things")]
    [InlineData("$apply=aggregate(nameZh with sum as s)", "no numbers")]
    [InlineData("$apply=aggregate(broken with max as s)", "max(boolean)")]
    [InlineData("$apply=aggregate(nothing with max as s)", "nothing")]
    [InlineData("$apply=aggregate(lengthMetres with max)", "$apply")]
    [InlineData("$apply=aggregate()", "$apply")]
    [InlineData("$apply=groupby(kind)", "$apply")]
    [InlineData("$apply=groupby(())", "$apply")]
    [InlineData("$apply=groupby((otherNames))", "otherNames")]
    [InlineData("$apply=nonsense(3)", "nonsense")]
    [InlineData("$apply=filter", "filter")]
    [InlineData("$apply=filter(kind eq 'road'", "never closed")]
    [InlineData("$apply=filter(kind eq 'road'))", "closes nothing")]
    [InlineData("$apply=/", "$apply")]
    [InlineData("$apply=identity//identity", "$apply")]
    [InlineData("$apply=top(-1)", "-1")]
    [InlineData("$apply=skip(many)", "many")]
    [InlineData("$apply=topcount(3)", "topcount")]
    [InlineData("$apply=topcount(3,evidenceAgeDays desc)", "topcount")]
    [InlineData("$apply=groupby((length(kind)))", "$apply")]
    public async Task What_is_wrong_is_named(string options, string named) => Assert.Contains(named, (await service.Refuse("Links?" + options)).Refusal(400), StringComparison.Ordinal);

    /// <summary>Thirty names, each of the one before twice: 2³⁰ parts, were each name written out.</summary>
    [Fact]
    public async Task Names_of_names_do_not_grow_beyond_what_an_expression_may_have()
    {
        static string Doubling(int times) => "$compute=concat(id,id) as a1" + string.Concat(Enumerable.Range(1, times - 1).Select(i => $",concat(a{i},a{i}) as a{i + 1}"));
        Assert.Contains("parts", (await service.Refuse($"Links?{Doubling(30)}&$filter=length(a30) gt 5")).Refusal(400), StringComparison.Ordinal);
        Assert.Equal(64 * "s1-m11".Length, (await service.Ask($"Links('s1-m11')?{Doubling(6)}&$select=a6")).GetProperty("a6").GetString()!.Length);
    }
}
