using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>A file that GDAL reads: what layers it has and in which reference system, and its features as lines of GeoJSON.</summary>
/// <param name="context">The import.</param>
/// <param name="driver">GDAL's name of the format.</param>
/// <param name="path">The file, in a folder of its own.</param>
internal sealed partial class GdalFile(ImportContext context, string driver, string path) : IDisposable
{
    private const int LongestLine = GeoJsonFile.LongestValue;
    private readonly string name = context.File.Name, folder = Path.GetDirectoryName(path)!;
    private readonly GeoJsonFeature feature = new() { Keep = Keep };

    /// <summary>How the driver is told to read: ENCODING=GBK.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Features are counted from this; null: the file's own numbers are kept.</summary>
    public bool OwnNumbers { get; init; }

    /// <summary>What a column is called, where the driver calls it otherwise.</summary>
    public Func<string, string> NameOf { init => feature.NameOf = value; }

    /// <summary>Of the layer that is read.</summary>
    public string Layer { get; private set; } = "";

    public string? Crs { get; private set; }

    /// <summary>How many features the file says it has; null where it does not.</summary>
    public long? Declared { get; private set; }

    /// <summary>Names of its columns.</summary>
    public List<string> Columns { get; private set; } = [];

    private IEnumerable<string> Opened => Options.SelectMany(o => new[] { "-oo", o });

