using Jietong.Services.Reach;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.OverlayNG;
using Xunit;

namespace Jietong.Services.Tests;

/// <summary>What lies within a width of many lines, by distances on a grid, against the joined buffers of each.</summary>
public sealed class DistanceFieldTests
{
    [Theory]
    [InlineData(1, 250, 40, 8_000)]     // scattered: separate parts
    [InlineData(2, 250, 400, 8_000)]    // grown together, with holes
    [InlineData(3, 50, 600, 5_000)]
    [InlineData(4, 100, 1, 1)]
    public void The_outline_is_that_of_the_joined_buffers(int seed, double width, int lines, double extent)
    {
        var (random, field, buffers) = (new Random(seed), new DistanceField(width), new List<Geometry>());
        double Number(double most) => (random.NextDouble() - 0.5) * most;
        for (var i = 0; i < lines; i++)
        {
            var (x, y) = (Number(extent), Number(extent));
            (double X, double Y)[] line = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (x += Number(300), y += Number(300)))];
            field.Add(line);
            Coordinate[] at = [.. line.Select(p => new Coordinate(p.X, p.Y))];
            buffers.Add((at.Length == 1 ? LocalPlane.Factory.CreatePoint(at[0]) : (Geometry)LocalPlane.Factory.CreateLineString(at)).Buffer(width, 32));
        }
        var (outline, joined) = (field.Outline(), OverlayNGRobust.Union(buffers));
        Assert.True(outline.IsValid);
        Assert.InRange(outline.SymmetricDifference(joined).Area / joined.Area, 0, 0.01);
        Assert.InRange(outline.Area / joined.Area, 0.998, 1.002);
        Assert.True(joined.Buffer(width / 10).Covers(outline) && outline.Buffer(width / 10).Covers(joined));
    }
}
