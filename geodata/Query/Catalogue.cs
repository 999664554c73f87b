using static Jietong.Geodata.Query.ColumnType;

namespace Jietong.Geodata.Query;

/// <summary>The only list of what can be asked for: layers, their columns and the relations between them. Every protocol is made from it.</summary>
public static class Catalogue
{
    private static readonly Column[] NoteColumns = [new("noteZh", Text, "备注", "Note (Chinese)"), new("noteEn", Text, "英文备注", "Note")];

    private static readonly Column Id = new("id", Text, "编号", "Id") { Nullable = false };
    private static readonly Column LinkId = new("linkId", Text, "通道编号", "Link id") { Nullable = false };
    private static readonly Column Side = new("side", Text, "一侧", "Side: a outer, b Shanghai; null the whole");
    private static readonly Column Place = new("place", Text, "出处位置", "Place in the source") { Nullable = false };
    private static readonly Column Source = new("source", Text, "来源", "Source id", "{t}.source_id") { Nullable = false };

    private static readonly Relation ToLink = new("Link", "Links", "linkId", "id", Many: false);
    private static readonly Relation ToSource = new("Source", "Sources", "source", "id", Many: false);

    private static Column StatedOn(string sql) => new("statedOn", Date, "来源日期", "Date of the source (its last possible day)", sql);
    private static Column StatedOnPrecision(string sql) => new("statedOnPrecision", Text, "来源日期精度", "Precision of that date: day, month, year, period", sql);
    private const string PublishedLatest = "(select s.published_latest from source s where s.id = {t}.source_id)";
    private const string PublishedPrecision = "(select s.published_precision from source s where s.id = {t}.source_id)";

