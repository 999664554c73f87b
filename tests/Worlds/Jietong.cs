using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Jietong.Worlds;

/// <summary>The program as its user runs it: a process of its own, with its own arguments, output and exit code.</summary>
public static class JietongProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "jietong.dll");

    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }

    public static Process Start(string? database, params string[] arguments) => Start(database, register: null, arguments);

    /// <summary>With another register than the shipped one, where <paramref name="register"/> names its folder; <paramref name="read"/> says whether reading is keyed.</summary>
    public static Process Start(string? database, string? register, string[] arguments, string? read = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["JIETONG_DB"] = database;
        start.Environment["JIETONG_REGISTER"] = register;
        start.Environment["JIETONG_READ"] = read;
        return Process.Start(start)!;
    }

    public static Task<Result> Run(string? database, params string[] arguments) => Run(database, register: null, arguments);

    public static async Task<Result> Run(string? database, string? register, string[] arguments)
    {
        using var process = Start(database, register, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}
