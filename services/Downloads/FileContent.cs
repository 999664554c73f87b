using System.Globalization;
using System.Text;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>A column as a file has it: lists and JSON have become text, and its name fits the format.</summary>
internal sealed record FileColumn(string Name, Column Of, ColumnType Type, int Index);

/// <summary>What goes into a file: the rows of a question, one layer of them, with what is known of them.</summary>
internal sealed class FileContent
{
    private const int MostDbfBytes = 254;

    private readonly int geometry;
    private readonly Encoding? cutTo;

    public RowReader Rows { get; }
    public Query Query { get; }
    public IReadOnlyList<FileColumn> Columns { get; }
    public DownloadAbout About { get; }

    /// <param name="rows">With their number in all.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="dbf">The encoding, where the file is a dBASE table: names of ten characters, texts of 254 bytes.</param>
    public FileContent(RowReader rows, Query query, Encoding? dbf = null)
    {
        (Rows, Query, cutTo) = (rows, query, dbf);
        geometry = rows.Columns.ToList().FindIndex(c => c.Type == ColumnType.Geometry);
        List<(Column Of, int Index)> columns = [.. rows.Columns.Index().Where(c => c.Index != geometry).Select(c => (c.Item, c.Index))];
        var names = dbf is null ? [.. columns.Select(c => c.Of.Name)] : ShortNames(columns.Select(c => c.Of.Name));
        Columns = [.. columns.Select((c, i) => new FileColumn(names[i], c.Of, Type(c.Of), c.Index))];
        About = new(query, rows);
        CutColumns = new int[Columns.Count];
    }

    public long Count => Rows.Total!.Value;
    public Layer Layer => Query.Layer;
    public bool HasGeometry => geometry >= 0;

    /// <summary>The layer's name in the file; that of a shifted datum says so.</summary>
    public string LayerName => Query.Crs.Shift is null ? Layer.Collection : $"{Layer.Collection}_{Query.Crs.Code}";

    public string Title => $"{Layer.TitleZh} {Layer.TitleEn}";

    /// <summary>In how many rows the text of each column was cut.</summary>
    public int[] CutColumns { get; }

    /// <summary>The geometry of the current row, as it came.</summary>
    public object? RawGeometry => geometry < 0 ? null : Rows.Value(geometry);

    public byte[]? Geometry() => (byte[]?)RawGeometry;

    /// <summary>Of the current row: text, long, decimal, bool, DateOnly, DateTime or null.</summary>
    public object? Value(int column) => Rows.Value(Columns[column].Index) switch
    {
        string[] list => Fitting(string.Join('；', list), column),
        string text => Fitting(text, column),
        DateTime time when Columns[column].Type == ColumnType.Text => Instant(time),
        var other => other,
    };

    public static string Instant(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A value as text that no locale changes.</summary>
    public static string Text(object value) => value switch
    {
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture), DateTime time => Instant(time), bool truth => truth ? "true" : "false",
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture), _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private ColumnType Type(Column column) => column.Type is ColumnType.TextList or ColumnType.Json || cutTo is not null && column.Type == ColumnType.Timestamp ? ColumnType.Text : column.Type;

    /// <summary>The text, or what of it a dBASE table takes: whole characters.</summary>
    private string Fitting(string text, int column)
    {
        if (cutTo is null || text.Length <= MostDbfBytes / 4 || cutTo.GetByteCount(text) <= MostDbfBytes) return text;
        var (bytes, end) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += cutTo.GetByteCount(text.AsSpan(end, rune.Utf16SequenceLength));
            if (bytes > MostDbfBytes) break;
            end += rune.Utf16SequenceLength;
        }
        CutColumns[column]++;
        return text[..end];
    }

    /// <summary>Names of at most ten characters, no two alike.</summary>
    public static List<string> ShortNames(IEnumerable<string> names)
    {
        var given = new List<string>();
        foreach (var name in names)
        {
            var shorter = name.Length <= 10 ? name : name[..10];
            for (var n = 1; given.Contains(shorter, StringComparer.OrdinalIgnoreCase); n++) shorter = string.Create(CultureInfo.InvariantCulture, $"{name[..Math.Min(name.Length, n < 10 ? 8 : 7)]}_{n}");
            given.Add(shorter);
        }
        return given;
    }
}
