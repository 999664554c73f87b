namespace Jietong.Geodata.Imports.Osm;

/// <summary>A way that is kept: a road, a line on the map, a stop, a part of a relation, or several of these.</summary>
internal sealed class KeptWay(long id, long[] nodes)
{
    private long[] ids = nodes;

    public long Id => id;

    /// <summary>As <see cref="OsmNodes"/> numbers them.</summary>
    public int[] Nodes { get; private set; } = [];

    public OsmRoad? Road { get; init; }
    public TimeSpan? Duration { get; init; }
    public MapLine? Line { get; init; }
    public MapStop? Stop { get; init; }

    public void Number(OsmNodes all)
    {
        Nodes = Array.ConvertAll(ids, all.Add);
        ids = [];
    }
}

/// <summary>A node that says something: a barrier, a stop, or both.</summary>
internal sealed record KeptNode(long Id, int Number, (double Longitude, double Latitude) At, OsmBarrier? Barrier, OsmTags Tags, MapStop? Stop);

/// <summary>What of a file makes streets and what lies around them, read in three passes: relations, then ways, then only the nodes that those run through.</summary>
internal sealed class OsmKept
{
    public List<OsmRelation> Relations { get; } = [];
    public Dictionary<long, KeptWay> Ways { get; } = [];
    public List<KeptWay> Roads { get; } = [];
    public List<KeptNode> Barriers { get; } = [];
    public List<KeptNode> Stops { get; } = [];
    public OsmNodes Nodes { get; } = new();

    private int planned, conditional;

    public int NodesRead { get; private set; }
    public int WaysRead { get; private set; }
    public int RelationsRead { get; private set; }

    /// <summary>Roads that are not built yet.</summary>
    public int Planned => planned;

    /// <summary>Roads with rules for some hours, days or vehicles (https://wiki.openstreetmap.org/wiki/Conditional_restrictions), which are not heeded: what holds otherwise is.</summary>
    public int Conditional => conditional;

    /// <exception cref="OsmFault">The file is broken.</exception>
    public static OsmKept Read(IOsmFile file)
    {
        var kept = new OsmKept();
        kept.ReadRelations(file);
        kept.ReadWays(file);
        kept.ReadNodes(file);
        return kept;
    }

    private void ReadRelations(IOsmFile file)
    {
        Relations.AddRange(file.Read<OsmRelation>(relations: r => TurnRestriction.IsOne(r.Tags) || MapRoute.IsOne(r.Tags) || MapLine.Of(r.Tags, isRelation: true) is not null ? r : null));
        RelationsRead = file.Passed;
        Relations.Sort((a, b) => a.Id.CompareTo(b.Id));
        for (var i = 1; i < Relations.Count; i++)
            if (Relations[i].Id == Relations[i - 1].Id) throw Twice($"relation {Relations[i].Id}");
    }

    private void ReadWays(IOsmFile file)
    {
        var members = Relations.Where(r => !TurnRestriction.IsOne(r.Tags)).SelectMany(r => r.Members).Where(m => m.Kind == OsmKind.Way).Select(m => m.Id).ToHashSet();
        foreach (var way in file.Read<KeptWay>(ways: w =>
        {
            if (OsmClass.IsPlanned(w.Tags)) Interlocked.Increment(ref planned);
            var (road, line, stop) = (OsmRoad.Of(w.Tags), MapLine.Of(w.Tags, isRelation: false), MapStop.Of(w.Tags));
            if (road is not null && w.Tags.All.Any(t => t.Key.EndsWith(":conditional", StringComparison.Ordinal))) Interlocked.Increment(ref conditional);
            return road is null && line is null && stop is null && !members.Contains(w.Id) ? null
                : new(w.Id, w.Nodes) { Road = road, Line = line, Stop = stop, Duration = road is null ? null : OsmMeasures.Duration(w.Tags["duration"]) };
        }))
        {
            if (!Ways.TryAdd(way.Id, way)) throw Twice($"way {way.Id}");
            if (way.Road is not null) Roads.Add(way);
            way.Number(Nodes);
        }
        WaysRead = file.Passed;
        Roads.Sort((a, b) => a.Id.CompareTo(b.Id));
    }

    private void ReadNodes(IOsmFile file)
    {
        Nodes.Close();
        foreach (var node in file.Read<KeptNode>(nodes: n =>
        {
            var number = Nodes.Find(n.Id);
            if (number >= 0) Nodes.Place(number, n);
            if (n.Tags.All.Count == 0) return null;
            var (barrier, stop) = (number >= 0 ? OsmBarrier.Of(n.Tags) : null, MapStop.Of(n.Tags));
            return barrier is null && stop is null ? null : new(n.Id, number, (n.Longitude, n.Latitude), barrier, n.Tags, stop);
        }))
        {
            if (node.Barrier is not null) Barriers.Add(node);
            if (node.Stop is not null) Stops.Add(node);
        }
        NodesRead = file.Passed;
    }

    private static OsmFault Twice(string element) => new(element, "", null, "it is there twice.", "Take one version of each element (osmium merge, osmium time-filter).");
}
