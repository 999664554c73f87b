using Jietong.Services.Reports;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A report that cannot be: a clear message, exit code 2, and nothing written, not even half a file.</summary>
[Collection(nameof(ShippedService))]
public sealed class BadReportTests(ShippedService service) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("jietong-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Refuses(Ran result, string message)
    {
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    /// <summary>As of the day of the plan of 2018, unless the arguments say another.</summary>
    [Theory]
    [InlineData("There is no link \"s1-m1\" as of 2018-06-29. Did you mean s1-m11?", "--open", "s1-m1")]
    [InlineData("s1-m11 (苏州市域轨道交通S1线—上海M11线花桥站) is open as of 2024-01-01 already: --close s1-m11", "--open", "s1-m11", "--as-of", "2024-01-01")]
    [InlineData("not open: --open s1-m11 shows", "--close", "s1-m11")]
    [InlineData("yanhu-shengli (昆山沿沪大道—上海胜利路) is a road link and carries no transit traffic: try --mode car.", "--open", "yanhu-shengli")]
    [InlineData("is a metro link and carries no car traffic: try --mode transit.", "--open", "s1-m11", "--mode", "car")]
    [InlineData("s3-m17 (苏州市域轨道交通S3线—上海M17线漕盈路站) cannot be evaluated: 来源未示", "--open", "s3-m17")]
    [InlineData("s1-m11 stands twice", "--open", "s1-m11", "--open", "s1-m11")]
    [InlineData("s1-m11 stands twice", "--open", "s1-m11", "--close", "s1-m11")]
    [InlineData("At most 8 links in one report", "--open", "a,b,c,d,e,f,g,h,i")]
    [InlineData("the first evidence holds from 20", "--as-of", "2001-01-01", "--open", "s1-m11")]
    [InlineData("There is no place \"kunshan-yusan\". Did you mean", "--open", "s1-m11", "--pair", "kunshan-yusan,kunshan-huaqiao")]
    [InlineData("kunshan-tourism-resort (昆山旅游度假区) lies outside the network: no source gives its position.", "--open", "s1-m11", "--pair", "kunshan-huaqiao,kunshan-tourism-resort")]
    [InlineData("\"kunshan-huaqiao\" is no pair of places", "--open", "s1-m11", "--pair", "kunshan-huaqiao")]
    [InlineData("'horse' not recognized", "--open", "s1-m11", "--mode", "horse")]
    [InlineData("'jobs' not recognized", "--open", "s1-m11", "--weights", "jobs")]
    [InlineData("\"2018-02-30\" is not a date", "--open", "s1-m11", "--as-of", "2018-02-30")]
    [InlineData("\"0001-01-01\" is not a date", "--open", "s1-m11", "--as-of", "0001-01-01")]
    [InlineData("--open names no link", "--open", "")]
    [InlineData("--close names no link", "--close", " , ")]
    [InlineData("is one place twice", "--open", "s1-m11", "--pair", "kunshan-yushan,kunshan-yushan")]
    public async Task What_does_not_fit_is_said_and_nothing_written(string message, params string[] arguments)
    {
        string[] day = arguments.Contains("--as-of") ? [] : ["--as-of", "2018-06-29"];
        Refuses(await service.Command(["report", .. day, .. arguments, "--out", Path.Combine(folder, "r.html")]), message);
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once()
    {
        var result = await service.Command("report", "--as-of", "2018-06-29", "--open", "s1-m1,s3-m17", "--pair", "nowhere,kunshan-huaqiao", "--out", Path.Combine(folder, "r.json"));
        Refuses(result, "no link \"s1-m1\"");
        Assert.Contains("s3-m17", result.Error, StringComparison.Ordinal);
        Assert.Contains("no place \"nowhere\"", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ends in none of .html, .json, .csv", "r.pdf")]
    [InlineData("ends in none of .html, .json, .csv", "r")]
    [InlineData("there is no folder", "nowhere/r.html")]
    public async Task Where_nothing_can_be_written_nothing_is_computed(string message, string file) =>
        Refuses(await service.Command("report", "--as-of", "2018-06-29", "--open", "s1-m11", "--out", Path.Combine(folder, file)), message);

    [Fact]
    public async Task A_folder_of_the_name_of_the_file_stays_as_it_is()
    {
        var taken = Directory.CreateDirectory(Path.Combine(folder, "r.html")).FullName;
        var result = await service.Command("report", "--as-of", "2018-06-29", "--open", "s1-m11", "--out", taken);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("is a folder", result.Error, StringComparison.Ordinal);
        Assert.Equal([taken], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task Without_a_population_no_weights_by_county()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        await File.WriteAllTextAsync(Path.Combine(register.Folder, "county_populations.csv"), RegisterWorld.Headers["county_populations.csv"] + "\n");
        foreach (var counties in new[] { "", "310118,2020,2000,plan,p\n" })   // nobody anywhere; then in one county, of one town
        {
            await File.WriteAllTextAsync(Path.Combine(register.Folder, "county_populations.csv"), RegisterWorld.Headers["county_populations.csv"] + "\n" + counties);
            if (counties != "") register.Edit("places.csv", "e2,镇 e2,Town e2,town", "e2,镇 e2,Town e2,hub");
            Refuses(await register.Run("report", "--as-of", "2020-06-01", "--mode", "car", "--open", "gap", "--weights", "county", "--out", Path.Combine(folder, "r.html")), "Add rows to county_populations.csv, or use weights \"equal\".");
            Assert.Contains("\"linkId\": \"gap\"", (await register.Run("gains", "--as-of", "2020-06-01", "--mode", "car", "--format", "json")).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_assumption_whose_range_is_upside_down_is_refused_with_file_and_line()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        register.Edit("assumptions.csv", "connector-speed-car,60,40,70", "connector-speed-car,60,70,40");
        var lines = await File.ReadAllLinesAsync(Path.Combine(register.Folder, "assumptions.csv"));
        Refuses(await register.Run("report", "--mode", "car", "--open", "gap", "--out", Path.Combine(folder, "r.html")),
            $"assumptions.csv line {Array.FindIndex(lines, l => l.StartsWith("connector-speed-car", StringComparison.Ordinal)) + 1}: ");
    }

    [Fact]
    public async Task An_assumption_that_the_model_needs_and_has_not_is_named()
    {
        await using var register = await ModelRegister.Of(ModelRegister.Draw());
        register.Edit("assumptions.csv", "connector-speed-car,", "another-speed,");
        Refuses(await register.Run("report", "--as-of", "2020-06-01", "--mode", "car", "--open", "gap", "--out", Path.Combine(folder, "r.html")), "assumptions.csv has no row connector-speed-car, which the model needs");
    }

    [Theory]
    [InlineData("detour-factor-connector", "car")]
    [InlineData("design-speed-class-4", "car")]
    [InlineData("gain-horizon", "car")]
    [InlineData("waiting-share", "transit")]
    [InlineData("walk-limit", "transit")]
    [InlineData("run-line", "transit")]
    [InlineData("metro-access", "transit")]
    public void Whichever_it_is(string id, string mode)
    {
        var world = new ModelWorld().Place("w", -3).Place("e", 3).Link("road").Link("metro", kind: "metro").Road("r", [(-3, 0), (-3, 9)], "class4").Line("line", ["甲@-4", "乙@4"], 8, link: "metro");
        world.Assumptions.Remove(id);
        var request = new ReportRequest(world.Input.AsOf, world.Input.KnownBy, mode, "equal", [mode == "car" ? "road" : "metro"], [], []);
        Assert.Contains($"assumptions.csv has no row {id}", Assert.Throws<Geodata.InputException>(() => Report.Of(request, world.Input, "1-abc")).Message, StringComparison.Ordinal);
    }
}
