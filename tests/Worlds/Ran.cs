using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Jietong.Worlds;

/// <summary>A program that a test ran to its end, and what it said.</summary>
public sealed record Ran(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>What it wrote to standard output, if it ended well.</summary>
    public string Succeeded => ExitCode == 0 ? Output : throw new InvalidOperationException($"Exit code {ExitCode}.\n{Output}\n{Error}".TrimEnd());

    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">As they are: no shell.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="environment">What changes in ours.</param>
    public static async Task<Ran> Program(string program, IEnumerable<string> arguments, string? folder = null, string input = "", params (string Name, string? Value)[] environment)
    {
        using var process = Started(program, arguments, folder, environment);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException) { }   // it ended before it had read all
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    internal static Process Started(string program, IEnumerable<string> arguments, string? folder = null, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try { return Process.Start(start)!; }
        catch (Win32Exception e) { throw new InvalidOperationException($"This test runs {program}, which ./test installs where it may (by hand: apt-get install gdal-bin python3-owslib nodejs npm).", e); }
    }
}
