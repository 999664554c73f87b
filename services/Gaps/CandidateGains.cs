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

    private const int AtOnce = 32, MostPlaces = 12;

    /// <returns>Mean milliseconds that a trip saves, by candidate.</returns>
    public static double[] SavedMs(StreetNetwork streets, IReadOnlyList<Candidate> candidates, Trips trips, GapQuestion question, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var saved = new List<double>(candidates.Count);
        foreach (var some in candidates.Chunk(AtOnce))
        {
            progress?.Invoke(saved.Count);
            saved.AddRange(Gains(streets, some, trips, question, cancel).Standalone().Select(microseconds => microseconds / 1000.0));
        }
        return [.. saved];
    }

    /// <summary>
    /// Which next, given those before: always the one that saves most then, of the few dozen that save most alone and share no end with a better one. Where many could
    /// join two parts, each alone saves as much as the others; beside the first of them the others save little.
    /// </summary>
    /// <param name="streets">The streets.</param>
    /// <param name="ranked">By what they save alone.</param>
    /// <param name="trips">Whose.</param>
    /// <param name="question">What counts.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Those that have a place, in that order, then the others as they were.</returns>
    public static IReadOnlyList<Candidate> Together(StreetNetwork streets, IReadOnlyList<Candidate> ranked, Trips trips, GapQuestion question, CancellationToken cancel = default)
    {
        var ends = new HashSet<int>();
        Candidate[] some = [.. ranked.Where(c => !c.Joints.Any(j => j.Junction >= 0 && !ends.Add(j.Junction))).Take(AtOnce)];
        if (some.Length == 0) return ranked;
        var (gains, there, sequence) = (Gains(streets, some, trips, question, cancel), 0UL, new List<Candidate>());
        while (sequence.Count < Math.Min(MostPlaces, some.Length))
        {
            var left = Enumerable.Range(0, some.Length).Where(i => (there >> i & 1) == 0).ToList();
            gains.Evaluate(left.Select(i => there | 1UL << i).Append(there), null, cancel);
            var next = left.MinBy(i => gains.MeanMicroseconds(there | 1UL << i));
            var savedMs = (gains.MeanMicroseconds(there) - gains.MeanMicroseconds(there | 1UL << next)) / 1000.0;
            if (savedMs < question.LeastMs || savedMs <= 0) break;
            there |= 1UL << next;
            sequence.Add(some[next] with { NextRank = sequence.Count + 1, NextSavedMs = savedMs });
        }
        return [.. sequence, .. ranked.Except(some.Where((_, i) => (there >> i & 1) != 0))];
    }

    private static LinkGains Gains(StreetNetwork streets, Candidate[] some, Trips trips, GapQuestion question, CancellationToken cancel)
    {
        var (portals, arcs) = (new List<Portal>(), new List<AddedArc>());
        for (var link = 0; link < some.Length; link++)
        {
            var first = portals.Count;
            portals.AddRange(some[link].Joints.Select(joint => JointPortal.Of(streets, streets.Turned, joint)));
            foreach (var way in some[link].Ways) arcs.Add(new(link, first + way.From, first + way.To, question.TimeMs(way.Metres)));
        }
        int[] sources = [.. trips.Sources.Select(s => s.Junction)], targets = [.. trips.Targets.Select(t => t.Junction)];
        var additions = Additions.Among(streets.Turned, streets.Searches, portals, arcs, sources, targets, null, cancel);
        return new(additions, PairWeights.Product([.. trips.Sources.Select(s => s.Weight)], [.. trips.Targets.Select(t => t.Weight)]), HorizonMs);
    }
}
