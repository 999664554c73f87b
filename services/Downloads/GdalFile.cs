using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>A file that GDAL made, in a folder that goes when this does.</summary>
internal sealed class GdalFile : IDisposable
{
    private static readonly UTF8Encoding WithMark = new(encoderShouldEmitUTF8Identifier: true);

    private readonly string folder = Directory.CreateTempSubdirectory($"{Gdal.FolderPrefix}{Environment.ProcessId}-").FullName;

    /// <summary>Where it lies.</summary>
    public string Path { get; private set; } = "";

    private GdalFile() { }

    /// <param name="content">What goes in.</param>
    /// <param name="format">One that GDAL writes.</param>
    /// <param name="encoding">Of texts, where the format has more than one.</param>
    /// <param name="cancel">Ends GDAL, and leaves nothing behind.</param>
    public static async Task<GdalFile> Make(FileContent content, DownloadFormat format, Encoding encoding, CancellationToken cancel)
    {
        var file = new GdalFile();
        try
        {
            file.Path = format.Name switch
            {
                "gpkg" => await file.GeoPackage(content, cancel),
                "fgdb" => await file.FileGeodatabase(content, cancel),
                "fgb" => await file.FlatGeobuf(content, cancel),
                "shp" => await file.Shapefile(content, encoding, cancel),
                _ => await file.Dxf(content, encoding, cancel),
            };
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string In(string name) => System.IO.Path.Combine(folder, name);

    private static FlatGeobuf Encoder(FileContent content) => new(content.LayerName, Wkb.Code(content.Layer.GeometryType), content.Columns, content.Query.Crs.Shift is null ? content.Query.Crs.Srid : null)
    { Title = content.Title, Metadata = content.About.Json };

    /// <returns>Whether every row has a geometry.</returns>
    private static async Task<bool> Encode(FileContent content, Stream to, CancellationToken cancel)
    {
        var (encoder, values, complete) = (Encoder(content), new object?[content.Columns.Count], true);
        encoder.Begin(content.Count);
        while (await content.Rows.Read(cancel))
        {
            for (var i = 0; i < values.Length; i++) values[i] = content.Value(i);
            var wkb = content.Geometry();
            complete &= wkb is not null;
            encoder.Add(values, wkb);
            await encoder.SendFullPieces(to, cancel);
        }
        await encoder.Send(to, cancel);
        return complete;
    }

    /// <summary>Hands the rows to GDAL through a pipe, every column with its type.</summary>
    private Task Convert(FileContent content, string driver, string to, IEnumerable<string> options, CancellationToken cancel) => Gdal.Run("ogr2ogr",
        ["-q", "-f", driver, to, "/vsistdin/", .. Days(content), "-nln", content.LayerName, "-nlt", content.HasGeometry ? content.Layer.GeometryType! : "NONE", "-gt", "65536", .. options], folder, (pipe, stop) => Encode(content, pipe, stop), cancel);

    /// <summary>FlatGeobuf knows times of day only: what are days become days again.</summary>
    private static string[] Days(FileContent content) => !content.Columns.Any(c => c.Type == ColumnType.Date) ? [] : !content.Columns.Any(c => c.Type == ColumnType.Timestamp) ? ["-mapFieldType", "DateTime=Date"]
        : ["-sql", $"SELECT {string.Join(", ", content.Columns.Select(c => c.Type == ColumnType.Date ? $"CAST(\"{c.Name}\" AS date) AS \"{c.Name}\"" : $"\"{c.Name}\""))} FROM \"{content.LayerName}\""];

    private async Task<string> GeoPackage(FileContent content, CancellationToken cancel)
    {
        var to = In(content.LayerName + ".gpkg");
        await Convert(content, "GPKG", to, [.. content.HasGeometry ? ["-lco", "GEOMETRY_NAME=geom"] : Array.Empty<string>(), "-lco", $"IDENTIFIER={content.Title}", "-lco", $"DESCRIPTION={content.About.Entries[1].Value}",
            .. content.About.Entries.SelectMany(e => new[] { "-mo", $"{e.Name}={e.Value}" })], cancel);
        foreach (var sql in GeoPackageTitles.Sql(content)) await Gdal.Run("ogrinfo", ["-q", to, "-sql", sql], folder, input: null, cancel);
        return to;
    }

