using System.IO.Compression;
using System.Text;
using ClosedXML.Excel;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A town's ledger goes out as a workbook or CSV, is filled in and handed back.</summary>
public sealed class LedgerTests(ServedWorld world) : IClassFixture<ServedWorld>
{
    private readonly string folder = Directory.CreateTempSubdirectory("jietong-ledger-").FullName;

    private string FileOf(string name) => Path.Combine(folder, name);

    private async Task<string> Ledger(string format)
    {
        var file = FileOf($"台账.{format}");
        var made = await world.Command("links", "--for", "省界", "--format", format, "--out", file);
        Assert.True(made.ExitCode == 0, made.Error);
        return file;
    }

    private static int Column(IXLWorksheet sheet, string heading) => sheet.Row(1).CellsUsed().Single(c => c.GetString().StartsWith(heading, StringComparison.Ordinal)).Address.ColumnNumber;

    private static int Row(IXLWorksheet sheet, string link) => sheet.Column(1).CellsUsed().Single(c => c.GetString() == link).Address.RowNumber;

    /// <summary>Fills in a row of the ledger: heading=value.</summary>
    private static void Fill(IXLWorksheet sheet, int row, params string[] cells)
    {
        foreach (var cell in cells.Select(c => c.Split('=', 2))) sheet.Cell(row, Column(sheet, cell[0])).SetValue(cell[1]);
    }

    private async Task<string> Filled(Action<IXLWorksheet> fill, string name = "back.xlsx")
    {
        using var book = new XLWorkbook(await Ledger("xlsx"));
        fill(book.Worksheet("台账 Ledger"));
        book.SaveAs(FileOf(name));
        return FileOf(name);
    }

