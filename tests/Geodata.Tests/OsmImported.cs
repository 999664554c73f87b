using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>A database into which worlds are imported, each under a name of its own.</summary>
public sealed class OsmImported() : WorldFixture(() => TestDatabase.Create())
{
    private int count;

    private static readonly string[] Tables = ["street", "street_junction", "street_turn", "street_barrier", "map_line", "map_route", "map_stop"];

    /// <summary>Imports a world as XML, as PBF with its nodes dense and packed, and as PBF otherwise: all three must make the same rows.</summary>
    /// <returns>The dataset.</returns>
    public async Task<string> Import(OsmWorld world)
    {
        var name = $"world-{Interlocked.Increment(ref count)}";
        await Run(world.Xml(), ".osm", name);
        await Run(world.Pbf(), ".osm.pbf", $"{name}-pbf");
        await Run(world.Pbf(isDense: false, perBlock: 1000, isPacked: false), ".osm.pbf", $"{name}-raw");
        foreach (var table in Tables)
            foreach (var other in new[] { "pbf", "raw" })
                Assert.Equal("", string.Join('\n', await Database.Column($"with a as (select to_jsonb(t) - 'dataset_id' r from {table} t where dataset_id = '{name}'), b as (select to_jsonb(t) - 'dataset_id' r from {table} t where dataset_id = '{name}-{other}') " +
                    "(select 'xml ' || r::text from (select * from a except select * from b) x) union all (select 'pbf ' || r::text from (select * from b except select * from a) x)")));
        return name;
    }

    public async Task<Imported> Run(byte[] file, string ending, string dataset)
    {
        var path = Path.Combine(Path.GetTempPath(), $"jietong-{Guid.NewGuid():N}{ending}");
        await File.WriteAllBytesAsync(path, file);
        try { return await Geodata.Imports.Import.Run(Database.Db, new ImportRequest([path], "test") { Dataset = dataset, Title = dataset }); }
        finally { File.Delete(path); }
    }

    /// <summary>Streets as <c>w1-1-3 car ⇄ cycle → foot ⇄</c>; a mode that may not is left out.</summary>
    public async Task<string[]> Streets(OsmWorld world) => await StreetsOf(await Import(world));

    public async Task<string[]> StreetsOf(string dataset)
    {
        const string mode = "case when {0}_forward_ms is not null and {0}_backward_ms is not null then ' {0} ⇄' when {0}_forward_ms is not null then ' {0} →' when {0}_backward_ms is not null then ' {0} ←' else '' end";
        return [.. await Database.Column($"select id || {mode.Replace("{0}", "car")} || {mode.Replace("{0}", "cycle")} || {mode.Replace("{0}", "foot")} from street where dataset_id = '{dataset}' order by id")];
    }

    public async Task<string[]> Rows(string dataset, string sql) => [.. await Database.Column(sql.Replace("$", $"'{dataset}'", StringComparison.Ordinal))];

    /// <summary>What is stored at all.</summary>
    public Task<string> Stored() => Database.Scalar<string>($"select (select number || ' ' || content_hash from data_version){string.Concat(Tables.Select(t => $" || ' ' || (select count(*) from {t})"))}");
}