    /// <summary>Every link that somebody attested by then, with its state and the evidence that decides.</summary>
    public static readonly Layer Links = new("Links", "通道", "Links", "link_as_of", "id",
    [
        Id,
        new("nameZh", Text, "名称", "Name (Chinese)") { Nullable = false }, new("nameEn", Text, "英文名", "Name (English)") { Nullable = false },
        new("otherNames", TextList, "其他名称", "Other and former names") { Nullable = false },
        new("kind", Text, "类别", "Kind") { Nullable = false }, new("nature", Text, "性质", "Nature") { Nullable = false },
        new("references", Json, "清单条目", "Lists and item numbers",
            "(select coalesce(json_agg(json_build_object('list', r.list_id, 'item', r.item) order by r.list_id), '[]') from link_reference r where r.link_id = {t}.id)")
            { Nullable = false, Members = [new("list", Text, "清单", "List id") { Nullable = false }, new("item", Integer, "序号", "Item number")] },
        new("state", Text, "状态", "State") { Nullable = false }, new("broken", Bool, "未接通", "Broken") { Nullable = false },
        new("since", Date, "此状况始见", "First attested in this condition, open or not open, without a word to the contrary since"),
        new("stage", Text, "阶段", "Stage") { Nullable = false },
        new("heldFrom", Date, "阶段起", "Stage surely held from, by the deciding source"), new("heldFromPrecision", Text, "阶段起精度", "Precision of that day"),
        StatedOn("{t}.stated_on"), StatedOnPrecision("{t}.stated_on_precision"),
        new("attestedOn", Date, "最近证实日", "Last day on which the evidence vouches for it"),
        new("evidenceAgeDays", Integer, "证据已过天数", "Age of the evidence in days"),
        new("basis", Text, "依据", "Basis: stated, reported or inferred"),
        new("attestation", Text, "证据编号", "Deciding attestation", "{t}.attestation_id"), Source,
        new("grades", TextList, "证据等级", "Grades of all sources that attest anything of it: GOV, STATE, COPY, SEC",
            "(select coalesce(array_agg(g order by grade_rank(g)), '{}') from (select distinct s.grade as g from attestation_published({t}.known_by_day) x join source s on s.id = x.source_id where x.link_id = {t}.id) y)")
            { Nullable = false, Flags = ["GOV", "STATE", "COPY", "SEC", "DATA"] },
        new("laterEvidence", Text, "事后来源", "Source published after the day that the answer rests on"),
        new("furthestStage", Text, "他源更后阶段", "A further stage that another source attested by then: a contradiction"),
        new("overdue", Bool, "逾期", "A promise is past and unmet",
            "exists (select from target_as_of({t}.as_of_day, {t}.known_by_day) o where o.link_id = {t}.id and o.overdue)") { Nullable = false },
        new("overdueTargets", Json, "逾期目标", "Promises past and unmet",
            "(select coalesce(json_agg(json_build_object('id', o.id, 'stage', o.stage, 'due', o.due, 'source', o.source_id) order by o.due_latest, o.id), '[]') " +
            "from target_as_of({t}.as_of_day, {t}.known_by_day) o where o.link_id = {t}.id and o.overdue)")
            { Nullable = false, Members = [Id, new("stage", Text, "阶段", "Stage"), new("due", Text, "期限", "Due (EDTF)"), new("source", Text, "来源", "Source id")] },
        new("units", TextList, "责任单位", "Responsible units, lead first",
            "(select coalesce(array_agg(u.unit_zh::text order by u.lead desc, u.unit_zh), '{}') from (select x.unit_zh, bool_or(x.role = 'lead') as lead from link_unit x where x.link_id = {t}.id group by 1 " +
            "union select y.unit_zh, false from link_side y where y.link_id = {t}.id and y.unit_zh is not null) u)") { Nullable = false },
        new("lengthMetres", Number, "申报长度（米）", "Declared length of the whole, metres, by the best grade",
            "(select v.value from design_value v join source s on s.id = v.source_id where v.link_id = {t}.id and v.side is null and v.quantity = 'lengthMetres' and s.published_latest <= {t}.known_by_day order by s.grade_rank, s.published_latest desc, v.id limit 1)"),
        new("area", Text, "区域", "Town or stretch of border (Chinese)", "{t}.area_zh") { Nullable = false }, new("areaEn", Text, "英文区域", "Town or stretch of border") { Nullable = false },
        new("accuracyMetres", Number, "位置误差（米）", "The position holds within this many metres"),
        new("accuracyKind", Text, "位置类型", "How the position was got: surveyed, mapped, digitised, estimated"),
        new("positionSources", TextList, "位置来源", "Sources of the position",
            "(select coalesce(array_agg(p.source_id::text order by p.source_id), '{}') from position_source p where p.link_id = {t}.id)") { Nullable = false },
        new("positionNoteZh", Text, "位置说明", "Note on the position (Chinese)"), new("positionNoteEn", Text, "英文位置说明", "Note on the position"),
        new("namingSource", Text, "命名来源", "Source that names the link", "{t}.naming_source_id") { Nullable = false },
        new("namingPlace", Text, "命名出处", "Place in that source") { Nullable = false },
        .. NoteColumns,
        new("asOf", Date, "基准日", "As of", "{t}.as_of_day") { Nullable = false }, new("knownBy", Date, "所知截至", "Known by", "{t}.known_by_day") { Nullable = false },
        new("geometry", Geometry, "位置", "Geometry: a line where a source shows one, else a point; null for a pure service", "{t}.geom"),
    ])
    {
        Collection = "links-any-geometry", Time = TimeArguments.AsOfAndKnownBy,
        BuiltOn = ["link", "link_side", "link_reference", "link_unit", "position_source", "design_value", "attestation", "target", "source"],
        Relations =
        [
            new("Sides", "LinkSides", "id", "linkId", true), new("Attestations", "Attestations", "id", "linkId", true), new("Targets", "Targets", "id", "linkId", true),
            new("DesignValues", "DesignValues", "id", "linkId", true), new("Units", "Units", "id", "linkId", true), new("PositionSources", "PositionSources", "id", "linkId", true), ToSource,
            new("NamingSource", "Sources", "namingSource", "id", false),
        ],
    };

    /// <summary>Links as GIS clients load them: one point each.</summary>
    public static readonly Layer LinkPoints = Links with
    {
        Name = "LinkPoints", Collection = "links", GeometryType = "Point", TitleZh = "通道（点）", TitleEn = "Links, a point each",
        Columns = [.. Links.Columns.Select(c => c.Type == Geometry ? c with { Sql = "{t}.point" } : c)],
    };

    /// <summary>The links whose line a source shows.</summary>
    public static readonly Layer LinkLines = Links with
    {
        Name = "LinkLines", Collection = "link-lines", GeometryType = "MultiLineString", TitleZh = "通道（线）", TitleEn = "Links whose line a source shows",
        Where = "GeometryType({t}.geom) = 'MULTILINESTRING'",
    };

