using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;

namespace Jietong.Services.Features;

/// <summary>What the address of a collection's items asks (OGC 17-069r4, clause 7.15): a page of features, in a box, on a day.</summary>
internal static class FeaturesRequest
{
    public const int DefaultLimit = 1000, LargestLimit = 10_000;
    public static readonly string[] Parameters = ["bbox", "limit", "offset", "datetime", "asOf", "knownBy", "f"];
    private const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    public static Layer Collection(string id) => Catalogue.Collections.FirstOrDefault(l => l.Collection == id)
        ?? throw new InputException($"There is no collection \"{id}\"; there are {string.Join(", ", Catalogue.Collections.Select(l => l.Collection))}.", notFound: true);

    /// <summary>One feature by its key.</summary>
    public static Query Item(Layer layer, string id, IQueryCollection parameters) =>
        Dated(layer, parameters, "asOf", "knownBy", "f").Where(new Compare(Comparison.Equal, new ColumnValue(layer.Key), new Literal(id)));

    /// <summary>A page of features.</summary>
    public static Query Items(Layer layer, IQueryCollection parameters)
    {
        var query = Dated(layer, parameters, Parameters) with
        {
            Limit = Math.Min(Number(parameters, "limit", 1, DefaultLimit), LargestLimit),
            Offset = Number(parameters, "offset", 0, 0),
        };
        if (!parameters.TryGetValue("bbox", out var bbox)) return query;
        var box = Box(bbox.ToString());
        return layer.Geometry is { } geometry ? query.Where(new Spatial(SpatialRelation.Intersects, new ColumnValue(geometry.Name), box)) : query;
    }

    private static Query Dated(Layer layer, IQueryCollection parameters, params string[] known)
    {
        if (parameters.Keys.Except(known).FirstOrDefault() is { } unknown)
            throw new InputException($"The parameter \"{unknown}\" is unknown. Known are {string.Join(", ", known)}.");
        if (parameters.TryGetValue("f", out var form) && form != "json") throw new InputException($"f={form}: this service writes json.");
        var asOf = parameters.Day("asOf") ?? EndOf(parameters) ?? Days.Today;
        return new Query(layer) { AsOf = asOf, KnownBy = parameters.Day("knownBy") ?? Days.Today };
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

    private static int Number(IQueryCollection parameters, string name, int least, int otherwise) =>
        !parameters.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw new InputException($"{name}: \"{text}\" is not a whole number from {least} on.");

    private static GeometryLiteral Box(string text)
    {
        var parts = text.Split(',');
        var numbers = parts.Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : double.NaN).ToArray();
        if (numbers.Length is not (4 or 6) || numbers.Any(double.IsNaN))
            throw new InputException($"bbox: \"{text}\" is not four or six numbers: write west,south,east,north in degrees ({Crs84}).");
        var (west, south, east, north) = numbers.Length == 4 ? (numbers[0], numbers[1], numbers[2], numbers[3]) : (numbers[0], numbers[1], numbers[3], numbers[4]);
        if (south > north || Math.Abs(south) > 90 || Math.Abs(north) > 90 || Math.Abs(west) > 180 || Math.Abs(east) > 180)
            throw new InputException($"bbox: \"{text}\" lies outside longitude ±180 and latitude ±90, or its south is above its north.");
        // West beyond east crosses the antimeridian (RFC 7946, 5.2): two boxes.
        var rings = west <= east ? Ring(west, south, east, north) : $"{Ring(west, south, 180, north)},{Ring(-180, south, east, north)}";
        return new($"SRID=4326;MULTIPOLYGON({rings})");
    }

    private static string Ring(double w, double s, double e, double n) =>
        string.Create(CultureInfo.InvariantCulture, $"(({w} {s},{e} {s},{e} {n},{w} {n},{w} {s}))");
}
