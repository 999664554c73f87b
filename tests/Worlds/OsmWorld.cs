using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Jietong.Worlds;

/// <summary>A small map of OpenStreetMap, drawn in a few lines and written as XML or PBF. Nodes stand on a grid, a hundred metres or so apart; ways are written as the numbers of their nodes, tags as <c>key=value key=value</c>.</summary>
public sealed class OsmWorld
{
    private const double Step = 0.001;

    public sealed record Node(long Id, double Longitude, double Latitude, IReadOnlyList<(string, string)> Tags);
    public sealed record Way(long Id, IReadOnlyList<long> Nodes, IReadOnlyList<(string, string)> Tags);
    public sealed record Relation(long Id, IReadOnlyList<(char Kind, long Id, string Role)> Members, IReadOnlyList<(string, string)> Tags);

    public List<Node> Nodes { get; } = [];
    public List<Way> Ways { get; } = [];
    public List<Relation> Relations { get; } = [];

    /// <summary>Of the header.</summary>
    public DateTime? Timestamp { get; init; }

    public OsmWorld At(long id, int x, int y, string tags = "")
    {
        Nodes.Add(new(id, Math.Round(121 + x * Step, 7), Math.Round(31 + y * Step, 7), Tags(tags)));
        return this;
    }

    /// <summary>Nodes 1, 2, 3 … from west to east.</summary>
    public OsmWorld Row(int count)
    {
        for (var i = 1; i <= count; i++) At(i, i, 0);
        return this;
    }

    public OsmWorld Road(long id, string nodes, string tags = "highway=residential")
    {
        Ways.Add(new(id, [.. nodes.Split(' ').Select(n => long.Parse(n, CultureInfo.InvariantCulture))], Tags(tags)));
        return this;
    }

    /// <param name="id">Its number.</param>
    /// <param name="members">As <c>w1:from n3:via w2:to</c>.</param>
    /// <param name="tags">With its type.</param>
    public OsmWorld Relate(long id, string members, string tags)
    {
        Relations.Add(new(id, [.. members.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(m => m.Split(':')).Select(m => (m[0][0], long.Parse(m[0][1..], CultureInfo.InvariantCulture), m.ElementAtOrDefault(1) ?? ""))], Tags(tags)));
        return this;
    }

    public OsmWorld NoTurn(long id, string members, string restriction, string more = "") => Relate(id, members, $"type=restriction restriction={restriction} {more}");

