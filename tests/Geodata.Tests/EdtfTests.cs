using Jietong.Worlds;
using Npgsql;
using Xunit;

namespace Jietong.Geodata.Tests;

/// <summary>Dates as sources give them: EDTF's own examples and the calendar as oracle.</summary>
public sealed class EdtfTests(EdtfTests.World world) : IClassFixture<EdtfTests.World>
{
    public sealed class World() : WorldFixture(() => TestDatabase.Create());

    [Theory]
    [InlineData("2018-06-29", "2018-06-29", "2018-06-29", "day")]
    [InlineData("2020-02", "2020-02-01", "2020-02-29", "month")]
    [InlineData("2018", "2018-01-01", "2018-12-31", "year")]
    [InlineData("2016/2020", "2016-01-01", "2020-12-31", "period")]
    [InlineData("2023-11-10/2023-12-02", "2023-11-10", "2023-12-02", "period")]
    [InlineData("../2023-04-28", null, "2023-04-28", "period")]
    public async Task Reads_what_a_source_means(string written, string? earliest, string latest, string precision)
    {
        Assert.Equal($"{earliest}|{latest}|{precision}", await world.Database.Scalar<string>($"select coalesce(edtf_earliest('{written}')::text, '') || '|' || edtf_latest('{written}') || '|' || edtf_precision('{written}')"));
    }

    [Theory]
    [InlineData("2018-13")]
    [InlineData("2018-02-30")]
    [InlineData("29.6.2018")]
    [InlineData("2018-6-29")]
    [InlineData("2020/2016")]
    [InlineData("2016/2018/2020")]
    [InlineData("2018-06-29/..")]
    [InlineData("")]
    [InlineData("2018年")]
    public async Task Refuses_what_is_no_date_and_says_what_would_be(string written)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => world.Database.Scalar<string>($"select edtf('{written}')::text"));
        Assert.Equal("22007", error.SqlState);
        Assert.Contains("write 2018-06-29, 2018-06, 2018, 2016/2020 or ../2023-04-28", error.MessageText, StringComparison.Ordinal);
    }
}
