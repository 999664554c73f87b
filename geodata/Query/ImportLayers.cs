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

    public static readonly IReadOnlyList<Layer> All = [Datasets, .. StreetLayers.All];
}
