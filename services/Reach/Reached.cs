using Jietong.Routing;
using Jietong.Services.Model;
using Jietong.Services.Streets;
using NetTopologySuite.Geometries;
using NetTopologySuite.LinearReferencing;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;
using NetTopologySuite.Precision;
using NetTopologySuite.Simplify;

namespace Jietong.Services.Reach;

/// <summary>A place that is reached, and when.</summary>
internal sealed record ReachedPlace(PlaceRow Place, int Ms);

/// <summary>What is reached within so many minutes from the start, the narrower bands included.</summary>
/// <param name="Minutes">The end of the band.</param>
/// <param name="Area">In degrees, valid; holes are what is not reached.</param>
/// <param name="AreaKm2">On the ellipsoid.</param>
/// <param name="Places">Soonest first, without the one asked from.</param>
internal sealed record ReachedBand(int Minutes, MultiPolygon Area, double AreaKm2, IReadOnlyList<ReachedPlace> Places);

/// <summary>Draws what is reached: the parts of each band as lines and points with a width of their own, joined, simplified, and every band laid over the narrower ones.</summary>
internal static class Reached
{
    /// <summary>Of a quarter of a circle; a disc lacks at most 0.5 % of its radius.</summary>
    private const int SidesOfQuarter = 8;

    /// <summary>The smallest disc by public transport: whoever arrives in the last second still stands somewhere.</summary>
    public const double SmallestDisc = 50;

    /// <summary>How far outlines may be off by being simplified.</summary>
    public static double ToleranceMetres(ReachRequest request) => (request.WidthMetres ?? ReachRequest.DefaultWidth) / 100;

    /// <summary>The bands, narrowest first, on one metric.</summary>
    public static IReadOnlyList<ReachedBand> Bands(ReachRequest request, TravelModel model, ModelTimes metric, Inputs inputs, ReachOrigin origin, CancellationToken cancel)
    {
        var (plane, limits) = (new LocalPlane(origin.Longitude, origin.Latitude), request.Minutes.Select(m => m * 60_000).ToArray());
        var (placesMs, parts) = model.Mode == Mode.Car ? ByCar(model, metric, origin, limits, request.WidthMetres!.Value, plane) : ByTransit(model, metric, inputs, origin, limits, plane, cancel);
        var places = model.Places.Zip(placesMs, (place, ms) => new ReachedPlace(place, ms)).Where(p => p.Place.Id != origin.PlaceId).OrderBy(p => p.Ms).ThenBy(p => p.Place.Id, StringComparer.Ordinal).ToList();
        var (bands, inside) = (new List<ReachedBand>(), (Geometry)LocalPlane.Factory.CreatePolygon());
        for (var band = 0; band < limits.Length; band++)
        {
            cancel.ThrowIfCancellationRequested();
            if (OverlayNGRobust.Union(parts[band]) is { } own)   // null: nothing new in this band
                inside = OverlayNGRobust.Overlay(inside, TopologyPreservingSimplifier.Simplify(own, ToleranceMetres(request)), SpatialFunction.Union);
            var written = GeometryPrecisionReducer.Reduce(plane.ToDegrees(inside), LocalPlane.Written);
            var area = written as MultiPolygon ?? LocalPlane.Factory.CreateMultiPolygon([(Polygon)written]);
            bands.Add(new(request.Minutes[band], area, LocalPlane.SquareKilometres(area), [.. places.Where(p => p.Ms <= limits[band])]));
        }
        return bands;
    }

