using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>Networks at street level and what lies around them, as imported. A row's key is its dataset's name, a dot and its own.</summary>
public static class StreetLayers
{
    private static readonly string[] Modes = ["car", "cycle", "foot"];

    private static Column Key(string own = "{t}.id") => ImportLayers.Id with { Sql = KeyOf(own) };
    private static string KeyOf(string own) => $"({{t}}.dataset_id || '.' || {own})";

    private static Column Geometry(string titleZh) => new("geometry", ColumnType.Geometry, titleZh, "Geometry", "{t}.geom");
    private static readonly Column[] Names = [new("name", Text, "名称", "Name"), new("nameEn", Text, "英文名", "Name in English")];
    private static readonly Column Island = new("island", Integer, "孤岛", "The part that hangs together by any mode; 0 is the largest") { Nullable = false };
    private static readonly Column MaxWidth = new("maxWidthMetres", Number, "限宽（米）", "Maximum width in metres");

    private static Column Ms(string mode, string zh, string way, string wayZh) => new($"{mode}{char.ToUpperInvariant(way[0])}{way[1..]}Ms", Integer, $"{zh}{wayZh}（毫秒）", $"Milliseconds by {mode}, {way}; null where one may not");

    public static readonly Layer Streets = new("Streets", "街道", "Streets", "street", "id",
    [
        Key(), ImportLayers.Dataset, .. Names, new("ref", Text, "路线编号", "Route number"), new("class", Text, "类别", "Class: the highway key of OpenStreetMap, or ferry") { Nullable = false },
        new("fromJunction", Text, "起点路口", "First junction", KeyOf("{t}.from_junction::text")) { Nullable = false }, new("toJunction", Text, "终点路口", "Last junction", KeyOf("{t}.to_junction::text")) { Nullable = false },
        new("lengthMetres", Number, "长度（米）", "Length in metres") { Nullable = false }, new("speedKmh", Number, "车速（公里/时）", "Speed of cars, km/h"), new("speedBasis", Text, "车速依据", "maxspeed, class or duration"),
        Ms("car", "小汽车", "forward", "正向"), Ms("car", "小汽车", "backward", "反向"), Ms("cycle", "自行车", "forward", "正向"), Ms("cycle", "自行车", "backward", "反向"), Ms("foot", "步行", "forward", "正向"), Ms("foot", "步行", "backward", "反向"),
        new("bridge", Bool, "桥梁", "Bridge") { Nullable = false }, new("tunnel", Bool, "隧道", "Tunnel") { Nullable = false }, new("level", Integer, "层", "Level above or below the ground") { Nullable = false }, MaxWidth,
        new("barredBy", Text, "禁行标签", "The tag that keeps a mode out"), Island, new("wayIds", TextList, "OSM 路径", "Ways of OpenStreetMap, in order", "{t}.way_ids::text[]") { Nullable = false }, Geometry("线形"),
    ])
    {
        Collection = "streets", GeometryType = "LineString", BuiltOn = ImportLayers.BuiltOn,
        Relations = [ImportLayers.ToDataset, new("FromJunction", "StreetJunctions", "fromJunction", "id", Many: false), new("ToJunction", "StreetJunctions", "toJunction", "id", Many: false)],
    };

    public static readonly Layer StreetJunctions = new("StreetJunctions", "路口", "Junctions of streets", "street_junction", "id",
        [Key("{t}.id::text"), ImportLayers.Dataset, Island, new("bars", TextList, "不通方式", "Modes that cannot pass through") { Nullable = false, Flags = Modes }, Geometry("位置")])
    { Collection = "street-junctions", GeometryType = "Point", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    public static readonly Layer StreetTurns = new("StreetTurns", "转向限制", "Turn restrictions", "street_turn", "id",
    [
        Key(), ImportLayers.Dataset, new("kind", Text, "种类", "no, or only") { Nullable = false }, new("restriction", Text, "限制", "As the source writes it: no_left_turn") { Nullable = false },
        new("modes", TextList, "适用方式", "Modes that it concerns") { Nullable = false, Flags = Modes },
        new("streets", TextList, "街道", "Streets in order (keys of Streets)", "(select array_agg({t}.dataset_id || '.' || s order by n) from unnest({t}.streets) with ordinality x(s, n))") { Nullable = false },
        new("directions", Text, "方向", "+ or - for each street: as it runs, or back") { Nullable = false },
    ]) { Collection = "street-turns", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    public static readonly Layer StreetBarriers = new("StreetBarriers", "路障", "Barriers on streets", "street_barrier", "id",
    [
        Key("{t}.id::text"), ImportLayers.Dataset, new("kind", Text, "种类", "Kind: the barrier key of OpenStreetMap") { Nullable = false }, new("bars", TextList, "不通方式", "Modes that cannot pass") { Nullable = false, Flags = Modes }, MaxWidth,
        new("tags", Text, "标签", "All its tags (JSON)", "{t}.tags::text") { Nullable = false }, Geometry("位置"),
    ]) { Collection = "street-barriers", GeometryType = "Point", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset, new("Junction", "StreetJunctions", "id", "id", Many: false)] };

    public static readonly Layer MapLines = new("MapLines", "铁路水系境界", "Railways, waterways and boundaries", "map_line", "id",
    [
        Key(), ImportLayers.Dataset, .. Names, new("kind", Text, "种类", "railway, waterway or boundary") { Nullable = false }, new("class", Text, "类别", "rail, subway …; river, canal, riverbank; administrative") { Nullable = false },
        new("adminLevel", Integer, "行政级别", "admin_level of OpenStreetMap: 4 province, 5 prefecture, 6 county"), new("adcode", Text, "行政区划代码", "adcode"), Geometry("线形"),
    ]) { Collection = "map-lines", GeometryType = "MultiLineString", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    public static readonly Layer MapRoutes = new("MapRoutes", "地图上的公交线路", "Routes of public transport on the map", "map_route", "id",
    [
        Key(), ImportLayers.Dataset, .. Names, new("kind", Text, "种类", "subway, train, bus, ferry …") { Nullable = false }, new("ref", Text, "线路号", "Number of the line"), new("operator", Text, "运营方", "Operator"),
        new("fromStop", Text, "起点", "From"), new("toStop", Text, "终点", "To"),
        new("stops", TextList, "车站", "Stops in order (keys of MapStops, where the file has them)", "coalesce((select array_agg({t}.dataset_id || '.' || s order by n) from unnest({t}.stop_ids) with ordinality x(s, n)), '{}')") { Nullable = false }, Geometry("线形"),
    ]) { Collection = "map-routes", GeometryType = "MultiLineString", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    public static readonly Layer MapStops = new("MapStops", "地图上的车站", "Stations and stops on the map", "map_stop", "id",
    [
        Key(), ImportLayers.Dataset, .. Names, new("kind", Text, "种类", "station, halt, subway_entrance, tram_stop, bus_stop, ferry_terminal, platform, stop_position") { Nullable = false }, new("ref", Text, "站号", "Its number"),
        new("modes", TextList, "交通方式", "Means of transport that stop there") { Nullable = false }, Geometry("位置"),
    ]) { Collection = "map-stops", GeometryType = "Point", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    public static readonly IReadOnlyList<Layer> All = [Streets, StreetJunctions, StreetTurns, StreetBarriers, MapLines, MapRoutes, MapStops];
}
