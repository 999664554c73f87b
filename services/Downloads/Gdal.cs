using System.ComponentModel;
using System.Diagnostics;
using Jietong.Services.OData;
using Jietong.Services.Serve;

namespace Jietong.Services.Downloads;

/// <summary>GDAL's programs: a few processes at once, each in a folder of its own, ended with whoever waits for them. No shell, and nothing of our environment.</summary>
internal static class Gdal
{
    /// <summary>Files made at once, how many more may wait for their turn, and for how long one may be worked on.</summary>
    public const int AtOnce = 2, MostWaiting = 8;
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(10);

    /// <summary>The folders of files in the making begin with it, and the number of our process.</summary>
    public const string FolderPrefix = "jietong-download-";

    private static readonly SemaphoreSlim Turns = new(AtOnce);
    private static int waiting;

    /// <summary>Files that are being made or wait for their turn.</summary>
    public static int Busy => waiting;

    /// <summary>Waits for a turn, calls, and gives the turn back.</summary>
    /// <exception cref="RefusedRequestException">503: too many wait already.</exception>
    public static async Task<T> InTurn<T>(Func<Task<T>> make, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref waiting) > AtOnce + MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new RefusedRequestException(503, "Service Unavailable", $"{AtOnce + MostWaiting} files are being made or wait for it: try again in half a minute.") { Header = ("Retry-After", "30") };
        }
        try
        {
            await Turns.WaitAsync(cancel);
            try { return await make(); }
            finally { Turns.Release(); }
        }
        finally { Interlocked.Decrement(ref waiting); }
    }

    /// <summary>Runs one of GDAL's programs to its end.</summary>
    /// <param name="program">ogr2ogr or ogrinfo.</param>
    /// <param name="arguments">As they are.</param>
    /// <param name="folder">Where it works; its own temporary files go there too.</param>
    /// <param name="input">Writes its standard input.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="UnsupportedException">GDAL is not installed.</exception>
    /// <exception cref="InvalidOperationException">It failed; the message is for the log, not for the client.</exception>
    public static async Task Run(string program, IEnumerable<string> arguments, string folder, Func<Stream, CancellationToken, Task>? input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in new[] { ("PATH", Environment.GetEnvironmentVariable("PATH")), ("LANG", "C.UTF-8"), ("HOME", folder), ("TMPDIR", folder), ("CPL_TMPDIR", folder) }) start.Environment[name] = value;
        using var process = Started(start);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            try
            {
                if (input is not null) await input(process.StandardInput.BaseStream, cancel);
                process.StandardInput.Close();
            }
            catch (IOException) { }   // it ended early: its exit code says why
            await process.WaitForExitAsync(cancel);
            var (said, _) = (await error, await output);
            if (process.ExitCode != 0 || said.Contains("ERROR", StringComparison.Ordinal)) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static Process Started(ProcessStartInfo start)
    {
        try { return Process.Start(start)!; }
        catch (Win32Exception) { throw new UnsupportedException($"This format is written by GDAL, which is not installed here: apt-get install gdal-bin (3.6 or later). Without it there are {string.Join(", ", DownloadFormat.All.Where(f => !f.ByGdal).Select(f => f.Name))}."); }
    }
}
