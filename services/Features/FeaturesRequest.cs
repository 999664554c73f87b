using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Services.Serve;

namespace Jietong.Services.Features;

/// <summary>Which features of a collection an address asks for. Items, tiles and downloads read it in the same way.</summary>
internal static class FeaturesRequest
{
    public const int DefaultLimit = 1000, LargestLimit = 10_000;

    /// <summary>Parameters that choose features. Beside them every queryable property is one: <c>kind=road</c> (OGC 19-079r2, 7.2).</summary>
    public static readonly string[] Choosing = ["bbox", "bbox-crs", "datetime", "asOf", "knownBy", "filter", "filter-lang", "filter-crs"];

    /// <summary>Parameters of a page of items, and of one item.</summary>
    public static readonly string[] OfItems = ["crs", "sortby", "properties", "limit", "offset", "after", "f"], OfItem = ["crs", "asOf", "knownBy", "properties", "f"];

    public static Layer Collection(string id) => Catalogue.Collections.FirstOrDefault(l => l.Collection == id)
        ?? throw new InputException($"There is no collection \"{id}\"; there are {string.Join(", ", Catalogue.Collections.Select(l => l.Collection))}.", notFound: true);

    /// <summary>Properties that are parameters of their own: all of one value, unless a parameter has that name already.</summary>
    public static IEnumerable<Column> Queryables(Layer layer) => layer.Columns.Where(c => c.Type is not (ColumnType.Geometry or ColumnType.Json or ColumnType.TextList) && !Choosing.Contains(c.Name) && !OfItems.Contains(c.Name));

    /// <summary>One feature by its key.</summary>
    public static Query Item(Layer layer, string id, HttpContext http)
    {
        Known(http, OfItem);
        return Shaped(Dated(layer, http), http).Where(Is(layer.Key, id));
    }

    /// <summary>A page of features.</summary>
    public static Query Items(Layer layer, HttpContext http)
    {
        var query = Shaped(Chosen(layer, http, OfItems), http);
        var limit = Math.Min(Whole(http, "limit", 1) ?? DefaultLimit, LargestLimit);
        return query with { Limit = limit + 1, WithPosition = true, OrderBy = Sorting(layer, http), Offset = Whole(http, "offset", 0) ?? 0, After = FeaturesPage.After(http) };   // one more tells whether there are more
    }

    /// <exception cref="InputException">The parameter is there and is no whole number, or too small.</exception>
    private static int? Whole(HttpContext http, string name, int least) => !http.Request.Query.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw new InputException($"{name}: \"{text}\" is not a whole number from {least} on.");

    /// <summary>The features that <see cref="Choosing"/> and the queryables leave, in the reference system of <c>crs</c>.</summary>
    /// <param name="layer">Of which collection.</param>
    /// <param name="http">The request.</param>
    /// <param name="others">The names of the parameters that the caller reads himself; any further one is refused.</param>
    public static Query Chosen(Layer layer, HttpContext http, params string[] others)
    {
        Known(http, [.. Choosing, .. others, .. Queryables(layer).Select(c => c.Name)]);
        var (query, parameters) = (Dated(layer, http), http.Request.Query);
        foreach (var column in Queryables(layer).Where(c => parameters.ContainsKey(c.Name) && !others.Contains(c.Name))) query = query.Where(Equal(column, parameters[column.Name].ToString()));
        if (parameters.ContainsKey("filter")) query = query.Where(Filter(layer, http));
        else if (parameters.Keys.FirstOrDefault(k => k is "filter-lang" or "filter-crs") is { } about) throw new InputException($"{about} speaks of filter: write filter too.");
        if (parameters.ContainsKey("bbox-crs") && !parameters.ContainsKey("bbox")) throw new InputException("bbox-crs says in which system bbox is: write bbox too.");
        if (!parameters.TryGetValue("bbox", out var bbox)) return query;
        var box = Box(bbox.ToString(), CrsOf(http, "bbox-crs"));
        if (layer.Geometry is not { } geometry) return query;
        var position = new ColumnValue(geometry.Name);
        return query.Where(new Or(new Spatial(SpatialRelation.Intersects, position, box), new IsNull(position)));   // a box holds nothing back that has no position (OGC 17-069r4, /req/core/fc-bbox-response, C)
    }

    /// <summary>The reference system that a parameter names; longitude and latitude without one.</summary>
    public static Crs CrsOf(HttpContext http, string parameter) => http.Request.Query.TryGetValue(parameter, out var crs) ? Crs.Read(parameter, crs.ToString()) : Crs.Crs84;

    private static Expression Filter(Layer layer, HttpContext http)
    {
        var parameters = http.Request.Query;
        var json = parameters.TryGetValue("filter-lang", out var language) && language.ToString() switch
        {
            "cql2-text" => false, "cql2-json" => true,
            var other => throw new InputException($"filter-lang: \"{other}\" is none of cql2-text and cql2-json."),
        };
        return Cql2Filter.Read(parameters["filter"].ToString(), json, layer, CrsOf(http, "filter-crs"));
    }

