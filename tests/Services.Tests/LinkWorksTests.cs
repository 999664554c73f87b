using Jietong.Services.Model;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>Which links a model can judge, which roads are the works of a link, and what is said of the rest.</summary>
public sealed class LinkWorksTests
{
    private static ModelWorld Towns() => new ModelWorld().Place("w", -3).Place("e", 3);

    [Theory]
    [InlineData("one side of the province line", "road", "missing", "330482")]
    [InlineData("only a circle is known", "road", "bottleneck", ModelWorld.East)]
    [InlineData("which mode it would carry", "unspecified", "missing", ModelWorld.East)]
    public void By_car_what_cannot_be_told_is_not_evaluated_but_says_why(string reason, string kind, string nature, string adcode)
    {
        var gain = Towns().Link("link", radius: 2, kind: kind, nature: nature, east: adcode).Gain("link");
        Assert.Null(gain.Result);
        Assert.Contains(reason, gain.Works.ReasonEn, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_position_or_for_another_mode_there_is_no_gain_either()
    {
        Assert.Contains("no source gives a position", Towns().Link("link", placed: false).Gain("link").Works.ReasonEn, StringComparison.Ordinal);
        Assert.Empty(new TravelModel(Towns().Link("link", kind: "metro").Input, Mode.Car).Topology.Works);
    }

    [Theory]
    [InlineData("metro", "missing", "no source shows its stations")]
    [InlineData("rail", "service", "termini that can be placed")]
    [InlineData("bus", "missing", "termini that can be placed")]
    [InlineData("footbridge", "missing", "a circle wider than one walks")]
    [InlineData("unspecified", "missing", "which mode it would carry")]
    public void By_public_transport_a_link_without_works_in_the_data_is_not_evaluated_but_says_why(string kind, string nature, string reason)
    {
        var gain = Towns().Link("x", kind: kind, nature: nature, radius: 3).Gain("x", Mode.Transit);
        Assert.Null(gain.Result);
        Assert.Contains(reason, gain.Works.ReasonEn, StringComparison.Ordinal);
    }

    [Fact]
    public void Roads_and_waterways_carry_no_public_transport() =>
        Assert.Empty(new TravelModel(new ModelWorld().Place("a", -1).Link("road").Link("canal", kind: "waterway").Input, Mode.Transit).Topology.Works);

    [Theory]
    [InlineData("[[121.0002,31],[121.0002,31.01]]", "drawn")]                       // 19 m beside the line of the link
    [InlineData("[[121.0002,31],[121.0002,31.004]]", null)]                         // less than half of it
    [InlineData("[[121.0002,30.9],[121.0002,31.1]]", null)]                         // goes on far beyond: another road, with which it shares its way
    [InlineData("[[121.002,31],[121.002,31.01]]", null)]                            // 190 m beside
    public async Task A_road_along_the_drawn_line_of_a_link_is_its_works(string road, string? link)
    {
        await using var world = await new RegisterWorld().Source("plan", "GOV", "2018-06-29")
            .Link("drawn", "plan", geometry: """{"type":"MultiLineString","coordinates":[[[121,31],[121,31.01]]]}""").Link("point", "plan")
            .Attest("drawn-2018", "drawn", "proposed", "2018-06-29", "plan").Road("road", road).Load();
        Assert.Equal([link ?? ""], await world.Column("select road_works_of(r) from road r"));
    }
}
