using System.Buffers.Binary;
using System.Text;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>The table of a Shapefile (dBASE III): what its header promises, and the bytes of its texts.</summary>
internal sealed class DbfTable
{
    private readonly ImportContext context;
    private readonly string path, shown;
    private readonly int headerLength, rowLength;
    private readonly byte language;
    private readonly List<(byte[] Name, char Type, int Start, int Length)> fields = [];

    /// <summary>Rows, those marked as deleted with them.</summary>
    public int Count { get; }

    public DbfTable(ImportContext context, string path, string shown)
    {
        (this.context, this.path, this.shown) = (context, path, shown);
        using var file = File.OpenRead(path);
        var head = new byte[32];
        if (file.ReadAtLeast(head, 32, throwOnEndOfStream: false) < 32) throw Bad("byte 0", "is shorter than the header of a table.");
        (Count, headerLength, rowLength, language) = (BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4)), BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8)), BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10)), head[29]);
        if (Count < 0 || headerLength < 33 || rowLength < 1) throw Bad("byte 4", "has a header that makes no sense.");
        var needed = headerLength + (long)Count * rowLength;
        if (file.Length < needed) throw Bad($"byte {file.Length}", $"declares {Count} rows of {rowLength} bytes and ends {needed - file.Length} bytes short of that.");
        var descriptors = new byte[headerLength - 32];
        if (file.ReadAtLeast(descriptors, descriptors.Length, throwOnEndOfStream: false) < descriptors.Length) throw Bad("byte 32", "ends within its header.");
        var start = 1;
        for (var at = 0; at + 32 <= descriptors.Length && descriptors[at] != 0x0D; at += 32)
        {
            var name = descriptors.AsSpan(at, 11);
            var field = (Name: name[..(name.IndexOf((byte)0) is var end and >= 0 ? end : 11)].ToArray(), Type: (char)descriptors[at + 11], Start: start, Length: descriptors[at + 16] + (descriptors[at + 11] == 'C' ? 256 * descriptors[at + 17] : 0));
            fields.Add(field);
            start += field.Length;
        }
        if (start > rowLength) throw Bad("byte 32", $"describes columns of {start - 1} bytes in rows of {rowLength}.");
        if (fields.FirstOrDefault(f => f.Type is not ('C' or 'N' or 'F' or 'D' or 'L' or 'I' or 'O' or 'B' or 'M' or 'Y' or 'T' or '@' or '+')) is { Name: not null } odd) throw Bad("byte 32", $"has a column of type {(int)odd.Type}, which no table has.");
    }

    private BadFileException Bad(string place, string reason) => new(shown, place, "", null, reason, "It was cut off or damaged: fetch or export it again.");

    /// <param name="cpg">What the .cpg says, and its name.</param>
    public Encoding Decide((string Name, string Place)? cpg)
    {
        var declared = cpg is { Name.Length: > 0 } ? cpg : language == 0x4D ? ("GBK", $"{shown} (byte 29)") : ((string, string)?)null;
        return TextEncoding.Decide(context, declared, trials => Texts((text, place) => { foreach (var trial in trials) trial.Take(text, place); }));
    }

    private delegate void Take(ReadOnlySpan<byte> text, Func<string> place);

    /// <summary>Names of columns, then every text.</summary>
    private void Texts(Take take)
    {
        foreach (var (i, field) in fields.Index()) take(field.Name, () => $"name of column {i + 1}");
        var texts = fields.Where(f => f.Type == 'C' && f.Length > 0).ToList();
        if (texts.Count == 0) return;
        using var file = new BufferedStream(File.OpenRead(path), 1 << 16);
        file.Seek(headerLength, SeekOrigin.Begin);
        var row = new byte[rowLength];
        for (var number = 1; number <= Count; number++)
        {
            file.ReadExactly(row);
            foreach (var field in texts)
            {
                var text = row.AsSpan(field.Start, field.Length).TrimEnd(" \0"u8);
                if (!text.IsEmpty) take(text, () => $"row {number}, {Encoding.Latin1.GetString(field.Name.Where(b => b < 128).ToArray())}");
            }
            if ((number & 0xFFF) == 0) context.Cancel.ThrowIfCancellationRequested();
        }
    }
}
