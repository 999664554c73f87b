using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>
/// A layer as FlatGeobuf (3.0): every column with its type, whatever the rows hold, and geometries as they come from the database. So rows get to GDAL, which reads it from a pipe.
/// </summary>
internal sealed class FlatGeobuf(string name, int geometryType, IReadOnlyList<FileColumn> columns, int? srid)
{
    private const byte Bool = 2, Long = 7, Double = 10, String = 11, DateTimeText = 13;
    private const int Piece = 64 * 1024;
    private static readonly byte[] Magic = [0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0];

    private readonly FlatBuffer buffer = new();
    private readonly Wkb geometry = new();
    private readonly ArrayBufferWriter<byte> properties = new(), piece = new();

    public string Title { get; init; } = "";

    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "";

    /// <summary>What stands before the features, and before the index where there is one.</summary>
    /// <param name="count">How many features follow; 0: unknown.</param>
    /// <param name="indexedWithin">The box around all of them, where an index follows.</param>
    public byte[] Header(long count, double[]? indexedWithin = null)
    {
        buffer.Begin();
        int[] slots = [0, 1, 2, 7, 8, 9, 11, 13];
        var header = buffer.Table(0, srid is null ? slots : [.. slots, 10]);   // a shifted datum is left undefined
        buffer.SetAt(header[2], geometryType);
        buffer.SetAt(header[4], count);
        buffer.SetAt(header[5], indexedWithin is null ? 0 : 16);
        buffer.Text(header[0], name);
        var box = buffer.Vector(header[1], indexedWithin?.Length ?? 0, 8);
        for (var i = 0; i < indexedWithin?.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(box[(8 * i)..], indexedWithin[i]);
        buffer.Vector(header[3], columns.Count, 4);
        var list = buffer.LastVector(columns.Count, 4);
        for (var i = 0; i < columns.Count; i++)
        {
            var fields = buffer.Table(list + 4 * i, 0, 1, 2, 3);
            buffer.SetAt(fields[1], Type(columns[i]));
            buffer.Text(fields[0], columns[i].Name);
            buffer.Text(fields[2], columns[i].Of.TitleZh);
            buffer.Text(fields[3], columns[i].Of.TitleEn);
        }
        buffer.Text(header[6], Title);
        buffer.Text(header[7], Metadata);
        if (srid is { } code)
        {
            var crs = buffer.Table(header[8], 0, 1);
            buffer.SetAt(crs[1], code);
            buffer.Text(crs[0], "EPSG");
        }
        return [.. Magic, .. buffer.WithLength.Span];
    }

    private static byte Type(FileColumn column) => column.Type switch
    {
        ColumnType.Bool => Bool, ColumnType.Integer => Long, ColumnType.Number => Double, ColumnType.Date or ColumnType.Timestamp => DateTimeText, _ => String,
    };

    public void Begin(long count) => piece.Write(Header(count));

    /// <summary>One feature, its values in the order of the columns.</summary>
    public void Add(ReadOnlySpan<object?> values, byte[]? wkb)
    {
        properties.ResetWrittenCount();
        for (var i = 0; i < values.Length; i++) WriteProperty(i, columns[i], values[i]);
        buffer.Begin();
        var feature = wkb is null ? buffer.Table(0, 1) : buffer.Table(0, 1, 0);
        properties.WrittenSpan.CopyTo(buffer.Vector(feature[0], properties.WrittenCount, 1));
        if (wkb is not null) WriteGeometry(feature[1], geometry.Read(wkb));
        buffer.Align(8);
        piece.Write(buffer.WithLength.Span);
    }

    private void WriteProperty(int i, FileColumn column, object? value)
    {
        if (value is null) return;
        Span<byte> number = stackalloc byte[10];
        BinaryPrimitives.WriteInt16LittleEndian(number, (short)i);
        switch (value)
        {
            case bool truth: number[2] = truth ? (byte)1 : (byte)0; properties.Write(number[..3]); break;
            case long whole: BinaryPrimitives.WriteInt64LittleEndian(number[2..], whole); properties.Write(number); break;
            case decimal rational: BinaryPrimitives.WriteDoubleLittleEndian(number[2..], (double)rational); properties.Write(number); break;
            default:
                var text = FileContent.Text(value);
                var length = Encoding.UTF8.GetByteCount(text);
                BinaryPrimitives.WriteInt32LittleEndian(number[2..], length);
                properties.Write(number[..6]);
                properties.Advance(Encoding.UTF8.GetBytes(text, properties.GetSpan(length)));
                break;
        }
    }

    private void WriteGeometry(int pointer, Wkb of)
    {
        if (of.Type != Wkb.MultiPolygon)
        {
            WriteRuns(pointer, of, of.Type, 0, of.Parts.Count);
            return;
        }
        var table = buffer.Table(pointer, 6, 7);
        buffer.SetAt(table[0], of.Type);
        buffer.Vector(table[1], of.Polygons.Count, 4);
        var members = buffer.LastVector(of.Polygons.Count, 4);
        for (var (member, from) = (0, 0); member < of.Polygons.Count; from = of.Polygons[member++]) WriteRuns(members + 4 * member, of, Wkb.Polygon, from, of.Polygons[member]);
    }

    private void WriteRuns(int pointer, Wkb of, int type, int from, int to)
    {
        var total = 0;
        for (var part = from; part < to; part++) total += of.Parts[part].Count;
        var hasEnds = type == Wkb.MultiLineString || to - from > 1 && type != Wkb.MultiPoint;   // GDAL 3.6 wants them of a single line too
        var table = hasEnds ? buffer.Table(pointer, 1, 6, 0) : buffer.Table(pointer, 1, 6);
        buffer.SetAt(table[1], type);
        var xy = buffer.Vector(table[0], 2 * total, 8);
        for (var (part, at) = (from, 0); part < to; part++)
        {
            var positions = of.Positions(part);
            positions.CopyTo(xy[at..]);
            at += positions.Length;
        }
        if (!hasEnds) return;
        var ends = buffer.Vector(table[2], to - from, 4);
        for (var (part, end) = (from, 0); part < to; part++) BinaryPrimitives.WriteInt32LittleEndian(ends[(4 * (part - from))..], end += of.Parts[part].Count);
    }

    /// <summary>Sends what has gathered, once it is worth a piece.</summary>
    public ValueTask SendFullPieces(Stream to, CancellationToken cancel) => piece.WrittenCount >= Piece ? Send(to, cancel) : default;

    /// <summary>Sends the rest.</summary>
    public async ValueTask Send(Stream to, CancellationToken cancel)
    {
        await to.WriteAsync(piece.WrittenMemory, cancel);
        piece.ResetWrittenCount();
    }
}
