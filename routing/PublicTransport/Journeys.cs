namespace Jietong.Routing;

/// <summary>A part of a journey: a ride, or a walk.</summary>
/// <param name="Route">The timetable's; -1 for a walk.</param>
/// <param name="Trip">Its number; -1 for a walk.</param>
/// <param name="FromStop">Where one boards, or walks from; -1: the place where the journey begins.</param>
/// <param name="ToStop">Where one alights, or walks to; -1: the place where it ends.</param>
/// <param name="DepartureMs">After midnight of the service day; a walk begins at once.</param>
/// <param name="ArrivalMs">Likewise.</param>
public readonly record struct JourneyLeg(int Route, int Trip, int FromStop, int ToStop, int DepartureMs, int ArrivalMs)
{
    public bool IsWalk => Trip < 0;
}

/// <summary>A journey, of which no other arrives earlier with as few rides.</summary>
/// <param name="Rides">0 for the walk all the way.</param>
/// <param name="ArrivalMs">After midnight of the service day.</param>
/// <param name="Legs">In order. What lies between them is waiting, and the change at a stop.</param>
public sealed record Journey(int Rides, int ArrivalMs, IReadOnlyList<JourneyLeg> Legs);

public sealed partial class Raptor
{
    /// <summary>The journeys of the last <see cref="Run"/> to one place, each with more rides than the one before and an earlier arrival.</summary>
    /// <param name="departureMs">That of the run.</param>
    /// <param name="egress">Stops from which one walks to the place, and how long that takes.</param>
    /// <param name="directMs">The walk all the way; null where there is none.</param>
    /// <param name="mostMs">Longer ones do not count.</param>
    /// <exception cref="InvalidOperationException">The search keeps no journeys: make it with them.</exception>
    public IReadOnlyList<Journey> Journeys(int departureMs, IReadOnlyCollection<(int Stop, int Ms)> egress, int? directMs = null, int mostMs = Network.Unreachable)
    {
        if (rides is null || readyFrom is null) throw new InvalidOperationException("This search keeps no journeys: make it with withJourneys.");
        var (journeys, best) = (new List<Journey>(), mostMs >= Never - departureMs ? Never : departureMs + mostMs + 1);
        if (directMs is { } direct && departureMs + direct < best)
            journeys.Add(new(0, best = departureMs + direct, [new(-1, -1, -1, -1, departureMs, best)]));
        for (var round = 1; round <= MostRides; round++)
        {
            var from = -1;
            foreach (var (stop, ms) in egress)
                if (AlightMs(stop, round) + ms is var at && at < best) (best, from) = (at, stop);
            if (from < 0) continue;
            journeys.Add(new(round, best, [.. LegsTo(from, round, departureMs), new(-1, -1, from, -1, AlightMs(from, round), best)]));
        }
        return journeys;
    }

    private Stack<JourneyLeg> LegsTo(int stop, int round, int departureMs)
    {
        var legs = new Stack<JourneyLeg>();
        while (true)
        {
            // A label is passed on to all higher rounds; the lowest that has it made it.
            while (round > 1 && AlightMs(stop, round - 1) == AlightMs(stop, round)) round--;
            var (route, trip, board, alighted) = rides![round * stops + stop];
            var (length, times) = (day.FirstCall[route + 1] - day.FirstCall[route], day.FirstTime[route]);
            var boarded = day.Calls[day.FirstCall[route] + board] >> 2;
            legs.Push(new(day.RouteOf[route], day.Numbers[day.FirstTrip[route] + trip], boarded, stop, day.DeparturesMs[times + trip * length + board], day.ArrivalsMs[times + trip * length + alighted]));
            round--;
            var (before, at) = (readyFrom![round * stops + boarded], ready[round * stops + boarded]);
            if (before < 0) legs.Push(new(-1, -1, -1, boarded, departureMs, at));
            else if (before != boarded) legs.Push(new(-1, -1, before, boarded, AlightMs(before, round), at));
            if (before < 0) return legs;
            stop = before;
        }
    }
}
