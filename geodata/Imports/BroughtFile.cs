using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Jietong.Geodata.Imports;

/// <summary>A file, or a folder that is one body of data, as somebody brought it.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Name">Its name.</param>
/// <param name="Format">By what it holds, not by its name alone.</param>
/// <param name="Bytes">How large it is, all files together.</param>
/// <param name="Hash">SHA-256 of all of it.</param>
internal sealed partial record BroughtFile(string Path, string Name, ImportFormat Format, long Bytes, string Hash)
{
    /// <exception cref="InputException">There is nothing there to read, or nothing that this program reads.</exception>
    public static async Task<BroughtFile> Open(string path, Action<Step> progress, CancellationToken cancel)
    {
        var name = System.IO.Path.GetFileName(path.TrimEnd('/', '\\'));
        var isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path)) throw new InputException($"{path}: there is no such file or folder.", notFound: true);
        var format = ImportFormat.Of(path);
        var files = isFolder ? Directory.GetFiles(path).Order(StringComparer.Ordinal).ToArray() : [path, .. format.Beside(path)];
        var (total, done) = (files.Sum(f => new FileInfo(f).Length), 0L);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        foreach (var file in files)
        {
            if (files.Length > 1) hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{System.IO.Path.GetFileName(file)}\n"));
            await using var content = File.OpenRead(file);
            for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                progress(new("校验文件", "checking the file", done += read, total, "bytes"));
            }
        }
        return total == 0 ? throw new InputException($"{path} is empty 文件为空.") : new(path, name, format, total, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The name of the dataset where none is given: that of the file, in lower case, without its endings; of one that has no such letters, its format and a hash of the name.</summary>
    public string Slug => Letters is { Length: > 0 } letters ? letters
        : $"{NotSlug().Replace(Format.Name.ToLowerInvariant(), "-")}-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Name)))[..8]}";

    /// <summary>Whether no letter or digit of its name can be in a dataset's.</summary>
    public bool IsNameless => Letters == "";

    private string Letters => NotSlug().Replace(Endings().Replace(Name.ToLowerInvariant(), ""), "-").Trim('-');

    [GeneratedRegex(@"(\.(osm|pbf|zip|gz|xz|bz2|shp|gpkg|fgb|geojson|json|csv|tsv|xlsx|dxf|kml|kmz|txt))+$")] private static partial Regex Endings();
    [GeneratedRegex("[^a-z0-9]+")] private static partial Regex NotSlug();
}
