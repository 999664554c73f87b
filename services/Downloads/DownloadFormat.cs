using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Downloads;

/// <summary>A format that files come in: its name in addresses, the ending of the file, its media type, and what it can hold.</summary>
/// <param name="Name">The value of <c>f</c>.</param>
/// <param name="Ending">Of the file's name.</param>
/// <param name="MediaType">In answers.</param>
internal sealed record DownloadFormat(string Name, string Ending, string MediaType)
{
    /// <summary>Made by GDAL in a file, else written row by row.</summary>
    public bool ByGdal { get; init; }

    /// <summary>Whether a layer without geometry can be written.</summary>
    public bool TakesTables { get; init; } = true;

    /// <summary>Whether texts may come in another encoding than UTF-8.</summary>
    public bool HasEncodings { get; init; }

    /// <summary>The one that they come in unless another is asked for.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Whether positions may be in any reference system; else WGS 84 alone.</summary>
    public bool TakesCrs { get; init; } = true;

    public static readonly IReadOnlyList<DownloadFormat> All =
    [
        new("gpkg", ".gpkg", "application/geopackage+sqlite3") { ByGdal = true },
        new("fgdb", ".gdb.zip", "application/zip") { ByGdal = true },
        new("fgb", ".fgb", "application/vnd.flatgeobuf") { ByGdal = true, TakesTables = false },
        new("shp", ".shp.zip", "application/zip") { ByGdal = true, HasEncodings = true },
        new("geojson", ".geojson", "application/geo+json"),
        new("geojsonl", ".geojsonl", "application/x-ndjson") { TakesCrs = false },
        new("csv", ".csv", "text/csv; charset=utf-8"),
        new("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        new("kml", ".kml", "application/vnd.google-earth.kml+xml") { TakesTables = false, TakesCrs = false },
        new("dxf", ".dxf", "image/vnd.dxf") { ByGdal = true, TakesTables = false, HasEncodings = true, Encoding = "gbk" },
    ];

    /// <summary>Those that a layer comes in.</summary>
    public static IEnumerable<DownloadFormat> Of(Layer layer) => All.Where(f => f.TakesTables || layer.Geometry is not null);

    public static string Names => string.Join(", ", All.Select(f => f.Name));

    /// <summary>The one of that name, if it can hold what is asked for.</summary>
    /// <exception cref="InputException">There is none, or it cannot.</exception>
    public static DownloadFormat Read(string parameter, string? name, Query query, string? encoding)
    {
        var format = All.FirstOrDefault(f => f.Name == name) ?? throw new InputException(name is null ? $"{parameter} names the format: {Names}." : $"{parameter}: \"{name}\" is no format of this service; there are {Names}.");
        if (query.Layer.Geometry is null && !format.TakesTables)
            throw new InputException($"{parameter}: {query.Layer.Collection} has no geometry, and {name} holds nothing without one; ask for {string.Join(", ", All.Where(f => f.TakesTables).Select(f => f.Name))}.");
        if (!format.TakesCrs && query.Crs.Srid != 4326 || !format.TakesCrs && query.Crs.Shift is not null)
            throw new InputException($"crs: {name} is always in WGS 84; leave crs out, or ask for another format.");
        if (encoding is not null && !format.HasEncodings) throw new InputException($"encoding: {name} is always in UTF-8; only {string.Join(" and ", All.Where(f => f.HasEncodings).Select(f => f.Name))} come in another encoding too.");
        if (encoding is not (null or "utf-8" or "gbk")) throw new InputException($"encoding: \"{encoding}\" is none of utf-8 and gbk.");
        return format;
    }
}