    /// <summary>Links that stand elsewhere than on an earlier day, with where they stood (null: not listed yet).</summary>
    public static readonly Layer LinkChanges = new("LinkChanges", "变化", "Changes of links", "link_changed", "id",
    [
        Id, new("nameZh", Text, "名称", "Name (Chinese)") { Nullable = false }, new("nameEn", Text, "英文名", "Name (English)") { Nullable = false }, new("kind", Text, "类别", "Kind") { Nullable = false },
        new("stateBefore", Text, "原状态", "State before; null where it was not listed yet"), new("stageBefore", Text, "原阶段", "Stage before"),
        new("state", Text, "状态", "State") { Nullable = false }, new("stage", Text, "阶段", "Stage") { Nullable = false },
        new("since", Date, "比较日", "Since", "{t}.since_day") { Nullable = false }, new("asOf", Date, "基准日", "As of", "{t}.as_of_day") { Nullable = false }, new("knownBy", Date, "所知截至", "Known by", "{t}.known_by_day") { Nullable = false },
    ])
    { Collection = "link-changes", Time = TimeArguments.SinceAsOfAndKnownBy, Relations = [new("Link", "Links", "id", "id", Many: false)] };

    public static readonly Layer LinkSides = new("LinkSides", "通道两侧", "Sides of links", "link_side_as_of", "id",
    [
        Id, LinkId, Side with { Nullable = false }, new("adcode", Text, "行政区划代码", "Jurisdiction (adcode)") { Nullable = false },
        new("townZh", Text, "镇", "Town (Chinese)"), new("townEn", Text, "英文镇名", "Town"),
        new("roadNameZh", Text, "路名", "Road or line name (Chinese)"), new("roadNameEn", Text, "英文路名", "Road or line name"),
        new("unitZh", Text, "责任单位", "Responsible unit (Chinese)"), new("unitEn", Text, "英文责任单位", "Responsible unit"),
        new("stage", Text, "阶段", "Stage"), new("heldFrom", Date, "阶段起", "Stage surely held from"), new("heldFromPrecision", Text, "阶段起精度", "Precision of that day"),
        new("attestedOn", Date, "最近证实日", "Last day vouched for"), new("basis", Text, "依据", "Basis"),
        new("attestation", Text, "证据编号", "Deciding attestation", "{t}.attestation_id"), new("evidenceSource", Text, "证据来源", "Source of the stage", "{t}.source_id"),
        StatedOn("{t}.stated_on"), StatedOnPrecision("{t}.stated_on_precision"),
        new("source", Text, "来源", "Source that names the side", "{t}.side_source_id") { Nullable = false }, Place, .. NoteColumns,
    ])
    {
        Collection = "link-sides", Time = TimeArguments.AsOfAndKnownBy,
        Relations = [ToLink, ToSource, new("Jurisdiction", "Jurisdictions", "adcode", "adcode", false)],
    };

    public static readonly Layer Attestations = new("Attestations", "证据", "Attestations", "attestation_published", "id",
    [
        Id, LinkId, Side, new("stage", Text, "阶段", "Stage") { Nullable = false },
        new("heldFrom", Date, "阶段起", "Surely held from", "{t}.held_from_latest") { Nullable = false },
        new("heldFromEarliest", Date, "最早可能", "Earliest day that the source allows; null where open"),
        new("heldFromPrecision", Text, "精度", "Precision: day, month, year, period") { Nullable = false },
        new("heldFromWritten", Text, "来源所写日期", "The date as the source gives it (EDTF)", "{t}.held_from") { Nullable = false },
        new("heldTo", Date, "至", "Last day that the source vouches for", "{t}.held_to_latest"),
        StatedOn(PublishedLatest), StatedOnPrecision(PublishedPrecision),
        new("basis", Text, "依据", "Basis: stated, reported or inferred") { Nullable = false },
        new("premisesZh", Text, "推断前提", "Premises (Chinese)"), new("premisesEn", Text, "英文推断前提", "Premises"),
        new("grade", Text, "来源等级", "Grade of the source", "(select s.grade from source s where s.id = {t}.source_id)") { Nullable = false }, Source, Place,
        new("supersedes", Text, "更正", "The attestation that it corrects"), new("withdrawn", Bool, "撤回", "Only withdraws that one") { Nullable = false },
        .. NoteColumns, new("recordedAt", Timestamp, "登记时间", "Recorded at") { Nullable = false },
    ]) { Collection = "attestations", Time = TimeArguments.KnownBy, Relations = [ToLink, ToSource] };

