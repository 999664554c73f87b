using Jietong.Geodata;
using Jietong.Services.Gains;
using Jietong.Services.Model;

namespace Jietong.Services.Reports;

/// <summary>What a report is asked for: a patch on a base, and how it is judged. With the input it determines every number of the report.</summary>
internal sealed record ReportRequest(DateOnly AsOf, DateOnly KnownBy, string Mode, string Weights, IReadOnlyList<string> Open, IReadOnlyList<string> Close, IReadOnlyList<PairRequest> Pairs)
{
    /// <summary>Every set of them is evaluated for their shares: 2^8.</summary>
    private const int MostLinks = 8;

    public Mode TravelMode => Modes.Of(Mode);

    /// <summary>Holds the request against the model: everything wrong with it at once.</summary>
    /// <exception cref="InputException">A link or place is unknown, stands already as asked, or cannot be evaluated; each with the way out.</exception>
    public void Check(TravelModel model)
    {
        var problems = new List<string>();
        var links = model.Input.Links.ToDictionary(l => l.Id);
        foreach (var id in Open.Concat(Close).CountBy(id => id).Where(n => n.Value > 1).Select(n => n.Key)) problems.Add($"{id} stands twice in --open and --close.");
        foreach (var id in Open.Concat(Close).Distinct())
        {
            if (!links.TryGetValue(id, out var link)) problems.Add($"There is no link \"{id}\" as of {AsOf:yyyy-MM-dd}.{Similar(id, links.Keys)} ./run links --as-of {AsOf:yyyy-MM-dd} lists them all.");
            else if (Open.Contains(id) && link.State == "open") problems.Add($"{id} ({link.NameZh}) is open as of {AsOf:yyyy-MM-dd} already: --close {id} shows what it brings.");
            else if (Close.Contains(id) && link.State != "open") problems.Add($"{id} ({link.NameZh}) is {link.State} as of {AsOf:yyyy-MM-dd}, not open: --open {id} shows what it would bring.");
            else if (!model.Topology.Works.TryGetValue(id, out var works)) problems.Add($"{id} ({link.NameZh}) is a {link.Kind} link and carries no {Mode} traffic: try --mode {(Mode == "car" ? "transit" : "car")}.");
            else if (!works.IsEvaluated) problems.Add($"{id} ({link.NameZh}) cannot be evaluated: {works.ReasonZh} ({works.ReasonEn}).");
        }
        if (Open.Count + Close.Count > MostLinks) problems.Add($"At most {MostLinks} links in one report: with more, their shares would take too long.");
        foreach (var id in Pairs.SelectMany(p => new[] { p.From, p.To }).Distinct())
        {
            var place = model.Input.Places.FirstOrDefault(p => p.Id == id);
            if (place is null) problems.Add($"There is no place \"{id}\".{Similar(id, model.Input.Places.Select(p => p.Id))}");
            else if (place.Longitude is null) problems.Add($"{id} ({place.NameZh}) lies outside the network: no source gives its position.");
            else if (model.Topology.PlacesOff.TryGetValue(id, out var metres)) problems.Add($"{id} ({place.NameZh}) lies outside the imported streets: {(double.IsFinite(metres) ? $"the nearest that can be joined is {metres:0} m away, at most {Streets.LinksOnStreets.FarthestPlaceMetres:0} m beyond its circle are bridged" : "none that can be joined lies within 20 km")}.");
        }
        if (problems.Count > 0) throw new InputException(string.Join('\n', problems));
    }

    private static string Similar(string id, IEnumerable<string> known)
    {
        var near = known.Where(k => k.Split('-').Intersect(id.Split('-')).Any()).OrderByDescending(k => k.Zip(id).TakeWhile(c => c.First == c.Second).Count()).Take(5).ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(", ", near)}?";
    }
}

/// <summary>Two places whose ways are shown, whatever the patch does to them.</summary>
internal sealed record PairRequest(string From, string To);
