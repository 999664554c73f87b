using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Jietong.Benchmarks;

/// <summary>Somebody else's solution in <c>peers.py</c>, a process that loads the graph once and is then asked.</summary>
internal sealed class Peer : IDisposable
{
    private const int NotInstalled = 3;   // the exit code of peers.py

    private readonly Process python;
    private readonly string folder;

    private Peer(Process python, string folder, string name) => (this.python, this.folder, Name) = (python, folder, name);

    /// <summary>With its version.</summary>
    public string Name { get; }

    /// <returns>null if it is not installed.</returns>
    public static Peer? Start(string name, BenchmarkGraph graph)
    {
        var folder = Directory.CreateTempSubdirectory("jietong-benchmark-").FullName;
        Process? python = null;
        try
        {
            graph.Write(Path.Combine(folder, "arcs"));
            var debian = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";   // where Debian's packages are seen
            python = Process.Start(new ProcessStartInfo(debian, [Path.Combine(AppContext.BaseDirectory, "peers.py"), name, folder])
            { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            if (python.StandardOutput.ReadLine() is { } version) return new(python, folder, version);
            python.WaitForExit();
            if (python.ExitCode != NotInstalled) throw new InvalidOperationException($"peers.py {name} ended with {python.ExitCode}.");
        }
        catch (System.ComponentModel.Win32Exception) { }   // no Python at all
        python?.Dispose();
        Directory.Delete(folder, true);
        return null;
    }

    /// <summary>Lets the peer solve for some junctions by one call.</summary>
    /// <returns>The milliseconds of processor time that it took for each, measured by itself.</returns>
    public double Solve(params IEnumerable<int> junctions)
    {
        python.StandardInput.WriteLine(string.Join(' ', junctions));
        python.StandardInput.Flush();
        return double.Parse(python.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended."), CultureInfo.InvariantCulture);
    }

    /// <summary>What it found for each junction.</summary>
    public double[] Answer(int junction)
    {
        Solve(junction);
        return MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(folder, "answer"))).ToArray();
    }

    public void Dispose()
    {
        python.StandardInput.Close();   // it ends by itself
        python.WaitForExit();
        python.Dispose();
        Directory.Delete(folder, true);
    }
}