    private async Task Refused(string file, params string[] says)
    {
        var state = await world.State();
        var result = await world.Command("attest", "--from", file);
        Assert.True((2, "") == (result.ExitCode, result.Output), $"{result.ExitCode} {result.Output} {result.Error}");
        foreach (var part in says) Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    private async Task<string> Recorded(string file)
    {
        var result = await world.Command("attest", "--from", file);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    private Task<List<string>> Attested(string place) => world.Database.Column($"select concat_ws(' ', link_id, coalesce(side, '-'), stage, held_from, source_id, basis, note_zh) from attestation where place = '{place}' order by 1");

    [Fact]
    public async Task The_workbook_shows_what_is_known_locks_it_and_offers_the_words_to_choose()
    {
        using var book = new XLWorkbook(await Ledger("xlsx"));
        Assert.Equal(["台账 Ledger", "说明 How to fill in", "来源 Sources", "词 Words"], book.Worksheets.Select(s => s.Name));
        var sheet = book.Worksheet(1);
        Assert.Equal(["x", "y"], sheet.Column(1).CellsUsed().Skip(1).Select(c => c.GetString()).Order());
        Assert.True(sheet.Column(1).IsHidden);
        Assert.True(sheet.Protection.IsProtected);
        Assert.Equal(1, sheet.SheetView.SplitRow);
        var (row, stage) = (Row(sheet, "x"), Column(sheet, "新阶段"));
        Assert.Equal("路 x", sheet.Cell(row, Column(sheet, "通道\n")).GetString());
        Assert.Contains("道路 road", sheet.Cell(row, Column(sheet, "类别")).GetString(), StringComparison.Ordinal);
        Assert.Equal((true, false), (sheet.Cell(row, 2).Style.Protection.Locked, sheet.Cell(row, stage).Style.Protection.Locked));
        Assert.Equal(3, sheet.DataValidations.Count());
        Assert.All(sheet.Row(row).Cells(stage, stage + 6), c => Assert.True(c.IsEmpty()));
        Assert.Contains("late", book.Worksheet("来源 Sources").Column(1).CellsUsed().Select(c => c.GetString()));
    }

    [Fact]
    public async Task A_workbook_that_was_filled_in_is_recorded_once()
    {
        var file = await Filled(sheet =>
        {
            Fill(sheet, Row(sheet, "x"), "新阶段=已通 open", "哪一侧=整条 whole", "自何时=2019-06", "来源编号=late", "出处位置=book", "依据=直述 stated", "新备注=通车");
            sheet.Row(Row(sheet, "y")).CopyTo(sheet.Row(10));   // more about y, below the table
            Fill(sheet, 10, "新阶段=征拆", "哪一侧=a", "自何时=2019", "来源编号=web", "出处位置=book");
        });
        Assert.Contains("登记 2 条，已有 0 条，未填 1 行", await Recorded(file), StringComparison.Ordinal);
        Assert.Equal(["x - open 2019-06 late stated 通车", "y a land 2019 web reported"], await Attested("book"));
        var state = await world.State();
        Assert.Contains("登记 0 条，已有 2 条，未填 1 行", await Recorded(file), StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Fact]
    public async Task An_untouched_ledger_changes_nothing()
    {
        var state = await world.State();
        foreach (var format in new[] { "xlsx", "csv" }) Assert.Contains("2 rows not filled in", await Recorded(await Ledger(format)), StringComparison.Ordinal);
        Assert.Equal(state, await world.State());
    }

    [Theory]
    [InlineData("utf-8", true, ",")]
    [InlineData("utf-8", false, ",")]
    [InlineData("GB18030", false, ",")]
    [InlineData("utf-16", true, "\t")]
    public async Task A_ledger_saved_as_CSV_with_its_columns_moved_is_recorded(string encoding, bool mark, string separator)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var place = $"csv {encoding} {mark}";
        var lines = (await File.ReadAllTextAsync(await Ledger("csv"))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',').ToList()).ToList();
        int At(string heading) => lines[0].FindIndex(h => h.StartsWith(heading, StringComparison.Ordinal));
        var row = lines.First(l => l[0] == "y");
        foreach (var (heading, value) in new[] { ("新阶段", "招标 tender"), ("自何时", "2019/3/1"), ("来源编号", "web"), ("出处位置", place), ("新备注", "㐀𠀀") }) row[At(heading)] = value;
        var text = string.Join("\r\n", lines.Select(l => string.Join(separator, l.AsEnumerable().Reverse())));
        var bytes = Encoding.GetEncoding(encoding);
        await File.WriteAllBytesAsync(FileOf("back.csv"), [.. mark ? bytes.GetPreamble() : [], .. bytes.GetBytes(text)]);
        Assert.Contains("登记 1 条，已有 0 条，未填 1 行", await Recorded(FileOf("back.csv")), StringComparison.Ordinal);
        Assert.Equal(["y - tender 2019-03-01 web reported 㐀𠀀"], await Attested(place));
    }

    [Theory]
    [InlineData("2019年6月1日", "2019-06-01")]
    [InlineData("2019.6", "2019-06")]
    [InlineData("2019年", "2019")]
    [InlineData("2018/2019", "2018/2019")]
    public async Task Dates_are_read_as_people_write_them(string written, string read)
    {
        await Recorded(await Filled(sheet => Fill(sheet, Row(sheet, "x"), "新阶段=通车", $"自何时={written}", "来源编号=late", $"出处位置=text {read}")));
        Assert.Equal([$"x - open {read} late stated"], await Attested($"text {read}"));
    }

    // Typed into a cell of another format, 2019-06 becomes the number of 1 June that is shown as a month: no day may come of it.
    [Theory]
    [InlineData("yyyy-mm-dd", -1, "2019-06-01")]
    [InlineData("", 14, "2019-06-01")]
    [InlineData("", 31, "2019-06-01")]
    [InlineData("", 17, "2019-06")]
    [InlineData("", 57, "2019-06")]
    [InlineData("yyyy\"年\"m\"月\"", -1, "2019-06")]
    [InlineData("yyyy", -1, "2019")]
    [InlineData("", 0, "2019")]
    public async Task Dates_that_the_spreadsheet_made_numbers_are_read_as_they_are_shown(string format, int id, string read)
    {
        var place = $"number {format.Length} {id}";
        await Recorded(await Filled(sheet =>
        {
            Fill(sheet, Row(sheet, "x"), "新阶段=通车", "来源编号=late", $"出处位置={place}");
            var cell = sheet.Cell(Row(sheet, "x"), Column(sheet, "自何时"));
            if (id >= 0) cell.Style.NumberFormat.NumberFormatId = id;
            else cell.Style.NumberFormat.Format = format;
            cell.SetDataType(XLDataType.Number);
            cell.Value = id == 0 ? 2019 : new DateTime(2019, 6, 1).ToOADate();
        }));
        Assert.Equal([$"x - open {read} late stated"], await Attested(place));
    }

    [Fact]
    public async Task Everything_wrong_is_told_with_its_place_and_nothing_is_stored()
    {
        await Refused(await Filled(sheet =>
        {
            Fill(sheet, 2, "新阶段=通车", "自何时=2019", "来源编号=late");
            Fill(sheet, 3, "新阶段=快通了", "自何时=soon", "来源编号=nobody", "依据=推断");
            sheet.Cell(4, 1).SetValue("nowhere");
            Fill(sheet, 4, "新阶段=通车", "自何时=2019", "来源编号=late", "新备注=x");
            Fill(sheet, 5, "新备注=only a note");
            sheet.Cell(6, 1).SetValue("x");
            Fill(sheet, 6, "新阶段=通车", "来源编号=late", "新备注=#REF!");
            sheet.Cell(6, Column(sheet, "自何时")).FormulaA1 = "1+1";
        }), "台账 Ledger 第 3 行 row 3, 新阶段 New stage（L）: \"快通了\" is none of", "row 3, 自何时 Held from（N）: \"soon\" is not a date", "row 3, 来源编号 Source id（O）: there is no source \"nobody\"", "row 3, 依据 New basis（Q）",
            "row 4, 通道编号 Link id（A）: there is no link \"nowhere\"", "row 5, 通道编号 Link id（A）: is empty", "row 5, 新阶段 New stage（L）: is empty", "row 5, 自何时 Held from（N）: is empty", "row 5, 来源编号 Source id（O）: is empty",
            "row 6, 自何时 Held from（N）: holds a formula", "row 6, 新备注 Note（R）: holds the error #REF!", "11 处有误");
    }

    [Fact]
    public async Task What_looks_like_a_formula_goes_out_as_text()
    {
        await world.Database.Execute("update link set name_zh = '=HYPERLINK(\"http://x\")', name_en = '@SUM(1)' where id = 'y'");
        try
        {
            using var book = new XLWorkbook(await Ledger("xlsx"));
            var cell = book.Worksheet(1).Cell(Row(book.Worksheet(1), "y"), 2);
            Assert.Equal((false, "=HYPERLINK(\"http://x\")"), (cell.HasFormula, cell.GetString()));
            var csv = await File.ReadAllTextAsync(await Ledger("csv"));
            Assert.Contains("'=HYPERLINK", csv, StringComparison.Ordinal);
            Assert.Contains("'@SUM", csv, StringComparison.Ordinal);
        }
        finally { await world.Database.Execute("update link set name_zh = '路 y', name_en = 'Road y' where id = 'y'"); }
    }

    [Fact]
    public async Task A_file_that_is_no_ledger_is_told_so()
    {
        async Task File_(string name, byte[] bytes, params string[] says)
        {
            await File.WriteAllBytesAsync(FileOf(name), bytes);
            await Refused(FileOf(name), [name, .. says]);
        }
        static byte[] Zip(params (string Name, byte[] Bytes)[] parts)
        {
            using var file = new MemoryStream();
            using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                foreach (var (name, bytes) in parts)
                {
                    using var part = zip.CreateEntry(name, CompressionLevel.SmallestSize).Open();
                    part.Write(bytes);
                }
            return file.ToArray();
        }
        var good = await File.ReadAllBytesAsync(await Ledger("xlsx"));
        await File_("empty.xlsx", [], "is empty");
        await File_("cut.xlsx", good[..(good.Length / 2)], "damaged archive");
        await File_("old.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "password");
        await File_("other.zip", Zip(("a.txt", [65])), "cannot be read as a workbook");
        await File_("bomb.xlsx", Zip(("xl/workbook.xml", new byte[200 << 20])), "unpacks to more than");
        await File_("parts.xlsx", Zip([.. Enumerable.Range(0, 1001).Select(i => ($"{i}", Array.Empty<byte>()))]), "1001 parts");
        await File_("odd.csv", [0xFF, 0x00, 0x80, 0x0A], "neither UTF-8 nor GB18030");
        await File_("list.csv", "a,b\n1,2\n"u8.ToArray(), "has no column 通道编号 Link id");
        await File_("quote.csv", Encoding.UTF8.GetBytes("通道编号,新阶段,自何时,来源编号\n\"x,通车,2019,late\n"), "quotation mark");
        await File_("lacking.csv", Encoding.UTF8.GetBytes("通道编号,新阶段,自何时\nx,通车,2019\n"), "the column 来源编号 Source id is missing");
        await File_("strange.csv", Encoding.UTF8.GetBytes("通道编号,新阶段,自何时,来源编号,心得\nx,通车,2019,late,好\n"), "column E is headed \"心得\"");
        await File_("twice.csv", Encoding.UTF8.GetBytes("通道编号,新阶段,自何时,来源编号,New stage\nx,通车,2019,late,\n"), "columns B and E are both headed 新阶段");
        await File_("stray.csv", Encoding.UTF8.GetBytes("通道编号,新阶段,自何时,来源编号\nx,通车,2019,late,好\n"), "column E has no heading");
        await File_("long.csv", Encoding.UTF8.GetBytes("通道编号,新阶段,自何时,来源编号\n" + string.Concat(Enumerable.Repeat("x,,,\n", 10_001))), "more than 10000 rows");
        await Refused(await Filled(sheet => sheet.Range(2, 12, 3, 12).Merge(), "merged.xlsx"), "merged.xlsx", "L2:L3", "unmerge");
        await Refused(await Filled(sheet => sheet.Cell(1, 1).SetValue("x"), "headless.xlsx"), "headless.xlsx", "no sheet with the column 通道编号");
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_is_refused()
    {
        foreach (var (message, arguments) in new[]
        {
            ("no link of \"月球\"", new[] { "links", "--for", "月球", "--format", "csv" }), ("--out goes with a ledger", ["links", "--out", FileOf("a.csv"), "--format", "csv"]), ("write the name of a town", ["links", "--for", " "]),
        })
        {
            var result = await world.Command(arguments);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains(message, result.Error, StringComparison.Ordinal);
        }
    }
}
