using Jietong.Geodata.Query;
using Microsoft.OData.UriParser;
using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Services.OData;

/// <summary>A function of OData's expressions: what it takes and gives, what it means, and what it becomes in the engine.</summary>
/// <param name="Name">As it is written in an address; <c>jietong.</c> is the service's own namespace.</param>
/// <param name="Takes">The types of its parameters, in order.</param>
/// <param name="Gives">The type of its value.</param>
/// <param name="Lower">The engine's expression for it.</param>
/// <param name="TitleZh">What it tells, in Chinese.</param>
/// <param name="TitleEn">The same in English, with unit and range.</param>
/// <param name="Example">A filter that uses it on Links.</param>
internal sealed record ODataFunction(string Name, ColumnType[] Takes, ColumnType Gives, Func<Expression[], Expression> Lower, string TitleZh, string TitleEn, string Example)
{
    /// <summary>What makes it fast or slow; null where it costs one look at each row.</summary>
    public string? Cost { get; init; }

    /// <summary>Whether ODL knows this signature by itself.</summary>
    public bool IsBuiltIn { get; init; }

    private const string Indexed = "用空间索引。 Uses the spatial index.", EachRow = "对其他条件留下的每行计算。 Computed for each row that the other conditions leave.";
    private const string Point = "geography'SRID=4326;POINT(121.09 31.30)'", Box = "geography'SRID=4326;POLYGON((121 31,121.2 31,121.2 31.4,121 31.4,121 31))'";

