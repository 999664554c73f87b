using System.Text.Json;
using Xunit;
using static Jietong.Services.Tests.Asking;

namespace Jietong.Services.Tests;

/// <summary>How much an answer says of itself, which sets of words a value has, and the other addresses: plain tables, changes, entities by their id.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataFormatTests(ShippedService service)
{
    private const string Nested = "Links('s1-m11')?$select=id,statedOn,geometry,evidenceAgeDays,otherNames,references&$expand=Attestations($top=1;$count=true;$select=heldFrom,recordedAt;$expand=Source($select=grade))" + Days;

    private async Task<(int Status, string? Type, string Version, JsonElement Body)> Get(string address, string? accept = null, string? most = null, string? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/" + Encoded(address));
        foreach (var (name, value) in new[] { ("Accept", accept), ("OData-MaxVersion", most), ("OData-Version", version) })
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await service.Http.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), response.Headers.GetValues("OData-Version").Single(), JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static List<string> Annotations(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => [.. e.EnumerateObject().SelectMany(p => (p.Name.Contains("@odata", StringComparison.Ordinal) ? [p.Name] : Array.Empty<string>()).Concat(Annotations(p.Value)))],
        JsonValueKind.Array => [.. e.EnumerateArray().SelectMany(Annotations)],
        _ => [],
    };

    private static string Stripped(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', e.EnumerateObject().Where(p => !p.Name.Contains("@odata", StringComparison.Ordinal)).Select(p => $"{p.Name}:{Stripped(p.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', e.EnumerateArray().Select(Stripped)) + "]",
        _ => e.GetRawText(),
    };

    [Fact]
    public async Task The_levels_of_metadata_differ_in_annotations_only()
    {
        var (none, minimal, full) = (await Get(Nested, "application/json;odata.metadata=none"), await Get(Nested), await Get(Nested, "application/json;odata.metadata=full"));
        Assert.Equal(["none", "minimal", "full"], new[] { none, minimal, full }.Select(a => a.Type!.Split("odata.metadata=")[1].Split(';')[0]));
        Assert.Equal(Stripped(minimal.Body), Stripped(none.Body));
        Assert.Equal(Stripped(minimal.Body), Stripped(full.Body));
        Assert.Equal(["Attestations@odata.count"], Annotations(none.Body));
        Assert.Equal(["@odata.context", "Attestations@odata.count"], Annotations(minimal.Body));
        Assert.Equal("#Jietong.Link", full.Body.GetProperty("@odata.type").GetString());
        Assert.Equal(["statedOn #Date", "geometry #Geography", "evidenceAgeDays #Int32", "otherNames #Collection(String)", "references #Collection(Jietong.Link_references)"],
            full.Body.EnumerateObject().Where(p => p.Name.EndsWith("@odata.type", StringComparison.Ordinal) && p.Name[0] != '@').Select(p => $"{p.Name[..^11]} {p.Value}"));
        Assert.EndsWith("/odata/Links('s1-m11')/Sides", full.Body.GetProperty("Sides@odata.navigationLink").GetString(), StringComparison.Ordinal);
        Assert.False(full.Body.TryGetProperty("Attestations@odata.navigationLink", out _));   // they are there
    }

    [Fact]
    public async Task Addresses_in_full_metadata_lead_to_what_they_name_in_nested_rows_too()
    {
        var full = (await Get("Links('s1-m11')?$select=id&$expand=Attestations($select=id,heldFrom;$expand=Source($select=id))" + Days, "application/json;odata.metadata=full")).Body;
        Assert.Equal("s1-m11", (await service.Json(full.GetProperty("@odata.id").GetString()!)).GetProperty("id").GetString());
        foreach (var nested in full.GetProperty("Attestations").EnumerateArray())
        {
            Assert.Equal(("#Jietong.Attestation", "#Date"), (nested.GetProperty("@odata.type").GetString(), nested.GetProperty("heldFrom@odata.type").GetString()));
            Assert.Equal(nested.GetProperty("id").GetString(), (await service.Json(nested.GetProperty("@odata.id").GetString()!)).GetProperty("id").GetString());
            Assert.Equal("s1-m11", (await service.Json(nested.GetProperty("Link@odata.navigationLink").GetString()!)).GetProperty("id").GetString());
            Assert.Equal("#Jietong.Source", nested.GetProperty("Source").GetProperty("@odata.type").GetString());
        }
    }

    [Theory]
    [InlineData("Links?$top=1&$format=json", null, "minimal")]
    [InlineData("Links?$top=1&$format=application/json;odata.metadata=full", "application/json;odata.metadata=none", "full")]   // the address decides
    [InlineData("Links?$top=1&format=application/json;metadata=none", null, "none")]
    [InlineData("Links?$top=1", "*/*", "minimal")]
    [InlineData("Links?$top=1", "text/html, application/xhtml+xml, */*;q=0.8", "minimal")]
    [InlineData("Links?$top=1", "application/json;odata.metadata=none;q=0.5, application/json;odata.metadata=full", "full")]
    [InlineData("Links?$top=1", "application/xml, application/json;q=0.1", "minimal")]
    public async Task What_the_client_accepts_decides(string address, string? accept, string level) => Assert.Contains($"odata.metadata={level}", (await Get(address, accept)).Type, StringComparison.Ordinal);

    [Theory]
    [InlineData("Links?$top=1", "application/xml", 406)]
    [InlineData("Links?$top=1", "application/atom+xml;q=1, image/png", 406)]
    [InlineData("Links?$top=1", "application/json;odata.metadata=some", 406)]
    [InlineData("Links?$top=1", "application/json;q=0", 406)]
    [InlineData("Links?$top=1", "';drop table link;--", 406)]
    [InlineData("Links?$top=1&$format=atom", null, 501)]
    public async Task What_cannot_be_written_is_refused(string address, string? accept, int status)
    {
        var answer = await Get(address, accept);
        (answer.Status, answer.Type?.Split(';')[0], answer.Body).Refusal(status);
    }

    [Theory]
    [InlineData(null, null, 200, "4.0")]
    [InlineData("4.0", null, 200, "4.0")]
    [InlineData("4.01", "4.0", 200, "4.01")]
    [InlineData("5.0", "4.01", 200, "4.01")]
    [InlineData("3.0", null, 400, "4.0")]
    [InlineData(null, "3.0", 400, "4.0")]
    [InlineData(null, "9", 400, "4.0")]
    [InlineData("x", null, 400, "4.0")]
    [InlineData(null, "-1", 400, "4.0")]
    public async Task The_version_is_the_one_that_both_speak(string? most, string? version, int status, string answered)
    {
        var answer = await Get("Links?$top=1", null, most, version);
        Assert.Equal((status, answered), (answer.Status, answer.Version));
    }

    private const string Grades = "(select array_agg(distinct s.grade) from attestation a join source s on s.id = a.source_id where a.link_id = t.id)::text[]";

    [Theory]
    [InlineData("grades has 'GOV'", $"'GOV' = any({Grades})")]
    [InlineData("grades has Jietong.Grades'GOV,SEC'", $"array['GOV', 'SEC'] <@ {Grades}")]
    [InlineData("grades has Jietong.Grades'SEC' and not (grades has Jietong.Grades'GOV')", $"'SEC' = any({Grades}) and not 'GOV' = any({Grades})")]
    [InlineData("grades eq 'GOV'", $"array['GOV'] = {Grades}")]
    [InlineData("grades ne Jietong.Grades'GOV'", $"array['GOV'] <> {Grades}")]
    [InlineData("grades has Jietong.Grades'3'", $"array['GOV', 'STATE'] <@ {Grades}")]
    public async Task Has_asks_for_words_of_a_set(string filter, string sql)
    {
        var ids = await service.Database.Column($"select id from {LinksNow} t where {sql} order by id");
        Assert.InRange(ids.Count, 1, 89);
        Assert.Equal(ids, (await service.Ask($"Links?$filter={filter}&$select=id" + Days)).GetProperty("value").EnumerateArray().Select(l => l.GetProperty("id").GetString()!));
        Assert.Equal(90 - ids.Count, int.Parse(await service.Http.GetStringAsync($"/odata/Links/$count?$filter={Uri.EscapeDataString($"not ({filter})")}{Days}"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("grades has 'MOON'")]
    [InlineData("grades has 'GOV'' or true --'")]
    [InlineData("grades gt 'GOV'")]
    [InlineData("kind has 'GOV'")]
    public async Task A_word_that_is_none_of_the_set_is_refused(string filter) => (await service.Refuse($"Links?$filter={filter}")).Refusal(400);

    [Fact]
    public async Task Plain_tables_hold_the_same_rows_in_plain_values()
    {
        await service.Agrees("LinksTable?$filter=kind eq 'metro'&$select=id,otherNames,units,grades,longitude,latitude&$orderby=nameZh" + Days,
            $"""
            select json_build_object('id', id, 'otherNames', array_to_string(other_names, '；'), 'units', coalesce((select string_agg(unit_zh, '；' order by lead desc, unit_zh) from (select unit_zh, bool_or(lead) as lead from
              (select unit_zh, role = 'lead' as lead from link_unit u where u.link_id = t.id union all select unit_zh, false from link_side d where d.link_id = t.id and unit_zh is not null) y group by 1) z), ''),
              'grades', (select string_agg(g, ',' order by grade_rank(g)) from unnest({Grades}) g), 'longitude', ST_X(ST_PointOnSurface(geom)), 'latitude', ST_Y(ST_PointOnSurface(geom))) from {LinksNow} t where kind = 'metro' order by name_zh
            """);
        foreach (var table in (await service.Json("/odata/")).GetProperty("value").EnumerateArray().Select(s => s.GetProperty("name").GetString()!).Where(n => n.EndsWith("Table", StringComparison.Ordinal) && !n.Contains("Gain", StringComparison.Ordinal)))   // gains are computed first
        {
            var rows = (await service.Json($"/odata/{table}")).GetProperty("value");
            Assert.Equal((await service.Json($"/odata/{table[..^5]}?$select={(table == "JurisdictionsTable" ? "adcode" : "id")}")).GetProperty("value").GetArrayLength(), rows.GetArrayLength());
            Assert.All(rows.EnumerateArray(), r => Assert.All(r.EnumerateObject(), p => Assert.False(p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object, $"{table}.{p.Name}")));
        }
    }

    [Fact]
    public Task Changes_are_those_between_two_days() => service.Agrees("Changes(since=2019-01-01,asOf=2023-12-31,knownBy=2024-06-01)?$select=id,stateBefore,stageBefore,state,stage,since,asOf,knownBy&$expand=Link($select=state,asOf,knownBy)",
        """
        select json_build_object('id', n.id, 'stateBefore', b.state, 'stageBefore', b.stage, 'state', n.state, 'stage', n.stage, 'since', '2019-01-01', 'asOf', '2023-12-31', 'knownBy', '2024-06-01', 'Link', json_build_object('state', n.state, 'asOf', '2023-12-31', 'knownBy', '2024-06-01'))
        from link_as_of('2023-12-31', '2024-06-01') n left join link_as_of('2019-01-01', '2024-06-01') b on b.id = n.id where b.id is null or b.state <> n.state or b.stage <> n.stage order by n.id
        """);

    [Theory]
    [InlineData("Changes(since=2019-06-29,asOf=2018-12-31)", 400)]
    [InlineData("Changes(since=2018-06-29)", 404)]
    [InlineData("Changes", 400)]
    [InlineData("Changes(since=x,asOf=2019-01-01)", 400)]
    [InlineData("Changes(since=@d,asOf=2019-01-01)", 400)]
    [InlineData("LinkChanges", 404)]
    [InlineData("$entity", 400)]
    [InlineData("$entity?$id=Nothing('x')", 404)]
    [InlineData("$entity?$id=Links('nothing')", 404)]
    [InlineData("$entity?$id='; drop table link; --", 404)]
    [InlineData("Links?$id=Links('s1-m11')", 501)]
    public async Task What_is_no_change_or_no_entity_is_refused(string address, int status) => (await service.Refuse(address)).Refusal(status);

    [Fact]
    public async Task An_entity_answers_by_its_id_and_a_day_by_its_alias()
    {
        foreach (var id in new[] { "Links('s1-m11')", "/odata/Links('s1-m11')", $"{service.Http.BaseAddress}odata/Links('s1-m11')" })
            Assert.Equal("s1-m11", (await service.Ask($"$entity?$id={id}&$select=id")).GetProperty("id").GetString());
        Assert.Equal(await service.Http.GetStringAsync("/odata/Links/AsOf(asOf=2019-01-01)/$count"), await service.Http.GetStringAsync("/odata/Links/AsOf(asOf=@d)/$count?@d=2019-01-01"));
        Assert.Equal(await service.Http.GetStringAsync("/odata/Changes(since=2019-01-01,asOf=2020-01-01)/$count"), await service.Http.GetStringAsync("/odata/Changes(since=@a,asOf=@b)/$count?@a=2019-01-01&@b=2020-01-01"));
        Assert.Equal(Lines(await service.Ask("Links?$filter=kind eq 'metro'&$select=id")), Lines(await service.Ask("Links?$filter=kind eq @k&$select=id&@k='metro'")));
        Assert.Equal(Lines(await service.Ask("Links?$top=3&$select=id&$expand=Sides($filter=side eq 'a';$select=id)")), Lines(await service.Ask("Links?$top=3&$select=id&$expand=Sides($filter=side eq @s;$select=id)&@s='a'")));
    }
}
