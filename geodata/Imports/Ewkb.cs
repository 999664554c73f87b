using System.Buffers.Binary;

namespace Jietong.Geodata.Imports;

/// <summary>Geometries as PostGIS takes them in a binary COPY: little-endian EWKB of longitudes and latitudes, SRID 4326.</summary>
internal static class Ewkb
{
    private const int Point = 1, LineString = 2, MultiLineString = 5, WithSrid = 0x2000_0000;

    public static byte[] OfPoint(double longitude, double latitude)
    {
        var bytes = new byte[25];
        Begin(bytes, Point);
        Put(bytes, 9, longitude, latitude);
        return bytes;
    }

    public static byte[] OfLine(IReadOnlyList<(double Longitude, double Latitude)> line)
    {
        var bytes = new byte[13 + 16 * line.Count];
        Begin(bytes, LineString);
        PutLine(bytes, 9, line);
        return bytes;
    }

    public static byte[] OfLines(IReadOnlyList<IReadOnlyList<(double Longitude, double Latitude)>> lines)
    {
        var bytes = new byte[13 + lines.Sum(line => 9 + 16 * line.Count)];
        Begin(bytes, MultiLineString);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(9), lines.Count);
        var at = 13;
        foreach (var line in lines)
        {
            bytes[at] = 1;
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + 1), LineString);
            PutLine(bytes, at + 5, line);
            at += 9 + 16 * line.Count;
        }
        return bytes;
    }

    private static void Begin(byte[] bytes, int type)
    {
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), type | WithSrid);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), 4326);
    }

    private static void PutLine(byte[] bytes, int at, IReadOnlyList<(double Longitude, double Latitude)> line)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), line.Count);
        for (var i = 0; i < line.Count; i++) Put(bytes, at + 4 + 16 * i, line[i].Longitude, line[i].Latitude);
    }

    private static void Put(byte[] bytes, int at, double longitude, double latitude)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), longitude);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at + 8), latitude);
    }
}
