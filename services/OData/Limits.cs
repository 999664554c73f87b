using Jietong.Geodata.Query;
using Microsoft.Spatial;

namespace Jietong.Services.OData;

/// <summary>What one request may ask for. The same bounds hold in <c>$batch</c>, in <c>$apply</c> and inside <c>$expand</c>; what exceeds one is refused with its name, never cut silently.</summary>
internal static class Limits
{
    /// <summary>Bytes of a request's body, and of its first line.</summary>
    public const int MostBodyBytes = 1 << 20, MostAddressBytes = 64 * 1024;

    /// <summary>Rows of an answer, and of one in a batch; more come by <c>@odata.nextLink</c>.</summary>
    public const int MostRows = 10_000, MostRowsInBatch = 1_000;

    /// <summary>How deep <c>$expand</c> goes, and how many relations are expanded in all.</summary>
    public const int DeepestExpand = 4, MostExpands = 24;

    /// <summary>Steps of <c>$apply</c> and aliases of one <c>$compute</c>.</summary>
    public const int MostSteps = 16, MostComputed = 32;

    /// <summary>Vertices of one literal.</summary>
    public const int MostVertices = 5_000;

    /// <summary>Requests of one batch.</summary>
    public const int MostParts = 100;

    /// <summary>Addresses whose meaning is remembered, and how long one may be for that.</summary>
    public const int MostRemembered = 1_000, MostRememberedLength = 4_000;

    /// <summary>Seconds that the database may take for a statement.</summary>
    public static int StatementSeconds => (int)new Query(Catalogue.Sources).TimeLimit.TotalSeconds;

    /// <summary>All of them, as the documentation lists them.</summary>
    public static readonly IReadOnlyList<(string Zh, string En, long Value, string Beyond)> All =
    [
        ("请求体字节", "Bytes of a request's body", MostBodyBytes, "413"),
        ("请求行字节（地址）", "Bytes of the request line (the address); longer questions go to …/$query in a body", MostAddressBytes, "414"),
        ("每页行数", "Rows of one answer; the next ones by @odata.nextLink; fewer by Prefer: maxpagesize", MostRows, "next link"),
        ("批处理中每页行数", "Rows of one answer inside $batch", MostRowsInBatch, "next link"),
        ("展开列表行数", "Rows of one expanded list, unless $top says which", Expand.MostRows, "400"),
        ("展开层数", "Depth of $expand", DeepestExpand, "400"), ("展开关系数", "Relations expanded in one request", MostExpands, "400"),
        ("$apply 步数", "Steps of $apply", MostSteps, "400"), ("$compute 别名数", "Aliases of one $compute", MostComputed, "400"),
        ("表达式节点", "Parts of all expressions of a request together", SqlWriter.MostParts, "400"), ("表达式嵌套", "Depth of an expression", SqlWriter.DeepestNesting, "400"),
        ("几何顶点", "Vertices of a geometry literal", MostVertices, "400"),
        ("批处理请求数", "Requests of one $batch", MostParts, "400"),
        ("语句秒数", "Seconds that the database works on one statement; it stops at once when the client leaves", StatementSeconds, "504"),
    ];

    public static IEnumerable<GeographyPoint> Vertices(Geography geography) => geography switch
    {
        GeographyPoint { IsEmpty: false } point => [point],
        GeographyLineString line => line.Points,
        GeographyPolygon polygon => polygon.Rings.SelectMany(r => r.Points),
        GeographyCollection many => many.Geographies.SelectMany(Vertices),
        _ => [],
    };
}
