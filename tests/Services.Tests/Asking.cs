using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>How tests ask over OData and hold the rows against SQL: addresses as they are read, rows as lines of JSON.</summary>
internal static partial class Asking
{
    public const string Day = "2026-11-22", Days = $"&asOf={Day}&knownBy={Day}", Known = $"&knownBy={Day}";
    public const string LinksNow = $"link_as_of('{Day}', '{Day}')", SidesNow = $"link_side_as_of('{Day}', '{Day}')", TargetsNow = $"target_as_of('{Day}', '{Day}')";

    /// <summary>The options percent-encoded, whatever stands in them but &amp;.</summary>
    public static string Encoded(string address) => address.Split('?', 2) is [var path, var options]
        ? $"{path}?{string.Join('&', options.Split('&').Select(o => o.Split('=', 2)).Select(o => $"{Uri.EscapeDataString(o[0])}={Uri.EscapeDataString(o.ElementAtOrDefault(1) ?? "")}"))}" : address;

    public static Task<JsonElement> Ask(this ShippedService service, string address) => service.Json("/odata/" + Encoded(address));

    public static Task<(int Status, string? MediaType, JsonElement Body)> Refuse(this ShippedService service, string address) => service.Refused("/odata/" + Encoded(address));

    /// <summary>The rows of an answer, a line each, numbers to nine digits.</summary>
    public static List<string> Lines(JsonElement answer) => [.. answer.GetProperty("value").EnumerateArray().Select(r => Plain(JsonNode.Parse(r.GetRawText())))];

    /// <summary>The one JSON column of the rows of a statement, a line each.</summary>
    public static async Task<List<string>> Lines(this TestDatabase database, string sql) => [.. (await database.Column(sql)).Select(row => Plain(JsonNode.Parse(row)))];

    /// <summary>The answer has the rows of the statement, and some.</summary>
    public static async Task Agrees(this ShippedService service, string address, string sql)
    {
        var (expected, given) = (await service.Database.Lines(sql), Lines(await service.Ask(address)));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, given);
    }

    public static string Plain(JsonNode? node) => Numbers().Replace(node?.ToJsonString(Readable) ?? "null", n => double.Parse(n.Value, CultureInfo.InvariantCulture).ToString("G9", CultureInfo.InvariantCulture));

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"(?<=[:,\[])-?\d+(\.\d+)?([eE][-+]?\d+)?(?=[,\]}])")] private static partial Regex Numbers();

    /// <summary>How long a refusal may take: two seconds where nothing else runs.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    /// <summary>GET, or POST …/$query where the options are too long for an address.</summary>
    public static async Task<(int Status, string? MediaType, JsonElement Body)> Send(this ShippedService service, string address, params (string Name, string Value)[] headers)
    {
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, "?" + o) : (address, "");
        using var request = options.Length < 30_000 ? new HttpRequestMessage(HttpMethod.Get, "/odata/" + path + options) : new(HttpMethod.Post, $"/odata/{path}/$query") { Content = new StringContent(options[1..], null, "text/plain") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var watch = Stopwatch.StartNew();
        using var response = await service.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(watch.Elapsed < Quick, $"{watch.Elapsed}: {address[..Math.Min(100, address.Length)]}");
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, text == "" ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>A request byte by byte, as no client library would send it, and what comes back.</summary>
    public static async Task<string> Raw(this ShippedService service, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(service.Http.BaseAddress!.Host, service.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        try { await stream.WriteAsync(Encoding.Latin1.GetBytes(request)); }
        catch (IOException) { }   // refused before all of it was sent
        var (buffer, read) = (new byte[64 * 1024], 0);
        try
        {
            for (int n; read < buffer.Length && (n = await stream.ReadAsync(buffer.AsMemory(read)).AsTask().WaitAsync(Quick)) > 0;)
            {
                read += n;
                if (!request.Contains("Connection: close", StringComparison.Ordinal)) break;
            }
        }
        catch (IOException) { }
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    /// <summary>A refusal in OData's form, in words fit for the asker: no trace, no SQL, no file.</summary>
    public static string Refusal(this (int Status, string? MediaType, JsonElement Body) refused, int status)
    {
        Assert.True(refused.Status == status, $"{refused.Status}: {refused.Body}");
        Assert.Equal("application/json", refused.MediaType);
        var message = refused.Body.GetProperty("error").GetProperty("message").GetString()!;
        Assert.NotEqual("", refused.Body.GetProperty("error").GetProperty("code").GetString());
        foreach (var leak in new[] { "   at ", "select t", "select count", "from link", "/geodata/", ".cs:", "Npgsql", "System." }) Assert.DoesNotContain(leak, message, StringComparison.Ordinal);
        return message;
    }
}
