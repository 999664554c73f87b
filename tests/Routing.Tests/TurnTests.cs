using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Turn penalties and bans, against a Dijkstra that remembers the arcs by which it came.</summary>
public sealed class TurnTests
{
    private const int Worlds = 3000;

    private static Hierarchy HierarchyOf(TurnedNetwork turned, int seed)
    {
        var order = Enumerable.Range(0, turned.Original.JunctionCount).ToArray();
        new Random(seed).Shuffle(order);
        return new(turned.Network, seed % 2 == 0 ? turned.Order(order) : NestedDissection.Order(turned.Network));
    }

    //        1           0=1, 1=2, 1=3 two-way, each arc 10 ms; slots: 0▶1 | 1▶0 1▶2 1▶3 | 2▶1 | 3▶1
    //     ╱  │  ╲
    //    0   2   3
    private static readonly Network Star = Network.Build(4, [0, 1, 1, 1, 2, 3], [1, 0, 2, 3, 1, 1], [10, 10, 10, 10, 10, 10]);

    [Fact]
    public void A_ban_leads_round_by_where_turning_is_allowed()
    {
        var turned = new TurnedNetwork(Star, [new([0, 3]), new([0, 1]), new([4, 3], 7)]);   // 0▶1▶3 banned, no U-turn at 1 from 0, and 7 ms from 2 to 3
        int Time(int from, int to) => Dijkstra.TravelTimeMs(turned.Network, from, turned.Arrival(to));
        Assert.Equal(20, Time(0, 2));
        Assert.Equal(47, Time(0, 3));   // by 2, where one turns round
        Assert.Equal(27, Time(2, 3));
        Assert.Equal(10, Time(1, 3));   // setting out is no turn
        Assert.Equal(0, Time(1, 1));
        Assert.Equal([0, 2, 4, 3], turned.ArcsOf(Dijkstra.Path(turned.Network, 0, turned.Arrival(3))!));
        Assert.Equal((4 + 2 + 1, 6 + 2 * 3 + 3), (turned.Network.JunctionCount, turned.Network.ArcCount));   // by 0▶1 and by 2▶1; the arrival at 1
        var lifted = turned.With(Star, [0, 0, 0]);
        Assert.Equal(20, Dijkstra.TravelTimeMs(lifted.Network, 0, lifted.Arrival(3)));
    }

    [Fact]
    public void A_way_is_banned_and_its_parts_are_not()
    {
        var square = Network.Build(5, [0, 1, 4, 1, 2, 2], [1, 2, 1, 3, 3, 4], [1, 1, 1, 9, 1, 1]);   // 0▶1 | 1▶2 1▶3 | 2▶3 2▶4 | 4▶1
        var turned = new TurnedNetwork(square, [new([0, 1, 3])]);   // from 0 over 1▶2 to 3
        int[] Way(int from, int to) => [.. turned.ArcsOf(Dijkstra.Path(turned.Network, from, turned.Arrival(to))!)];
        Assert.Equal([0, 1, 4, 5, 1, 3], Way(0, 3));   // once round, then 1▶2▶3 is allowed: 6 ms, 1▶3 takes 10
        Assert.Equal([1, 3], Way(1, 3));
        Assert.Equal([5, 1, 3], Way(4, 3));
    }

