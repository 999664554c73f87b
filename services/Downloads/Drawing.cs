using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>A drawing for CAD: geometries on layers called by their state (or kind, class, title), and their names as texts beside them.</summary>
internal sealed class Drawing(FileContent content)
{
    private static readonly string[] Grouping = ["state", "class", "kind", "mode"], Labelling = ["nameZh", "id"];
    private static readonly Column Plain = new("", ColumnType.Text, "", "");
    private readonly FlatGeobuf encoder = new("drawing", 0, [new("Layer", Plain, ColumnType.Text, 0), new("style", Plain, ColumnType.Text, 1)], null);

    /// <summary>What GDAL is to read: our stream, with the style of each feature in a column.</summary>
    public const string Source = "<OGRVRTDataSource><OGRVRTLayer name=\"drawing\"><SrcDataSource>/vsistdin/</SrcDataSource><SrcLayer>drawing</SrcLayer><Field name=\"Layer\"/><Style>style</Style></OGRVRTLayer></OGRVRTDataSource>";

    public async Task Write(Stream to, CancellationToken cancel)
    {
        var (layer, label, wkb) = (Find(Grouping), Find(Labelling), new Wkb());
        var height = content.Query.Crs.Decimals > 2 ? "0.0005" : "50";   // about fifty metres
        encoder.Begin(count: 0);
        while (await content.Rows.Read(cancel))
        {
            if (content.Geometry() is not { } geometry) continue;
            var on = layer is { } i && content.Value(i) is string code ? Words.Zh(code) : content.Layer.TitleZh;
            encoder.Add([on, ""], geometry);
            if (label is { } n && content.Value(n) is string text) encoder.Add([on, $"LABEL(f:\"SimSun\",t:\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\",s:{height}g,p:1)"], PointAt(wkb.Read(geometry).Middle));
            await encoder.SendFullPieces(to, cancel);
        }
        await encoder.Send(to, cancel);
    }

    private int? Find(string[] names) => names.Select(n => content.Columns.ToList().FindIndex(c => c.Name == n)).Where(i => i >= 0).Select(i => (int?)i).FirstOrDefault();

    private static byte[] PointAt((double X, double Y) position)
    {
        var wkb = new byte[21];
        (wkb[0], wkb[1]) = (1, Wkb.Point);
        BinaryPrimitives.WriteDoubleLittleEndian(wkb.AsSpan(5), position.X);
        BinaryPrimitives.WriteDoubleLittleEndian(wkb.AsSpan(13), position.Y);
        return wkb;
    }

    /// <summary>GDAL writes UTF-8 and declares Latin 1. Here the file says what it is: AutoCAD 2004 in GB18030 under the code page 936, which every program reads, or AutoCAD 2007, whose texts are UTF-8 whatever the code page; and where it comes from, in comments.</summary>
    public static async Task Declare(string from, string to, Encoding encoding, DownloadAbout about, CancellationToken cancel)
    {
        using var lines = new StreamReader(from, new UTF8Encoding(false));
        await using var file = new StreamWriter(to, append: false, encoding) { NewLine = "\r\n" };
        foreach (var line in about.Readme.Split('\n', StringSplitOptions.RemoveEmptyEntries)) await file.WriteAsync($"999\r\n{line}\r\n");
        var named = "";
        while (await lines.ReadLineAsync(cancel) is { } line)
        {
            if (named is "$ACADVER" && line.StartsWith("AC10", StringComparison.Ordinal)) line = encoding is UTF8Encoding ? "AC1021" : "AC1018";
            if (named is "$DWGCODEPAGE" && line.StartsWith("ANSI", StringComparison.OrdinalIgnoreCase)) line = "ANSI_936";
            if (line.StartsWith('$')) named = line;
            await file.WriteLineAsync(line);
        }
    }
}
