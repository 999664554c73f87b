using Xunit;

namespace Jietong.Routing.Tests;

public sealed class OptimalStrategiesTests
{
    private const int Minute = 60_000;

    // The example of Spiess and Florian (1989), minutes; mean waits in brackets, at every stop of the line but the last:
    //
    //     ┌──────────────── L1 25 [6] ────────────────┐
    //     │                                           ▼
    //     A ─── L2 7 [6] ──▶ X ─── L2 6 ───▶ Y        B
    //                        └── L3 4 [15] ─▶ ─ L3 4 ─▶
    //                                       Y ─ L4 10 [3] ▶
    //
    // Y: 4 by L3 or 10 by L4: wait 1/(1/15+1/3) = 2.5, then 1/6·4 + 5/6·10 = 9:                       11.5
    // X: 6+11.5 = 17.5 by L2, 8 by L3 that goes on: wait 1/(1/15+1/6) = 30/7, then 2/7·8 + 5/7·17.5:  133.5/7
    // A: 25 by L1, 7+17.5 = 24.5 by L2 (who stays aboard at X): wait 3, then their mean 24.75:        27.75
    private sealed class FourNodes
    {
        private readonly List<(int Tail, int Head, int Time, int Wait)> arcs = [];
        private readonly Dictionary<string, int> named = [];
        private readonly Network network;
        private int junctions = 4;   // the platforms A, X, Y, B

        public FourNodes()
        {
            AddLine("L1", 6, [0, 3], [25]);
            AddLine("L2", 6, [0, 1, 2], [7, 6]);
            AddLine("L3", 15, [1, 2, 3], [4, 4]);
            AddLine("L4", 3, [2, 3], [10]);
            network = Network.Build(junctions, [.. arcs.Select(a => a.Tail)], [.. arcs.Select(a => a.Head)], [.. arcs.Select(a => a.Time * Minute)]);
            Strategy = new OptimalStrategies(network, [.. arcs.Select(a => a.Wait * Minute)]).To(3);
        }

        public Strategy Strategy { get; }

        //   on board ──► on board
        //     ▲ board       │ alight
        //   platform     platform
        private void AddLine(string line, int wait, int[] stops, int[] rides)
        {
            for (var i = 0; i < stops.Length; i++, junctions++)
            {
                if (i > 0) Add($"{line} to {"AXYB"[stops[i]]}", junctions - 1, junctions, rides[i - 1], 0);
                if (i > 0) Add($"{line} alight {"AXYB"[stops[i]]}", junctions, stops[i], 0, 0);
                if (i < rides.Length) Add($"{line} board {"AXYB"[stops[i]]}", stops[i], junctions, 0, wait);
            }
        }

        private void Add(string name, int tail, int head, int time, int wait)
        {
            named[name] = arcs.Count;
            arcs.Add((tail, head, time, wait));
        }

        private string Name(int arc) => named.First(n => n.Value == network.InputArcs[arc]).Key;

        public Dictionary<string, double> Travelled(int origin) => Strategy.ProbabilitiesFrom(origin).Select((p, arc) => (p, arc)).Where(a => a.p > 0).ToDictionary(a => Name(a.arc), a => Math.Round(a.p, 12));

        public List<(string, double)> Likeliest(int origin) => [.. Strategy.LikeliestPathFrom(origin).Select(s => (Name(s.Arc), Math.Round(s.Probability, 12)))];
    }

    private static readonly FourNodes Example = new();

    private static double Part(double of, double whole) => Math.Round(of / whole, 12);

