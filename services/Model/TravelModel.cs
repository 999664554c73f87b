global using Route = Jietong.Services.Model.Route;   // not ASP.NET Core's
using System.Text.Json.Serialization;
using Jietong.Geodata;
using Jietong.Routing;

namespace Jietong.Services.Model;

internal enum Mode { Car, Transit }

/// <summary>The words for modes, wherever they are read or written.</summary>
internal static class Modes
{
    public static readonly string[] Names = ["car", "transit"];

    public static string Name(Mode mode) => Names[(int)mode];

    public static Mode Of(string name) => name == Names[0] ? Mode.Car : Mode.Transit;
}

/// <summary>
/// What somebody does between two places. By public transport the minutes are the mean over all that may come first, the legs those of
/// the likeliest path, with its probability; for each link, how often it is travelled.
/// </summary>
internal sealed record Route(double Minutes, double Probability, bool Sketch, IReadOnlyList<RouteLeg> Legs, IReadOnlyDictionary<string, double> Links);

internal sealed record RouteLeg(string Kind, string NameZh, string NameEn, string? LinkId, string FromZh, string FromEn, string ToZh, string ToEn,
    double Minutes, double WaitMinutes, double LengthMetres)
{
    /// <summary>Positions along it, for drawing.</summary>
    [JsonIgnore]
    public IReadOnlyList<double[]> Shape { get; init; } = [];
}

/// <summary>One topology for a day and a mode; travel times between its places under any metric.</summary>
internal sealed class TravelModel(ModelInput input, Mode mode)
{
    public ModelInput Input => input;
    public Mode Mode => mode;
    public Topology Topology { get; } = mode == Mode.Transit ? TransitTopology.Build(input) : input.Streets is null ? CarTopology.Build(input) : StreetTopology.Of(input);
    public IReadOnlyList<PlaceRow> Places { get; } = [.. input.PlacesInNetwork()];

    /// <summary>The links that count on the day.</summary>
    public IReadOnlySet<string> OpenLinks { get; } = input.Links.Where(l => l.State == "open").Select(l => l.Id).ToHashSet();

    /// <summary>Those that count once some are opened and others closed.</summary>
    public IReadOnlySet<string> LinksWith(IEnumerable<string> opened, IEnumerable<string> closed) => OpenLinks.Except(closed).Concat(opened).ToHashSet();

    /// <exception cref="InputException">The model needs an assumption that is not there.</exception>
    public ModelTimes MetricOf(Inputs inputs, IReadOnlySet<string> openLinks)
    {
        var arcs = Topology.Arcs;
        var (times, waits) = (new int[arcs.Count], new int[arcs.Count]);
        for (var a = 0; a < arcs.Count; a++)
        {
            var arc = arcs[a];
            var without = arc.LinkId is { } link && !openLinks.Contains(link);
            times[a] = without && arc.Narrow is null ? Network.Unreachable : Milliseconds(without ? arc.Narrow!(inputs) : arc.Time(inputs));
            waits[a] = arc.Wait is null ? 0 : Milliseconds(arc.Wait(inputs));
        }
        return new(Topology, times, waits);
    }

    /// <summary>Asks for every assumption that any arc may need, whatever is open.</summary>
    public void AskForAll(Inputs inputs)
    {
        foreach (var arc in Topology.Arcs)
            foreach (var formula in new[] { arc.Time, arc.Wait, arc.Narrow }) formula?.Invoke(inputs);
    }

    private static int Milliseconds(double minutes) => minutes < Network.Unreachable / 60_000.0 ? (int)Math.Round(minutes * 60_000) : Network.Unreachable;

    /// <summary>Milliseconds by [from][to], in the order of <see cref="Places"/>; <see cref="Network.Unreachable"/> where no path leads.</summary>
    public int[][] TimesMs(ModelTimes metric)
    {
        var at = Topology.PlaceJunctions;
        if (mode == Mode.Transit) return new OptimalStrategies(metric.Network, metric.WaitsMs).Between(at, at);
        var times = TravelTimeMatrix.Between(metric.Searches, at, Topology.PlaceArrivals);
        for (var place = 0; place < times.Length; place++) times[place][place] = 0;   // not a round trip
        return times;
    }

