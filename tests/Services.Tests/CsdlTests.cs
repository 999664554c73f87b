using System.Xml;
using System.Xml.Schema;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Our metadata against the schemas that OASIS publishes for them (tests/Spec). That a check can fail is shown by spoilt copies.</summary>
[Collection(nameof(ShippedService))]
public sealed class CsdlTests(ShippedService service)
{
    [Fact]
    public async Task The_metadata_in_XML_follow_the_schema_of_OASIS() => Assert.Empty(await WrongXml(await service.Http.GetStringAsync("/odata/$metadata")));

    [Theory]
    [InlineData("<EntityType Name=\"Link\">", "<EntityType>", "'Name' is missing")]
    [InlineData("<EntityType Name=\"Link\">", "<EntityType Name=\"a link\">", "The Pattern constraint failed")]
    [InlineData("<PropertyRef Name=\"id\" />", "<PropertyReference Name=\"id\" />", "invalid child element 'PropertyReference'")]
    [InlineData("Type=\"Edm.Boolean\"", "Type=\"Edm Boolean\"", "'Edm Boolean' is invalid")]
    [InlineData("Nullable=\"false\"", "Nullable=\"no\"", "'no' is invalid")]
    [InlineData("EntityType=\"Jietong.Link\"", "EntityTyp=\"Jietong.Link\"", "'EntityTyp' attribute is not declared")]
    [InlineData("<edmx:Edmx Version=\"4.", "<edmx:Edmx Version=\"9.", "'Version' attribute is invalid")]
    public async Task Spoilt_metadata_in_XML_are_found_out(string written, string spoilt, string named) =>
        Assert.Contains(await WrongXml(Spoil(await service.Http.GetStringAsync("/odata/$metadata"), written, spoilt)), w => w.Contains(named, StringComparison.Ordinal));

    [Fact]
    public async Task The_metadata_in_JSON_follow_the_schema_of_OASIS()
    {
        var wrong = await WrongJson(await MetadataJson());
        Assert.True(wrong == "", wrong.Length > 2000 ? wrong[..2000] : wrong);
    }

    [Theory]
    [InlineData("\"$Kind\": \"EntityType\"", "\"$Kind\": \"Entity\"", "/Jietong/Link/$Kind must be equal")]
    [InlineData("\"$Version\": \"4.", "\"$Version\": \"9.", "/$Version must be equal")]
    [InlineData("\"$Nullable\": true", "\"$Nullable\": \"yes\"", "/Jietong/Link/since/$Nullable must be boolean")]
    [InlineData("\"$Type\": \"Edm.Date\"", "\"$Typ\": \"Edm.Date\"", "/Jietong/Link/since must NOT have additional properties {\"additionalProperty\":\"$Typ\"}")]
    [InlineData("\"nameZh\":", "\"name-zh\":", "/Jietong/Link must NOT have additional properties {\"additionalProperty\":\"name-zh\"}")]
    [InlineData("\"$EntitySet\": \"Links\"", "\"$Set\": \"Links\"", "/Jietong/Container/Broken must NOT have additional properties {\"additionalProperty\":\"$Set\"}")]
    public async Task Spoilt_metadata_in_JSON_are_found_out(string written, string spoilt, string named) =>
        Assert.Contains(named, await WrongJson(Spoil(await MetadataJson(), written, spoilt)), StringComparison.Ordinal);

    /// <summary>Indented and spaced as <see cref="Spoil"/> expects, whatever the service does.</summary>
    private async Task<string> MetadataJson() => System.Text.Json.JsonSerializer.Serialize(await service.Json("/odata/$metadata?$format=json"), Indented);

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Spoil(string metadata, string written, string spoilt)
    {
        Assert.Contains(written, metadata, StringComparison.Ordinal);
        return metadata.Replace(written, spoilt, StringComparison.Ordinal);
    }

    private static async Task<List<string>> WrongXml(string metadata)
    {
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };   // edmx.xsd imports edm.xsd beside it
        schemas.Add(null, Path.Combine(await NpmFolder.Spec.Modules(), "odata-csdl", "schemas", "edmx.xsd"));
        var wrong = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings | XmlSchemaValidationFlags.ProcessIdentityConstraints };
        settings.ValidationEventHandler += (_, e) => wrong.Add($"{e.Exception.LineNumber}: {e.Message}");
        using var reader = XmlReader.Create(new StringReader(metadata), settings);
        while (reader.Read()) { }
        return wrong;
    }

    private static Task<string> WrongJson(string metadata) => NpmFolder.Spec.Says("validate-csdl.cjs", metadata);
}