    public static readonly Layer Targets = new("Targets", "目标", "Targets", "target_as_of", "id",
    [
        Id, LinkId, Side, new("stage", Text, "应达阶段", "Stage promised") { Nullable = false },
        new("due", Date, "期限", "Due (last day)", "{t}.due_latest") { Nullable = false }, new("dueWritten", Text, "来源所写期限", "Due as the source gives it (EDTF)", "{t}.due") { Nullable = false },
        new("overdue", Bool, "逾期", "Past and unmet") { Nullable = false }, new("metBy", Text, "兑现证据", "Attestation that meets it"), new("metOn", Date, "兑现日", "Met on"),
        new("basis", Text, "依据", "Basis") { Nullable = false }, new("premisesZh", Text, "推断前提", "Premises (Chinese)"), new("premisesEn", Text, "英文推断前提", "Premises"),
        StatedOn("{t}.stated_on"), StatedOnPrecision("{t}.stated_on_precision"), Source, Place, .. NoteColumns,
    ]) { Collection = "targets", Time = TimeArguments.AsOfAndKnownBy, Relations = [ToLink, ToSource] };

    public static readonly Layer DesignValues = new("DesignValues", "设计值", "Declared design values", "design_value_published", "id",
    [
        Id, LinkId, Side, new("quantity", Text, "量", "Quantity, unit in its name") { Nullable = false }, new("value", Number, "数值", "Value"), new("text", Text, "文字", "Class or composition"),
        StatedOn(PublishedLatest), Source, Place, .. NoteColumns,
    ]) { Collection = "design-values", Time = TimeArguments.KnownBy, Relations = [ToLink, ToSource] };

    public static readonly Layer Units = new("Units", "责任单位", "Responsible units", "link_unit", "id",
    [
        new("id", Text, "编号", "Id", "({t}.link_id || '-' || {t}.role || '-' || {t}.unit_zh || '-' || {t}.source_id || '-' || {t}.place)") { Nullable = false }, LinkId,
        new("role", Text, "角色", "Role: lead or supporting") { Nullable = false }, new("unitZh", Text, "单位", "Unit (Chinese)") { Nullable = false },
        new("unitEn", Text, "英文单位", "Unit") { Nullable = false }, Source, Place,
    ]) { Collection = "units", Relations = [ToLink, ToSource] };

    public static readonly Layer PositionSources = new("PositionSources", "位置来源", "Sources of positions", "position_source", "id",
        [new("id", Text, "编号", "Id", "({t}.link_id || '-' || {t}.source_id)") { Nullable = false }, LinkId, Source])
    { Collection = "position-sources", Relations = [ToLink, ToSource] };

    public static readonly Layer Claims = new("Claims", "总量说法", "Aggregate claims", "claim_as_of", "id",
    [
        Id, new("list", Text, "清单", "List that it speaks of", "{t}.list_id"), new("statementZh", Text, "说法", "Statement (Chinese)") { Nullable = false },
        new("statementEn", Text, "英文说法", "Statement") { Nullable = false }, new("kind", Text, "类型", "Fact or promise") { Nullable = false },
        new("stage", Text, "阶段", "Stage counted") { Nullable = false }, new("countDone", Integer, "已达数", "Count that reached it"), new("countTotal", Integer, "总数", "Count in all"),
        new("asOf", Date, "截至", "By this day", "{t}.as_of_latest") { Nullable = false }, new("asOfWritten", Text, "来源所写日期", "The date as the source gives it (EDTF)", "{t}.as_of") { Nullable = false },
        new("comparableList", Text, "可比清单", "List of ours compared with", "{t}.comparable_list_id"), new("comparableKind", Text, "可比类别", "Kind compared"), new("attestedDone", Integer, "登记册已证实", "Attested by the register by then"),
        new("attestedTotal", Integer, "可比条目", "Links compared"), new("attestedIds", TextList, "已证实通道", "Links attested", "coalesce({t}.attested_ids, '{}')") { Nullable = false },
        new("verdict", Text, "比较", "agree, contradict or undecided") { Nullable = false }, new("reasonZh", Text, "原因", "Reason (Chinese)") { Nullable = false },
        new("reasonEn", Text, "英文原因", "Reason") { Nullable = false }, StatedOn("{t}.stated_on"), Source, Place, .. NoteColumns,
    ]) { Collection = "claims", Time = TimeArguments.KnownBy, Relations = [ToSource] };

