using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Geodata.Register;
using Jietong.Services.Serve;

namespace Jietong.Services.OData;

/// <summary>An entity set that people write, and what a request to write into it means. Pure: it asks nobody.</summary>
/// <param name="Layer">The set as it is read.</param>
/// <param name="Table">Where its rows stand.</param>
/// <param name="MayBeAmended">False where a row is final, and corrected by another.</param>
/// <param name="Cells">The properties that are given by a writer, each with its name in the register files; the others are computed.</param>
internal sealed partial record WritableSet(Layer Layer, string Table, bool MayBeAmended, IReadOnlyDictionary<string, string> Cells)
{
    private static readonly WritableSet[] All =
    [
        new(Catalogue.Attestations, "attestation", false, Names("id linkId side stage heldFrom heldTo basis premisesZh premisesEn source:sourceId place supersedes withdrawn noteZh noteEn heldFromWritten:heldFrom")),
        new(Catalogue.Targets, "target", true, Names("id linkId side stage due basis premisesZh premisesEn source:sourceId place noteZh noteEn dueWritten:due")),
        new(Catalogue.Sources, "source", true, Names("id grade title titleEn publisher published url documentNo gatheredOn noteZh noteEn")),
    ];

    private static Dictionary<string, string> Names(string names) => names.Split(' ').Select(n => n.Split(':')).ToDictionary(n => n[0], n => n[^1]);

    /// <summary>The set of that name; null where nobody writes into it.</summary>
    public static WritableSet? Named(string set) => All.FirstOrDefault(s => s.Layer.Name == set);

    public static WritableSet Of(string table) => All.First(s => s.Table == table);

    /// <summary>The set and the key that a path addresses: <c>Sources</c>, <c>Sources('x')</c>; null where nobody writes there.</summary>
    public static (WritableSet Set, string? Key)? At(string path) =>
        Address().Match(path) is { Success: true } match && All.FirstOrDefault(s => s.Layer.Name == match.Groups["set"].Value) is { } set
            ? (set, match.Groups["key"].Success ? match.Groups["key"].Value.Replace("''", "'", StringComparison.Ordinal) : null) : null;

    /// <summary>Whether a method can write there at all.</summary>
    /// <exception cref="RefusedRequestException">It cannot; the message says what can.</exception>
    public static (WritableSet Set, string? Key) Target(string method, string path)
    {
        var rows = string.Join(", ", All.Select(s => s.Layer.Name));
        if (At(path) is not { } at) throw Refused("GET, HEAD", $"{method} {path}: nothing is written there. People write {rows}; all else follows from them or comes from the register files.");
        var (set, key) = at;
        var allowed = key is null ? "GET, HEAD, POST" : set.MayBeAmended ? "GET, HEAD, PATCH" : "GET, HEAD";
        return (method, key) switch
        {
            ("POST", null) => at,
            ("PATCH", not null) when set.MayBeAmended => at,
            ("PATCH", not null) => throw Refused(allowed, "An attestation is never changed: POST one that supersedes it."),
            ("DELETE", not null) => throw Refused(allowed, set.MayBeAmended ? "Nothing is deleted from the register: it only grows. Amend the row with PATCH." : "Nothing is deleted from the register: POST an attestation that supersedes this one and is withdrawn."),
            ("PUT", not null) => throw Refused(allowed, set.MayBeAmended ? "A row is amended with PATCH, property by property." : "An attestation is never changed: POST one that supersedes it."),
            (_, null) => throw Refused(allowed, $"{method} is for one entity: {set.Layer.Name}('…'). New rows are added with POST."),
            _ => throw Refused(allowed, $"New rows are added with POST {set.Layer.Name}."),
        };
    }

    private static RefusedRequestException Refused(string allowed, string message) => new(405, "Method Not Allowed", message) { Header = ("Allow", allowed) };

    /// <summary>What a request wants written. Problems with single properties go into the change, to be told with those that the register finds.</summary>
    /// <param name="key">Of the entity to amend; null for a new one.</param>
    /// <param name="body">The entity, or the properties of it that change.</param>
    /// <param name="ifMatch">The versions that the client has seen, or *.</param>
    /// <param name="place">Where in a batch it stands; empty for a single request.</param>
    /// <exception cref="InputException">The body is no object.</exception>
    /// <exception cref="RefusedRequestException">428: it amends, and does not say from which version.</exception>
    public RowChange Change(string? key, JsonNode? body, IEnumerable<string?> ifMatch, string place)
    {
        if (body is not JsonObject entity) throw new InputException($"{(place == "" ? "" : place + ": ")}The body is no JSON object of properties.");
        var seen = string.Join(',', ifMatch);
        if (key is not null && seen == "") throw new RefusedRequestException(428, "Precondition Required", $"Send If-Match with the @odata.etag of {Layer.Name}('{key}') that you read, so that nobody's amendment is lost; or If-Match: *.");
        var (cells, problems) = (new JsonObject(), new List<RowProblem>());
        foreach (var (name, value) in entity)
        {
            if (name.Contains('@', StringComparison.Ordinal) && !name.EndsWith("@odata.bind", StringComparison.Ordinal)) continue;   // control information (OData JSON Format, 4.5)
            if (Problem(name, value) is { } problem) problems.Add(new(place, name, problem));
            else if (cells.ContainsKey(Cells[name])) problems.Add(new(place, name, $"is the same as {Cells.First(c => c.Value == Cells[name] && entity.ContainsKey(c.Key)).Key}: give one of them."));
            else cells[Cells[name]] = value?.DeepClone();
        }
        return new(place, Table, cells)
        {
            Amends = key, Problems = problems,
            Seen = seen == "" || seen.Split(',', StringSplitOptions.TrimEntries).Contains("*") ? null : [.. seen.Split(',', StringSplitOptions.TrimEntries).Select(t => (t.StartsWith("W/", StringComparison.Ordinal) ? t[2..] : t).Trim('"'))],
        };
    }

    private string? Problem(string name, JsonNode? value) =>
        !Cells.ContainsKey(name) ? (Layer.Columns.Any(c => c.Name == name) ? "is computed and cannot be written" : "is unknown") + $"; written are {string.Join(", ", Cells.Keys)}."
        : value is not null && value.GetValueKind() is var kind && (name == "withdrawn" ? kind is not (JsonValueKind.True or JsonValueKind.False) : kind != JsonValueKind.String)
            ? name == "withdrawn" ? "is neither true nor false." : "is no text: write it in quotation marks." : null;

    /// <summary>The property that a field of the register files is called here.</summary>
    public string PropertyOf(string field) => string.Join(", ", field.Split(", ").Select(f => Cells.FirstOrDefault(c => c.Value == f).Key ?? f));

    [GeneratedRegex(@"^(?<set>[A-Za-z]+)(\((id=)?'(?<key>([^']|'')*)'\)|/(?<key>[^/()]+))?$")] private static partial Regex Address();
}
