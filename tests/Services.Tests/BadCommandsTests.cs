using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Wrong input at the terminal: nothing on standard output, a clear message, and the right exit code.</summary>
[Collection(nameof(ShippedService))]
public sealed class BadCommandsTests(ShippedService service)
{
    [Theory]
    [InlineData("--as-of: \"2018-02-30\" is not a date", "links", "--as-of", "2018-02-30")]
    [InlineData("--known-by: \"gestern\" is not a date", "links", "--known-by", "gestern")]
    [InlineData("--changed-since lies after --as-of", "links", "--changed-since", "2020-01-01", "--as-of", "2019-01-01")]
    [InlineData("--near: \"121\" is not a position", "links", "--near", "121", "--within", "5")]
    [InlineData("--near: \"31.3,121.1\" is not a position", "links", "--near", "31.3,121.1", "--within", "5")]
    [InlineData("go together", "links", "--near", "121.1,31.3")]
    [InlineData("positive number of metres", "links", "--near", "121.1,31.3", "--within", "-5")]
    [InlineData("number of days from 0 on", "links", "--older-than", "-5")]
    [InlineData("'canal' not recognized", "links", "--kind", "canal")]
    [InlineData("no link has the id \"s9-m99\"", "link", "s9-m99")]
    [InlineData("s3-m17 is not attested by 2001-01-01", "link", "s3-m17", "--as-of", "2001-01-01")]
    [InlineData("no address to listen on", "serve", "--urls", "http://127.0.0.1:99999")]
    [InlineData("no address to listen on", "serve", "--urls", "http://127.0.0.1:80x")]
    [InlineData("no address to listen on", "serve", "--urls", "localhost")]
    [InlineData("no address to listen on", "serve", "--urls", "ftp://127.0.0.1:21")]
    [InlineData("as known by 2001-01-01", "link", "s1-m11", "--known-by", "2001-01-01")]
    [InlineData("Unrecognized command or argument 'lnks'", "lnks")]
    public async Task Bad_input_ends_with_2_and_says_what_is_wrong(string message, params string[] arguments)
    {
        var result = await service.Command(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slip_in_an_id_is_answered_with_ids_like_it() =>
        Assert.Contains("jindian-songze (锦淀公路—崧泽大道)", (await service.Command("link", "jindian-songzhe")).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=x", 1, "the database cannot be reached")]
    [InlineData("postgresql://x:secret@127.0.0.1:1/x", 1, "the database cannot be reached")]
    [InlineData("somewhere", 2, "JIETONG_DB is no database address")]
    [InlineData("postgresql:///x", 2, "JIETONG_DB is no database address")]
    [InlineData("postgresql://x@y/z?sslrootcert=a", 2, "JIETONG_DB is no database address")]
    [InlineData("mysql://x@y/z", 2, "JIETONG_DB is no database address")]
    [InlineData(null, 2, "JIETONG_DB names no database")]
    public async Task A_database_that_is_not_there_is_named_without_its_password(string? database, int exitCode, string message)
    {
        var result = await JietongProcess.Run(database, "links");
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        await using var database = await TestDatabase.Create();
        await database.Execute("insert into migration (name, hash) values ('9999_future.sql', '')");
        var result = await JietongProcess.Run(database.Address, "links");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("9999_future.sql", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_an_unreleased_build_is_left_alone()
    {
        await using var database = await TestDatabase.Create();
        await database.Execute("update migration set hash = 'x' where name = '0002_register.sql'");
        var result = await JietongProcess.Run(database.Address, "links");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("another text of 0002_register.sql", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_way_out()
    {
        var taken = service.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var result = await service.Command("serve", "--urls", taken);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{taken} is taken", result.Error, StringComparison.Ordinal);
        Assert.Contains("--urls http://127.0.0.1:5081", result.Error, StringComparison.Ordinal);
    }
}
