using Jietong.Geodata.Query;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Jietong.Services.OData;

/// <summary>The catalogue as OData sees it: an entity set a layer, a navigation property a relation, and the function AsOf where time matters.</summary>
internal static class ODataModel
{
    public const string Namespace = "Jietong", GainsFunction = "Gains", BrokenFunction = "Broken", ChangesFunction = "Changes";
    /// <summary>Layers whose rows have a type; those that need a day to be asked for have no entity set, but a function.</summary>
    private static readonly IReadOnlyList<Layer> Typed = [.. Catalogue.All, Catalogue.LinkChanges];
    public static readonly EdmModel Model = Build();

    private static EdmModel Build()
    {
        ODataFunction.Register();
        var model = new EdmModel();
        var container = new EdmEntityContainer(Namespace, "Container");
        model.AddElement(container);
        var types = new Dictionary<string, EdmEntityType>();
        var sets = new Dictionary<string, EdmEntitySet>();
        foreach (var layer in Typed)
        {
            var type = new EdmEntityType(Namespace, Singular(layer.Name));
            foreach (var column in layer.Columns)
            {
                var property = type.AddStructuralProperty(column.Name, TypeOf(model, type.Name, column));
                if (column.Name == layer.Key) type.AddKeys(property);
            }
            model.AddElement(type);
            ODataAnnotations.Describe(model, layer, type);
            types[layer.Name] = type;
            if (Catalogue.All.Contains(layer)) sets[layer.Name] = container.AddEntitySet(layer.Name, type);
        }
        foreach (var layer in Typed)
        {
            foreach (var relation in layer.Relations)
            {
                var navigation = types[layer.Name].AddUnidirectionalNavigation(new()
                {
                    Name = relation.Name, Target = types[relation.Target], TargetMultiplicity = relation.Many ? EdmMultiplicity.Many : EdmMultiplicity.ZeroOrOne,
                });
                sets.GetValueOrDefault(layer.Name)?.AddNavigationTarget(navigation, sets[relation.Target]);
            }
            if (layer.Time == TimeArguments.AsOfAndKnownBy) AddAsOf(model, types[layer.Name]);
        }
        AddFunctionImport(model, container, types[Catalogue.Links.Name], sets[Catalogue.Links.Name], BrokenFunction, "asOf");   // the links not known to be open on that day
        AddFunctionImport(model, container, types[GainLayers.Gains.Name], sets[GainLayers.Gains.Name], GainsFunction, "asOf", "mode", "weights?");   // that day's rows of LinkGains; by equal weights, unless others are named
        AddFunctionImport(model, container, types[Catalogue.LinkChanges.Name], null, ChangesFunction, "since", "asOf");
        ODataAnnotations.Annotate(model, container);
        return model;
    }

    /// <summary>The rows of a set as of a day: <c>Links/AsOf(asOf=…)</c>.</summary>
    private static void AddAsOf(EdmModel model, EdmEntityType type)
    {
        var rows = EdmCoreModel.GetCollection(new EdmEntityTypeReference(type, false));
        var function = new EdmFunction(Namespace, "AsOf", rows, isBound: true, entitySetPathExpression: new EdmPathExpression("rows"), isComposable: true);
        function.AddParameter("rows", rows);
        AddParameters(function, "asOf");
        model.AddElement(function);
    }

    private static void AddFunctionImport(EdmModel model, EdmEntityContainer container, IEdmEntityType type, EdmEntitySet? set, string name, params string[] parameters)
    {
        var function = new EdmFunction(Namespace, name, EdmCoreModel.GetCollection(new EdmEntityTypeReference(type, false)), isBound: false, entitySetPathExpression: null, isComposable: true);
        AddParameters(function, parameters);
        model.AddElement(function);
        container.AddFunctionImport(name, function, set is null ? null : new EdmPathExpression(set.Name), includeInServiceDocument: false);
    }

