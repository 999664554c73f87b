using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Gains;
using Jietong.Services.Serve;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Jietong.Services.OData;

/// <summary>What an OData address asks: a query, whether one entity or only a count is wanted, whether the total is, and where a page begins.</summary>
internal sealed record ODataRequest(Query Query, bool Single, bool OnlyCount, bool WithCount, string? SkipToken)
{
    /// <summary>Where the rows are those of a relation of one entity: that entity, and the relation. The query then is what is asked of the related rows.</summary>
    public (Query Entity, Relation Relation)? Through { get; init; }

    /// <summary>The one property that is wanted of a single entity.</summary>
    public string? Property { get; init; }

    /// <summary>Whether the property's bare value is wanted, as text.</summary>
    public bool Raw { get; init; }

    private static readonly string[] Options = ["filter", "select", "expand", "orderby", "top", "skip", "count", "search", "skiptoken", "format"];
    private static readonly string[] Refused = ["apply", "compute", "deltatoken", "index", "schemaversion"];
    private static readonly string[] OwnOptions = ["asOf", "knownBy"];

    /// <exception cref="InputException">The address is not valid, or names what is not there.</exception>
    /// <exception cref="UnsupportedException">It is valid but asks for what this service has not.</exception>
    public static ODataRequest Parse(string path, IQueryCollection options)
    {
        CheckOptions(options);
        var query = string.Join('&', options.Where(o => !OwnOptions.Contains(o.Key) && Bare(o.Key) != "format")
            .Select(o => $"{Uri.EscapeDataString(o.Key)}={Uri.EscapeDataString(o.Value.ToString())}"));
        try
        {
            // The path was decoded once: what it holds of ? and # belongs to its segments.
            var address = string.Join('/', path.Split('/').Select(Uri.EscapeDataString)) + (query == "" ? "" : "?" + query);
            var parser = new ODataUriParser(ODataModel.Model, new Uri(address, UriKind.Relative))
            {
                Resolver = new UnqualifiedODataUriResolver(),
                EnableNoDollarQueryOptions = true,
                Settings = { MaximumExpansionDepth = 2 },
            };
            var request = Read(parser, options.Day("asOf"), options.Day("knownBy"));
            var used = request.Query.Layer.Time switch { TimeArguments.None => [], TimeArguments.KnownBy => OwnOptions[1..], _ => OwnOptions };
            return OwnOptions.Except(used).FirstOrDefault(options.ContainsKey) is not { } idle ? request
                : throw new InputException($"{request.Query.Layer.Name} does not depend on {idle}; leave it out.");
        }
        catch (ODataUnrecognizedPathException) when (path.StartsWith(ODataModel.GainsFunction, StringComparison.Ordinal)) { throw new InputException("Gains takes a day and a mode: write Gains(asOf=2018-06-29,mode='car') or mode='transit'; weights and knownBy may follow."); }
        catch (ODataUnrecognizedPathException e) { throw new InputException(e.Message, notFound: true); }
        catch (UriFormatException) { throw new InputException($"{path}: this is no path of the service.", notFound: true); }
        catch (ODataException e) { throw new InputException(e.Message); }
    }

    private static string Bare(string option) => option.StartsWith('$') ? option[1..] : option;

    /// <summary>An option is known, refused by name, or unknown: none is ignored.</summary>
    private static void CheckOptions(IQueryCollection options)
    {
        foreach (var name in options.Keys)
        {
            var bare = Bare(name);
            if (Refused.Contains(bare)) throw Lower.Unsupported($"${bare}");
            if (OwnOptions.Contains(name) || Options.Contains(bare) || name.StartsWith('@')) continue;
            throw new InputException($"The query option \"{name}\" is unknown. Known are {string.Join(", ", Options.Select(o => "$" + o))}, {string.Join(", ", OwnOptions)}.");
        }
        if (options.TryGetValue("$format", out var format) || options.TryGetValue("format", out format))
            if (format != "json" && !format.ToString().StartsWith("application/json", StringComparison.Ordinal)) throw Lower.Unsupported($"$format={format}");
    }

