using System.Globalization;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Features;

namespace Jietong.Services.Tiles;

/// <summary>What an address asks tiles of: which collections, which features of them, with which attributes.</summary>
internal sealed class Tileset
{
    /// <summary>The rows of one collection and the attributes that go into its tiles.</summary>
    public sealed record Part(TileRules Rules, Query Query, IReadOnlyList<string> Attributes);

    /// <summary>The path before <c>/tiles</c>.</summary>
    public string Below { get; }
    public string Title { get; }
    public IReadOnlyList<Part> Parts { get; }
    public int MinZoom => Parts.Min(p => p.Rules.MinZoom);

    private Tileset(HttpContext http, string below, string title, IReadOnlyList<TileRules> chosen, params string[] others)
    {
        (Below, Title) = (below, title);
        if (others.Contains("f") && http.Request.Query.TryGetValue("f", out var form) && form != "json") throw new InputException($"f={form}: tilesets are described in json.");
        Parts = [.. chosen.Select(rules => new Part(rules, FeaturesRequest.Chosen(rules.Layer, http, [.. others, "properties"]), Attributes(http, rules, chosen)))];
    }

    /// <summary>Of one collection.</summary>
    /// <exception cref="InputException">There is none, or it has no tiles, or a parameter is wrong.</exception>
    public static Tileset Of(HttpContext http, string id, params string[] others)
    {
        var rules = TileRules.Of(FeaturesRequest.Collection(id));
        return new(http, $"/collections/{id}", $"{rules.Layer.TitleZh} {rules.Layer.TitleEn}", [rules], others);
    }

    /// <summary>Of all collections that <c>collections</c> names, or of the usual ones.</summary>
    /// <exception cref="InputException">There are no tiles of one, or a parameter is wrong.</exception>
    public static Tileset OfAll(HttpContext http, params string[] others)
    {
        IReadOnlyList<TileRules> chosen = !http.Request.Query.TryGetValue("collections", out var text) ? [.. TileRules.All.Where(r => r.Usual)]
            : [.. text.ToString().Split(',').Distinct().Select(name => TileRules.All.FirstOrDefault(r => r.Layer.Collection == name)
                ?? throw new InputException($"collections: there are no tiles of \"{InputException.Short(name, 60)}\"; there are tiles of {string.Join(", ", TileRules.All.Select(r => r.Layer.Collection))}."))];
        return new(http, "", "接通 Jietong", chosen, [.. others, "collections"]);
    }

    /// <summary>What <c>properties</c> names of a collection, or its usual attributes.</summary>
    private static string[] Attributes(HttpContext http, TileRules rules, IReadOnlyList<TileRules> chosen)
    {
        if (!http.Request.Query.TryGetValue("properties", out var text)) return rules.Attributes;
        static IEnumerable<string> Names(TileRules of) => of.Layer.Columns.Where(c => c.Type != ColumnType.Geometry).Select(c => c.Name);
        var names = text.ToString().Split(',');
        if (names.FirstOrDefault(name => chosen.All(c => !Names(c).Contains(name))) is { } unknown)
            throw new InputException($"properties: {string.Join(", ", chosen.Select(c => c.Layer.Collection))} has no property \"{InputException.Short(unknown, 60)}\"; there are {string.Join(", ", chosen.SelectMany(Names).Distinct())}.");
        return [.. names.Intersect(Names(rules)).Prepend(rules.Layer.Key).Distinct()];
    }

    /// <summary>The tile that an address names.</summary>
    /// <exception cref="InputException">There is none: the zoom, row or column is no number, or lies outside.</exception>
    public static Tile Read(string matrixSet, string matrix, string row, string column)
    {
        TileMatrixSet.Known(matrixSet);
        var (z, y, x) = (Number("tile matrix (zoom)", matrix), Number("tile row", row), Number("tile column", column));
        if (z is < 0 or > TileRules.MaxZoom) throw new InputException($"There are tiles from zoom 0 to {TileRules.MaxZoom}, none at {z}: enlarge those of {TileRules.MaxZoom}.", notFound: true);
        if (y < 0 || y >= 1L << (int)z || x < 0 || x >= 1L << (int)z) throw new InputException($"Zoom {z} has rows and columns 0 to {(1L << (int)z) - 1}; there is no row {y}, column {x}.", notFound: true);
        return new((int)z, (int)y, (int)x);
    }

    private static long Number(string name, string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InputException($"The {name} \"{InputException.Short(text, 40)}\" is not a whole number: write …/tiles/{TileMatrixSet.Id}/{{zoom}}/{{row}}/{{column}}.");

    /// <summary>What is drawn in a tile; a collection that begins at a greater zoom is left out of it.</summary>
    /// <exception cref="InputException">All of them begin later.</exception>
    public IReadOnlyList<TileLayer> At(Tile tile) => tile.Zoom >= MinZoom ? [.. Parts.Where(p => p.Rules.MinZoom <= tile.Zoom).Select(p => p.Rules.At(tile.Zoom, p.Query, p.Attributes))]
        : throw new InputException($"Tiles of {string.Join(", ", Parts.Select(p => p.Rules.Layer.Collection))} begin at zoom {MinZoom}; {tile.Zoom} lies before.", notFound: true);
}
