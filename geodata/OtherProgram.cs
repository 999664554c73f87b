using System.ComponentModel;
using System.Diagnostics;

namespace Jietong.Geodata;

/// <summary>A program beside ours that is asked for something: no shell, a folder of its own, and nothing of our environment but where programs are.</summary>
public static class OtherProgram
{
    /// <param name="program">Its name.</param>
    /// <param name="arguments">As they are.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="variables">Of its environment.</param>
    /// <param name="absent">What is thrown where it is not installed.</param>
    public static Process Start(string program, IEnumerable<string> arguments, string folder, IEnumerable<(string Name, string Value)> variables, Exception absent)
    {
        ArgumentNullException.ThrowIfNull(absent);
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in variables.Concat([("PATH", Environment.GetEnvironmentVariable("PATH") ?? ""), ("LANG", "C.UTF-8"), ("HOME", folder)])) start.Environment[name] = value;
        try { return Process.Start(start)!; }
        catch (Win32Exception) { throw absent; }
    }
}
