using System.Text;
using CsvHelper;

namespace Jietong.Geodata.Imports;

/// <summary>One thing that is wrong with what was brought.</summary>
/// <param name="File">In which file.</param>
/// <param name="Place">Where in it: row 12, way 345, stops.txt line 7, byte 4096.</param>
/// <param name="Field">Of that row or element; empty where it is the whole.</param>
/// <param name="Value">As written; cut where it is long.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="WayOut">What its sender can do.</param>
public sealed record ImportProblem(string File, string Place, string Field, string? Value, string Reason, string WayOut)
{
    public override string ToString() => $"{File}{(Place == "" ? "" : ", " + Place)}{(Field == "" ? "" : $", {Field}")}{(Value is null ? "" : $" = \"{Value}\"")}: {Reason}{(WayOut == "" ? "" : " " + WayOut)}";
}

/// <summary>All problems of an import: the first are kept, each is written to a file where one is named. After so many that nobody would read on, reading ends.</summary>
public sealed class ImportProblems : IDisposable
{
    public const int Shown = 100, Most = 100_000;
    private const int LongestValue = 80;

    private readonly List<ImportProblem> first = [];
    private readonly string? file;
    private CsvWriter? all;

    /// <param name="file">Where all are written; null: nowhere.</param>
    /// <exception cref="InputException">Nothing can be written there.</exception>
    public ImportProblems(string? file)
    {
        this.file = file;
        if (file is null) return;
        try
        {
            var isThere = File.Exists(file);
            File.Open(file, FileMode.OpenOrCreate, FileAccess.Write).Dispose();   // before anything is read: an hour later it would be too late
            if (!isThere) File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) { throw new InputException($"--problems {file}: nothing can be written there: {e.Message}"); }
    }

    public long Count { get; private set; }
    public IReadOnlyList<ImportProblem> First => first;

    /// <exception cref="RefusedImportException">There are so many that reading on is of no use.</exception>
    public void Add(string inFile, string place, string field, string? value, string reason, string wayOut)
    {
        var problem = new ImportProblem(inFile, place, field, value is null ? null : InputException.Short(value, LongestValue), reason, wayOut);
        if (first.Count < Shown) first.Add(problem);
        if (file is not null)
        {
            all ??= Begun(file);
            foreach (var cell in new[] { problem.File, problem.Place, problem.Field, problem.Value ?? "", problem.Reason, problem.WayOut }) all.WriteField(cell);
            all.EndRecord();
        }
        if (++Count >= Most) throw Refused();
    }

    private static CsvWriter Begun(string file)
    {
        var csv = CsvWriter.Create(File.Create(file), new CsvWriterOptions { WriteByteOrderMark = true, Injection = CsvInjection.Escape });
        csv.WriteHeader(["file", "place", "field", "value", "reason", "wayOut"]);
        return csv;
    }

    /// <exception cref="RefusedImportException">There are any.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0) throw Refused();
    }

    private RefusedImportException Refused()
    {
        Dispose();
        return new(first, Count, all is null ? null : file);
    }

    public void Dispose() => all?.Dispose();
}

/// <summary>What was brought is refused as a whole; nothing was stored.</summary>
public sealed class RefusedImportException(IReadOnlyList<ImportProblem> first, long count, string? file) : InputException(Told(first, count, file))
{
    /// <summary>The first <see cref="ImportProblems.Shown"/>.</summary>
    public IReadOnlyList<ImportProblem> First { get; } = first;
    public long Count { get; } = count;

    /// <summary>The file that lists all; null where none was asked for.</summary>
    public string? File { get; } = file;

    private static string Told(IReadOnlyList<ImportProblem> first, long count, string? file)
    {
        var told = new StringBuilder($"未导入，未作任何改动；{count} 处有误。 Nothing was imported or changed; {count} problem{(count == 1 ? "" : "s")}:");
        foreach (var problem in first) told.Append('\n').Append(problem);
        if (count > first.Count) told.Append($"\n… {count - first.Count} more{(file is null ? "" : $", all in {file}")}");
        return told.ToString();
    }
}
