using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// Accessibility in a world of three cells on a line 4.77 km apart, one at each stop a, b, c, without streets. A trip from a at 08:00, b 08:10, c 08:20; nobody walks that far.
/// </summary>
public sealed class AccessTests(AccessTests.World world) : IClassFixture<AccessTests.World>
{
    public sealed class World() : WorldFixture(async () =>
    {
        var database = await TestDatabase.Create();
        await Geodata.Imports.Import.Run(database.Db, new([new FeedWorld().Zip("bus")], "test"));
        // Line M, every day of May: from b at 08:15 to c at 08:17, another platform than the bus's, 60 m away on foot.
        await Geodata.Imports.Import.Run(database.Db, new([new FeedWorld().File("stops.txt", "stop_id,stop_name,stop_lat,stop_lon", "b2,乙站,31.3005,121.05", "c2,丙站,31.30,121.10")
            .File("routes.txt", "route_id,agency_id,route_short_name,route_type", "M,A,11,1").File("calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date", "S,1,1,1,1,1,1,1,20260501,20260531")
            .File("trips.txt", "route_id,service_id,trip_id", "M,S,m1", "M,S,m2").File("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence", "m1,08:12:30,08:12:30,b2,1", "m1,08:14:30,08:14:30,c2,2", "m2,23:59:00,23:59:00,b2,1", "m2,24:05:00,24:05:00,c2,2").Zip("metro")], "test"));
        await database.Execute("""
            insert into opportunity (dataset_id, id, geom, counts) select 'grid', id, ST_SetSRID(ST_MakePoint(x, 31.30), 4326), counts::jsonb
            from (values ('A', 121.00, '{"population":100,"jobs":1}'), ('B', 121.05, '{"population":300,"jobs":10}'), ('C', 121.10, '{"population":0,"jobs":100}')) v (id, x, counts)
            """);
        return database;
    });

    private Task<Ran> Access(params string[] options) => JietongProcess.Run(world.Database.Address, ["access", .. options]);

    private async Task<JsonElement> Json(params string[] options)
    {
        var ran = await Access([.. options, "--format", "json"]);
        Assert.True(ran.ExitCode == 0, ran.Error);
        return ran.Json;
    }

    private async Task<string> Times(string from, params string[] options) => string.Join(' ', (await Json(["--from", from, .. options])).GetProperty("times").EnumerateArray().Select(t => $"{t.GetProperty("id")}={t.GetProperty("minutesP50")}"));

    [Fact]
    public async Task Times_are_those_of_the_timetables_with_waits_and_changes()
    {
        Assert.Equal("A=0 B=10 C=20", await Times("A", "--departures", "08:00", "--date", "2026-04-30"));            // the bus alone
        // At 08:10 at b; 55 m north × 1.3 at 5 km/h is 52 s, the change another 60: in time for the metro at 08:12:30.
        Assert.Equal("A=0 B=10 C=14.5", await Times("A", "--departures", "08:00", "--date", "2026-05-01"));
        Assert.Equal("A=0 B=15 C=19.5", await Times("A", "--departures", "07:55", "--date", "2026-05-01"));            // waits for the bus
        Assert.Equal("A=0 B= C=", (await Times("A", "--departures", "08:01", "--date", "2026-05-01")).Replace("null", "", StringComparison.Ordinal));
        Assert.Equal("A= B=0 C=", (await Times("B", "--departures", "24:00", "--date", "2026-05-01")).Replace("null", "", StringComparison.Ordinal));
    }

    // m2 of the day before passes midnight, but nobody boards it after 00:00; on 1 June it does not run at all.
    [Fact]
    public async Task The_day_is_one_that_all_feeds_serve_unless_it_is_named()
    {
        var chosen = await Json("--departures", "08:00");
        Assert.Equal(("2026-05-01", true), (chosen.GetProperty("date").GetString(), chosen.GetProperty("dateWasChosen").GetBoolean()));
        Assert.Equal([1, 2], chosen.GetProperty("feeds").EnumerateArray().Select(f => f.GetProperty("tripsOnDay").GetInt32()));
        var later = await Json("--departures", "08:00", "--date", "2026-06-01");
        Assert.Contains("metro runs no trip on that day (2026-05-01 … 2026-05-31)", later.GetProperty("assumptions").EnumerateArray().Select(a => a.GetProperty("en").GetString()));
        var early = await Json("--departures", "03:00-03:05", "--minutes", "30");
        Assert.Contains(early.GetProperty("assumptions").EnumerateArray(), a => a.GetProperty("id").GetString() == "no-service-then" && a.GetProperty("en").GetString()!.StartsWith("bus runs nothing in the hours asked for, on that day only 08:00–08:20", StringComparison.Ordinal));
    }

