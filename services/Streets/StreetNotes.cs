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
        await using (var links = db.CreateCommand("select exists (select from link)"))
            if (!(bool)(await links.ExecuteScalarAsync(cancel))!) return imported;
        var (input, _) = await ModelInput.Find(db, Days.Today, Days.Today, Mode.Car, cancel);
        return imported with { Reports = [.. imported.Reports.Select(r => r == last ? r with { Notes = [.. r.Notes, .. Of(input)] } : r)] };
    }

    /// <summary>A note for each road link that is joined or recognised, and one for all links, or places, that are left out for the same reason; as of the input's day.</summary>
    public static IEnumerable<ImportNote> Of(ModelInput input)
    {
        var topology = StreetTopology.Of(input);
        var links = topology.Works.Values.OrderBy(w => w.Link.Id, StringComparer.Ordinal).ToList();
        foreach (var works in links.Where(w => w.IsEvaluated))
        {
            var (zh, en) = works.InData ? ("已认出", "recognised") : ("已接入", "joined");
            yield return new($"{zh} {works.Link.NameZh}（{works.Link.Id}）：{works.WorksZh}。", $"{works.Link.NameEn}, {en}: {works.WorksEn}.");
        }
        var places = input.Places.Where(p => topology.PlacesOff.ContainsKey(p.Id)).Select(p => (Place: p, Metres: topology.PlacesOff[p.Id])).Select(p => (p.Place.NameZh, p.Place.NameEn, p.Place.Id,
            Zh: double.IsFinite(p.Metres) ? $"最近的可接道路 {p.Metres:0} 米" : "20 千米内没有可接的道路", En: double.IsFinite(p.Metres) ? $"the nearest street that can be joined is {p.Metres:0} m away" : "no street that can be joined within 20 km"));
        foreach (var alike in links.Where(w => !w.IsEvaluated).Select(w => (w.Link.NameZh, w.Link.NameEn, w.Link.Id, Zh: w.ReasonZh!, En: w.ReasonEn!)).Concat(places).GroupBy(l => (l.Zh, l.En)))
            yield return new($"未接入 {string.Join("、", alike.Select(l => $"{l.NameZh}（{l.Id}）"))}：{alike.Key.Zh}。", $"Not joined, {string.Join(", ", alike.Select(l => l.NameEn))}: {alike.Key.En}.");
    }
}
