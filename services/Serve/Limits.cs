using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Services.Downloads;
using Jietong.Services.Features;
using Jietong.Services.Import;
using Jietong.Services.Reach;
using Jietong.Services.Tiles;
using Jietong.Services.Wfs;

namespace Jietong.Services.Serve;

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
        ("每页行数", "Rows of one answer of OData; the next ones by @odata.nextLink; fewer by Prefer: maxpagesize", MostRows, "next link"),
        ("每页要素数", "Features of a page of items; the next ones by the link next", FeaturesRequest.LargestLimit, "next link"),
        ("批处理中每页行数", "Rows of one answer inside $batch", MostRowsInBatch, "next link"),
        ("展开列表行数", "Rows of one expanded list, unless $top says which", Expand.MostRows, "400"),
        ("展开层数", "Depth of $expand", DeepestExpand, "400"), ("展开关系数", "Relations expanded in one request", MostExpands, "400"),
        ("$apply 步数", "Steps of $apply", MostSteps, "400"), ("$compute 别名数", "Aliases of one $compute", MostComputed, "400"),
        ("表达式节点", "Parts of all expressions of a request together", SqlWriter.MostParts, "400"), ("表达式嵌套", "Depth of an expression", SqlWriter.DeepestNesting, "400"),
        ("几何顶点", "Vertices of a geometry literal", MostVertices, "400"),
        ("CQL2 字符", "Characters of a filter in CQL2", Cql2Filter.MostCharacters, "400"), ("CQL2 列表值", "Values of a list in CQL2", Cql2Filter.MostListed, "400"),
        ("瓦片要素", "Features of a layer in one tile; the header Jietong-Thinned says what is left out", TileRules.MostFeatures, "header"), ("瓦片级别", "Deepest zoom of tiles", TileRules.MaxZoom, "404"),
        ("下载要素", "Features of a file", Download.MostFeatures, "400"), ("下载秒数", "Seconds that a file may take", (long)Gdal.TimeLimit.TotalSeconds, "504"), ("等候下载", "Files by GDAL that wait while two are made", Gdal.MostWaiting, "503"),
        ("WFS 秒数", "Seconds that MapServer works on a request", (long)MapServer.TimeLimit.TotalSeconds, "504"), ("等候 WFS", "Requests that wait while MapServer works on four", MapServer.MostWaiting, "503"),
        ("等时圈分钟", "Minutes of a band of reach", ReachRequest.MostMinutes, "400"), ("等时圈档数", "Bands of one answer of reach", ReachRequest.MostBands, "400"), ("等候等时圈", "Requests for reach that wait while two are computed", ReachEndpoint.MostWaiting, "503"),
        ("导入字节", "Bytes of all files of one import over HTTP", ImportEndpoint.MostBytes, "413"),
        ("批处理请求数", "Requests of one $batch", MostParts, "400"),
        ("语句秒数", "Seconds that the database works on one statement; it stops at once when the client leaves", StatementSeconds, "504"),
    ];
}
