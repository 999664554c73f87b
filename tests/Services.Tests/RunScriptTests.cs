using System.Diagnostics;
using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary><c>./run</c> as it stands in the checkout: the answer alone on standard output, errors on the other, codes passed on.</summary>
[Collection(nameof(ShippedService))]
public sealed class RunScriptTests(ShippedService service)
{
    private Task<Ran> Run(params string[] arguments) => Ran.Program(Path.Combine(Checkout.Root, "run"), arguments, environment: ("JIETONG_DB", service.Database.Address));

    [Fact]
    public async Task A_command_answers_on_standard_output_alone_and_quickly()
    {
        await Run("sources");   // builds what changed
        var watch = Stopwatch.StartNew();
        var links = await Run("links", "--as-of", "2018-06-29", "--format", "json");
        Assert.Equal(0, links.ExitCode);
        Assert.Equal(JsonValueKind.Array, links.Json.ValueKind);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task Bad_input_keeps_its_exit_code()
    {
        var (code, output, error) = await Run("links", "--as-of", "2018-06-31");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("2018-06-31", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_said_at_once()
    {
        var (code, _, error) = await Run("--urls", service.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        Assert.NotEqual(0, code);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
    }
}