    /// <summary>One function with parameters that may be left out, not one a combination: generators of clients give overloads names of their own, or keep only the last. A ? marks what may be left out; knownBy always may.</summary>
    private static void AddParameters(EdmFunction function, params string[] parameters)
    {
        foreach (var parameter in parameters.Append("knownBy?"))
        {
            var (name, optional) = (parameter.TrimEnd('?'), parameter.EndsWith('?'));
            IEdmTypeReference type = name is "asOf" or "knownBy" or "since" ? EdmCoreModel.Instance.GetDate(optional) : EdmCoreModel.Instance.GetString(optional);
            if (optional) function.AddOptionalParameter(name, type);
            else function.AddParameter(name, type);
        }
    }

    private static IEdmTypeReference TypeOf(EdmModel model, string owner, Column column) => column switch
    {
        { Type: ColumnType.Json } => EdmCoreModel.GetCollection(new EdmComplexTypeReference(Complex(model, owner, column), false)),
        { Flags.Count: > 0 } => new EdmEnumTypeReference(Flags(model, column), false),
        _ => TypeOf(column.Type, column.Nullable),
    };

    /// <summary>A set of words, asked about by <c>has</c>; columns of one name have the same words.</summary>
    private static EdmEnumType Flags(EdmModel model, Column column)
    {
        var name = char.ToUpperInvariant(column.Name[0]) + column.Name[1..];
        if (model.FindDeclaredType($"{Namespace}.{name}") is EdmEnumType known) return known;
        var type = new EdmEnumType(Namespace, name, isFlags: true);
        foreach (var (i, word) in column.Flags.Index()) type.AddMember(word, new EdmEnumMemberValue(1 << i));
        model.AddElement(type);
        return type;
    }

    public static IEdmTypeReference TypeOf(ColumnType type, bool nullable) => type switch
    {
        ColumnType.Text => EdmCoreModel.Instance.GetString(nullable),
        ColumnType.TextList => EdmCoreModel.GetCollection(EdmCoreModel.Instance.GetString(false)),
        ColumnType.Integer => EdmCoreModel.Instance.GetInt32(nullable),
        ColumnType.Number => EdmCoreModel.Instance.GetDouble(nullable),
        ColumnType.Bool => EdmCoreModel.Instance.GetBoolean(nullable),
        ColumnType.Date => EdmCoreModel.Instance.GetDate(nullable),
        ColumnType.Timestamp => EdmCoreModel.Instance.GetDateTimeOffset(nullable),
        ColumnType.Geometry => EdmCoreModel.Instance.GetSpatial(EdmPrimitiveTypeKind.Geography, nullable),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no EDM type"),
    };

    /// <summary>What a value of the type is to the engine.</summary>
    /// <exception cref="Serve.UnsupportedException">The engine has nothing like it.</exception>
    public static ColumnType ColumnTypeOf(IEdmTypeReference? type, string what) => type switch
    {
        _ when type?.IsString() == true => ColumnType.Text,
        _ when type?.IsIntegral() == true => ColumnType.Integer,
        _ when type?.IsDouble() == true || type?.IsDecimal() == true || type?.IsSingle() == true => ColumnType.Number,
        _ when type?.IsBoolean() == true => ColumnType.Bool,
        _ when type?.IsDate() == true => ColumnType.Date,
        _ when type?.IsDateTimeOffset() == true => ColumnType.Timestamp,
        _ when type?.IsGeography() == true => ColumnType.Geometry,
        _ => throw Lower.Unsupported($"{what} of the type {type?.FullName() ?? "null"}"),
    };

    public static IEdmEntityType TypeOf(Layer layer) => (IEdmEntityType)Model.FindDeclaredType($"{Namespace}.{Singular(layer.Name)}");

    private static EdmComplexType Complex(EdmModel model, string owner, Column column)
    {
        var type = new EdmComplexType(Namespace, $"{owner}_{column.Name}");
        foreach (var member in column.Members) type.AddStructuralProperty(member.Name, TypeOf(model, type.Name, member));
        model.AddElement(type);
        return type;
    }

    public static Layer LayerOf(IEdmStructuredType type) => Typed.First(l => Singular(l.Name) == ((IEdmNamedElement)type).Name);

    private static string Singular(string set) => set.EndsWith("Table", StringComparison.Ordinal) ? set + "Row" : set.EndsWith("ies", StringComparison.Ordinal) ? set[..^3] + "y" : set[..^1];
}
