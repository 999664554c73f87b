namespace Jietong.Services;

/// <summary>How the codes of the register are called: Chinese first, English beside it.</summary>
public static class Words
{
    private static readonly Dictionary<string, string> Chinese = new()
    {
        // state
        ["open"] = "已通", ["not_open"] = "未通", ["unverified"] = "待核实", ["cancelled"] = "取消",
        // stage
        ["proposed"] = "谋划", ["approved"] = "立项", ["feasibility"] = "工可", ["design"] = "设计", ["land"] = "征拆", ["tender"] = "招标",
        ["under_construction"] = "在建", ["structure_complete"] = "主体完工", ["handed_over"] = "交工", ["accepted"] = "竣工验收",
        ["suspended"] = "停工", ["closed"] = "临时封闭",
        // kind
        ["road"] = "道路", ["metro"] = "地铁", ["rail"] = "铁路", ["brt"] = "快速公交", ["bus"] = "公交", ["footbridge"] = "人行桥", ["waterway"] = "航道",
        ["unspecified"] = "未说明",
        // nature
        ["missing"] = "断头", ["bottleneck"] = "瓶颈", ["blocked"] = "硬隔离", ["service"] = "服务", ["study"] = "研究",
        // basis
        ["stated"] = "直述", ["reported"] = "转述", ["inferred"] = "推断",
        // grade
        ["GOV"] = "政府", ["STATE"] = "官方媒体", ["COPY"] = "转载", ["SEC"] = "二手", ["DATA"] = "数据集",
        // verdict, claim
        ["agree"] = "一致", ["contradict"] = "矛盾", ["undecided"] = "无法判定", ["fact"] = "事实", ["promise"] = "承诺",
        // position
        ["surveyed"] = "实测", ["mapped"] = "图上读取", ["digitised"] = "图上量取", ["estimated"] = "估计范围",
        // design values
        ["lengthMetres"] = "长度 m", ["widthMetres"] = "宽度 m", ["lanes"] = "车道", ["designSpeedKmh"] = "设计速度 km/h", ["roadClass"] = "技术等级",
        ["costYuan"] = "造价 元", ["riseMetres"] = "矢高 m", ["stations"] = "车站",
        ["motorway"] = "高速公路", ["class1"] = "一级公路", ["class2"] = "二级公路", ["class3"] = "三级公路", ["class4"] = "四级公路",
        ["urban_expressway"] = "快速路", ["urban_trunk"] = "主干路", ["urban_secondary"] = "次干路", ["urban_branch"] = "支路",
        ["lead"] = "牵头", ["supporting"] = "配合",
        // keys
        ["reader"] = "只读", ["editor"] = "可写",
        // models
        ["car"] = "小汽车", ["transit"] = "步行与公共交通", ["equal"] = "各地点等权", ["town"] = "镇点等权（车站不计）", ["county"] = "县级人口均分到镇点",
    };

    public static string Zh(string? code) => code is null ? "" : Chinese.GetValueOrDefault(code, code);

    /// <summary><c>未通 not open</c>.</summary>
    public static string Both(string? code) => code is null ? "" : Chinese.TryGetValue(code, out var zh) ? $"{zh} {code.Replace('_', ' ')}" : code;
}
