using Xunit;

namespace Jietong.Routing.Tests;

public sealed class RaptorTests
{
    private const int MostRides = 4;
    private static readonly int[] AllServices = [0, 1, 2];

    private static (int Stop, int Ms)[] SomeWalks(Random random, int stops) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => (random.Next(stops), 1000 * random.Next(15)))];

    private static int[] SomeServices(Random random) => [.. AllServices.Where(_ => random.Next(2) == 0)];

    [Fact]
    public void Agrees_with_Dijkstra_on_all_events_for_each_number_of_rides()
    {
        for (var seed = 0; seed < 6000; seed++)
        {
            var (world, random) = (RandomTimetable.Of(seed), new Random(seed));
            var (access, departure, services) = (SomeWalks(random, world.Stops), 1000 * random.Next(70), SomeServices(random));
            var raptor = new Raptor(world.Timetable.On(services), MostRides);
            raptor.Run(access, departure);
            var oracle = world.Running(services, []).Alightings(access, departure, MostRides);
            for (var rides = 1; rides <= MostRides; rides++)
                for (var stop = 0; stop < world.Stops; stop++)
                    Assert.True(raptor.AlightMs(stop, rides) == oracle[rides][stop], $"at {stop} with {rides} rides from {string.Join(' ', access)} at {departure} on {string.Join(' ', services)}: {raptor.AlightMs(stop, rides)} is not {oracle[rides][stop]}, {world}");
        }
    }

    // Trips around the midnight after their day: yesterday's run this morning.
    [Fact]
    public void Trips_of_the_day_before_run_on_after_midnight()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var (world, random) = (RandomTimetable.Of(seed, RandomTimetable.DayMs - 30_000), new Random(seed));
            var (access, departure, services, before) = (SomeWalks(random, world.Stops), 1000 * random.Next(40), SomeServices(random), SomeServices(random));
            var raptor = new Raptor(world.Timetable.On(services, before), MostRides);
            raptor.Run(access, departure);
            var oracle = world.Running(services, before).Alightings(access, departure, MostRides);
            for (var stop = 0; stop < world.Stops; stop++)
                Assert.True(raptor.AlightMs(stop, MostRides) == oracle[MostRides][stop], $"at {stop} from {string.Join(' ', access)} at {departure} on {string.Join(' ', services)} after {string.Join(' ', before)}: {raptor.AlightMs(stop, MostRides)} is not {oracle[MostRides][stop]}, {world}");
        }
    }

    [Fact]
    public void Journeys_can_be_made_as_they_say_and_none_is_better_in_both_arrival_and_rides()
    {
        for (var seed = 0; seed < 4000; seed++)
        {
            var (world, random) = (RandomTimetable.Of(seed), new Random(seed));
            var (access, egress, departure) = (SomeWalks(random, world.Stops), SomeWalks(random, world.Stops), 1000 * random.Next(70));
            int? direct = random.Next(3) == 0 ? 1000 * random.Next(60) : null;
            var (timetable, most) = (world.Timetable, 1000 * random.Next(10, 200));
            var raptor = new Raptor(timetable.On(AllServices), MostRides, withJourneys: true);
            raptor.Run(access, departure, most);
            var (journeys, oracle) = (raptor.Journeys(departure, egress, direct, most), world.Alightings(access, departure, MostRides));
            var (expected, best) = (new List<(int, int)>(), departure + most + 1);
            for (var rides = 0; rides <= MostRides; rides++)
            {
                var arrival = rides == 0 ? departure + (direct ?? Network.Unreachable) : egress.Select(e => oracle[rides][e.Stop] + e.Ms).Append(Network.Unreachable).Min();
                if (arrival < best) expected.Add((rides, best = arrival));
            }
            var why = $"from {string.Join(' ', access)} at {departure} to {string.Join(' ', egress)} within {most}, {world}";
            Assert.True(expected.SequenceEqual(journeys.Select(j => (j.Rides, j.ArrivalMs))), $"{string.Join(' ', journeys)} are not {string.Join(' ', expected)}, {why}");
            foreach (var journey in journeys.Where(j => j.Rides > 0)) MustBePossible(world, timetable, journey, access, egress, departure, why);
        }
    }

    private static void MustBePossible(RandomTimetable world, Timetable timetable, Journey journey, (int Stop, int Ms)[] access, (int Stop, int Ms)[] egress, int departure, string why)
    {
        var legs = journey.Legs;
        Assert.True(legs[0] is { IsWalk: true, FromStop: -1 } && legs[0].DepartureMs == departure && access.Contains((legs[0].ToStop, legs[0].ArrivalMs - departure)), $"{legs[0]} is no access, {why}");
        Assert.True(legs[^1] is { IsWalk: true, ToStop: -1 } && legs[^1].ArrivalMs == journey.ArrivalMs && egress.Contains((legs[^1].FromStop, legs[^1].ArrivalMs - legs[^1].DepartureMs)), $"{legs[^1]} is no egress, {why}");
        Assert.True(legs.Count(l => !l.IsWalk) == journey.Rides, $"{journey.Rides} rides, {why}");
        for (var i = 1; i < legs.Count; i++)
        {
            var (leg, before) = (legs[i], legs[i - 1]);
            var change = leg.IsWalk || before.IsWalk ? 0 : world.ChangeMs[leg.FromStop];
            Assert.True(leg.FromStop == before.ToStop && leg.DepartureMs >= before.ArrivalMs + change, $"{leg} does not follow {before}, {why}");
            if (i == legs.Count - 1) continue;
            if (leg.IsWalk) Assert.True(world.Footpaths.Contains((leg.FromStop, leg.ToStop, leg.ArrivalMs - leg.DepartureMs)), $"{leg} is no footpath, {why}");
            else
            {
                var calls = world.Trips[leg.Trip].Calls;
                var boards = Enumerable.Range(0, calls.Length - 1).Where(c => calls[c].PickUp && calls[c].Stop == leg.FromStop && calls[c].DepartureMs == leg.DepartureMs);
                Assert.True(boards.Any(b => calls[(b + 1)..].Any(c => c.DropOff && c.Stop == leg.ToStop && c.ArrivalMs == leg.ArrivalMs)), $"{leg} is no ride, {why}");
                Assert.True(timetable.StopsOf(leg.Route).SequenceEqual(calls.Select(c => c.Stop)), $"{leg} is of another route, {why}");
            }
        }
    }

    [Fact]
    public void A_trip_more_makes_nobody_later_and_who_leaves_later_is_never_sooner()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (world, random) = (RandomTimetable.Of(seed), new Random(seed));
            var (access, departure) = (SomeWalks(random, world.Stops), 1000 * random.Next(60));
            var (with, later, without) = (new Raptor(world.Timetable.On(AllServices), MostRides), new Raptor(world.Timetable.On(AllServices), MostRides), new Raptor((world with { Trips = world.Trips[1..] }).Timetable.On(AllServices), MostRides));
            with.Run(access, departure);
            later.Run(access, departure + random.Next(20_000));
            without.Run(access, departure);
            for (var rides = 1; rides <= MostRides; rides++)
                for (var stop = 0; stop < world.Stops; stop++)
                    Assert.True(with.AlightMs(stop, rides) <= without.AlightMs(stop, rides) && with.AlightMs(stop, rides) <= later.AlightMs(stop, rides) && (rides == 1 || with.AlightMs(stop, rides) <= with.AlightMs(stop, rides - 1)), $"{stop} with {rides} rides from {string.Join(' ', access)} at {departure}, {world}");
        }
    }

    [Fact]
    public void Bad_questions_are_named()
    {
        var day = RandomTimetable.Of(1).Timetable.On(AllServices);
        Assert.StartsWith("A walk of 5 ms to stop 99", Assert.Throws<ArgumentException>(() => new Raptor(day).Run([(99, 5)], 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("A departure at -1 ms", Assert.Throws<ArgumentException>(() => new Raptor(day).Run([], -1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Raptor(day, 0));
        Assert.StartsWith("This search keeps no journeys", Assert.Throws<InvalidOperationException>(() => new Raptor(day).Journeys(0, [])).Message, StringComparison.Ordinal);
    }
}
