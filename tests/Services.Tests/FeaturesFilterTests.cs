using System.Globalization;
using System.Text.Json;
using Jietong.Geodata.Query;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Filters as OGC API – Features – Part 3 (19-079r2) tests them, on every collection; what the languages themselves say is tested by CQL2's own tests.</summary>
[Collection(nameof(ShippedService))]
public sealed class FeaturesFilterTests(ShippedService service)
{
    private static string Filter(string filter, string others = "") => $"filter={Uri.EscapeDataString(filter)}{others}";

    private async Task<int> Matched(Layer layer, string options = "") => (await service.Json($"/collections/{layer.Collection}/items?limit=1&{options}")).GetProperty("numberMatched").GetInt32();

    [Fact]
    public async Task A_filter_is_text_unless_its_language_is_named()
    {
        foreach (var layer in Catalogue.Collections)
        {
            var all = await Matched(layer);
            Assert.Equal((all, all, 0), (await Matched(layer, Filter($"{layer.Key} IS NOT NULL")), await Matched(layer, Filter($"{layer.Key} IS NOT NULL", "&filter-lang=cql2-text")), await Matched(layer, Filter($"{layer.Key} IS NULL"))));
            Assert.Equal(all, await Matched(layer, Filter($$"""{"op":"not","args":[{"op":"isNull","args":[{"property":"{{layer.Key}}"}]}]}""", "&filter-lang=cql2-json")));
            foreach (var wrong in new[] { Filter("THIS IS NOT A FILTER"), Filter("THIS IS NOT A FILTER", "&filter-lang=cql2-text"), Filter("THIS IS NOT A FILTER", "&filter-lang=cql2-json"), Filter("true", "&filter-lang=sql"), Filter("") })
                await service.Problem($"/collections/{layer.Collection}/items?{wrong}", 400);
        }
    }

