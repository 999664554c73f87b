using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;

namespace Jietong.Services.OData;

/// <summary>The system query options of an address, or of one <c>$expand</c> in it: the same at every level, and applied in the order that OData Part 1, 11.2.1 gives.</summary>
internal sealed class ODataOptions
{
    private static readonly string[] Known = ["apply", "compute", "search", "filter", "count", "orderby", "skip", "top", "expand", "select", "levels", "skiptoken", "format", "id"];
    private static readonly string[] Refused = ["deltatoken", "index", "schemaversion"];

    private readonly Dictionary<string, string> options = [];
    private readonly IReadOnlyDictionary<string, string> aliases;
    private readonly int depth;
    private readonly Counter expands;

    private sealed class Counter { public int Value { get; set; } }

    /// <param name="named">The options, with or without $ before their names; aliases begin with @.</param>
    public ODataOptions(IEnumerable<KeyValuePair<string, string>> named) : this(named, null, 0, new()) { }

    private ODataOptions(IEnumerable<KeyValuePair<string, string>> named, IReadOnlyDictionary<string, string>? aliases, int depth, Counter expands)
    {
        var own = new Dictionary<string, string>();
        foreach (var (name, text) in named)
        {
            var bare = (name.StartsWith('$') ? name[1..] : name).ToLowerInvariant();
            if (Refused.Contains(bare)) throw Lower.Unsupported($"${bare}");
            if (name.StartsWith('@') ? !own.TryAdd(name, text) : Known.Contains(bare) && !options.TryAdd("$" + bare, text)) throw new InputException($"The query option \"{name}\" is given twice.");
            if (string.IsNullOrWhiteSpace(text)) throw new InputException($"The query option \"{name}\" is empty: leave it out, or say what it should be.");
            if (!name.StartsWith('@') && !Known.Contains(bare))
                throw new InputException($"The query option \"{name}\" is unknown. Known are {string.Join(", ", Known.Select(k => "$" + k))}, asOf, knownBy.");
        }
        (this.aliases, this.depth, this.expands) = (aliases ?? own, depth, expands);
    }

    public string? this[string option] => options.GetValueOrDefault(option);

    public bool WithCount => this["$count"] is { } text && AskedRows.Truth("$count", text);

    /// <summary>Asks the options of the rows of <paramref name="query"/>.</summary>
    public Query Of(Query query)
    {
        var rows = AskedRows.Of(query, aliases);
        if (this["$apply"] is { } apply) rows = ODataApply.To(rows, apply);
        if (this["$compute"] is { } compute) rows = rows.Compute(compute);
        if (this["$search"] is { } search) rows = rows.Search(search);
        if (this["$filter"] is { } filter) rows = rows.Filter(filter);
        var asked = rows.Query with
        {
            OrderBy = this["$orderby"] is { } order ? rows.Orders(order) : rows.Query.OrderBy,
            Offset = this["$skip"] is { } skip ? AskedRows.Rows("$skip", skip) : 0,
            Limit = this["$top"] is { } top ? AskedRows.Rows("$top", top) : null,
        };
        if (this["$expand"] is { } expand) asked = asked with { Expand = Expands(rows, expand) };
        if (this["$select"] is { } select) asked = asked with { Select = rows.Columns(select) };
        return asked;
    }

    private List<Expand> Expands(AskedRows rows, string text)
    {
        if (depth == Limits.DeepestExpand) throw new InputException($"$expand goes deeper than {Limits.DeepestExpand}.");
        var found = new List<Expand>();
        foreach (var item in ODataText.Split("$expand", text, ','))
        {
            var (path, inside) = ODataText.Call("$expand", item);
            var (name, what) = path.Split('/') switch { [var one] => (one, ""), [var one, "$ref"] => (one, "$ref"), [var one, "$count"] => (one, "$count"), _ => throw Lower.Unsupported($"$expand={ODataText.Short(path)}") };
            var relations = name == "*" ? rows.Query.Layer.Relations : [.. rows.Query.Layer.Relations.Where(r => r.Name == name)];
            if (relations.Count == 0)
                throw new InputException(rows.Query.Layer.Relations.Count == 0 ? $"$expand: {name}: these rows have no relations." : $"$expand: {rows.Type.Name} has no navigation property \"{name}\"; it has {string.Join(", ", rows.Query.Layer.Relations.Select(r => r.Name))}.");
            foreach (var relation in relations) found.Add(Expansion(relation, what, inside));
        }
        if (found.GroupBy(e => e.Relation.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InputException($"$expand: {twice.Key} is expanded twice.");
        return found;
    }

    private Expand Expansion(Relation relation, string what, string? inside)
    {
        if (++expands.Value > Limits.MostExpands) throw new InputException($"$expand: more than {Limits.MostExpands} relations are expanded.");
        var named = ODataText.Split($"$expand={relation.Name}", inside ?? "", ';').Select(o => o.Split('=', 2) is [var name, var text] ? KeyValuePair.Create(name.Trim(), text.Trim()) : throw new InputException($"$expand={relation.Name}: \"{ODataText.Short(o)}\" is no option: write $name=value."));
        var options = new ODataOptions(named, aliases, depth + 1, expands);
        foreach (var refused in new[] { "$apply", "$levels", "$skiptoken", "$format", "$id" })
            if (options[refused] is not null) throw Lower.Unsupported($"{refused} inside $expand={relation.Name}");
        var query = options.Of(new(Catalogue.Layer(relation.Target)));
        if (!relation.Many && (query.Filter is not null || query.Limit is not null || query.Offset > 0 || query.OrderBy.Count > 0 || options.WithCount || what == "$count"))
            throw new InputException($"$expand={relation.Name}: it leads to one row, which cannot be filtered, ordered, paged or counted.");
        if (what == "$ref") query = query with { Select = [query.Layer.Key], Expand = [] };
        return new(relation, query) { CountAs = options.WithCount || what == "$count" ? $"{relation.Name}@odata.count" : null, WithRows = what != "$count", OnlyKeys = what == "$ref" };
    }
}
