using System.Text.RegularExpressions;
using Jietong.Geodata.Query;
using Jietong.Geodata.Register;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>The register that ships: what every row of it must keep, however many it holds, and the days on which its answers are known.</summary>
public sealed partial class ShippedRegisterTests(ShippedRegisterTests.World world) : IClassFixture<ShippedRegisterTests.World>
{
    public sealed class World() : WorldFixture(Shipped);

    private async Task None(string sql) => Assert.Equal([], await world.Database.Column(sql));

    private Task<List<string>> Links(string columns, string asOf, string knownBy, string where = "true") =>
        world.Database.Column($"select concat_ws(' ', {columns}) from link_as_of('{asOf}', '{knownBy}') l where {where} order by 1");

    private async Task<string?> State(string link, string asOf, string knownBy = "2026-11-22") => (await Links("state", asOf, knownBy, $"id = '{link}'")).SingleOrDefault();

    // The schema refuses null and blank; a place of only punctuation would still name none.
    [Theory]
    [InlineData("attestation")]
    [InlineData("target")]
    [InlineData("claim")]
    [InlineData("design_value")]
    [InlineData("link_side")]
    [InlineData("link_reference")]
    [InlineData("link_unit")]
    [InlineData("list")]
    [InlineData("link")]
    public async Task Every_statement_has_a_source_and_a_place_in_it(string table)
    {
        await None($"select t::text from {table} t left join source s on s.id = t.source_id where s.id is null or s.title !~ '[[:alnum:]]' or t.place !~ '[[:alnum:]]'");
        Assert.NotEqual(0, await world.Database.Scalar<long>($"select count(*) from {table}"));
    }

    [Fact]
    public async Task Every_position_has_a_source_and_a_note_in_both_languages() => await None("""
        select l.id from link l where l.geom is not null
          and (not exists (select from position_source p where p.link_id = l.id) or l.position_note_zh is null or l.position_note_en is null)
        """);

    [Theory]
    [InlineData("attestation")]
    [InlineData("target")]
    public async Task What_is_inferred_names_its_premises_in_both_languages(string table)
    {
        await None($"select id from {table} where basis = 'inferred' and (premises_zh !~ '[一-龥]' or premises_en !~ '[A-Za-z]' or premises_zh is null or premises_en is null)");
        await None($"select id from {table} where basis <> 'inferred' and num_nonnulls(premises_zh, premises_en) > 0");
    }

    [Fact]
    public async Task Every_link_has_names_in_both_languages_and_two_sides()
    {
        await None("select id from link where name_zh !~ '[一-龥]' or name_en !~ '[A-Za-z]' or area_zh !~ '[一-龥]' or area_en !~ '[A-Za-z]'");
        await None("select l.id from link l left join link_side s on s.link_id = l.id group by 1 having array_agg(s.side order by s.side) <> array['a', 'b']");
        await None("select name_zh from link group by 1 having count(*) > 1");
    }

    [Fact]
    public async Task Notes_stand_in_both_languages_or_in_none()
    {
        foreach (var table in (string[])["source", "list", "link", "link_side", "link_reference", "design_value", "attestation", "target", "claim"])
            await None($"select '{table}: ' || t::text from {table} t where num_nonnulls(note_zh, note_en) = 1");
    }

    [Fact]
    public async Task Annex_3_has_its_26_items_once_each() => Assert.Equal(Enumerable.Range(1, 26).Select(i => $"{i}"),
        await world.Database.Column("select item from link_reference where list_id = 'annex3-2018' order by item"));

    // A circle that is too small for the road says that we know better than we do.
    [Fact]
    public async Task The_circle_around_an_estimated_road_can_hold_its_declared_length() => await None("""
        select l.id || ': ' || v.value || ' m in a circle of ' || l.accuracy_metres from link l join design_value v on v.link_id = l.id
        where l.kind = 'road' and l.accuracy_kind = 'estimated' and GeometryType(l.geom) = 'POINT'
          and v.quantity = 'lengthMetres' and v.side is null and v.value > 2 * l.accuracy_metres + 100
        """);

    [Fact]
    public async Task Every_position_lies_around_Shanghai_s_border()
    {
        await None("select id from link where not geom @ ST_MakeEnvelope(119.5, 30, 122.2, 32.3, 4326)");
        await None("select id from link where GeometryType(geom) = 'MULTILINESTRING' and ST_Length(geom::geography) not between 50 and 60000");   // a swapped digit makes leaps
        await None("select id from link where accuracy_kind in ('surveyed', 'mapped', 'digitised') and accuracy_metres > 1000");
    }

    // Where the files were gathered stays where they were gathered. Addresses may hold anything (%E4 is half a character).
    [Fact]
    public void No_file_names_the_notes_that_it_was_made_from()
    {
        var files = Directory.GetFiles(Load.ShippedFolder);
        Assert.NotEmpty(files);
        foreach (var file in files)
            foreach (var (line, number) in File.ReadAllLines(file).Select((line, i) => (Address().Replace(line, ""), i + 1)))
                Assert.False(WorkingNotes().IsMatch(line), $"{Path.GetFileName(file)} line {number}: {line}");
    }

