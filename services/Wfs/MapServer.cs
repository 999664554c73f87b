using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Jietong.Geodata;
using Jietong.Services.Serve;

namespace Jietong.Services.Wfs;

/// <summary>MapServer as a CGI process a request: a few at once, ended with the client. It gets the request as it is, and the database with the rights of readers.</summary>
internal static class MapServer
{
    public const int AtOnce = 4, MostWaiting = 32;
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private const int MostHead = 64 * 1024;
    private static readonly Turns Turns = new(AtOnce, MostWaiting, "Too many WFS requests at once: try again in a few seconds.", comeBackSeconds: 5);

    /// <summary>Answers one request.</summary>
    /// <param name="http">Where to.</param>
    /// <param name="mapFile">What is served.</param>
    /// <param name="query">Its parameters.</param>
    /// <param name="body">The body of a POST: XML, which nothing of ours reads.</param>
    public static async Task Answer(HttpContext http, string mapFile, string query, byte[]? body)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limited.CancelAfter(TimeLimit);
        try { await Turns.Take(() => Run(http, mapFile, query, body, limited.Token), limited.Token); }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedRequestException(504, "Gateway Timeout", $"The request takes longer than {TimeLimit.TotalSeconds} s: ask for fewer features, by count and startIndex, or for a smaller bbox.");
        }
    }

    private static async Task Run(HttpContext http, string mapFile, string query, byte[]? body, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory($"jietong-wfs-{Environment.ProcessId}-").FullName;
        try
        {
            var (map, config) = (Path.Combine(folder, "jietong.map"), Path.Combine(folder, "mapserver.conf"));
            await File.WriteAllTextAsync(map, mapFile, cancel);
            await File.WriteAllTextAsync(config, $"CONFIG\n  ENV\n    MS_MAP_PATTERN \"^{Regex.Escape(map).Replace("\\", "\\\\", StringComparison.Ordinal)}$\"\n  END\nEND\n", cancel);
            using var process = Started(folder, [("MAPSERVER_CONFIG_FILE", config), ("MS_MAPFILE", map), ("REQUEST_METHOD", body is null ? "GET" : "POST"), ("QUERY_STRING", query),
                .. body is null ? [] : new[] { ("CONTENT_TYPE", "text/xml"), ("CONTENT_LENGTH", body.Length.ToString(CultureInfo.InvariantCulture)) }]);
            try
            {
                var error = process.StandardError.ReadToEndAsync(cancel);
                try
                {
                    if (body is not null) await process.StandardInput.BaseStream.WriteAsync(body, cancel);
                    process.StandardInput.Close();
                }
                catch (IOException) { }   // it answers without reading all of it
                await Pass(process.StandardOutput.BaseStream, http, cancel);
                await process.WaitForExitAsync(cancel);
                await error;
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static Process Started(string folder, IEnumerable<(string Name, string Value)> variables)
    {
        var database = Environment.GetEnvironmentVariable("JIETONG_DB") ?? throw new UnsupportedException("WFS reads the database that JIETONG_DB names, which is not set.");
        return OtherProgram.Start("mapserv", [], folder, variables.Concat(Database.ReaderEnvironment(database, TimeLimit)),
            new UnsupportedException("WFS is answered by MapServer, which is not installed here: apt-get install mapserver-bin (8.0 or later). OGC API Features, below /collections, needs nothing."));
    }

    /// <summary>Hands the answer on as it comes. One that reports an error is read whole first: what it says of our database and files stays here.</summary>
    private static async Task Pass(Stream from, HttpContext http, CancellationToken cancel)
    {
        var buffer = new byte[MostHead];
        var read = await from.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        var head = Encoding.UTF8.GetString(buffer, 0, Math.Min(read, 4096));
        var end = Blank(buffer.AsSpan(0, read));
        if (end < 0 || head.Contains("MapServer Message", StringComparison.Ordinal)) throw new InvalidOperationException($"mapserv: {head}");
        var type = "text/xml; charset=UTF-8";
        foreach (var line in Encoding.ASCII.GetString(buffer, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) type = line[13..].Trim();
            else if (line.StartsWith("Status:", StringComparison.OrdinalIgnoreCase) && int.TryParse(line[7..].Trim().Split(' ')[0], out var status)) http.Response.StatusCode = status;
        if (head.Contains("ExceptionReport", StringComparison.Ordinal)) Report(http, Encoding.UTF8.GetString(buffer, end, read - end));
        http.Response.ContentType = type;
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.Body.WriteAsync(buffer.AsMemory(end, read - end), cancel);
        await from.CopyToAsync(http.Response.Body, cancel);
    }

    /// <summary>A report of the client's mistake passes with the status that it means; one of ours does not pass.</summary>
    private static void Report(HttpContext http, string report)
    {
        if (report.Contains("Query error", StringComparison.OrdinalIgnoreCase) || report.Contains("msPostGIS", StringComparison.Ordinal) || report.Contains("connect", StringComparison.OrdinalIgnoreCase) || report.Contains(Path.GetTempPath(), StringComparison.Ordinal))
        {
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Jietong").LogError("mapserv: {Report}", report);
            throw new RefusedRequestException(400, "Bad Request", "The database cannot evaluate this WFS request, or cannot be reached: check the names and values in its filter, sortBy and bbox.");
        }
        if (http.Response.StatusCode == StatusCodes.Status200OK) http.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private static int Blank(ReadOnlySpan<byte> answer)
    {
        var (unix, dos) = (answer.IndexOf("\n\n"u8), answer.IndexOf("\r\n\r\n"u8));
        return dos >= 0 && (unix < 0 || dos < unix) ? dos + 4 : unix >= 0 ? unix + 2 : -1;
    }
}
