using Jietong.Geodata.Gaps;
using Jietong.Services.Streets;

namespace Jietong.Services.Gaps;

/// <summary>Roads that meet but let no car through: something stands on a junction, or the streets between them are barred. Opening lets cars through all of it, both ways.</summary>
internal sealed class BarredRoads(StreetNetwork streets, IReadOnlyDictionary<int, (DrawnStreet Street, At[] Line)> drawn, BorderLine border, GapQuestion question)
{
    private const int MostTerminals = 8, MostStreets = 200;   // what is wider is a quarter without cars, not a road that is barred

    private readonly StreetDistances distances = new(streets);

    public List<Candidate> Find(IEnumerable<DrawnStreet> near, IEnumerable<DrawnBarrier> barriers)
    {
        var (kinds, found) = (barriers.GroupBy(b => streets.RowNamed(b.Dataset, b.Junction)).ToDictionary(g => g.Key, g => g.First()), new List<Candidate>());
        foreach (var (row, barrier) in kinds.OrderBy(k => k.Key))
            if (row >= 0 && streets.Rows.Junctions[row].Bars && border.IsWithin(AtRow(row), question.Within) && Opened([row], new() { [row] = [] }, [], Told(barrier)) is { } candidate) found.Add(candidate);
        foreach (var part in Parts([.. near.Where(s => !s.ForCars && s.BarredBy is not null).Select(s => (s, Lines.Read(s.Line))).Where(s => s.Item2.Any(p => border.IsWithin(p, question.Within)))]))
        {
            var terminals = part.SelectMany(s => new[] { s.From, s.To }).Distinct().Where(row => streets.CopiesOf(row).Any()).Order().ToList();
            if (part.Count > MostStreets || terminals.Count is < 2 or > MostTerminals) continue;
            if (Opened(terminals, terminals.ToDictionary(row => row, row => Within(part, row, terminals)), part, string.Join("; ", part.Select(s => s.Street.BarredBy!).Concat(terminals.Where(kinds.ContainsKey).Select(row => Told(kinds[row]))).Distinct())) is { } candidate) found.Add(candidate);
        }
        return found;
    }

    private static string Told(DrawnBarrier barrier) => FormattableString.Invariant($"barrier={barrier.Kind}{(barrier.MaxWidthMetres is { } metres ? $" {metres} m" : "")}");

    private sealed record Edge(DrawnStreet Street, At[] Line, int From, int To);

    private At AtRow(int row) => new(streets.Rows.Junctions[row].Longitude, streets.Rows.Junctions[row].Latitude);

    /// <summary>Barred streets that hang together without a junction that cars can get to.</summary>
    private List<List<Edge>> Parts(List<(DrawnStreet Street, At[] Line)> barred)
    {
        var edges = barred.Select(s => new Edge(s.Street, s.Line, streets.RowNamed(s.Street.Dataset, s.Street.From), streets.RowNamed(s.Street.Dataset, s.Street.To))).Where(e => e is { From: >= 0, To: >= 0 }).ToList();
        var at = edges.SelectMany(e => new[] { (Row: e.From, Edge: e), (Row: e.To, Edge: e) }).Where(e => !streets.CopiesOf(e.Row).Any()).ToLookup(e => e.Row, e => e.Edge);
        var (parts, met) = (new List<List<Edge>>(), new HashSet<Edge>(ReferenceEqualityComparer.Instance));
        foreach (var edge in edges)
        {
            if (!met.Add(edge)) continue;
            List<Edge> part = [edge];
            for (var i = 0; i < part.Count; i++)
                foreach (var next in at[part[i].From].Concat(at[part[i].To]))
                    if (met.Add(next)) part.Add(next);
            parts.Add(part);
        }
        return parts;
    }