    [Fact]
    public void Gives_the_times_and_waits_of_Spiess_and_Florian()
    {
        Assert.Equal([27.75 * Minute, Math.Round(133.5 / 7 * Minute), 11.5 * Minute, 0], Example.Strategy.ExpectedMs.Take(4));
        Assert.Equal([3.0 * Minute, 30.0 / 7 * Minute, 2.5 * Minute, 0], Enumerable.Range(0, 4).Select(Example.Strategy.WaitMs), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.All(Enumerable.Range(4, 8), onBoard => Assert.Equal(0, Example.Strategy.WaitMs(onBoard)));
    }

    [Fact]
    public void Lines_are_taken_as_often_as_they_come()
    {
        Assert.Equal(new Dictionary<string, double>
        {
            ["L1 board A"] = 0.5, ["L1 to B"] = 0.5, ["L1 alight B"] = 0.5,
            ["L2 board A"] = 0.5, ["L2 to X"] = 0.5, ["L2 to Y"] = 0.5, ["L2 alight Y"] = 0.5,
            ["L3 board Y"] = Part(1, 12), ["L3 to B"] = Part(1, 12), ["L3 alight B"] = Part(1, 12),
            ["L4 board Y"] = Part(5, 12), ["L4 to B"] = Part(5, 12), ["L4 alight B"] = Part(5, 12),
        }, Example.Travelled(0));
        Assert.Equal(new Dictionary<string, double>
        {
            ["L2 board X"] = Part(5, 7), ["L2 to Y"] = Part(5, 7), ["L2 alight Y"] = Part(5, 7),
            ["L3 board X"] = Part(2, 7), ["L3 to Y"] = Part(2, 7), ["L3 board Y"] = Part(5, 42), ["L3 to B"] = Part(17, 42), ["L3 alight B"] = Part(17, 42),
            ["L4 board Y"] = Part(25, 42), ["L4 to B"] = Part(25, 42), ["L4 alight B"] = Part(25, 42),
        }, Example.Travelled(1));
    }

    [Fact]
    public void The_likeliest_path_takes_the_likeliest_line_and_of_equals_the_sooner() =>
        Assert.Equal([("L2 board A", 0.5), ("L2 to X", 1), ("L2 to Y", 1), ("L2 alight Y", 1), ("L4 board Y", Part(5, 6)), ("L4 to B", 1), ("L4 alight B", 1)], Example.Likeliest(0));

    //   1 ──[9]──▶ 0      no way to 0 from 2 and 3; the arc 3▶0 is closed
    //   ▼          ┆
    //   2          3
    [Fact]
    public void No_path_is_infinity_without_arcs_and_probabilities()
    {
        var to0 = new OptimalStrategies(Network.Build(4, [1, 1, 3], [0, 2, 0], [1, 1, Network.Unreachable]), [9, 9, 9]).To(0);
        Assert.Equal([0, 10, double.PositiveInfinity, double.PositiveInfinity], to0.ExpectedMs);
        foreach (var nowhere in (int[])[0, 2, 3])
        {
            Assert.Empty(to0.LikeliestPathFrom(nowhere));
            Assert.Equal([0, 0, 0], to0.ProbabilitiesFrom(nowhere));
            Assert.Equal(0, to0.WaitMs(nowhere));
        }
    }

    // 1 ─── walk, or ride after a wait of 6 ──▶ 0
    [Theory]
    [InlineData(9, 4, 9, 0)]    // walking 9 beats waiting 6 for a ride of 4
    [InlineData(11, 4, 10, 6)]  // and is beaten
    [InlineData(10, 4, 10, 6)]  // the ride is as good, and waited for
    public void Somebody_waits_where_that_is_at_least_as_good_as_going_on(int walk, int ride, double expected, double waited)
    {
        foreach (var (times, waits) in new[] { (new[] { walk, ride }, new[] { 0, 6 }), ([ride, walk], [6, 0]) })
        {
            var to0 = new OptimalStrategies(Network.Build(2, [1, 1], [0, 0], times), waits).To(0);
            Assert.Equal((expected, waited), (to0.ExpectedMs[1], to0.WaitMs(1)));
            Assert.Equal(waited > 0 ? ride : walk, times[Assert.Single(to0.LikeliestPathFrom(1)).Arc]);
        }
    }

    // 1 ─── ride of 4 or of 10, each after a wait of 6 ──▶ 0: the one is 10 in all, so the other saves nothing.
    [Fact]
    public void A_line_that_saves_nothing_is_not_taken()
    {
        foreach (var times in (int[][])[[4, 10], [10, 4], [10, 4, 10, 10], [10, 10, 10, 4]])
        {
            var to0 = new OptimalStrategies(Network.Build(2, [.. times.Select(_ => 1)], [.. times.Select(_ => 0)], times), [.. times.Select(_ => 6)]).To(0);
            Assert.Equal((10, 6), (to0.ExpectedMs[1], to0.WaitMs(1)));
            Assert.Equal(times.Select(t => t == 4 ? 1.0 : 0), to0.ProbabilitiesFrom(1));
        }
    }
}
