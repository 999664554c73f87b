using System.Globalization;
using Jietong.Worlds;

namespace Jietong.Services.Tests;

/// <summary>
/// The four towns of <see cref="CarGainTests"/> as register files, with the crossing road, a road link, a metro link whose line the data show, and a bus
/// over the province line; a folder of its own, with a database that is loaded from it.
/// </summary>
public sealed class ModelRegister : IAsyncDisposable
{
    private ModelRegister(TestDatabase database, string folder) => (Database, Folder) = (database, folder);

    public TestDatabase Database { get; }
    public string Folder { get; }

    /// <summary>Where reports are to be written; empty at first.</summary>
    public string Out { get; } = Directory.CreateTempSubdirectory("jietong-report-").FullName;

    public static RegisterWorld Draw(string placeName = "镇")
    {
        var world = new RegisterWorld().Source("plan", "GOV", "2018-06-29").Source("news", "STATE", "2020-01-01");
        foreach (var (id, x, y) in new[] { ("w1", -3, 4), ("w2", -3, 14), ("e1", 3, 4), ("e2", 3, 14) })
            world.Row("places.csv", $"{id},{placeName} {id},Town {id},town,{Adcode(x)},{Position(x, y)},100,mapped,map,p,,,,,");
        world.Row("county_populations.csv", "320583,2020,6000,plan,p").Row("county_populations.csv", "310118,2020,2000,plan,p");
        world.Road("crossing", $"[[{Position(-3, 14)}],[{Position(0, 18)}]]", "class4", "320583", crossing: "310118");
        foreach (var (link, kind) in new[] { ("gap", "road"), ("metro-gap", "metro"), ("old-bridge", "road"), ("canal", "waterway") })
            world.Link(link, "plan", kind, geometry: $$"""{"type":"Point","coordinates":[{{Position(0, link == "old-bridge" ? -20 : 0)}}]}""").Attest($"{link}-2018", link, "proposed", "2018-06-29", "plan");
        world.Attest("old-bridge-2020", "old-bridge", "open", "2020-01-01", "news");
        Line(world, "metro", "metro-gap", "甲", (-3, 4), "乙", (3, 4), 6);
        Line(world, "bus", "", "起", (-3, 14), "终", (3, 14), 60);
        var assumptions = new ModelWorld().Assume("run-metro", 6).Assume("run-bus", 60).Assume("headway", 10, 8, 20).Assume("connector-speed-car", 60, 40, 70, "km/h").Assumptions;
        foreach (var a in assumptions.Values) world.Row("assumptions.csv", FormattableString.Invariant($"{a.Id},名 {a.Id},Name of {a.Id},{a.Value},{a.Low},{a.High},{a.Unit},true,,,,"));
        return world;
    }

    private static void Line(RegisterWorld world, string kind, string link, string from, (int X, int Y) a, string to, (int X, int Y) b, int minutes)
    {
        world.Row("lines.csv", $"{kind},线 {kind},Line {kind},{kind},{from},{to},,2000,{link},,map,,");
        foreach (var (seq, name, at) in new[] { (1, from, a), (2, to, b) })
            world.Row("stops.csv", $"{kind},{seq},{name},{name},{Position(at.X, at.Y)},100,map,{Adcode(at.X)},,");
        world.Row("run_times.csv", $"{kind},{from},{to},run-{kind}").Row("services.csv", $"{kind},{kind},{from},{to},all,headway,{(kind == "bus" ? "" : "metro-access")},,");
    }

    private static string Adcode(int x) => x < 0 ? ModelWorld.West : ModelWorld.East;

    private static string Position(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{ModelWorld.At(x, y)[0]},{ModelWorld.At(x, y)[1]}");

    public static async Task<ModelRegister> Of(RegisterWorld world) => new(await TestDatabase.Create(), world.Write());

    public Task<Ran> Run(params string[] arguments) => JietongProcess.Run(Database.Address, Folder, arguments);

    /// <summary>Writes a report into <see cref="Out"/>, as of a day on which all but the old bridge are missing, and gives its text.</summary>
    public async Task<string> Report(string file, params string[] arguments)
    {
        var result = await Run(["report", "--as-of", "2020-06-01", "--known-by", "2024-01-01", .. arguments, "--out", Path.Combine(Out, file)]);
        Xunit.Assert.True(result.ExitCode == 0, result.Error);
        return await File.ReadAllTextAsync(Path.Combine(Out, file));
    }

    public void Edit(string file, string old, string with)
    {
        var path = Path.Combine(Folder, file);
        var text = File.ReadAllText(path);
        Xunit.Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, with, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        Directory.Delete(Out, recursive: true);
    }
}
