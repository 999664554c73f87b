using System.Text;
using CsvHelper;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Reads a CSV with positions row by row. Texts stay texts; a line is named as an editor counts it.</summary>
internal sealed class CsvTable(ImportContext context)
{
    private const int LongestRow = 16 << 20, MostColumns = 2000;
    private static readonly char[] Separators = [',', '\t', ';'];
    private readonly string name = context.File.Name;

    /// <summary>From the name of a column; null where none says it.</summary>
    public string? Crs { get; private set; }

    public IEnumerable<GisRow> Rows()
    {
        var encoding = Encoding();
        using var text = new StreamReader(context.File.Path, encoding);
        var options = new CsvReaderOptions { Separator = Separator(encoding), HasHeader = false, TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = LongestRow };
        using var csv = CsvReader.Create(text, options);
        if (!Next(csv)) throw new InputException($"{name} has no row with the names of its columns.");
        var names = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim().TrimStart('\uFEFF')).ToList();
        if (names.Count > MostColumns) throw new InputException($"{name} has {names.Count} columns, more than {MostColumns}.");
        var columns = new TableColumns(name, names);
        Crs = columns.Crs;
        var (wkb, properties, number) = (new WkbWriter(), new PropertyText(), 0L);
        using (properties)
            while (Next(csv))
                if (Row(csv, names, columns, wkb, properties, ++number) is { } row) yield return row;
    }

    private GisRow? Row(CsvReader csv, List<string> names, TableColumns columns, WkbWriter wkb, PropertyText properties, long number)
    {
        var place = $"line {csv.LineNumber}";
        if (Enumerable.Range(0, csv.FieldCount).All(i => string.IsNullOrWhiteSpace(csv.GetString(i)))) return null;   // a blank row is none
        if (csv.FieldCount != names.Count)
        {
            context.Problems.Add(name, place, "", null, $"has {csv.FieldCount} fields, the first line has {names.Count}.", "Is a comma or a quotation mark missing or too many?");
            return null;
        }
        try
        {
            properties.Begin();
            for (var i = 0; i < names.Count; i++)
                if (!columns.IsPosition(i) && names[i] != "" && csv.GetString(i) is { Length: > 0 } value) properties.Text(names[i], value);
            var kept = properties.End();
            return new(number, null, columns.Geometry(i => csv.GetString(i), wkb), kept);
        }
        catch (BadValueException e)
        {
            context.Problems.Add(name, place, e.Field, e.Value, e.Message, e.WayOut);
            return null;
        }
    }

    private bool Next(CsvReader csv)
    {
        try { return csv.Read(); }
        catch (CsvFormatException e) { throw new BadFileException(name, $"line {e.LineNumber}", "", null, e.Message, "Is a comma or a quotation mark missing?"); }
    }

    private char Separator(Encoding encoding)
    {
        using var text = new StreamReader(context.File.Path, encoding);
        var head = new char[4096];
        var read = text.ReadBlock(head);
        var first = head.AsSpan(0, head.AsSpan(0, read).IndexOfAny('\r', '\n') is var end and >= 0 ? end : read).ToString();
        return Separators.MaxBy(s => first.Count(c => c == s));
    }

    /// <summary>By its byte order mark, else found out line by line: in neither UTF-8 nor GB18030 is a line feed part of another character.</summary>
    private Encoding Encoding()
    {
        using var file = new BufferedStream(File.OpenRead(context.File.Path), 1 << 16);
        var mark = new byte[3];
        var count = file.ReadAtLeast(mark, 3, throwOnEndOfStream: false);
        if (count >= 2 && (mark[0], mark[1]) is (0xFF, 0xFE) or (0xFE, 0xFF)) throw new InputException($"{name} is in UTF-16: save it as CSV UTF-8.");
        var marked = count == 3 && mark is [0xEF, 0xBB, 0xBF];
        file.Seek(marked ? 3 : 0, SeekOrigin.Begin);
        return TextEncoding.Decide(context, marked ? ("UTF-8", $"{name} (byte order mark)") : null, trials =>
        {
            var (line, number) = (new List<byte>(), 1L);
            var buffer = new byte[1 << 16];
            for (int read; (read = file.Read(buffer)) > 0;)
                for (var rest = buffer.AsSpan(0, read); !rest.IsEmpty;)
                {
                    var end = rest.IndexOf((byte)'\n');
                    line.AddRange(end < 0 ? rest : rest[..end]);
                    if (line.Count > LongestRow) throw new BadFileException(name, $"line {number}", "", null, $"is longer than {LongestRow >> 20} MB.", "Is a quotation mark missing?");
                    rest = end < 0 ? default : rest[(end + 1)..];
                    if (end >= 0) Take(trials, line, number++);
                }
            Take(trials, line, number);
        });
    }

    private static void Take(IReadOnlyList<TextEncoding.Trial> trials, List<byte> line, long number)
    {
        foreach (var trial in trials) trial.Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line), () => $"line {number}");
        line.Clear();
    }
}
