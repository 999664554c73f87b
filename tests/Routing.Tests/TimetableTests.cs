using Xunit;

namespace Jietong.Routing.Tests;

public sealed class TimetableTests
{
    private static TripCall[] Calls(params (int Stop, int At)[] calls) => [.. calls.Select(c => new TripCall(c.Stop, c.At, c.At))];

    [Fact]
    public void No_trip_of_a_route_overtakes_another_and_none_is_lost()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var world = RandomTimetable.Of(seed);
            var routes = world.Timetable.Routes;
            var seen = new List<(int, int, string)>();
            for (var route = 0; route + 1 < routes.FirstCall.Length; route++)
                for (var (trip, length) = (routes.FirstTrip[route], routes.FirstCall[route + 1] - routes.FirstCall[route]); trip < routes.FirstTrip[route + 1]; trip++)
                {
                    var at = routes.FirstTime[route] + (trip - routes.FirstTrip[route]) * length;
                    seen.Add((routes.Numbers[trip], routes.Services[trip], string.Join(' ', Enumerable.Range(0, length).Select(i => $"{routes.Calls[routes.FirstCall[route] + i]}@{routes.ArrivalsMs[at + i]}-{routes.DeparturesMs[at + i]}"))));
                    for (var i = at; trip > routes.FirstTrip[route] && i < at + length; i++)
                        Assert.True(routes.ArrivalsMs[i - length] <= routes.ArrivalsMs[i] && routes.DeparturesMs[i - length] <= routes.DeparturesMs[i], $"trip {routes.Numbers[trip]} overtakes, {world}");
                }
            Assert.Equal(world.Trips.Select((t, n) => (n, t.Service, string.Join(' ', t.Calls.Select((c, i) => $"{c.Stop << 2 | (c.PickUp && i < t.Calls.Length - 1 ? 1 : 0) | (c.DropOff && i > 0 ? 2 : 0)}@{c.ArrivalMs}-{c.DepartureMs}")))), seen.Order());
        }
    }

    [Fact]
    public void Trips_that_overtake_are_of_two_routes()
    {
        var builder = new TimetableBuilder(2);
        foreach (var (from, to) in ((int, int)[])[(0, 50), (10, 40), (20, 60), (20, 60)]) builder.AddTrip(0, Calls((0, from), (1, to)));
        var timetable = builder.Build();
        Assert.Equal((2, 4, 8), (timetable.RouteCount, timetable.TripCount, timetable.CallCount));
        Assert.Equal([0, 1], timetable.StopsOf(1));
    }

    [Fact]
    public void A_frequency_runs_from_its_beginning_to_before_its_end()
    {
        var builder = new TimetableBuilder(2, 2);
        Assert.Equal(0, builder.AddFrequency(1, [new(0, 100, 300), new(1, 1_000, 1_000)], 60_000, 90_000, 10_000, 5_000));
        Assert.Equal(1, builder.AddTrip(0, Calls((0, 0), (1, 5))));
        var timetable = builder.Build();
        Assert.Equal((2, 8), (timetable.TripCount, timetable.CallCount));
        var day = timetable.On([1]);
        Assert.Equal([65_000, 75_000, 85_000], day.DeparturesMs.Where((_, i) => i % 2 == 0));
        Assert.Equal([65_700, 75_700, 85_700], day.ArrivalsMs.Where((_, i) => i % 2 == 1));
        Assert.Equal([64_800, 74_800, 84_800], day.ArrivalsMs.Where((_, i) => i % 2 == 0));
        Assert.Equal((3, 0, 1), (day.TripCount, timetable.On([]).TripCount, timetable.On([0]).TripCount));
    }

    [Fact]
    public void What_cannot_be_is_refused_with_its_trip_and_call()
    {
        var builder = new TimetableBuilder(3, 2);
        builder.AddTrip(0, Calls((0, 0), (1, 5)));
        string Refused(params TripCall[] calls) => Assert.Throws<ArgumentException>(() => builder.AddTrip(1, calls)).Message;
        Assert.Equal("Trip 1, call 2 of 2 (stop 3): stop 3 is unknown: 0 … 2 are there.", Refused(Calls((0, 0), (3, 5))));
        Assert.Equal("Trip 1, call 2 of 2 (stop 1): it arrives at 08:00:00, before it departs from the call before at 08:00:01.5.", Refused(Calls((0, 28_801_500), (1, 28_800_000))));
        Assert.Equal("Trip 1, call 1 of 2 (stop 0): it arrives at 25:00:00, after it departs at 24:00:00.", Refused(new(0, 90_000_000, 86_400_000), new(1, 90_000_000, 90_000_000)));
        Assert.StartsWith("Trip 1, call 1 of 2 (stop 0): a time is before midnight", Refused(Calls((0, -1), (1, 5))), StringComparison.Ordinal);
        Assert.StartsWith("Trip 1, call 2 of 2 (stop 1): a time is after 149:07:50.912", Refused(Calls((0, 0), (1, Network.Unreachable + 1))), StringComparison.Ordinal);
        Assert.StartsWith("Trip 1 has 1 calls", Refused(Calls((0, 0))), StringComparison.Ordinal);
        Assert.StartsWith("Trip 1 belongs to service 2", Assert.Throws<ArgumentException>(() => builder.AddTrip(2, Calls((0, 0), (1, 5)))).Message, StringComparison.Ordinal);
        foreach (var (from, to, headway, phase) in ((int, int, int, int)[])[(-1, 5, 1000, 0), (5, 5, 1000, 0), (0, 5, 999, 0), (0, 5, 1000, 1000), (0, 5, 1000, -1), (0, Network.Unreachable + 1, 1000, 0)])
            Assert.StartsWith("Trip 1 runs from", Assert.Throws<ArgumentException>(() => builder.AddFrequency(0, Calls((0, 0), (1, 5)), from, to, headway, phase)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Trip 1 leaves last at", Assert.Throws<ArgumentException>(() => builder.AddFrequency(0, Calls((0, 0), (1, Network.Unreachable)), 1000, 2000, 1000)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Trip 1 arrives at its first call before midnight", Assert.Throws<ArgumentException>(() => builder.AddFrequency(0, [new(0, 0, 500), new(1, 600, 600)], 0, 2000, 1000)).Message, StringComparison.Ordinal);
        foreach (var (from, to, ms) in ((int, int, int)[])[(0, 3, 5), (-1, 0, 5), (1, 1, 5), (0, 1, -1), (0, 1, Network.Unreachable)])
            Assert.StartsWith($"A footpath from stop {from} to {to} in {ms} ms", Assert.Throws<ArgumentException>(() => builder.AddFootpath(from, to, ms)).Message, StringComparison.Ordinal);
        Assert.StartsWith("A change of -5 ms at stop 0", Assert.Throws<ArgumentException>(() => builder.SetChange(0, -5)).Message, StringComparison.Ordinal);
        Assert.StartsWith("A change of 5 ms at stop 3", Assert.Throws<ArgumentException>(() => builder.SetChange(3, 5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Build().On([2]));
        Assert.Equal(1, builder.Build().TripCount);   // nothing of what was refused is there
    }

    [Fact]
    public void Walks_become_footpaths_and_what_is_added_later_counts()
    {
        var builder = new TimetableBuilder(3);
        builder.AddFootpaths(Walks.Of(3, 3, [(0, 0, 5), (0, 1, 7), (1, 2, 9)]));
        builder.AddFootpath(0, 1, 20);
        var footpaths = builder.Build().Footpaths;
        Assert.Equal([(1, 20)], footpaths.From(0));
        Assert.Equal([(2, 9)], footpaths.From(1));
    }
}
