namespace Jietong.Geodata.Imports.Osm;

/// <summary>
/// Whom tags let in or keep out (https://wiki.openstreetmap.org/wiki/Key:access): the tag nearest to the mode decides, that of one direction before that of both.
/// Where only residents, customers or guests may (destination), somebody may who goes there; what is private or for one trade keeps everybody else out.
/// </summary>
internal static class OsmAccess
{
    private static readonly Dictionary<Modes, string[]> Keys = new()
    {
        [Modes.Car] = ["motorcar", "motor_vehicle", "vehicle", "access"],
        [Modes.Cycle] = ["bicycle", "vehicle", "access"],
        [Modes.Foot] = ["foot", "access"],
    };

    private static readonly Dictionary<Modes, (string Key, string Directed)[]> Forward = Directed("forward"), Backward = Directed("backward");

    private static Dictionary<Modes, (string, string)[]> Directed(string direction) => Keys.ToDictionary(k => k.Key, k => k.Value.Select(key => (key, $"{key}:{direction}")).ToArray());

    /// <summary>Whether the mode may, where a tag says so; and the tag that keeps it out.</summary>
    /// <param name="tags">Of a way or a barrier.</param>
    /// <param name="mode">One.</param>
    /// <param name="isForward">In the direction in which the way is drawn.</param>
    public static (bool? May, string? Barred) Says(OsmTags tags, Modes mode, bool isForward = true)
    {
        foreach (var (key, directed) in (isForward ? Forward : Backward)[mode])
        {
            if (tags[directed] is { } one && Says(key, one, mode) is { } may) return (may, may ? null : $"{directed}={one}");
            if (tags[key] is { } both && Says(key, both, mode) is { } mayBoth) return (mayBoth, mayBoth ? null : $"{key}={both}");
        }
        return (null, null);
    }

    /// <summary>What a key of all traffic allows, it allows to those who may be on that kind of way: access=yes on a motorway is no word for walkers.</summary>
    private static bool? Says(string key, string value, Modes mode) => value switch
    {
        "no" or "private" or "restricted" or "permit" or "agricultural" or "forestry" or "delivery" or "military" or "emergency" or "psv" or "bus" or "hgv" => false,
        "use_sidepath" or "dismount" when mode == Modes.Cycle => false,
        "yes" or "designated" or "permissive" or "official" or "public" or "destination" or "customers" or "residents" or "limited" or "optional_sidepath" => key is "access" or "vehicle" ? null : true,
        _ => null,
    };
}