    /// <summary>Queryables say that there are no others ("additionalProperties": false).</summary>
    [Fact]
    public async Task A_property_that_a_collection_has_not_is_refused_by_name()
    {
        foreach (var layer in Catalogue.Collections)
            Assert.Contains("this_is_not_a_queryable", await service.Problem($"/collections/{layer.Collection}/items?{Filter("this_is_not_a_queryable IS NULL")}", 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_queryable_may_stand_in_a_filter()
    {
        foreach (var layer in Catalogue.Collections)
        {
            var queryables = (await service.Json($"/collections/{layer.Collection}/queryables")).GetProperty("properties").EnumerateObject().Select(p => p.Name).ToList();
            Assert.Equal(await Matched(layer), await Matched(layer, Filter(string.Join(" AND ", queryables.Select(q => $"({q} IS NULL OR {q} IS NOT NULL)")))));
        }
    }

    public static TheoryData<string> Systems => [.. Crs.All.Select(c => c.Uri)];

    /// <summary>A box about everything, drawn in each system, holds every feature that has a position; a small area holds those that PostGIS finds in it.</summary>
    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Geometries_of_a_filter_are_in_the_system_that_it_names(string uri)
    {
        var crs = Crs.All.Single(c => c.Uri == uri);
        string Drawn(string geometry) => $"select replace(ST_AsText({(crs.LatitudeFirst ? "ST_FlipCoordinates" : "")}({(crs.Shift is { } shift ? $"{shift.There}({geometry})" : $"ST_Transform({geometry}, {crs.Srid})")}), 9), 'POLYGON', 'POLYGON ')";
        var everywhere = await service.Database.Scalar<string>(Drawn("ST_Segmentize(ST_MakeEnvelope(120, 30, 123, 32, 4326), 0.5)"));
        foreach (var layer in Catalogue.Collections.Where(l => l.Geometry is not null))
            Assert.Equal(await Matched(layer, Filter("geometry IS NOT NULL")), await Matched(layer, Filter($"S_INTERSECTS(geometry, {everywhere})", $"&filter-crs={Uri.EscapeDataString(uri)}")));
        const string area = "ST_GeomFromText('POLYGON((121.02 31.21, 121.21 31.19, 121.24 31.37, 121.01 31.41, 121.02 31.21))', 4326)";
        var here = await service.Database.Scalar<string>(Drawn(area));
        Assert.Equal(await service.Database.Column($"select id from stop where ST_Intersects(geom, {area}) order by id"), await service.Items("stops", Filter($"S_INTERSECTS(geometry, {here})", $"&filter-crs={Uri.EscapeDataString(uri)}")));
        if (crs == Crs.Crs84) Assert.Equal(await service.Database.Column($"select id from stop where ST_Intersects(geom, {area}) order by id"), await service.Items("stops", Filter($"S_INTERSECTS(geometry, {here})")));
    }

    [Theory]
    [InlineData("S_INTERSECTS(geometry, BBOX(1000000, 1000000, 2000000, 2000000))", "")]
    [InlineData("S_INTERSECTS(geometry, POINT(31 121))", "")]
    [InlineData("S_INTERSECTS(geometry, BBOX(120, 30, 122, 32))", "&filter-crs=http://www.opengis.net/def/crs/OGC/0/does_not_exist")]
    [InlineData("S_INTERSECTS(geometry, BBOX(120, 30, 122, 32))", "&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326")]
    [InlineData("S_INTERSECTS(geometry, BBOX(120, 30, 122, 32))", "&filter-crs=")]
    public async Task Geometries_that_lie_nowhere_are_refused(string filter, string system)
    {
        foreach (var layer in Catalogue.Collections.Where(l => l.Geometry is not null)) await service.Problem($"/collections/{layer.Collection}/items?{Filter(filter, system)}", 400);
    }

    [Fact]
    public async Task A_filter_a_box_a_property_and_a_day_hold_together()
    {
        Assert.Equal(await service.Database.Column("select id from link_as_of('2020-01-01', '2023-01-01') where broken and kind = 'road' and ST_Intersects(point, ST_MakeEnvelope(121, 31, 121.2, 31.4, 4326)) order by id"),
            (await service.Items("links", Filter("broken AND geometry IS NOT NULL", "&kind=road&bbox=121,31,121.2,31.4&datetime=2020-01-01&knownBy=2023-01-01"))));
        foreach (var layer in Catalogue.Collections.Where(l => l.Geometry is not null))
        {
            var positioned = await Matched(layer, Filter("geometry IS NOT NULL"));
            Assert.Equal((positioned, 0), (await Matched(layer, Filter("S_INTERSECTS(geometry, BBOX(119, 29, 123, 33))", "&bbox=119,29,123,33")), await Matched(layer, Filter("S_INTERSECTS(geometry, BBOX(119, 29, 123, 33))", "&bbox=10,10,11,11"))));
        }
    }

    [Fact]
    public async Task Functions_are_listed_as_the_standard_lists_them()
    {
        var functions = (await service.Json("/functions")).GetProperty("functions").EnumerateArray().ToList();
        Assert.True(functions.Count > 20);
        string[] types = ["string", "number", "integer", "datetime", "geometry", "boolean"];
        Assert.All(functions, f =>
        {
            Assert.Matches("^[a-zA-Z][a-zA-Z.]*$", f.GetProperty("name").GetString());
            Assert.Matches("\\p{IsCJKUnifiedIdeographs}.*[a-z]", f.GetProperty("description").GetString());
            Assert.All(f.GetProperty("returns").EnumerateArray().Concat(f.GetProperty("arguments").EnumerateArray().SelectMany(a => a.GetProperty("type").EnumerateArray())), t => Assert.Contains(t.GetString(), types));
        });
        Assert.Equal(functions.Count, functions.Select(f => f.GetProperty("name").GetString()!.ToLower(CultureInfo.InvariantCulture)).Distinct().Count());
    }

    /// <summary>19-079r2 has the link in a header, so that it is found without reading the features.</summary>
    [Fact]
    public async Task What_can_be_filtered_names_its_queryables_in_a_header()
    {
        foreach (var layer in Catalogue.Collections)
        {
            using var head = await service.Http.SendAsync(new(HttpMethod.Head, $"/collections/{layer.Collection}/items"));
            Assert.Equal($"<{service.Http.BaseAddress}collections/{layer.Collection}/queryables>; rel=\"http://www.opengis.net/def/rel/ogc/1.0/queryables\"; type=\"application/schema+json\"", Assert.Single(head.Headers.GetValues("Link")));
            using var answer = await service.Http.GetAsync($"/collections/{layer.Collection}/queryables");
            Assert.Equal("application/schema+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }
}
