using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>
/// One topology, many metrics. How times come from lengths, classes, speeds, modes, closures and penalties is the services' business; whatever it is, an array of times is a metric
/// of the one hierarchy, and changing from one metric to another in place leaves what making it anew would.
/// </summary>
public sealed class MetricsTests
{
    private sealed record Profile(string Name, int[] KmhByClass, HashSet<int> Closed, int PenaltyMs)
    {
        /// <summary>Metres at km/h in ms; a speed of 0 is a class that this mode may not use.</summary>
        public int TimeMs(int arc, int lengthM, int roadClass) =>
            Closed.Contains(arc) || KmhByClass[roadClass] == 0 ? Network.Unreachable : (int)(3600L * lengthM / KmhByClass[roadClass]);
    }

    [Fact]
    public void Dates_modes_speeds_closures_and_penalties_share_one_hierarchy()
    {
        for (var seed = 0; seed < 250; seed++)
        {
            var (world, random) = (TurnWorld.Of(seed, 10, 30), new Random(seed));
            var (network, m) = (world.Network, world.Network.ArcCount);
            int[] lengthsM = [.. Enumerable.Range(0, m).Select(_ => random.Next(3000))], classes = [.. Enumerable.Range(0, m).Select(_ => random.Next(3))];
            HashSet<int> Some() => [.. Enumerable.Range(0, m).Where(_ => random.Next(6) == 0)];
            Profile[] profiles =
            [
                new("car", [100, 50, 20], [], 0), new("car in the rush hour", [60, 25, 15], [], 20_000), new("car on a day with closures", [100, 50, 20], Some(), 0),
                new("on foot", [0, 5, 5], [], 0), new("on foot with closures, no turn allowed", [0, 5, 5], Some(), Turn.Banned),
            ];
            Network Times(Profile profile) => network.WithTravelTimes([.. network.InputArcs.Select((input, arc) => (input, arc)).OrderBy(a => a.input).Select(a => profile.TimeMs(a.arc, lengthsM[a.arc], classes[a.arc]))]);

            var turned = new TurnedNetwork(Times(profiles[0]), world.Turns);
            var hierarchy = new Hierarchy(turned.Network, turned.Order(NestedDissection.Order(network)));
            var live = new HierarchyMetric(hierarchy, turned.Network);
            foreach (var profile in profiles.Concat(profiles.Reverse()))
            {
                var whole = turned.With(Times(profile), [.. world.Turns.Select(_ => profile.PenaltyMs)]);
                live.Set(turned.Changes([.. Enumerable.Range(0, m).Select(a => (a, whole.Original.TravelTimesMs[a]))], [.. world.Turns.Select((_, t) => (t, profile.PenaltyMs))]));
                Assert.True(live.Times.SequenceEqual(new HierarchyMetric(hierarchy, whole.Network).Times), $"{profile}, {world}");
                for (var s = 0; s < network.JunctionCount; s += 3)
                {
                    var (row, oracle) = (Dijkstra.TravelTimesFrom(whole.Network, s), TurnWorld.TimesFrom(whole.Original, whole.Turns, s));
                    var found = TravelTimeMatrix.Between(live.Searches(), [s], [.. Enumerable.Range(0, network.JunctionCount).Select(turned.Arrival)])[0];
                    Assert.True(found.SequenceEqual(oracle) && Enumerable.Range(0, network.JunctionCount).All(t => row[turned.Arrival(t)] == oracle[t]), $"{profile.Name}, from {s}, {world}");
                }
            }
        }
    }
}