    [GeneratedRegex(@"https?://[^\s,""]+")] private static partial Regex Address();
    [GeneratedRegex(@"\b[DE]\d{1,3}\b|\bTODO\b")] private static partial Regex WorkingNotes();

    private const string Annex3 = "exists (select from link_reference r where r.link_id = l.id and r.list_id = 'annex3-2018')";

    [Fact]
    public async Task On_the_day_of_the_plan_all_its_items_are_listed_and_23_broken()
    {
        Assert.Equal(26, (await Links("id", "2018-06-29", "2026-11-22", Annex3)).Count);
        Assert.Equal(23, (await Links("id", "2018-06-29", "2026-11-22", Annex3 + " and broken")).Count);
        Assert.Equal(["jindian-songze structure_complete"], await Links("id, stage", "2018-06-28", "2026-11-22", Annex3));   // item 5 alone was spoken of before
        Assert.Equal(["5"], await world.Database.Column("select item from link_reference where list_id = 'annex3-2018' and link_id = 'jindian-songze'"));
    }

    [Theory]
    [InlineData("s1-m11", "2023-06-22", "not_open")]
    [InlineData("s1-m11", "2023-06-26", "open")]
    [InlineData("yanhu-shengli", "2023-11-30", "not_open")]
    [InlineData("yanhu-shengli", "2023-12-03", "open")]
    [InlineData("waiqingsong", "2023-11-30", "not_open")]
    [InlineData("waiqingsong", "2023-12-03", "open")]
    public async Task Opens_between_the_days_that_its_sources_tell(string link, string asOf, string state) => Assert.Equal(state, await State(link, asOf));

    [Fact]
    public async Task What_was_published_later_was_not_known()
    {
        Assert.NotEqual("open", await State("yanhu-shengli", "2023-12-03", knownBy: "2023-11-30"));
        Assert.Equal(["true"], await Links("broken::text", "2023-12-03", "2023-11-30", "id = 'yanhu-shengli'"));
    }

    [Fact]
    public async Task Promises_for_2018_are_overdue_in_2019_unless_met()
    {
        var overdue = await world.Database.Column("select distinct link_id from target_as_of('2019-06-30', '2026-11-22') where overdue");
        Assert.Contains("shuguang-fuxing", overdue);
        Assert.DoesNotContain("jindian-songze", overdue);
    }

    [Fact]
    public async Task What_nobody_attested_since_2018_is_unverified_today()
    {
        const string silent = "not exists (select from attestation a join source s on s.id = a.source_id where a.link_id = l.id and (s.published_latest >= '2019-01-01' or greatest(a.held_from_latest, a.held_to_latest) >= '2019-01-01'))";
        var stale = await Links("state, (evidence_age_days > 2900)::text", "2026-11-22", "2026-11-22", $"{Annex3} and {silent}");
        Assert.NotEmpty(stale);
        Assert.All(stale, row => Assert.Equal("unverified true", row));
    }

    // Every column of every layer is read, filtered and sorted by, every relation followed: the catalogue and the schema agree.
    [Theory]
    [MemberData(nameof(LayerNames))]
    public async Task All_that_the_catalogue_names_can_be_asked_for(string name)
    {
        var layer = Catalogue.Collections.Append(Catalogue.Links).Single(l => l.Name == name);
        var query = new Query.Query(layer)
        {
            AsOf = new(2026, 11, 22), KnownBy = new(2026, 11, 22), Since = new(2018, 6, 29), Limit = 5,
            Filter = layer.Columns.Select(c => (Expression)new Not(new IsNull(new ColumnValue(c.Name)))).Aggregate((a, b) => new Or(a, b)),
            OrderBy = [.. layer.Columns.Where(c => c.Type is not ColumnType.Json).Select(c => new Order(new ColumnValue(c.Name)))],
            Expand = [.. layer.Relations.Select(r => new Expand(r, new(Catalogue.Layer(r.Target))))],
        };
        await using var reader = await RowReader.Ask(world.Database.Db, query, count: true);
        Assert.Equal([.. layer.Columns.Select(c => c.Name), .. layer.Relations.Select(r => r.Name)], reader.Columns.Select(c => c.Name));
        if (!await reader.Read() && (GainLayers.All.Contains(layer) || layer.BuiltOn?.Any(t => t is "dataset" or "gap") == true)) return;   // nobody has computed or imported them here
        for (var i = 0; i < reader.Columns.Count; i++) Assert.True(reader.Value(i) is not null || reader.Columns[i].Nullable, reader.Columns[i].Name);
    }

    public static TheoryData<string> LayerNames => [.. Catalogue.Collections.Append(Catalogue.Links).Select(l => l.Name)];
}
