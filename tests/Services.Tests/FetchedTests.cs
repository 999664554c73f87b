using System.Net;
using System.Security.Cryptography;
using System.Text;
using Jietong.Geodata;
using Jietong.Services.Import;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Files from an address, by a server that breaks off, changes its mind, or has checksums.</summary>
public sealed class FetchedTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jietong-fetched-").FullName;
    private readonly HttpListener server = new();
    private readonly string root;
    private readonly List<string> asked = [];
    private readonly Dictionary<string, string> beside = [];
    private byte[] content = RandomNumberGenerator.GetBytes(300_000);
    private int breakAfter = int.MaxValue;

    public FetchedTests()
    {
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            root = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        server.Prefixes.Add(root);
        server.Start();
        _ = Serve();
    }

    public void Dispose()
    {
        server.Close();
        Directory.Delete(folder, recursive: true);
    }

    private string ETag => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";

    private async Task Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await server.GetContextAsync(); }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
            var (request, response) = (context.Request, context.Response);
            var (name, range) = (request.Url!.AbsolutePath.Trim('/'), request.Headers["Range"]);
            lock (asked) asked.Add($"{name} {range} {request.Headers["If-Range"]}".TrimEnd());
            if (beside.TryGetValue(name, out var sum)) response.Close(Encoding.ASCII.GetBytes(sum), false);
            else if (name != "a.osm.pbf")
            {
                response.StatusCode = 404;
                response.Close();
            }
            else if (request.Headers["If-None-Match"] == ETag)
            {
                response.StatusCode = 304;
                response.Close();
            }
            else
            {
                var from = range is not null && request.Headers["If-Range"] == ETag ? int.Parse(range["bytes=".Length..^1], null) : 0;
                response.StatusCode = from > 0 ? 206 : 200;
                response.Headers["ETag"] = ETag;
                response.ContentLength64 = content.Length - from;
                var some = Math.Min(content.Length - from, breakAfter);
                await response.OutputStream.WriteAsync(content.AsMemory(from, some));
                if (some < content.Length - from) response.Abort();
                else response.Close();
                breakAfter = int.MaxValue;
            }
        }
    }

    private async Task<(byte[] Bytes, string Said)> Fetch(string name = "a.osm.pbf")
    {
        var said = "";
        var path = await Fetched.From(root + name, folder, _ => { }, s => said = s, CancellationToken.None);
        return (await File.ReadAllBytesAsync(path), said);
    }

    [Fact]
    public async Task What_breaks_off_is_taken_up_where_it_ended()
    {
        breakAfter = 100_000;
        var (bytes, said) = await Fetch();
        Assert.Equal(content, bytes);
        Assert.Contains("no checksum", said, StringComparison.Ordinal);
        Assert.Single(asked, a => a.StartsWith("a.osm.pbf bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_changed_while_half_of_it_was_here_is_fetched_anew()
    {
        breakAfter = 100_000;
        var changed = RandomNumberGenerator.GetBytes(200_000);
        var fetching = Fetch();
        while (breakAfter != int.MaxValue) await Task.Delay(5);
        content = changed;
        Assert.Equal(changed, (await fetching).Bytes);
    }

    [Fact]
    public async Task What_is_here_already_is_not_sent_again()
    {
        await Fetch();
        Assert.Equal(content, (await Fetch()).Bytes);
        Assert.DoesNotContain(asked, a => a.Contains("bytes=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.osm.pbf.sha256")]
    [InlineData("a.osm.pbf.md5")]
    public async Task A_checksum_beside_it_is_compared(string name)
    {
#pragma warning disable CA5351 // as mirrors publish it
        var right = Convert.ToHexStringLower(name.EndsWith("md5", StringComparison.Ordinal) ? MD5.HashData(content) : SHA256.HashData(content));
#pragma warning restore CA5351
        beside[name] = right + "  a.osm.pbf\n";
        Assert.Contains("agrees", (await Fetch()).Said, StringComparison.Ordinal);
        beside[name] = new string('0', right.Length);
        var wrong = await Assert.ThrowsAsync<InputException>(() => Fetch());
        Assert.Contains("not what its", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task An_address_with_nothing_at_it_is_said_at_once()
    {
        var wrong = await Assert.ThrowsAsync<InputException>(() => Fetch("b.osm.pbf"));
        Assert.Contains("404", wrong.Message, StringComparison.Ordinal);
        Assert.Single(asked);
    }
}
