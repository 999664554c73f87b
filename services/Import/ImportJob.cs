using System.Text.Json;
using System.Text.Json.Nodes;
using Jietong.Geodata;
using Jietong.Geodata.Imports;
using Jietong.Services.Cli;
using Npgsql;

namespace Jietong.Services.Import;

/// <summary>An import that was asked for over HTTP: what was asked, done.</summary>
internal static class ImportJob
{
    public const string Kind = "import";

    private static readonly string[] YesOrNo = ["true", "false"];

    /// <summary>What may be said of the files: a parameter of the address, and what it does to the request.</summary>
    public static readonly IReadOnlyDictionary<string, Func<ImportRequest, string, ImportRequest>> Parameters = new Dictionary<string, Func<ImportRequest, string, ImportRequest>>
    {
        ["into"] = (r, v) => r with { Into = OneOf("into", v, ImportRequest.Layers) }, ["dataset"] = (r, v) => r with { Dataset = v }, ["datum"] = (r, v) => r with { Datum = OneOf("datum", v, ImportRequest.Datums) },
        ["crs"] = (r, v) => r with { Crs = v }, ["encoding"] = (r, v) => r with { Encoding = v }, ["layer"] = (r, v) => r with { FromLayer = v }, ["swap-axes"] = (r, v) => r with { SwapAxes = OneOf("swap-axes", v, YesOrNo) == "true" }, ["title"] = (r, v) => r with { Title = v }, ["published"] = (r, v) => r with { Published = v },
        ["dry-run"] = (r, v) => r with { DryRun = OneOf("dry-run", v, YesOrNo) == "true" }, ["accept-positions"] = (r, v) => r with { AcceptPositions = OneOf("accept-positions", v, YesOrNo) == "true" },
        ["control-points"] = (r, v) => r with { ControlPoints = v },   // one of the files sent, by its name
    };

    private static string OneOf(string name, string value, IReadOnlyList<string> known) => known.Contains(value) ? value : throw new InputException($"{name}={InputException.Short(value, 40)} is none of {string.Join(", ", known)}.");

    /// <summary>The request that a job's parameters make.</summary>
    public static ImportRequest Request(JsonObject asked, IReadOnlyList<string> paths, string who) =>
        asked.Aggregate(new ImportRequest(paths, who), (request, parameter) => Parameters[parameter.Key](request, parameter.Value!.GetValue<string>()));

    public static async Task<JsonObject> Run(NpgsqlDataSource db, Job job, Action<Step> progress, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("jietong-import-").FullName;
        try
        {
            var paths = await Geodata.Jobs.Unpack(db, job, folder, cancel);
            var request = Request(job.Request, paths, job.Who);
            if (request.ControlPoints is { } name)
                request = request with { ControlPoints = paths.FirstOrDefault(p => Path.GetFileName(p) == name) ?? throw new InputException($"control-points={InputException.Short(name, 60)}: no file of that name was sent; sent were {string.Join(", ", paths.Select(Path.GetFileName))}.") };
            request = request with { Paths = [.. paths.Where(p => p != request.ControlPoints && !ImportRequest.IsCompanion(p))] };
            return ImportTable.Document(await Geodata.Imports.Import.Run(db, request, progress, cancel));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    /// <summary>The first problems, as problem+json carries them beside its detail.</summary>
    public static JsonArray ProblemsOf(RefusedImportException refused) => JsonSerializer.SerializeToNode(refused.First, Output.JsonObjects)!.AsArray();
}
