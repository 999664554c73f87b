using System.Buffers.Binary;
using System.Text;

namespace Jietong.Geodata.Imports;

/// <summary>Rows on their way into a table, in PostgreSQL's own binary format (https://www.postgresql.org/docs/15/sql-copy.html): written here, because that is most of the work of a large import.</summary>
/// <param name="to">A COPY … FROM STDIN (FORMAT binary).</param>
/// <param name="dataset">The first column of each row.</param>
/// <param name="columnCount">Of all, with that one.</param>
/// <param name="cancel">Looked at now and then.</param>
internal sealed class Rows(Stream to, string dataset, int columnCount, CancellationToken cancel)
{
    private const int TextOid = 25, LongOid = 20;
    private static readonly byte[] Signature = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly DateOnly FirstDay = new(2000, 1, 1);

    private readonly byte[] name = Encoding.UTF8.GetBytes(dataset);
    private byte[] buffer = new byte[1 << 16];
    private int used;

    public long Count { get; private set; }

    public Rows Next()
    {
        if (Count == 0) Bytes(Signature);
        if ((++Count & 0xFFF) == 0) cancel.ThrowIfCancellationRequested();
        BinaryPrimitives.WriteInt16BigEndian(Room(2), (short)columnCount);
        Int(name.Length);
        Bytes(name);
        return this;
    }

    public Rows Text(string? value)
    {
        if (value is null) return Null();
        var room = Room(4 + Encoding.UTF8.GetMaxByteCount(value.Length), take: false);
        var length = Encoding.UTF8.GetBytes(value, room[4..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        used += 4 + length;
        return this;
    }

    public Rows Json(string? value)
    {
        if (value is null) return Null();
        Int(1 + Encoding.UTF8.GetByteCount(value));
        Room(1)[0] = 1;   // the version of its format
        Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetByteCount(value)));
        return this;
    }

    public Rows Texts(string[] value)
    {
        BeginArray(TextOid, value.Length, value.Sum(Encoding.UTF8.GetByteCount));
        foreach (var one in value) Text(one);
        return this;
    }

    public Rows Longs(long[] value)
    {
        BeginArray(LongOid, value.Length, 8 * value.Length);
        foreach (var one in value) Long(one);
        return this;
    }

    public Rows Small(short? value)
    {
        if (value is not { } number) return Null();
        Int(2);
        BinaryPrimitives.WriteInt16BigEndian(Room(2), number);
        return this;
    }

    public Rows Integer(int? value)
    {
        if (value is not { } number) return Null();
        Int(4);
        Int(number);
        return this;
    }

    public Rows Long(long? value)
    {
        if (value is not { } number) return Null();
        Int(8);
        BinaryPrimitives.WriteInt64BigEndian(Room(8), number);
        return this;
    }

    public Rows Real(float? value)
    {
        if (value is not { } number) return Null();
        Int(4);
        BinaryPrimitives.WriteSingleBigEndian(Room(4), number);
        return this;
    }

    public Rows Number(double? value)
    {
        if (value is not { } number) return Null();
        Int(8);
        BinaryPrimitives.WriteDoubleBigEndian(Room(8), number);
        return this;
    }

    public Rows Bool(bool? value)
    {
        if (value is not { } truth) return Null();
        Int(1);
        Room(1)[0] = truth ? (byte)1 : (byte)0;
        return this;
    }

    public Rows Day(DateOnly? value) => Integer(value is { } day ? day.DayNumber - FirstDay.DayNumber : null);

    /// <summary>EWKB; null where there is none.</summary>
    public Rows Geometry(byte[]? value)
    {
        if (value is null) return Null();
        Int(value.Length);
        Bytes(value);
        return this;
    }

    /// <summary>Ends the rows.</summary>
    public void End()
    {
        if (Count == 0) Bytes(Signature);
        BinaryPrimitives.WriteInt16BigEndian(Room(2), -1);
        to.Write(buffer, 0, used);
        used = 0;
    }

    private Rows Null()
    {
        Int(-1);
        return this;
    }

    private void BeginArray(int oid, int count, int bytes)
    {
        Int((count == 0 ? 12 : 20) + 4 * count + bytes);
        Int(count == 0 ? 0 : 1);   // dimensions
        Int(0);                    // no nulls
        Int(oid);
        if (count == 0) return;
        Int(count);
        Int(1);                    // the first one's number
    }

    private void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(4), value);

    private void Bytes(byte[] bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>So many bytes of the buffer; what was written before may go out for it.</summary>
    private Span<byte> Room(int length, bool take = true)
    {
        if (used + length > buffer.Length)
        {
            to.Write(buffer, 0, used);
            used = 0;
            if (length > buffer.Length) buffer = new byte[length];
        }
        var room = buffer.AsSpan(used, length);
        if (take) used += length;
        return room;
    }
}
