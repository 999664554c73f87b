using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;

namespace Jietong.Services.Features;

/// <summary>Which features of a collection an address asks for. Items, tiles and downloads read it in the same way.</summary>
internal static class FeaturesRequest
{
    public const int DefaultLimit = 1000, LargestLimit = 10_000;

    /// <summary>Parameters that choose features.</summary>
    public static readonly string[] Choosing = ["bbox", "bbox-crs", "datetime", "asOf", "knownBy"];

    /// <summary>Parameters of a page of items.</summary>
    public static readonly string[] Parameters = [.. Choosing, "crs", "limit", "offset", "f"];

    public static Layer Collection(string id) => Catalogue.Collections.FirstOrDefault(l => l.Collection == id)
        ?? throw new InputException($"There is no collection \"{id}\"; there are {string.Join(", ", Catalogue.Collections.Select(l => l.Collection))}.", notFound: true);

    /// <summary>One feature by its key.</summary>
    public static Query Item(Layer layer, string id, HttpContext http)
    {
        Known(http, "asOf", "knownBy", "crs", "f");
        return Dated(layer, http).Where(new Compare(Comparison.Equal, new ColumnValue(layer.Key), new Literal(id)));
    }

    /// <summary>A page of features.</summary>
    public static Query Items(Layer layer, HttpContext http) => Chosen(layer, http, "crs", "limit", "offset", "f") with
    {
        Limit = Math.Min(Number(http, "limit", 1, DefaultLimit), LargestLimit),
        Offset = Number(http, "offset", 0, 0),
    };

    /// <summary>The features that <see cref="Choosing"/> leaves, in the reference system of <c>crs</c>.</summary>
    /// <param name="layer">Of which collection.</param>
    /// <param name="http">The request.</param>
    /// <param name="others">The names of the parameters that the caller reads himself; any further one is refused.</param>
    public static Query Chosen(Layer layer, HttpContext http, params string[] others)
    {
        Known(http, [.. Choosing, .. others]);
        var (query, parameters) = (Dated(layer, http), http.Request.Query);
        if (parameters.ContainsKey("bbox-crs") && !parameters.ContainsKey("bbox")) throw new InputException("bbox-crs says in which system bbox is: write bbox too.");
        if (!parameters.TryGetValue("bbox", out var bbox)) return query;
        var box = Box(bbox.ToString(), parameters.TryGetValue("bbox-crs", out var crs) ? Crs.Read("bbox-crs", crs.ToString()) : Crs.Crs84);
        return layer.Geometry is { } geometry ? query.Where(new Spatial(SpatialRelation.Intersects, new ColumnValue(geometry.Name), box)) : query;
    }

    /// <exception cref="InputException">A parameter is none of those, or stands there twice.</exception>
    private static void Known(HttpContext http, params string[] known)
    {
        foreach (var (name, values) in http.Request.Query)
        {
            if (!known.Contains(name)) throw new InputException($"The parameter \"{name}\" is unknown. Known are {string.Join(", ", known)}.");
            if (values.Count > 1) throw new InputException($"The parameter \"{name}\" stands there {values.Count} times: write it once.");
        }
    }

    private static Query Dated(Layer layer, HttpContext http)
    {
        var parameters = http.Request.Query;
        if (parameters.TryGetValue("f", out var form) && form != "json") throw new InputException($"f={form}: this service writes json.");
        return new Query(layer)
        {
            AsOf = http.AsOf() ?? parameters.Day("asOf") ?? EndOf(parameters) ?? Days.Today, KnownBy = parameters.Day("knownBy") ?? Days.Today,
            Crs = parameters.TryGetValue("crs", out var crs) ? Crs.Read("crs", crs.ToString()) : Crs.Crs84,
        };
    }

    /// <summary>The state that <c>datetime</c> asks for: at an instant, or at the end of an interval (RFC 3339; <c>..</c> or nothing for open).</summary>
    private static DateOnly? EndOf(IQueryCollection parameters)
    {
        if (!parameters.TryGetValue("datetime", out var text)) return null;
        var ends = text.ToString().Split('/');
        var days = ends.Select(DateOnly? (end) => end is ".." or "" && ends.Length == 2 ? null : Instant(end)
            ?? throw new InputException($"datetime: \"{text}\" is no instant or interval: write 2018-06-29, 2018-06-29T00:00:00Z, 2018-01-01/2018-12-31 or ../2018-12-31.")).ToArray();
        if (ends.Length > 2 || days.Length == 2 && days[0] > days[1]) throw new InputException($"datetime: \"{text}\" is no interval: its start must not lie after its end.");
        return days[^1];
    }

    private static DateOnly? Instant(string text) => Days.TryRead(text)
        ?? (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant.Year is > 1 and < 9999 ? Days.In(instant) : null);

    private static int Number(HttpContext http, string name, int least, int otherwise) =>
        !http.Request.Query.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw new InputException($"{name}: \"{text}\" is not a whole number from {least} on.");

    private static GeometryLiteral Box(string text, Crs crs)
    {
        var parts = text.Split(',');
        var numbers = parts.Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : double.NaN).ToArray();
        if (numbers.Length is not (4 or 6) || numbers.Any(double.IsNaN))
            throw new InputException($"bbox: \"{text}\" is not four or six numbers: write the lower corner, then the upper, in the axis order of {crs.Uri}.");
        var (lower, upper) = ((numbers[0], numbers[1]), (numbers[^(numbers.Length / 2)], numbers[^(numbers.Length / 2 - 1)]));
        if (crs.LatitudeFirst) (lower, upper) = ((lower.Item2, lower.Item1), (upper.Item2, upper.Item1));
        var ((west, south), (east, north), inDegrees) = (lower, upper, crs.Decimals > 2);
        if (inDegrees && (Math.Abs(south) > 90 || Math.Abs(north) > 90 || Math.Abs(west) > 180 || Math.Abs(east) > 180))
            throw new InputException($"bbox: \"{text}\" lies outside longitude ±180 and latitude ±90 in the axis order of {crs.Uri}.");
        if (south > north || !inDegrees && west > east) throw new InputException($"bbox: \"{text}\": the lower corner must lie below the upper, in the axis order of {crs.Uri}.");
        if (!inDegrees && numbers.Any(n => Math.Abs(n) > 50_000_000)) throw new InputException($"bbox: \"{text}\" lies off the Earth.");
        return GeometryLiteral.Box(west, south, east, north, crs);
    }
}
