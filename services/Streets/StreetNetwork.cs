using Jietong.Geodata;
using Jietong.Routing;
using Jietong.Services.Cli;
using Jietong.Services.Model;
using Npgsql;

namespace Jietong.Services.Streets;

/// <summary>A street driven in one direction.</summary>
/// <param name="Street">By its position in <see cref="StreetRows.Streets"/>.</param>
/// <param name="Backward">From its last junction to its first.</param>
internal readonly record struct Driven(int Street, bool Backward);

/// <summary>
/// The streets of the region for one mode, as routing asks them: junctions 0…n-1, arcs both ways, turns, a hierarchy. Where the mode cannot pass a junction,
/// each street ends at a copy of its own. A junction that two datasets share, by number and position, is one; a street that both hold counts once.
/// </summary>
internal sealed class StreetNetwork
{
    private readonly Dictionary<(string Dataset, string Id), int> byName;
    private readonly Dictionary<(int Dataset, long Id), int> rowOf;
    private readonly int[] junctionRow, forwardArc, backwardArc;   // the latter by street: the network's arc, -1 where there is none
    private readonly Lazy<HierarchyMetric> metric;
    private readonly Lazy<Searches> searches;
    private readonly Lazy<Connectivity> connectivity;
    private readonly Lazy<Hierarchy> hierarchy;
    private readonly Lazy<(int[] Tails, ILookup<int, int> Into, ILookup<int, int> Copies)> around;   // of the topology

    public StreetNetwork(StreetRows rows, string mode)
    {
        (Rows, Mode) = (rows, mode);
        var (junctions, found, tails, heads, times, driven) = (new List<int>(), new int[rows.Junctions.Count], new List<int>(), new List<int>(), new List<int>(), new List<Driven>());
        Array.Fill(found, -1);
        rowOf = new(rows.Junctions.Count);
        for (var (row, same) = (0, new Dictionary<(long, double, double), int>()); row < rows.Junctions.Count; row++)
        {
            var j = rows.Junctions[row];
            rowOf[(j.Dataset, j.Id)] = rows.Datasets.Count == 1 || same.TryAdd((j.Id, j.Longitude, j.Latitude), row) ? row : same[(j.Id, j.Longitude, j.Latitude)];
        }
        byName = new(rows.Streets.Count);
        (forwardArc, backwardArc) = (new int[rows.Streets.Count], new int[rows.Streets.Count]);
        Array.Fill(forwardArc, -1);
        Array.Fill(backwardArc, -1);
        var held = new Dictionary<(string, int, int), int>();
        for (var street = 0; street < rows.Streets.Count; street++)
        {
            var s = rows.Streets[street];
            var (first, last) = (rowOf[(s.Dataset, s.From)], rowOf[(s.Dataset, s.To)]);
            var isHeld = rows.Datasets.Count > 1 && !held.TryAdd((s.Id, first, last), street);
            byName[(rows.Datasets[s.Dataset], s.Id)] = isHeld ? held[(s.Id, first, last)] : street;
            if (isHeld) continue;
            var (from, to) = (End(first), End(last));
            if (s.ForwardMs >= 0) Add(from, to, s.ForwardMs, new(street, false));
            if (s.BackwardMs >= 0) Add(to, from, s.BackwardMs, new(street, true));
        }
        junctionRow = [.. junctions];
        Network = Network.Build(junctionRow.Length, tails, heads, times);
        ArcOf = [.. Network.InputArcs.Select(input => driven[input])];
        for (var arc = 0; arc < ArcOf.Count; arc++) (ArcOf[arc].Backward ? backwardArc : forwardArc)[ArcOf[arc].Street] = arc;
        Turned = new(Network, [.. StreetTurns.Of(this)]);
        around = new(() => Around());
        hierarchy = new(() => HierarchyFile.ReadOrMake(Cache.Folder, Turned.Network, [.. Turned.JunctionOf.Select(j => Plane(j))]));
        (metric, searches, connectivity) = (new(() => new(hierarchy.Value, Turned.Network)), new(() => PerfectMetric.Of(Metric)), new(() => Connectivity.Of(Network)));

        // Where the mode cannot pass, every street end is a junction of its own.
        int End(int row)
        {
            if (found[row] >= 0 && !rows.Junctions[row].Bars) return found[row];
            junctions.Add(row);
            return found[row] = junctions.Count - 1;
        }
        void Add(int tail, int head, int timeMs, Driven along)
        {
            tails.Add(tail);
            heads.Add(head);
            times.Add(timeMs);
            driven.Add(along);
        }
    }

    private StreetNetwork(StreetNetwork open, IReadOnlySet<int> closed)
    {
        (Rows, Mode, byName, rowOf, junctionRow, forwardArc, backwardArc, ArcOf, hierarchy, around, Closed) = (open.Rows, open.Mode, open.byName, open.rowOf, open.junctionRow, open.forwardArc, open.backwardArc, open.ArcOf, open.hierarchy, open.around, closed);
        var times = new int[open.Network.ArcCount];
        for (var arc = 0; arc < times.Length; arc++) times[open.Network.InputArcs[arc]] = closed.Contains(ArcOf[arc].Street) ? Network.Unreachable : open.Network.TravelTimesMs[arc];
        Network = open.Network.WithTravelTimes(times);
        Turned = open.Turned.With(Network);
        (metric, searches, connectivity) = (new(() => new(hierarchy.Value, Turned.Network)), new(() => PerfectMetric.Of(Metric)), new(() => Connectivity.Of(Network)));
    }

