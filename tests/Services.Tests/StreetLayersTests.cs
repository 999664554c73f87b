using System.Text.Json;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Imported streets are layers like any others: over OData, OGC API Features and as tiles.</summary>
public sealed class StreetLayersTests(ServedWorld served) : IClassFixture<ServedWorld>
{
    //  1──10──2──11──3     12 goes down from 2, a bollard stands at 3
    private static readonly OsmWorld Map = new OsmWorld().At(1, 0, 0).At(2, 1, 0).At(3, 2, 0, "barrier=bollard").At(4, 1, -1).At(5, 3, 0)
        .Road(10, "1 2", "highway=primary name=West").Road(11, "2 3 5").Road(12, "2 4", "highway=footway").Road(13, "1 4", "railway=subway").NoTurn(7, "w10:from n2:via w11:to", "no_straight_on");

    private static readonly SemaphoreSlim Once = new(1);

    private async Task<JsonElement> Ask(string address)
    {
        await Once.WaitAsync();
        try
        {
            if (await served.Database.Scalar<long>("select count(*) from dataset") == 0)
            {
                var path = Path.Combine(Path.GetTempPath(), $"town-{Guid.NewGuid():N}.osm.pbf");
                await File.WriteAllBytesAsync(path, Map.Pbf());
                var ran = await served.Command("import", path, "--dataset", "town", "--quiet");
                File.Delete(path);
                Assert.True(ran.ExitCode == 0, ran.Error);
            }
        }
        finally { Once.Release(); }
        return JsonDocument.Parse(await served.Http.GetStringAsync(address)).RootElement;
    }

    private async Task<string[]> Ids(string address, string member = "value") => [.. (await Ask(address)).GetProperty(member).EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];

    [Fact]
    public async Task A_street_by_its_key_with_its_junctions()
    {
        var street = await Ask("/odata/Streets('town.w10-1-2')?$expand=FromJunction,Dataset");
        Assert.Equal(("West", "primary", "class", "town.1", "town"), (street.GetProperty("name").GetString(), street.GetProperty("class").GetString(), street.GetProperty("speedBasis").GetString(), street.GetProperty("FromJunction").GetProperty("id").GetString(), street.GetProperty("Dataset").GetProperty("id").GetString()));
        Assert.Equal("10", street.GetProperty("wayIds")[0].GetString());
    }

    [Fact]
    public async Task Streets_near_by_and_in_a_box()
    {
        Assert.Equal(["town.w10-1-2", "town.w11-2-3", "town.w12-2-4"], await Ids("/odata/Streets?$filter=geo.distance(geometry,geography'SRID%3D4326;POINT(121.001 31)') lt 1"));
        Assert.Equal(["town.w11-2-3", "town.w11-3-5"], await Ids("/collections/streets/items?f=json&bbox=121.0019,30.9999,121.0021,31.0001", "features"));
        Assert.Equal(["town.w12-2-4"], await Ids("/odata/Streets?$filter=carForwardMs eq null"));
    }

    [Theory]
    [InlineData("StreetTurns", "town.7")]
    [InlineData("StreetBarriers", "town.3")]
    [InlineData("MapLines", "town.w13")]
    public async Task The_other_layers_have_their_rows(string set, string id) => Assert.Equal([id], await Ids($"/odata/{set}"));

    [Fact]
    public async Task Turns_name_streets_by_their_keys() =>
        Assert.Equal(["town.w10-1-2", "town.w11-2-3"], (await Ask("/odata/StreetTurns")).GetProperty("value")[0].GetProperty("streets").EnumerateArray().Select(s => s.GetString()));

    [Fact]
    public async Task Streets_are_tiles()
    {
        await Ask("/odata/Streets?$top=1");
        foreach (var layer in new[] { "streets", "street-junctions", "street-barriers", "map-lines" })
            Assert.NotEmpty(await served.Http.GetByteArrayAsync($"/collections/{layer}/tiles/WebMercatorQuad/14/6706/13698"));
    }
}
