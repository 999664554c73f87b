using System.Buffers.Binary;
using System.Text;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>A Shapefile, as files side by side or in a zip: brought together in a folder under names of our own, with all that its headers promise checked against what is there.</summary>
internal sealed class Shapefile(ImportContext context, string folder)
{
    private static readonly string[] Parts = [".shp", ".dbf", ".shx", ".prj", ".cpg"];
    private readonly string name = context.File.Name;

    public string Path => In(".shp");

    /// <summary>Of the texts in the table; null where there is none.</summary>
    public Encoding? Encoding { get; private set; }

    private string In(string ending) => System.IO.Path.Combine(folder, "data" + ending);

    /// <exception cref="InputException">It cannot be read at all.</exception>
    public async Task Open()
    {
        if (context.File.Path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) await Unpack();
        else
            foreach (var part in Parts)
                if (Beside(part) is { } there) File.CreateSymbolicLink(In(part), System.IO.Path.GetFullPath(there));
        var shapes = Shapes();
        if (!File.Exists(In(".dbf")))
        {
            context.Notes.Add(new("没有 .dbf：只有图形，没有属性。", "There is no .dbf: geometries without attributes."));
            return;
        }
        var table = new DbfTable(context, In(".dbf"), Shown(".dbf"));
        if (table.Count != shapes) throw new BadFileException(name, "", "", null, $"has {shapes} shapes in its .shp, but {table.Count} rows in its .dbf.", "They belong to different exports, or one was cut off: export both anew.");
        Encoding = table.Decide(File.Exists(In(".cpg")) ? ((await File.ReadAllTextAsync(In(".cpg"), System.Text.Encoding.Latin1, context.Cancel)).Trim() is var cpg && cpg.Length > 40 ? cpg[..40] : cpg, Shown(".cpg")) : null);
        File.Delete(In(".cpg"));   // what was found out counts
    }

    /// <summary>Its name, as its sender knows it.</summary>
    private string Shown(string ending) => System.IO.Path.ChangeExtension(name, ending);

    private string? Beside(string ending) => new[] { ending, ending.ToUpperInvariant() }.Select(e => System.IO.Path.ChangeExtension(context.File.Path, e)).FirstOrDefault(File.Exists);

    private async Task Unpack()
    {
        string chosen;
        await using (var archive = await BroughtZip.Open(context.File.Path, context.Cancel))
        {
            var all = archive.Entries.Where(e => e.Name.EndsWith(".shp", StringComparison.OrdinalIgnoreCase) && !e.FullName.StartsWith("__MACOSX", StringComparison.Ordinal)).Select(e => e.FullName[..^4]).ToList();
            string Name(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
            chosen = context.Request.FromLayer is { } wanted ? all.FirstOrDefault(a => Name(a) == wanted || a == wanted) ?? throw new InputException($"{name} holds no {wanted}.shp; it holds {string.Join(", ", all.Take(20).Select(a => $"{Name(a)}.shp"))}.")
                : all.Count == 1 ? all[0] : throw new InputException($"{name} holds {all.Count} Shapefiles 图层, {string.Join(", ", all.Take(20).Select(a => $"{Name(a)}.shp"))}{(all.Count > 20 ? " …" : "")}: name one with --layer {Name(all[0])}.");
        }
        var taken = new HashSet<string>();
        await BroughtZip.Unpack(context.File.Path, folder, e => Parts.FirstOrDefault(p => e.FullName.Equals(chosen + p, StringComparison.OrdinalIgnoreCase)) is { } part && taken.Add(part) ? "data" + part : null, context.Cancel);
    }

    /// <summary>Walks the .shp record by record.</summary>
    /// <returns>How many there are.</returns>
    private int Shapes()
    {
        using var file = new BufferedStream(File.OpenRead(Path), 1 << 16);
        var (shown, header) = (Shown(".shp"), new byte[100]);
        var length = new FileInfo(File.ResolveLinkTarget(Path, true)?.FullName ?? Path).Length;
        BadFileException Bad(string place, string reason) => new(shown, place, "", null, reason, "It was cut off or damaged: fetch or export it again.");
        if (file.ReadAtLeast(header, 100, throwOnEndOfStream: false) < 100 || BinaryPrimitives.ReadInt32BigEndian(header) != 9994) throw Bad("byte 0", "does not begin as a Shapefile does.");
        var (declared, type) = (2L * BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(24)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(32)));
        if (declared != length) throw Bad("byte 24", $"declares a length of {declared} bytes and has {length}.");
        if (type is not (0 or 1 or 3 or 5 or 8 or 11 or 13 or 15 or 18 or 21 or 23 or 25 or 28)) throw Bad("byte 32", $"has shapes of type {type}, which are no points, lines or polygons.");
        var (at, count, record) = (100L, 0, new byte[8]);
        for (; at < length; count++)
        {
            var place = $"shape {count + 1}, byte {at}";
            if (file.ReadAtLeast(record, 8, throwOnEndOfStream: false) < 8) throw Bad(place, "ends in the middle of a record.");
            var size = 2L * BinaryPrimitives.ReadInt32BigEndian(record.AsSpan(4));
            if (size < 4 || at + 8 + size > length) throw Bad(place, $"a record of {size} bytes does not fit into the file.");
            Record(file, size, type, place, shown, Bad);
            at += 8 + size;
            if ((count & 0xFFF) == 0) context.Cancel.ThrowIfCancellationRequested();
        }
        Index(count, shown);
        return count;
    }

