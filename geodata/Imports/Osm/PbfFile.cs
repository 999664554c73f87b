using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Google.Protobuf;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>
/// OpenStreetMap's PBF (https://wiki.openstreetmap.org/wiki/PBF_Format): blobs, each a length, a header and a packed block. Blocks are unpacked and read by
/// all cores, a few ahead of who asks, so that memory holds those few. After a pass it is known which blobs hold what, and the others are passed over.
/// </summary>
internal sealed class PbfFile(string path, Action<long, long> progress, CancellationToken cancel) : IOsmFile
{
    /// <summary>As the format has them; of a packed and of an unpacked blob.</summary>
    private const int LongestHeader = 64 << 10, LongestBlob = 32 << 20;

    private const int MostOfDeflate = 1032;   // bytes out of one

    private static readonly string[] Known = ["OsmSchema-V0.6", "DenseNodes"];

    private readonly FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
    private readonly Dictionary<long, PbfKinds> kindsAt = [];

    public DateTime? Timestamp { get; private set; }

    public int Passed { get; private set; }

    /// <summary>False where the file begins with data, which most readers refuse: what its elements need is not known then.</summary>
    public bool HasHeader { get; private set; }

    private sealed record Blob(long Position, byte[] Bytes, int Length)
    {
        public string Place => string.Create(CultureInfo.InvariantCulture, $"blob at byte {Position}");
    }

    public IEnumerable<T> Read<T>(Func<OsmNode, T?>? nodes = null, Func<OsmWay, T?>? ways = null, Func<OsmRelation, T?>? relations = null) where T : class
    {
        var wanted = (nodes is null ? 0 : PbfKinds.Nodes) | (ways is null ? 0 : PbfKinds.Ways) | (relations is null ? 0 : PbfKinds.Relations);
        var ahead = new Queue<(Blob Blob, Task<(List<T> Made, PbfKinds Kinds, int Count)> Task)>();
        Passed = 0;
        foreach (var blob in Blobs(wanted))
        {
            ahead.Enqueue((blob, Task.Run(() => Unpacked(blob, (bytes, length) => new PbfBlock(bytes, length).Read(nodes, ways, relations)), cancel)));
            if (ahead.Count > 2 * Environment.ProcessorCount)
                foreach (var one in Next()) yield return one;
        }
        while (ahead.Count > 0)
            foreach (var one in Next()) yield return one;

        List<T> Next()
        {
            var (blob, task) = ahead.Dequeue();
            var (made, kinds, count) = task.GetAwaiter().GetResult();
            Passed += count;
            kindsAt[blob.Position] = kinds;
            return made;
        }
    }

    /// <summary>The blobs that may hold what is wanted.</summary>
    private IEnumerable<Blob> Blobs(PbfKinds wanted)
    {
        file.Position = 0;
        while (file.Position < file.Length)
        {
            cancel.ThrowIfCancellationRequested();
            var position = file.Position;
            progress(position, file.Length);
            var (type, size) = Header(position);
            if (size is < 0 or > LongestBlob) throw Fault(position, "datasize", size, $"a blob has at most {LongestBlob} bytes.");
            if (size > file.Length - file.Position) throw Fault(position, "datasize", size, $"the file ends after {file.Length} bytes, {size - (file.Length - file.Position)} too early.");
            var isData = type == "OSMData";
            if (isData && kindsAt.TryGetValue(position, out var kinds) && (kinds & wanted) == 0 || type is not ("OSMData" or "OSMHeader")) file.Position += size;
            else
            {
                var blob = new Blob(position, ArrayPool<byte>.Shared.Rent(size), size);
                file.ReadExactly(blob.Bytes, 0, size);
                if (isData) yield return blob;
                else Unpacked(blob, ReadHeader);
            }
        }
        progress(file.Length, file.Length);
    }

