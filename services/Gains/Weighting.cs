using Jietong.Geodata;
using Jietong.Services.Model;

namespace Jietong.Services.Gains;

/// <summary>How much each place counts, M in Σ T·M ⁄ Σ M: every place alike, every town alike, or county totals spread evenly over the towns.</summary>
internal sealed record Weighting(string Name, IReadOnlyList<double> Weights)
{
    public static readonly string[] Names = ["equal", "town", "county"];

    /// <exception cref="InputException">No place has a population, or nothing of that name is known.</exception>
    public static Weighting Of(string name, ModelInput input) => name switch
    {
        "equal" => new(name, [.. input.PlacesInNetwork().Select(_ => 1.0)]),
        "town" => new(name, [.. input.PlacesInNetwork().Select(p => p.Kind == "hub" ? 0.0 : 1.0)]),
        "county" => County(input) ?? throw NoPopulation(),
        _ => throw new InputException($"\"{name}\" is no weighting: write one of {string.Join(", ", Names)}."),
    };

    public static InputException NoPopulation() => new("weights \"county\": fewer than two places lie in a county whose population is known. Add rows to county_populations.csv, or use weights \"equal\".");

    /// <summary>All that the input allows.</summary>
    public static IReadOnlyList<Weighting> AllOf(ModelInput input) => [Of("equal", input), Of("town", input), .. County(input) is { } county ? new[] { county } : []];

    /// <summary>A county's newest total, spread evenly over its towns and centres: no source gives towns. Stations house nobody. Null where fewer than two places have any weight.</summary>
    private static Weighting? County(ModelInput input)
    {
        var places = input.PlacesInNetwork().ToList();
        var totals = input.Counties.GroupBy(c => c.Adcode).ToDictionary(g => g.Key, g => g.MaxBy(c => c.Year)!.Population);
        var homes = places.Where(p => p.Kind != "hub").CountBy(p => p.Adcode).ToDictionary();
        double Share(PlaceRow place) => place.Kind != "hub" && totals.TryGetValue(place.Adcode, out var total) ? total / homes[place.Adcode] : 0;
        double[] weights = [.. places.Select(Share)];
        if (weights.Count(w => w > 0) < 2) return null;
        return new("county", weights);
    }
}
