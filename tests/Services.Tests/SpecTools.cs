using System.Diagnostics;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What tests/Spec holds our documents against: schemas that others publish, and validators, which npm installs there.</summary>
internal static class SpecTools
{
    public static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Spec");
    private static readonly Lazy<Task> Installation = new(Install);

    /// <summary>Where the packages are, once they are there.</summary>
    public static async Task<string> Installed()
    {
        await Installation.Value;
        return Path.Combine(Folder, "node_modules");
    }

    /// <summary>What a script of that folder says of its input.</summary>
    public static async Task<string> Says(string script, string input)
    {
        await Installation.Value;
        return (await Run("node", script, input)).Output;
    }

    /// <summary>Once for every change of the lock file; without a network where the folder is there already.</summary>
    private static async Task Install()
    {
        var (marker, lockFile) = (Path.Combine(Folder, "node_modules", ".package-lock.json"), Path.Combine(Folder, "package-lock.json"));
        if (File.Exists(marker) && File.GetLastWriteTimeUtc(marker) >= File.GetLastWriteTimeUtc(lockFile)) return;
        var (exit, output) = await Run("npm", "ci", "");
        Assert.True(exit == 0, $"The schemas and validators cannot be installed: tests/Spec needs Node.js, npm and, the first time, the network.\n{output}");
    }

    private static async Task<(int Exit, string Output)> Run(string program, string argument, string input)
    {
        var start = new ProcessStartInfo(program, argument) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output + await error).Trim());
    }
}
