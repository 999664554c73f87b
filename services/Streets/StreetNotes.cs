using Jietong.Geodata.Imports;
using Jietong.Geodata.Query;
using Jietong.Services.Model;
using Npgsql;

namespace Jietong.Services.Streets;

/// <summary>What new streets mean for the register: which links join them and where, which they show as built, which are too far away, and the same of places.</summary>
internal static class StreetNotes
{
    /// <summary>Adds notes to what an import of streets brought; nothing where the register has no links, or nothing was stored.</summary>
    public static async Task<Imported> AddTo(Imported imported, NpgsqlDataSource db, CancellationToken cancel)
    {
        if (imported.DryRun || imported.Reports.LastOrDefault(r => r is { Layer: "streets", Unchanged: false }) is not { } last) return imported;
        var (input, _) = await ModelInput.Find(db, Days.Today, Days.Today, Mode.Car, cancel);
        if (input.Links.Count == 0) return imported;
        return imported with { Reports = [.. imported.Reports.Select(r => r == last ? r with { Notes = [.. r.Notes, .. Of(input)] } : r)] };
    }

    /// <summary>A note for each road link and each place that is left out, as of the input's day.</summary>
    public static IEnumerable<ImportNote> Of(ModelInput input)
    {
        var topology = StreetTopology.Of(input);
        foreach (var works in topology.Works.Values.OrderBy(w => w.Link.Id, StringComparer.Ordinal))
        {
            var (zh, en) = works switch { { IsEvaluated: false } => ("未接入", "not joined"), { InData: true } => ("已认出", "recognised"), _ => ("已接入", "joined") };
            yield return new($"{zh} {works.Link.NameZh}（{works.Link.Id}）：{(works.IsEvaluated ? works.WorksZh : works.ReasonZh)}。", $"{works.Link.NameEn}, {en}: {(works.IsEvaluated ? works.WorksEn : works.ReasonEn)}.");
        }
        foreach (var place in input.Places.Where(p => topology.PlacesOff.ContainsKey(p.Id)))
        {
            var metres = topology.PlacesOff[place.Id];
            yield return new($"未接入 {place.NameZh}（{place.Id}）：{(double.IsFinite(metres) ? $"最近的可接道路 {metres:0} 米" : "20 千米内没有可接的道路")}。",
                $"{place.NameEn}, a place, not joined: {(double.IsFinite(metres) ? $"the nearest street that can be joined is {metres:0} m away" : "no street that can be joined within 20 km")}.");
        }
    }
}
