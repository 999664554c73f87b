using Jietong.Geodata.Query;
using Jietong.Services.Cql2;
using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>The tests that the standard publishes, on the data that it publishes (tests/Spec/cql2-cases.txt): every filter in text and in JSON finds as many features as it says.</summary>
public sealed class Cql2StandardTests(Cql2StandardTests.NaturalEarth earth) : IClassFixture<Cql2StandardTests.NaturalEarth>
{
    private static readonly string? Data = Environment.GetEnvironmentVariable("JIETONG_NATURAL_EARTH");

    /// <summary>Skipped, and said so, where the data is not at hand.</summary>
    private sealed class WithNaturalEarthAttribute : FactAttribute
    {
        public WithNaturalEarthAttribute()
        {
            if (Data is null) Skip = "JIETONG_NATURAL_EARTH names no ne110m4cql2.gpkg (see tests/Spec/cql2-cases.txt)";
        }
    }

    private sealed record Case(string Class, Layer Layer, long Expected, string Filter);

    public sealed class NaturalEarth : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = await TestDatabase.Create();
            if (Data is null) return;
            var to = new NpgsqlConnectionStringBuilder(Database.Address);
            _ = (await Ran.Program("ogr2ogr", ["-f", "PostgreSQL", $"PG:host={to.Host} port={to.Port} user={to.Username} dbname={to.Database}", Data, "-lco", "LAUNDER=NO", "-lco", "GEOMETRY_NAME=geom", "-a_srs", "EPSG:4326"],
                environment: [("PGTZ", "UTC"), ("PGPASSWORD", to.Password)])).Succeeded;
        }

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }

    private static Layer Of(string table, params (string Name, ColumnType Type)[] columns) =>
        new(table, table, table, $"public.{table}", "fid", [.. columns.Append(("geom", ColumnType.Geometry)).Select(c => new Column(c.Item1, c.Item2, c.Item1, c.Item1, $"{{t}}.\"{c.Item1}\""))]) { Collection = table };

    private static readonly Dictionary<string, Layer> Layers = new()
    {
        ["countries"] = Of("ne_110m_admin_0_countries", ("NAME", ColumnType.Text), ("POP_EST", ColumnType.Number)),
        ["rivers"] = Of("ne_110m_rivers_lake_centerlines", ("name", ColumnType.Text)),
        ["places"] = Of("ne_110m_populated_places_simple", ("name", ColumnType.Text), ("nameascii", ColumnType.Text), ("pop_min", ColumnType.Integer), ("pop_max", ColumnType.Integer), ("pop_other", ColumnType.Integer),
            ("date", ColumnType.Date), ("start", ColumnType.Timestamp), ("end", ColumnType.Timestamp), ("boolean", ColumnType.Bool)),
    };

    private static readonly List<Case> Cases = [.. Read()];

    private static IEnumerable<Case> Read()
    {
        var conformance = "";
        foreach (var line in Checkout.Read("tests", "Spec", "cql2-cases.txt").Split('\n').Where(l => l != "" && l[0] != '#'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal)) conformance = line[3..];
            else if (line.Split(' ', 3) is [var layer, var expected, var filter]) yield return new(conformance, Layers[layer], long.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), filter);
        }
    }

    private async Task<List<string>> Wrong(string of)
    {
        var wrong = new List<string>();
        foreach (var c in Cases.Where(c => c.Class == of))
            foreach (var json in (bool[])[false, true])
            {
                var filter = json ? Cql2Asking.InJson(c.Filter) : c.Filter;
                var found = await earth.Database.Count(c.Layer, Cql2Filter.Read(filter, json, c.Layer));
                if (found != c.Expected) wrong.Add($"{c.Layer.Name}: {found}, not {c.Expected}: {filter}");
            }
        return wrong;
    }

    [WithNaturalEarth] public async Task Basic_cql2() => Assert.Equal([], await Wrong("basic-cql2"));
    [WithNaturalEarth] public async Task Advanced_comparison_operators() => Assert.Equal([], await Wrong("advanced-comparison-operators"));
    [WithNaturalEarth] public async Task Case_insensitive_comparison() => Assert.Equal([], await Wrong("case-insensitive-comparison"));
    [WithNaturalEarth] public async Task Accent_insensitive_comparison() => Assert.Equal([], await Wrong("accent-insensitive-comparison"));
    [WithNaturalEarth] public async Task Basic_spatial_functions() => Assert.Equal([], await Wrong("basic-spatial-functions"));
    [WithNaturalEarth] public async Task Basic_spatial_functions_plus() => Assert.Equal([], await Wrong("basic-spatial-functions-plus"));
    [WithNaturalEarth] public async Task Spatial_functions() => Assert.Equal([], await Wrong("spatial-functions"));
    [WithNaturalEarth] public async Task Temporal_functions() => Assert.Equal([], await Wrong("temporal-functions"));
    [WithNaturalEarth] public async Task Property_property() => Assert.Equal([], await Wrong("property-property"));
    [WithNaturalEarth] public async Task Arithmetic() => Assert.Equal([], await Wrong("arithmetic"));
}
