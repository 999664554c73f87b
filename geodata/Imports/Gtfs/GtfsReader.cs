using System.Globalization;
using System.Text.RegularExpressions;

namespace Jietong.Geodata.Imports.Gtfs;

/// <summary>A GTFS feed, zip or folder, becomes the tables of a timetable: read and checked as a whole, then staged.</summary>
internal static partial class GtfsReader
{
    public static async Task Read(ImportContext context)
    {
        if (context.Request.Encoding is { } encoding && !encoding.Replace("-", "", StringComparison.Ordinal).Equals("utf8", StringComparison.OrdinalIgnoreCase)) throw new InputException($"--encoding {encoding}: a GTFS feed is UTF-8. Save its files as UTF-8.");
        if (context.Request.Crs is { } crs && crs != "EPSG:4326") throw new InputException($"--crs {crs}: positions of a GTFS feed are longitudes and latitudes.");
        using var files = new FeedFiles(context.File.Path);
        var reader = new FeedReader(context, files);
        if (!reader.Read() || context.Problems.Count > 0) return;
        Tell(context, files, reader);
        await Stage(context.Staging, reader.Feed);
        if (context.Request.Datum is "gcj02" or "bd09") await Unshift(context, context.Request.Datum);
    }

    /// <summary>A feed must be WGS 84; maps of mainland China tempt to other positions, which whoever brings the feed may know.</summary>
    private static async Task Unshift(ImportContext context, string datum)
    {
        foreach (var table in new[] { "gtfs_stop", "gtfs_shape" })
            await Database.Execute(context.Connection, $"update {context.Staging.TableOf(table)} set geom = wgs84_of_{datum}(geom) where dataset_id = $1", context.Cancel, context.Staging.Dataset);
        context.Found["datum"] = datum;
        context.Notes.Add(new($"{datum.ToUpperInvariant()} 按公开的近似公式还原，误差可达数米。", $"{datum.ToUpperInvariant()} was undone by the published approximation: off by up to some metres."));
    }