    private (string Type, int Size) Header(long position)
    {
        Span<byte> four = stackalloc byte[4];
        if (file.ReadAtLeast(four, 4, throwOnEndOfStream: false) < 4) throw Fault(position, "", null, $"the file ends after {file.Length} bytes, within the length of a blob's header.");
        var length = BinaryPrimitives.ReadInt32BigEndian(four);
        if (length is <= 0 or > LongestHeader) throw Fault(position, "length of the header", length, position == 0 ? "this is no PBF of OpenStreetMap." : $"a header has 1 to {LongestHeader} bytes.");
        if (length > file.Length - file.Position) throw Fault(position, "length of the header", length, $"the file ends after {file.Length} bytes.");
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        try
        {
            var (type, size, header) = ("", -1, new PbfMessage(bytes, new(0, length)));
            while (header.Next())
                if (header.Field == 1) type = header.Inner() is var text ? System.Text.Encoding.Latin1.GetString(bytes, text.From, text.To - text.From) : "";
                else if (header.Field == 3) size = header.Int();
            return type == "" ? throw Fault(position, "type", null, "a blob's header names no type.") : (type, size);
        }
        catch (InvalidProtocolBufferException e) { throw Fault(position, "header", null, Reason(e)); }
        catch (OsmFault e) when (!e.Place.StartsWith("blob", StringComparison.Ordinal)) { throw e.At($"blob at byte {position}"); }
    }

    /// <summary>Unpacks a blob and gives its memory back when it is read.</summary>
    private static T Unpacked<T>(Blob blob, Func<byte[], int, T> read)
    {
        byte[]? bytes = null;
        try
        {
            var (packed, rawSize, isRaw, message) = (default(PbfRange), 0, false, new PbfMessage(blob.Bytes, new(0, blob.Length)));
            while (message.Next())
                switch (message.Field)
                {
                    case 1: (packed, isRaw) = (message.Inner(), true); break;
                    case 2: rawSize = message.Int(); break;
                    case 3: packed = message.Inner(); break;
                    case 4 or 5 or 6 or 7: throw new OsmFault("", "packing", message.Field switch { 4 => "lzma", 5 => "bzip2", 6 => "lz4", _ => "zstd" }, "only zlib is read.", "Write the file anew packed by zlib, as all programs do by default (osmium cat -f pbf,pbf_compression=zlib).");
                }
            if (packed == default) throw new OsmFault("", "", null, "it is empty.");
            var packedSize = packed.To - packed.From;
            if (isRaw) rawSize = packedSize;
            if (rawSize is < 0 or > LongestBlob || rawSize > (long)MostOfDeflate * packedSize) throw new OsmFault("", "raw_size", $"{rawSize}", $"it cannot unpack to so much: it has {packedSize} bytes, and a block has at most {LongestBlob}.");
            bytes = ArrayPool<byte>.Shared.Rent(rawSize + 1);
            using var stream = new MemoryStream(blob.Bytes, packed.From, packedSize);
            using Stream unpacking = isRaw ? stream : new ZLibStream(stream, CompressionMode.Decompress);
            var length = unpacking.ReadAtLeast(bytes.AsSpan(0, rawSize + 1), rawSize + 1, throwOnEndOfStream: false);
            if (length != rawSize) throw new OsmFault("", "raw_size", $"{rawSize}", $"it unpacks to {(length < rawSize ? $"only {length}" : "more")} bytes.");
            return read(bytes, length);
        }
        catch (InvalidProtocolBufferException e) { throw Fault(blob.Position, "", null, Reason(e)); }
        catch (InvalidDataException e) { throw Fault(blob.Position, "", null, $"it cannot be unpacked: {e.Message}"); }
        catch (OsmFault e) { throw e.At(blob.Place); }
        finally
        {
            ArrayPool<byte>.Shared.Return(blob.Bytes);
            if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>HeaderBlock of osmformat.proto: what one must understand to read on, and of when the data are.</summary>
    private bool ReadHeader(byte[] bytes, int length)
    {
        var header = new PbfMessage(bytes, new(0, length));
        while (header.Next())
            if (header.Field == 4)
            {
                var range = header.Inner();
                var feature = System.Text.Encoding.Latin1.GetString(bytes, range.From, range.To - range.From);
                if (!Known.Contains(feature)) throw new OsmFault("", "required_features", feature, $"this feature is not understood; {string.Join(" and ", Known)} are.", feature == "HistoricalInformation" ? "Take a file of one day from it (osmium time-filter)." : OsmFault.Anew);
            }
            else if (header.Field == 32 && header.Long() is > 0 and < 1L << 36 and var seconds) Timestamp = DateTime.UnixEpoch.AddSeconds(seconds);
        return HasHeader = true;
    }

    private static string Reason(InvalidProtocolBufferException e) => $"it is broken: {e.Message}";

    private static OsmFault Fault(long position, string field, long? value, string reason) => new($"blob at byte {position}", field, value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{value}"), reason);

    public void Dispose() => file.Dispose();
}
