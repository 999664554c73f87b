using Jietong.Services.Gains;
using Jietong.Services.Model;

namespace Jietong.Services.Tests;

/// <summary>
/// A small world, drawn in kilometres about a point of the province line, in memory. West of x = 0 lies Kunshan (320583), from there on
/// Qingpu (310118). Speeds are round: a car makes 1 km in 1 minute, on a road of class 1 in half of that, of class 4 in two; getting to
/// and from it takes 2 minutes. One walks 0.1 km in a minute; a local bus makes 0.25 km, after a wait of 10 minutes; a metro platform is 3 minutes away.
/// </summary>
internal sealed class ModelWorld
{
    public const string West = "320583", East = "310118";

    private const double KilometresADegree = 6371.0088 * Math.PI / 180;   // of the mean sphere

    public List<PlaceRow> Places { get; init; } = [];
    public List<CountyRow> Counties { get; init; } = [];
    public List<LinkRow> Links { get; init; } = [];
    public List<RoadRow> Roads { get; init; } = [];
    public List<LineRow> Lines { get; init; } = [];
    public List<RunTimeRow> RunTimes { get; init; } = [];
    public List<ServiceRow> Services { get; init; } = [];
    public List<TransferRow> Transfers { get; init; } = [];

    public Dictionary<string, AssumptionRow> Assumptions { get; init; } = new[]
    {
        ("design-speed-class-1", 120, "km/h"), ("operating-factor-class-1", 1, "factor"), ("design-speed-class-2", 60, "km/h"), ("operating-factor-class-2", 1, "factor"),
        ("design-speed-class-4", 30, "km/h"), ("operating-factor-class-3-4", 1, "factor"), ("narrow-road-speed-factor", 0.5, "factor"),
        ("detour-factor-connector", 1, "factor"), ("connector-speed-car", 60, "km/h"), ("car-access-minutes", 2, "min"), ("gain-horizon", 60, "min"),
        ("walking-speed", 6, "km/h"), ("detour-factor-walking", 1, "factor"), ("walk-limit", 1000, "m"), ("waiting-share", 0.5, "factor"),
        ("headway-bus-local", 20, "min"), ("bus-speed-urban", 15, "km/h"), ("bus-border-crossing", 5, "min"), ("metro-access", 3, "min"),
    }.ToDictionary(a => a.Item1, a => new AssumptionRow(a.Item1, a.Item2, a.Item2, a.Item2, a.Item3, true, null, null, null));

    /// <summary>So many kilometres east and north. East–west distances are true everywhere, north–south ones near x = 0.</summary>
    public static double[] At(double x, double y)
    {
        var latitude = 31.1 + y / KilometresADegree;
        return [121 + x / KilometresADegree / Math.Cos(latitude * Math.PI / 180), latitude];
    }

    private static string Adcode(double x) => x < 0 ? West : East;

    public ModelWorld Assume(string id, double value, double? low = null, double? high = null, string unit = "min")
    {
        Assumptions[id] = new(id, value, low ?? value, high ?? value, unit, true, null, null, null);
        return this;
    }

    public ModelWorld Place(string id, double x, double y = 0, string kind = "town", string? adcode = null)
    {
        Places.Add(new(id, $"镇 {id}", $"Town {id}", kind, adcode ?? Adcode(x), At(x, y)[0], At(x, y)[1], 100, "map"));
        return this;
    }

    public ModelWorld Link(string id, double x = 0, double y = 0, double radius = 0, string kind = "road", string nature = "missing", string state = "not_open",
        string west = West, string east = East, string? westTown = null, bool placed = true)
    {
        Links.Add(new(id, $"路 {id}", $"Road {id}", kind, nature, state, placed ? At(x, y)[0] : null, placed ? At(x, y)[1] : null, placed ? 1000 * radius : null, "map", [new("a", west, westTown), new("b", east, null)]));
        return this;
    }

    /// <summary>A road from point to point. It lies on the side of its first; with <paramref name="crosses"/> its last is on the province line, and it goes on beyond.</summary>
    public ModelWorld Road(string id, (double X, double Y)[] points, string roadClass = "class2", bool crosses = false, string? link = null)
    {
        var metres = points.Zip(points.Skip(1), (a, b) => 1000 * Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y))).Sum();
        var adcode = Adcode(points[0].X);
        Roads.Add(new(id, $"路 {id}", $"Road {id}", roadClass, adcode, crosses ? adcode == West ? East : West : null, metres, 30, link, false, "map", [.. points.Select(p => At(p.X, p.Y))], Widens: Links.Any(l => l.Id == link && l.Nature == "bottleneck")));
        return this;
    }

    /// <summary>
    /// A line through stops "name@x" or "name@x,y", "name" alone where nobody knows its position, with a service each of the <paramref name="headways"/> minutes.
    /// Sections: "from-to open" or "from-to closed", with "!" in front where they are not in force on the day.
    /// </summary>
    public ModelWorld Line(string id, string[] stops, double minutes, double[]? headways = null, string kind = "metro", string? link = null, string? sharesWith = null, bool inForce = true, params string[] sections)
    {
        var rows = stops.Select(s => s.Split('@')).Select(s =>
        {
            var at = s.ElementAtOrDefault(1)?.Split(',').Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var position = at is null ? null : At(at[0], at.ElementAtOrDefault(1));
            return new StopRow(s[0], s[0], position?[0], position?[1], at is null ? null : Adcode(at[0]), "map");
        }).ToList();
        var inDay = sections.Select(s => (InForce: s[0] != '!', Words: s.TrimStart('!').Split('-', ' '))).Select(s => new SectionRow(s.Words[0], s.Words[1], s.Words[2], s.InForce, "map")).ToList();
        Lines.Add(new(id, $"线 {id}", $"Line {id}", kind, link, sharesWith, "map", false, inForce, rows, inDay));
        RunTimes.Add(new(id, rows[0].NameZh, rows[^1].NameZh, $"run-{id}"));
        Assume($"run-{id}", minutes);
        foreach (var headway in headways ?? [10])
        {
            Assume($"headway-{headway:0}", headway);
            Services.Add(new($"{id}-{Services.Count}", id, rows[0].NameZh, rows[^1].NameZh, "all", $"headway-{headway:0}", kind == "bus" ? null : "metro-access"));
        }
        return this;
    }

    public ModelWorld Transfer(string fromLine, string stop, string toLine, double minutes)
    {
        Transfers.Add(new(fromLine, stop, toLine, stop, $"transfer-{minutes:0}"));
        return Assume($"transfer-{minutes:0}", minutes);
    }

    public ModelInput Input => new(new(2024, 1, 1), new(2024, 1, 1), new(2018, 1, 1), Places, Counties, [.. Assumptions.Values], Links, Roads, Lines, RunTimes, Services, Transfers);

    /// <summary>The gain of one link alone, against the links that are open.</summary>
    public LinkGain Gain(string link, Mode mode = Mode.Car, string weights = "equal") =>
        GainsOfLinks.Of(new(new(Input, mode)), [Weighting.Of(weights, Input)], default).Select(g => g.Gain).Single(g => g.Works.Link.Id == link);

    /// <summary>Minutes from a place to another with these links in place; infinite where no path leads.</summary>
    public double Minutes(string from, string to, Mode mode = Mode.Transit, params string[] open)
    {
        var model = new TravelModel(Input, mode);
        return model.TimesBetweenPlaces(model.MetricOf(new(Input.Assumptions), open.ToHashSet()))[Places.FindIndex(p => p.Id == from)][Places.FindIndex(p => p.Id == to)] / 60_000;
    }
}
