using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Cql2;

/// <summary>OGC's Common Query Language (CQL2, OGC 21-065r2): text or JSON in, the engine's expression out.</summary>
internal static class Cql2Filter
{
    /// <summary>Characters of a filter, and values of one list in it.</summary>
    public const int MostCharacters = 1 << 20, MostListed = 10_000;

    /// <summary>What a filter may call beside the functions of the standard.</summary>
    public static IReadOnlyList<Cql2Function> Functions => Cql2Function.All;

    /// <summary>The conformance classes of OGC 21-065r2 that hold.</summary>
    public static readonly IReadOnlyList<string> Conformance =
    [
        "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus",
        "spatial-functions", "temporal-functions", "array-functions", "property-property", "functions", "arithmetic",
    ];

    /// <summary>Reads a filter.</summary>
    /// <param name="filter">As it came.</param>
    /// <param name="json">Whether it is in JSON.</param>
    /// <param name="layer">Whose properties it names.</param>
    /// <param name="crs">Of the coordinates of the geometries in it; null for longitude and latitude.</param>
    /// <exception cref="InputException">It is wrong; the message says what, and where.</exception>
    public static Expression Read(string filter, bool json, Layer layer, Crs? crs = null)
    {
        if (filter.Length > MostCharacters) throw new InputException($"CQL2: the filter has {filter.Length} characters; it may have {MostCharacters}.");
        for (var i = 0; i < filter.Length; i++)
        {
            if (char.IsHighSurrogate(filter[i]) && i + 1 < filter.Length && char.IsLowSurrogate(filter[i + 1])) i++;
            else if (char.IsSurrogate(filter[i])) throw Syntax.Wrong($"character {i + 1}", "half of a surrogate pair: it is not Unicode.");
        }
        return new Cql2Lower(layer, new(crs ?? Crs.Crs84)).Filter(json ? Cql2Json.Read(filter) : Cql2Text.Read(filter));
    }
}
