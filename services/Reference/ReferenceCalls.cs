namespace Jietong.Services.Reference;

/// <summary>A function that gives rows, as it is called in a path.</summary>
internal sealed record ReferenceCall(string Name, string Signature, string Rows, string TitleZh, string TitleEn, (string Name, string Type, string Meaning)[] Parameters, string Example, string Cost);

/// <summary>The functions of the service that give rows. Each takes every option that its rows take.</summary>
internal static class ReferenceCalls
{
    private static readonly (string, string, string) AsOf = ("asOf", "Edm.Date", "基准日 the day that is asked about"), KnownBy = ("knownBy", "Edm.Date", "所知截至 judged by what sources had published by then; may be left out: today");

    public static readonly IReadOnlyList<ReferenceCall> All =
    [
        new("AsOf", "…/AsOf(asOf=…[,knownBy=…])", "those of the set", "某日的行", "The rows of a set as of a day; the same as the options asOf and knownBy", [AsOf, KnownBy], "/odata/Links/AsOf(asOf=2018-06-29)?$select=id,state&$top=3", "同该实体集。 As the set itself."),
        new("Broken", "Broken(asOf=…[,knownBy=…])", "Links", "某日未接通的通道", "The links that are broken on a day: not_open or unverified", [AsOf, KnownBy], "/odata/Broken(asOf=2018-06-29)?$select=id,nameZh&$top=3", "同 Links。 As Links."),
        new("Changes", "Changes(since=…,asOf=…[,knownBy=…])", "LinkChanges", "两日之间变化的通道", "The links that stand elsewhere on a day than on an earlier one, with both states", [("since", "Edm.Date", "比较日 the earlier day; not after asOf"), AsOf, KnownBy], "/odata/Changes(since=2018-06-29,asOf=2023-12-31)?$filter=state eq 'open'&$select=id,stateBefore,state", "全部通道判断两次。 All links are judged twice."),
        new("Gains", "Gains(asOf=…,mode=…[,weights=…][,knownBy=…])", "LinkGains", "各通道的效益", "What each link brings, or would bring, on a day", [AsOf, ("mode", "Edm.String", "方式 'car' or 'transit'"), ("weights", "Edm.String", "权重 'equal' (default), 'town' or 'county'"), KnownBy], "/odata/Gains(asOf=2018-06-29,mode='transit')?$filter=evaluated eq true&$orderby=gainMinutes desc&$top=3&$select=nameZh,gainMinutes,lowMinutes,highMinutes", "第一次问到某天的数据时计算（数秒），以后取存的。 Computed at the first question about a day's data (seconds), then kept."),
    ];
}
