using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>The layers of the network around the links: places, lines and their stops, and the numbers that models rest on.</summary>
public static class NetworkLayers
{
    private static readonly Column Id = new("id", Text, "编号", "Id") { Nullable = false };
    private static readonly Column NameZh = new("nameZh", Text, "名称", "Name (Chinese)") { Nullable = false };
    private static readonly Column NameEn = new("nameEn", Text, "英文名", "Name (English)") { Nullable = false };
    private static readonly Column Kind = new("kind", Text, "类别", "Kind") { Nullable = false };
    private static readonly Column Source = new("source", Text, "来源", "Source id", "{t}.source_id") { Nullable = false };
    private static readonly Column Place = new("place", Text, "出处位置", "Place in the source") { Nullable = false };
    private static readonly Column AccuracyMetres = new("accuracyMetres", Number, "位置误差（米）", "The position holds within this many metres");
    private static readonly Column PositionSource = new("positionSource", Text, "位置来源", "Source of the position", "{t}.position_source_id");
    private static readonly Column Geometry = new("geometry", ColumnType.Geometry, "位置", "Geometry", "{t}.geom");
    private static readonly Column[] Notes = [new("noteZh", Text, "备注", "Note (Chinese)"), new("noteEn", Text, "英文备注", "Note")];
    private static readonly Relation ToSource = new("Source", "Sources", "source", "id", Many: false);
    private static readonly Relation ToPositionSource = new("PositionSource", "Sources", "positionSource", "id", Many: false);
    private static readonly Column Assumption = new("assumption", Text, "假设", "Assumption id", "{t}.assumption_id") { Nullable = false };
    private static readonly Relation ToAssumption = new("Assumption", "Assumptions", "assumption", "id", Many: false);
    private static readonly Relation ToLink = new("Link", "Links", "linkId", "id", Many: false);
    private static readonly Relation ToLine = new("Line", "Lines", "line", "id", Many: false);

    public static readonly Layer Places = new("Places", "地点", "Places", "place", "id",
    [
        Id, NameZh, NameEn, Kind, new("adcode", Text, "行政区划代码", "Jurisdiction (adcode)") { Nullable = false },
        new("population", Integer, "人口", "Resident population; null where no source gives it"), new("populationYear", Integer, "人口年份", "Year of that population"),
        new("populationSource", Text, "人口来源", "Source of that population", "{t}.population_source_id"),
        AccuracyMetres, new("accuracyKind", Text, "位置类型", "How the position was got"), PositionSource, new("positionPlace", Text, "位置出处", "Place in that source"), .. Notes, Geometry,
    ]) { Collection = "places", GeometryType = "Point", BuiltOn = ["place"], Relations = [ToPositionSource, new("Jurisdiction", "Jurisdictions", "adcode", "adcode", false)] };

    public static readonly Layer Populations = new("Populations", "县级人口", "Populations of counties", "county_population", "id",
    [
        new("id", Text, "编号", "Id", "({t}.adcode || '-' || {t}.year || '-' || {t}.source_id)") { Nullable = false }, new("adcode", Text, "行政区划代码", "adcode") { Nullable = false },
        new("year", Integer, "年份", "Year") { Nullable = false }, new("population", Integer, "常住人口", "Resident population") { Nullable = false }, Source, Place,
    ]) { Collection = "populations", Relations = [ToSource, new("Jurisdiction", "Jurisdictions", "adcode", "adcode", false)] };

    public static readonly Layer Assumptions = new("Assumptions", "假设", "Assumptions", "assumption", "id",
    [
        Id, NameZh with { Nullable = true }, NameEn with { Nullable = true }, new("value", Number, "取值", "Value") { Nullable = false }, new("low", Number, "下限", "Low") { Nullable = false }, new("high", Number, "上限", "High") { Nullable = false },
        new("unit", Text, "单位", "Unit") { Nullable = false }, new("ours", Bool, "本项目假设", "Our own assumption, not a source's") { Nullable = false },
        Source with { Nullable = true }, Place with { Nullable = true }, .. Notes,
    ]) { Collection = "assumptions", Relations = [ToSource] };

    public static readonly Layer Lines = new("Lines", "线路", "Lines", "transit_line", "id",
    [
        Id, NameZh, NameEn, Kind, new("fromStop", Text, "起点", "First stop") { Nullable = false }, new("toStop", Text, "终点", "Last stop") { Nullable = false },
        new("lengthMetres", Number, "长度（米）", "Length in metres"), new("validFrom", Date, "开通", "In service from (its last possible day); null where no source says", "{t}.valid_from_latest"),
        new("linkId", Text, "通道编号", "The link that it is the works of: it runs while that link counts"), new("sharesPlatformsWith", Text, "同台线路", "The line whose platforms it uses at stops of the same name"), Source, .. Notes,
    ]) { Collection = "lines", Relations = [new("Stops", "Stops", "id", "line", true), new("Sections", "LineSections", "id", "line", true), new("Services", "Services", "id", "line", true), new("RunTimes", "RunTimes", "id", "line", true), ToLink, ToSource] };

