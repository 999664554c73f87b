using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Geodata.Query;
using Jietong.Worlds;
using Npgsql;
using Xunit;
using static Jietong.Services.Tests.FeaturesAsking;

namespace Jietong.Services.Tests;

/// <summary>Pages of features: in the order that is asked for, each feature once, whatever is added meanwhile; each page costs the same.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesPagesTests(ShippedService service)
{
    private const string Links = "link_as_of('2026-11-22', '2026-11-22')";

    /// <summary>SQL sorts here by words of its own; nulls come first going up, last going down, and the key decides among equals.</summary>
    [Theory]
    [InlineData("roads", "", "road", "id", 50)]
    [InlineData("roads", "id", "road", "id", 293)]
    [InlineData("roads", "-id", "road", "id desc", 100)]
    [InlineData("roads", "-lengthMetres", "road", "0 - length_metres", 37)]
    [InlineData("roads", "%2Bclass,-lengthMetres", "road", "class collate \"C\", length_metres desc", 13)]   // a plus, encoded as it must be
    [InlineData("roads", "+class,-lengthMetres", "road", "class collate \"C\", length_metres desc", 90)]      // and as it is written
    [InlineData("roads", "crossingAdcode,-nameEn", "road", "coalesce(crossing_adcode, ''), name_en collate \"C\" desc, id", 20)]
    [InlineData("roads", "-crossingAdcode,validFrom", "road", "coalesce(crossing_adcode, '') desc, coalesce(edtf_latest(valid_from), '-infinity'), id", 60)]
    [InlineData("links", "-broken,since,nameEn", Links, "broken desc, since nulls first, name_en collate \"C\", id", 7)]
    [InlineData("links", "lengthMetres,-evidenceAgeDays", Links, "coalesce((select value from design_value v join source s on s.id = v.source_id where v.link_id = link_as_of.id and side is null and quantity = 'lengthMetres' order by grade_rank, published_latest desc, v.id limit 1), -1), attested_on, id", 11)]
    [InlineData("stops", "line,seq", "stop", "line_id::text collate \"C\", seq", 1)]
    [InlineData("stops", "-accuracyMetres,adcode", "stop", "coalesce(accuracy_metres, -1) desc, coalesce(adcode, ''), id", 40)]
    [InlineData("attestations", "-heldFrom,recordedAt,grade", "attestation_published('2026-11-22')", "held_from_latest desc, recorded_at, (select grade from source where source.id = source_id), id", 29)]
    public async Task All_pages_together_are_the_features_in_their_order(string collection, string sortby, string from, string order, int limit)
    {
        var expected = await service.Database.Column($"select id from {from} order by {order}");
        var (seen, pages) = (new List<string>(), 0);
        await foreach (var page in service.Pages($"/collections/{collection}/items?limit={limit}{(sortby == "" ? "" : "&sortby=" + sortby)}{Asking.Days}"))
        {
            var returned = page.GetProperty("features").GetArrayLength();
            Assert.Equal((expected.Count, Math.Min(limit, expected.Count - seen.Count)), (page.GetProperty("numberMatched").GetInt32(), returned));
            Assert.Equal(returned, page.GetProperty("numberReturned").GetInt32());
            seen.AddRange(Ids(page));
            pages++;
        }
        Assert.Equal(expected, seen);
        Assert.Equal((expected.Count + limit - 1) / limit, pages);   // none of them empty
    }

    [Fact]
    public async Task What_is_chosen_is_chosen_on_every_page()
    {
        var seen = new List<string>();
        await foreach (var page in service.Pages($"/collections/roads/items?limit=9&class=motorway&bbox=121,31,121.3,31.4&filter={Uri.EscapeDataString("lengthMetres > 2000 OR ref IN ('G2','S32')")}&sortby=-lengthMetres&properties=class,lengthMetres&crs=http://www.opengis.net/def/crs/EPSG/0/4490"))
        {
            seen.AddRange(Ids(page));
            Assert.All(page.GetProperty("features").EnumerateArray(), f => Assert.Equal(("id class lengthMetres", true), (string.Join(' ', f.GetProperty("properties").EnumerateObject().Select(p => p.Name)), f.GetProperty("geometry").GetProperty("coordinates")[0][0].GetDouble() < 32)));
        }
        Assert.Equal(await service.Database.Column("select id from road where class = 'motorway' and ST_Intersects(geom, ST_MakeEnvelope(121, 31, 121.3, 31.4, 4326)) and (length_metres > 2000 or ref in ('G2', 'S32')) order by length_metres desc, id"), seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sortby=-value,unit")]
    public async Task Features_added_between_two_pages_shift_nothing(string sortby)
    {
        var known = new List<string>();
        await foreach (var page in service.Pages($"/collections/assumptions/items?limit=25{sortby}")) known.AddRange(Ids(page));
        var seen = new List<string>();
        try
        {
            await foreach (var page in service.Pages($"/collections/assumptions/items?limit=10{sortby}"))
            {
                seen.AddRange(Ids(page));
                await service.Database.Execute($"insert into assumption (id, value, low, high, unit, ours, note_zh) select x || '-new-{seen.Count}', v, v, v, 'min', true, '新' from (values ('aaa', 1e6), ('mmm', 7), ('zzz', 0.0001)) r(x, v)");
            }
        }
        finally { await service.Database.Execute("delete from assumption where id like '%-new-%'"); }
        Assert.Equal(known, seen.Where(id => !id.Contains("-new-", StringComparison.Ordinal)));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    /// <summary>Clients that count instead of following links (OWSLib, ogc-client) skip by offset; the links that follow do not skip again.</summary>
    [Fact]
    public async Task What_is_skipped_is_skipped_once()
    {
        var seen = new List<string>();
        await foreach (var page in service.Pages("/collections/roads/items?limit=40&offset=100&sortby=-lengthMetres")) seen.AddRange(Ids(page));
        Assert.Equal(await service.Database.Column("select id from road order by length_metres desc, id offset 100"), seen);
        Assert.Equal((293, 0), (await service.Json("/collections/roads/items?offset=500") is var beyond ? beyond.GetProperty("numberMatched").GetInt32() : 0, beyond.GetProperty("numberReturned").GetInt32()));
    }

    [Fact]
    public async Task A_limit_beyond_the_largest_is_the_largest()
    {
        foreach (var limit in (string[])["10000", "10001", "2000000000"]) Assert.Equal(293, (await service.Items("roads", "limit=" + limit)).Count);
        Assert.Null(LinkOf(await service.Json("/collections/roads/items?limit=293"), "next"));
        Assert.NotNull(LinkOf(await service.Json("/collections/roads/items?limit=292"), "next"));
    }

    [Fact]
    public async Task A_position_that_is_damaged_or_of_another_question_is_refused()
    {
        var next = LinkOf(await service.Json($"/collections/links/items?limit=5&sortby=nameZh&kind=road{Asking.Days}"), "next")!;
        var token = Regex.Match(next, "after=([^&]*)").Groups[1].Value;
        string[] wrong =
        [
            next.Replace(token, token[..^4] + "AAAA", StringComparison.Ordinal), next.Replace(token, "x", StringComparison.Ordinal), next.Replace(token, "", StringComparison.Ordinal), next.Replace(token, new string('A', 5000), StringComparison.Ordinal),
            next.Replace("sortby=nameZh", "sortby=nameEn", StringComparison.Ordinal), next.Replace("sortby=nameZh", "sortby=-nameZh", StringComparison.Ordinal), next.Replace("kind=road", "kind=rail", StringComparison.Ordinal),
            next.Replace("/links/", "/link-lines/", StringComparison.Ordinal), next + "&filter=broken", next + "&bbox=121,31,122,32", next.Replace("asOf=2026-11-22", "asOf=2026-11-21", StringComparison.Ordinal),
        ];
        foreach (var address in wrong) Assert.Contains("after", await service.Problem(address, 400), StringComparison.Ordinal);
        for (var i = 0; i < token.Length - 1; i += 5)   // the last character may carry idle bits
            await service.Problem(next.Replace(token, $"{token[..i]}{(token[i] == 'A' ? 'B' : 'A')}{token[(i + 1)..]}", StringComparison.Ordinal), 400);
        Assert.Equal(3, (await service.Json(next.Replace("limit=5", "limit=3", StringComparison.Ordinal))).GetProperty("numberReturned").GetInt32());   // how many and in what form is free
        Assert.Equal("text/html", (await service.Http.Accept(next + "&f=html", "*/*")).MediaType);
    }

    /// <summary>Among very many rows, a page behind the last but a few reads no more of them than the first page does.</summary>
    [Fact]
    public async Task A_deep_page_reads_as_few_rows_as_the_first()
    {
        await using var world = await new RegisterWorld().Load();
        await world.Execute("insert into assumption (id, value, low, high, unit, ours, note_zh) select 'a-' || lpad(n::text, 6, '0'), n, n, n, 'min', true, '测' from generate_series(1, 100000) n");
        await world.Execute("analyze assumption");
        foreach (var position in new object?[]?[] { null, ["a-050000"], ["a-099000"] })
        {
            var page = SqlWriter.Select(new Query(NetworkLayers.Assumptions) { Limit = 101, WithPosition = true, After = position });
            await using var explain = world.Db.CreateCommand("explain (analyze, format json) " + page.Text);
            foreach (var value in page.Parameters) explain.Parameters.Add(new NpgsqlParameter { Value = value });
            var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!).RootElement[0].GetProperty("Plan");
            Assert.Equal(101, plan.GetProperty("Actual Rows").GetDouble());
            Assert.InRange(Read(plan), 101, 202);
        }
    }

    /// <summary>The rows that the scans of a plan look at.</summary>
    private static double Read(JsonElement plan) => plan.TryGetProperty("Plans", out var inner) ? inner.EnumerateArray().Sum(Read)
        : plan.GetProperty("Actual Rows").GetDouble() + (plan.TryGetProperty("Rows Removed by Filter", out var removed) ? removed.GetDouble() : 0);
}
