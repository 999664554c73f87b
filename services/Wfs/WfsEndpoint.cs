using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;

namespace Jietong.Services.Wfs;

/// <summary>WFS 2.0 (OGC 09-025r2) at <c>/wfs</c>, for desktop programs that know no OGC API: MapServer answers, on the same database. Below <c>/asof/2018-06-29/</c> as of that day.</summary>
internal static class WfsEndpoint
{
    /// <summary>What WFS 2.0, 1.1 and 1.0 call their parameters; MapServer knows others of its own, which never reach it.</summary>
    private static readonly HashSet<string> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "service", "version", "request", "acceptversions", "acceptformats", "sections", "updatesequence", "language", "namespace", "namespaces", "typename", "typenames", "outputformat", "resulttype", "count", "maxfeatures", "startindex",
        "propertyname", "srsname", "filter", "filter_language", "bbox", "sortby", "resourceid", "featureid", "storedquery_id", "storedqueryid", "id", "valuereference", "aliases", "resolve", "resolvedepth", "resolvetimeout",
    };

    public static void MapWfs(this WebApplication app) => app.MapMethods("/wfs", [HttpMethods.Get, HttpMethods.Post], Answer);

    private static async Task Answer(HttpContext http)
    {
        var today = Days.Today;
        var map = MapFile.Write(http.Root(), http.AsOf() ?? today, today);
        if (HttpMethods.IsGet(http.Request.Method))
        {
            if (http.Request.Query.TryGetValue("bbox", out var box) && box.ToString().Split(',') is var numbers && (numbers.Length < 4 || numbers.Take(4).Any(n => !double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))))
                throw new InputException($"bbox: \"{box}\" is not four numbers: write the lower corner, the upper corner, and the reference system (MapServer would read what is no number as 0).");
            var known = http.Request.Query.Where(p => Parameters.Contains(p.Key)).SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v)));
            await MapServer.Answer(http, map, QueryString.Create(known).Value?.TrimStart('?') ?? "", body: null);
            return;
        }
        var type = http.Request.ContentType ?? "";
        if (!type.Contains("xml", StringComparison.OrdinalIgnoreCase)) throw new RefusedRequestException(415, "Unsupported Media Type", $"WFS takes XML by POST (Content-Type: text/xml), and parameters by GET, not \"{type}\".");
        await MapServer.Answer(http, map, "", await http.Request.Body());
    }
}
