using Jietong.Geodata.Gaps;

namespace Jietong.Services.Gaps;

/// <summary>Where a candidate joins the streets: a junction, or a place on a street.</summary>
/// <param name="Junction">Of the network; −1 where it is a place on a street.</param>
/// <param name="Street">By its position in the network's rows; −1 at a junction.</param>
/// <param name="Share">Of that street, from its first junction on.</param>
internal readonly record struct Joint(int Junction, int Street = -1, double Share = 0);

/// <summary>A way that a candidate would open, one way.</summary>
internal readonly record struct Opened(int From, int To, double Metres);

/// <summary>A place where roads may be missing or are barred.</summary>
/// <param name="Kind">ends: two road ends face each other; end-road: one faces a road; barred: roads meet, but something keeps cars out.</param>
/// <param name="A">The road on one side.</param>
/// <param name="B">The road on the other.</param>
/// <param name="Line">From the one to the other.</param>
/// <param name="Joints">Where it joins the streets.</param>
/// <param name="Ways">By positions in <paramref name="Joints"/>.</param>
internal sealed record Candidate(string Kind, DrawnStreet A, DrawnStreet B, IReadOnlyList<At> Line, IReadOnlyList<Joint> Joints, IReadOnlyList<Opened> Ways)
{
    /// <summary>Degrees by which each road turns off the straight way to the other; null at a road that does not end.</summary>
    public double? AngleA { get; init; }
    public double? AngleB { get; init; }

    /// <summary>What bars it, as the data write it; null where nothing does but that there is no road.</summary>
    public string? BarredBy { get; init; }

    /// <summary>Streets that are barred.</summary>
    public IReadOnlyList<DrawnStreet> Barred { get; init; } = [];

    /// <summary>By the streets there are, in metres; null where no way leads.</summary>
    public double? NetworkMetres { get; init; }

    /// <summary>That, as a multiple of the way by the candidate; null where no way leads.</summary>
    public double? Detour { get; init; }

    /// <summary>Mean milliseconds that a trip would save, to the microsecond.</summary>
    public double SavedMs { get; init; }

    /// <summary>Its place among those that are built one after another, and what a trip saves by it then; null where it has none, or where that was not asked.</summary>
    public int? NextRank { get; init; }
    public double? NextSavedMs { get; init; }

    public double Metres => Line.Zip(Line.Skip(1), (a, b) => a.Metres(b)).Sum();

    /// <summary>Cars would be let through one way alone.</summary>
    public bool OneWay { get; init; }
}
