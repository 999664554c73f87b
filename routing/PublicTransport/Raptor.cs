using System.Runtime.InteropServices;

namespace Jietong.Routing;

/// <summary>
/// Earliest arrivals by public transport, round by round: one more ride in each (Delling, Pajor and Werneck 2015, "Round-based public transit routing",
/// Transportation Science 49(3), 591–604). One walks to stops, rides, may walk one footpath or change at the stop between two rides, and walks on from where one alights.
/// </summary>
/// <remarks>
/// A trip is caught that departs at the very time at which one is ready. Nobody arrives after departure + the longest time; <see cref="Network.Unreachable"/> is "never".
/// Memory: 8 bytes for each stop and number of rides, and 20 more where journeys are wanted; 4 for each call of a route. Its buffers are written anew by each run: one instance for each thread.
/// </remarks>
public sealed partial class Raptor
{
    private const int Never = Network.Unreachable;

    private readonly ServiceDay day;
    private readonly int stops;
    private readonly int[] alight;      // [rides][stop]: the earliest alighting with so many rides or less
    private readonly int[] ready;       // [rides][stop]: the earliest boarding after so many rides or less
    private readonly int[] guesses;     // [call]: the trip that was caught there last; no more than a guess
    private readonly int[] firstCalls;  // by route: from which of its calls on it is looked at in this round
    private readonly bool[] isReady, hasAlighted, isLowered;
    private readonly List<int> readyStops = [], alightedStops = [], loweredStops = [], routes = [];
    private readonly Ride[]? rides;     // [rides][stop]: by which one alights there
    private readonly int[]? readyFrom;  // [rides][stop]: where one alighted before; -1: nowhere
    private int latestMs;

    private readonly record struct Ride(int Route, int Trip, int Board, int Alight);

