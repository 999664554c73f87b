using System.Globalization;
using System.Text.Json;
using Jietong.Geodata.Imports.Osm;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>What the columns of a bureau's road layer say, in the tags that streets are made of.</summary>
internal static class RoadColumns
{
    private static readonly string[] Classes = ["highway", "class", "fclass", "roadclass", "road_class", "道路等级", "公路等级", "技术等级", "道路类型", "类别", "等级", "行政等级"],
        Names = ["name", "路名", "道路名称", "名称", "道路名", "name_zh", "namezh"], References = ["ref", "路线编号", "路线编码", "编码", "国道编号", "道路编号"], Oneways = ["oneway", "单行", "单向", "是否单行", "单行线", "通行方向", "direction"],
        Speeds = ["maxspeed", "限速", "设计速度", "设计车速", "最高限速", "speed"], Widths = ["maxwidth", "限宽"];

    /// <summary>
    /// Words of JTG B01—2014 (技术等级), CJJ 37—2012 (城市道路), and of who keeps a road (行政等级), by the class of like speed. Where a road has two of them, the technical one says more.
    /// </summary>
    private static readonly Dictionary<string, string> Highways = new()
    {
        ["高速公路"] = "motorway", ["高速"] = "motorway", ["快速路"] = "trunk", ["城市快速路"] = "trunk", ["匝道"] = "motorway_link", ["互通"] = "motorway_link",
        ["一级公路"] = "trunk", ["一级"] = "trunk", ["二级公路"] = "primary", ["二级"] = "primary", ["三级公路"] = "tertiary", ["三级"] = "tertiary", ["四级公路"] = "unclassified", ["四级"] = "unclassified", ["等外公路"] = "unclassified", ["等外"] = "unclassified",
        ["主干路"] = "primary", ["主干道"] = "primary", ["次干路"] = "secondary", ["次干道"] = "secondary", ["支路"] = "residential", ["支道"] = "residential",
        ["国道"] = "trunk", ["省道"] = "primary", ["县道"] = "secondary", ["乡道"] = "tertiary", ["村道"] = "unclassified", ["专用公路"] = "unclassified",
        ["街巷"] = "residential", ["小区道路"] = "service", ["内部道路"] = "service", ["步行街"] = "pedestrian", ["人行道"] = "footway", ["人行天桥"] = "footway", ["自行车道"] = "cycleway", ["非机动车道"] = "cycleway", ["机耕路"] = "track",
    };

    private const string Known = "Known are 高速公路, 快速路, 一级公路 … 四级公路, 主干路, 次干路, 支路, 国道, 省道, 县道, 乡道, 村道, and the values of OpenStreetMap's key highway.";

    private static readonly string[] OwnWidths = ["width", "road_width", "宽度", "路宽", "道路宽度", "路面宽度", "路面宽", "路幅宽度"];

    /// <summary>Says which columns of a file nothing is read from; null where there are none.</summary>
    /// <param name="columns">The file's.</param>
    /// <param name="id">What features are known by, which may be one of them: column 编号.</param>
    public static ImportNote? Unread(string[] columns, string? id)
    {
        var unread = columns.Except([.. Classes, .. Names, .. References, .. Oneways, .. Speeds, .. Widths], StringComparer.OrdinalIgnoreCase).Where(c => id != $"column {c}").ToList();
        if (unread.Count == 0) return null;
        var (names, width) = (InputException.Short(string.Join(", ", unread), 400), unread.FirstOrDefault(c => OwnWidths.Contains(c, StringComparer.OrdinalIgnoreCase)));
        return new($"未读取的列：{names}。{(width is null ? "" : $"“{width}”是道路自身的宽度，不是通行限制；限制请用列名 限宽。")}",
            $"Columns that nothing is read from: {names}.{(width is null ? "" : $" \"{width}\" is how wide a road is and bars nobody; a limit stands in a column maxwidth.")}");
    }

    /// <exception cref="BadValueException">A value that says nothing.</exception>
    public static OsmTags Of(JsonElement properties)
    {
        var tags = new List<(string, string)>();
        void Add(string key, string? value) { if (value is not null) tags.Add((key, value)); }
        var (field, said) = Find(properties, Classes);
        if (said is "轮渡" or "渡口" or "ferry") Add("route", "ferry");
        else Add("highway", said is null ? "road" : Highways.GetValueOrDefault(said) ?? (OsmClass.NameOf(new([("highway", said)])) is { } highway ? highway : throw new BadValueException(field, said, "is no class of road that is known.", Known)));
        if (said is "快速路" or "城市快速路") Add("motorroad", "yes");
        Add("name", Find(properties, Names).Value);
        Add("ref", Find(properties, References).Value);
        Add("oneway", Oneway(Find(properties, Oneways)));
        Add("maxspeed", Number(Find(properties, Speeds), 3, 200, "km/h"));
        Add("maxwidth", Number(Find(properties, Widths), 0.5, 50, "m"));
        return new([.. tags]);
    }

    private static (string Field, string? Value) Find(JsonElement properties, string[] names)
    {
        foreach (var name in names)
            foreach (var property in properties.EnumerateObject())
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && property.Value.ToString().Trim() is { Length: > 0 } value) return (property.Name, value);
        return ("", null);
    }

    private static string? Oneway((string Field, string? Value) said) => said.Value?.ToUpperInvariant() switch
    {
        null or "NO" or "0" or "FALSE" or "否" or "双向" or "双行" or "B" or "N" or "F/T" => null,
        "YES" or "1" or "TRUE" or "是" or "单向" or "单行" or "顺向" or "FT" or "F" or "Y" or "T" => "yes",
        "-1" or "REVERSE" or "逆向" or "反向" or "TF" => "-1",
        _ => throw new BadValueException(said.Field, said.Value, "does not say in which direction one drives.", "Write 是 or 1 (as drawn), 逆向 or -1 (against it), 否 or 0 (both ways), or leave it empty."),
    };

    private static string? Number((string Field, string? Value) said, double least, double most, string unit)
    {
        if (said.Value is null or "0") return null;
        var text = said.Value.Replace("km/h", "", StringComparison.OrdinalIgnoreCase).Replace("公里/小时", "", StringComparison.Ordinal).TrimEnd('m', '米', ' ');
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? Math.Round(value, 2).ToString(CultureInfo.InvariantCulture)
            : throw new BadValueException(said.Field, said.Value, string.Create(CultureInfo.InvariantCulture, $"is no number from {least} to {most} {unit}."), "Correct it, or leave it empty.");
    }
}
