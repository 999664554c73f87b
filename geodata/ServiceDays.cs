using System.Globalization;
using Npgsql;

namespace Jietong.Geodata;

/// <summary>On which days the services of the region's feeds run, by calendar.txt and calendar_dates.txt.</summary>
internal sealed class ServiceDays
{
    /// <summary>A day is looked for among at most so many: the last that all feeds serve.</summary>
    private const int MostDays = 366;

    private sealed record Service(int Feed, string Id, int Days, DateOnly First, DateOnly Last, int Trips);

    private readonly List<Service> services;
    private readonly Dictionary<(int Feed, string Id, DateOnly Day), bool> exceptions;
    private readonly Dictionary<(int Feed, string Id), int> trips;

    private ServiceDays(List<Service> services, Dictionary<(int, string, DateOnly), bool> exceptions, Dictionary<(int, string), int> trips) => (this.services, this.exceptions, this.trips) = (services, exceptions, trips);

    public static async Task<ServiceDays> Read(NpgsqlConnection connection, Dictionary<string, int> feedOf, CancellationToken cancel)
    {
        var trips = (await Database.Rows(connection, "select dataset_id, service_id, count(*) from gtfs_trip group by 1, 2", r => (feedOf[r.GetString(0)], r.GetString(1), (int)r.GetInt64(2)), cancel)).ToDictionary(t => (t.Item1, t.Item2), t => t.Item3);
        var services = await Database.Rows(connection, """
            select dataset_id, service_id, monday::int + tuesday::int * 2 + wednesday::int * 4 + thursday::int * 8 + friday::int * 16 + saturday::int * 32 + sunday::int * 64, start_date, end_date from gtfs_calendar order by 1, 2
            """, r => new Service(feedOf[r.GetString(0)], r.GetString(1), r.GetInt32(2), r.GetFieldValue<DateOnly>(3), r.GetFieldValue<DateOnly>(4), trips.GetValueOrDefault((feedOf[r.GetString(0)], r.GetString(1)))), cancel);
        var exceptions = await Database.Rows(connection, "select dataset_id, service_id, date, exception_type = 1 from gtfs_calendar_date order by 1, 2, 3", r => (feedOf[r.GetString(0)], r.GetString(1), r.GetFieldValue<DateOnly>(2), r.GetBoolean(3)), cancel);
        return new(services, exceptions.ToDictionary(e => (e.Item1, e.Item2, e.Item3), e => e.Item4), trips);
    }

    /// <summary>The services that run on a day.</summary>
    public HashSet<(int Feed, string Id)> On(DateOnly day) =>
    [
        .. services.Where(s => Has(s, day) && exceptions.GetValueOrDefault((s.Feed, s.Id, day), true)).Select(s => (s.Feed, s.Id)),
        .. exceptions.Where(e => e.Value && e.Key.Day == day).Select(e => (e.Key.Feed, e.Key.Id)),
    ];

    private static bool Has(Service s, DateOnly day) => day >= s.First && day <= s.Last && (s.Days >> ((int)day.DayOfWeek + 6) % 7 & 1) != 0;

    /// <summary>Of the days that all feeds serve, the first of those on which the most trips run.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public DateOnly BestDay(IReadOnlyList<FeedRow> feeds)
    {
        var (first, last) = (feeds.Max(f => f.First ?? DateOnly.MaxValue), feeds.Min(f => f.Last ?? DateOnly.MinValue));
        var from = last > first.AddDays(MostDays) ? last.AddDays(1 - MostDays) : first;
        var count = first > last ? 0 : last.DayNumber - from.DayNumber + 1;
        var running = new int[feeds.Count, count];
        void Add(int feed, string id, int day) => running[feed, day] += trips.GetValueOrDefault((feed, id));
        foreach (var service in services)
            for (var day = 0; day < count; day++)
                if (Has(service, from.AddDays(day)) && !exceptions.ContainsKey((service.Feed, service.Id, from.AddDays(day)))) Add(service.Feed, service.Id, day);
        foreach (var ((feed, id, day), added) in exceptions)
            if (added && day >= from && day.DayNumber - from.DayNumber < count) Add(feed, id, day.DayNumber - from.DayNumber);
        var best = Enumerable.Range(0, count).Where(day => Enumerable.Range(0, feeds.Count).All(feed => running[feed, day] > 0)).OrderByDescending(day => Enumerable.Range(0, feeds.Count).Sum(feed => running[feed, day])).Select(day => (int?)day).FirstOrDefault();
        return best is { } found ? from.AddDays(found)
            : throw new InputException($"No day is served by all feeds of this region ({string.Join("; ", feeds.Select(f => f.First is null ? $"{f.Dataset} never" : string.Create(CultureInfo.InvariantCulture, $"{f.Dataset} {f.First:yyyy-MM-dd} to {f.Last:yyyy-MM-dd}")))}): name one by --date YYYY-MM-DD.");
    }
}