    /// <param name="day">What runs.</param>
    /// <param name="mostRides">With how many rides at most, 1 … 64.</param>
    /// <param name="withJourneys">Whether <see cref="Journeys"/> will be asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostRides"/> is out of range.</exception>
    public Raptor(ServiceDay day, int mostRides = 8, bool withJourneys = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRides, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mostRides, 64);
        (this.day, MostRides, stops) = (day, mostRides, day.Timetable.StopCount);
        (alight, ready) = (new int[(mostRides + 1) * stops], new int[(mostRides + 1) * stops]);
        (isReady, hasAlighted, isLowered, firstCalls) = (new bool[stops], new bool[stops], new bool[stops], new int[day.RouteOf.Length]);
        Array.Fill(firstCalls, int.MaxValue);
        guesses = new int[day.Calls.Length];
        if (withJourneys) (rides, readyFrom) = (new Ride[alight.Length], new int[alight.Length]);
        Clear();
    }

    public int MostRides { get; }

    /// <summary>The earliest time at which one alights at a stop with at most so many rides, 1 … <see cref="MostRides"/>, after the last run.</summary>
    public int AlightMs(int stop, int rides) => alight[rides * stops + stop];

    /// <summary>Finds all earliest arrivals of who sets out at one time.</summary>
    /// <param name="access">Stops to which one walks first, and how long that takes.</param>
    /// <param name="departureMs">After midnight of the day, 0 … 2^29 − 1.</param>
    /// <param name="mostMs">Journeys that take longer are not looked for.</param>
    /// <exception cref="ArgumentException">A stop is unknown, or a time out of range.</exception>
    public void Run(IReadOnlyCollection<(int Stop, int Ms)> access, int departureMs, int mostMs = Network.Unreachable)
    {
        if (departureMs is < 0 or >= Never || mostMs < 0) throw new ArgumentException($"A departure at {departureMs} ms with at most {mostMs} ms: 0 … {Never - 1}, and 0 or more are allowed.");
        foreach (var (stop, ms) in access)
            if ((uint)stop >= stops || ms is < 0 or >= Never) throw new ArgumentException($"A walk of {ms} ms to stop {stop}: stops 0 … {stops - 1}, and 0 … {Never - 1} ms are allowed.");
        Clear();
        Depart([.. access.Select(walk => walk.Stop)], [.. access.Select(walk => walk.Ms)], departureMs, mostMs);
    }

    internal void Clear()
    {
        Array.Fill(alight, Never);
        Array.Fill(ready, Never);
    }

    /// <summary>The stops at which the last departure alights earlier than those before it did.</summary>
    internal ReadOnlySpan<int> Lowered => CollectionsMarshal.AsSpan(loweredStops);

    /// <summary>The earliest alighting with any number of rides.</summary>
    internal ReadOnlySpan<int> Earliest => alight.AsSpan(MostRides * stops);

    /// <summary>
    /// One departure after others that were later: what they found stays, for who sets out now may wait for it; only what is better is searched on (range-RAPTOR, section 5 of the paper).
    /// </summary>
    internal void Depart(ReadOnlySpan<int> accessStops, ReadOnlySpan<int> accessMs, int departureMs, int mostMs)
    {
        latestMs = mostMs >= Never - departureMs ? Never - 1 : departureMs + mostMs;
        foreach (var stop in loweredStops) isLowered[stop] = false;
        loweredStops.Clear();
        for (var i = 0; i < accessStops.Length; i++) Ready(accessStops[i], departureMs + accessMs[i], 0, -1);
        for (var round = 1; round <= MostRides && readyStops.Count > 0; round++)
        {
            foreach (var stop in readyStops)
            {
                for (var (i, end) = (day.FirstBoarding[stop], day.FirstBoarding[stop + 1]); i < end; i++)
                {
                    var (route, position) = day.Boardings[i];
                    if (firstCalls[route] == int.MaxValue) routes.Add(route);
                    firstCalls[route] = Math.Min(firstCalls[route], position);
                }
            }
            foreach (var route in routes)
            {
                Scan(route, firstCalls[route], round);
                firstCalls[route] = int.MaxValue;
            }
            routes.Clear();
            foreach (var stop in readyStops) isReady[stop] = false;
            readyStops.Clear();
            foreach (var stop in alightedStops)
            {
                hasAlighted[stop] = false;
                if (round < MostRides) Change(stop, round);
            }
            alightedStops.Clear();
        }
    }

    /// <summary>Rides along a route from its first call that matters, always on the earliest trip that can be caught on the way.</summary>
    private void Scan(int route, int position, int round)
    {
        var (length, count) = (day.FirstCall[route + 1] - day.FirstCall[route], day.FirstTrip[route + 1] - day.FirstTrip[route]);
        var calls = day.Calls.AsSpan(day.FirstCall[route], length);
        var arrivals = day.ArrivalsMs.AsSpan(day.FirstTime[route], length * count);
        var departures = day.DeparturesMs.AsSpan(day.FirstTime[route], length * count);
        var alightNow = alight.AsSpan(round * stops, stops);
        var readyBefore = ready.AsSpan((round - 1) * stops, stops);
        var (trip, boarded) = (count, -1);
        for (; position < length; position++)
        {
            var (call, stop) = (calls[position], calls[position] >> 2);
            if (trip < count && (call & Timetable.CanDropOff) != 0 && arrivals[trip * length + position] is var at && at < alightNow[stop] && at <= latestMs)
                Alight(stop, at, round, new(route, trip, boarded, position));
            if (!isReady[stop] || (call & Timetable.CanPickUp) == 0) continue;   // who is ready there no sooner than before boarded before
            var from = readyBefore[stop];
            var earlier = trip;
            if (trip == count) earlier = guesses[day.FirstCall[route] + position] = FirstFrom(departures, length, count, position, from, guesses[day.FirstCall[route] + position]);
            else
                while (earlier > 0 && departures[(earlier - 1) * length + position] >= from) earlier--;
            if (earlier < trip) (trip, boarded) = (earlier, position);
        }
    }

    /// <summary>The first trip that departs from a call at a time or later; as many as there are, if none. Looked for around a guess, since one search asks about much the same time again and again.</summary>
    private static int FirstFrom(ReadOnlySpan<int> departures, int length, int count, int position, int from, int guess)
    {
        var (low, high, step) = (guess, guess, 1);
        while (low > 0 && departures[(low - 1) * length + position] >= from) (low, high, step) = (Math.Max(0, low - step), low - 1, 2 * step);
        if (high == guess)
            for (step = 1; high < count && departures[high * length + position] < from; step *= 2) (low, high) = (high + 1, Math.Min(count, high + step));
        while (low < high)
            if ((low + high) >>> 1 is var middle && departures[middle * length + position] < from) low = middle + 1;
            else high = middle;
        return low;
    }

    private void Alight(int stop, int at, int round, Ride by)
    {
        for (var i = round * stops + stop; i < alight.Length && alight[i] > at; i += stops)   // with more rides it is no later
        {
            alight[i] = at;
            if (rides is not null) rides[i] = by;
            if (i < MostRides * stops || isLowered[stop]) continue;
            isLowered[stop] = true;
            loweredStops.Add(stop);
        }
        if (hasAlighted[stop]) return;
        hasAlighted[stop] = true;
        alightedStops.Add(stop);
    }

    private void Change(int stop, int round)
    {
        var (at, footpaths) = (alight[round * stops + stop], day.Timetable.Footpaths);
        Ready(stop, at + day.Timetable.ChangeMs[stop], round, stop);
        for (var (i, end) = (footpaths.First[stop], footpaths.First[stop + 1]); i < end; i++) Ready(footpaths.Tos[i], at + footpaths.TimesMs[i], round, stop);
    }

    private void Ready(int stop, int at, int round, int from)
    {
        if (at >= ready[round * stops + stop] || at > latestMs) return;
        for (var i = round * stops + stop; i < ready.Length && ready[i] > at; i += stops)
        {
            ready[i] = at;
            if (readyFrom is not null) readyFrom[i] = from;
        }
        if (isReady[stop]) return;
        isReady[stop] = true;
        readyStops.Add(stop);
    }
}
