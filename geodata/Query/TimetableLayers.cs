using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>What GTFS feeds brought. An id is the feed's own behind the dataset's name, since feeds do not know of each other.</summary>
public static class TimetableLayers
{
    private static Column Key(string name) => new("id", Text, "编号", "Id: DATASET.ID", OfFeed(name)) { Nullable = false };

    private static string OfFeed(string name) => $"({{t}}.dataset_id || '.' || {{t}}.{name})";

    private static Column Own(string name, string zh, string en) => new(name, Text, zh, en) { Nullable = false };

    private static readonly Relation ToRoute = new("Route", "GtfsRoutes", "route", "id", Many: false), ToTrips = new("Trips", "GtfsTrips", "id", "route", Many: true);

    public static readonly Layer Stops = new("GtfsStops", "时刻表车站", "Stops of timetables", "gtfs_stop", "id",
    [
        Key("stop_id"), ImportLayers.Dataset, Own("stopId", "站编号", "stop_id of the feed"), new("stopCode", Text, "站号", "stop_code"), new("stopName", Text, "站名", "stop_name"),
        new("locationType", Integer, "类型", "location_type: 0 stop or platform, 1 station, 2 entrance, 3 node, 4 boarding area") { Nullable = false },
        new("parentStation", Text, "所属车站", "The station that it belongs to (id)", $"({{t}}.dataset_id || '.' || {{t}}.parent_station)"), new("wheelchairBoarding", Integer, "轮椅上下", "wheelchair_boarding: 0 unknown, 1 some, 2 none"), new("platformCode", Text, "站台", "platform_code"),
        new("geometry", Geometry, "位置", "Geometry", "{t}.geom"),
    ]) { Collection = "gtfs-stops", GeometryType = "Point", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset, new("Station", "GtfsStops", "parentStation", "id", Many: false)] };

    public static readonly Layer Routes = new("GtfsRoutes", "时刻表线路", "Routes of timetables", "gtfs_route", "id",
    [
        Key("route_id"), ImportLayers.Dataset, Own("routeId", "线路编号", "route_id of the feed"), new("routeShortName", Text, "线路名", "route_short_name"), new("routeLongName", Text, "线路全名", "route_long_name"),
        new("routeType", Integer, "类型", "route_type: 0 tram, 1 subway, 2 rail, 3 bus, 4 ferry …") { Nullable = false },
        new("agencyName", Text, "运营单位", "agency_name", "(select a.agency_name from gtfs_agency a where (a.dataset_id, a.agency_id) = ({t}.dataset_id, {t}.agency_id))"), new("routeColor", Text, "颜色", "route_color"),
        new("tripCount", Integer, "车次数", "How many trips it has", "(select count(*) from gtfs_trip g where (g.dataset_id, g.route_id) = ({t}.dataset_id, {t}.route_id))") { Nullable = false },
    ]) { Collection = "gtfs-routes", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset, ToTrips] };

    public static readonly Layer Trips = new("GtfsTrips", "时刻表车次", "Trips of timetables", "gtfs_trip", "id",
    [
        Key("trip_id"), ImportLayers.Dataset, Own("tripId", "车次编号", "trip_id of the feed"), new("route", Text, "线路", "Route (id)", OfFeed("route_id")) { Nullable = false }, new("calendar", Text, "日历", "Calendar (id)", OfFeed("service_id")) { Nullable = false },
        new("tripHeadsign", Text, "方向", "trip_headsign"), new("tripShortName", Text, "车次名", "trip_short_name"), new("directionId", Integer, "方向编号", "direction_id"), new("wheelchairAccessible", Integer, "轮椅", "wheelchair_accessible: 0 unknown, 1 yes, 2 no"),
        new("shape", Text, "线形", "Shape (id)", OfFeed("shape_id")),
    ]) { Collection = "gtfs-trips", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset, ToRoute, new("Calendar", "GtfsCalendars", "calendar", "id", Many: false), new("Shape", "GtfsShapes", "shape", "id", Many: false)] };

    public static readonly Layer Calendars = new("GtfsCalendars", "时刻表日历", "Calendars of timetables", "gtfs_calendar", "id",
    [
        Key("service_id"), ImportLayers.Dataset, Own("serviceId", "服务编号", "service_id of the feed"),
        .. new[] { ("monday", "周一", "Mondays"), ("tuesday", "周二", "Tuesdays"), ("wednesday", "周三", "Wednesdays"), ("thursday", "周四", "Thursdays"), ("friday", "周五", "Fridays"), ("saturday", "周六", "Saturdays"), ("sunday", "周日", "Sundays") }
            .Select(day => new Column(day.Item1, Bool, day.Item2, $"Runs on {day.Item3}") { Nullable = false }),
        new("startDate", Date, "起", "From") { Nullable = false }, new("endDate", Date, "止", "To") { Nullable = false },
        new("addedDates", TextList, "加开日", "Days on which it runs besides", Dates(1)), new("removedDates", TextList, "停开日", "Days on which it does not run", Dates(2)),
    ]) { Collection = "gtfs-calendars", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    private static string Dates(int type) => $"array(select d.date::text from gtfs_calendar_date d where (d.dataset_id, d.service_id) = ({{t}}.dataset_id, {{t}}.service_id) and d.exception_type = {type} order by 1)";

    public static readonly Layer Shapes = new("GtfsShapes", "时刻表线形", "Shapes of timetables", "gtfs_shape", "id", [Key("shape_id"), ImportLayers.Dataset, Own("shapeId", "线形编号", "shape_id of the feed"), new("geometry", Geometry, "线", "Geometry", "{t}.geom")])
    { Collection = "gtfs-shapes", GeometryType = "LineString", BuiltOn = ImportLayers.BuiltOn, Relations = [ImportLayers.ToDataset] };

    public static readonly IReadOnlyList<Layer> All = [Stops, Routes, Trips, Calendars, Shapes];
}
