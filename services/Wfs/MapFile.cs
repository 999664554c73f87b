using System.Text;
using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Wfs;

/// <summary>What MapServer is to serve, made from the catalogue: every layer that has one type of geometry, with its titles, columns and reference systems.</summary>
internal static class MapFile
{
    private const string Systems = "EPSG:4326 EPSG:3857 EPSG:4490 EPSG:4549 EPSG:4528 EPSG:32651";

    /// <summary>Gains are left out: they are computed when they are asked for.</summary>
    public static readonly IReadOnlyList<Layer> Layers = [.. Catalogue.Collections.Where(l => l.GeometryType is not null && !GainLayers.All.Contains(l))];

    /// <param name="address">Of the service as the client calls it.</param>
    /// <param name="asOf">The state of this day.</param>
    /// <param name="knownBy">Judged by what was published by then.</param>
    public static string Write(string address, DateOnly asOf, DateOnly knownBy)
    {
        var text = new StringBuilder($"""
            MAP
              NAME "jietong"
              EXTENT -180 -90 180 90
              UNITS DD
              PROJECTION "init=epsg:4326" END
              OUTPUTFORMAT
                NAME "geojson"
                DRIVER "OGR/GEOJSON"
                MIMETYPE "application/json; subtype=geojson; charset=utf-8"
                FORMATOPTION "STORAGE=stream"
                FORMATOPTION "FORM=simple"
              END
              WEB METADATA
                "ows_title" "接通 Jietong"
                "ows_abstract" {Quoted("上海省界未接通道路、轨道与公交登记。 Missing links along the Shanghai border. " + Downloads.DownloadAbout.Attribution)}
                "ows_keywordlist" "断头路,省界,missing links"
                "ows_fees" "none"
                "ows_accessconstraints" {Quoted(Downloads.DownloadAbout.Licence)}
                "ows_onlineresource" {Quoted(address + "/wfs?")}
                "ows_srs" "{Systems}"
                "ows_geometry_precision" "8"
                "wfs_enable_request" "GetCapabilities DescribeFeatureType GetFeature GetPropertyValue ListStoredQueries DescribeStoredQueries"
                "wfs_getfeature_formatlist" "geojson"
                "wfs_namespace_prefix" "jietong"
                "wfs_namespace_uri" "urn:x-jietong:wfs"
                "wfs_compute_number_matched" "true"
              END END

            """);
        foreach (var layer in Layers)
        {
            text.Append($"""
                  LAYER
                    NAME "{layer.Collection}"
                    TYPE {(layer.GeometryType == "Point" ? "POINT" : layer.GeometryType == "MultiPolygon" ? "POLYGON" : "LINE")}
                    STATUS ON
                    TEMPLATE "none"
                    CONNECTIONTYPE POSTGIS
                    CONNECTION "application_name=jietong-wfs"
                    DATA {Quoted($"geom from ({LayerView.Sql(layer, asOf, knownBy)}) as rows using unique {layer.Key} using srid=4326")}
                    PROJECTION "init=epsg:4326" END
                    METADATA
                      "ows_title" {Quoted($"{layer.TitleZh} {layer.TitleEn}")}
                      "ows_abstract" {Quoted(string.Join("; ", layer.Columns.Where(c => c.Type != ColumnType.Geometry).Select(c => $"{c.Name} {c.TitleZh}")))}
                      "ows_srs" "{Systems}"
                      "ows_geometry_precision" "8"
                      "gml_featureid" "{layer.Key}"
                      "gml_include_items" "all"
                      "gml_geometries" "geom"
                      "gml_geom_type" "{(layer.GeometryType == "Point" ? "point" : layer.GeometryType == "LineString" ? "line" : layer.GeometryType == "MultiPolygon" ? "multipolygon" : "multiline")}"

                """);
            foreach (var column in layer.Columns.Where(c => c.Type != ColumnType.Geometry))
                text.Append($"      \"gml_{column.Name}_type\" \"{column.Type switch { ColumnType.Integer => "Long", ColumnType.Number => "Real", ColumnType.Bool => "Boolean", _ => "Character" }}\"\n");
            text.Append("    END\n  END\n");
        }
        return text.Append("END\n").ToString();
    }

    /// <exception cref="InputException">The text cannot stand in a map file: only the address of the service comes from outside.</exception>
    private static string Quoted(string text) => text.Any(c => char.IsControl(c) || c == '\\') ? throw new InputException("The name of the host cannot stand in an answer.") : $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
