using Jietong.Geodata;

namespace Jietong.Services.Timetables;

/// <summary>When a feed's vehicles leave their stops on a day, in seconds after midnight; null where none does. Feeds that are extracts often hold a few hours only.</summary>
internal sealed record FeedHours(int? FirstSeconds, int? LastSeconds, bool RunsInWindow)
{
    public static IReadOnlyList<FeedHours> Of(TimetableRows rows, int fromSeconds, int toSeconds)
    {
        const int day = 86_400;
        var (first, last, runs) = (new int?[rows.Feeds.Count], new int?[rows.Feeds.Count], new bool[rows.Feeds.Count]);
        var frequencies = rows.Frequencies.ToLookup(f => f.Trip);
        foreach (var call in rows.Calls)
        {
            var trip = rows.Trips[call.Trip];
            var feed = rows.Routes[trip.Route].Feed;
            foreach (var f in frequencies[call.Trip]) Add(f.StartSeconds, f.EndSeconds - 1);
            if (!frequencies.Contains(call.Trip)) Add(call.DepartureSeconds, call.DepartureSeconds);

            void Add(int from, int to)
            {
                foreach (var (isSo, shift) in new[] { (trip.Today, 0), (trip.Yesterday, day) })
                {
                    if (!isSo || to < shift) continue;
                    runs[feed] |= from - shift < toSeconds && to - shift >= fromSeconds;
                    if (shift > 0) continue;
                    (first[feed], last[feed]) = (Math.Min(first[feed] ?? from, from), Math.Max(last[feed] ?? to, to));
                }
            }
        }
        return [.. first.Select((f, i) => new FeedHours(f, last[i], runs[i]))];
    }

    /// <summary><c>11:50–16:40</c>.</summary>
    public override string ToString() => FirstSeconds is null ? "—" : FormattableString.Invariant($"{FirstSeconds / 3600:00}:{FirstSeconds / 60 % 60:00}–{LastSeconds / 3600:00}:{LastSeconds / 60 % 60:00}");
}
