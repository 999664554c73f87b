using Jietong.Geodata;
using Jietong.Services.Model;
using Npgsql;

namespace Jietong.Services.Streets;

/// <summary>A place on a street.</summary>
/// <param name="Street">By its position in <see cref="StreetRows.Streets"/>.</param>
/// <param name="Share">How far along it, 0 … 1 of its length from its first junction.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Latitude">Degrees.</param>
/// <param name="Metres">From where it was looked for.</param>
internal readonly record struct StreetPosition(int Street, double Share, double Longitude, double Latitude, double Metres);

/// <summary>The streets of the region with their names and lines: what lies near a position, and on which side of a boundary.</summary>
internal sealed class StreetMap
{
    /// <summary>A part of the network of which one can get to all of it and back counts where it has this share of the junctions of the largest.</summary>
    public const double LeastPart = 0.05;

    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static (string Datasets, StreetMap Map)? last;

    private readonly StreetLines lines;
    private readonly (float West, float South, float East, float North)[] boxes;
    private readonly bool[] isJoined;
    private readonly int[] tails;   // of the network's arcs
    private readonly IReadOnlyList<BoundaryRow> boundaries;

    public StreetMap(StreetRows rows, StreetLines lines)
    {
        (Network, this.lines) = (new(rows, "car"), lines);
        tails = [.. Enumerable.Range(0, Network.Network.JunctionCount).SelectMany(j => Enumerable.Repeat(j, Network.Network.FirstArc[j + 1] - Network.Network.FirstArc[j]))];
        boxes = [.. lines.Streets.Select(s => Box(s.Line))];
        boundaries = EachOnce(lines.Boundaries);
        var part = Network.Connectivity.StrongComponentOf;
        var sizes = part.CountBy(p => p).ToDictionary();
        var least = sizes.Count == 0 ? 0 : sizes.Values.Max() * LeastPart;
        IsInPart = [.. part.Select(p => sizes[p] >= Math.Max(2, least))];
        IslandJunctions = Enumerable.Range(0, part.Count).Where(j => !IsInPart[j] && sizes[part[j]] > 1).ToDictionary(j => j, j => sizes[part[j]]);
        isJoined = [.. Enumerable.Range(0, rows.Streets.Count).Select(s => EndsOf(s) is var (from, to) && from >= 0 && part[from] == part[to] && IsInPart[from])];
    }

    /// <summary>Cars' network.</summary>
    public StreetNetwork Network { get; }

    /// <summary>For each junction of the network, whether it lies in a part that counts.</summary>
    public IReadOnlyList<bool> IsInPart { get; }

    /// <summary>Junctions of the parts that do not count, but where one can leave and come back, with how many their part has.</summary>
    public IReadOnlyDictionary<int, int> IslandJunctions { get; }

    public StreetLineRow this[int street] => lines.Streets[street];

    /// <summary>The streets of the region as of a model's input, kept for the next question: read only where another dataset was read last.</summary>
    /// <returns>Null where other datasets are there now.</returns>
    public static async Task<StreetMap?> Find(NpgsqlDataSource db, IReadOnlyList<StreetsDataset> datasets, CancellationToken cancel)
    {
        var wanted = string.Join(' ', datasets.Select(d => $"{d.Id}={d.ContentHash}"));
        await OneAtATime.WaitAsync(cancel);
        try
        {
            if (last is { } kept && kept.Datasets == wanted) return kept.Map;
            var (rows, found) = await Read(db, cancel);
            while (rows.Version != found.Version) (rows, found) = await Read(db, cancel);   // the data changed between the two
            if (found.Datasets != wanted) return null;
            last = (wanted, new(rows, found));
            return last.Value.Map;
        }
        finally { OneAtATime.Release(); }
    }

    private static async Task<(StreetRows, StreetLines)> Read(NpgsqlDataSource db, CancellationToken cancel)
    {
        var (rows, lines) = (Task.Run(() => StreetRows.Read(db, "car", cancel), cancel), Task.Run(() => StreetLines.Read(db, "car", cancel), cancel));
        await Task.WhenAll(rows, lines);
        return (await rows, await lines);
    }

