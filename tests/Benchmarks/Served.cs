using System.Diagnostics;
using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Serve;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Jietong.Benchmarks;

/// <summary>A server in a process of its own, ours or the peer's: this program, started once more with <c>serve</c>, with the garbage collector as the service ships it. It ends when its input does.</summary>
internal sealed class Served : IDisposable
{
    private readonly Process process;

    private Served(Process process, string url) => (this.process, Http) = (process, new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(url), Timeout = TimeSpan.FromMinutes(5) });

    public HttpClient Http { get; }

    public static Served Start(string which, string database, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Benchmarks.dll"), "serve", which]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["JIETONG_DB"] = database;
        start.Environment["DOTNET_gcServer"] = "1";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var process = Process.Start(start)!;
        return new(process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The server \"{which}\" did not start."));
    }

    /// <summary>What the other process does.</summary>
    public static async Task<int> Serve(string which)
    {
        await using var db = Database.Connect(Environment.GetEnvironmentVariable("JIETONG_DB")!);
        await using var app = which == "ours" ? ServeCommand.Build(db, "http://127.0.0.1:0") : HandWritten.Build(db, "http://127.0.0.1:0");
        app.MapGet("/heap", () => GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory that the process ever had resident.</summary>
    public double PeakMegabytes
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64 / 1e6;
        }
    }

    /// <summary>Managed memory that is still referred to.</summary>
    public async Task<double> HeapMegabytes() => double.Parse(await Http.GetStringAsync("/heap"), CultureInfo.InvariantCulture) / 1e6;

    public void Dispose()
    {
        Http.Dispose();
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