    /// <summary>Metres from a terminal to the others inside a part, and the line there.</summary>
    private static Dictionary<int, (double Metres, At[] Line)> Within(List<Edge> part, int from, List<int> terminals)
    {
        var best = new Dictionary<int, (double Metres, At[] Line)> { [from] = (0, []) };
        var queue = new PriorityQueue<int, double>([(from, 0)]);
        while (queue.TryDequeue(out var row, out var metres))
        {
            if (metres > best[row].Metres || row != from && terminals.Contains(row)) continue;
            foreach (var edge in part.Where(e => e.From == row || e.To == row))
            {
                var (next, line) = edge.From == row ? (edge.To, edge.Line) : (edge.From, [.. edge.Line.Reverse()]);
                if (best.TryGetValue(next, out var known) && known.Metres <= metres + edge.Street.Metres) continue;
                best[next] = (metres + edge.Street.Metres, [.. best[row].Line, .. line]);
                queue.Enqueue(next, metres + edge.Street.Metres);
            }
        }
        return best.Where(b => b.Key != from && terminals.Contains(b.Key)).ToDictionary(b => b.Key, b => b.Value);
    }

    /// <summary>All copies of all terminals joined with each other; null where nothing would be joined.</summary>
    private Candidate? Opened(List<int> terminals, Dictionary<int, Dictionary<int, (double Metres, At[] Line)>> within, List<Edge> part, string barredBy)
    {
        var joints = terminals.SelectMany(row => streets.CopiesOf(row).Where(j => streets.OpenInto(j).Concat(streets.OpenFrom(j)).Any()).Select(j => (Row: row, Junction: j))).ToList();
        if (joints.Count < 2) return null;
        var ways = new List<Opened>();
        foreach (var (a, i) in joints.Select((j, i) => (j, i)))
            foreach (var (b, k) in joints.Select((j, k) => (j, k)))
                if (i != k && (a.Row == b.Row ? 0 : within[a.Row].GetValueOrDefault(b.Row) is { Line: not null } inner ? inner.Metres : (double?)null) is { } metres) ways.Add(new(i, k, metres));
        if (ways.Count == 0) return null;
        var way = ways.MaxBy(w => w.Metres);
        var (from, to) = (joints[way.From], joints[way.To]);
        var (roadFrom, roadTo) = (RoadAt(from.Junction), RoadAt(to.Junction));
        var line = from.Row == to.Row ? [roadFrom?.Line.ElementAtOrDefault(^2) ?? AtRow(from.Row), AtRow(from.Row), roadTo?.Line.ElementAtOrDefault(^2) ?? AtRow(to.Row)] : within[from.Row][to.Row].Line;
        var network = distances.Metres(new(from.Junction), new(to.Junction));
        return new("barred", roadFrom?.Street ?? part[0].Street, roadTo?.Street ?? part[^1].Street, Shown(line, from.Row == to.Row), [.. joints.Select(j => new Joint(j.Junction))], ways)
        {
            BarredBy = barredBy, Barred = [.. part.Select(e => e.Street)], NetworkMetres = network, Detour = network / Math.Max(1, way.Metres),
        };
    }

    /// <summary>A street that ends at a junction, drawn towards it.</summary>
    private (DrawnStreet Street, At[] Line)? RoadAt(int junction)
    {
        var arc = streets.OpenInto(junction).Concat(streets.OpenFrom(junction)).First();
        if (!drawn.TryGetValue(streets.ArcOf[arc].Street, out var road)) return null;
        var at = AtRow(streets.RowOf(junction));
        return (road.Street, road.Line[^1].Metres(at) < 1 ? road.Line : [.. road.Line.Reverse()]);
    }

    /// <summary>What stands on a junction is drawn as ten metres of its roads.</summary>
    private static At[] Shown(At[] line, bool isJunction)
    {
        if (!isJunction) return line;
        At Beside(At other) => line[1].Metres(other) is > 10 and var metres ? new(line[1].X + 10 / metres * (other.X - line[1].X), line[1].Y + 10 / metres * (other.Y - line[1].Y)) : other;
        return [Beside(line[0]), line[1], Beside(line[2])];
    }
}
