namespace Jietong.Geodata.Imports.Osm;

/// <summary>What stands on a road (https://wiki.openstreetmap.org/wiki/Key:barrier), and whom it keeps from passing.</summary>
/// <param name="Kind">The value of the key.</param>
/// <param name="Bars">Modes that cannot pass.</param>
/// <param name="MaxWidthMetres">Between its posts.</param>
/// <param name="BarredBy">The tag that keeps the first of them out.</param>
internal sealed record OsmBarrier(string Kind, Modes Bars, float? MaxWidthMetres, string? BarredBy)
{
    /// <summary>Cars are up to 2 m wide without their mirrors (GB 1589 allows 2.5 m for lorries).</summary>
    public const float CarWidthMetres = 2;

    /// <summary>null where there is none.</summary>
    public static OsmBarrier? Of(OsmTags tags)
    {
        if (tags["barrier"] is not { } kind || kind is "no" or "entrance" or "kerb") return null;
        var (bars, by, usual) = (Modes.None, (string?)null, Usual(kind, tags));
        foreach (var mode in ModesWords.Each)
        {
            var (may, barred) = OsmAccess.Says(tags, mode);
            if (may is null && tags["access"] is "yes" or "permissive" or "designated" or "public") may = true;
            if (may ?? (usual & mode) == 0) continue;
            bars |= mode;
            by ??= barred ?? (tags["locked"] == "yes" ? "locked=yes" : $"barrier={kind}");
        }
        var (width, narrow) = OsmWidth.Of(tags);
        if (narrow is null || (bars & Modes.Car) != 0) return new(kind, bars, width, by);
        return new(kind, bars | Modes.Car, width, narrow);
    }

    /// <summary>Whom it keeps out where no other tag says. Gates stand open unless they are locked; what cannot be recognised stops cars.</summary>
    private static Modes Usual(string kind, OsmTags tags) => kind switch
    {
        "gate" or "lift_gate" or "swing_gate" or "sliding_gate" or "hampshire_gate" or "wicket_gate" or "bump_gate" => tags["locked"] == "yes" ? Modes.All : kind == "wicket_gate" ? Modes.Car : Modes.None,
        "toll_booth" or "border_control" or "cattle_grid" or "height_restrictor" or "sally_port" or "checkpoint" or "rope" => Modes.None,
        "bollard" or "block" or "cycle_barrier" or "motorcycle_barrier" or "bus_trap" or "sump_buster" or "planter" or "bar" => Modes.Car,
        "jersey_barrier" or "chain" or "kissing_gate" or "stile" or "turnstile" or "full-height_turnstile" or "horse_stile" or "debris" or "log" or "guard_rail" => Modes.Car | Modes.Cycle,
        "wall" or "fence" or "city_wall" or "retaining_wall" or "hedge" or "ditch" => Modes.All,
        _ => Modes.Car,
    };
}

/// <summary>How wide what passes may be, and whether that is too narrow for cars.</summary>
internal static class OsmWidth
{
    public static (float? Metres, string? Narrow) Of(OsmTags tags)
    {
        if (tags.First("maxwidth:physical", "maxwidth") is not (var key, var value) || OsmMeasures.Width(value) is not { } metres) return (null, null);
        return (metres, metres < OsmBarrier.CarWidthMetres ? $"{key}={value}" : null);
    }
}
