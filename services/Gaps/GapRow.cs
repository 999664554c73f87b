using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jietong.Geodata.Gaps;
using Npgsql;

namespace Jietong.Services.Gaps;

/// <summary>A gap as it is told, in every form.</summary>
/// <param name="Id">The same while the roads that it lies between are.</param>
/// <param name="Rank">By what it saves; null of what helps nobody.</param>
/// <param name="Kind">ends, end-road or barred.</param>
/// <param name="NameA">The road on one side, as on the map.</param>
/// <param name="NameB">The road on the other.</param>
/// <param name="ClassA">Its class in OpenStreetMap's words.</param>
/// <param name="ClassB">Its class in OpenStreetMap's words.</param>
/// <param name="Metres">The straight way, or the barred one.</param>
/// <param name="NetworkMetres">By the streets; null where no way leads.</param>
/// <param name="Detour">How many times as long that is; null where no way leads.</param>
/// <param name="SavedSeconds">What a trip saves in the mean.</param>
/// <param name="NextRank">Which next, given those before; null where that was not asked, or where it saves nothing then.</param>
/// <param name="NextSavedSeconds">What a trip saves by it then.</param>
/// <param name="AngleA">Degrees by which the road turns off the straight way.</param>
/// <param name="AngleB">Degrees by which the road turns off the straight way.</param>
/// <param name="OneWay">It would be driven one way alone.</param>
/// <param name="BarredBy">What keeps cars out.</param>
/// <param name="DatasetA">Of the street on one side.</param>
/// <param name="StreetA">Its id.</param>
/// <param name="DatasetB">Of the street on the other.</param>
/// <param name="StreetB">Its id.</param>
/// <param name="BarredStreets">Ids of the streets that are barred.</param>
/// <param name="Beside">A gap that ranks higher and shares an end with this one: the other choice.</param>
/// <param name="Line">Longitudes and latitudes.</param>
internal sealed record GapRow(string Id, int? Rank, string Kind, string? NameA, string? NameB, string ClassA, string ClassB, double Metres, double? NetworkMetres, double? Detour, double SavedSeconds, int? NextRank, double? NextSavedSeconds, double? AngleA, double? AngleB,
    bool OneWay, string? BarredBy, string DatasetA, string StreetA, string DatasetB, string StreetB, IReadOnlyList<string> BarredStreets, string? Beside, IReadOnlyList<double[]> Line)
{
    public static List<GapRow> Of(GapsFound found, bool all)
    {
        var (rows, firstAt) = (new List<GapRow>(), new Dictionary<int, string>());
        var ranks = found.Ranked.OrderByDescending(c => c.SavedMs).Select((c, i) => (c, i)).ToDictionary(c => c.c, c => c.i + 1, (IEqualityComparer<Candidate>)ReferenceEqualityComparer.Instance);
        foreach (var (rank, c) in found.Ranked.Select(c => ((int?)ranks[c], c)).Concat(all ? found.Useless.Select(c => ((int?)null, c)) : []))
        {
            var id = IdOf(c);
            int[] ends = [.. c.Joints.Where(j => j.Junction >= 0).Select(j => j.Junction)];
            var beside = ends.Select(firstAt.GetValueOrDefault).FirstOrDefault(other => other is not null);
            foreach (var end in ends) firstAt.TryAdd(end, id);
            rows.Add(new(id, rank, c.Kind, Name(c.A), Name(c.B), c.A.Class, c.B.Class, Math.Round(c.Metres, 1), Rounded(c.NetworkMetres, 0), Rounded(c.Detour, 1), Math.Round(c.SavedMs / 1000, 6), c.NextRank, Rounded(c.NextSavedMs / 1000, 6), Rounded(c.AngleA, 0), Rounded(c.AngleB, 0),
                c.OneWay, c.BarredBy, c.A.Dataset, c.A.Id, c.B.Dataset, c.B.Id, [.. c.Barred.Select(s => s.Id)], beside, [.. c.Line.Select(p => new[] { Math.Round(p.X, 7), Math.Round(p.Y, 7) })]));
        }
        return rows;
    }

    /// <summary>Keeps all that ranks, as a layer.</summary>
    /// <returns>The question's id.</returns>
    public static Task<string> Keep(NpgsqlDataSource db, GapsFound found, IReadOnlyList<string> without, CancellationToken cancel)
    {
        var q = found.Question;
        var settings = JsonSerializer.Serialize(new { q.Within, q.Detour, q.Angle, q.SpeedKmh, LeastSeconds = q.LeastMs / 1000, Trips = found.Trips.En, Without = without.Order(StringComparer.Ordinal) }, AsColumns);
        return KeptGaps.Keep(db, found.Border.Name, settings, JsonSerializer.Serialize(Of(found, all: false).Select(r => new { r.Rank, GapId = r.Id, r.Kind, r.NameA, r.NameB, r.ClassA, r.ClassB, r.Metres, r.NetworkMetres, r.Detour, r.SavedSeconds, r.NextRank, r.NextSavedSeconds,
            r.AngleA, r.AngleB, r.OneWay, r.BarredBy, r.DatasetA, r.StreetA, r.DatasetB, r.StreetB, r.BarredStreets, r.Beside, r.Line }), AsColumns), found.Useless.Count, found.Version, cancel);
    }

    private static readonly JsonSerializerOptions AsColumns = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string? Name(DrawnStreet street) => street.Name ?? street.NameEn ?? street.Ref;

    private static double? Rounded(double? value, int digits) => value is { } v ? Math.Round(v, digits) : null;

    /// <summary>From the streets, whatever their dataset is called, and where they end: to a metre, so that a redrawn neighbourhood does not change it. Barred ways side by side differ by what is barred.</summary>
    public static string IdOf(Candidate c)
    {
        var ends = new[] { (Street: c.A, At: c.Line[0]), (Street: c.B, At: c.Line[^1]) }.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Street.Id}@{e.At.X:0.00000},{e.At.Y:0.00000}")).Order(StringComparer.Ordinal);
        return $"gap-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{c.Kind} {string.Join(' ', ends.Concat(c.Barred.Select(s => s.Id).Order(StringComparer.Ordinal)))}")))[..10]}";
    }
}
