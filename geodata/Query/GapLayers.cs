using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>What was found in the road data and kept.</summary>
public static class GapLayers
{
    public static readonly Layer Gaps = new("Gaps", "路网中的断头", "Gaps in the road data", "gap_kept", "id",
    [
        ImportLayers.Id, new("question", Text, "问题编号", "The question that it answers", "{t}.question_id") { Nullable = false }, new("gap", Text, "断头编号", "The gap, the same in every question", "{t}.gap_id") { Nullable = false },
        new("border", Text, "边界", "Across which border") { Nullable = false }, new("rank", Integer, "名次", "By what joining saves") { Nullable = false },
        new("kind", Text, "类型", "ends: two road ends face each other; end-road: an end faces a road; barred: roads meet, but something keeps cars out") { Nullable = false },
        new("nameA", Text, "一侧路名", "The road on one side, as on the map"), new("nameB", Text, "另一侧路名", "The road on the other side"),
        new("classA", Text, "一侧等级", "Its class in OpenStreetMap's words") { Nullable = false }, new("classB", Text, "另一侧等级", "Class of the other") { Nullable = false },
        new("metres", Number, "间距（米）", "The straight way, or the barred one, in metres") { Nullable = false }, new("networkMetres", Number, "绕行（米）", "By the streets there are, in metres; null where no way leads"),
        new("detour", Number, "绕行倍数", "How many times as long that is"), new("savedSeconds", Number, "平均节省（秒）", "What a trip saves in the mean, were it joined") { Nullable = false },
        new("nextRank", Integer, "接通次序", "Which next, given those before; null where that was not asked"), new("nextSavedSeconds", Number, "届时节省（秒）", "What a trip saves by it then"),
        new("angleA", Number, "一侧偏角（度）", "Degrees by which the road turns off the straight way to the other"), new("angleB", Number, "另一侧偏角（度）", "Likewise; null where the road goes on"),
        new("oneWay", Bool, "单向", "It would be driven one way alone") { Nullable = false }, new("barredBy", Text, "隔离物", "What keeps cars out, as the data write it"),
        new("datasetA", Text, "一侧数据集", "Dataset of the street on one side") { Nullable = false }, new("streetA", Text, "一侧道路编号", "Its id there") { Nullable = false },
        new("datasetB", Text, "另一侧数据集", "Dataset of the street on the other side") { Nullable = false }, new("streetB", Text, "另一侧道路编号", "Its id there") { Nullable = false },
        new("barredStreets", TextList, "被隔离道路", "Ids of the streets that are barred") { Nullable = false }, new("beside", Text, "另选", "A gap that saves more and shares an end with it: the other choice"),
        new("settings", Text, "条件", "What counted as a gap (JSON)", "{t}.settings::text") { Nullable = false }, new("computedAt", Timestamp, "计算时间", "Computed at") { Nullable = false },
        new("current", Bool, "仍有效", "The data that it rests on are still the same") { Nullable = false }, new("geometry", Geometry, "位置", "From the one road to the other", "{t}.geom") { Nullable = false },
    ]) { Collection = "gaps", GeometryType = "LineString", BuiltOn = ["gap_question", "dataset", "place"] };

    public static readonly IReadOnlyList<Layer> All = [Gaps];
}
