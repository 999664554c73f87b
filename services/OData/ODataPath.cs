using Jietong.Geodata;
using Jietong.Geodata.Query;
using Jietong.Services.Gains;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Jietong.Services.OData;

/// <summary>Where the path of an address leads: to rows of a layer that meet what the path says, to one of them, to a property of it, or to their number.</summary>
internal sealed class ODataPath
{
    /// <summary>Conditions that the path makes of the rows at hand, which an expression around them may call by a variable.</summary>
    private List<Func<string?, Expression>> conditions = [];
    private int passed;
    private DateOnly? asOf, knownBy, since;

    public Layer Layer { get; private set; } = null!;

    /// <summary>The entity whose related rows are wanted; null where the path names a set.</summary>
    public Func<Query>? Parent { get; private set; }
    public bool Single { get; private set; }

    /// <summary>Whether a key, rather than a relation to one, makes it a single one.</summary>
    public bool IsByKey { get; private set; }
    public bool OnlyCount { get; private set; }
    public bool Refs { get; private set; }

    /// <summary>The one property that is wanted, and whether its bare value is.</summary>
    public string? Property { get; private set; }
    public bool Raw { get; private set; }

    public static ODataPath Read(string path, IQueryCollection named)
    {
        if (path.StartsWith("$all", StringComparison.Ordinal) || path.StartsWith("$crossjoin", StringComparison.Ordinal)) throw Lower.Unsupported(ODataText.Short(path));
        path = ODataText.WithAliases(path, named.Where(o => o.Key.StartsWith('@')).ToDictionary(o => o.Key, o => o.Value.ToString()));
        try
        {
            // The path was decoded once: what it holds of ? and # belongs to its segments.
            var address = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
            var parser = new ODataUriParser(ODataModel.Model, new Uri(address, UriKind.Relative)) { Resolver = new UnqualifiedODataUriResolver() };
            var read = new ODataPath();
            foreach (var segment in parser.ParsePath()) read.Step(segment);
            return read;
        }
        catch (ODataUnrecognizedPathException) when (path.StartsWith(ODataModel.GainsFunction, StringComparison.Ordinal)) { throw Takes(GainsForm); }
        catch (ODataUnrecognizedPathException e) { throw new InputException(e.Message, notFound: true); }
        catch (UriFormatException) { throw new InputException($"{ODataText.Short(path)}: this is no path of the service.", notFound: true); }
        catch (ODataException e) { throw new InputException(e.Message); }
        catch (Exception e) when (e is ArgumentException or OverflowException or FormatException or InvalidOperationException or NullReferenceException) { throw new InputException($"{ODataText.Short(path)}: this path cannot be read."); }
    }

    /// <summary>The rows, as of the days that the path gives, else as of these.</summary>
    public Query Rows(DateOnly? asOf, DateOnly? knownBy)
    {
        (this.asOf, this.knownBy) = (this.asOf ?? asOf, this.knownBy ?? knownBy);
        return Dated(conditions.Aggregate(new Query(Layer), (query, condition) => query.Where(condition(null))));
    }

    private Query Dated(Query query) => query with { AsOf = asOf ?? Days.Today, KnownBy = knownBy ?? Days.Today, Since = since };

    private void Step(ODataPathSegment segment)
    {
        if (OnlyCount || Raw || Refs) throw Lower.Unsupported($"the path segment {segment.Identifier} here");
        switch (segment)
        {
            case EntitySetSegment set when Layer is null: Enter(Catalogue.Layer(set.EntitySet.Name)); break;
            case OperationImportSegment call when Layer is null: Import(call); break;
            case KeySegment key when !Single:
                var (layer, value) = (Layer, key.Keys.Single().Value);
                conditions.Add(row => new Compare(Comparison.Equal, new ColumnValue(layer.Key, row), new Literal(value)));
                Single = IsByKey = true;
                break;
            case OperationSegment call when !Single && Parent is null:
                asOf = Day(call.Parameters, "asOf") ?? throw Takes("AsOf(asOf=2018-06-29)");
                knownBy = Day(call.Parameters, "knownBy") ?? knownBy;
                break;
            case CountSegment when !Single: OnlyCount = true; break;
            case NavigationPropertySegment way when Single && Property is null: Follow(way.NavigationProperty); break;
            case NavigationPropertyLinkSegment way when Single && Property is null:
                Follow(way.NavigationProperty);
                Refs = true;
                break;
            case ReferenceSegment when Property is null: Refs = true; break;
            case PropertySegment one when Single && Property is null: Property = one.Property.Name; break;
            case ValueSegment when Property is not null: Raw = true; break;
            default: throw Lower.Unsupported($"the path segment {segment.Identifier}");
        }
    }

