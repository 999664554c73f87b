using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace Jietong.Benchmarks;

/// <summary>A way of OpenStreetMap.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Tags">Key by key.</param>
/// <param name="Nodes">Their numbers, in order.</param>
internal sealed record OsmWay(long Id, Dictionary<string, string> Tags, List<long> Nodes);

/// <summary>As much of OpenStreetMap's PBF (https://wiki.openstreetmap.org/wiki/PBF_Format) as a graph of streets takes: positions of nodes and ways with their tags. Relations, history and people are skipped.</summary>
internal sealed class OsmFile
{
    private const int MostBytes = 64 << 20;   // of a blob, header or unpacked: the format allows 32 MiB

    private readonly List<string> strings = [];
    private long granularity, latitudeOffset, longitudeOffset;   // nanodegrees

    /// <summary>Degrees, by the node's number.</summary>
    public Dictionary<long, (double Longitude, double Latitude)> Nodes { get; } = [];

    /// <summary>Those with a tag "highway".</summary>
    public List<OsmWay> Ways { get; } = [];

    /// <exception cref="InvalidDataException">It is no such file, or cut off.</exception>
    public static OsmFile Read(string path)
    {
        try
        {
            var (file, bytes) = (new OsmFile(), File.ReadAllBytes(path));
            for (var at = 0; at < bytes.Length;)
            {
                var (header, size, type) = (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)), 0, "");
                Fields(new(bytes, at + 4, header), (field, input) =>
                {
                    if (field == 1) type = input.ReadString();
                    else if (field == 3) size = input.ReadInt32();
                    else return false;
                    return true;
                });
                at += 4 + header;
                if (size < 0 || size > bytes.Length - at) throw new InvalidDataException($"a blob of {size} bytes at {at} of {bytes.Length}.");
                if (type == "OSMData") file.Block(Unpacked(new(bytes, at, size)));
                at += size;
            }
            return file;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException or InvalidDataException)
        {
            throw new InvalidDataException($"{path} is no whole file of OpenStreetMap's PBF: {e.Message}", e);
        }
    }

    private static byte[] Unpacked(CodedInputStream blob)
    {
        byte[] content = [];
        Fields(blob, (field, input) =>
        {
            if (field == 1) content = input.ReadBytes().ToByteArray();
            else if (field == 3)
            {
                using var packed = new ZLibStream(new MemoryStream(input.ReadBytes().ToByteArray()), CompressionMode.Decompress);
                using var unpacked = new MemoryStream();
                packed.CopyTo(unpacked);
                content = unpacked.ToArray();
            }
            else return false;
            return true;
        });
        return content.Length is > 0 and <= MostBytes ? content : throw new InvalidDataException($"a blob of {content.Length} bytes, or packed otherwise than by zlib.");
    }

    private void Block(byte[] content)
    {
        strings.Clear();
        (granularity, latitudeOffset, longitudeOffset) = (100, 0, 0);
        var groups = new List<byte[]>();
        Fields(new(content), (field, input) =>
        {
            if (field == 1) Fields(Inner(input), (_, table) => { strings.Add(table.ReadString()); return true; });
            else if (field == 2) groups.Add(input.ReadBytes().ToByteArray());   // what they refer to may stand behind them
            else if (field == 17) granularity = input.ReadInt32();
            else if (field == 19) latitudeOffset = input.ReadInt64();
            else if (field == 20) longitudeOffset = input.ReadInt64();
            else return false;
            return true;
        });
        foreach (var group in groups)
            Fields(new(group), (field, input) =>
            {
                if (field == 1) Node(Inner(input));
                else if (field == 2) DenseNodes(Inner(input));
                else if (field == 3) Way(Inner(input));
                else return false;
                return true;
            });
    }

    private void Node(CodedInputStream input)
    {
        long id = 0, latitude = 0, longitude = 0;
        Fields(input, (field, input) =>
        {
            if (field == 1) id = input.ReadSInt64();
            else if (field == 8) latitude = input.ReadSInt64();
            else if (field == 9) longitude = input.ReadSInt64();
            else return false;
            return true;
        });
        Nodes[id] = Position(latitude, longitude);
    }

    private void DenseNodes(CodedInputStream input)
    {
        List<long> ids = [], latitudes = [], longitudes = [];
        Fields(input, (field, input) =>
        {
            if ((field switch { 1 => ids, 8 => latitudes, 9 => longitudes, _ => null }) is not { } list) return false;
            list.AddRange(Differences(input));
            return true;
        });
        for (var i = 0; i < ids.Count; i++) Nodes[ids[i]] = Position(latitudes[i], longitudes[i]);
    }

    private void Way(CodedInputStream input)
    {
        var (id, keys, values, nodes) = (0L, new List<string>(), new List<string>(), new List<long>());
        Fields(input, (field, input) =>
        {
            if (field == 1) id = input.ReadInt64();
            else if (field is 2 or 3)
                for (var packed = Inner(input); !packed.IsAtEnd;) (field == 2 ? keys : values).Add(strings[(int)packed.ReadUInt32()]);
            else if (field == 8) nodes.AddRange(Differences(input));
            else return false;
            return true;
        });
        if (keys.Contains("highway")) Ways.Add(new(id, keys.Zip(values).ToDictionary(tag => tag.First, tag => tag.Second), nodes));
    }

    private (double, double) Position(long latitude, long longitude) => (1e-9 * (longitudeOffset + granularity * longitude), 1e-9 * (latitudeOffset + granularity * latitude));

    private static IEnumerable<long> Differences(CodedInputStream input)
    {
        var value = 0L;
        for (var packed = Inner(input); !packed.IsAtEnd;) yield return value += packed.ReadSInt64();
    }

    private static CodedInputStream Inner(CodedInputStream input) => input.ReadBytes().CreateCodedInput();

    /// <summary>Hands on each field by its number; what is not taken is skipped.</summary>
    private static void Fields(CodedInputStream input, Func<int, CodedInputStream, bool> take)
    {
        while (input.ReadTag() is not 0 and var tag)
            if (!take(WireFormat.GetTagFieldNumber(tag), input)) input.SkipLastField();
    }
}