    /// <summary>GDAL makes aliases of the Chinese titles.</summary>
    private async Task<string> FileGeodatabase(FileContent content, CancellationToken cancel)
    {
        var to = In(content.LayerName + ".gdb");
        await Convert(content, "OpenFileGDB", to, ["-lco", $"LAYER_ALIAS={content.Title}"], cancel);
        return Zip(content, [to]);
    }

    /// <summary>With an index where every row has a geometry: the format has none for rows without.</summary>
    private async Task<string> FlatGeobuf(FileContent content, CancellationToken cancel)
    {
        var plain = In("plain.fgb");
        bool complete;
        await using (var file = File.Create(plain)) complete = await Encode(content, file, cancel);
        if (!complete || content.Count == 0) return plain;
        var to = In(content.LayerName + ".fgb");
        await Gdal.Run("ogr2ogr", ["-q", "-f", "FlatGeobuf", to, plain, "-nln", content.LayerName, "-lco", $"TEMPORARY_DIR={folder}"], folder, input: null, cancel);
        File.Delete(plain);
        return await WithHeader(to, Encoder(content), content.Count, cancel);
    }

    /// <summary>GDAL's index and features behind a header of ours, which has titles and says where the data come from.</summary>
    private static async Task<string> WithHeader(string path, FlatGeobuf encoder, long count, CancellationToken cancel)
    {
        var to = path + ".titled";
        await using var from = File.OpenRead(path);
        var start = new byte[12];
        await from.ReadExactlyAsync(start, cancel);
        var header = new byte[BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(8))];
        await from.ReadExactlyAsync(header, cancel);
        await using var file = File.Create(to);
        await file.WriteAsync(encoder.Header(count, Envelope(header)), cancel);
        await from.CopyToAsync(file, cancel);
        return to;
    }

    /// <summary>The box in a header: the second field of the root table.</summary>
    private static double[] Envelope(byte[] header)
    {
        int At(int i) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(i));
        var table = At(0);
        var field = table + BinaryPrimitives.ReadInt16LittleEndian(header.AsSpan(table - At(table) + 6));
        var box = field + At(field);
        return [.. Enumerable.Range(0, At(box)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(header.AsSpan(box + 4 + 8 * i)))];
    }

    private async Task<string> Shapefile(FileContent content, Encoding encoding, CancellationToken cancel)
    {
        var to = In("shp");
        Directory.CreateDirectory(to);
        await Convert(content, "ESRI Shapefile", to, ["-lco", $"ENCODING={(encoding is UTF8Encoding ? "UTF-8" : "GB18030")}"], cancel);
        var table = new StringBuilder("\uFEFFcolumn,name,中文名 Chinese,英文名 English,截断行数 rows cut\r\n");
        foreach (var (i, column) in content.Columns.Index()) table.Append($"{column.Name},{column.Of.Name},\"{column.Of.TitleZh}\",\"{column.Of.TitleEn.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{content.CutColumns[i]}\r\n");
        File.WriteAllText(System.IO.Path.Combine(to, "字段对照 columns.csv"), table.ToString(), new UTF8Encoding(false));
        return Zip(content, Directory.GetFiles(to));
    }

    private async Task<string> Dxf(FileContent content, Encoding encoding, CancellationToken cancel)
    {
        var (made, to) = (In("made.dxf"), In(content.LayerName + ".dxf"));
        var drawing = new Drawing(content);
        await Gdal.Run("ogr2ogr", ["-q", "-f", "DXF", made, Drawing.Source], folder, drawing.Write, cancel);
        await Drawing.Declare(made, to, encoding, content.About, cancel);
        return to;
    }

    /// <summary>The files and folders, and a text on where they come from, in one archive.</summary>
    private string Zip(FileContent content, IEnumerable<string> files)
    {
        var to = In(content.LayerName + ".zip");
        using var archive = ZipFile.Open(to, ZipArchiveMode.Create);
        foreach (var file in files.Order(StringComparer.Ordinal))
            if (!Directory.Exists(file)) archive.CreateEntryFromFile(file, System.IO.Path.GetFileName(file));
            else foreach (var inner in Directory.GetFiles(file).Order(StringComparer.Ordinal)) archive.CreateEntryFromFile(inner, $"{System.IO.Path.GetFileName(file)}/{System.IO.Path.GetFileName(inner)}");
        using var readme = new StreamWriter(archive.CreateEntry("README.txt").Open(), WithMark);
        readme.Write(content.About.Readme);
        return to;
    }
}
