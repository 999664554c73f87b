using System.Text.RegularExpressions;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What the README shows is what a reader gets: every command in it is run, every answer beside it compared, the picture drawn anew.</summary>
[Collection(nameof(ShippedService))]
public sealed partial class ReadmeTests(ShippedService service)
{
    private static readonly string Readme = Checkout.Read("README.md");

    /// <summary>Commands of the shell blocks of the README and of docs/reach.md, each with the answer that is printed below it, if any. Starting and stopping is what ./run itself is tested for.</summary>
    public static TheoryData<string, string?> Commands()
    {
        var commands = new TheoryData<string, string?>();
        foreach (Match block in ShellBlock().Matches(Readme).Concat(ShellBlock().Matches(Checkout.Read("docs/reach.md"))))
        {
            var lines = block.Groups["sh"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Split("  #")[0].Trim()).Where(l => l is not ("./run" or "./test" or "./run stop") && !l.StartsWith("git ", StringComparison.Ordinal) && !l.StartsWith("cd ", StringComparison.Ordinal)).ToList();
            for (var i = 0; i < lines.Count; i++) commands.Add(lines[i], i == lines.Count - 1 && block.Groups["answer"].Success ? block.Groups["answer"].Value : null);
        }
        return commands;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_printed_command_works_and_answers_as_printed(string command, string? answer)
    {
        var output = await Shell(command);
        Assert.NotEqual("", output.Trim());
        if (answer is not null) Assert.Equal(Plain(answer), Plain(output));
    }

    [Fact]
    public async Task The_picture_is_the_real_output_of_the_command_below_it()
    {
        var command = PictureCommand().Match(Readme).Groups[1].Value;
        var picture = TerminalPicture.Draw(command, Plain(await Shell(command)));
        var shown = Path.Combine(Checkout.Root, "docs", "links.svg");
        if (!File.Exists(shown) || File.ReadAllText(shown) != picture)
        {
            var actual = Path.Combine(Checkout.Root, "TestResults", "links.svg");
            Directory.CreateDirectory(Path.GetDirectoryName(actual)!);
            File.WriteAllText(actual, picture);
            Assert.Fail($"docs/links.svg no longer shows what \"{command}\" answers: look at {actual} and copy it there.");
        }
    }

    /// <summary>Runs a line as the reader's shell would, with ./run and the address standing for this test's program and port.</summary>
    private async Task<string> Shell(string line)
    {
        var script = line.Replace("./run ", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "jietong.dll")}' ", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5080", service.Http.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal).Replace("curl -s", "curl -sf", StringComparison.Ordinal).Replace("docs/example/", Path.Combine(Checkout.Root, "docs", "example") + "/", StringComparison.Ordinal);
        var shell = await Ran.Program("bash", ["-o", "pipefail", "-c", script], Directory.CreateTempSubdirectory().FullName, "", ("JIETONG_DB", service.Database.Address));
        Assert.True(shell.ExitCode == 0, $"{line}\nexit {shell.ExitCode}\n{shell.Error}");
        return shell.Output;
    }

    /// <summary>Without blanks at line ends; the data version and the port of the day stand as … in the README.</summary>
    private string Plain(string text) => DataVersion().Replace(string.Join('\n', text.Replace("\r", "", StringComparison.Ordinal).Split('\n').Select(l => l.TrimEnd())).Trim('\n'), "$1…")
        .Replace(service.Http.BaseAddress!.ToString().TrimEnd('/'), "http://127.0.0.1:5080", StringComparison.Ordinal);

    [GeneratedRegex(@"```sh\n(?<sh>.*?)```(\n+```(text|json)\n(?<answer>.*?)```)?", RegexOptions.Singleline)] private static partial Regex ShellBlock();
    [GeneratedRegex(@"docs/links\.svg.*?```sh\n(\./run [^\n]*)\n", RegexOptions.Singleline)] private static partial Regex PictureCommand();
    [GeneratedRegex(@"(数据版本 Data version )[0-9a-f…-]+")] private static partial Regex DataVersion();
}
