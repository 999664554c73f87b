using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Clients that others wrote, in <c>tests/Clients</c>, against the running service: one generated from our metadata and checked by the TypeScript compiler,
/// one that builds addresses. Each check of theirs that is named here gets what SQL answers.</summary>
[Collection(nameof(ShippedService))]
public sealed class NpmClientTests(ShippedService service)
{
    private const string Today = "link_as_of('2026-11-22', '2026-11-22')";

    private static readonly Dictionary<string, string> Sql = new()
    {
        ["typed: state and Chinese text, ordered"] = $"select id from {Today} where state = 'open' and name_zh like '%公路%' order by name_en desc, id",
        ["typed: days and numbers"] = $"select id from {Today} where since between '2018-01-01' and '2023-12-31' and evidence_age_days > 1000 order by id",
        ["typed: any of the related rows"] = "select link_id from attestation_published('2026-11-22') where stage = 'open' and basis = 'stated' group by 1 order by 1",
        ["typed: any of a list of objects"] = "select link_id from link_reference where list_id = 'annex3-2018' and item <= 3 order by 1",
        ["typed: a related row's value"] = "select a.id from attestation_published('2026-11-22') a join link l on l.id = a.link_id join source s on s.id = a.source_id where l.kind = 'metro' and s.grade = 'GOV' order by 1",
        ["typed: Broken(asOf, knownBy)"] = "select id from link_as_of('2023-12-03', '2023-11-30') where broken order by id",
        ["typed: Links/AsOf(asOf)"] = "select id from link_as_of('2018-06-29', current_date + 1) order by id",
        ["built: Chinese text"] = $"select id from {Today} where name_zh like '%花桥%' order by id",
        ["built: Chinese quotes, brackets and dashes"] = $"select id from {Today} where name_zh like '%“双环”%' or name_zh = '兴豪路（亭枫公路—浙江省界）' order by id",
        ["built: a text with an apostrophe"] = $"select id from {Today} where name_en like '%Bao''an %' order by id",
        ["built: and, or, not, in"] = $"select id from {Today} l where kind in ('metro', 'rail') and state <> 'open' and (nature = 'bottleneck' or exists (select from attestation where link_id = l.id and stage = 'under_construction')) order by id",
        ["built: days"] = $"select id from {Today} where since >= '2018-06-29' and since < '2023-01-01' order by id",
        ["built: nothing there"] = $"select id from {Today} where later_evidence is null and accuracy_kind is not null order by id",
        ["built: any"] = "select link_id from attestation_published('2026-11-22') where stage = 'open' and basis <> 'inferred' group by 1 order by 1",
        ["built: all"] = $"select id from {Today} l where not exists (select from link_side where link_id = l.id and adcode not like '3205%') order by id",
        ["built: any of plain texts"] = $"select id from {Today} where '沪苏嘉城际铁路上海段' = any(other_names)",
        ["built: a path to one related row"] = $"select l.id from {Today} l join source s on s.id = l.source_id where s.grade = 'STATE' order by 1",
        ["built: functions of text and days"] = $"select id from {Today} where char_length(name_zh) > 12 and extract(year from stated_on) >= 2023 order by id",
        ["built: order, top and skip"] = $"select id from {Today} order by state desc, evidence_age_days, id limit 7 offset 5",
        ["built: a function of a set"] = "select id from link_as_of('2018-06-29', '2020-01-01') where broken order by id",
        ["built: values by aliases"] = "select id from link_as_of('2018-06-29', '2020-01-01') where name_zh like '%''@day%' or kind = 'road' order by id",
    };

    private static Task? compiled;

    [Theory]
    [InlineData("typed")]
    [InlineData("built")]
    public async Task A_client_from_npm_gets_what_SQL_answers(string client)
    {
        await (compiled ??= Compile());
        var answers = new Dictionary<string, List<string>>();
        foreach (var (check, sql) in Sql.Where(s => s.Key.StartsWith(client, StringComparison.Ordinal)))
        {
            answers[check] = await service.Database.Column(sql);
            Assert.True(answers[check].Count > 0, $"{check}: SQL finds nothing, so it would prove nothing.");
        }
        var output = (await NpmFolder.Clients.Run("npm", ["run", "--silent", client, "--", new Uri(service.Http.BaseAddress!, "odata").ToString()], environment: ("ANSWERS", JsonSerializer.Serialize(answers)))).Succeeded;
        Assert.All(answers.Keys, check => Assert.Contains($"ok   {check}\n", output, StringComparison.Ordinal));
    }

    /// <summary>Generates the client from the metadata as served, and compiles it with what uses it rightly and wrongly: <c>wrong.ts</c> holds errors that the compiler must find.</summary>
    private async Task Compile()
    {
        var generated = Path.Combine(NpmFolder.Clients.Folder, "obj");
        if (Directory.Exists(generated)) Directory.Delete(generated, recursive: true);
        Directory.CreateDirectory(generated);
        await File.WriteAllBytesAsync(Path.Combine(generated, "metadata.xml"), await service.Http.GetByteArrayAsync("/odata/$metadata"));
        var compiler = await NpmFolder.Clients.Run("npm", ["run", "--silent", "compile"]);
        Assert.DoesNotContain("Duplicate name", compiler.Succeeded + compiler.Error, StringComparison.Ordinal);   // the generator would call what we named by a name of its own
    }
}
