using System.IO.Compression;
using System.Text;

namespace Jietong.Geodata.Imports.Gis;

/// <summary>Archives from outside: unpacked only where every name stays inside, and to no more than a bounded size, whatever they say of themselves.</summary>
internal static class BroughtZip
{
    public const long MostBytes = 8L << 30;
    private const long FreeOfRatio = 64 << 20;
    private const int MostEntries = 10_000, MostRatio = 500;

    /// <summary>Unpacks the entries that are wanted into <paramref name="folder"/> under names of their own.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="rename">The name under which an entry is unpacked; null leaves it packed, and measures nothing of it.</param>
    /// <param name="cancel">Ends it.</param>
    public static Task Unpack(string path, string folder, Func<ZipArchiveEntry, string?> rename, CancellationToken cancel) =>
        Read(path, entry => rename(entry) is { } name ? new FileStream(Path.Combine(folder, name), FileMode.CreateNew) : null, "it is no honest archive of GIS files. Bring the files unpacked.", "a damaged archive", cancel);

    /// <summary>Reads all of it to nowhere, before a program unpacks it by itself (XLSX, KMZ).</summary>
    public static Task Measure(string path, CancellationToken cancel) => Read(path, _ => Stream.Null, "it is no honest file.", "damaged", cancel);

    /// <summary>Unpacks each entry into the stream that <paramref name="into"/> gives for it; null leaves it packed.</summary>
    private static async Task Read(string path, Func<ZipArchiveEntry, Stream?> into, string tooMuch, string damaged, CancellationToken cancel)
    {
        await using var archive = await Open(path, cancel);
        var left = Math.Min(MostBytes, Math.Max(FreeOfRatio, MostRatio * new FileInfo(path).Length));
        var buffer = new byte[1 << 16];
        try
        {
            foreach (var entry in archive.Entries)
            {
                if (into(entry) is not { } unpacked) continue;
                await using var to = unpacked;
                await using var from = await entry.OpenAsync(cancel);
                for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0;)
                {
                    if ((left -= read) < 0) throw new InputException($"{Path.GetFileName(path)} unpacks to more than {MostRatio} times its size, or to more than {MostBytes >> 30} GB: {tooMuch}");
                    await to.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
            }
        }
        catch (InvalidDataException e) { throw new InputException($"{Path.GetFileName(path)} is {damaged}: {e.Message} Fetch it again."); }
    }

    /// <exception cref="InputException">A name leads outside, or there are too many.</exception>
    public static async Task<ZipArchive> Open(string path, CancellationToken cancel)
    {
        var name = Path.GetFileName(path);
        ZipArchive archive;
        try { archive = await ZipFile.OpenAsync(path, ZipArchiveMode.Read, TextEncoding.Gb18030Lax, cancel); }
        catch (InvalidDataException e) { throw new InputException($"{name} is no whole zip archive: {e.Message} Fetch it again."); }
        try
        {
            if (archive.Entries.Count > MostEntries) throw new InputException($"{name} holds {archive.Entries.Count} entries, more than {MostEntries}: bring the files unpacked.");
            var bad = archive.Entries.FirstOrDefault(e => e.FullName.Replace('\\', '/').Split('/').Contains("..") || e.FullName.StartsWith('/') || e.FullName.StartsWith('\\') || e.FullName.Contains(':', StringComparison.Ordinal) || e.FullName.Contains('\0', StringComparison.Ordinal));
            return bad is null ? archive : throw new InputException($"{name}: the entry \"{InputException.Short(bad.FullName, 80)}\" leads outside the archive: pack the files anew.");
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }
}
