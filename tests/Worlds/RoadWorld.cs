using System.Globalization;
using System.Security;
using System.Text;

namespace Jietong.Worlds;

/// <summary>
/// Streets drawn in metres east and north of a point near the Shanghai border, written as a file of OpenStreetMap. Lines that share a point are joined there.
/// </summary>
public sealed class RoadWorld
{
    private const double Longitude = 121.1, Latitude = 31.1, MetresPerDegree = 111_195.08;   // of the mean sphere

    private readonly Dictionary<(double X, double Y), long> nodes = [];
    private readonly Dictionary<long, List<(string, string)>> tagsOf = [];
    private readonly List<string> ways = [], relations = [];

    public static (double Longitude, double Latitude) At(double x, double y) => (Longitude + x / MetresPerDegree / Math.Cos(Latitude * Math.PI / 180), Latitude + y / MetresPerDegree);

    private long Node((double X, double Y) at) => nodes.TryGetValue(at, out var id) ? id : nodes[at] = nodes.Count + 1;

    /// <summary>A way for cars. Tags: <c>key=value</c>; without highway it is a tertiary road.</summary>
    public RoadWorld Road(string name, (double X, double Y)[] points, params string[] tags) =>
        Way(points, [.. tags.Any(t => t.StartsWith("highway=", StringComparison.Ordinal)) ? [] : new[] { "highway=tertiary" }, $"name={name}", .. tags]);

    /// <summary>Any way; its number is the count of ways so far, from 1.</summary>
    public RoadWorld Way((double X, double Y)[] points, params string[] tags)
    {
        ways.Add($"<way id=\"{ways.Count + 1}\" version=\"1\">{string.Concat(points.Select(p => $"<nd ref=\"{Node(p)}\"/>"))}{Tags(tags.Select(Pair))}</way>");
        return this;
    }

    /// <summary>Something that stands on a point of a way.</summary>
    public RoadWorld On((double X, double Y) point, params string[] tags)
    {
        tagsOf[Node(point)] = [.. tags.Select(Pair)];
        return this;
    }

    /// <summary>A jurisdiction: a ring of points, the last the first again.</summary>
    public RoadWorld Boundary(string adcode, string name, int level, (double X, double Y)[] ring)
    {
        Way(ring);
        relations.Add($"<relation id=\"{relations.Count + 1}\" version=\"1\"><member type=\"way\" ref=\"{ways.Count}\" role=\"outer\"/>{Tags(new[] { "type=boundary", "boundary=administrative", $"admin_level={level}", $"name={name}", $"ref={adcode}", $"adcode={adcode}", $"ref:CN={adcode}" }.Select(Pair))}</relation>");
        return this;
    }

    private static (string, string) Pair(string tag) => (tag[..tag.IndexOf('=', StringComparison.Ordinal)], tag[(tag.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    private static string Tags(IEnumerable<(string Key, string Value)> tags) => string.Concat(tags.Select(t => $"<tag k=\"{SecurityElement.Escape(t.Key)}\" v=\"{SecurityElement.Escape(t.Value)}\"/>"));

    public string Xml()
    {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\" generator=\"test\">\n");
        foreach (var ((x, y), id) in nodes)
            xml.Append(CultureInfo.InvariantCulture, $"<node id=\"{id}\" version=\"1\" lat=\"{At(x, y).Latitude:0.0000000}\" lon=\"{At(x, y).Longitude:0.0000000}\">{Tags(tagsOf.GetValueOrDefault(id, []))}</node>\n");
        return xml.Append(string.Concat(ways.Concat(relations).Select(e => e + "\n"))).Append("</osm>\n").ToString();
    }

    /// <summary>Writes the file into a new folder, and gives its path.</summary>
    public string Write(string name = "world.osm")
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("jietong-streets-").FullName, name);
        File.WriteAllText(path, Xml(), new UTF8Encoding(false));
        return path;
    }
}
