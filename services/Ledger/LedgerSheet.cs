using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ClosedXML.Excel;
using Jietong.Geodata;

namespace Jietong.Services.Ledger;

/// <summary>Reads a workbook that was handed back. It comes from outside: nothing of it is computed, and it is measured before it is opened.</summary>
internal static partial class LedgerSheet
{
    private const long MostBytes = 12 << 20;
    private const int MostParts = 1000, HeaderWithin = 20;

    /// <exception cref="InputException">It is no workbook, too large, or holds no ledger.</exception>
    public static LedgerTable Read(byte[] file, string name)
    {
        Measure(file, name);
        XLWorkbook book;
        try { book = new XLWorkbook(new MemoryStream(file)); }
        catch (Exception e) when (e is not OutOfMemoryException) { throw new InputException($"{name} cannot be read as a workbook: {e.Message} Open it in a spreadsheet program and save it anew as .xlsx."); }
        using (book)
        {
            var sheets = book.Worksheets.Where(s => s.Visibility == XLWorksheetVisibility.Visible).OrderBy(s => s.Name != LedgerColumns.Sheet).ToList();
            foreach (var sheet in sheets)
                if (HeaderOf(sheet) is { } header) return Table(sheet, header, name, book.Use1904DateSystem);
            throw new InputException($"{name} has no sheet with the column {LedgerColumns.Of(LedgerColumns.Key).Zh} {LedgerColumns.Of(LedgerColumns.Key).En} in its first {HeaderWithin} rows: is it a ledger that ./run links --format xlsx wrote?");
        }
    }

    /// <summary>Unpacks the archive to nowhere, so that a small file that unpacks to a huge one is refused by what it holds, not by what it says.</summary>
    private static void Measure(byte[] file, string name)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file));
            if (zip.Entries.Count > MostParts) throw new InputException($"{name} holds {zip.Entries.Count} parts, far more than a ledger.");
            var (left, buffer) = (MostBytes, new byte[81920]);
            foreach (var entry in zip.Entries)
            {
                using var part = entry.Open();
                for (int read; (read = part.Read(buffer)) > 0;)
                    if ((left -= read) < 0) throw new InputException($"{name} unpacks to more than {MostBytes >> 20} MB, far more than a ledger: copy the ledger's rows into a new file.");
            }
        }
        catch (InvalidDataException e) { throw new InputException($"{name} is a damaged archive, no workbook: {e.Message}"); }
    }

    private static int? HeaderOf(IXLWorksheet sheet) => sheet.RowsUsed().Take(HeaderWithin).Where(r => r.RowNumber() <= HeaderWithin)
        .FirstOrDefault(r => r.CellsUsed().Any(c => !c.HasFormula && LedgerColumns.Of(LedgerColumns.Key).IsCalled(c.GetString())))?.RowNumber();

    private static LedgerTable Table(IXLWorksheet sheet, int header, string name, bool from1904)
    {
        if (sheet.MergedRanges.FirstOrDefault(r => r.RangeAddress.LastAddress.RowNumber > header) is { } merged)
            throw new InputException($"{name}: the cells {merged.RangeAddress} of the sheet {sheet.Name} are merged: unmerge them, each link has a row of its own.");
        var headings = sheet.Row(header).CellsUsed().ToDictionary(c => c.Address.ColumnLetter, c => Text(c, from1904).Text);
        var rows = sheet.RowsUsed().Where(r => r.RowNumber() > header).Take(LedgerTable.MostRows + 1)
            .Select(r => new LedgerRow($"{sheet.Name} 第 {r.RowNumber()} 行 row {r.RowNumber()}", r.CellsUsed().ToDictionary(c => c.Address.ColumnLetter, c => Text(c, from1904)))).ToList();
        return rows.Count <= LedgerTable.MostRows ? new(headings, rows) : throw new InputException($"{name} has more than {LedgerTable.MostRows} rows, far more than a ledger.");
    }

    private static LedgerCell Text(IXLCell cell, bool from1904)
    {
        if (cell.HasFormula) return new("=", "holds a formula: paste its value instead");
        if (cell.DataType == XLDataType.Text) return cell.GetString().Trim() is var text && ErrorValue().IsMatch(text) ? new(text, $"holds the error {text}") : new(text);
        if (cell.DataType == XLDataType.Boolean) return new(cell.GetBoolean() ? "TRUE" : "FALSE");
        var (format, id) = (cell.Style.NumberFormat.Format, cell.Style.NumberFormat.NumberFormatId);
        if (cell.DataType is XLDataType.DateTime || cell.DataType == XLDataType.Number && DatesOfEastAsia.Contains(id))
        {
            if (from1904) return new("?", "holds a date counted from 1904: write it as text, like 2018-06-29");
            var day = cell.DataType == XLDataType.DateTime ? cell.GetDateTime() : DateTime.FromOADate(cell.GetDouble());
            return new(day.ToString(Precision(format, id), CultureInfo.InvariantCulture));
        }
        return new(cell.DataType == XLDataType.Number ? cell.GetDouble().ToString("R", CultureInfo.InvariantCulture) : cell.GetString().Trim());
    }

    /// <summary>Built-in date formats of Chinese spreadsheets (ECMA-376, 18.8.30), which the library takes for numbers.</summary>
    private static readonly int[] DatesOfEastAsia = [27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58];
    private static readonly int[] MonthsAlone = [17, 27, 36, 50, 52, 57];

    /// <summary>A spreadsheet keeps a month as its first day, and shows the month: no more is taken from it than it shows.</summary>
    private static string Precision(string format, int id)
    {
        var shown = Quoted().Replace(format, "");
        if (shown == "") return MonthsAlone.Contains(id) ? "yyyy-MM" : "yyyy-MM-dd";
        return shown.Contains('d', StringComparison.OrdinalIgnoreCase) ? "yyyy-MM-dd" : shown.Contains('m', StringComparison.OrdinalIgnoreCase) ? "yyyy-MM" : "yyyy";
    }

    [GeneratedRegex("\"[^\"]*\"|\\[[^\\]]*\\]|\\\\.")] private static partial Regex Quoted();
    [GeneratedRegex(@"^#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)$")] private static partial Regex ErrorValue();
}