    private static IReadOnlyList<(string, string)> Tags(string tags) => [.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split('=', 2)).Select(t => (t[0], t[1].Replace('_', t[0] == "name" ? ' ' : '_')))];

    public byte[] Xml()
    {
        XElement Element(string name, long id, IReadOnlyList<(string Key, string Value)> tags, params object[] inner) =>
            new(name, new XAttribute("id", id), inner, tags.Select(t => new XElement("tag", new XAttribute("k", t.Key), new XAttribute("v", t.Value))));
        var root = new XElement("osm", new XAttribute("version", "0.6"), Timestamp is { } time ? new XAttribute("timestamp", time.ToString("s") + "Z") : null,
            Nodes.Select(n => Element("node", n.Id, n.Tags, new XAttribute("lat", n.Latitude), new XAttribute("lon", n.Longitude))),
            Ways.Select(w => Element("way", w.Id, w.Tags, [.. w.Nodes.Select(n => new XElement("nd", new XAttribute("ref", n)))])),
            Relations.Select(r => Element("relation", r.Id, r.Tags, [.. r.Members.Select(m => new XElement("member", new XAttribute("type", m.Kind switch { 'n' => "node", 'w' => "way", _ => "relation" }), new XAttribute("ref", m.Id), new XAttribute("role", m.Role)))])));
        return Encoding.UTF8.GetBytes($"<?xml version='1.0' encoding='UTF-8'?>\n{root}");
    }

    /// <param name="isDense">How nodes are written.</param>
    /// <param name="perBlock">Elements of a block.</param>
    /// <param name="feature">That a reader must understand, besides the usual two.</param>
    /// <param name="isPacked">By zlib; else as they are.</param>
    public byte[] Pbf(bool isDense = true, int perBlock = 4, string? feature = null, bool isPacked = true)
    {
        using var file = new MemoryStream();
        Blob(file, "OSMHeader", new Message().Text(4, "OsmSchema-V0.6").Text(4, "DenseNodes").TextIf(4, feature).NumberIf(32, Timestamp is { } time ? (long)(time - DateTime.UnixEpoch).TotalSeconds : null), isPacked);
        foreach (var some in Nodes.Chunk(perBlock)) Block(file, isPacked, strings => isDense ? [(2, Dense(some, strings))] : some.Select(n => (1, Plain(n, strings))));
        foreach (var some in Ways.Chunk(perBlock)) Block(file, isPacked, strings => some.Select(w => (3, new Message().Number(1, w.Id).Packed(2, w.Tags.Select(t => strings(t.Item1))).Packed(3, w.Tags.Select(t => strings(t.Item2))).Packed(8, Differences(w.Nodes)))));
        foreach (var some in Relations.Chunk(perBlock))
            Block(file, isPacked, strings => some.Select(r => (4, new Message().Number(1, r.Id).Packed(2, r.Tags.Select(t => strings(t.Item1))).Packed(3, r.Tags.Select(t => strings(t.Item2)))
                .Packed(8, r.Members.Select(m => strings(m.Role))).Packed(9, Differences(r.Members.Select(m => m.Id))).Packed(10, r.Members.Select(m => m.Kind switch { 'n' => 0UL, 'w' => 1UL, _ => 2UL })))));
        return file.ToArray();
    }

    private static Message Plain(Node node, Func<string, ulong> strings) => new Message().Number(1, Signed(node.Id)).Packed(2, node.Tags.Select(t => strings(t.Item1))).Packed(3, node.Tags.Select(t => strings(t.Item2)))
        .Number(8, Signed(Units(node.Latitude))).Number(9, Signed(Units(node.Longitude)));

    private static Message Dense(Node[] nodes, Func<string, ulong> strings) => new Message().Packed(1, Differences(nodes.Select(n => n.Id)))
        .Packed(8, Differences(nodes.Select(n => Units(n.Latitude)))).Packed(9, Differences(nodes.Select(n => Units(n.Longitude))))
        .Packed(10, nodes.All(n => n.Tags.Count == 0) ? [] : nodes.SelectMany(n => n.Tags.SelectMany(t => new[] { strings(t.Item1), strings(t.Item2) }).Append(0UL)));

    private static long Units(double degrees) => (long)Math.Round(degrees * 1e7);
    private static ulong Signed(long value) => unchecked((ulong)(value << 1 ^ value >> 63));
    private static IEnumerable<ulong> Differences(IEnumerable<long> values)
    {
        var before = 0L;
        foreach (var value in values)
        {
            yield return Signed(value - before);
            before = value;
        }
    }

    private static void Block(MemoryStream file, bool isPacked, Func<Func<string, ulong>, IEnumerable<(int Field, Message Of)>> elements)
    {
        var (strings, group) = (new List<string> { "" }, new Message());
        foreach (var (field, element) in elements(Index)) group.Inner(field, element);
        Blob(file, "OSMData", new Message().Inner(1, strings.Aggregate(new Message(), (table, s) => table.Text(1, s))).Inner(2, group), isPacked);

        ulong Index(string text)
        {
            if (!strings.Contains(text)) strings.Add(text);
            return (ulong)strings.IndexOf(text);
        }
    }

    private static void Blob(MemoryStream file, string type, Message content, bool isPacked)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content.Bytes);
        var blob = isPacked ? new Message().Number(2, content.Bytes.Length).Raw(3, packed.ToArray()) : new Message().Raw(1, content.Bytes);
        Write(file, type, blob.Bytes);
    }

    /// <summary>A blob of any content.</summary>
    public static void Write(Stream file, string type, byte[] blob)
    {
        var header = new Message().Text(1, type).Number(3, blob.Length).Bytes;
        file.Write([0, 0, (byte)(header.Length >> 8), (byte)header.Length]);
        file.Write(header);
        file.Write(blob);
    }

    /// <summary>A message of protocol buffers, field after field.</summary>
    public sealed class Message
    {
        private readonly List<byte> bytes = [];

        public byte[] Bytes => [.. bytes];

        public Message Number(int field, long value) => Number(field, unchecked((ulong)value));

        public Message Number(int field, ulong value)
        {
            Varint((ulong)field << 3);
            Varint(value);
            return this;
        }

        public Message Raw(int field, byte[] content)
        {
            Varint((ulong)field << 3 | 2);
            Varint((ulong)content.Length);
            bytes.AddRange(content);
            return this;
        }

        public Message Text(int field, string text) => Raw(field, Encoding.UTF8.GetBytes(text));
        public Message TextIf(int field, string? text) => text is null ? this : Text(field, text);
        public Message NumberIf(int field, long? value) => value is { } number ? Number(field, number) : this;
        public Message Inner(int field, Message inner) => Raw(field, inner.Bytes);

        public Message Packed(int field, IEnumerable<ulong> values)
        {
            var inner = new Message();
            foreach (var value in values) inner.Varint(value);
            return Raw(field, inner.Bytes);
        }

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
            bytes.Add((byte)value);
        }
    }
}
