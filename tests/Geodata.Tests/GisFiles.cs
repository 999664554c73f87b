using System.Buffers.Binary;
using System.Text;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Files as bureaus send them, written byte by byte, and what becomes of them.</summary>
internal sealed class GisFiles(TestDatabase database) : IDisposable
{
    public const string Wgs84Prj = """GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]""";
    private static readonly UTF8Encoding Utf8 = new(false);
    private readonly string folder = Directory.CreateTempSubdirectory("jietong-gis-").FullName;

    static GisFiles() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static Encoding Gbk => Encoding.GetEncoding("GB18030");

    public string In(string name) => Path.Combine(folder, name);

    public string Text(string name, string text) => Bytes(name, Utf8.GetBytes(text));

    public string Bytes(string name, byte[] bytes)
    {
        File.WriteAllBytes(In(name), bytes);
        return In(name);
    }

    public string Collection(string name, params string[] features) => Text(name, $$"""{"type":"FeatureCollection","features":[{{string.Join(",\n", features)}}]}""");

    public static string Point(string id, string name, double lon, double lat) => FormattableString.Invariant($$$"""{"type":"Feature","id":"{{{id}}}","properties":{"name":"{{{name}}}"},"geometry":{"type":"Point","coordinates":[{{{lon}}},{{{lat}}}]}}""");

    /// <summary>A Shapefile of points with one column of texts, whose bytes are given.</summary>
    public string Shapefile(string name, IReadOnlyList<(double X, double Y, byte[] Text)> rows, string? cpg = null, string? prj = Wgs84Prj, byte language = 0, string column = "name", int width = 40)
    {
        var (shp, shx, dbf) = (new byte[100 + 28 * rows.Count], new byte[100 + 8 * rows.Count], new MemoryStream());
        foreach (var (header, length) in new[] { (shp, shp.Length), (shx, shx.Length) })
        {
            BinaryPrimitives.WriteInt32BigEndian(header, 9994);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(24), length / 2);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), 1000);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(32), 1);
        }
        var head = new byte[65];
        (head[0], head[29]) = (3, language);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), rows.Count);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(8), 65);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(10), (short)(1 + width));
        Encoding.ASCII.GetBytes(column).CopyTo(head, 32);
        (head[43], head[48], head[64]) = ((byte)'C', (byte)width, 0x0D);
        dbf.Write(head);
        foreach (var (i, (x, y, text)) in rows.Index())
        {
            var at = 100 + 28 * i;
            BinaryPrimitives.WriteInt32BigEndian(shp.AsSpan(at), i + 1);
            BinaryPrimitives.WriteInt32BigEndian(shp.AsSpan(at + 4), 10);
            BinaryPrimitives.WriteInt32LittleEndian(shp.AsSpan(at + 8), 1);
            BinaryPrimitives.WriteDoubleLittleEndian(shp.AsSpan(at + 12), x);
            BinaryPrimitives.WriteDoubleLittleEndian(shp.AsSpan(at + 20), y);
            BinaryPrimitives.WriteInt32BigEndian(shx.AsSpan(100 + 8 * i), at / 2);
            BinaryPrimitives.WriteInt32BigEndian(shx.AsSpan(104 + 8 * i), 10);
            var row = new byte[1 + width];
            Array.Fill(row, (byte)' ');
            text.CopyTo(row, 1);
            dbf.Write(row);
        }
        dbf.WriteByte(0x1A);
        Bytes(name + ".dbf", dbf.ToArray());
        Bytes(name + ".shx", shx);
        if (cpg is not null) Text(name + ".cpg", cpg);
        if (prj is not null) Text(name + ".prj", prj);
        return Bytes(name + ".shp", shp);
    }

    private const string State = """
        select (select number || ' ' || content_hash from data_version) || ' ' || (select count(*) from dataset) || ' ' || (select count(*) from feature) || ' ' || (select count(*) from opportunity) || ' ' || (select count(*) from source) || ' ' || (select count(*) from street)
        """;

    public async Task<ImportReport> Import(string path, Func<ImportRequest, ImportRequest>? with = null)
    {
        var request = new ImportRequest([path], "test") { Dataset = Path.GetFileNameWithoutExtension(path).ToLowerInvariant() };
        return (await Imports.Import.Run(database.Db, with?.Invoke(request) ?? request)).Reports.Single();
    }

    /// <summary>What whoever sent it is told; nothing may have changed.</summary>
    public async Task<string> Refusal(string path, Func<ImportRequest, ImportRequest>? with = null)
    {
        var before = await database.Scalar<string>(State);
        var error = await Assert.ThrowsAnyAsync<InputException>(() => Import(path, with));
        Assert.Equal(before, await database.Scalar<string>(State));
        return error.Message;
    }

    /// <summary>id, name and position of each row, by id.</summary>
    public Task<List<string>> Rows(string dataset) => database.Column($"select id || ' ' || coalesce(properties ->> 'name', '-') || ' ' || coalesce(ST_AsText(geom, 6), '-') from feature where dataset_id = '{dataset}' order by id");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
