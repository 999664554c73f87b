using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A file as a client got it, read back by GDAL, and held against the same features of /items.</summary>
internal sealed partial class Downloaded : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jietong-downloaded-").FullName;

    public string Path { get; private set; } = "";

    public static async Task<Downloaded> From(HttpClient http, string address, string name)
    {
        var file = new Downloaded();
        using var response = await http.GetAsync(address);
        Assert.True(response.IsSuccessStatusCode, $"{address}: {await response.Content.ReadAsStringAsync()}");
        file.Path = System.IO.Path.Combine(file.folder, name);
        await File.WriteAllBytesAsync(file.Path, await response.Content.ReadAsByteArrayAsync());
        return file;
    }

    /// <summary>The features that GDAL finds in it, by the value of that column; columns under the names of the catalogue.</summary>
    public async Task<Dictionary<string, JsonElement>> Features(string key, params string[] options)
    {
        return Read(await Gdal("ogr2ogr", ["-f", "GeoJSON", "/vsistdout/", Path, "-lco", "COORDINATE_PRECISION=9", .. options]), key, await FullNames());
    }

    /// <summary>The features of a GeoJSON text.</summary>
    public static Dictionary<string, JsonElement> Read(string text, string key, Dictionary<string, string> names)
    {
        return JsonDocument.Parse(text).RootElement.GetProperty("features").EnumerateArray().Select(f => JsonSerializer.SerializeToElement(new
        {
            properties = f.GetProperty("properties").EnumerateObject().Select(p => (p.Name, p.Value)).Concat(f.TryGetProperty("id", out var id) ? [("id", id)] : []).DistinctBy(p => p.Name).ToDictionary(p => names.GetValueOrDefault(p.Name, p.Name), p => p.Value), geometry = f.GetProperty("geometry"),
        })).ToDictionary(f => f.GetProperty("properties").GetProperty(key).GetString()!);
    }

    private async Task<Dictionary<string, string>> FullNames()
    {
        if (!Path.EndsWith(".shp.zip", StringComparison.Ordinal)) return [];
        await using var archive = await ZipFile.OpenReadAsync(Path);
        using var table = new StreamReader(archive.Entries.Single(e => e.Name == "字段对照 columns.csv").Open());
        return (await table.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')).ToDictionary(c => c[0], c => c[1]);
    }

    public static async Task<string> Gdal(string program, params string[] arguments) => (await Ran.Program(program, arguments)).Succeeded;

    /// <summary>Fails unless they are the same features: every attribute as far as the format holds it, every coordinate to a millimetre or so.</summary>
    /// <param name="items">Of /items.</param>
    /// <param name="found">In the file.</param>
    /// <param name="flipped">Whether the axes of the items stand the other way round.</param>
    /// <param name="longest">Bytes of the longest text that the format holds.</param>
    public static void Same(IEnumerable<JsonElement> items, Dictionary<string, JsonElement> found, bool flipped, int longest = int.MaxValue)
    {
        var count = 0;
        foreach (var item in items)
        {
            count++;
            var feature = found[item.GetProperty("id").GetString()!];
            foreach (var property in item.GetProperty("properties").EnumerateObject())
            {
                var (expected, actual) = (Plain(property.Value), feature.GetProperty("properties").TryGetProperty(property.Name, out var there) ? Plain(there) : "");
                if (longest < int.MaxValue && property.Value.ValueKind == JsonValueKind.Array && actual.Length > 200) continue;   // cut
                if (expected.Length * 4 > longest && actual.Length > 50 && expected.StartsWith(actual, StringComparison.Ordinal)) continue;
                Assert.True(expected == actual, $"{item.GetProperty("id")} {property.Name}: {expected} became {actual}");
            }
            var (mine, its) = (Numbers(item.GetProperty("geometry"), flipped), Numbers(feature.GetProperty("geometry"), false));
            Assert.Equal(mine.Count, its.Count);
            foreach (var (a, b) in mine.Zip(its)) Assert.Equal(a, b, Math.Abs(a) > 200 ? 0.006 : 6e-8);
        }
        Assert.Equal(count, found.Count);
        Assert.NotEqual(0, count);
    }

    private static List<double> Numbers(JsonElement geometry, bool flipped)
    {
        static IEnumerable<JsonElement> Leaves(JsonElement e) => e.ValueKind == JsonValueKind.Array ? e.EnumerateArray().SelectMany(Leaves) : [e];
        if (geometry.ValueKind == JsonValueKind.Null) return [];
        var all = Leaves(geometry.GetProperty("coordinates")).Select(n => n.GetDouble()).ToList();
        return flipped ? [.. all.Chunk(2).SelectMany(p => new[] { p[1], p[0] })] : all;
    }

    /// <summary>A value in one spelling, whatever the format: lists and objects as text, days as days, truth as 0 and 1, nothing as "".</summary>
    public static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.True => "1", JsonValueKind.False => "0",
        JsonValueKind.Number => value.GetDouble().ToString("G9", CultureInfo.InvariantCulture),
        JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) && value.GetArrayLength() > 0 => Plain(string.Join('；', value.EnumerateArray().Select(e => e.GetString()))),
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "" : Json(value),
        JsonValueKind.String => Plain(value.GetString()!),
        _ => Json(value),
    };

    private static string Plain(string text)
    {
        if (text is "" or "[]") return "";
        if (text is "true" or "false") return text == "true" ? "1" : "0";
        if (Day().Match(text) is { Success: true } day) return $"{day.Groups[1]}-{day.Groups[2]}-{day.Groups[3]}";
        if (Instant().IsMatch(text)) return DateTimeOffset.Parse(text.EndsWith("+00", StringComparison.Ordinal) ? text + ":00" : text, CultureInfo.InvariantCulture).UtcDateTime.ToString("s", CultureInfo.InvariantCulture);
        if (text.StartsWith("[{", StringComparison.Ordinal) && text.EndsWith("}]", StringComparison.Ordinal)) return Json(JsonDocument.Parse(text).RootElement);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("G9", CultureInfo.InvariantCulture) : text.Trim();
    }

    private static string Json(JsonElement value) => JsonSerializer.Serialize(value);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [GeneratedRegex(@"^(\d{4})[-/](\d\d)[-/](\d\d)([T ]00:00:00(Z|\+00)?)?$")] private static partial Regex Day();
    [GeneratedRegex(@"^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00)$")] private static partial Regex Instant();
}