    // At 08:00 A reaches 1 + 10 jobs within 10 minutes, 111 within 15; B reaches its own 10, with the metro 110. By people: (100·111 + 300·110) ⁄ 400.
    [Fact]
    public async Task Means_are_weighted_and_show_what_a_line_is_worth()
    {
        var answer = await Json("--departures", "08:00", "--minutes", "10,15", "--without", "metro");
        var limits = answer.GetProperty("limits").EnumerateArray().ToList();
        double At(int limit, params string[] path) => path.Aggregate(limits[limit], (e, name) => e.GetProperty(name)).GetDouble();
        Assert.Equal((100 * 11 + 300 * 10) / 400.0, At(0, "mean", "p50"));
        Assert.Equal((100 * 111 + 300 * 110) / 400.0, At(1, "mean", "p50"));
        Assert.Equal((100 * 11 + 300 * 10) / 400.0, At(1, "afterRemoval", "mean", "p50"));
        Assert.Equal((1.0, 2.0), (At(1, "afterRemoval", "weightShareLosing"), At(1, "afterRemoval", "cellsLosing")));
        Assert.Equal((110.0, 111.0), (At(1, "byPeople", "p50"), At(1, "byPeople", "p90")));
        Assert.Equal("B C 14.5", string.Join(' ', answer.GetProperty("pairsLosingMost")[0].EnumerateObject().Take(3).Select(m => m.Value)));
        Assert.True(answer.GetProperty("sketch").GetBoolean());
        Assert.Equal(JsonSerializer.Serialize(answer.GetProperty("cells")), JsonSerializer.Serialize((await Json("--departures", "08:00", "--minutes", "10,15", "--without", "11")).GetProperty("cells")));
    }

    [Fact]
    public async Task Nothing_is_lost_without_a_line_that_does_not_run()
    {
        var limit = (await Json("--departures", "08:00", "--date", "2026-04-30", "--without", "metro")).GetProperty("limits")[0];
        Assert.Equal(JsonSerializer.Serialize(limit.GetProperty("mean")), JsonSerializer.Serialize(limit.GetProperty("afterRemoval").GetProperty("mean")));
    }

    // Each minute of an hour: the bus at 08:00 is caught by those who leave by then; the later do not arrive.
    [Fact]
    public async Task Percentiles_are_over_all_departures_of_the_window()
    {
        var times = (await Json("--from", "A", "--departures", "07:57-08:01", "--date", "2026-04-30")).GetProperty("times")[1];
        Assert.Equal((10.0, 11.0, 12.0), (times.GetProperty("minutesP25").GetDouble(), times.GetProperty("minutesP50").GetDouble(), times.GetProperty("minutesP75").GetDouble()));
    }

    [Fact]
    public async Task Tables_csv_and_geojson_have_every_cell()
    {
        var table = await Access("--departures", "08:00", "--minutes", "15,60", "--without", "metro");
        foreach (var part in new[] { "加权平均 Mean", "服务日 Day 2026-05-01", "数据版本 Data version", "示意 sketch", "去掉 Without metro", "损失最大的格", "walking-speed" }) Assert.Contains(part, table.Output, StringComparison.Ordinal);
        var csv = (await Access("--departures", "08:00", "--minutes", "15", "--format", "csv")).Output.TrimStart('\uFEFF').Split("\r\n");
        Assert.Equal("id,dataset,longitude,latitude,weight,opportunities,within15P25,within15P50,within15P75", csv[0]);
        Assert.Equal("A,grid,121,31.3,100,1,111,111,111", csv[1]);
        var features = (await Access("--departures", "08:00", "--format", "geojson")).Json.GetProperty("features");
        Assert.Equal(["grid.A", "grid.B", "grid.C"], features.EnumerateArray().Select(f => f.GetProperty("id").GetString()));
        Assert.Contains("C (31.3000, 121.1000)", (await Access("--departures", "08:00", "--from", "A")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the cells have jobs, population", "--opportunities", "beds")]
    [InlineData("or write equal", "--weights", "beds")]
    [InlineData("\"0\" is not a whole number from 1 to 180", "--minutes", "0")]
    [InlineData("7 limits", "--minutes", "1,2,3,4,5,6,7")]
    [InlineData("is no window", "--departures", "9:00-08:00")]
    [InlineData("is no window", "--departures", "00:00-05:00")]
    [InlineData("is no window", "--departures", "soon")]
    [InlineData("from 1 to 60", "--max-walk", "90")]
    [InlineData("neither a dataset (bus, metro) nor a route", "--without", "x")]
    [InlineData("there is no cell Q; there are 3, such as A, B, C", "--from", "Q")]
    [InlineData("is not a date", "--date", "tomorrow")]
    public async Task Bad_questions_are_named(string message, params string[] options)
    {
        var ran = await Access(options);
        Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_data_the_way_out_is_named()
    {
        await using var database = await TestDatabase.Create();
        Assert.Contains("./run import FILE.csv --into opportunities", (await JietongProcess.Run(database.Address, "access")).Error, StringComparison.Ordinal);
        await database.Execute("""insert into opportunity (dataset_id, id, geom, counts) values ('grid', 'A', ST_SetSRID(ST_MakePoint(121, 31), 4326), '{"jobs":1}')""");
        Assert.Contains("./run import FILE.zip", (await JietongProcess.Run(database.Address, "access")).Error, StringComparison.Ordinal);
    }
}
