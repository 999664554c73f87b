using System.Text.Json;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>Related rows, inside their row and at addresses of their own: every option at every level, each against SQL.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataExpandTests(ShippedService service)
{
    [Theory]
    // two levels
    [InlineData("Links?$filter=kind eq 'metro'&$select=id&$expand=Attestations($filter=stage ne 'open';$orderby=heldFrom desc,id;$skip=1;$top=2;$count=true;$select=id)",
        $"select json_build_object('id', t.id, 'Attestations@odata.count', (select count(*) from attestation a where a.link_id = t.id and stage <> 'open'), 'Attestations', (select coalesce(json_agg(json_build_object('id', id) order by held_from_latest desc, id), '[]') from (select * from attestation a where a.link_id = t.id and stage <> 'open' order by held_from_latest desc, id limit 2 offset 1) x)) from {LinksNow} t where kind = 'metro' order by t.id")]
    [InlineData("Links?$filter=kind eq 'road'&$top=5&$select=id&$expand=Sides($filter=Jurisdiction/nameZh eq '昆山市';$select=adcode),Source($select=grade)",
        $"select json_build_object('id', t.id, 'Sides', (select coalesce(json_agg(json_build_object('adcode', adcode) order by id), '[]') from link_side s where s.link_id = t.id and adcode = '320583'), 'Source', (select json_build_object('grade', grade) from source where id = t.source_id)) from {LinksNow} t where kind = 'road' order by t.id limit 5")]
    [InlineData("Links?$top=6&$select=id&$expand=Attestations($search=通车;$select=id)",
        $"select json_build_object('id', t.id, 'Attestations', (select coalesce(json_agg(json_build_object('id', id) order by id), '[]') from attestation a where a.link_id = t.id and lower(concat_ws(' ', id, link_id, side, stage, held_from_precision, held_from, basis, premises_zh, premises_en, source_id, place, supersedes, note_zh, note_en)) like '%通车%')) from {LinksNow} t order by t.id limit 6")]
    [InlineData("Links?$filter=id eq 's1-m11'&$select=id&$expand=Attestations/$count,Sides/$count($filter=side eq 'a')",
        "select json_build_object('id', 's1-m11', 'Attestations@odata.count', (select count(*) from attestation where link_id = 's1-m11'), 'Sides@odata.count', 1)")]
    [InlineData("Jurisdictions?$filter=LinkSides/$count gt 20&$select=nameZh&$expand=LinkSides($orderby=id desc;$top=1;$select=id)",
        "select json_build_object('nameZh', name_zh, 'LinkSides', (select json_agg(json_build_object('id', x.id)) from (select id from link_side s where s.adcode = j.adcode order by id desc limit 1) x)) from jurisdiction j where (select count(*) from link_side s where s.adcode = j.adcode) > 20 order by adcode")]
    // three levels, with options on each
    [InlineData("Links?$filter=kind eq 'metro'&$select=id&$expand=Attestations($orderby=id desc;$top=1;$select=id;$expand=Source($select=id;$expand=Attestations($count=true;$filter=stage eq 'open';$orderby=id;$top=1;$select=id)))",
        $"select json_build_object('id', t.id, 'Attestations', (select json_agg(json_build_object('id', x.id, 'Source', json_build_object('id', x.source_id, 'Attestations@odata.count', (select count(*) from attestation b where b.source_id = x.source_id and stage = 'open'), 'Attestations', (select coalesce(json_agg(json_build_object('id', id)), '[]') from (select id from attestation b where b.source_id = x.source_id and stage = 'open' order by id limit 1) y)))) from (select * from attestation a where a.link_id = t.id order by id desc limit 1) x)) from {LinksNow} t where kind = 'metro' order by t.id")]
    [InlineData("LinkSides?$filter=id eq 's1-m11-a'&$select=id&$expand=Link($select=id;$expand=Sides($select=side;$orderby=side desc;$expand=Jurisdiction($select=nameEn)))",
        $"select json_build_object('id', 's1-m11-a', 'Link', json_build_object('id', 's1-m11', 'Sides', json_agg(json_build_object('side', side, 'Jurisdiction', json_build_object('nameEn', name_en)) order by side desc))) from link_side s join jurisdiction j using (adcode) where link_id = 's1-m11'")]
    public Task Related_rows_are_those_of_SQL(string address, string sql) => service.Agrees(address + Days, sql);

    [Fact]
    public async Task References_are_addresses_that_answer()
    {
        var link = await service.Ask("Links('s1-m11')?$select=id&$expand=Attestations/$ref,Source/$ref" + Days);
        var ids = link.GetProperty("Attestations").EnumerateArray().Select(a => a.GetProperty("@odata.id").GetString()!).ToList();
        Assert.Equal(await service.Database.Column("select id from attestation where link_id = 's1-m11' order by id"), (await Task.WhenAll(ids.Select(i => service.Json(i)))).Select(a => a.GetProperty("id").GetString()!));
        Assert.Equal(["@odata.id"], link.GetProperty("Source").EnumerateObject().Select(p => p.Name));
        Assert.Equal(ids, (await service.Ask("Links('s1-m11')/Attestations/$ref")).GetProperty("value").EnumerateArray().Select(a => a.GetProperty("@odata.id").GetString()!));
        Assert.Equal($"{service.Http.BaseAddress}odata/Links('s1-m11')", (await service.Ask("LinkSides('s1-m11-a')/Link/$ref")).GetProperty("@odata.id").GetString());
        Assert.Equal(3, (await service.Ask("Links/$ref?$top=3&$orderby=nameZh")).GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task A_star_expands_all_relations()
    {
        var link = await service.Ask("Links('s1-m11')?$select=id&$expand=*" + Days);
        Assert.Equal(["@odata.context", "id", "Sides", "Attestations", "Targets", "DesignValues", "Units", "PositionSources", "Source", "NamingSource"], link.EnumerateObject().Select(p => p.Name));
        Assert.Equal(2, link.GetProperty("Sides").GetArrayLength());
        Assert.Equal(JsonValueKind.Object, link.GetProperty("NamingSource").ValueKind);
    }

    [Theory]
    [InlineData("Links?$expand=Source($expand=Attestations($expand=Link($expand=Sides($expand=Jurisdiction))))", 400, "deeper than 4")]
    [InlineData("Links?$expand=Attestations($expand=*),Sides($expand=*),Targets($expand=*),DesignValues($expand=*),Units($expand=*),Source($expand=*($expand=*($expand=*)))", 400, "more than 24")]
    [InlineData("Links?$expand=Source($filter=grade eq 'GOV')", 400, "one row")]
    [InlineData("Links?$expand=Source($orderby=grade)", 400, "one row")]
    [InlineData("Links?$expand=Source($top=1)", 400, "one row")]
    [InlineData("Links?$expand=Source($skip=1)", 400, "one row")]
    [InlineData("Links?$expand=Source($count=true)", 400, "one row")]
    [InlineData("Links?$expand=Source/$count", 400, "one row")]
    [InlineData("Links?$expand=Source($search=GOV)", 400, "one row")]
    [InlineData("Links?$expand=Attestations($levels=2)", 501, "$levels")]
    [InlineData("Links?$levels=2", 501, "$levels")]
    [InlineData("Links?$expand=Attestations($apply=aggregate($count as n))", 501, "$apply")]
    [InlineData("Links?$expand=Attestations($skiptoken=x)", 501, "$skiptoken")]
    [InlineData("Links?$expand=Attestations($format=json)", 501, "$format")]
    [InlineData("Links?$expand=Attestations/Source", 501, "Attestations/Source")]
    [InlineData("Links?$expand=Attestations($top=1;$top=2)", 400, "twice")]
    [InlineData("Links?$expand=Attestations($top=1;top=2)", 400, "twice")]
    [InlineData("Links?$expand=Attestations,Attestations", 400, "twice")]
    [InlineData("Links?$expand=*,Attestations", 400, "twice")]
    [InlineData("Links?$expand=Attestations($nothing=1)", 400, "$nothing")]
    [InlineData("Links?$expand=Attestations($top)", 400, "$top")]
    [InlineData("Links?$expand=Attestations($top=-1)", 400, "-1")]
    [InlineData("Links?$expand=Attestations($filter=nothing eq 1)", 400, "nothing")]
    [InlineData("Links?$expand=Attestations(", 400, "never closed")]
    [InlineData("Links?$expand=Attestations)", 400, "closes nothing")]
    [InlineData("Links?$expand=Attestations($filter=stage eq 'x)", 400, "never closed")]
    [InlineData("Links?$expand=Attestations,,Sides", 400, "missing")]
    [InlineData("Links?$expand=Nothing", 400, "Attestations")]
    [InlineData("Links?$expand=kind", 400, "navigation property")]
    [InlineData("Units?$expand=Link($expand=Sides),Link", 400, "twice")]
    [InlineData("LinksTable?$expand=Sides", 400, "no relations")]
    public async Task What_cannot_be_expanded_is_refused_by_name(string address, int status, string named) => Assert.Contains(named, (await service.Refuse(address)).Refusal(status), StringComparison.Ordinal);

    [Theory]
    [InlineData("Links('s1-m11')/Attestations?$filter=stage ne 'open'&$orderby=heldFrom desc,id&$skip=1&$top=2&$select=id", "select json_build_object('id', id) from attestation where link_id = 's1-m11' and stage <> 'open' order by held_from_latest desc, id limit 2 offset 1")]
    [InlineData("Links('s1-m11')/Attestations?$compute=year(heldFrom) as y&$filter=y eq 2023&$select=id,y", "select json_build_object('id', id, 'y', 2023) from attestation where link_id = 's1-m11' and held_from_latest between '2023-01-01' and '2023-12-31' order by id")]
    [InlineData("Links('s1-m11')/Attestations?$search=shine&$select=id", "select json_build_object('id', id) from attestation where link_id = 's1-m11' and concat_ws(' ', id, source_id, place, note_zh, note_en) ilike '%shine%' order by id")]
    [InlineData("Links('s1-m11')/Attestations?$select=id&$expand=Source($select=grade)", "select json_build_object('id', a.id, 'Source', json_build_object('grade', s.grade)) from attestation a join source s on s.id = a.source_id where link_id = 's1-m11' order by a.id")]
    [InlineData("LinkSides('s1-m11-a')/Jurisdiction/LinkSides?$select=id&$top=4", "select json_build_object('id', id) from link_side where adcode = '320583' order by id limit 4")]
    [InlineData("LinkSides('s1-m11-a')/Jurisdiction/LinkSides('s1-m11-a')/Link/Attestations?$select=id&$filter=Source/grade eq 'GOV'", "select json_build_object('id', a.id) from attestation a join source s on s.id = a.source_id where link_id = 's1-m11' and grade = 'GOV' order by a.id")]
    [InlineData("Sources('kunshan-plan-2018')/Attestations?$filter=Link/kind eq 'brt'&$select=id", "select json_build_object('id', a.id) from attestation a join link l on l.id = a.link_id where a.source_id = 'kunshan-plan-2018' and l.kind = 'brt' order by a.id")]
    public Task Addresses_of_related_rows_take_every_option(string address, string sql) => service.Agrees(address + Known, sql);

    [Fact]
    public async Task Related_rows_come_in_pages()
    {
        var ids = new List<string>();
        for (var next = "/odata/Links('s1-m11')/Attestations?$select=id&$orderby=heldFrom%20desc"; next is not null;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next) { Headers = { { "Prefer", "odata.maxpagesize=2" } } };
            using var response = await service.Http.SendAsync(request);
            var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            ids.AddRange(page.GetProperty("value").EnumerateArray().Select(a => a.GetProperty("id").GetString()!));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }
        Assert.Equal(await service.Database.Column("select id from attestation where link_id = 's1-m11' order by held_from_latest desc, id"), ids);
        Assert.True(ids.Count > 4);
    }

    [Theory]
    [InlineData("Links('nothing')/Attestations", 404)]
    [InlineData("Links('nothing')/Attestations/$count", 404)]
    [InlineData("Links('nothing')/Attestations/$ref", 404)]
    [InlineData("Links('s1-m11')/Attestations('nothing')", 404)]
    [InlineData("Links('s1-m11')/Attestations('nothing')/Source", 404)]
    [InlineData("Links('s1-m11')/Attestations('bailu-south-1')", 404)]     // of another link
    [InlineData("LinkSides('nothing')/Jurisdiction/LinkSides", 404)]
    [InlineData("Links('s1-m11')/Nothing", 404)]
    [InlineData("Links/Attestations", 404)]
    [InlineData("Links('s1-m11')/Sides/Jurisdiction", 400)]
    [InlineData("Links('s1-m11')/Source?$filter=grade eq 'GOV'&$top=1", 400)]
    [InlineData("Links('s1-m11')?$orderby=id", 400)]
    [InlineData("Links('s1-m11')?$count=true", 400)]
    [InlineData("Links('s1-m11')?$apply=aggregate($count as n)", 400)]
    [InlineData("Links('s1-m11')/kind?$select=id", 400)]
    [InlineData("Links/$count/$count", 400)]
    public async Task What_is_not_there_is_404_and_what_makes_no_sense_400(string address, int status)
    {
        var refused = await service.Refuse(address);
        Assert.True(refused.Status == status || (status == 400 && refused.Status is 404 or 501), $"{address}: {refused.Status} {refused.Body}");
    }

    [Theory]
    [InlineData("Roads('g2-01')/Link")]
    [InlineData("Roads('g2-01')/Link/$ref")]
    [InlineData("LinkSides('s1-m11-b')/townZh")]
    public async Task What_leads_nowhere_is_204(string address)
    {
        using var answer = await service.Http.GetAsync("/odata/" + address);
        Assert.Equal((204, ""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_list_of_nothing_is_empty_and_counts_zero()
    {
        Assert.Empty((await service.Ask("Links('s1-m11')/Targets?$filter=id eq 'nothing'")).GetProperty("value").EnumerateArray());
        Assert.Equal("0", await service.Http.GetStringAsync("/odata/Links('s1-m11')/Attestations/$count?$filter=id%20eq%20'x'"));
    }
}
