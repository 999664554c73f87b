using System.Text.Json;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Which of GDAL's drivers reads which format, and what has to be looked at first.</summary>
internal static class GdalSource
{
    public static async Task<(string? Crs, string? Usual, string Word)> Read(ImportContext context, string folder, Action<GisRow> take)
    {
        var source = context.File.Path;
        switch (context.File.Format.Name)
        {
            case "Shapefile":
                var shapefile = new Shapefile(context, folder);
                await shapefile.Open();
                using (var shapes = new GdalFile(context, "ESRI Shapefile", shapefile.Path) { Options = shapefile.Encoding is { } e ? [$"ENCODING={(e.CodePage is 65001 or 54936 ? TextEncoding.NameOf(e) : $"CP{e.CodePage}")}"] : [] })
                    return await Features(context, shapes, take, usual: null, exact: true);
            case "GeoPackage":
                Begins(context, source, "SQLite format 3\0"u8);
                using (var file = new GdalFile(context, "GPKG", Linked(source, folder, "data.gpkg")) { OwnNumbers = true }) return await Features(context, file, take, usual: null, exact: false);
            case "FlatGeobuf":
                Begins(context, source, "fgb\u0003"u8);
                using (var file = new GdalFile(context, "FlatGeobuf", Linked(source, folder, "data.fgb"))) return await Features(context, file, take, usual: null, exact: true);
            case "DXF":
                using (var file = new GdalFile(context, "DXF", Linked(source, folder, "data.dxf"))) return await Features(context, file, take, usual: null, exact: false);
            case "KML":
                var names = new KmlNames();
                using (var file = new GdalFile(context, "LIBKML", await names.Copy(context, folder)) { NameOf = names.Of }) return await Features(context, file, take, usual: "EPSG:4326", exact: false);
            default:
                await BroughtZip.Measure(source, context.Cancel);
                using (var file = new GdalFile(context, "XLSX", Linked(source, folder, "data.xlsx")) { }) return await Sheet(context, file, take);
        }
    }

    private static string Linked(string source, string folder, string name)
    {
        var link = Path.Combine(folder, name);
        File.CreateSymbolicLink(link, Path.GetFullPath(source));
        return link;
    }

    private static void Begins(ImportContext context, string path, ReadOnlySpan<byte> magic)
    {
        using var file = File.OpenRead(path);
        var head = new byte[magic.Length];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.AsSpan().SequenceEqual(magic))
            throw new BadFileException(context.File.Name, "byte 0", "", null, $"does not begin as a {context.File.Format.Name} does.", "Is its ending right, and was it fetched whole?");
    }

    private static async Task<(string?, string?, string)> Features(ImportContext context, GdalFile file, Action<GisRow> take, string? usual, bool exact)
    {
        await file.Open();
        var read = await file.Read(take);
        if (exact && file.Declared is > 0 and var declared && declared != read) throw new BadFileException(context.File.Name, "", "", null, $"declares {declared} features, of which {read} could be read.", "It is damaged: fetch or export it again.");
        return (file.Crs, usual, "feature");
    }

    /// <summary>A sheet is a table: positions stand in its columns.</summary>
    private static async Task<(string?, string?, string)> Sheet(ImportContext context, GdalFile file, Action<GisRow> take)
    {
        await file.Open();
        var columns = new TableColumns(context.File.Name, file.Columns);
        using var properties = new PropertyText();
        var wkb = new WkbWriter();
        await file.Read(row =>
        {
            using var json = JsonDocument.Parse(row.Properties);
            if (json.RootElement.EnumerateObject().All(cell => string.IsNullOrWhiteSpace(cell.Value.ToString()))) return;   // a blank row is none
            var place = $"row {row.Number + 1}";
            try
            {
                var kept = properties.Of(json.RootElement, (name, _) => !columns.IsPosition(file.Columns.IndexOf(name)));
                var geometry = columns.Geometry(i => json.RootElement.TryGetProperty(file.Columns[i], out var cell) ? cell.ToString() : null, wkb);
                take(row with { Wkb = geometry, Properties = kept, Number = row.Number });
            }
            catch (BadValueException e) { context.Problems.Add(context.File.Name, place, e.Field, e.Value, e.Message, e.WayOut); }
        });
        return (columns.Crs, "EPSG:4326", "row");
    }
}
