using System.Text;
using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The questions of an engineer at the terminal, on the register that ships.</summary>
[Collection(nameof(ShippedService))]
public sealed class CommandsTests(ShippedService service)
{
    private async Task<List<JsonElement>> Links(params string[] options)
    {
        var result = await service.Command(["links", .. options, "--format", "json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. result.Json.EnumerateArray()];
    }

    private static int? Annex3(JsonElement link) => link.GetProperty("references").EnumerateArray().Where(r => r.GetProperty("list").GetString() == "annex3-2018")
        .Select(r => (int?)r.GetProperty("item").GetInt32()).FirstOrDefault();

    private static IEnumerable<int> Items(IEnumerable<JsonElement> links) => links.Select(Annex3).OfType<int>().Order();

    [Fact]
    public async Task On_the_day_of_the_plan_all_26_items_are_listed_and_all_but_services_and_studies_are_broken()
    {
        Assert.Equal(Enumerable.Range(1, 26), Items(await Links("--as-of", "2018-06-29")));
        Assert.Equal(Enumerable.Range(1, 25).Except([3, 4]), Items(await Links("--as-of", "2018-06-29", "--broken")));
    }

    // 香花桥 in Qingpu is another town.
    [Fact]
    public async Task A_town_has_its_own_links_and_not_those_of_a_town_whose_name_holds_its_own()
    {
        var ids = (await Links("--for", "花桥")).Select(l => l.GetProperty("id").GetString()).Order(StringComparer.Ordinal).ToList();
        Assert.Contains("s1-m11", ids);
        Assert.DoesNotContain("beiyuan-tianchen", ids);
        Assert.Equal(ids, (await Links("--for", "huaqiao")).Select(l => l.GetProperty("id").GetString()).Order(StringComparer.Ordinal));
        Assert.Contains("beiyuan-tianchen", (await Links("--for", "香花桥")).Select(l => l.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task The_day_before_only_what_earlier_pages_attest_is_listed()
    {
        var listed = await Links("--as-of", "2018-06-28");
        Assert.Equal([5], Items(listed));
        var item5 = listed.Single(l => Annex3(l) == 5);
        Assert.Equal("structure_complete", item5.GetProperty("stage").GetString());
        Assert.Equal("2018-05-30", item5.GetProperty("statedOn").GetString());
    }

    [Theory]
    [InlineData(1, "2023-06-22", true, "not_open")]
    [InlineData(1, "2023-06-26", false, "open")]
    [InlineData(8, "2023-11-30", true, "not_open")]
    [InlineData(8, "2023-12-03", false, "open")]
    [InlineData(9, "2023-11-30", true, "not_open")]
    [InlineData(9, "2023-12-03", false, "open")]
    public async Task A_link_turns_open_on_the_day_that_its_sources_say(int item, string asOf, bool broken, string state)
    {
        var link = (await Links("--as-of", asOf)).Single(l => Annex3(l) == item);
        Assert.Equal((broken, state), (link.GetProperty("broken").GetBoolean(), link.GetProperty("state").GetString()));
        if (item == 9) Assert.Equal("bottleneck", link.GetProperty("nature").GetString());
    }

    [Fact]
    public async Task What_was_not_yet_known_does_not_count()
    {
        var link = (await Links("--as-of", "2023-12-03", "--known-by", "2023-11-30")).Single(l => Annex3(l) == 8);
        Assert.NotEqual("open", link.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, link.GetProperty("laterEvidence").ValueKind);
    }

    [Fact]
    public async Task Hindsight_names_its_source()
    {
        var link = (await Links("--as-of", "2023-11-30")).Single(l => Annex3(l) == 9);
        Assert.Equal("people-jiangsu-2023-12-03", link.GetProperty("laterEvidence").GetString());
    }

    [Fact]
    public async Task What_nobody_attested_since_2018_is_unverified_with_the_age_of_its_evidence()
    {
        var stale = (await Links("--as-of", "2026-11-22")).Where(l => Annex3(l) is 11 or 12 or 13 or 14 or 15 or 16 or 17 or 18 or 19 or 20 or 21 or 25).ToList();
        Assert.Equal(12, stale.Count);
        Assert.All(stale, l => Assert.Equal(("unverified", 3068), (l.GetProperty("state").GetString(), l.GetProperty("evidenceAgeDays").GetInt32())));
    }

    [Fact]
    public async Task Overdue_names_the_pledges_for_2018_that_nothing_met()
    {
        Assert.Equal([7], Items(await Links("--as-of", "2019-06-30", "--overdue")));
        var table = await service.Command("links", "--as-of", "2019-06-30", "--overdue");
        Assert.Contains("Six dead-end roads", table.Output, StringComparison.Ordinal);   // a promise about a number stands beside, on no link
    }

    [Fact]
    public async Task Changes_between_two_days_are_those_whose_stage_differs() =>
        Assert.Equal([8, 9], Items(await Links("--changed-since", "2023-12-01", "--as-of", "2023-12-03")));

    [Fact]
    public async Task Filters_narrow_the_answer()
    {
        Assert.All(await Links("--kind", "metro"), l => Assert.Equal("metro", l.GetProperty("kind").GetString()));
        Assert.All(await Links("--nature", "bottleneck", "--state", "open"), l => Assert.Equal(("bottleneck", "open"), (l.GetProperty("nature").GetString(), l.GetProperty("state").GetString())));
        Assert.All(await Links("--older-than", "3000"), l => Assert.True(l.GetProperty("evidenceAgeDays").GetInt32() > 3000));
        Assert.Contains(await Links("--unit", "淀山湖"), l => Annex3(l) == 14);
        Assert.Contains(await Links("--near", "121.0998,31.3006", "--within", "10"), l => Annex3(l) == 1);
    }

    [Fact]
    public async Task Every_answer_carries_what_a_reader_needs_to_judge_it()
    {
        var link = (await Links("--as-of", "2018-06-29")).Single(l => Annex3(l) == 1);
        foreach (var name in (string[])["id", "nameZh", "nameEn", "kind", "nature", "references", "state", "broken", "stage", "statedOn", "evidenceAgeDays", "basis", "source", "laterEvidence", "accuracyMetres", "area", "asOf", "knownBy"])
            Assert.True(link.TryGetProperty(name, out _), name);
    }

    [Fact]
    public async Task Csv_opens_right_in_Excel()
    {
        using var process = JietongProcess.Start(service.Database.Address, "links", "--format", "csv");
        using var bytes = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(bytes);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes.ToArray()[..3]);
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        Assert.Contains("\r\n", text, StringComparison.Ordinal);
        Assert.Contains("annex3-2018:12; dianshanhu-2018", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GeoJson_is_a_feature_collection_with_one_feature_a_link()
    {
        var collection = (await service.Command("links", "--format", "geojson", "--as-of", "2018-06-29")).Json;
        Assert.Equal("FeatureCollection", collection.GetProperty("type").GetString());
        Assert.Equal((await Links("--as-of", "2018-06-29")).Count, collection.GetProperty("features").GetArrayLength());
    }

    [Fact]
    public async Task A_link_leads_to_every_document_and_the_place_in_it()
    {
        var link = (await service.Command("link", "s1-m11", "--format", "json")).Json;
        Assert.Equal(2, link.GetProperty("Sides").GetArrayLength());
        Assert.All(link.GetProperty("Attestations").EnumerateArray(), a =>
        {
            Assert.NotEqual("", a.GetProperty("place").GetString());
            Assert.NotEqual("", a.GetProperty("Source").GetProperty("title").GetString());
        });
        var page = await service.Command("link", "s1-m11");
        Assert.Contains("附件3 第1项", page.Output, StringComparison.Ordinal);
        Assert.Contains("昆委〔2018〕30号", page.Output, StringComparison.Ordinal);
        Assert.Contains("https://jtyst.jiangsu.gov.cn/", page.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seven_of_seventeen_stands_beside_what_the_register_attests_and_is_left_undecided()
    {
        var claim = (await service.Command("claims", "--format", "json")).Json.EnumerateArray()
            .Single(c => c.GetProperty("asOf").GetString() == "2019-12-11" && c.GetProperty("countTotal").ValueKind == JsonValueKind.Number);
        Assert.Equal((7, 17, "undecided"), (claim.GetProperty("countDone").GetInt32(), claim.GetProperty("countTotal").GetInt32(), claim.GetProperty("verdict").GetString()));
        Assert.Equal(["jindian-songze"], claim.GetProperty("attestedIds").EnumerateArray().Select(i => i.GetString()));
        Assert.Contains("differ", claim.GetProperty("reasonEn").GetString(), StringComparison.Ordinal);
        Assert.Contains("7 of 17", (await service.Command("claims")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_are_listed_with_their_grade() =>
        Assert.Contains((await service.Command("sources", "--format", "json")).Json.EnumerateArray(), s => s.GetProperty("documentNo").GetString() == "昆委〔2018〕30号" && s.GetProperty("grade").GetString() == "GOV");
}
