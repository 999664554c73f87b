using System.Diagnostics;
using System.Text;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Broken files: refused with the place and the reason, soon, and with nothing stored; and files that are brought again.</summary>
public sealed class OsmFileTests(OsmImported osm) : IClassFixture<OsmImported>
{
    private static OsmWorld World(int side = 6) => Grid(new OsmWorld { Timestamp = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) }, side);

    private static OsmWorld Grid(OsmWorld world, int side)
    {
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++) world.At(1 + x + y * side, x, y, (x + y) % 7 == 0 ? "barrier=gate" : "");
        for (var i = 0; i < side; i++)
            world.Road(100 + i, string.Join(' ', Enumerable.Range(0, side).Select(x => 1 + x + i * side)), $"highway=residential name=R{i}").Road(200 + i, string.Join(' ', Enumerable.Range(0, side).Select(y => 1 + i + y * side)));
        return world.NoTurn(1, "w100:from n1:via w200:to", "no_left_turn");
    }

    private async Task<string> Refused(byte[] file, string ending = ".osm.pbf")
    {
        var before = await osm.Stored();
        var error = await Assert.ThrowsAnyAsync<InputException>(() => osm.Run(file, ending, $"broken-{Guid.NewGuid():N}"));
        Assert.Equal(before, await osm.Stored());
        return error.Message;
    }

    private static byte[] Blobs(params (string Type, byte[] Blob)[] blobs)
    {
        using var file = new MemoryStream();
        foreach (var (type, blob) in blobs) OsmWorld.Write(file, type, blob);
        return file.ToArray();
    }

    private static OsmWorld.Message Raw(OsmWorld.Message content) => new OsmWorld.Message().Raw(1, content.Bytes);
    private static OsmWorld.Message Strings(params string[] strings) => strings.Aggregate(new OsmWorld.Message(), (table, s) => table.Text(1, s));
    private static byte[] Block(params OsmWorld.Message[] ways) => Raw(new OsmWorld.Message().Inner(1, Strings("", "highway", "primary")).Inner(2, ways.Aggregate(new OsmWorld.Message(), (group, way) => group.Inner(3, way)))).Bytes;

    [Fact]
    public async Task What_a_header_asks_for_must_be_known()
    {
        var message = await Refused(World().Pbf(feature: "HistoricalInformation"));
        Assert.Contains("blob at byte 0, required_features = \"HistoricalInformation\"", message, StringComparison.Ordinal);
        Assert.Contains("osmium time-filter", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "lzma")]
    [InlineData(6, "lz4")]
    [InlineData(7, "zstd")]
    public async Task Other_packings_are_refused_by_name(int field, string name) =>
        Assert.Contains($"packing = \"{name}\"", await Refused(Blobs(("OSMData", new OsmWorld.Message().Number(2, 100).Raw(field, [1, 2, 3]).Bytes))), StringComparison.Ordinal);

    [Theory]
    [InlineData(3, 100, "raw_size")]                  // unpacks to less
    [InlineData(3, 1, "raw_size")]                    // to more
    [InlineData(3, 2_000_000_000, "raw_size")]        // cannot be
    [InlineData(3, -5, "raw_size")]
    public async Task What_a_blob_says_of_its_size_is_not_believed(int field, long size, string says)
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(new byte[50]);
        Assert.Contains(says, await Refused(Blobs(("OSMData", new OsmWorld.Message().Number(2, size).Raw(field, packed.ToArray()).Bytes))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bomb_does_not_go_off()
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(new byte[300 << 20]);
        var start = Stopwatch.GetTimestamp();
        Assert.Contains("raw_size", await Refused(Blobs(("OSMData", new OsmWorld.Message().Number(2, 32 << 20).Raw(3, packed.ToArray()).Bytes))), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task Elements_that_contradict_themselves_are_named()
    {
        Assert.Contains("blob at byte 0, way 7, tags: 1 keys and 2 values.", await Refused(Blobs(("OSMData", Block(new OsmWorld.Message().Number(1, 7).Packed(2, [1]).Packed(3, [2, 2]))))), StringComparison.Ordinal);
        Assert.Contains("it names text 9 of 3", await Refused(Blobs(("OSMData", Block(new OsmWorld.Message().Number(1, 7).Packed(2, [1]).Packed(3, [9]))))), StringComparison.Ordinal);
        Assert.Contains("way 7: it is there twice", await Refused(new OsmWorld().Row(2).Road(7, "1 2").Road(7, "2 1").Pbf()), StringComparison.Ordinal);
        Assert.Contains("node 1", await Refused(new OsmWorld().Row(2).At(1, 5, 5).Road(7, "1 2").Pbf()), StringComparison.Ordinal);
        Assert.Contains("node 3, lat = \"95\": latitudes are", await Refused(Encoding.UTF8.GetBytes("<osm><node id='3' lat='95' lon='0'/></osm>"), ".osm"), StringComparison.Ordinal);
        Assert.Contains("no PBF of OpenStreetMap", await Refused([0, 2, 0, 1, 1, 1, 1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<osm><node id='1' lat='1' lon='1'/>", "line 1")]
    [InlineData("<osm>\n<node id='x' lat='1' lon='1'/></osm>", "line 2, node, id = \"x\"")]
    [InlineData("<osm>\n<node id='1' lat='NaN' lon='1'/></osm>", "node 1, lat = \"NaN\"")]
    [InlineData("<osm>\n<node id='1' lat='north' lon='1'/></osm>", "line 2, node 1, lat = \"north\"")]
    [InlineData("<osm>\n<way id='1'><nd ref='99999999999999999999'/></way></osm>", "line 2, way 1, ref")]
    [InlineData("<osm>\n<way id='1'><tag k='highway'/></way></osm>", "line 2, way 1, v")]
    [InlineData("<osm>\n<relation id='1'><member type='area' ref='1'/></relation></osm>", "type of a member = \"area\"")]
    [InlineData("<osmChange version='0.6'><modify/></osmChange>", "list of changes")]
    [InlineData("<html><osm/></html>", "an <osm> element was expected")]
    [InlineData("<!DOCTYPE osm [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><osm>&b;</osm>", "DTD")]
    [InlineData("<osm><node id='1' lat='1' lon='1'><tag k='a' v='&#0;'/></node></osm>", "no well-formed XML")]
    public async Task Broken_XML_names_line_and_element(string xml, string says) => Assert.Contains(says, await Refused(Encoding.UTF8.GetBytes(xml), ".osm"), StringComparison.Ordinal);

    [Fact]
    public async Task A_tag_without_end_is_not_held_in_memory()
    {
        var xml = new StringBuilder("<osm><node id='1' lat='1' lon='1'><tag k='name' v='").Append('x', 40 << 20).Append("'/></node></osm>");
        Assert.Contains("longer than", await Refused(Encoding.UTF8.GetBytes(xml.ToString()), ".osm"), StringComparison.Ordinal);
    }

    [Fact]
    public Task A_generated_file_cut_anywhere_or_with_bits_flipped_is_read_or_refused() => Survives(World(20).Pbf(perBlock: 200), cuts: 40, flips: 150);

    [SharedFact("badinput/osm/otp_map.osm.pbf")]
    public async Task A_file_without_header_is_read_and_that_is_said()
    {
        var bytes = await File.ReadAllBytesAsync(SharedFactAttribute.In("badinput/osm/otp_map.osm.pbf"));
        Assert.Contains("no OSMHeader", (await osm.Run(bytes, ".osm.pbf", "otp")).Reports[0].Notes[0].En, StringComparison.Ordinal);
        await Survives(bytes, cuts: bytes.Length / 1024, flips: 40);
    }

    private async Task Survives(byte[] file, int cuts, int flips)
    {
        var (random, start, refused) = (new Random(20260101), Stopwatch.GetTimestamp(), 0);
        foreach (var broken in Enumerable.Range(0, cuts).Select(i => file[..(i * file.Length / cuts)]).Concat(Enumerable.Range(0, flips).Select(_ => Flipped())))
        {
            var before = await osm.Stored();
            try { await osm.Run(broken, ".osm.pbf", $"flipped-{refused}-{Guid.NewGuid():N}"); }
            catch (InputException)
            {
                refused++;
                Assert.Equal(before, await osm.Stored());
            }
        }
        Assert.InRange(refused, cuts / 2, cuts + flips);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds / (cuts + flips), 0, 2);

        byte[] Flipped()
        {
            var copy = (byte[])file.Clone();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            return copy;
        }
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing_and_a_newer_one_what_differs()
    {
        var first = await osm.Run(World().Pbf(), ".osm.pbf", "again");
        Assert.Equal("2026-01-02T03:04:05Z", first.Reports[0].Figures["timestamp"]);
        Assert.Equal("2026-01-02 © OpenStreetMap contributors (ODbL)", await osm.Database.Scalar<string>("select published || ' ' || publisher from source where id = 'import-again'"));
        var stored = await osm.Stored();
        Assert.True((await osm.Run(World().Pbf(), ".osm.pbf", "again")).Reports[0].Unchanged);
        Assert.Equal(stored, await osm.Stored());

        // the same map in another file; then one road renamed, one gone, one new
        var same = await osm.Run(World().Pbf(isDense: false), ".osm.pbf", "again");
        Assert.All(same.Reports[0].Tables, t => Assert.Equal((0L, 0L, 0L), (t.Added, t.Changed, t.Removed)));
        var world = World();
        world.Ways[0] = world.Ways[0] with { Tags = [("highway", "residential"), ("name", "New")] };
        world.Ways.RemoveAll(w => w.Id == 201);
        world.At(900, 30, 30).At(901, 31, 30).Road(902, "900 901");
        var newer = (await osm.Run(world.Pbf(), ".osm.pbf", "again")).Reports[0].Tables.ToDictionary(t => t.Table);
        Assert.Equal((true, true, true), (newer["street"].Added > 0, newer["street"].Changed > 0, newer["street"].Removed > 0));
        var fresh = await osm.Run(world.Pbf(), ".osm.pbf", "fresh");
        Assert.Equal(fresh.Reports[0].Tables.Select(t => (t.Table, t.Total)), newer.Values.Select(t => (t.Table, t.Total)));
        Assert.Equal(0, await osm.Database.Scalar<long>("select count(*) from (select to_jsonb(t) - 'dataset_id' from street t where dataset_id = 'again' except select to_jsonb(t) - 'dataset_id' from street t where dataset_id = 'fresh') x"));
    }
}
