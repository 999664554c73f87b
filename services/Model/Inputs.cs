using Jietong.Geodata;

namespace Jietong.Services.Model;

/// <summary>What a model reckons with and what has a range: assumptions, and positions of links. Each at its own value, save one that may be moved.</summary>
internal sealed class Inputs
{
    private readonly Dictionary<string, AssumptionRow> rows;
    private readonly SortedSet<string> used = new(StringComparer.Ordinal);
    private (string Id, double Value)? movedAssumption;
    private (string LinkId, double EastMetres, double NorthMetres)? movedLink;

    /// <exception cref="InputException">The range of a row is upside down.</exception>
    public Inputs(IReadOnlyList<AssumptionRow> assumptions)
    {
        rows = assumptions.ToDictionary(r => r.Id);
        if (assumptions.FirstOrDefault(r => !(r.Low <= r.Value && r.Value <= r.High)) is { } bad)
            throw new InputException($"assumption {bad.Id}: low {bad.Low}, value {bad.Value}, high {bad.High} are not in this order.");
    }

    /// <summary>The assumptions that were asked for so far, in the order of their ids.</summary>
    public IReadOnlyList<AssumptionRow> Used => [.. used.Select(id => rows[id])];

    /// <exception cref="InputException">There is no such row.</exception>
    public double this[string id]
    {
        get
        {
            var row = Row(id);
            used.Add(id);
            return movedAssumption is { } m && m.Id == id ? m.Value : row.Value;
        }
    }

    /// <summary>Whether there is such a row.</summary>
    public bool Has(string id) => rows.ContainsKey(id);

    public string UnitOf(string assumption) => Row(assumption).Unit;

    public double HighOf(string assumption) => Row(assumption).High;

    private AssumptionRow Row(string id) => rows.TryGetValue(id, out var row) ? row
        : throw new InputException($"assumptions.csv has no row {id}, which the model needs: add it, with low and high.");

    public (double Longitude, double Latitude) PositionOf(LinkRow link) => movedLink is { } m && m.LinkId == link.Id
        ? Earth.Moved(link.Longitude!.Value, link.Latitude!.Value, m.EastMetres, m.NorthMetres) : (link.Longitude!.Value, link.Latitude!.Value);

    /// <summary>How far a link is moved from where it is taken to be, metres.</summary>
    public (double East, double North) OffsetOf(string linkId) => movedLink is { } m && m.LinkId == linkId ? (m.EastMetres, m.NorthMetres) : (0, 0);

    /// <summary>Places of a circle, as metres from its middle: eight directions, half way out and at its rim.</summary>
    public static IEnumerable<(double East, double North)> PlacesOfCircle(double radius) => radius == 0 ? [] :
        from ring in new[] { 0.5, 1 }
        from direction in Enumerable.Range(0, 8)
        let angle = direction * Math.PI / 4
        select (ring * radius * Math.Cos(angle), ring * radius * Math.Sin(angle));

    /// <summary>The same inputs with one assumption at another value.</summary>
    public Inputs With(string assumption, double value) => new([.. rows.Values]) { movedAssumption = (assumption, value) };

    /// <summary>The same inputs with one link elsewhere.</summary>
    public Inputs WithMoved(string linkId, double eastMetres, double northMetres) => new([.. rows.Values]) { movedLink = (linkId, eastMetres, northMetres) };
}
