using System.Globalization;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Keys open what they are for, while they hold, and are told nowhere.</summary>
public sealed class KeyTests(KeyedWorld world) : IClassFixture<KeyedWorld>
{
    private const string Source = """{"id":"keyed","grade":"GOV","title":"题","titleEn":"T","published":"2020"}""";

    [Fact]
    public async Task A_reader_reads_and_an_editor_writes()
    {
        Assert.Equal(200, (await world.Send("GET", "/odata/Links", null, world.Reader)).Status);
        Assert.Equal(200, (await world.Send("GET", "/odata/Links", null, "bEaReR " + world.Editor)).Status);
        var forbidden = await world.Send("POST", "/odata/Sources", Source, world.Reader);
        Assert.Equal((403, "Forbidden"), (forbidden.Status, forbidden.Error.GetProperty("code").GetString()));
        Assert.Equal(201, (await world.Send("POST", "/odata/Sources", Source, world.Editor)).Status);
    }

    [Fact]
    public async Task The_definition_of_the_interface_says_that_a_key_is_needed()
    {
        var definition = (await world.Send("GET", "/api", null, world.Reader)).Body;
        var scheme = definition.GetProperty("components").GetProperty("securitySchemes").GetProperty(definition.GetProperty("security")[0].EnumerateObject().Single().Name);
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
    }

    [Theory]
    [InlineData("/odata/Links")]
    [InlineData("/odata/$metadata")]
    [InlineData("/")]
    [InlineData("/collections")]
    [InlineData("/collections/links/items")]
    [InlineData("/collections/links/items/x")]
    [InlineData("/nowhere")]
    public async Task Where_reading_is_keyed_nothing_is_read_without_a_key(string path)
    {
        foreach (var method in new[] { "GET", "HEAD" })
        {
            var refused = await world.Send(method, path, null, key: null);
            Assert.Equal((401, "Bearer realm=\"jietong\""), (refused.Status, refused.Header("WWW-Authenticate")));
        }
        Assert.NotEqual(401, (await world.Send("GET", path, null, world.Reader)).Status);
    }

    [Fact]
    public async Task A_key_that_does_not_hold_is_401_whatever_is_wrong_with_it()
    {
        var (expired, revoked) = (await world.NewKey("editor"), await world.NewKey("editor"));
        await world.Database.Execute("update api_key set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = (select id from api_key order by created_at desc offset 1 limit 1)");
        var id = await world.Database.Scalar<string>("select id::text from api_key order by created_at desc limit 1");
        Assert.Equal(0, (await world.Command("keys", "revoke", id)).ExitCode);
        var key = world.Editor;
        foreach (var wrong in new[] { expired, revoked, key[..^1], key + "A", key.ToUpperInvariant(), key.ToLowerInvariant(), key[3..], "jt_" + new string('A', 43), "Basic " + key, "Bearer", "Bearer  ", key + ", " + key })
        {
            foreach (var (method, body) in new[] { ("GET", null), ("POST", Source) })
            {
                var refused = await world.Send(method, "/odata/Sources", body, wrong);
                Assert.True(refused.Status == 401 && refused.Header("WWW-Authenticate")!.StartsWith("Bearer", StringComparison.Ordinal), $"{wrong}: {refused.Status}");
                Assert.DoesNotContain(wrong.Split(' ')[^1] is { Length: > 8 } sent ? sent : "none", refused.Body.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task No_key_is_stored_listed_or_logged()
    {
        await world.Send("POST", "/odata/Sources", "{}", world.Editor);
        await world.Send("GET", "/nowhere", null, world.Editor);
        var list = (await world.Command("keys", "list")).Output;
        Assert.Contains("王 test", list, StringComparison.Ordinal);
        Assert.Contains("可写 editor", list, StringComparison.Ordinal);
        var dump = string.Join('\n', await world.Database.Column("select to_jsonb(k)::text from api_key k union all select to_jsonb(a)::text from audit a"));
        foreach (var key in new[] { world.Editor, world.Reader })
        {
            Assert.Matches("^jt_[A-Za-z0-9_-]{43}$", key);
            Assert.DoesNotContain(key, list + dump + world.Log, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--expires: \"soon\" is not a date", "keys", "add", "n", "--role", "reader", "--expires", "soon")]
    [InlineData("is past", "keys", "add", "n", "--role", "reader", "--expires", "2020-01-01")]
    [InlineData("'admin' not recognized", "keys", "add", "n", "--role", "admin", "--expires", "2126-01-01")]
    [InlineData("--expires", "keys", "add", "n", "--role", "reader")]
    [InlineData("needs a name", "keys", "add", " ", "--role", "reader", "--expires", "2126-01-01")]
    [InlineData("there is no key \"k-0\"", "keys", "revoke", "k-0")]
    public async Task A_key_that_cannot_be_is_refused(string message, params string[] arguments)
    {
        var result = await world.Command(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_for_reading_that_is_none_stops_the_server_before_it_starts()
    {
        using var server = JietongProcess.Start(world.Database.Address, ServedWorld.Draw().Write(), ["serve", "--urls", "http://127.0.0.1:0"], read: "Keyed");
        Assert.Contains("JIETONG_READ=Keyed is neither open nor keyed", await server.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await server.WaitForExitAsync();
        Assert.Equal(2, server.ExitCode);
    }

    [Fact]
    public async Task A_key_holds_to_the_end_of_its_last_day_in_Shanghai() =>
        Assert.Equal("2126-06-30T16:00:00", (await world.Database.Scalar<DateTime>("select max(expires_at) from api_key")).ToString("s", CultureInfo.InvariantCulture));
}
