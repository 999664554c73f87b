using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A region is a database of its own: what is brought there is there alone, and can be asked without any register.</summary>
public sealed class RegionTests
{
    [Fact]
    public async Task Streets_of_an_own_region_can_be_travelled_and_are_nowhere_else()
    {
        await using var database = await TestDatabase.Create();
        var region = new NpgsqlConnectionStringBuilder(database.Address).Database + "_own-town";
        Task<Ran> Ask(params string[] arguments) => JietongProcess.Run(database.Address, [.. arguments, "--region", "own-town"]);
        try
        {
            var brought = await Ask("import", GapsWorld.Draw().Write());
            Assert.True(brought.ExitCode == 0, brought.Error);
            var (longitude, latitude) = RoadWorld.At(-1000, 0);
            var reach = await Ask("reach", FormattableString.Invariant($"--from={longitude},{latitude}"), "--minutes", "5", "--format", "json");
            Assert.True(reach.ExitCode == 0, reach.Error);
            Assert.InRange(reach.Json[0].GetProperty("areaKm2").GetDouble(), 1, 20);
            var table = await Ask("reach", FormattableString.Invariant($"--from={longitude},{latitude}"), "--minutes", "5");
            Assert.DoesNotContain("Places", table.Output.Split('\n')[1], StringComparison.Ordinal);   // it has none
            var gains = await Ask("gains");
            Assert.Contains("No link is attested", gains.Error, StringComparison.Ordinal);
            Assert.Contains("world", (await Ask("datasets")).Output, StringComparison.Ordinal);
            Assert.DoesNotContain("world", (await JietongProcess.Run(database.Address, "datasets")).Output, StringComparison.Ordinal);
        }
        finally { await TestDatabase.Drop(region); }
    }

    [Theory]
    [InlineData("datasets")]
    [InlineData("gaps", "--border", "waterway")]
    [InlineData("reach", "--from", "121.1,31.1")]
    [InlineData("links")]
    public async Task A_slip_in_the_name_of_a_region_leaves_nothing_behind_and_is_answered_with_those_there_are(params string[] arguments)
    {
        await using var database = await TestDatabase.Create();
        var name = new NpgsqlConnectionStringBuilder(database.Address).Database;
        try
        {
            await database.Execute($"create database \"{name}_kunshan\"");
            var ran = await JietongProcess.Run(database.Address, [.. arguments, "--region", "kunshna"]);
            Assert.Equal((2, ""), (ran.ExitCode, ran.Output));
            Assert.Contains("there is no region kunshna; there are: border, kunshan. To make it, bring something into it: ./run import FILE --region kunshna", ran.Error, StringComparison.Ordinal);
            Assert.Equal([$"{name}", $"{name}_kunshan"], await database.Column($"select datname from pg_database where starts_with(datname, '{name}') order by 1"));
        }
        finally { await TestDatabase.Drop($"{name}_kunshan"); }
    }
}