    private static void Tell(ImportContext context, FeedFiles files, FeedReader reader)
    {
        var feed = reader.Feed;
        context.Publisher = reader.Publisher ?? string.Join(", ", feed.Agencies.Rows.Select(a => a.Name).Distinct().Take(3));
        context.Published = PublishedBy(reader);
        var (first, last) = ServiceDays(feed);
        foreach (var (name, value) in new (string, object?)[]
        {
            ("feedVersion", reader.FeedVersion), ("timezone", feed.Agencies.Rows[0].Timezone), ("stops", feed.Stops.Rows.Count), ("routes", feed.Routes.Rows.Count),
            ("routesByType", string.Join(", ", feed.Routes.Rows.GroupBy(r => r.Type).OrderBy(g => g.Key).Select(g => $"{TypeOf(g.Key)} {g.Count()}"))), ("trips", feed.Trips.Rows.Count), ("stopTimes", feed.Calls.Length),
            ("interpolatedTimes", feed.CountOf("interpolated")), ("frequencies", feed.Frequencies.Rows.Count), ("transfers", feed.Transfers.Rows.Count), ("shapes", feed.Shapes.Values.Count(s => s.Length > 1)),
            ("firstServiceDay", first?.ToString("O", CultureInfo.InvariantCulture)), ("lastServiceDay", last?.ToString("O", CultureInfo.InvariantCulture)),
        }) context.Figures[name] = value;
        var repeated = feed.Agencies.Repeated + feed.Stops.Repeated + feed.Routes.Repeated + feed.Calendars.Repeated + feed.CalendarDates.Repeated + feed.Trips.Repeated + feed.Frequencies.Repeated + feed.Transfers.Repeated + feed.CountOf("repeated calls");
        Note(files.Folder == "" ? 0 : 1, _ => new($"文件在压缩包的子目录 {files.Folder} 中。", $"The files lie in the archive's folder {files.Folder}."));
        Note(feed.CountOf("interpolated"), n => new($"{n:N0} 个到发时刻由前后有时刻的站按里程（无里程则按站间直线距离）内插。", $"{n:N0} times are interpolated between the calls that have one, by shape_dist_traveled, or by straight lines from stop to stop where the feed has none."));
        Note(feed.CountOf("one time"), n => new($"{n:N0} 行只有到达或出发时刻，另一时刻取相同值。", $"{n:N0} rows have only one of arrival and departure: the other is the same."));
        Note(repeated, n => new($"{n:N0} 行与前面某行逐字相同，只计一次。", $"{n:N0} rows repeat another word by word and count once."));
        Note(feed.CountOf("short rows"), n => new($"{n:N0} 行的字段比表头少，缺者作空。", $"{n:N0} rows have fewer fields than the header: those missing at their end read as empty."));
        Note(feed.CountOf("trips without rides"), n => new($"{n:N0} 个车次停站少于两个，不能乘坐。", $"{n:N0} trips call at fewer than two stops: nobody can ride on them."));
        Note(feed.CountOf("flexible"), n => new($"{n:N0} 行为按需响应服务（GTFS-Flex），未读。", $"{n:N0} rows are of services on demand (GTFS-Flex) and were not read."));
        Note(feed.Frequencies.Rows.Count(f => !f.Exact), n => new($"{n:N0} 个时段只给间隔、不给时刻（exact_times 0）：发车分钟未知，出行时间为估计。", $"{n:N0} periods promise headways and no minutes (exact_times 0): travel times by them are estimates."));
        Note(feed.CountOf("in-seat transfers"), n => new($"{n:N0} 条原车接续（transfer_type 4、5）已存，不用于出行时间。", $"{n:N0} in-seat transfers (transfer_type 4, 5) are stored, and not used for travel times."));
        Note(feed.CountOf("narrow transfers"), n => new($"{n:N0} 条只适用于某线路或车次的换乘已存，不用于出行时间。", $"{n:N0} transfers for certain routes or trips only are stored, and not used for travel times."));
        Note(feed.CountOf("null island"), n => new($"{n:N0} 个站位于 0° N 0° E，按要求保留。", $"{n:N0} stops lie at 0° N 0° E and are kept as asked."));
        Note(feed.CountOf("far stops"), n => new($"{n:N0} 个站远离其余各站，按要求保留。", $"{n:N0} stops lie far from the others and are kept as asked."));
        Note(feed.CountOf("points as shapes"), n => new($"{n:N0} 条线形不足两点，未存。", $"{n:N0} shapes have fewer than two points and are not stored."));
        Note(feed.CountOf("colours"), n => new($"{n:N0} 个颜色不是六位十六进制，作空。", $"{n:N0} colours are not six hexadecimal digits and read as empty."));
        Note(reader.NotRead.Count(), _ => new($"未读的文件：{string.Join("、", reader.NotRead)}。", $"Files that are not read: {string.Join(", ", reader.NotRead)}."));
        Note(first is null ? 1 : 0, _ => new("没有一天有服务。", "No service runs on any day."));

        void Note(long count, Func<long, ImportNote> note)
        {
            if (count > 0) context.Notes.Add(note(count));
        }
    }

