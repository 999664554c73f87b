using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Services.Jobs;
using Jietong.Services.Serve;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Jietong.Services.Import;

/// <summary><c>POST /imports</c> by an editor: files as multipart/form-data, or one as the body with its name in <c>file=</c>; what is said of them stands in the address. The answer is a job.</summary>
internal static class ImportEndpoint
{
    /// <summary>Of all files of one import together.</summary>
    public const long MostBytes = 1L << 30;

    public static void MapImports(this WebApplication app, NpgsqlDataSource db) => app.MapPost("/imports", (HttpContext http) => Answer(http, db));

    private static async Task Answer(HttpContext http, NpgsqlDataSource db)
    {
        var who = await Access.Editor(http, db);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        var asked = new JsonObject();
        foreach (var (name, values) in http.Request.Query)
        {
            if (name == "file") continue;
            if (!ImportJob.Parameters.ContainsKey(name)) throw new InputException($"{InputException.Short(name, 40)} is no parameter of imports; known are file, {string.Join(", ", ImportJob.Parameters.Keys)}.");
            if (values.Count != 1) throw new InputException($"{name} is given {values.Count} times.");
            asked[name] = values[0];
        }
        ImportJob.Request(asked, [], who);   // what is wrong in the address is said before anything is sent
        var job = await Submit(db, who, asked, http);
        http.Response.StatusCode = 202;
        http.Response.Headers.Location = JobsEndpoints.AddressOf(http, job.Id);
        await JsonAnswer.Write(http, JobsEndpoints.StatusInfo(http, job), "application/json");
    }

    private static async Task<Job> Submit(NpgsqlDataSource db, string who, JsonObject asked, HttpContext http)
    {
        try { return await Geodata.Jobs.Submit(db, ImportJob.Kind, who, asked, Files(http), http.RequestAborted); }
        catch (IOException e) when (e is not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested) { throw new InputException($"The body ends in the middle of a file: {e.Message} Nothing was taken on."); }
    }

    private static async IAsyncEnumerable<(string, Stream)> Files(HttpContext http, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            if (http.Request.ContentLength == 0) throw new InputException("The body is empty: send the file in it.");
            yield return (NameOf(http.Request.Query["file"].ToString()), http.Request.Body);
            yield break;
        }
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary)) throw new InputException("Content-Type: multipart/form-data names no boundary.");
        var reader = new MultipartReader(boundary, http.Request.Body);
        var names = new HashSet<string>();
        while (await Next(reader, cancel) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || !disposition.IsFileDisposition()) throw new InputException("A part of the body is no file: files alone are sent there, what is said of them stands in the address (?into=…&datum=…).");
            var name = NameOf(HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "");
            if (!names.Add(name)) throw new InputException($"Two files are named {name}.");
            yield return (name, part.Body);
        }
        if (names.Count == 0) throw new InputException("No file was sent.");
    }

    private static async Task<MultipartSection?> Next(MultipartReader reader, CancellationToken cancel)
    {
        try { return await reader.ReadNextSectionAsync(cancel); }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException) { throw new InputException($"The body is no whole multipart/form-data: {e.Message}"); }
    }

    /// <summary>A name without folders: only its ending and its letters count.</summary>
    private static string NameOf(string given)
    {
        var name = given[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        if (name.Length is 0 or > 200 || name[0] == '.' || name.Any(char.IsControl)) throw new InputException($"\"{InputException.Short(given, 60)}\" is no name of a file: say it with ?file=streets.osm.pbf, or as the filename of a part; its ending tells what it is.");
        return name;
    }
}
