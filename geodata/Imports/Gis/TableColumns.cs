using System.Globalization;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Where a table without geometry has its positions: two columns of coordinates, or one of well-known text.</summary>
internal sealed class TableColumns
{
    private static readonly string[] Longitudes = ["longitude", "lon", "lng", "long", "经度", "经度lon", "x", "x坐标", "东坐标", "easting", "坐标x", "point_x", "wgs84_lng", "wgs84_lon"],
        Latitudes = ["latitude", "lat", "纬度", "纬度lat", "y", "y坐标", "北坐标", "northing", "坐标y", "point_y", "wgs84_lat"], Texts = ["wkt", "geom", "geometry", "wkt_geom", "the_geom", "几何", "坐标", "图形"];

    public int X { get; }
    public int Y { get; }
    public int Wkt { get; }

    /// <summary>EPSG:n or a datum of web maps, where the name of the column of well-known text says it: WKT_EPSG4549, WKT_GCJ-02.</summary>
    public string? Crs { get; }

    private readonly IReadOnlyList<string> names;

    /// <exception cref="InputException">There are none, or not one pair alone.</exception>
    public TableColumns(string file, IReadOnlyList<string> names)
    {
        this.names = names;
        if (names.GroupBy(n => n).FirstOrDefault(g => g.Key != "" && g.Count() > 1) is { } twice) throw new InputException($"{file} has two columns \"{twice.Key}\": rename one.");
        Wkt = Find(Texts) is var text and >= 0 ? text : Find(n => n.StartsWith("wkt_", StringComparison.OrdinalIgnoreCase));
        (X, Y) = (Find(Longitudes), Find(Latitudes));
        if (Wkt >= 0) (X, Y, Crs) = (-1, -1, names[Wkt].StartsWith("WKT_EPSG", StringComparison.Ordinal) ? $"EPSG:{names[Wkt][8..]}" : names[Wkt] is "WKT_GCJ-02" or "WKT_BD-09" ? names[Wkt][4..] : null);
        else if (X < 0 || Y < 0) throw new InputException($"{file} has no columns of positions. Name two of its columns 经度 and 纬度 (or lon and lat, x and y), or one WKT. It has {string.Join(", ", names.Take(40).Select(n => $"\"{n}\""))}.");
    }

    private int Find(string[] wanted) => wanted.Select(w => Find(n => n.Trim().Equals(w, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(i => i >= 0, -1);

    private int Find(Predicate<string> is_) => names.ToList().FindIndex(is_);

    public bool IsPosition(int column) => column == X || column == Y || column == Wkt;

    /// <exception cref="BadValueException">It is no position.</exception>
    public byte[]? Geometry(Func<int, string?> cell, WkbWriter to)
    {
        if (Wkt >= 0) return string.IsNullOrWhiteSpace(cell(Wkt)) ? null : new WktShape(names[Wkt], cell(Wkt)!, to).Read();
        var (x, y) = (cell(X), cell(Y));
        if (string.IsNullOrWhiteSpace(x) && string.IsNullOrWhiteSpace(y)) return null;
        to.Clear();
        to.Begin(WkbWriter.Point).Position(Number(X, x), Number(Y, y));
        return to.Taken();
    }

    private double Number(int column, string? text) => double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : throw new BadValueException(names[column], text ?? "", "is no coordinate.", "Write a number with a decimal point, such as 121.0998; leave both coordinates empty where there is no position.");
}
