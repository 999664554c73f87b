namespace Jietong.Geodata.Imports.Osm;

/// <summary>In which directions a way is used (https://wiki.openstreetmap.org/wiki/Key:oneway). One that changes its direction with the time of day (reversible) is no way that one can count on: in neither.</summary>
internal static class OsmOneway
{
    private static readonly string[] Contraflow = ["opposite", "opposite_lane", "opposite_track", "opposite_share_busway"], CycleLanes = ["cycleway", "cycleway:left", "cycleway:right"];

    public static (bool Forward, bool Backward) Of(OsmTags tags, string roadClass, Modes mode)
    {
        var said = mode switch
        {
            Modes.Car => tags.First("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"),
            Modes.Cycle => tags.First("oneway:bicycle", "oneway:vehicle", "oneway"),
            _ => tags.First("oneway:foot", "conveying"),
        };
        if (mode == Modes.Cycle && said?.Key == "oneway" && CycleLanes.Any(lane => Contraflow.Contains(tags[lane]))) return (true, true);
        return said?.Value switch
        {
            "yes" when said?.Key == "conveying" => (true, true),
            "yes" or "true" or "1" or "forward" => (true, false),
            "-1" or "reverse" or "backward" => (false, true),
            "reversible" => (false, false),
            null => (true, mode == Modes.Foot || roadClass != "motorway" && tags["junction"] is not ("roundabout" or "circular")),
            _ => (true, true),
        };
    }
}
