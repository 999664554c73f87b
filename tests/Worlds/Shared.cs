using Xunit;

namespace Jietong.Worlds;

/// <summary>Real data that lie beside the project and are no part of it: JIETONG_SHARED names their folder, else ../shared of the checkout.</summary>
public static class Shared
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("JIETONG_SHARED") is { Length: > 0 } named ? named : System.IO.Path.Combine(Checkout.Root, "..", "shared");

    public static string Path(string file) => System.IO.Path.Combine(Folder, file);

    public static bool Has(string file) => File.Exists(Path(file)) || Directory.Exists(Path(file));
}

/// <summary>A test on real data, which shows as skipped where they are not there.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="files">What it reads, below the shared folder.</param>
    public SharedFactAttribute(params string[] files)
    {
        if (files.FirstOrDefault(f => !Shared.Has(f)) is { } missing) Skip = $"no {missing} in JIETONG_SHARED or ../shared";
    }
}
