using System.IO.Compression;

namespace Jietong.Geodata.Imports.Gtfs;

/// <summary>The files of a feed, in a zip archive or a folder, opened by name alone: nothing of an archive is written anywhere, and no more of it is unpacked than a feed can be.</summary>
internal sealed class FeedFiles : IDisposable
{
    /// <summary>Unpacked bytes of one file, and of all.</summary>
    public const long MostOfFile = 2L << 30, MostOfAll = 4L << 30;

    /// <summary>Timetables shrink to a tenth, hardly to a fiftieth; from so many bytes on, more is a bomb.</summary>
    private const int MostCompression = 200, CompressionFrom = 1 << 20;
    private const int MostEntries = 1000, MostDirectoryBytes = 1 << 20;

    private readonly ZipArchive? zip;
    private readonly Dictionary<string, Func<Stream>> files = [];

    /// <summary>The folder inside the archive in which all files lie; empty where they lie at its top.</summary>
    public string Folder { get; } = "";

    public long Bytes { get; }
    public IReadOnlyCollection<string> Names => files.Keys;

    /// <exception cref="InputException">It cannot be read, or is larger than a feed can be.</exception>
    public FeedFiles(string path)
    {
        if (Directory.Exists(path))
        {
            foreach (var file in Directory.GetFiles(path)) Add(path, Path.GetFileName(file), () => File.OpenRead(file));
            Bytes = Directory.GetFiles(path).Sum(f => new FileInfo(f).Length);
            return;
        }
        CheckDirectory(path);
        try { zip = ZipFile.OpenRead(path); }
        catch (InvalidDataException e) { throw new InputException($"{path} is no whole zip archive: {e.Message} Fetch it again."); }
        var entries = Entries(path);
        var folders = entries.Where(e => e.Name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)).Select(e => e.FullName[..^e.Name.Length]).Distinct().ToList();
        Folder = folders.Contains("") || folders.Count == 0 ? "" : folders.Count == 1 ? folders[0]
            : throw new InputException($"{path} has its files in several folders ({string.Join(", ", folders.Take(5))}): a feed lies at the top of its archive. Bring each feed as an archive of its own.");
        foreach (var entry in entries.Where(e => e.FullName == Folder + e.Name && e.Name != "")) Add(path, entry.Name, () => Unpacked(path, entry));
        Bytes = entries.Sum(e => e.Length);
        if (Bytes > MostOfAll) throw TooLarge(path, $"it unpacks to {Bytes:N0} bytes, at most {MostOfAll:N0} are read");
    }

    private List<ZipArchiveEntry> Entries(string path)
    {
        var entries = zip!.Entries.Where(e => !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
        if (entries.Count > MostEntries) throw TooLarge(path, $"it has {entries.Count:N0} files, a feed at most {MostEntries:N0}");
        foreach (var entry in entries)
        {
            var name = $"{path}, {InputException.Short(entry.FullName, 100)}";
            if (entry.FullName.Split('/', '\\').Contains("..") || entry.FullName.StartsWith('/')) throw new InputException($"{name}: a name that leads out of the archive. A feed has its files at the top: pack it anew.");
            if (entry.IsEncrypted) throw new InputException($"{name} is encrypted: pack the feed without a password.");
            if (entry.Length > MostOfFile) throw TooLarge(name, $"it unpacks to {entry.Length:N0} bytes, at most {MostOfFile:N0} are read");
            if (entry.Length > CompressionFrom && entry.Length / Math.Max(1, entry.CompressedLength) > MostCompression) throw TooLarge(name, $"it unpacks to {entry.Length / Math.Max(1, entry.CompressedLength)} times its size, timetables to no more than {MostCompression} times");
        }
        return entries;
    }

    private void Add(string path, string name, Func<Stream> open)
    {
        if (!files.TryAdd(name.ToLowerInvariant(), open)) throw new InputException($"{path} has {name} twice: which of them counts? Take one out.");
    }

    private static InputException TooLarge(string what, string why) => new($"{what}: {why}. If it is no bomb, split the feed.");

    /// <summary>The list of an archive's files is read whole: it must be short. It stands from the place that the last record of the archive names up to that record.</summary>
    private static void CheckDirectory(string path)
    {
        using var file = File.OpenRead(path);
        var tail = new byte[Math.Min(file.Length, 65_557)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end >= 0 && end + 22 <= tail.Length && BitConverter.ToUInt32(tail, end + 16) is var first and < uint.MaxValue && file.Length - first > MostDirectoryBytes)
            throw TooLarge(path, $"the list of its files takes {file.Length - first:N0} bytes");
    }

    public bool Has(string name) => files.ContainsKey(name);

    public Stream Open(string name) => files[name]();

    private static UnpackedStream Unpacked(string path, ZipArchiveEntry entry)
    {
        try { return new(entry.Open(), entry.Length, entry.Crc32, $"{path}, {entry.Name}"); }
        catch (InvalidDataException e) { throw new InputException($"{path}, {entry.Name} cannot be unpacked: {e.Message} Fetch it again."); }
    }

    public void Dispose() => zip?.Dispose();
}
