using System.Globalization;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>km/h along a way as it is drawn and back; 0 where one may not.</summary>
internal readonly record struct Speeds(float Forward, float Backward)
{
    public Speeds Reversed => new(Backward, Forward);
    public bool Any => Forward > 0 || Backward > 0;
    public Speeds At(float kmh) => new(Forward > 0 ? kmh : 0, Backward > 0 ? kmh : 0);
}

/// <summary>All that a street records of its way. Where two ways meet that are alike in it, and nothing else does, one street goes on. SpeedKmh is that of cars, null where none ever are.</summary>
internal sealed record OsmRoad(string Class, string? Name, string? NameEn, string? Ref, float? SpeedKmh, string? SpeedBasis, Speeds Car, Speeds Cycle, Speeds Foot, bool Bridge, bool Tunnel, short Level, float? MaxWidthMetres, string? BarredBy)
{
    /// <summary>The same, drawn the other way.</summary>
    public OsmRoad Reversed => this with { Car = Car.Reversed, Cycle = Cycle.Reversed, Foot = Foot.Reversed };

    public Modes Modes => (Car.Any ? Modes.Car : 0) | (Cycle.Any ? Modes.Cycle : 0) | (Foot.Any ? Modes.Foot : 0);

    /// <summary>As long as its ways' duration says, whoever goes.</summary>
    public OsmRoad Taking(TimeSpan duration, double metres)
    {
        var kmh = (float)(metres / 1000 / duration.TotalHours);
        return kmh > 0 ? this with { SpeedKmh = kmh, SpeedBasis = "duration", Car = Car.At(kmh), Cycle = Cycle.At(kmh), Foot = Foot.At(kmh) } : this;
    }

    /// <summary>null where the tags make no road.</summary>
    public static OsmRoad? Of(OsmTags tags)
    {
        if (OsmClass.NameOf(tags) is not { } name) return null;
        var own = OsmClass.Of(name, tags);
        var (width, narrow) = OsmWidth.Of(tags);
        var (barrier, barredBy) = (OsmBarrier.Of(tags), (string?)null);
        var signed = OsmMeasures.Speed(tags["maxspeed"]);
        var (forward, backward) = (OsmMeasures.Speed(tags["maxspeed:forward"]) ?? signed, OsmMeasures.Speed(tags["maxspeed:backward"]) ?? signed);
        var isSigned = name != OsmClass.Ferry && (forward ?? backward) is not null;
        var car = Of(Modes.Car, isSigned ? forward ?? own.SpeedKmh : own.SpeedKmh, isSigned ? backward ?? own.SpeedKmh : own.SpeedKmh);
        var cycle = Of(Modes.Cycle, OsmClass.CycleKmh, OsmClass.CycleKmh);
        var foot = name == OsmClass.Ferry ? Of(Modes.Foot, OsmClass.FerryKmh, OsmClass.FerryKmh) : Of(Modes.Foot, OsmClass.FootKmh, OsmClass.FootKmh);
        var isForCars = (own.Modes & Modes.Car) != 0 || car.Any;
        return new(name, Word(tags["name"]), Word(tags["name:en"]), Word(tags["ref"]),
            !isForCars ? null : car.Forward > 0 ? car.Forward : car.Backward > 0 ? car.Backward : isSigned ? forward ?? backward : own.SpeedKmh, !isForCars ? null : isSigned ? "maxspeed" : "class",
            car, cycle, foot, tags.Is("bridge"), tags.Is("tunnel"), LevelOf(tags["layer"]), width, barredBy);

        Speeds Of(Modes mode, float there, float back)
        {
            var (isThere, isBack) = OsmOneway.Of(tags, name, mode);
            if (!isThere && !isBack) barredBy ??= $"oneway={tags["oneway"]}";
            return new(isThere && May(mode, true) ? there : 0, isBack && May(mode, false) ? back : 0);
        }

        bool May(Modes mode, bool isForward)
        {
            var (may, tag) = OsmAccess.Says(tags, mode, isForward);
            var usual = (own.Modes & mode) != 0;
            if (usual) barredBy ??= tag;
            if (!(may ?? usual)) return false;
            if (mode == Modes.Car && narrow is not null) tag = narrow;
            else if (barrier is not null && (barrier.Bars & mode) != 0) tag = barrier.BarredBy;
            if (tag is null) return true;
            barredBy ??= tag;
            return false;
        }
    }

    private static string? Word(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static short LevelOf(string? layer) => short.TryParse(layer, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var level) ? level : (short)0;
}
