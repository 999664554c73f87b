using System.Text;
using System.Text.RegularExpressions;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>
/// GDAL's programs as readers of files from outside: every driver but the one that the file needs is switched off, with them all that reaches for other
/// files or the network; bounded time, memory and output; a folder of their own.
/// </summary>
internal static partial class GdalProgram
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(60);
    private const long MostMemory = 4L << 30, MostDisk = 8L << 30;
    private const int MostSaid = 1 << 20;

    private static readonly InputException Absent = new("This format is read by GDAL, which is not installed here: apt-get install gdal-bin (3.6 or later). Without it GeoJSON and CSV can be imported.");

    /// <summary>All drivers, asked of GDAL once.</summary>
    private static readonly Lazy<Task<string[]>> Drivers = new(async () =>
    {
        var said = await Run("ogrinfo", ["--formats"], Path.GetTempPath(), [], null, CancellationToken.None);
        return [.. Driver().Matches(said.Output).Select(m => m.Groups[1].Value)];
    });

    /// <summary>What a program said when it had ended.</summary>
    internal sealed record Said(int ExitCode, string Output, string Error);

    /// <summary>Asks ogrinfo.</summary>
    public static async Task<Said> Ask(string driver, IEnumerable<string> arguments, string folder, CancellationToken cancel) =>
        await Run("ogrinfo", arguments, folder, await Variables(driver, folder), null, cancel);

    /// <summary>Has ogr2ogr write to a pipe, which <paramref name="read"/> reads to its end.</summary>
    public static async Task<Said> Convert(string driver, IEnumerable<string> arguments, string folder, Action<Stream> read, CancellationToken cancel) =>
        await Run("ogr2ogr", arguments, folder, await Variables(driver, folder), read, cancel);

    private static async Task<(string, string)[]> Variables(string driver, string folder) =>
    [
        ("GDAL_SKIP", string.Join(',', (await Drivers.Value).Except([driver, "GeoJSONSeq"]))), ("GDAL_DRIVER_PATH", "disable"), ("TMPDIR", folder), ("CPL_TMPDIR", folder), ("PROJ_NETWORK", "OFF"),
        ("CPL_VSIL_CURL_ALLOWED_FILENAME", "none"), ("GDAL_HTTP_PROXY", "127.0.0.1:9"), ("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"), ("GDAL_CACHEMAX", "64"), ("CPL_MAX_ERROR_REPORTS", "20"),
        ("SHAPE_RESTORE_SHX", "YES"), ("OGR_XLSX_HEADERS", "FORCE"), ("OGR_XLSX_MAX_FIELD_COUNT", "2000"), ("DXF_MAX_BSPLINE_CONTROL_POINTS", "5000"),
    ];

    private static async Task<Said> Run(string program, IEnumerable<string> arguments, string folder, IEnumerable<(string, string)> variables, Action<Stream>? read, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(TimeLimit);
        IEnumerable<string> bounded = OperatingSystem.IsLinux() ? [$"--as={MostMemory}", $"--fsize={MostDisk}", $"--cpu={(int)TimeLimit.TotalSeconds}", "--core=0", program, .. arguments] : arguments;
        using var process = OtherProgram.Start(OperatingSystem.IsLinux() ? "prlimit" : program, bounded, folder, variables, Absent);
        await using var ends = limited.Token.Register(() => { try { process.Kill(entireProcessTree: true); } catch (InvalidOperationException) { } });
        try
        {
            process.StandardInput.Close();
            var error = Start(process.StandardError.BaseStream);
            var output = "";
            if (read is not null) await Task.Run(() => read(process.StandardOutput.BaseStream), CancellationToken.None);
            else output = await Start(process.StandardOutput.BaseStream);
            await process.WaitForExitAsync(CancellationToken.None);
            cancel.ThrowIfCancellationRequested();
            if (limited.IsCancellationRequested) throw new InputException($"Reading it takes longer than {TimeLimit.TotalMinutes} minutes: divide the file.");
            var said = new Said(process.ExitCode, output, (await error).Replace(folder + "/", "", StringComparison.Ordinal));
            return said.ExitCode == 127 && said.Error.Contains("failed to execute", StringComparison.Ordinal) ? throw Absent : said;
        }
        catch
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>The beginning of what it says; the rest is read and dropped.</summary>
    private static Task<string> Start(Stream from) => Task.Run(async () =>
    {
        var (kept, buffer) = (new MemoryStream(), new byte[8192]);
        for (int count; (count = await from.ReadAsync(buffer)) > 0;)
            if (kept.Length < MostSaid) kept.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(kept.ToArray());
    });

    [GeneratedRegex(@"^  (.+?) -[a-z, ]+- \(", RegexOptions.Multiline)] private static partial Regex Driver();
}