    [Fact]
    public void Every_search_finds_what_remembering_all_arcs_finds()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = TurnWorld.Of(seed);
            var (turned, oracle, n) = (new TurnedNetwork(world.Network, world.Turns), world.Oracle, world.World.Junctions);
            var searches = PerfectMetric.Of(new(HierarchyOf(turned, seed), turned.Network));
            var (ask, all) = (new PointToPoint(searches), Enumerable.Range(0, n).ToList());
            var matrix = TravelTimeMatrix.Between(searches, all, [.. all.Select(turned.Arrival)]);
            foreach (var s in all)
            {
                Assert.True(matrix[s].SequenceEqual(oracle[s]), $"from {s}, {world}");
                var times = Dijkstra.TravelTimesFrom(turned.Network, s);
                foreach (var t in all)
                {
                    var why = $"from {s} to {t}, {world}";
                    Assert.True(times[turned.Arrival(t)] == oracle[s][t], why);
                    var path = ask.Path(s, turned.Arrival(t)) is { } found ? turned.ArcsOf(found) : null;
                    Assert.True((path is null ? Network.Unreachable : world.TimeMs(path)) == oracle[s][t], why);
                    Assert.True(path is not [_, ..] || TailOf(world.Network, path[0]) == s && world.Network.Heads[path[^1]] == t && path.Zip(path.Skip(1)).All(p => TailOf(world.Network, p.Second) == world.Network.Heads[p.First]), why);
                }
            }
        }
    }

    [Fact]
    public void Closures_speeds_and_penalties_change_without_a_new_hierarchy()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var (world, random) = (TurnWorld.Of(seed), new Random(seed));
            var turned = new TurnedNetwork(world.Network, world.Turns);
            var hierarchy = HierarchyOf(turned, seed);
            var metric = new HierarchyMetric(hierarchy, turned.Network);
            var (arcs, turns) = (new Dictionary<int, int>(), new Dictionary<int, int>());
            for (var round = 0; round < 4; round++)
            {
                for (var i = random.Next(3); i > 0; i--) arcs[random.Next(world.Network.ArcCount)] = random.Next(3) == 0 ? Network.Unreachable : random.Next(30);
                for (var i = random.Next(3); i > 0 && world.Turns.Length > 0; i--) turns[random.Next(world.Turns.Length)] = TurnWorld.Penalty(random, seed);
                metric.Set(turned.Changes([.. arcs.Select(a => (a.Key, a.Value))], [.. turns.Select(t => (t.Key, t.Value))]));
                int[] times = [.. world.World.TimesMs];
                foreach (var (arc, timeMs) in arcs) times[world.Network.InputArcs[arc]] = timeMs;
                var whole = turned.With(world.Network.WithTravelTimes(times), [.. world.Turns.Select((t, i) => turns.GetValueOrDefault(i, t.PenaltyMs))]);
                var why = $"round {round}, arcs {string.Join(' ', arcs)}, turns {string.Join(' ', turns)}, {world}";
                Assert.True(metric.Times.SequenceEqual(new HierarchyMetric(hierarchy, whole.Network).Times), why);
                var oracle = (world with { Network = whole.Original, Turns = [.. whole.Turns] }).Oracle;
                var all = Enumerable.Range(0, world.World.Junctions).ToList();
                Assert.True(TravelTimeMatrix.Between(metric.Searches(), all, [.. all.Select(turned.Arrival)]).SelectMany(r => r).SequenceEqual(oracle.SelectMany(r => r)), why);
            }
        }
    }

    [Fact]
    public void A_ban_makes_nobody_faster_and_without_penalties_all_is_as_without_turns()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var world = TurnWorld.Of(seed, 20, 60);
            var turned = new TurnedNetwork(world.Network, world.Turns);
            var lifted = turned.With(world.Network, new int[world.Turns.Length]);
            for (var s = 0; s < world.World.Junctions; s++)
            {
                var (with, without, plain) = (Dijkstra.TravelTimesFrom(turned.Network, s), Dijkstra.TravelTimesFrom(lifted.Network, s), Dijkstra.TravelTimesFrom(world.Network, s));
                for (var t = 0; t < world.World.Junctions; t++)
                    Assert.True(without[turned.Arrival(t)] == plain[t] && with[turned.Arrival(t)] >= plain[t], $"from {s} to {t}, {world}");
            }
        }
    }

    [Fact]
    public void Without_turns_nothing_is_added()
    {
        var turned = new TurnedNetwork(Star, []);
        Assert.Equal(Star.FirstArc, turned.Network.FirstArc);
        Assert.Equal(Star.Heads, turned.Network.Heads);
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(turned.Arrival));
        Assert.Equal(0, new TurnedNetwork(Network.Build(0, [], [], []), []).Network.JunctionCount);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_place()
    {
        string Refused(params Turn[] turns) => Assert.Throws<ArgumentException>(() => new TurnedNetwork(Star, turns)).Message;
        Assert.StartsWith("turn 0 has 1 arcs", Refused(new Turn([0])), StringComparison.Ordinal);
        Assert.StartsWith("turn 1 goes from arc 0 to arc 4, which does not leave junction 1", Refused(new([0, 1]), new([0, 4])), StringComparison.Ordinal);
        Assert.StartsWith("turn 0 names arc 6", Refused(new Turn([0, 6])), StringComparison.Ordinal);
        Assert.StartsWith("turn 0 costs -1 ms", Refused(new Turn([0, 1], -1)), StringComparison.Ordinal);
        Assert.StartsWith("arc 1 takes 536870921 ms with the turns into it (0)", Refused(new Turn([0, 1], Network.Unreachable - 1)), StringComparison.Ordinal);
        var turned = new TurnedNetwork(Star, [new([0, 1], 5), new([0, 1], Network.Unreachable - 16)]);   // together one less than too long
        Assert.StartsWith("arc 1 takes 536870912 ms", Assert.Throws<ArgumentException>(() => turned.Changes([(1, 11)], [])).Message, StringComparison.Ordinal);
        Assert.StartsWith("arc 9 shall take 1 ms", Assert.Throws<ArgumentException>(() => turned.Changes([(9, 1)], [])).Message, StringComparison.Ordinal);
        Assert.StartsWith("turn 2: turns are 0 … 1", Assert.Throws<ArgumentException>(() => turned.Changes([], [(2, 1)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("1 penalties for 2 turns", Assert.Throws<ArgumentException>(() => turned.With(Star, [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("The network is not the one", Assert.Throws<ArgumentException>(() => turned.With(Network.Build(1, [], [], []))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => turned.Arrival(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => turned.Copies(6).Length);
        Assert.StartsWith("An order of 1 for 4 junctions", Assert.Throws<ArgumentException>(() => turned.Order([0])).Message, StringComparison.Ordinal);
    }

    private static int TailOf(Network network, int arc) => Enumerable.Range(0, network.JunctionCount).First(v => arc < network.FirstArc[v + 1]);
}