    /// <summary>The day that the feed's version names, as many do; else some time up to the first day that the feed is for.</summary>
    private static string? PublishedBy(FeedReader reader)
    {
        if (reader.FeedVersion is { } version && DayIn().Match(version) is { Success: true } found && DateOnly.TryParseExact(found.Value.Replace("-", "", StringComparison.Ordinal), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day <= Today)
            return day.ToString("O", CultureInfo.InvariantCulture);
        return reader.FeedStart is { } start && start <= Today ? $"../{start:yyyy-MM-dd}" : null;
    }

    private static DateOnly Today => Query.Days.Today;

    [GeneratedRegex(@"(?<!\d)(19|20)\d\d-?\d\d-?\d\d(?!\d)")] private static partial Regex DayIn();

    /// <summary>The first and the last day on which any service runs.</summary>
    private static (DateOnly? First, DateOnly? Last) ServiceDays(Feed feed)
    {
        var removed = feed.CalendarDates.Rows.Where(d => d.Type == CalendarDate.Removed).Select(d => (d.Service, d.Day)).ToHashSet();
        var days = feed.CalendarDates.Rows.Where(d => d.Type == CalendarDate.Added).Select(d => (DateOnly?)d.Day).ToList();
        foreach (var calendar in feed.Calendars.Rows.Where(c => c.Days != 0))
        {
            bool Runs(DateOnly day) => calendar.Has(day) && !removed.Contains((calendar.Service, day));
            var (first, last) = (calendar.First, calendar.Last);
            while (first < last && !Runs(first)) first = first.AddDays(1);
            while (last > first && !Runs(last)) last = last.AddDays(-1);
            if (Runs(first)) days.AddRange([first, last]);
        }
        return (days.Min(), days.Max());
    }

    /// <summary>Services that calendar_dates.txt alone names: on no day of the week, from their first date to their last.</summary>
    private static IEnumerable<Calendar> OfDatesAlone(Feed feed) =>
        feed.CalendarDates.Rows.Where(d => !feed.Calendars.Has(d.Service)).GroupBy(d => d.Service).Select(s => new Calendar(s.Key, 0, s.Min(d => d.Day), s.Max(d => d.Day)));

    private static string TypeOf(short type) => type switch
    {
        0 => "有轨 tram", 1 => "地铁 subway", 2 => "铁路 rail", 3 => "公交 bus", 4 => "轮渡 ferry", 5 => "缆车 cable tram", 6 => "索道 aerial lift", 7 => "缆索铁路 funicular", 11 => "无轨电车 trolleybus", 12 => "单轨 monorail", _ => $"{type}",
    };

    private static async Task Stage(Staging to, Feed feed)
    {
        await All("gtfs_agency", ["agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"], feed.Agencies.Rows, (row, a) => row.Text(a.Id).Text(a.Name).Text(a.Url).Text(a.Timezone).Text(a.Lang));
        await All("gtfs_stop", ["stop_id", "stop_code", "stop_name", "location_type", "parent_station", "wheelchair_boarding", "platform_code", "geom"], feed.Stops.Rows, (row, s) => row.Text(s.Id).Text(s.Code).Text(s.Name).Small(s.Type).Text(s.Parent).Small(s.Wheelchair).Text(s.Platform)
            .Geometry(s is { Longitude: { } x, Latitude: { } y } ? Ewkb.OfPoint(x, y) : null));
        await All("gtfs_route", ["route_id", "agency_id", "route_short_name", "route_long_name", "route_type", "route_color", "route_text_color"], feed.Routes.Rows, (row, r) => row.Text(r.Id).Text(r.Agency).Text(r.ShortName).Text(r.LongName).Small(r.Type).Text(r.Color).Text(r.TextColor));
        await All("gtfs_calendar", ["service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "start_date", "end_date"], feed.Calendars.Rows.Concat(OfDatesAlone(feed)), (row, c) =>
        {
            row.Text(c.Service);
            for (var day = 0; day < 7; day++) row.Bool((c.Days >> day & 1) != 0);
            row.Day(c.First).Day(c.Last);
        });
        await All("gtfs_calendar_date", ["service_id", "date", "exception_type"], feed.CalendarDates.Rows, (row, d) => row.Text(d.Service).Day(d.Day).Small(d.Type));
        await All("gtfs_trip", ["trip_id", "route_id", "service_id", "trip_headsign", "trip_short_name", "direction_id", "block_id", "shape_id", "wheelchair_accessible", "bikes_allowed"], feed.Trips.Rows, (row, t) => row.Text(t.Id).Text(t.Route).Text(t.Service).Text(t.Headsign).Text(t.ShortName)
            .Small(t.Direction).Text(t.Block).Text(t.Shape).Small(t.Wheelchair).Small(t.Bikes));
        await All("gtfs_stop_time", ["trip_id", "stop_sequence", "stop_id", "arrival_seconds", "departure_seconds", "interpolated", "pickup_type", "drop_off_type"], feed.Calls, (row, c) => row.Text(feed.Trips.Rows[c.Trip].Id).Integer(c.Sequence).Text(feed.Stops.Rows[c.Stop].Id)
            .Integer(c.Arrival).Integer(c.Departure).Bool(c.Interpolated).Small(c.PickUp).Small(c.DropOff));
        await All("gtfs_frequency", ["trip_id", "start_seconds", "end_seconds", "headway_seconds", "exact_times"], feed.Frequencies.Rows, (row, f) => row.Text(f.Trip).Integer(f.Start).Integer(f.End).Integer(f.Headway).Bool(f.Exact));
        await All("gtfs_transfer", ["from_stop_id", "to_stop_id", "from_route_id", "to_route_id", "from_trip_id", "to_trip_id", "transfer_type", "min_transfer_seconds"], feed.Transfers.Rows, (row, t) => row.Text(t.FromStop).Text(t.ToStop).Text(t.FromRoute).Text(t.ToRoute).Text(t.FromTrip).Text(t.ToTrip).Small(t.Type).Integer(t.Seconds));
        await All("gtfs_shape", ["shape_id", "geom"], feed.Shapes.Where(s => s.Value.Length > 1), (row, s) => row.Text(s.Key).Geometry(Ewkb.OfLine(s.Value)));

        Task All<T>(string table, string[] columns, IEnumerable<T> from, Action<Rows, T> write) => to.Copy(table, columns, rows =>
        {
            foreach (var item in from) write(rows.Next(), item);
        });
    }
}
