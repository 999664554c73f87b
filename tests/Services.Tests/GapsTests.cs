using System.Text.Json;
using Jietong.Geodata.Gaps;
using Jietong.Routing;
using Jietong.Services.Gaps;
using Jietong.Services.Streets;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Road ends that face each other across a border are found in the road data, ranked by what joining them would save, and nothing else is.</summary>
public sealed class GapsTests(GapsWorld world) : IClassFixture<GapsWorld>
{
    private static readonly string[] Found = ["断头路东 断头路西", "孤岛路东 孤岛路西", "临河路 沿河路", "禁行桥东 禁行桥西", "隔离桥 隔离桥"];

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("310118")]
    [InlineData("青浦区")]
    [InlineData("青浦")]     // by the register's name of the adcode
    [InlineData("waterway")]
    public async Task Ends_across_the_border_are_found_by_whatever_names_it(string border)
    {
        var gaps = await world.Gaps("--border", border);
        Assert.Equal(Sorted(Found.Except(["孤岛路东 孤岛路西"])), Sorted(gaps.Select(GapsWorld.Names)));   // nobody lives on the island
        Assert.Equal(Enumerable.Range(1, gaps.Count), gaps.Select(g => g.GetProperty("rank").GetInt32()));
        Assert.Equal(gaps.Select(g => g.GetProperty("savedSeconds").GetDouble()).OrderDescending(), gaps.Select(g => g.GetProperty("savedSeconds").GetDouble()));
    }

    [Fact]
    public async Task What_a_gap_is_is_told()
    {
        var gaps = (await world.Gaps("--border", "waterway", "--all")).ToDictionary(GapsWorld.Names);
        Assert.Equal(Sorted([.. Found, "慢路东 慢路西"]), Sorted(gaps.Keys));
        var ends = gaps["断头路东 断头路西"];
        Assert.Equal(("ends", 200, 13_800, 69, 0, 0), (ends.GetProperty("kind").GetString(), Math.Round(ends.GetProperty("metres").GetDouble()), 100 * Math.Round(ends.GetProperty("networkMetres").GetDouble() / 100), Math.Round(ends.GetProperty("detour").GetDouble()), ends.GetProperty("angleA").GetDouble(), ends.GetProperty("angleB").GetDouble()));
        Assert.Equal(("end-road", JsonValueKind.Number, JsonValueKind.Null), (gaps["临河路 沿河路"].GetProperty("kind").GetString(), gaps["临河路 沿河路"].GetProperty("angleA").ValueKind, gaps["临河路 沿河路"].GetProperty("angleB").ValueKind));
        Assert.Equal(JsonValueKind.Null, gaps["孤岛路东 孤岛路西"].GetProperty("networkMetres").ValueKind);
        Assert.Equal(("barred", "barrier=bollard 1.5 m"), (gaps["隔离桥 隔离桥"].GetProperty("kind").GetString(), gaps["隔离桥 隔离桥"].GetProperty("barredBy").GetString()));
        Assert.Equal("motor_vehicle=no", gaps["禁行桥东 禁行桥西"].GetProperty("barredBy").GetString());
        Assert.Equal((JsonValueKind.Null, 0.0), (gaps["慢路东 慢路西"].GetProperty("rank").ValueKind, gaps["慢路东 慢路西"].GetProperty("savedSeconds").GetDouble()));   // a decoy: it joins, and helps nobody
    }

    [Fact]
    public async Task Each_condition_holds_back_what_does_not_meet_it()
    {
        Assert.DoesNotContain("近桥路东 近桥路西", (await world.Gaps("--border", "waterway", "--all")).Select(GapsWorld.Names));
        Assert.Contains("近桥路东 近桥路西", (await world.Gaps("--border", "waterway", "--all", "--detour", "3")).Select(GapsWorld.Names));
        Assert.DoesNotContain("断头路东 断头路西", (await world.Gaps("--border", "waterway", "--all", "--within", "190")).Select(GapsWorld.Names));
        var line = Path.Combine(world.Folder, "..", $"{Guid.NewGuid():N}.wkt");
        var ((x, y), (u, v)) = (RoadWorld.At(0, 4800), RoadWorld.At(0, 5200));
        await File.WriteAllTextAsync(line, FormattableString.Invariant($"LINESTRING({x} {y}, {u} {v})"));
        Assert.Equal(["断头路东 断头路西"], (await world.Gaps("--border", line)).Select(GapsWorld.Names));
        await File.WriteAllTextAsync(line, FormattableString.Invariant($"{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{{\"type\":\"LineString\",\"coordinates\":[[{x},{y}],[{u},{v}]]}}}}"));
        Assert.Equal(["断头路东 断头路西"], (await world.Gaps("--border", line)).Select(GapsWorld.Names));
        File.Delete(line);
    }

    [Fact]
    public async Task A_bridge_taken_out_is_found_again()
    {
        var bridge = await world.Database.Scalar<string>("select string_agg(id, ',') from street where name = '大桥' and ST_Intersects(geom, (select ST_Collect(geom) from map_line where kind = 'waterway'))");
        var gaps = await world.Gaps("--border", "waterway", "--within", "700", "--without", bridge);
        Assert.Contains("大桥路东 大桥路西", gaps.Select(GapsWorld.Names));
    }

    [Fact]
    public async Task What_a_gap_saves_is_what_Dijkstra_finds_with_it_built()
    {
        var (question, streets) = (new GapQuestion(), await StreetNetwork.Load(world.Database.Db));
        var found = await GapFinder.Find(world.Database.Db, "waterway", question, []);
        Assert.Equal(6, found.Ranked.Count + found.Useless.Count);
        var before = MeanMs(streets, found.Trips, null, question);
        foreach (var candidate in found.Ranked.Concat(found.Useless))
            Assert.Equal(before - MeanMs(streets, found.Trips, candidate, question), candidate.SavedMs, 0.01);
    }

    /// <summary>The streets with the candidate built into them, and a tree from every source.</summary>
    private static double MeanMs(StreetNetwork streets, Trips trips, Candidate? built, GapQuestion question)
    {
        var (network, n) = (streets.Network, streets.Network.JunctionCount);
        var (tails, heads, times) = (new List<int>(), new List<int>(), new List<int>());
        void Add(int tail, int head, int ms)
        {
            tails.Add(tail);
            heads.Add(head);
            times.Add(ms);
        }
        for (var arc = 0; arc < network.ArcCount; arc++) Add(streets.TailOf(arc), network.Heads[arc], network.TravelTimesMs[arc]);
        foreach (var (joint, i) in (built?.Joints ?? []).Select((j, i) => (j, i)))
            foreach (var arc in Enumerable.Range(0, network.ArcCount))
                if (joint.Junction >= 0 ? arc == 0 : streets.ArcOf[arc].Street == joint.Street)
                {
                    var share = streets.ArcOf[arc].Backward ? 1 - joint.Share : joint.Share;
                    var passed = (int)Math.Round(share * network.TravelTimesMs[arc]);
                    Add(joint.Junction >= 0 ? joint.Junction : streets.TailOf(arc), n + i, joint.Junction >= 0 ? 0 : passed);
                    Add(n + i, joint.Junction >= 0 ? joint.Junction : network.Heads[arc], joint.Junction >= 0 ? 0 : network.TravelTimesMs[arc] - passed);
                }
        foreach (var way in built?.Ways ?? []) Add(n + way.From, n + way.To, question.TimeMs(way.Metres));
        var with = Network.Build(n + (built?.Joints.Count ?? 0), tails, heads, times);
        double sum = 0, weight = 0;
        foreach (var (source, w) in trips.Sources)
        {
            var tree = Dijkstra.TravelTimesFrom(with, source);
            foreach (var (target, v) in trips.Targets)
                if (source != target) (sum, weight) = (sum + w * v * Math.Min(tree[target], CandidateGains.HorizonMs), weight + w * v);
        }
        return sum / weight;
    }

    [Fact]
    public async Task Every_boundary_of_a_province_is_named_that_is_the_border_or_how_many_more_there_are()
    {
        await using var own = await GapsWorld.Own();
        await own.Database.Execute("update map_line set admin_level = 4 where kind = 'boundary'");
        async Task<string> Border() => (await own.Run("gaps", "--format", "json")).Json.GetProperty("about").GetProperty("border").GetString()!;
        Assert.Equal("provinces 昆山市、青浦区", await Border());
        await own.Database.Execute("insert into map_line select (jsonb_populate_record(m, jsonb_build_object('id', m.id || n, 'name', 'Z' || n))).* from map_line m, generate_series(10, 20) n where kind = 'boundary' and name = '青浦区'");
        Assert.EndsWith("Z20、昆山市 等 13 个 and 1 more", await Border(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no boundary of \"月球\"", "--border", "月球")]
    [InlineData("there is no line r9 in the dataset world", "--border", "world:r9")]
    [InlineData("The data hold no railway", "--border", "railway")]
    [InlineData("no boundary of a province")]
    [InlineData("--within: write metres above 0", "--border", "waterway", "--within", "0")]
    [InlineData("--detour: write a number from 1", "--border", "waterway", "--detour", "NaN")]
    [InlineData("--within: write metres above 0, up to 5000. \"abc\" is no number.", "--border", "waterway", "--within", "abc")]
    [InlineData("--detour: write a number from 1 to 1000. \"1,5\" is no number.", "--border", "waterway", "--detour", "1,5")]
    [InlineData("no street \"w99\"", "--border", "waterway", "--without", "w99")]
    public async Task What_is_wrong_is_named(string told, params string[] arguments)
    {
        var ran = await world.Run(["gaps", .. arguments]);
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains(told, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LINESTRING(31.1 121.1, 31.2 121.2)", "has latitude and longitude exchanged")]
    [InlineData("LINESTRING(350000 3440000, 351000 3441000)", "is not in degrees")]
    [InlineData("LINESTRING(13500000 60, 13500000 61)", "is not in degrees")]
    [InlineData("LINESTRING(121 91, 121 92)", "has latitudes beyond 90.")]
    [InlineData("POINT(121.1 31.1)", "holds no line and no area.")]
    [InlineData("{\"type\":\"FeatureCollection\",\"features\":[]}", "holds no line and no area.")]
    [InlineData("{\n \"界\": ]", " line 2, character 7: no JSON: ']'")]
    public async Task What_is_wrong_in_a_border_file_is_named(string text, string told)
    {
        var file = Path.Combine(world.Folder, "..", $"{Guid.NewGuid():N}.txt");
        await File.WriteAllTextAsync(file, text);
        var ran = await world.Run("gaps", "--border", file);
        File.Delete(file);
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains(told, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_in_every_form()
    {
        var ids = (await world.Gaps("--border", "waterway")).Select(g => g.GetProperty("id").GetString()!).ToList();
        var features = (await world.Run("gaps", "--border", "waterway", "--format", "geojson")).Json.GetProperty("features").EnumerateArray().ToList();
        Assert.Equal(ids, features.Select(f => f.GetProperty("id").GetString()));
        Assert.All(features, f => Assert.Equal("LineString", f.GetProperty("geometry").GetProperty("type").GetString()));
        var csv = (await world.Run("gaps", "--border", "waterway", "--format", "csv")).Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids, csv.Skip(1).Select(line => line.Split(',')[0]));
        var table = (await world.Run("gaps", "--border", "waterway")).Output;
        Assert.All(ids, id => Assert.Contains(id, table, StringComparison.Ordinal));
        Assert.Contains("几无帮助而未列 help nobody, left out 2", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_streets_under_two_names_are_the_same_gaps_with_the_same_ids()
    {
        await using var own = await GapsWorld.Own();
        async Task<List<string>> Asked() => [.. (await own.Gaps("--border", "waterway", "--all", "--keep")).Select(g => $"{g.GetProperty("id")} {g.GetProperty("kind")} {g.GetProperty("barredStreets").GetArrayLength()} {g.GetProperty("beside")}")];
        var once = await Asked();
        await Geodata.Imports.Import.Run(own.Database.Db, new([GapsWorld.Draw().Write()], "test") { Dataset = "again" });
        Assert.Equal(once, await Asked());
        Assert.Equal(0, (await own.Run("datasets", "remove", "world")).ExitCode);
        Assert.Equal(once, await Asked());
    }

    [Fact]
    public async Task A_barred_way_counts_whatever_its_length_and_the_answer_says_so()
    {
        string[] asked = ["--border", "waterway", "--within", "150", "--detour", "1000"];   // the barred bridge is 200 m long, and the way round seldom so long
        Assert.Contains("禁行桥东 禁行桥西 200", (await world.Gaps(asked)).Select(g => $"{GapsWorld.Names(g)} {Math.Round(g.GetProperty("metres").GetDouble())}"));
        Assert.Contains("硬隔离不受间距、绕行、朝向限制", (await world.Run(["gaps", .. asked])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Barred_ways_side_by_side_are_two_gaps_of_which_one_is_enough()
    {
        await using var own = await GapsWorld.Own();
        await Geodata.Imports.Import.Run(own.Database.Db, new([GapsWorld.Draw().Road("旁桥", [(-100, 2000), (0, 2050), (100, 2000)], "motor_vehicle=no").Write()], "test"));
        var barred = (await own.Gaps("--border", "waterway")).Where(g => GapsWorld.Names(g) == "禁行桥东 禁行桥西").ToList();
        Assert.Equal(2, barred.Select(g => g.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal([null, barred[0].GetProperty("id").GetString()], barred.Select(g => g.GetProperty("beside").GetString()));
    }

    [Fact]
    public async Task An_answer_that_is_kept_is_a_layer_and_tells_when_the_data_have_changed()
    {
        await using var own = await GapsWorld.Own();
        var first = await own.Gaps("--border", "waterway", "--keep");
        await own.Gaps("--border", "waterway", "--keep");   // again: in its place
        var exported = await own.Run("export", "gaps", "--format", "geojson", "--to", "-");
        Assert.True(exported.ExitCode == 0, exported.Error);
        var features = exported.Json.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).OrderBy(p => p.GetProperty("rank").GetInt32()).ToList();
        Assert.Equal(first.Select(g => g.GetProperty("id").GetString()), features.Select(p => p.GetProperty("gap").GetString()));
        Assert.All(features, p => Assert.True(p.GetProperty("current").GetBoolean()));
        await own.Database.Execute("update dataset set content_hash = 'other' where layer = 'streets'");
        Assert.Equal(0, await own.Database.Scalar<long>("select count(*) from gap_kept where current"));
    }

    [Fact]
    public async Task Proposed_gaps_are_register_files_that_load_and_wait_for_a_stage()
    {
        await using var own = await GapsWorld.Own();
        var folder = Path.Combine(own.Folder, "..", $"proposed-{Guid.NewGuid():N}");
        async Task Propose() => Assert.Equal(0, (await own.Run("gaps", "--border", "310118", "--propose", folder)).ExitCode);
        await Propose();
        var files = Directory.EnumerateFiles(folder).ToDictionary(f => f, File.ReadAllText);
        await Propose();   // again: nothing is there twice
        Assert.Equal(files, Directory.EnumerateFiles(folder).ToDictionary(f => f, File.ReadAllText));

        await using var other = await TestDatabase.Create();
        var listed = await JietongProcess.Run(other.Address, folder, ["links", "--format", "json"]);
        Assert.True(listed.ExitCode == 0, listed.Error);
        Assert.Empty(listed.Json.EnumerateArray());   // no stage, no listing
        Assert.Equal(4, await other.Scalar<long>("select count(*) from link"));
        Assert.Equal(["blocked LINESTRING", "missing POINT"], await other.Column("select distinct nature || ' ' || replace(GeometryType(geom), 'MULTI', '') from link order by 1"));
        Assert.Equal(["a320583", "b310118"], await other.Column("select distinct side || adcode from link_side order by 1"));
        Assert.Equal(["import-world DATA"], await other.Column("select distinct s.id || ' ' || grade from link l join source s on s.id = l.source_id"));
        // The first attestation lists it.
        var link = await other.Scalar<string>("select id::text from link where name_zh like '%断头路%'");
        await File.AppendAllTextAsync(Path.Combine(folder, "sources.csv"), "plan,GOV,题,Title,,2026-01-01,,,,,\n");
        await File.AppendAllTextAsync(Path.Combine(folder, "attestations.csv"), $"a1,{link},,proposed,2026-01-01,,stated,,,plan,p,,false,,\n");
        Assert.Equal([link], (await JietongProcess.Run(other.Address, folder, ["links", "--format", "json"])).Json.EnumerateArray().Select(l => l.GetProperty("id").GetString()));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_boundaries_the_sides_must_be_named()
    {
        await using var own = await GapsWorld.Own();
        await own.Database.Execute("delete from map_line where kind = 'boundary'");
        var folder = Path.Combine(own.Folder, "..", $"proposed-{Guid.NewGuid():N}");
        var refused = await own.Run("gaps", "--border", "waterway", "--propose", folder);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--sides OUTER,SHANGHAI", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        var proposed = await own.Run("gaps", "--border", "waterway", "--propose", folder, "--sides", "320583,310118", "--top", "1");
        Assert.True(proposed.ExitCode == 0, proposed.Error);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Path.Combine(folder, "sides.csv"))).Length);
        Directory.Delete(folder, recursive: true);
    }
}
