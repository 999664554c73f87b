using Jietong.Geodata.Gaps;
using Jietong.Routing;
using Jietong.Services.Streets;

namespace Jietong.Services.Gaps;

/// <summary>Between whom trips are reckoned.</summary>
/// <param name="Sources">Junctions, each with its weight.</param>
/// <param name="Targets">Likewise.</param>
/// <param name="Zh">Said in words.</param>
/// <param name="En">The same in English.</param>
internal sealed record Trips(IReadOnlyList<(int Junction, double Weight)> Sources, IReadOnlyList<(int Junction, double Weight)> Targets, string Zh, string En);

/// <summary>What each candidate would save if it alone were there, exactly.</summary>
internal static class CandidateGains
{
    /// <summary>What longer trips, and those that cannot be made, count as: two hours.</summary>
    public const int HorizonMs = 7_200_000;

    private const int AtOnce = 32;

    /// <returns>Mean milliseconds that a trip saves, by candidate.</returns>
    public static double[] SavedMs(StreetNetwork streets, IReadOnlyList<Candidate> candidates, Trips trips, GapQuestion question, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var (saved, done) = (new double[candidates.Count], 0);
        int[] sources = [.. trips.Sources.Select(s => s.Junction)], targets = [.. trips.Targets.Select(t => t.Junction)];
        var weights = PairWeights.Product([.. trips.Sources.Select(s => s.Weight)], [.. trips.Targets.Select(t => t.Weight)]);
        foreach (var some in candidates.Chunk(AtOnce))
        {
            var (portals, arcs) = (new List<Portal>(), new List<AddedArc>());
            for (var link = 0; link < some.Length; link++)
            {
                var first = portals.Count;
                portals.AddRange(some[link].Joints.Select(joint => JointPortal.Of(streets, streets.Turned, joint)));
                foreach (var way in some[link].Ways) arcs.Add(new(link, first + way.From, first + way.To, question.TimeMs(way.Metres)));
            }
            var additions = Additions.Among(streets.Turned, streets.Searches, portals, arcs, sources, targets, null, cancel);
            var gains = new LinkGains(additions, weights, HorizonMs).Standalone();
            for (var link = 0; link < some.Length; link++) saved[done++] = gains[link] / 1000.0;
            progress?.Report((double)done / candidates.Count);
        }
        return saved;
    }
}
