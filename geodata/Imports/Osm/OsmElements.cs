namespace Jietong.Geodata.Imports.Osm;

/// <summary>Keys and values of an element.</summary>
internal readonly struct OsmTags((string Key, string Value)[] tags)
{
    public static readonly OsmTags None = new([]);

    private readonly (string Key, string Value)[]? tags = tags;

    public IReadOnlyList<(string Key, string Value)> All => tags ?? [];

    /// <summary>null where there is no such key.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var (name, value) in tags ?? [])
                if (name == key) return value;
            return null;
        }
    }

    public bool Has(string key) => this[key] is not null;

    /// <summary>The key is there, and says anything but no.</summary>
    public bool Is(string key) => this[key] is not (null or "no");

    /// <summary>Of several keys the first that is there.</summary>
    public (string Key, string Value)? First(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (this[key] is { } value) return (key, value);
        return null;
    }
}

/// <summary>A position in degrees, with its tags.</summary>
internal readonly record struct OsmNode(long Id, double Longitude, double Latitude, OsmTags Tags);

/// <summary>The numbers of nodes, in order.</summary>
internal readonly record struct OsmWay(long Id, OsmTags Tags, long[] Nodes);

internal enum OsmKind { Node, Way, Relation }

internal readonly record struct OsmMember(OsmKind Kind, long Id, string Role);

internal sealed record OsmRelation(long Id, OsmTags Tags, OsmMember[] Members);

/// <summary>A file of OpenStreetMap, read as often as needed so that only what is wanted is held: each pass goes through all elements of the kinds that it asks for.</summary>
internal interface IOsmFile : IDisposable
{
    /// <summary>When its data were taken from the database; null where it does not say. Known after a pass.</summary>
    DateTime? Timestamp { get; }

    /// <summary>How many elements the last pass went through.</summary>
    int Passed { get; }

    /// <summary>What the three make of elements, in the order of the file; nulls are left out. They may be called by several threads at once.</summary>
    /// <exception cref="OsmFault">The file is broken, or no such file.</exception>
    IEnumerable<T> Read<T>(Func<OsmNode, T?>? nodes = null, Func<OsmWay, T?>? ways = null, Func<OsmRelation, T?>? relations = null) where T : class;
}

/// <summary>Why a file cannot be read on.</summary>
/// <param name="place">byte 4096, way 345 …</param>
/// <param name="field">Of that element; empty where it is the whole.</param>
/// <param name="value">As written.</param>
/// <param name="reason">What is wrong with it.</param>
/// <param name="wayOut">What its sender can do.</param>
internal sealed class OsmFault(string place, string field, string? value, string reason, string wayOut = OsmFault.Anew) : Exception(reason)
{
    public const string Anew = "Fetch or export the file anew.";

    /// <summary>Of any text or list: far beyond what OpenStreetMap itself takes (255 characters, 2,000 nodes, 32,000 members).</summary>
    public const int LongestText = 1 << 16, LongestList = 1 << 20;

    public string Place { get; } = place;
    public string Field { get; } = field;
    public string? Value { get; } = value;
    public string WayOut { get; } = wayOut;

    public OsmFault At(string outer) => new($"{outer}{(Place == "" ? "" : ", " + Place)}", Field, Value, Message, WayOut);

    /// <summary>The node, if it lies on the earth.</summary>
    public static OsmNode Checked(OsmNode node) =>
        !(Math.Abs(node.Latitude) <= 90) ? throw new OsmFault($"node {node.Id}", "lat", Degrees(node.Latitude), "latitudes are −90 to 90 degrees.")
        : !(Math.Abs(node.Longitude) <= 180) ? throw new OsmFault($"node {node.Id}", "lon", Degrees(node.Longitude), "longitudes are −180 to 180 degrees.")
        : node;

    private static string Degrees(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
