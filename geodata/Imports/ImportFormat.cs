using System.Text;

namespace Jietong.Geodata.Imports;

/// <summary>What a file is, and where its rows go unless somebody says otherwise.</summary>
/// <param name="Name">As reports and <c>dataset.format</c> have it.</param>
/// <param name="Layers">The layers that it can fill; the first is the usual one.</param>
internal sealed record ImportFormat(string Name, params string[] Layers)
{
    public static readonly ImportFormat OsmPbf = new("OSM PBF", "streets"), OsmXml = new("OSM XML", "streets"), Gtfs = new("GTFS", "timetable");

    /// <summary>What GDAL reads.</summary>
    public static readonly IReadOnlyList<ImportFormat> Gis =
    [
        .. new[] { "Shapefile", "GeoPackage", "FlatGeobuf", "GeoJSON", "CSV", "XLSX", "DXF", "KML" }.Select(name => new ImportFormat(name, "features", "streets", "opportunities")),
    ];

    private static ImportFormat Named(string name) => Gis.First(f => f.Name == name);

    /// <exception cref="InputException">Nothing that this program reads.</exception>
    public static ImportFormat Of(string path)
    {
        var ending = System.IO.Path.GetExtension(path).ToLowerInvariant();
        if (Directory.Exists(path))
            return File.Exists(System.IO.Path.Combine(path, "stop_times.txt")) || File.Exists(System.IO.Path.Combine(path, "trips.txt")) ? Gtfs
                : throw new InputException($"{path} is a folder without the files of a GTFS feed: name the files in it one by one.");
        return ending switch
        {
            ".pbf" => OsmPbf, ".osm" => OsmXml, ".zip" => OfZip(path),
            ".shp" => Named("Shapefile"), ".gpkg" => Named("GeoPackage"), ".fgb" => Named("FlatGeobuf"), ".geojson" or ".json" => Named("GeoJSON"),
            ".csv" or ".tsv" => Named("CSV"), ".xlsx" => Named("XLSX"), ".dxf" => Named("DXF"), ".kml" or ".kmz" => Named("KML"),
            ".gz" or ".bz2" or ".xz" or ".7z" or ".rar" => throw new InputException($"{path} is packed: unpack it first, and bring what is in it."),
            _ => BeginsLikeOsm(path) ? OsmXml : throw new InputException($"{path}: no ending that says what it is. Known are .osm.pbf, .osm, .zip (GTFS or a Shapefile), .shp, .gpkg, .fgb, .geojson, .csv, .xlsx, .dxf, .kml."),
        };
    }

    private static ImportFormat OfZip(string path)
    {
        try
        {
            using var zip = System.IO.Compression.ZipFile.OpenRead(path);
            var names = zip.Entries.Select(e => e.Name.ToLowerInvariant()).ToHashSet();
            return names.Any(n => n.EndsWith(".shp", StringComparison.Ordinal)) ? Named("Shapefile")
                : names.Overlaps(["stops.txt", "stop_times.txt", "trips.txt", "routes.txt", "agency.txt"]) ? Gtfs
                : throw new InputException($"{path} holds neither a GTFS feed (stops.txt, trips.txt, stop_times.txt …) nor a Shapefile (.shp).");
        }
        catch (InvalidDataException e) { throw new InputException($"{path} is no whole zip archive: {e.Message} Fetch it again."); }
    }

    private static bool BeginsLikeOsm(string path)
    {
        var head = new byte[512];
        using var file = File.OpenRead(path);
        return Encoding.UTF8.GetString(head, 0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)).Contains("<osm", StringComparison.Ordinal);
    }

    public static readonly IReadOnlyList<string> Companions = [".dbf", ".shx", ".prj", ".cpg"];

    /// <summary>The files that belong to it and lie beside it under the same name.</summary>
    public IEnumerable<string> Beside(string path) => Name != "Shapefile" || path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? []
        : Companions.SelectMany(e => new[] { e, e.ToUpperInvariant() }).Select(e => System.IO.Path.ChangeExtension(path, e)).Where(File.Exists);
}