    /// <summary>All that may be called. Texts count characters from 0; days and times are in UTC; metres are on the WGS 84 spheroid; relations are those of OGC simple features in the plane of longitude and latitude.</summary>
    public static readonly IReadOnlyList<ODataFunction> All =
    [
        BuiltIn("contains", [Text, Text], Bool, a => new Like(a[0], TextMatch.Contains, a[1]), "文字包含", "Whether the first text holds the second, as it stands", "contains(nameZh,'路')"),
        BuiltIn("startswith", [Text, Text], Bool, a => new Like(a[0], TextMatch.StartsWith, a[1]), "文字以…开头", "Whether it begins with it", "startswith(id,'s1')"),
        BuiltIn("endswith", [Text, Text], Bool, a => new Like(a[0], TextMatch.EndsWith, a[1]), "文字以…结尾", "Whether it ends with it", "endswith(nameZh,'路')"),
        new("matchesPattern", [Text, Text], Bool, Engine("matches"), "匹配正则表达式", "Whether a part of the text matches a regular expression (PostgreSQL's, which is close to ECMAScript's)", "matchesPattern(id,'^s[0-9]+-')"),
        BuiltIn("length", [Text], Integer, Engine("length"), "字数", "Number of characters", "length(nameZh) gt 6"),
        BuiltIn("indexof", [Text, Text], Integer, Engine("indexOf"), "位置", "Where the second text begins in the first, from 0; −1: nowhere", "indexof(nameZh,'路') ge 0"),
        BuiltIn("substring", [Text, Integer], Text, Engine("substring"), "子串", "The text from a position on; a third parameter bounds its length", "substring(id,0,2) eq 's1'"),
        BuiltIn("tolower", [Text], Text, Engine("toLower"), "小写", "In lower case", "tolower(nameEn) eq 'road'"),
        BuiltIn("toupper", [Text], Text, Engine("toUpper"), "大写", "In upper case", "toupper(kind) eq 'ROAD'"),
        BuiltIn("trim", [Text], Text, Engine("trim"), "去空格", "Without blanks at both ends", "trim(nameZh) eq nameZh"),
        BuiltIn("concat", [Text, Text], Text, Engine("concat"), "连接", "Both texts, one after the other", "concat(kind,nature) eq 'roadmissing'"),
        BuiltIn("year", [Date], Integer, Engine("year"), "年", "Year of a date or an instant", "year(statedOn) lt 2020"),
        BuiltIn("month", [Date], Integer, Engine("month"), "月", "Month, 1 to 12", "month(statedOn) eq 6"),
        BuiltIn("day", [Date], Integer, Engine("day"), "日", "Day of the month, 1 to 31", "day(statedOn) eq 29"),
        BuiltIn("hour", [Timestamp], Integer, Engine("hour"), "时", "Hour, 0 to 23", "Attestations/any(a:hour(a/recordedAt) ge 0)"),
        BuiltIn("minute", [Timestamp], Integer, Engine("minute"), "分", "Minute, 0 to 59", "Attestations/any(a:minute(a/recordedAt) ge 0)"),
        BuiltIn("second", [Timestamp], Integer, Engine("second"), "秒", "Whole second, 0 to 59", "Attestations/any(a:second(a/recordedAt) ge 0)"),
        BuiltIn("fractionalseconds", [Timestamp], Number, Engine("fractionalSeconds"), "秒的小数", "Part of a second, 0 to below 1", "Attestations/any(a:fractionalseconds(a/recordedAt) lt 1)"),
        BuiltIn("date", [Timestamp], Date, Engine("date"), "日期", "The day of an instant", "Attestations/any(a:date(a/recordedAt) ge 2020-01-01)"),
        BuiltIn("now", [], Timestamp, Engine("now"), "现在", "The instant at which the question is answered", "Attestations/any(a:a/recordedAt le now())"),
        BuiltIn("round", [Number], Number, Engine("round"), "四舍五入", "To the nearest whole number, halves away from 0", "round(lengthMetres) ge 1000"),
        BuiltIn("floor", [Number], Number, Engine("floor"), "下取整", "The next whole number down", "floor(lengthMetres) ge 1000"),
        BuiltIn("ceiling", [Number], Number, Engine("ceiling"), "上取整", "The next whole number up", "ceiling(lengthMetres) ge 1000"),
        new("geo.distance", [Geometry, Geometry], Number, a => new Distance(a[0], a[1]), "距离（米）", "Shortest distance in metres", $"geo.distance(geometry,{Point}) lt 5000")
            { Cost = "lt、le 用空间索引；筛选要求有几何时，升序排序也用（按球面距离，差不到0.6%）；其余逐行计算。 lt and le use the spatial index; so does $orderby with the smallest first, by the distance on the sphere (within 0.6 %), where the filter requires a geometry. Else computed for each row." },
        new("geo.length", [Geometry], Number, a => new Length(a[0]), "长度（米）", "Length in metres; 0 for points and areas", "geo.length(geometry) gt 1000") { Cost = EachRow },
        Relation("geo.intersects", SpatialRelation.Intersects, "相交", "Whether they share a point"),
        Relation("jietong.within", SpatialRelation.Within, "在…之内", "Whether the first lies in the second"),
        new("jietong.contains", [Geometry, Geometry], Bool, a => new Spatial(SpatialRelation.Contains, a[0], a[1]), "包含", "Whether the second lies in the first", $"jietong.contains({Box},geometry)") { Cost = Indexed },
        new("jietong.crosses", [Geometry, Geometry], Bool, a => new Spatial(SpatialRelation.Crosses, a[0], a[1]), "穿越", "Whether a line leads through an area, or across another line", $"jietong.crosses(geometry,{Box})") { Cost = Indexed },
        Relation("jietong.touches", SpatialRelation.Touches, "相接", "Whether they share points of their borders only"),
        new("jietong.disjoint", [Geometry, Geometry], Bool, a => new Spatial(SpatialRelation.Disjoint, a[0], a[1]), "相离", "Whether they share no point", $"jietong.disjoint(geometry,{Box})") { Cost = EachRow },
        new("jietong.dwithin", [Geometry, Geometry, Number], Bool, Engine("withinDistance"), "在…米之内", "Whether they are at most so many metres apart", $"jietong.dwithin(geometry,{Point},5000)") { Cost = Indexed },
        new("jietong.area", [Geometry], Number, Engine("area"), "面积（平方米）", "Area in square metres; 0 for points and lines", $"jietong.area(jietong.buffer(geometry,100)) gt 30000") { Cost = EachRow },
        new("jietong.bearing", [Geometry, Geometry], Number, Engine("bearing"), "方位角（度）", "Degrees clockwise from north, from the middle of the first to that of the second; null where both are one point", $"jietong.bearing({Point},geometry) lt 180") { Cost = EachRow },
        new("jietong.centroid", [Geometry], Geometry, Engine("centroid"), "重心", "The middle", $"geo.distance(jietong.centroid(geometry),{Point}) lt 5000") { Cost = EachRow },
        new("jietong.buffer", [Geometry, Number], Geometry, Engine("buffer"), "缓冲区", "The area within so many metres (a polygon of 32 corners about a point)", $"jietong.within(jietong.buffer(geometry,50),{Box})") { Cost = EachRow },
    ];

    private static ODataFunction BuiltIn(string name, ColumnType[] takes, ColumnType gives, Func<Expression[], Expression> lower, string zh, string en, string example) => new(name, takes, gives, lower, zh, en, example) { IsBuiltIn = true };

    private static ODataFunction Relation(string name, SpatialRelation relation, string zh, string en) =>
        new(name, [Geometry, Geometry], Bool, a => new Spatial(relation, a[0], a[1]), zh, en, $"{name}(geometry,{Box})") { Cost = Indexed };

    private static Func<Expression[], Expression> Engine(string function) => a => new Call(Function.Of(function, a.Length), a);

    /// <summary>Makes those known that ODL does not know by itself: its own spatial signatures are of points and polygons only, and a link is a line or a point. The registration is global to the process.</summary>
    public static void Register()
    {
        foreach (var function in All.Where(f => !f.IsBuiltIn))
            CustomUriFunctions.AddCustomUriFunction(function.Name, new(Edm(function.Gives), [.. function.Takes.Select(Edm)]));
    }

    private static Microsoft.OData.Edm.IEdmTypeReference Edm(ColumnType type) => ODataModel.TypeOf(type, nullable: true);
}
