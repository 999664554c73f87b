namespace Jietong.Routing;

/// <summary>A trip as it was added: its number and service, and where its calls stand.</summary>
internal readonly record struct TripRow(int Number, int Service, int First, int Count);

/// <summary>
/// Routes as searches need them: trips with the same calls, in an order in which none overtakes another anywhere, so that who boards the first that comes
/// is never late. Calls of route r are <c>FirstCall[r] … FirstCall[r+1]-1</c>, its trips <c>FirstTrip[r] … FirstTrip[r+1]-1</c>; the times of its trip i (from 0) stand from
/// <c>FirstTime[r] + i · calls</c> on.
/// </summary>
internal sealed record TimetableRoutes(int[] FirstCall, int[] Calls, int[] FirstTrip, int[] Numbers, int[] Services, int[] FirstTime, int[] ArrivalsMs, int[] DeparturesMs)
{
    public static TimetableRoutes Of(ReadOnlySpan<TripRow> trips, ReadOnlySpan<int> calls, ReadOnlySpan<int> arrivals, ReadOnlySpan<int> departures)
    {
        var order = Sorted(trips, calls.ToArray(), arrivals.ToArray(), departures.ToArray());
        var routes = new List<List<TripRow>>();
        var group = 0;   // the first route of those with the same calls
        for (var i = 0; i < order.Length; i++)
        {
            var trip = order[i];
            if (i > 0 && !Of(calls, trip).SequenceEqual(Of(calls, order[i - 1]))) group = routes.Count;
            var route = group;
            while (route < routes.Count && !(NeverBefore(departures, routes[route][^1], trip) && NeverBefore(arrivals, routes[route][^1], trip))) route++;
            if (route == routes.Count) routes.Add([]);
            routes[route].Add(trip);
        }
        return Packed(routes, calls, arrivals, departures);
    }

    private static ReadOnlySpan<int> Of(ReadOnlySpan<int> list, TripRow trip) => list.Slice(trip.First, trip.Count);

    private static bool NeverBefore(ReadOnlySpan<int> times, TripRow one, TripRow next)
    {
        for (var i = 0; i < one.Count; i++)
            if (times[next.First + i] < times[one.First + i]) return false;
        return true;
    }

    /// <summary>By calls, then by departures, arrivals and number: the same trips make the same routes in whatever order they were added.</summary>
    private static TripRow[] Sorted(ReadOnlySpan<TripRow> trips, int[] calls, int[] arrivals, int[] departures)
    {
        var order = trips.ToArray();
        Array.Sort(order, (a, b) =>
        {
            foreach (var list in (ReadOnlySpan<int[]>)[calls, departures, arrivals])
                if (Of(list, a).SequenceCompareTo(Of(list, b)) is not 0 and var differs) return differs;
            return a.Number.CompareTo(b.Number);
        });
        return order;
    }

    private static TimetableRoutes Packed(List<List<TripRow>> routes, ReadOnlySpan<int> calls, ReadOnlySpan<int> arrivals, ReadOnlySpan<int> departures)
    {
        var packed = new TimetableRoutes(new int[routes.Count + 1], new int[routes.Sum(r => r[0].Count)], new int[routes.Count + 1],
            new int[routes.Sum(r => r.Count)], new int[routes.Sum(r => r.Count)], new int[routes.Count + 1], new int[arrivals.Length], new int[arrivals.Length]);
        for (var r = 0; r < routes.Count; r++)
        {
            var (first, trips) = (routes[r][0], routes[r]);
            Of(calls, first).CopyTo(packed.Calls.AsSpan(packed.FirstCall[r]));
            packed.FirstCall[r + 1] = packed.FirstCall[r] + first.Count;
            packed.FirstTrip[r + 1] = packed.FirstTrip[r] + trips.Count;
            packed.FirstTime[r + 1] = packed.FirstTime[r] + trips.Count * first.Count;
            for (var i = 0; i < trips.Count; i++)
            {
                (packed.Numbers[packed.FirstTrip[r] + i], packed.Services[packed.FirstTrip[r] + i]) = (trips[i].Number, trips[i].Service);
                Of(arrivals, trips[i]).CopyTo(packed.ArrivalsMs.AsSpan(packed.FirstTime[r] + i * first.Count));
                Of(departures, trips[i]).CopyTo(packed.DeparturesMs.AsSpan(packed.FirstTime[r] + i * first.Count));
            }
        }
        return packed;
    }
}
