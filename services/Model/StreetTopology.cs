using System.Security.Cryptography;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Services.Streets;

namespace Jietong.Services.Model;

/// <summary>
/// The network for cars on imported streets: their junctions and arcs as they are, turns and barriers kept, no connectors. Places and links join streets anywhere along them,
/// by arcs of their own beside the street, which is never split:
/// <code>
///   ● ═══════ street ═══════ ●            door ─► out          a place: one sets out at its door, and arrives elsewhere, so that nobody drives through it
///    ╲                      ▲╲
///     ╲ share      1 − share╱  ╲
///      ▼                   ╱    ▼
///      in ──► (link) ──► out    in ──► arrival
/// </code>
/// </summary>
internal sealed class StreetTopology
{
    /// <summary>An assumption that a register may have: how fast streets are driven, as a factor of the speeds by class or sign.</summary>
    public const string SpeedFactor = "street-speed-factor";

    private sealed record Foot(string Owner, StreetPosition At, int In, int Out);

    private static readonly Leg Car = new("car", "取车、停车", "to and from the car"), Arrive = new("alight", "到达", "arrive");

    private readonly ModelInput input;
    private readonly StreetMap map;
    private readonly StreetNetwork streets;
    private readonly Topology topology;
    private readonly bool hasSpeedFactor;
    private readonly Leg?[] legs;
    private readonly int[] tails;   // of the turned network's arcs
    private readonly Dictionary<int, LinkRow> linkOf = [];   // by street: whose own it is
    private readonly Dictionary<int, List<Foot>> feet = [];  // by street
    private readonly List<int> arrivals = [];

    private StreetTopology(ModelInput input)
    {
        (this.input, map) = (input, input.Streets?.Map ?? throw new InvalidOperationException("The model is on imported streets, and they were not read."));
        (streets, hasSpeedFactor) = (map.Network, new Inputs(input.Assumptions).Has(SpeedFactor));
        (legs, tails) = (new Leg?[streets.Rows.Streets.Count], new int[streets.Turned.Network.ArcCount]);
        var junctions = Enumerable.Range(0, streets.Network.JunctionCount);
        topology = new() { PlaceArrivals = arrivals, Entrances = [.. junctions.Where(j => map.IsInPart[j])], IslandEntrances = map.IslandJunctions, Order = Order };
    }

    private static readonly Lock Remembering = new();
    private static (string Hash, Topology Topology)? last;

