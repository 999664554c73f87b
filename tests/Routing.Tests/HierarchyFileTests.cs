using Xunit;

namespace Jietong.Routing.Tests;

public sealed class HierarchyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jietong-order-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private static int[] Everything(Hierarchy hierarchy)
    {
        var all = Enumerable.Range(0, hierarchy.Network.JunctionCount).ToList();
        return [.. TravelTimeMatrix.Between(new HierarchyMetric(hierarchy, hierarchy.Network).Searches(), all, all).SelectMany(row => row)];
    }

    [Fact]
    public void What_is_read_is_what_was_made()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var network = RandomWorld.Of(seed, 1, 40, 120).Network;
            Assert.Null(HierarchyFile.Read(folder, network));
            var made = HierarchyFile.ReadOrMake(folder, network);
            var read = HierarchyFile.Read(folder, RandomWorld.Of(seed, 1, 40, 120).Network);   // another object, the same arcs
            Assert.True(read is not null && read.Order.SequenceEqual(made.Order) && read.ArcCount == made.ArcCount && Everything(read).SequenceEqual(Everything(made)), $"seed {seed}");
        }
        Assert.Equal(60, Directory.GetFiles(folder).Length);   // nothing unfinished
    }

    [Fact]
    public void Travel_times_share_a_file_and_other_arcs_do_not()
    {
        var network = Network.Build(3, [0, 1], [1, 2], [1, 1]);
        HierarchyFile.ReadOrMake(folder, network);
        Assert.NotNull(HierarchyFile.Read(folder, network.WithTravelTimes([7, Network.Unreachable])));
        Assert.Null(HierarchyFile.Read(folder, Network.Build(3, [0, 1], [1, 0], [1, 1])));
        Assert.Null(HierarchyFile.Read(folder, Network.Build(4, [0, 1], [1, 2], [1, 1])));
    }

    [Fact]
    public void Every_damage_is_seen_and_the_file_made_anew()
    {
        var network = NestedDissectionTests.Grid(8).Network;
        var order = HierarchyFile.ReadOrMake(folder, network).Order;
        var path = HierarchyFile.PathIn(folder, network);
        var whole = File.ReadAllBytes(path);
        void MustBeSeen(byte[] damaged, string how)
        {
            File.WriteAllBytes(path, damaged);
            Assert.True(HierarchyFile.Read(folder, network) is null, how);
            Assert.True(HierarchyFile.ReadOrMake(folder, network).Order.SequenceEqual(order) && File.ReadAllBytes(path).SequenceEqual(whole), how);
        }
        for (var at = 0; at < whole.Length; at += 3)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 4;
            MustBeSeen(damaged, $"byte {at} differs");
            MustBeSeen(whole[..at], $"cut off after {at} bytes");
        }
        MustBeSeen([.. whole, 0], "a byte more");
    }
}