    public static async Task<StreetNetwork> Load(NpgsqlDataSource db, string mode = "car", CancellationToken cancel = default) => new(await StreetRows.Read(db, mode, cancel), mode);

    public StreetRows Rows { get; }
    public string Mode { get; }

    /// <summary>Without turns. The times are milliseconds by the mode.</summary>
    public Network Network { get; }

    /// <summary>With them: what to search on. One sets out at a junction of <see cref="Network"/> and arrives at <see cref="TurnedNetwork.Arrival"/>.</summary>
    public TurnedNetwork Turned { get; }

    /// <summary>For each arc of <see cref="Network"/>, the street that it is.</summary>
    public IReadOnlyList<Driven> ArcOf { get; }

    /// <summary>Streets that are taken as not there.</summary>
    public IReadOnlySet<int> Closed { get; } = new HashSet<int>();

    /// <summary>Of <see cref="TurnedNetwork.Network"/>'s topology.</summary>
    public Hierarchy Hierarchy => hierarchy.Value;

    /// <summary>Of <see cref="TurnedNetwork.Network"/>.</summary>
    public HierarchyMetric Metric => metric.Value;

    /// <summary>On it, the fastest there are.</summary>
    public Searches Searches => searches.Value;

    /// <summary>Islands, dead ends and bridges of <see cref="Network"/>.</summary>
    public Connectivity Connectivity => connectivity.Value;

    /// <summary>The stored junction.</summary>
    public StreetJunctionRow Junction(int junction) => Rows.Junctions[junctionRow[junction]];

    /// <summary>By its position in <see cref="StreetRows.Junctions"/>: the same for the copies of one that the mode cannot pass.</summary>
    public int RowOf(int junction) => junctionRow[junction];

    /// <summary>A stored junction by its dataset and number, as <see cref="RowOf"/> has it; −1 where there is none.</summary>
    public int RowNamed(string dataset, long id) => rowOf.GetValueOrDefault((Rows.Datasets.ToList().IndexOf(dataset), id), -1);

    /// <summary>The junctions of the network that are a stored one: several where the mode cannot pass, none where it has no street.</summary>
    public IEnumerable<int> CopiesOf(int row) => around.Value.Copies[row];

    public int TailOf(int arc) => around.Value.Tails[arc];

    /// <summary>Arcs that can be driven and end at a junction.</summary>
    public IEnumerable<int> OpenInto(int junction) => around.Value.Into[junction].Where(IsOpen);

    /// <summary>Arcs that can be driven and begin there.</summary>
    public IEnumerable<int> OpenFrom(int junction) => Enumerable.Range(Network.FirstArc[junction], Network.FirstArc[junction + 1] - Network.FirstArc[junction]).Where(IsOpen);

    private bool IsOpen(int arc) => Network.TravelTimesMs[arc] < Network.Unreachable;

    private (int[] Tails, ILookup<int, int> Into, ILookup<int, int> Copies) Around()
    {
        var tails = new int[Network.ArcCount];
        for (var junction = 0; junction < Network.JunctionCount; junction++) Array.Fill(tails, junction, Network.FirstArc[junction], Network.FirstArc[junction + 1] - Network.FirstArc[junction]);
        return (tails, Enumerable.Range(0, tails.Length).ToLookup(arc => Network.Heads[arc]), Enumerable.Range(0, junctionRow.Length).ToLookup(j => junctionRow[j]));
    }

    /// <summary>The arc along a street; -1 where the mode may not drive it so.</summary>
    public int Arc(int street, bool backward) => (backward ? backwardArc : forwardArc)[street];

    /// <summary>A street by its dataset and name; -1 where the mode has none.</summary>
    public int StreetNamed(string dataset, string id) => byName.GetValueOrDefault((dataset, id), -1);

    /// <summary>Metres between two junctions as the crow flies.</summary>
    public double Metres(int a, int b) => (Junction(a), Junction(b)) is var (p, q) ? Earth.Metres(p.Longitude, p.Latitude, q.Longitude, q.Latitude) : 0;

    /// <summary>The same streets without some: one topology and hierarchy, another metric.</summary>
    /// <param name="streets">By their positions in <see cref="StreetRows.Streets"/>.</param>
    public StreetNetwork Without(IEnumerable<int> streets) => new(this, streets.Union(Closed).ToHashSet());

    /// <summary>Degrees, with longitudes as long as latitudes: for orders of junctions.</summary>
    private (double X, double Y) Plane(int junction) => Junction(junction) is var j ? (j.Longitude * Math.Cos(j.Latitude * Math.PI / 180), j.Latitude) : default;
}