    /// <summary>The topology of an input; the one that was asked for last is kept, with its hierarchy: one question after the other is about the same.</summary>
    public static Topology Of(ModelInput input)
    {
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(input with { AsOf = default, KnownBy = default }, ModelInput.Json)));
        lock (Remembering)
        {
            if (last is not { } kept || kept.Hash != hash) last = kept = (hash, Build(input));
            return kept.Topology;
        }
    }

    private static Topology Build(ModelInput input)
    {
        var build = new StreetTopology(input);
        var links = LinksOnStreets.Of(input);
        foreach (var link in links)
        {
            build.topology.Works[link.Works.Link.Id] = link.Works;
            foreach (var street in link.Streets) build.linkOf.TryAdd(street, link.Works.Link);
        }
        build.AddStreets();
        foreach (var place in input.PlacesInNetwork()) build.AddPlace(place);
        foreach (var link in links) build.AddLink(link);
        build.JoinAlongStreets();
        return build.topology;
    }

    /// <summary>What was added beside the streets first: it leads nowhere else. Then the streets in their own order, which is searched for once.</summary>
    private IReadOnlyList<int> Order() => [.. Enumerable.Range(streets.Turned.Network.JunctionCount, topology.Junctions.Count - streets.Turned.Network.JunctionCount), .. streets.Hierarchy.JunctionOrder];

    private void AddStreets()
    {
        var (turned, network) = (streets.Turned, streets.Turned.Network);
        var names = NamesOfJunctions();
        var plain = Enumerable.Range(0, streets.Network.JunctionCount).Select(j => streets.Junction(j) is var row ? new Junction(names[j].Zh, names[j].En, row.Longitude, row.Latitude) : null!).ToArray();
        foreach (var junction in turned.JunctionOf) topology.AddJunction(plain[junction]);
        for (var tail = 0; tail < network.JunctionCount; tail++)
            for (var arc = network.FirstArc[tail]; arc < network.FirstArc[tail + 1]; arc++)
            {
                tails[arc] = tail;
                if (turned.ArcOf[arc] is var of && of < 0) topology.AddArc(new(tail, network.Heads[arc], Arrive, _ => 0));
                else if (!IsBanned(arc)) topology.AddArc(Along(streets.ArcOf[of], 0, 1, tail, network.Heads[arc]));
            }
    }

    private bool IsBanned(int turnedArc) => streets.Turned.Network.TravelTimesMs[turnedArc] == Routing.Network.Unreachable;

    /// <summary>Junctions are called after the streets that meet there.</summary>
    private (string Zh, string En)[] NamesOfJunctions()
    {
        var named = new List<StreetLineRow>[streets.Network.JunctionCount];
        for (var street = 0; street < streets.Rows.Streets.Count; street++)
            if (map.EndsOf(street) is var (from, to) && from >= 0)
                foreach (var end in new[] { from, to })
                    if ((named[end] ??= []) is { Count: < 2 } known && known.All(k => LinksOnStreets.NameZh(k) != LinksOnStreets.NameZh(map[street]))) known.Add(map[street]);
        return [.. named.Select(n => (string.Join('×', (n ?? []).Select(LinksOnStreets.NameZh)), string.Join(" × ", (n ?? []).Select(LinksOnStreets.NameEn))))];
    }

    /// <summary>An arc along part of a street, as it is driven: the shares are of its length in that direction.</summary>
    private ModelArc Along(Driven driven, double from, double to, int tail, int head)
    {
        var (row, line) = (streets.Rows.Streets[driven.Street], map[driven.Street]);
        var minutes = (to - from) * (driven.Backward ? row.BackwardMs : row.ForwardMs) / 60_000;
        var link = linkOf.GetValueOrDefault(driven.Street);
        Minutes time = hasSpeedFactor ? i => minutes / i[SpeedFactor] : _ => minutes, narrow = i => time(i) / i["narrow-road-speed-factor"];
        // The data show the road as it is: a widening to come makes it faster, one that is done has made it so.
        var (with, without) = link is not { Nature: "bottleneck" } ? (time, (Minutes?)null) : link.State == "open" ? (time, narrow) : (i => time(i) * i["narrow-road-speed-factor"], time);
        var leg = legs[driven.Street] ??= new("road", LinksOnStreets.NameZh(line), LinksOnStreets.NameEn(line), link?.Id);
        return new(tail, head, leg, with, (to - from) * row.Metres, LinkId: link?.Id, Narrow: without, Shape: new StreetLine(line.Line, driven.Backward, from, to));
    }

    private IEnumerable<(Driven Driven, int Arc)> Ways(int street) => new[] { new Driven(street, false), new Driven(street, true) }.Select(d => (d, streets.Arc(street, d.Backward))).Where(w => w.Item2 >= 0);

    private static double Share(StreetPosition at, bool backward) => backward ? 1 - at.Share : at.Share;

    /// <summary>Joins a place on a street: what comes along the street gets to it, from wherever it may turn into the street; what leaves it goes on along the street.</summary>
    private Foot AddFoot(string owner, StreetPosition at, Junction junction)
    {
        var foot = new Foot(owner, at, topology.AddJunction(junction), topology.AddJunction(junction));
        foreach (var (driven, arc) in Ways(at.Street))
        {
            var copies = streets.Turned.Copies(arc).ToArray();
            foreach (var copy in copies)
                if (!IsBanned(copy)) topology.AddArc(Along(driven, 0, Share(at, driven.Backward), tails[copy], foot.In));
            topology.AddArc(Along(driven, Share(at, driven.Backward), 1, foot.Out, streets.Turned.Network.Heads[copies[0]]));
        }
        if (!feet.TryAdd(at.Street, [foot])) feet[at.Street].Add(foot);
        return foot;
    }

    /// <summary>From one place on a street to another on the same.</summary>
    private void JoinAlongStreets()
    {
        foreach (var (street, on) in feet)
            foreach (var (driven, _) in Ways(street))
                foreach (var a in on)
                    foreach (var b in on.Where(b => b.Owner != a.Owner && Share(a.At, driven.Backward) <= Share(b.At, driven.Backward)))
                        topology.AddArc(Along(driven, Share(a.At, driven.Backward), Share(b.At, driven.Backward), a.Out, b.In));
    }

    private void AddPlace(PlaceRow place)
    {
        var junction = new Junction(place.NameZh, place.NameEn, place.Longitude!.Value, place.Latitude!.Value);
        var (door, arrival) = (topology.AddJunction(junction), topology.AddJunction(junction));
        topology.PlaceJunctions.Add(door);
        arrivals.Add(arrival);
        IEnumerable<StreetPosition> Near(double metres) => map.Near(junction.Longitude, junction.Latitude, metres).Where(p => !linkOf.ContainsKey(p.Street));
        var farthest = (place.AccuracyMetres ?? 0) + LinksOnStreets.FarthestPlaceMetres;
        if (Near(farthest).ToList() is not { Count: > 0 } near)
        {
            topology.PlacesOff[place.Id] = Near(20_000).Select(p => p.Metres).DefaultIfEmpty(double.PositiveInfinity).Min();
            return;
        }
        var foot = AddFoot($"place {place.Id}", near.MinBy(p => (p.Metres, p.Street)), junction);
        topology.AddArc(new(door, foot.Out, Car, i => i["car-access-minutes"] / 2));
        topology.AddArc(new(foot.In, arrival, Car, i => i["car-access-minutes"] / 2));
    }

    private void AddLink(LinkOnStreets link)
    {
        var row = link.Works.Link;
        foreach (var ends in link.Ends)
        {
            Foot[] Feet(IReadOnlyList<StreetPosition> positions) => [.. positions.Select(p => AddFoot($"link {row.Id}", p, new(LinksOnStreets.NameZh(map[p.Street]), LinksOnStreets.NameEn(map[p.Street]), p.Longitude, p.Latitude)))];
            var (a, b) = (Feet(ends.A), Feet(ends.B));
            foreach (var from in a)
                foreach (var to in b)
                {
                    var arc = Added(link, ends.Offset, from, to);
                    topology.AddArc(arc);
                    topology.AddArc(arc with { Tail = to.In, Head = from.Out, Shape = [.. arc.Shape!.Reverse()] });
                }
        }
    }

    /// <summary>A link's way from one portal to the other: by its middle, or along its line. It is there while the link is taken to lie so.</summary>
    private static ModelArc Added(LinkOnStreets link, (double East, double North) offset, Foot from, Foot to)
    {
        var row = link.Works.Link;
        double[][] course = [.. (link.Line ?? [[row.Longitude!.Value, row.Latitude!.Value]]).Select(p => Earth.Moved(p[0], p[1], offset.East, offset.North) is var at ? new[] { at.Longitude, at.Latitude } : p)];
        double[][] shape = [[from.At.Longitude, from.At.Latitude], .. course, [to.At.Longitude, to.At.Latitude]];
        double Metres(int piece) => Earth.Metres(shape[piece][0], shape[piece][1], shape[piece + 1][0], shape[piece + 1][1]);
        var (straight, drawn) = (Metres(0) + Metres(shape.Length - 2), Enumerable.Range(1, shape.Length - 3).Sum(Metres));
        if (!link.IsDrawn) (straight, drawn) = (straight + drawn, 0);
        return new(from.In, to.Out, new(link.IsDrawn ? "road" : "link", row.NameZh, row.NameEn, row.Id),
            i => i.OffsetOf(row.Id) == offset ? CarTopology.ConnectorMinutes(i, straight) + drawn / 1000 / i["connector-speed-car"] * 60 : double.PositiveInfinity, straight + drawn, LinkId: row.Id, Shape: shape);
    }
}
