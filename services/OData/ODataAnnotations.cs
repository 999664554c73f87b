using Jietong.Geodata.Query;
using Jietong.Services.Serve;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;

namespace Jietong.Services.OData;

/// <summary>What the metadata say of the service beyond names and types: what it can (OASIS's vocabulary Capabilities), and what everything means, in both languages (Core). No level of conformance is claimed: docs/odata-conformance.md names what each one lacks.</summary>
internal static class ODataAnnotations
{
    private const string Capabilities = "Org.OData.Capabilities.V1", Core = "Org.OData.Core.V1";

    public static void Annotate(EdmModel model, IEdmEntityContainer container)
    {
        Say(model, container, Capabilities, "SupportedFormats", Texts(["application/json;odata.metadata=minimal", "application/json;odata.metadata=none", "application/json;odata.metadata=full"]));
        Say(model, container, Capabilities, "SupportedMetadataFormats", Texts(["application/xml", "application/json"]));
        Say(model, container, Capabilities, "AcceptableEncodings", Texts(["gzip", "br"]));
        Say(model, container, Capabilities, "FilterFunctions", Texts(ODataFunction.All.Select(f => f.Name)));
        foreach (var can in new[] { "BatchSupported", "BatchContinueOnErrorSupported", "TopSupported", "SkipSupported", "ComputeSupported", "QuerySegmentSupported", "IndexableByKey" }) Say(model, container, Capabilities, can, new EdmBooleanConstant(true));
        foreach (var cannot in new[] { "AsynchronousRequestsSupported", "CrossJoinSupported", "KeyAsSegmentSupported", "AnnotationValuesInQuerySupported" }) Say(model, container, Capabilities, cannot, new EdmBooleanConstant(false));
        foreach (var set in container.EntitySets()) Restrict(model, set);
        model.SetEdmReferences([Reference(Core, "Core"), Reference(Capabilities, "Capabilities")]);
    }

    private static EdmReference Reference(string vocabulary, string alias)
    {
        var reference = new EdmReference(new Uri($"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/{vocabulary}.xml"));
        reference.AddInclude(new EdmInclude(alias, vocabulary));
        return reference;
    }

    private static void Restrict(EdmModel model, IEdmEntitySet set)
    {
        var relations = Catalogue.Layer(set.Name).Relations.Count > 0;
        Say(model, set, Capabilities, "CountRestrictions", Record(("Countable", true)));
        Say(model, set, Capabilities, "FilterRestrictions", Record(("Filterable", true), ("RequiresFilter", false)));
        Say(model, set, Capabilities, "SortRestrictions", Record(("Sortable", true)));
        Say(model, set, Capabilities, "SearchRestrictions", Record(("Searchable", true)));
        Say(model, set, Capabilities, "ExpandRestrictions", new EdmRecordExpression([Value("Expandable", relations), new EdmPropertyConstructor("MaxLevels", new EdmIntegerConstant(relations ? Limits.DeepestExpand : 0))]));
        Say(model, set, Capabilities, "ChangeTracking", Record(("Supported", false)));
        Say(model, set, Capabilities, "InsertRestrictions", Record(("Insertable", WritableSet.Named(set.Name) is not null)));
        Say(model, set, Capabilities, "UpdateRestrictions", Record(("Updatable", WritableSet.Named(set.Name) is { MayBeAmended: true })));
        Say(model, set, Capabilities, "DeleteRestrictions", Record(("Deletable", false)));
    }

    /// <summary>The headings of a layer and of its columns.</summary>
    public static void Describe(EdmModel model, Layer layer, EdmEntityType type)
    {
        Say(model, type, Core, "Description", new EdmStringConstant($"{layer.TitleZh} {layer.TitleEn}"));
        foreach (var column in layer.Columns)
        {
            var property = (IEdmVocabularyAnnotatable)type.FindProperty(column.Name);
            Say(model, property, Core, "Description", new EdmStringConstant($"{column.TitleZh} {column.TitleEn}"));
            if (WritableSet.Named(layer.Name)?.Cells.ContainsKey(column.Name) == false) Say(model, property, Core, "Computed", new EdmBooleanConstant(true));
        }
    }

    private static void Say(EdmModel model, IEdmVocabularyAnnotatable of, string vocabulary, string term, IEdmExpression value)
    {
        var annotation = new EdmVocabularyAnnotation(of, model.FindTerm($"{vocabulary}.{term}"), value);
        annotation.SetSerializationLocation(model, EdmVocabularyAnnotationSerializationLocation.Inline);
        model.AddVocabularyAnnotation(annotation);
    }

    private static EdmCollectionExpression Texts(IEnumerable<string> texts) => new(texts.Select(t => new EdmStringConstant(t)));

    private static EdmRecordExpression Record(params (string Name, bool Value)[] values) => new(values.Select(v => (IEdmPropertyConstructor)Value(v.Name, v.Value)));

    private static EdmPropertyConstructor Value(string name, bool value) => new(name, new EdmBooleanConstant(value));
}
