using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Does a report still hold? Reports of the world of <see cref="ModelRegister"/>, verified after the data, or the file, were changed.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private ModelRegister register = null!;

    public async Task InitializeAsync() => register = await ModelRegister.Of(ModelRegister.Draw());

    public async Task DisposeAsync() => await register.DisposeAsync();

    private Task<Ran> Verify(string file) => register.Run("verify", Path.Combine(register.Out, file));

    private static readonly string[] Metro = ["--mode", "transit", "--open", "metro-gap", "--pair", "w1,e2"];

    [Fact]
    public async Task Unchanged_data_confirm_it_and_every_process_computes_the_same()
    {
        var json = JsonDocument.Parse(await register.Report("a.json", Metro)).RootElement;
        var page = await register.Report("a.html", Metro);
        Assert.Contains($"\"hash\":\"{json.GetProperty("hash").GetString()}\"", page, StringComparison.Ordinal);
        // By local bus w1–w2, e1–e2 50 min; by the bus over the line w2–e2 70, from w1 or to e1 50 more; by metro w1–e1 17, onwards 50 more.
        Assert.Equal((50 + 50 + 70 + 120 + 120 + 170 - (50 + 50 + 70 + 67 + 67 + 17)) / 6.0, json.GetProperty("results").GetProperty("summary").GetProperty("savedMinutes").GetDouble(), 0.001);
        Assert.Equal(["a.html", "a.json"], Directory.GetFiles(register.Out).Select(Path.GetFileName).Order());
        foreach (var file in new[] { "a.json", "a.html" })
        {
            var verified = await Verify(file);
            Assert.Equal((0, 2), (verified.ExitCode, verified.Output.Split("the same").Length - 1));
        }
    }

    [Fact]
    public async Task A_changed_assumption_is_named_with_what_it_does_to_the_gain()
    {
        var before = JsonDocument.Parse(await register.Report("a.json", Metro)).RootElement;
        register.Edit("assumptions.csv", "metro-access,3,3,3", "metro-access,4,4,4");
        var verified = await Verify("a.json");
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("rerun from its own inputs：一致 the same", verified.Output, StringComparison.Ordinal);
        Assert.Contains("  assumptions metro-access.value: 3 → 4\n", verified.Output, StringComparison.Ordinal);
        // From the street to the platform and back: 2 minutes more for 6 of the 12 pairs.
        var saved = before.GetProperty("results").GetProperty("summary").GetProperty("savedMinutes").GetDouble();
        Assert.Contains(FormattableString.Invariant($"  savedMinutes: {saved} → {saved - 1}\n"), verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_is_gone_is_named()
    {
        await register.Report("a.json", "--mode", "car", "--open", "gap");
        var places = await File.ReadAllLinesAsync(Path.Combine(register.Folder, "places.csv"));
        await File.WriteAllLinesAsync(Path.Combine(register.Folder, "places.csv"), places.Where(p => !p.StartsWith("e2,", StringComparison.Ordinal)));
        var verified = await Verify("a.json");
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("  places − e2\n", verified.Output, StringComparison.Ordinal);
        Assert.Contains("  pairsCompared: 12 → 6\n", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_was_opened_since_is_named_and_that_it_cannot_be_opened_again()
    {
        await register.Report("a.json", "--mode", "car", "--open", "gap");
        await File.AppendAllTextAsync(Path.Combine(register.Folder, "attestations.csv"), "gap-2020,gap,,open,2020-01-01,,reported,,,news,p,,false,,\n");
        var verified = await Verify("a.json");
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("  links gap.state: \"unverified\" → \"open\"\n", verified.Output, StringComparison.Ordinal);
        Assert.Contains("--close gap shows what it brings", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_changed_is_refused()
    {
        var (json, page) = (await register.Report("a.json", Metro), await register.Report("a.html", Metro));
        var saved = JsonDocument.Parse(json).RootElement.GetProperty("results").GetProperty("summary").GetProperty("savedMinutes").GetDouble();
        await File.WriteAllTextAsync(Path.Combine(register.Out, "held.json"), json.Replace(FormattableString.Invariant($"\"savedMinutes\": {saved}"), "\"savedMinutes\": 99", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(register.Out, "shown.html"), page.Replace(FormattableString.Invariant($"<b>{saved:0.000} 分</b>"), "<b>99.000 分</b>", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(register.Out, "sent.html"), page.ReplaceLineEndings("\r\n"));
        foreach (var file in new[] { "held.json", "shown.html" })
        {
            var verified = await Verify(file);
            Assert.Equal((2, ""), (verified.ExitCode, verified.Output));
            Assert.Contains("it was changed after it was written", verified.Error, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await Verify("sent.html")).ExitCode);
    }

    [Fact]
    public async Task What_is_no_report_is_refused()
    {
        await register.Report("a.csv", Metro);
        await File.WriteAllTextAsync(Path.Combine(register.Out, "b.html"), "<html></html>");
        foreach (var (file, message) in new[] { ("a.csv", "a CSV holds numbers only"), ("b.html", "no report"), ("c.html", "There is no file") })
        {
            var verified = await Verify(file);
            Assert.Equal((2, ""), (verified.ExitCode, verified.Output));
            Assert.Contains(message, verified.Error, StringComparison.Ordinal);
        }
        Assert.Equal([0xEF, 0xBB, 0xBF], (await File.ReadAllBytesAsync(Path.Combine(register.Out, "a.csv")))[..3]);   // so that a spreadsheet reads UTF-8
    }
}
