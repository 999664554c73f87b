using Jietong.Routing;

namespace Jietong.Services.Model;

/// <summary>A point of the network with its position (WGS 84) and its name.</summary>
internal sealed record Junction(string NameZh, string NameEn, double Longitude, double Latitude);

/// <summary>What somebody does along an arc. <paramref name="Kind"/>: car, road, connector, link, walk, board, ride, alight, transfer, bus (a local one).</summary>
internal sealed record Leg(string Kind, string NameZh, string NameEn, string? LinkId = null)
{
    /// <summary>Whether it stands for roads that we have no data of.</summary>
    public static bool IsSketch(string kind) => kind is "connector" or "bus" or "link";
}

/// <summary>Minutes, as a formula of the assumptions; infinite where the arc is closed under them.</summary>
internal delegate double Minutes(Inputs inputs);

/// <summary>
/// An arc, how long it takes, and how long it is waited for. With a link's id it counts while that link does: without it there is no
/// way, or, where the link only widens a road, the narrow one. The shape is for drawing.
/// </summary>
internal sealed record ModelArc(int Tail, int Head, Leg Leg, Minutes Time, double LengthMetres = 0, Minutes? Wait = null, string? LinkId = null, Minutes? Narrow = null,
    IReadOnlyList<double[]>? Shape = null);

/// <summary>How a link takes part in a model: by arcs of its own, or not at all, and then why. Its position is 0 metres off where the data show its works.</summary>
internal sealed record LinkWorks(LinkRow Link, double PositionMetres, bool InData, string WorksZh = "", string WorksEn = "", string? ReasonZh = null, string? ReasonEn = null)
{
    public bool IsEvaluated => ReasonZh is null;
}

/// <summary>Which junctions and arcs there are, the works of all links among them. What is open, and how long it takes, is a metric.</summary>
internal sealed class Topology
{
    private readonly List<Junction> junctions = [];
    private readonly List<ModelArc> arcs = [];
    private readonly List<(double X, double Y)> plane = [];
    private Network? network;
    private Hierarchy? hierarchy;

    public IReadOnlyList<Junction> Junctions => junctions;
    public IReadOnlyList<ModelArc> Arcs => arcs;

    /// <summary>The junctions of the places, in the order of <see cref="TravelModel.Places"/>.</summary>
    public List<int> PlaceJunctions { get; } = [];

    /// <summary>Where one arrives at the places: at their junctions, unless that would lead through them.</summary>
    public IReadOnlyList<int> PlaceArrivals
    {
        get => field ?? PlaceJunctions;
        init;
    }

    /// <summary>Of imported streets: junctions from which one gets about. Null where the network is hand-made.</summary>
    public IReadOnlyList<int>? Entrances { get; init; }

    /// <summary>Of imported streets: junctions of small parts, from which one cannot get to the rest and back, with how many junctions their part has.</summary>
    public IReadOnlyDictionary<int, int> IslandEntrances { get; init; } = new Dictionary<int, int>();

    /// <summary>Places too far from any imported street, with the metres to the nearest; they are in the network, and nothing leads to them.</summary>
    public Dictionary<string, double> PlacesOff { get; } = [];

    /// <summary>An order of the junctions for their hierarchy; null where one is to be searched for.</summary>
    public Func<IReadOnlyList<int>>? Order { get; init; }

    /// <summary>Where one walks off into the streets around: at places, and in front of stops. By car there are none.</summary>
    public List<int> StreetJunctions { get; } = [];

    public Dictionary<string, LinkWorks> Works { get; } = [];

    /// <summary>Network rows without a date, counted as present.</summary>
    public List<string> AssumedPresent { get; } = [];

    /// <summary>Whether its travel times rest on connectors.</summary>
    public bool IsSketch => arcs.Any(a => Leg.IsSketch(a.Leg.Kind));

    /// <summary>Whether they do so with these links: on imported streets nothing else is drawn by a connector.</summary>
    public bool IsSketchWith(IReadOnlySet<string> links) => Entrances is null ? IsSketch : arcs.Any(a => a.LinkId is { } link && Leg.IsSketch(a.Leg.Kind) && links.Contains(link));

    /// <summary>Roads and lines that are the works of a link which nobody had attested by the day: taken as not there (a widening: as not done).</summary>
    public List<string> WorksOfUnlisted { get; } = [];

    public Network Network
    {
        get { lock (arcs) return network ??= Network.Build(junctions.Count, [.. arcs.Select(a => a.Tail)], [.. arcs.Select(a => a.Head)], new int[arcs.Count]); }
    }

    /// <summary>Found once: every day's links, every assumption and every closure is a metric on it.</summary>
    public Hierarchy Hierarchy
    {
        get { lock (arcs) return hierarchy ??= new(Network, Order?.Invoke() ?? NestedDissection.Order(Network, plane)); }
    }

    public int AddJunction(Junction junction)
    {
        junctions.Add(junction);
        plane.Add(Earth.ToPlane(junction.Longitude, junction.Latitude));
        return junctions.Count - 1;
    }

    public void AddArc(ModelArc arc)
    {
        arcs.Add(arc);
        (network, hierarchy) = (null, null);
    }

    public void AddBothWays(ModelArc arc)
    {
        AddArc(arc);
        AddArc(arc with { Tail = arc.Head, Head = arc.Tail, Shape = arc.Shape?.Reverse().ToList() });
    }

    public double Metres(int a, int b) => Earth.Metres(junctions[a].Longitude, junctions[a].Latitude, junctions[b].Longitude, junctions[b].Latitude);

    public (double X, double Y) InPlane(int junction) => plane[junction];

    /// <summary>Joins junctions of one side with their neighbours, as roads would whose course nobody has given us.</summary>
    public IEnumerable<(int From, int To)> NeighboursAmong(IReadOnlyList<int> sites) =>
        GabrielGraph.Edges([.. sites.Select(InPlane)]).Select(e => (sites[e.From], sites[e.To]));
}
