using Xunit;

namespace Jietong.Routing.Tests;

/// <summary>Added links among turns, against networks in which the links are arcs like any others and the turns are written down anew for them.</summary>
public sealed class TurnedAdditionsTests
{
    private sealed record Case(TurnWorld World, List<List<(int Arc, int FromTailMs)>> On, List<int?> At, List<AddedArc> Arcs, int[] Sources, int[] Targets)
    {
        public int Links => Arcs.Max(a => a.Link) + 1;

        public TurnedNetwork Turned { get; } = new(World.Network, World.Turns);

        public List<Portal> Portals => [.. At.Zip(On, (junction, on) => junction is { } v ? Portal.At(Turned, v) : Portal.On(Turned, on))];

        public Searches Searches => PerfectMetric.Of(new(new(Turned.Network, Turned.Order([.. Enumerable.Range(0, World.World.Junctions)])), Turned.Network));

        public Additions Additions => Additions.Among(Turned, Searches, Portals, Arcs, Sources, Targets);

        public static Case Of(int seed)
        {
            var (world, random) = (TurnWorld.Of(seed), new Random(-seed - 1));
            var network = world.Network;
            var open = Enumerable.Range(0, network.ArcCount).Where(a => network.TravelTimesMs[a] != Network.Unreachable).ToList();
            var (at, on) = (new List<int?>(), new List<List<(int, int)>>());
            for (var portal = random.Next(2, 6); portal > 0; portal--)
            {
                var atJunction = open.Count == 0 || random.Next(3) == 0;
                at.Add(atJunction ? random.Next(world.World.Junctions) : null);
                on.Add(atJunction ? [] : Place(open[random.Next(open.Count)]));
            }
            var links = random.Next(1, 4);
            List<AddedArc> arcs = [.. Enumerable.Range(0, links + random.Next(3)).Select(i => new AddedArc(i % links, random.Next(at.Count), random.Next(at.Count), random.Next(seed % 3 == 0 ? 12 : 12_000)))];
            int[] Draw() => [.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => random.Next(world.World.Junctions))];
            return new(world, on, at, arcs, Draw(), Draw());

            List<(int, int)> Place(int arc)
            {
                var (share, tail) = (random.NextDouble(), TailOf(network, arc));
                var backs = open.Where(a => network.Heads[a] == tail && TailOf(network, a) == network.Heads[arc] && tail != network.Heads[arc]).ToList();
                var back = backs.Count == 0 ? -1 : backs[random.Next(backs.Count)];
                (int, int) there = (arc, (int)(share * network.TravelTimesMs[arc]));
                return back < 0 || random.Next(3) == 0 ? [there] : [there, (back, network.TravelTimesMs[back] - (int)(share * network.TravelTimesMs[back]))];
            }
        }

        /// <summary>
        /// All as one network: portal p is a junction where one leaves the streets and one where one comes on to them. A street up to a portal is an arc of its own that
        /// ends the turns which the whole street ends, and one from a portal on begins those that the whole street begins.
        /// </summary>
        public (Network Network, List<Turn> Turns) Whole(int links)
        {
            var (network, n, all) = (World.Network, World.World.Junctions, new List<(int Tail, int Head, int TimeMs, int Begins, int Ends)>());
            int Off(int portal) => n + 2 * portal;
            int OnTo(int portal) => n + 2 * portal + 1;
            for (var arc = 0; arc < network.ArcCount; arc++) all.Add((TailOf(network, arc), network.Heads[arc], network.TravelTimesMs[arc], -1, -1));
            for (var portal = 0; portal < At.Count; portal++)
            {
                all.Add((OnTo(portal), Off(portal), 0, -1, -1));
                if (At[portal] is { } v) all.AddRange([(v, Off(portal), 0, -1, -1), (OnTo(portal), v, 0, -1, -1)]);
                foreach (var (arc, fromTailMs) in On[portal])
                {
                    all.Add((TailOf(network, arc), Off(portal), fromTailMs, -1, arc));
                    all.Add((OnTo(portal), network.Heads[arc], network.TravelTimesMs[arc] - fromTailMs, arc, -1));
                    for (var other = 0; other < At.Count; other++)
                        foreach (var (_, further) in On[other].Where(o => o.Arc == arc && o.FromTailMs >= fromTailMs)) all.Add((OnTo(portal), Off(other), further - fromTailMs, -1, -1));
                }
            }
            foreach (var arc in Arcs.Where(a => (links >> a.Link & 1) != 0)) all.Add((Off(arc.From), OnTo(arc.To), arc.TimeMs, -1, -1));
            var whole = Network.Build(n + 2 * At.Count, [.. all.Select(a => a.Tail)], [.. all.Select(a => a.Head)], [.. all.Select(a => a.TimeMs)]);
            var slots = whole.InputArcs.Select((input, slot) => (input, slot)).ToDictionary(a => a.input, a => a.slot);
            IEnumerable<int> Where(Func<(int Tail, int Head, int TimeMs, int Begins, int Ends), bool> one) => Enumerable.Range(0, all.Count).Where(a => one(all[a]));
            var turns = World.Turns.SelectMany(t => Where(a => a.Begins == t.Arcs[0]).Append(t.Arcs[0]).SelectMany(first => Where(a => a.Ends == t.Arcs[^1]).Append(t.Arcs[^1])
                .Select(last => new Turn([slots[first], .. t.Arcs.Skip(1).SkipLast(1).Select(a => slots[a]), slots[last]], t.PenaltyMs))));
            return (whole, [.. turns]);
        }

        public int[][] Oracle(int links) => Whole(links) is var (whole, turns) ? [.. Sources.Select(s => TurnWorld.TimesFrom(whole, turns, s) is var row ? Targets.Select(t => row[t]).ToArray() : [])] : [];

