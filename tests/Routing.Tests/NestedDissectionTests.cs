using Xunit;

namespace Jietong.Routing.Tests;

public sealed class NestedDissectionTests
{
    /// <summary>A square grid of streets both ways; its positions.</summary>
    internal static (Network Network, (double X, double Y)[] Positions) Grid(int side)
    {
        var streets = Enumerable.Range(0, side * side).SelectMany(v => new[] { (From: v, To: v + 1, Is: v % side < side - 1), (From: v, To: v + side, Is: v / side < side - 1) }).Where(s => s.Is).ToList();
        int[] tails = [.. streets.Select(s => s.From), .. streets.Select(s => s.To)], heads = [.. streets.Select(s => s.To), .. streets.Select(s => s.From)];
        return (Network.Build(side * side, tails, heads, [.. tails.Zip(heads, (a, b) => 1000 + (a * 31 + b * 17) % 977)]), [.. Enumerable.Range(0, side * side).Select(v => ((double)(v % side), (double)(v / side)))]);
    }

    [Fact]
    public void Every_junction_of_a_random_world_stands_there_once()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var (world, random) = (RandomWorld.Of(seed, 1, 150, 400), new Random(seed));
            var positions = Enumerable.Range(0, world.Junctions).Select(_ => ((double)random.Next(9), (double)random.Next(9))).ToList();
            foreach (var order in new[] { NestedDissection.Order(world.Network), NestedDissection.Order(world.Network, positions) })
                Assert.True(order.Order().SequenceEqual(Enumerable.Range(0, world.Junctions)), world.ToString());
            Assert.True(NestedDissection.Order(world.Network).SequenceEqual(NestedDissection.Order(world.Network)), $"not the same twice: {world}");
        }
    }

    //  A 60 × 60 grid is parted by a line of 60; below it lie halves that 30 part, then quarters that 30 part …: 60 + 30 + 30 + 15 + 15 + … < 180.
    //  A lower bound for any order is its treewidth, 60.
    [Fact]
    public void A_grid_needs_hardly_more_than_its_lines()
    {
        var (network, positions) = Grid(60);
        Assert.InRange(new Hierarchy(network, NestedDissection.Order(network, positions)).Height, 60, 180);
        Assert.InRange(new Hierarchy(network, NestedDissection.Order(network)).Height, 60, 240);
    }

    [Fact]
    public void A_road_of_200_000_junctions_is_halved_again_and_again()
    {
        const int Length = 200_000;
        var network = Network.Build(Length, [.. Enumerable.Range(0, Length - 1)], [.. Enumerable.Range(1, Length - 1)], new int[Length - 1]);
        Assert.InRange(new Hierarchy(network, NestedDissection.Order(network)).Height, 18, 60);
    }

    [Fact]
    public void Nothing_loops_and_islands_have_an_order()
    {
        Assert.Empty(NestedDissection.Order(Network.Build(0, [], [], [])));
        Assert.Equal([0], NestedDissection.Order(Network.Build(1, [0], [0], [5])));
        Assert.Equal(100, NestedDissection.Order(Network.Build(100, [], [], [])).Length);
    }

    [Fact]
    public void Positions_must_be_there_for_each_junction()
    {
        var network = Network.Build(2, [0], [1], [1]);
        Assert.StartsWith("1 positions for 2 junctions", Assert.Throws<ArgumentException>(() => NestedDissection.Order(network, [(0, 0)])).Message, StringComparison.Ordinal);
        Assert.StartsWith("junction 1 lies at (NaN, 0)", Assert.Throws<ArgumentException>(() => NestedDissection.Order(network, [(0, 0), (double.NaN, 0)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Can_be_watched_and_ended()
    {
        var (network, positions) = Grid(30);
        var shares = new List<double>();
        NestedDissection.Order(network, positions, new Told(shares));
        Assert.Equal(1, shares[^1], 9);
        Assert.Equal(shares.Order(), shares);
        Assert.Throws<OperationCanceledException>(() => NestedDissection.Order(network, positions, null, new CancellationToken(true)));
    }

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
