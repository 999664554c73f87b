using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>The two days wherever rows depend on them: in sets, paths, lambdas, counts, groups and rows inside rows, each against SQL of those days.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataTimeTests(ShippedService service)
{
    /// <summary>A question, and the same in SQL with {0} for the day asked about and {1} for the day by which things were known.</summary>
    private static readonly (string Address, string Sql)[] Questions =
    [
        ("Links?$select=id,state,since,stage,broken,laterEvidence,asOf,knownBy", "select json_build_object('id', id, 'state', state, 'since', since, 'stage', stage, 'broken', broken, 'laterEvidence', later_evidence, 'asOf', as_of_day, 'knownBy', known_by_day) from link_as_of('{0}', '{1}') order by id"),
        ("Links?$filter=broken&$orderby=evidenceAgeDays desc&$top=9&$select=id,evidenceAgeDays", "select json_build_object('id', id, 'evidenceAgeDays', evidence_age_days) from link_as_of('{0}', '{1}') where broken order by evidence_age_days desc, id limit 9"),
        ("LinkSides?$filter=stage ne null&$select=id,stage,attestedOn", "select json_build_object('id', id, 'stage', stage, 'attestedOn', attested_on) from link_side_as_of('{0}', '{1}') where stage is not null order by id"),
        ("Targets?$select=id,overdue,metOn", "select json_build_object('id', id, 'overdue', overdue, 'metOn', met_on) from target_as_of('{0}', '{1}') order by id"),
        ("Units?$filter=Link/broken&$select=id&$top=20", "select json_build_object('id', u.link_id || '-' || role || '-' || unit_zh || '-' || u.source_id || '-' || place) from link_unit u join link_as_of('{0}', '{1}') l on l.id = u.link_id where l.broken order by u.link_id || '-' || role || '-' || unit_zh || '-' || u.source_id || '-' || place limit 20"),
        ("Attestations?$filter=Link/state eq 'open'&$select=id&$orderby=Link/since,id", "select json_build_object('id', a.id) from attestation_published('{1}') a join link_as_of('{0}', '{1}') l on l.id = a.link_id where l.state = 'open' order by l.since, a.id"),
        ("Attestations?$top=8&$select=id&$expand=Link($select=state;$expand=Sides($select=stage;$orderby=side desc))", "select json_build_object('id', a.id, 'Link', (select json_build_object('state', l.state, 'Sides', (select json_agg(json_build_object('stage', s.stage) order by side desc) from link_side_as_of('{0}', '{1}') s where s.link_id = l.id)) from link_as_of('{0}', '{1}') l where l.id = a.link_id)) from attestation_published('{1}') a order by a.id limit 8"),
        ("Links?$filter=Sides/any(s:s/stage eq 'open') or Targets/any(t:t/overdue)&$select=id", "select json_build_object('id', id) from link_as_of('{0}', '{1}') l where exists (select from link_side_as_of('{0}', '{1}') s where s.link_id = l.id and s.stage = 'open') or exists (select from target_as_of('{0}', '{1}') t where t.link_id = l.id and t.overdue) order by id"),
        ("Links?$filter=Attestations/$count gt 1&$compute=Attestations/$count as n&$select=id,n", "select json_build_object('id', id, 'n', n) from (select id, (select count(*) from attestation_published('{1}') a where a.link_id = l.id) n from link_as_of('{0}', '{1}') l) x where n > 1 order by id"),
        ("Links?$apply=groupby((kind,state),aggregate($count as n))", "select json_build_object('kind', kind, 'state', state, 'n', count(*)) from link_as_of('{0}', '{1}') group by kind, state order by kind, state"),
        ("Attestations?$apply=groupby((Link/state),aggregate(linkId with countdistinct as links))", "select json_build_object('Link', json_build_object('state', l.state), 'links', count(distinct a.link_id)) from attestation_published('{1}') a left join link_as_of('{0}', '{1}') l on l.id = a.link_id group by l.state order by l.state nulls first"),
        ("Links?$apply=filter(broken)/topcount(5,evidenceAgeDays)/compute(length(nameZh) as x)/aggregate(x with sum as s,$count as n)", "select json_build_object('s', sum(length(name_zh)), 'n', count(*)) from (select name_zh from link_as_of('{0}', '{1}') where broken order by evidence_age_days desc, id limit 5) x"),
        ("Jurisdictions?$filter=LinkSides/any(s:s/Link/state eq 'unverified' or s/Link/state eq 'not_open')&$select=adcode&$expand=LinkSides($filter=Link/broken;$select=id;$top=3;$count=true)", "select json_build_object('adcode', adcode, 'LinkSides@odata.count', (select count(*) from link_side s join link_as_of('{0}', '{1}') l on l.id = s.link_id where s.adcode = j.adcode and l.broken), 'LinkSides', (select coalesce(json_agg(json_build_object('id', id)), '[]') from (select s.id from link_side s join link_as_of('{0}', '{1}') l on l.id = s.link_id where s.adcode = j.adcode and l.broken order by s.id limit 3) x)) from jurisdiction j where exists (select from link_side s join link_as_of('{0}', '{1}') l on l.id = s.link_id where s.adcode = j.adcode and l.state in ('unverified', 'not_open')) order by adcode"),
        ("References?$filter=Link/state ne null&$select=item,list&$orderby=Link/evidenceAgeDays desc,list,item&$top=9", "select json_build_object('item', item, 'list', list_id) from link_reference r join link_as_of('{0}', '{1}') l on l.id = r.link_id order by evidence_age_days desc, list_id, item limit 9"),
        ("LinksTable?$filter=state eq 'open'&$select=id,since", "select json_build_object('id', id, 'since', since) from link_as_of('{0}', '{1}') where state = 'open' order by id"),
    ];

    public static TheoryData<string, string> DaysAsked => new()
    {
        { "2018-06-29", "2018-06-29" }, { "2019-12-31", "2026-11-22" }, { "2023-12-03", "2023-11-30" }, { "2026-11-22", "2020-01-01" }, { "2026-11-22", "2026-11-22" },
    };

    [Theory]
    [MemberData(nameof(DaysAsked))]
    public async Task Every_row_is_of_the_days_that_are_asked_about(string asOf, string knownBy)
    {
        var found = 0;
        foreach (var (address, sql) in Questions)
        {
            var expected = await service.Database.Lines(sql.Replace("{0}", asOf, StringComparison.Ordinal).Replace("{1}", knownBy, StringComparison.Ordinal));
            found += expected.Count;
            Assert.Equal(expected.Prepend(address), Lines(await service.Ask($"{address}&asOf={asOf}&knownBy={knownBy}")).Prepend(address));
        }
        Assert.True(found > 100);
    }

    [Theory]
    [InlineData("Links?$select=id,state", "Links/AsOf(asOf=2019-12-31,knownBy=2021-01-01)?$select=id,state")]
    [InlineData("Links?$filter=broken&$select=id&$expand=Sides($select=stage)", "Broken(asOf=2019-12-31,knownBy=2021-01-01)?$select=id&$expand=Sides($select=stage)")]
    [InlineData("LinkSides?$select=id,stage", "LinkSides/AsOf(asOf=2019-12-31,knownBy=2021-01-01)?$select=id,stage")]
    [InlineData("Targets?$apply=groupby((overdue),aggregate($count as n))", "Targets/AsOf(asOf=2019-12-31,knownBy=2021-01-01)?$apply=groupby((overdue),aggregate($count as n))")]
    public async Task Days_in_the_path_are_days_among_the_options(string options, string path) => Assert.Equal(Lines(await service.Ask(options + "&asOf=2019-12-31&knownBy=2021-01-01")), Lines(await service.Ask(path)));

    [Theory]
    [InlineData("Jurisdictions?asOf=2019-01-01", "asOf")]
    [InlineData("Attestations?asOf=2019-01-01", "asOf")]
    [InlineData("Places?knownBy=2019-01-01", "knownBy")]
    [InlineData("Units?$apply=groupby((role))&asOf=2019-01-01", "asOf")]
    public async Task A_day_that_decides_nothing_is_refused(string address, string named) => Assert.Contains($"does not depend on {named}", (await service.Refuse(address)).Refusal(400), StringComparison.Ordinal);
}
