using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>docs/questions.md: each address answers what stands below it, and what plain SQL over the tables answers.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class QuestionsTests(ShippedService service)
{
    private const string Links = "link_as_of('2026-11-22', '2026-11-22')", Sides = "link_side_as_of('2026-11-22', '2026-11-22')";

    /// <summary>The same questions in SQL, each as rows of one JSON column.</summary>
    private static readonly string[] Sql =
    [
        $"""
        select json_build_object('unitZh', u.unit_zh, 'role', u.role, 'links', count(distinct u.link_id)) from link_unit u join {Links} l on l.id = u.link_id
        where l.broken and l.id in (select link_id from link_side where town_zh = '淀山湖镇') group by u.unit_zh, u.role order by count(distinct u.link_id) desc, u.unit_zh
        """,
        $"""
        select json_build_object('id', l.id, 'nameZh', l.name_zh, 'state', l.state, 'statedOn', l.stated_on) from {Links} l
        where l.id in (select link_id from attestation a join source s on s.id = a.source_id group by 1 having max(s.published_latest) < '2020-01-01') order by l.state desc, l.stated_on, l.id limit 4
        """,
        $"""
        select json_build_object('id', l.id, 'nameZh', l.name_zh, 'metres', round(ST_Distance(l.geom::geography, ST_Point(121.0998, 31.3006)::geography)::numeric, 3), 'accuracyMetres', l.accuracy_metres)
        from {Links} l where l.broken and l.geom is not null order by ST_Distance(l.geom::geography, ST_Point(121.0998, 31.3006)::geography) limit 5
        """,
        $"""
        select json_build_object('id', l.id) from {Links} l join {Sides} a on a.link_id = l.id and a.side = 'a' join {Sides} b on b.link_id = l.id and b.side = 'b'
        join design_value v on v.link_id = l.id and v.side is null and v.quantity = 'lengthMetres' where l.kind = 'road' and v.value < 2000 and a.stage <> b.stage
        """,
        $"""
        select json_build_object('kind', kind, 'state', state, 'links', count(*), 'meanLengthMetres', avg((select v.value from design_value v join source s on s.id = v.source_id
          where v.link_id = l.id and v.side is null and v.quantity = 'lengthMetres' order by grade_rank(s.grade), s.published_latest desc, v.id limit 1)))
        from {Links} l group by kind, state having count(*) >= 4 order by count(*) desc, kind, state
        """,
        """
        select json_build_object('nameZh', l.name_zh, 'Attestations', (select json_agg(x.j) from (select json_build_object('stage', a.stage, 'heldFrom', a.held_from_latest, 'statedOn', s.published_latest,
          'Source', json_build_object('title', s.title, 'grade', s.grade, 'url', s.url)) as j from attestation a join source s on s.id = a.source_id where a.link_id = l.id order by s.published_latest desc, a.id limit 2) x))
        from link l where l.id = 's1-m11'
        """,
        $"""
        select json_build_object('id', n.id, 'stateBefore', b.state, 'state', n.state, 'Link', json_build_object('nameZh', n.name_zh, 'since', n.since)) from link_as_of('2023-12-31', '2026-11-22') n
        join link_as_of('2018-06-29', '2026-11-22') b on b.id = n.id where n.state = 'open' and b.state <> 'open' order by n.id
        """,
    ];

    [GeneratedRegex(@"## (?<number>\d+)\. .*?```http\nGET (?<address>.*?)```\n```json\n(?<answer>.*?)```", RegexOptions.Singleline)] private static partial Regex Question();

    public static TheoryData<int, string, string> Questions()
    {
        var questions = new TheoryData<int, string, string>();
        foreach (Match m in Question().Matches(Checkout.Read("docs", "questions.md")))
            questions.Add(int.Parse(m.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture), BreakAndBlanks().Replace(m.Groups["address"].Value, ""), m.Groups["answer"].Value);
        return questions;
    }

    [GeneratedRegex(@"\n\s*")] private static partial Regex BreakAndBlanks();

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task A_question_is_answered_as_the_page_says_and_as_SQL_does(int number, string address, string answer)
    {
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, o) : throw new FormatException(address);
        var given = (await service.Json($"{path}?{string.Join('&', options.Split('&').Select(x => x.Split('=', 2)).Select(x => $"{Uri.EscapeDataString(x[0])}={Uri.EscapeDataString(x[1])}"))}")).GetProperty("value");
        Assert.Equal(Plain(JsonNode.Parse(answer)!["value"]!), Plain(JsonNode.Parse(given.GetRawText())!));
        var expected = new JsonArray([.. (await service.Database.Column(Sql[number - 1])).Select(row => JsonNode.Parse(row))]);
        Assert.Equal(number == 4, expected.Count == 0);   // the one that finds nothing says so
        if (number != 5) Assert.Equal(Plain(expected), Plain(JsonNode.Parse(given.GetRawText())!));
        else Assert.Equal(expected.Select(Plain).Order(), given.EnumerateArray().Select(r => Plain(JsonNode.Parse(r.GetRawText())!)).Order());   // groups of equal size
    }

    [Fact]
    public void Every_question_has_its_SQL() => Assert.Equal(Sql.Length, Questions().Count);

    /// <summary>Numbers to the millimetre.</summary>
    private static string Plain(JsonNode? node) => Regex.Replace(node!.ToJsonString(), @"-?\d+\.\d+", n => Math.Round(double.Parse(n.Value, System.Globalization.CultureInfo.InvariantCulture), 3).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task Two_sides_at_different_stages_are_found_where_sources_tell_them_apart()
    {
        await using var own = await new RegisterWorld().Source("plan", "GOV", "2018-06-29").Link("uneven", "plan").Link("even", "plan")
            .Row("design_values.csv", "uneven,,lengthMetres,1500,,plan,p1,,").Row("design_values.csv", "even,,lengthMetres,1500,,plan,p1,,")
            .Row("attestations.csv", "u-a,uneven,a,open,2018-06-01,,stated,,,plan,p1,,false,,").Row("attestations.csv", "u-b,uneven,b,proposed,2018-06-01,,stated,,,plan,p1,,false,,")
            .Row("attestations.csv", "e-a,even,a,proposed,2018-06-01,,stated,,,plan,p1,,false,,").Row("attestations.csv", "e-b,even,b,proposed,2018-06-01,,stated,,,plan,p1,,false,,").Load();
        await using var app = Serve.ServeCommand.Build(own.Db, "http://127.0.0.1:0");
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        var filter = Regex.Match(Questions().Select(q => (object[])q).Single(q => (int)q[0] == 4)[1].ToString()!, @"\$filter=(.*?)&").Groups[1].Value;
        var found = JsonDocument.Parse(await http.GetStringAsync($"/odata/Links?$filter={Uri.EscapeDataString(filter)}&asOf=2018-07-01&knownBy=2018-07-01")).RootElement.GetProperty("value");
        Assert.Equal(["uneven"], found.EnumerateArray().Select(l => l.GetProperty("id").GetString()!));
    }
}
