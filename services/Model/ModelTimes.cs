using Jietong.Routing;

namespace Jietong.Services.Model;

/// <summary>A metric on a topology: how long each arc takes, and is waited for, under given inputs and with given links in place. Searches on it are prepared when first asked for, on the topology's one hierarchy.</summary>
internal sealed class ModelTimes
{
    private readonly Lazy<Searches> searches, searchesWithWaits;

    /// <param name="topology">Whose arcs.</param>
    /// <param name="travelTimesMs">For each arc; <see cref="Network.Unreachable"/> where it is closed.</param>
    /// <param name="waitsMs">For each arc.</param>
    public ModelTimes(Topology topology, int[] travelTimesMs, int[] waitsMs)
    {
        (TravelTimesMs, WaitsMs, Network) = (travelTimesMs, waitsMs, topology.Network.WithTravelTimes(travelTimesMs));
        searches = new(() => new HierarchyMetric(topology.Hierarchy, Network).Searches());
        searchesWithWaits = new(() => new HierarchyMetric(topology.Hierarchy,
            topology.Network.WithTravelTimes([.. travelTimesMs.Zip(waitsMs, (time, wait) => Math.Min(Network.Unreachable, time + wait))])).Searches());
    }

    public IReadOnlyList<int> TravelTimesMs { get; }
    public IReadOnlyList<int> WaitsMs { get; }
    public Network Network { get; }

    /// <summary>By travel times alone: whole trips, where nothing is waited for.</summary>
    public Searches Searches => searches.Value;

    /// <summary>By travel times and waits, each line waited for by itself.</summary>
    public Searches SearchesWithWaits => searchesWithWaits.Value;
}