    private static Compare Is(string column, object value) => new(Comparison.Equal, new ColumnValue(column), new Literal(value));

    private static Compare Equal(Column column, string text)
    {
        InputException Wrong(string like) => new($"{column.Name}: \"{text}\" is not {like}.");
        return Is(column.Name, column.Type switch
        {
            ColumnType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : throw Wrong("a whole number"),
            ColumnType.Number => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a number"),
            ColumnType.Bool => bool.TryParse(text, out var truth) ? truth : throw Wrong("true or false"),
            ColumnType.Date => Days.Read(column.Name, text),
            ColumnType.Timestamp => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : throw Wrong("a time like 2018-06-29T00:00:00Z"),
            _ => text,
        });
    }

    /// <exception cref="InputException">A parameter is none of those, or stands there twice.</exception>
    internal static void Known(HttpContext http, params string[] known)
    {
        foreach (var (name, values) in http.Request.Query)
        {
            if (!known.Contains(name)) throw new InputException($"The parameter \"{name}\" is unknown. Known are {string.Join(", ", known)}.");
            if (values.Count > 1) throw new InputException($"The parameter \"{name}\" stands there {values.Count} times: write it once.");
        }
    }

    private static Query Dated(Layer layer, HttpContext http) => new(layer)
    {
        AsOf = http.AsOf() ?? EndOf(http.Request.Query) ?? http.Request.Query.Day("asOf") ?? Days.Today,
        KnownBy = http.Request.Query.Day("knownBy") ?? Days.Today, Crs = CrsOf(http, "crs"),
    };

    /// <summary>Only the properties wanted; the key and the geometry always come.</summary>
    private static Query Shaped(Query query, HttpContext http)
    {
        if (!http.Request.Query.TryGetValue("properties", out var text)) return query;
        var names = text.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name => query.Layer.Column(name).Name);
        return query with { Select = [.. names.Prepend(query.Layer.Key).Concat(query.Layer.Geometry is { } geometry ? [geometry.Name] : []).Distinct()] };
    }

    /// <summary><c>sortby=-lengthMetres,nameZh</c>: + or nothing going up, - going down; a + arrives as a blank where it was not encoded.</summary>
    private static List<Order> Sorting(Layer layer, HttpContext http) => !http.Request.Query.TryGetValue("sortby", out var text) ? [] :
    [
        .. text.ToString().Split(',').Select(key => FeaturesSchema.Sortables(layer).FirstOrDefault(c => c.Name == (key is ['+' or '-' or ' ', .. var name] ? name : key)) is { } column ? new Order(new ColumnValue(column.Name), key.StartsWith('-'))
            : throw new InputException($"sortby: \"{key}\" is nothing to sort by; there are {string.Join(", ", FeaturesSchema.Sortables(layer).Select(c => c.Name))}.")),
    ];

    /// <summary>The state that <c>datetime</c> asks for: at an instant, or at the end of an interval (RFC 3339; <c>..</c> or nothing for open).</summary>
    private static DateOnly? EndOf(IQueryCollection parameters)
    {
        if (!parameters.TryGetValue("datetime", out var text)) return null;
        if (parameters.ContainsKey("asOf")) throw new InputException("datetime and asOf both give the day: write one of them.");
        var ends = text.ToString().Split('/');
        var days = ends.Select(DateOnly? (end) => end is ".." or "" && ends.Length == 2 ? null : Instant(end)
            ?? throw new InputException($"datetime: \"{text}\" is no instant or interval: write 2018-06-29, 2018-06-29T00:00:00Z, 2018-01-01/2018-12-31 or ../2018-12-31.")).ToArray();
        if (ends.Length > 2 || days is [null, null] || days.Length == 2 && days[0] > days[1]) throw new InputException($"datetime: \"{text}\" is no interval: it needs an end at least, and its start must not lie after its end.");
        return days[^1];
    }

    private static DateOnly? Instant(string text) => Days.TryRead(text)
        ?? (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant.Year is > 1 and < 9999 ? Days.In(instant) : null);

    private static GeometryLiteral Box(string text, Crs crs)
    {
        var numbers = text.Split(',').Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : double.NaN).ToArray();
        if (numbers.Length is not (4 or 6) || numbers.Any(double.IsNaN))
            throw new InputException($"bbox: \"{text}\" is not four or six numbers: write the lower corner, then the upper, in the axis order of {crs.Uri}.");
        var (lower, upper) = (numbers, numbers[(numbers.Length / 2)..]);
        try { return crs.LatitudeFirst ? GeometryLiteral.Box(lower[1], lower[0], upper[1], upper[0], crs) : GeometryLiteral.Box(lower[0], lower[1], upper[0], upper[1], crs); }
        catch (InputException e) { throw new InputException($"bbox: {e.Message}"); }
    }
}
