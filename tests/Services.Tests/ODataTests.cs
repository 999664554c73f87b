using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>OData over HTTP, each answer held against SQL that was written by hand.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataTests(ShippedService service)
{
    private const string Huaqiao = "geography'SRID=4326;POINT(121.0998 31.3006)'";
    private const string HuaqiaoSql = "ST_SetSRID(ST_MakePoint(121.0998, 31.3006), 4326)";
    private const string Today = "link_as_of('2026-11-22', '2026-11-22')";

    private async Task<List<string>> Ids(string set, string options)
    {
        var answer = await service.Json($"/odata/{set}?{string.Join('&', options.Split('&').Select(o => o.Split('=', 2)).Select(o => $"{o[0]}={Uri.EscapeDataString(o[1])}"))}&asOf=2026-11-22&knownBy=2026-11-22");
        return [.. answer.GetProperty("value").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];
    }

    [Theory]
    [InlineData($"broken eq true and geo.distance(geometry,{Huaqiao}) lt 5000", $"broken and ST_Distance(geom::geography, {HuaqiaoSql}::geography) < 5000")]
    [InlineData($"geo.distance(geometry,{Huaqiao}) le 20000 and kind ne 'road'", $"ST_Distance(geom::geography, {HuaqiaoSql}::geography) <= 20000 and kind <> 'road'")]
    [InlineData($"geo.distance(geometry,{Huaqiao}) gt 50000", $"ST_Distance(geom::geography, {HuaqiaoSql}::geography) > 50000")]
    [InlineData("geo.intersects(geometry,geography'SRID=4326;POLYGON((121 31.2,121.2 31.2,121.2 31.4,121 31.4,121 31.2))')", "ST_Intersects(geom, ST_MakeEnvelope(121, 31.2, 121.2, 31.4, 4326))")]
    [InlineData("geo.intersects(geometry,geography'SRID=4326;LINESTRING(121.09 31.276,121.105 31.276)')", "ST_Intersects(geom, ST_GeomFromText('LINESTRING(121.09 31.276,121.105 31.276)', 4326))")]
    [InlineData($"geo.distance(geometry,{Huaqiao}) sub accuracyMetres le 5000 and evidenceAgeDays add 1 gt -5", $"ST_Distance(geom::geography, {HuaqiaoSql}::geography) - accuracy_metres <= 5000")]
    [InlineData("geo.length(geometry) gt 100", "ST_Length(geom::geography) > 100")]
    [InlineData("contains(nameZh,'昆山') and not startswith(nameZh,'昆山')", "name_zh like '%昆山%' and name_zh not like '昆山%'")]
    [InlineData("contains(nameZh,'%')", "position('%' in name_zh) > 0")]
    [InlineData("kind in ('metro','rail') and state eq 'open'", "kind in ('metro', 'rail') and state = 'open'")]
    [InlineData("evidenceAgeDays gt 3000 or laterEvidence ne null", "evidence_age_days > 3000 or later_evidence is not null")]
    [InlineData("statedOn ge 2023-01-01 and statedOn lt 2024-01-01", "stated_on >= '2023-01-01' and stated_on < '2024-01-01'")]
    [InlineData("not (accuracyMetres lt 1000)", "(accuracy_metres < 1000) is not true")]
    [InlineData("lengthMetres lt 2000", "(select v.value from design_value v join source s on s.id = v.source_id where v.link_id = l.id and v.side is null and v.quantity = 'lengthMetres' order by s.grade_rank, s.published_latest desc, v.id limit 1) < 2000")]
    public async Task A_filter_answers_what_PostGIS_answers(string filter, string sql)
    {
        var expected = await service.Database.Column($"select id from {Today} l where {sql} order by id");
        Assert.NotEmpty(filter.Contains("'%'", StringComparison.Ordinal) ? ["none"] : expected);
        Assert.Equal(expected, await Ids("Links", $"$filter={filter}&$orderby=id"));
        Assert.Equal(await service.Database.Scalar<long>($"select count(*) from {Today}") - expected.Count, (await Ids("Links", $"$filter=not ({filter})")).Count);
    }

    [Theory]
    [InlineData("$orderby=nameZh", "order by name_zh, id")]
    [InlineData("$orderby=state desc,evidenceAgeDays", "order by state desc, evidence_age_days, id")]
    [InlineData("$orderby=nature,id&$top=5&$skip=10", "order by nature, id limit 5 offset 10")]
    [InlineData($"$filter=geometry ne null&$orderby=geo.distance(geometry,{Huaqiao})&$top=7", $"where geom is not null order by ST_Distance(geom::geography, {HuaqiaoSql}::geography), id limit 7")]
    public async Task Order_and_pages_are_those_of_the_database(string options, string sql) =>
        Assert.Equal(await service.Database.Column($"select id from {Today} {sql}"), await Ids("Links", options));

    [Fact]
    public async Task AsOf_gives_the_state_of_that_day_and_composes_with_the_options()
    {
        var answer = await service.Json("/odata/Links/AsOf(asOf=2019-12-11)?$filter=state%20eq%20'open'&$count=true&$select=id,state,asOf&$orderby=id");
        var ids = answer.GetProperty("value").EnumerateArray().Select(l => l.GetProperty("id").GetString()!).ToList();
        Assert.Equal(await service.Database.Column("select id from link_as_of('2019-12-11', '2026-11-22') where state = 'open' order by id"), ids);
        Assert.Equal(ids.Count, answer.GetProperty("@odata.count").GetInt32());
        Assert.All(answer.GetProperty("value").EnumerateArray(), l => Assert.Equal("2019-12-11", l.GetProperty("asOf").GetString()));
        var known = await service.Json("/odata/Links/AsOf(asOf=2023-12-03,knownBy=2023-11-30)?$filter=id%20eq%20'yanhu-shengli'");
        Assert.NotEqual("open", known.GetProperty("value")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Select_expand_key_and_count_shape_the_answer()
    {
        var link = await service.Json("/odata/Links('s1-m11')?$select=id,nameZh&$expand=Attestations($select=stage,source;$orderby=heldFrom%20desc;$top=2),Sides($expand=Jurisdiction)");
        Assert.Equal(["@odata.context", "id", "nameZh", "Attestations", "Sides"], link.EnumerateObject().Select(p => p.Name));
        Assert.Equal(2, link.GetProperty("Attestations").GetArrayLength());
        Assert.Equal(["stage", "source"], link.GetProperty("Attestations")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("320583", link.GetProperty("Sides")[0].GetProperty("Jurisdiction").GetProperty("adcode").GetString());
        Assert.Equal(await service.Database.Scalar<long>($"select count(*) from {Today}"), long.Parse(await service.Http.GetStringAsync("/odata/Links/$count?asOf=2026-11-22"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Geometry_is_GeoJSON_of_points_and_lines_or_null()
    {
        var types = (await service.Json("/odata/Links?$select=geometry")).GetProperty("value").EnumerateArray()
            .Select(l => l.GetProperty("geometry") is { ValueKind: JsonValueKind.Object } g ? g.GetProperty("type").GetString() : null).Distinct();
        Assert.Equal(new HashSet<string?> { "Point", "MultiLineString", null }, types.ToHashSet());
    }

    [Theory]
    [InlineData("Links", "link_as_of()")]
    [InlineData("LinkSides", "link_side")]
    [InlineData("Attestations", "attestation")]
    [InlineData("Targets", "target")]
    [InlineData("Claims", "claim")]
    [InlineData("Sources", "source")]
    [InlineData("Jurisdictions", "jurisdiction")]
    [InlineData("Lists", "list")]
    [InlineData("References", "link_reference")]
    [InlineData("DesignValues", "design_value")]
    [InlineData("Units", "link_unit")]
    [InlineData("PositionSources", "position_source")]
    [InlineData("Places", "place")]
    [InlineData("Populations", "county_population")]
    [InlineData("Assumptions", "assumption")]
    [InlineData("Lines", "transit_line")]
    [InlineData("LineSections", "line_section")]
    [InlineData("Stops", "stop")]
    [InlineData("Roads", "road")]
    [InlineData("Services", "service")]
    [InlineData("RunTimes", "run_time")]
    [InlineData("Transfers", "transfer")]
    public async Task Every_set_returns_its_rows_with_the_members_that_the_metadata_declares(string set, string table)
    {
        var rows = (await service.Json($"/odata/{set}")).GetProperty("value");
        Assert.Equal(await service.Database.Scalar<long>($"select count(*) from {table}"), rows.GetArrayLength());
        XNamespace edm = "http://docs.oasis-open.org/odata/ns/edm";
        var metadata = XDocument.Parse(await service.Http.GetStringAsync("/odata/$metadata"));
        var type = metadata.Descendants(edm + "EntitySet").Single(s => (string?)s.Attribute("Name") == set).Attribute("EntityType")!.Value.Split('.').Last();
        var declared = metadata.Descendants(edm + "EntityType").Single(t => (string?)t.Attribute("Name") == type).Elements(edm + "Property").Select(p => (string)p.Attribute("Name")!);
        Assert.Equal(declared, rows[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task The_places_nearest_to_a_point_come_in_the_order_of_their_distance() =>
        Assert.Equal(await service.Database.Column($"select id from place where geom is not null order by ST_Distance(geom::geography, {HuaqiaoSql}::geography), id limit 5"),
            (await service.Json($"/odata/Places?$filter=geometry%20ne%20null&$orderby=geo.distance(geometry,{Uri.EscapeDataString(Huaqiao)})&$top=5&$select=id"))
                .GetProperty("value").EnumerateArray().Select(p => p.GetProperty("id").GetString()!));

    [Fact]
    public async Task A_property_has_an_address_of_its_own()
    {
        const string link = "/odata/Links('s1-m11')";
        Assert.Equal("花桥镇", (await service.Json("/odata/LinkSides('s1-m11-a')/townZh")).GetProperty("value").GetString());
        Assert.Equal(["苏州轨道交通11号线", "Suzhou metro line 11", "苏州轨交11号线"], (await service.Json(link + "/otherNames")).GetProperty("value").EnumerateArray().Select(n => n.GetString()!));
        Assert.Equal("Point", (await service.Json(link + "/geometry")).GetProperty("value").GetProperty("type").GetString());
        Assert.Equal("metro", await service.Http.GetStringAsync(link + "/kind/$value"));
        Assert.Equal("100", await service.Http.GetStringAsync(link + "/accuracyMetres/$value"));
        Assert.Equal(await service.Database.Scalar<string>("select broken::text from link_as_of('2019-01-01', '2026-11-22') where id = 's1-m11'"), await service.Http.GetStringAsync(link + "/broken/$value?asOf=2019-01-01"));
        using var empty = await service.Http.GetAsync("/odata/LinkSides('s1-m11-b')/townZh");
        Assert.Equal((204, ""), ((int)empty.StatusCode, await empty.Content.ReadAsStringAsync()));
        Assert.Equal(404, (await service.Refused("/odata/Links('nothing')/kind")).Status);
        Assert.Equal(404, (await service.Refused(link + "/nothing")).Status);
        Assert.Equal(400, (await service.Refused(link + "/otherNames/$value")).Status);
    }

    [Fact]
    public async Task Related_rows_have_addresses_that_take_the_options()
    {
        var answer = await service.Json("/odata/Links('s1-m11')/Attestations?$filter=stage%20ne%20'open'&$orderby=heldFrom,id&$top=2&$select=id&$count=true");
        var expected = await service.Database.Column("select id from attestation where link_id = 's1-m11' and stage <> 'open' order by held_from_latest, id");
        Assert.Equal(expected.Take(2), answer.GetProperty("value").EnumerateArray().Select(a => a.GetProperty("id").GetString()!));
        Assert.Equal(expected.Count, answer.GetProperty("@odata.count").GetInt32());
        Assert.Equal($"{expected.Count}", await service.Http.GetStringAsync("/odata/Links('s1-m11')/Attestations/$count?$filter=stage%20ne%20'open'"));
        Assert.Equal(expected[0], (await service.Json($"/odata/Links('s1-m11')/Attestations('{expected[0]}')?$select=id")).GetProperty("id").GetString());
        Assert.Equal("昆山市", (await service.Json("/odata/LinkSides('s1-m11-a')/Jurisdiction?$select=nameZh")).GetProperty("nameZh").GetString());
        Assert.Equal(["unverified", "not_open"], new[] { await service.Json("/odata/LinkSides('jinyang-baoan-a')/Link?asOf=2026-11-22"), await service.Json("/odata/LinkSides('jinyang-baoan-a')/Link?asOf=2018-07-01") }.Select(l => l.GetProperty("state").GetString()!));
        foreach (var (address, status) in new[] { ("Links('nothing')/Attestations", 404), ("Links('s1-m11')/Attestations('nothing')", 404), ("Links('s1-m11')/Nothing", 404), ("Links/Attestations", 404) })
            Assert.True((await service.Refused("/odata/" + address)).Status == status, address);
        using var none = await service.Http.GetAsync("/odata/Roads('g2-01')/Link");
        Assert.Equal(204, (int)none.StatusCode);
    }

    [Fact]
    public async Task Broken_is_a_function_that_composes_with_the_options()
    {
        foreach (var (call, sql) in new[] { ("Broken(asOf=2018-06-29)", "link_as_of('2018-06-29', '2026-11-22')"), ("Broken(asOf=2023-12-03,knownBy=2023-11-30)", "link_as_of('2023-12-03', '2023-11-30')") })
        {
            var answer = await service.Json($"/odata/{call}?$filter=kind%20eq%20'road'&$orderby=id&$select=id&$count=true");
            Assert.Equal(await service.Database.Column($"select id from {sql} where broken and kind = 'road' order by id"), answer.GetProperty("value").EnumerateArray().Select(l => l.GetProperty("id").GetString()!));
            Assert.Equal(answer.GetProperty("value").GetArrayLength(), answer.GetProperty("@odata.count").GetInt32());
        }
    }

    [Fact]
    public async Task The_metadata_say_the_same_in_XML_and_in_JSON()
    {
        XNamespace edm = "http://docs.oasis-open.org/odata/ns/edm";
        var xml = XDocument.Parse(await service.Http.GetStringAsync("/odata/$metadata"));
        var json = (await service.Json("/odata/$metadata?$format=json")).GetProperty("Jietong");
        foreach (var type in xml.Descendants(edm + "EntityType"))
            Assert.Equal(type.Elements(edm + "Property").Select(p => (string)p.Attribute("Name")!).Order(), json.GetProperty((string)type.Attribute("Name")!).EnumerateObject()
                .Where(m => m.Name[0] is not ('$' or '@') && (!m.Value.TryGetProperty("$Kind", out var kind) || kind.GetString() == "Property")).Select(m => m.Name).Order());
        Assert.Equal(["Broken", "Changes", "Gains"], xml.Descendants(edm + "FunctionImport").Select(f => (string)f.Attribute("Name")!).Distinct().Order());
        Assert.Equal(501, (await service.Refused("/odata/$metadata?$format=yaml")).Status);
    }

    [Theory]
    [InlineData("application/json;odata.metadata=minimal;q=1.0,application/xml;q=0.7,text/plain;q=0.7", "4.0", "application/xml")]   // as Excel and Power BI ask
    [InlineData("application/json;odata.metadata=minimal", "4.0", "application/xml")]
    [InlineData("application/json", "4.01", "application/json")]
    [InlineData("application/json", null, "application/json")]
    public async Task Who_reads_no_more_than_4_0_gets_the_metadata_in_XML(string accept, string? version, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/odata/$metadata");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (version is not null) request.Headers.Add("OData-MaxVersion", version);
        using var answer = await service.Http.SendAsync(request);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual(0xEF, (await answer.Content.ReadAsByteArrayAsync())[0]);   // no byte order mark
    }

    [Fact]
    public async Task Options_without_the_dollar_work() =>
        Assert.Equal(await Ids("Links", "$filter=kind eq 'metro'"), await Ids("Links", "filter=kind eq 'metro'"));

    [Theory]
    [InlineData("/odata/Nothing", 404, "Nothing")]
    [InlineData("/odata/Links('nothing')", 404, "nothing")]
    [InlineData("/odata/Links?$filter=nothing eq 1", 400, "nothing")]
    [InlineData("/odata/Links?$filter=kind eq", 400, "")]
    [InlineData("/odata/Links?$filter=kind gt 5", 400, "")]
    [InlineData("/odata/Links?$select=nothing", 400, "nothing")]
    [InlineData("/odata/Links?$expand=Nothing", 400, "Nothing")]
    [InlineData("/odata/Links?$top=-1", 400, "-1")]
    [InlineData("/odata/Links?$orderby=nothing", 400, "nothing")]
    [InlineData("/odata/Links?asOf=2018-02-30", 400, "2018-02-30")]
    [InlineData("/odata/Links/AsOf(asOf=2018-02-30)", 400, "")]
    [InlineData("/odata/Links/AsOf(asOf=null)", 400, "AsOf(asOf=2018-06-29)")]
    [InlineData("/odata/Broken", 400, "Broken(asOf=2018-06-29)")]
    [InlineData("/odata/Broken(knownBy=2018-06-29)", 404, "")]
    [InlineData("/odata/Broken(asOf=@day)?@date=2018-06-29", 400, "Broken lacks a parameter")]
    [InlineData("/odata/Links?nothing=1", 400, "nothing")]
    [InlineData("/odata/Links?$filter=geo.distance(geometry,geography'SRID=4326;POINT(x 31)') lt 5", 400, "POINT(x 31)")]
    [InlineData("/odata/Links?$filter=geo.distance(geometry,geography'SRID=3857;POINT(1 2)') lt 5", 400, "SRID 3857")]
    [InlineData("/odata/Links?$filter=geo.intersects(geometry,geography'SRID=4326;POLYGON((0 0,1 1,0 1))')", 400, "")]
    [InlineData("/odata/Links?$apply=concat(identity,aggregate($count as n))", 501, "concat")]
    [InlineData("/odata/Links?$filter=cast(evidenceAgeDays,Edm.String) eq '5'", 501, "cast")]
    [InlineData("/odata/Links?$format=xml", 501, "xml")]
    [InlineData("/odata/Links?$$filter=kind eq 'metro'", 400, "$$filter")]
    [InlineData("/odata/Links%3F%24apply=x", 404, "")]
    [InlineData("/odata/Links%23x", 404, "")]
    [InlineData("/odata/http://x/Links", 404, "")]
    [InlineData("/odata/Jurisdictions?asOf=2018-06-29", 400, "does not depend on asOf")]
    [InlineData("/odata/Links?$expand=DesignValues($filter=value mul 1e308 mul 1e308 gt 1)", 400, "out of range")]
    [InlineData("/odata/Links?asOf=9999-12-31", 400, "9999-12-31")]
    public async Task What_is_wrong_is_400_what_is_not_there_404_and_what_is_not_supported_501(string address, int status, string named)
    {
        var parts = address.Split('?', 2);
        var query = parts.Length == 1 ? "" : "?" + Uri.EscapeDataString(parts[1]).Replace("%3D", "=", StringComparison.Ordinal);
        var refused = await service.Refused(parts[0] + query);
        Assert.Equal((status, "application/json"), (refused.Status, refused.MediaType));
        var error = refused.Body.GetProperty("error");
        Assert.Contains(named, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_yet_published_is_not_known()
    {
        Assert.Empty((await service.Json("/odata/Attestations?knownBy=2010-01-01")).GetProperty("value").EnumerateArray());
        var link = await service.Json("/odata/Links('s1-m11')?$select=id&$expand=Attestations&knownBy=2020-01-01");
        Assert.All(link.GetProperty("Attestations").EnumerateArray(), a => Assert.True(string.CompareOrdinal(a.GetProperty("statedOn").GetString(), "2020-01-01") <= 0));
    }

    [Fact]
    public async Task An_instant_may_carry_any_offset() =>
        Assert.NotEmpty((await service.Json("/odata/Attestations?$filter=recordedAt%20gt%202020-01-01T00:00:00%2B08:00")).GetProperty("value").EnumerateArray());

    [Fact]
    public async Task Head_answers_as_get_does_without_a_body()
    {
        using var response = await service.Http.SendAsync(new(HttpMethod.Head, "/odata/Links?$top=1"));
        Assert.Equal((200, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        using var post = await service.Http.PostAsync("/odata/Links", null);
        Assert.Equal((405, "GET, HEAD"), ((int)post.StatusCode, string.Join(", ", post.Content.Headers.Allow.Order())));
    }

    [Fact]
    public async Task Every_answer_names_the_data_version()
    {
        using var response = await service.Http.GetAsync("/odata/Links?$top=1");
        Assert.Equal(await service.Database.Scalar<string>("select number || '-' || left(content_hash, 12) from data_version"), response.Headers.GetValues("Jietong-Data-Version").Single());
        Assert.Equal(["Jietong-As-Of", "Jietong-Known-By"], response.Headers.Select(h => h.Key).Where(k => k.StartsWith("Jietong-", StringComparison.Ordinal) && k != "Jietong-Data-Version").Order());
        Assert.Equal("4.0", response.Headers.GetValues("OData-Version").Single());
    }
}
