using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Jietong.Services.Downloads;

/// <summary>A geometry taken apart: its type and its runs of positions (the point, the line, the lines, the rings), in the little-endian well-known binary that PostGIS gives. One object serves row after row.</summary>
internal sealed class Wkb
{
    public const int Point = 1, LineString = 2, Polygon = 3, MultiPoint = 4, MultiLineString = 5, MultiPolygon = 6;
    private static readonly string[] Names = ["", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"];

    private readonly List<(int Start, int Count)> parts = [];
    private readonly List<int> polygons = [];
    private byte[] bytes = [];

    public int Type { get; private set; }

    /// <summary>Where each run of positions begins, in bytes, and how many it has.</summary>
    public IReadOnlyList<(int Start, int Count)> Parts => parts;

    /// <summary>Of several polygons, where the runs of each end.</summary>
    public IReadOnlyList<int> Polygons => polygons;

    /// <summary>The code of a type that the catalogue names; 0 where a layer has no geometry.</summary>
    public static int Code(string? name) => name is null ? 0 : Array.IndexOf(Names, name.ToUpperInvariant());

    public Wkb Read(byte[] wkb)
    {
        parts.Clear();
        polygons.Clear();
        (bytes, Type) = (wkb, Integer(wkb, 1));
        var at = 5;
        switch (Type)
        {
            case Point: parts.Add((at, 1)); break;
            case LineString: Run(ref at); break;
            case Polygon:
                for (var rings = Next(ref at); rings > 0; rings--) Run(ref at);
                break;
            case MultiPoint or MultiLineString:
                for (var members = Next(ref at); members > 0; members--)
                {
                    at += 5;
                    if (Type == MultiLineString) Run(ref at);
                    else { parts.Add((at, 1)); at += 16; }
                }
                break;
            case MultiPolygon:
                for (var members = Next(ref at); members > 0; members--)
                {
                    at += 5;
                    for (var rings = Next(ref at); rings > 0; rings--) Run(ref at);
                    polygons.Add(parts.Count);
                }
                break;
            default: throw new NotSupportedException($"No layer was known to have geometries of type {Type}.");
        }
        return this;
    }

    private static int Integer(byte[] wkb, int at) => BinaryPrimitives.ReadInt32LittleEndian(wkb.AsSpan(at));

    private int Next(ref int at) => Integer(bytes, (at += 4) - 4);

    private void Run(ref int at)
    {
        var count = Next(ref at);
        parts.Add((at, count));
        at += 16 * count;
    }

    /// <summary>The positions of a run as they stand: pairs of doubles.</summary>
    public ReadOnlySpan<byte> Positions(int part) => bytes.AsSpan(parts[part].Start, 16 * parts[part].Count);

    private (double X, double Y) At(int start, int i) => (BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(start + 16 * i)), BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(start + 16 * i + 8)));

    /// <summary>A position on it, about the middle: what a table or a label shows of a line.</summary>
    public (double X, double Y) Middle => parts.MaxBy(p => p.Count) is var (start, count) ? At(start, count / 2) : default;

    /// <summary>Well-known text, with that many decimals.</summary>
    public void WriteText(StringBuilder to, int decimals)
    {
        to.Append(Names[Type]).Append(' ');
        if (Type is Point or LineString) WritePositions(to, 0, decimals, " ", ",", "(", ")");
        else if (Type == MultiPolygon)
            for (var part = 0; part < parts.Count; part++) WritePositions(to, part, decimals, " ", ",", part == 0 ? "(((" : polygons.Contains(part) ? ",((" : ",(", part == parts.Count - 1 ? ")))" : polygons.Contains(part + 1) ? "))" : ")");
        else
            for (var part = 0; part < parts.Count; part++) WritePositions(to, part, decimals, " ", ",", part == 0 ? "((" : ",(", part == parts.Count - 1 ? "))" : ")");
    }

    /// <summary>The positions of a run, their two numbers and each other parted as wanted.</summary>
    public void WritePositions(StringBuilder to, int part, int decimals, string inPair, string between, string before = "", string after = "")
    {
        to.Append(before);
        for (var (i, (start, count)) = (0, parts[part]); i < count; i++)
        {
            var (x, y) = At(start, i);
            to.Append(i == 0 ? "" : between).Append(CultureInfo.InvariantCulture, $"{Math.Round(x, decimals)}").Append(inPair).Append(CultureInfo.InvariantCulture, $"{Math.Round(y, decimals)}");
        }
        to.Append(after);
    }
}
