namespace Jietong.Geodata.Imports.Osm;

/// <summary>A turn restriction as mapped (https://wiki.openstreetmap.org/wiki/Relation:restriction), before its ways are known to be there.</summary>
/// <param name="Id">Of the relation.</param>
/// <param name="IsOnly">The only way on, or none.</param>
/// <param name="Words">As written: no_left_turn.</param>
/// <param name="Modes">Whom it concerns.</param>
/// <param name="From">Ways that it comes from.</param>
/// <param name="Via">The node, or the ways in between.</param>
/// <param name="To">Ways that it leads to.</param>
internal sealed record TurnRestriction(long Id, bool IsOnly, string Words, Modes Modes, long[] From, OsmMember[] Via, long[] To)
{
    private static readonly string[] Known = ["no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit", "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"];

    /// <summary>Keys of Key:restriction and of one means of transport, by the modes that they concern. Walkers turn as they like.</summary>
    private static readonly (string Key, Modes Modes)[] Keys =
    [
        ("restriction", Modes.Car | Modes.Cycle), ("restriction:motorcar", Modes.Car), ("restriction:motor_vehicle", Modes.Car), ("restriction:vehicle", Modes.Car | Modes.Cycle), ("restriction:bicycle", Modes.Cycle),
    ];

    public static bool IsOne(OsmTags tags) => tags["type"] is { } type && type.StartsWith("restriction", StringComparison.Ordinal);

    /// <summary>null and why, where it is not one that can be heeded.</summary>
    public static TurnRestriction? Of(OsmRelation relation, out string why)
    {
        why = "";
        var tags = relation.Tags;
        var (words, modes) = ("", Modes.None);
        foreach (var (key, concerned) in Keys)
            if (tags[key] is { } value) (words, modes) = (value, modes | concerned);
        if (words == "") why = tags.All.Any(t => t.Key.StartsWith("restriction", StringComparison.Ordinal) && t.Key.EndsWith(":conditional", StringComparison.Ordinal)) ? "conditional 有时段" : "of other vehicles 其他车种";
        else if (tags.Has("restriction:conditional") || tags.Has("day_on") || tags.Has("hour_on")) why = "conditional 有时段";
        else if (!Known.Contains(words)) why = "of an unknown kind 种类不明";
        if (why != "") return null;
        foreach (var vehicle in (tags["except"] ?? "").Split(';', StringSplitOptions.TrimEntries))
            modes &= ~(vehicle switch { "motorcar" or "motor_vehicle" => Modes.Car, "bicycle" => Modes.Cycle, "vehicle" => Modes.Car | Modes.Cycle, _ => Modes.None });
        if (modes == Modes.None)
        {
            why = "of other vehicles 其他车种";
            return null;
        }
        long[] Ways(string role) => [.. relation.Members.Where(m => m.Role == role && m.Kind == OsmKind.Way).Select(m => m.Id)];
        var (from, via, to) = (Ways("from"), relation.Members.Where(m => m.Role == "via").ToArray(), Ways("to"));
        var isWhole = from.Length > 0 && to.Length > 0 && (via is [{ Kind: OsmKind.Node }] || via.Length > 0 && via.All(v => v.Kind == OsmKind.Way));
        if (!isWhole) why = "with members missing 缺少成员";
        return isWhole ? new(relation.Id, words.StartsWith("only_", StringComparison.Ordinal), words, modes, from, via, to) : null;
    }
}
