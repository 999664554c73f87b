using System.Text;
using CsvHelper;
using Jietong.Geodata;

namespace Jietong.Services.Ledger;

/// <summary>Reads a ledger that was handed back as CSV, in whichever encoding and with whichever separator a spreadsheet program of the region writes.</summary>
internal static class LedgerText
{
    private static readonly char[] Separators = [',', '\t', ';'];

    /// <exception cref="InputException">It is no CSV, or holds no ledger.</exception>
    public static LedgerTable Read(byte[] file, string name)
    {
        var text = Decode(file, name);
        var first = text.AsSpan(0, text.IndexOfAny(['\r', '\n']) is var end && end < 0 ? text.Length : end).ToString();
        var separator = Separators.MaxBy(s => first.Count(c => c == s));
        var options = new CsvReaderOptions { Separator = separator, HasHeader = false, TrimWhitespace = true, TrimInsideQuotes = true, TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw };
        using var csv = CsvReader.Create(new StringReader(text), options);
        Dictionary<string, string>? headings = null;
        var rows = new List<LedgerRow>();
        try
        {
            while (csv.Read())
            {
                var cells = Enumerable.Range(0, csv.FieldCount).Select(i => (Letter: LedgerTable.Letter(i + 1), Text: csv.GetString(i).Trim())).Where(c => c.Text != "").ToDictionary(c => c.Letter, c => c.Text);
                if (headings is null) headings = cells;
                else if (cells.Count > 0) rows.Add(new($"{name} 第 {csv.LineNumber} 行 line {csv.LineNumber}", cells.ToDictionary(c => c.Key, c => new LedgerCell(c.Value))));
                if (rows.Count > LedgerTable.MostRows) throw new InputException($"{name} has more than {LedgerTable.MostRows} rows, far more than a ledger.");
            }
        }
        catch (CsvFormatException e) { throw new InputException($"{name} line {e.LineNumber}: {e.Message} Is a comma or a quotation mark missing?"); }
        if (headings is null || !headings.Values.Any(LedgerColumns.Of(LedgerColumns.Key).IsCalled))
            throw new InputException($"{name} has no column {LedgerColumns.Of(LedgerColumns.Key).Zh} {LedgerColumns.Of(LedgerColumns.Key).En} in its first line: is it a ledger that ./run links --for TOWN --format csv wrote?");
        return new(headings, rows);
    }

    /// <summary>By its byte order mark; else UTF-8, if it is; else GB18030, in which Chinese Excel saves CSV.</summary>
    private static string Decode(byte[] file, string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Encoding[] tried = file switch
        {
            [0xFF, 0xFE, ..] => [new UnicodeEncoding(false, true, true)],
            [0xFE, 0xFF, ..] => [new UnicodeEncoding(true, true, true)],
            _ => [new UTF8Encoding(true, true), Encoding.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)],
        };
        foreach (var encoding in tried)
        {
            try { return encoding.GetString(file).TrimStart('\uFEFF'); }
            catch (DecoderFallbackException) { }
        }
        throw new InputException($"{name} is neither UTF-8 nor GB18030: save it as CSV UTF-8.");
    }
}