    /// <summary>The same with infinity where no path leads.</summary>
    public double[][] TimesBetweenPlaces(ModelTimes metric) => [.. TimesMs(metric).Select(row => row.Select(ms => ms == Network.Unreachable ? double.PositiveInfinity : ms).ToArray())];

    /// <summary>By car, where times along a way add up: some links as additions to the network without them, between all places. Link i is the i-th.</summary>
    /// <param name="inputs">The assumptions.</param>
    /// <param name="others">The links that are there anyway.</param>
    /// <param name="links">At most <see cref="Additions.MostLinks"/>.</param>
    public Additions AdditionsOf(Inputs inputs, IReadOnlySet<string> others, IReadOnlyList<string> links)
    {
        var (without, with, portals, added) = (MetricOf(inputs, others), MetricOf(inputs, others.Concat(links).ToHashSet()), new Dictionary<int, int>(), new List<AddedArc>());
        for (var a = 0; a < Topology.Arcs.Count; a++)
            if (Topology.Arcs[a] is { LinkId: { } link } arc && with.TravelTimesMs[a] < without.TravelTimesMs[a])
                added.Add(new(links.Index().First(l => l.Item == link).Index, PortalAt(arc.Tail), PortalAt(arc.Head), with.TravelTimesMs[a]));
        return new(without.Searches, [.. portals.OrderBy(p => p.Value).Select(p => Portal.At(p.Key))], added, Topology.PlaceJunctions, Topology.PlaceArrivals);

        int PortalAt(int junction) => portals.TryGetValue(junction, out var portal) ? portal : portals[junction] = portals.Count;
    }

    /// <summary>The way from a place to another, both by their positions in <see cref="Places"/>; null where no path leads.</summary>
    public Route? RouteBetween(int from, int to, ModelTimes metric)
    {
        var network = metric.Network;
        var (source, target) = (Topology.PlaceJunctions[from], Topology.PlaceArrivals[to]);
        if (mode == Mode.Car)
        {
            if (new PointToPoint(metric.Searches).Path(source, target) is not { } path) return null;
            var arcs = path.Select(a => network.InputArcs[a]).ToList();
            return Describe(arcs, metric, _ => 0, arcs.Sum(a => (double)metric.TravelTimesMs[a]), 1, LinksOf(arcs));
        }
        var strategy = new OptimalStrategies(network, metric.WaitsMs).To(target);
        if (double.IsInfinity(strategy.ExpectedMs[source])) return null;
        var along = strategy.ProbabilitiesFrom(source);
        var likeliest = strategy.LikeliestPathFrom(source);
        var boarded = Enumerable.Range(0, network.ArcCount).Where(a => along[a] > 0).Select(a => (Arc: Topology.Arcs[network.InputArcs[a]], P: along[a]))
            .Where(x => x.Arc.LinkId is not null && x.Arc.Wait is not null).Select(x => (x.Arc.LinkId!, x.P));
        var travelled = likeliest.Select(a => network.InputArcs[a.Arc]).ToList();
        return Describe(travelled, metric, a => Topology.Arcs[a].Wait is null ? 0 : strategy.WaitMs(Topology.Arcs[a].Tail), strategy.ExpectedMs[source],
            likeliest.Aggregate(1.0, (p, a) => p * a.Probability), boarded);
    }

