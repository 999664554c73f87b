namespace Jietong.Worlds;

/// <summary>
/// Streets drawn in metres east and north of a point near the Shanghai border, written as a file of OpenStreetMap. Lines that share a point are joined there.
/// </summary>
public sealed class RoadWorld
{
    private const double Longitude = 121.1, Latitude = 31.1, MetresPerDegree = 111_195.08;   // of the mean sphere

    private readonly OsmWorld map = new();
    private readonly Dictionary<(double X, double Y), int> nodes = [];

    public static (double Longitude, double Latitude) At(double x, double y) => (Longitude + x / MetresPerDegree / Math.Cos(Latitude * Math.PI / 180), Latitude + y / MetresPerDegree);

    private long Node((double X, double Y) at)
    {
        if (!nodes.TryGetValue(at, out var index))
        {
            nodes[at] = index = map.Nodes.Count;
            map.Nodes.Add(new(index + 1, Math.Round(At(at.X, at.Y).Longitude, 7), Math.Round(At(at.X, at.Y).Latitude, 7), []));
        }
        return map.Nodes[index].Id;
    }

    /// <summary>A way for cars. Tags: <c>key=value</c>; without highway it is a tertiary road.</summary>
    public RoadWorld Road(string name, (double X, double Y)[] points, params string[] tags) =>
        Way(points, [.. tags.Any(t => t.StartsWith("highway=", StringComparison.Ordinal)) ? [] : new[] { "highway=tertiary" }, $"name={name}", .. tags]);

    /// <summary>Any way; its number is the count of ways so far, from 1.</summary>
    public RoadWorld Way((double X, double Y)[] points, params string[] tags)
    {
        map.Ways.Add(new(map.Ways.Count + 1, [.. points.Select(Node)], [.. tags.Select(Pair)]));
        return this;
    }

    /// <summary>Something that stands on a point of a way.</summary>
    public RoadWorld On((double X, double Y) point, params string[] tags)
    {
        var index = (int)Node(point) - 1;
        map.Nodes[index] = map.Nodes[index] with { Tags = [.. tags.Select(Pair)] };
        return this;
    }

    /// <summary>A jurisdiction: a ring of points, the last the first again.</summary>
    public RoadWorld Boundary(string adcode, string name, int level, (double X, double Y)[] ring)
    {
        Way(ring);
        map.Relations.Add(new(map.Relations.Count + 1, [('w', map.Ways.Count, "outer")], [.. new[] { "type=boundary", "boundary=administrative", $"admin_level={level}", $"name={name}", $"ref={adcode}", $"adcode={adcode}", $"ref:CN={adcode}" }.Select(Pair)]));
        return this;
    }

    private static (string, string) Pair(string tag) => (tag[..tag.IndexOf('=', StringComparison.Ordinal)], tag[(tag.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    /// <summary>Writes the file into a new folder, and gives its path.</summary>
    public string Write(string name = "world.osm")
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("jietong-streets-").FullName, name);
        File.WriteAllBytes(path, map.Xml());
        return path;
    }
}