    public static readonly Layer LineSections = new("LineSections", "区段", "Sections of lines", "line_section", "id",
    [
        new("id", Text, "编号", "Id", "({t}.line_id || '-' || {t}.from_stop || '-' || {t}.to_stop || '-' || {t}.event)") { Nullable = false },
        new("line", Text, "线路", "Line id", "{t}.line_id") { Nullable = false }, new("fromStop", Text, "起点", "From") { Nullable = false }, new("toStop", Text, "终点", "To") { Nullable = false },
        new("event", Text, "事件", "open, through_service or closed") { Nullable = false }, new("validFrom", Date, "起", "From (its last possible day)", "{t}.valid_from_latest"),
        new("validTo", Date, "止", "To (its last possible day)", "{t}.valid_to_latest"), Source, Place, .. Notes,
    ]) { Collection = "line-sections", Relations = [ToLine, ToSource] };

    public static readonly Layer Stops = new("Stops", "车站", "Stops of lines", "stop", "id",
    [
        Id, new("line", Text, "线路", "Line id", "{t}.line_id") { Nullable = false }, new("seq", Integer, "序", "Order along the line") { Nullable = false }, NameZh, NameEn,
        new("adcode", Text, "行政区划代码", "On whose side of the province line it lies"), AccuracyMetres, PositionSource, .. Notes, Geometry,
    ]) { Collection = "stops", GeometryType = "Point", BuiltOn = ["stop"], Relations = [ToLine, ToPositionSource] };

    public static readonly Layer Services = new("Services", "班次", "Services on lines", "service", "id",
    [
        Id, new("line", Text, "线路", "Line id", "{t}.line_id") { Nullable = false }, new("fromStop", Text, "起点", "From") { Nullable = false }, new("toStop", Text, "终点", "To") { Nullable = false },
        new("calls", Text, "停靠", "all stops between, or the two ends only") { Nullable = false }, new("headwayAssumption", Text, "间隔（假设）", "Headway: an assumption's id", "{t}.headway_assumption_id") { Nullable = false },
        new("boardingAssumption", Text, "进站（假设）", "From the street to the platform: an assumption's id; null at the kerb", "{t}.boarding_assumption_id"), .. Notes,
    ]) { Collection = "services", Relations = [ToLine, new("Headway", "Assumptions", "headwayAssumption", "id", false)] };

    public static readonly Layer RunTimes = new("RunTimes", "运行时间", "Run times along lines", "run_time", "id",
    [
        new("id", Text, "编号", "Id", "({t}.line_id || '-' || {t}.from_stop || '-' || {t}.to_stop)") { Nullable = false }, new("line", Text, "线路", "Line id", "{t}.line_id") { Nullable = false },
        new("fromStop", Text, "起点", "From") { Nullable = false }, new("toStop", Text, "终点", "To") { Nullable = false }, Assumption,
    ]) { Collection = "run-times", Relations = [ToLine, ToAssumption] };

    public static readonly Layer Transfers = new("Transfers", "站内换乘", "Transfers inside stations", "transfer", "id",
    [
        new("id", Text, "编号", "Id", "({t}.from_line_id || '-' || {t}.from_stop || '-' || {t}.to_line_id || '-' || {t}.to_stop)") { Nullable = false },
        new("fromLine", Text, "自线路", "From line (id)", "{t}.from_line_id") { Nullable = false }, new("fromStop", Text, "自站", "From stop") { Nullable = false },
        new("toLine", Text, "至线路", "To line (id)", "{t}.to_line_id") { Nullable = false }, new("toStop", Text, "至站", "To stop") { Nullable = false }, Assumption,
    ]) { Collection = "transfers", Relations = [ToAssumption] };

    public static readonly Layer Roads = new("Roads", "道路", "Roads", "road", "id",
    [
        Id, NameZh, NameEn, new("ref", Text, "编号路线", "Route number"), new("class", Text, "技术等级", "Class (JTG B01, CJJ 37)") { Nullable = false },
        new("adcode", Text, "行政区划代码", "On whose side of the province line it lies") { Nullable = false }, new("crossingAdcode", Text, "过界至", "Its last vertex lies on the province line, and it goes on in this province"),
        new("crossingBasis", Text, "过界依据", "stated or inferred"), new("lengthMetres", Number, "长度（米）", "Length of the line as drawn") { Nullable = false }, AccuracyMetres, new("accuracyKind", Text, "位置类型", "How the position was got"),
        new("linkId", Text, "通道编号", "The link that it is the works of: it counts while that link does", "road_works_of({t})"), new("validFrom", Date, "起", "From (its last possible day); null where no source says: assumed present", "{t}.valid_from_latest"),
        new("validTo", Date, "止", "To (its last possible day)", "{t}.valid_to_latest"), Source, Place, .. Notes, Geometry,
    ]) { Collection = "roads", GeometryType = "LineString", BuiltOn = ["road", "link"], Relations = [ToLink, ToSource] };

    public static readonly IReadOnlyList<Layer> All = [Places, Populations, Assumptions, Roads, Lines, LineSections, Stops, Services, RunTimes, Transfers];
}
