using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A small register with its own server and keys, to be written into.</summary>
public class ServedWorld : IAsyncLifetime
{
    public sealed record Answer(int Status, JsonElement Body, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
    {
        public string? Header(string name) => Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;
        public JsonElement Error => Body.GetProperty("error");
        public IEnumerable<string> Targets => Error.GetProperty("details").EnumerateArray().Select(d => d.GetProperty("target").GetString()!);
    }

    private readonly string folder = Draw().Write();
    private Process server = null!;

    public TestDatabase Database { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public string Editor { get; private set; } = "";
    public string Reader { get; private set; } = "";
    protected virtual string? Reading => null;
    public StringBuilder Log { get; } = new();

    /// <summary>x is under construction by a word of 2018, y proposed; the web can only report.</summary>
    public static RegisterWorld Draw() => new RegisterWorld().Source("gov", "GOV", "2018-06-29").Source("web", "SEC", "2019-03-01").Source("late", "GOV", "2019-06-01").Source("ahead", "GOV", "2126")
        .Link("x", "gov").Link("y", "gov").Attest("x-1", "x", "under_construction", "2018-06-29", "gov", basis: "stated").Attest("y-1", "y", "proposed", "2018-06-29", "gov", basis: "stated")
        .Row("targets.csv", "x-t,x,,open,2019,stated,,,gov,p,,");

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Create();
        (Editor, Reader) = (await NewKey("editor"), await NewKey("reader"));
        server = JietongProcess.Start(Database.Address, folder, ["serve", "--urls", "http://127.0.0.1:0"], Reading);
        server.ErrorDataReceived += (_, e) => { lock (Log) Log.AppendLine(e.Data); };
        server.BeginErrorReadLine();
        var greeting = "";
        while (!greeting.Contains("Ctrl+C", StringComparison.Ordinal) && await server.StandardOutput.ReadLineAsync() is { } line) greeting += line + "\n";
        Http = new() { BaseAddress = new(greeting.Split(' ', '\n').First(w => w.StartsWith("http://", StringComparison.Ordinal))) };
    }

    public async Task<string> NewKey(string role, string expires = "2126-06-30")
    {
        var made = await Command("keys", "add", "王 test", "--role", role, "--expires", expires);
        Assert.True(made.ExitCode == 0, made.Error);
        return made.Output.Trim();
    }

    public Task<Ran> Command(params string[] arguments) => JietongProcess.Run(Database.Address, folder, arguments);

    public Task<Answer> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers) => Send(method, path, body, Editor, headers);

    public async Task<Answer> Send(string method, string path, string? body, string? key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", key.Contains(' ', StringComparison.Ordinal) ? key : "Bearer " + key);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (body is { Length: > 100_000 }) request.Headers.ExpectContinue = true;   // one that is too large is refused before it is sent
        foreach (var (name, value) in headers)
            if (name.StartsWith("Content-", StringComparison.Ordinal)) { request.Content!.Headers.Remove(name); request.Content.Headers.TryAddWithoutValidation(name, value); }
            else request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default, response.Headers, response.Content.Headers);
    }

    /// <summary>All that a write could change.</summary>
    public Task<string> State() => Database.Scalar<string>("select concat_ws(' ', number, content_hash, (select count(*) from attestation), (select count(*) from target), (select count(*) from source), (select count(*) from audit)) from data_version");

    public async Task DisposeAsync()
    {
        Http.Dispose();
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        await Database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>The same, where reading needs a key too.</summary>
public sealed class KeyedWorld : ServedWorld
{
    protected override string Reading => "keyed";
}
