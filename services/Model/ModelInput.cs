using System.Text.Json;
using System.Text.Json.Serialization;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Streets;
using Npgsql;

namespace Jietong.Services.Model;

internal sealed record PlaceRow(string Id, string NameZh, string NameEn, string Kind, string Adcode, double? Longitude, double? Latitude, double? AccuracyMetres, string? SourceId);
internal sealed record CountyRow(string Adcode, int Year, double Population, string SourceId);
internal sealed record AssumptionRow(string Id, double Value, double Low, double High, string Unit, bool Ours, string? SourceId, string? NoteZh, string? NoteEn,
    string? NameZh = null, string? NameEn = null);
internal sealed record SideRow(string Side, string Adcode, string? Town);
internal sealed record LinkRow(string Id, string NameZh, string NameEn, string Kind, string Nature, string State, double? Longitude, double? Latitude, double? AccuracyMetres,
    string SourceId, IReadOnlyList<SideRow> Sides);
internal sealed record RoadRow(string Id, string NameZh, string NameEn, string Class, string Adcode, string? CrossingAdcode, double LengthMetres, double AccuracyMetres, string? LinkId,
    bool AssumedPresent, string SourceId, IReadOnlyList<double[]> Coordinates, bool Widens = false);
internal sealed record StopRow(string NameZh, string NameEn, double? Longitude, double? Latitude, string? Adcode, string? SourceId, double? AccuracyMetres = null);
internal sealed record SectionRow(string From, string To, string Event, bool InForce, string SourceId);
internal sealed record LineRow(string Id, string NameZh, string NameEn, string Kind, string? LinkId, string? SharesPlatformsWith, string SourceId, bool AssumedPresent, bool InForce,
    IReadOnlyList<StopRow> Stops, IReadOnlyList<SectionRow> Sections);
internal sealed record RunTimeRow(string LineId, string From, string To, string AssumptionId);
internal sealed record ServiceRow(string Id, string LineId, string From, string To, string Calls, string HeadwayAssumptionId, string? BoardingAssumptionId);
internal sealed record TransferRow(string FromLineId, string From, string ToLineId, string To, string AssumptionId);

/// <summary>An imported street network, by what stands for it.</summary>
internal sealed record StreetsDataset(string Id, string FileName, string ContentHash);

/// <summary>Where the register says that roads are to be joined: the link's names, the road on each of its sides, and its line where a source shows it.</summary>
internal sealed record LinkCourse(string Id, IReadOnlyList<string> Names, IReadOnlyList<string?> Roads, IReadOnlyList<IReadOnlyList<double[]>>? Lines);

/// <summary>What a model takes from imported streets. They themselves are kept in the database: a report holds what stands for them, and is rerun while they are there.</summary>
internal sealed record StreetsInput(IReadOnlyList<StreetsDataset> Datasets, IReadOnlyList<LinkCourse> Links)
{
    /// <summary>The streets; null where the question does not need them.</summary>
    [JsonIgnore]
    public StreetMap? Map { get; init; }
}

/// <summary>
/// All that a model of travel times is built from, as of a day: one document of the database, read in one snapshot. A report keeps it,
/// and is rerun from it.
/// </summary>
internal sealed record ModelInput(DateOnly AsOf, DateOnly KnownBy, DateOnly? FirstEvidence, IReadOnlyList<PlaceRow> Places, IReadOnlyList<CountyRow> Counties,
    IReadOnlyList<AssumptionRow> Assumptions, IReadOnlyList<LinkRow> Links, IReadOnlyList<RoadRow> Roads, IReadOnlyList<LineRow> Lines,
    IReadOnlyList<RunTimeRow> RunTimes, IReadOnlyList<ServiceRow> Services, IReadOnlyList<TransferRow> Transfers)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    /// <summary>Imported streets, where the region has any: by car they stand in the place of hand-made roads and connectors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StreetsInput? Streets { get; init; }

    /// <exception cref="InputException">No document attests any link by that day; imported streets alone are enough where links are <paramref name="optional"/>.</exception>
    public static async Task<(ModelInput Input, DataVersion Version)> Read(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, Mode mode, CancellationToken cancel, bool optional = false) =>
        await Find(db, asOf, knownBy, mode, cancel) is var (input, version) && (input.Links.Count > 0 || optional && input.Streets is not null) ? (input, version)
            : throw new InputException($"No link is attested by {asOf:yyyy-MM-dd}{(input.FirstEvidence is { } first ? $": the first evidence holds from {first:yyyy-MM-dd}. Ask as of that day or later" : "")}.");

    /// <summary>The same, also where there are no links.</summary>
    public static async Task<(ModelInput Input, DataVersion Version)> Find(NpgsqlDataSource db, DateOnly asOf, DateOnly knownBy, Mode mode, CancellationToken cancel)
    {
        while (true)
        {
            var (document, version) = await ModelDocument.Read(db, asOf, knownBy, cancel);
            var input = JsonSerializer.Deserialize<ModelInput>(document, Json)!;
            if (mode == Mode.Transit) return (input with { Streets = null }, version);   // not on them: new ones change nothing
            if (input.Streets is null) return (input, version);
            if (await input.WithStreetsOf(db, cancel) is { } whole) return (whole, version);   // null: imported anew meanwhile
        }
    }

    /// <summary>The same with the streets that it was made for; null where the database holds others now, or none.</summary>
    public async Task<ModelInput?> WithStreetsOf(NpgsqlDataSource db, CancellationToken cancel) =>
        await StreetMap.Find(db, Streets!.Datasets, cancel) is { } map ? this with { Streets = Streets with { Map = map } } : null;

    /// <summary>Places with a position; the others are left out of every model, and said to be.</summary>
    public IEnumerable<PlaceRow> PlacesInNetwork() => Places.Where(p => p.Longitude is not null);
}
