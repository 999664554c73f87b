using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jietong.Geodata;
using Jietong.Geodata.Query;

namespace Jietong.Services.Tiles;

/// <summary>A tile as it is kept and sent.</summary>
/// <param name="Version">The state of the data that it shows.</param>
/// <param name="Packed">The tile, compressed by gzip; empty where nothing lies in it.</param>
/// <param name="Thinned">Which layers were cut, in words; null where all came.</param>
internal sealed record PackedTile(DataVersion Version, byte[] Packed, string? Thinned);

/// <summary>
/// Tiles in memory, the least recently used going first. A tile holds while no table that it is built on has changed since its snapshot; of changes the database
/// tells (<see cref="Changes"/>), and while it cannot be heard nothing is given out.
/// </summary>
internal sealed class TileCache(long mostBytes)
{
    private const string Megabytes = "JIETONG_TILE_CACHE_MB";
    private const int Overhead = 400;   // bytes of an entry beside its tile

    private sealed record Entry(string Key, PackedTile Tile, IReadOnlyCollection<string>? BuiltOn)
    {
        public long Bytes => Tile.Packed.Length + Overhead;
    }

    private static readonly JsonSerializerOptions Plain = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = new();
    private readonly Dictionary<string, long> lastChange = [];
    private long begun, latest, bytes;
    private bool hears;

    /// <exception cref="InputException">JIETONG_TILE_CACHE_MB is no number of megabytes.</exception>
    public static TileCache FromEnvironment() => Environment.GetEnvironmentVariable(Megabytes) is not { Length: > 0 } text ? new(64L << 20)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) ? new((long)megabytes << 20)
        : throw new InputException($"{Megabytes}={text} is no number of megabytes: write {Megabytes}=64, or 0 to keep none.");

    /// <summary>The question in one form, however it was written: the statement and its values, in which the tile and, where they matter, the days stand.</summary>
    public static string KeyOf(SqlStatement statement)
    {
        var question = new StringBuilder(statement.Text);
        foreach (var value in statement.Parameters) question.Append('\n').Append(value.GetType().Name).Append(' ').Append(value switch
        {
            string text => text.Length + " " + text,
            IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
            _ => JsonSerializer.Serialize(value, Plain),
        });
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(question.ToString())));
    }

    public PackedTile? Find(string key)
    {
        lock (gate)
        {
            if (!hears || !entries.TryGetValue(key, out var node)) return null;
            if (!Holds(node.Value))
            {
                Drop(node);
                return null;
            }
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Tile;
        }
    }

    /// <summary>Keeps a tile, unless the data changed since its snapshot.</summary>
    public void Keep(string key, PackedTile tile, IReadOnlyCollection<string>? builtOn)
    {
        var entry = new Entry(key, tile, builtOn);
        lock (gate)
        {
            if (!hears || entry.Bytes > mostBytes || !Holds(entry)) return;
            if (entries.TryGetValue(key, out var other)) Drop(other);
            entries.Add(key, byUse.AddFirst(entry));
            bytes += entry.Bytes;
            while (bytes > mostBytes) Drop(byUse.Last!);
        }
    }

    /// <summary>Changes after this number will be told.</summary>
    public void Begun(long number)
    {
        lock (gate)
        {
            Clear();
            (begun, latest, hears) = (number, number, true);
        }
    }

    /// <summary>Comes in the order of commits.</summary>
    public void Changed(long number, string table)
    {
        lock (gate) (latest, lastChange[table]) = (Math.Max(latest, number), number);
    }

    public void Lost()
    {
        lock (gate)
        {
            Clear();
            hears = false;
        }
    }

    private bool Holds(Entry entry) => entry.Tile.Version.Number is var number && (number >= latest
        || entry.BuiltOn is not null && number >= begun && entry.BuiltOn.All(table => number >= lastChange.GetValueOrDefault(table)));

    private void Drop(LinkedListNode<Entry> node)
    {
        entries.Remove(node.Value.Key);
        byUse.Remove(node);
        bytes -= node.Value.Bytes;
    }

    private void Clear()
    {
        entries.Clear();
        byUse.Clear();
        lastChange.Clear();
        bytes = 0;
    }
}
