using Jietong.Geodata;
using Jietong.Geodata.Gaps;
using Jietong.Geodata.Query;
using Jietong.Services.Streets;
using Npgsql;

namespace Jietong.Services.Gaps;

/// <summary>What was found, and what it rests on.</summary>
/// <param name="Border">Across what.</param>
/// <param name="Question">What counts as a gap.</param>
/// <param name="Trips">Whose trips the gain is of.</param>
/// <param name="Ends">How many road ends lie near enough.</param>
/// <param name="Ranked">What helps, most first.</param>
/// <param name="Useless">What joins roads and helps nobody, or next to nobody.</param>
/// <param name="Without">Streets that were taken as not there.</param>
/// <param name="Version">Of the data.</param>
internal sealed record GapsFound(Border Border, GapQuestion Question, Trips Trips, int Ends, IReadOnlyList<Candidate> Ranked, IReadOnlyList<Candidate> Useless, int Without, DataVersion Version);

internal static class GapFinder
{
    /// <param name="db">The region.</param>
    /// <param name="borderName">As <see cref="Border.Find"/> takes it.</param>
    /// <param name="question">What counts.</param>
    /// <param name="without">Streets that are taken as not there, as DATASET:ID or ID.</param>
    /// <param name="together">Which of them next, given those before: in that order then.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InputException">There are no streets, or something named is not there.</exception>
    public static async Task<GapsFound> Find(NpgsqlDataSource db, string? borderName, GapQuestion question, IReadOnlyList<string> without, bool together = false, Action<Step>? progress = null, CancellationToken cancel = default)
    {
        progress ??= _ => { };
        progress(new("读取街道", "reading streets"));
        var border = await Border.Find(db, borderName, cancel);
        var all = await StreetNetwork.Load(db, "car", cancel);
        if (all.Network.JunctionCount == 0) throw new InputException("The region has no streets yet: import some first, ./run import FILE.osm.pbf.");
        var streets = without.Count == 0 ? all : all.Without(Named(all, without));
        progress(new("查找路端", "finding road ends"));
        var near = EachOnce(streets, await StreetsNear.Streets(db, border.Lines, question.Within, cancel));
        var line = new BorderLine(border.Lines, border.Encloses);
        var drawn = new Dictionary<int, (DrawnStreet, At[])>();
        foreach (var street in near)
            if (street.ForCars && streets.StreetNamed(street.Dataset, street.Id) is >= 0 and var number) drawn.TryAdd(number, (street, Lines.Read(street.Line)));
        var ends = RoadEnd.Of(streets, drawn).Where(e => line.IsWithin(e.At, question.Within)).ToList();
        progress(new("配对路端、度量绕行", "pairing road ends"));
        var barred = new BarredRoads(streets, drawn, line, question).Find(near, await StreetsNear.Barriers(db, border.Lines, question.Within, cancel));
        var barredEnds = barred.Select(c => c.Joints.Select(j => j.Junction).ToHashSet()).ToList();
        List<Candidate> candidates = [.. new FacingRoads(streets, drawn, line, question).Find(ends).Where(c => !barredEnds.Any(joined => c.Joints.All(j => joined.Contains(j.Junction)))), .. barred];   // what is there and barred is not missing
        var trips = await GapTrips.Of(db, streets, cancel);
        var saved = CandidateGains.SavedMs(streets, candidates, trips, question, done => progress(new("计算效益", "reckoning gains", done, candidates.Count, "gaps")), cancel);
        var valued = candidates.Select((c, i) => c with { SavedMs = saved[i] }).OrderByDescending(c => c.SavedMs).ThenBy(c => c.Metres).DistinctBy(GapRow.IdOf).ToLookup(c => c.SavedMs >= question.LeastMs && c.SavedMs > 0);
        var ranked = together ? CandidateGains.Together(streets, [.. valued[true]], trips, question, cancel) : valued[true];
        return new(border, question, trips, ends.Count, [.. ranked], [.. valued[false]], streets.Closed.Count, streets.Rows.Version);
    }

    /// <summary>What two datasets hold counts once, as in the network: where one of them lets cars through, cars get through.</summary>
    private static List<DrawnStreet> EachOnce(StreetNetwork streets, List<DrawnStreet> near) => streets.Rows.Datasets.Count == 1 ? near
        : [.. near.OrderByDescending(s => s.ForCars).DistinctBy(s => (s.Id, streets.RowNamed(s.Dataset, s.From), streets.RowNamed(s.Dataset, s.To)))];

    private static List<int> Named(StreetNetwork streets, IReadOnlyList<string> names) => [.. names.Select(name =>
    {
        var found = streets.Rows.Datasets.Where(d => name.StartsWith($"{d}:", StringComparison.Ordinal)).Select(d => streets.StreetNamed(d, name[(d.Length + 1)..])).Concat(streets.Rows.Datasets.Select(d => streets.StreetNamed(d, name))).Where(s => s >= 0).ToList();
        return found.Count > 0 ? found[0] : throw new InputException($"--without: there is no street \"{InputException.Short(name, 80)}\" that cars may use.", notFound: true);
    })];
}
