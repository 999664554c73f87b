using System.Buffers.Binary;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Well-known binary, little-endian, two coordinates a position, written from front to back.</summary>
internal sealed class WkbWriter
{
    public const int Point = 1, LineString = 2, Polygon = 3, MultiPoint = 4, MultiLineString = 5, MultiPolygon = 6, Collection = 7;

    private byte[] bytes = new byte[256];
    private int length;

    public byte[] Taken()
    {
        var taken = bytes.AsSpan(0, length).ToArray();
        length = 0;
        return taken;
    }

    public void Clear() => length = 0;

    public WkbWriter Begin(int type)
    {
        Room(5)[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(length + 1), type);
        length += 5;
        return this;
    }

    /// <returns>Where a number stands that is known only later.</returns>
    public int Count(int count = 0)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), count);
        return (length += 4) - 4;
    }

    public void Correct(int at, int count) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), count);

    public void Position(double x, double y)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(Room(16), x);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(length + 8), y);
        length += 16;
    }

    private Span<byte> Room(int more)
    {
        if (length + more > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, length + more));
        return bytes.AsSpan(length);
    }
}