    private static ODataRequest Read(ODataUriParser parser, DateOnly? asOf, DateOnly? knownBy)
    {
        Query? query = null;
        bool single = false, onlyCount = false, raw = false;
        string? property = null;
        (Query Entity, Relation Relation)? through = null;
        foreach (var segment in parser.ParsePath())
        {
            switch (segment)
            {
                case EntitySetSegment set when query is null: query = new(Catalogue.Layer(set.EntitySet.Name)); break;
                case OperationImportSegment call when query is null && call.OperationImports.First().Name == ODataModel.GainsFunction:
                    asOf = Day(call.Parameters, "asOf");
                    knownBy = Day(call.Parameters, "knownBy") ?? knownBy;
                    query = new Query(GainLayers.Gains).Where(Is("mode", call, ["car", "transit"])!).Where(Is("weights", call, Weighting.Names) ?? new Compare(Comparison.Equal, new ColumnValue("weights"), new Literal("equal")));
                    break;
                case OperationImportSegment call when query is null:   // Broken
                    asOf = Day(call.Parameters, "asOf");
                    knownBy = Day(call.Parameters, "knownBy") ?? knownBy;
                    query = new Query(Catalogue.Links).Where(new Compare(Comparison.Equal, new ColumnValue("broken"), new Literal(true)));
                    break;
                case KeySegment key when query is not null && !single:
                    query = query.Where(new Compare(Comparison.Equal, new ColumnValue(query.Layer.Key), new Literal(key.Keys.Single().Value)));
                    single = true;
                    break;
                case OperationSegment call when query is not null && !single:
                    asOf = Day(call.Parameters, "asOf") ?? asOf;
                    knownBy = Day(call.Parameters, "knownBy") ?? knownBy;
                    break;
                case CountSegment when query is not null && !single: onlyCount = true; break;
                case NavigationPropertySegment way when single && property is null && through is null:
                    through = (query!, query!.Layer.Relations.First(r => r.Name == way.NavigationProperty.Name));
                    query = new(Catalogue.Layer(through.Value.Relation.Target));
                    single = !through.Value.Relation.Many;
                    break;
                case PropertySegment one when single && through is null && property is null: property = one.Property.Name; break;
                case ValueSegment when property is not null: raw = true; break;
                default: throw Lower.Unsupported($"the path segment {segment.Identifier}");
            }
        }
        query = query! with { AsOf = asOf ?? Days.Today, KnownBy = knownBy ?? Days.Today };
        if (through is { } from) through = (from.Entity with { AsOf = query.AsOf, KnownBy = query.KnownBy, Select = [from.Entity.Layer.Key] }, from.Relation);
        if (parser.ParseFilter() is { } filter) query = query.Where(Lower.Expression(filter.Expression));
        if (parser.ParseSearch() is { } search) query = query.Where(Lower.Expression(search.Expression));
        if (property is not null) return new(query with { Select = [property] }, single, false, false, null) { Property = property, Raw = raw };
        query = WithOptions(query, parser.ParseSelectAndExpand(), parser.ParseOrderBy(), parser.ParseTop(), parser.ParseSkip());
        return new(query, single, onlyCount, parser.ParseCount() ?? false, parser.ParseSkipToken()) { Through = through };
    }

    private static Compare? Is(string name, OperationImportSegment call, string[] known) => Constant(call.Parameters, name) switch
    {
        null => null,
        string value when known.Contains(value) => new(Comparison.Equal, new ColumnValue(name), new Literal(value)),
        _ => throw new InputException($"{name} is none of {string.Join(", ", known.Select(k => $"'{k}'"))}: write Gains(asOf=2018-06-29,mode='car')."),
    };

    /// <summary>The constant given for a parameter; null where it was left out.</summary>
    private static object? Constant(IEnumerable<OperationSegmentParameter> parameters, string name) => parameters.FirstOrDefault(p => p.Name == name)?.Value switch
    {
        ConstantNode constant => constant.Value,
        ConvertNode { Source: ConstantNode constant } => constant.Value,
        var other => other,
    };

    private static DateOnly? Day(IEnumerable<OperationSegmentParameter> parameters, string name) =>
        Constant(parameters, name) switch
        {
            null => null,
            Date day => Lower.Day(day),
            _ => throw new InputException($"{name} is not a date: write AsOf({name}=2018-06-29)."),
        };

    private static Query WithOptions(Query query, SelectExpandClause? clause, OrderByClause? order, long? top, long? skip)
    {
        var select = new List<string>();
        var expand = new List<Expand>();
        foreach (var item in clause?.SelectedItems ?? [])
        {
            switch (item)
            {
                case WildcardSelectItem: select.AddRange(query.Layer.Columns.Select(c => c.Name)); break;
                case PathSelectItem { SelectedPath.LastSegment: PropertySegment property } path when path.SelectedPath.Count == 1: select.Add(property.Property.Name); break;
                case PathSelectItem { SelectedPath.LastSegment: NavigationPropertySegment }: break;   // its rows come by $expand
                case ExpandedNavigationSelectItem navigation when navigation.PathToNavigationProperty.Count == 1: expand.Add(Expansion(query, navigation)); break;
                default: throw Lower.Unsupported("this path in $select or $expand");
            }
        }
        var orders = new List<Order>();
        for (; order is not null; order = order.ThenBy) orders.Add(new(Lower.Expression(order.Expression), order.Direction == OrderByDirection.Descending));
        return query with { Select = [.. select.Distinct()], Expand = expand, OrderBy = orders, Limit = Small(top, "$top"), Offset = Small(skip, "$skip") ?? 0 };
    }

    private static Expand Expansion(Query query, ExpandedNavigationSelectItem item)
    {
        var name = item.PathToNavigationProperty.FirstSegment.Identifier;
        var relation = query.Layer.Relations.First(r => r.Name == name);
        var inner = new Query(Catalogue.Layer(relation.Target));
        if (item.CountOption is not null || item.LevelsOption is not null || item.SearchOption is not null || item.ComputeOption is not null || item.ApplyOption is not null)
            throw Lower.Unsupported($"this option inside $expand={name}");
        if (item.FilterOption is { } filter) inner = inner.Where(Lower.Expression(filter.Expression));
        return new(relation, WithOptions(inner, item.SelectAndExpand, item.OrderByOption, item.TopOption, item.SkipOption));
    }

    private static int? Small(long? number, string name) => number switch
    {
        null => null,
        < 0 or > int.MaxValue => throw new InputException($"{name}={number} is out of range: 0 to {int.MaxValue}."),
        _ => (int)number,
    };
}
