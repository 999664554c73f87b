using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Serve;

/// <summary>
/// <c>/asof/2018-06-29/</c> is a root of its own, with everything of OGC API below it as of that day: desktop GIS takes one address and adds no parameters.
/// The day becomes part of the base path, so every link of an answer stays below it.
/// </summary>
internal static class AsOfRoot
{
    private static readonly object Day = new();

    /// <summary>The day of the root under which the request came; null where it came under the plain one.</summary>
    public static DateOnly? AsOf(this HttpContext http) => http.Items.TryGetValue(Day, out var day) ? (DateOnly)day! : null;

    /// <summary>Must come before routing, which sees the rest of the path.</summary>
    public static void UseAsOfRoots(this WebApplication app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments("/asof", StringComparison.Ordinal, out var rest)) return next(http);
        var (text, path) = rest.Value!.TrimStart('/').Split('/', 2) is [var first, var others] ? (first, "/" + others) : (rest.Value.TrimStart('/'), "/");
        var day = Days.TryRead(text) ?? throw new InputException($"/asof/{text}: write a day, /asof/2018-06-29/.", notFound: true);
        if (path.StartsWith("/odata", StringComparison.Ordinal)) throw new InputException("OData is not served below /asof: ask /odata/AsOf(asOf=2018-06-29), or add asOf=2018-06-29.", notFound: true);
        if (http.Request.Query.ContainsKey("asOf") || http.Request.Query.ContainsKey("datetime")) throw new InputException($"The address gives two days: below /asof/{text} leave asOf and datetime out.");
        http.Items[Day] = day;
        (http.Request.PathBase, http.Request.Path) = (http.Request.PathBase + string.Create(CultureInfo.InvariantCulture, $"/asof/{day:yyyy-MM-dd}"), path);
        return next(http);
    });
}
