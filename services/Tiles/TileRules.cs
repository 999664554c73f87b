using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Tiles;

/// <summary>How a layer is drawn in tiles: from which zoom to which, with which attributes unless others are asked for, and what of it at small scales.</summary>
internal sealed record TileRules(Layer Layer, int MinZoom, string[] Attributes)
{
    /// <summary>A client enlarges the tiles of this zoom beyond it: a step of theirs is 15 cm.</summary>
    public const int MaxZoom = 16;

    /// <summary>The most rows of a layer in one tile; where there are more, the answer says so.</summary>
    public const int MostFeatures = 20_000;

    /// <summary>Which of several thousand stay: the first in this order.</summary>
    public IReadOnlyList<Order> Order { get; init; } = [];

    /// <summary>Whether lines smaller than a pixel are left out.</summary>
    public bool WithoutTiny { get; init; }

    /// <summary>Whether a tile of all layers has it without being asked.</summary>
    public bool Usual { get; init; } = true;

    /// <summary>Words of a column that are drawn from a zoom on; those not named, from <see cref="MinZoom"/> on.</summary>
    public (string Column, IReadOnlyList<(int Zoom, string[] Words)> Steps)? Classes { get; init; }

    private static readonly string[] OfLinks = ["id", "nameZh", "nameEn", "kind", "nature", "state", "broken", "since", "stage", "accuracyMetres", "source"];

    public static readonly IReadOnlyList<TileRules> All =
    [
        new(Catalogue.LinkPoints, 0, OfLinks),
        new(Catalogue.LinkLines, 5, OfLinks),
        new(NetworkLayers.Places, 5, ["id", "nameZh", "nameEn", "kind", "population"])
        {
            Classes = ("kind", [(5, ["centre"]), (8, ["hub"]), (9, ["town"])]),
        },
        new(NetworkLayers.Roads, 5, ["id", "nameZh", "nameEn", "ref", "class"])
        {
            Order = [new(new ColumnValue("lengthMetres"), Descending: true)], WithoutTiny = true,
            Classes = ("class", [(5, ["motorway", "urban_expressway"]), (8, ["class1", "urban_trunk"]), (10, ["class2", "urban_secondary"]), (12, ["class3", "class4", "urban_branch"])]),
        },
        new(NetworkLayers.Stops, 9, ["id", "line", "nameZh", "nameEn"]),
        new(StreetLayers.Streets, 5, ["id", "name", "nameEn", "ref", "class", "bridge", "tunnel", "island"])
        {
            Usual = false, Order = [new(new ColumnValue("lengthMetres"), Descending: true)], WithoutTiny = true,
            Classes = ("class", [(5, ["motorway", "trunk", "ferry"]), (8, ["primary", "motorway_link", "trunk_link"]), (10, ["secondary", "primary_link"]), (12, ["tertiary", "secondary_link", "tertiary_link"]), (13, ["unclassified", "residential"])]),
        },
        new(StreetLayers.StreetJunctions, 14, ["id", "island", "bars"]) { Usual = false },
        new(StreetLayers.StreetBarriers, 13, ["id", "kind", "bars"]) { Usual = false },
        new(StreetLayers.MapLines, 5, ["id", "name", "nameEn", "kind", "class", "adminLevel", "adcode"]) { Usual = false, WithoutTiny = true },
        new(StreetLayers.MapRoutes, 8, ["id", "name", "nameEn", "kind", "ref"]) { Usual = false, WithoutTiny = true },
        new(StreetLayers.MapStops, 11, ["id", "name", "nameEn", "kind"]) { Usual = false },
        new(ImportLayers.FeatureCollections[0], 9, ["id", "dataset", "name"]) { Usual = false },
        new(ImportLayers.FeatureCollections[1], 5, ["id", "dataset", "name"]) { Usual = false, WithoutTiny = true },
        new(ImportLayers.FeatureCollections[2], 5, ["id", "dataset", "name"]) { Usual = false, WithoutTiny = true },
        new(ImportLayers.Opportunities, 9, ["id", "dataset", "counts"]) { Usual = false },
        new(TimetableLayers.Stops, 11, ["id", "stopName", "locationType"]) { Usual = false },
        new(TimetableLayers.Shapes, 8, ["id", "dataset"]) { Usual = false, WithoutTiny = true },
        new(GapLayers.Gaps, 5, ["id", "gap", "rank", "kind", "nameA", "nameB", "metres", "savedSeconds", "current"]) { Usual = false },
        new(GainLayers.Gains, 5, ["id", "linkId", "nameZh", "nameEn", "mode", "weights", "state", "gainMinutes", "lowMinutes", "highMinutes", "sketch"]) { Usual = false },
    ];

    /// <exception cref="InputException">There is no such collection, or it has no geometry.</exception>
    public static TileRules Of(Layer layer) => All.FirstOrDefault(r => r.Layer == layer)
        ?? throw new InputException($"{layer.Collection} has no geometry, so there are no tiles of it; there are tiles of {string.Join(", ", All.Select(r => r.Layer.Collection))}.", notFound: true);

    /// <summary>The rows of the question that are drawn at a zoom.</summary>
    public TileLayer At(int zoom, Query query, IReadOnlyList<string> attributes)
    {
        if (Classes is var (column, steps) && steps.Any(s => s.Zoom > zoom))
            query = query.Where(new In(new ColumnValue(column), [.. steps.Where(s => s.Zoom <= zoom).SelectMany(s => s.Words)]));
        return new(Layer.Collection, query with { Select = attributes, OrderBy = Order, Limit = MostFeatures }, WithoutTiny && zoom < TileLayer.WholeFromZoom);
    }
}