    /// <exception cref="InputException">There is nothing to read in it, or more than one thing.</exception>
    public async Task Open()
    {
        var said = await GdalProgram.Ask(driver, ["-ro", .. Opened, path], folder, context.Cancel);
        var layers = LayerLine().Matches(said.Output).Select(m => m.Groups[1].Value).ToList();
        if (said.ExitCode != 0 || layers.Count == 0) throw Damaged(said.Error, layers.Count == 0 && said.ExitCode == 0 ? "holds no layer." : $"cannot be read as {context.File.Format.Name}: it is damaged, or something else.");
        Layer = context.Request.FromLayer is { } wanted && driver != "ESRI Shapefile" ? layers.FirstOrDefault(l => l == wanted) ?? throw new InputException($"{name} has no layer \"{wanted}\"; it has {string.Join(", ", layers.Select(l => $"\"{l}\""))}.")
            : layers.Count == 1 ? layers[0] : throw new InputException($"{name} has {layers.Count} layers 图层, {string.Join(", ", layers.Take(20).Select(l => $"\"{l}\""))}{(layers.Count > 20 ? " …" : "")}: name one with --layer NAME.");
        said = await GdalProgram.Ask(driver, ["-ro", "-so", "-nomd", "-noextent", "-wkt_format", "WKT2", .. Opened, path, Layer], folder, context.Cancel);
        if (said.ExitCode != 0 || said.Error.Contains("ERROR", StringComparison.Ordinal)) throw Damaged(said.Error, "cannot be read: it is damaged.");
        Declared = Count().Match(said.Output) is { Success: true } count ? long.Parse(count.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : null;
        Columns = [.. ColumnLine().Matches(said.Output).Select(m => m.Groups[1].Value)];
        Crs = Srs().Match(said.Output) is { Success: true } srs ? CrsChoice.OfWkt(srs.Groups[1].Value.Trim()) : null;
    }

    /// <summary>Hands every feature to <paramref name="take"/>; each that is wrong becomes a problem.</summary>
    public async Task<long> Read(Action<GisRow> take)
    {
        var number = 0L;
        var said = await GdalProgram.Convert(driver,
            ["-q", "-f", "GeoJSONSeq", "/vsistdout/", .. Opened, "-a_srs", "NONE", .. OwnNumbers ? ["-preserve_fid"] : Array.Empty<string>(), "-nlt", "CONVERT_TO_LINEAR", "-dim", "XY", "-lco", "COORDINATE_PRECISION=15", "-lco", "RS=NO", path, Layer],
            folder, output => number = Lines(output, take), context.Cancel);
        if (NotDecoded().IsMatch(said.Error)) context.Problems.Add(name, "", "", Line(said.Error), "holds texts that are not in the encoding it declares.", "Say which it is by --encoding, or export it again in UTF-8.");
        if (said.ExitCode != 0 || said.Error.Contains("ERROR", StringComparison.Ordinal)) throw Damaged(said.Error, $"could be read up to feature {number} only: it is damaged.");
        return number;
    }

    private long Lines(Stream output, Action<GisRow> take)
    {
        var (buffer, start, end, number) = (new byte[1 << 16], 0, 0, 0L);
        while (true)
        {
            var line = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (line < 0)
            {
                if (start > 0) { Array.Copy(buffer, start, buffer, 0, end - start); (start, end) = (0, end - start); }
                if (end == buffer.Length)
                {
                    if (end >= LongestLine) throw new BadFileException(name, $"feature {number + 1}", "", null, $"takes more than {LongestLine >> 20} MB.", "Divide it.");
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }
                context.Cancel.ThrowIfCancellationRequested();
                var read = output.Read(buffer, end, buffer.Length - end);
                if (read == 0) return number;
                end += read;
                continue;
            }
            number++;
            if (Row(buffer.AsMemory(start, line), number) is { } row) take(row);
            start += line + 1;
            context.Progress(new("读取要素", "reading features", number, Declared, "features"));
        }
    }

    private GisRow? Row(ReadOnlyMemory<byte> line, long number)
    {
        var place = context.File.Format.Name is "XLSX" ? $"row {number + 1}" : $"feature {number}";
        try
        {
            if (!Utf8.IsValid(line.Span)) throw new BadValueException("", null, "holds a text that is not in the encoding that the file declares.", "Export it again in UTF-8.");
            using var json = JsonDocument.Parse(line);
            var row = feature.Read(json.RootElement, number);
            return row with { Id = null, Number = OwnNumbers && long.TryParse(row.Id, out var own) ? own : number };
        }
        catch (BadValueException e) { context.Problems.Add(name, place, e.Field, e.Value, e.Message, e.WayOut.Contains("RFC 7946", StringComparison.Ordinal) ? "Mend it in the program that the file came from." : e.WayOut); }
        catch (JsonException) { context.Problems.Add(name, place, "geometry", InputException.Short(Encoding.UTF8.GetString(line.Span), 80), "holds a coordinate that is no finite number.", "Mend it in the program that the file came from."); }
        return null;
    }

    /// <summary>What LIBKML adds to every placemark says nothing where it stands at its default.</summary>
    private static bool Keep(string property, JsonElement value) => value.ValueKind != JsonValueKind.Null
        && !(property is "tessellate" or "extrude" or "visibility" && value.ValueKind == JsonValueKind.Number && value.GetRawText() is "-1" or "0");

    private BadFileException Damaged(string said, string reason) => new(name, "", "", Line(said), reason, "Fetch or export it again.");

    private static string? Line(string said) => said.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(l => l.StartsWith("ERROR", StringComparison.Ordinal) || l.StartsWith("Warning", StringComparison.Ordinal));

    public void Dispose() => feature.Dispose();

    [GeneratedRegex(@"^\d+: (.*?)(?: \(title: .*\))?(?: \([A-Za-z0-9 ,()]+\))?$", RegexOptions.Multiline)] private static partial Regex LayerLine();
    [GeneratedRegex(@"^Feature Count: (\d+)$", RegexOptions.Multiline)] private static partial Regex Count();
    [GeneratedRegex(@"^Layer SRS WKT:\n((?:.|\n)*?)\n(?:Data axis to CRS axis mapping|[^ \n]+ Column = |[^ \n\]]+: [A-Z])", RegexOptions.Multiline)] private static partial Regex Srs();
    [GeneratedRegex(@"^(.+): (?:String|Integer|Integer64|Real|Date|Time|DateTime|Binary|StringList|IntegerList|Integer64List|RealList)(?:\([A-Za-z0-9]+\))? \([0-9.]+\)", RegexOptions.Multiline)] private static partial Regex ColumnLine();
    [GeneratedRegex(@"UTF-8|recode|couldn't be converted|iconv", RegexOptions.IgnoreCase)] private static partial Regex NotDecoded();
}
