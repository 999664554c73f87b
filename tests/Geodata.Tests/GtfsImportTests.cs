using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Feeds that are right, or odd in ways that the standard allows.</summary>
public sealed class GtfsImportTests(GtfsImportTests.World world) : IClassFixture<GtfsImportTests.World>
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    private static int number;

    private TestDatabase Database => world.Database;

    /// <summary>Imports under a name of its own, so that tests share a database.</summary>
    private async Task<(ImportReport Report, string Dataset)> Import(FeedWorld feed, string? dataset = null, Func<ImportRequest, ImportRequest>? with = null)
    {
        dataset ??= $"f{Interlocked.Increment(ref number)}";
        var request = new ImportRequest([feed.Zip()], "test") { Dataset = dataset };
        return ((await Imports.Import.Run(Database.Db, with?.Invoke(request) ?? request)).Reports[0], dataset);
    }

    private Task<List<string>> Times(string dataset, string trip = "t1") =>
        Database.Column($"select stop_id || ' ' || arrival_seconds || '-' || departure_seconds || case when interpolated then ' i' else '' end from gtfs_stop_time where dataset_id = '{dataset}' and trip_id = '{trip}' order by stop_sequence");

    private static string Notes(ImportReport report) => string.Join('\n', report.Notes.Select(n => n.En));

    [Fact]
    public async Task A_feed_becomes_rows_with_its_own_ids_and_seconds()
    {
        var (report, dataset) = await Import(new());
        Assert.Equal(("timetable", "GTFS", false), (report.Layer, report.Format, report.Unchanged));
        Assert.Equal(["a 28800-28800", "b 29400-29460", "c 30000-30000"], await Times(dataset));
        Assert.Equal(["121.05 31.3"], await Database.Column($"select ST_X(geom) || ' ' || ST_Y(geom) from gtfs_stop where dataset_id = '{dataset}' and stop_id = 'b'"));
        Assert.Equal("2026-01-01", report.Figures["firstServiceDay"]);
        Assert.Equal("2026-12-31", report.Figures["lastServiceDay"]);
        Assert.Equal("公交 bus 1", report.Figures["routesByType"]);
        Assert.Equal("昆山公交", await Database.Scalar<string>($"select publisher from source where id = 'import-{dataset}'"));
    }

    [Fact]
    public async Task The_same_feed_again_changes_nothing_and_a_newer_one_says_what_differs()
    {
        var (_, dataset) = await Import(new());
        var version = await Database.Scalar<long>("select number from data_version");
        Assert.True((await Import(new(), dataset)).Report.Unchanged);
        Assert.Equal(version, await Database.Scalar<long>("select number from data_version"));
        var newer = new FeedWorld().Rows("stops.txt", "d,丁,31.30,121.15").Replace("stop_times.txt", "08:20:00,08:20:00", "08:25:00,08:25:00").Rows("trips.txt", "R,S,t2").Rows("stop_times.txt", "t2,09:00:00,09:00:00,c,1", "t2,09:10:00,09:10:00,d,2");
        var (report, _) = await Import(newer, dataset);
        TableChange Of(string table) => report.Tables.Single(t => t.Table == table);
        Assert.Equal(new("gtfs_stop", 1, 0, 0, 4), Of("gtfs_stop"));
        Assert.Equal(new("gtfs_stop_time", 2, 1, 0, 5), Of("gtfs_stop_time"));
        Assert.Equal(new("gtfs_trip", 1, 0, 0, 2), Of("gtfs_trip"));
        Assert.Equal(version + 1, await Database.Scalar<long>("select number from data_version"));
        var (back, _) = await Import(new(), dataset);
        Assert.Equal(new("gtfs_stop_time", 0, 1, 2, 3), back.Tables.Single(t => t.Table == "gtfs_stop_time"));
    }

    [Fact]
    public async Task A_folder_and_an_archive_with_a_folder_are_read_too()
    {
        var folder = await Imports.Import.Run(Database.Db, new([new FeedWorld().Folder()], "test") { Dataset = "in-folder" });
        var inside = await Imports.Import.Run(Database.Db, new([new FeedWorld().Zip(folder: "gtfs-2026/")], "test") { Dataset = "in-archive" });
        Assert.Equal(await Times("in-folder"), await Times("in-archive"));
        Assert.DoesNotContain("folder", Notes(folder.Reports[0]), StringComparison.Ordinal);
        Assert.Contains("the archive's folder gtfs-2026/", Notes(inside.Reports[0]), StringComparison.Ordinal);
    }

    // Half of the way from a to b lies x; the feed gives no distances, so straight lines count.
    [Fact]
    public async Task Missing_times_are_interpolated_by_straight_lines_and_counted()
    {
        var feed = new FeedWorld().Rows("stops.txt", "x,中,31.30,121.0125").File("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence", "t1,08:00:00,08:00:00,a,1", "t1,,,x,2", "t1,08:20:00,08:21:00,b,5", "t1,8:30:00,8:30:00,c,9");
        var (report, dataset) = await Import(feed);
        Assert.Equal(["a 28800-28800", "x 29100-29100 i", "b 30000-30060", "c 30600-30600"], await Times(dataset));
        Assert.Equal(1L, report.Figures["interpolatedTimes"]);
        Assert.Contains("1 times are interpolated", Notes(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_times_are_interpolated_by_the_feeds_own_distances_where_it_has_them()
    {
        var feed = new FeedWorld().File("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled", "t1,08:00:00,08:00:00,a,1,0", "t1,,,b,2,9", "t1,08:10:00,08:10:00,c,3,10");
        Assert.Equal(["a 28800-28800", "b 29340-29340 i", "c 29400-29400"], await Times((await Import(feed)).Dataset));
    }

    [Fact]
    public async Task Rows_may_stand_in_any_order_and_times_go_on_after_midnight()
    {
        var feed = new FeedWorld().File("stop_times.txt", "stop_sequence,stop_id,departure_time,arrival_time,trip_id", "30,c,25:10:00,25:10:00,t1", "1,a,23:50:00,,t1", "7,b,24:00:01,24:00:00,t1");
        var (report, dataset) = await Import(feed);
        Assert.Equal(["a 85800-85800", "b 86400-86401", "c 90600-90600"], await Times(dataset));
        Assert.Contains("1 rows have only one of arrival and departure", Notes(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Byte_order_marks_blanks_quotes_and_windows_line_ends_do_no_harm()
    {
        var feed = new FeedWorld().File("agency.txt", "\uFEFFagency_id, agency_name ,agency_url,agency_timezone\r", "A,\"公交,\"\"昆山\"\"\",http://example.org,Asia/Shanghai\r").Replace("stops.txt", "b,乙", " b , 乙 ");
        var (_, dataset) = await Import(feed);
        Assert.Equal("公交,\"昆山\"", await Database.Scalar<string>($"select agency_name from gtfs_agency where dataset_id = '{dataset}'"));
        Assert.Equal("乙", await Database.Scalar<string>($"select stop_name from gtfs_stop where dataset_id = '{dataset}' and stop_id = 'b'"));
    }

    [Fact]
    public async Task Ids_are_texts_however_long_the_numbers()
    {
        var feed = new FeedWorld().Replace("stops.txt", "a,", "9223372036854775808007,").Replace("stop_times.txt", ",a,1", ",9223372036854775808007,1");
        Assert.Contains("9223372036854775808007 28800-28800", await Times((await Import(feed)).Dataset));
    }

    [Fact]
    public async Task Services_may_be_named_by_dates_alone()
    {
        var feed = new FeedWorld().Without("calendar.txt").File("calendar_dates.txt", "service_id,date,exception_type", "S,20260510,1", "S,20260501,1");
        var (report, dataset) = await Import(feed);
        Assert.Equal(("2026-05-01", "2026-05-10"), (report.Figures["firstServiceDay"], report.Figures["lastServiceDay"]));
        Assert.Equal("2026-05-01 2026-05-10", await Database.Scalar<string>($"select start_date || ' ' || end_date from gtfs_calendar where dataset_id = '{dataset}' and not (monday or sunday)"));
    }

    [Fact]
    public async Task Days_are_those_of_the_calendar_less_the_exceptions()
    {
        var feed = new FeedWorld().Replace("calendar.txt", "S,1,1,1,1,1,1,1,20260101,20261231", "S,1,0,0,0,0,0,0,20260101,20260131").File("calendar_dates.txt", "service_id,date,exception_type", "S,20260105,2", "S,20260203,1");
        var (report, _) = await Import(feed);
        Assert.Equal(("2026-01-12", "2026-02-03"), (report.Figures["firstServiceDay"], report.Figures["lastServiceDay"]));
    }

    [Fact]
    public async Task What_is_odd_but_allowed_is_a_note()
    {
        var feed = new FeedWorld().Rows("trips.txt", "R,S,lone", "R,S,none").Rows("stop_times.txt", "lone,09:00:00,09:00:00,a,1", "t1,08:20:00,08:20:00,c,3").Rows("agency.txt", "A,昆山公交,http://example.org,Asia/Shanghai")
            .File("frequencies.txt", "trip_id,start_time,end_time,headway_secs", "t1,06:00:00,07:00:00,600").File("transfers.txt", "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id", "a,b,0,,", ",,4,t1,lone", "a,c,1,t1,")
            .File("fare_attributes.txt", "fare_id").File("routes.txt", "route_id,agency_id,route_short_name,route_type,route_color", "R,A,101,700,red").File("shapes.txt", "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence", "p,31.3,121,1");
        var (report, dataset) = await Import(feed);
        foreach (var note in new[]
        {
            "2 rows repeat another word by word", "2 trips call at fewer than two stops", "1 periods promise headways", "1 in-seat transfers", "1 transfers for certain routes or trips only", "Files that are not read: fare_attributes.txt", "1 colours", "1 shapes have fewer than two points",
        }) Assert.Contains(note, Notes(report), StringComparison.Ordinal);
        Assert.Equal("700 1", report.Figures["routesByType"]);
        Assert.Equal(3L, await Database.Scalar<long>($"select count(*) from gtfs_transfer where dataset_id = '{dataset}'"));
    }

    [Fact]
    public async Task When_it_was_published_is_read_from_feed_info()
    {
        const string header = "feed_publisher_name,feed_publisher_url,feed_lang,feed_version,feed_start_date";
        var (_, dated) = await Import(new FeedWorld().File("feed_info.txt", header, "昆山市交通运输局,http://example.org,zh,v3@20260411,20260501"));
        var (_, undated) = await Import(new FeedWorld().File("feed_info.txt", header, "昆山市交通运输局,http://example.org,zh,3.4,20260501"));
        Assert.Equal("昆山市交通运输局 2026-04-11", await Database.Scalar<string>($"select publisher || ' ' || published from source where id = 'import-{dated}'"));
        Assert.Equal("../2026-05-01", await Database.Scalar<string>($"select published from source where id = 'import-{undated}'"));
    }

    [Fact]
    public async Task Positions_that_look_wrong_are_kept_when_asked_for()
    {
        var feed = new FeedWorld().Rows("stops.txt", "d,丁,31.31,121.02", "e,戊,31.32,121.03", "far,远,51.5,0.1", "nil,无,0,0");
        var refused = await Assert.ThrowsAsync<RefusedImportException>(() => Import(feed));
        Assert.Equal(["stops.txt line 8", "stops.txt line 7"], refused.First.Select(p => p.Place));
        Assert.Contains("1 stops lie far from the others and are kept as asked", Notes((await Import(feed, with: r => r with { AcceptPositions = true })).Report), StringComparison.Ordinal);
    }

    // 花桥 (Huaqiao): GCJ-02 is about 470 m off to the east-south-east there.
    [Fact]
    public async Task Positions_in_another_datum_are_undone_when_it_is_named()
    {
        var (_, dataset) = await Import(new());
        var (report, shifted) = await Import(new(), with: r => r with { Datum = "gcj02" });
        Assert.Contains("GCJ02 was undone", Notes(report), StringComparison.Ordinal);
        Assert.InRange(await Database.Scalar<double>($"select ST_Distance(a.geom::geography, b.geom::geography) from gtfs_stop a, gtfs_stop b where a.dataset_id = '{dataset}' and b.dataset_id = '{shifted}' and a.stop_id = 'b' and b.stop_id = 'b'"), 300, 700);
        Assert.InRange(await Database.Scalar<double>($"select ST_Distance(gcj02_of_wgs84(b.geom)::geography, a.geom::geography) from gtfs_stop a, gtfs_stop b where a.dataset_id = '{dataset}' and b.dataset_id = '{shifted}' and a.stop_id = 'b' and b.stop_id = 'b'"), 0, 1);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        var before = await Database.Scalar<string>("select number || content_hash from data_version");
        var (report, dataset) = await Import(new(), with: r => r with { DryRun = true });
        Assert.Equal(3, report.Tables.Single(t => t.Table == "gtfs_stop").Added);
        Assert.Equal(before, await Database.Scalar<string>("select number || content_hash from data_version"));
        Assert.Equal(0L, await Database.Scalar<long>($"select count(*) from gtfs_stop where dataset_id = '{dataset}'"));
    }

    [SharedFact("networks/gtfs/spo.zip", "networks/gtfs/poa_eptc.zip", "networks/gtfs/poa_trensurb.zip", "badinput/gtfs/good_feed.zip")]
    public async Task Real_feeds_are_imported_together()
    {
        var imported = await Imports.Import.Run(Database.Db, new([.. new[] { "networks/gtfs/spo.zip", "networks/gtfs/poa_eptc.zip", "networks/gtfs/poa_trensurb.zip", "badinput/gtfs/good_feed.zip" }.Select(f => SharedFactAttribute.In(f))], "test"));
        object? Figure(int feed, string name) => imported.Reports[feed].Figures[name];
        Assert.Equal([860, 130019, 14855, 28], Enumerable.Range(0, 4).Select(f => Figure(f, "stopTimes")!));
        Assert.Equal((704, 125271L), (Figure(0, "frequencies"), Figure(1, "interpolatedTimes")));
        Assert.Equal(("2019-04-15", "2019-07-15"), (Figure(1, "firstServiceDay"), Figure(1, "lastServiceDay")));
    }
}
