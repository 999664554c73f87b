using System.Globalization;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>A line that keeps roads apart or that roads stop at: a railway, a river or canal or its banks, the boundary of a unit down to the county (admin_level 6, https://wiki.openstreetmap.org/wiki/Tag:boundary%3Dadministrative).</summary>
internal sealed record MapLine(string Kind, string Class, string? Name, string? NameEn, short? AdminLevel, string? Adcode)
{
    private const short LowestLevel = 6;
    private static readonly string[] Railways = ["rail", "subway", "light_rail", "tram", "monorail", "narrow_gauge"], AdcodeKeys = ["ref:gb2260", "gb2260", "GB2260", "adcode", "ref:CN", "ref"];

    /// <summary>null where the tags make none.</summary>
    public static MapLine? Of(OsmTags tags, bool isRelation)
    {
        if (isRelation && tags["type"] is not ("boundary" or "multipolygon")) return null;
        if (!isRelation && tags["railway"] is { } railway && Railways.Contains(railway)) return Named("railway", railway);
        if (!isRelation && tags["waterway"] is "river" or "canal") return Named("waterway", tags["waterway"]!);
        if (tags["waterway"] == "riverbank" || tags["natural"] == "water" && tags["water"] is "river" or "canal") return Named("waterway", "riverbank");
        if (isRelation && tags["boundary"] == "administrative" && short.TryParse(tags["admin_level"], NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level <= LowestLevel)
            return Named("boundary", "administrative") with { AdminLevel = level, Adcode = AdcodeKeys.Select(k => tags[k]).FirstOrDefault(v => v is { Length: 6 } && v.All(char.IsAsciiDigit)) };
        return null;

        MapLine Named(string kind, string @class) => new(kind, @class, tags["name"], tags["name:en"], null, null);
    }
}
