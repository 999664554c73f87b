using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>What each link brings, as computed and kept for one state of the data.</summary>
public static class GainLayers
{
    private static readonly Column Id = new("id", Text, "编号", "Id") { Nullable = false };
    private static readonly Column LinkId = new("linkId", Text, "通道编号", "Link id") { Nullable = false };
    private static readonly Relation ToLink = new("Link", "Links", "linkId", "id", Many: false);

    private static readonly Column[] LegColumns =
    [
        new("kind", Text, "方式", "car, road, connector, link, walk, boarding, ride, transfer, bus"), new("nameZh", Text, "名称", "Name (Chinese)"), new("nameEn", Text, "英文名", "Name"),
        new("linkId", Text, "通道编号", "Link id, where the leg is on a link"), new("fromZh", Text, "自", "From (Chinese)"), new("fromEn", Text, "英文自", "From"),
        new("toZh", Text, "至", "To (Chinese)"), new("toEn", Text, "英文至", "To"), new("minutes", Number, "分钟", "Minutes on the way"), new("waitMinutes", Number, "候车分钟", "Minutes waited before"),
    ];

    public static readonly Layer Gains = new("LinkGains", "通道效益", "Gains of links", "gain_as_of", "id",
    [
        Id, LinkId, new("nameZh", Text, "名称", "Name (Chinese)") { Nullable = false }, new("nameEn", Text, "英文名", "Name (English)") { Nullable = false },
        new("mode", Text, "方式", "Mode: car or transit") { Nullable = false }, new("weights", Text, "权重", "Weights of places: equal or county") { Nullable = false },
        new("state", Text, "状态", "State of the link") { Nullable = false }, new("patch", Text, "比较", "open: what opening it would bring; close: what would be lost without it") { Nullable = false },
        new("evaluated", Bool, "已评估", "Evaluated") { Nullable = false }, new("reasonZh", Text, "未评估原因", "Why not (Chinese)"), new("reasonEn", Text, "英文原因", "Why not"),
        new("gainMinutes", Number, "平均节省（分钟）", "Mean minutes saved over pairs that can be travelled with and without it"),
        new("lowMinutes", Number, "下限（分钟）", "Low end of its range"), new("highMinutes", Number, "上限（分钟）", "High end of its range"),
        new("distinguishable", Bool, "可区分", "Its range does not touch 0"), new("sketch", Bool, "示意", "Rests on connectors: a sketch") { Nullable = false },
        new("inData", Bool, "数据中已有", "Its works are in the network data") { Nullable = false },
        new("meanMinutesBefore", Number, "无此通道平均（分钟）", "Weighted mean travel time without it"), new("meanMinutesAfter", Number, "有此通道平均（分钟）", "Weighted mean travel time with it"),
        new("pairsCompared", Integer, "可比地点对", "Ordered pairs that can be travelled with and without it"), new("pairsFaster", Integer, "变快地点对", "Of them, faster with it"),
        new("acrossShare", Number, "跨省界占比", "Part of the minutes saved that lies on pairs with one place on each side of the province line, 0 to 1"), new("pairsAcross", Integer, "跨省界变化对", "Pairs across the line that change"),
        new("pairsJoined", Integer, "新连通地点对", "Pairs that can be travelled only with it"), new("positionMetres", Number, "位置半径（米）", "Radius of its position taken into the range; 0: its works are in the data"),
        new("horizonMinutes", Number, "封顶（分钟）", "For what follows, longer times, and no path, count as this: only so do parts sum to a whole"),
        new("togetherMinutes", Number, "合计节省（分钟）", "What all its like bring together: all links that are not open and could be evaluated; of an open one, all that are open"),
        new("aloneMinutes", Number, "单独（分钟）", "What it brings alone, none of its like being there"), new("lastInMinutes", Number, "最后接通（分钟）", "What it brings when all its like are there already"),
        new("shareMinutes", Number, "分摊（分钟）", "Its share (Shapley value) of togetherMinutes, to which all shares sum: an attribution within the model, not a cause in the world"),
        new("shareErrorMinutes", Number, "分摊标准误（分钟）", "Standard error of the share, estimated from orders drawn by chance; 0: exact"),
        new("nextRank", Integer, "接通次序", "Which next, given those before: always the one that saves most then; null of an open link, and of one that saves nothing then"), new("nextMinutes", Number, "届时节省（分钟）", "What it saves then"),
        new("asOf", Date, "基准日", "As of", "{t}.as_of_day") { Nullable = false }, new("knownBy", Date, "所知截至", "Known by", "{t}.known_by_day") { Nullable = false },
        new("geometry", Geometry, "位置", "Position of the link; null for a pure service", "{t}.point"),
    ])
    { Collection = "gains", GeometryType = "Point", Time = TimeArguments.AsOfAndKnownBy, Relations = [ToLink, new("Pairs", "GainPairs", "id", "gainId", true), new("Synergies", "GainSynergies", "id", "gainId", true)] };

    public static readonly Layer GainPairs = new("GainPairs", "最受益地点对", "Most helped pairs", "gain_pair_as_of", "id",
    [
        Id, new("gainId", Text, "效益编号", "Gain id") { Nullable = false }, LinkId, new("rank", Integer, "名次", "Rank: newly joined pairs first, then by minutes saved") { Nullable = false },
        new("fromPlace", Text, "起点编号", "From (place id)") { Nullable = false }, new("toPlace", Text, "终点编号", "To (place id)") { Nullable = false },
        new("fromZh", Text, "起点", "From (Chinese)") { Nullable = false }, new("fromEn", Text, "英文起点", "From") { Nullable = false },
        new("toZh", Text, "终点", "To (Chinese)") { Nullable = false }, new("toEn", Text, "英文终点", "To") { Nullable = false },
        new("minutesBefore", Number, "无此通道（分钟）", "Minutes without it; null: no path"), new("minutesAfter", Number, "有此通道（分钟）", "Minutes with it"),
        new("share", Number, "使用份额", "How often the link is travelled on the way"),
        new("routeBefore", Json, "无此通道路线", "Route without it", "coalesce({t}.route_before, '[]')") { Nullable = false, Members = LegColumns },
        new("routeAfter", Json, "有此通道路线", "Route with it", "coalesce({t}.route_after, '[]')") { Nullable = false, Members = LegColumns },
    ]) { Collection = "gain-pairs", Time = TimeArguments.AsOfAndKnownBy, Relations = [new("Gain", "LinkGains", "gainId", "id", false), ToLink] };

    public static readonly Layer GainSynergies = new("GainSynergies", "通道之间的配合", "How links go together", "gain_synergy_as_of", "id",
    [
        Id, new("gainId", Text, "效益编号", "Gain id") { Nullable = false }, LinkId, new("otherLinkId", Text, "另一通道编号", "The other link") { Nullable = false },
        new("otherZh", Text, "另一通道", "The other link's name (Chinese)") { Nullable = false }, new("otherEn", Text, "另一通道英文名", "The other link's name") { Nullable = false },
        new("synergyMinutes", Number, "配合（分钟）", "What both bring beyond what each brings alone, of all their like: above 0 they complete each other, below they replace each other; pairs of 0 have no row") { Nullable = false },
    ]) { Collection = "gain-synergies", Time = TimeArguments.AsOfAndKnownBy, Relations = [new("Gain", "LinkGains", "gainId", "id", false), ToLink] };

    public static readonly IReadOnlyList<Layer> All = [Gains, GainPairs, GainSynergies];
}
