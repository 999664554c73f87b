using Jietong.Geodata.Query;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>A feed of the region.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Title">For people.</param>
/// <param name="Published">When (EDTF).</param>
/// <param name="Timezone">In which its times are.</param>
/// <param name="Version">As the feed calls itself.</param>
/// <param name="First">The first day on which a service of it runs.</param>
/// <param name="Last">The last.</param>
public sealed record FeedRow(string Dataset, string Title, string Published, string Timezone, string? Version, DateOnly? First, DateOnly? Last);

/// <param name="Feed">By its position in <see cref="TimetableRows.Feeds"/>.</param>
/// <param name="Id">Its own.</param>
/// <param name="Name">As the feed has it.</param>
/// <param name="Parent">The station that it belongs to.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Latitude">Degrees.</param>
public sealed record FeedStopRow(int Feed, string Id, string? Name, string? Parent, double Longitude, double Latitude);

public sealed record FeedRouteRow(int Feed, string Id, string? ShortName, string? LongName);

/// <param name="Route">By its position in <see cref="TimetableRows.Routes"/>.</param>
/// <param name="Today">Whether it runs on the day.</param>
/// <param name="Yesterday">Whether it runs on the day before.</param>
/// <param name="Id">Its own.</param>
public sealed record FeedTripRow(int Route, bool Today, bool Yesterday, string Id);

/// <summary>A call of a trip, in seconds of its service day; trips by their position, their calls in order.</summary>
public readonly record struct FeedCallRow(int Trip, int Stop, int ArrivalSeconds, int DepartureSeconds, bool PickUp, bool DropOff);

public sealed record FeedFrequencyRow(int Trip, int StartSeconds, int EndSeconds, int HeadwaySeconds, bool Exact);

/// <summary>A rule for changes from one stop or station to another: possible after so many seconds, or, where they are null, by the walk; or not possible.</summary>
public sealed record FeedTransferRow(int Feed, string From, string To, bool Possible, int? Seconds);

