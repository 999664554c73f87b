using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace Jietong.Geodata.Imports;

/// <summary>What a reader works with: where its rows go, whom it tells of problems and of how far it is.</summary>
internal sealed record ImportContext(ImportRequest Request, BroughtFile File, string Layer, NpgsqlConnection Connection, Staging Staging, ImportProblems Problems, Action<Step> Progress, CancellationToken Cancel)
{
    /// <summary>What was counted and measured, by names with their units.</summary>
    public Dictionary<string, object?> Figures { get; } = [];

    public List<ImportNote> Notes { get; } = [];

    /// <summary>How the file was read, where that was found out: datum, reference system, encoding.</summary>
    public Dictionary<string, object?> Found { get; } = [];

    /// <summary>Where the reference system is of use: west, south, east, north; null where that is not known.</summary>
    public (double West, double South, double East, double North)? AreaOfUse { get; set; }

    /// <summary>When the data were published (EDTF), where the file says it.</summary>
    public string? Published { get; set; }

    /// <summary>Who gives them out and under which licence, where the file says it.</summary>
    public string? Publisher { get; set; }
}

/// <summary>Brings files in: read, checked, then stored together in one transaction that moves the data version once; or nothing of them.</summary>
public static partial class Import
{
    /// <summary>Part of what content rests on: another version may read the same file otherwise.</summary>
    private const int ReaderVersion = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="db">Where to.</param>
    /// <param name="request">What, and what is known of it.</param>
    /// <param name="progress">Hears often how far it is.</param>
    /// <param name="cancel">Stops it; nothing is stored then.</param>
    /// <exception cref="RefusedImportException">Something in the files is wrong: every problem. Nothing was stored.</exception>
    /// <exception cref="InputException">The files cannot be read at all, or what is said of them makes no sense.</exception>
    public static async Task<Imported> Run(NpgsqlDataSource db, ImportRequest request, Action<Step>? progress = null, CancellationToken cancel = default)
    {
        progress ??= _ => { };
        if (request.Paths.Count == 0) throw new InputException("No file is named.");
        if (request.Dataset is not null && request.Paths.Count > 1) throw new InputException("--dataset names one body of data: bring the files one by one, or let them be named after themselves.");
        if (request.Dataset is { } named && !Slug().IsMatch(named)) throw new InputException($"--dataset \"{InputException.Short(named, 60)}\": a dataset's name is of a-z, 0-9 and single hyphens between them, like kunshan-roads.");
        var files = new List<BroughtFile>();
        foreach (var path in request.Paths) files.Add(await BroughtFile.Open(path, progress, cancel));
        if (files.GroupBy(f => request.Dataset ?? f.Slug).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InputException($"{string.Join(" and ", twice.Select(f => f.Path))} would both become the dataset {twice.Key}: bring them one by one with --dataset NAME.");

        using var problems = new ImportProblems(request.ProblemsFile);
        await using var connection = await db.OpenConnectionAsync(cancel);
        if (request.Published is { } published)
            try { await Database.Scalar<DateOnly?>(connection, "select edtf_earliest($1)", cancel, published); }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidDatetimeFormat) { throw new InputException($"--published {e.MessageText}."); }
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Database.Execute(connection, "set local statement_timeout = 0", cancel);
        var read = new List<(ImportContext? Context, ImportReport Unchanged)>();
        foreach (var file in files) read.Add(await Read(connection, request, file, problems, progress, cancel));
        problems.ThrowIfAny();

        var reports = new List<ImportReport>();
        if (read.Any(r => r.Context is not null)) await Database.Execute(connection, Register.Write.OneAtATime, cancel);
        foreach (var (context, unchanged) in read) reports.Add(context is null ? unchanged : await Store(context));
        var version = await Register.Write.Version(connection, cancel);
        if (!request.DryRun) await transaction.CommitAsync(cancel);
        return new(reports, request.DryRun, version);
    }

