using System.Buffers.Binary;
using System.Text;

namespace Jietong.Services.Downloads;

/// <summary>Bytes in the form of FlatBuffers, written from front to back: a table, then what it points to. Every field takes eight bytes, which suits any type.</summary>
internal sealed class FlatBuffer
{
    private const int Cell = 8;
    private byte[] bytes = new byte[4096];

    /// <summary>What was written, after its length in four bytes.</summary>
    public ReadOnlyMemory<byte> WithLength
    {
        get
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, Length);
            return bytes.AsMemory(0, 4 + Length);
        }
    }

    public int Length { get; private set; }

    /// <summary>Begins anew: the root offset comes first.</summary>
    public void Begin()
    {
        Length = 0;
        Take(4);
    }

    /// <summary>Adds bytes, all zero; alignment counts from behind the length.</summary>
    public Span<byte> Take(int count)
    {
        if (4 + Length + count > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, 4 + Length + count));
        var taken = bytes.AsSpan(4 + Length, count);
        taken.Clear();
        Length += count;
        return taken;
    }

    public void Align(int to, int ahead = 0) => Take((to - (Length + ahead) % to) % to);

    /// <summary>Lets the field at <paramref name="field"/> point to what is written next.</summary>
    public void PointHere(int field) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + field), Length - field);

    public void SetAt(int field, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + field), value);

    public void SetAt(int field, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4 + field), value);

    /// <summary>A table with those fields, which <paramref name="pointer"/> points to from now on.</summary>
    /// <returns>Where its fields stand, in the order of <paramref name="slots"/>.</returns>
    public Fields Table(int pointer, params ReadOnlySpan<int> slots)
    {
        var entries = 0;
        foreach (var slot in slots) entries = Math.Max(entries, slot + 1);
        Align(2);
        var vtable = Length;
        var sizes = Take(4 + 2 * entries);
        BinaryPrimitives.WriteInt16LittleEndian(sizes, (short)sizes.Length);
        BinaryPrimitives.WriteInt16LittleEndian(sizes[2..], (short)(Cell + Cell * slots.Length));
        for (var i = 0; i < slots.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(sizes[(4 + 2 * slots[i])..], (short)(Cell + Cell * i));
        Align(Cell);
        PointHere(pointer);
        var table = Length;
        BinaryPrimitives.WriteInt32LittleEndian(Take(Cell + Cell * slots.Length), table - vtable);
        return new(table + Cell);
    }

    /// <summary>Where the fields of a table stand.</summary>
    public readonly record struct Fields(int First)
    {
        public int this[int i] => First + Cell * i;
    }

    public void Text(int pointer, string text)
    {
        Align(4);
        PointHere(pointer);
        var length = Encoding.UTF8.GetByteCount(text);
        var at = Take(4 + length + 1);   // with a zero behind
        BinaryPrimitives.WriteInt32LittleEndian(at, length);
        Encoding.UTF8.GetBytes(text, at[4..]);
    }

    /// <summary>A vector of so many elements, to be filled.</summary>
    public Span<byte> Vector(int pointer, int count, int elementSize)
    {
        Align(Math.Max(4, elementSize), ahead: 4);
        PointHere(pointer);
        var at = Take(4 + count * elementSize);
        BinaryPrimitives.WriteInt32LittleEndian(at, count);
        return at[4..];
    }

    /// <summary>Where the vector begins that was taken last.</summary>
    public int LastVector(int count, int elementSize) => Length - count * elementSize;
}
