using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>docs/ogc-conformance.md answers every abstract test of OGC API – Features, class by class in the order of the standards; each test of ours that it names is there; and what the service declares stands on a page.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class OgcConformanceDocTests(ShippedService service)
{
    /// <summary>The classes and their abstract tests: OGC 17-069r4 (1.0.1), 18-058r1 (1.0.1), 19-079r2 (1.0.0).</summary>
    private static readonly Dictionary<string, string> Standard = new()
    {
        ["ogcapi-features-1/1.0/conf/core"] = "http crs84 root-op root-success api-definition-op api-definition-success conformance-op conformance-success fc-md-op fc-md-success fc-md-links fc-md-items fc-md-items-links fc-md-extent sfc-md-op sfc-md-success "
            + "fc-op fc-bbox-definition fc-bbox-response fc-limit-definition fc-limit-response fc-time-definition fc-time-response query-param-invalid query-param-unknown fc-response fc-links fc-timeStamp fc-numberMatched fc-numberReturned f-op f-success f-links",
        ["ogcapi-features-1/1.0/conf/geojson"] = "definition content",
        ["ogcapi-features-1/1.0/conf/html"] = "definition content",
        ["ogcapi-features-1/1.0/conf/oas30"] = "completeness exceptions-codes oas-definition-1 oas-definition-2 oas-impl security",
        ["ogcapi-features-2/1.0/conf/crs"] = "crs-uri default-crs storageCrs crs-parameter crs-parameter-invalid crs-parameter-default crs-parameter-transform bbox-crs-parameter bbox-crs-parameter-invalid bbox-crs-parameter-default",
        ["ogcapi-features-3/1.0/conf/queryables"] = "get-conformance get-queryables-uris get-queryables",
        ["ogcapi-features-3/1.0/conf/queryables-query-parameters"] = "get-conformance query-param",
        ["ogcapi-features-3/1.0/conf/filter"] = "get-conformance filter-param filter-lang-default expression-construction filter-crs-wgs84 filter-crs-param get-functions",
        ["ogcapi-features-3/1.0/conf/features-filter"] = "get-conformance get-collections get-collection filter-on-items mixing-expression",
    };

    /// <summary>The other standards, and the pages on them.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new() { ["cql2"] = "cql2.md", ["ogcapi-tiles-1"] = "ogc-conformance-tiles.md", ["tms"] = "ogc-conformance-tiles.md" };

    private static readonly Dictionary<string, List<ConformanceRow>> Tables = ConformancePage.Tables("ogc-conformance.md", Heading());

    [Fact]
    public void Every_abstract_test_has_its_row()
    {
        Assert.Equal(Standard.Keys, Tables.Keys);
        foreach (var (name, tests) in Standard) Assert.Equal(tests.Split(' '), Tables[name].Select(r => r.Number));
    }

    [Fact]
    public void Every_row_has_an_answer_and_what_is_served_has_a_test() => ConformancePage.EveryRowHasAnAnswerAndWhatIsServedATest(Tables.Values.SelectMany(t => t));

    [Fact]
    public void Every_test_that_is_named_is_there() => ConformancePage.EveryTestThatIsNamedIsThere(Tables.Values.SelectMany(t => t));

    [Fact]
    public async Task Every_class_that_is_declared_has_its_table_and_no_other_class_of_features_has_one()
    {
        var declared = (await service.Json("/conformance")).GetProperty("conformsTo").EnumerateArray().Select(c => c.GetString()!).ToList();
        Assert.Equal(declared.Count, declared.Distinct().Count());
        Assert.All(declared, c => Assert.StartsWith("http://www.opengis.net/spec/", c, StringComparison.Ordinal));
        var names = declared.Select(c => c["http://www.opengis.net/spec/".Length..]).ToList();
        Assert.Equal(Standard.Keys.Order(StringComparer.Ordinal), names.Where(n => n.StartsWith("ogcapi-features", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(Tables.SelectMany(t => t.Value), r => Assert.False(r.Answer.StartsWith('否'), $"{r.Number} is declared, but not served"));
    }

    /// <summary>Classes of other standards stand, by their names, on the pages to which this one points.</summary>
    [Fact]
    public async Task Every_class_of_another_standard_is_on_its_page()
    {
        var page = Checkout.Read("docs", "ogc-conformance.md");
        foreach (var name in (await service.Json("/conformance")).GetProperty("conformsTo").EnumerateArray().Select(c => c.GetString()!["http://www.opengis.net/spec/".Length..]).Where(n => !Standard.ContainsKey(n)))
        {
            var file = Elsewhere[name.Split('/')[0]];
            Assert.Contains($"]({file})", page, StringComparison.Ordinal);
            Assert.Matches($"(?<![a-z-]){Regex.Escape(name.Split('/')[^1])}(?![a-z-])", Checkout.Read("docs", file));
        }
    }

    [GeneratedRegex(@"^## .*`([a-z0-9./-]+)`$", RegexOptions.Multiline)] private static partial Regex Heading();
}
