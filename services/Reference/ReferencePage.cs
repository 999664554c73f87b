using System.Globalization;
using Jietong.Geodata.Query;
using Jietong.Services.OData;
using Jietong.Services.Serve;
using Microsoft.OData.Edm;

namespace Jietong.Services.Reference;

/// <summary>The text of the reference: signature, parameters, result, order and cost, Chinese first.</summary>
internal static class ReferencePage
{
    public static string Index(string root) => $"""
        <h1>参考 <span class="en">Reference</span></h1>
        <p>地址 <span class="en">address</span> <code>{HtmlPage.Text(root)}/odata</code>. 每页由回答问题的同一份目录写成。 <span class="en">Every page is written from the catalogue that also answers.</span></p>
        {Section("实体集", "Entity sets")}{HtmlPage.Table(["名称 Name", "内容 Rows", "日期 Dates"], Catalogue.Layers.Select(SetRow))}
        {Section("表格（无几何、无嵌套，供 Excel 与 Power BI）", "Plain tables: no geometry, nothing nested, for Excel and Power BI")}{HtmlPage.Table(["名称 Name", "内容 Rows", "日期 Dates"], Catalogue.Tables.Select(SetRow))}
        {Section("给出行的函数", "Functions that give rows")}{HtmlPage.Table(["名称 Name", "内容 Rows"], ReferenceCalls.All.Select(c => new[] { Link(c.Name), HtmlPage.Both(c.TitleZh, c.TitleEn) }))}
        {Section("表达式里的函数", "Functions in expressions")}<p>用于 <code>$filter</code>、<code>$orderby</code>、<code>$compute</code>、<code>$apply</code>，在每一层 <code>$expand</code> 里也可用。 <span class="en">wherever an expression may stand, at every level of $expand too.</span></p>
        {HtmlPage.Table(["名称 Name", "给出 Gives"], ODataFunction.All.Select(f => new[] { Link(f.Name), HtmlPage.Both(f.TitleZh, f.TitleEn) }))}
        """;

    public static string Of(string root, Layer layer)
    {
        var type = ODataModel.TypeOf(layer);
        var example = $"/odata/{layer.Name}?$top=2&$select={string.Join(',', layer.Columns.Take(3).Select(c => c.Name))}";
        return $"""
            <h1>{HtmlPage.Text(layer.Name)} {HtmlPage.Both(layer.TitleZh, layer.TitleEn)}</h1>
            <pre><code>GET /odata/{layer.Name}
            GET /odata/{layer.Name}('{layer.Key}')
            GET /odata/{layer.Name}/$count{(layer.Time == TimeArguments.AsOfAndKnownBy ? $"\nGET /odata/{layer.Name}/AsOf(asOf=2018-06-29,knownBy=2026-11-22)" : "")}</code></pre>
            {Section("参数", "Parameters")}<p>{Dates(layer.Time)} 另有 OData 的全部选项： <span class="en">and all of OData's options:</span> <code>$filter $compute $apply $search $orderby $select $expand $top $skip $count</code></p>
            {Section("属性", "Properties of a row")}{HtmlPage.Table(["名称 Name", "类型 Type", "含义 Meaning"], layer.Columns.Select(c => new[] { $"<code>{c.Name}</code>{(c.Name == layer.Key ? " 主键 key" : "")}", $"<code>{HtmlPage.Text(TypeName(type, c.Name))}</code>{(c.Nullable ? "" : " <span class=\"en\">非空 never null</span>")}{(c.Flags.Count > 0 ? $"<br><span class=\"en\">{string.Join(", ", c.Flags)}</span>" : "")}", HtmlPage.Both(c.TitleZh, c.TitleEn) }))}
            {(layer.Relations.Count == 0 ? "" : Section("关系", "Relations") + HtmlPage.Table(["名称 Name", "到 To", "条件 Where"], layer.Relations.Select(r => new[] { $"<code>{r.Name}</code>", $"{Link(r.Target)} {(r.Many ? "多 many" : "一或无 one or none")}", $"<code>{r.Target}.{r.TargetColumn} = {layer.Name}.{r.Column}</code>" })))}
            {Section("次序", "Order")}<p>默认按 <code>{layer.Key}</code>；它总是最后一个排序键，所以次序是全序，页与页不重叠。 <span class="en">By {layer.Key} unless asked otherwise; it is always the last sort key, so pages never overlap. At most {Serve.Limits.MostRows.ToString("N0", CultureInfo.InvariantCulture)} rows a page, the next by @odata.nextLink.</span></p>
            {Section("代价", "Cost")}<p>{Cost(layer)}</p>
            {Section("例", "Example")}{Example(root, example)}
            """;
    }

