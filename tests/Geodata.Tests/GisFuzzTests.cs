using System.Diagnostics;
using System.IO.Compression;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Whatever bytes come: they are read or refused with a message, soon, and a refusal changes nothing.</summary>
public sealed class GisFuzzTests(GisFuzzTests.World world) : IClassFixture<GisFuzzTests.World>, IDisposable
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    private const int Mutants = 25;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(60);
    private readonly GisFiles files = new(world.Database);

    public void Dispose() => files.Dispose();

    private static readonly string[] Names = ["花桥镇", "昆山开发区", "青浦区金泽镇", "淀山湖", "商榻", "周庄", "锦溪", "千灯"];

    private string Shapefile() => files.Shapefile("fuzz", [.. Names.Select((n, i) => (121 + 0.01 * i, 31.0, GisFiles.Gbk.GetBytes(n)))], cpg: "GBK");

    private string GeoJson() => files.Collection("fuzz.geojson", [.. Names.Select((n, i) => GisFiles.Point($"p{i}", n, 121 + 0.01 * i, 31))]);

    private async Task<string> Made(string driver, string name)
    {
        File.Delete(files.In(name));
        (await Ran.Program("ogr2ogr", ["-f", driver, files.In(name), GeoJson()])).Succeeded.ToString();
        return files.In(name);
    }

    private string Zip()
    {
        Shapefile();
        File.Delete(files.In("fuzz.zip"));
        using var zip = ZipFile.Open(files.In("fuzz.zip"), ZipArchiveMode.Create);
        foreach (var part in new[] { "shp", "dbf", "shx", "prj", "cpg" }) zip.CreateEntryFromFile(files.In($"fuzz.{part}"), $"fuzz.{part}");
        return files.In("fuzz.zip");
    }

    [Theory]
    [InlineData("shp"), InlineData("dbf"), InlineData("shx"), InlineData("prj"), InlineData("zip"), InlineData("geojson"), InlineData("csv"), InlineData("gpkg"), InlineData("fgb"), InlineData("xlsx"), InlineData("kml"), InlineData("dxf")]
    public async Task Cut_and_flipped_bytes_are_read_or_refused_and_nothing_is_half_stored(string format)
    {
        var path = format switch
        {
            "shp" or "dbf" or "shx" or "prj" => Shapefile(), "zip" => Zip(), "geojson" => GeoJson(),
            "csv" => files.Text("fuzz.csv", "id,name,lon,lat\n" + string.Concat(Names.Select((n, i) => FormattableString.Invariant($"{i},{n},{121 + 0.01 * i},31\n")))),
            "gpkg" => await Made("GPKG", "fuzz.gpkg"), "fgb" => await Made("FlatGeobuf", "fuzz.fgb"), "kml" => await Made("LIBKML", "fuzz.kml"), "dxf" => await Drawn(), _ => await Table(),
        };
        var mutated = Path.ChangeExtension(path, format);
        var whole = File.ReadAllBytes(mutated);
        string? datum = format is "dxf" ? "wgs84" : null;
        await files.Import(path, r => r with { Dataset = $"whole-{format}", DryRun = true, Datum = datum });   // as it is, it is right
        var chance = new Random(20261122);
        var (read, refused) = (0, 0);
        for (var i = 0; i < Mutants; i++)
        {
            var bytes = (byte[])whole.Clone();
            if (i % 3 == 0) bytes = bytes[..chance.Next(bytes.Length)];
            else for (var flips = chance.Next(1, 6); flips > 0; flips--) bytes[chance.Next(i % 2 == 0 ? Math.Min(bytes.Length, 200) : bytes.Length)] ^= (byte)(1 << chance.Next(8));
            File.WriteAllBytes(mutated, bytes);
            var clock = Stopwatch.StartNew();
            try
            {
                await files.Import(path, r => r with { Dataset = $"fuzz-{format}-{i}", DryRun = true, AcceptPositions = true, Datum = datum });
                read++;
            }
            catch (InputException e)
            {
                refused++;
                Assert.DoesNotContain(Path.GetTempPath() + "jietong-import", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("Exception", e.Message, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException) { Assert.Fail($"Mutant {i} of {format}: {e}"); }
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, MostTime);
        }
        Assert.Equal(Mutants, read + refused);
        Assert.Equal("0 0", await world.Database.Scalar<string>("select (select count(*) from dataset) || ' ' || (select count(*) from feature)"));
    }

    private async Task<string> Drawn()
    {
        File.Delete(files.In("fuzz.dxf"));
        await Ran.Program("ogr2ogr", ["-f", "DXF", files.In("fuzz.dxf"), GeoJson()]);
        return files.In("fuzz.dxf");
    }

    private async Task<string> Table()
    {
        File.Delete(files.In("fuzz.xlsx"));
        files.Text("table.csv", "id,name,lon,lat\n1,花桥,121.1,31.3\n2,安亭,121.2,31.2\n");
        await Ran.Program("ogr2ogr", ["-f", "XLSX", "-oo", "AUTODETECT_TYPE=YES", files.In("fuzz.xlsx"), files.In("table.csv")]);
        return files.In("fuzz.xlsx");
    }
}
