using System.Text.Json;
using System.Text.RegularExpressions;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Cli;
using Npgsql;

namespace Jietong.Services.Ledger;

/// <summary>What a town's ledger holds: its links as they stand, and the sources that a new word may cite.</summary>
internal static class LedgerOfTown
{
    private static readonly Relation Sides = Catalogue.Links.Relations.First(r => r.Name == "Sides");

    /// <summary>
    /// Of the links that a query finds, those of a town: where one side lies in it, or the area names it. A town that sides name is looked for by its
    /// English name, as a whole word: 花桥 is in 香花桥 too, Huaqiao is not in Xianghuaqiao. Any other name is looked for in the area as it stands.
    /// </summary>
    public static async Task<Query> For(NpgsqlDataSource db, Query links, string town, CancellationToken cancel)
    {
        var asked = links with { Select = ["id", "area", "areaEn"], Expand = [new(Sides, new Query(Catalogue.LinkSides) { Select = ["townZh", "townEn"] })] };
        await using var rows = await RowReader.Ask(db, asked with { Filter = null }, cancel: cancel);
        var all = (await Output.Collect(rows, cancel)).Select(l => (Id: (string)l["id"]!, Area: (string)l["area"]!, AreaEn: (string)l["areaEn"]!,
            Towns: JsonDocument.Parse((string)l["Sides"]!).RootElement.EnumerateArray().Select(s => (Zh: s.GetProperty("townZh").GetString(), En: s.GetProperty("townEn").GetString())).Where(t => t is { Zh: not null, En: not null }).ToList())).ToList();
        var named = town.Trim();
        bool IsNamed((string? Zh, string? En) t) => t.Zh == named || t.Zh == named + "镇" || named.Equals(t.En, StringComparison.OrdinalIgnoreCase) || $"{named} Town".Equals(t.En, StringComparison.OrdinalIgnoreCase);
        var known = all.SelectMany(l => l.Towns).Where(IsNamed).Select(t => Regex.Replace(t.En!, " Town$", "")).FirstOrDefault();
        bool Speaks(string area, string areaEn) => known is not null ? Regex.IsMatch(areaEn, $@"\b{Regex.Escape(known)}\b") : area.Contains(named, StringComparison.Ordinal) || areaEn.Contains(named, StringComparison.OrdinalIgnoreCase);
        return links.Where(new In(new ColumnValue("id"), [.. all.Where(l => l.Towns.Any(IsNamed) || Speaks(l.Area, l.AreaEn)).Select(l => l.Id)]));
    }

    /// <exception cref="InputException">The town has none.</exception>
    public static async Task<(List<Dictionary<string, object?>> Links, List<Dictionary<string, object?>> Sources, DataVersion Version)> Read(NpgsqlDataSource db, Query links, string? town, CancellationToken cancel)
    {
        var jurisdiction = Catalogue.LinkSides.Relations.First(r => r.Name == "Jurisdiction");
        var query = links with { Expand = [new(Sides, new Query(Catalogue.LinkSides) { Expand = [new(jurisdiction, new Query(Catalogue.Jurisdictions))] })], OrderBy = [new(new ColumnValue("area")), new(new ColumnValue("nameZh"))] };
        await using var rows = await RowReader.Ask(db, query, cancel: cancel);
        var found = await Output.Collect(rows, cancel);
        if (found.Count == 0) throw new InputException(town is null ? "No link is like that." : $"--for: no link of \"{town}\" is like that; a town is found by part of its name, 花桥 or Huaqiao, as ./run links shows it under 区域 Area.", notFound: true);
        await using var sources = await RowReader.Ask(db, new Query(Catalogue.Sources) { KnownBy = links.KnownBy, Select = ["id", "grade", "published", "title"], OrderBy = [new(new ColumnValue("publishedLatest"), Descending: true)] }
            .Where(new Compare(Comparison.NotEqual, new ColumnValue("grade"), new Literal("DATA"))), cancel: cancel);
        return (found, await Output.Collect(sources, cancel), rows.Version);
    }
}
