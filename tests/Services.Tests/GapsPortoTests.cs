using Jietong.Services.Gaps;
using Jietong.Worlds;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>A real city: the six bridges over the Douro for cars, taken out of the streets of Porto, are found again as gaps.</summary>
public sealed class GapsPortoTests
{
    private const string File = "networks/osm/porto_portugal.osm.pbf";

    // From the sea upstream, in the middle of the water.
    private const string River = "LINESTRING(-8.680 41.1465,-8.6402 41.1473,-8.6225 41.1452,-8.6094 41.1400,-8.6017 41.1410,-8.5808 41.1415,-8.5660 41.1390,-8.5450 41.1150,-8.4866 41.0727,-8.4595 41.0621,-8.3600 41.0500)";

    [SharedFact(File)]
    public async Task Bridges_that_are_taken_out_are_found_again()
    {
        await using var world = await TestDatabase.Create();
        await Geodata.Imports.Import.Run(world.Db, new([SharedFactAttribute.In(File)], "test"));
        var river = Path.GetTempFileName();
        await System.IO.File.WriteAllTextAsync(river, River);
        var bridges = await world.Column($"select id || '|' || coalesce(name, ref) || '|' || concat_ws(' ', ST_X(ST_StartPoint(geom)), ST_Y(ST_StartPoint(geom)), ST_X(ST_EndPoint(geom)), ST_Y(ST_EndPoint(geom))) from street " +
            $"where bridge and num_nonnulls(car_forward_ms, car_backward_ms) > 0 and length_metres > 150 and ST_Intersects(geom, 'SRID=4326;{River}') order by id");
        var names = bridges.Select(b => b.Split('|')[1]).Distinct().ToList();
        Assert.Equal(6, names.Count);

        var found = await GapFinder.Find(world.Db, river, new(Within: 800), [.. bridges.Select(b => b.Split('|')[0])]);
        foreach (var name in names)
            Assert.Contains(found.Ranked, c => bridges.Where(b => b.Split('|')[1] == name).Any(b => Joins(c, [.. b.Split('|')[2].Split(' ').Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture))])));
        Assert.NotEmpty(found.Useless);   // ends that face each other and help nobody are told apart
        System.IO.File.Delete(river);
    }

    /// <summary>Whether a gap's ends are those of a bridge, within 30 metres.</summary>
    private static bool Joins(Candidate c, double[] bridge)
    {
        var (a, b, p, q) = (c.Line[0], c.Line[^1], new At(bridge[0], bridge[1]), new At(bridge[2], bridge[3]));
        return Math.Min(Math.Max(a.Metres(p), b.Metres(q)), Math.Max(a.Metres(q), b.Metres(p))) < 30;
    }
}
