using Xunit;

namespace Jietong.Worlds;

/// <summary>A test of files that are not in the project: in the folder that JIETONG_SHARED names, or <c>../shared</c> beside the checkout. Where they are absent it shows as skipped.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="needed">Paths in that folder.</param>
    public SharedFactAttribute(params string[] needed)
    {
        if (needed.FirstOrDefault(n => !Path.Exists(In(n))) is { } absent) Skip = $"{In(absent)} is not there; JIETONG_SHARED names another folder.";
    }

    public static string In(params string[] path) => Path.Combine([Environment.GetEnvironmentVariable("JIETONG_SHARED") ?? Path.Combine(Checkout.Root, "..", "shared"), .. path]);
}