    private static async Task<(ImportContext?, ImportReport)> Read(NpgsqlConnection connection, ImportRequest request, BroughtFile file, ImportProblems problems, Action<Step> progress, CancellationToken cancel)
    {
        var layer = request.Into is { } into && (request.Paths.Count == 1 || file.Format.Layers.Contains(into)) ? into : file.Format.Layers[0];   // of several files those that can go there
        if (!file.Format.Layers.Contains(layer)) throw new InputException($"{file.Name} is {file.Format.Name}, which goes into {string.Join(", ", file.Format.Layers)}, not into {layer}.");
        var dataset = request.Dataset ?? file.Slug;
        await Database.Execute(connection, Datasets.Locked, cancel, dataset);
        var stored = await Database.Scalar<string?[]>(connection, "select array[layer, content_hash, settings ->> 'layer'] from dataset where id = $1", cancel, dataset);
        if (stored is [_, _, { } fileLayer] && request.FromLayer is { } wanted && fileLayer != wanted)
            throw new InputException($"The dataset {dataset} holds the layer \"{fileLayer}\" of {file.Name}; its layer \"{wanted}\" would replace it: give it a name of its own with --dataset NAME.");
        if (stored is [var there, ..] && there != layer) throw new InputException($"The dataset {dataset} is there already, in {there}: choose another name with --dataset.");
        if (stored?[1] == ContentHash(request, file)) return (null, new(dataset, layer, file.Format.Name, file.Name, true, [], new Dictionary<string, object?>(), []));
        var context = new ImportContext(request, file, layer, connection, new(connection, dataset, stored is null, cancel), problems, progress, cancel);
        if (request.Dataset is null && file.IsNameless) context.Notes.Add(new($"文件名 {file.Name} 中没有字母或数字，数据集名取为 {dataset}；可用 --dataset 另起。", $"No letters or digits in {file.Name}: the dataset is called {dataset}; --dataset gives it another name."));
        if (await Database.Scalar<string>(connection, "select min(id) from dataset where file_hash = $1 and layer = $2 and id <> $3", cancel, file.Hash, layer, dataset) is { } twin)
            context.Notes.Add(new($"同一文件已作为数据集 {twin} 导入。", $"The very same file is there already, as the dataset {twin}."));
        await Reader(context);
        await PositionCheck.Run(context);
        return (context, null!);
    }

    /// <summary>Which reader reads what.</summary>
    private static Task Reader(ImportContext context) => context.File.Format switch
    {
        var format when format == ImportFormat.Gtfs => Gtfs.GtfsReader.Read(context),
        var format when ImportFormat.Gis.Contains(format) => Gis.GisReader.Read(context),
        _ => Osm.OsmImport.Read(context),
    };

    private static async Task<ImportReport> Store(ImportContext context)
    {
        var (connection, file, request, cancel) = (context.Connection, context.File, context.Request, context.Cancel);
        context.Progress(new("写入数据库", "storing"));
        var source = $"import-{context.Staging.Dataset}";
        var published = request.Published ?? context.Published ?? $"../{DateTime.UtcNow.AddHours(8):yyyy-MM-dd}";
        await Database.Execute(connection, """
            insert into source (id, grade, title, title_en, publisher, published, note_zh, note_en) values ($1, 'DATA', $2, $2, nullif($3, ''), $4, $5, $6)
            on conflict (id) do update set title = excluded.title, title_en = excluded.title_en, publisher = excluded.publisher, published = excluded.published, note_zh = excluded.note_zh, note_en = excluded.note_en
            """, cancel, source, request.Title ?? file.Name, context.Publisher ?? "", published, $"导入的 {file.Format.Name} 文件 {file.Name}，SHA-256 {file.Hash}", $"Imported {file.Format.Name} file {file.Name}, SHA-256 {file.Hash}");
        var changes = await context.Staging.Store();
        await Database.Execute(connection, """
            insert into dataset (id, layer, source_id, format, file_name, file_bytes, file_hash, content_hash, settings, figures) values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb)
            on conflict (id) do update set format = excluded.format, file_name = excluded.file_name, file_bytes = excluded.file_bytes, file_hash = excluded.file_hash, content_hash = excluded.content_hash,
                settings = excluded.settings, figures = excluded.figures, recorded_at = now()
            """, cancel, context.Staging.Dataset, context.Layer, source, file.Format.Name, file.Name, file.Bytes, file.Hash, ContentHash(request, file), JsonSerializer.Serialize(Settings(request).Concat(context.Found).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Last().Value), Json),
            JsonSerializer.Serialize(context.Figures, Json));
        await Database.Execute(connection, "insert into audit (who, action, table_name, row_id, content, data_version) select $1, 'insert', 'source', $2, to_jsonb(s), number from source s, data_version where id = $2", cancel, request.Who, source);
        return new(context.Staging.Dataset, context.Layer, file.Format.Name, file.Name, false, changes, context.Figures, context.Notes);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Settings(ImportRequest request) =>
        new Dictionary<string, object?> { ["datum"] = request.Datum, ["crs"] = request.Crs is { } crs ? Gis.CrsChoice.Public(crs) : null, ["layer"] = request.FromLayer, ["swapAxes"] = request.SwapAxes ? true : null, ["controlPoints"] = request.ControlPoints is { } points ? Gis.ControlPoints.Hash(points) : null, ["encoding"] = request.Encoding, ["title"] = request.Title, ["published"] = request.Published }.Where(s => s.Value is not null);

    /// <summary>The same file, read the same way, has the same content.</summary>
    private static string ContentHash(ImportRequest request, BroughtFile file) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{ReaderVersion} {file.Format.Name} {file.Hash} {JsonSerializer.Serialize(Settings(request), Json)}"))));

    /// <summary>As the database has it.</summary>
    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")] private static partial Regex Slug();
}
