using Jietong.Geodata;
using Jietong.Routing;
using Jietong.Services.Model;

namespace Jietong.Services.Reach;

/// <summary>Where one sets out: a place, or a position that is joined to the nearest junction, as a connector (on foot, as a walk) would join it.</summary>
/// <param name="PlaceId">Null for a position.</param>
/// <param name="NameZh">Of the place, or of the junction that the position is joined to.</param>
/// <param name="NameEn">The same in English.</param>
/// <param name="Longitude">Of the place or position.</param>
/// <param name="Latitude">Likewise.</param>
/// <param name="Junction">Where the network is entered.</param>
/// <param name="Ms">How long it takes to get there.</param>
/// <param name="Metres">How far it is, in a straight line.</param>
internal sealed record ReachOrigin(string? PlaceId, string NameZh, string NameEn, double Longitude, double Latitude, int Junction, int Ms, double Metres)
{
    /// <summary>By car; on foot it is the assumption walk-limit.</summary>
    public const double FarthestMetres = 5_000;

    /// <summary>How many junctions the part of the network has where one sets out, if it is a small one, from which one cannot get to the rest and back.</summary>
    public int? PartOf { get; private init; }

    /// <exception cref="InputException">Nothing of the network is near enough; the message says how far the nearest is.</exception>
    public static ReachOrigin Of(ReachRequest request, TravelModel model, ModelTimes metric, Inputs inputs)
    {
        var topology = model.Topology;
        if (request.Position is not var (longitude, latitude))
        {
            var (index, place) = model.Places.Index().First(p => p.Item.Id == request.From);
            return new(place.Id, place.NameZh, place.NameEn, place.Longitude!.Value, place.Latitude!.Value, topology.PlaceJunctions[index], 0, 0);
        }
        double Metres(int junction) => Earth.Metres(longitude, latitude, topology.Junctions[junction].Longitude, topology.Junctions[junction].Latitude);
        var car = model.Mode == Mode.Car;
        var farthest = car ? FarthestMetres : inputs["walk-limit"];
        var nearest = (car ? OnTheRoad(topology, metric) : topology.StreetJunctions).MinBy(Metres);
        // A yard beside a town is not where one sets out; where there is no town near, a small part of the network is all there is: an island, or another dataset.
        if (car && Metres(nearest) > farthest && topology.IslandEntrances.Count > 0 && topology.IslandEntrances.Keys.MinBy(Metres) is var island && Metres(island) < Metres(nearest)) nearest = island;
        var (metres, at) = (Metres(nearest), topology.Junctions[nearest]);
        if (metres > farthest)
            throw new InputException($"from: the network's nearest junction, {at.NameZh} ({at.NameEn}), is {metres:0} m from {request.From}; at most {farthest:0} m {(car ? "are driven" : "are walked")} to it. Ask from a place: ./run export places lists them all.");
        var minutes = car ? inputs["car-access-minutes"] / 2 + CarTopology.ConnectorMinutes(inputs, metres) : TransitTopology.WalkMinutes(inputs, metres);
        return new(null, at.NameZh, at.NameEn, longitude, latitude, nearest, (int)Math.Round(minutes * 60_000), metres) { PartOf = topology.IslandEntrances.TryGetValue(nearest, out var part) ? part : null };
    }

    /// <summary>Where connectors and roads that are open meet: links are entered from there, not from beside them.</summary>
    private static IEnumerable<int> OnTheRoad(Topology topology, ModelTimes metric) =>
        topology.Entrances ?? topology.Arcs.Index().Where(a => a.Item.Leg.Kind is "road" or "connector" && metric.TravelTimesMs[a.Index] < Network.Unreachable).Select(a => a.Item.Tail).Distinct();
}
