using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What OData 4.01 Part 1, section 13 asks of a service, as far as no other test shows it; docs/odata-conformance.md says which test shows what.</summary>
[Collection(nameof(ShippedService))]
public sealed class ODataConformanceTests(ShippedService service)
{
    private static readonly XNamespace Edm = "http://docs.oasis-open.org/odata/ns/edm";

    private async Task<(int Status, HttpResponseMessage Response, string Body)> Get(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await service.Http.SendAsync(request);
        return ((int)response.StatusCode, response, await response.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> Json(string address, params (string, string)[] headers)
    {
        var (status, _, body) = await Get(address, headers);
        Assert.True(status == 200, $"{address}: {status} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task<XDocument> Metadata() => XDocument.Parse((await service.Http.GetStringAsync("/odata/$metadata")).TrimStart('\uFEFF'));

    private static List<JsonElement> Rows(JsonElement answer, string member = "value") => [.. answer.GetProperty(member).EnumerateArray()];

    private static IEnumerable<string> Texts(IEnumerable<JsonElement> rows, string member) => rows.Select(r => r.GetProperty(member).GetString()!);

    [Fact]
    public async Task The_service_document_lists_every_set_at_an_address_that_answers()
    {
        var listed = Rows(await Json("/odata")).Where(e => !e.TryGetProperty("kind", out var kind) || kind.GetString() == "EntitySet").ToList();
        Assert.Equal((await Metadata()).Descendants(Edm + "EntitySet").Select(s => (string)s.Attribute("Name")!).Order(), Texts(listed, "name").Order());
        foreach (var url in Texts(listed, "url").Where(u => !u.Contains("Gain", StringComparison.Ordinal)))   // those would be computed first
            Assert.Equal(200, (await Get($"/odata/{url}?$top=1")).Status);
    }

    public static readonly TheoryData<string> Kinds = ["/odata", "/odata/$metadata", "/odata/Links?$top=1", "/odata/Links('s1-m11')", "/odata/Links/$count", "/odata/Links('s1-m11')/kind", "/odata/Links('s1-m11')/kind/$value", "/odata/Links('s1-m11')/Sides"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_answer_is_of_no_later_version_than_the_client_takes(string address)
    {
        string? Version(HttpResponseMessage response) => response.Headers.TryGetValues("OData-Version", out var values) ? values.Single() : null;
        Assert.Contains(Version((await Get(address)).Response), new[] { "4.0", "4.01" });
        Assert.Equal("4.0", Version((await Get(address, ("OData-MaxVersion", "4.0"))).Response));
        Assert.Contains(Version((await Get(address, ("OData-MaxVersion", "4.01"))).Response), new[] { "4.0", "4.01" });
        foreach (var header in new[] { ("OData-MaxVersion", "3.0"), ("OData-Version", "5.0"), ("OData-MaxVersion", "x") })
        {
            var (status, response, _) = await Get(address, header);
            Assert.True(status is 400 or 412 or 501, $"{header}: {status}");
            Assert.Equal("4.0", Version(response));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_a_client_does_not_accept_is_not_sent(string address)
    {
        foreach (var accept in new[] { "image/png", "image/png, text/html;q=0.5", "*/*;q=0" }) Assert.True((await Get(address, ("Accept", accept))).Status == 406, $"{accept}");
        foreach (var accept in new[] { "*/*", "text/html, */*;q=0.1" }) Assert.True((await Get(address, ("Accept", accept))).Status == 200, accept);
    }

    [Theory]
    [InlineData("none", new[] { "@odata.count" }, new[] { "id", "since" })]
    [InlineData("minimal", new[] { "@odata.context", "@odata.count" }, new[] { "id", "since" })]
    [InlineData("full", new[] { "@odata.context", "@odata.count" }, new[] { "@odata.type", "@odata.id", "since@odata.type" })]
    public async Task An_answer_says_as_much_of_itself_as_is_asked_for(string level, string[] ofAnswer, string[] ofRow)
    {
        foreach (var (address, accept) in new[] { ("", $"application/json;odata.metadata={level}"), ("", $"application/json;metadata={level}"), ($"&$format=application/json;odata.metadata={level}", "*/*") })
        {
            var answer = await Json("/odata/Links?$top=1&$count=true&$select=id,since" + address, ("Accept", accept));
            Assert.Equal(ofAnswer, answer.EnumerateObject().Select(m => m.Name).Where(n => n[0] == '@'));
            Assert.Subset(Rows(answer).Single().EnumerateObject().Select(m => m.Name).ToHashSet(), ofRow.ToHashSet());
        }
        Assert.Equal(406, (await Get("/odata/Links", ("Accept", "application/json;odata.metadata=some"))).Status);
    }

    [Theory]
    [InlineData("maxpagesize=3")]
    [InlineData("odata.maxpagesize=3")]
    [InlineData("respond-async, maxpagesize=3")]
    public async Task A_preference_goes_by_both_its_names_and_what_is_not_honoured_is_not_said_to_be(string prefer)
    {
        var (status, response, body) = await Get("/odata/Links?$select=id", ("Prefer", prefer));
        Assert.Equal((200, 3), (status, Rows(JsonDocument.Parse(body).RootElement).Count));
        Assert.DoesNotContain("respond-async", Assert.Single(response.Headers.GetValues("Preference-Applied")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Types_are_those_of_the_protocol_or_declared_and_names_differ_by_more_than_case_but_for_an_id_and_its_row()
    {
        var metadata = await Metadata();
        var declared = metadata.Descendants().Where(e => e.Name == Edm + "EntityType" || e.Name == Edm + "ComplexType" || e.Name == Edm + "EnumType").Select(e => "Jietong." + (string)e.Attribute("Name")!).ToHashSet();
        var known = new[] { "Edm.String", "Edm.Boolean", "Edm.Int32", "Edm.Int64", "Edm.Double", "Edm.Decimal", "Edm.Date", "Edm.DateTimeOffset", "Edm.Duration", "Edm.Geography", "Edm.GeographyPoint" };
        foreach (var type in metadata.Descendants().Attributes("Type").Select(a => a.Value.Replace("Collection(", "", StringComparison.Ordinal).TrimEnd(')')).Distinct())
            Assert.True(declared.Contains(type) || known.Contains(type), type);
        var alike = metadata.Descendants().SelectMany(scope => scope.Elements().Where(e => e.Name != Edm + "Function" && e.Attribute("Name") is not null).GroupBy(e => ((string)e.Attribute("Name")!).ToUpperInvariant()).Where(g => g.Count() > 1));
        Assert.All(alike, pair => Assert.Equal(["Property", "NavigationProperty"], pair.Select(e => e.Name.LocalName)));   // source is the id, Source the row
        Assert.Subset(alike.Select(p => (string)p.First().Attribute("Name")!).ToHashSet(), new HashSet<string> { "assumption", "line", "list", "namingSource", "positionSource", "positionSources", "source", "units" });
    }

    [Fact]
    public async Task A_reference_leads_to_its_entity()
    {
        var ids = Texts(Rows(await Json("/odata/Links/$ref?$orderby=id&$top=3")), "@odata.id").ToList();
        Assert.Equal(await service.Database.Column("select id from link_as_of() order by id limit 3"), await Task.WhenAll(ids.Select(async id => (await Json(id + "?$select=id")).GetProperty("id").GetString()!)));
        var own = (await Json("/odata/Links('s1-m11')/$ref")).GetProperty("@odata.id").GetString()!;
        Assert.Equal("s1-m11", (await Json($"/odata/$entity?$id={Uri.EscapeDataString(own)}&$select=id")).GetProperty("id").GetString());
        Assert.Equal("s1-m11", (await Json((await Json("/odata/LinkSides('s1-m11-a')/Link/$ref")).GetProperty("@odata.id").GetString()! + "?$select=id")).GetProperty("id").GetString());
        var expanded = Rows(await Json("/odata/Links('s1-m11')?$select=id&$expand=Attestations/$ref"), "Attestations");
        Assert.All(expanded, a => Assert.Equal(["@odata.id"], a.EnumerateObject().Select(m => m.Name)));
        Assert.Equal(expanded.Count, await service.Database.Scalar<long>("select count(*) from attestation where link_id = 's1-m11'"));
    }

    [Fact]
    public async Task Expanded_rows_take_every_option()
    {
        const string rows = "from attestation where link_id = 's1-m11' and stage <> 'open'";
        var link = await Json("/odata/Links('s1-m11')?$select=id&$expand=Attestations($filter=stage%20ne%20'open';$orderby=heldFrom%20desc,id;$skip=1;$top=2;$count=true;$compute=length(stage)%20as%20letters;$select=id,letters)");
        Assert.Equal(await service.Database.Column($"select id || length(stage) {rows} order by held_from_latest desc, id limit 2 offset 1"), Rows(link, "Attestations").Select(a => a.GetProperty("id").GetString()! + a.GetProperty("letters").GetInt32()));
        Assert.Equal(await service.Database.Scalar<long>($"select count(*) {rows}"), link.GetProperty("Attestations@odata.count").GetInt64());
        foreach (var (word, some) in new[] { ("hongqiao", true), ("月球", false) })
            Assert.Equal(some, Rows(await Json($"/odata/Links('s1-m11')?$select=id&$expand=Attestations($search={Uri.EscapeDataString(word)})"), "Attestations").Count > 0);
    }

    [Theory]
    [InlineData("$filter=kind eq @k&@k='metro'", "kind = 'metro'")]
    [InlineData("$filter=kind in @k&@k=[\"metro\",\"rail\"]", "kind in ('metro', 'rail')")]
    [InlineData("$filter=since eq @nothing", "since is null")]
    public async Task An_alias_stands_for_its_value_and_for_null_without_one(string options, string sql) =>
        Assert.Equal(await service.Database.Column($"select id from link_as_of('2026-11-22', '2026-11-22') where {sql} order by id"), Texts(Rows(await Json($"/odata/Links?{options}&$orderby=id&$select=id&asOf=2026-11-22&knownBy=2026-11-22")), "id"));

    [Fact]
    public async Task Computed_values_can_be_selected_filtered_and_ordered_by()
    {
        var rows = Rows(await Json("/odata/Links?$compute=length(nameZh)%20add%201%20as%20n&$filter=n%20gt%2012&$orderby=n%20desc,id&$select=id,n&asOf=2026-11-22&knownBy=2026-11-22"));
        Assert.NotEmpty(rows);
        Assert.Equal(await service.Database.Column("select id || ' ' || length(name_zh) + 1 from link_as_of('2026-11-22', '2026-11-22') where length(name_zh) > 11 order by length(name_zh) desc, id"), rows.Select(r => $"{r.GetProperty("id").GetString()} {r.GetProperty("n")}"));
    }

    [Theory]
    [InlineData("$select=references($select=item)", "references", """[{"item":1}]""")]
    [InlineData("$select=references($filter=item gt 1)", "references", "[]")]
    [InlineData("$select=otherNames($top=1;$skip=1)", "otherNames", """["Suzhou metro line 11"]""")]
    [InlineData("$select=otherNames($search=月球)", "otherNames", "[]")]
    [InlineData("$select=otherNames($count=true)", "otherNames@odata.count", "3")]
    [InlineData("$select=otherNames($orderby=$this desc)", "otherNames", """["苏州轨道交通11号线","苏州轨交11号线","Suzhou metro line 11"]""")]
    [InlineData("$filter=substring(nameZh,-4) eq '花桥站X' or substring(nameZh,-3) eq '花桥站'", "id", "\"s1-m11\"")]
    public async Task Options_of_selected_properties_and_negative_places_are_followed_or_refused_never_passed_over(string option, string member, string expected)
    {
        var (status, _, body) = await Get(option.StartsWith("$filter", StringComparison.Ordinal) ? $"/odata/Links?{option}&$orderby=id%20desc&$top=1" : $"/odata/Links('s1-m11')?{option}");
        if (status is 400 or 501) return;
        Assert.True(status == 200, body);
        var answer = JsonDocument.Parse(body).RootElement;
        var row = answer.TryGetProperty("value", out var rows) ? Assert.Single(rows.EnumerateArray()) : answer;
        Assert.True(row.TryGetProperty(member, out var value) && JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, value), body);
    }

    [Fact]
    public async Task A_batch_in_JSON_answers_each_request_by_its_id()
    {
        const string batch = """{"requests":[{"id":"one","method":"GET","url":"Links('s1-m11')?$select=id"},{"id":"two","method":"get","url":"Links/$count"},{"id":"three","method":"GET","url":"/odata/Links('nothing')"}]}""";
        using var answer = await service.Http.PostAsync("/odata/$batch", new StringContent(batch, Encoding.UTF8, "application/json"));
        Assert.Equal(200, (int)answer.StatusCode);
        var responses = Rows(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement, "responses").ToDictionary(r => r.GetProperty("id").GetString()!);
        Assert.Equal([("one", 200), ("three", 404), ("two", 200)], responses.Select(r => (r.Key, r.Value.GetProperty("status").GetInt32())).OrderBy(r => r.Key));
        Assert.Equal("s1-m11", responses["one"].GetProperty("body").GetProperty("id").GetString());
        Assert.Equal(await service.Http.GetStringAsync("/odata/Links/$count"), responses["two"].GetProperty("body").ToString());
    }

    [Fact]
    public async Task A_batch_in_parts_answers_each_in_its_order()
    {
        static string Part(string address) => $"--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET {address} HTTP/1.1\r\nHost: x\r\n\r\n\r\n";
        using var content = new StringContent(Part("Links('s1-m11')?$select=id") + Part("/odata/Links('nothing')") + Part("Links/$count") + "--b--\r\n");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed;boundary=b");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/odata/$batch") { Content = content, Headers = { { "Accept", "multipart/mixed" }, { "Prefer", "odata.continue-on-error" } } };
        using var answer = await service.Http.SendAsync(request);
        Assert.Equal((200, "multipart/mixed"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var parts = (await answer.Content.ReadAsStringAsync()).Split("HTTP/1.1 ")[1..];
        Assert.Equal(["200", "404", "200"], parts.Select(p => p[..3]));
        Assert.Contains("s1-m11", parts[0], StringComparison.Ordinal);
        Assert.Contains((await service.Database.Scalar<long>("select count(*) from link_as_of()")).ToString(CultureInfo.InvariantCulture), parts[2], StringComparison.Ordinal);
    }
}
