using Jietong.Routing;
using Jietong.Services.Model;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What the model answers from its hierarchy, against Dijkstra on the same arcs. A failure names the seed: <c>RandomWorld.Of(seed)</c> is the world.</summary>
public sealed class ModelEngineTests
{
    private const int Worlds = 60;

    [Fact]
    public void Times_and_ways_by_car_are_those_of_Dijkstra_with_any_links_in_place()
    {
        var reached = 0;
        InEveryWorld(Mode.Car, (model, metric, _) =>
        {
            var network = Plain(model, metric.TravelTimesMs);
            var times = model.TimesBetweenPlaces(metric);
            for (var s = 0; s < times.Length; s++)
            {
                var tree = Dijkstra.TravelTimesFrom(network, model.Topology.PlaceJunctions[s]);
                for (var t = 0; t < times.Length; t++)
                {
                    var expected = tree[model.Topology.PlaceJunctions[t]] is var ms && ms == Network.Unreachable ? double.PositiveInfinity : ms;
                    Assert.Equal(expected, times[s][t]);
                    var route = model.RouteBetween(s, t, metric);
                    Assert.Equal(expected, route is null ? double.PositiveInfinity : Math.Round(route.Minutes * 60_000));
                    if (route is { Legs.Count: > 0 }) reached++;
                    Assert.Equal(route?.Minutes ?? 0, route?.Legs.Sum(l => l.Minutes + l.WaitMinutes) ?? 0, 1e-6);
                }
            }
        });
        Assert.True(reached > 1000, $"{reached} ways");
    }

    /// <summary>Every junction stands twice, before and after a link was used; Dijkstra from the first world to the second.</summary>
    [Fact]
    public void The_way_by_a_link_is_the_soonest_that_uses_it()
    {
        var found = 0;
        foreach (var mode in Enum.GetValues<Mode>())
            InEveryWorld(mode, (model, metric, open) =>
            {
                var (n, arcs) = (model.Topology.Junctions.Count, model.Topology.Arcs);
                foreach (var link in open)
                {
                    int[] joins = [.. model.JoiningArcs(link)];
                    var (tails, heads, times) = (new List<int>(), new List<int>(), new List<int>());
                    for (var a = 0; a < arcs.Count; a++)
                        foreach (var (tail, head) in joins.Contains(a) ? new[] { (0, n), (n, n) } : [(0, 0), (n, n)])
                        {
                            tails.Add(arcs[a].Tail + tail);
                            heads.Add(arcs[a].Head + head);
                            times.Add(Math.Min(Network.Unreachable, metric.TravelTimesMs[a] + metric.WaitsMs[a]));
                        }
                    var twice = Network.Build(2 * n, tails, heads, times);
                    for (var s = 0; s < model.Places.Count; s++)
                        for (var t = 0; t < model.Places.Count; t++)
                        {
                            var expected = Dijkstra.TravelTimeMs(twice, model.Topology.PlaceJunctions[s], n + model.Topology.PlaceJunctions[t]);
                            var route = model.RouteVia(new HashSet<string> { link }, s, t, metric);
                            Assert.Equal(expected == Network.Unreachable ? null : expected, route is null ? null : (int?)Math.Round(route.Minutes * 60_000));
                            if (route is null) continue;
                            found++;
                            Assert.Contains(link, route.Links.Keys);
                        }
                }
            });
        Assert.True(found > 1000, $"{found} ways");
    }

    private static Network Plain(TravelModel model, IReadOnlyList<int> times) =>
        Network.Build(model.Topology.Junctions.Count, [.. model.Topology.Arcs.Select(a => a.Tail)], [.. model.Topology.Arcs.Select(a => a.Head)], times);

    private static void InEveryWorld(Mode mode, Action<TravelModel, ModelTimes, IReadOnlySet<string>> holds)
    {
        for (var seed = 1; seed <= Worlds; seed++)
        {
            var (model, random) = (new TravelModel(RandomWorld.Of(seed).Input, mode), new Random(seed));
            var links = model.Topology.Works.Values.Where(w => w.IsEvaluated).Select(w => w.Link.Id).Where(_ => random.Next(2) == 0).ToHashSet();
            try { holds(model, model.MetricOf(new(model.Input.Assumptions), links), links); }
            catch (Exception e) { Assert.Fail($"RandomWorld.Of({seed}), {mode}, with {string.Join(' ', links)}: {e.Message}"); }
        }
    }
}
