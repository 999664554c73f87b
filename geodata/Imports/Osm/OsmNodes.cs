using System.Globalization;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>The nodes that what is kept runs through, numbered by their place in the order of their ids; 24 bytes each.</summary>
internal sealed class OsmNodes
{
    private readonly long[] ids;
    private readonly (double Longitude, double Latitude)[] positions;

    /// <param name="wanted">In any order, as often as you like.</param>
    public OsmNodes(long[] wanted)
    {
        Array.Sort(wanted);
        var count = 0;
        foreach (var id in wanted)
            if (count == 0 || wanted[count - 1] != id) wanted[count++] = id;
        Array.Resize(ref wanted, count);
        (ids, positions) = (wanted, new (double, double)[count]);
        Array.Fill(positions, (double.NaN, double.NaN));
    }

    public int Count => ids.Length;

    public long Id(int node) => ids[node];
    public (double Longitude, double Latitude) At(int node) => positions[node];

    /// <summary>The file has it.</summary>
    public bool IsThere(int node) => !double.IsNaN(positions[node].Longitude);

    /// <summary>-1 where nobody wanted it.</summary>
    public int Find(long id) => Array.BinarySearch(ids, id) is >= 0 and var node ? node : -1;

    /// <exception cref="OsmFault">It was somewhere else before.</exception>
    public void Place(int node, in OsmNode read)
    {
        if (IsThere(node) && positions[node] != (read.Longitude, read.Latitude))
            throw new OsmFault($"node {read.Id}", "", string.Create(CultureInfo.InvariantCulture, $"{read.Longitude}, {read.Latitude}"), "the node is there twice, at different positions.", "Take one version of each element (osmium merge, osmium time-filter).");
        positions[node] = (read.Longitude, read.Latitude);
    }
}
