namespace Jietong.Geodata.Imports;

/// <summary>What an import did to one table: rows that were not there, that read otherwise, that are no longer in the file; and how many there are now.</summary>
public sealed record TableChange(string Table, long Added, long Changed, long Removed, long Total);

/// <summary>Something that whoever uses the data should know.</summary>
public sealed record ImportNote(string Zh, string En);

/// <summary>What one file brought.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Layer">Where it went.</param>
/// <param name="Format">What it was.</param>
/// <param name="File">Its name.</param>
/// <param name="Unchanged">It was there already, byte for byte, read the same way: nothing was done.</param>
/// <param name="Tables">What happened to each table.</param>
/// <param name="Figures">What was counted and measured, by names with their units.</param>
/// <param name="Notes">In words.</param>
public sealed record ImportReport(string Dataset, string Layer, string Format, string File, bool Unchanged, IReadOnlyList<TableChange> Tables, IReadOnlyDictionary<string, object?> Figures, IReadOnlyList<ImportNote> Notes);

/// <summary>What a whole import brought: all of it is stored, or, of a dry run, nothing.</summary>
public sealed record Imported(IReadOnlyList<ImportReport> Reports, bool DryRun, Query.DataVersion Version);
