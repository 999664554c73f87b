using System.Globalization;
using System.Text.Json;
using Jietong.Geodata.Imports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>
/// A river along x = 0, a road on each bank, one bridge at y = 0, and what does not meet. East of the river is Qingpu. People live along the two roads alone.
/// <code>
///   y = 5500   ──── 孤岛路      ═══ (joined to nothing)
///   y = 5000   ──── 断头路   断头路 ────
///   y = 4000   ──── 临河路   │ 沿河路 (a road along the river)
///   y = 3000   ──── 隔离桥 ● 隔离桥 ──── (a bollard in its middle)
///   y = 2000   ──── 禁行桥 ⋯ 禁行桥 ──── (its middle is closed to motor vehicles)
///   y =  300   ┄┄┄┄ 慢路     慢路 ┄┄┄┄ (so slow that nobody would take it)
///   y =   60   (ends near the bridge: the way round is short)
///   y =    0   ──────── 大桥 ────────
/// </code>
/// </summary>
public sealed class GapsWorld : IAsyncLifetime, IAsyncDisposable
{
    public TestDatabase Database { get; private set; } = null!;
    public string Folder { get; private set; } = "";

    public static RoadWorld Draw()
    {
        double[] ys = [0, 300, 2000, 3000, 3600, 4000, 4400, 5000, 5500, 6000];
        var world = new RoadWorld()
            .Road("西岸路", [.. ys.Select(y => (-1000.0, y))]).Road("东岸路", [.. ys.Select(y => (1000.0, y))])
            .Road("大桥路西", [(-1000, 0), (-320, 0), (-300, 0)]).Road("大桥", [(-300, 0), (300, 0)], "bridge=yes").Road("大桥路东", [(300, 0), (320, 0), (1000, 0)])
            .Road("近桥路西", [(-320, 0), (-320, 60), (-140, 60)]).Road("近桥路东", [(320, 0), (320, 60), (140, 60)])
            .Road("慢路西", [(-1000, 300), (-100, 300)], "maxspeed=5").Road("慢路东", [(1000, 300), (100, 300)], "maxspeed=5")
            .Road("禁行桥西", [(-1000, 2000), (-100, 2000)]).Road("禁行桥", [(-100, 2000), (100, 2000)], "motor_vehicle=no").Road("禁行桥东", [(100, 2000), (1000, 2000)])
            .Road("隔离桥", [(-1000, 3000), (0, 3000), (1000, 3000)]).On((0, 3000), "barrier=bollard", "maxwidth:physical=1.5")
            .Road("临河路", [(-1000, 4000), (-100, 4000)]).Road("沿河路", [(1000, 3600), (100, 3600), (100, 4400), (1000, 4400)])
            .Road("断头路西", [(-1000, 5000), (-100, 5000)]).Road("断头路东", [(1000, 5000), (100, 5000)])
            .Road("孤岛路西", [(-1000, 5500), (-100, 5500)]).Road("孤岛路东", [(100, 5500), (900, 5500), (900, 5800)])
            .Boundary("310118", "青浦区", 6, [(0, -1000), (5000, -1000), (5000, 7000), (0, 7000), (0, -1000)])
            .Boundary("320583", "昆山市", 6, [(0, -1000), (-5000, -1000), (-5000, 7000), (0, 7000), (0, -1000)]);
        return world.Way([(0, -900), (0, 2900)], "waterway=river", "name=界河").Way([(0, 2900), (0, 6900)], "waterway=river", "name=界河");
    }

    public async Task InitializeAsync()
    {
        Database = await new RegisterWorld().Load();
        Folder = new RegisterWorld().Write();
        await Geodata.Imports.Import.Run(Database.Db, new([Draw().Write()], "test"));
        await People([.. new[] { -1000.0, 1000 }.SelectMany(x => new double[] { 0, 3000, 5000, 6000 }.Select(y => (x, y)))]);
    }

    /// <summary>A hundred people at each point.</summary>
    public async Task People((double X, double Y)[] points)
    {
        await Database.Execute("insert into dataset (id, layer, source_id, format, file_name, file_bytes, file_hash, content_hash, settings, figures) values ('people', 'opportunities', 'map', 'CSV', 'x', 1, repeat('0', 64), '', '{}', '{}')");
        foreach (var ((x, y), i) in points.Select((p, i) => (RoadWorld.At(p.X, p.Y), i)))
            await Database.Execute(string.Create(CultureInfo.InvariantCulture, $"insert into opportunity (dataset_id, id, geom, counts) values ('people', '{i}', ST_SetSRID(ST_MakePoint({x}, {y}), 4326), '{{\"population\": 100}}')"));
    }

    public Task<Ran> Run(params string[] arguments) => JietongProcess.Run(Database.Address, Folder, arguments);

    /// <summary>The gaps that a command finds, the largest first.</summary>
    public async Task<List<JsonElement>> Gaps(params string[] arguments)
    {
        var ran = await Run(["gaps", .. arguments, "--format", "json"]);
        Assert.True(ran.ExitCode == 0, ran.Error);
        return [.. ran.Json.GetProperty("gaps").EnumerateArray()];
    }

    public static string Names(JsonElement gap) => string.Join(" ", new[] { "nameA", "nameB" }.Select(n => gap.GetProperty(n).GetString()).Order(StringComparer.Ordinal));

    /// <summary>One for a test that changes it.</summary>
    public static async Task<GapsWorld> Own()
    {
        var world = new GapsWorld();
        await world.InitializeAsync();
        return world;
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
