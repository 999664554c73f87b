using Jietong.Geodata;

namespace Jietong.Services.Model;

/// <summary>
/// The network for walking and public transport. A station has a street and a platform; each service stops at platforms, both ways;
/// local buses run between neighbours of one side, wherever somebody lives or a line stops, and turn back at the province line.
/// <code>
///   ride ──► on board ──────► on board                    board: waited for, a share of the headway
///               ▲ │              │                        boarding: from the street to the platform
///         board │ ▼ alight       ▼
///              platform ⇄ transfer ⇄ platform of another line
///               ▲ │
///      boarding │ ▼
///               street ⇄ walk ⇄ street of a place ⇄ local bus ⇄ …
/// </code>
/// </summary>
internal sealed class TransitTopology
{
    private readonly ModelInput input;
    private readonly Topology topology = new();
    private readonly Dictionary<string, LineRow> lines;
    private readonly Dictionary<(string Line, string Stop), (int Street, int Platform)> stations = [];
    private readonly Dictionary<int, string> boardings = [];
    private readonly Dictionary<Zone, List<int>> streets = new() { [Zone.Shanghai] = [], [Zone.Outer] = [] };

    private TransitTopology(ModelInput input) => (this.input, lines) = (input, input.Lines.ToDictionary(l => l.Id));

    public static Topology Build(ModelInput input)
    {
        var build = new TransitTopology(input);
        foreach (var place in input.PlacesInNetwork())
            build.topology.PlaceJunctions.Add(build.AddStreet(place.NameZh, place.NameEn, place.Longitude!.Value, place.Latitude!.Value, Zones.Of(place.Adcode)));
        foreach (var line in input.Lines) build.AddStations(line);
        foreach (var service in input.Services) build.AddService(service);
        foreach (var transfer in input.Transfers) build.AddTransfer(transfer);
        build.AddWalks();
        build.AddCrossings();
        build.AddLocalBuses();
        foreach (var link in input.Links.Where(l => l.Kind is not "road" and not "waterway")) build.topology.Works[link.Id] = build.WorksOf(link);
        return build.topology;
    }

    private int AddStreet(string nameZh, string nameEn, double longitude, double latitude, Zone zone)
    {
        var street = topology.AddJunction(new(nameZh, nameEn, longitude, latitude));
        streets[zone].Add(street);
        topology.StreetJunctions.Add(street);
        return street;
    }

    private void AddStations(LineRow line)
    {
        if (line.AssumedPresent) topology.AssumedPresent.Add(line.Id);
        if (line.LinkId is { } link && input.Links.All(l => l.Id != link)) topology.WorksOfUnlisted.Add(line.Id);
        foreach (var stop in line.Stops.Where(s => s.Longitude is not null))
        {
            if (stations.ContainsKey(Platform(line, stop.NameZh))) continue;
            var street = AddStreet(stop.NameZh, stop.NameEn, stop.Longitude!.Value, stop.Latitude!.Value, Zones.Of(stop.Adcode!));
            stations[Platform(line, stop.NameZh)] = (street, line.Kind == "bus" ? street : topology.AddJunction(topology.Junctions[street]));
        }
    }

    private static (string, string) Platform(LineRow line, string stop) => (line.SharesPlatformsWith ?? line.Id, stop);

    private void AddService(ServiceRow service)
    {
        var line = lines[service.LineId];
        var (from, to) = LineParts.Between(line, service.From, service.To);
        var calls = Enumerable.Range(from, to - from + 1).Where(i => (service.Calls == "all" || i == from || i == to) && stations.ContainsKey(Platform(line, line.Stops[i].NameZh)) && LineParts.IsServed(line, i)).ToList();
        var minutes = Enumerable.Range(from, to - from).ToDictionary(i => i, i => LineParts.SegmentMinutes(input, line, i));
        foreach (var call in calls) AddBoarding(service, line, call);
        foreach (var direction in new[] { calls, [.. Enumerable.Reverse(calls)] }) AddRun(service, line, direction, minutes);
    }

    private void AddBoarding(ServiceRow service, LineRow line, int call)
    {
        var (street, platform) = stations[Platform(line, line.Stops[call].NameZh)];
        if (street == platform) return;
        var boarding = service.BoardingAssumptionId ?? throw new InputException($"services.csv, row {service.Id}: a {line.Kind} service needs boardingAssumptionId.");
        if (!boardings.TryAdd(platform, boarding))
        {
            if (boardings[platform] != boarding) throw new InputException($"services.csv, row {service.Id}: {line.Stops[call].NameZh} is boarded by {boarding} and by {boardings[platform]}: one platform has one way to it.");
            return;
        }
        topology.AddArc(new(street, platform, new("boarding", "进站", "to the platform"), i => i[boarding]));
        topology.AddArc(new(platform, street, new("boarding", "出站", "to the street"), i => i["metro-access"]));
    }

    private void AddRun(ServiceRow service, LineRow line, List<int> calls, Dictionary<int, Minutes> minutes)
    {
        var ride = new Leg("ride", line.NameZh, line.NameEn, line.LinkId);
        int? onBoard = null;
        for (var n = 0; n < calls.Count; n++)
        {
            var stop = line.Stops[calls[n]];
            var (_, platform) = stations[Platform(line, stop.NameZh)];
            var here = topology.AddJunction(topology.Junctions[platform]);
            if (onBoard is { } before && LineParts.Segments(calls[n - 1], calls[n]).All(i => LineParts.IsOpen(line, i)))
            {
                var parts = LineParts.Segments(calls[n - 1], calls[n]).Select(i => minutes[i]).ToList();
                var crosses = line.Kind == "bus" && Zones.Of(line.Stops[calls[n - 1]].Adcode!) != Zones.Of(stop.Adcode!);
                topology.AddArc(new(before, here, ride, i => parts.Sum(p => p(i)) + (crosses ? i["bus-border-crossing"] : 0), topology.Metres(before, here), LinkId: line.LinkId));
            }
            if (n < calls.Count - 1) topology.AddArc(new(platform, here, ride, _ => 0, Wait: i => i["waiting-share"] * i[service.HeadwayAssumptionId], LinkId: line.LinkId));
            if (n > 0) topology.AddArc(new(here, platform, new("alight", "下车", "alight"), _ => 0));
            onBoard = here;
        }
    }

