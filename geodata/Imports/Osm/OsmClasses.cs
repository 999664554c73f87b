namespace Jietong.Geodata.Imports.Osm;

/// <summary>Who may be on a street.</summary>
[Flags]
internal enum Modes { None = 0, Car = 1, Cycle = 2, Foot = 4, All = 7 }

internal static class ModesWords
{
    public static readonly Modes[] Each = [Modes.Car, Modes.Cycle, Modes.Foot];

    public static string[] Words(this Modes modes) => [.. Each.Where(m => (modes & m) != 0).Select(m => m.ToString().ToLowerInvariant())];
}

/// <summary>
/// What the highway key says by itself: who may be there where no other tag says, and a speed for cars where none is signed. Who may: as in the worldwide table of
/// https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing/Access_restrictions. Speeds are estimates of the limit: 《道路交通安全法实施条例》第四十五条 (without a centre line
/// 30 km/h in towns, 40 outside; one lane each way 50 and 70), 第七十八条 (expressways 60 to 120), and the design speeds of JTG B01—2014 and CJJ 37—2012 below them.
/// </summary>
/// <param name="SpeedKmh">Of cars.</param>
/// <param name="Modes">Who may be there.</param>
internal sealed record OsmClass(float SpeedKmh, Modes Modes)
{
    /// <summary>《道路交通安全法》第五十八条 holds electric cycles to 15 km/h on cycle lanes.</summary>
    public const float CycleKmh = 15;

    /// <summary>As in the register (walking-speed).</summary>
    public const float FootKmh = 5;

    /// <summary>Of cars where maxspeed=none: 第七十八条, the most on any expressway.</summary>
    public const float NoLimitKmh = 120;

    /// <summary>Of everybody on a ferry that says no duration: about 8 knots.</summary>
    public const float FerryKmh = 15;

    public const string Ferry = "ferry";

    private static readonly Dictionary<string, OsmClass> Classes = new()
    {
        ["motorway"] = new(100, Modes.Car), ["motorway_link"] = new(50, Modes.Car),
        ["trunk"] = new(80, Modes.All), ["trunk_link"] = new(50, Modes.All), ["primary"] = new(60, Modes.All), ["primary_link"] = new(40, Modes.All),
        ["secondary"] = new(50, Modes.All), ["secondary_link"] = new(40, Modes.All), ["tertiary"] = new(40, Modes.All), ["tertiary_link"] = new(30, Modes.All),
        ["unclassified"] = new(40, Modes.All), ["residential"] = new(30, Modes.All), ["road"] = new(30, Modes.All), ["living_street"] = new(15, Modes.All), ["service"] = new(20, Modes.All),
        ["track"] = new(15, Modes.Cycle | Modes.Foot), ["path"] = new(15, Modes.Cycle | Modes.Foot), ["cycleway"] = new(15, Modes.Cycle | Modes.Foot),
        ["pedestrian"] = new(10, Modes.Foot), ["footway"] = new(10, Modes.Foot), ["steps"] = new(10, Modes.Foot), ["bridleway"] = new(10, Modes.Foot),
        [Ferry] = new(FerryKmh, Modes.Cycle | Modes.Foot),
    };

    /// <summary>The class of a way, null where it is no road yet, no longer or not at all. A ferry is where route=ferry stands and no road does.</summary>
    public static string? NameOf(OsmTags tags) => tags["highway"] is { } highway ? highway != Ferry && Classes.ContainsKey(highway) ? highway : null : tags["route"] == "ferry" ? Ferry : null;

    public static bool IsPlanned(OsmTags tags) => tags["highway"] is "construction" or "proposed" or "planned";

    /// <summary>By the class and the tags that change what it means: tracks of the best grade are for cars, motor roads for them alone, what is drawn as an area can be walked around, and roads for emergencies are for nobody.</summary>
    public static OsmClass Of(string name, OsmTags tags)
    {
        var own = Classes[name];
        return tags["area"] == "yes" ? own with { Modes = own.Modes & Modes.Foot }
            : tags["motorroad"] == "yes" ? own with { Modes = own.Modes & Modes.Car }
            : name == "track" && tags["tracktype"] == "grade1" ? own with { Modes = Modes.All }
            : name == "service" && tags["service"] is "emergency_access" or "busway" ? own with { Modes = Modes.Foot }
            : own;
    }
}
