using System.Text.RegularExpressions;
using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Serve;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Jietong.Services.OData;

/// <summary>
/// Rows while a request is read: the question so far, and the type by which ODL parses expressions about them. ODL 7.7 does not know the aliases of
/// <c>$compute</c> and <c>$apply</c> elsewhere, so each of them makes a type of its own for this one request, and what follows is parsed against that.
/// </summary>
internal sealed partial record AskedRows(Query Query, IEdmEntityType Type, IReadOnlyDictionary<string, string> Aliases)
{
    public static AskedRows Of(Query query, IReadOnlyDictionary<string, string> aliases) => new(query, ODataModel.TypeOf(query.Layer), aliases);

    public AskedRows Filter(string text) => Parse("$filter", text, p => p.ParseFilter()) is { } filter ? this with { Query = Query.Where(Lower.Expression(filter.Expression)) } : this;

    /// <summary>ODL takes words of letters only; S1-M11 and 1984 are quoted for it.</summary>
    public AskedRows Search(string text) => Parse("$search", Words().Replace(text, w => w.Value is "AND" or "OR" or "NOT" || w.Value[0] == '"' || w.Value.All(char.IsLetter) ? w.Value : $"\"{w.Value}\""), p => p.ParseSearch()) is { } search ? this with { Query = Query.Where(Lower.Expression(search.Expression)) } : this;

    public IReadOnlyList<Order> Orders(string text)
    {
        var orders = new List<Order>();
        for (var clause = Parse("$orderby", text, p => p.ParseOrderBy()); clause is not null; clause = clause.ThenBy) orders.Add(new(Lower.Expression(clause.Expression), clause.Direction == OrderByDirection.Descending));
        return orders;
    }

    /// <summary>One alias after the other, so that each may speak of those before it.</summary>
    public AskedRows Compute(string text)
    {
        var items = ODataText.Split("$compute", text, ',');
        if (items.Count > Limits.MostComputed) throw new InputException($"$compute has more than {Limits.MostComputed} aliases.");
        return items.Aggregate(this, (rows, item) => rows.ComputeOne(item));
    }

    private AskedRows ComputeOne(string text)
    {
        var computed = Parse("$compute", text, p => p.ParseCompute())!.ComputedItems.Single();
        if (Type.FindProperty(computed.Alias) is not null) throw new InputException($"$compute: {computed.Alias} is there already: choose another name.");
        var column = new Column(computed.Alias, ODataModel.ColumnTypeOf(computed.TypeReference, $"$compute={computed.Alias}"), computed.Alias, computed.Alias);
        var type = new EdmEntityType(ODataModel.Namespace, Type.Name, Type);
        type.AddStructuralProperty(computed.Alias, computed.TypeReference);
        return this with { Query = Extended.Of(Query, new Computed(column, Lower.Expression(computed.Expression))), Type = type };
    }

    /// <summary>Names of the columns; navigation properties in the list bring nothing by themselves.</summary>
    public IReadOnlyList<string> Columns(string text)
    {
        var items = Parse("$select", text, p => p.ParseSelectAndExpand())?.SelectedItems ?? [];
        var names = items.SelectMany(item => item switch
        {
            WildcardSelectItem => Query.Layer.Columns.Select(c => c.Name),
            PathSelectItem { FilterOption: null, OrderByOption: null, SearchOption: null, TopOption: null, SkipOption: null, CountOption: null, ComputeOption: null, SelectAndExpand: null or { AllSelected: true }, SelectedPath.LastSegment: PropertySegment property } path when path.SelectedPath.Count == 1 => Query.Layer.Columns.Where(c => c.Name == property.Property.Name || c.Name.StartsWith(property.Property.Name + "/", StringComparison.Ordinal)).Select(c => c.Name),
            PathSelectItem { SelectedPath.LastSegment: NavigationPropertySegment } => [],
            _ => throw Lower.Unsupported($"this path, or these options, in $select={ODataText.Short(text)}"),
        }).Distinct().ToList();
        return names.Count > 0 ? names : [Query.Layer.Key];
    }

    /// <summary>A number of rows from 0 on.</summary>
    public static int Rows(string option, string text) => int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw new InputException($"{option}={ODataText.Short(text)}: write a whole number from 0 to {int.MaxValue}.");

    public static bool Truth(string option, string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new InputException($"{option}={ODataText.Short(text)}: write true or false."),
    };

    /// <summary>Parses by ODL; what it refuses is a fault of the text, or one of the few things of OData 4.01 that it does not know.</summary>
    public T Parse<T>(string option, string text, Func<ODataQueryOptionParser, T> parse)
    {
        text = ODataText.WithPlainLists(ODataText.WithAliases(text, Aliases));
        var parser = new ODataQueryOptionParser(ODataModel.Model, Type, null, new Dictionary<string, string> { [option] = text })
        {
            Resolver = new UnqualifiedODataUriResolver { EnableCaseInsensitive = true },   // names and operators in any case (OData 4.01 Part 2, 5.1.1)
        };
        try { return parse(parser); }
        catch (ODataException e) { throw Unknown().Match(Quoted().Replace(text, "")) is { Success: true } word ? Lower.Unsupported(word.Value.Trim('(')) : new InputException($"{option}: {e.Message}"); }
        catch (Exception e) when (e is ArgumentException or OverflowException or FormatException or InvalidOperationException or NullReferenceException or InvalidCastException) { throw new InputException($"{option}: '{ODataText.Short(text)}' cannot be read."); }
    }

    [GeneratedRegex(@"""[^""]*""?|[^\s()""]+")] private static partial Regex Words();
    [GeneratedRegex("'[^']*'")] internal static partial Regex Quoted();
    [GeneratedRegex(@"\b(divby|case\(|totalseconds\(|totaloffsetminutes\(|time\(|mindatetime\(|maxdatetime\(|hassubset\(|hassubsequence\(|isdefined\()|/\$count\(|\$these\b|\$root\b")] private static partial Regex Unknown();
}