    /// <summary>The junctions of the network at which a street begins and ends; −1 where cars may not use it, or another dataset holds it too.</summary>
    public (int From, int To) EndsOf(int street) => Network.Arc(street, false) is >= 0 and var arc ? (tails[arc], Network.Network.Heads[arc])
        : Network.Arc(street, true) is >= 0 and var back ? (Network.Network.Heads[back], tails[back]) : (-1, -1);

    public bool IsOneWay(int street) => Network.Arc(street, false) < 0 || Network.Arc(street, true) < 0;

    /// <summary>The nearest place on each street that somebody can join within so many metres: of a part of the network that counts, no bridge or tunnel, no motorway or ferry.</summary>
    public IEnumerable<StreetPosition> Near(double longitude, double latitude, double metres) =>
        Within(longitude, latitude, metres).Where(p => isJoined[p.Street] && !lines.Streets[p.Street].IsBuilt && lines.Streets[p.Street].Class is not ("motorway" or "motorway_link" or "ferry"));

    /// <summary>The nearest place on every street of cars within so many metres.</summary>
    public IEnumerable<StreetPosition> Within(double longitude, double latitude, double metres)
    {
        var plane = new StreetPlane(longitude, latitude);
        var (east, north) = plane.Degrees(metres);
        for (var street = 0; street < boxes.Length; street++)
        {
            var (w, s, e, n) = boxes[street];
            if (w > longitude + east || e < longitude - east || s > latitude + north || n < latitude - north) continue;
            if (plane.Nearest(street, lines.Streets[street].Line) is var near && near.Metres <= metres && EndsOf(street).From >= 0) yield return near;
        }
    }

    /// <summary>Whether any boundary of that level or above lies within so many metres.</summary>
    public bool HasBoundaryNear(double longitude, double latitude, double metres, int level)
    {
        var plane = new StreetPlane(longitude, latitude);
        return boundaries.Any(b => b.Level <= level && plane.Nearest(-1, b.Line).Metres <= metres);
    }

    /// <summary>Whether boundaries of that level or above are crossed an odd number of times on the straight line from one position to the other.</summary>
    public bool IsAcross((double X, double Y) from, (double X, double Y) to, int level)
    {
        static double Side((double X, double Y) a, (double X, double Y) b, double x, double y) => (b.X - a.X) * (y - a.Y) - (b.Y - a.Y) * (x - a.X);
        var crossed = false;
        foreach (var (_, line) in boundaries.Where(b => b.Level <= level))
        {
            var (a, c) = ((X: line[0], Y: line[1]), (X: line[2], Y: line[3]));
            // Half open on both lines, so that a way through a vertex counts once.
            if (Side(from, to, a.X, a.Y) > 0 != Side(from, to, c.X, c.Y) > 0 && Side(a, c, from.X, from.Y) > 0 != Side(a, c, to.X, to.Y) > 0) crossed = !crossed;
        }
        return crossed;
    }

    /// <summary>Straight pieces of the boundaries: what two areas share is drawn by both, and counts once, at the higher of its levels.</summary>
    private static BoundaryRow[] EachOnce(IReadOnlyList<BoundaryRow> boundaries)
    {
        var pieces = new Dictionary<(double, double, double, double), int>();
        foreach (var (level, line) in boundaries)
            for (var i = 0; i + 3 < line.Length; i += 2)
            {
                var (a, b) = ((line[i], line[i + 1]), (line[i + 2], line[i + 3]));
                if (a == b) continue;
                var piece = a.CompareTo(b) < 0 ? (a.Item1, a.Item2, b.Item1, b.Item2) : (b.Item1, b.Item2, a.Item1, a.Item2);
                pieces[piece] = Math.Min(level, pieces.GetValueOrDefault(piece, level));
            }
        return [.. pieces.Select(p => new BoundaryRow(p.Value, [p.Key.Item1, p.Key.Item2, p.Key.Item3, p.Key.Item4]))];
    }

    private static (float, float, float, float) Box(double[] line)
    {
        var box = (West: float.MaxValue, South: float.MaxValue, East: float.MinValue, North: float.MinValue);
        for (var i = 0; i < line.Length; i += 2)
            box = (Math.Min(box.West, MathF.BitDecrement((float)line[i])), Math.Min(box.South, MathF.BitDecrement((float)line[i + 1])), Math.Max(box.East, MathF.BitIncrement((float)line[i])), Math.Max(box.North, MathF.BitIncrement((float)line[i + 1])));
        return box;
    }
}
