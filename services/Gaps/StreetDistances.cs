using Jietong.Routing;
using Jietong.Services.Streets;

namespace Jietong.Services.Gaps;

/// <summary>How far it is by the streets: the same hierarchy with lengths in centimetres for times.</summary>
internal sealed class StreetDistances
{
    private const double Unit = 100;

    private readonly StreetNetwork streets;
    private readonly TurnedNetwork turned;
    private readonly PointToPoint ask;

    public StreetDistances(StreetNetwork streets)
    {
        this.streets = streets;
        var network = streets.Network;
        var lengths = new int[network.ArcCount];
        for (var arc = 0; arc < lengths.Length; arc++)
            lengths[network.InputArcs[arc]] = network.TravelTimesMs[arc] == Network.Unreachable ? Network.Unreachable : (int)Math.Min(Network.Unreachable - 1, Math.Round(MetresOf(arc) * Unit));
        turned = streets.Turned.With(network.WithTravelTimes(lengths));
        ask = new(new HierarchyMetric(streets.Metric.Hierarchy, turned.Network).Searches());
    }

    private double MetresOf(int arc) => streets.Rows.Streets[streets.ArcOf[arc].Street].Metres;

    /// <summary>Metres from one place to another; null where no way leads.</summary>
    public double? Metres(Joint from, Joint to) => JointPortal.Of(streets, turned, from).TravelTimeMs(ask, JointPortal.Of(streets, turned, to)) is < Network.Unreachable and var units ? units / Unit : null;

    /// <summary>
    /// From a road's end that one cannot leave: back to the last junction where one could have gone elsewhere; likewise forward from one that nobody can get to.
    /// An end where both are possible stays as it is.
    /// </summary>
    /// <param name="end">Of a road.</param>
    /// <param name="back">Whether one comes there, or else leaves from there.</param>
    /// <returns>The junction, and the metres between.</returns>
    public (int Junction, double Metres) Decided(int end, bool back)
    {
        var (at, metres, most) = (end, 0.0, 1000);
        if (back ? streets.OpenFrom(end).Any() : streets.OpenInto(end).Any()) return (end, 0);
        while (most-- > 0 && (back ? streets.OpenInto(at) : streets.OpenFrom(at)).ToList() is [var only, ..] ways)
        {
            var arc = ways.MinBy(MetresOf);
            (at, metres) = (back ? streets.TailOf(arc) : streets.Network.Heads[arc], metres + MetresOf(arc));
            if ((back ? streets.OpenFrom(at) : streets.OpenInto(at)).Skip(1).Any()) break;
        }
        return (at, metres);
    }
}

/// <summary>Where a candidate joins, as routing takes it.</summary>
internal static class JointPortal
{
    /// <param name="streets">The streets.</param>
    /// <param name="turned">Their network with turns, in whatever unit.</param>
    /// <param name="joint">Where.</param>
    public static Portal Of(StreetNetwork streets, TurnedNetwork turned, Joint joint)
    {
        if (joint.Junction >= 0) return Portal.At(turned, joint.Junction);
        var positions = new List<(int, int)>();
        foreach (var backward in new[] { false, true })
            if (streets.Arc(joint.Street, backward) is >= 0 and var arc && turned.Original.TravelTimesMs[arc] is < Network.Unreachable and var time)
                positions.Add((arc, (int)Math.Round(time * (backward ? 1 - joint.Share : joint.Share))));
        // A ring street has both arcs from a junction to itself: one of them is enough to join it.
        if (positions.Count == 2 && streets.TailOf(positions[0].Item1) == streets.Network.Heads[positions[0].Item1]) positions.RemoveAt(1);
        return Portal.On(turned, positions);
    }
}
