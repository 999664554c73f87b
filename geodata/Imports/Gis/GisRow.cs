namespace Jietong.Geodata.Imports.Gis;

/// <summary>A row or feature of a file, as it stands there.</summary>
/// <param name="Number">From 1, or what the file counts it by.</param>
/// <param name="Id">Its own id; null where the file gives it none.</param>
/// <param name="Wkb">Its geometry in the file's coordinates, x before y; null where it has none.</param>
/// <param name="Properties">A JSON object that PostgreSQL takes.</param>
internal readonly record struct GisRow(long Number, string? Id, byte[]? Wkb, string Properties);

/// <summary>A file that is being read: its rows, and what they are measured in, which may be known only behind the last of them.</summary>
/// <param name="Rows">Come once, as they are read.</param>
/// <param name="Crs">EPSG:n or WKT; null where the file does not say.</param>
/// <param name="Word">What messages call a row.</param>
internal sealed record GisContent(IEnumerable<GisRow> Rows, Func<string?> Crs, string Word);

/// <summary>One value of a row that cannot be taken: what, why, and what its sender can do.</summary>
internal sealed class BadValueException(string field, string? value, string reason, string wayOut) : Exception(reason)
{
    public string Field { get; } = field;
    public string? Value { get; } = value;
    public string WayOut { get; } = wayOut;
}
