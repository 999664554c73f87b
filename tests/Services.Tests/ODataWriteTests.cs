using System.Text;
using System.Text.Json;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Editors write over OData: what is right is there at once, what is wrong changes nothing and is told in full.</summary>
public sealed class ODataWriteTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    private static string Attestation(string more = "", string place = "p", string link = "x", string source = "late") =>
        $$"""{"linkId":"{{link}}","stage":"open","heldFrom":"2019-06","basis":"stated","source":"{{source}}","place":"{{place}}"{{more}}}""";

    private static JsonElement Without(JsonElement entity, params string[] names) =>
        JsonSerializer.SerializeToElement(entity.EnumerateObject().Where(p => !names.Contains(p.Name)).ToDictionary(p => p.Name, p => p.Value));

    [Fact]
    public async Task A_new_attestation_is_there_under_its_address_as_GET_gives_it()
    {
        var made = await world.Send("POST", "/odata/Attestations", Attestation(""","side":"a","noteZh":"“注”","withdrawn":false,"@odata.type":"#Jietong.Attestation" """, place: "第3页"));
        Assert.Equal(201, made.Status);
        Assert.Equal("4.0", made.Header("OData-Version"));
        Assert.Equal(made.Header("Location"), made.Header("OData-EntityId"));
        var read = await world.Send("GET", made.Header("Location")!);
        Assert.Equal(JsonSerializer.Serialize(read.Body), JsonSerializer.Serialize(made.Body));
        Assert.Equal(("2019-06-30", "2019-06", "第3页", "“注”", "late"), (read.Body.GetProperty("heldFrom").GetString(), read.Body.GetProperty("heldFromWritten").GetString(), read.Body.GetProperty("place").GetString(), read.Body.GetProperty("noteZh").GetString(), read.Body.GetProperty("source").GetString()));
        Assert.Equal(read.Header("Jietong-Data-Version"), made.Header("Jietong-Data-Version"));
        Assert.Matches("^k-[0-9a-f]{8} 王 test$", (await world.Database.Column($"select who from audit where row_id = '{made.Body.GetProperty("id").GetString()}'")).Single());
    }

    [Fact]
    public async Task The_same_again_is_200_with_an_id_and_without_and_other_content_under_its_id_is_409()
    {
        foreach (var id in new[] { "", ""","id":"x-named" """ })
        {
            var first = await world.Send("POST", "/odata/Attestations", Attestation(id, place: "again"));
            var state = await world.State();
            var second = await world.Send("POST", "/odata/Attestations", Attestation(id, place: "again"));
            Assert.Equal((201, 200), (first.Status, second.Status));
            Assert.Null(second.Header("Location"));
            Assert.Equal(first.Header("OData-EntityId"), second.Header("OData-EntityId"));
            Assert.Equal(JsonSerializer.Serialize(first.Body), JsonSerializer.Serialize(second.Body));
            Assert.Equal(state, await world.State());
        }
        var clash = await world.Send("POST", "/odata/Attestations", Attestation(""","id":"x-named" """, place: "elsewhere"));
        Assert.Equal((409, "Conflict"), (clash.Status, clash.Error.GetProperty("code").GetString()));
        Assert.Equal(["id"], clash.Targets);
        Assert.Contains("otherwise in place", clash.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixteen_of_the_same_at_once_are_one_row()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => world.Send("POST", "/odata/Attestations", Attestation(place: "at once")))));
        Assert.Equal((1, 15), (answers.Count(a => a.Status == 201), answers.Count(a => a.Status == 200)));
        Assert.Single(answers.Select(a => a.Body.GetProperty("id").GetString()).Distinct());
        Assert.Equal(1, await world.Database.Scalar<long>("select count(*) from attestation where place = 'at once'"));
        Assert.Equal(1, await world.Database.Scalar<long>("select count(*) from audit where content ->> 'place' = 'at once'"));
    }

    [Fact]
    public async Task A_client_that_wants_nothing_back_gets_nothing_but_the_address()
    {
        var made = await world.Send("POST", "/odata/Targets", """{"linkId":"y","stage":"open","dueWritten":"2027","basis":"stated","source":"late","place":"minimal"}""", ("Prefer", "return=minimal"));
        Assert.Equal((204, "return=minimal"), (made.Status, made.Header("Preference-Applied")));
        Assert.Equal("2027-12-31", (await world.Send("GET", made.Header("OData-EntityId")!)).Body.GetProperty("due").GetString());
    }

    [Fact]
    public async Task Every_problem_is_told_with_its_property_and_nothing_is_stored()
    {
        var state = await world.State();
        var refused = await world.Send("POST", "/odata/Attestations", """{"linkId":"nowhere","stage":"half","heldFrom":2018,"heldTo":"soon","basis":"inferred","source":"nobody","withdrawn":"no","grade":"GOV","colour":"red","heldFromWritten":"2019","Source@odata.bind":"Sources('gov')"}""");
        Assert.Equal((400, "BadRequest"), (refused.Status, refused.Error.GetProperty("code").GetString()));
        Assert.Equal(["Source@odata.bind", "basis", "colour", "grade", "heldFrom", "heldTo", "linkId", "place", "premisesEn", "premisesZh", "source", "stage", "withdrawn"], refused.Targets.Distinct().Order(StringComparer.Ordinal));
        var messages = refused.Error.GetProperty("details").EnumerateArray().ToDictionary(d => d.GetProperty("target").GetString()!, d => d.GetProperty("message").GetString()!);
        Assert.Contains("is computed", messages["grade"], StringComparison.Ordinal);
        Assert.Contains("is unknown; written are id, linkId", messages["colour"], StringComparison.Ordinal);
        Assert.Contains("nobody", messages["source"], StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Theory]
    [InlineData(400, "no JSON", "{\"linkId\":\"x\"")]
    [InlineData(400, "no JSON", "{\"linkId\":\"x\",\"linkId\":\"y\"}")]
    [InlineData(400, "no JSON", "{\"a\":[[[[[[[[[[1]]]]]]]]]]}")]
    [InlineData(400, "no JSON object", "[]")]
    [InlineData(400, "no JSON object", "null")]
    [InlineData(400, "no JSON", "")]
    [InlineData(400, "surrogate", "{\"place\":\"\\ud800\"}")]
    [InlineData(415, "application/json", "{}", "Content-Type", "application/xml")]
    [InlineData(415, "application/json", "{}", "Content-Type", "application/json;charset=gb18030")]
    [InlineData(415, "application/json", "{}", "Content-Encoding", "gzip")]
    public async Task A_body_that_is_none_is_refused_in_OData_form(int status, string message, string body, params string[] header)
    {
        var refused = await world.Send("POST", "/odata/Attestations", body, header.Length == 2 ? [(header[0], header[1])] : []);
        Assert.Equal(status, refused.Status);
        Assert.Contains(message, refused.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_a_megabyte_is_413()
    {
        Assert.Equal(413, (await world.Send("POST", "/odata/Sources", $$"""{"title":"{{new string('长', 400_000)}}"}""")).Status);
    }

    [Theory]
    [InlineData("PATCH", "Attestations('x-1')", "supersedes", "GET, HEAD")]
    [InlineData("PUT", "Attestations('x-1')", "supersedes", "GET, HEAD")]
    [InlineData("DELETE", "Attestations('x-1')", "withdrawn", "GET, HEAD")]
    [InlineData("PUT", "Sources('gov')", "PATCH", "GET, HEAD, PATCH")]
    [InlineData("DELETE", "Targets('x-t')", "PATCH", "GET, HEAD, PATCH")]
    [InlineData("DELETE", "Sources", "one entity", "GET, HEAD, POST")]
    [InlineData("POST", "Sources('gov')", "POST Sources", "GET, HEAD, PATCH")]
    [InlineData("POST", "Links", "Attestations, Targets, Sources", "GET, HEAD")]
    [InlineData("PATCH", "Links('x')/Sides", "Attestations, Targets, Sources", "GET, HEAD")]
    public async Task What_the_register_never_does_is_405_with_the_way_out(string method, string path, string message, string allow)
    {
        var refused = await world.Send(method, "/odata/" + path, "{}");
        Assert.Equal((405, allow), (refused.Status, refused.Header("Allow")));
        Assert.Contains(message, refused.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_amendment_goes_by_the_tag_that_was_read()
    {
        Assert.Equal(201, (await world.Send("POST", "/odata/Sources", """{"id":"page","grade":"SEC","title":"题","titleEn":"T","published":"2020","url":"https://example.org/a"}""")).Status);
        var tag = (await world.Send("GET", "/odata/Sources('page')")).Body.GetProperty("@odata.etag").GetString()!;
        Assert.StartsWith("W/\"", tag, StringComparison.Ordinal);
        Assert.Equal(428, (await world.Send("PATCH", "/odata/Sources('page')", """{"title":"新题"}""")).Status);
        var amended = await world.Send("PATCH", "/odata/Sources('page')", """{"title":"新题","url":null}""", ("If-Match", $"\"other\", {tag}"));
        Assert.Equal((200, "新题", JsonValueKind.Null, "T"), (amended.Status, amended.Body.GetProperty("title").GetString(), amended.Body.GetProperty("url").ValueKind, amended.Body.GetProperty("titleEn").GetString()));
        Assert.Equal(amended.Header("ETag"), (await world.Send("GET", "/odata/Sources('page')")).Body.GetProperty("@odata.etag").GetString());
        Assert.Equal(412, (await world.Send("PATCH", "/odata/Sources('page')", """{"title":"别题"}""", ("If-Match", tag))).Status);
        Assert.Equal(204, (await world.Send("PATCH", "/odata/Sources('page')", """{"noteZh":"注"}""", ("If-Match", "*"), ("Prefer", "return=minimal"))).Status);
        Assert.Equal(400, (await world.Send("PATCH", "/odata/Sources('page')", """{"id":"other"}""", ("If-Match", "*"))).Status);
        Assert.Equal(404, (await world.Send("PATCH", "/odata/Sources('nobody')", """{"title":"题"}""", ("If-Match", "*"))).Status);
        var bad = await world.Send("PATCH", "/odata/Sources('page')", """{"published":"soon","grade":"BLOG","publishedLatest":"2020-12-31"}""", ("If-Match", "*"));
        Assert.Equal((400, "grade published publishedLatest"), (bad.Status, string.Join(' ', bad.Targets.Order(StringComparer.Ordinal))));
        Assert.Equal(["题 新题", "新题 新题"], await world.Database.Column("select concat_ws(' ', content -> 'before' ->> 'title', content -> 'after' ->> 'title') from audit where row_id = 'page' and action = 'update' order by id"));
    }

    [Fact]
    public async Task Of_two_who_amend_from_the_same_reading_one_is_told()
    {
        await world.Send("POST", "/odata/Targets", """{"id":"race","linkId":"y","stage":"open","due":"2027","basis":"stated","source":"late","place":"race"}""");
        var tag = (await world.Send("GET", "/odata/Targets('race')")).Body.GetProperty("@odata.etag").GetString()!;
        var answers = await Task.WhenAll(Enumerable.Range(2028, 8).Select(year => Task.Run(() => world.Send("PATCH", "/odata/Targets('race')", $$"""{"due":"{{year}}"}""", ("If-Match", tag)))));
        Assert.Equal((1, 7), (answers.Count(a => a.Status == 200), answers.Count(a => a.Status == 412)));
    }

    [Fact]
    public async Task A_row_from_a_source_that_is_dated_ahead_is_found_under_its_address()
    {
        foreach (var (set, body) in new[] { ("Attestations", Attestation(source: "ahead")), ("Targets", """{"linkId":"y","stage":"open","due":"2130","basis":"stated","source":"ahead","place":"p"}"""), ("Sources", """{"grade":"GOV","title":"题","titleEn":"T","published":"2127-01"}""") })
        {
            var made = await world.Send("POST", "/odata/" + set, body);
            Assert.Equal(201, made.Status);
            Assert.Equal(404, (await world.Send("GET", made.Header("OData-EntityId")!)).Status);
            Assert.Equal(made.Body.GetProperty("id").GetString(), (await world.Send("GET", made.Header("Location")!)).Body.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task A_correction_shows_in_the_state_of_its_link()
    {
        async Task<string?> Stage() => (await world.Send("GET", "/odata/Links('y')")).Body.GetProperty("stage").GetString();
        var wrong = (await world.Send("POST", "/odata/Attestations", Attestation(link: "y", place: "wrong"))).Body.GetProperty("id").GetString();
        Assert.Equal("open", await Stage());
        Assert.Equal(201, (await world.Send("POST", "/odata/Attestations", Attestation($$""","supersedes":"{{wrong}}","withdrawn":true""", link: "y"))).Status);
        Assert.Equal("proposed", await Stage());
    }

    [Fact]
    public async Task Options_and_unknown_addresses_are_refused()
    {
        Assert.Equal(400, (await world.Send("POST", "/odata/Sources?$select=id", "{}")).Status);
        Assert.Equal(405, (await world.Send("POST", "/odata/Nothing", "{}")).Status);
    }
}