    /// <summary>
    /// The soonest way that does use one of the links, whether or not it is the best there is, waiting for each line by itself: to an arc of a
    /// link, along it and on, by the best of all such arcs. Null where none leads.
    /// </summary>
    public Route? RouteVia(IReadOnlySet<string> links, int from, int to, ModelTimes metric)
    {
        var (ask, source, target) = (new PointToPoint(metric.SearchesWithWaits), Topology.PlaceJunctions[from], Topology.PlaceArrivals[to]);
        long TimeMs(int arc) => (long)metric.TravelTimesMs[arc] + metric.WaitsMs[arc];
        var joining = links.SelectMany(JoiningArcs).Distinct().Order().Select(a => (Arc: a, Sums: new[] { ask.TravelTimeMs(source, Topology.Arcs[a].Tail), TimeMs(a), ask.TravelTimeMs(Topology.Arcs[a].Head, target) }))
            .Where(a => a.Sums.All(ms => ms < Network.Unreachable)).ToList();
        if (joining.Count == 0) return null;
        var by = joining.MinBy(a => a.Sums.Sum()).Arc;
        IEnumerable<int> Way(int a, int b) => ask.Path(a, b)!.Select(arc => metric.Network.InputArcs[arc]);
        int[] travelled = [.. Way(source, Topology.Arcs[by].Tail), by, .. Way(Topology.Arcs[by].Head, target)];
        return Describe(travelled, metric, a => metric.WaitsMs[a], travelled.Sum(TimeMs), 1, LinksOf(travelled));
    }

    private IEnumerable<(string, double)> LinksOf(IEnumerable<int> arcs) => arcs.Select(a => Topology.Arcs[a].LinkId).OfType<string>().Distinct().Select(l => (l, 1.0));

    /// <summary>The arcs of a link's works that somebody must travel to have used the link itself: those nearest to its position, or all where it has none.</summary>
    internal IEnumerable<int> JoiningArcs(string link)
    {
        var row = input.Links.First(l => l.Id == link);
        double Metres(int junction) => row.Longitude is null ? 0 : Earth.Metres(row.Longitude.Value, row.Latitude!.Value, Topology.Junctions[junction].Longitude, Topology.Junctions[junction].Latitude);
        var inputs = new Inputs(input.Assumptions);   // as it is taken to lie: on streets it has arcs for the other places of its circle too
        var own = Enumerable.Range(0, Topology.Arcs.Count).Where(a => Topology.Arcs[a].LinkId == link && Topology.Arcs[a].Wait is null && (Topology.Entrances is null || double.IsFinite(Topology.Arcs[a].Time(inputs))))
            .Select(a => (Arc: a, Metres: Math.Min(Metres(Topology.Arcs[a].Tail), Metres(Topology.Arcs[a].Head)))).ToList();
        return own.Where(a => a.Metres <= own.Min(o => o.Metres) + 1).Select(a => a.Arc);
    }

    private Route Describe(IReadOnlyList<int> arcs, ModelTimes metric, Func<int, double> waitMs, double totalMs, double probability, IEnumerable<(string Link, double Probability)> links)
    {
        var legs = new List<RouteLeg>();
        foreach (var a in arcs)
        {
            var arc = Topology.Arcs[a];
            if (arc.Leg.Kind == "alight") continue;
            var (tail, head) = (Topology.Junctions[arc.Tail], Topology.Junctions[arc.Head]);
            double[][] shape = arc.Shape is null ? [[tail.Longitude, tail.Latitude], [head.Longitude, head.Latitude]] : [.. arc.Shape];
            var leg = new RouteLeg(arc.Leg.Kind, arc.Leg.NameZh, arc.Leg.NameEn, arc.Leg.LinkId, tail.NameZh, tail.NameEn, head.NameZh, head.NameEn,
                metric.TravelTimesMs[a] / 60_000.0, waitMs(a) / 60_000, arc.LengthMetres) { Shape = shape };
            if (legs.Count > 0 && legs[^1] is var last && last.Kind == leg.Kind && last.NameZh == leg.NameZh && arc.Wait is null)
                legs[^1] = last with { ToZh = leg.ToZh, ToEn = leg.ToEn, Minutes = last.Minutes + leg.Minutes, LengthMetres = last.LengthMetres + leg.LengthMetres, Shape = [.. last.Shape, .. leg.Shape] };
            else legs.Add(leg);
        }
        var shares = links.GroupBy(l => l.Link).ToDictionary(g => g.Key, g => Math.Min(1, mode == Mode.Car ? 1 : g.Sum(l => l.Probability)));
        return new(totalMs / 60_000, probability, legs.Any(l => Leg.IsSketch(l.Kind)), [.. legs.Where(l => l.Minutes + l.WaitMinutes > 0)], shares);
    }
}
