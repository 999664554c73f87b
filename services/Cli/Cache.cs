namespace Jietong.Services.Cli;

/// <summary>What can be had again and takes long to get: fetched files, orders of networks.</summary>
internal static class Cache
{
    /// <summary>JIETONG_CACHE, else a folder of this program in the user's cache.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("JIETONG_CACHE") is { Length: > 0 } named ? named
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches ? caches : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "jietong");
}
