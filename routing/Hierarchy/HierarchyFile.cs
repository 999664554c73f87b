using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Jietong.Routing;

/// <summary>
/// Hierarchies kept in files, so that the order is searched for once. A file holds the order alone, everything else follows from it in a
/// moment; it is named by a hash of the topology and ends with a hash of itself, so that neither another network's nor a damaged one is taken.
/// </summary>
/// <remarks>Bytes: "JTORDER1", SHA-256 of the topology, the junctions in order (four bytes each, little-endian), SHA-256 of all before.</remarks>
public static class HierarchyFile
{
    private const int HashBytes = SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Mark => "JTORDER1"u8;

    /// <summary>Where the hierarchy of a network's topology is kept; travel times do not matter.</summary>
    public static string PathIn(string folder, Network network) => PathIn(folder, HashOf(network));

    private static string PathIn(string folder, byte[] topology) => Path.Combine(folder, $"{Convert.ToHexStringLower(topology)[..32]}.order");

    /// <summary>The hierarchy from its file, or a new one, which is then saved.</summary>
    /// <param name="folder">Is made where it is not there.</param>
    /// <param name="network">Whose topology.</param>
    /// <param name="positions">As for <see cref="NestedDissection.Order"/>, where an order must be searched for. A file made with other positions is right too.</param>
    /// <param name="progress">Likewise.</param>
    /// <param name="cancellation">Likewise.</param>
    /// <exception cref="IOException">The file can be neither read nor written.</exception>
    public static Hierarchy ReadOrMake(string folder, Network network, IReadOnlyList<(double X, double Y)>? positions = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (Read(folder, network) is { } kept) return kept;
        var made = new Hierarchy(network, NestedDissection.Order(network, positions, progress, cancellation));
        Write(folder, made);
        return made;
    }

    /// <returns>null where there is none, or a damaged one.</returns>
    public static Hierarchy? Read(string folder, Network network)
    {
        var topology = HashOf(network);
        var path = PathIn(folder, topology);
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        var orderBytes = sizeof(int) * network.JunctionCount;
        if (bytes.Length != Mark.Length + HashBytes + orderBytes + HashBytes) return null;
        var content = bytes.AsSpan(..^HashBytes);
        if (!content.StartsWith(Mark) || !content[Mark.Length..].StartsWith(topology) || !SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length))) return null;
        return new(network, MemoryMarshal.Cast<byte, int>(content[^orderBytes..]).ToArray());
    }

    /// <summary>Saves a hierarchy under its topology's name; whoever reads meanwhile sees the file before or the whole new one.</summary>
    public static void Write(string folder, Hierarchy hierarchy)
    {
        var topology = HashOf(hierarchy.Network);
        byte[] content = [.. Mark, .. topology, .. MemoryMarshal.AsBytes(hierarchy.Order.AsSpan())];
        Directory.CreateDirectory(folder);
        var path = PathIn(folder, topology);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(unfinished, [.. content, .. SHA256.HashData(content)]);
            File.Move(unfinished, path, true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static byte[] HashOf(Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(network.FirstArcs.AsSpan()));   // n + 1 of them, and the last says how many heads
        hash.AppendData(MemoryMarshal.AsBytes(network.ArcHeads.AsSpan()));
        return hash.GetHashAndReset();
    }
}
