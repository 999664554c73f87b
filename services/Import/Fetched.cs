using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Jietong.Geodata;

namespace Jietong.Services.Import;

/// <summary>A file from an address: fetched into the cache, taken up again where it broke off, and compared with the checksum that stands beside it.</summary>
internal static partial class Fetched
{
    private const int Attempts = 5;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(2), Silence = TimeSpan.FromSeconds(60);

    public static bool IsAddress(string path) => path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <param name="address">http or https.</param>
    /// <param name="folder">Where files are kept; a partial one stays there until it is whole.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="note">Hears whether a checksum was found.</param>
    /// <param name="cancel">Stops it; what has come stays for the next time.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="InputException">There is nothing at the address, it cannot be reached, or what came is not what the checksum says.</exception>
    public static async Task<string> From(string address, string folder, Action<Step> progress, Action<string> note, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Segments[^1].Trim('/') is not { Length: > 0 } name) throw new InputException($"{address} names no file: an address ends with the file's name.");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(address)))[..12]}-{Uri.UnescapeDataString(name).Replace('/', '-')}");
        using var http = new HttpClient { Timeout = Silence };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Rest(http, uri, path, progress, cancel);
                break;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                var kept = File.Exists(Part(path)) ? new FileInfo(Part(path)).Length : 0;
                if (attempt == Attempts) throw new InputException($"{address} cannot be fetched: {e.Message}{(kept > 0 ? $" {kept:N0} bytes are kept: the same command goes on from there." : "")} Where there is no network, bring the file itself.");
                await Task.Delay(BetweenAttempts, cancel);
            }
        }
        var said = await Checksum(http, uri, cancel);
        note(said is null ? $"{name}：无校验和 no checksum stands beside it" : $"{name}：{said.Value.Algorithm} 校验一致 agrees with the checksum beside it");
        if (said is { } sum && !sum.Hex.Equals(await HashOf(path, sum.Algorithm, cancel), StringComparison.OrdinalIgnoreCase))
        {
            File.Delete(path);
            File.Delete(Tag(path));
            throw new InputException($"{address}: what came is not what its {sum.Algorithm} checksum says. It was deleted; fetch it again.");
        }
        return path;
    }

    private static string Part(string path) => path + ".part";
    private static string Tag(string path) => path + ".etag";

    /// <summary>What of it is not here yet; nothing where it is as it was. The server is asked to send all of it where the file has changed since.</summary>
    private static async Task Rest(HttpClient http, Uri uri, string path, Action<Step> progress, CancellationToken cancel)
    {
        var (part, tag) = (Part(path), Tag(path));
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var known = File.Exists(tag) ? new EntityTagHeaderValue(await File.ReadAllTextAsync(tag, cancel)) : null;
        var kept = known is not null && File.Exists(part) ? new FileInfo(part).Length : 0;
        if (kept > 0) (request.Headers.Range, request.Headers.IfRange) = (new(kept, null), new(known!));
        else if (known is not null && File.Exists(path)) request.Headers.IfNoneMatch.Add(known);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.StatusCode == HttpStatusCode.NotModified) return;
        if ((int)response.StatusCode is >= 400 and < 500 and not 408 and not 416 and not 429) throw new InputException($"{uri} answers {(int)response.StatusCode} {response.ReasonPhrase}: is the address right?");
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) File.Delete(part);   // it is shorter than what we have: begin anew
        response.EnsureSuccessStatusCode();
        if (response.StatusCode != HttpStatusCode.PartialContent) kept = 0;
        if (response.Headers.ETag is { IsWeak: false } etag) await File.WriteAllTextAsync(tag, etag.ToString(), cancel);
        else File.Delete(tag);
        var total = response.Content.Headers.ContentLength is { } length ? kept + length : (long?)null;
        await using (var to = new FileStream(part, kept > 0 ? FileMode.Append : FileMode.Create))
        await using (var from = await response.Content.ReadAsStreamAsync(cancel))
        {
            var (buffer, done) = (new byte[1 << 16], kept);
            while (true)
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                silence.CancelAfter(Silence);
                if (await from.ReadAsync(buffer, silence.Token) is not (> 0 and var read)) break;
                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
                progress(new("下载", "fetching", done += read, total, "bytes"));
            }
            if (total is { } all && done < all) throw new IOException($"it ended after {done:N0} of {all:N0} bytes.");
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>NAME.sha256 or NAME.md5 beside the file, as mirrors of OpenStreetMap have them.</summary>
    private static async Task<(string Algorithm, string Hex)?> Checksum(HttpClient http, Uri uri, CancellationToken cancel)
    {
        foreach (var (algorithm, ending, digits) in new[] { ("SHA-256", ".sha256", 64), ("MD5", ".md5", 32) })
        {
            try
            {
                using var response = await http.GetAsync(new Uri(uri.GetLeftPart(UriPartial.Path) + ending), cancel);
                if (!response.IsSuccessStatusCode || response.Content.Headers.ContentLength > 4096) continue;
                if (FirstWord().Match(await response.Content.ReadAsStringAsync(cancel)) is { Success: true } hex && hex.Length == digits) return (algorithm, hex.Value);
            }
            catch (HttpRequestException) { return null; }
        }
        return null;
    }

    private static async Task<string> HashOf(string path, string algorithm, CancellationToken cancel)
    {
        await using var file = File.OpenRead(path);
#pragma warning disable CA5351 // MD5 is what mirrors publish: it finds damage, not malice
        return Convert.ToHexStringLower(algorithm == "MD5" ? await MD5.HashDataAsync(file, cancel) : await SHA256.HashDataAsync(file, cancel));
#pragma warning restore CA5351
    }

    [GeneratedRegex("^[0-9a-fA-F]+")] private static partial Regex FirstWord();
}
