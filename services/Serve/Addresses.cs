using Jietong.Geodata.Query;

namespace Jietong.Services.Serve;

/// <summary>Where the service lives and how it is called: what every protocol reads from an address in the same way.</summary>
internal static class Addresses
{
    /// <summary>Answers GET, and HEAD with the same headers and no body.</summary>
    public static void MapAnswer(this WebApplication app, string pattern, Delegate answer) => app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], answer);

    /// <summary>The address of the service as the client called it, without a slash at the end.</summary>
    public static string Root(this HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";

    /// <summary>The day that a parameter gives; null where it is absent.</summary>
    /// <exception cref="Geodata.InputException">It is there and is no day.</exception>
    public static DateOnly? Day(this IQueryCollection parameters, string name) => parameters.TryGetValue(name, out var text) ? Days.Read(name, text.ToString()) : null;

    /// <summary>What the header Prefer asks (RFC 7240), as it is written, and its name without the "odata." of older clients.</summary>
    public static IEnumerable<(string Text, string Name, string Value)> Preferences(this HttpContext http) => http.Request.Headers["Prefer"]
        .SelectMany(header => (header ?? "").Split(',', ';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(text => text.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value] ? (text, Plain(name), value) : (text, Plain(text), ""));

    private static string Plain(string preference) => preference.StartsWith("odata.", StringComparison.Ordinal) ? preference["odata.".Length..] : preference;

    /// <summary>The whole body; the server bounds its size.</summary>
    public static async Task<byte[]> Body(this HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}
