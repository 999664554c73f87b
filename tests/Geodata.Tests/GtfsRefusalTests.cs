using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Feeds with one fault each: the message leads to file, line and field, and nothing is stored.</summary>
public sealed class GtfsRefusalTests(GtfsRefusalTests.World world) : IClassFixture<GtfsRefusalTests.World>
{
    /// <summary>Holds a good feed, which must stay as it is.</summary>
    public sealed class World() : WorldFixture(async () =>
    {
        var database = await TestDatabase.Create();
        await Import.Run(database.Db, new([new FeedWorld().Zip()], "test"));
        return database;
    });

    private const string Stored = "select number || content_hash || (select count(*) from gtfs_stop_time) || (select count(*) from source) from data_version";

    private async Task<InputException> Refused(string path)
    {
        var before = await world.Database.Scalar<string>(Stored);
        var error = await Assert.ThrowsAnyAsync<InputException>(() => Import.Run(world.Database.Db, new([path], "test") { Dataset = "feed" }));
        Assert.Equal(before, await world.Database.Scalar<string>(Stored));
        return error;
    }

    private async Task IsRefused(string path, params string[] says)
    {
        var message = (await Refused(path)).Message;
        foreach (var part in says) Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,NaN,121.05", "line 3", "stop_lat", "NaN", "not a number in range")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,95,121.05", "line 3", "stop_lat", "95")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,31,1e400", "line 3", "stop_lon", "1e400")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,\"31,3\",121.05", "line 3", "stop_lat", "31,3", "decimal point")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,,121.05", "line 3", "stop_lat", "it is empty")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,0,0", "line 3", "Gulf of Guinea", "--accept-positions")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,,31.30,121.05", "line 3", "stop_name", "it is empty")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "a,乙,31.30,121.05", "line 3", "stop_id", "\"a\"", "there already, in line 2")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", ",乙,31.30,121.05", "line 3", "stop_id", "it is empty")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙\0,31.30,121.05", "line 3", "a byte 0")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,\"乙,31.30,121.05", "line 3", "quotation mark")]
    [InlineData("stops.txt", "b,乙,31.30,121.05", "b,乙,31.30,121.05,more", "line 3", "5 fields, the header 4")]
    [InlineData("stops.txt", "stop_lat", "stop_latitude", "line 1", "stop_lat: the column is missing", "stop_latitude")]
    [InlineData("stops.txt", "stop_lat", "stop_lon", "line 1", "stop_lon", "twice")]
    [InlineData("stops.txt", "stop_id", "id", "line 1", "stop_id", "the column is missing; there are id, stop_name")]
    [InlineData("routes.txt", "R,A,101,3", "R,B,101,3", "line 2", "agency_id", "\"B\"", "agency.txt has no such agency")]
    [InlineData("routes.txt", "R,A,101,3", "R,A,101,9", "line 2", "route_type", "\"9\"", "3 bus")]
    [InlineData("routes.txt", "R,A,101,3", "R,A,101,", "line 2", "route_type", "it is empty")]
    [InlineData("routes.txt", "R,A,101,3", "R,A,,3", "line 2", "route_short_name", "one of the two")]
    [InlineData("calendar.txt", "20260101,20261231", "20261231,20260101", "line 2", "end_date", "before start_date")]
    [InlineData("calendar.txt", "20260101,20261231", "2026-01-01,20261231", "line 2", "start_date", "YYYYMMDD")]
    [InlineData("calendar.txt", "20260101,20261231", "20260230,20261231", "line 2", "start_date", "no day")]
    [InlineData("calendar.txt", "S,1,1", "S,2,1", "line 2", "monday", "\"2\"")]
    [InlineData("trips.txt", "R,S,t1", "Q,S,t1", "line 2", "route_id", "routes.txt has no such route")]
    [InlineData("trips.txt", "R,S,t1", "R,T,t1", "line 2", "service_id", "neither calendar.txt nor calendar_dates.txt")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t9,08:10:00,08:11:00,b,2", "line 3", "trip_id", "trips.txt has no such trip")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,08:10:00,08:11:00,x,2", "line 3", "stop_id", "stops.txt has no such stop")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,8.10,08:11:00,b,2", "line 3", "arrival_time", "8.10", "HH:MM:SS")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,08:60:00,08:61:00,b,2", "line 3", "arrival_time", "no time")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,-08:10:00,08:11:00,b,2", "line 3", "arrival_time", "no time")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,200:10:00,200:11:00,b,2", "line 3", "arrival_time", "below 144")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,08:11:00,08:10:00,b,2", "line 3", "departure_time", "before arrival_time")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,07:10:00,07:11:00,b,2", "line 3", "arrival_time", "leaves the call before, line 2, at 08:00:00", "cannot go back")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,08:10:00,08:11:00,b,1", "line 3", "stop_sequence", "has it already, in line 2")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,08:10:00,08:11:00,b,-2", "line 3", "stop_sequence", "not a whole number")]
    [InlineData("stop_times.txt", "t1,08:10:00,08:11:00,b,2", "t1,08:10:00,08:11:00,b,99999999999", "line 3", "stop_sequence")]
    [InlineData("stop_times.txt", "t1,08:00:00,08:00:00,a,1", "t1,,,a,1", "line 2", "arrival_time", "empty at the first call of trip t1")]
    [InlineData("stop_times.txt", "t1,08:20:00,08:20:00,c,3", "t1,,,c,3", "line 4", "arrival_time", "empty at the last call of trip t1")]
    [InlineData("agency.txt", "Asia/Shanghai", "", "line 2", "agency_timezone", "it is empty")]
    public async Task A_wrong_value_is_named_with_its_line(string file, string old, string by, params string[] says) => await IsRefused(new FeedWorld().Replace(file, old, by).Zip(), [$"feed.zip, {file} ", .. says]);

    [Theory]
    [InlineData("transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", "a,x,0,", "to_stop_id", "stops.txt has no such id")]
    [InlineData("transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", "a,b,2,", "min_transfer_time", "it is empty")]
    [InlineData("transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", "a,,1,", "to_stop_id", "the standard requires it")]
    [InlineData("transfers.txt", "from_stop_id,to_stop_id,transfer_type,min_transfer_time", "a,b,6,", "transfer_type", "codes")]
    [InlineData("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t1,07:00:00,06:00:00,600", "end_time", "not after start_time")]
    [InlineData("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t1,06:00:00,07:00:00,0", "headway_secs", "1 to 86400")]
    [InlineData("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t2,06:00:00,07:00:00,60", "trip_id", "no such trip")]
    [InlineData("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t1,06:00:00,143:59:00,60", "end_time", "144 hours")]
    [InlineData("calendar_dates.txt", "service_id,date,exception_type", "S,20260501,3", "exception_type", "codes")]
    [InlineData("calendar_dates.txt", "service_id,date,exception_type", "S,20260501,", "exception_type", "it is empty")]
    [InlineData("shapes.txt", "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence", "p,31.3,181,1", "shape_pt_lon", "181")]
    [InlineData("feed_info.txt", "feed_publisher_name,feed_start_date", "x,soon", "feed_start_date", "no day")]
    public async Task A_wrong_row_of_an_optional_file_is_named(string file, string header, string row, params string[] says) => await IsRefused(new FeedWorld().File(file, header, row).Zip(), [$"feed.zip, {file} line 2", .. says]);

    [Fact]
    public async Task Overlapping_periods_stations_and_platforms_are_checked()
    {
        await IsRefused(new FeedWorld().File("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t1,07:00:00,08:00:00,600", "t1,06:00:00,07:30:00,300").Zip(), "frequencies.txt line 2", "until 07:30:00, by line 3");
        var stations = new FeedWorld().File("stops.txt", "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station", "a,甲,31.30,121.00,0,b", "b,乙,31.30,121.05,1,", "c,丙,31.30,121.10,0,x", "d,丁,31.30,121.10,1,b", "e,戊,,,3,");
        await IsRefused(stations.Zip(), "stops.txt line 4, parent_station = \"x\"", "stops.txt line 5, parent_station = \"b\": a station cannot have one", "stops.txt line 6, parent_station", "stop_times.txt line 3, stop_id = \"b\": its location_type is 1");
        await IsRefused(new FeedWorld().Rows("stops.txt", "d,丁,31.31,121.02", "e,戊,31.32,121.03", "far,远,121.05,31.30").Zip(), "stops.txt line 7", "stop_lat = \"121.05\"");   // exchanged, and so out of range
        await IsRefused(new FeedWorld().Rows("stops.txt", "d,丁,31.31,89.02", "e,戊,31.32,121.03").Zip(), "stops.txt line 5", "stop d lies", "km from the middle of the feed");
    }

    [Fact]
    public async Task All_problems_of_all_files_are_told_at_once()
    {
        var feed = new FeedWorld().Replace("stops.txt", "31.30,121.05", "x,y").Replace("routes.txt", ",3", ",9").Replace("stop_times.txt", "08:10:00", "late");
        var refused = (RefusedImportException)await Refused(feed.Zip());
        Assert.Equal(["stops.txt line 3", "stops.txt line 3", "routes.txt line 2", "stop_times.txt line 3"], refused.First.Select(p => p.Place));
        Assert.All(refused.First, p => Assert.NotEqual("", p.WayOut));
    }

    [Fact]
    public async Task Missing_files_and_columns_are_told_together()
    {
        await IsRefused(new FeedWorld().Without("stops.txt").Without("calendar.txt").Replace("trips.txt", "trip_id", "trip").Zip(), "stops.txt: the file is missing", "calendar.txt: it is missing, and so is calendar_dates.txt", "trips.txt line 1, trip_id: the column is missing");
        await IsRefused(new FeedWorld().File("stop_times.txt", Array.Empty<byte>()).Zip(), "stop_times.txt line 1, trip_id: the column is missing");
        await IsRefused(new FeedWorld().File("trips.txt", "route_id,service_id,trip_id").Zip(), "trips.txt line 1: it has no rows");
        await IsRefused(new FeedWorld().File("stops.txt", "stop_id;stop_name;stop_lat;stop_lon", "a;b;1;2").Zip(), "Are the columns parted by commas?");
    }

    [Theory]
    [InlineData("stops.txt", "stop_lat", "stop_id,stop_name,stop_lon", "a,甲,121.00", "b,乙,121.05", "c,丙,121.10")]
    [InlineData("stops.txt", "parent_station", "stop_id,stop_name,stop_lat,stop_lon,location_type", "a,甲,31.30,121.00,0", "b,乙,31.30,121.05,0", "c,丙,31.30,121.10,0", "d,丁,31.30,121.10,2", "e,戊,31.30,121.10,2")]
    [InlineData("routes.txt", "route_long_name", "route_id,agency_id,route_type", "R,A,3", "S,A,3")]
    [InlineData("routes.txt", "agency_id", "route_id,route_short_name,route_type", "R,101,3", "S,102,3")]
    [InlineData("stop_times.txt", "arrival_time", "trip_id,stop_id,stop_sequence", "t1,a,1", "t1,b,2", "t1,c,3")]
    [InlineData("stop_times.txt", "stop_id", "trip_id,arrival_time,departure_time,stop_sequence", "t1,08:00:00,08:00:00,1", "t1,08:10:00,08:10:00,2")]
    [InlineData("transfers.txt", "to_stop_id", "from_stop_id,transfer_type", "a,0", "b,0")]
    [InlineData("transfers.txt", "min_transfer_time", "from_stop_id,to_stop_id,transfer_type", "a,b,2", "b,a,2")]
    public async Task A_column_that_rows_need_and_the_file_lacks_is_one_problem(string file, string column, params string[] rows)
    {
        var feed = new FeedWorld().File(file, rows);
        if (column == "agency_id") feed.Rows("agency.txt", "B,乙公司,http://b.example,Asia/Shanghai");
        var problem = Assert.Single(((RefusedImportException)await Refused(feed.Zip())).First);
        Assert.Equal(($"{file} line 1", column, true), (problem.Place, problem.Field, problem.Reason.StartsWith("the column is missing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_feed_that_is_not_utf_8_is_refused_with_its_lines()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gbk = Encoding.GetEncoding("GB18030").GetBytes("stop_id,stop_name,stop_lat,stop_lon\na,花桥,31.30,121.00\nb,b,31.30,121.05\nc,安亭,31.30,121.10\n");
        await IsRefused(new FeedWorld().File("stops.txt", gbk).Zip(), "stops.txt line 2", "not UTF-8", "stops.txt line 4");
    }

    private static string Archive(Action<ZipArchive> fill)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true)) fill(zip);
        return FeedWorld.Write(bytes.ToArray());
    }

    private static void Put(ZipArchive zip, string name, string content = "stop_id\n")
    {
        using var to = new StreamWriter(zip.CreateEntry(name).Open());
        to.Write(content);
    }

    [Fact]
    public async Task Archives_that_are_traps_are_refused()
    {
        await IsRefused(Archive(zip => { Put(zip, "../stops.txt"); Put(zip, "trips.txt"); }), "../stops.txt", "leads out of the archive");
        await IsRefused(Archive(zip => { Put(zip, "stops.txt"); Put(zip, "stops.txt"); }), "has stops.txt twice");
        await IsRefused(Archive(zip => { Put(zip, "stops.txt"); Put(zip, "STOPS.TXT"); }), "twice");
        await IsRefused(Archive(zip => { Put(zip, "a/stops.txt"); Put(zip, "b/stops.txt"); }), "several folders (a/, b/)");
        await IsRefused(Archive(zip => { Put(zip, "stops.txt"); for (var i = 0; i < 1001; i++) Put(zip, $"{i}.txt"); }), "1,002 files");
        await IsRefused(Archive(zip => { Put(zip, "stops.txt"); for (var i = 0; i < 30_000; i++) Put(zip, $"{i}.txt", ""); }), "the list of its files takes");
        await IsRefused(Archive(zip => Put(zip, "notes.md")), "holds neither a GTFS feed");
        var bomb = Archive(zip =>
        {
            using var to = zip.CreateEntry("stops.txt").Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 300; i++) to.Write(zeros);
        });
        await IsRefused(bomb, "stops.txt", "times its size");
    }

    [Fact]
    public async Task An_encrypted_archive_is_refused()
    {
        var bytes = new FeedWorld().Zipped();
        for (var at = 0; at + 10 < bytes.Length; at++)   // the flag in each local header and in the list
            if (bytes.AsSpan(at).StartsWith("PK\x03\x04"u8)) bytes[at + 6] |= 1;
            else if (bytes.AsSpan(at).StartsWith("PK\x01\x02"u8)) bytes[at + 8] |= 1;
        await IsRefused(FeedWorld.Write(bytes), "agency.txt is encrypted", "without a password");
    }

    [Fact]
    public async Task A_quotation_mark_that_is_never_closed_ends_in_bounded_time()
    {
        var clock = Stopwatch.StartNew();
        var rows = Enumerable.Range(0, 400_000).Select(i => $"t1,08:10:00,08:11:00,b,{i}").Prepend("trip_id,arrival_time,departure_time,stop_id,stop_sequence").ToArray();
        rows[7] = "t1,08:10:00,08:11:00,\"b,7";
        await IsRefused(new FeedWorld().File("stop_times.txt", rows).Zip(), "stop_times.txt line 8", "quotation mark");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task After_a_hundred_thousand_problems_reading_ends()
    {
        var rows = Enumerable.Range(0, 300_000).Select(i => $"x{i},08:10:00,08:11:00,b,{i}").Prepend("trip_id,arrival_time,departure_time,stop_id,stop_sequence").ToArray();
        var refused = (RefusedImportException)await Refused(new FeedWorld().File("stop_times.txt", rows).Zip());
        Assert.Equal((ImportProblems.Most, ImportProblems.Shown), ((int)refused.Count, refused.First.Count));
    }

    [SharedFact("badinput/gtfs")]
    public async Task Real_bad_feeds_are_refused()
    {
        await IsRefused(SharedFactAttribute.In("badinput/gtfs/bad_utf8"), "agency.txt line 1", "not UTF-8");
        await IsRefused(SharedFactAttribute.In("badinput/gtfs/missing_stops"), "stops.txt: the file is missing");
    }
}
