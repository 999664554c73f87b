using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>A workbook (ECMA-376, transitional), row by row: the rows, the columns with their titles, and where the data come from. Texts are texts, whatever they begin with; days are days.</summary>
internal static class XlsxFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", Packages = "http://schemas.openxmlformats.org/package/2006";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", Types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    private const int DayStyle = 1, TimeStyle = 2, HeadStyle = 3, LongestText = 32_767;
    private static readonly string[] Sheets = ["数据 Data", "字段 Columns", "说明 About"], InDegrees = ["longitude", "latitude"], InMetres = ["easting", "northing"];

    public static async Task Write(FileContent content, Pieces to, CancellationToken cancel)
    {
        await using var archive = await ZipArchive.CreateAsync(to, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel);
        await Part(archive, "[Content_Types].xml", $"<Types xmlns=\"{Packages}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>" +
            $"<Override PartName=\"/xl/workbook.xml\" ContentType=\"{Types}sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{Types}styles+xml\"/>" +
            $"{string.Concat(Sheets.Index().Select(s => $"<Override PartName=\"/xl/worksheets/sheet{s.Index + 1}.xml\" ContentType=\"{Types}worksheet+xml\"/>"))}</Types>");
        await Part(archive, "_rels/.rels", $"<Relationships xmlns=\"{Packages}/relationships\"><Relationship Id=\"rId1\" Type=\"{Office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        await Part(archive, "xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Office}\"><sheets>{string.Concat(Sheets.Index().Select(s => $"<sheet name=\"{s.Item}\" sheetId=\"{s.Index + 1}\" r:id=\"rId{s.Index + 1}\"/>"))}</sheets></workbook>");
        await Part(archive, "xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"{Packages}/relationships\">{string.Concat(Sheets.Index().Select(s => $"<Relationship Id=\"rId{s.Index + 1}\" Type=\"{Office}/worksheet\" Target=\"worksheets/sheet{s.Index + 1}.xml\"/>"))}" +
            $"<Relationship Id=\"rId9\" Type=\"{Office}/styles\" Target=\"styles.xml\"/></Relationships>");
        await Part(archive, "xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>" +
            "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Microsoft YaHei\"/></font><font><b/><sz val=\"11\"/><name val=\"Microsoft YaHei\"/></font></fonts>" +
            "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>" +
            "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>" +
            "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>" +
            "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs></styleSheet>");
        await Sheet(archive, 1, xml => WriteRows(content, xml, to, cancel));
        await Sheet(archive, 2, xml => WriteTable(xml, ["字段 name", "中文名 Chinese", "英文名 English"], content.Columns.Select(c => new[] { c.Name, c.Of.TitleZh, c.Of.TitleEn })));
        await Sheet(archive, 3, xml => WriteTable(xml, ["项 item", "名 name", "值 value"], content.About.Entries.Select(e => new[] { e.Zh, e.Name, e.Value })));
    }

    private static async Task Part(ZipArchive archive, string name, string text)
    {
        await using var part = await archive.CreateEntry(name, CompressionLevel.Fastest).OpenAsync();
        await part.WriteAsync(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + text));
    }

    private static async Task Sheet(ZipArchive archive, int number, Func<XmlWriter, Task> write)
    {
        await using var part = await archive.CreateEntry($"xl/worksheets/sheet{number}.xml", CompressionLevel.Fastest).OpenAsync();
        await using var xml = XmlWriter.Create(part, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), CheckCharacters = false });
        await xml.WriteStartDocumentAsync(standalone: true);
        xml.WriteStartElement("worksheet", Main);
        xml.WriteRaw("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
        xml.WriteStartElement("sheetData");
        await write(xml);
        await xml.WriteEndDocumentAsync();
    }

    private static async Task WriteRows(FileContent content, XmlWriter xml, Pieces to, CancellationToken cancel)
    {
        var wkb = new Wkb();
        var degrees = content.Query.Crs.Decimals > 2;
        WriteRow(xml, 1, [.. content.Columns.Select(c => c.Name), .. content.HasGeometry ? degrees ? InDegrees : InMetres : []], HeadStyle);
        for (var row = 2; await content.Rows.Read(cancel); row++)
        {
            xml.WriteStartElement("row");
            xml.WriteAttributeString("r", row.ToString(CultureInfo.InvariantCulture));
            for (var i = 0; i < content.Columns.Count; i++) WriteCell(xml, i, row, content.Value(i), 0);
            if (content.Geometry() is { } geometry && wkb.Read(geometry).Middle is var (x, y))
            {
                WriteCell(xml, content.Columns.Count, row, (decimal)Math.Round(x, content.Query.Crs.Decimals), 0);
                WriteCell(xml, content.Columns.Count + 1, row, (decimal)Math.Round(y, content.Query.Crs.Decimals), 0);
            }
            await xml.WriteEndElementAsync();
            if (row % 50 > 0) continue;
            await xml.FlushAsync();
            await to.SendFull(cancel);
        }
    }

    private static Task WriteTable(XmlWriter xml, string[] head, IEnumerable<string[]> rows)
    {
        WriteRow(xml, 1, head, HeadStyle);
        foreach (var (i, row) in rows.Index()) WriteRow(xml, i + 2, row, 0);
        return Task.CompletedTask;
    }

    private static void WriteRow(XmlWriter xml, int number, string[] cells, int style)
    {
        xml.WriteStartElement("row");
        xml.WriteAttributeString("r", number.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < cells.Length; i++) WriteCell(xml, i, number, cells[i], style);
        xml.WriteEndElement();
    }

    private static void WriteCell(XmlWriter xml, int column, int row, object? value, int style)
    {
        if (value is null) return;
        var (type, shown) = value switch
        {
            string text => ("inlineStr", Cut(text)), bool truth => ("b", truth ? "1" : "0"),
            DateOnly day => ("", day.ToDateTime(default).ToOADate().ToString(CultureInfo.InvariantCulture)), DateTime time => ("", time.ToUniversalTime().ToOADate().ToString(CultureInfo.InvariantCulture)), _ => ("", FileContent.Text(value)),
        };
        style = value switch { DateOnly => DayStyle, DateTime => TimeStyle, _ => style };
        xml.WriteStartElement("c");
        xml.WriteAttributeString("r", Name(column) + row.ToString(CultureInfo.InvariantCulture));
        if (style > 0) xml.WriteAttributeString("s", style.ToString(CultureInfo.InvariantCulture));
        if (type != "") xml.WriteAttributeString("t", type);
        if (type == "inlineStr") { xml.WriteStartElement("is"); xml.WriteStartElement("t"); xml.WriteAttributeString("xml", "space", null, "preserve"); }
        else xml.WriteStartElement("v");
        xml.WriteString(shown);
        if (type == "inlineStr") xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>What a cell takes, without characters that XML cannot hold.</summary>
    private static string Cut(string text) => (text.Length > LongestText ? text[..LongestText] : text) is var fits && fits.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)) ? fits : new([.. fits.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD')]);

    private static string Name(int column) => column < 26 ? ((char)('A' + column)).ToString() : Name(column / 26 - 1) + (char)('A' + column % 26);
}