    public static readonly Layer Sources = new("Sources", "来源", "Sources", "source_published", "id",
    [
        Id, new("grade", Text, "等级", "Grade: GOV, STATE, COPY, SEC or DATA") { Nullable = false }, new("title", Text, "标题", "Title") { Nullable = false },
        new("titleEn", Text, "英文标题", "Title in English") { Nullable = false }, new("publisher", Text, "发布者", "Publisher"),
        new("published", Text, "发布日期", "Published (EDTF)") { Nullable = false }, new("publishedLatest", Date, "最迟发布", "Published by (last possible day)") { Nullable = false },
        new("url", Text, "网址", "Address"), new("documentNo", Text, "文号", "Document number"), new("gatheredOn", Date, "采集日", "Gathered on"), .. NoteColumns,
    ]) { Collection = "sources", Time = TimeArguments.KnownBy, Relations = [new("Attestations", "Attestations", "id", "source", true)] };

    public static readonly Layer Jurisdictions = new("Jurisdictions", "行政区", "Jurisdictions", "jurisdiction", "adcode",
    [
        new("adcode", Text, "行政区划代码", "adcode") { Nullable = false }, new("nameZh", Text, "名称", "Name (Chinese)") { Nullable = false },
        new("nameEn", Text, "英文名", "Name (English)") { Nullable = false }, new("level", Text, "级别", "Level") { Nullable = false }, new("parentAdcode", Text, "上级", "Parent adcode"),
    ]) { Collection = "jurisdictions", Relations = [new("LinkSides", "LinkSides", "adcode", "adcode", true)] };

    public static readonly Layer Lists = new("Lists", "清单", "Lists", "list", "id",
    [
        Id, new("nameZh", Text, "名称", "Name (Chinese)") { Nullable = false }, new("nameEn", Text, "英文名", "Name (English)") { Nullable = false },
        new("itemCount", Integer, "条目数", "Items in all"), Source, Place, .. NoteColumns,
    ]) { Collection = "lists", Relations = [new("References", "References", "id", "list", true), ToSource] };

    public static readonly Layer References = new("References", "清单条目", "Items of lists", "link_reference", "id",
    [
        new("id", Text, "编号", "Id", "({t}.list_id || '-' || {t}.link_id)") { Nullable = false }, LinkId, new("list", Text, "清单", "List id", "{t}.list_id") { Nullable = false },
        new("item", Integer, "序号", "Item number"), Source, Place, .. NoteColumns,
    ]) { Collection = "references", Relations = [ToLink, ToSource, new("List", "Lists", "list", "id", false)] };

    /// <summary>What can be asked for row by row: the entity sets of OData.</summary>
    public static readonly IReadOnlyList<Layer> Layers = [Links, LinkSides, Attestations, Targets, DesignValues, Units, PositionSources, Claims, Sources, Jurisdictions, Lists, References, .. NetworkLayers.All, .. GainLayers.All, .. ImportLayers.All, .. GapLayers.All];

    /// <summary>What GIS clients load: the same rows, with one geometry type a layer.</summary>
    public static readonly IReadOnlyList<Layer> Collections = [LinkPoints, LinkLines, .. Layers.Skip(1).Where(l => l != ImportLayers.Features), .. ImportLayers.FeatureCollections];

    /// <summary>The same rows as plain tables, for spreadsheets: no geometry but a longitude and latitude, lists as text, and no relations, whose names differ from columns only by a capital, which spreadsheets do not see.</summary>
    public static readonly IReadOnlyList<Layer> Tables = [.. Layers.Select(Table)];

    private static Layer Table(Layer layer) => layer with
    {
        Name = layer.Name + "Table", TitleZh = layer.TitleZh + "（表格）", TitleEn = layer.TitleEn + ", as a plain table", Collection = layer.Collection + "-table", GeometryType = null, Relations = [],
        Columns = [.. layer.Columns.SelectMany(Flat)],
    };

    private static IEnumerable<Column> Flat(Column column) => column.Type switch
    {
        Geometry => [new("longitude", Number, "经度", "Longitude of a point on it, WGS 84", $"ST_X(ST_PointOnSurface({column.SqlFor("{t}")}))"), new("latitude", Number, "纬度", "Latitude of a point on it, WGS 84", $"ST_Y(ST_PointOnSurface({column.SqlFor("{t}")}))")],
        Json => [],
        TextList => [column with { Type = Text, Flags = [], Sql = column.JoinedSql(column.SqlFor("{t}")) }],
        _ => [column],
    };

    /// <summary>All that rows can be asked of by name.</summary>
    public static readonly IReadOnlyList<Layer> All = [.. Layers, .. Tables];

    public static Layer Layer(string name) => All.First(l => l.Name == name);
}
