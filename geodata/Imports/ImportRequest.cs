namespace Jietong.Geodata.Imports;

/// <summary>What is brought, and what its sender knows of it. What is not said is found out, or refused with what must be said.</summary>
/// <param name="Paths">Files, or folders that hold one body of data; each becomes a dataset of its own.</param>
/// <param name="Who">On whose word it is recorded.</param>
public sealed record ImportRequest(IReadOnlyList<string> Paths, string Who)
{
    /// <summary>What <see cref="Into"/> and <see cref="Datum"/> may be.</summary>
    public static readonly IReadOnlyList<string> Layers = ["streets", "timetable", "opportunities", "features"], Datums = ["wgs84", "cgcs2000", "gcj02", "bd09"];

    /// <summary>The layer it goes to; null: by its format.</summary>
    public string? Into { get; init; }

    /// <summary>The name under which a newer file replaces an older one; null: from the file's name. Only where there is one path.</summary>
    public string? Dataset { get; init; }

    /// <summary>wgs84, cgcs2000, gcj02 or bd09: what the coordinates were measured in; null: by the reference system.</summary>
    public string? Datum { get; init; }

    /// <summary>EPSG:n, WKT or PROJ; null: as the file declares it.</summary>
    public string? Crs { get; init; }

    /// <summary>Of texts in Shapefile, CSV and the like; null: found out.</summary>
    public string? Encoding { get; init; }

    /// <summary>Which layer of the file, or which Shapefile of an archive; null: the only one.</summary>
    public string? FromLayer { get; init; }

    /// <summary>Latitude or northing stands first in the file.</summary>
    public bool SwapAxes { get; init; }

    /// <summary>A CSV of points known in the file's local system and in WGS 84 or CGCS2000, from which the way between the two is reckoned. It stays private.</summary>
    public string? ControlPoints { get; init; }

    /// <summary>A title for people; null: the file's name.</summary>
    public string? Title { get; init; }

    /// <summary>When it was published (EDTF); null: as the file says, else some time up to today.</summary>
    public string? Published { get; init; }

    /// <summary>Find out what would be, and store nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Go on although the positions look wrong.</summary>
    public bool AcceptPositions { get; init; }

    /// <summary>Where all problems are written; null: nowhere but into the exception.</summary>
    public string? ProblemsFile { get; init; }

    /// <summary>Whether a file only belongs to another of the same name (parts of a Shapefile).</summary>
    public static bool IsCompanion(string path) => ImportFormat.Companions.Contains(Path.GetExtension(path).ToLowerInvariant());
}
