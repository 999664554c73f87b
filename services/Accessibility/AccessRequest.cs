using System.Globalization;
using Jietong.Geodata;

namespace Jietong.Services.Accessibility;

/// <summary>What is counted, within which times, on which day, when one sets out, how far one walks, and what is taken away for comparison.</summary>
/// <param name="Opportunities">The column that is counted.</param>
/// <param name="Minutes">Limits, rising.</param>
/// <param name="Weights">A column, or equal; null: population where there is any.</param>
/// <param name="Date">The service day; null: one that all feeds serve.</param>
/// <param name="FromMinute">The first departure, after midnight.</param>
/// <param name="ToMinute">The last is a minute before.</param>
/// <param name="MaxWalkMinutes">To the first stop, and from the last.</param>
/// <param name="Without">Datasets and routes.</param>
/// <param name="From">One cell's times are asked for.</param>
internal sealed record AccessRequest(string Opportunities, IReadOnlyList<int> Minutes, string? Weights, DateOnly? Date, int FromMinute, int ToMinute, int MaxWalkMinutes, IReadOnlyList<string> Without, string? From)
{
    public const int MostMinutes = 180, MostLimits = 6, MostDepartures = 240, MostWalk = 60;
    public const string DefaultOpportunities = "jobs", DefaultMinutes = "30,45,60", DefaultDepartures = "07:00-09:00", DefaultMaxWalk = "20";

    /// <summary>Between two rides one walks no longer than this.</summary>
    public const int MostWalkBetweenRides = 10;

    public int DepartureCount => ToMinute - FromMinute;

    /// <param name="given">What was written for a name; null where it was left out.</param>
    /// <param name="date">The day.</param>
    /// <param name="mark">What stands in front of the names there: "--", or nothing.</param>
    /// <exception cref="InputException">Something is not as it must be; the message names it and says how to write it.</exception>
    public static AccessRequest Read(Func<string, string?> given, DateOnly? date, string mark)
    {
        var minutes = Split(given("minutes") ?? DefaultMinutes).Select(t => Whole(t, "minutes", MostMinutes, $"write them like {mark}minutes {DefaultMinutes}")).Distinct().Order().ToArray();
        if (minutes.Length is 0 or > MostLimits) throw new InputException($"{mark}minutes: {minutes.Length} limits are asked for, 1 to {MostLimits} are counted at once.");
        var (from, to) = Window(given("departures") ?? DefaultDepartures);
        return new(given("opportunities") ?? DefaultOpportunities, minutes, given("weights"), date, from, to, Whole(given("max-walk") ?? DefaultMaxWalk, "max-walk", MostWalk, "it is in minutes"), Split(given("without") ?? ""), given("from"));

        int Whole(string text, string name, int most, string how) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
            : throw new InputException($"{mark}{name}: \"{InputException.Short(text, 60)}\" is not a whole number from 1 to {most}: {how}.");

        (int, int) Window(string text)
        {
            var ends = text.Split('-', StringSplitOptions.TrimEntries).Select(Minute).ToArray();
            if (ends is [{ } one]) return (one, one + 1);
            if (ends is [{ } first, { } last] && first < last && last - first <= MostDepartures) return (first, last);
            throw new InputException($"{mark}departures: \"{InputException.Short(text, 60)}\" is no window: write it like {DefaultDepartures}, at most {MostDepartures} minutes long, or one time like 08:00.");
        }
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int? Minute(string text) => text.Split(':') is [{ Length: 1 or 2 } h, { Length: 2 } m] && int.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && hours < 30 && minutes < 60 ? 60 * hours + minutes : null;

    public static string Clock(int minute) => FormattableString.Invariant($"{minute / 60:00}:{minute % 60:00}");

    /// <summary>Which routes are taken away, by dataset, or by a route's id or short name, also as DATASET.ROUTE.</summary>
    /// <returns>For each route of the feeds whether it runs; null where nothing is taken away.</returns>
    /// <exception cref="InputException">There is no such dataset or route, or several.</exception>
    public bool[]? RoutesLeft(TimetableRows rows)
    {
        if (Without.Count == 0) return null;
        var left = Enumerable.Repeat(true, rows.Routes.Count).ToArray();
        foreach (var name in Without)
        {
            bool Is(FeedRouteRow r, Func<FeedRouteRow, string?> of) => of(r) is { } text && (text == name || $"{rows.Feeds[r.Feed].Dataset}.{text}" == name);
            var all = Enumerable.Range(0, left.Length).ToList();
            var found = all.Where(r => rows.Feeds[rows.Routes[r].Feed].Dataset == name).ToList();
            if (found.Count == 0 && !rows.Feeds.Any(f => f.Dataset == name))
            {
                found = all.Where(r => Is(rows.Routes[r], route => route.Id)).ToList();
                if (found.Count == 0) found = all.Where(r => Is(rows.Routes[r], route => route.ShortName)).ToList();
                if (found.Select(r => rows.Routes[r].Feed).Distinct().Count() > 1) throw new InputException($"without: {name} is a route of {string.Join(" and of ", found.Select(r => rows.Feeds[rows.Routes[r].Feed].Dataset).Distinct())}: write {rows.Feeds[rows.Routes[found[0]].Feed].Dataset}.{name}.");
                if (found.Count == 0)
                    throw new InputException($"without: {InputException.Short(name, 60)} is neither a dataset ({string.Join(", ", rows.Feeds.Select(f => f.Dataset))}) nor a route of one{(all.Where(r => rows.Routes[r].Id.Contains(name, StringComparison.OrdinalIgnoreCase)).Take(5).Select(r => rows.Routes[r].Id).ToList() is { Count: > 0 } like ? $"; routes like it: {string.Join(", ", like)}" : "")}.");
            }
            foreach (var route in found) left[route] = false;
        }
        return left;
    }
}
