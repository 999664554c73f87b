using System.IO.Compression;
using System.Text;

namespace Jietong.Worlds;

/// <summary>A small GTFS feed, drawn in a few lines. It begins as one line a – b – c with one trip, every day of 2026; files are replaced, or get more rows.</summary>
public sealed class FeedWorld
{
    private readonly Dictionary<string, byte[]> files = [];

    public FeedWorld() => File("agency.txt", "agency_id,agency_name,agency_url,agency_timezone", "A,昆山公交,http://example.org,Asia/Shanghai")
        .File("stops.txt", "stop_id,stop_name,stop_lat,stop_lon", "a,甲,31.30,121.00", "b,乙,31.30,121.05", "c,丙,31.30,121.10")
        .File("routes.txt", "route_id,agency_id,route_short_name,route_type", "R,A,101,3")
        .File("calendar.txt", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date", "S,1,1,1,1,1,1,1,20260101,20261231")
        .File("trips.txt", "route_id,service_id,trip_id", "R,S,t1")
        .File("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence", "t1,08:00:00,08:00:00,a,1", "t1,08:10:00,08:11:00,b,2", "t1,08:20:00,08:20:00,c,3");

    public FeedWorld File(string name, params string[] lines) => File(name, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));

    public FeedWorld File(string name, byte[] content)
    {
        files[name] = content;
        return this;
    }

    public FeedWorld Rows(string name, params string[] lines) => File(name, [.. files[name], .. Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")))]);

    public FeedWorld Without(string name)
    {
        files.Remove(name);
        return this;
    }

    public FeedWorld Replace(string name, string old, string by) => File(name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files[name]).Replace(old, by, StringComparison.Ordinal)));

    public byte[] this[string name] => files[name];

    /// <summary>The archive's bytes.</summary>
    /// <param name="folder">Inside it, ending in a slash.</param>
    public byte[] Zipped(string folder = "")
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(folder + name);
                entry.LastWriteTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);   // the same feed has the same bytes
                using var to = entry.Open();
                to.Write(content);
            }
        return bytes.ToArray();
    }

    /// <summary>Writes it as NAME.zip into a new folder.</summary>
    public string Zip(string name = "feed", string folder = "") => Write(Zipped(folder), name);

    public static string Write(byte[] bytes, string name = "feed")
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("jietong-feed-").FullName, $"{name}.zip");
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes it as a folder.</summary>
    public string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("jietong-feed-").FullName;
        foreach (var (name, content) in files) System.IO.File.WriteAllBytes(Path.Combine(folder, name), content);
        return folder;
    }
}
