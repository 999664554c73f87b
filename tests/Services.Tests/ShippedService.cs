using System.Diagnostics;
using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The shipped register, served by a process of its own on a free port; one for all tests that only ask.</summary>
public sealed class ShippedService : IAsyncLifetime
{
    private Process server = null!;

    public TestDatabase Database { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public string Greeting { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.Create(migrated: false);
        server = JietongProcess.Start(Database.Address, "serve", "--urls", "http://127.0.0.1:0");
        while (await server.StandardOutput.ReadLineAsync() is { } line)
        {
            Greeting += line + "\n";
            if (line.StartsWith("Ctrl+C", StringComparison.Ordinal)) break;
        }
        if (server.HasExited) throw new InvalidOperationException("the server did not start: " + await server.StandardError.ReadToEndAsync());
        Http = new() { BaseAddress = new(Greeting.Split(' ', '\n').First(w => w.StartsWith("http://", StringComparison.Ordinal))) };
    }

    public Task<Ran> Command(params string[] arguments) => JietongProcess.Run(Database.Address, arguments);

    public async Task<JsonElement> Json(string path)
    {
        using var response = await Http.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async Task<(int Status, string? MediaType, JsonElement Body)> Refused(string path)
    {
        using var response = await Http.GetAsync(path);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        await Database.DisposeAsync();
    }
}

[CollectionDefinition(nameof(ShippedService))]
public sealed class SharedShippedService : ICollectionFixture<ShippedService>;