    public static string Of(string root, ODataFunction function) => $"""
        <h1>{HtmlPage.Text(function.Name)} {HtmlPage.Both(function.TitleZh, function.TitleEn)}</h1>
        <pre><code>{HtmlPage.Text(function.Name)}({string.Join(", ", function.Takes.Select(TypeName))}) → {TypeName(function.Gives)}</code></pre>
        {Section("参数", "Parameters")}{(function.Takes.Length == 0 ? "<p>无 <span class=\"en\">none</span></p>" : HtmlPage.Table(["位置 Position", "类型 Type"], function.Takes.Select((t, i) => new[] { (i + 1).ToString(CultureInfo.InvariantCulture), $"<code>{TypeName(t)}</code>" })))}
        {Section("结果", "Result")}<p>{HtmlPage.Both(function.TitleZh, function.TitleEn)}。任一参数为空，结果为空。 <span class="en">Null where a parameter is.</span></p>
        {Section("次序", "Order")}<p>{(function.Gives == ColumnType.Geometry ? "几何没有次序。 <span class=\"en\">Geometries have no order.</span>" : "可在 <code>$orderby</code> 里用；空值升序在前，降序在后。 <span class=\"en\">May stand in $orderby; nulls first going up, last going down.</span>")}</p>
        {Section("代价", "Cost")}<p>{HtmlPage.Text(function.Cost ?? "其他条件留下的每行看一次。 One look at each row that the other conditions leave.")}</p>
        {Section("例", "Example")}{Example(root, $"/odata/Links?$filter={function.Example}&$select=id,nameZh&$top=3")}
        """;

    public static string Of(string root, ReferenceCall call) => $"""
        <h1>{HtmlPage.Text(call.Name)} {HtmlPage.Both(call.TitleZh, call.TitleEn)}</h1>
        <pre><code>GET /odata/{HtmlPage.Text(call.Signature)}</code></pre>
        {Section("参数", "Parameters")}{HtmlPage.Table(["名称 Name", "类型 Type", "含义 Meaning"], call.Parameters.Select(p => new[] { $"<code>{p.Name}</code>", $"<code>{p.Type}</code>", HtmlPage.Text(p.Meaning) }))}
        {Section("结果", "Result")}<p>{(Catalogue.All.Any(l => l.Name == call.Rows) ? Link(call.Rows) : HtmlPage.Text(call.Rows))}，可用全部选项 <span class="en">rows, with every option</span></p>
        {Section("次序", "Order")}<p>按主键 <span class="en">by key, unless $orderby says otherwise</span></p>
        {Section("代价", "Cost")}<p>{HtmlPage.Text(call.Cost)}</p>
        {Section("例", "Example")}{Example(root, call.Example)}
        """;

    public static string Limits() => $"""
        <h1>界限 <span class="en">Limits</span></h1><p>每条路径都一样，在 <code>$batch</code>、<code>$apply</code> 和 <code>$expand</code> 里也一样；超出的会被拒绝并说明，从不悄悄截断。 <span class="en">The same on every path, also inside $batch, $apply and $expand; what exceeds one is refused by name, never cut silently.</span></p>
        {HtmlPage.Table(["界限 Limit", "值 Value", "超出 Beyond it"], Serve.Limits.All.Select(l => new[] { HtmlPage.Both(l.Zh, l.En), l.Value.ToString("N0", CultureInfo.InvariantCulture), l.Beyond }))}
        """;

    private static string[] SetRow(Layer layer) => [Link(layer.Name), HtmlPage.Both(layer.TitleZh, layer.TitleEn), layer.Time switch { TimeArguments.None => "—", TimeArguments.KnownBy => "knownBy", _ => "asOf, knownBy" }];

    private static string Dates(TimeArguments time) => time switch
    {
        TimeArguments.None => "不随日期变。 <span class=\"en\">Does not depend on dates by itself; asOf and knownBy apply to what it is joined to.</span>",
        TimeArguments.KnownBy => "<code>knownBy</code> 所知截至，默认今天。 <span class=\"en\">what sources had published by then; today unless said.</span>",
        _ => "<code>asOf</code> 基准日、<code>knownBy</code> 所知截至，默认今天（Asia/Shanghai）。 <span class=\"en\">the day asked about, and what sources had published by then; today unless said.</span>",
    };

    private static string Cost(Layer layer)
    {
        var rows = GainLayers.All.Any(g => g.From == layer.From) ? "第一次问到某天的数据时计算（数秒），以后取存的。 <span class=\"en\">Computed at the first question about a day's data (seconds), then kept.</span>"
            : layer.Time == TimeArguments.AsOfAndKnownBy ? "每次提问都重新判断证据；按主键只判断那一行的。 <span class=\"en\">The evidence is judged anew at each question; by key only that of the row.</span>"
            : layer.Column(layer.Key).Sql is null ? "按主键走索引。 <span class=\"en\">By key an index is used.</span>" : "";
        var place = layer.Geometry is null || layer.From == GainLayers.Gains.From ? "" : "位置有空间索引。 <span class=\"en\">Positions have a spatial index.</span>";
        return $"{rows} {place} 其他条件逐行判断。 <span class=\"en\">Other conditions are tested row by row.</span>";
    }

    private static string TypeName(IEdmEntityType type, string property) => type.FindProperty(property).Type.FullName();

    private static string TypeName(ColumnType type) => ODataModel.TypeOf(type, nullable: true).FullName();

    private static string Example(string root, string address)
    {
        var (path, options) = address.Split('?', 2) is [var p, var o] ? (p, o) : (address, "");
        var href = root + path + "?" + string.Join('&', options.Split('&').Select(x => x.Split('=', 2)).Select(x => $"{x[0]}={Uri.EscapeDataString(x[1])}"));
        return $"<pre><a href=\"{HtmlPage.Text(href)}\"><code>{HtmlPage.Text(address)}</code></a></pre>";
    }

    private static string Section(string zh, string en) => $"<h2>{zh} <span class=\"en\">{en}</span></h2>";

    private static string Link(string name) => $"<a href=\"/reference/{Uri.EscapeDataString(name)}\"><code>{HtmlPage.Text(name)}</code></a>";
}