    /// <summary>Type, counts and coordinates of one shape.</summary>
    private void Record(Stream file, long size, int type, string place, string shown, Func<string, string, BadFileException> bad)
    {
        if (size > GeoJsonFile.LongestValue) throw bad(place, $"a shape takes more than {GeoJsonFile.LongestValue >> 20} MB.");
        var shape = new byte[size];
        file.ReadExactly(shape);
        int Integer(int i) => BinaryPrimitives.ReadInt32LittleEndian(shape.AsSpan(i));
        var own = Integer(0);
        if (own == 0) return;
        if (own != type) throw bad(place, $"a shape has type {own} in a file of type {type}.");
        var (first, count) = (4, 1L);
        if (type % 10 != 1)
        {
            var parted = type % 10 != 8;
            if (size < (parted ? 44 : 40)) throw bad(place, "a shape is shorter than its header.");
            var (parts, points) = parted ? (Integer(36), Integer(40)) : (0, Integer(36));
            first = (parted ? 44 : 40) + 4 * Math.Max(parts, 0);
            count = points;
            if (parts < 0 || points < 0 || first + 16L * points > size) throw bad(place, $"a shape of {parts} parts and {points} points does not fit into its record.");
            for (var (i, before) = (0, -1); i < parts; before = Integer(44 + 4 * i), i++)
                if (Integer(44 + 4 * i) <= before || Integer(44 + 4 * i) >= points || i == 0 && Integer(44) != 0) throw bad(place, "the parts of a shape are out of order.");
        }
        else if (size < 20) throw bad(place, "a point is shorter than its coordinates.");
        for (var i = 0; i < 2 * count; i++)
            if (BinaryPrimitives.ReadDoubleLittleEndian(shape.AsSpan(first + 8 * i)) is var coordinate && !double.IsFinite(coordinate))
            {
                context.Problems.Add(shown, place, i % 2 == 0 ? "x" : "y", coordinate.ToString(System.Globalization.CultureInfo.InvariantCulture), "is no finite number.", "Mend the shape in the program that the file came from.");
                return;
            }
    }

    /// <summary>An index that does not fit is left aside: GDAL makes it anew.</summary>
    private void Index(int count, string shown)
    {
        if (!File.Exists(In(".shx"))) { context.Notes.Add(new($"{shown} 没有 .shx，已按 .shp 重建。", $"{shown} has no .shx: made anew from the .shp.")); return; }
        using var index = File.OpenRead(In(".shx"));
        var (bytes, at, fits) = (new byte[index.Length], 100L, index.Length == 100 + 8L * count);
        index.ReadExactly(bytes);
        for (var i = 0; fits && i < count; i++)
        {
            fits = 2L * BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(100 + 8 * i)) == at;
            at += 8 + 2L * BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(104 + 8 * i));
        }
        if (fits) return;
        index.Close();
        File.Delete(In(".shx"));
        context.Notes.Add(new($"{shown} 的 .shx 与 .shp 不符，已重建。", $"The .shx of {shown} does not fit its .shp: made anew."));
    }
}
