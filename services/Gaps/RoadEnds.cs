using Jietong.Geodata.Gaps;
using Jietong.Services.Streets;

namespace Jietong.Services.Gaps;

/// <summary>A junction from which one cannot drive on: one road alone ends there; or roads only lead there, or only away, as half of a divided road does where its bridge is missing.</summary>
/// <param name="Junction">Of the network.</param>
/// <param name="At">Where it lies.</param>
/// <param name="Roads">Those that end there, each drawn towards it.</param>
internal sealed record RoadEnd(int Junction, At At, IReadOnlyList<(DrawnStreet Street, At[] Line)> Roads)
{
    /// <summary>Degrees by which the straightest of the roads turns off the straight way to a place.</summary>
    public double Angle(At to) => Roads.Min(r => Lines.Angle(r.Line, to));

    public DrawnStreet Street => Roads[0].Street;

    /// <param name="streets">Closed streets are not there.</param>
    /// <param name="drawn">The streets near the border with their lines, by their positions in the network's rows.</param>
    public static List<RoadEnd> Of(StreetNetwork streets, IReadOnlyDictionary<int, (DrawnStreet Street, At[] Line)> drawn)
    {
        var ends = new List<RoadEnd>();
        foreach (var junction in drawn.Keys.SelectMany(street => new[] { streets.Arc(street, false), streets.Arc(street, true) }).Where(arc => arc >= 0).SelectMany(arc => new[] { streets.TailOf(arc), streets.Network.Heads[arc] }).Distinct().Order())
        {
            List<int> into = [.. streets.OpenInto(junction)], from = [.. streets.OpenFrom(junction)];
            var roads = into.Concat(from).Select(arc => streets.ArcOf[arc].Street).Distinct().ToList();
            if (roads.Count == 0 || roads.Count > 1 && into.Count > 0 && from.Count > 0 || !roads.All(drawn.ContainsKey)) continue;
            if (roads.Count == 1 && into.Concat(from).Any(arc => streets.TailOf(arc) == streets.Network.Heads[arc])) continue;   // a ring: one drives round
            if (streets.CopiesOf(streets.RowOf(junction)).Skip(1).Any()) continue;                                                // barred, not ended
            var at = streets.Junction(junction);
            ends.Add(new(junction, new(at.Longitude, at.Latitude), [.. roads.Select(street => (drawn[street].Street, EndsThere(street) ? drawn[street].Line : [.. drawn[street].Line.Reverse()]))]));

            bool EndsThere(int street) => into.Any(arc => streets.ArcOf[arc] == new Driven(street, false)) || from.Any(arc => streets.ArcOf[arc] == new Driven(street, true));
        }
        return ends;
    }
}
