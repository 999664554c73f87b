using System.Diagnostics;
using System.Text;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;
using Xunit.Abstractions;

namespace Jietong.Geodata.Tests;

/// <summary>Damaged feeds, a fixed number of them: each is imported or refused as somebody's input, soon, and the database stays as it is.</summary>
public sealed class GtfsFuzzTests(GtfsFuzzTests.World world, ITestOutputHelper output) : IClassFixture<GtfsFuzzTests.World>
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    /// <summary>For one feed; thousands of times what one takes.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    private int imported, refused;

    private async Task Try(byte[] archive, string what)
    {
        var (path, clock) = (FeedWorld.Write(archive), Stopwatch.StartNew());
        try
        {
            await Import.Run(world.Database.Db, new([path], "test") { DryRun = true });
            imported++;
        }
        catch (InputException) { refused++; }
        catch (Exception e) { Assert.Fail($"{what}: {e}"); }
        Assert.True(clock.Elapsed < Most, $"{what}: {clock.Elapsed}");
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private async Task Unchanged(Func<Task> attempts)
    {
        const string stored = "select number || content_hash || (select count(*) from dataset) || (select count(*) from gtfs_stop_time) from data_version";
        var before = await world.Database.Scalar<string>(stored);
        await attempts();
        Assert.Equal(before, await world.Database.Scalar<string>(stored));
        output.WriteLine($"{imported} imported, {refused} refused");
    }

    /// <summary>A hundred trips, with every optional file that is read.</summary>
    private static FeedWorld Good()
    {
        var feed = new FeedWorld().File("shapes.txt", "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence", "p,31.3,121,1", "p,31.3,121.1,2").File("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t1,06:00:00,07:00:00,600")
            .File("transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", "a,b,2,60").File("calendar_dates.txt", "service_id,date,exception_type", "S,20260501,2").File("feed_info.txt", "feed_publisher_name,feed_publisher_url,feed_lang,feed_version", "x,y,zh,1");
        var random = new Random(7);
        for (var trip = 2; trip < 100; trip++)
        {
            feed.Rows("trips.txt", $"R,S,t{trip}");
            feed.Rows("stop_times.txt", [.. "abc".Select((stop, i) => (stop, i, time: i == 1 && trip % 3 == 0 ? "" : $"{6 + i:00}:{random.Next(60):00}:{random.Next(60):00}")).Select(c => $"t{trip},{c.time},{c.time},{c.stop},{c.i}")]);
        }
        return feed;
    }

    [Fact]
    public Task Cut_off_at_every_kilobyte_and_near_the_end() => Unchanged(async () =>
    {
        var whole = Good().Zipped();
        await Try(whole, "whole");
        Assert.Equal((1, 0), (imported, refused));
        foreach (var length in Enumerable.Range(0, whole.Length / 1024 + 1).Select(k => 1024 * k).Concat(Enumerable.Range(1, 30).Select(k => whole.Length - k))) await Try(whole[..Math.Max(0, length)], $"the first {length} bytes");
        Assert.Equal(1, imported);
    });

    [Fact]
    public Task Bits_flipped_in_the_archive() => Unchanged(async () =>
    {
        var (whole, random) = (Good().Zipped(), new Random(1));
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            await Try(bytes, $"flip {i}");
        }
    });

    [Fact]
    public Task Bytes_changed_in_the_files() => Unchanged(async () =>
    {
        var (names, random) = (new[] { "agency.txt", "stops.txt", "routes.txt", "calendar.txt", "calendar_dates.txt", "trips.txt", "stop_times.txt", "frequencies.txt", "transfers.txt", "shapes.txt", "feed_info.txt" }, new Random(2));
        var odd = new byte[] { 0, (byte)'"', (byte)',', (byte)'\n', (byte)'\r', 0xFF, 0xC3, (byte)'-', (byte)'9', (byte)':' };
        for (var i = 0; i < 300; i++)
        {
            var feed = Good();
            var name = names[random.Next(names.Length)];
            var bytes = (byte[])feed[name].Clone();
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = odd[random.Next(odd.Length)];
            await Try(feed.File(name, bytes).Zipped(), $"{name} {i}: {Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(300, bytes.Length)))}");
        }
    });

    [Fact]
    public Task Columns_removed_doubled_and_in_another_order() => Unchanged(async () =>
    {
        var random = new Random(3);
        foreach (var name in new[] { "agency.txt", "stops.txt", "routes.txt", "calendar.txt", "trips.txt", "stop_times.txt", "frequencies.txt", "transfers.txt", "shapes.txt" })
        {
            var rows = Encoding.UTF8.GetString(Good()[name]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).ToArray();
            var shuffled = Enumerable.Range(0, rows[0].Length).OrderBy(_ => random.Next()).ToArray();
            imported = 0;
            await Try(Good().File(name, [.. rows.Select(r => string.Join(',', shuffled.Select(c => r[c])))]).Zipped(), $"{name} in another order");
            Assert.Equal(1, imported);
            for (var column = 0; column < rows[0].Length; column++)
            {
                await Try(Good().File(name, [.. rows.Select(r => string.Join(',', r.Where((_, c) => c != column)))]).Zipped(), $"{name} without {rows[0][column]}");
                await Try(Good().File(name, [.. rows.Select(r => string.Join(',', r.Append(r[column])))]).Zipped(), $"{name} with {rows[0][column]} twice");
            }
        }
    });
}
