namespace Jietong.Geodata.Imports.Gtfs;

/// <summary>Reads a feed table by table, those that others refer to first. What the standard requires and is not there is a problem; what it allows is counted.</summary>
internal sealed partial class FeedReader(ImportContext context, FeedFiles files)
{
    private const int MostRows = 5_000_000, MostCalls = 32_000_000, MostShapePoints = 32_000_000;

    private const string Agencies = "agency.txt", Stops = "stops.txt", Routes = "routes.txt", Trips = "trips.txt", StopTimes = "stop_times.txt", Calendars = "calendar.txt", CalendarDates = "calendar_dates.txt",
        Frequencies = "frequencies.txt", Transfers = "transfers.txt", Shapes = "shapes.txt", Info = "feed_info.txt";

    private static readonly string[] Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    private static readonly (string Name, bool Required, string[] Columns)[] Known =
    [
        (Agencies, true, ["agency_name", "agency_url", "agency_timezone"]), (Stops, true, ["stop_id", "stop_name", "stop_lat", "stop_lon"]), (Routes, true, ["route_id", "route_type"]), (Calendars, false, ["service_id", .. Weekdays, "start_date", "end_date"]),
        (CalendarDates, false, ["service_id", "date", "exception_type"]), (Trips, true, ["route_id", "service_id", "trip_id"]), (StopTimes, true, ["trip_id", "stop_sequence"]),
        (Frequencies, false, ["trip_id", "start_time", "end_time", "headway_secs"]), (Transfers, false, ["transfer_type"]), (Shapes, false, ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"]), (Info, false, []),
    ];

    private long bytesBefore, bytesNow;

    public Feed Feed { get; } = new();
    public string? FeedVersion { get; private set; }
    public string? Publisher { get; private set; }
    public DateOnly? FeedStart { get; private set; }

    /// <summary>Files of the feed that nothing is read from.</summary>
    public IEnumerable<string> NotRead => files.Names.Where(n => n.EndsWith(".txt", StringComparison.Ordinal) || n.EndsWith(".geojson", StringComparison.Ordinal)).Except(Known.Select(k => k.Name)).Order(StringComparer.Ordinal);

    /// <returns>Whether all was read. Where a table ended early, those that refer to it are not read: every row would seem wrong.</returns>
    public bool Read() => HasWhatIsRequired()
        && Table(Agencies, ReadAgency) && Table(Stops, ReadStop, CheckStops) && Table(Routes, ReadRoute) && Table(Calendars, ReadCalendar) && Table(CalendarDates, ReadCalendarDate)
        && Table(Shapes, ReadShapePoint, DrawShapes, MostShapePoints) && Table(Trips, ReadTrip) && Table(StopTimes, ReadCall, CheckCalls, MostCalls) && Table(Frequencies, ReadFrequency, CheckFrequencies) && Table(Transfers, ReadTransfer) && Table(Info, ReadInfo);

    /// <summary>All missing files and columns are told together.</summary>
    private bool HasWhatIsRequired()
    {
        var before = context.Problems.Count;
        foreach (var (name, required, columns) in Known)
        {
            if (files.Has(name))
            {
                using var table = new FeedTable(context, files, name, MostRows, _ => { }, onlyColumns: true);
                foreach (var column in columns) table.Required(column);
            }
            else if (required) context.Problems.Add(context.File.Name, name, "", null, "the file is missing.", $"A feed needs it; there are {InputException.Short(string.Join(", ", files.Names.Order(StringComparer.Ordinal)), 200)}.");
        }
        if (!files.Has(Calendars) && !files.Has(CalendarDates)) context.Problems.Add(context.File.Name, Calendars, "", null, "it is missing, and so is calendar_dates.txt.", "A feed needs one of the two: without, no trip runs on any day.");
        return context.Problems.Count == before;
    }

    private bool Table(string name, Func<FeedTable, Action> row, Action<FeedTable>? after = null, int mostRows = MostRows)
    {
        if (!files.Has(name)) return true;
        using var table = new FeedTable(context, files, name, mostRows, read => context.Progress(new($"读取 {name}", $"reading {name}", bytesBefore + (bytesNow = read), files.Bytes, "bytes")));
        var each = row(table);
        while (table.Read()) each();
        if (!table.IsBroken) after?.Invoke(table);
        if (table.Rows == 0 && !table.IsBroken && Known.First(k => k.Name == name).Required) table.Problem("", null, "it has no rows.", "A feed needs at least one.");
        Feed.Count("short rows", table.ShortRows);
        bytesBefore += bytesNow;
        return !table.IsBroken;
    }

    private Action ReadAgency(FeedTable table)
    {
        int id = table.Column("agency_id"), name = table.Column("agency_name"), url = table.Column("agency_url"), zone = table.Column("agency_timezone"), lang = table.Column("agency_lang");
        return () =>
        {
            var agency = new Agency(table.Text(id) ?? "", table.TextOf(name), table.TextOf(url), table.TextOf(zone), table.Text(lang));
            if (Feed.Agencies.Rows is [var first, ..] && first.Timezone != agency.Timezone) table.Problem("agency_timezone", agency.Timezone, $"another agency of the feed has {first.Timezone}.", "All agencies of a feed must have the same.");
            Feed.Agencies.Add(table, "agency_id", agency.Id, agency);
        };
    }

    private Action ReadRoute(FeedTable table)
    {
        int id = table.Column("route_id"), agency = table.Column("agency_id"), shortName = table.Column("route_short_name"), longName = table.Column("route_long_name"), type = table.Column("route_type"),
            color = table.Column("route_color"), textColor = table.Column("route_text_color");
        return () =>
        {
            var by = table.Text(agency) ?? (Feed.Agencies.Rows.Count == 1 ? Feed.Agencies.Rows[0].Id : "");
            if (!Feed.Agencies.Has(by)) table.Problem("agency_id", by, "agency.txt has no such agency.", Feed.Agencies.Rows.Count > 1 && by == "" ? "The feed has several: name one." : "Add it there, or mend the id.");
            var route = new Route(table.TextOf(id), by, table.Text(shortName), table.Text(longName), table.Code(type, 1702), Color(color), Color(textColor));
            if (table.Text(type) is null) table.TextOf(type);
            else if (route.Type is > 12 and < 100 or 8 or 9 or 10) table.Problem("route_type", table.Text(type), "it is none of the standard's kinds.", "0 tram, 1 subway, 2 rail, 3 bus, 4 ferry, 5 cable tram, 6 aerial lift, 7 funicular, 11 trolleybus, 12 monorail, or 100 to 1702 of the extended list.");
            if (route.ShortName is null && route.LongName is null) table.Problem(shortName < 0 ? "route_long_name" : "route_short_name", "", shortName < 0 ? "it is empty, and there is no route_short_name." : "it is empty, and so is route_long_name.", "The standard requires one of the two.");
            Feed.Routes.Add(table, "route_id", route.Id, route);
        };
        string? Color(int column)
        {
            if (table.Text(column) is not { } text) return null;
            if (text.Length == 6 && text.All(char.IsAsciiHexDigit)) return text.ToUpperInvariant();
            Feed.Count("colours");
            return null;
        }
    }

    private Action ReadCalendar(FeedTable table)
    {
        int id = table.Column("service_id"), first = table.Column("start_date"), last = table.Column("end_date");
        var weekdays = Weekdays.Select(table.Column).ToArray();
        return () =>
        {
            var days = 0;
            for (var i = 0; i < 7; i++)
                if (table.TextOf(weekdays[i]) != "") days |= table.Code(weekdays[i], 1) << i;
            var (service, from, to) = (table.TextOf(id), table.Day(first), table.Day(last));
            if (from > to) table.Problem("end_date", table.Text(last), $"it is before start_date, {table.Text(first)}.", "Write the later day last.");
            if (!table.IsRowGood) return;
            Feed.Calendars.Add(table, "service_id", service, new(service, days, from!.Value, to!.Value));
            Feed.Services.Add(service);
        };
    }

    private Action ReadCalendarDate(FeedTable table)
    {
        int id = table.Column("service_id"), date = table.Column("date"), type = table.Column("exception_type");
        return () =>
        {
            var (service, day, kind) = (table.TextOf(id), table.Day(date), table.TextOf(type) == "" ? (short)0 : table.Code(type, CalendarDate.Removed, least: CalendarDate.Added));
            if (!table.IsRowGood) return;
            Feed.CalendarDates.Add(table, "date", (service, day!.Value), new(service, day.Value, kind));
            Feed.Services.Add(service);
        };
    }

    private Action ReadTrip(FeedTable table)
    {
        int id = table.Column("trip_id"), route = table.Column("route_id"), service = table.Column("service_id"), headsign = table.Column("trip_headsign"), name = table.Column("trip_short_name"), direction = table.Column("direction_id"),
            block = table.Column("block_id"), shape = table.Column("shape_id"), wheelchair = table.Column("wheelchair_accessible"), bikes = table.Column("bikes_allowed");
        return () =>
        {
            var trip = new Trip(table.TextOf(id), table.TextOf(route), table.TextOf(service), table.Text(headsign), table.Text(name), (short?)table.Whole(direction, 0, 1, "a direction"), table.Text(block), table.Text(shape), table.Code(wheelchair, 2), table.Code(bikes, 2));
            if (trip.Route != "" && !Feed.Routes.Has(trip.Route)) table.Problem("route_id", trip.Route, "routes.txt has no such route.", "Add it there, or mend the id.");
            if (trip.Service != "" && !Feed.Services.Contains(trip.Service)) table.Problem("service_id", trip.Service, "neither calendar.txt nor calendar_dates.txt has such a service.", "Add it there, or mend the id.");
            if (trip.Shape is not null && !Feed.Shapes.ContainsKey(trip.Shape)) table.Problem("shape_id", trip.Shape, "shapes.txt has no such shape.", "Add it there, or leave it empty.");
            if (trip.Id != "") Feed.Trips.Add(table, "trip_id", trip.Id, trip);
        };
    }

    private Action ReadInfo(FeedTable table)
    {
        int publisher = table.Column("feed_publisher_name"), version = table.Column("feed_version"), start = table.Column("feed_start_date");
        return () => (Publisher, FeedVersion, FeedStart) = (table.Text(publisher), table.Text(version), table.Text(start) is null ? null : table.Day(start));
    }
}
