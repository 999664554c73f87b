using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Jietong.Services.Serve;
using Jietong.Worlds;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What one question may cost: it stops when nobody waits for it, and a list that is too long is refused rather than cut. On a register of its own, which is made large.</summary>
public sealed class LimitsTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private WebApplication app = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        database = await new RegisterWorld().Source("plan", "GOV", "2018-06-29").Link("long", "plan").Link("short", "plan")
            .Attest("a-long", "long", "proposed", "2018-06-29", "plan").Attest("a-short", "short", "proposed", "2018-06-29", "plan").Load();
        await database.Execute("insert into link_unit (link_id, role, unit_zh, unit_en, source_id, place) select 'long', 'lead', '单位' || n, 'Unit ' || n, 'plan', 'p' from generate_series(1, 10001) n");
        app = ServeCommand.Build(database.Db, "http://127.0.0.1:0");
        await app.StartAsync();
        http = Client(app.Urls.First());
    }

    [Fact]
    public async Task A_list_inside_a_row_that_is_too_long_is_refused_with_the_way_out()
    {
        using var refused = await http.GetAsync("/odata/Links?$select=id&$expand=Units($select=unitZh)");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var message = JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("10000 Units", message, StringComparison.Ordinal);
        Assert.Contains("$top", message, StringComparison.Ordinal);

        async Task<JsonElement> Ask(string address) => JsonDocument.Parse(await http.GetStringAsync(address)).RootElement;
        var links = await Ask("/odata/Links?$select=id&$expand=Units($select=unitZh;$top=3;$count=true)");
        Assert.Equal([10001, 0], links.GetProperty("value").EnumerateArray().Select(l => l.GetProperty("Units@odata.count").GetInt32()));
        var first = await Ask("/odata/Links('long')/Units?$select=unitZh");
        Assert.Equal(10_000, first.GetProperty("value").GetArrayLength());
        Assert.Equal(1, (await Ask(first.GetProperty("@odata.nextLink").GetString()!)).GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task A_question_ends_in_the_database_when_its_client_leaves()
    {
        await using var other = await database.Db.OpenConnectionAsync();
        await using var locked = await other.BeginTransactionAsync();
        await using (var command = other.CreateCommand())
        {
            command.CommandText = "lock table link in access exclusive mode";
            await command.ExecuteNonQueryAsync();
        }
        const string waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        using var leaving = new CancellationTokenSource();
        var asked = http.GetAsync("/odata/Links", leaving.Token);
        await Until(async () => await database.Scalar<long>(waiting) == 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Until(async () => await database.Scalar<long>(waiting) == 0);
    }

    private static HttpClient Client(string address) => new() { BaseAddress = new(address) };

    private static async Task Until(Func<Task<bool>> isSo)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20)) if (await isSo()) return;
        Assert.Fail("It did not become so within 20 s.");
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }
}