    /// <summary>Roads as far as they are driven within the band, cut where time is up, and the places where one has parked. Connectors have no width: nobody stops along them.</summary>
    private static (IEnumerable<int> PlacesMs, List<Geometry>[] Parts) ByCar(TravelModel model, ModelTimes metric, ReachOrigin origin, int[] limits, double width, LocalPlane plane)
    {
        var reach = Routing.Reach.From(metric.Network, [(origin.Junction, origin.Ms)], limits);
        var placesMs = model.Topology.PlaceArrivals.Select(j => reach.TimesMs[j]);
        var points = limits.Select(_ => new List<double[]>()).ToArray();
        points[0].Add([origin.Longitude, origin.Latitude]);
        foreach (var (place, ms) in model.Places.Zip(placesMs))
            if (reach.BandOf(ms) is var band && band < limits.Length) points[band].Add([place.Longitude!.Value, place.Latitude!.Value]);
        List<(ReachedStretch Stretch, IReadOnlyList<double[]> Shape)> roads = [.. reach.Stretches().Select(s => (s, model.Topology.Arcs[metric.Network.InputArcs[s.Arc]].Shape!)).Where(r => r.Item2 is not null)];
        if (roads.Count > ManyRoads) return (placesMs, ByDistance(roads, points, width, plane));
        var lines = points.Select(band => band.Select(p => plane.ToPlane([p])).ToHashSet()).ToArray();   // a road that is driven both ways counts once
        foreach (var (stretch, shape) in roads) lines[stretch.Band].Add(Between(plane.ToPlane(shape), stretch.From, stretch.To).Normalized());
        return (placesMs, [.. lines.Select(band => band.Select(line => line.Buffer(width, SidesOfQuarter)).ToList())]);
    }

    /// <summary>More stretches of roads than this are drawn by their distance, not joined one by one.</summary>
    private const int ManyRoads = 3_000;

    private static List<Geometry>[] ByDistance(List<(ReachedStretch Stretch, IReadOnlyList<double[]> Shape)> roads, List<double[]>[] points, double width, LocalPlane plane)
    {
        var (field, drawn, byBand) = (new DistanceField(width), new HashSet<object>(ReferenceEqualityComparer.Instance), roads.ToLookup(r => r.Stretch.Band));
        return [.. points.Select((band, i) =>
        {
            foreach (var point in band) field.Add([plane.InPlane(point)]);
            foreach (var (stretch, shape) in byBand[i])
            {
                var (whole, street) = (stretch is { From: 0, To: 1 }, shape as StreetLine);
                if (whole && street is { IsWhole: true } && !drawn.Add(street.Line)) continue;   // the other way, or after another turn
                field.Add([.. (whole ? shape : StreetLine.Part(shape, stretch.From, stretch.To)).Select(plane.InPlane)]);
            }
            return new List<Geometry> { field.Outline() };
        })];
    }

    private static Geometry Between(Geometry line, double from, double to) => from == 0 && to == 1 ? line : new LengthIndexedLine(line).ExtractLine(from * line.Length, to * line.Length);

    /// <summary>Around each place and stop a disc as wide as one can still walk, and no wider than one walks at all.</summary>
    private static (IEnumerable<int> PlacesMs, List<Geometry>[] Parts) ByTransit(TravelModel model, ModelTimes metric, Inputs inputs, ReachOrigin origin, int[] limits, LocalPlane plane, CancellationToken cancel)
    {
        var streets = model.Topology.StreetJunctions;
        var expected = new OptimalStrategies(metric.Network, metric.WaitsMs).Between([origin.Junction], streets, cancellation: cancel)[0];
        var ms = streets.Zip(expected, (street, time) => (street, Ms: Math.Min(Network.Unreachable, time + origin.Ms))).ToDictionary(t => t.street, t => t.Ms);
        var (metresAMinute, farthest) = (1000 / TransitTopology.WalkMinutes(inputs, 1000), inputs["walk-limit"]);
        Geometry Disc(double longitude, double latitude, double leftMs) => plane.ToPlane([longitude, latitude]).Buffer(Math.Max(SmallestDisc, Math.Min(farthest, leftMs / 60_000 * metresAMinute)), SidesOfQuarter);
        return (model.Topology.PlaceJunctions.Select(j => ms[j]), [.. limits.Select(limit => ms.Where(t => t.Value <= limit)
            .Select(t => Disc(model.Topology.Junctions[t.Key].Longitude, model.Topology.Junctions[t.Key].Latitude, limit - t.Value)).Prepend(Disc(origin.Longitude, origin.Latitude, limit)).ToList())]);
    }
}
