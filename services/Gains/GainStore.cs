using System.Security.Cryptography;
using System.Text.Json;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Model;
using Npgsql;

namespace Jietong.Services.Gains;

/// <summary>Gains as rows: computed when first asked for, kept while the data stay as they are.</summary>
internal static class GainStore
{
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>Asks the database, after seeing to it that the gains which the question touches are there; <c>computing</c> is told of each mode that takes seconds to compute first.</summary>
    public static async Task<RowReader> Ask(NpgsqlDataSource db, Query query, bool count = false, Action<Mode>? computing = null, CancellationToken cancel = default)
    {
        while (true)
        {
            var seen = await Prepare(db, query, computing, cancel);
            var rows = await RowReader.Ask(db, query, count, cancel);
            if (seen.All(hash => hash == rows.Version.ContentHash)) return rows;
            await rows.DisposeAsync();   // the data changed between the two
        }
    }

    /// <summary>Sees to it that the gains which the question touches are there.</summary>
    /// <returns>The content hashes of the data that they hold for; none where it touches no gains.</returns>
    public static async Task<IReadOnlySet<string>> Prepare(NpgsqlDataSource db, Query query, Action<Mode>? computing = null, CancellationToken cancel = default)
    {
        var seen = new HashSet<string>();
        if (Touches(query)) foreach (var mode in ModesOf(query)) seen.Add(await See(db, query.AsOf, query.KnownBy, mode, computing, cancel));
        return seen;
    }

    /// <summary>The one mode that the filter asks for, else both.</summary>
    private static Mode[] ModesOf(Query query)
    {
        static IEnumerable<Expression?> Conditions(Expression? filter) => filter is And and ? Conditions(and.Left).Concat(Conditions(and.Right)) : [filter];
        var all = Enum.GetValues<Mode>();
        var named = Conditions(query.Innermost.Filter).OfType<Compare>().Where(c => c is { Operator: Comparison.Equal, Left: ColumnValue { Name: "mode" }, Right: Literal }).Select(c => ((Literal)c.Right).Value).ToList();
        return named.Count == 0 ? all : [.. all.Where(m => named.Contains(Modes.Name(m)))];
    }

    private static bool Touches(Query query) => GainLayers.All.Any(gains => gains.From == query.Innermost.Layer.From) || query.Expand.Any(e => Touches(e.Query));

    /// <summary>Computes and keeps the gains of a day and a mode, unless they are there.</summary>
    /// <returns>The content hash of the data that they hold for.</returns>
    private static async Task<string> See(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, Mode mode, Action<Mode>? computing, CancellationToken cancel)
    {
        if (await KeptGains.Find(db, asOf, knownBy, Modes.Name(mode), Build.Id, cancel) is { } there) return there;
        await OneAtATime.WaitAsync(cancel);
        try
        {
            while (true)
            {
                var (input, version) = await ModelInput.Read(db, asOf, knownBy, mode, cancel);
                var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(input with { AsOf = default, KnownBy = default }, ModelInput.Json)));
                if (await KeptGains.Share(db, version, asOf, knownBy, Modes.Name(mode), hash, Build.Id, cancel)) return version.ContentHash;
                computing?.Invoke(mode);
                var rows = await Task.Run(() => Compute(new(new(input, mode)), cancel), cancel);
                await KeptGains.Keep(db, hash, Modes.Name(mode), Build.Id, JsonSerializer.Serialize(rows, ModelInput.Json), cancel);
            }
        }
        finally { OneAtATime.Release(); }
    }

    private static List<object> Compute(Evaluation evaluation, CancellationToken cancel)
    {
        var weightings = Weighting.AllOf(evaluation.Model.Input);
        var together = Together.Of(evaluation, missing: true, weightings, cancel).Concat(Together.Of(evaluation, missing: false, weightings, cancel)).ToDictionary(g => (g.Weighting, g.Link));
        return [.. GainsOfLinks.Of(evaluation, weightings, cancel).Select(row => Row(row.Weighting, row.Gain, together.GetValueOrDefault((row.Weighting, row.Gain.Works.Link.Id)), evaluation.Model.Topology.IsSketchWith(evaluation.Model.LinksWith([row.Gain.Works.Link.Id], []))))];
    }

    private static object Row(Weighting weighting, LinkGain row, TogetherGain? all, bool sketch)
    {
        var (works, result) = (row.Works, row.Result);
        return new
        {
            link_id = works.Link.Id, weights = weighting.Name, state = works.Link.State, patch = row.Closing ? "close" : "open",
            evaluated = works.IsEvaluated, reason_zh = works.ReasonZh, reason_en = works.ReasonEn, sketch, in_data = works.InData,
            gain_minutes = Minutes(result?.Gain.MeanSavedMs), across_share = Rounded(result?.Across.ShareOfSaved, 4), pairs_across = result?.Across.PairsChanged, low_minutes = Minutes(result?.Range?.Low), high_minutes = Minutes(result?.Range?.High),
            distinguishable = result?.Distinguishable, mean_minutes_before = Minutes(result?.Gain.MeanBeforeMs), mean_minutes_after = Minutes(result?.Gain.MeanAfterMs),
            pairs_compared = result?.Gain.Compared, pairs_faster = result?.Gain.Faster, pairs_joined = result?.Gain.Joined.Count,
            position_metres = works.IsEvaluated ? works.PositionMetres : (double?)null,
            horizon_minutes = Rounded(all?.HorizonMinutes), together_minutes = Rounded(all?.TogetherMinutes, 4), alone_minutes = Rounded(all?.AloneMinutes, 4), last_in_minutes = Rounded(all?.LastInMinutes, 4),
            share_minutes = Rounded(all?.ShareMinutes, 4), share_error_minutes = all is null ? (decimal?)null : Math.Ceiling((decimal)all.ShareErrorMinutes * 10_000) / 10_000, next_rank = all?.NextRank, next_minutes = Rounded(all?.NextMinutes, 4),
            synergies = (all?.Synergies ?? []).Select(s => new { other_link_id = s.Link, synergy_minutes = Rounded(s.Minutes, 4) }).Where(s => s.synergy_minutes != 0),
            pairs = row.Pairs.Select((p, i) => new
            {
                rank = i + 1, from_place = p.From.Id, to_place = p.To.Id, from_zh = p.From.NameZh, from_en = p.From.NameEn, to_zh = p.To.NameZh, to_en = p.To.NameEn,
                minutes_before = Rounded(p.Before?.Minutes), minutes_after = Rounded(p.After?.Minutes), share = Rounded(p.After?.Links.GetValueOrDefault(works.Link.Id)),
                route_before = Legs(p.Before), route_after = Legs(p.After),
            }),
        };
    }

    private static IEnumerable<object> Legs(Route? route) => (route?.Legs ?? []).Select(l => new
    {
        l.Kind, l.NameZh, l.NameEn, l.LinkId, l.FromZh, l.FromEn, l.ToZh, l.ToEn, minutes = Rounded(l.Minutes), waitMinutes = Rounded(l.WaitMinutes),
    });

    private static decimal? Minutes(double? milliseconds) => Rounded(milliseconds / 60_000, 4);

    private static decimal? Rounded(double? value, int digits = 2) => value is { } v ? Math.Round((decimal)v, digits) : null;
}
