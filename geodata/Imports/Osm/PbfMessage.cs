#pragma warning disable CA1001   // a CodedInputStream of bytes has nothing to dispose of
using Google.Protobuf;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>Where a message, text or list of numbers lies in its block.</summary>
internal readonly record struct PbfRange(int From, int To);

/// <summary>A message of protocol buffers, field by field: <c>while (m.Next()) switch (m.Field) …</c>; what is not taken is skipped. Nothing is believed: every length is checked against what is left.</summary>
internal struct PbfMessage(byte[] bytes, PbfRange range)
{
    private readonly CodedInputStream input = new(bytes, range.From, range.To - range.From);
    private uint tag;
    private bool isTaken = true;

    public readonly int Field => WireFormat.GetTagFieldNumber(tag);

    /// <summary>In the block.</summary>
    private readonly int Position => (int)input.Position;

    /// <exception cref="InvalidProtocolBufferException">It is cut off, or no such message. So throw all that read on.</exception>
    public bool Next()
    {
        if (!isTaken) input.SkipLastField();
        isTaken = false;
        return (tag = input.ReadTag()) != 0;
    }

    public int Int() => Takes(WireFormat.WireType.Varint).ReadInt32();
    public long Long() => Takes(WireFormat.WireType.Varint).ReadInt64();
    public long SignedLong() => Takes(WireFormat.WireType.Varint).ReadSInt64();

    public PbfRange Inner()
    {
        Takes(WireFormat.WireType.LengthDelimited);
        var at = Position;
        input.SkipLastField();
        while (bytes[at++] >= 0x80) { }   // behind its length
        return new(at, Position);
    }

    private CodedInputStream Takes(WireFormat.WireType type)
    {
        isTaken = true;
        return WireFormat.GetTagWireType(tag) == type ? input : throw new OsmFault("", $"field {Field}", null, $"it is written as {WireFormat.GetTagWireType(tag)}, not as {type}.");
    }
}

/// <summary>Packed numbers, one after the other.</summary>
internal struct PbfNumbers(byte[] bytes, PbfRange range)
{
    private readonly CodedInputStream input = new(bytes, range.From, range.To - range.From);
    private long sum;

    public readonly bool IsAtEnd => input.IsAtEnd;

    public readonly int Int() => (int)input.ReadUInt32();

    /// <summary>The next of numbers that are written as differences.</summary>
    public long Sum() => sum = unchecked(sum + input.ReadSInt64());

    /// <summary>How many there are: each ends with a byte below 128.</summary>
    public static int Count(byte[] bytes, PbfRange range)
    {
        var count = 0;
        foreach (var one in bytes.AsSpan(range.From..range.To)) count += one < 0x80 ? 1 : 0;
        return count;
    }

    public static long[] Sums(byte[] bytes, PbfRange range)
    {
        var (sums, numbers) = (new long[Count(bytes, range)], new PbfNumbers(bytes, range));
        for (var i = 0; i < sums.Length; i++) sums[i] = numbers.Sum();
        return sums;
    }

    public static int[] Ints(byte[] bytes, PbfRange range)
    {
        var (ints, numbers) = (new int[Count(bytes, range)], new PbfNumbers(bytes, range));
        for (var i = 0; i < ints.Length; i++) ints[i] = numbers.Int();
        return ints;
    }
}
