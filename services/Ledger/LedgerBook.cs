using System.Globalization;
using ClosedXML.Excel;
using CsvHelper;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;

namespace Jietong.Services.Ledger;

/// <summary>The ledger as a workbook, or as CSV: what is known stands in grey and is locked, what is new is filled in.</summary>
internal static class LedgerBook
{
    private const int HeaderRow = 1;
    private const int SpareRows = 100;   // below the table, for a link of which there is more than one thing to say

    public static void WriteXlsx(Stream to, List<Dictionary<string, object?>> links, List<Dictionary<string, object?>> sources, Query asked, DataVersion version)
    {
        using var book = new XLWorkbook();
        book.Style.Font.FontName = "Microsoft YaHei";
        var ledger = book.AddWorksheet(LedgerColumns.Sheet);
        WriteHowTo(book.AddWorksheet("说明 How to fill in"), asked, version);
        WriteSources(book.AddWorksheet("来源 Sources"), sources);
        var words = book.AddWorksheet("词 Words");
        words.Visibility = XLWorksheetVisibility.Hidden;
        var last = HeaderRow + links.Count;
        for (var i = 0; i < LedgerColumns.All.Count; i++)
        {
            var (column, number) = (LedgerColumns.All[i], i + 1);
            var heading = ledger.Cell(HeaderRow, number).SetValue($"{column.Zh}\n{column.En}");
            heading.Style.Font.SetBold().Fill.SetBackgroundColor(column.IsFilledIn ? XLColor.LightGoldenrodYellow : XLColor.LightGray).Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Center);
            ledger.Column(number).Width = column.Width;
            for (var row = 0; row < links.Count; row++) if (column.Shows?.Invoke(links[row]) is { } text) ledger.Cell(HeaderRow + 1 + row, number).SetValue(text);   // SetValue: a text, whatever it begins with
            var cells = ledger.Range(HeaderRow + 1, number, last + SpareRows, number);
            cells.Style.NumberFormat.SetFormat("@").Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Top).Protection.SetLocked(false);   // "@": 2018-06 stays as it is typed
            if (!column.IsFilledIn) ledger.Range(HeaderRow + 1, number, last, number).Style.Font.SetFontColor(XLColor.DimGray).Protection.SetLocked(true);
            if (column.Choices.Count > 0) Offer(cells, Listed(words, number, column), column.Zh, column.En);
        }
        ledger.Column(1).Hide();
        ledger.SheetView.Freeze(HeaderRow, 2);
        ledger.Protect().AllowElement(XLSheetProtectionElements.FormatColumns | XLSheetProtectionElements.FormatRows | XLSheetProtectionElements.AutoFilter);
        using var file = new MemoryStream();   // the package is not written in one go, a pipe could not take it
        book.SaveAs(file);
        file.WriteTo(to);
    }

    private static IXLRange Listed(IXLWorksheet words, int number, LedgerColumn column)
    {
        var offered = column.Choices.DistinctBy(c => c.Code ?? "").ToList();
        for (var i = 0; i < offered.Count; i++) words.Cell(i + 1, number).SetValue(offered[i].Word);
        return words.Range(1, number, offered.Count, number);
    }

    private static void Offer(IXLRange cells, IXLRange words, string zh, string en)
    {
        var list = cells.SetDataValidation();
        list.List(words);
        (list.IgnoreBlanks, list.ErrorTitle, list.ErrorMessage) = (true, $"{zh} {en}", "请从列表中选 Choose from the list");
    }

    private static void WriteHowTo(IXLWorksheet sheet, Query asked, DataVersion version)
    {
        (string, string)[] lines =
        [
            ("有新消息的通道，在黄色列各填一行；没有的留空，不会被读入。", "For a link of which there is news, fill in the yellow columns; what is left empty is not read."),
            ("新阶段、自何时、来源编号必填。", "New stage, Held from and Source id are needed."),
            ("新阶段、哪一侧、依据从列表中选；两侧都到，选“整条”或留空。", "Choose New stage, Which side and New basis from their lists; whole, or nothing, where both sides got there."),
            ("自何时按来源所写：2018-06-29、2018-06、2018，或 2016/2020（其间某时）。不要补来源没写的日。", "Held from as the source writes it: 2018-06-29, 2018-06, 2018, or 2016/2020 for some time in it. Add no day that the source does not give."),
            ("来源编号见“来源”页；新来源请先登记。", "Source ids are on the sheet Sources; a new source is entered first."),
            ("依据：政府和官方媒体为直述，其余为转述；留空则按来源等级。推断须写前提，用 ./run attest --basis inferred。", "New basis: stated for governments and state media, reported for others; by the source's grade where empty. An inference names its premises: ./run attest --basis inferred."),
            ("灰色列是登记册所知，已锁定，改动不会读入。每个通道一行；两侧各有消息，可在本表下方复制该行（含隐藏的编号列）。", "Grey columns are what the register knows; they are locked, and changes to them are not read. For news of both sides copy the row (with its hidden id) below the table."),
            ("交回：./run attest --from 本文件（先加 --dry-run 试算）。有一处不对，全部不存，并列出每一处。", "Hand it back: ./run attest --from FILE (with --dry-run first). If anything is wrong nothing is stored, and everything wrong is listed."),
            ("存为 CSV 亦可，UTF-8 或 GB18030。", "CSV will do as well, in UTF-8 or GB18030."),
            (string.Create(CultureInfo.InvariantCulture, $"基准日 {asked.AsOf:yyyy-MM-dd} · 所知截至 {asked.KnownBy:yyyy-MM-dd} · 数据版本 {version}"), string.Create(CultureInfo.InvariantCulture, $"As of {asked.AsOf:yyyy-MM-dd}, known by {asked.KnownBy:yyyy-MM-dd}, data version {version}")),
        ];
        sheet.Column(1).Width = sheet.Column(2).Width = 70;
        for (var i = 0; i < lines.Length; i++)
        {
            sheet.Cell(i + 1, 1).SetValue(lines[i].Item1);
            sheet.Cell(i + 1, 2).SetValue(lines[i].Item2);
        }
        sheet.Range(1, 1, lines.Length, 2).Style.Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Top);
    }

    private static void WriteSources(IXLWorksheet sheet, List<Dictionary<string, object?>> sources)
    {
        string[] headings = ["来源编号\nSource id", "等级\nGrade", "发布日期\nPublished", "标题\nTitle"];
        for (var i = 0; i < headings.Length; i++) sheet.Cell(1, i + 1).SetValue(headings[i]).Style.Font.SetBold().Alignment.SetWrapText();
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            string?[] cells = [(string?)source["id"], $"{source["grade"]} {Words.Zh((string?)source["grade"])}", (string?)source["published"], (string?)source["title"]];
            for (var c = 0; c < cells.Length; c++) sheet.Cell(i + 2, c + 1).SetValue(cells[c] ?? "");
        }
        (sheet.Column(1).Width, sheet.Column(2).Width, sheet.Column(3).Width, sheet.Column(4).Width) = (32, 16, 24, 80);
        sheet.SheetView.FreezeRows(1);
    }

    /// <summary>The same columns as CSV that Excel opens right: UTF-8 with byte order mark, texts that look like formulas made harmless.</summary>
    public static void WriteCsv(Stream to, List<Dictionary<string, object?>> links)
    {
        using var csv = CsvWriter.Create(to, Output.CsvForExcel, leaveOpen: true);
        csv.WriteHeader([.. LedgerColumns.All.Select(c => $"{c.Zh} {c.En}")]);
        foreach (var link in links)
        {
            foreach (var column in LedgerColumns.All) csv.WriteField(column.Shows?.Invoke(link)?.Replace('\n', ' ') ?? "");
            csv.EndRecord();
        }
    }
}
