using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>What was brought in by imports.</summary>
public static class ImportLayers
{
    internal static readonly Column Id = new("id", Text, "编号", "Id") { Nullable = false };

    internal static readonly Column Dataset = new("dataset", Text, "数据集", "Dataset id", "{t}.dataset_id") { Nullable = false };

    internal static readonly Relation ToDataset = new("Dataset", "Datasets", "dataset", "id", Many: false);

    /// <summary>Rows of imports change only together with their dataset.</summary>
    internal static readonly IReadOnlyList<string> BuiltOn = ["dataset"];

    public static readonly Layer Datasets = new("Datasets", "数据集", "Imported datasets", "dataset", "id",
    [
        Id, new("layer", Text, "图层", "streets, timetable, opportunities or features") { Nullable = false }, new("format", Text, "格式", "Format of the file") { Nullable = false },
        new("fileName", Text, "文件名", "Name of the file") { Nullable = false }, new("fileBytes", Integer, "字节数", "Its size in bytes") { Nullable = false }, new("fileHash", Text, "文件 SHA-256", "SHA-256 of the file") { Nullable = false },
        new("settings", Text, "读取设置", "How it was read: datum, reference system, encoding (JSON)", "{t}.settings::text") { Nullable = false }, new("figures", Text, "统计", "What was counted (JSON)", "{t}.figures::text") { Nullable = false },
        new("source", Text, "来源", "Source id", "{t}.source_id") { Nullable = false },
        new("recordedAt", Timestamp, "导入时间", "Imported at") { Nullable = false },
    ]) { Collection = "datasets", BuiltOn = BuiltOn, Relations = [new("Source", "Sources", "source", "id", Many: false)] };

    private static readonly Column Key = Id with { Sql = "({t}.dataset_id || '.' || {t}.id)" };

    /// <summary>Properties that name a row, in the words of those who make such files.</summary>
    internal static readonly IReadOnlyList<string> NameProperties = ["name", "名称", "nameZh", "NAME", "Name", "name_zh", "站名", "路名", "道路名称", "地名"];

    /// <summary>SQL for the name of a row of features.</summary>
    internal static string FeatureName(string row) => $"coalesce({string.Join(", ", NameProperties.Select(p => $"{row}.properties ->> '{p}'"))})";

    /// <summary>Rows of GIS files, of whichever geometry.</summary>
    public static readonly Layer Features = new("Features", "导入要素", "Imported features", "feature", "id",
    [
        Key, Dataset, new("name", Text, "名称", "Name, where a property gives it", FeatureName("{t}")), new("properties", Text, "属性", "All properties (JSON)", "{t}.properties::text") { Nullable = false },
        new("geometry", Geometry, "图形", "Geometry; null where the file has none", "{t}.geom"),
    ]) { Collection = "features", BuiltOn = BuiltOn, Relations = [ToDataset] };

    /// <summary>The same as GIS clients load them: a type of geometry each. Points that belong together as one feature are in none of them.</summary>
    public static readonly IReadOnlyList<Layer> FeatureCollections =
    [
        OfType("FeaturePoints", "feature-points", "Point", "导入要素（点）", "Imported features, points"), OfType("FeatureLines", "feature-lines", "MultiLineString", "导入要素（线）", "Imported features, lines"),
        OfType("FeaturePolygons", "feature-polygons", "MultiPolygon", "导入要素（面）", "Imported features, areas"),
    ];

    private static Layer OfType(string name, string collection, string type, string titleZh, string titleEn) =>
        Features with { Name = name, Collection = collection, GeometryType = type, TitleZh = titleZh, TitleEn = titleEn, Where = $"GeometryType({{t}}.geom) = '{type.ToUpperInvariant()}'" };

    public static readonly Layer Opportunities = new("Opportunities", "机会点", "Opportunities: people, jobs, schools … to be reached", "opportunity", "id",
        [Key, Dataset, new("counts", Text, "数量", "Counts by name (JSON)", "{t}.counts::text") { Nullable = false }, new("geometry", Geometry, "位置", "A point in it", "{t}.point")])
    { Collection = "opportunities", GeometryType = "Point", BuiltOn = BuiltOn, Relations = [ToDataset] };

    public static readonly IReadOnlyList<Layer> All = [Datasets, .. StreetLayers.All, .. TimetableLayers.All, Features, Opportunities];
}