/// <summary>What the region's feeds say of one day, of one snapshot: trips that run on it or the day before, with the stops at which they call.</summary>
public sealed record TimetableRows(DataVersion Version, DateOnly Day, bool DayWasChosen, IReadOnlyList<FeedRow> Feeds, IReadOnlyList<int> TripsToday, IReadOnlyList<FeedStopRow> Stops, IReadOnlyList<FeedRouteRow> Routes, IReadOnlyList<FeedTripRow> Trips,
    IReadOnlyList<FeedCallRow> Calls, IReadOnlyList<FeedFrequencyRow> Frequencies, IReadOnlyList<FeedTransferRow> Transfers)
{
    /// <param name="db">The region.</param>
    /// <param name="day">Which; null: of the days that all feeds serve the first of those on which the most trips run.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="InputException">There is no feed, or no day that all serve.</exception>
    public static async Task<TimetableRows> Read(NpgsqlDataSource db, DateOnly? day, CancellationToken cancel = default)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var version = await Register.Write.Version(connection, cancel);
        var feeds = await Database.Rows(connection, """
            select d.id, s.title, s.published, coalesce(d.figures->>'timezone', ''), d.figures->>'feedVersion', (d.figures->>'firstServiceDay')::date, (d.figures->>'lastServiceDay')::date
            from dataset d join source s on s.id = d.source_id where d.layer = 'timetable' order by d.id
            """, r => new FeedRow(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), Text(r, 4), r.IsDBNull(5) ? null : r.GetFieldValue<DateOnly>(5), r.IsDBNull(6) ? null : r.GetFieldValue<DateOnly>(6)), cancel);
        if (feeds.Count == 0) throw new InputException("This region has no timetable: bring a GTFS feed by ./run import FILE.zip.");
        var feedOf = feeds.Select((f, i) => (f.Dataset, i)).ToDictionary(f => f.Dataset, f => f.i);
        var services = await ServiceDays.Read(connection, feedOf, cancel);
        var chosen = day ?? services.BestDay(feeds);
        var (today, yesterday) = (services.On(chosen), services.On(chosen.AddDays(-1)));

        var routes = await Database.Rows(connection, "select dataset_id, route_id, route_short_name, route_long_name from gtfs_route order by dataset_id, route_id", r => new FeedRouteRow(feedOf[r.GetString(0)], r.GetString(1), Text(r, 2), Text(r, 3)), cancel);
        var routeOf = routes.Select((r, i) => ((r.Feed, r.Id), i)).ToDictionary(r => r.Item1, r => r.i);
        var running = today.Union(yesterday).ToList();
        object[] those = [running.Select(s => feeds[s.Feed].Dataset).ToArray(), running.Select(s => s.Id).ToArray()];
        const string ofThose = "(t.dataset_id, t.service_id) in (select * from unnest($1::text[], $2::text[]))";
        var trips = await Database.Rows(connection, $"select t.dataset_id, t.trip_id, t.route_id, t.service_id from gtfs_trip t where {ofThose} order by t.dataset_id, t.trip_id", r =>
        {
            var feed = feedOf[r.GetString(0)];
            return (Feed: feed, Row: new FeedTripRow(routeOf[(feed, r.GetString(2))], today.Contains((feed, r.GetString(3))), yesterday.Contains((feed, r.GetString(3))), r.GetString(1)));
        }, cancel, those);
        var tripOf = trips.Select((t, i) => ((t.Feed, t.Row.Id), i)).ToDictionary(t => t.Item1, t => t.i);

        var (stopOf, stops) = (new Dictionary<(int, string), int>(), new List<FeedStopRow>());
        var stopRows = (await Database.Rows(connection, "select dataset_id, stop_id, stop_name, parent_station, ST_X(geom), ST_Y(geom) from gtfs_stop where location_type = 0 order by dataset_id, stop_id",
            r => new FeedStopRow(feedOf[r.GetString(0)], r.GetString(1), Text(r, 2), Text(r, 3), r.GetDouble(4), r.GetDouble(5)), cancel)).ToDictionary(s => (s.Feed, s.Id));
        var calls = await Database.Rows(connection, $"select c.dataset_id, c.trip_id, c.stop_id, c.arrival_seconds, c.departure_seconds, c.pickup_type, c.drop_off_type from gtfs_stop_time c join gtfs_trip t using (dataset_id, trip_id) where {ofThose} order by c.dataset_id, c.trip_id, c.stop_sequence", r =>
        {
            var (feed, id) = (feedOf[r.GetString(0)], r.GetString(2));
            if (!stopOf.TryGetValue((feed, id), out var stop))
            {
                stopOf.Add((feed, id), stop = stops.Count);
                stops.Add(stopRows[(feed, id)]);
            }
            return new FeedCallRow(tripOf[(feed, r.GetString(1))], stop, r.GetInt32(3), r.GetInt32(4), r.GetInt16(5) != 1, r.GetInt16(6) != 1);
        }, cancel, those);
        var frequencies = await Database.Rows(connection, $"select f.dataset_id, f.trip_id, f.start_seconds, f.end_seconds, f.headway_seconds, f.exact_times from gtfs_frequency f join gtfs_trip t using (dataset_id, trip_id) where {ofThose} order by f.dataset_id, f.trip_id, f.start_seconds",
            r => new FeedFrequencyRow(tripOf[(feedOf[r.GetString(0)], r.GetString(1))], r.GetInt32(2), r.GetInt32(3), r.GetInt32(4), r.GetBoolean(5)), cancel, those);
        // Rules for certain routes or trips, and for staying seated, are not for stops.
        var transfers = await Database.Rows(connection, "select dataset_id, from_stop_id, to_stop_id, transfer_type, min_transfer_seconds from gtfs_transfer where transfer_type <= 3 and from_route_id || to_route_id || from_trip_id || to_trip_id = '' order by 1, 2, 3",
            r => new FeedTransferRow(feedOf[r.GetString(0)], r.GetString(1), r.GetString(2), r.GetInt16(3) != 3, r.GetInt16(3) == 2 ? r.GetInt32(4) : null), cancel);
        return new(version, chosen, day is null, feeds, [.. feeds.Select((_, f) => trips.Count(t => t.Feed == f && t.Row.Today))], stops, routes, [.. trips.Select(t => t.Row)], calls, frequencies, transfers);
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
