using Jietong.Geodata;
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

    /// <summary>Of files that are being made or wait for it.</summary>
    public static readonly Turns Turns = new(AtOnce, MostWaiting, $"{AtOnce + MostWaiting} files are being made or wait for it: try again in half a minute.", comeBackSeconds: 30);

    private static readonly string Absent = $"This format is written by GDAL, which is not installed here: apt-get install gdal-bin (3.6 or later). Without it there are {string.Join(", ", DownloadFormat.All.Where(f => !f.ByGdal).Select(f => f.Name))}.";

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
        using var process = OtherProgram.Start(program, arguments, folder, [("TMPDIR", folder), ("CPL_TMPDIR", folder)], new UnsupportedException(Absent));
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
}
