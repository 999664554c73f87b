using System.Globalization;
using Jietong.Geodata;
using Jietong.Services.Model;
using Jietong.Services.Reports;

namespace Jietong.Services.Reach;

/// <summary>Where from, how, how long, on which day, and what is opened or closed; with the model's input it determines every number of the answer.</summary>
/// <param name="From">The id of a place, or longitude,latitude.</param>
/// <param name="Mode">car or transit.</param>
/// <param name="Minutes">The ends of the bands, rising.</param>
/// <param name="AsOf">The day.</param>
/// <param name="KnownBy">By what sources published up to this day say.</param>
/// <param name="Open">Links that are opened.</param>
/// <param name="Close">Links that are closed.</param>
/// <param name="WidthMetres">How far to each side of a road; null for public transport, which is drawn by what one can still walk.</param>
internal sealed record ReachRequest(string From, string Mode, IReadOnlyList<int> Minutes, DateOnly AsOf, DateOnly KnownBy, IReadOnlyList<string> Open, IReadOnlyList<string> Close, double? WidthMetres)
{
    public const int MostMinutes = 180, MostBands = 8, LeastWidth = 10, MostWidth = 2_000, DefaultWidth = 250;
    public const string DefaultMinutes = "15,30,45,60";

    public Mode TravelMode => Modes.Of(Mode);

    public bool IsPatched => Open.Count + Close.Count > 0;

    /// <summary>Reads what was written, at the terminal or in an address.</summary>
    /// <param name="given">What was written for a name; null where it was left out.</param>
    /// <param name="asOf">The day.</param>
    /// <param name="knownBy">Known by.</param>
    /// <param name="mark">What stands in front of the names there: "--", or nothing.</param>
    /// <exception cref="InputException">Something is not as it must be; the message names it and says how to write it.</exception>
    public static ReachRequest Read(Func<string, string?> given, DateOnly asOf, DateOnly knownBy, string mark)
    {
        if (given("from")?.Trim() is not { Length: > 0 } from) throw new InputException($"{mark}from is missing: write the id of a place, {mark}from=kunshan-huaqiao, or longitude,latitude.");
        var mode = given("mode") ?? "car";
        if (!Modes.Names.Contains(mode)) throw new InputException($"{mark}mode: \"{InputException.Short(mode, 60)}\" is neither car nor transit.");
        return new(from, mode, Bands(given("minutes") ?? DefaultMinutes, mark), asOf, knownBy, Ids(given("open"), "open", mark), Ids(given("close"), "close", mark), Width(given("width"), mode, mark));
    }

    private static int[] Bands(string text, string mark)
    {
        var bands = text.Split(',', StringSplitOptions.TrimEntries).Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= MostMinutes ? minutes
            : throw new InputException($"{mark}minutes: \"{InputException.Short(t, 60)}\" is not a whole number from 1 to {MostMinutes}: write them like {mark}minutes={DefaultMinutes}.")).Distinct().Order().ToArray();
        return bands.Length <= MostBands ? bands : throw new InputException($"{mark}minutes: {bands.Length} bands are asked for, at most {MostBands} are drawn at once.");
    }

    private static string[] Ids(string? text, string name, string mark) => text is null ? [] : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } ids ? ids
        : throw new InputException($"{mark}{name} names no link: leave it out, or write ids as ./run links lists them.");

    private static double? Width(string? text, string mode, string mark)
    {
        if (text is null) return mode == "car" ? DefaultWidth : null;
        if (mode != "car") throw new InputException($"{mark}width is for mode car: by public transport what is reached is drawn by how far one can still walk.");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var metres) && metres is >= LeastWidth and <= MostWidth ? metres
            : throw new InputException($"{mark}width: \"{InputException.Short(text, 60)}\" is not a number of metres from {LeastWidth} to {MostWidth}.");
    }

    /// <summary>The position that is asked from; null where a place is named.</summary>
    /// <exception cref="InputException">There is a comma, but no position.</exception>
    public (double Longitude, double Latitude)? Position => !From.Contains(',', StringComparison.Ordinal) ? null
        : From.Split(',') is [var x, var y] && double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude) && double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            && Math.Abs(longitude) <= 180 && Math.Abs(latitude) <= 90 ? (longitude, latitude)
        : throw new InputException($"from: \"{InputException.Short(From, 60)}\" is not a position: write longitude,latitude like 121.0998,31.3006, or the id of a place.");

    /// <summary>Holds the request against the model, as a report of the same links would be.</summary>
    /// <exception cref="InputException">The place or a link is unknown, stands already as asked, or cannot be evaluated; each with the way out.</exception>
    public void Check(TravelModel model) =>
        new ReportRequest(AsOf, KnownBy, Mode, "equal", Open, Close, Position is null ? [new(From, From)] : []).Check(model);
}
