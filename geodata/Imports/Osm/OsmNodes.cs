using System.Globalization;

namespace Jietong.Geodata.Imports.Osm;

/// <summary>The nodes that what is kept runs through, numbered as they are first met; found by a table with free places (Knuth's linear probing). About 40 bytes each.</summary>
internal sealed class OsmNodes
{
    private const int FirstCapacity = 1 << 10;

    private long[] ids = new long[FirstCapacity];
    private int[] places = new int[2 * FirstCapacity];   // a node's number and one; 0 is free
    private (double Longitude, double Latitude)[] positions = [];

    public int Count { get; private set; }

    public long Id(int node) => ids[node];
    public (double Longitude, double Latitude) At(int node) => positions[node];

    /// <summary>The file has it.</summary>
    public bool IsThere(int node) => !double.IsNaN(positions[node].Longitude);

    /// <summary>-1 where nobody wanted it.</summary>
    public int Find(long id) => places[PlaceOf(id)] - 1;

    /// <summary>Its number, given now if it has none.</summary>
    public int Add(long id)
    {
        ref var place = ref places[PlaceOf(id)];
        if (place > 0) return place - 1;
        if (Count == ids.Length)
        {
            Grow();
            place = ref places[PlaceOf(id)];
        }
        ids[Count] = id;
        place = ++Count;
        return Count - 1;
    }

    /// <summary>All that are wanted are known: from now on they can be placed.</summary>
    public void Close()
    {
        positions = new (double, double)[Count];
        Array.Fill(positions, (double.NaN, double.NaN));
    }

    /// <exception cref="OsmFault">It was somewhere else before.</exception>
    public void Place(int node, in OsmNode read)
    {
        if (IsThere(node) && positions[node] != (read.Longitude, read.Latitude))
            throw new OsmFault($"node {read.Id}", "", string.Create(CultureInfo.InvariantCulture, $"{read.Longitude}, {read.Latitude}"), "the node is there twice, at different positions.", "Take one version of each element (osmium merge, osmium time-filter).");
        positions[node] = (read.Longitude, read.Latitude);
    }

    private int PlaceOf(long id)
    {
        var place = (int)((ulong)id * 0x9E3779B97F4A7C15 >> 32) & places.Length - 1;   // Fibonacci hashing
        while (places[place] > 0 && ids[places[place] - 1] != id) place = place + 1 & places.Length - 1;
        return place;
    }

    private void Grow()
    {
        Array.Resize(ref ids, 2 * ids.Length);
        places = new int[2 * ids.Length];
        for (var node = 0; node < Count; node++) places[PlaceOf(ids[node])] = node + 1;
    }
}
