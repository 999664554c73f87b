using System.Globalization;
using System.Text.RegularExpressions;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>Measures as mappers write them (https://wiki.openstreetmap.org/wiki/Map_features/Units); null where they cannot be understood.</summary>
internal static partial class OsmMeasures
{
    private const float KmOfMile = 1.609344f, KmOfNauticalMile = 1.852f, MetresOfFoot = 0.3048f;
    private const float Slowest = 3, Fastest = 200;   // of a limit for cars

    /// <summary>km/h: of Key:maxspeed, of several values the least.</summary>
    public static float? Speed(string? text)
    {
        if (text is null) return null;
        if (text.Contains(';', StringComparison.Ordinal)) return text.Split(';', StringSplitOptions.TrimEntries).Select(Speed).Min();
        if (Zone(text) is { } zone) return zone;
        if (SpeedPattern().Match(text) is not { Success: true } match || !float.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        var speed = number * match.Groups[2].Value switch { "mph" => KmOfMile, "knots" => KmOfNauticalMile, _ => 1 };
        return speed is >= Slowest and <= Fastest ? speed : null;
    }

    /// <summary>《道路交通安全法实施条例》第四十五条、第七十八条: urban and rural with one lane each way, and expressways.</summary>
    private static float? Zone(string text) => text switch
    {
        "CN:urban" => 50, "CN:rural" => 70, "CN:motorway" => 120, "CN:living_street" or "CN:zone30" => 30,
        "none" => OsmClass.NoLimitKmh, "walk" => 5,
        _ => null,
    };

    /// <summary>Metres: 2, 2.1 m, 210 cm, 6'6".</summary>
    public static float? Width(string? text)
    {
        if (text is null || WidthPattern().Match(text) is not { Success: true } match) return null;
        float? Group(string name) => match.Groups[name] is { Success: true } group && float.TryParse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
        return Group("feet") is { } feet ? (feet + (Group("inches") ?? 0) / 12) * MetresOfFoot : Group("number") * (match.Groups["unit"].Value switch { "cm" => 0.01f, "km" => 1000, _ => 1 });
    }

    /// <summary>Of Key:duration: 1:20, 01:20:00, PT1H20M, or minutes.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (text is null) return null;
        if (ClockPattern().Match(text) is { Success: true } clock)
            return new TimeSpan(Part(clock, 1), Part(clock, 2), clock.Groups[3].Success ? Part(clock, 3) : 0) is var time && time > TimeSpan.Zero ? time : null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)) return minutes is > 0 and < 10_000 ? TimeSpan.FromMinutes(minutes) : null;
        try { return text.StartsWith('P') && System.Xml.XmlConvert.ToTimeSpan(text) is var span && span > TimeSpan.Zero ? span : null; }
        catch (Exception e) when (e is FormatException or OverflowException) { return null; }
    }

    private static int Part(Match clock, int group) => int.Parse(clock.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,4}(?:\.\d{1,4})?) ?(km/h|kmh|kph|mph|knots)?$")] private static partial Regex SpeedPattern();
    [GeneratedRegex("""^(?:(?<number>\d{1,4}(?:\.\d{1,4})?) ?(?<unit>m|cm|km)?|(?<feet>\d{1,3})'(?:(?<inches>\d{1,2})")?)$""")] private static partial Regex WidthPattern();
    [GeneratedRegex(@"^(\d{1,3}):(\d\d)(?::(\d\d))?$")] private static partial Regex ClockPattern();
}
