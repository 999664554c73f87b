namespace Jietong.Geodata.Imports.Osm;

/// <summary>A line of public transport as drawn on the map (https://wiki.openstreetmap.org/wiki/Relation:route).</summary>
internal static class MapRoute
{
    private static readonly string[] Kinds = ["subway", "train", "light_rail", "tram", "monorail", "bus", "trolleybus", "ferry"];

    public static bool IsOne(OsmTags tags) => tags["type"] == "route" && Kinds.Contains(tags["route"]);

    /// <summary>Stops in order; where none are named, platforms. As map_stop numbers them.</summary>
    public static string[] Stops(OsmRelation relation)
    {
        string[] Of(string role) => [.. relation.Members.Where(m => m.Role.StartsWith(role, StringComparison.Ordinal) && m.Kind != OsmKind.Relation).Select(m => $"{(m.Kind == OsmKind.Node ? 'n' : 'w')}{m.Id}")];
        return Of("stop") is { Length: > 0 } stops ? stops : Of("platform");
    }

    /// <summary>The ways that it runs along.</summary>
    public static IEnumerable<long> Ways(OsmRelation relation) => relation.Members.Where(m => m.Kind == OsmKind.Way && m.Role is "" or "forward" or "backward" or "route" or "main").Select(m => m.Id);
}
