using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Jietong.Geodata.Imports.Gtfs;

/// <summary>One file of a feed, row by row. A value that is not what the standard asks for is a problem with its line; the row is read on, so that all of them are told at once.</summary>
internal sealed class FeedTable : IDisposable
{
    /// <summary>Of one row, in bytes: a quotation mark that is never closed must not swallow the file.</summary>
    private const int MostOfRow = 1 << 16;

    private readonly ImportContext context;
    private readonly CsvReader csv;
    private readonly Stream stream;
    private readonly List<string> headers = [];
    private readonly Action<long> progress;
    private readonly int mostRows;
    private readonly string fileName;
    private readonly bool onlyColumns;
    private int rows;
    private bool isRowGood;

    /// <param name="context">Hears of problems.</param>
    /// <param name="feed">Where the file is.</param>
    /// <param name="name">The file's.</param>
    /// <param name="mostRows">More are refused.</param>
    /// <param name="progress">Is told how many bytes of it are read.</param>
    /// <param name="onlyColumns">Its header alone is looked at: what else is wrong there is told when it is read.</param>
    public FeedTable(ImportContext context, FeedFiles feed, string name, int mostRows, Action<long> progress, bool onlyColumns = false)
    {
        (this.context, Name, this.mostRows, this.progress, fileName, this.onlyColumns) = (context, name, mostRows, progress, context.File.Name, onlyColumns);
        stream = feed.Open(name);
        csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = ',', HasHeader = false, TrimWhitespace = true, TrimInsideQuotes = true, TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = MostOfRow, Encoding = new UTF8Encoding(false),
        });
        if (!Next()) return;
        for (var i = 0; i < csv.FieldCount; i++) headers.Add(csv.GetString(i).Trim('\uFEFF', ' '));
        if (onlyColumns)
            foreach (var twice in headers.Where(h => h != "").GroupBy(h => h).Where(g => g.Count() > 1)) Add(twice.Key, null, "this column is there twice.", "Name each column once.", null);
    }

    public string Name { get; }

    /// <summary>How many rows have been read, without the header.</summary>
    public int Rows => rows;

    public int Line { get; private set; } = 1;

    /// <summary>Rows that have fewer fields than there are columns; what is missing at their end reads as empty.</summary>
    public int ShortRows { get; private set; }

    /// <summary>Reading ended before the file did.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The number of a column; -1 where the file has none of that name.</summary>
    public int Column(string name) => headers.IndexOf(name);

    /// <summary>The number of a column that the standard requires.</summary>
    public int Required(string name)
    {
        if (Column(name) is >= 0 and var column) return column;
        var isFirst = !IsBroken;
        IsBroken = true;
        if (isFirst || onlyColumns) Add(name, null, $"the column is missing; there are {InputException.Short(string.Join(", ", headers), 200)}.", headers.Count == 1 ? "Are the columns parted by commas? Add it." : "Add it.", 1);
        return -1;
    }

    /// <summary>Goes on to the next row.</summary>
    public bool Read()
    {
        if (IsBroken || !Next()) return false;
        if (++rows > mostRows)
        {
            Problem("", null, $"this file has more than {mostRows:N0} rows.", "Split the feed.");
            return !(IsBroken = true);
        }
        if (csv.FieldCount < headers.Count) ShortRows++;
        for (var i = headers.Count; i < csv.FieldCount; i++)
            if (!csv.IsEmpty(i)) Problem("", csv.GetString(i), $"this row has {csv.FieldCount} fields, the header {headers.Count}.", "Put a text that holds commas between quotation marks.");
        return true;
    }

    private bool Next()
    {
        isRowGood = true;
        if ((rows & 0xFFF) == 0)
        {
            context.Cancel.ThrowIfCancellationRequested();
            progress(csv.ByteOffset);
        }
        try
        {
            if (!csv.Read()) return false;
            Line = (int)csv.LineNumber;
        }
        catch (CsvFormatException e)
        {
            Line = Math.Max(Line, (int)e.LineNumber);
            IsBroken = true;
            Problem("", null, e.Message, "Is a quotation mark missing, or one too many? Write quotation marks inside a text twice.");
            return false;
        }
        var raw = csv.RawRecord;
        if (!Utf8.IsValid(raw)) Problem("", Shown(raw), "this line is not UTF-8, as a feed must be.", "Save the file as UTF-8.");
        if (raw.Contains((byte)0)) Problem("", Encoding.UTF8.GetString(raw).Replace('\0', '␀'), "this line holds a byte 0.", "Is it a text file? Write it anew.");
        return true;
    }

    /// <summary>Whether no problem of this row has been found so far.</summary>
    public bool IsRowGood => isRowGood;

    /// <summary>Tells of a problem; where the file has no such column at all, that is told once, and nothing more is read.</summary>
    public void Problem(string field, string? value, string reason, string wayOut, int? line = null)
    {
        isRowGood = false;
        if (field != "" && Column(field) < 0) Required(field);
        else if (!onlyColumns || IsBroken) Add(field, value, reason, wayOut, line);
    }

    private void Add(string field, string? value, string reason, string wayOut, int? line)
    {
        context.Problems.Add(fileName, $"{Name} line {line ?? Line}", field, value, reason, wayOut);
    }

    private void Problem(int column, string reason, string wayOut) => Problem(headers[column], csv.GetString(column), reason, wayOut);

    /// <summary>Null where it is empty or the column is not there.</summary>
    public string? Text(int column) => column < 0 || column >= csv.FieldCount || csv.IsEmpty(column) || csv.GetString(column) is not { Length: > 0 } text ? null : text;

    /// <summary>A text that must be there.</summary>
    public string TextOf(int column)
    {
        if (Text(column) is { } text) return text;
        Problem(headers[column], "", "it is empty.", "The standard requires it: fill it in.");
        return "";
    }

    /// <summary>A whole number; null where it is empty.</summary>
    public int? Whole(int column, int least, int most, string what)
    {
        if (Text(column) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Problem(column, $"it is not {what}.", $"Write a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>A code of the standard's; <paramref name="otherwise"/> where it is empty.</summary>
    public short Code(int column, short most, short otherwise = 0, short least = 0) => (short)(Whole(column, least, most, "one of the standard's codes") ?? otherwise);

    public double? Number(int column, double least, double most)
    {
        if (Text(column) is not { } text) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Problem(column, "it is not a number in range.", FormattableString.Invariant($"Write a number from {least} to {most}, with a decimal point."));
        return null;
    }

    /// <summary>A day, YYYYMMDD; null where it is none, which then is a problem.</summary>
    public DateOnly? Day(int column)
    {
        var text = TextOf(column);
        if (text == "") return null;
        if (DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 2200) return day;
        Problem(column, "it is no day.", "Write YYYYMMDD.");
        return null;
    }

    /// <summary>Seconds after noon less twelve hours, up to six days; null where it is empty.</summary>
    public int? Time(int column)
    {
        if (Text(column) is not { } text) return null;
        if (text.Split(':') is [{ Length: >= 1 and <= 3 } h, { Length: 2 } m, { Length: 2 } s] && int.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && hours < 144 && minutes < 60 && seconds < 60) return hours * 3600 + minutes * 60 + seconds;
        Problem(column, "it is no time.", "Write HH:MM:SS; after midnight hours go on past 24, below 144.");
        return null;
    }

    public void Dispose()
    {
        csv.Dispose();
        stream.Dispose();
    }

    /// <summary>The text, with bytes that are none as \xE9.</summary>
    private static string Shown(ReadOnlySpan<byte> raw)
    {
        var shown = new StringBuilder();
        while (raw.Length > 0)
        {
            var isText = Rune.DecodeFromUtf8(raw, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isText) shown.Append(rune.ToString());
            else foreach (var wrong in raw[..length]) shown.Append($"\\x{wrong:X2}");
            raw = raw[length..];
        }
        return shown.ToString();
    }
}
