namespace Jietong.Geodata.Query;

/// <summary>A coordinate reference system in which positions are given and taken.</summary>
/// <param name="Uri">Its identifier (OGC Name Type Specification, 09-048r5).</param>
/// <param name="TitleZh">What people call it, with the order of its axes.</param>
/// <param name="TitleEn">The same in English.</param>
/// <param name="Srid">What PostGIS knows it by; for a datum of web maps, that of WGS 84.</param>
/// <param name="LatitudeFirst">Whether the authority puts latitude or northing before longitude or easting.</param>
/// <param name="Decimals">Decimals of its unit that are written: about a centimetre.</param>
public sealed record Crs(string Uri, string TitleZh, string TitleEn, int Srid, bool LatitudeFirst, int Decimals)
{
    /// <summary>Datums that Chinese web maps shift their maps by: the functions that bring positions there and back, how far off, and what an answer in it says.</summary>
    public sealed record ShiftedDatum(string There, string Back, string Mark);

    public ShiftedDatum? Shift { get; init; }

    public bool InDegrees => Decimals > 2;

    /// <summary>The last part of the identifier: CRS84, 4490, GCJ-02.</summary>
    public string Code => Uri[(Uri.LastIndexOfAny(['/', ':']) + 1)..];

    /// <summary>WGS 84, longitude before latitude: the default of OGC API Features and of GeoJSON.</summary>
    public static readonly Crs Crs84 = new("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "WGS 84（经度、纬度）", "WGS 84, longitude and latitude", 4326, false, 7);

    /// <summary>All that are served. Their axes stand in the order of the EPSG register; CGCS2000 is taken for WGS 84, from which it differs by centimetres.</summary>
    public static readonly IReadOnlyList<Crs> All =
    [
        Crs84,
        Epsg(4326, "WGS 84（纬度、经度）", "WGS 84, latitude and longitude", true, 7),
        Epsg(3857, "网络墨卡托", "Web Mercator", false, 2),
        Epsg(4490, "CGCS2000（纬度、经度）", "CGCS2000, latitude and longitude", true, 7),
        Epsg(4549, "CGCS2000 三度带，中央经线 120°（北、东）", "CGCS2000, 3-degree Gauss-Kruger, central meridian 120°E, northing and easting", true, 2),
        Epsg(4528, "CGCS2000 三度带第 40 带（北、东）", "CGCS2000, 3-degree Gauss-Kruger zone 40, northing and easting", true, 2),
        Epsg(32651, "WGS 84 UTM 51N（东、北）", "WGS 84, UTM zone 51N, easting and northing", false, 2),
        Shifted("GCJ-02", "火星坐标 GCJ-02（经度、纬度）", "GCJ-02, longitude and latitude", "gcj02"),
        Shifted("BD-09", "百度坐标 BD-09（经度、纬度）", "BD-09, longitude and latitude", "bd09"),
    ];

    private static Crs Epsg(int code, string titleZh, string titleEn, bool latitudeFirst, int decimals) => new($"http://www.opengis.net/def/crs/EPSG/0/{code}", titleZh, titleEn, code, latitudeFirst, decimals);

    private static Crs Shifted(string name, string titleZh, string titleEn, string function) => new($"urn:x-jietong:crs:{name}", titleZh, titleEn, 4326, false, 6)
    {
        Shift = new($"{function}_of_wgs84", $"wgs84_of_{function}", $"坐标为 {name}，不是 WGS 84 或 CGCS2000：偏移由公开的近似公式算出，误差可达数米，只供叠加网络地图。 " +
            $"Positions are in {name}, not in WGS 84 or CGCS2000: shifted by the published approximation, off by up to some metres, for overlays on web maps only."),
    };

    /// <summary>By its identifier, also as <c>EPSG:4490</c>, <c>urn:ogc:def:crs:EPSG::4490</c> or in brackets (a safe CURIE), or by its name where it is a datum of web maps.</summary>
    /// <exception cref="InputException">It is none of <see cref="All"/>.</exception>
    public static Crs Read(string parameter, string text)
    {
        var name = text.Trim('[', ']');
        return All.FirstOrDefault(c => name == c.Uri || c.Shift is null && (name == $"EPSG:{c.Code}" || name == $"urn:ogc:def:crs:EPSG::{c.Code}" || name == $"OGC:{c.Code}") || c.Shift is not null && name == c.Code)
            ?? throw new InputException($"{parameter}: \"{InputException.Short(text, 100)}\" is no reference system of this service; there are {string.Join(", ", All.Select(c => c.Uri))}.");
    }

    /// <summary>SQL for a stored position in this system, longitude or easting first.</summary>
    internal string FromStored(string geometry) => Shift is { } shift ? $"{shift.There}({geometry})" : Srid == 4326 ? geometry : $"ST_Transform({geometry}, {Srid})";

    /// <summary>SQL for a position that came in this system, longitude or easting first, as positions are stored.</summary>
    internal string ToStored(string geometry) => Shift is { } shift ? $"{shift.Back}({geometry})" : Srid == 4326 ? geometry : $"ST_Transform({geometry}, 4326)";

    /// <summary>SQL for a stored geometry as GeoJSON, axes in the order of the authority.</summary>
    internal string GeoJson(string geometry) => this == Crs84 ? $"ST_AsGeoJSON({geometry}, 7)"
        : $"ST_AsGeoJSON({(LatitudeFirst ? $"ST_FlipCoordinates({FromStored(geometry)})" : FromStored(geometry))}, {Decimals}, 0)";
}
