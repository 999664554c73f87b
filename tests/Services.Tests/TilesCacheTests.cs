using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Tiles are kept in memory, and never outlive what they are built on.</summary>
public sealed partial class TilesCacheTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    private const string Links = "/collections/links/tiles/WebMercatorQuad/10/419/856", Places = "/collections/places/tiles/WebMercatorQuad/10/419/856", All = "/tiles/WebMercatorQuad/10/419/856";
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    /// <summary>The number after "edit-" in a tile's text; −1 where there is none.</summary>
    private async Task<int> Seen(string address) =>
        Edits().Match(Encoding.UTF8.GetString(await world.Http.GetByteArrayAsync(address))) is { Success: true } m ? int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) : -1;

    private Task Edit(int number) => world.Database.Execute($"update link set name_en = 'edit-{number}' where id = 'x'");

    private async Task<string> VersionOf(string address)
    {
        using var answer = await world.Http.GetAsync(address);
        return answer.Headers.GetValues("Jietong-Data-Version").Single();
    }

    [Fact]
    public async Task While_a_hundred_edits_a_second_are_made_sixteen_readers_see_nothing_that_is_older_than_a_second()
    {
        await Edit(0);
        var (committed, watch, done, faults, reads) = (new ConcurrentQueue<(int Number, TimeSpan At)>(), Stopwatch.StartNew(), false, new ConcurrentQueue<string>(), 0);
        committed.Enqueue((0, watch.Elapsed));
        var readers = Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                var asked = watch.Elapsed;
                var must = committed.Where(c => c.At <= asked - Late).Select(c => c.Number).LastOrDefault();
                try
                {
                    var seen = await Seen(i % 2 == 0 ? Links : All);
                    if (seen < must) faults.Enqueue($"saw {seen}, {must} was committed a second before");
                }
                catch (HttpRequestException e) { faults.Enqueue(e.Message); }
                Interlocked.Increment(ref reads);
            }
        })).ToList();
        var number = 0;
        while (number < 400 && watch.Elapsed < TimeSpan.FromMinutes(1))   // four seconds, on a machine that keeps up
        {
            await Edit(++number);
            committed.Enqueue((number, watch.Elapsed));
            var ahead = TimeSpan.FromMilliseconds(10 * number) - watch.Elapsed;
            if (ahead > TimeSpan.Zero) await Task.Delay(ahead);
        }
        await Task.Delay(Late);
        Assert.Equal((number, number), (await Seen(Links), await Seen(All)));
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);
        Assert.Empty(faults.Take(5));
        Assert.True(number == 400 && reads >= 400, $"{number} edits, {reads} reads: too few to prove anything");
    }

    [Fact]
    public async Task A_change_drops_the_tiles_that_are_built_on_it_and_no_others()
    {
        await world.Database.Execute("insert into place (id, name_zh, name_en, kind, adcode, longitude, latitude, accuracy_metres, accuracy_kind, position_source_id, position_place) values ('p', '地', 'Place', 'town', '310118', 121.01, 31.01, 30, 'mapped', 'map', 'p')");
        await Task.Delay(Late);
        var (places, links) = (await VersionOf(Places), await VersionOf(Links));
        await world.Database.Execute("update source set note_en = 'n' where id = 'gov'");
        await Task.Delay(Late);
        Assert.Equal(places, await VersionOf(Places));   // kept: no source is in it
        Assert.NotEqual(links, await VersionOf(Links));
        links = await VersionOf(Links);
        await world.Database.Execute("update place set note_en = 'n' where id = 'p'");
        await Task.Delay(Late);
        Assert.NotEqual(places, await VersionOf(Places));
        Assert.Equal(links, await VersionOf(Links));
    }

    [Fact]
    public async Task While_nothing_is_heard_of_changes_and_after_nothing_old_is_given_out()
    {
        await Edit(1);
        Assert.Equal(1, await Seen(Links));
        for (var number = 2; number < 6; number++)
        {
            await world.Database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query in ('listen jietong_tables', 'select number from data_version', 'select 1')");
            await Edit(number);
            var until = Stopwatch.StartNew();
            while (await Seen(Links) != number) Assert.True(until.Elapsed < Late, $"edit {number} is not seen");
            Assert.Equal(number, await Seen(Links));
        }
    }

    [Fact]
    public async Task More_features_than_a_tile_takes_are_cut_and_the_answer_says_so()
    {
        using var before = await world.Http.GetAsync(All);
        Assert.False(before.Headers.Contains("Jietong-Thinned"));
        await world.Database.Execute("""
            insert into road (id, name_zh, name_en, class, adcode, geom, accuracy_metres, accuracy_kind, source_id, place)
            select 'made-' || i, '路', 'Road', 'class2', '310118', ST_MakeLine(ST_Point(121 + i / 1e6, 31, 4326), ST_Point(121.001 + i / 1e6, 31.001 + i / 1e7, 4326)), 30, 'digitised', 'map', 'p' from generate_series(1, 20100) i
            """);
        using var tile = await world.Http.GetAsync("/tiles/WebMercatorQuad/12/1676/3424");
        Assert.Equal("roads 20000 of 20100", tile.Headers.GetValues("Jietong-Thinned").Single());
        await world.Database.Execute("delete from road where id like 'made-%'");
    }

    [GeneratedRegex(@"edit-(\d+)")] private static partial Regex Edits();
}
