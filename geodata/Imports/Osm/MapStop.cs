namespace Jietong.Geodata.Imports.Osm;

/// <summary>A station or stop (https://wiki.openstreetmap.org/wiki/Public_transport).</summary>
internal sealed record MapStop(string Kind, string? Name, string? NameEn, string? Ref, string[] Modes)
{
    private static readonly string[] ModeKeys = ["subway", "train", "light_rail", "tram", "monorail", "bus", "trolleybus", "ferry"];

    /// <summary>null where the tags make none.</summary>
    public static MapStop? Of(OsmTags tags)
    {
        var kind = tags["railway"] is "station" or "halt" or "subway_entrance" or "tram_stop" ? tags["railway"]
            : tags["highway"] == "bus_stop" ? "bus_stop"
            : tags["amenity"] == "ferry_terminal" ? "ferry_terminal"
            : tags["public_transport"] is "station" or "platform" or "stop_position" ? tags["public_transport"]
            : tags["railway"] == "platform" || tags["highway"] == "platform" ? "platform"
            : null;
        return kind is null ? null : new(kind, tags["name"], tags["name:en"], tags["ref"], Served(kind, tags));
    }

    private static string[] Served(string kind, OsmTags tags)
    {
        var said = ModeKeys.Where(key => tags[key] == "yes" || tags["station"] == key).ToArray();
        return said.Length > 0 ? said : kind switch
        {
            "station" or "halt" when tags.Has("railway") => ["train"],
            "subway_entrance" => ["subway"],
            "tram_stop" => ["tram"],
            "bus_stop" => ["bus"],
            "ferry_terminal" => ["ferry"],
            _ => [],
        };
    }
}