    private void Enter(Layer layer)
    {
        Layer = layer;
        passed++;
    }

    /// <summary>From one entity to the rows that a relation leads to: those that the relation, walked backwards, leads to that entity.</summary>
    private void Follow(IEdmNavigationProperty property)
    {
        var (from, before, days) = (Layer, conditions, this);
        var relation = from.Relations.First(r => r.Name == property.Name);
        var back = new Relation(relation.Name, from.Name, relation.TargetColumn, relation.Column, Many: true);
        var variable = $"~{passed}";
        Expression All(string? row) => before.Select(c => c(row)).Aggregate((left, right) => new And(left, right));
        Parent = () => days.Dated(new Query(from) { Filter = All(null), Select = [from.Key] });
        conditions = [row => new AnyRelated(back, row, variable, All(variable))];
        (Single, IsByKey) = (!relation.Many, false);
        Enter(Catalogue.Layer(relation.Target));
    }

    private void Import(OperationImportSegment call)
    {
        var name = call.OperationImports.First().Name;
        var form = name switch { ODataModel.GainsFunction => GainsForm, ODataModel.ChangesFunction => "Changes(since=2018-06-29,asOf=2023-12-31)", _ => "Broken(asOf=2018-06-29)" };
        asOf = Day(call.Parameters, "asOf") ?? throw Takes(form);
        knownBy = Day(call.Parameters, "knownBy");
        switch (name)
        {
            case ODataModel.GainsFunction:
                Enter(GainLayers.Gains);
                Is("mode", call, Model.Modes.Names, null);
                Is("weights", call, Weighting.Names, "equal");
                break;
            case ODataModel.ChangesFunction:
                since = Day(call.Parameters, "since") ?? throw Takes(form);
                if (since > asOf) throw new InputException($"since={since:yyyy-MM-dd} is after asOf={asOf:yyyy-MM-dd}.");
                Enter(Catalogue.LinkChanges);
                break;
            default:
                Enter(Catalogue.Links);
                conditions.Add(row => new Compare(Comparison.Equal, new ColumnValue("broken", row), new Literal(true)));
                break;
        }
        void Is(string parameter, OperationImportSegment import, string[] known, string? otherwise)
        {
            var value = Constant(import.Parameters, parameter) ?? otherwise;
            if (value is not string word || !known.Contains(word)) throw new InputException($"{parameter} is none of {string.Join(", ", known.Select(k => $"'{k}'"))}: write {GainsForm}.");
            conditions.Add(row => new Compare(Comparison.Equal, new ColumnValue(parameter, row), new Literal(word)));
        }
    }

    private const string GainsForm = "Gains(asOf=2018-06-29,mode='car')";

    private static InputException Takes(string form) => new($"{form[..form.IndexOf('(', StringComparison.Ordinal)]} lacks a parameter: write {form}; knownBy{(form == GainsForm ? " and weights" : "")} may follow.");

    /// <summary>The constant given for a parameter; null where it was left out.</summary>
    private static object? Constant(IEnumerable<OperationSegmentParameter> parameters, string name) => parameters.FirstOrDefault(p => p.Name == name)?.Value switch
    {
        ConstantNode constant => constant.Value,
        ConvertNode { Source: ConstantNode constant } => constant.Value,
        var other => other,
    };

    private static DateOnly? Day(IEnumerable<OperationSegmentParameter> parameters, string name) => Constant(parameters, name) switch
    {
        null => null,
        Date day => Lower.Day(day),
        string text => Days.Read(name, text),
        _ => throw new InputException($"{name} is not a date: write AsOf({name}=2018-06-29)."),
    };
}