        public override string ToString() => $"portals {string.Join(' ', At.Zip(On, (v, on) => v is null ? $"[{string.Join(',', on)}]" : $"{v}"))}, {string.Join(' ', Arcs)}, {World}";
    }

    private static int TailOf(Network network, int arc) => Enumerable.Range(0, network.JunctionCount).First(v => arc < network.FirstArc[v + 1]);

    private static IEnumerable<Case> Cases(int count) => Enumerable.Range(0, count).Select(Case.Of);

    [Fact]
    public void Every_set_of_links_gives_what_a_network_with_them_and_the_turns_gives()
    {
        foreach (var world in Cases(400))
        {
            var additions = world.Additions;
            for (var set = 0; set < 1 << world.Links; set++)
                Assert.True(additions.TimesMs((ulong)set).SelectMany(r => r).SequenceEqual(world.Oracle(set).SelectMany(r => r)), $"set {set:b}, {world}");
        }
    }

    [Fact]
    public void Gains_and_shares_are_those_of_the_matrices()
    {
        foreach (var world in Cases(80))
        {
            if (!world.Sources.Any(s => world.Targets.Any(t => s != t))) continue;
            var (horizon, all, why) = (world.World.World.Seed % 3 == 0 ? 40 : 40_000, (1 << world.Links) - 1, world.ToString());
            var gains = new LinkGains(world.Additions, PairWeights.Equal(world.Sources.Length, world.Targets.Length), horizon);
            double Mean(int set) => world.Oracle(set) is var times ? Pairs(world).Average(p => Math.Min(times[p.S][p.T], horizon)) : 0;
            for (var set = 0; set <= all; set++) Assert.True(Math.Abs(gains.MeanMicroseconds((ulong)set) - 1000 * Mean(set)) <= 2, why);
            Assert.True(gains.Shares().Sum() == gains.SavedMicroseconds((ulong)all), why);
            var (before, after) = (world.Oracle(0), world.Oracle(all));
            foreach (var ((s, t), found) in Pairs(world).Zip(PairShares.Of(world.Additions, Pairs(world), horizon)))
                Assert.True((found.BeforeMs, found.AfterMs) == (before[s][t], after[s][t]) && world.Oracle(found.OnTheWay.Sum(i => 1 << i))[s][t] == after[s][t], why);
        }
    }

    private static IEnumerable<(int S, int T)> Pairs(Case world) =>
        Enumerable.Range(0, world.Sources.Length).SelectMany(s => Enumerable.Range(0, world.Targets.Length).Select(t => (S: s, T: t))).Where(p => world.Sources[p.S] != world.Targets[p.T]);

    [Fact]
    public void From_place_to_place_is_what_that_network_gives()
    {
        foreach (var world in Cases(400))
        {
            var (ask, portals, (whole, turns)) = (new PointToPoint(world.Searches), world.Portals, world.Whole(0));
            for (var p = 0; p < portals.Count; p++)
                for (var q = 0; q < portals.Count; q++)
                    Assert.True(portals[p].TravelTimeMs(ask, portals[q]) == TurnWorld.TimesFrom(whole, turns, world.World.World.Junctions + 2 * p + 1)[world.World.World.Junctions + 2 * q], $"from portal {p} to {q}, {world}");
        }
    }

    //   0 ══ 1 ══ 2   10 ms each way. The way 0▶1▶2 is banned, and the U-turn at 1 for who comes from 0; slots: 0▶1 | 1▶0 1▶2 | 2▶1
    //        ╲________ a link of 1 ms from the middle of 0▶1 to the middle of 1▶2
    [Fact]
    public void A_portal_is_no_way_round_a_ban_and_a_link_is()
    {
        var network = Network.Build(3, [0, 1, 1, 2], [1, 0, 2, 1], [10, 10, 10, 10]);
        var turned = new TurnedNetwork(network, [new([0, 2]), new([0, 1])]);
        var additions = Additions.Among(turned, new HierarchyMetric(new(turned.Network, turned.Order([0, 1, 2])), turned.Network).Searches(),
            [Portal.On(turned, (0, 5), (1, 5)), Portal.On(turned, (2, 5), (3, 5))], [new(0, 0, 1, 1), new(1, 1, 0, 1)], [0, 1], [0, 2]);
        Assert.Equal([0, Network.Unreachable], additions.TimesMs(0)[0]);
        Assert.Equal([0, 11], additions.TimesMs(1)[0]);                    // 5 + 1 + 5
        Assert.Equal([0, Network.Unreachable], additions.TimesMs(2)[0]);   // its portals lie on the street all the same
        Assert.Equal([10, 10], additions.TimesMs(3)[1]);
    }

    [Fact]
    public void Searches_on_another_network_are_refused()
    {
        var network = Network.Build(2, [0], [1], [1]);
        var turned = new TurnedNetwork(network, []);
        Assert.StartsWith("The searches are on another network", Assert.Throws<ArgumentException>(() => Additions.Among(turned, new HierarchyMetric(new(network, [0, 1]), network).Searches(), [], [], [], [])).Message, StringComparison.Ordinal);
        var searches = new HierarchyMetric(new(turned.Network, [0, 1]), turned.Network).Searches();
        Assert.Throws<ArgumentOutOfRangeException>(() => Additions.Among(turned, searches, [], [], [2], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Additions.Among(turned, searches, [], [], [], [2]));
        Assert.Contains("portals 0 … 0", Assert.Throws<ArgumentException>(() => Additions.Among(turned, searches, [Portal.At(turned, 0)], [new(0, 0, 1, 1)], [], [])).Message, StringComparison.Ordinal);
    }
}