    private void AddTransfer(TransferRow transfer)
    {
        if (!stations.TryGetValue(Platform(lines[transfer.FromLineId], transfer.From), out var from)) return;   // no position: nobody can board there
        if (!stations.TryGetValue(Platform(lines[transfer.ToLineId], transfer.To), out var to)) return;
        topology.AddBothWays(new(from.Platform, to.Platform, new("transfer", "站内换乘", "change trains"), i => i[transfer.AssumptionId]));
    }

    private void AddWalks()
    {
        var farthest = new Inputs(input.Assumptions).HighOf("walk-limit");
        foreach (var side in streets.Values)
            for (var a = 0; a < side.Count; a++)
                for (var b = a + 1; b < side.Count; b++)
                {
                    var metres = topology.Metres(side[a], side[b]);
                    if (metres > farthest) continue;
                    topology.AddBothWays(new(side[a], side[b], new("walk", "步行", "walk"),
                        i => metres > i["walk-limit"] ? double.PositiveInfinity : WalkMinutes(i, metres), metres));
                }
    }

    /// <summary>
    /// Where an ordinary road crosses the province line one can walk across, from the neighbouring streets of one side to those of the other, however far:
    /// local buses turn back, and nothing else may lead over. Motorways are not walked on.
    /// </summary>
    private void AddCrossings()
    {
        foreach (var road in input.Roads.Where(r => r.CrossingAdcode is not null && r.Class is not ("motorway" or "urban_expressway")))
        {
            var at = road.Coordinates[^1];
            List<int> Near(string adcode) => [.. Routing.GabrielGraph.NeighboursOf(Earth.ToPlane(at[0], at[1]), [.. streets[Zones.Of(adcode)].Select(topology.InPlane)]).Select(n => streets[Zones.Of(adcode)][n])];
            var (here, there) = (Near(road.Adcode), Near(road.CrossingAdcode!));
            foreach (var (from, to) in new[] { (here, there), (there, here) })
            {
                var crossing = topology.AddJunction(new($"{road.NameZh}过界处", $"{road.NameEn} at the line", at[0], at[1]));
                foreach (var street in from) topology.AddArc(WalkTo(street, crossing, road));
                foreach (var street in to) topology.AddArc(WalkTo(crossing, street, road));
            }
        }
    }

    private ModelArc WalkTo(int tail, int head, RoadRow road)
    {
        var metres = topology.Metres(tail, head);
        return new(tail, head, new("walk", "步行", "walk"), i => WalkMinutes(i, metres), metres, LinkId: road.Widens ? null : road.LinkId);
    }

    internal static double WalkMinutes(Inputs i, double metres) => metres * i["detour-factor-walking"] / 1000 / i["walking-speed"] * 60;

    private void AddLocalBuses()
    {
        var bus = new Leg("bus", "本侧公交（示意）", "local bus (sketch)");
        foreach (var side in streets.Values)
        {
            var aboard = side.ToDictionary(s => s, s => topology.AddJunction(topology.Junctions[s]));
            foreach (var (street, here) in aboard)
            {
                topology.AddArc(new(street, here, bus, _ => 0, Wait: i => i["waiting-share"] * i["headway-bus-local"]));
                topology.AddArc(new(here, street, new("alight", "下车", "alight"), _ => 0));
            }
            foreach (var (from, to) in topology.NeighboursAmong(side))
            {
                var metres = topology.Metres(from, to);
                topology.AddBothWays(new(aboard[from], aboard[to], bus, i => metres * i["detour-factor-connector"] / 1000 / i["bus-speed-urban"] * 60, metres));
            }
        }
    }

    private LinkWorks WorksOf(LinkRow link)
    {
        LinkWorks Not(string zh, string en) => new(link, link.AccuracyMetres ?? 0, false, ReasonZh: zh, ReasonEn: en);
        if (input.Lines.Where(l => l.LinkId == link.Id).ToList() is { Count: > 0 } works && topology.Arcs.Any(a => a.LinkId == link.Id))
            return new(link, 0, true, string.Join("；", works.Select(l => $"{l.NameZh}全线（{l.Stops[0].NameZh}—{l.Stops[^1].NameZh}，{l.Stops.Count} 站）")),
                string.Join("; ", works.Select(l => $"the whole of {l.NameEn} ({l.Stops[0].NameEn}–{l.Stops[^1].NameEn}, {l.Stops.Count} stops)")));
        return link switch
        {
            { Kind: "unspecified" } => Not("来源未说明是哪种交通方式", "no source says which mode it would carry"),
            { Kind: "bus" } or { Nature: "service" } => Not("来源未给出可定位的起讫站与班次", "no source gives termini that can be placed, and a frequency"),
            { Kind: "footbridge" } => Not("位置只是一个圆，大于步行范围", "its position is a circle wider than one walks"),
            _ => Not("来源未示其车站与线位", "no source shows its stations and its course"),
        };
    }
}
