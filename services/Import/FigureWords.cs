using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Jietong.Services.Import;

/// <summary>How the figures of an import are called at the terminal: Chinese first; the English is the name that programs read, in words.</summary>
internal static partial class FigureWords
{
    private static readonly Dictionary<string, string> Chinese = new()
    {
        ["timestamp"] = "数据时间", ["nodes"] = "节点", ["ways"] = "路线（way）", ["relations"] = "关系", ["roads"] = "道路", ["roadsNotBuilt"] = "未建成道路", ["roadsWithConditions"] = "有分时段规定的道路", ["waysCutAtMissingNodes"] = "在缺失节点处截断", ["waysWithoutNodes"] = "节点全缺",
        ["junctionsBeforeJoining"] = "合并前路口", ["junctions"] = "路口", ["piecesBeforeJoining"] = "合并前路段", ["streets"] = "路段", ["carArcs"] = "机动车弧", ["cycleArcs"] = "自行车弧", ["footArcs"] = "步行弧",
        ["islands"] = "连通片", ["junctionsOfLargestIsland"] = "最大片路口", ["junctionsOfNextIslands"] = "其后各片路口", ["turns"] = "转向限制", ["turnsUnresolved"] = "未用的转向限制", ["barriers"] = "路障", ["deadEnds"] = "断头",
        ["readSeconds"] = "读取秒数", ["seconds"] = "总秒数", ["peakMegabytes"] = "内存峰值 MB", ["feedVersion"] = "版本", ["timezone"] = "时区", ["stops"] = "站点", ["routes"] = "线路", ["routesByType"] = "按类型", ["trips"] = "班次",
        ["stopTimes"] = "到发时刻", ["interpolatedTimes"] = "内插时刻", ["frequencies"] = "发车间隔", ["transfers"] = "换乘", ["shapes"] = "线形", ["firstServiceDay"] = "首个服务日", ["lastServiceDay"] = "末个服务日",
        ["positionsCompared"] = "比对的位置", ["medianDistanceMetres"] = "中位差（米）", ["features"] = "要素", ["rows"] = "行", ["opportunities"] = "机会点", ["withoutGeometry"] = "无几何", ["counts"] = "计数列",
        ["controlPoints"] = "控制点", ["invalidAreas"] = "自相交的面", ["controlRmsMetres"] = "中误差（米）", ["controlResidualsMetres"] = "各点残差（米）",
    };

    /// <summary>One figure with its name; nothing where there is none of it.</summary>
    public static string? Line(string name, object? value) => value switch
    {
        null or "" or 0 or 0L => null,
        ICollection { Count: 0 } => null,
        _ => $"{(Chinese.TryGetValue(name, out var zh) ? zh + " " : "")}{Capital().Replace(name, m => " " + m.Value.ToLowerInvariant())}: {Text(value)}",
    };

    private static string Text(object value) => value switch
    {
        string text => text,
        IDictionary pairs => string.Join(", ", pairs.Keys.Cast<object>().Select(k => $"{k} {Text(pairs[k]!)}")),
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Text)),
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    [GeneratedRegex("[A-Z]")] private static partial Regex Capital();
}
