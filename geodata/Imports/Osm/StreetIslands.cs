namespace Jietong.Geodata.Imports.Osm;

/// <summary>The parts of a network that hang together by any mode, in whichever direction; 0 has the most junctions, then the one with the lowest number.</summary>
internal sealed class StreetIslands
{
    private readonly int[] parent;

    /// <summary>Of each node; -1 where no street ends.</summary>
    public int[] Of { get; }

    /// <summary>Junctions of each.</summary>
    public int[] Sizes { get; }

    /// <param name="nodes">Of which some are junctions.</param>
    /// <param name="streets">What joins them.</param>
    /// <param name="isShut">At a node that nobody passes parts end: it belongs to the largest of those that it parts.</param>
    public StreetIslands(OsmNodes nodes, IReadOnlyList<Street> streets, Func<int, bool> isShut)
    {
        var nodeCount = nodes.Count;
        (parent, Of) = (new int[nodeCount], new int[nodeCount]);
        Array.Fill(parent, -1);
        Array.Fill(Of, -1);
        foreach (var street in streets)
            (parent[street.From], parent[street.To]) = (street.From, street.To);
        foreach (var street in streets)
            if (street.Road.Modes != Modes.None && !isShut(street.From) && !isShut(street.To)) parent[Root(street.From)] = Root(street.To);

        var sizes = new Dictionary<int, (int Size, long First)>();
        for (var node = 0; node < nodeCount; node++)
            if (parent[node] >= 0 && !isShut(node) && Root(node) is var root) sizes[root] = sizes.TryGetValue(root, out var known) ? (known.Size + 1, Math.Min(known.First, nodes.Id(node))) : (1, nodes.Id(node));
        var numbers = new Dictionary<int, int>();
        foreach (var (root, (size, _)) in sizes.OrderByDescending(s => s.Value.Size).ThenBy(s => s.Value.First)) numbers[root] = numbers.Count;
        for (var node = 0; node < nodeCount; node++)
            if (parent[node] >= 0 && !isShut(node)) Of[node] = numbers[Root(node)];

        foreach (var street in streets)
            foreach (var (shut, other) in new[] { (street.From, street.To), (street.To, street.From) })
                if (isShut(shut) && !isShut(other)) Of[shut] = Of[shut] < 0 ? Of[other] : Math.Min(Of[shut], Of[other]);
        var count = numbers.Count;
        for (var node = 0; node < nodeCount; node++)
            if (parent[node] >= 0 && Of[node] < 0) Of[node] = count++;   // between two that are shut
        Sizes = new int[count];
        foreach (var island in Of)
            if (island >= 0) Sizes[island]++;
    }

    private int Root(int node)
    {
        while (parent[node] != node) node = parent[node] = parent[parent[node]];
        return node;
    }
}
