using Jietong.Geodata.Query;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Jietong.Services.OData;

/// <summary>The catalogue as OData sees it: an entity set a layer, a navigation property a relation, and the function AsOf where time matters.</summary>
internal static class ODataModel
{
    public const string Namespace = "Jietong", GainsFunction = "Gains", BrokenFunction = "Broken";
    public static readonly EdmModel Model = Build();

    private static EdmModel Build()
    {
        AddSpatialFunctions();
        var model = new EdmModel();
        var container = new EdmEntityContainer(Namespace, "Container");
        model.AddElement(container);
        var types = new Dictionary<string, EdmEntityType>();
        var sets = new Dictionary<string, EdmEntitySet>();
        foreach (var layer in Catalogue.Layers)
        {
            var type = new EdmEntityType(Namespace, Singular(layer.Name));
            foreach (var column in layer.Columns)
            {
                var property = type.AddStructuralProperty(column.Name, TypeOf(model, type.Name, column));
                if (column.Name == layer.Key) type.AddKeys(property);
            }
            model.AddElement(type);
            types[layer.Name] = type;
            sets[layer.Name] = container.AddEntitySet(layer.Name, type);
        }
        foreach (var layer in Catalogue.Layers)
        {
            foreach (var relation in layer.Relations)
            {
                var navigation = types[layer.Name].AddUnidirectionalNavigation(new()
                {
                    Name = relation.Name, Target = types[relation.Target], TargetMultiplicity = relation.Many ? EdmMultiplicity.Many : EdmMultiplicity.ZeroOrOne,
                });
                sets[layer.Name].AddNavigationTarget(navigation, sets[relation.Target]);
            }
            if (layer.Time != TimeArguments.AsOfAndKnownBy) continue;
            AddAsOf(model, types[layer.Name], withKnownBy: false);
            AddAsOf(model, types[layer.Name], withKnownBy: true);
        }
        AddBroken(model, container, sets[Catalogue.Links.Name]);
        AddGains(model, container, sets[GainLayers.Gains.Name]);
        return model;
    }

    /// <summary><c>Gains(asOf=…,mode=…)</c>: the rows of LinkGains of that day and mode; by equal weights, unless others are named.</summary>
    private static void AddGains(EdmModel model, EdmEntityContainer container, EdmEntitySet set)
    {
        foreach (var optional in new[] { [], ["weights"], ["knownBy"], new[] { "knownBy", "weights" } }) AddFunctionImport(model, container, set, GainsFunction, ["asOf", "mode", .. optional]);
    }

    /// <summary>The rows of a set as of a day: <c>Links/AsOf(asOf=…)</c>.</summary>
    private static void AddAsOf(EdmModel model, EdmEntityType type, bool withKnownBy)
    {
        var rows = EdmCoreModel.GetCollection(new EdmEntityTypeReference(type, false));
        var day = EdmCoreModel.Instance.GetDate(false);
        var function = new EdmFunction(Namespace, "AsOf", rows, isBound: true, entitySetPathExpression: new EdmPathExpression("rows"), isComposable: true);
        function.AddParameter("rows", rows);
        function.AddParameter("asOf", day);
        if (withKnownBy) function.AddParameter("knownBy", day);
        model.AddElement(function);
    }

    /// <summary><c>Broken(asOf=…)</c>: the links not known to be open on that day.</summary>
    private static void AddBroken(EdmModel model, EdmEntityContainer container, EdmEntitySet set)
    {
        foreach (var parameters in new[] { new[] { "asOf" }, ["asOf", "knownBy"] }) AddFunctionImport(model, container, set, BrokenFunction, parameters);
    }

    private static void AddFunctionImport(EdmModel model, EdmEntityContainer container, EdmEntitySet set, string name, IEnumerable<string> parameters)
    {
        var function = new EdmFunction(Namespace, name, EdmCoreModel.GetCollection(new EdmEntityTypeReference(set.EntityType(), false)), isBound: false, entitySetPathExpression: null, isComposable: true);
        foreach (var parameter in parameters) function.AddParameter(parameter, parameter is "asOf" or "knownBy" ? EdmCoreModel.Instance.GetDate(false) : EdmCoreModel.Instance.GetString(false));
        model.AddElement(function);
        container.AddFunctionImport(name, function, new EdmPathExpression(set.Name), includeInServiceDocument: false);
    }

    private static IEdmTypeReference TypeOf(EdmModel model, string owner, Column column) => column.Type switch
    {
        ColumnType.Text => EdmCoreModel.Instance.GetString(column.Nullable),
        ColumnType.TextList => EdmCoreModel.GetCollection(EdmCoreModel.Instance.GetString(false)),
        ColumnType.Integer => EdmCoreModel.Instance.GetInt32(column.Nullable),
        ColumnType.Number => EdmCoreModel.Instance.GetDouble(column.Nullable),
        ColumnType.Bool => EdmCoreModel.Instance.GetBoolean(column.Nullable),
        ColumnType.Date => EdmCoreModel.Instance.GetDate(column.Nullable),
        ColumnType.Timestamp => EdmCoreModel.Instance.GetDateTimeOffset(column.Nullable),
        ColumnType.Geometry => EdmCoreModel.Instance.GetSpatial(EdmPrimitiveTypeKind.Geography, column.Nullable),
        ColumnType.Json => EdmCoreModel.GetCollection(new EdmComplexTypeReference(Complex(model, owner, column), false)),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "no EDM type"),
    };

    private static EdmComplexType Complex(EdmModel model, string owner, Column column)
    {
        var type = new EdmComplexType(Namespace, $"{owner}_{column.Name}");
        foreach (var member in column.Members) type.AddStructuralProperty(member.Name, TypeOf(model, type.Name, member));
        model.AddElement(type);
        return type;
    }

    public static Layer LayerOf(IEdmStructuredType type) => Catalogue.Layers.First(l => Singular(l.Name) == ((IEdmNamedElement)type).Name);

    private static string Singular(string set) => set.EndsWith("ies", StringComparison.Ordinal) ? set[..^3] + "y" : set[..^1];

    /// <summary>OData's own signatures know points and polygons only; a link is a line or a point. The registration is global to the process.</summary>
    private static void AddSpatialFunctions()
    {
        var geography = EdmCoreModel.Instance.GetSpatial(EdmPrimitiveTypeKind.Geography, true);
        var number = EdmCoreModel.Instance.GetDouble(true);
        CustomUriFunctions.AddCustomUriFunction("geo.distance", new(number, geography, geography));
        CustomUriFunctions.AddCustomUriFunction("geo.intersects", new(EdmCoreModel.Instance.GetBoolean(true), geography, geography));
        CustomUriFunctions.AddCustomUriFunction("geo.length", new(number, geography));
        foreach (var relation in new[] { "within", "contains", "crosses", "touches", "disjoint" })
            CustomUriFunctions.AddCustomUriFunction($"jietong.{relation}", new(EdmCoreModel.Instance.GetBoolean(true), geography, geography));
        CustomUriFunctions.AddCustomUriFunction("jietong.dwithin", new(EdmCoreModel.Instance.GetBoolean(true), geography, geography, number));
        CustomUriFunctions.AddCustomUriFunction("jietong.area", new(number, geography));
        CustomUriFunctions.AddCustomUriFunction("jietong.bearing", new(number, geography, geography));
        CustomUriFunctions.AddCustomUriFunction("jietong.centroid", new(geography, geography));
        CustomUriFunctions.AddCustomUriFunction("jietong.buffer", new(geography, geography, number));
    }
}
