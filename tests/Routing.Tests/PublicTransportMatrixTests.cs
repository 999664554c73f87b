using Xunit;

namespace Jietong.Routing.Tests;

public sealed class PublicTransportMatrixTests
{
    private static readonly int[] Percentiles = [1, 5, 25, 50, 75, 95, 100];

    [Fact]
    public void Percentiles_are_those_of_every_departure_by_itself()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var (world, random) = (RandomTimetable.Of(seed), new Random(seed));
            var (sources, targets, rides) = (random.Next(1, 4), random.Next(1, 5), random.Next(1, 4));
            var window = new DepartureWindow(1000 * random.Next(40), 1000 * random.Next(41, 100), 1000 * random.Next(1, 8));
            var most = random.Next(3) == 0 ? Network.Unreachable - 1 : 1000 * random.Next(20, 80);
            (int From, int To, int Ms)[] Some(int from, int to) => [.. Enumerable.Range(0, random.Next(6)).Select(_ => (random.Next(from), random.Next(to), 1000 * random.Next(30))).DistinctBy(w => (w.Item1, w.Item2))];
            var (access, egress, direct) = (Some(sources, world.Stops), Some(world.Stops, targets), Some(sources, targets));
            var found = PublicTransportMatrix.Between(world.Timetable.On([0, 1, 2]), Walks.Of(sources, world.Stops, access), Walks.Of(world.Stops, targets, egress), window, Percentiles,
                Walks.Of(sources, targets, direct), rides, most, workers: 1 + seed % 3);
            for (var source = 0; source < sources; source++)
            {
                var departures = new List<int>();
                for (var at = window.FromMs; at < window.ToMs; at += window.StepMs) departures.Add(at);
                var own = access.Where(a => a.From == source).Select(a => (a.To, a.Ms)).ToList();
                var alightings = departures.Select(at => world.Alightings(own, at, rides)[rides]).ToList();
                for (var target = 0; target < targets; target++)
                {
                    var times = departures.Select((at, d) => egress.Where(e => e.To == target && alightings[d][e.From] < Network.Unreachable).Select(e => alightings[d][e.From] + e.Ms - at)
                        .Concat(direct.Where(w => w.From == source && w.To == target).Select(w => w.Ms)).Where(ms => ms <= most).Append(Network.Unreachable).Min()).Order().ToList();
                    for (var p = 0; p < Percentiles.Length; p++)
                    {
                        var expected = times[(int)Math.Ceiling(Percentiles[p] * times.Count / 100.0 - 1e-9) - 1];
                        Assert.True(found[p][source][target] == expected, $"{Percentiles[p]} % from {source} to {target}, {window}, most {most}, {rides} rides: {found[p][source][target]} is not {expected} of {string.Join(' ', times)}, {world}");
                    }
                }
            }
        }
    }

    [Fact]
    public void One_departure_is_a_window_of_one()
    {
        var builder = new TimetableBuilder(2);
        builder.AddTrip(0, [new(0, 10_000, 10_000), new(1, 25_000, 25_000)]);
        var found = PublicTransportMatrix.Between(builder.Build().On([0]), Walks.Of(1, 2, [(0, 0, 4_000)]), Walks.Of(2, 2, [(1, 0, 5_000)]), DepartureWindow.At(1_000), [50]);
        Assert.Equal([29_000, Network.Unreachable], found[0][0]);
    }

    // Every ten minutes, one minute of ride: waits of 0 … 9 minutes, one each.
    [Fact]
    public void A_headway_spreads_the_waits_evenly()
    {
        var builder = new TimetableBuilder(2);
        builder.AddFrequency(0, [new(0, 0, 0), new(1, 60_000, 60_000)], 0, 7_200_000, 600_000);
        var found = PublicTransportMatrix.Between(builder.Build().On([0]), Walks.At([0], 2), Walks.At([1], 2).Transposed(), new(0, 3_600_000), [1, 10, 11, 50, 90, 100]);
        Assert.Equal([1, 1, 2, 5, 9, 10], found.Select(matrix => matrix[0][0] / 60_000));
    }

    [Fact]
    public void Bad_questions_are_named()
    {
        var day = RandomTimetable.Of(1).Timetable.On([]);
        var (access, egress) = (Walks.Of(1, day.Timetable.StopCount, []), Walks.Of(day.Timetable.StopCount, 1, []));
        string Refused(Walks from, Walks to, DepartureWindow window, int percentile = 50, int mostMs = 5) => Assert.Throws<ArgumentException>(() => PublicTransportMatrix.Between(day, from, to, window, [percentile], mostMs: mostMs)).Message;
        Assert.StartsWith("Departures from 5 ms to 5 every 60000", Refused(access, egress, new(5, 5)), StringComparison.Ordinal);
        Assert.StartsWith("The access walks lead from", Refused(egress, egress, new(0, 5)), StringComparison.Ordinal);
        Assert.StartsWith("The egress walks lead from", Refused(access, access, new(0, 5)), StringComparison.Ordinal);
        Assert.StartsWith("The percentile 0:", Refused(access, egress, new(0, 5), 0), StringComparison.Ordinal);
        Assert.StartsWith("Times of at most -1 ms", Refused(access, egress, new(0, 5), mostMs: -1), StringComparison.Ordinal);
    }
}
